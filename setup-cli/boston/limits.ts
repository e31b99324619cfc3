import { type Calendar, type Limit, workTime, zCalendar } from '../../model/worktime.ts';
import type { Request } from './requests.ts';

/**
 * The city's office as its targets show it: Monday to Friday, 8:30 to 17:00, closed on the holidays of the federal government from June
 * 2015 to July 2016 (5 U.S.C. 6103) on their own dates. Independence Day of 2015 fell on a Saturday; the Friday on which it was kept is
 * a working day in every target that spans it, so it is one here.
 */
export const cityCalendar: Calendar = zCalendar.parse({
  version: 'boston-2015',
  hours: [{ from: '08:30', to: '17:00' }],
  weekend: [0, 6],
  holidays: [
    { date: '2015-07-04', name: 'Independence Day' },
    { date: '2015-09-07', name: 'Labor Day' },
    { date: '2015-10-12', name: 'Columbus Day' },
    { date: '2015-11-11', name: 'Veterans Day' },
    { date: '2015-11-26', name: 'Thanksgiving' },
    { date: '2015-12-25', name: 'Christmas' },
    { date: '2016-01-01', name: 'New Year' },
    { date: '2016-01-18', name: 'Martin Luther King Jr. Day' },
    { date: '2016-02-15', name: "Washington's Birthday" },
    { date: '2016-05-30', name: 'Memorial Day' },
    { date: '2016-07-04', name: 'Independence Day' },
  ],
});

export interface TypeLimit {
  readonly type: string;
  readonly limit: Limit;
  /** targets the limit reproduces, of those the type has */
  readonly exact: number;
  /** off by more, but by less than ten minutes: the city's clock was started a little beside the time of opening it wrote down */
  readonly near: number;
  readonly of: number;
}

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** How many of the likeliest limits of a type are tried on all its rows. */
const TRIED = 6;

/**
 * The limit of each type of request that reproduces most of its targets, found from the rows themselves. Local times are counted as they
 * stand on the wall. Exact means within the minute to which the city cut the times of opening; the close of one office day and the
 * opening of the next are the same moment of office time, and where we say the first the city writes the second.
 */
export function inferLimits(requests: readonly Request[], calendar: Calendar = cityCalendar): TypeLimit[] {
  const work = workTime(calendar, 0);
  const wall = (local: string) => Date.parse(`${local}Z`);
  const byType = new Map<string, { from: number; target: number }[]>();
  for (const r of requests) {
    if (r.target === '') continue;
    const row = { from: wall(r.opened), target: wall(r.target) };
    const rows = byType.get(r.type);
    if (rows) rows.push(row);
    else byType.set(r.type, [row]);
  }
  const within = (limit: Limit, ms: number) => (row: { from: number; target: number }) => {
    const due = work.after(row.from, limit);
    if (Math.abs(row.target - due) < ms) return true;
    return limit.unit !== 'urgent-hour' && Math.abs(work.between(due, row.target, 'work-hour')) < ms;
  };
  return [...byType]
    .map(([type, rows]): TypeLimit => {
      const likely = new Map<string, { limit: Limit; n: number }>();
      for (const { from, target } of rows) {
        const minutes = { 'urgent-hour': work.between(from, target, 'urgent-hour'), 'work-hour': work.between(from, target, 'work-hour') };
        for (const unit of ['urgent-hour', 'work-hour'] as const) {
          const n = Math.round((minutes[unit] / HOUR) * 4) / 4;
          if (n <= 0) continue;
          const key = `${n} ${unit}`;
          const before = likely.get(key);
          likely.set(key, { limit: { n, unit }, n: (before?.n ?? 0) + 1 });
        }
      }
      const tried = [...likely.values()].sort((a, b) => b.n - a.n).slice(0, TRIED);
      let best: TypeLimit = { type, limit: tried[0]?.limit ?? { n: 1, unit: 'urgent-hour' }, exact: 0, near: 0, of: rows.length };
      for (const { limit } of tried) {
        const exact = rows.filter(within(limit, MINUTE)).length;
        if (exact > best.exact)
          best = { type, limit, exact, near: rows.filter(within(limit, 10 * MINUTE)).length - exact, of: rows.length };
      }
      return best;
    })
    .sort((a, b) => b.of - a.of);
}
