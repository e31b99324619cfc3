import type { Rng } from '../rng.ts';
import type { Mesh, Way, WayClass } from './mesh.ts';
import { add, area, contains, cross, dist, dot, orientedBox, type Pt, sub, unit } from './plane.ts';

/** How far a new way looks for a junction to meet, so that crossings form instead of staggered ends. */
const snapFor: Partial<Record<WayClass, number>> = { main: 45, minor: 34, lane: 20, wall: 12 };

interface Hit {
  t: number;
  i: number;
  p: Pt;
}

/**
 * Cut a face across its long side along one straight line, parallel to its short sides, at about `ratio` of its length.
 * Returns the new face, or undefined where no cut leaves two well-shaped halves.
 */
function cutAcross(mesh: Mesh, face: number, ratio: number, way: Way, turned: boolean): number | undefined {
  const ring = mesh.faces.get(face)!;
  const pts = mesh.points(face);
  const box = orientedBox(pts);
  const angle = turned ? box.angle + Math.PI / 2 : box.angle;
  const along: Pt = [Math.cos(angle), Math.sin(angle)];
  let across: Pt = [-along[1], along[0]];
  // lean with the sides that the cut runs beside
  let lean: Pt = [0, 0];
  for (let i = 0; i < pts.length; i++) {
    const d = sub(pts[(i + 1) % pts.length]!, pts[i]!);
    const u = unit(d);
    const c = dot(u, across);
    if (Math.abs(c) > 0.86) lean = add(lean, d, Math.sign(c));
  }
  if (Math.hypot(lean[0], lean[1]) > 1) across = unit(lean);
  const ts = pts.map((p) => dot(p, along));
  const lo = Math.min(...ts);
  const hi = Math.max(...ts);
  const mid = lo + (hi - lo) * ratio;
  // a point of the cut: on the middle line of the face
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const normal: Pt = [-along[1], along[0]];
  for (const p of pts) {
    const v = dot(p, normal);
    if (v < low) low = v;
    if (v > high) high = v;
  }
  const origin = add(add([0, 0], along, mid), normal, (low + high) / 2);
  const hits: Hit[] = [];
  for (let i = 0; i < pts.length; i++) {
    const a = pts[i]!;
    const d = sub(pts[(i + 1) % pts.length]!, a);
    const den = cross(across, d);
    if (Math.abs(den) < 1e-9) continue;
    const s = cross(sub(a, origin), across) / den;
    if (s < 0 || s >= 1) continue;
    hits.push({ t: cross(sub(a, origin), d) / den, i, p: add(a, d, s) });
  }
  hits.sort((p, q) => p.t - q.t);
  let best: [Hit, Hit] | undefined;
  let near = Number.POSITIVE_INFINITY;
  for (let k = 0; k + 1 < hits.length; k++) {
    const m: Pt = [(hits[k]!.p[0] + hits[k + 1]!.p[0]) / 2, (hits[k]!.p[1] + hits[k + 1]!.p[1]) / 2];
    const off = Math.abs(hits[k]!.t + hits[k + 1]!.t);
    if (off < near && contains(pts, m)) {
      near = off;
      best = [hits[k]!, hits[k + 1]!];
    }
  }
  if (!best) return undefined;
  const snap = snapFor[way.class] ?? 10;
  const length = dist(best[0].p, best[1].p);
  const anchor = (h: Hit): { at: Pt; corner: number | null; edge: number } => {
    let found: { at: Pt; corner: number | null; edge: number } = { at: h.p, corner: null, edge: h.i };
    let least = Number.POSITIVE_INFINITY;
    for (const k of [h.i, (h.i + 1) % ring.length, (h.i + ring.length - 1) % ring.length, (h.i + 2) % ring.length]) {
      const c = ring[k]!;
      const d = dist(h.p, mesh.at[c]!);
      const reach = mesh.degree[c]! > 2 ? Math.min(snap, length * 0.16) : 5;
      if (d < reach && d < least) {
        least = d;
        found = { at: mesh.at[c]!, corner: c, edge: h.i };
      }
    }
    return found;
  };
  const ends = [anchor(best[0]), anchor(best[1])] as const;
  // measure the halves before anything is changed
  const full: Pt[] = [];
  const marks: number[] = [];
  for (let i = 0; i < ring.length; i++) {
    full.push(pts[i]!);
    ends.forEach((e, n) => {
      if (e.corner === ring[i]) marks[n] = full.length - 1;
    });
    ends.forEach((e, n) => {
      if (e.corner === null && e.edge === i) marks[n] = full.push(e.at) - 1;
    });
  }
  const [m0, m1] = [marks[0]!, marks[1]!];
  const gap = Math.abs(m0 - m1);
  if (gap < 2 || gap > full.length - 2) return undefined;
  const half = Math.abs(area(full.slice(Math.min(m0, m1), Math.max(m0, m1) + 1)));
  const whole = Math.abs(area(full));
  if (half < whole * 0.24 || half > whole * 0.76) return undefined;
  const middle: Pt = [(ends[0].at[0] + ends[1].at[0]) / 2, (ends[0].at[1] + ends[1].at[1]) / 2];
  if (!contains(pts, middle) || crosses(pts, ends[0].at, ends[1].at)) return undefined;
  const corners = ends.map((e) => {
    if (e.corner !== null) return e.corner;
    const c = mesh.corner(e.at);
    mesh.splitEdge(ring[e.edge]!, ring[(e.edge + 1) % ring.length]!, c);
    // the other end may lie behind the corner just put in
    for (const o of ends) if (o !== e && o.corner === null && o.edge > e.edge) o.edge += 1;
    e.corner = c;
    return c;
  });
  return mesh.splitFace(face, corners[0]!, corners[1]!, way);
}

/** Does the open chord a-b meet the ring anywhere between its ends? */
function crosses(ring: readonly Pt[], a: Pt, b: Pt): boolean {
  const d = sub(b, a);
  for (let i = 0; i < ring.length; i++) {
    const p = ring[i]!;
    const e = sub(ring[(i + 1) % ring.length]!, p);
    const den = cross(d, e);
    if (Math.abs(den) < 1e-9) continue;
    const t = cross(sub(p, a), e) / den;
    const s = cross(sub(p, a), d) / den;
    if (t > 0.01 && t < 0.99 && s > -0.001 && s < 1.001) return true;
  }
  return false;
}

/** Try a few places and both directions; undefined when the face does not divide well. */
export function divide(mesh: Mesh, face: number, r: Rng, way: Way): number | undefined {
  const first = 0.44 + r() * 0.12;
  for (const turned of [false, true]) {
    for (const ratio of [first, 0.5, 0.42, 0.58, 0.36, 0.64]) {
      const made = cutAcross(mesh, face, ratio, way, turned);
      if (made !== undefined) return made;
    }
  }
  return undefined;
}
