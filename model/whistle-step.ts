import type { z } from 'zod';
import { type Actor, may } from './access.ts';
import { epochMs } from './brand.ts';
import { isOpen, type Whistle } from './incident.ts';
import { type WhistleAct, type WhistleActForm, whistleActs, type zWhistleForm } from './incident-forms.ts';
import { type Decision, knowsDepartment, notHeld, refuse } from './incident-step.ts';
import type { Fact } from './ledger.ts';
import { incidentOf, treeOf, type World } from './world.ts';

/** 吹哨: call departments to an open incident. Pure, as the steps of incident-step.ts. */
export function decideWhistle(world: World, id: string, form: z.output<typeof zWhistleForm>, actor: Actor | null, now: number): Decision {
  const i = incidentOf(world, id);
  if (!i) return notHeld(id);
  const allowed = actor && may(actor, 'whistle', i.area, treeOf(world));
  if (allowed && !allowed.ok) return refuse(403, 'actor', allowed.rule);
  if (!isOpen(i)) return refuse(409, 'incident', `the incident is ${i.state}`);
  const stranger = form.departments.findIndex((d) => !knowsDepartment(world, d));
  if (stranger >= 0) return refuse(400, `departments.${stranger}`, `the centre has no department ${form.departments[stranger]}`);
  const minutes = world.centre!.whistle.minutes[form.kind];
  const due = epochMs(Math.round(now + minutes * 60_000));
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
} as const satisfies Record<WhistleAct, string>;

export const actOfKind = (kind: string): WhistleAct | undefined => whistleActs.find((act) => actKinds[act] === kind);

/** 应答, 报到, 催办, 解除, 评价 of a whistle. The called department answers for itself, or the desk writes down what it heard by telephone. */
export function decideWhistleAct(world: World, id: string, form: WhistleActForm, actor: Actor | null): Decision {
  const i = incidentOf(world, id);
  if (!i) return notHeld(id);
  const department = 'department' in form ? form.department : null;
  const own = form.act === 'answer' || form.act === 'arrive';
  if (actor) {
    const allowed = may(actor, own ? 'answer-whistle' : 'whistle', i.area, treeOf(world));
    if (!allowed.ok) return refuse(403, 'actor', allowed.rule);
    if (actor.role === 'department' && actor.id !== department)
      return refuse(403, 'actor', `department ${actor.id} may not answer for ${department}`);
  }
  const whistle = i.whistles.find((w) => w.no === form.whistle);
  if (!whistle) return refuse(404, 'whistle', `incident ${id} has no whistle ${form.whistle}`);
  const broken = whistleRule(whistle, form, department);
  if (broken) return refuse(409, 'act', broken);
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
