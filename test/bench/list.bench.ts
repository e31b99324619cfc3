import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { areaCode, epochMs } from '../../model/brand.ts';
import type { Incident, IncidentMark } from '../../model/incident.ts';
import type { Kept } from '../../model/incident-history.ts';
import { type IncidentQuery, usualOrder } from '../../model/incident-query.ts';
import type { Fact } from '../../model/ledger.ts';
import { emptyWorld } from '../../model/world.ts';
import { ARCHIVE_FORMAT, openArchive } from '../../server/archive.ts';
import { openLedger } from '../../server/ledger/open-ledger.ts';
import { type IncidentLists, incidentLists } from '../../server/store/incident-lists.ts';
import type { ReadMark } from '../../server/store/incidents.ts';
import { openStore, type PgStore } from '../../server/store/postgres.ts';
import { lawful, setUp } from '../support/facts.ts';
import { anIncident } from '../support/incident.ts';

export const title = 'list of 100,000 incidents: filter, count and first page, with our indices and without; the list beside an import';

const COUNT = 100_000;
const BATCH = 2_000;
const ROUNDS = 25;
const GOAL_MS = 100;
const NOW = Date.parse('2026-11-20T08:00:00+08:00');
const [MINUTE, DAY] = [60_000, 86_400_000];
const STEPS = ['report', 'file', 'dispatch', 'accept', 'arrive', 'handle', 'verify', 'close'] as const;
const STATES = ['reported', 'filed', 'dispatched', 'accepted', 'arrived', 'handled', 'verified', 'closed'] as const;
/** 10 communities of 40 micro-grids */
const places = Array.from({ length: 400 }, (_, n) => areaCode(`51010706200${Math.floor(n / 40)}${String(n % 40).padStart(6, '0')}`));
const community = (n: number) => places.slice(n * 40, n * 40 + 40);

/** The same in every run. */
let state = 42;
function draw(n: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * n);
}

/** An incident of the last year; three in a hundred are still open. */
function drawn(n: number): Incident {
  const reportedAt = epochMs(NOW - 365 * DAY + Math.floor((n / COUNT) * 365 * DAY));
  const reached = draw(100) < 97 ? 7 : draw(7);
  const marks = STEPS.slice(0, reached + 1).map(
    (step, k): IncidentMark => ({ step, state: STATES[k]!, at: epochMs(reportedAt + k * draw(60) * MINUTE), actor: 'op' }),
  );
  return anIncident({
    id: `i-${String(n).padStart(8, '0')}`,
    no: n % 300,
    title: `${['新盛', '正街', '永丰', '紫竹'][draw(4)]}路 ${draw(900)} 号${['占道停车', '井盖破损', '电梯困人', '噪音扰民'][draw(4)]}`,
    category: ['parking', 'manhole', 'lift', 'noise', 'other'][draw(5)]!,
    priority: ([1, 2, 3, 3, 4] as const)[draw(5)]!,
    source: (['patrol', 'hotline', 'resident', 'sensor'] as const)[draw(4)]!,
    reporter: draw(2) ? `p-${draw(20_000)}` : null,
    at: epochMs(reportedAt - draw(30) * MINUTE),
    reportedAt,
    area: places[draw(400)]!,
    state: STATES[reached]!,
    deadline: epochMs(reportedAt + (60 + draw(400)) * MINUTE),
    department: ['urban', 'justice', 'fire', 'water'][draw(4)]!,
    unit: `u-${draw(60)}`,
    closedAt: reached === 7 ? marks.at(-1)!.at : null,
    marks,
    verdict: reached === 7 && draw(2) ? { solved: draw(5) > 0, satisfaction: null, at: epochMs(reportedAt + DAY) } : null,
  });
}

async function fill(store: PgStore, print: (line: string) => void) {
  const markAt = (seq: number): ReadMark => ({
    format: ARCHIVE_FORMAT,
    seq,
    head: `${seq}`,
    day: '',
    numbered: 0,
    centre: 0,
    boundaries: 0,
  });
  await store.incidents.clear(markAt(0));
  const from = performance.now();
  for (let n = 0; n < COUNT; n += BATCH) {
    const rows = Array.from({ length: BATCH }, (_, k): Kept => ({ incident: drawn(n + k), first: n + k + 1 }));
    await store.incidents.put(rows, markAt(n), markAt(n + BATCH));
  }
  print(`filled with ${COUNT} incidents at ${Math.round(COUNT / ((performance.now() - from) / 1000))}/s`);
  await store.pool.query('VACUUM ANALYZE');
}

/** The same tables in a schema of their own, the wide one with its key, the narrow one bare. */
async function withoutIndices(store: PgStore): Promise<pg.Pool> {
  await store.pool.query(`CREATE SCHEMA bare; CREATE TABLE bare.incidents AS TABLE public.incidents;
    CREATE TABLE bare.incident_stays AS TABLE public.incident_stays; CREATE TABLE bare.incident_mark AS TABLE public.incident_mark;
    CREATE VIEW bare.incident_docs AS SELECT * FROM public.incident_docs`);
  await store.pool.query('VACUUM ANALYZE');
  const { options } = store.pool as unknown as { options: pg.PoolConfig };
  return new pg.Pool({ ...options, password: options.password as string, options: '-c search_path=bare', max: 1 });
}

const queries: readonly (readonly [string, Partial<IncidentQuery>, readonly string[] | null])[] = [
  ['newest', {}, null],
  ['state + area + text', { state: ['dispatched', 'accepted', 'arrived'], q: '井盖' }, community(3)],
  ['area + text, ended too', { q: '新盛路 12' }, community(3)],
  ['text alone', { q: '紫竹路 77 号电梯' }, null],
  ['overdue and open', { overdue: true, open: true, sort: 'deadline' }, null],
  ['department + 7 days', { department: ['urban'], from: epochMs(NOW - 7 * DAY), to: epochMs(NOW) }, null],
  ['set=closed-in-time', { set: 'closed-in-time' }, null],
  ['set=overdue-open', { set: 'overdue-open' }, null],
  ['set=repeated + 30 days', { set: 'repeated', from: epochMs(NOW - 30 * DAY) }, null],
  ['priority 1, open', { priority: [1], open: true, sort: 'priority' }, null],
];

const quantile = (list: readonly number[], share: number) =>
  [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))]!;

async function compare(name: string, ours: () => Promise<unknown>, theirs: () => Promise<unknown>, print: (line: string) => void) {
  const [a, b]: [number[], number[]] = [[], []];
  const timed = async (work: () => Promise<unknown>, into: number[]) => {
    const from = performance.now();
    await work();
    into.push(performance.now() - from);
  };
  await ours();
  await theirs();
  for (let r = 0; r < ROUNDS; r++) {
    await timed(ours, a);
    await timed(theirs, b);
  }
  const [p50, p99, bare] = [quantile(a, 0.5), quantile(a, 0.99), quantile(b, 0.5)];
  print(
    `${name.padEnd(24)} p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (goal ${GOAL_MS}: ${p99 < GOAL_MS ? 'met' : 'not met'}); ` +
      `without indices p50 ${bare.toFixed(1)} ms, ratio ${(bare / p50).toFixed(1)}`,
  );
}

/** The life of many incidents as past facts, interleaved. */
function history(facts: number): Fact[] {
  const count = Math.floor(facts / STEPS.length);
  const kinds = ['filed', 'dispatched', 'accepted', 'arrived', 'handled', 'verified', 'closed'];
  const out: Fact[] = [];
  for (let block = 0; block < count; block += 50)
    for (let k = 0; k < STEPS.length; k++)
      for (let n = block; n < Math.min(block + 50, count); n++) {
        const reported = lawful(emptyWorld, { pick: 0, a: n, b: 1 + (n % 97), gapMs: 0 }, epochMs(NOW), n);
        out.push(
          k === 0
            ? reported
            : ({ kind: `incident.${kinds[k - 1]}`, body: { incident: `i-${n}`, ...(k === 2 ? { unit: 'u-1' } : {}) } } as Fact),
        );
      }
  return out;
}

/** Facts a second of an import, and how long after it the list is up to date. */
async function importing(followed: boolean, facts: readonly Fact[]): Promise<{ perSecond: number; behindMs: number }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'genglou-bench-'));
  const store = await openStore({ dataDir, databaseUrl: null });
  try {
    const ledger = await openLedger(store);
    await ledger.append('op', () => setUp);
    const archive = followed ? await openArchive({ ledger, store, incidents: store.incidents }) : null;
    const from = performance.now();
    for (let n = 0; n < facts.length; n += BATCH)
      await Promise.all(facts.slice(n, n + BATCH).map((fact) => ledger.append('import', () => [fact])));
    const done = performance.now();
    if (archive && !(await archive.reached(ledger.world.seq, 120_000))) throw new Error('the list did not catch up');
    const behindMs = performance.now() - done;
    await archive?.close();
    await ledger.close();
    return { perSecond: facts.length / ((done - from) / 1000), behindMs };
  } finally {
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

export async function run(print: (line: string) => void): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'genglou-bench-'));
  const store = await openStore({ dataDir, databaseUrl: null });
  let plain: pg.Pool | null = null;
  try {
    await fill(store, print);
    plain = await withoutIndices(store);
    const [ours, bare] = [store.lists, incidentLists(plain)];
    for (const [name, given, areas] of queries) {
      const sort = given.sort ?? 'reportedAt';
      const ask = (lists: IncidentLists) => () =>
        lists.list({ query: given, categories: null, areas, now: NOW }, { sort, order: usualOrder[sort], limit: 50, after: null });
      await compare(name, ask(ours), ask(bare), print);
    }
    const filter = { query: { from: epochMs(NOW - 30 * DAY) }, categories: null, areas: null, now: NOW };
    await compare(
      'board, 30 days',
      () => ours.counts(filter, 'state'),
      () => bare.counts(filter, 'state'),
      print,
    );
    await compare(
      'all KPIs, 30 days',
      () => ours.tally(filter),
      () => bare.tally(filter),
      print,
    );
    await compare(
      'stuck, 30 days',
      () => ours.stuck(filter, 'step', true, new Map()),
      () => bare.stuck(filter, 'step', true, new Map()),
      print,
    );
  } finally {
    await plain?.end();
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
  const facts = history(33_000);
  const [alone, beside] = [[await importing(false, facts)], [await importing(true, facts)]];
  alone.push(await importing(false, facts));
  beside.push(await importing(true, facts));
  const mean = (list: readonly { perSecond: number }[]) => list.reduce((n, r) => n + r.perSecond, 0) / list.length;
  print(
    `import of ${facts.length} facts: ${mean(alone).toFixed(0)}/s without the list, ${mean(beside).toFixed(0)}/s with it ` +
      `(ratio ${(mean(beside) / mean(alone)).toFixed(2)}); the list is up to date ${Math.max(...beside.map((r) => r.behindMs)).toFixed(0)} ms after it`,
  );
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await run((line) => console.log(line));
