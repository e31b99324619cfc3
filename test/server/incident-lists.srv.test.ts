import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, WHOLE_CENTRE } from '../../model/access.ts';
import { areaCode } from '../../model/brand.ts';
import { endStates, type Incident, incidentSources, incidentStates, isOpen, remaining } from '../../model/incident.ts';
import { factsOf } from '../../model/incident-facts.ts';
import { staysOf } from '../../model/incident-history.ts';
import { type KpiFigure, kpiFigures, type Measure, measured, measures, repeats } from '../../model/incident-kpi.ts';
import { countKeys, stuckKeys } from '../../model/incident-list.ts';
import { formatIncidentQuery, type IncidentQuery, incidentSorts, parseIncidentQuery } from '../../model/incident-query.ts';
import { type CountedFacts, holds, incidentSetNames, incidentSets, inSet } from '../../model/incident-sets.ts';
import { incidentOf, treeOf } from '../../model/world.ts';
import { openArchive } from '../../server/archive.ts';
import { askedPlaces } from '../../server/incident-scope.ts';
import type { PageEnd } from '../../server/store/incident-lists.ts';
import type { IncidentFilter } from '../../server/store/incident-sql.ts';
import type { PgStore } from '../../server/store/postgres.ts';
import { arbDraw, areas, leaves } from '../support/facts.ts';
import { openPast, type Past } from '../support/past.ts';
import { freshStore } from '../support/postgres.ts';

/** One store of random incidents; every question is asked of the tables and, the slow and plain way, of the incidents themselves. */
let store: PgStore;
let past: Past;
let all: Incident[] = [];
const repeatOf = new Map<string, string | null>();
const facts = (i: Incident): CountedFacts => ({ ...factsOf(i), repeatOf: repeatOf.get(i.id)! });

beforeAll(async () => {
  ({ store } = await freshStore());
  past = await openPast(store);
  const draws = fc.sample(fc.array(arbDraw, { minLength: 1600, maxLength: 1600 }), { numRuns: 1, seed: 11 })[0]!;
  await past.grow(draws.map((d) => ({ ...d, gapMs: Math.round(d.gapMs / 100) })));
  const archive = await openArchive({ ledger: past.ledger, store, incidents: store.incidents });
  expect(await archive.reached(past.ledger.world.seq, 60_000)).toBe(true);
  await archive.close();
  const { rows } = await store.pool.query<{ id: string }>('SELECT id FROM incidents ORDER BY first');
  all = rows.map((r) => past.held.get(r.id)!);
  for (const [n, i] of all.entries()) repeatOf.set(i.id, repeats(i, all.slice(0, n), i.into === null ? null : past.held.get(i.into)!));
});
afterAll(() => past?.ledger.close());

const arbNow = fc.constantFrom(-3, -1, 0, 5).map((days) => past.now() + days * 86_400_000);
const some = <T>(list: readonly T[]) => fc.subarray([...list], { minLength: 1 });
const opt = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: undefined, freq: 3 });
const arbMoment = fc.nat(999).map((n) => all[n % all.length]!.reportedAt);
const arbQuery = fc.record({
  state: opt(some(incidentStates)),
  priority: opt(some([1, 2, 3, 4])),
  category: opt(some(['other', 'parking', 'quarrel'])),
  source: opt(some(incidentSources)),
  channel: opt(some(['', '天府市民云'])),
  department: opt(some(['', 'justice', 'urban'])),
  area: opt(fc.constantFrom(...areas.map((a) => a.code))),
  unit: opt(fc.constantFrom('u-1', 'u-2')),
  from: opt(arbMoment),
  to: opt(arbMoment),
  overdue: opt(fc.boolean()),
  open: opt(fc.boolean()),
  q: opt(fc.constantFrom('事件 1', '2', 'T-1', 'I-3', '%', '_')),
  set: opt(fc.constantFrom(...incidentSetNames)),
}) as fc.Arbitrary<unknown> as fc.Arbitrary<Partial<IncidentQuery>>;

const tree = () => treeOf(past.ledger.world);
const operator: Actor = { id: 'op', role: 'operator', area: WHOLE_CENTRE };
const filterOf = (query: Partial<IncidentQuery>, now: number, actor = operator): IncidentFilter => ({
  query,
  categories: null,
  areas: askedPlaces(actor, past.ledger.world, query.area).areas,
  now,
});

function matches(i: Incident, q: Partial<IncidentQuery>, now: number): boolean {
  const one = <T>(list: readonly T[] | undefined, value: T) => list === undefined || list.includes(value);
  const left = remaining(i, now);
  const text = `${i.title}\n${i.ref}\n${i.id}`.toLowerCase();
  return (
    one(q.state, i.state) &&
    one(q.priority, i.priority) &&
    one(q.category, i.category) &&
    one(q.source, i.source) &&
    one(q.channel, i.channel) &&
    one(q.department, i.department ?? '') &&
    (q.area === undefined || (i.area !== null && tree().isWithin(i.area, q.area))) &&
    (q.unit === undefined || i.unit === q.unit) &&
    (q.from === undefined || i.reportedAt >= q.from) &&
    (q.to === undefined || i.reportedAt < q.to) &&
    (q.overdue === undefined || q.overdue === (left !== null && left < 0)) &&
    (q.open === undefined || q.open === isOpen(i)) &&
    (q.q === undefined || text.includes(q.q.toLowerCase())) &&
    (q.set === undefined || inSet(q.set, facts(i), now))
  );
}
const first50 = { sort: 'reportedAt', order: 'desc', limit: 500, after: null } as const;
const sorted = (ids: readonly string[]) => [...ids].sort();

describe('the list', () => {
  test('shows exactly the incidents that match, whatever is asked', () =>
    fc.assert(
      fc.asyncProperty(arbQuery, arbNow, async (query, now) => {
        const { rows, total, seq } = await store.lists.list(filterOf(query, now), first50);
        const expected = all.filter((i) => matches(i, query, now));
        expect(sorted(rows.map((i) => i.id))).toEqual(sorted(expected.map((i) => i.id)));
        expect([total, seq]).toEqual([expected.length, past.ledger.world.seq]);
      }),
      { numRuns: 200, endOnFailure: true },
    ));

  test('every set holds in SQL for exactly those it holds for in the model', async () => {
    const told: string[] = [];
    for (const set of incidentSetNames) {
      const { rows } = await store.lists.list(filterOf({ set }, past.now()), { ...first50, limit: 5000 });
      const expected = all.filter((i) => holds(incidentSets[set], facts(i), past.now())).map((i) => i.id);
      expect([set, sorted(rows.map((i) => i.id))]).toEqual([set, sorted(expected)]);
      if (expected.length > 0 && expected.length < all.length) told.push(set);
    }
    expect(incidentSetNames.filter((s) => !told.includes(s))).toEqual(['reported']); // the draws tell all others apart
  });

  test('the sets of open and overdue ones are those of the state machine and its clock', () => {
    for (const i of all) {
      const left = remaining(i, past.now());
      expect([i.id, inSet('open', facts(i), past.now())]).toEqual([i.id, !endStates.has(i.state)]);
      expect([i.id, inSet('overdue', facts(i), past.now())]).toEqual([i.id, left !== null && left < 0]);
    }
  });

  test('pages of any size, put together, are the whole list in order, each incident once', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...incidentSorts),
        fc.constantFrom('asc', 'desc'),
        fc.integer({ min: 7, max: 90 }),
        async (sort, order, limit) => {
          const whole = await store.lists.list(filterOf({}, past.now()), { sort, order, limit: 5000, after: null });
          expect(whole.next).toBeNull();
          const pages: string[] = [];
          let after: PageEnd | null = null;
          do {
            const page: Awaited<ReturnType<typeof store.lists.list>> = await store.lists.list(filterOf({}, past.now()), {
              sort,
              order,
              limit,
              after,
            });
            pages.push(...page.rows.map((i) => i.id));
            after = page.next;
          } while (after);
          expect(pages).toEqual(whole.rows.map((i) => i.id));
          expect(new Set(pages).size).toBe(all.length);
          const key = {
            reportedAt: (i: Incident) => i.reportedAt,
            deadline: (i: Incident) => i.deadline,
            priority: (i: Incident) => i.priority,
            state: (i: Incident) => incidentStates.indexOf(i.state),
            endedAt: (i: Incident) => i.closedAt,
          }[sort];
          const values = whole.rows.map(key);
          const known = values.filter((v) => v !== null);
          expect(values.slice(0, known.length)).toEqual([...known].sort((a, b) => (order === 'asc' ? a - b : b - a)));
        },
      ),
      { numRuns: 20, endOnFailure: true },
    ));
});

test('an incident that ended long ago is still there, whole', async () => {
  const gone = all.filter((i) => !incidentOf(past.ledger.world, i.id));
  expect(gone.length).toBeGreaterThan(0);
  for (const i of gone) expect((await store.lists.incident(i.id)).incident).toEqual(JSON.parse(JSON.stringify(i)));
  expect((await store.lists.incident('i-nobody')).incident).toBeNull();
});

describe('who asks', () => {
  const within = (area: string) => ({ id: 'x', role: 'operator', area: areaCode(area) }) as const;
  test('is answered for the own area only, whatever is asked', async () => {
    for (const own of areas.map((a) => a.code)) {
      const actor = within(own);
      for (const asked of [undefined, ...areas.map((a) => a.code)]) {
        const filter = filterOf(asked ? { area: asked } : {}, past.now(), actor);
        const expected = all.filter(
          (i) =>
            (asked === undefined || (i.area !== null && tree().isWithin(i.area, asked))) &&
            (own === areas[0]!.code || (i.area !== null && tree().isWithin(i.area, actor.area))),
        );
        expect([own, asked, (await store.lists.list(filter, { ...first50, limit: 1 })).total]).toEqual([own, asked, expected.length]);
        expect((await store.lists.tally(filter)).tally.sets.reported).toBe(expected.length);
        const { rows } = await store.lists.counts(filter, 'state');
        expect(rows.reduce((n, r) => n + r.n, 0)).toBe(expected.length);
      }
    }
    expect(leaves.length).toBeGreaterThan(1);
  });
  test('for a place that is not there is told so', () => {
    expect(() => askedPlaces(operator, past.ledger.world, areaCode('999'))).toThrow('no area 999');
  });
});

/** Linear between the two nearest, as percentile_cont of SQL. */
function quantile(list: readonly number[], share: number): number | null {
  if (list.length === 0) return null;
  const sortedList = [...list].sort((a, b) => a - b);
  const at = (sortedList.length - 1) * share;
  const low = sortedList[Math.floor(at)]!;
  return low + (sortedList[Math.ceil(at)]! - low) * (at - Math.floor(at));
}
const near = (value: number | null) => (value === null ? null : expect.closeTo(value, 3));

describe('figures', () => {
  test('the records behind a figure are exactly the ones counted, and its times are theirs', () =>
    fc.assert(
      fc.asyncProperty(arbQuery, arbNow, async (drawn, now) => {
        const { set: _, ...scope } = drawn;
        const { tally } = await store.lists.tally(filterOf(scope, now));
        const figures: KpiFigure[] = kpiFigures(tally, scope);
        const counted = figures.flatMap((f) => (f.denominator ? [f.numerator, f.denominator] : [f.numerator]));
        for (const { records, n, set } of counted) {
          const read = parseIncidentQuery(new URLSearchParams(records));
          expect(read).toMatchObject({ ok: true, query: { set } });
          const { total } = await store.lists.list(filterOf(read.ok ? read.query : {}, now), { ...first50, limit: 1 });
          expect([set, n]).toEqual([set, total]);
          expect(n).toBe(all.filter((i) => matches(i, { ...scope, set }, now)).length);
        }
        const scoped = all.filter((i) => matches(i, scope, now));
        for (const m of Object.keys(measures) as Measure[]) {
          const times = scoped.flatMap((i) => measured(facts(i), m) ?? []);
          expect([m, tally.times[m]]).toEqual([
            m,
            { n: times.length, medianMs: near(quantile(times, 0.5)), p90Ms: near(quantile(times, 0.9)) },
          ]);
          expect(tally.sets[measures[m].of]).toBe(times.length);
        }
        const calls = scoped.flatMap((i) => i.whistles.flatMap((w) => w.calls.map((c) => ({ w, c }))));
        const answers = calls.flatMap(({ w, c }) => (c.answeredAt === null ? [] : [c.answeredAt - w.at]));
        const arrivals = calls.flatMap(({ w, c }) => (c.arrivedAt === null ? [] : [c.arrivedAt - w.at]));
        expect(tally.times['whistle-answer']).toEqual({
          n: answers.length,
          medianMs: near(quantile(answers, 0.5)),
          p90Ms: near(quantile(answers, 0.9)),
        });
        expect(tally.times['whistle-arrival']).toEqual({
          n: arrivals.length,
          medianMs: near(quantile(arrivals, 0.5)),
          p90Ms: near(quantile(arrivals, 0.9)),
        });
      }),
      { numRuns: 12, endOnFailure: true },
    ));

  test('no share is greater than its whole', async () => {
    const { tally } = await store.lists.tally(filterOf({}, past.now()));
    for (const f of kpiFigures(tally, {})) {
      if (f.denominator) expect([f.id, f.numerator.n <= f.denominator.n]).toEqual([f.id, true]);
      if (f.unit === '%' && f.value !== null) expect(f.value).toBeLessThanOrEqual(100);
    }
    expect(
      kpiFigures(tally, {})
        .filter((f) => f.group === 'whistle')
        .every((f) => f.direction === 'none'),
    ).toBe(true);
  });

  test('counts by every key are those of the incidents', async () => {
    for (const by of countKeys) {
      const { rows } = await store.lists.counts(filterOf({}, past.now()), by);
      const n = new Map<string, number>();
      for (const i of all) n.set(i[by] ?? '', (n.get(i[by] ?? '') ?? 0) + 1);
      expect(Object.fromEntries(rows.map((r) => [r.key, r.n]))).toEqual(Object.fromEntries(n));
      expect(rows.reduce((sum, r) => sum + r.open, 0)).toBe(all.filter(isOpen).length);
    }
  });

  test('the stuck analysis is that of the stays, with and without those that go on', async () => {
    for (const by of stuckKeys)
      for (const running of [true, false]) {
        const { areas: seen, under } = askedPlaces(operator, past.ledger.world, areaCode(areas[0]!.code));
        const filter = { query: {}, categories: null, areas: seen, now: past.now() };
        const { rows } = await store.lists.stuck(filter, by, running, under);
        const groups = new Map<string, number[]>();
        for (const i of all.filter((x) => x.area !== null))
          for (const s of staysOf(i)) {
            if (!running && s.to === null) continue;
            const key = by === 'step' ? s.state : by === 'department' ? (s.department ?? '') : under.get(i.area!)!;
            const group = `${key} ${s.state}`;
            groups.set(group, [...(groups.get(group) ?? []), (s.to ?? past.now()) - s.from]);
          }
        expect(rows.map((r) => `${r.key} ${r.step}`).sort()).toEqual([...groups.keys()].sort());
        for (const r of rows) {
          const times = groups.get(`${r.key} ${r.step}`)!;
          expect(r).toMatchObject({ n: times.length, medianMs: near(quantile(times, 0.5)), p90Ms: near(quantile(times, 0.9)) });
          if (!running) expect(r.running).toBe(0);
        }
      }
  });

  test('channels tell how many, how soon, and the latest', async () => {
    const { rows } = await store.lists.channels(filterOf({}, past.now()));
    expect(rows.reduce((n, r) => n + r.n, 0)).toBe(all.length);
    for (const r of rows) {
      const own = all.filter((i) => i.source === r.source && i.channel === r.channel);
      const times = own.flatMap((i) => measured(facts(i), 'respond') ?? []);
      expect(r).toEqual({
        source: r.source,
        channel: r.channel,
        n: own.length,
        open: own.filter(isOpen).length,
        responded: times.length,
        medianResponseMs: near(quantile(times, 0.5)),
        lastAt: Math.max(...own.map((i) => i.reportedAt)),
      });
    }
    expect(formatIncidentQuery({ channel: rows.map((r) => r.channel) }).getAll('channel').length).toBeGreaterThan(1);
  });
});
