import { add, area, cross, dot, type Pt, sub, unit } from './plane.ts';

export interface Side {
  /** where the side starts; it ends where the next one starts */
  readonly p: Pt;
  /** metres by which the side moves inwards */
  readonly d: number;
}

/** Join sides that run on in the same direction with the same distance: corners of neighbours leave no trace in a block. */
export function joinSides(sides: readonly Side[], tolerance = 0.1): Side[] {
  let out = [...sides];
  for (let changed = true; changed && out.length > 3; ) {
    changed = false;
    for (let i = 0; i < out.length; i++) {
      const prev = out[(i + out.length - 1) % out.length]!;
      const here = out[i]!;
      const next = out[(i + 1) % out.length]!;
      const a = unit(sub(here.p, prev.p));
      const b = unit(sub(next.p, here.p));
      if (dot(a, b) > 0 && Math.abs(cross(a, b)) < tolerance && Math.abs(prev.d - here.d) < 0.01) {
        out = out.filter((_, k) => k !== i);
        changed = true;
        break;
      }
    }
  }
  return out;
}

/**
 * Move every side of a counter-clockwise ring inwards by its own distance. Sides that vanish are dropped.
 * Empty when nothing is left.
 */
export function inset(given: readonly Side[]): Pt[] {
  let sides = joinSides(given).map((s, i, all) => {
    const u = unit(sub(all[(i + 1) % all.length]!.p, s.p));
    return { o: add(s.p, [-u[1], u[0]], s.d), u };
  });
  for (let round = 0; round < 40; round++) {
    const n = sides.length;
    if (n < 3) return [];
    const corners = sides.map((s, i): Pt => {
      const before = sides[(i + n - 1) % n]!;
      const den = cross(before.u, s.u);
      if (Math.abs(den) < 0.06) {
        // nearly straight on, with another distance: step halfway
        const k = dot(sub(s.o, before.o), before.u);
        const q = add(before.o, before.u, k);
        return [(q[0] + s.o[0]) / 2, (q[1] + s.o[1]) / 2];
      }
      return add(before.o, before.u, cross(sub(s.o, before.o), s.u) / den);
    });
    let worst = -1;
    let least = 0.5;
    for (let i = 0; i < n; i++) {
      const len = dot(sub(corners[(i + 1) % n]!, corners[i]!), sides[i]!.u);
      if (len < least) {
        least = len;
        worst = i;
      }
    }
    if (worst < 0) return area(corners) > 20 ? corners : [];
    sides = sides.filter((_, i) => i !== worst);
  }
  return [];
}
