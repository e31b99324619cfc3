import type { AreaCode } from '../../model/brand.ts';
import type { Position } from '../../model/coverage.ts';
import { STATUS_ONLINE, STATUS_SOS } from '../../model/frame.ts';
import type { Seen } from '../../model/patrol.ts';
import type { Unit, World } from '../../model/world.ts';
import type { LatestStore } from './latest.ts';

type Table = Pick<LatestStore, 'unitCount' | 'at' | 'lng' | 'lat' | 'speed' | 'status'>;

/** What the latest table knows of a unit; null = never heard. */
export function seenOf(latest: Table, { ix }: Pick<Unit, 'ix'>): Seen | null {
  const at = ix < latest.unitCount ? latest.at[ix]! : 0;
  if (at === 0) return null;
  const status = latest.status[ix]!;
  return {
    lngLat: [latest.lng[ix]! / 1e7, latest.lat[ix]! / 1e7],
    at,
    speed: latest.speed[ix]!,
    online: (status & STATUS_ONLINE) !== 0,
    sos: (status & STATUS_SOS) !== 0,
  };
}

/** Where every unit was last seen. @param areaAt leaf that holds a point, by indices as of geo/locate */
export function positionsOf(
  units: World['units'],
  latest: Table,
  { codes, indexAt }: { readonly codes: readonly AreaCode[]; readonly indexAt: (x: number, y: number) => number },
): Position[] {
  const out: Position[] = [];
  for (const { id, ix } of units.values()) {
    const at = ix < latest.unitCount ? latest.at[ix]! : 0;
    if (at === 0) continue;
    const leaf = indexAt(latest.lng[ix]!, latest.lat[ix]!);
    out.push({ unit: id, area: codes[leaf] ?? null, at, online: (latest.status[ix]! & STATUS_ONLINE) !== 0 });
  }
  return out;
}
