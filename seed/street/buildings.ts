import { between, type Rng, weighted } from '../rng.ts';
import { inset, type Side } from './inset.ts';
import type { WayClass } from './mesh.ts';
import type { DedicatedKind } from './partition.ts';
import { add, area, contains, orientedBox, type Pt, rotate, spans, sub, unit } from './plane.ts';

export interface Building {
  readonly ring: readonly Pt[];
  readonly floors: number;
  /** people live here */
  readonly homes: boolean;
  readonly use: 'home' | 'shop' | 'hall' | 'office' | 'school' | 'hospital' | 'mall';
}
export type BlockSide = Side & { readonly class: WayClass };

const box = (x0: number, y0: number, x1: number, y1: number): Pt[] => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];

/** How the slabs of a block lie: along its sides, on the pair of sides that lets them face south best; radians in [-45, 45] degrees. */
function southward(ring: readonly Pt[]): number {
  const a = orientedBox(ring).angle;
  const q = Math.PI / 2;
  return a - Math.round(a / q) * q;
}

/** Stretches of a row that are inside the ring over its whole depth. */
function row(ring: readonly Pt[], y0: number, y1: number): [number, number][] {
  let out = spans(ring, y0);
  for (const y of [(y0 + y1) / 2, y1]) {
    const other = spans(ring, y);
    out = out.flatMap(([a, b]) => other.map(([c, d]): [number, number] => [Math.max(a, c), Math.min(b, d)]).filter(([c, d]) => d > c));
  }
  return out;
}

interface Slabs {
  depth: number;
  gap: number;
  length: number;
  aside: number;
  floors: () => number;
}

/** 行列式: parallel rows of slabs, each facing south; rows share what room is left over. */
function slabs(ring: readonly Pt[], s: Slabs): Omit<Building, 'use'>[] {
  if (ring.length < 3) return [];
  const angle = southward(ring);
  const local = ring.map((p) => rotate(p, -angle));
  const ys = local.map((p) => p[1]);
  const lo = Math.min(...ys) + 1;
  const hi = Math.max(...ys) - 1;
  const rows = Math.max(1, Math.floor((hi - lo + s.gap) / (s.depth + s.gap)));
  const pitch = rows > 1 ? (hi - lo - s.depth) / (rows - 1) : 0;
  const out: Omit<Building, 'use'>[] = [];
  for (let k = 0; k < rows; k++) {
    const y0 = rows === 1 ? (lo + hi - s.depth) / 2 : lo + k * pitch;
    const floors = s.floors();
    for (const [a, b] of row(local, y0, y0 + s.depth)) {
      const room = b - a;
      if (room < 13) continue;
      const n = Math.max(1, Math.round((room + s.aside) / (s.length + s.aside)));
      const length = (room - (n - 1) * s.aside) / n;
      if (length < 11) continue;
      for (let i = 0; i < n; i++) {
        const x = a + i * (length + s.aside);
        out.push({ ring: box(x, y0, x + length, y0 + s.depth).map((p) => rotate(p, angle)), floors, homes: true });
      }
    }
  }
  return out;
}

/** Point towers in rows that share the room, every other row set back by half a step where it has one tower less. */
function towers(ring: readonly Pt[], size: number, gap: number, floors: () => number): Omit<Building, 'use'>[] {
  if (ring.length < 3) return [];
  const angle = southward(ring);
  const local = ring.map((p) => rotate(p, -angle));
  const ys = local.map((p) => p[1]);
  const lo = Math.min(...ys) + 1;
  const hi = Math.max(...ys) - 1;
  const rows = Math.max(1, Math.floor((hi - lo + gap) / (size + gap)));
  const pitch = rows > 1 ? (hi - lo - size) / (rows - 1) : 0;
  const notch = size * 0.22;
  const out: Omit<Building, 'use'>[] = [];
  for (let k = 0; k < rows; k++) {
    const y = rows === 1 ? (lo + hi - size) / 2 : lo + k * pitch;
    for (const [a, b] of row(local, y, y + size)) {
      const n = Math.floor((b - a + gap) / (size + gap));
      const step = n > 1 ? (b - a - size) / (n - 1) : 0;
      for (let i = 0; i < n; i++) {
        const x = n === 1 ? (a + b - size) / 2 : a + i * step;
        const shape: Pt[] = [
          [x + notch, y],
          [x + size - notch, y],
          [x + size - notch, y + notch],
          [x + size, y + notch],
          [x + size, y + size - notch * 0.5],
          [x, y + size - notch * 0.5],
          [x, y + notch],
          [x + notch, y + notch],
        ];
        out.push({ ring: shape.map((p) => rotate(p, angle)), floors: floors(), homes: true });
      }
    }
  }
  return out;
}

/** 底商: low shops along the street sides of a block, in stretches with gates between. */
function shops(sides: readonly BlockSide[], kerb: readonly Pt[], depth: number, r: Rng): Building[] {
  const out: Building[] = [];
  const used: Pt[][] = [];
  for (let i = 0; i < kerb.length; i++) {
    const a = kerb[i]!;
    const b = kerb[(i + 1) % kerb.length]!;
    const mid: Pt = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    const cls = nearestClass(sides, mid);
    if (cls !== 'ring' && cls !== 'main' && cls !== 'minor') continue;
    const u = unit(sub(b, a));
    const n: Pt = [-u[1], u[0]];
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
    for (let t = depth * 0.7 + 2; t < length - depth * 0.7 - 8; ) {
      const l = Math.min(between(r, 16, 38), length - depth * 0.7 - 2 - t);
      if (l > 9) {
        const p = add(a, u, t);
        const ring = [p, add(p, u, l), add(add(p, u, l), n, depth), add(p, n, depth)];
        if (
          ring.every((q) => contains(kerb, add(q, n, 0.3)) || ring.indexOf(q) < 2) &&
          !used.some((o) => ring.some((q) => contains(o, q)))
        ) {
          used.push(ring);
          out.push({ ring, floors: r() < 0.5 ? 2 : 3, homes: false, use: 'shop' });
        }
      }
      t += l + (r() < 0.3 ? 7 : 1.6);
    }
  }
  return out;
}

function nearestClass(sides: readonly BlockSide[], p: Pt): WayClass {
  let cls: WayClass = 'wall';
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < sides.length; i++) {
    const a = sides[i]!.p;
    const d = sub(sides[(i + 1) % sides.length]!.p, a);
    const l2 = d[0] * d[0] + d[1] * d[1] || 1;
    const t = Math.max(0, Math.min(1, ((p[0] - a[0]) * d[0] + (p[1] - a[1]) * d[1]) / l2));
    const off = Math.hypot(p[0] - a[0] - d[0] * t, p[1] - a[1] - d[1] * t) - sides[i]!.d;
    if (off < least) {
      least = off;
      cls = sides[i]!.class;
    }
  }
  return cls;
}

const street = (c: WayClass) => c === 'ring' || c === 'main' || c === 'minor';

export type Fabric = 'old' | 'court' | 'estate' | 'mixed' | DedicatedKind;

/** Fill one block with what stands there. `sides` is the block's outline with the room its ways take. */
export function build(sides: readonly BlockSide[], fabric: Fabric, r: Rng): Building[] {
  const kerb = inset(sides);
  if (kerb.length < 3 || area(kerb) < 260) return [];
  const back = (street_: number, other: number) => inset(sides.map((s) => ({ p: s.p, d: s.d + (street(s.class) ? street_ : other) })));
  const home = (list: Omit<Building, 'use'>[]): Building[] => list.map((b) => ({ ...b, use: 'home' }));
  switch (fabric) {
    case 'old': {
      const front = shops(sides, kerb, 8.5, r);
      const floors = () => (r() < 0.7 ? 6 : 7);
      return [
        ...front,
        ...home(
          slabs(back(front.length ? 12 : 3, 2), { depth: 11.5, gap: between(r, 7.5, 9.5), length: between(r, 28, 42), aside: 4.5, floors }),
        ),
      ];
    }
    case 'court': {
      const front = shops(sides, kerb, 9.5, r);
      const floors = () =>
        weighted(r, [
          [6, 3],
          [7, 4],
          [9, 1],
          [11, 1],
        ]);
      return [
        ...front,
        ...home(
          slabs(back(front.length ? 13.5 : 4, 2.5), { depth: 13, gap: between(r, 10, 13), length: between(r, 36, 56), aside: 6, floors }),
        ),
      ];
    }
    case 'estate': {
      const inner = back(4, 2.5);
      const t =
        inner.length > 2
          ? towers(inner, between(r, 23, 27), between(r, 13, 18), () =>
              weighted(r, [
                [18, 3],
                [24, 2],
                [28, 1],
                [33, 2],
              ]),
            )
          : [];
      if (t.length < 2 || area(inner) / t.length > 2100) return build(sides, 'court', r);
      return home(t);
    }
    case 'mixed': {
      const inner = back(4, 2.5);
      const rows = home(
        slabs(inner, {
          depth: 16,
          gap: between(r, 13, 18),
          length: between(r, 32, 50),
          aside: 9,
          floors: () =>
            weighted(r, [
              [11, 2],
              [16, 2],
              [18, 2],
            ]),
        }),
      );
      return rows.length < 3 ? build(sides, 'court', r) : rows;
    }
    case 'park':
      return [];
    case 'mall': {
      const hall = back(5, 5);
      if (hall.length < 3) return [];
      return [
        { ring: hall, floors: 5, homes: false, use: 'mall' },
        ...towers(back(16, 16), 28, 30, () => 26)
          .slice(0, 2)
          .map((b): Building => ({ ...b, homes: false, use: 'office' })),
      ];
    }
    case 'office': {
      const podium = back(14, 16);
      const tall = towers(back(8, 8), 30, 18, () =>
        weighted(r, [
          [22, 1],
          [28, 1],
          [36, 1],
        ]),
      ).map((b): Building => ({ ...b, homes: false, use: 'office' }));
      return podium.length < 3 ? tall : [{ ring: podium, floors: 4, homes: false, use: 'office' }, ...tall];
    }
    case 'market':
      return slabs(back(6, 5), { depth: 26, gap: 9, length: 60, aside: 8, floors: () => 2 }).map(
        (b): Building => ({ ...b, homes: false, use: 'hall' }),
      );
    case 'school':
      return slabs(back(8, 6), { depth: 12, gap: 26, length: 62, aside: 14, floors: () => 5 }).map(
        (b): Building => ({ ...b, homes: false, use: 'school' }),
      );
    case 'hospital':
      return slabs(back(8, 6), {
        depth: 20,
        gap: 14,
        length: 50,
        aside: 10,
        floors: () =>
          weighted(r, [
            [6, 1],
            [12, 1],
            [17, 1],
          ]),
      }).map((b): Building => ({ ...b, homes: false, use: 'hospital' }));
  }
}

/** The same for the surroundings, plainer: only slabs and towers. */
export function buildFar(sides: readonly BlockSide[], r: Rng): Building[] {
  const inner = inset(sides.map((s) => ({ p: s.p, d: s.d + 5 })));
  if (inner.length < 3 || area(inner) < 500) return [];
  const what = r();
  if (what < 0.06) return [];
  if (what < 0.2) {
    const t = towers(inner, 24, 24, () => 24);
    if (t.length) return t.map((b) => ({ ...b, ring: squared(b.ring), use: 'home' }));
  }
  if (what < 0.27)
    return [{ ring: inset(sides.map((s) => ({ p: s.p, d: s.d + 16 }))), floors: 4, homes: false, use: 'hall' as const }].filter(
      (b) => b.ring.length > 2,
    );
  return slabs(inner, { depth: between(r, 11, 14), gap: between(r, 12, 18), length: between(r, 40, 64), aside: 8, floors: () => 7 }).map(
    (b) => ({ ...b, use: 'home' }),
  );
}
/** Far away a tower is a square. */
const squared = (ring: readonly Pt[]): Pt[] => [ring[6]!, ring[3]!, ring[4]!, ring[5]!];
