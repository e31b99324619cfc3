import { type Actor, may } from './access.ts';
import type { AreaCode } from './brand.ts';
import { categoryOf, departmentOf, limitsOf } from './centre.ts';
import { extendClock, givenClock, resumeClock, startClock } from './clock.ts';
import {
  checkStep,
  firstMark,
  type Incident,
  type IncidentSource,
  type IncidentState,
  type IncidentStep,
  isOpen,
  pausedAfter,
  type Transition,
  transitionOf,
} from './incident.ts';
import type { StepForm } from './incident-forms.ts';
import type { Fact } from './ledger.ts';
import { permitFor } from './permit.ts';
import type { IncidentReport } from './report.ts';
import { incidentOf, treeOf, type World } from './world.ts';

/**
 * What a step of an incident comes to: the facts to append, or the rule it breaks. Pure: the world, who asks and the moment are
 * arguments, so the same decision is made live, for imported history and in a preview.
 */
export type Decision =
  | { readonly ok: true; readonly facts: readonly Fact[]; readonly state: IncidentState }
  /** 403 not allowed · 404 not there · 409 not possible as things stand · 400 names something that does not exist */
  | { readonly ok: false; readonly status: 400 | 403 | 404 | 409; readonly field: string; readonly rule: string };

type No = Extract<Decision, { ok: false }>;
export const refuse = (status: No['status'], field: string, rule: string): No => ({ ok: false, status, field, rule });
export const notHeld = (id: string): No => refuse(404, 'incident', `no incident ${id} among the open and recent ones`);

/** Judge one step. `now` epoch ms; `actor` null = a rule of the house or an import, which may do anything the table allows. */
export function decideStep(world: World, id: string, form: StepForm, actor: Actor | null, now: number): Decision {
  const i = incidentOf(world, id);
  if (!i) return notHeld(id);
  const row = transitionOf(form.step);
  if (!row) return refuse(400, 'step', `unknown step ${form.step}`);
  // who may not, is not told how things stand either
  const barred = actor && notAllowed(world, i, form, row, actor);
  if (barred) return refuse(403, 'actor', barred);
  const verdict = checkStep(i, form.step);
  if (!verdict.ok) return refuse(409, 'step', verdict.rule);
  return brokenRule(world, i, form, now) ?? { ok: true, state: verdict.to, facts: factsOf(world, i, form, row, now) };
}

/** What one of several units sent to an incident may do although another one leads. */
const support: ReadonlySet<IncidentStep> = new Set<IncidentStep>(['note', 'ask-help', 'join']);

/**
 * The right, on the places of all incidents concerned. And one's own work: a worker's account bears the id of the worker's unit, a
 * department's the code of the department; each works on what it was given, and speaks for itself only.
 */
function notAllowed(world: World, i: Incident, form: StepForm, row: Transition, actor: Actor): string | null {
  const into = form.step === 'merge' ? incidentOf(world, form.into) : undefined;
  for (const place of into ? [i.area, into.area] : [i.area]) {
    const allowed = may(actor, row.right, place, treeOf(world));
    if (!allowed.ok) return allowed.rule;
  }
  if (actor.role === 'department' && i.department !== actor.id) return `incident ${i.id} was not given to department ${actor.id}`;
  if (actor.role !== 'worker') return null;
  if (!i.crew.some((c) => c.unit === actor.id)) return `incident ${i.id} was not given to unit ${actor.id}`;
  if (i.unit !== actor.id && !support.has(form.step)) return `unit ${i.unit} leads: unit ${actor.id} may ${[...support].join(', ')}`;
  const { unit } = form as { unit?: string };
  return unit === undefined || unit === actor.id ? null : `unit ${actor.id} may not speak for ${unit}`;
}

/** What a step names must exist, and must stand as the step takes it to. */
function brokenRule(world: World, i: Incident, form: StepForm, now: number): No | null {
  const { unit, suggested, department } = form as { unit?: string; suggested?: string; department?: string };
  for (const [field, id] of [['unit', unit] as const, ['suggested', suggested] as const])
    if (id !== undefined && !world.units.has(id)) return refuse(400, field, `unit ${id} is not registered`);
  if (department !== undefined && !knowsDepartment(world, department))
    return refuse(400, 'department', `the centre has no department ${department}`);
  const sent = i.crew.find((c) => c.unit === unit);
  switch (form.step) {
    case 'join':
      if (!sent) return refuse(409, 'unit', `unit ${unit} was not sent to this incident`);
      if (sent.lead) return refuse(409, 'unit', `unit ${unit} leads: its step is arrive`);
      return sent.arrivedAt === null ? null : refuse(409, 'unit', `unit ${unit} is already there`);
    case 'reinforce':
      return sent ? refuse(409, 'unit', `unit ${unit} is already sent to this incident`) : null;
    case 'suspend':
      return form.reviewAt > now ? null : refuse(400, 'reviewAt', 'the review lies ahead');
    case 'ask-extension':
      return i.clocks.handle ? null : refuse(409, 'step', 'it has no limit that could be extended');
    case 'rate':
      return i.verdict ? refuse(409, 'step', 'the caller has already said so; reopen it if that is no longer true') : null;
    case 'merge': {
      const into = incidentOf(world, form.into);
      if (form.into === i.id) return refuse(400, 'into', 'an incident is not merged into itself');
      if (!into) return refuse(400, 'into', `no incident ${form.into} among the open and recent ones`);
      return isOpen(into) ? null : refuse(409, 'into', `incident ${form.into} has ended (${into.state})`);
    }
    case 'escalate': {
      const up = levelsAbove(world, i);
      if (up.length === 0) return refuse(409, 'level', 'it is already at the highest level');
      if (form.level === undefined || up.some((l) => l.level === form.level)) return null;
      return refuse(400, 'level', `one of ${up.map((l) => l.level).join(', ')}`);
    }
    default:
      return null;
  }
}

export const knowsDepartment = (world: World, code: string) => departmentOf(world.centre, code) !== undefined;

/** Level key above the street (区). */
export const ABOVE = 'above';
/** The levels that could answer next for an incident, lowest first, ending with the one above the street. */
export function levelsAbove(world: World, i: Pick<Incident, 'area' | 'levels'>): { level: string; area: AreaCode | null }[] {
  const path = i.area === null ? [] : [...treeOf(world).path(i.area)].reverse();
  const ladder: { level: string; area: AreaCode | null }[] = [
    ...path.map((a) => ({ level: a.level, area: a.code })),
    { level: ABOVE, area: null },
  ];
  const at = ladder.findIndex((l) => l.level === i.levels.at(-1)?.level);
  return ladder.slice(at + 1);
}

function factsOf(world: World, i: Incident, form: StepForm, row: Transition, now: number): Fact[] {
  const { step: _, ...said } = form as StepForm & Record<string, unknown>;
  const body = { incident: i.id, ...said, ...computed(world, i, form, row, now) };
  return [{ kind: row.kind, body } as unknown as Fact, ...answers(world, i, form)];
}

/** 答复: whoever reported it, and whoever reported what was merged into it, is told how it ended. */
function answers(world: World, i: Incident, form: StepForm): Fact[] {
  if (form.step !== 'close' && form.step !== 'decline' && form.step !== 'void') return [];
  const text = form.step === 'close' ? (form.answer ?? form.note ?? '') : form.reason;
  const others = i.merged.filter((id) => {
    const other = incidentOf(world, id);
    return !other || hasCaller(other); // one that the world has let go of may have had one
  });
  return [...(hasCaller(i) ? [i.id] : []), ...others].map((id) => ({
    kind: 'incident.answered',
    body: { incident: id, text, ...(id === i.id ? {} : { of: i.id }) },
  }));
}
const calling: ReadonlySet<IncidentSource> = new Set<IncidentSource>(['resident', 'hotline', 'street-line', 'other']);
/** Is there somebody who waits for an answer? Not so where a device raised it, or somebody of the house saw it. */
const hasCaller = (i: Incident) => i.reporter !== null || calling.has(i.source);

/** What the rules add to a form: clocks that begin, move or go on, the level climbed to. */
function computed(world: World, i: Incident, form: StepForm, row: Transition, now: number): object {
  const { centre } = world;
  const limits = limitsOf(categoryOf(centre, i.category));
  const { handle, dispatch } = i.clocks;
  const waits = !firstMark(i, 'dispatch');
  const goesOn = i.pausedAt !== null && !pausedAfter(i, form.step, row.to ?? i.state);
  const resumed = goesOn && handle ? resumeClock(centre, handle, i.pausedAt, now) : null;
  switch (form.step) {
    case 'file':
      return { dispatchClock: startClock(centre, limits.dispatch, now) };
    case 'dispatch':
      return limits.handleFrom === 'dispatch' && !handle ? { handleClock: startClock(centre, limits.handle, now) } : {};
    case 'grant-extension':
      return resumed && i.extension ? { handleClock: extendClock(centre, resumed, i.extension) } : {};
    case 'resume':
      return {
        ...(resumed ? { handleClock: resumed } : {}),
        ...(waits && dispatch && goesOn ? { dispatchClock: resumeClock(centre, dispatch, i.pausedAt, now) } : {}),
      };
    case 'reopen':
      return {
        handleClock: limits.handleFrom === 'dispatch' ? null : startClock(centre, limits.handle, now),
        ...(waits ? { dispatchClock: startClock(centre, limits.dispatch, now) } : {}),
      };
    case 'escalate': {
      const up = levelsAbove(world, i);
      return up.find((l) => l.level === form.level) ?? up[0]!;
    }
    default:
      // an extension asked for and not decided falls with the work: the clock that stood still meanwhile goes on
      return resumed ? { handleClock: resumed } : {};
  }
}

/**
 * The fact a report of an incident becomes: category, department and clocks as the centre has them now. `due`: a deadline the source
 * itself gave (a hotline ticket), which then stands instead of the category's.
 */
export function reportedFact(
  world: World,
  id: string,
  report: IncidentReport,
  area: AreaCode | null,
  now: number,
): Fact<'incident.reported'> {
  const category = categoryOf(world.centre, report.category);
  const limits = limitsOf(category);
  const { title, source, at, lngLat, due, channel, ref, reporter, alarm } = report;
  const permit = permitFor(world, category.code, lngLat, at);
  const handle =
    due !== undefined
      ? due === null
        ? null
        : givenClock(world.centre, due, now)
      : limits.handleFrom === 'report'
        ? startClock(world.centre, limits.handle, now)
        : null;
  return {
    kind: 'incident.reported',
    body: {
      incident: id,
      title,
      category: category.code,
      priority: report.priority ?? category.priority,
      source,
      at,
      lngLat,
      area,
      deadline: handle?.due ?? null,
      handleClock: handle,
      fileClock: startClock(world.centre, limits.file, now),
      flow: category.flow,
      ...(category.department ? { department: category.department } : {}),
      ...(channel ? { channel } : {}),
      ...(ref ? { ref } : {}),
      ...(reporter ? { reporter } : {}),
      ...madeOf(world, alarm),
      ...(permit ? { permit: permit.id } : {}),
    },
  };
}

/** The alarm an incident is made of, with the reading that raised it. */
function madeOf(world: World, id: string | undefined) {
  const alarm = id === undefined ? undefined : world.alarms.get(id);
  if (!alarm) return id === undefined ? {} : { alarm: id };
  const { sensor, limit, first } = alarm;
  return { alarm: alarm.id, reading: { sensor, limit, ...first } };
}
