import { trackRules } from '../../../model/track.ts';
import type { TrackRow } from '../../../model/track-answer.ts';
import type { MapTrail } from '../../map-contract.ts';

/** A way as the map draws it, and after how long a silence it goes on as another stretch, ms. */
export interface TrailBook extends MapTrail {
  readonly gapMs: number;
}
export interface TrailFix {
  readonly at: number;
  /** 1e-7 degrees */
  readonly lng: number;
  readonly lat: number;
}

const e7 = (degrees: readonly number[]) => degrees.map((d) => Math.round(d * 1e7));
const gapOf = (usualMs: number | null) => Math.max(trackRules.leastGapMs, trackRules.gapTimes * (usualMs ?? 0));

export const trailOf = ({ unit, at, lng, lat, legs, figures }: TrackRow): TrailBook => ({
  unit,
  at,
  lng: e7(lng),
  lat: e7(lat),
  legs,
  gapMs: gapOf(figures.usualMs),
});
export const emptyTrail = (unit: string): TrailBook => ({ unit, at: [], lng: [], lat: [], legs: [], gapMs: gapOf(null) });

/** With what was heard since. The same object where the fix is not newer; what is older than `from` (epoch ms) is let go. */
export function extend(trail: TrailBook, fix: TrailFix, from: number): TrailBook {
  const last = trail.at.at(-1);
  if (fix.at === 0 || (last !== undefined && fix.at <= last)) return trail;
  const gone = trail.at.findIndex((at) => at >= from);
  const keep = gone < 0 ? trail.at.length : gone;
  const add = (list: readonly number[], value: number) => [...list.slice(keep), value];
  const legs = trail.legs.map((i) => i - keep).filter((i) => i > 0);
  return {
    ...trail,
    at: add(trail.at, fix.at),
    lng: add(trail.lng, fix.lng),
    lat: add(trail.lat, fix.lat),
    legs: last !== undefined && fix.at - last > trail.gapMs ? [...legs, trail.at.length - keep] : legs,
  };
}
