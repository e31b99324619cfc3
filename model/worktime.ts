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

/** 工作日历. `weekend`: days of the week nobody works, 0 = Sunday; `workdays` (调休) are worked although they fall on one. */
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
  weekend: z.array(z.number().int().min(0).max(6)).max(6).default([0, 6]),
  holidays: z.array(zDay).max(2000).default([]),
  workdays: z.array(zDay).max(2000).default([]),
});
export type Calendar = z.infer<typeof zCalendar>;

/** A calendar ready to count with, at an offset from UTC in minutes. */
export interface WorkTime {
  readonly version: string;
  /** @returns the moment the limit runs out when it began at `from` */
  readonly after: (from: number, limit: Limit) => EpochMs;
  /** @returns the moment at which `ms` of counted time have passed since `from`, in the time that this unit counts */
  readonly advance: (from: number, ms: number, unit: LimitUnit) => EpochMs;
  /** Milliseconds this unit counts between two moments; negative when `to` lies before `from`. */
  readonly between: (from: number, to: number, unit: LimitUnit) => number;
  readonly isWorkday: (date: string) => boolean;
}

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** Days that may pass without a working day before a calendar is taken for empty. */
const MOST_IDLE_DAYS = 4000;

/** @throws RangeError where the calendar has no working day within reach */
export function workTime(calendar: Calendar, utcOffsetMinutes: number): WorkTime {
  const shift = utcOffsetMinutes * 60_000;
  const holidays = new Set(calendar.holidays.map((d) => d.date));
  const workdays = new Set(calendar.workdays.map((d) => d.date));
  const sessions = calendar.hours.map((s) => [msOf(s.from), msOf(s.to)] as const);
  const dayMs = sessions.reduce((n, [a, b]) => n + b - a, 0);
  /** whole days since 1970 in the centre's time */
  const dayOf = (at: number) => Math.floor((at + shift) / DAY);
  const startOf = (day: number) => day * DAY - shift;
  const dateOf = (day: number) => new Date(day * DAY).toISOString().slice(0, 10);
  const isWorkday = (date: string) => {
    if (workdays.has(date)) return true;
    return !holidays.has(date) && !calendar.weekend.includes(new Date(`${date}T00:00:00Z`).getUTCDay());
  };
  const works = (day: number) => isWorkday(dateOf(day));

  /** Office time of a day up to the time `ms` of that day. */
  const workedBy = (ms: number) => sessions.reduce((n, [a, b]) => n + Math.min(Math.max(0, ms - a), b - a), 0);

  function nextWorkday(day: number): number {
    for (let d = day; d < day + MOST_IDLE_DAYS; d++) if (works(d)) return d;
    throw new RangeError('the calendar has no working day');
  }

  /** The earliest moment at which `ms` of office time have passed since `from`. */
  function advanceWork(from: number, ms: number): number {
    let day = dayOf(from);
    let left = ms + (works(day) ? workedBy(from - startOf(day)) : 0);
    for (day = nextWorkday(day); left > dayMs; day = nextWorkday(day + 1)) left -= dayMs;
    if (left <= 0) return from;
    for (const [a, b] of sessions) {
      if (left <= b - a) return Math.max(from, startOf(day) + a + left);
      left -= b - a;
    }
    throw new RangeError('unreachable: the day holds the time left');
  }

  function workBetween(from: number, to: number): number {
    if (to < from) return -workBetween(to, from);
    const first = dayOf(from);
    const last = dayOf(to);
    const upTo = (day: number, at: number) => (works(day) ? workedBy(at - startOf(day)) : 0);
    let ms = upTo(last, to) - upTo(first, from);
    for (let day = first; day < last; day++) if (works(day)) ms += dayMs;
    return ms;
  }

  return {
    version: calendar.version,
    isWorkday,
    after(from, { n, unit }) {
      if (unit === 'urgent-hour') return epochMs(Math.round(from + n * HOUR));
      if (unit === 'work-hour') return epochMs(Math.round(advanceWork(from, n * HOUR)));
      let day = dayOf(from);
      for (let left = n; left > 0; left--) day = nextWorkday(day + 1);
      return epochMs(startOf(day) + sessions.at(-1)![1]);
    },
    advance: (from, ms, unit) => epochMs(Math.round(unit === 'urgent-hour' ? from + ms : advanceWork(from, ms))),
    between: (from, to, unit) => (unit === 'urgent-hour' ? to - from : workBetween(from, to)),
  };
}

const msOf = (time: string) => Number(time.slice(0, 2)) * HOUR + Number(time.slice(3)) * 60_000;
