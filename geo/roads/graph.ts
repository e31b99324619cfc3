import Flatbush from 'flatbush';
import type { LngLat } from '../../model/brand.ts';
import { distanceM, localMetres } from '../distance.ts';
import { toUnits } from '../lng-lat.ts';
import type { RoadLine } from './read.ts';

/**
 * A walking graph: nodes where lines bend, end or meet; edges the straight pieces between them, walked either way. Lines that cross
 * or touch meet there whether or not they share a vertex (see RoadLine.meets).
 */
export interface RoadGraph {
  readonly lng: Float64Array;
  readonly lat: Float64Array;
  /** edge -> its two nodes and its length in metres */
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  readonly metres: Float64Array;
  /** node -> its first slot in `edgeAt`; one more at the end */
  readonly slots: Uint32Array;
  readonly edgeAt: Uint32Array;
  /** node -> the connected part it belongs to */
  readonly part: Uint32Array;
  /** part -> metres of road in it */
  readonly partM: Float64Array;
  /** boxes of the edges in degrees; null where there is no edge */
  readonly index: Flatbush | null;
}

/** A line that ends this near another, in metres, meets it: drawing inaccuracy, far below any real gap. */
export const TOUCH_M = 0.5;

interface Segment {
  readonly a: number;
  readonly b: number;
  readonly meets: RoadLine['meets'];
  /** its first, its last point is an end of the line */
  readonly head: boolean;
  readonly tail: boolean;
}

export function buildRoads(lines: readonly RoadLine[]): RoadGraph {
  const nodes = nodeTable(lines);
  const segments: Segment[] = [];
  const junctions = new Map<string, Set<number>>();
  for (const { points, meets, from, to } of lines) {
    const ids = points.map(nodes.at).filter((n, i, all) => i === 0 || n !== all[i - 1]);
    for (let i = 1; i < ids.length; i++) {
      segments.push({ a: ids[i - 1]!, b: ids[i]!, meets, head: i === 1, tail: i === ids.length - 1 });
    }
    for (const [name, node] of [
      [from, ids[0]!],
      [to, ids.at(-1)!],
    ] as const) {
      if (name !== undefined) junctions.set(name, (junctions.get(name) ?? new Set()).add(node));
    }
  }
  const edges = new Edges(nodes);
  const cuts = meetings(segments, nodes, edges);
  for (const [i, s] of segments.entries()) {
    let last = s.a;
    for (const cut of (cuts.get(i) ?? []).sort((p, q) => p.t - q.t)) {
      edges.add(last, cut.node);
      last = cut.node;
    }
    edges.add(last, s.b);
  }
  // a junction that is drawn as several line ends is walked across by way of its middle
  for (const ends of junctions.values()) {
    if (ends.size < 2) continue;
    const list = [...ends];
    const mean = (f: (n: number) => number) => list.reduce((sum, n) => sum + f(n), 0) / list.length;
    const hub = nodes.at([mean((n) => nodes.lng[n]!), mean((n) => nodes.lat[n]!)]);
    for (const end of list) edges.add(end, hub);
  }
  return finish(nodes, edges);
}

type Nodes = ReturnType<typeof nodeTable>;

/** Points within 1e-7 degree are one node. */
function nodeTable(lines: readonly RoadLine[]) {
  const lng: number[] = [];
  const lat: number[] = [];
  const ids = new Map<string, number>();
  let box: [number, number, number, number] = [180, 90, -180, -90];
  for (const { points } of lines)
    for (const [x, y] of points) box = [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)];
  const middle: LngLat = lines.length ? [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] : [0, 0];
  const at = ([x, y]: LngLat): number => {
    const key = `${toUnits(x)} ${toUnits(y)}`;
    let id = ids.get(key);
    if (id === undefined) {
      id = lng.push(x) - 1;
      lat.push(y);
      ids.set(key, id);
    }
    return id;
  };
  return { at, lng, lat, local: localMetres(middle) };
}

class Edges {
  readonly a: number[] = [];
  readonly b: number[] = [];
  private readonly known = new Set<number>();
  constructor(private readonly nodes: Nodes) {}
  /** Both ways, once however often it is drawn. */
  add(a: number, b: number) {
    const key = Math.min(a, b) * 2 ** 26 + Math.max(a, b);
    if (a === b || this.known.has(key)) return;
    this.known.add(key);
    this.a.push(a);
    this.b.push(b);
  }
  metres(i: number): number {
    const { lng, lat } = this.nodes;
    const [a, b] = [this.a[i]!, this.b[i]!];
    return distanceM([lng[a]!, lat[a]!], [lng[b]!, lat[b]!]);
  }
}

/** Where segments cross or touch: nodes to cut them at, by segment. Ends that lie side by side are joined by an edge at once. */
function meetings(segments: readonly Segment[], nodes: Nodes, edges: Edges) {
  const cuts = new Map<number, { t: number; node: number }[]>();
  const open = segments.flatMap((s, i) => (s.meets === 'named' ? [] : [i]));
  if (open.length < 2) return cuts;
  const xy = nodes.lng.map((x, n) => nodes.local.toMetres([x, nodes.lat[n]!]));
  const index = new Flatbush(open.length);
  const boxOf = ({ a, b }: Segment, pad: number) => {
    const [[ax, ay], [bx, by]] = [xy[a]!, xy[b]!];
    return [Math.min(ax, bx) - pad, Math.min(ay, by) - pad, Math.max(ax, bx) + pad, Math.max(ay, by) + pad] as const;
  };
  for (const i of open) index.add(...boxOf(segments[i]!, 0));
  index.finish();
  const cut = (i: number, t: number, node: number) => {
    const list = cuts.get(i);
    if (list) list.push({ t, node });
    else cuts.set(i, [{ t, node }]);
  };
  /** Does an end of `s` lie on segment i? Then it is cut there. */
  const touch = (i: number, end: number) => {
    const { a, b, meets, head, tail } = segments[i]!;
    if (end === a || end === b) return true;
    const { t, metres } = nearestOn(xy[a]!, xy[b]!, xy[end]!);
    if (metres > TOUCH_M) return false;
    if (near(xy[end]!, xy[a]!)) {
      if (meets === 'crossing' || head) edges.add(a, end);
    } else if (near(xy[end]!, xy[b]!)) {
      if (meets === 'crossing' || tail) edges.add(b, end);
    } else if (meets === 'crossing') cut(i, t, end);
    return true;
  };
  for (const i of open) {
    const s = segments[i]!;
    for (const k of index.search(...boxOf(s, TOUCH_M))) {
      const j = open[k]!;
      if (j <= i) continue;
      const o = segments[j]!;
      let met = false;
      if (o.meets === 'crossing' || o.head) met = touch(i, o.a) || met;
      if (o.meets === 'crossing' || o.tail) met = touch(i, o.b) || met;
      if (s.meets === 'crossing' || s.head) met = touch(j, s.a) || met;
      if (s.meets === 'crossing' || s.tail) met = touch(j, s.b) || met;
      if (met || s.meets !== 'crossing' || o.meets !== 'crossing') continue;
      const at = crossing(xy[s.a]!, xy[s.b]!, xy[o.a]!, xy[o.b]!);
      if (!at) continue;
      const node = nodes.at([
        nodes.lng[s.a]! + (nodes.lng[s.b]! - nodes.lng[s.a]!) * at.t,
        nodes.lat[s.a]! + (nodes.lat[s.b]! - nodes.lat[s.a]!) * at.t,
      ]);
      cut(i, at.t, node);
      cut(j, at.u, node);
    }
  }
  return cuts;
}

type Xy = readonly [x: number, y: number];
const near = (p: Xy, q: Xy) => Math.hypot(p[0] - q[0], p[1] - q[1]) <= TOUCH_M;

/** The point of a segment nearest to `p`: its share of the way from `a` to `b`, and how far off `p` is. */
export function nearestOn(a: Xy, b: Xy, p: Xy): { readonly t: number; readonly metres: number } {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const square = dx * dx + dy * dy;
  const t = square > 0 ? Math.max(0, Math.min(1, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / square)) : 0;
  return { t, metres: Math.hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy) };
}

/** Where two segments cross, as shares of the way along each; null where they do not. */
function crossing(a: Xy, b: Xy, c: Xy, d: Xy): { readonly t: number; readonly u: number } | null {
  const [rx, ry, sx, sy] = [b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]];
  const cross = rx * sy - ry * sx;
  if (cross === 0) return null;
  const t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / cross;
  const u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / cross;
  return t > 0 && t < 1 && u > 0 && u < 1 ? { t, u } : null;
}

function finish(nodes: Nodes, edges: Edges): RoadGraph {
  const [n, m] = [nodes.lng.length, edges.a.length];
  const [lng, lat] = [Float64Array.from(nodes.lng), Float64Array.from(nodes.lat)];
  const [a, b] = [Uint32Array.from(edges.a), Uint32Array.from(edges.b)];
  const metres = Float64Array.from({ length: m }, (_, i) => edges.metres(i));
  const slots = new Uint32Array(n + 1);
  for (let i = 0; i < m; i++) {
    slots[a[i]! + 1]! += 1;
    slots[b[i]! + 1]! += 1;
  }
  for (let i = 0; i < n; i++) slots[i + 1]! += slots[i]!;
  const next = slots.slice(0, n);
  const edgeAt = new Uint32Array(2 * m);
  for (let i = 0; i < m; i++) {
    edgeAt[next[a[i]!]!++] = i;
    edgeAt[next[b[i]!]!++] = i;
  }
  const index = m > 0 ? new Flatbush(m) : null;
  for (let i = 0; i < m; i++) {
    const [x1, y1, x2, y2] = [lng[a[i]!]!, lat[a[i]!]!, lng[b[i]!]!, lat[b[i]!]!];
    index?.add(Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2));
  }
  index?.finish();
  const bare = { lng, lat, a, b, metres, slots, edgeAt, index };
  return { ...bare, ...parts(bare) };
}

function parts({ lng, a, b, metres, slots, edgeAt }: Omit<RoadGraph, 'part' | 'partM'>): Pick<RoadGraph, 'part' | 'partM'> {
  const part = new Uint32Array(lng.length);
  const sums: number[] = [];
  for (let start = 0; start < lng.length; start++) {
    if (part[start]) continue;
    const id = sums.push(0);
    part[start] = id;
    for (const stack = [start]; stack.length; ) {
      const at = stack.pop()!;
      for (let s = slots[at]!; s < slots[at + 1]!; s++) {
        const e = edgeAt[s]!;
        sums[id - 1]! += metres[e]! / 2;
        const to = a[e] === at ? b[e]! : a[e]!;
        if (part[to]) continue;
        part[to] = id;
        stack.push(to);
      }
    }
  }
  return { part: part.map((id) => id - 1), partM: Float64Array.from(sums) };
}
