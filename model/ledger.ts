import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { alarmForms, zShelf } from './alarm-forms.ts';
import { ruleKey, zAlarmRule } from './alarm-rule.ts';
import { zArea, zAreaCode } from './area.ts';
import type { AreaCode, EpochMs, Seq } from './brand.ts';
import { zCentre, zPriority } from './centre.ts';
import { zClock } from './clock.ts';
import { zFacility, zTour } from './facility.ts';
import { text, zAreaOrNull, zEpochMs, zHash, zId, zLngLat } from './fields.ts';
import { type Incident, incidentSources } from './incident.ts';
import { stepForms, zAttachmentFields, zDepartmentRef, zLevelReached, zWhistleForm } from './incident-forms.ts';
import { patrolEntries } from './patrol-plan.ts';
import { zPermit } from './permit.ts';

/**
 * The ledger (台账): facts people answer for. One zod schema for every kind of entry; nothing else may be appended.
 * A later kind is one more row of `entryKinds` and one more row of `reducers` in world.ts.
 */
export const unitRoles = ['grid', 'police', 'fire', 'urban', 'volunteer', 'medical'] as const;
/** 网格员 警 消 管 志 医 */
export type UnitRole = (typeof unitRoles)[number];

export const zUnitSpec = z.object({
  id: zId,
  name: text(40),
  role: z.enum(unitRoles),
  area: zAreaOrNull,
  person: zId.optional(),
  team: text(40).optional(),
  /** code of one of the centre's shifts; absent = always on duty */
  shift: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .optional(),
});
export const zSensorSpec = z.object({
  id: zId,
  kind: z.string().max(40),
  name: text(60),
  lngLat: zLngLat,
  area: zAreaOrNull,
  /** what carries it together with other sensors: a charging shed's sockets, load and temperature */
  device: zId.optional(),
  facility: zId.optional(),
  /** vault id of the person it looks after (独居老人 …) */
  person: zId.optional(),
});
export const zCameraSpec = z.object({
  id: zId,
  name: text(60),
  lngLat: zLngLat,
  area: zAreaOrNull,
  bearing: z.number().min(0).lt(360).optional(),
  facility: zId.optional(),
  /** its name at the media server, put into the URL template; absent = its id */
  stream: z
    .string()
    .regex(/^[0-9A-Za-z._-]{1,120}$/, '1-120 letters, digits or . _ -')
    .optional(),
});
/** 责任公示牌: who answers for a place. `person` is an opaque id into the vault; `post` a key such as micro-worker, police. */
export const zDuty = z.object({ area: zAreaCode, post: z.string().regex(/^[a-z-]{1,40}$/), person: zId });

const zRuleCode = z.string().regex(/^[a-z0-9-]{1,24}$/, '1-24 of a-z, 0-9 or -');
const zAlarm = { alarm: zId };
/** Of an entry that may begin an alarm. */
const zAlarmSource = { ...zAlarm, sensor: zId, rule: zRuleCode, priority: zPriority, lngLat: zLngLat, area: zAreaOrNull };
const zFigures = { value: z.number().optional(), limit: z.number().optional() };
const zIncident = { incident: zId };
/** The clock for handling after a step that moves it; null = no limit. */
const zHandleClock = zClock.nullable().optional();
/** The clock for dispatch, while it waits for the first one. */
const zDispatchClock = zClock.nullable().optional();
const zWhistleStep = z.object({ ...zIncident, whistle: z.number().int().min(1), note: text(400).optional() });
const zDepartmentStep = zWhistleStep.extend({ department: zDepartmentRef });
/** A step of an incident: its form, and the incident it is taken on. `more`: what the rules computed for it. */
const step = <F extends z.ZodType, M extends z.ZodRawShape>(form: F, more: M) => z.intersection(form, z.object({ ...zIncident, ...more }));

export const entryKinds = {
  'centre.configured': zCentre,
  /** A new version of the boundaries; the geometry is the GeoJSON blob named by `hash` (SHA-256). */
  'boundaries.published': z.object({
    version: z.number().int().min(1),
    hash: zHash,
    validFrom: zEpochMs,
    areas: z.array(zArea).max(200_000),
  }),
  'basemap.published': z.object({ hash: zHash }),
  'units.registered': z.object({ units: z.array(zUnitSpec).min(1).max(2000) }),
  'sensors.registered': z.object({ sensors: z.array(zSensorSpec).min(1).max(2000) }),
  'cameras.registered': z.object({ cameras: z.array(zCameraSpec).min(1).max(2000) }),
  'duties.assigned': z.object({ duties: z.array(zDuty).min(1).max(2000) }),
  'permits.registered': z.object({ permits: z.array(zPermit).min(1).max(2000) }),
  ...patrolEntries,
  'incident.reported': z.object({
    incident: zId,
    title: text(80),
    category: z.string().max(40),
    priority: zPriority,
    source: z.enum(incidentSources),
    at: zEpochMs,
    lngLat: zLngLat,
    area: zAreaOrNull,
    /** end of the clock for handling; null = no limit. Its basis is `handleClock`. */
    deadline: zEpochMs.nullable(),
    handleClock: zHandleClock,
    fileClock: zClock.nullable().optional(),
    flow: z.enum(['ordinary', 'dispute']).optional(),
    department: zDepartmentRef.optional(),
    channel: text(40).optional(),
    ref: text(60).optional(),
    /** vault id of the caller */
    reporter: zId.optional(),
    alarm: zId.optional(),
    /** the reading that raised that alarm: an alarm leaves the world, what the incident was made of stays with it */
    reading: z.object({ sensor: zId, value: z.number(), limit: z.number(), at: zEpochMs }).optional(),
    /** the permit it falls under (许可范围内) */
    permit: zId.optional(),
  }),
  'incident.filed': step(stepForms.file, { dispatchClock: zDispatchClock }),
  'incident.declined': step(stepForms.decline, {}),
  'incident.dispatched': step(stepForms.dispatch, { handleClock: zHandleClock }),
  'incident.accepted': step(stepForms.accept, {}),
  'incident.rejected': step(stepForms.reject, { handleClock: zHandleClock }),
  'incident.arrived': step(stepForms.arrive, {}),
  'incident.noted': step(stepForms.note, {}),
  'incident.help-asked': step(stepForms['ask-help'], {}),
  'incident.reinforced': step(stepForms.reinforce, {}),
  'incident.joined': step(stepForms.join, {}),
  'incident.handled': step(stepForms.handle, { handleClock: zHandleClock }),
  'incident.mediated': step(stepForms.mediate, {}),
  'incident.agreed': step(stepForms.agree, { handleClock: zHandleClock }),
  'incident.verified': step(stepForms.verify, {}),
  'incident.reworked': step(stepForms.rework, {}),
  'incident.revisited': step(stepForms.revisit, {}),
  'incident.closed': step(stepForms.close, {}),
  /** 答复: the caller of this report is told the result, of the incident it was merged into as well (`of`). */
  'incident.answered': z.object({ ...zIncident, text: text(400), of: zId.optional() }),
  'incident.rated': step(stepForms.rate, {}),
  'incident.returned': step(stepForms.return, { handleClock: zHandleClock }),
  'incident.extension-asked': step(stepForms['ask-extension'], {}),
  'incident.extension-granted': step(stepForms['grant-extension'], { handleClock: zHandleClock }),
  'incident.extension-denied': step(stepForms['deny-extension'], { handleClock: zHandleClock }),
  'incident.suspended': step(stepForms.suspend, {}),
  'incident.resumed': step(stepForms.resume, { handleClock: zHandleClock, dispatchClock: zDispatchClock }),
  'incident.voided': step(stepForms.void, { handleClock: zHandleClock }),
  'incident.merged': step(stepForms.merge, { handleClock: zHandleClock }),
  'incident.reopened': step(stepForms.reopen, { handleClock: zHandleClock, dispatchClock: zDispatchClock }),
  'incident.escalated': z.object({
    ...zIncident,
    ...zLevelReached.shape,
    reason: text(400).optional(),
    /** climbed because it is overdue, not by hand */
    byRule: z.literal(true).optional(),
  }),
  /** 预警: 75 % of a clock is used (`warn`), or all of it (`due`). */
  'incident.warned': z.object({ ...zIncident, clock: z.enum(['file', 'dispatch', 'handle']), share: z.enum(['warn', 'due']) }),
  'incident.attached': zAttachmentFields.extend(zIncident),
  'incident.whistle-blown': zWhistleForm.extend({ ...zIncident, whistle: z.number().int().min(1), due: zEpochMs }),
  'incident.whistle-answered': zDepartmentStep,
  'incident.whistle-arrived': zDepartmentStep,
  'incident.whistle-urged': zDepartmentStep,
  'incident.whistle-released': zWhistleStep,
  'incident.whistle-rated': zDepartmentStep.extend({
    rating: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]),
  }),
  /** An ended incident that the world had let go of, brought back for a step that follows: as it stood at the end of entry `seq`. */
  'incident.recalled': z.object({
    ...zIncident,
    seq: z.number().int().min(1),
    as: z.custom<Incident>((v) => typeof v === 'object' && v !== null),
  }),
  'alarm.raised': z.object({
    ...zAlarmSource,
    value: z.number(),
    limit: z.number(),
    /** device time of the reading */
    at: zEpochMs,
    /** 再报警: it was acknowledged, is still active, and asks again */
    again: z.literal(true).optional(),
  }),
  'alarm.acknowledged': alarmForms.acknowledge.extend(zAlarm),
  /** `latch`: its rule asks for a reset before it may be forgotten */
  'alarm.cleared': z.object({ ...zAlarm, value: z.number(), at: zEpochMs, latch: z.literal(true).optional() }),
  /** Its rule was changed while it stood and it is still true: it goes by the rule as it is now. `again`: more urgent than it was when
   * somebody acknowledged it, so it asks again. */
  'alarm.revised': z.object({ ...zAlarm, priority: zPriority, limit: z.number(), again: z.literal(true).optional() }),
  'alarm.reset': alarmForms.reset.extend(zAlarm),
  'alarm.shelved': z.object({ ...zAlarmSource, ...zFigures, shelf: zShelf }),
  'alarm.unshelved': z.object(zAlarm),
  /** 设计抑制 while the rule `by` of the same sensor is active */
  'alarm.suppressed': z.object({ ...zAlarmSource, ...zFigures, by: zRuleCode }),
  'alarm.unsuppressed': z.object(zAlarm),
  /** 停用 */
  'alarm.removed': z.object({ ...zAlarmSource, ...zFigures, reason: text(200) }),
  'alarm.returned': z.object(zAlarm),
  'alarm.noted': alarmForms.note.extend(zAlarm),
  /** 规则 set or changed as a whole. `trial`: what it would have raised on past readings when it was tried before. */
  'rule.set': z.object({
    rule: zAlarmRule,
    trial: z.object({ from: zEpochMs, to: zEpochMs, raised: z.number().int().min(0) }).optional(),
  }),
  'facilities.registered': z.object({ facilities: z.array(zFacility).min(1).max(2000) }),
  'tours.registered': z.object({ tours: z.array(zTour).min(1).max(100) }),
  /** 调阅: live pictures of a camera were opened. Who did is the entry's actor. */
  'camera.viewed': z.object({ camera: zId, area: zAreaOrNull, incident: zId.optional(), alarm: zId.optional() }),
  /** Name and number of a person were read out of the vault, on account of this incident, unit or care visit. Who did is the entry's actor. */
  'person.read': z.object({ person: zId, incident: zId.optional(), unit: zId.optional(), care: zId.optional() }),
  /** What a watcher without the right to an entry receives in its place: keeps `seq` and the day's numbering gapless. Never stored. */
  withheld: z.object({ numbered: z.literal(true).optional(), announced: z.literal(true).optional() }),
} as const;

export type EntryKind = keyof typeof entryKinds;
/** Entries about one alarm. */
export type AlarmKind = Extract<EntryKind, `alarm.${string}`>;
export type AlarmEntry = Entry<AlarmKind>;
export const alarmKinds = (Object.keys(entryKinds) as EntryKind[]).filter((kind): kind is AlarmKind => kind.startsWith('alarm.'));
export type EntryBody<K extends EntryKind> = z.output<(typeof entryKinds)[K]>;
/** What is to be appended: a kind and its body. The ledger adds `seq`, `at`, `prev` and `hash`. */
export type Fact<K extends EntryKind = EntryKind> = { [P in K]: { readonly kind: P; readonly body: EntryBody<P> } }[K];
export type Entry<K extends EntryKind = EntryKind> = Fact<K> & {
  readonly seq: Seq;
  /** server time of the append; never earlier than the entry before */
  readonly at: EpochMs;
  /** id of the account, device or rule that made the fact (opaque, no personal data) */
  readonly actor: string;
  readonly prev: string;
  readonly hash: string;
};

export const GENESIS = '0'.repeat(64);

/** JSON with sorted keys and no `undefined`: the same value always gives the same text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((v) => canonicalJson(v ?? null)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const parts: string[] = [];
    for (const key of Object.keys(value).sort()) {
      const v = (value as Record<string, unknown>)[key];
      if (v !== undefined) parts.push(`${JSON.stringify(key)}:${canonicalJson(v)}`);
    }
    return `{${parts.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** The text an entry's hash is taken over: previous hash, seq, at, actor, kind and canonical body, one per line. */
export const hashInput = (e: { prev: string; seq: number; at: number; actor: string; kind: string }, canonicalBody: string) =>
  `${e.prev}\n${e.seq}\n${e.at}\n${e.actor}\n${e.kind}\n${canonicalBody}`;

export const sha256Hex = (text: string) => bytesToHex(sha256(utf8ToBytes(text)));
export const entryHash = (e: Entry) => sha256Hex(hashInput(e, canonicalJson(e.body)));

/** What an entry is about: the incident, alarm, area, person … whose history it belongs to; null for bulk registrations. */
export function subjectOf(fact: Fact): string | null {
  const b = fact.body as { incident?: string; alarm?: string; area?: string; unit?: string };
  if (fact.kind.startsWith('incident.')) return b.incident ?? null;
  if (fact.kind.startsWith('alarm.')) return b.alarm ?? null;
  if (fact.kind === 'area.visited' || fact.kind === 'area.left') return b.area ?? null;
  if (fact.kind.startsWith('unit.')) return b.unit ?? null;
  if (fact.kind === 'device.bound' || fact.kind === 'device.released') return fact.body.unit;
  if (fact.kind === 'round.closed') return fact.body.round;
  if (fact.kind === 'care.visited' || fact.kind === 'care.overdue') return fact.body.care;
  if (fact.kind === 'person.read') return fact.body.person;
  if (fact.kind === 'camera.viewed') return fact.body.camera;
  if (fact.kind === 'rule.set') return ruleKey(fact.body.rule);
  return null;
}

/** Kinds that say where the thing they begin lies. A level climbed to names a place too, but the incident lies where it lay. */
const placed: ReadonlySet<string> = new Set<EntryKind>([
  'area.visited',
  'area.left',
  'unit.strayed',
  'unit.returned',
  'unit.silent',
  'unit.doubted',
  'unit.heard',
  'unit.messaged',
  'unit.message-answered',
  'round.closed',
  'care.visited',
  'care.overdue',
  'history.exported',
  'incident.reported',
  'alarm.raised',
  'alarm.shelved',
  'alarm.suppressed',
  'alarm.removed',
  'camera.viewed',
]);
/** The place a fact itself names, where it names one. Later steps of an incident take the incident's own place: see `placeOf` in world.ts. */
export function areaOf(fact: Fact): AreaCode | null {
  if (fact.kind === 'incident.recalled') return fact.body.as.area;
  return placed.has(fact.kind) ? (fact.body as { area: AreaCode | null }).area : null;
}
