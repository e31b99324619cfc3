import { z } from 'zod';

/** 时段: hours of a week. `days` 1 = Monday … 7 = Sunday; from 22:00 to 06:00 runs across midnight and belongs to the day it begins on. */
export const zSpan = z.object({
  days: z.array(z.number().int().min(1).max(7)).min(1).max(7).default([1, 2, 3, 4, 5, 6, 7]),
  from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM'),
  /** exclusive; 24:00 = the end of the day. Equal to `from` = 24 hours. */
  to: z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'HH:MM'),
});
/** No span = always. */
export const zHours = z.array(zSpan).max(21);
export type Hours = z.output<typeof zHours>;

const DAY = 1440;
const WEEK = 7 * DAY;
const minutes = (hhmm: string) => Number(hhmm.slice(0, 2)) * 60 + Number(hhmm.slice(3, 5));

/** [from, to) in minutes since Monday 00:00 of the centre; `to` may lie beyond the week's end. */
function spansOf(hours: Hours): [number, number][] {
  return hours.flatMap((s) => {
    const from = minutes(s.from);
    const length = (minutes(s.to) - from + DAY) % DAY || DAY;
    return s.days.map((d): [number, number] => [(d - 1) * DAY + from, (d - 1) * DAY + from + length]);
  });
}
/** Minutes since Monday 00:00, by the centre's clock. 1970-01-01 was a Thursday. */
const minuteOfWeek = (at: number, utcOffsetMinutes: number) =>
  (((Math.floor(at / 60_000) + utcOffsetMinutes + 3 * DAY) % WEEK) + WEEK) % WEEK;

/** Whether `at` (epoch ms) falls into these hours of the centre. */
export function isWithinHours(hours: Hours, at: number, utcOffsetMinutes: number): boolean {
  if (hours.length === 0) return true;
  const m = minuteOfWeek(at, utcOffsetMinutes);
  return spansOf(hours).some(([from, to]) => (m >= from && m < to) || (m + WEEK >= from && m + WEEK < to));
}
/** When `isWithinHours` next changes after `at`, epoch ms (whole minutes); null = never (always, or every minute of the week). */
export function hoursChangeAfter(hours: Hours, at: number, utcOffsetMinutes: number): number | null {
  if (hours.length === 0) return null;
  const start = Math.floor(at / 60_000) * 60_000;
  const now = isWithinHours(hours, at, utcOffsetMinutes);
  const m = minuteOfWeek(at, utcOffsetMinutes);
  const edges = spansOf(hours)
    .flat()
    .map((e) => (((e - m) % WEEK) + WEEK) % WEEK || WEEK)
    .sort((a, b) => a - b);
  for (const ahead of edges) {
    const moment = start + ahead * 60_000;
    if (isWithinHours(hours, moment, utcOffsetMinutes) !== now) return moment;
  }
  return null;
}
