import { type AreaCode, areaCode } from '../model/brand.ts';
import { type Areal, polygonsOf } from './geojson.ts';
import { MAX_EXTENT, toUnits } from './lng-lat.ts';

/** An area with its geometry: [lng, lat], degrees, WGS-84. */
export interface AreaFeature {
  readonly code: string;
  /** code of the area it is a part of; null or absent at the top */
  readonly parent?: string | null;
  readonly level?: string;
  readonly geometry: Areal;
}

/** Many areas as flat arrays of units of 1e-7 degree, sorted by code: a lower index is a lower code. */
export interface Cells {
  readonly codes: readonly AreaCode[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** x, y of every vertex; rings are closed, outer rings run counter-clockwise, holes clockwise: the area lies to the left */
  readonly xy: Int32Array;
  /** ring -> its first vertex; one more at the end */
  readonly starts: Uint32Array;
  /** cell -> its first ring; one more at the end */
  readonly rings: Uint32Array;
  /** west, south, east, north of every cell */
  readonly boxes: Int32Array;
}

/** Compares codes as the machine orders them, so that "the lower code" means the same everywhere. */
export const byCode = (a: { readonly code: string }, b: { readonly code: string }) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);

/** Throws a RangeError that names the code: given twice, a ring of fewer than 3 corners, wider than MAX_EXTENT, off the globe. */
export function packCells(features: Iterable<AreaFeature>): Cells {
  const sorted = [...features].sort(byCode);
  let vertices = 0;
  let ringCount = 0;
  for (const { geometry } of sorted) {
    for (const polygon of polygonsOf(geometry)) {
      ringCount += polygon.length;
      for (const ring of polygon) vertices += ring.length + 1;
    }
  }
  const xy = new Int32Array(2 * vertices);
  const starts = new Uint32Array(ringCount + 1);
  const rings = new Uint32Array(sorted.length + 1);
  const boxes = new Int32Array(4 * sorted.length);
  const indexOf = new Map<string, number>();
  let v = 0;
  let r = 0;
  for (const [cell, { code, geometry }] of sorted.entries()) {
    if (indexOf.has(code)) throw new RangeError(`area ${code}: the code is given twice`);
    indexOf.set(code, cell);
    const box: [number, number, number, number] = [2 ** 31, 2 ** 31, -(2 ** 31), -(2 ** 31)];
    for (const polygon of polygonsOf(geometry)) {
      for (const [depth, ring] of polygon.entries()) {
        starts[r++] = v;
        const first = v;
        for (const [lng, lat] of ring) {
          if (!(Math.abs(lng!) <= 180 && Math.abs(lat!) <= 90))
            throw new RangeError(`area ${code}: ${lng}, ${lat} is not [lng, lat] in degrees`);
          const x = toUnits(lng!);
          const y = toUnits(lat!);
          if (v > first && xy[2 * v - 2] === x && xy[2 * v - 1] === y) continue;
          xy[2 * v] = x;
          xy[2 * v + 1] = y;
          v++;
          box[0] = Math.min(box[0], x);
          box[1] = Math.min(box[1], y);
          box[2] = Math.max(box[2], x);
          box[3] = Math.max(box[3], y);
        }
        if (xy[2 * first] !== xy[2 * v - 2] || xy[2 * first + 1] !== xy[2 * v - 1]) {
          xy[2 * v] = xy[2 * first]!;
          xy[2 * v + 1] = xy[2 * first + 1]!;
          v++;
        }
        if (v - first < 4) throw new RangeError(`area ${code}: a ring has fewer than three different corners`);
        if (doubleArea(xy, first, v) < 0 === (depth === 0)) reverse(xy, first, v);
      }
    }
    if (box[2] - box[0] > MAX_EXTENT || box[3] - box[1] > MAX_EXTENT) throw new RangeError(`area ${code}: wider than ${MAX_EXTENT / 1e7}°`);
    boxes.set(box, 4 * cell);
    rings[cell + 1] = r;
  }
  starts[r] = v;
  return { codes: sorted.map((f) => areaCode(f.code)), indexOf, xy: xy.slice(0, 2 * v), starts, rings, boxes };
}

/** Twice the signed area of the ring `from` .. `to - 1`, square units; exact for any ring below 0.9° square. */
function doubleArea(xy: Int32Array, from: number, to: number): number {
  let sum = 0;
  const x0 = xy[2 * from]!;
  const y0 = xy[2 * from + 1]!;
  for (let v = from; v < to - 1; v++) {
    sum += (xy[2 * v]! - x0) * (xy[2 * v + 3]! - y0) - (xy[2 * v + 2]! - x0) * (xy[2 * v + 1]! - y0);
  }
  return sum;
}

function reverse(xy: Int32Array, from: number, to: number) {
  for (let i = from, j = to - 1; i < j; i++, j--) {
    const [x, y] = [xy[2 * i]!, xy[2 * i + 1]!];
    xy.copyWithin(2 * i, 2 * j, 2 * j + 2);
    xy[2 * j] = x;
    xy[2 * j + 1] = y;
  }
}

/** The areas that are not divided further: those that no other area names as its parent. */
export function leavesOf<F extends AreaFeature>(features: readonly F[]): F[] {
  const parents = new Set(features.map((f) => f.parent));
  return features.filter((f) => !parents.has(f.code));
}
