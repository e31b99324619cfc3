import { type Alarm, byUrgency, hidden } from './alarm.ts';
import type { AreaCode } from './brand.ts';
import { sensorKindOf } from './centre.ts';
import { type Facility, isOpenAt, type Offer, type ServiceTab } from './facility.ts';
import { type Hours, hoursChangeAfter } from './hours.ts';
import type { Incident } from './incident.ts';
import type { Sensor, World } from './world.ts';

/**
 * What is known of a facility at a moment: whether it is open, which of its machines are up, how much of it is taken, what is wrong there.
 * Pure: the world, what its sensors say, the moment.
 */
export interface SensorSaid {
  readonly value: number;
  /** device time, epoch ms */
  readonly at: number;
  readonly online: boolean;
}
/** undefined = never heard */
export type Said = (sensor: Sensor) => SensorSaid | undefined;

export interface OpenState {
  readonly open: boolean;
  /** epoch ms; null = it never changes */
  readonly changesAt: number | null;
}
/** Up = every sensor of it is on line and none is in alarm. `since`: of a machine that is down, as far as the world tells. */
export interface MachineState {
  readonly up: boolean;
  readonly why: 'alarm' | 'offline' | null;
  readonly since: number | null;
  /** newest reading of it */
  readonly at: number | null;
}
export interface OfferFigures extends OpenState {
  readonly offer: Offer;
  /** null = nothing watches over it, or nothing was ever heard */
  readonly machine: MachineState | null;
}
export interface Occupancy {
  /** sockets, bays or seats taken */
  readonly value: number;
  /** per cent of the capacity; null = its capacity is not known */
  readonly share: number | null;
  /** the oldest of the readings it is made of */
  readonly at: number;
  readonly online: boolean;
}
export interface FacilityReading extends SensorSaid {
  readonly sensor: Sensor;
}
export interface FacilityFigures extends OpenState {
  readonly facility: Facility;
  /** 24 小时 */
  readonly always: boolean;
  readonly offers: readonly OfferFigures[];
  /** null = nothing counts it, or nothing was heard yet */
  readonly occupied: Occupancy | null;
  /** how many of its sensors count what is taken */
  readonly counters: number;
  /** what else its sensors measure, in order of their registration */
  readonly readings: readonly FacilityReading[];
  /** standing alarms of its sensors, most urgent first */
  readonly alarms: readonly Alarm[];
}

/** What the figures of every facility are counted with; made once for a world. */
export interface FacilityIndex {
  readonly sensors: ReadonlyMap<string, readonly Sensor[]>;
  readonly devices: ReadonlyMap<string, readonly Sensor[]>;
}
export function facilityIndex({ sensors }: Pick<World, 'sensors'>): FacilityIndex {
  const index = { sensors: new Map<string, Sensor[]>(), devices: new Map<string, Sensor[]>() };
  const add = (map: Map<string, Sensor[]>, key: string | undefined, s: Sensor) => {
    if (key === undefined) return;
    const list = map.get(key);
    if (list) list.push(s);
    else map.set(key, [s]);
  };
  for (const s of sensors.values()) {
    add(index.sensors, s.facility, s);
    add(index.devices, s.device, s);
  }
  return index;
}

const openState = (hours: Hours, now: number, offset: number): OpenState => ({
  open: isOpenAt(hours, now, offset),
  changesAt: hoursChangeAfter(hours, now, offset),
});

type Seen = Pick<World, 'centre' | 'alarms'>;

/** @param index of the same world @param now epoch ms, the moment shown */
export function facilityFigures(facility: Facility, world: Seen, index: FacilityIndex, said: Said, now: number): FacilityFigures {
  const offset = world.centre?.utcOffsetMinutes ?? 0;
  const own = new Set(index.sensors.get(facility.id));
  for (const o of facility.offers) for (const s of (o.device && index.devices.get(o.device)) || []) own.add(s);
  const sensors = [...own];
  const machines = new Set(facility.offers.flatMap((o) => o.device ?? []));
  const counts = sensors.filter((s) => sensorKindOf(world.centre, s.kind)?.measures === 'occupied');
  const readings = sensors.flatMap((sensor): FacilityReading[] => {
    const what = said(sensor);
    if (!what || counts.includes(sensor) || (sensor.device !== undefined && machines.has(sensor.device))) return [];
    return [{ sensor, ...what }];
  });
  return {
    facility,
    ...openState(facility.hours, now, offset),
    always: facility.hours.length === 0,
    offers: facility.offers.map((offer) => ({
      offer,
      ...openState(offer.hours ?? facility.hours, now, offset),
      machine: offer.device === undefined ? null : machineState(index.devices.get(offer.device) ?? [], world, said),
    })),
    counters: counts.length,
    occupied: occupancy(counts.map(said), facility.capacity),
    readings,
    alarms: alarmsOf(sensors, world).filter((a) => !hidden.has(a.state) && a.state !== 'normal'),
  };
}

function alarmsOf(sensors: readonly Sensor[], { alarms }: Seen): Alarm[] {
  const ids = new Set(sensors.map((s) => s.id));
  return [...alarms.values()].filter((a) => ids.has(a.sensor)).sort(byUrgency);
}

function machineState(sensors: readonly Sensor[], world: Seen, said: Said): MachineState | null {
  const heard = sensors.flatMap((s) => said(s) ?? []);
  if (heard.length === 0) return null;
  const at = Math.max(...heard.map((h) => h.at));
  // a fault somebody has shelved is a fault all the same
  const faults = alarmsOf(sensors, world).filter((a) => a.active);
  if (faults.length) return { up: false, why: 'alarm', since: Math.min(...faults.map((a) => a.first.at)), at };
  const off = heard.filter((h) => !h.online);
  if (off.length) return { up: false, why: 'offline', since: Math.min(...off.map((h) => h.at)), at };
  return { up: true, why: null, since: null, at };
}

function occupancy(said: readonly (SensorSaid | undefined)[], capacity: number | undefined): Occupancy | null {
  const heard = said.filter((s) => s !== undefined);
  if (heard.length === 0 || heard.length < said.length) return null; // a part is not the whole
  const value = heard.reduce((sum, s) => sum + s.value, 0);
  return {
    value,
    share: capacity === undefined ? null : (100 * value) / capacity,
    at: Math.min(...heard.map((s) => s.at)),
    online: heard.every((s) => s.online),
  };
}

const DAY_MS = 86_400_000;
export const NEARBY_M = 150;
/** 启用前后 are compared over so many days either side. */
export const COMPARED_DAYS = 30;

/** Incidents near a facility that tell what it is worth: 飞线充电 before and after a charging shed, 乱停 about a car park. */
export interface NearbyAsked {
  readonly period: 'before' | 'after' | 'month';
  readonly categories: readonly string[];
  readonly near: readonly [lng: number, lat: number, metres: number];
  /** reported at or after, and before; epoch ms */
  readonly from: number;
  readonly to: number;
  readonly days: number;
}
/**
 * What to count near a facility at `now`; empty where no category of the centre is about its kind.
 * @param recordedFrom epoch ms of the oldest report there is: nothing recorded is not nothing happened, so a span begins no earlier
 */
export function nearbyAsked(facility: Facility, centre: World['centre'], now: number, recordedFrom: number): NearbyAsked[] {
  const categories = (centre?.categories ?? []).filter((c) => c.near === facility.kind).map((c) => c.code);
  if (categories.length === 0) return [];
  const [lng, lat] = facility.lngLat;
  const asked = (period: NearbyAsked['period'], begin: number, to: number): NearbyAsked[] => {
    const from = Math.max(begin, recordedFrom);
    return to > from ? [{ period, categories, near: [lng, lat, NEARBY_M], from, to, days: (to - from) / DAY_MS }] : [];
  };
  const span = COMPARED_DAYS * DAY_MS;
  const { since } = facility;
  if (facility.kind === 'charging-shed' && since !== undefined && since <= now) {
    const compared = [...asked('before', since - span, since), ...asked('after', since, Math.min(now, since + span))];
    if (compared.length > 0) return compared;
    // it has stood since long before the first report: what is left to tell is how it is about it now
  }
  return asked('month', now - span, now);
}
/** Reports per 100 bays; null without a capacity. */
export const per100 = (count: number, capacity: number | undefined): number | null =>
  capacity === undefined ? null : (100 * count) / capacity;

export interface FacilityFilter {
  readonly kind?: string | undefined;
  readonly tab?: ServiceTab | undefined;
  /** open at `at`: the facility, and with `tab` one of its offers under that tab */
  readonly openAt?: number | undefined;
  readonly q?: string | undefined;
  readonly isIn?: ((area: AreaCode | null) => boolean) | undefined;
}
/** 筛选. Text is looked for in names of facilities and of what they offer, in both languages. */
export function facilityMatches(f: Facility, { kind, tab, openAt, q, isIn }: FacilityFilter, utcOffsetMinutes: number): boolean {
  if (kind !== undefined && f.kind !== kind) return false;
  if (isIn && !isIn(f.area)) return false;
  const offers = f.offers.filter((o) => tab === undefined || o.tab === tab);
  if (tab !== undefined && offers.length === 0) return false;
  if (openAt !== undefined) {
    if (!isOpenAt(f.hours, openAt, utcOffsetMinutes)) return false;
    if (tab !== undefined && !offers.some((o) => isOpenAt(o.hours ?? f.hours, openAt, utcOffsetMinutes))) return false;
  }
  const wanted = q?.trim().toLowerCase();
  if (!wanted) return true;
  return [f.name, ...offers.flatMap((o) => [o.name.zh, o.name.en])].some((name) => name.toLowerCase().includes(wanted));
}

/** Rows of a floor directory: floors from the top down, offers without a floor last. */
export function floorsOf(f: Pick<Facility, 'offers'>): { readonly floor: string | null; readonly offers: readonly Offer[] }[] {
  const floors = new Map<string | null, Offer[]>();
  for (const o of f.offers) {
    const list = floors.get(o.floor ?? null);
    if (list) list.push(o);
    else floors.set(o.floor ?? null, [o]);
  }
  const level = (floor: string | null) => {
    if (floor === null) return Number.NEGATIVE_INFINITY;
    const n = Number(/\d+/.exec(floor)?.[0] ?? 0);
    return /^(B|-|地下|负)/i.test(floor) ? -n : n;
  };
  return [...floors].sort(([a], [b]) => level(b) - level(a)).map(([floor, offers]) => ({ floor, offers }));
}

/** The list behind a number: what `GET /api/v1/incidents` and scene 事件 are asked with. */
export const nearbyQuery = ({ categories, near, from, to }: NearbyAsked) => ({
  category: categories,
  near,
  from: from as Incident['reportedAt'],
  to: to as Incident['reportedAt'],
});
