import { distanceM } from '../../geo/distance.ts';
import type { LngLat } from '../../model/brand.ts';
import type { UnitRole } from '../../model/ledger.ts';
import type { World } from '../../model/world.ts';
import type { LatestStore } from '../store/latest.ts';
import { isUnitOnDuty } from '../store/summary.ts';

export interface NearUnit {
  readonly id: string;
  readonly name: string;
  readonly role: UnitRole;
  /** straight line, metres */
  readonly metres: number;
  /** of the latest fix, epoch ms */
  readonly at: number;
  /** already dispatched to an open incident */
  readonly busy: boolean;
}

/** The `n` cameras nearest to a point, straight line in metres. */
export const nearestCameras = (world: World, point: LngLat, n: number): { id: string; name: string; metres: number }[] =>
  [...world.cameras.values()]
    .map((c) => ({ id: c.id, name: c.name, metres: distanceM(point, c.lngLat) }))
    .sort((a, b) => a.metres - b.metres || (a.id < b.id ? -1 : 1))
    .slice(0, n);

/** Units on duty, the nearest to a point first. */
export function nearestUnits(world: World, latest: LatestStore, point: LngLat, now: number): NearUnit[] {
  const busy = new Set([...world.incidents.values()].flatMap((i) => i.crew.map((c) => c.unit)));
  const out: NearUnit[] = [];
  for (const u of world.units.values()) {
    if (!isUnitOnDuty(latest, u.ix, now)) continue;
    const at: LngLat = [(latest.lng[u.ix] as number) / 1e7, (latest.lat[u.ix] as number) / 1e7];
    out.push({
      id: u.id,
      name: u.name,
      role: u.role,
      metres: distanceM(point, at),
      at: latest.at[u.ix] as number,
      busy: busy.has(u.id),
    });
  }
  return out.sort((a, b) => a.metres - b.metres || (a.id < b.id ? -1 : 1));
}
