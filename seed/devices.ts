import type { LngLat } from '../model/brand.ts';
import { CAR_PARKS, type DemoFacility, facilities, SHEDS } from './facilities.ts';
import { elders } from './people.ts';
import { between, pick, type Rng, rngFor, shuffle } from './rng.ts';
import { planLines } from './street/plan.ts';
import { add, centroid, contains, dist, type Pt, sub, toLngLat, toMetres, unit } from './street/plane.ts';
import type { Court, House, Street } from './street/street.ts';

export interface DemoSensor {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly lngLat: LngLat;
  readonly area: string;
  /** what carries it together with other sensors */
  readonly device?: string;
  readonly facility?: string;
  /** vault id of the person it looks after */
  readonly person?: string;
}
export interface DemoCamera {
  readonly id: string;
  readonly name: string;
  readonly lngLat: LngLat;
  readonly area: string | null;
  readonly bearing: number;
  readonly facility?: string;
}

/** 1,281 in all: 40 charging sheds of three sensors each, 60 people living alone with a button and what else watches over them */
export const sensorCounts = {
  smoke: 360,
  gas: 140,
  thermal: 12,
  'charge-sockets': SHEDS,
  'charge-load': SHEDS,
  'charge-temp': SHEDS,
  'water-level': 12,
  noise: 40,
  air: 24,
  manhole: 130,
  lamp: 108,
  lift: 100,
  bin: 40,
  machine: 8,
  sos: 60,
  activity: 45,
  door: 40,
  crowd: 20,
  parking: CAR_PARKS,
} as const;
export const CAMERAS = 612;

interface Spot {
  readonly at: Pt;
  readonly name: string;
  readonly area: string;
  readonly device?: string;
  readonly facility?: string;
  readonly person?: string;
}

/** Sensors where such things stand: detectors in buildings, covers and lamps along streets, gauges at the river. */
export function sensors(street: Street): DemoSensor[] {
  const r = rngFor(street.seed, 'sensors');
  const out: DemoSensor[] = [];
  // what stands where does not depend on when it was opened
  const sites = facilities(street, 0);
  const sheds = sites.filter((f) => f.kind === 'charging-shed');
  const ofShed = (what: string) => sheds.map((f, i) => ({ ...atFacility(f, what), device: `d-shed-${String(i + 1).padStart(2, '0')}` }));
  const alone = livingAlone(street);
  const byKind: Record<keyof typeof sensorCounts, Spot[]> = {
    smoke: inHouses(street, r, (h) => h.floors >= 6),
    gas: inHouses(street, r, (h) => h.use === 'shop' || h.use === 'mall' || h.use === 'hall'),
    thermal: inCourts(street, r, '易燃棚', (c) => c.kind === 'market' || (c.kind === 'homes' && r() < 0.04)),
    'charge-sockets': ofShed('插座'),
    'charge-load': ofShed('负荷'),
    'charge-temp': ofShed('温度'),
    'water-level': alongRiver(street),
    noise: alongStreets(street, r, 9, '噪声点'),
    air: inCourts(street, r, '扬尘站', (c) => c.kind !== 'homes' || r() < 0.1),
    manhole: alongStreets(street, r, 2, '井盖'),
    lamp: alongStreets(street, r, 6, '路灯'),
    lift: inHouses(street, r, (h) => h.floors > 7),
    bin: inCourts(street, r, '垃圾箱房', () => true),
    machine: sites.flatMap((f) =>
      (f.offers ?? []).flatMap((o) => (o.device ? [{ ...atFacility(f, ` ${o.name.zh}`), device: o.device }] : [])),
    ),
    sos: alone.map((s) => ({ ...s, name: `${s.name} SOS 按钮` })),
    activity: alone.map((s) => ({ ...s, name: `${s.name}活动感知` })),
    door: alone.map((s) => ({ ...s, name: `${s.name}门磁` })),
    crowd: inCourts(street, r, '人流', (c) => c.kind !== 'homes'),
    parking: sites.filter((f) => f.kind === 'parking').map((f) => atFacility(f, '')),
  };
  for (const [kind, count] of Object.entries(sensorCounts)) {
    const spots = byKind[kind as keyof typeof sensorCounts];
    if (spots.length === 0) throw new RangeError(`no place for a sensor of kind ${kind}`);
    for (let i = 0; i < count; i++) {
      const { at, ...s } = spots[i % spots.length]!;
      const place = i < spots.length ? at : add(at, [between(r, -4, 4), between(r, -4, 4)]);
      out.push({ id: `s-${String(out.length + 1).padStart(4, '0')}`, kind, ...s, lngLat: toLngLat(place) });
    }
  }
  return out;
}

const atFacility = (f: DemoFacility, what: string): Spot => ({
  at: toMetres(f.lngLat),
  name: `${f.name}${what}`,
  area: f.area,
  facility: f.id,
});

/** Homes of people living alone (独居老人): the building is named, never the person. */
function livingAlone(street: Street): Spot[] {
  const r = rngFor(street.seed, 'living alone');
  const homes = street.courts.flatMap((c) => c.houses.flatMap((h) => (h.households > 0 ? [{ c, h }] : [])));
  return shuffle(r, homes)
    .slice(0, sensorCounts.sos)
    .map(({ c, h }, i) => ({ at: centroid(h.ring), name: `${c.name}${h.name}`, area: c.code, person: elders(street)[i]!.id }));
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
  const n = sensorCounts['water-level'];
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
  return lookingAt(facilities(street, 0), out);
}

/** A camera of a facility is the nearest one, where one hangs within 90 m of it. */
function lookingAt(sites: readonly DemoFacility[], list: readonly DemoCamera[]): DemoCamera[] {
  const at = list.map((c) => toMetres(c.lngLat));
  const of = new Map<number, string>();
  for (const f of sites) {
    const here = toMetres(f.lngLat);
    const near = at.flatMap((p, i) => (dist(p, here) < 90 && !of.has(i) ? [[dist(p, here), i] as const] : [])).sort((a, b) => a[0] - b[0]);
    if (near[0]) of.set(near[0][1], f.id);
  }
  return list.map((c, i) => (of.has(i) ? { ...c, facility: of.get(i)! } : c));
}
