import FlatQueue from 'flatqueue';
import type { LngLat } from '../../model/brand.ts';
import { distanceM, lengthM, localMetres } from '../distance.ts';
import { nearestOn, type RoadGraph } from './graph.ts';

/** A way on foot. `path` runs from the walker to the goal, both included; `metres` is its length. */
export interface Walk {
  readonly metres: number;
  /** `straight`: no road leads there, as far as the map knows, or the two are nearer to each other than to any road */
  readonly by: 'road' | 'straight';
  readonly path: readonly LngLat[];
}

/** Nobody is taken to a road farther off than this, metres: a city block; beyond it the map knows too little of the way. */
export const REACH_M = 150;
/** Connected roads of fewer metres in all are a stray piece: a lane that lost its end in drawing leads nowhere. */
export const STRAY_M = 300;

/** The nearest point of a road. */
interface Snap {
  readonly edge: number;
  readonly at: LngLat;
  readonly offM: number;
}

/**
 * The nearest road to a point within REACH_M metres, a stray piece only where there is nothing else; null = none.
 */
export function snap({ index, a, b, lng, lat, part, partM }: RoadGraph, point: LngLat): Snap | null {
  const { toMetres, toLngLat } = localMetres(point);
  const [west, south] = toLngLat([-REACH_M, -REACH_M]);
  const [east, north] = toLngLat([REACH_M, REACH_M]);
  let best: { edge: number; t: number; metres: number; main: boolean } | null = null;
  for (const edge of index?.search(west, south, east, north) ?? []) {
    const [i, j] = [a[edge]!, b[edge]!];
    const { t, metres } = nearestOn(toMetres([lng[i]!, lat[i]!]), toMetres([lng[j]!, lat[j]!]), [0, 0]);
    const main = partM[part[i]!]! >= STRAY_M;
    if (metres > REACH_M || (best?.main && !main)) continue;
    const nearer = !best || main !== best.main || metres < best.metres || (metres === best.metres && edge < best.edge);
    if (nearer) best = { edge, t, metres, main };
  }
  if (!best) return null;
  const [i, j] = [a[best.edge]!, b[best.edge]!];
  const at: LngLat = [lng[i]! + (lng[j]! - lng[i]!) * best.t, lat[i]! + (lat[j]! - lat[i]!) * best.t];
  return { edge: best.edge, at, offM: distanceM(point, at) };
}

const straight = (from: LngLat, to: LngLat): Walk => ({ metres: distanceM(from, to), by: 'straight', path: [from, to] });

/**
 * Ways on foot to one goal from many places, by one search from the goal outwards (Dijkstra 1959, with a binary heap) that ends when
 * the last of them is reached. `roads` null = there is no graph.
 */
export function walksTo(roads: RoadGraph | null, goal: LngLat, from: readonly LngLat[]): Walk[] {
  const end = roads && snap(roads, goal);
  if (!roads || !end) return from.map((p) => straight(p, goal));
  const { part, a, b } = roads;
  const starts = from.map((p) => {
    const s = snap(roads, p);
    if (!s || part[a[s.edge]!] !== part[a[end.edge]!] || distanceM(p, goal) <= s.offM + end.offM) return null;
    return s;
  });
  const tree = search(roads, end, new Set(starts.flatMap((s) => (s ? [a[s.edge]!, b[s.edge]!] : []))));
  return from.map((p, i) => {
    const s = starts[i];
    return s ? along(roads, tree, p, s, goal, end) : straight(p, goal);
  });
}

interface Tree {
  readonly metres: Float64Array;
  /** the next node towards the goal; itself where the goal's own road is reached */
  readonly next: Int32Array;
}

function search({ lng, lat, a, b, metres, slots, edgeAt }: RoadGraph, { edge, at }: Snap, wanted: Set<number>): Tree {
  const best = new Float64Array(lng.length).fill(Infinity);
  const next = new Int32Array(lng.length).fill(-1);
  const queue = new FlatQueue<number>();
  const reach = (node: number, m: number, by: number) => {
    if (m >= best[node]!) return;
    best[node] = m;
    next[node] = by;
    queue.push(node, m);
  };
  for (const node of [a[edge]!, b[edge]!]) reach(node, distanceM(at, [lng[node]!, lat[node]!]), node);
  while (wanted.size) {
    const m = queue.peekValue();
    const node = queue.pop();
    if (m === undefined || node === undefined) break;
    if (m > best[node]!) continue;
    wanted.delete(node);
    for (let s = slots[node]!; s < slots[node + 1]!; s++) {
      const e = edgeAt[s]!;
      reach(a[e] === node ? b[e]! : a[e]!, m + metres[e]!, node);
    }
  }
  return { metres: best, next };
}

/** The way from a point beside one road to a point beside another, given the search from the latter. */
function along({ lng, lat, a, b }: RoadGraph, tree: Tree, from: LngLat, start: Snap, goal: LngLat, end: Snap): Walk {
  const place = (node: number): LngLat => [lng[node]!, lat[node]!];
  const [byA, byB] = [a[start.edge]!, b[start.edge]!].map((n) => distanceM(start.at, place(n)) + tree.metres[n]!) as [number, number];
  const direct = start.edge === end.edge ? distanceM(start.at, end.at) : Infinity;
  const path: LngLat[] = [from, start.at];
  if (direct > Math.min(byA, byB)) {
    let node = byA <= byB ? a[start.edge]! : b[start.edge]!;
    path.push(place(node));
    for (; tree.next[node] !== node; path.push(place(node))) node = tree.next[node]!;
  }
  path.push(end.at, goal);
  const tidy = path.filter((p, i) => i === 0 || p[0] !== path[i - 1]![0] || p[1] !== path[i - 1]![1]);
  return { metres: lengthM(tidy), by: 'road', path: tidy.length > 1 ? tidy : [from, goal] };
}
