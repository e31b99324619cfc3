import { dayStart } from '../../../model/centre.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** 时间范围: what the strip shows at once, and in how many bins its density is counted. */
export const ranges = {
  d1: { ms: DAY, bins: 144, tickMs: 3 * HOUR },
  d7: { ms: 7 * DAY, bins: 168, tickMs: DAY },
  d30: { ms: 30 * DAY, bins: 180, tickMs: 5 * DAY },
} as const;
export type Range = keyof typeof ranges;
export const rangeKeys = Object.keys(ranges) as Range[];

/** epoch ms */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
  /** it ends now and moves with it */
  readonly latest: boolean;
}

/**
 * What the strip shows: the time up to now where that holds the moment, else the moment in the middle. A window once there stays where it
 * is as long as the moment is well inside, so that the hand moves and not the ground under it.
 * @param at the moment shown, epoch ms; null = live
 */
export function windowOf(before: TimeWindow | null, range: Range, at: number | null, now: number): TimeWindow {
  const { ms, bins } = ranges[range];
  const bin = ms / bins;
  const end = Math.floor(now / bin) * bin + bin;
  if (at === null || at >= end - ms)
    return before?.latest && before.to === end && before.to - before.from === ms ? before : { from: end - ms, to: end, latest: true };
  if (before && !before.latest && before.to - before.from === ms && at > before.from + ms / 20 && at < before.to - ms / 20) return before;
  const middle = Math.floor(at / bin) * bin;
  return { from: middle - ms / 2, to: middle + ms / 2, latest: false };
}

/** Where the axis is written on, epoch ms: whole parts of the centre's day. `label` by what the clock reads there. */
export function ticksOf(
  { from, to }: TimeWindow,
  range: Range,
  utcOffsetMinutes: number,
): readonly { readonly at: number; readonly day: boolean }[] {
  const { tickMs } = ranges[range];
  const midnight = dayStart(from, utcOffsetMinutes);
  const ticks: { at: number; day: boolean }[] = [];
  for (let at = midnight + Math.ceil((from - midnight) / tickMs) * tickMs; at < to; at += tickMs)
    ticks.push({ at, day: dayStart(at, utcOffsetMinutes) === at });
  return ticks;
}
