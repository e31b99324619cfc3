import type { LngLat } from '../model/brand.ts';
import { between, pick, type Rng, rngFor, shuffle } from './rng.ts';
import { planLines } from './street/plan.ts';
import { add, centroid, contains, type Pt, sub, toLngLat, unit } from './street/plane.ts';
import type { Court, House, Street } from './street/street.ts';

export interface DemoSensor {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly lngLat: LngLat;
  readonly area: string;
}
export interface DemoCamera {
  readonly id: string;
  readonly name: string;
  readonly lngLat: LngLat;
  readonly area: string | null;
  readonly bearing: number;
}

/** 1,281 in all */
export const sensorCounts: Readonly<Record<string, number>> = {
  smoke: 420,
  gas: 150,
  'water-level': 12,
  manhole: 160,
  noise: 40,
  charging: 120,
  lamp: 180,
  lift: 110,
  bin: 60,
  air: 29,
};
export const CAMERAS = 612;

interface Spot {
  readonly at: Pt;
  readonly name: string;
  readonly area: string;
}

/** Sensors where such things stand: detectors in buildings, covers and lamps along streets, gauges at the river. */
export function sensors(street: Street): DemoSensor[] {
  const r = rngFor(street.seed, 'sensors');
  const out: DemoSensor[] = [];
  const byKind: Record<string, Spot[]> = {
    smoke: inHouses(street, r, (h) => h.floors >= 6),
    gas: inHouses(street, r, (h) => h.use === 'shop' || h.use === 'mall' || h.use === 'hall'),
    'water-level': alongRiver(street),
    manhole: alongStreets(street, r, 2, '井盖'),
    noise: alongStreets(street, r, 9, '噪声点'),
    charging: inCourts(street, r, '充电棚', (c) => c.kind === 'homes'),
    lamp: alongStreets(street, r, 6, '路灯'),
    lift: inHouses(street, r, (h) => h.floors > 7),
    bin: inCourts(street, r, '垃圾箱房', () => true),
    air: inCourts(street, r, '空气站', (c) => c.kind !== 'homes' || r() < 0.1),
  };
  for (const [kind, count] of Object.entries(sensorCounts)) {
    const spots = byKind[kind]!;
    if (spots.length === 0) throw new RangeError(`no place for a sensor of kind ${kind}`);
    for (let i = 0; i < count; i++) {
      const s = spots[i % spots.length]!;
      const at = i < spots.length ? s.at : add(s.at, [between(r, -4, 4), between(r, -4, 4)]);
      out.push({ id: `s-${String(out.length + 1).padStart(4, '0')}`, kind, name: s.name, lngLat: toLngLat(at), area: s.area });
    }
  }
  return out;
}

function inHouses(street: Street, r: Rng, which: (h: House) => boolean): Spot[] {
  const out = street.courts.flatMap((c) =>
    c.houses.filter(which).map((h): Spot => {
      const where =
        h.name || { shop: '底商', mall: '商场', hall: '市场', office: '写字楼', school: '教学楼', hospital: '住院楼', home: '' }[h.use];
      return { at: centroid(h.ring), name: `${c.name}${where}`, area: c.code };
    }),
  );
  return shuffle(r, out);
}

function inCourts(street: Street, r: Rng, what: string, which: (c: Court) => boolean): Spot[] {
  const list = street.courts
    .filter((c) => which(c) && c.kerb.length > 2)
    .map((c): Spot => ({ at: add(c.heart, [between(r, -6, 6), between(r, -6, 6)]), name: `${c.name}${what}`, area: c.code }));
  return shuffle(r, list);
}

/** The court whose ground is beside the way, a little off its middle. */
function beside(street: Street, a: number, b: number, t: number): { at: Pt; court: Court } | undefined {
  const face = street.mesh.faceLeftOf(a, b);
  const court = face === undefined ? undefined : courtOfFace(street).get(face);
  if (!court) return undefined;
  const p = street.mesh.at[a]!;
  const d = sub(street.mesh.at[b]!, p);
  const u = unit(d);
  const at = add(add(p, d, t), [-u[1], u[0]], 2.5);
  return contains(street.mesh.points(court.face), at) ? { at, court } : undefined;
}

const faceTables = new WeakMap<Street, Map<number, Court>>();
function courtOfFace(street: Street) {
  let table = faceTables.get(street);
  if (!table) {
    table = new Map(street.courts.map((c) => [c.face, c]));
    faceTables.set(street, table);
  }
  return table;
}

function alongStreets(street: Street, r: Rng, every: number, what: string): Spot[] {
  const out: Spot[] = [];
  let n = 0;
  for (const [a, b, way] of street.mesh.edges()) {
    if (way.class === 'wall' || way.class === 'river' || way.class === 'frame') continue;
    for (const [p, q] of [
      [a, b],
      [b, a],
    ] as const) {
      const spot = beside(street, p, q, 0.25 + r() * 0.5);
      if (spot && n++ % every === 0)
        out.push({ at: spot.at, name: `${way.name}${what} ${String(out.length + 1).padStart(3, '0')}`, area: spot.court.code });
    }
  }
  return shuffle(r, out);
}

function alongRiver(street: Street): Spot[] {
  const edges = [...street.mesh.edges()].filter(([, , w]) => w.class === 'river');
  const spots = edges.flatMap(([a, b, w]) => {
    const s = beside(street, a, b, 0.5) ?? beside(street, b, a, 0.5);
    return s ? [{ at: s.at, name: `${w.name}断面`, area: s.court.code }] : [];
  });
  const river = planLines().find((l) => l.way.name === '肖家河')!.points;
  const along = (p: Pt) =>
    river.reduce(
      (best, q, i) => (Math.hypot(q[0] - p[0], q[1] - p[1]) < best[0] ? [Math.hypot(q[0] - p[0], q[1] - p[1]), i] : best),
      [1e9, 0],
    )[1]!;
  spots.sort((p, q) => along(p.at) - along(q.at));
  const n = sensorCounts['water-level']!;
  return Array.from({ length: n }, (_, i) => {
    const s = spots[Math.min(spots.length - 1, Math.round((i * (spots.length - 1)) / (n - 1)))]!;
    return { ...s, name: `${s.name} ${i + 1}` };
  });
}

/** Cameras at crossings, each looking down one of the streets, then at the gates of courts. `bearing`: degrees clockwise from north. */
export function cameras(street: Street): DemoCamera[] {
  const r = rngFor(street.seed, 'cameras');
  const { mesh } = street;
  const around = new Map<number, { to: number; name: string; rank: number }[]>();
  const own = courtOfFace(street);
  const ranks = { ring: 3, main: 3, minor: 2, lane: 1 } as Record<string, number>;
  for (const [a, b, way] of mesh.edges()) {
    const rank = ranks[way.class];
    if (!rank) continue;
    for (const [p, q] of [
      [a, b],
      [b, a],
    ] as const) {
      const list = around.get(p) ?? [];
      list.push({ to: q, name: way.name, rank });
      around.set(p, list);
    }
  }
  const courtAt = (c: number) => {
    for (const { to } of around.get(c) ?? []) {
      const face = [mesh.faceLeftOf(c, to), mesh.faceLeftOf(to, c)].find((f) => f !== undefined && own.has(f));
      if (face !== undefined) return own.get(face)!;
    }
    return undefined;
  };
  const crossings = [...around]
    .filter(([c, list]) => list.length > 2 && courtAt(c))
    .map(([c, list]) => ({ c, list, score: list.reduce((s, l) => s + l.rank, 0) + (list.length > 3 ? 2 : 0) }))
    .sort((p, q) => q.score - p.score || p.c - q.c);
  const out: DemoCamera[] = [];
  const bearing = (from: Pt, to: Pt) => Math.round(((Math.atan2(to[0] - from[0], to[1] - from[1]) * 180) / Math.PI + 360) % 360) % 360;
  const put = (at: Pt, towards: Pt, name: string, area: string | null) =>
    out.push({ id: `c-${String(out.length + 1).padStart(4, '0')}`, name, lngLat: toLngLat(at), area, bearing: bearing(at, towards) });
  for (const { c, list, score } of crossings) {
    if (out.length >= CAMERAS - 170) break;
    const names = [...new Set(list.map((l) => l.name))];
    const here = mesh.at[c]!;
    for (const [i, l] of list.slice(0, score > 8 ? 4 : 2).entries()) {
      const to = mesh.at[l.to]!;
      put(add(here, unit(sub(to, here)), 3), to, `${names.slice(0, 2).join('/')}路口 ${i + 1}`, null);
    }
  }
  const gates = shuffle(
    r,
    street.courts.filter((c) => c.kerb.length > 2),
  );
  for (let i = 0; out.length < CAMERAS; i++) {
    const c = gates[i % gates.length]!;
    const gate = c.kerb[i % c.kerb.length]!;
    put(add(gate, unit(sub(c.heart, gate)), 4), c.heart, `${c.name}${pick(r, ['东门', '南门', '西门', '北门'])}`, c.code);
  }
  return out;
}
