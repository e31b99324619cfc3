import type { Incident } from '../../model/incident.ts';
import { beginIncident, stepIncident } from '../../model/incident-fold.ts';
import type { Entry, EntryBody } from '../../model/ledger.ts';
import { treeOf } from '../../model/world.ts';
import type { Door } from '../door.ts';
import { cityBoundaries, cityCentre, codesOf } from './city.ts';
import { cityHistory, incidentIdOf } from './facts.ts';
import { inferLimits } from './limits.ts';
import { type Request, readRequests } from './requests.ts';
import { type Comparison, compareVerdicts, extractedAt } from './verdicts.ts';
import { localTimes } from './zone.ts';

const FACTS_PER_REQUEST = 2000;
const ENTRIES_PER_REQUEST = 5000;
const DAY = 86_400_000;
const { instantOf } = localTimes('America/New_York');

/** Bring the requests into an empty centre as history. @returns the number of facts */
export async function loadRequests(door: Door, requests: readonly Request[], note: (line: string) => void): Promise<number> {
  const session = await door.get<{ centre: string | null }>('/api/v1/session');
  if (session.centre !== null)
    throw new Error(`centre ${session.centre} is set up here: the replay needs a server with an empty data directory`);
  const codes = codesOf(requests);
  const facts = cityHistory(requests, codes, instantOf);
  const before = new Date((facts[0]?.at ?? 0) - DAY).toISOString();
  const asOf = `?at=${encodeURIComponent(before)}`;
  await door.post(`/api/v1/centre${asOf}`, cityCentre(codes));
  await door.post(`/api/v1/boundaries${asOf}`, { geojson: cityBoundaries(), validFrom: before });
  for (let i = 0; i < facts.length; i += FACTS_PER_REQUEST) {
    const page = facts.slice(i, i + FACTS_PER_REQUEST).map((f) => ({ ...f, at: new Date(f.at).toISOString() }));
    await door.post('/api/v1/history', { facts: page });
    note(`历史 history ${i + page.length} / ${facts.length}`);
  }
  return facts.length;
}

/** Every incident as the server's ledger tells it, folded by the model. */
export async function readIncidents(door: Door): Promise<Map<string, Incident>> {
  const incidents = new Map<string, Incident>();
  const tree = treeOf({ areas: new Map() });
  for (let after = 0; ; ) {
    const { entries } = await door.get<{ entries: Entry[] }>(`/api/v1/ledger?after=${after}&limit=${ENTRIES_PER_REQUEST}`);
    for (const entry of entries) {
      const id = (entry.body as { incident?: string }).incident;
      const known = id === undefined ? undefined : incidents.get(id);
      if (known) incidents.set(known.id, stepIncident(known, entry));
      else if (entry.kind === 'incident.reported')
        incidents.set(id!, beginIncident(entry.body as EntryBody<'incident.reported'>, entry, incidents.size + 1, tree));
    }
    if (entries.length < ENTRIES_PER_REQUEST) return incidents;
    after = entries.at(-1)!.seq;
  }
}

/**
 * @param rows only the first so many requests of the file
 * @returns 1 when the product and the city differ on a request and nothing in the city's row explains it
 */
export async function replayBoston(door: Door, file: string, print: (line: string) => void, rows?: number): Promise<number> {
  const all = await readRequests(file);
  const requests = all.slice(0, rows);
  await loadRequests(door, requests, print);
  const incidents = await readIncidents(door);
  const result = compareVerdicts(requests, (r) => incidents.get(incidentIdOf(r)), instantOf, extractedAt(all));
  for (const line of verdictLines(result)) print(line);
  for (const line of limitLines(requests)) print(line);
  return result.differences.some((d) => d.because === null) ? 1 : 0;
}

function verdictLines(c: Comparison): string[] {
  const { judged, agreed, differences } = c;
  return [
    `按期判定 on-time verdict: agrees on ${agreed} of ${judged} requests (${percent(agreed, judged)})`,
    ...differences.map(
      ({ request: r, product, because }) =>
        `  line ${r.line} ${r.id} ${r.type}: city ${r.verdict}, product ${product}: ${because ?? `opened ${r.opened}, target ${r.target || 'none'}, closed ${r.closed || 'not'}: unexplained`}`,
    ),
    `  ${c.open} of them were still open: judged as of ${c.asOf}, the latest closing in the file, before which it cannot have been made`,
    `  ${c.backwards} were written down as closed before they were opened: taken as closed when opened`,
    ...(c.unjudged.length ? [`  without a verdict of the city, not compared: ${c.unjudged.map((r) => r.id).join(', ')}`] : []),
  ];
}

const SHOWN = 12;
function limitLines(requests: readonly Request[]): string[] {
  const limits = inferLimits(requests);
  const sum = (pick: (l: (typeof limits)[number]) => number) => limits.reduce((n, l) => n + pick(l), 0);
  const [exact, near, of] = [sum((l) => l.exact), sum((l) => l.near), sum((l) => l.of)];
  return [
    `推算时限 targets our calendar reproduces to the minute from one limit for each of ${limits.length} types: ${exact} of ${of} (${percent(exact, of)})`,
    `  ${near} more within ten minutes (the clock was started beside the time written down), ${of - exact - near} with another limit than most of their type`,
    ...limits.slice(0, SHOWN).map((l) => `  ${l.type}: ${l.limit.n} ${l.limit.unit}, ${l.exact} of ${l.of}`),
  ];
}
const percent = (n: number, of: number) => (of === 0 ? '-' : `${((100 * n) / of).toFixed(2)} %`);
