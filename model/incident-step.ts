import type { z } from 'zod';
import { type Actor, may } from './access.ts';
import type { AreaCode, EpochMs } from './brand.ts';
import { epochMs } from './brand.ts';
import { categoryOf, limitsOf } from './centre.ts';
import { extendClock, givenClock, resumeClock, startClock } from './clock.ts';
import { checkStep, firstMark, type Incident, type IncidentState, isOpen, type Whistle } from './incident.ts';
import type { StepForm, WhistleActForm, zWhistleForm } from './incident-forms.ts';
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

const no = (status: 400 | 403 | 404 | 409, field: string, rule: string): Decision => ({ ok: false, status, field, rule });

/** Judge one step. `now` epoch ms; `actor` null = a rule of the house or an import, which may do anything the table allows. */
export function decideStep(world: World, id: string, form: StepForm, actor: Actor | null, now: number): Decision {
  const i = incidentOf(world, id);
  if (!i) return no(404, 'incident', `no incident ${id} among the open and recent ones`);
  const verdict = checkStep(i, form.step);
  const right = verdict.ok ? verdict.row.right : null;
  if (actor && right) {
    const allowed = may(actor, right, i.area, treeOf(world));
    if (!allowed.ok) return no(403, 'actor', allowed.rule);
    const own = ownWork(i, form, actor);
    if (own) return no(403, 'actor', own);
  }
  if (!verdict.ok) return no(409, 'step', verdict.rule);
  const wrong = unknownNames(world, i, form);
  if (wrong) return wrong;
  return { ok: true, state: verdict.to, facts: factsOf(world, i, form, verdict.row.kind, now) };
}

/** A worker's account bears the id of the worker's unit, a department's the code of the department: each works on its own incidents only. */
function ownWork(i: Incident, form: StepForm, actor: Actor): string | null {
  if (actor.role === 'worker' && !i.crew.some((c) => c.unit === actor.id)) return `incident ${i.id} was not given to unit ${actor.id}`;
  if (actor.role === 'worker' && form.step === 'join' && form.unit !== actor.id) return `unit ${actor.id} may not join for ${form.unit}`;
  if (actor.role === 'department' && i.department !== actor.id) return `incident ${i.id} was not given to department ${actor.id}`;
  return null;
}

function unknownNames(world: World, i: Incident, form: StepForm): Decision | null {
  const { unit, department } = form as { unit?: string; department?: string };
  if (unit !== undefined && !world.units.has(unit)) return no(400, 'unit', `unit ${unit} is not registered`);
  if (department !== undefined && !knowsDepartment(world, department))
    return no(400, 'department', `the centre has no department ${department}`);
  if (form.step === 'join' && !i.crew.some((c) => c.unit === form.unit))
    return no(409, 'unit', `unit ${form.unit} was not sent to this incident`);
  if (form.step === 'reinforce' && i.crew.some((c) => c.unit === form.unit))
    return no(409, 'unit', `unit ${form.unit} is already sent to this incident`);
  if (form.step === 'merge') {
    const into = incidentOf(world, form.into);
    if (form.into === i.id) return no(400, 'into', 'an incident is not merged into itself');
    if (!into) return no(400, 'into', `no incident ${form.into} among the open and recent ones`);
    if (!isOpen(into)) return no(409, 'into', `incident ${form.into} has ended (${into.state})`);
    if (i.merged.length) return no(409, 'into', `others are merged into this incident: merge them into ${form.into} instead`);
  }
  if (form.step === 'escalate') {
    const up = levelsAbove(world, i);
    if (up.length === 0) return no(409, 'level', 'it is already at the highest level');
    if (form.level !== undefined && !up.some((l) => l.level === form.level)) {
      return no(400, 'level', `one of ${up.map((l) => l.level).join(', ')}`);
    }
  }
  return null;
}

export const knowsDepartment = (world: World, code: string) => world.centre?.departments.some((d) => d.code === code) ?? false;

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

function factsOf(world: World, i: Incident, form: StepForm, kind: string, now: number): Fact[] {
  const { step, ...said } = form as StepForm & Record<string, unknown>;
  const body = { incident: i.id, ...said, ...computed(world, i, form, now) };
  const main = { kind, body } as unknown as Fact;
  if (step !== 'close') return [main];
  // 答复: whoever reported it, and whoever reported what was merged into it, is told the result
  const answer = (form as { answer?: string }).answer ?? (form as { note?: string }).note ?? '';
  const answered = [i.id, ...i.merged].map(
    (id): Fact => ({
      kind: 'incident.answered',
      body: { incident: id, text: answer, ...(id === i.id ? {} : { of: i.id }) },
    }),
  );
  return [main, ...answered];
}

/** What the rules add to a form: clocks that begin, move or go on, the level climbed to. */
function computed(world: World, i: Incident, form: StepForm, now: number): object {
  const { centre } = world;
  const limits = limitsOf(categoryOf(centre, i.category));
  const goesOn = () =>
    i.clocks.handle && i.pausedAt !== null ? { handleClock: resumeClock(centre, i.clocks.handle, i.pausedAt, now) } : {};
  switch (form.step) {
    case 'file':
      return { dispatchClock: startClock(centre, limits.dispatch, now) };
    case 'dispatch':
      return limits.handleFrom === 'dispatch' && !i.clocks.handle ? { handleClock: startClock(centre, limits.handle, now) } : {};
    case 'grant-extension': {
      const { handleClock } = goesOn() as { handleClock?: Parameters<typeof extendClock>[1] };
      return handleClock && i.extension ? { handleClock: extendClock(centre, handleClock, i.extension) } : {};
    }
    case 'deny-extension':
    // an extension asked for and not decided falls with these: the clock that stood still meanwhile goes on
    case 'handle':
    case 'agree':
    case 'reject':
    case 'return':
      return goesOn();
    case 'resume': {
      const { dispatch } = i.clocks;
      const waiting = dispatch && i.pausedAt !== null && !firstMark(i, 'dispatch');
      return { ...goesOn(), ...(waiting ? { dispatchClock: resumeClock(centre, dispatch, i.pausedAt!, now) } : {}) };
    }
    case 'reopen':
      return { handleClock: startClock(centre, limits.handle, now) };
    case 'escalate': {
      const up = levelsAbove(world, i);
      return up.find((l) => l.level === form.level) ?? up[0]!;
    }
    default:
      return {};
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
      ? due && givenClock(world.centre, due, now)
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

/** 吹哨: call departments to an open incident. */
export function decideWhistle(world: World, id: string, form: z.output<typeof zWhistleForm>, actor: Actor | null, now: number): Decision {
  const i = incidentOf(world, id);
  if (!i) return no(404, 'incident', `no incident ${id} among the open and recent ones`);
  const allowed = actor && may(actor, 'whistle', i.area, treeOf(world));
  if (allowed && !allowed.ok) return no(403, 'actor', allowed.rule);
  if (!isOpen(i)) return no(409, 'incident', `the incident is ${i.state}`);
  const stranger = form.departments.findIndex((d) => !knowsDepartment(world, d));
  if (stranger >= 0) return no(400, `departments.${stranger}`, `the centre has no department ${form.departments[stranger]}`);
  const minutes = world.centre!.whistle.minutes[form.kind];
  const due = epochMs(Math.round(now + minutes * 60_000)) as EpochMs;
  return {
    ok: true,
    state: i.state,
    facts: [{ kind: 'incident.whistle-blown', body: { incident: id, whistle: i.whistles.length + 1, due, ...form } }],
  };
}

const actKinds = {
  answer: 'incident.whistle-answered',
  arrive: 'incident.whistle-arrived',
  urge: 'incident.whistle-urged',
  release: 'incident.whistle-released',
  rate: 'incident.whistle-rated',
} as const;

/** 应答, 报到, 催办, 解除, 评价 of a whistle. The called department answers for itself, or the desk writes down what it heard by telephone. */
export function decideWhistleAct(world: World, id: string, form: WhistleActForm, actor: Actor | null): Decision {
  const i = incidentOf(world, id);
  if (!i) return no(404, 'incident', `no incident ${id} among the open and recent ones`);
  const department = 'department' in form ? form.department : null;
  const own = form.act === 'answer' || form.act === 'arrive';
  if (actor) {
    const allowed = may(actor, own ? 'answer-whistle' : 'whistle', i.area, treeOf(world));
    if (!allowed.ok) return no(403, 'actor', allowed.rule);
    if (actor.role === 'department' && actor.id !== department)
      return no(403, 'actor', `department ${actor.id} may not answer for ${department}`);
  }
  const whistle = i.whistles.find((w) => w.no === form.whistle);
  if (!whistle) return no(404, 'whistle', `incident ${id} has no whistle ${form.whistle}`);
  const broken = whistleRule(whistle, form, department);
  if (broken) return no(409, 'act', broken);
  const { act, ...body } = form;
  return { ok: true, state: i.state, facts: [{ kind: actKinds[act], body: { incident: id, ...body } } as Fact] };
}

function whistleRule(w: Whistle, form: WhistleActForm, department: string | null): string | null {
  const call = w.calls.find((c) => c.department === department);
  if (department !== null && !call) return `department ${department} was not called by whistle ${w.no}`;
  if (form.act === 'rate') {
    if (w.releasedAt === null) return 'a whistle is rated when it is released';
    return call!.rating === null ? null : `department ${department} is already rated`;
  }
  if (w.releasedAt !== null) return `whistle ${w.no} is released`;
  if (form.act === 'answer' && call!.answeredAt !== null) return `department ${department} has already answered`;
  if ((form.act === 'arrive' || form.act === 'urge') && call!.arrivedAt !== null) return `department ${department} has already reported in`;
  return null;
}
