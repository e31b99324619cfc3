import { dayKey } from '../model/centre.ts';
import { hourOf } from './alarm-times.ts';
import { type Excursion, PER_DAY, type Watched } from './causes.ts';
import { demoParsed } from './centre.ts';
import { normal, rngFor } from './rng.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** No excursion of the past ends later than this before the demonstration opens: what stands then is the opening's own. */
export const QUIET_BEFORE_MS = 90 * 60_000;

/** What took sensors beyond their limits on one day of the street, in order of time: the same whenever it is told. @param start epoch ms */
export function excursionsOf(watched: Watched, seed: number, start: number): Excursion[] {
  const r = rngFor(seed, `excursions ${dayKey(start + DAY / 2, demoParsed.utcOffsetMinutes)}`);
  const out: Excursion[] = [];
  const busy = 1 + 0.12 * normal(r);
  for (let at = start; ; ) {
    const perHour = (PER_DAY / 24) * Math.max(0.15, watched.haste(hourOf(at)) * busy);
    at += (-Math.log(1 - r()) / perHour) * HOUR;
    if (at >= start + DAY) return out;
    out.push(watched.draw(r, Math.round(at), hourOf(at)));
  }
}
