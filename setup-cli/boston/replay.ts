import type { Incident } from '../../model/incident.ts';
import { beginIncident, stepIncident } from '../../model/incident-fold.ts';
import type { IncidentList } from '../../model/incident-list.ts';
import type { IncidentRow } from '../../model/incident-row.ts';
import type { Entry, EntryBody } from '../../model/ledger.ts';
import { treeOf } from '../../model/world.ts';
import type { Door } from '../door.ts';
import { cityBoundaries, cityCentre, codesOf } from './city.ts';
import { cityHistory, incidentIdOf } from './facts.ts';
import { inferLimits } from './limits.ts';
import { type Request, readRequests } from './requests.ts';
import { type Comparison, compareVerdicts, extractedAt, type Told, toldByLedger, toldByList } from './verdicts.ts';
import { localTimes } from './zone.ts';

const FACTS_PER_REQUEST = 2000;
const ENTRIES_PER_REQUEST = 5000;
const ROWS_PER_REQUEST = 500;
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

/** Every incident as the server's ledger tells it, folded by the model. `seq`: the last entry read. */
export async function readIncidents(door: Door): Promise<{ readonly seq: number; readonly incidents: ReadonlyMap<string, Incident> }> {
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
    after = entries.at(-1)?.seq ?? after;
    if (entries.length < ENTRIES_PER_REQUEST) return { seq: after, incidents };
  }
}

/** Every incident as a row of the server's list, once the list has come as far as entry `seq`. */
export async function readRows(door: Door, seq: number): Promise<Map<string, IncidentRow>> {
  const ask = (query: string) => door.get<Pick<IncidentList, 'seq' | 'rows' | 'next'>>(`/api/v1/incidents?${query}`);
  while ((await ask(`limit=1&after=${seq}`)).seq < seq); // each asking waits for it
  const rows = new Map<string, IncidentRow>();
  for (let cursor = ''; ; ) {
    const page = await ask(`limit=${ROWS_PER_REQUEST}&sort=reportedAt&order=asc${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    for (const row of page.rows) rows.set(row.id, row);
    if (page.next === null) return rows;
    cursor = page.next;
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
  const { seq, incidents } = await readIncidents(door);
  const listed = await readRows(door, seq);
  const compare = <T>(said: ReadonlyMap<string, T>, told: (t: T) => Told) =>
    compareVerdicts(
      requests,
      (r) => {
        const one = said.get(incidentIdOf(r));
        return one && told(one);
      },
      instantOf,
      extractedAt(all),
    );
  const byLedger = compare(incidents, toldByLedger);
  const byList = compare(listed, toldByList);
  print(`按期判定 on-time verdict: agrees on ${share(byLedger.agreed, byLedger.judged)} requests`);
  for (const line of differenceLines(byLedger)) print(line);
  print(`  the server's own list: agrees on ${share(byList.agreed, byList.judged)}`);
  for (const line of differenceLines(byList)) print(line);
  for (const line of [...remarks(byLedger), ...limitLines(requests)]) print(line);
  return [...byLedger.differences, ...byList.differences].some((d) => d.because === null) ? 1 : 0;
}

const differenceLines = ({ differences }: Comparison) =>
  differences.map(
    ({ request: r, product, because }) =>
      `  line ${r.line} ${r.id} ${r.type}: city ${r.verdict}, product ${product}: ${because ?? `opened ${r.opened}, target ${r.target || 'none'}, closed ${r.closed || 'not'}: unexplained`}`,
  );

const remarks = (c: Comparison) => [
  `  ${c.open} of them were still open: judged as of ${c.asOf}, the latest closing in the file, before which it cannot have been made`,
  `  ${c.backwards} were written down as closed before they were opened: taken as closed when opened`,
  ...(c.unjudged.length ? [`  without a verdict of the city, not compared: ${c.unjudged.map((r) => r.id).join(', ')}`] : []),
];

const SHOWN = 12;
function limitLines(requests: readonly Request[]): string[] {
  const limits = inferLimits(requests);
  const sum = (pick: (l: (typeof limits)[number]) => number) => limits.reduce((n, l) => n + pick(l), 0);
  const [exact, near, of] = [sum((l) => l.exact), sum((l) => l.near), sum((l) => l.of)];
  return [
    `推算时限 targets our calendar reproduces to the minute from one limit for each of ${limits.length} types: ${share(exact, of)}`,
    `  ${near} more within ten minutes (the clock was started beside the time written down), ${of - exact - near} with another limit than most of their type`,
    ...limits.slice(0, SHOWN).map((l) => `  ${l.type}: ${l.limit.n} ${l.limit.unit}, ${l.exact} of ${l.of}`),
  ];
}
const share = (n: number, of: number) => `${n} of ${of}${of === 0 ? '' : ` (${((100 * n) / of).toFixed(2)} %)`}`;
