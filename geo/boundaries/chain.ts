import Flatbush from 'flatbush';
import type { Cells } from '../cells.ts';
import { isBetween } from '../exact.ts';

/** An edge that was not cancelled: `net` areas more lie to its left than to its right. Units of 1e-7 degree. */
export interface Residue {
  readonly ax: number;
  readonly ay: number;
  readonly bx: number;
  readonly by: number;
  readonly net: number;
  /** cells whose border runs here */
  readonly owners: readonly number[];
}

/**
 * Do some areas make up another exactly? Add the borders of the children, each running with its area to the left, and take
 * away the parent's. Where two children meet, one runs up and the other down the same edge and they cancel; along the outer
 * border a child cancels with the parent. If everything cancels, the number of children over any point equals the number of
 * parents over it (a chain without a border that is bounded is empty): there is no gap, no overlap and nothing outside, and
 * this is exact. Conversely every fault leaves edges behind: these are the residue.
 *
 * An edge that meets a neighbour's corner on its way (a T-junction) is cut there when the corner lies on it exactly, and the
 * pieces are cancelled again. Only corners of left-over edges can matter, so almost nothing is searched in good data.
 * `within`: the parent to take away; `doubled`: where one cell is asked about, it is put in when its border runs twice along a line.
 */
export function residue(cells: Cells, children: readonly number[], within: readonly number[] = [], doubled?: Set<number>): Residue[] {
  const family = [...children, ...within];
  const key = vertexKey(cells, family);
  const ids = new Map<number, number>();
  const points: number[] = [];
  const idOf = (x: number, y: number) => {
    const k = key(x, y);
    const known = ids.get(k);
    if (known !== undefined) return known;
    const id = points.length / 2;
    ids.set(k, id);
    points.push(x, y);
    return id;
  };
  const net = new Map<number, number>();
  const owners = new Map<number, number[]>();
  /** Adds `n` times the edge a -> b; edges are kept from the lower to the higher vertex id. */
  const add = (a: number, b: number, n: number) => {
    const k = a < b ? a * 2 ** 26 + b : b * 2 ** 26 + a;
    const sum = (net.get(k) ?? 0) + (a < b ? n : -n);
    if (sum) net.set(k, sum);
    else net.delete(k);
  };
  const eachEdge = (cell: number, visit: (a: number, b: number) => void) => {
    const { xy, starts, rings } = cells;
    for (let r = rings[cell]!; r < rings[cell + 1]!; r++) {
      let a = idOf(xy[2 * starts[r]!]!, xy[2 * starts[r]! + 1]!);
      for (let v = starts[r]! + 1; v < starts[r + 1]!; v++) {
        const b = idOf(xy[2 * v]!, xy[2 * v + 1]!);
        visit(a, b);
        a = b;
      }
    }
  };
  for (const cell of children) eachEdge(cell, (a, b) => add(a, b, 1));
  for (const cell of within) eachEdge(cell, (a, b) => add(a, b, -1));
  if (doubled && family.length === 1) {
    let edges = 0;
    eachEdge(family[0]!, () => edges++);
    if (net.size < edges) doubled.add(family[0]!);
  }
  if (!net.size) return [];
  for (const cell of family) {
    eachEdge(cell, (a, b) => {
      const k = a < b ? a * 2 ** 26 + b : b * 2 ** 26 + a;
      if (!net.has(k)) return;
      const list = owners.get(k);
      if (list) list.push(cell);
      else owners.set(k, [cell]);
    });
  }
  const single = family.length === 1 ? family[0] : undefined;
  return cutAtCorners(net, owners, points, () => single !== undefined && doubled?.add(single));
}

/** Vertices as one safe integer, counted from the south-west corner of the family. */
function vertexKey({ boxes, codes }: Cells, family: readonly number[]) {
  let [west, south, north, east] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const cell of family) {
    west = Math.min(west, boxes[4 * cell]!);
    south = Math.min(south, boxes[4 * cell + 1]!);
    east = Math.max(east, boxes[4 * cell + 2]!);
    north = Math.max(north, boxes[4 * cell + 3]!);
  }
  const height = north - south + 1;
  if ((east - west + 1) * height >= Number.MAX_SAFE_INTEGER) {
    throw new RangeError(`areas ${codes[family[0]!]} and its neighbours lie more than ${(east - west) / 1e7}° apart: too far to compare`);
  }
  return (x: number, y: number) => (x - west) * height + (y - south);
}

function cutAtCorners(
  net: ReadonlyMap<number, number>,
  owners: ReadonlyMap<number, number[]>,
  points: readonly number[],
  onDouble: () => void,
): Residue[] {
  const corners = new Set<number>();
  for (const k of net.keys()) corners.add(Math.floor(k / 2 ** 26)).add(k % 2 ** 26);
  const list = [...corners];
  const index = new Flatbush(list.length, 16, Int32Array);
  for (const id of list) index.add(points[2 * id]!, points[2 * id + 1]!);
  index.finish();
  const pieces = new Map<number, { net: number; owners: Set<number> }>();
  for (const [k, n] of net) {
    const [a, b] = [Math.floor(k / 2 ** 26), k % 2 ** 26];
    const [ax, ay, bx, by] = [points[2 * a]!, points[2 * a + 1]!, points[2 * b]!, points[2 * b + 1]!];
    const far = (id: number) => Math.abs(points[2 * id]! - ax) + Math.abs(points[2 * id + 1]! - ay);
    const cuts = index
      .search(Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by))
      .map((i) => list[i]!)
      .filter((id) => isBetween(ax, ay, bx, by, points[2 * id]!, points[2 * id + 1]!))
      .sort((p, q) => far(p) - far(q));
    let from = a;
    for (const to of [...cuts, b]) {
      const piece = from < to ? from * 2 ** 26 + to : to * 2 ** 26 + from;
      let at = pieces.get(piece);
      if (!at) {
        at = { net: 0, owners: new Set() };
        pieces.set(piece, at);
      } else onDouble();
      at.net += from < to ? n : -n;
      for (const owner of owners.get(k) ?? []) at.owners.add(owner);
      from = to;
    }
  }
  const out: Residue[] = [];
  for (const [k, piece] of pieces) {
    if (!piece.net) continue;
    const [a, b] = [Math.floor(k / 2 ** 26), k % 2 ** 26];
    out.push({
      ax: points[2 * a]!,
      ay: points[2 * a + 1]!,
      bx: points[2 * b]!,
      by: points[2 * b + 1]!,
      net: piece.net,
      owners: [...piece.owners],
    });
  }
  return out;
}
