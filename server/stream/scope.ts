import { type Actor, may } from '../../model/access.ts';
import { type Alarm, partsOfAlarm } from '../../model/alarm.ts';
import { alarmStep } from '../../model/alarm-fold.ts';
import { alarmSource } from '../../model/alarm-source.ts';
import type { AreaCode } from '../../model/brand.ts';
import { areaOf, type Entry, type EntryKind, type Fact, subjectOf } from '../../model/ledger.ts';
import { incidentOf, treeOf, type World } from '../../model/world.ts';
import { segmentIndex } from '../telemetry/segment-index.ts';

/** What one actor may watch of one set of areas. */
export interface Scope {
  /** the whole centre, places outside every area too */
  readonly whole: boolean;
  readonly sees: (area: AreaCode | null) => boolean;
  /** segments of the communities the actor may watch; null = all. A scope below a community has no segment of its own. */
  readonly segments: ReadonlySet<number> | null;
  /** equal for actors that receive equal frames and entries */
  readonly name: string;
}

export function scopeOf(actor: Actor, world: World): Scope {
  const tree = treeOf(world);
  const sees = (area: AreaCode | null) => may(actor, 'watch', area, tree).ok;
  if (sees(null)) return { whole: true, sees, segments: null, name: '*' };
  const keys = [...segmentIndex(world).keys].filter(([code]) => sees(code)).map(([, key]) => key);
  return { whole: false, sees, segments: new Set(keys), name: actor.area };
}

/** The centre itself and its registers: they number units and draw boundaries, so a scoped screen takes them from a snapshot. */
const registers: ReadonlySet<EntryKind> = new Set<EntryKind>([
  'centre.configured',
  'boundaries.published',
  'basemap.published',
  'units.registered',
  'sensors.registered',
  'cameras.registered',
  'duties.assigned',
  'permits.registered',
  'facilities.registered',
  'tours.registered',
  'rounds.registered',
  'cares.registered',
]);

/** Set up for the whole centre without saying anything of a place. */
const forAll: ReadonlySet<EntryKind> = new Set<EntryKind>(['rule.set']);

const beginsAlarm: ReadonlySet<EntryKind> = new Set<EntryKind>(['alarm.raised', 'alarm.shelved', 'alarm.suppressed', 'alarm.removed']);

/**
 * Where an entry belongs for a watcher; undefined when that cannot be told any more. A step of an incident or an alarm names
 * no place: it is that of the thing's beginning, among these entries, else in the world `before` them, else (an incident
 * never moves) in the world after.
 */
function placeForWatch(entry: Entry, begun: Map<string, AreaCode | null>, before: World | null, after: World): AreaCode | null | undefined {
  const subject = subjectOf(entry as Fact);
  const isAlarm = entry.kind.startsWith('alarm.');
  if (subject === null || (!isAlarm && !entry.kind.startsWith('incident.'))) return areaOf(entry as Fact);
  if (entry.kind === 'incident.reported' || entry.kind === 'incident.recalled' || beginsAlarm.has(entry.kind)) {
    const area = areaOf(entry as Fact);
    begun.set(subject, area);
    return area;
  }
  if (begun.has(subject)) return begun.get(subject);
  const of = (world: World | null) => (isAlarm ? world?.alarms.get(subject) : world && incidentOf(world, subject))?.area;
  return of(before) ?? (isAlarm ? undefined : of(after));
}

/** Kinds after which an alarm may stand before the operator that did not before. */
const mayAnnounce: ReadonlySet<EntryKind> = new Set<EntryKind>([
  'alarm.raised',
  'alarm.revised',
  'alarm.unshelved',
  'alarm.unsuppressed',
  'alarm.returned',
]);

/** Which entries of a row are new alarms, as the fold counts them; undefined where the world before them is not at hand. */
function announcer(before: World | null) {
  const known = new Map<string, Alarm | undefined>();
  return (e: Entry): boolean | undefined => {
    if (!e.kind.startsWith('alarm.')) return false;
    if (!before) return mayAnnounce.has(e.kind) ? undefined : false;
    const { alarm } = e.body as { alarm: string };
    const was = known.has(alarm) ? known.get(alarm) : before.alarms.get(alarm);
    const change = alarmStep(was, e as Parameters<typeof alarmStep>[1]);
    known.set(alarm, change ? (change.alarm ?? undefined) : was);
    return change?.announced ?? false;
  };
}

const withheld = (e: Entry, announced: boolean): Entry => ({
  seq: e.seq,
  at: e.at,
  prev: e.prev,
  hash: e.hash,
  actor: '',
  kind: 'withheld',
  // incidents of a day are numbered in one series, and a flood is one for the whole desk, whoever sees them
  body: { ...(e.kind === 'incident.reported' ? { numbered: true as const } : {}), ...(announced ? { announced: true as const } : {}) },
});

/**
 * Entries as this scope may read them: the same seqs, some withheld.
 * @param before the world they were folded into; null when it is not at hand (a reader catching up)
 * @param after any world at or after the last of them
 * @returns null when they cannot be told apart (a register changed, the place of a step is not known any more): a snapshot is due
 */
export function scopedEntries(entries: readonly Entry[], scope: Scope, before: World | null, after: World): readonly Entry[] | null {
  if (scope.whole) return entries;
  const out: Entry[] = [];
  const begun = new Map<string, AreaCode | null>();
  const announces = announcer(before);
  for (const e of entries) {
    if (registers.has(e.kind)) return null;
    const place = placeForWatch(e, begun, before, after);
    if (place === undefined) return null;
    if (scope.sees(place) || forAll.has(e.kind)) {
      out.push(e);
      continue;
    }
    const announced = announces(e);
    if (announced === undefined) return null;
    out.push(withheld(e, announced));
  }
  return out;
}

/**
 * Entries of a ledger that is read, not followed, as far as this scope may read them. Where an alarm began earlier than these entries,
 * it lies where its sensor does now, or in the unit's own area.
 */
export function entriesWithin(entries: readonly Entry[], scope: Scope, world: World): Entry[] {
  if (scope.whole) return [...entries];
  const begun = new Map<string, AreaCode | null>();
  return entries.filter((e) => {
    if (registers.has(e.kind)) return false;
    if (forAll.has(e.kind)) return true;
    const place = placeForWatch(e, begun, null, world);
    if (place !== undefined) return scope.sees(place);
    const { alarm } = e.body as { alarm?: string };
    const source = alarm === undefined ? undefined : alarmSource(world, partsOfAlarm(alarm).sensor);
    return source !== undefined && scope.sees(source.area);
  });
}

const keep = <K, V>(map: ReadonlyMap<K, V>, test: (value: V, key: K) => boolean): ReadonlyMap<K, V> =>
  new Map([...map].filter(([k, v]) => test(v, k)));

/** The world as this scope may see it. Boundaries and the list of units are common to all; where units are is not in the world. */
export function scopedWorld(world: World, scope: Scope): World {
  if (scope.whole) return world;
  const { sees } = scope;
  return {
    ...world,
    sensors: keep(world.sensors, (s) => sees(s.area)),
    cameras: keep(world.cameras, (c) => sees(c.area)),
    duties: keep(world.duties, (_, key) => sees(key.slice(0, key.lastIndexOf(' ')) as AreaCode)),
    permits: keep(world.permits, (p) => sees(p.area)),
    facilities: keep(world.facilities, (f) => sees(f.area)),
    visits: keep(world.visits, (_, area) => sees(area)),
    patrols: keep(world.patrols, (_, unit) => sees(world.units.get(unit)?.area ?? null)),
    rounds: keep(world.rounds, (r) => sees(r.area)),
    cares: keep(world.cares, (c) => sees(c.area)),
    incidents: keep(world.incidents, (i) => sees(i.area)),
    ended: keep(world.ended, (i) => sees(i.area)),
    alarms: keep(world.alarms, (a) => sees(a.area)),
    tallies: keep(world.tallies, (t) => t.community !== '' && sees(t.community as AreaCode)),
  };
}
