import { type Rng, rngFor } from '../rng.ts';
import { arrange } from './arrange.ts';
import { divide } from './divide.ts';
import type { Mesh, Way, WayClass } from './mesh.ts';
import { communities, planLines, sheet } from './plan.ts';
import { centroid, contains, type Pt } from './plane.ts';

export type DedicatedKind = 'park' | 'school' | 'hospital' | 'mall' | 'office' | 'market';

/** A face that is not divided further. `grid` is null for a dedicated grid, `community` -1 beyond the street. */
export interface Leaf {
  readonly face: number;
  readonly community: number;
  readonly grid: number | null;
  readonly dedicated: { kind: DedicatedKind; name: string } | null;
}
export interface Partition {
  readonly mesh: Mesh;
  readonly leaves: readonly Leaf[];
  /** community index of each grid */
  readonly grids: readonly number[];
}

export const MICRO_GRIDS = 386;

/** 专属网格 by community: what they are, and what the places are called. */
const dedicatedPlan: readonly (readonly [kind: DedicatedKind, name: string])[][] = [
  [
    ['park', '永丰公园'],
    ['school', '永丰路小学'],
    ['market', '永丰农贸市场'],
    ['office', '丰德国际中心'],
  ],
  [
    ['park', '兴蓉滨河公园'],
    ['mall', '兴蓉里购物中心'],
    ['school', '兴蓉幼儿园'],
  ],
  [
    ['school', '肖家河中学'],
    ['park', '肖家河公园'],
    ['market', '正街菜市场'],
  ],
  [
    ['office', '科园智谷大厦'],
    ['park', '科园广场'],
    ['school', '高新科园小学'],
  ],
  [
    ['park', '新北公园'],
    ['school', '新北小学'],
    ['mall', '新北天地'],
  ],
  [
    ['hospital', '新盛医院'],
    ['park', '新盛游园'],
    ['school', '新盛中学'],
  ],
  [
    ['mall', '新光天街'],
    ['park', '新光公园'],
    ['office', '新光商务楼'],
  ],
];

function flood(mesh: Mesh, start: number): Set<number> {
  const found = new Set([start]);
  const queue = [start];
  while (queue.length) {
    const ring = mesh.faces.get(queue.pop()!)!;
    for (let i = 0; i < ring.length; i++) {
      const a = ring[i]!;
      const b = ring[(i + 1) % ring.length]!;
      if (mesh.way(a, b)?.border) continue;
      const other = mesh.faceLeftOf(b, a);
      if (other !== undefined && !found.has(other)) {
        found.add(other);
        queue.push(other);
      }
    }
  }
  return found;
}

/** Divide the sheet: main roads -> communities -> general grids along streets -> micro-grids along lanes and court walls. */
export function partition(seed: number): Partition {
  const r = rngFor(seed, 'partition');
  const mesh = arrange(planLines());
  let nextWay = 1000;
  const newWay = (cls: WayClass): Way => ({ id: nextWay++, class: cls, name: '', border: false });
  const communityOf = new Map<number, number>();
  communities.forEach((c, i) => {
    const p = sheet(c.seed as unknown as Pt);
    const start = [...mesh.faces.keys()].find((f) => contains(mesh.points(f), p));
    if (start === undefined) throw new RangeError(`the seed of ${c.name} lies in no face`);
    for (const f of flood(mesh, start)) communityOf.set(f, i);
  });
  const beyond = [...mesh.faces.keys()].filter((f) => !communityOf.has(f));

  // general grids
  const gridOf = new Map<number, number>();
  const grids: number[] = [];
  communities.forEach((c, i) => {
    const faces = [...communityOf].filter(([, k]) => k === i).map(([f]) => f);
    splitUntil(
      mesh,
      faces,
      r,
      (list) => list.length >= c.grids,
      () => 1,
      () => newWay('minor'),
    );
    for (const f of faces) {
      communityOf.set(f, i);
      gridOf.set(f, grids.push(i) - 1);
    }
  });

  // courts, of which some become dedicated grids
  const grain = grids.map(() => 0.8 + r() * 0.5);
  let pieces = [...gridOf.keys()];
  const inherit = (from: number, to: number) => gridOf.set(to, gridOf.get(from)!);
  splitUntil(
    mesh,
    pieces,
    r,
    (_, largest) => largest < 19_000,
    () => 1,
    (a) => newWay(a > 60_000 ? 'minor' : 'lane'),
    inherit,
  );
  const dedicated = chooseDedicated(mesh, pieces, gridOf, grids, r);
  pieces = pieces.filter((f) => !dedicated.has(f));
  splitUntil(
    mesh,
    pieces,
    r,
    (list) => list.length >= MICRO_GRIDS,
    (f) => grain[gridOf.get(f)!]!,
    (a) => newWay(a > 15_500 ? 'lane' : 'wall'),
    inherit,
  );

  const far = [...beyond];
  const rf = rngFor(seed, 'beyond');
  splitUntil(
    mesh,
    far,
    rf,
    (_, largest) => largest < 17_000,
    () => 1,
    (a) => newWay(a > 70_000 ? 'minor' : 'lane'),
  );

  const leaves: Leaf[] = [
    ...pieces.map((face) => ({ face, community: grids[gridOf.get(face)!]!, grid: gridOf.get(face)!, dedicated: null })),
    ...[...dedicated].map(([face, d]) => ({ face, community: grids[gridOf.get(face)!]!, grid: null, dedicated: d })),
    ...far.map((face) => ({ face, community: -1, grid: null, dedicated: null })),
  ];
  return { mesh, leaves, grids };
}

/** Split the largest face of the list again and again; `faces` grows in place. Faces that do not divide well stay whole. */
function splitUntil(
  mesh: Mesh,
  faces: number[],
  r: Rng,
  done: (faces: readonly number[], largest: number) => boolean,
  weight: (face: number) => number,
  way: (area: number) => Way,
  inherit: (from: number, to: number) => void = () => {},
) {
  const size = new Map(faces.map((f) => [f, mesh.area(f) * weight(f)]));
  for (;;) {
    let largest = -1;
    let most = 0;
    for (const [f, s] of size) {
      if (s > most) {
        most = s;
        largest = f;
      }
    }
    if (largest < 0 || done(faces, most)) return;
    const made = divide(mesh, largest, r, way(mesh.area(largest)));
    if (made === undefined) {
      size.delete(largest);
      continue;
    }
    inherit(largest, made);
    faces.push(made);
    for (const f of [largest, made]) size.set(f, mesh.area(f) * weight(f));
  }
}

/** Dedicated grids take courts beside a street, far from each other, of the size their kind needs. */
function chooseDedicated(mesh: Mesh, faces: readonly number[], gridOf: ReadonlyMap<number, number>, grids: readonly number[], r: Rng) {
  const out = new Map<number, { kind: DedicatedKind; name: string }>();
  const taken: Pt[] = [];
  const touches = (f: number, cls: readonly WayClass[]) => {
    const ring = mesh.faces.get(f)!;
    return ring.some((a, i) => cls.includes(mesh.way(a, ring[(i + 1) % ring.length]!)?.class ?? 'wall'));
  };
  dedicatedPlan.forEach((list, community) => {
    const own = faces.filter((f) => grids[gridOf.get(f)!] === community);
    for (const [kind, name] of list) {
      let best = -1;
      let most = Number.NEGATIVE_INFINITY;
      for (const f of own) {
        if (out.has(f) || !touches(f, ['ring', 'main', 'minor'])) continue;
        const c = centroid(mesh.points(f));
        const apart = Math.min(700, ...taken.map((t) => Math.hypot(t[0] - c[0], t[1] - c[1])));
        const size = mesh.area(f);
        let score = apart / 100 + r() * 2;
        if (kind === 'park') score += (touches(f, ['river']) ? 5 : 0) - size / 12_000;
        else if (kind === 'mall' || kind === 'office') score += (touches(f, ['ring']) ? 3 : touches(f, ['main']) ? 2 : 0) + size / 9000;
        else score += size / 8000 - (touches(f, ['river']) ? 4 : 0);
        if (score > most) {
          most = score;
          best = f;
        }
      }
      if (best < 0) continue;
      out.set(best, { kind, name });
      taken.push(centroid(mesh.points(best)));
    }
  });
  return out;
}
