import type { Actor } from '../model/access.ts';
import { alarmId } from '../model/alarm.ts';
import type { AlarmAct, AlarmActForm } from '../model/alarm-forms.ts';
import { ruleOf } from '../model/alarm-rules.ts';
import { alarmSource } from '../model/alarm-source.ts';
import { decideAlarm } from '../model/alarm-step.ts';
import type { EpochMs } from '../model/brand.ts';
import { careKindOf } from '../model/centre.ts';
import { type Incident, stepOfKind } from '../model/incident.ts';
import type { StepForm, WhistleActForm } from '../model/incident-forms.ts';
import { type Decision, decideStep, notHeld } from '../model/incident-step.ts';
import type { AlarmKind, EntryBody, Fact } from '../model/ledger.ts';
import { runsOn, windowOf } from '../model/rounds.ts';
import { actOfKind, decideWhistle, decideWhistleAct } from '../model/whistle-step.ts';
import { incidentOf, type World } from '../model/world.ts';
import { mustBeAllowed } from './commands.ts';
import type { Ledger } from './ledger/ledger.ts';
import { Refused } from './refused.ts';
import { checkRecordedAt } from './setup.ts';

/** A fact that happened before this ledger could write it down. `at`: when it is recorded to have been made. */
export type PastFact = Fact & { readonly at: EpochMs };
const patrolPast: ReadonlySet<string> = new Set(['area.visited', 'area.left', 'round.closed', 'care.visited']);
/** Kinds that may be imported: what happens in a street, never its set-up. */
export const isPastKind = (kind: string) => patrolPast.has(kind) || kind.startsWith('incident.') || kind.startsWith('alarm.');

/** Who imported facts are written by. */
export const IMPORT = 'import';

/**
 * Append past facts in order, each at its own time, held to the same rules as live ones. The first that breaks a rule ends
 * the import: the facts before it stay, the answer names it.
 */
export async function importHistory(ledger: Ledger, now: () => number, actor: Actor, facts: readonly PastFact[]) {
  mustBeAllowed(actor, 'configure', null, ledger.world);
  let broken: Refused | null = null;
  const appends = facts.map(({ at, ...fact }, i) =>
    ledger.append(
      IMPORT,
      (world) => {
        if (broken) throw broken;
        try {
          checkRecordedAt(at, world, now());
          return [checkedFact(fact as Fact, world, at)];
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          broken = new Refused(409, `facts.${i}.${error.field}`, error.rule, { taken: i });
          throw broken;
        }
      },
      at,
    ),
  );
  const settled = await Promise.allSettled(appends);
  const failed = settled.find((s) => s.status === 'rejected');
  if (failed) throw broken ?? failed.reason;
  return { seq: ledger.world.seq, taken: facts.length };
}

/**
 * The rules a live fact of this kind was held to before it was appended. @returns the fact with what the rules compute for it (clocks
 * that begin or move, the level climbed to) where it does not say so itself
 */
function checkedFact(fact: Fact, world: World, at: number): Fact {
  if (fact.kind.startsWith('incident.')) return incidentFact(fact, world, at);
  if (fact.kind.startsWith('alarm.')) return alarmFact(fact as Fact<AlarmKind>, world, at);
  if (fact.kind === 'care.visited') mustBeVisit(fact.body, world);
  if (fact.kind === 'round.closed') mustBeRound(fact.body, world, at);
  const body = fact.body as { unit?: string; area?: string | null };
  if (body.unit && !world.units.has(body.unit)) throw new Refused(409, 'body.unit', `unit ${body.unit} is not registered`);
  mustKnowArea(body.area, world);
  return fact;
}

const actOfAlarmKind: Partial<Record<AlarmKind, AlarmAct>> = {
  'alarm.acknowledged': 'acknowledge',
  'alarm.reset': 'reset',
  'alarm.shelved': 'shelve',
  'alarm.unshelved': 'unshelve',
  'alarm.removed': 'remove',
  'alarm.returned': 'return',
  'alarm.noted': 'note',
};

/** What a person did to an alarm is decided as a live act would be; what a rule did is held to how things stand. */
function alarmFact(fact: Fact<AlarmKind>, world: World, at: number): Fact {
  const id = fact.body.alarm;
  if ('sensor' in fact.body) mustBeSource(fact.body, world);
  const act = actOfAlarmKind[fact.kind];
  if (act) {
    const decision = decideAlarm(world, id, formOfAlarm(act, fact, at), null, at);
    if (!decision.ok) throw new Refused(409, `body.${shelfField[decision.field] ?? decision.field}`, decision.rule);
    return fact;
  }
  const alarm = world.alarms.get(id);
  const broken = (rule: string) => new Refused(409, 'body.alarm', rule);
  switch (fact.kind) {
    case 'alarm.raised':
      if (fact.body.again ? !alarm?.active || !alarm.acked : alarm?.active)
        throw broken(fact.body.again ? `${id} is not active and acknowledged: it cannot ask again` : `${id} is active already`);
      return fact;
    case 'alarm.suppressed': {
      const { by, sensor } = fact.body;
      if (!world.alarms.get(alarmId(sensor, by))?.active) throw new Refused(409, 'body.by', `no rule ${by} of ${sensor} is active`);
      if (alarm?.suppressedBy === by) throw broken(`${id} is suppressed by ${by} already`);
      return fact;
    }
    case 'alarm.cleared':
      if (!alarm) throw broken(`no alarm ${id}: it is in its normal state`);
      if (!alarm.active) throw broken(`${id} is not active`);
      return fact;
    case 'alarm.revised':
      if (!alarm?.active) throw broken(`${id} is not active`);
      if (fact.body.again && !alarm.acked) throw broken(`${id} is not acknowledged: it cannot ask again`);
      return fact;
    default:
      if (alarm?.suppressedBy == null) throw broken(`${id} is not suppressed`);
      return fact;
  }
}
/** Where a refused figure of a form stands in the fact. */
const shelfField: Record<string, string> = { minutes: 'shelf.until', kind: 'shelf.kind' };

function formOfAlarm(act: AlarmAct, { body }: Fact<AlarmKind>, at: number): AlarmActForm {
  if (!('shelf' in body)) return { ...body, act } as unknown as AlarmActForm;
  const { kind, until, reason } = body.shelf;
  if (until <= at) throw new Refused(409, 'body.shelf.until', 'must be later than the fact itself');
  return { act: 'shelve', kind, reason, minutes: (until - at) / 60_000 };
}

/** The sensor is registered, the rule is one of its kind, and the alarm's id is made of the two. */
function mustBeSource(
  { alarm, sensor: id, rule, area }: { alarm: string; sensor: string; rule: string; area: string | null },
  world: World,
) {
  const source = alarmSource(world, id);
  if (!source) throw new Refused(409, 'body.sensor', `sensor ${id} is not registered`);
  if (!ruleOf(world, source.of, rule)) throw new Refused(409, 'body.rule', `no rule ${rule} for sensors of kind ${source.of}`);
  if (alarm !== alarmId(id, rule)) throw new Refused(409, 'body.alarm', `the alarm of this sensor and rule is ${alarmId(id, rule)}`);
  mustKnowArea(area, world);
}

/** To somebody registered, with a finding of the kind. */
function mustBeVisit({ care: id, area, result }: EntryBody<'care.visited'>, world: World) {
  const care = world.cares.get(id);
  if (!care) throw new Refused(409, 'body.care', `no person ${id} to be visited is registered`);
  if (area !== care.area) throw new Refused(409, 'body.area', `${id} is to be visited in ${care.area}`);
  const results = careKindOf(world.centre, care.kind)?.results.map((r) => r.code);
  if (results && !results.includes(result)) throw new Refused(409, 'body.result', `one of ${results.join(', ')}`);
}

/** Every stop of the round is either made or missed, of a window that is over and not closed yet. */
function mustBeRound(b: EntryBody<'round.closed'>, world: World, at: number) {
  const round = world.rounds.get(b.round);
  if (!round) throw new Refused(409, 'body.round', `no round ${b.round} is registered`);
  const broken = (field: string, rule: string) => new Refused(409, `body.${field}`, rule);
  if (!runsOn(round, b.day)) throw broken('day', 'it does not run on that day');
  if (round.last && b.day <= round.last.day) throw broken('day', `it is closed up to ${round.last.day}`);
  const window = windowOf(round, b.day, world.centre?.utcOffsetMinutes ?? 0);
  if (window.to > at) throw broken('day', 'its window is not over');
  const told = [...b.visited.map((v) => v.area), ...b.missed];
  if (told.length !== round.stops.length || new Set(told).size !== told.length || !told.every((a) => round.stops.includes(a)))
    throw broken('visited', 'visited and missed together are its stops, each once');
  for (const [i, v] of b.visited.entries()) {
    if (!world.units.has(v.unit)) throw broken(`visited.${i}.unit`, `unit ${v.unit} is not registered`);
    if (v.at < window.from || v.at >= window.to) throw broken(`visited.${i}.at`, 'outside its window');
  }
}

function mustKnowArea(area: string | null | undefined, world: World) {
  if (area && !world.areas.has(area as never)) throw new Refused(409, 'body.area', `no area ${area} in the boundaries`);
}

/** A step or a whistle is decided as a live one would be; what is not a decision is held to what it speaks of. */
function incidentFact(fact: Fact, world: World, at: number): Fact {
  const { incident: id, ...said } = fact.body as { incident: string };
  const step = stepOfKind(fact.kind);
  if (step) return asDecided(fact, decideStep(world, id, { ...said, step } as StepForm, null, at));
  const act = actOfKind(fact.kind);
  if (act) return asDecided(fact, decideWhistleAct(world, id, { ...said, act } as WhistleActForm, null));
  switch (fact.kind) {
    case 'incident.whistle-blown': {
      const { incident: _, whistle: __, due: ___, ...form } = fact.body;
      return asDecided(fact, decideWhistle(world, id, form, null, at));
    }
    case 'incident.reported':
      if (incidentOf(world, id)) throw new Refused(409, 'body.incident', `incident ${id} is already in the ledger`);
      mustKnowArea(fact.body.area, world);
      return fact;
    case 'incident.answered':
      mustHold(world, fact.body.of ?? id);
      return fact;
    case 'incident.warned': {
      const { clock, share } = fact.body;
      const i = mustHold(world, id);
      if (!i.clocks[clock]) throw new Refused(409, 'body.clock', `incident ${id} has no clock ${clock}`);
      if (i.warned.includes(`${clock} ${share}`)) throw new Refused(409, 'body.share', `${clock} ${share} is already told of`);
      return fact;
    }
    case 'incident.attached':
      throw new Refused(409, 'kind', 'a file is handed in at POST /api/v1/incidents/{id}/attachments, not told of');
    default:
      throw new Refused(409, 'kind', 'is written by the rules of the house, for the step that follows it');
  }
}

function mustHold(world: World, id: string): Incident {
  const i = incidentOf(world, id);
  if (!i) throw new Refused(409, 'body.incident', notHeld(id).rule);
  return i;
}

/** What was decided, as the fact itself tells it: its own clocks stand; where it was taken to must be where it could go. */
function asDecided(fact: Fact, decision: Decision): Fact {
  if (!decision.ok)
    throw new Refused(409, decision.field === 'step' || decision.field === 'act' ? 'kind' : `body.${decision.field}`, decision.rule);
  const decided = decision.facts[0]!.body as Record<string, unknown>;
  const told = fact.body as Record<string, unknown>;
  for (const field of ['area', 'whistle'])
    if (told[field] !== undefined && told[field] !== decided[field])
      throw new Refused(409, `body.${field}`, `${JSON.stringify(decided[field])}, as things stood`);
  return { kind: fact.kind, body: { ...decided, ...told } } as Fact;
}
