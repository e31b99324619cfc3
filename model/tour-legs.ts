import type { LngLat } from './brand.ts';
import type { Tour } from './facility.ts';
import { metresBetween } from './metres.ts';

/** The way from one stop of a tour to the next. `to` null = back to where it began. */
export interface TourLeg {
  readonly from: number;
  readonly to: number | null;
  readonly path: readonly LngLat[];
  readonly metres: number;
}

/**
 * 示范环线, leg by leg. A tour with a path of its own is cut where it passes each stop, in their order; one without goes
 * straight. A path that goes on after the last stop leads back, and is a last leg.
 */
export function tourLegs({ stops, path }: Pick<Tour, 'stops' | 'path'>): TourLeg[] {
  const leg = (from: number, to: number | null, points: readonly LngLat[]): TourLeg => ({
    from,
    to,
    path: points,
    metres: points.slice(1).reduce((sum, p, i) => sum + metresBetween(points[i]!, p), 0),
  });
  if (!path || path.length < 2) return stops.slice(1).map((stop, i) => leg(i, i + 1, [stops[i]!.lngLat, stop.lngLat]));
  const cuts = cutsOf(
    path,
    stops.map((stop) => stop.lngLat),
  );
  const legs = cuts.slice(1).map((cut, i) => leg(i, i + 1, path.slice(cuts[i]!, cut + 1)));
  const last = cuts.at(-1)!;
  return last < path.length - 1 ? [...legs, leg(stops.length - 1, null, path.slice(last))] : legs;
}

/**
 * Indices of a path, never falling, so that the stops lie nearest to their points in sum. Each stop's own nearest point would not do: a
 * ring may pass an early stop again on its way back.
 */
function cutsOf(path: readonly LngLat[], stops: readonly LngLat[]): number[] {
  let sums = new Float64Array(path.length);
  /** for each stop after the first, and each index: where the stop before it is best cut at or before that index */
  const before: Int32Array[] = [];
  for (const [n, stop] of stops.entries()) {
    const next = new Float64Array(path.length);
    const best = new Int32Array(path.length);
    let at = 0;
    for (const [i, point] of path.entries()) {
      if (n > 0 && sums[i]! < sums[at]!) at = i;
      best[i] = at;
      next[i] = (n > 0 ? sums[at]! : 0) + metresBetween(point, stop);
    }
    if (n > 0) before.push(best);
    sums = next;
  }
  let cut = sums.indexOf(sums.reduce((a, b) => Math.min(a, b)));
  const cuts = [cut];
  for (const best of before.reverse()) {
    cut = best[cut]!;
    cuts.unshift(cut);
  }
  return cuts;
}
