import type { z } from 'zod';
import type { Alarm } from './alarm.ts';
import type { AlarmRule } from './alarm-rule.ts';
import { type Area, type AreaTree, areaTree } from './area.ts';
import { type AreaCode, type EpochMs, epochMs, type Seq, seq } from './brand.ts';
import type { Centre } from './centre.ts';
import type { Facility, Tour } from './facility.ts';
import { noSurge, type Surge } from './flood.ts';
import type { Incident } from './incident.ts';
import { areaOf, canonicalJson, type Entry, GENESIS, sha256Hex, type zCameraSpec, type zSensorSpec, type zUnitSpec } from './ledger.ts';
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
export type Collection = (typeof collections)[number];

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
