import type { LngLat } from '../../../../model/brand.ts';
import { type Fixes, legKmh, lngLatOf, speedClass } from '../../../../model/track.ts';
import { fixesOf, type TrackRow } from '../../../../model/track-answer.ts';
import { trackAt } from '../../../../model/track-at.ts';
import type { MapHead, MapTrack } from '../../../map-contract.ts';

/** So long after its last fix a unit is still drawn, ms. */
const LINGER_MS = 60_000;

/** A row of the answer as the map and the player take it. */
export interface Way {
  readonly row: TrackRow;
  readonly fixes: Fixes;
  readonly begins: ReadonlySet<number>;
}
export const wayOf = (row: TrackRow): Way => ({ row, fixes: fixesOf(row), begins: new Set(row.legs) });

export function trackOf({ row, fixes }: Way, tone: number): MapTrack {
  const legs = row.legs.map((from, n) => {
    const to = row.legs[n + 1] ?? fixes.length;
    const points: LngLat[] = [];
    const classes: number[] = [];
    for (let i = from; i < to; i++) {
      points.push(lngLatOf(fixes, i));
      if (i > from) classes.push(speedClass(legKmh(fixes, i - 1, i)));
    }
    return { points, classes };
  });
  return { unit: row.unit, tone, legs };
}

/** Where everybody is at a moment; who was not heard yet, or long ago, is not there. */
export function headsAt(ways: readonly Way[], at: number, told: (unit: string) => Pick<MapHead, 'mark' | 'label'>): MapHead[] {
  return ways.flatMap(({ row, fixes, begins }) => {
    const here = trackAt(fixes, begins, at, LINGER_MS);
    return here ? [{ unit: row.unit, at: here.lngLat, silent: here.silent, ...told(row.unit) }] : [];
  });
}
