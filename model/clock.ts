import { z } from 'zod';
import { type EpochMs, epochMs } from './brand.ts';
import type { Centre } from './centre.ts';
import { zEpochMs } from './fields.ts';
import { type Limit, limitUnits, type WorkTime, workTime, zCalendar } from './worktime.ts';

/** 时限: the three clocks of an incident. 立案 from the report, 派遣 from filing, 处置 from the report (or dispatch, as configured). */
export const clockNames = ['file', 'dispatch', 'handle'] as const;
export type ClockName = (typeof clockNames)[number];

/**
 * One clock, computed once and kept in the ledger with its basis: `n` `unit` counted from `from` on calendar `calendar`.
 * `warn`: when 75 % of it is used. `by`: what set it: the category's limit, the source's own deadline (a 12345 ticket), an extension
 * granted, or the time it stood still.
 */
export const zClock = z.object({
  due: zEpochMs,
  warn: zEpochMs,
  from: zEpochMs,
  n: z.number().positive().nullable(),
  unit: z.enum(limitUnits),
  calendar: z.string().max(40),
  by: z.enum(['category', 'source', 'extension', 'pause']),
});
export type Clock = z.infer<typeof zClock>;

/** Part of a limit after which its holder is warned. */
export const WARN_SHARE = 0.75;

const tables = new WeakMap<Centre, WorkTime>();
const roundTheClock = workTime(zCalendar.parse({}), 0);
/** The working time of a centre; round the clock counts the same anywhere. */
export function workTimeOf(centre: Centre | null): WorkTime {
  if (!centre) return roundTheClock;
  let table = tables.get(centre);
  if (!table) {
    table = workTime(centre.calendar, centre.utcOffsetMinutes);
    tables.set(centre, table);
  }
  return table;
}

const withWarning = (work: WorkTime, clock: Omit<Clock, 'warn' | 'calendar'>): Clock => {
  const total = work.between(clock.from, clock.due, clock.unit);
  const warn = total > 0 ? work.advance(clock.from, total * WARN_SHARE, clock.unit) : clock.due;
  return { ...clock, warn: epochMs(Math.min(warn, clock.due)), calendar: work.version };
};

/** A clock that starts now; null where the category sets no limit. */
export function startClock(centre: Centre | null, limit: Limit | null, from: number): Clock | null {
  if (!limit) return null;
  const work = workTimeOf(centre);
  return withWarning(work, { due: work.after(from, limit), from: epochMs(from), n: limit.n, unit: limit.unit, by: 'category' });
}

/** A clock whose end the source gave, such as the deadline of a hotline ticket. */
export function givenClock(centre: Centre | null, due: EpochMs, from: number): Clock {
  return withWarning(workTimeOf(centre), { due, from: epochMs(from), n: null, unit: 'urgent-hour', by: 'source' });
}

/**
 * The clock after it stood still from `pausedAt` to `now`: what was left of it, and of the time until its warning, goes on now, in the
 * time its unit counts. A deadline that had passed before the pause stays where it was missed.
 */
export function resumeClock(centre: Centre | null, clock: Clock, pausedAt: number, now: number): Clock {
  if (clock.due <= pausedAt) return clock;
  const work = workTimeOf(centre);
  const goOn = (moment: number) => work.advance(now, Math.max(0, work.between(pausedAt, moment, clock.unit)), clock.unit);
  const due = goOn(clock.due);
  const warn = clock.warn <= pausedAt ? clock.warn : epochMs(Math.min(goOn(clock.warn), due));
  return { ...clock, due, warn, calendar: work.version, by: 'pause' };
}

/** The clock with `more` added at its end. The warning keeps its quarter of the whole limit before the end, pauses not counted. */
export function extendClock(centre: Centre | null, clock: Clock, more: Limit): Clock {
  const work = workTimeOf(centre);
  // a day that ends with 24:00 is the one before: its next working day is not the day after next
  const due = work.after(more.unit === 'work-day' ? clock.due - 1 : clock.due, more);
  const quarter =
    Math.max(0, work.between(clock.warn, clock.due, clock.unit)) + (1 - WARN_SHARE) * work.between(clock.due, due, clock.unit);
  return { ...clock, due, warn: work.advance(due, -quarter, clock.unit), calendar: work.version, by: 'extension' };
}
