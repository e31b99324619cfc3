import Flatbush from 'flatbush';
import type { AreaCode, LngLat } from '../model/brand.ts';
import { type AreaFeature, leavesOf, packCells } from './cells.ts';
import { INSIDE, OUTSIDE, type Side, sideOf } from './exact.ts';
import { isLngLat, toUnits } from './lng-lat.ts';
import { interiorsMeet } from './rivals.ts';

/**
 * Which area holds a point? The leaves of the tree are looked up; the answer is the LOWEST code among the areas that contain
 * the point or touch it with their border. So a point on a shared border, or on a corner of four, has exactly one owner, the
 * same on every machine and whatever order the areas came in; a point on the outer border belongs to the street.
 *
 * Method: boxes in a flatbush index, then the crossing rule on whole numbers of 1e-7 degree (exact.ts); no tolerance anywhere.
 */
export interface Locator {
  /**
   * Owner of a point ([lng, lat], degrees, WGS-84; rounded to 1e-7 degree), null outside all areas or when not a position.
   * `hint`: the area the point is likely in, e.g. the unit's last one. It makes the answer faster, never different.
   */
  locate(at: LngLat, hint?: string | null): AreaCode | null;
  /** The same in units of 1e-7 degree and indices into `codes`; -1 = none. */
  indexAt(x: number, y: number, hint?: number): number;
  /** Every area that contains or touches the point, lowest code first. */
  touching(at: LngLat): AreaCode[];
  /** `outside`, `border` or `inside` of one area; undefined for a code that is no leaf. */
  side(at: LngLat, code: string): 'outside' | 'border' | 'inside' | undefined;
  /** codes of the leaves, sorted */
  readonly codes: readonly AreaCode[];
}

const sides = ['outside', 'border', 'inside'] as const;
const UNKNOWN = 0;
const ALONE = 1;
const CONTESTED = 2;

/**
 * Areas of several levels may be given together: those that are some other area's parent are left out.
 * Throws a RangeError naming the code for geometry that cannot be indexed (see packCells).
 */
export function buildLocator(features: readonly AreaFeature[]): Locator {
  const cells = packCells(leavesOf(features));
  const { codes, indexOf, xy, starts, rings, boxes } = cells;
  const index = codes.length ? new Flatbush(codes.length, 16, Int32Array) : null;
  for (let b = 0; b < boxes.length; b += 4) index?.add(boxes[b]!, boxes[b + 1]!, boxes[b + 2]!, boxes[b + 3]!);
  index?.finish();

  const sideIn = (cell: number, x: number, y: number): Side => {
    const b = 4 * cell;
    if (x < boxes[b]! || y < boxes[b + 1]! || x > boxes[b + 2]! || y > boxes[b + 3]!) return OUTSIDE;
    return sideOf(xy, starts, rings[cell]!, rings[cell + 1]!, x, y);
  };

  let [px, py, best] = [0, 0, -1];
  const keepLowest = (cell: number) => {
    if ((best < 0 || cell < best) && sideOf(xy, starts, rings[cell]!, rings[cell + 1]!, px, py) !== OUTSIDE) best = cell;
    return false;
  };

  // A point strictly inside the hinted area is its own unless an area of lower code overlaps it: found out once per area.
  const standing = new Uint8Array(codes.length);
  const isAlone = (cell: number) => {
    if (standing[cell] === UNKNOWN) {
      const b = 4 * cell;
      const rivals = index!.search(
        boxes[b]!,
        boxes[b + 1]!,
        boxes[b + 2]!,
        boxes[b + 3]!,
        (other) => other < cell && interiorsMeet(cells, cell, other),
      );
      standing[cell] = rivals.length ? CONTESTED : ALONE;
    }
    return standing[cell] === ALONE;
  };

  const indexAt = (x: number, y: number, hint = -1) => {
    if (!index) return -1;
    if (hint >= 0 && hint < codes.length && sideIn(hint, x, y) === INSIDE && isAlone(hint)) return hint;
    [px, py, best] = [x, y, -1];
    index.search(x, y, x, y, keepLowest);
    return best;
  };

  return {
    codes,
    indexAt,
    locate: ([lng, lat], hint) =>
      isLngLat(lng, lat) ? (codes[indexAt(toUnits(lng), toUnits(lat), hint ? indexOf.get(hint) : -1)] ?? null) : null,
    touching([lng, lat]) {
      const [x, y] = [toUnits(lng), toUnits(lat)];
      const found = index?.search(x, y, x, y, (cell) => sideIn(cell, x, y) !== OUTSIDE) ?? [];
      return found.sort((a, b) => a - b).map((cell) => codes[cell]!);
    },
    side([lng, lat], code) {
      const cell = indexOf.get(code);
      return cell === undefined ? undefined : sides[sideIn(cell, toUnits(lng), toUnits(lat))];
    },
  };
}
