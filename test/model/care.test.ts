import fc from 'fast-check';
import { expect, it } from 'vitest';
import { careStanding, countCareStates, dueAt, isSameVisit, listCares, overdueMoment } from '../../model/care.ts';
import { careFigures, monthStart, outcome, visitsBearFrom } from '../../model/care-figures.ts';
import { dayKey, zCentre } from '../../model/centre.ts';
import type { CareState } from '../../model/patrol-plan.ts';
import { centre as plain } from '../support/facts.ts';

const DAY = 86_400_000;
const text = (zh: string) => ({ zh, en: zh });
const kind = (code: string, everyDays: number, graceDays = 0) => ({
  code,
  name: text(code),
  everyDays,
  graceDays,
  results: [{ code: 'ok', name: text('好') }],
});
const centre = zCentre.parse({ ...plain, careKinds: [kind('elderly', 7), kind('gas', 30, 3)] });
const at = (day: string, time = '09:00') => Date.parse(`${day}T${time}:00+08:00`);
const care = (more: Partial<CareState> = {}): CareState =>
  ({
    id: 'k-1',
    person: 'p-1',
    kind: 'elderly',
    area: '510107062007001001',
    since: at('2026-11-01'),
    lastAt: null,
    lastResult: null,
    lastUnit: null,
    overdue: null,
    ...more,
  }) as CareState;
const state = (c: CareState, now: number) => careStanding(c, centre, now).state;

it('is due by the end of the centre’s day, so many days after the latest visit, or after it was registered', () => {
  expect(dueAt(care(), centre)).toBe(at('2026-11-09', '00:00') - 1);
  expect(dueAt(care({ lastAt: at('2026-11-03', '23:59') as never }), centre)).toBe(at('2026-11-11', '00:00') - 1);
  expect(dueAt(care({ everyDays: 1 }), centre)).toBe(at('2026-11-03', '00:00') - 1);
  expect(dueAt(care({ kind: 'unknown' }), centre)).toBeNull();
});

it('stands as a person would say it, with grace before it is overdue', () => {
  const c = care();
  expect(state(c, at('2026-11-01', '10:00'))).toBe('not-yet');
  expect(state(c, at('2026-11-05'))).toBe('due-soon');
  expect(state(c, at('2026-11-08', '23:59'))).toBe('due-today');
  expect(careStanding(c, centre, at('2026-11-10', '00:00'))).toMatchObject({ state: 'overdue', daysLate: 2 });
  expect(state(care({ lastAt: at('2026-11-08', '08:00') as never }), at('2026-11-08', '12:00'))).toBe('done-today');
  const gas = care({ kind: 'gas', since: at('2026-10-01') as never });
  expect(state(gas, at('2026-11-02'))).toBe('grace');
  expect(state(gas, at('2026-11-04', '00:00'))).toBe('overdue');
  expect(overdueMoment(gas, centre)).toBe(at('2026-11-04', '00:00'));
});

it('tells of an overdue visit once, and of nobody who is no longer visited', () => {
  expect(overdueMoment(care({ overdue: { due: at('2026-11-08') as never, incident: 'i-1' } }), centre)).toBeNull();
  expect(overdueMoment(care({ ended: true }), centre)).toBeNull();
});

it('lists the longest overdue first, narrowed by kind, place and unit; every row has one state', () => {
  const cares = new Map(
    [
      care({ id: 'a', since: at('2026-11-05') as never, unit: 'u-1' }),
      care({ id: 'b' }),
      care({ id: 'c', kind: 'gas' }),
      care({ id: 'd', ended: true }),
    ].map((c) => [c.id, c] as const),
  );
  const now = at('2026-11-12');
  const ids = (filter: Parameters<typeof listCares>[1]) => listCares({ cares, centre }, filter, now).map((r) => r.care.id);
  expect(ids({})).toEqual(['b', 'a', 'c']);
  expect(ids({ kind: 'gas' })).toEqual(['c']);
  expect(ids({ unit: 'u-1' })).toEqual(['a']);
  expect(ids({ isIn: () => false })).toEqual([]);
  expect(countCareStates(listCares({ cares, centre }, {}, now))).toMatchObject({ overdue: 1, 'due-today': 1, 'not-yet': 1 });
});

it('takes a visit handed in twice for one, and another result for another visit', () => {
  const seen = care({ lastAt: at('2026-11-08') as never, lastResult: 'ok', lastUnit: 'u-1' });
  expect(isSameVisit(seen, { unit: 'u-1', result: 'ok', at: at('2026-11-08') + 59_000 })).toBe(true);
  expect(isSameVisit(seen, { unit: 'u-1', result: 'unwell', at: at('2026-11-08') })).toBe(false);
  expect(isSameVisit(seen, { unit: 'u-1', result: 'ok', at: at('2026-11-08', '10:00') })).toBe(false);
});

const visits = fc.array(fc.integer({ min: 0, max: 60 * 24 }), { maxLength: 20 });
const since = at('2026-09-20', '08:00');
const made = (hours: number[]) => hours.map((h) => since + h * 3_600_000);

it('a day late is a miss for whoever looks at that day, by counting days one by one', () => {
  fc.assert(
    fc.property(visits, fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 20 }), (hours, fromDay, length) => {
      const from = at('2026-09-20', '00:00') + fromDay * DAY;
      const to = from + length * DAY;
      const came = outcome(care({ since: since as never }), made(hours), centre, from, to);
      // naive: walk the days; a day is missed when at its end, or at a visit during it, the latest visit before is more than 7 days back
      const days = [...new Set([since, ...made(hours)].filter((t) => t <= to).map((t) => dayKey(t, 480)))].sort();
      const dayOf = (key: string) => Date.parse(`${key}T00:00:00+08:00`);
      let missed = false;
      for (let day = from; day < to; day += DAY) {
        const before = days.filter((d) => dayOf(d) < day).at(-1);
        if (before !== undefined && day - dayOf(before) > 7 * DAY) missed = true;
      }
      const visited = made(hours).some((t) => t >= from && t <= to);
      expect(came).toBe(missed ? 'missed' : visited ? 'visited' : null);
    }),
  );
});

it('the order in which visits are handed in, one handed in twice, and visits before the period that no longer bear change no figure', () => {
  fc.assert(
    fc.property(visits, fc.integer({ min: 20, max: 50 }), (hours, fromDay) => {
      const world = { centre, cares: new Map([['k-1', care({ since: since as never })]]), at: 0 as never };
      const from = at('2026-09-20', '00:00') + fromDay * DAY;
      const to = from + 7 * DAY;
      const list = made(hours).map((t) => ({ care: 'k-1', at: t }));
      const figures = careFigures(world, list, from, to);
      expect(careFigures(world, [...list, ...list].reverse(), from, to)).toEqual(figures);
      const bearing = list.filter((v) => v.at >= visitsBearFrom(world, from));
      expect(careFigures(world, bearing, from, to)).toEqual(figures);
      const [f] = figures;
      expect(f!.records.visited.length + f!.records.missed.length).toBe(f!.denominator);
    }),
  );
});

it('nothing due is no figure, never zero', () => {
  const [elderly] = careFigures({ centre, cares: new Map(), at: 0 as never }, [], since, since + DAY);
  expect(elderly).toMatchObject({ kind: 'elderly', value: null, comparison: null, denominator: 0 });
});

it('the month begins at the centre’s midnight', () => {
  expect(monthStart(at('2026-11-01', '00:30'), 480)).toBe(at('2026-11-01', '00:00'));
  expect(monthStart(at('2026-11-30', '23:59'), 480)).toBe(at('2026-11-01', '00:00'));
});

it('a visit clears what was overdue and sets the next due moment by when it was made', () => {
  const late = care({ lastAt: at('2026-11-08') as never });
  expect(dueAt(late, centre)).toBe(at('2026-11-16', '00:00') - 1);
  expect(overdueMoment(late, centre)).toBe(at('2026-11-16', '00:00'));
});
