import type { IncidentStep } from '../model/incident.ts';
import type { Entry } from '../model/ledger.ts';

/** What a visitor may ask the server to do or tell. Results of commands arrive through the stream, not from here. */
export interface Commands {
  readonly step: (incident: string, step: IncidentStep, more?: { unit?: string; note?: string }) => Promise<CommandAnswer>;
  readonly acknowledge: (alarm: string) => Promise<CommandAnswer>;
  readonly ledger: (query: LedgerQuery, signal?: AbortSignal) => Promise<readonly Entry[]>;
  readonly people: (ids: readonly string[], signal?: AbortSignal) => Promise<ReadonlyMap<string, Person>>;
}
export type CommandAnswer = { readonly ok: true } | { readonly ok: false; readonly status: number; readonly rule: string };
export interface LedgerQuery {
  readonly subject?: string;
  readonly kinds?: readonly string[];
  readonly from?: number;
  readonly to?: number;
  readonly limit?: number;
}
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly telTail?: string;
}

async function post(path: string, body: unknown): Promise<CommandAnswer> {
  try {
    const r = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (r.ok) return { ok: true };
    const answer = (await r.json().catch(() => null)) as { error?: { field?: string; rule?: string } } | null;
    return { ok: false, status: r.status, rule: answer?.error?.rule ?? `HTTP ${r.status}` };
  } catch (e) {
    return { ok: false, status: 0, rule: e instanceof Error ? e.message : String(e) };
  }
}

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const r = await fetch(path, { signal: signal ?? null });
  if (!r.ok) throw new Error(`GET ${path.split('?')[0]}: HTTP ${r.status}`);
  return (await r.json()) as T;
}

export const createCommands = (): Commands => ({
  step: (incident, step, more) => post(`/api/v1/incidents/${encodeURIComponent(incident)}/steps`, { step, ...more }),
  acknowledge: (alarm) => post('/api/v1/alarms/acknowledge', { alarm }),
  ledger: async (q, signal) => {
    const p = new URLSearchParams();
    if (q.subject) p.set('subject', q.subject);
    if (q.kinds) p.set('kind', q.kinds.join(','));
    if (q.from !== undefined) p.set('from', new Date(q.from).toISOString());
    if (q.to !== undefined) p.set('to', new Date(q.to).toISOString());
    p.set('limit', String(q.limit ?? 200));
    return (await get<{ entries: Entry[] }>(`/api/v1/ledger?${p}`, signal)).entries;
  },
  people: async (ids, signal) => {
    if (ids.length === 0) return new Map();
    const { people } = await get<{ people: Person[] }>(`/api/v1/people?ids=${ids.map(encodeURIComponent).join(',')}`, signal);
    return new Map(people.map((p) => [p.id, p]));
  },
});
