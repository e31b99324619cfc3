import { distanceM } from '../../geo/distance.ts';
import type { LngLat } from '../../model/brand.ts';
import type { World } from '../../model/world.ts';

/** The `n` cameras nearest to a point, straight line in metres. */
export const nearestCameras = (world: World, point: LngLat, n: number): { id: string; name: string; metres: number }[] =>
  [...world.cameras.values()]
    .map((c) => ({ id: c.id, name: c.name, metres: distanceM(point, c.lngLat) }))
    .sort((a, b) => a.metres - b.metres || (a.id < b.id ? -1 : 1))
    .slice(0, n);
