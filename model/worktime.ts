import { z } from 'zod';
import { type EpochMs, epochMs } from './brand.ts';

/**
 * 工作时: deadlines on a centre's working calendar. Three units, as city-management limits use them:
 * `urgent-hour` 紧急工作时 runs round the clock; `work-hour` 工作时 runs in office hours only; `work-day` 工作日 ends with the
 * office hours of the n-th working day after the day it began.
 */
export const limitUnits = ['urgent-hour', 'work-hour', 'work-day'] as const;
export type LimitUnit = (typeof limitUnits)[number];

export const zLimit = z
  .object({ n: z.number().positive().max(10_000), unit: z.enum(limitUnits) })
  .refine((l) => l.unit !== 'work-day' || Number.isInteger(l.n), 'a limit in work-days is a whole number');
export type Limit = z.infer<typeof zLimit>;

const zTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'HH:MM, 00:00 to 24:00');
const zDate = z.iso.date();
const zSession = z.object({ from: zTime, to: zTime }).refine((s) => s.from < s.to, 'from is before to');
const zDay = z.object({ date: zDate, name: z.string().max(40).optional() });

/**
 * 工作日历. `weekend`: days of the week nobody works, 0 = Sunday; `workdays` (调休) are worked although they fall on one. A session that passes midnight is two: to 24:00, and from 00:00 of the next day.
 */
export const zCalendar = z.object({
  /** names the calendar a deadline was computed with, e.g. 2026-11-03; changes with every change of the calendar */
  version: z.string().min(1).max(40).default('default'),
  hours: z
    .array(zSession)
    .min(1)
    .max(6)
    .refine((list) => list.every((s, i) => i === 0 || list[i - 1]!.to <= s.from), 'office hours are in order and do not overlap')
    .default([
      { from: '09:00', to: '12:00' },
      { from: '13:00', to: '17:00' },
    ]),
  weekend: z
    .array(z.number().int().min(0).max(6))
    .max(6)
    .refine((list) => new Set(list).size === list.length, 'each day of the week once')
    .default([0, 6]),
  holidays: z.array(zDay).max(2000).default([]),
  workdays: z.array(zDay).max(2000).default([]),
});
export type Calendar = z.infer<typeof zCalendar>;

/** A calendar ready to count with, at an offset from UTC in minutes. All arithmetic is in whole milliseconds. */
export interface WorkTime {
  readonly version: string;
  /** @returns the moment the limit runs out when it began at `from` */
  readonly after: (from: number, limit: Limit) => EpochMs;
  /**
   * @returns the earliest moment not before `from` at which `ms` of counted time have passed since `from`, in the time that this unit
   * counts; with `ms` negative the latest one not after `from` since which `-ms` have passed. So advancing a, then b of the same sign,
   * is advancing a + b.
   */
  readonly advance: (from: number, ms: number, unit: LimitUnit) => EpochMs;
  /** Milliseconds this unit counts between two moments; negative when `to` lies before `from`. A work-day counts its office hours. */
  readonly between: (from: number, to: number, unit: LimitUnit) => number;
  /** @param date `2026-10-01`, in the centre's time */
  readonly isWorkday: (date: string) => boolean;
}

const DAY = 86_400_000;
const HOUR = 3_600_000;
const THURSDAY = 4; // day 0 of the epoch
/** The longest run of idle days `zCalendar` lets anyone write: one worked day of the week, and every one of 2000 is a holiday. */
const MOST_IDLE_DAYS = 7 * 2001;

/** @throws RangeError where the calendar has no working day within reach, which `zCalendar` rules out */
export function workTime(calendar: Calendar, utcOffsetMinutes: number): WorkTime {
  const shift = utcOffsetMinutes * 60_000;
  const holidays = new Set(calendar.holidays.map((d) => dayOfDate(d.date)));
  const workdays = new Set(calendar.workdays.map((d) => dayOfDate(d.date)));
  const weekend = new Set(calendar.weekend);
  const sessions = calendar.hours.map((s) => [msOf(s.from), msOf(s.to)] as const);
  const dayMs = sessions.reduce((n, [a, b]) => n + b - a, 0);
  /** whole days since 1970 in the centre's time */
  const dayOf = (at: number) => Math.floor((at + shift) / DAY);
  const startOf = (day: number) => day * DAY - shift;
  const works = (day: number) => workdays.has(day) || (!holidays.has(day) && !weekend.has((((day + THURSDAY) % 7) + 7) % 7));

  /** Office time of a day up to the time `ms` of that day. */
  const workedBy = (ms: number) => sessions.reduce((n, [a, b]) => n + Math.min(Math.max(0, ms - a), b - a), 0);

  /** The working day nearest to `day` in direction `step`, itself included. */
  function workday(day: number, step: 1 | -1): number {
    for (let n = 0, d = day; n < MOST_IDLE_DAYS; n++, d += step) if (works(d)) return d;
    throw new RangeError('the calendar has no working day');
  }

  /** `ms` > 0 */
  function ahead(from: number, ms: number): number {
    const first = dayOf(from);
    let left = ms + (works(first) ? workedBy(from - startOf(first)) : 0);
    let day = workday(first, 1);
    for (; left > dayMs; day = workday(day + 1, 1)) left -= dayMs;
    for (const [a, b] of sessions) {
      if (left <= b - a) return startOf(day) + a + left;
      left -= b - a;
    }
    throw new RangeError('unreachable: the day holds the time left');
  }

  /** `ms` > 0; `ahead` in a mirror. */
  function back(from: number, ms: number): number {
    const first = dayOf(from);
    let left = ms + (works(first) ? dayMs - workedBy(from - startOf(first)) : 0);
    let day = workday(first, -1);
    for (; left > dayMs; day = workday(day - 1, -1)) left -= dayMs;
    for (const [a, b] of [...sessions].reverse()) {
      if (left <= b - a) return startOf(day) + b - left;
      left -= b - a;
    }
    throw new RangeError('unreachable: the day holds the time left');
  }

  function workBetween(from: number, to: number): number {
    if (to < from) return 0 - workBetween(to, from); // never -0
    const first = dayOf(from);
    const last = dayOf(to);
    const upTo = (day: number, at: number) => (works(day) ? workedBy(at - startOf(day)) : 0);
    let ms = upTo(last, to) - upTo(first, from);
    for (let day = first; day < last; day++) if (works(day)) ms += dayMs;
    return ms;
  }

  const advance = (from: number, ms: number, unit: LimitUnit): EpochMs => {
    const [start, whole] = [Math.round(from), Math.round(ms)];
    if (unit === 'urgent-hour' || whole === 0) return epochMs(start + whole);
    return epochMs(whole > 0 ? ahead(start, whole) : back(start, -whole));
  };

  return {
    version: calendar.version,
    isWorkday: (date) => works(dayOfDate(date)),
    after(from, { n, unit }) {
      if (unit !== 'work-day') return advance(from, Math.max(1, n * HOUR), unit);
      let day = dayOf(from);
      for (let left = n; left > 0; left--) day = workday(day + 1, 1);
      return epochMs(startOf(day) + sessions.at(-1)![1]);
    },
    advance,
    between: (from, to, unit) => (unit === 'urgent-hour' ? to - from : workBetween(from, to)),
  };
}

const msOf = (time: string) => Number(time.slice(0, 2)) * HOUR + Number(time.slice(3)) * 60_000;
const dayOfDate = (date: string) => Math.round(Date.parse(`${date}T00:00:00Z`) / DAY);
