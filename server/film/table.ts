import type { AreaCode, LngLat } from '../../model/brand.ts';
import { encodeFrame, REST_AGE_MS } from '../../model/frame.ts';
import { isKnown, type Latest } from '../../model/latest.ts';
import type { World } from '../../model/world.ts';
import { segmentIndex } from '../telemetry/segment-index.ts';
import { encodeLatest } from '../telemetry/segments.ts';

/** Where things lay by the boundaries of that time. */
export type Locate = (at: LngLat) => AreaCode | null;

/**
 * The latest table of a moment as one frame, cut to these segments (null = all). Places are found anew, by the boundaries of that world:
 * what a frame kept beside them may be of the boundaries before. Exact to the millisecond, as at rest.
 */
export function frameOfTable(table: Latest, world: World, locate: Locate, only: ReadonlySet<number> | null, at: number): Uint8Array {
  const { keyOf } = segmentIndex(world);
  const { units: u, sensors: s } = table;
  const unitKeys: number[] = [];
  const sensorKeys: number[] = [];
  let newest = at;
  for (const { ix } of world.units.values()) {
    if (!isKnown(u, ix)) continue;
    unitKeys[ix] = keyOf(locate([u.lng[ix]! / 1e7, u.lat[ix]! / 1e7]));
    newest = Math.max(newest, u.at[ix]!);
  }
  for (const { ix, area, lngLat } of world.sensors.values()) {
    if (!isKnown(s, ix)) continue;
    sensorKeys[ix] = keyOf(area ?? locate(lngLat));
    newest = Math.max(newest, s.at[ix]!);
  }
  const known = (keys: readonly number[]) => Uint32Array.from(keys.keys()).filter((ix) => keys[ix] !== undefined);
  const segments = encodeLatest({
    latest: table,
    unitKeys,
    sensorKeys,
    units: known(unitKeys),
    sensors: known(sensorKeys),
    at: newest,
    ageMs: REST_AGE_MS,
    only,
  });
  return encodeFrame(newest, [...segments.values()], REST_AGE_MS);
}
