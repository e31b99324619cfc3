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
 * 示范环线, leg by leg. A tour with a path of its own is cut at the point of it nearest to each stop, in their order; one without goes
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
  const cuts: number[] = [];
  for (const { lngLat } of stops) {
    let best = cuts.at(-1) ?? 0;
    for (let i = best; i < path.length; i++) if (metresBetween(path[i]!, lngLat) < metresBetween(path[best]!, lngLat)) best = i;
    cuts.push(best);
  }
  const legs = cuts.slice(1).map((cut, i) => leg(i, i + 1, path.slice(cuts[i]!, cut + 1)));
  const last = cuts.at(-1)!;
  return last < path.length - 1 ? [...legs, leg(stops.length - 1, null, path.slice(last))] : legs;
}
