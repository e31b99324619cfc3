import type { z } from 'zod';
import type { Alarm } from './alarm.ts';
import { alarmStep } from './alarm-fold.ts';
import { type AlarmRule, ruleKey } from './alarm-rule.ts';
import { type Area, type AreaTree, areaTree } from './area.ts';
import { type AreaCode, type EpochMs, epochMs, type Seq, seq } from './brand.ts';
import { type Centre, dayKey, dayStart, floodRule, zCentre } from './centre.ts';
import type { Facility, Tour } from './facility.ts';
import { noSurge, type Surge, surgeAfter } from './flood.ts';
import { firstMark, type Incident, isOnTime, isOpen } from './incident.ts';
import { beginIncident, mergedInto, stepIncident } from './incident-fold.ts';
import {
  areaOf,
  canonicalJson,
  type Entry,
  type EntryBody,
  type EntryKind,
  GENESIS,
  sha256Hex,
  subjectOf,
  type zCameraSpec,
  type zSensorSpec,
  type zUnitSpec,
} from './ledger.ts';
import type { AreaVisits, CareState, PatrolState, RoundState } from './patrol-plan.ts';
import type { Permit } from './permit.ts';

/** 力量: who patrols. `ix` is the dense number the telemetry frames use, in order of registration. */
export type Unit = z.output<typeof zUnitSpec> & { readonly ix: number };
/** 感知设备 */
export type Sensor = z.output<typeof zSensorSpec> & { readonly ix: number };
export type Camera = z.output<typeof zCameraSpec>;

/** Counts of one community (or `''`: outside) on one day of the centre, kept for 62 days. */
export interface DayTally {
  readonly day: string;
  readonly community: string;
  readonly reported: number;
  readonly closed: number;
  readonly closedOnTime: number;
  /** sum and number of (dispatched - reported), milliseconds */
  readonly responseMs: number;
  readonly responses: number;
  readonly byCategory: Readonly<Record<string, number>>;
}

/**
 * 世界: the state of one centre as of its entry `seq`, a pure fold over the ledger. Collections are never changed in place,
 * so two worlds share what did not change and `===` tells whether a collection did.
 * Holds every open incident, and those reported or ended since the start of yesterday; older ones are in the ledger.
 */
export interface World {
  readonly seq: Seq;
  readonly at: EpochMs;
  readonly head: string;
  readonly centre: Centre | null;
  readonly boundaries: { readonly version: number; readonly hash: string; readonly validFrom: EpochMs } | null;
  readonly basemap: { readonly hash: string } | null;
  readonly areas: ReadonlyMap<AreaCode, Area>;
  readonly units: ReadonlyMap<string, Unit>;
  readonly sensors: ReadonlyMap<string, Sensor>;
  readonly cameras: ReadonlyMap<string, Camera>;
  /** `${area} ${post}` -> person (opaque) */
  readonly duties: ReadonlyMap<string, string>;
  readonly permits: ReadonlyMap<string, Permit>;
  readonly facilities: ReadonlyMap<string, Facility>;
  readonly tours: ReadonlyMap<string, Tour>;
  /** `${kind}/${code}` -> rule set by hand; those of the kinds' own limits are beside them (`rulesByKind`) */
  readonly rules: ReadonlyMap<string, AlarmRule>;
  /** leaf area -> its latest visit */
  readonly visits: ReadonlyMap<AreaCode, AreaVisits>;
  /** units about whom something is unusual */
  readonly patrols: ReadonlyMap<string, PatrolState>;
  readonly rounds: ReadonlyMap<string, RoundState>;
  readonly cares: ReadonlyMap<string, CareState>;
  /** open ones; what the wall does with them costs the same however many have ended */
  readonly incidents: ReadonlyMap<string, Incident>;
  /** ended ones of today and yesterday */
  readonly ended: ReadonlyMap<string, Incident>;
  /** those not in their normal state */
  readonly alarms: ReadonlyMap<string, Alarm>;
  readonly surge: Surge;
  /** `${day} ${community}` -> tally */
  readonly tallies: ReadonlyMap<string, DayTally>;
  /** day of the latest entry and how many incidents it has numbered */
  readonly day: string;
  readonly numbered: number;
}

const collections = [
  'areas',
  'units',
  'sensors',
  'cameras',
  'duties',
  'permits',
  'facilities',
  'tours',
  'rules',
  'visits',
  'patrols',
  'rounds',
  'cares',
  'incidents',
  'ended',
  'alarms',
  'tallies',
] as const;
type Collection = (typeof collections)[number];

export const emptyWorld: World = {
  seq: seq(0),
  at: epochMs(0),
  head: GENESIS,
  centre: null,
  boundaries: null,
  basemap: null,
  areas: new Map(),
  units: new Map(),
  sensors: new Map(),
  cameras: new Map(),
  duties: new Map(),
  permits: new Map(),
  facilities: new Map(),
  tours: new Map(),
  rules: new Map(),
  visits: new Map(),
  patrols: new Map(),
  rounds: new Map(),
  cares: new Map(),
  incidents: new Map(),
  ended: new Map(),
  alarms: new Map(),
  surge: noSurge,
  tallies: new Map(),
  day: '',
  numbered: 0,
};

const trees = new WeakMap<ReadonlyMap<AreaCode, Area>, AreaTree>();
/** The tree of the world's areas; built once per set of areas. */
export function treeOf(world: { readonly areas: ReadonlyMap<AreaCode, Area> }): AreaTree {
  let tree = trees.get(world.areas);
  if (!tree) {
    tree = areaTree(world.areas);
    trees.set(world.areas, tree);
  }
  return tree;
}

/** An incident the world still holds, open or ended; undefined when only the ledger knows it. */
export const incidentOf = (world: Pick<World, 'incidents' | 'ended'>, id: string): Incident | undefined =>
  world.incidents.get(id) ?? world.ended.get(id);
/** Every incident the world holds, open ones first. */
export const everyIncident = (world: Pick<World, 'incidents' | 'ended'>): Incident[] => [
  ...world.incidents.values(),
  ...world.ended.values(),
];

/** Where the thing an entry speaks of lies, for permission: its own area, else its incident's or alarm's. */
export function placeOf(world: World, entry: Pick<Entry, 'kind' | 'body'>): AreaCode | null {
  const own = areaOf(entry as Entry);
  if (own !== null) return own;
  const body = entry.body as { incident?: string; alarm?: string };
  if (entry.kind.startsWith('incident.') && body.incident) return incidentOf(world, body.incident)?.area ?? null;
  if (entry.kind.startsWith('alarm.') && body.alarm) return world.alarms.get(body.alarm)?.area ?? null;
  return null;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A world under construction: copies a collection the first time it is written, so a batch costs one copy per collection touched. */
class Draft {
  readonly now: Mutable<World>;
  private readonly owned = new Set<Collection>();
  constructor(from: World) {
    this.now = { ...from };
  }
  write<C extends Collection>(name: C): Map<Parameters<World[C]['get']>[0], NonNullable<ReturnType<World[C]['get']>>> {
    if (!this.owned.has(name)) {
      this.owned.add(name);
      (this.now as Record<string, unknown>)[name] = new Map(this.now[name] as ReadonlyMap<unknown, unknown>);
    }
    return this.now[name] as never;
  }
}

type Reducer<K extends EntryKind> = (d: Draft, body: EntryBody<K>, entry: Entry) => void;

const communityOf = (world: World, area: AreaCode | null) => (area === null ? '' : (treeOf(world).at(area, 'community')?.code ?? ''));

function tally(d: Draft, area: AreaCode | null, add: (t: Mutable<DayTally>) => void) {
  const community = communityOf(d.now, area);
  const key = `${d.now.day} ${community}`;
  const t: Mutable<DayTally> = {
    ...(d.now.tallies.get(key) ?? {
      day: d.now.day,
      community,
      reported: 0,
      closed: 0,
      closedOnTime: 0,
      responseMs: 0,
      responses: 0,
      byCategory: {},
    }),
  };
  add(t);
  d.write('tallies').set(key, t);
}

function put(d: Draft, i: Incident) {
  const here = isOpen(i) ? 'incidents' : 'ended';
  const there = here === 'incidents' ? 'ended' : 'incidents';
  if (d.now[there].has(i.id)) d.write(there).delete(i.id);
  d.write(here).set(i.id, i);
}

/** Any step of an incident, and what it means for the day's counts and for the incident it is merged into. */
function step(d: Draft, id: string, entry: Entry) {
  const before = incidentOf(d.now, id);
  if (!before) return;
  const after = stepIncident(before, entry);
  put(d, after);
  if (entry.kind === 'incident.dispatched' && !firstMark(before, 'dispatch'))
    tally(d, after.area, (t) => {
      t.responseMs += entry.at - after.reportedAt;
      t.responses += 1;
    });
  if (entry.kind === 'incident.closed')
    tally(d, after.area, (t) => {
      t.closed += 1;
      if (isOnTime(after)) t.closedOnTime += 1;
    });
  const into = entry.kind === 'incident.merged' ? incidentOf(d.now, (entry.body as EntryBody<'incident.merged'>).into) : undefined;
  if (into) put(d, mergedInto(into, after));
}
const stepped = (d: Draft, body: { incident: string }, entry: Entry) => step(d, body.incident, entry);

function alarmed(d: Draft, body: { alarm: string }, entry: Entry) {
  const change = alarmStep(d.now.alarms.get(body.alarm), entry as Parameters<typeof alarmStep>[1]);
  if (!change) return;
  if (change.alarm) d.write('alarms').set(body.alarm, change.alarm);
  else if (d.now.alarms.has(body.alarm)) d.write('alarms').delete(body.alarm);
  if (change.announced) d.now.surge = surgeAfter(d.now.surge, entry.at, floodRule(d.now.centre));
}

/** visits of one place on one day that the world keeps; all are in the ledger */
const MOST_VISITS = 100;
function patrolled(d: Draft, unit: string, change: Partial<PatrolState>) {
  const next = { strayedAt: null, silentSince: null, ...d.now.patrols.get(unit), ...change };
  if (next.strayedAt !== null || next.silentSince !== null) d.write('patrols').set(unit, next);
  else if (d.now.patrols.has(unit)) d.write('patrols').delete(unit);
}

/** One row per kind of entry. A reducer trusts its entry: rules were applied before it was appended. */
const reducers: { [K in EntryKind]: Reducer<K> } = {
  'centre.configured': (d, centre) => {
    d.now.centre = zCentre.parse(centre); // fills in what centres of older entries did not say
  },
  'boundaries.published': (d, b) => {
    d.now.boundaries = { version: b.version, hash: b.hash, validFrom: b.validFrom };
    const areas = d.write('areas');
    areas.clear();
    for (const a of b.areas) areas.set(a.code, a);
    d.now.areas = new Map(areas); // a fresh identity, so that the cached tree of the old set is not taken for the new one
  },
  'basemap.published': (d, b) => {
    d.now.basemap = { hash: b.hash };
  },
  'units.registered': (d, b) => {
    const units = d.write('units');
    for (const u of b.units) units.set(u.id, { ...u, ix: units.get(u.id)?.ix ?? units.size });
  },
  'sensors.registered': (d, b) => {
    const sensors = d.write('sensors');
    for (const s of b.sensors) sensors.set(s.id, { ...s, ix: sensors.get(s.id)?.ix ?? sensors.size });
  },
  'cameras.registered': (d, b) => {
    const cameras = d.write('cameras');
    for (const c of b.cameras) cameras.set(c.id, c);
  },
  'duties.assigned': (d, b) => {
    const duties = d.write('duties');
    for (const x of b.duties) duties.set(`${x.area} ${x.post}`, x.person);
  },
  'permits.registered': (d, b) => {
    const permits = d.write('permits');
    for (const p of b.permits) permits.set(p.id, p);
  },
  'area.visited': (d, { area, unit, at }) => {
    const before = d.now.visits.get(area);
    // one handed in late is a visit of its own time: it does not stand in the place of a newer one
    const isLatest = before === undefined || at >= before.at;
    const start = dayStart(isLatest ? at : before.at, d.now.centre?.utcOffsetMinutes ?? 0);
    const today = [...(before?.today ?? []), { unit, at }].filter((v) => v.at >= start).sort((a, b) => a.at - b.at);
    const latest = isLatest ? { unit, at, leftAt: null } : before;
    d.write('visits').set(area, { ...latest, today: today.slice(-MOST_VISITS) });
  },
  'area.left': (d, { area, unit, at }) => {
    const visit = d.now.visits.get(area);
    if (visit?.unit === unit && at >= visit.at) d.write('visits').set(area, { ...visit, leftAt: at });
  },
  'unit.strayed': (d, { unit, at }) => patrolled(d, unit, { strayedAt: at }),
  'unit.returned': (d, { unit }) => patrolled(d, unit, { strayedAt: null }),
  'unit.silent': (d, { unit, at }) => patrolled(d, unit, { silentSince: at }),
  'unit.heard': (d, { unit }) => patrolled(d, unit, { silentSince: null }),
  'unit.messaged': () => {},
  'unit.message-answered': () => {},
  'device.bound': () => {},
  'device.released': () => {},
  'rounds.registered': (d, b, entry) => {
    const rounds = d.write('rounds');
    for (const r of b.rounds) rounds.set(r.id, { ...r, since: entry.at, last: rounds.get(r.id)?.last ?? null });
  },
  'round.closed': (d, b) => {
    const round = d.now.rounds.get(b.round);
    if (round) d.write('rounds').set(b.round, { ...round, last: b });
  },
  'cares.registered': (d, b) => {
    const cares = d.write('cares');
    for (const c of b.cares) {
      const { lastAt = null, lastResult = null, lastUnit = null, overdue = null } = cares.get(c.id) ?? {};
      cares.set(c.id, { ...c, lastAt, lastResult, lastUnit, overdue });
    }
  },
  'care.visited': (d, b) => {
    const care = d.now.cares.get(b.care);
    if (!care || (care.lastAt !== null && b.at < care.lastAt)) return;
    d.write('cares').set(b.care, { ...care, lastAt: b.at, lastResult: b.result, lastUnit: b.unit ?? null, overdue: null });
  },
  'care.overdue': (d, b) => {
    const care = d.now.cares.get(b.care);
    if (care) d.write('cares').set(b.care, { ...care, overdue: { due: b.due, incident: b.incident ?? null } });
  },
  'history.exported': () => {},
  'incident.reported': (d, b, entry) => {
    if (incidentOf(d.now, b.incident)) return;
    d.now.numbered += 1;
    put(d, beginIncident(b, entry, d.now.numbered, treeOf(d.now)));
    tally(d, b.area, (t) => {
      t.reported += 1;
      t.byCategory = { ...t.byCategory, [b.category]: (t.byCategory[b.category] ?? 0) + 1 };
    });
  },
  'incident.recalled': (d, b) => {
    if (!incidentOf(d.now, b.incident)) put(d, b.as);
  },
  'incident.filed': stepped,
  'incident.declined': stepped,
  'incident.dispatched': stepped,
  'incident.accepted': stepped,
  'incident.rejected': stepped,
  'incident.arrived': stepped,
  'incident.noted': stepped,
  'incident.help-asked': stepped,
  'incident.reinforced': stepped,
  'incident.joined': stepped,
  'incident.handled': stepped,
  'incident.mediated': stepped,
  'incident.agreed': stepped,
  'incident.verified': stepped,
  'incident.reworked': stepped,
  'incident.revisited': stepped,
  'incident.closed': stepped,
  'incident.answered': stepped,
  'incident.rated': stepped,
  'incident.returned': stepped,
  'incident.extension-asked': stepped,
  'incident.extension-granted': stepped,
  'incident.extension-denied': stepped,
  'incident.suspended': stepped,
  'incident.resumed': stepped,
  'incident.voided': stepped,
  'incident.merged': stepped,
  'incident.reopened': stepped,
  'incident.escalated': stepped,
  'incident.warned': stepped,
  'incident.attached': stepped,
  'incident.whistle-blown': stepped,
  'incident.whistle-answered': stepped,
  'incident.whistle-arrived': stepped,
  'incident.whistle-urged': stepped,
  'incident.whistle-released': stepped,
  'incident.whistle-rated': stepped,
  'alarm.raised': alarmed,
  'alarm.acknowledged': alarmed,
  'alarm.cleared': alarmed,
  'alarm.reset': alarmed,
  'alarm.shelved': alarmed,
  'alarm.unshelved': alarmed,
  'alarm.suppressed': alarmed,
  'alarm.unsuppressed': alarmed,
  'alarm.removed': alarmed,
  'alarm.returned': alarmed,
  'alarm.noted': alarmed,
  'rule.set': (d, b) => {
    d.write('rules').set(ruleKey(b.rule), b.rule);
  },
  'facilities.registered': (d, b) => {
    const facilities = d.write('facilities');
    for (const f of b.facilities) facilities.set(f.id, f);
  },
  'tours.registered': (d, b) => {
    const tours = d.write('tours');
    for (const t of b.tours) tours.set(t.id, t);
  },
  'camera.viewed': () => {},
  'person.read': () => {},
  withheld: (d, b, entry) => {
    if (b.numbered) d.now.numbered += 1;
    if (b.announced) d.now.surge = surgeAfter(d.now.surge, entry.at, floodRule(d.now.centre));
  },
};

const TALLY_DAYS = 62;

/** A new day: number incidents from 1 again, let go of what the wall no longer compares with. */
function turnDay(d: Draft, at: number, day: string, about: string | null) {
  const offset = d.now.centre?.utcOffsetMinutes ?? 0;
  d.now.day = day;
  d.now.numbered = 0;
  const yesterday = dayStart(at, offset) - 86_400_000;
  const gone = [...d.now.ended.values()].filter((i) => i.reportedAt < yesterday && (i.closedAt ?? 0) < yesterday && i.id !== about);
  if (gone.length) for (const i of gone) d.write('ended').delete(i.id);
  const oldest = dayKey(at - TALLY_DAYS * 86_400_000, offset);
  const stale = [...d.now.tallies.values()].filter((t) => t.day < oldest);
  if (stale.length) for (const t of stale) d.write('tallies').delete(`${t.day} ${t.community}`);
}

/**
 * Fold entries into a world. Pure: the argument is untouched, and any split of the same entries into batches gives an equal world.
 * @throws RangeError when an entry is not the next one: a gap or a repetition is never applied.
 */
export function fold(world: World, entries: Iterable<Entry>): World {
  const d = new Draft(world);
  for (const entry of entries) {
    if (entry.seq !== d.now.seq + 1) throw new RangeError(`ledger entry ${entry.seq} does not follow ${d.now.seq}`);
    const day = dayKey(entry.at, d.now.centre?.utcOffsetMinutes ?? 0);
    if (day !== d.now.day) turnDay(d, entry.at, day, subjectOf(entry)); // what this very entry speaks of was held when it was decided
    (reducers[entry.kind] as Reducer<EntryKind>)(d, entry.body as never, entry);
    d.now.seq = entry.seq;
    d.now.at = entry.at;
    d.now.head = entry.hash;
  }
  return d.now;
}
export const apply = (world: World, entry: Entry): World => fold(world, [entry]);

/** Plain JSON of a world: collections become arrays of [key, value] in insertion order. */
export type WorldJson = Omit<World, Collection> & { readonly [C in Collection]: readonly (readonly [string, unknown])[] };

export function worldToJson(world: World): WorldJson {
  const out: Record<string, unknown> = { ...world };
  for (const c of collections) out[c] = [...(world[c] as ReadonlyMap<string, unknown>)];
  return out as WorldJson;
}
export function worldFromJson(json: WorldJson): World {
  const out: Record<string, unknown> = { ...json };
  for (const c of collections) out[c] = new Map(json[c] as never);
  return out as unknown as World;
}

/** SHA-256 of the canonical JSON with every collection sorted by key: equal worlds, equal digest, on server and screen. */
export function worldDigest(world: World): string {
  const json = worldToJson(world) as unknown as Record<string, unknown>;
  for (const c of collections) json[c] = [...(json[c] as [string, unknown][])].sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256Hex(canonicalJson(json));
}
