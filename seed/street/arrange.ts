import { Mesh, type Way } from './mesh.ts';
import type { Pt } from './plane.ts';

export interface Line {
  readonly way: Way;
  readonly points: readonly Pt[];
}

/**
 * Lay lines over each other and trace the faces between them. Lines are cut where they cross; loose ends are dropped.
 * All pairs are tried: some thousand segments, once.
 */
export function arrange(lines: readonly Line[]): Mesh {
  const mesh = new Mesh();
  const segments: { a: Pt; b: Pt; way: Way; cuts: [t: number, corner: number][] }[] = [];
  for (const { way, points } of lines) {
    for (let i = 0; i + 1 < points.length; i++) {
      const a = points[i]!;
      const b = points[i + 1]!;
      segments.push({
        a,
        b,
        way,
        cuts: [
          [0, mesh.corner(a)],
          [1, mesh.corner(b)],
        ],
      });
    }
  }
  for (let i = 0; i < segments.length; i++) {
    const s = segments[i]!;
    const sx0 = Math.min(s.a[0], s.b[0]);
    const sx1 = Math.max(s.a[0], s.b[0]);
    const sy0 = Math.min(s.a[1], s.b[1]);
    const sy1 = Math.max(s.a[1], s.b[1]);
    const dx = s.b[0] - s.a[0];
    const dy = s.b[1] - s.a[1];
    for (let j = i + 1; j < segments.length; j++) {
      const q = segments[j]!;
      if (q.way === s.way) continue;
      if (Math.max(q.a[0], q.b[0]) < sx0 || Math.min(q.a[0], q.b[0]) > sx1) continue;
      if (Math.max(q.a[1], q.b[1]) < sy0 || Math.min(q.a[1], q.b[1]) > sy1) continue;
      const ex = q.b[0] - q.a[0];
      const ey = q.b[1] - q.a[1];
      const den = dx * ey - dy * ex;
      if (den === 0) continue;
      const t = ((q.a[0] - s.a[0]) * ey - (q.a[1] - s.a[1]) * ex) / den;
      const w = ((q.a[0] - s.a[0]) * dy - (q.a[1] - s.a[1]) * dx) / den;
      if (t < 0 || t > 1 || w < 0 || w > 1) continue;
      const c = mesh.corner([s.a[0] + t * dx, s.a[1] + t * dy]);
      s.cuts.push([t, c]);
      q.cuts.push([w, c]);
    }
  }
  const links = new Map<number, Set<number>>();
  const link = (a: number, b: number) => {
    const set = links.get(a);
    if (set) set.add(b);
    else links.set(a, new Set([b]));
  };
  const found = new Map<string, Way>();
  for (const s of segments) {
    s.cuts.sort((p, q) => p[0] - q[0]);
    for (let k = 0; k + 1 < s.cuts.length; k++) {
      const a = s.cuts[k]![1];
      const b = s.cuts[k + 1]![1];
      if (a === b) continue;
      link(a, b);
      link(b, a);
      const name = a < b ? `${a} ${b}` : `${b} ${a}`;
      if (!found.has(name)) found.set(name, s.way);
    }
  }
  const loose = [...links.keys()].filter((c) => links.get(c)!.size === 1);
  while (loose.length) {
    const c = loose.pop()!;
    const [only] = links.get(c) ?? [];
    links.delete(c);
    if (only === undefined) continue;
    found.delete(c < only ? `${c} ${only}` : `${only} ${c}`);
    const set = links.get(only)!;
    set.delete(c);
    if (set.size === 1) loose.push(only);
  }
  for (const [name, way] of found) {
    const [a, b] = name.split(' ').map(Number) as [number, number];
    mesh.setWay(a, b, way);
  }
  const around = new Map<number, number[]>();
  for (const [c, set] of links) {
    const p = mesh.at[c]!;
    const angle = (d: number) => Math.atan2(mesh.at[d]![1] - p[1], mesh.at[d]![0] - p[0]);
    around.set(
      c,
      [...set].sort((d, e) => angle(d) - angle(e)),
    );
    mesh.degree[c] = set.size;
  }
  const seen = new Set<string>();
  for (const [c, list] of around) {
    for (const d of list) {
      if (seen.has(`${c} ${d}`)) continue;
      const ring: number[] = [];
      let a = c;
      let b = d;
      while (!seen.has(`${a} ${b}`)) {
        seen.add(`${a} ${b}`);
        ring.push(a);
        const turn = around.get(b)!;
        const n = turn[(turn.indexOf(a) + turn.length - 1) % turn.length]!;
        a = b;
        b = n;
      }
      let twice = 0;
      for (let i = 0; i < ring.length; i++) {
        const p = mesh.at[ring[i]!]!;
        const q = mesh.at[ring[(i + 1) % ring.length]!]!;
        twice += p[0] * q[1] - p[1] * q[0];
      }
      if (twice > 0) mesh.addFace(ring);
    }
  }
  return mesh;
}
