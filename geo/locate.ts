import type { AreaCode, LngLat } from '../model/brand.ts';
import { type AreaFeature, leavesOf, packCells } from './cells.ts';
import { OUTSIDE, type Side, sideOf, sideOfRing } from './exact.ts';
import { isLngLat, toUnits } from './lng-lat.ts';
import { buildTiles, EMPTY, ENTRY, FILLS, MANY_RINGS } from './tiles.ts';

/**
 * Which area holds a point? The leaves of the tree are looked up; the answer is the LOWEST code among the areas that contain
 * the point or touch it with their border. So a point on a shared border, or on a corner of four, has exactly one owner, the
 * same on every machine and whatever order the areas came in; a point on the outer border belongs to the street.
 *
 * Method: a net of tiles (tiles.ts) names the few areas that may hold the point, lowest first; the crossing rule on whole
 * numbers of 1e-7 degree (exact.ts) decides. No tolerance anywhere. This beat trying the point's last area first: most tiles
 * lie whole in one area, which costs less than finding that last area by its code.
 */
export interface Locator {
  /**
   * Owner of a point ([lng, lat], degrees, WGS-84; rounded to 1e-7 degree), null outside all areas or when not a position.
   * `lastArea` is accepted from callers that track one; the answer never depends on it.
   */
  locate(at: LngLat, lastArea?: string | null): AreaCode | null;
  /** The same in units of 1e-7 degree and indices into `codes`; -1 = none. */
  indexAt(x: number, y: number): number;
  /** Every area that contains or touches the point, lowest code first. */
  touching(at: LngLat): AreaCode[];
  /** `outside`, `border` or `inside` of one area; undefined for a code that is no leaf. */
  side(at: LngLat, code: string): 'outside' | 'border' | 'inside' | undefined;
  /** codes of the leaves, sorted */
  readonly codes: readonly AreaCode[];
}

const sides = ['outside', 'border', 'inside'] as const;

/**
 * Areas of several levels may be given together: those that are some other area's parent are left out.
 * Throws a RangeError naming the code for geometry that cannot be indexed (see packCells).
 */
export function buildLocator(features: readonly AreaFeature[]): Locator {
  const cells = packCells(leavesOf(features));
  const { codes, indexOf, xy, starts, rings } = cells;
  const { west, south, size, columns, rows, owner, lists } = buildTiles(cells);

  const sideIn = (cell: number, x: number, y: number): Side => sideOf(xy, starts, rings[cell]!, rings[cell + 1]!, x, y);

  /** The tile's entry in `owner`; EMPTY outside the net. */
  const tileAt = (x: number, y: number) => {
    const column = Math.floor((x - west) / size);
    const row = Math.floor((y - south) / size);
    return column >= 0 && row >= 0 && column < columns && row < rows ? owner[row * columns + column]! : EMPTY;
  };

  const indexAt = (x: number, y: number) => {
    const tile = tileAt(x, y);
    if (tile >= EMPTY) return tile;
    const list = -2 - tile;
    const end = list + ENTRY * lists[list]!;
    for (let e = list + 1; e < end; e += ENTRY) {
      const entry = lists[e]!;
      if (entry & FILLS) return entry >> 2;
      const side = entry & MANY_RINGS ? sideIn(entry >> 2, x, y) : sideOfRing(xy, lists[e + 1]!, lists[e + 2]!, x, y);
      if (side !== OUTSIDE) return entry >> 2;
    }
    return -1;
  };

  return {
    codes,
    indexAt,
    locate(at) {
      const lng = at[0];
      const lat = at[1];
      return isLngLat(lng, lat) ? (codes[indexAt(toUnits(lng), toUnits(lat))] ?? null) : null;
    },
    touching([lng, lat]) {
      const [x, y] = [toUnits(lng), toUnits(lat)];
      const tile = tileAt(x, y);
      if (tile >= EMPTY) return tile === EMPTY ? [] : [codes[tile]!];
      const list = -2 - tile;
      const reach = Array.from({ length: lists[list]! }, (_, i) => lists[list + 1 + ENTRY * i]! >> 2);
      return reach.filter((cell) => sideIn(cell, x, y) !== OUTSIDE).map((cell) => codes[cell]!);
    },
    side([lng, lat], code) {
      const cell = indexOf.get(code);
      return cell === undefined ? undefined : sides[sideIn(cell, toUnits(lng), toUnits(lat))];
    },
  };
}
