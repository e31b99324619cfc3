import type { LngLat } from '../model/brand.ts';
import type { Candidate } from '../model/candidates.ts';
import type { LikenessReason } from '../model/duplicates.ts';
import type { Incident, IncidentState, IncidentStep } from '../model/incident.ts';
import type { WhistleActForm, WhistleGrounds, WhistleKind } from '../model/incident-forms.ts';
import type { Entry } from '../model/ledger.ts';
import type { Responsibility } from '../model/responsibility.ts';

/** What a visitor may ask the server to do or tell. Results of commands arrive through the stream, not from here. */
export interface Commands {
  readonly step: (incident: string, step: IncidentStep, form?: Readonly<Record<string, unknown>>) => Promise<CommandAnswer>;
  readonly whistle: (incident: string, form: WhistleForm) => Promise<CommandAnswer>;
  readonly whistleAct: (incident: string, form: WhistleActForm) => Promise<CommandAnswer>;
  readonly attach: (incident: string, file: File) => Promise<CommandAnswer>;
  readonly acknowledge: (alarm: string) => Promise<CommandAnswer>;
  readonly ledger: (query: LedgerQuery, signal?: AbortSignal) => Promise<readonly Entry[]>;
  readonly people: (ids: readonly string[], signal?: AbortSignal) => Promise<ReadonlyMap<string, Person>>;
  /** An incident of any age; null = there is none of this id. */
  readonly incident: (id: string, signal?: AbortSignal) => Promise<Incident | null>;
  readonly candidates: (incident: string, signal?: AbortSignal) => Promise<CandidateList>;
  readonly similar: (to: Incident, signal?: AbortSignal) => Promise<readonly Similar[]>;
  /** 此处由谁负责 */
  readonly who: (at: LngLat, category?: string, signal?: AbortSignal) => Promise<Responsibility>;
  /** Readings of a sensor between two moments, [epoch ms, value], oldest first. */
  readonly readings: (sensor: string, from: number, to: number, signal?: AbortSignal) => Promise<readonly (readonly [number, number])[]>;
}

export type CommandAnswer =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly status: number;
      readonly rule: string;
      readonly field?: string;
      /** of a conflict: what was done instead, when and by whom */
      readonly last?: { readonly step: string; readonly at: number; readonly actor: string };
    };
export interface WhistleForm {
  readonly kind: WhistleKind;
  readonly grounds: WhistleGrounds;
  readonly text: string;
  readonly departments: readonly string[];
}
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
export interface CandidateList {
  /** when it was made, epoch ms by the server's clock */
  readonly at: number;
  readonly candidates: readonly Candidate[];
}
export interface Similar {
  readonly incident: string;
  readonly no: number;
  readonly title: string;
  readonly state: IncidentState;
  readonly place: string | null;
  readonly metres: number;
  readonly minutes: number;
  readonly reasons: readonly LikenessReason[];
  readonly score: number;
}
async function send(path: string, init: RequestInit): Promise<CommandAnswer> {
  try {
    const r = await fetch(path, { method: 'POST', ...init });
    if (r.ok) return { ok: true };
    const answer = (await r.json().catch(() => null)) as { error?: { field?: string; rule?: string; last?: Last } } | null;
    const { field, rule, last } = answer?.error ?? {};
    return { ok: false, status: r.status, rule: rule ?? `HTTP ${r.status}`, ...(field ? { field } : {}), ...(last ? { last } : {}) };
  } catch (e) {
    return { ok: false, status: 0, rule: e instanceof Error ? e.message : String(e) };
  }
}
type Last = { step: string; at: number; actor: string };
const post = (path: string, body: unknown) => send(path, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** @throws Error naming path and status for anything but 200 */
async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const r = await fetch(path, { signal: signal ?? null });
  if (!r.ok) throw new Error(`GET ${path.split('?')[0]}: HTTP ${r.status}`);
  return (await r.json()) as T;
}

const of = (incident: string) => `/api/v1/incidents/${encodeURIComponent(incident)}`;

export const createCommands = (): Commands => ({
  step: (incident, step, form) => post(`${of(incident)}/steps`, { step, ...form }),
  whistle: (incident, form) => post(`${of(incident)}/whistles`, form),
  whistleAct: (incident, form) => post(`${of(incident)}/whistles/acts`, form),
  attach: (incident, file) =>
    send(`${of(incident)}/attachments`, {
      headers: { 'content-type': file.type || 'application/octet-stream', 'x-file-name': encodeURIComponent(file.name) },
      body: file,
    }),
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
  incident: async (id, signal) => {
    const r = await fetch(of(id), { signal: signal ?? null });
    if (r.status === 404) return null;
    if (!r.ok) throw new Error(`GET ${of(id)}: HTTP ${r.status}`);
    return ((await r.json()) as { incident: Incident }).incident;
  },
  candidates: async (incident, signal) => {
    const { at, candidates } = await get<{ at: string; candidates: Candidate[] }>(`${of(incident)}/candidates`, signal);
    return { at: Date.parse(at), candidates };
  },
  similar: async (i, signal) => {
    const p = new URLSearchParams({
      lng: String(i.lngLat[0]),
      lat: String(i.lngLat[1]),
      category: i.category,
      title: i.title,
      at: new Date(i.at).toISOString(),
      except: i.id,
    });
    return (await get<{ similar: Similar[] }>(`/api/v1/incidents/similar?${p}`, signal)).similar;
  },
  who: ([lng, lat], category, signal) =>
    get(`/api/v1/areas/who?lng=${lng}&lat=${lat}${category ? `&category=${encodeURIComponent(category)}` : ''}`, signal),
  readings: async (sensor, from, to, signal) => {
    const p = new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
    return (await get<{ points: [number, number][] }>(`/api/v1/sensors/${encodeURIComponent(sensor)}/readings?${p}`, signal)).points;
  },
});
