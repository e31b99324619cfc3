import Flatbush from 'flatbush';
import type { LngLat } from '../../model/brand.ts';
import { distanceM, ringAreaM2 } from '../distance.ts';
import { crosses } from '../exact.ts';
import { toDegrees } from '../lng-lat.ts';
import type { Residue } from './chain.ts';

/** A surface enclosed by left-over edges, over which `winding` areas lie too many (or, negative, too few). */
export interface Face {
  readonly winding: number;
  /** closed, counter-clockwise, [lng, lat] degrees */
  readonly ring: readonly LngLat[];
  readonly areaM2: number;
  /** Metres: what the surface would be wide if it were a strip. */
  readonly widthM: number;
  /** cells whose borders enclose it */
  readonly owners: readonly number[];
}

/**
 * The surfaces that the residue of a chain encloses, to be shown and measured; whether there is a fault at all has been
 * decided exactly before. Method: cut the edges where they cross (rounded to 1/1024 unit), link the half-edges around each
 * vertex by angle, walk the faces, and carry the winding number across edges from the outside inwards. A group of edges that
 * lies free inside a face is hung into it by a ray to the east from its easternmost vertex, and its surface is taken off.
 */
export function facesOf(residue: readonly Residue[]): Face[] {
  const mesh = linkEdges(cutCrossings(residue));
  const cycles = walk(mesh);
  const outers = windings(mesh, cycles);
  const inner = cycles.map((c) => c.area);
  for (const { outer, hung } of outers) if (hung >= 0) inner[hung]! += cycles[outer]!.area;
  const isOuter = new Set(outers.map((o) => o.outer));
  return cycles.flatMap((cycle, i): Face[] => {
    if (isOuter.has(i) || cycle.area <= 0) return [];
    const ring = cycle.halfEdges.map((h) => mesh.at(mesh.from(h)));
    ring.push(ring[0]!);
    let around = 0;
    for (let j = 1; j < ring.length; j++) around += distanceM(ring[j - 1]!, ring[j]!);
    const m2 = Math.max(0, inner[i]!);
    const owners = new Set(cycle.halfEdges.flatMap((h) => mesh.edges[h >> 1]!.owners));
    return [{ winding: cycle.winding, ring, areaM2: m2, widthM: around ? (2 * m2) / around : 0, owners: [...owners] }];
  });
}

/** Pieces between crossings; coordinates are then in units, no longer whole. */
function cutCrossings(residue: readonly Residue[]): Residue[] {
  if (!residue.length) return [];
  const index = new Flatbush(residue.length);
  for (const e of residue) index.add(Math.min(e.ax, e.bx), Math.min(e.ay, e.by), Math.max(e.ax, e.bx), Math.max(e.ay, e.by));
  index.finish();
  const cuts = new Map<number, [number, number][]>();
  const cut = (edge: number, at: [number, number]) => cuts.set(edge, [...(cuts.get(edge) ?? []), at]);
  for (const [i, e] of residue.entries()) {
    index.search(Math.min(e.ax, e.bx), Math.min(e.ay, e.by), Math.max(e.ax, e.bx), Math.max(e.ay, e.by), (j) => {
      if (j <= i) return false;
      const f = residue[j]!;
      if (crosses(e.ax, e.ay, e.bx, e.by, f.ax, f.ay, f.bx, f.by)) {
        const [dx, dy, fx, fy] = [e.bx - e.ax, e.by - e.ay, f.bx - f.ax, f.by - f.ay];
        const t = ((f.ax - e.ax) * fy - (f.ay - e.ay) * fx) / (dx * fy - dy * fx);
        const at: [number, number] = [Math.round((e.ax + t * dx) * 1024) / 1024, Math.round((e.ay + t * dy) * 1024) / 1024];
        cut(i, at);
        cut(j, at);
      }
      return false;
    });
  }
  return residue.flatMap((e, i) => {
    const at = cuts.get(i);
    if (!at) return [e];
    at.sort((p, q) => Math.hypot(p[0] - e.ax, p[1] - e.ay) - Math.hypot(q[0] - e.ax, q[1] - e.ay));
    const stops: [number, number][] = [[e.ax, e.ay], ...at, [e.bx, e.by]];
    return stops.slice(1).flatMap(([bx, by], s) => {
      const [ax, ay] = stops[s]!;
      return ax === bx && ay === by ? [] : [{ ...e, ax, ay, bx, by }];
    });
  });
}

/** Half-edge 2k runs a -> b of edge k, 2k + 1 back. `next` follows the face to the left. */
function linkEdges(edges: readonly Residue[]) {
  const ids = new Map<string, number>();
  const points: [number, number][] = [];
  const idOf = (x: number, y: number) => {
    const key = `${x},${y}`;
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, points.length);
    points.push([x, y]);
    return points.length - 1;
  };
  const tails = edges.flatMap((e) => [idOf(e.ax, e.ay), idOf(e.bx, e.by)]);
  const around = points.map((): number[] => []);
  for (const [h, tail] of tails.entries()) around[tail]!.push(h);
  const angle = (h: number) => {
    const [from, to] = [points[tails[h]!]!, points[tails[h ^ 1]!]!];
    return Math.atan2(to[1] - from[1], to[0] - from[0]);
  };
  const next = new Int32Array(tails.length);
  for (const out of around) {
    out.sort((p, q) => angle(p) - angle(q));
    for (const [i, h] of out.entries()) next[h ^ 1] = out[(i + out.length - 1) % out.length]!;
  }
  return {
    edges,
    points,
    next,
    from: (h: number) => tails[h]!,
    at: (vertex: number): LngLat => [toDegrees(points[vertex]![0]), toDegrees(points[vertex]![1])],
  };
}
type Mesh = ReturnType<typeof linkEdges>;

interface Cycle {
  readonly halfEdges: readonly number[];
  /** square metres, counter-clockwise positive */
  readonly area: number;
  winding: number;
}

function walk(mesh: Mesh): Cycle[] {
  const seen = new Uint8Array(mesh.next.length);
  const cycles: Cycle[] = [];
  for (let start = 0; start < seen.length; start++) {
    if (seen[start]) continue;
    const halfEdges: number[] = [];
    for (let h = start; !seen[h]; h = mesh.next[h]!) {
      seen[h] = 1;
      halfEdges.push(h);
    }
    cycles.push({ halfEdges, area: ringAreaM2(halfEdges.map((h) => mesh.at(mesh.from(h)))), winding: 0 });
  }
  return cycles;
}

/** Sets every cycle's winding number. Answers each group's outer cycle and the cycle it hangs in (-1 = none). */
function windings(mesh: Mesh, cycles: readonly Cycle[]): { readonly outer: number; readonly hung: number }[] {
  const cycleOf = new Int32Array(mesh.next.length);
  for (const [i, cycle] of cycles.entries()) for (const h of cycle.halfEdges) cycleOf[h] = i;
  const groupOf = new Int32Array(cycles.length).fill(-1);
  const groups: { members: number[]; outer: number; east: number; hung: number }[] = [];
  for (let i = 0; i < cycles.length; i++) {
    if (groupOf[i]! >= 0) continue;
    const members = [i];
    groupOf[i] = groups.length;
    for (let m = 0; m < members.length; m++) {
      for (const h of cycles[members[m]!]!.halfEdges) {
        const other = cycleOf[h ^ 1]!;
        if (groupOf[other]! < 0) {
          groupOf[other] = groups.length;
          members.push(other);
        }
      }
    }
    let outer = i;
    let east = mesh.from(cycles[i]!.halfEdges[0]!);
    for (const m of members) {
      if (cycles[m]!.area < cycles[outer]!.area) outer = m;
      for (const h of cycles[m]!.halfEdges) if (mesh.points[mesh.from(h)]![0] > mesh.points[east]![0]) east = mesh.from(h);
    }
    groups.push({ members, outer, east, hung: -1 });
  }
  const rayHit = rayCaster(mesh, (h) => groupOf[cycleOf[h]!]!);
  const done = new Uint8Array(cycles.length);
  const order = groups.map((_, g) => g).sort((g, k) => mesh.points[groups[k]!.east]![0] - mesh.points[groups[g]!.east]![0]);
  for (const g of order) {
    const group = groups[g]!;
    const hit = groups.length > 1 ? rayHit(mesh.points[group.east]!, g) : -1;
    const holder = hit < 0 ? -1 : cycleOf[hit]!;
    // The ray may first meet a neighbour that lies free in the same face: what that one hangs in holds this group too.
    const holderGroup = holder < 0 ? undefined : groups[groupOf[holder]!]!;
    group.hung = holderGroup && holderGroup.outer === holder ? holderGroup.hung : holder;
    cycles[group.outer]!.winding = group.hung < 0 ? 0 : cycles[group.hung]!.winding;
    const queue = [group.outer];
    done[group.outer] = 1;
    for (let q = 0; q < queue.length; q++) {
      const cycle = cycles[queue[q]!]!;
      for (const h of cycle.halfEdges) {
        const other = cycleOf[h ^ 1]!;
        if (done[other]) continue;
        done[other] = 1;
        const net = mesh.edges[h >> 1]!.net;
        cycles[other]!.winding = cycle.winding - (h & 1 ? -net : net);
        queue.push(other);
      }
    }
  }
  return groups;
}

/** The first half-edge of another group that a ray to the east meets, taken so that the ray's start lies to its left; -1 = none. */
function rayCaster(mesh: Mesh, groupOf: (h: number) => number) {
  const index = new Flatbush(Math.max(1, mesh.edges.length));
  for (const e of mesh.edges) index.add(Math.min(e.ax, e.bx), Math.min(e.ay, e.by), Math.max(e.ax, e.bx), Math.max(e.ay, e.by));
  if (!mesh.edges.length) index.add(0, 0);
  index.finish();
  return ([x, y]: readonly [number, number], group: number): number => {
    let [hit, at, lean] = [-1, Infinity, Infinity];
    index.search(x, y, Infinity, y, (k) => {
      const e = mesh.edges[k]!;
      if (groupOf(2 * k) === group || e.ay > y === e.by > y) return false;
      const slope = (e.bx - e.ax) / (e.by - e.ay);
      const crossing = e.ax + (y - e.ay) * slope;
      if (crossing >= x && (crossing < at || (crossing === at && slope < lean)))
        [hit, at, lean] = [e.by > e.ay ? 2 * k : 2 * k + 1, crossing, slope];
      return false;
    });
    return hit;
  };
}
