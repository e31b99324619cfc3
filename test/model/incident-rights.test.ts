import { describe, expect, it } from 'vitest';
import { type Actor, type Role, roles, WHOLE_CENTRE } from '../../model/access.ts';
import { areaCode } from '../../model/brand.ts';
import { type IncidentStep, transitions } from '../../model/incident.ts';
import { decideWhistle, decideWhistleAct } from '../../model/whistle-step.ts';
import { formFor, Walked } from '../support/walk.ts';

/** What leads to a state from which the step is possible. */
const way: Partial<Record<IncidentStep, IncidentStep[]>> = {
  dispatch: ['file'],
  verify: ['file', 'dispatch', 'handle'],
  rework: ['file', 'dispatch', 'handle'],
  revisit: ['file', 'dispatch', 'accept', 'agree'],
  close: ['file', 'dispatch', 'handle', 'verify'],
  rate: ['file', 'dispatch', 'handle', 'verify', 'close'],
  reopen: ['file', 'dispatch', 'handle', 'verify', 'close'],
  file: [],
  decline: [],
  merge: [],
  resume: ['file', 'suspend'],
  join: ['file', 'dispatch', 'reinforce'],
  agree: ['file', 'dispatch', 'accept'],
  'grant-extension': ['file', 'dispatch', 'ask-extension'],
  'deny-extension': ['file', 'dispatch', 'ask-extension'],
};
const inHand: IncidentStep[] = ['file', 'dispatch'];
const disputes: ReadonlySet<IncidentStep> = new Set<IncidentStep>(['mediate', 'agree', 'revisit']);

/** An incident of which the step is possible, given to unit u-1 and department urban, with u-2 to help. */
function ready(step: IncidentStep) {
  const walked = new Walked();
  walked.report('i-0', disputes.has(step) ? { category: 'quarrel' } : {});
  walked.report('i-1');
  walked.walk('i-0', ...(way[step] ?? inHand));
  return { walked, form: formFor(step, walked.at, 'i-1') };
}
const actorOf = (role: Role, id = role === 'worker' ? 'u-1' : role === 'department' ? 'urban' : 'a', area = WHOLE_CENTRE): Actor => ({
  id,
  role,
  area,
});

/** The table of rights, read by a person. A worker leads the crew, a department was given the incident. */
const desk = 'file decline dispatch reinforce verify rework revisit close rate suspend resume merge reopen escalate';
const street = 'accept reject arrive note ask-help join handle mediate agree return ask-extension';
const table: Record<Role, string> = {
  operator: `${desk} ${street}`,
  supervisor: `${desk} ${street} grant-extension deny-extension void`,
  worker: street,
  department: street,
  leader: '',
  admin: '',
  screen: '',
  device: '',
};

describe('who may take a step', () => {
  it.each(transitions.map((t) => t.step))('%s: as the table of rights says', (step) => {
    const { walked, form } = ready(step);
    expect(walked.decide('i-0', form)).toMatchObject({ ok: true });
    for (const role of roles) {
      // u-2 joins: the one unit that is sent to help, and speaks for itself
      const decision = walked.decide('i-0', form, step === 'join' && role === 'worker' ? actorOf(role, 'u-2') : actorOf(role));
      expect([role, decision.ok]).toEqual([role, table[role].split(' ').includes(step)]);
      if (!decision.ok) expect([decision.status, decision.field]).toEqual([403, 'actor']);
    }
  });
  it('is asked before how the incident stands is told', () => {
    const { walked } = ready('file');
    expect(walked.decide('i-0', { step: 'close' }, actorOf('screen'))).toMatchObject({ status: 403 });
    expect(walked.decide('i-0', { step: 'close' }, actorOf('operator'))).toMatchObject({ status: 409 });
    const east = actorOf('operator', 'a', areaCode('510107062008'));
    expect(walked.decide('i-0', { step: 'file' }, east)).toMatchObject({ status: 403, rule: expect.stringContaining('outside') });
  });
  it('holds a worker and a department to what they were given, and a helper to helping', () => {
    const { walked } = ready('handle');
    walked.step('i-0', formFor('reinforce', walked.at));
    const rule = (step: IncidentStep, actor: Actor, more: object = {}) => {
      const decision = walked.decide('i-0', { ...formFor(step, walked.at), ...more } as never, actor);
      return decision.ok ? null : decision.rule;
    };
    expect(rule('handle', actorOf('worker', 'u-9'))).toBe('incident i-0 was not given to unit u-9');
    expect(rule('handle', actorOf('worker', 'u-2'))).toMatch(/unit u-1 leads/);
    expect(rule('reject', actorOf('worker', 'u-2'))).toMatch(/unit u-1 leads/);
    expect(rule('note', actorOf('worker', 'u-2'))).toBeNull();
    expect(rule('note', actorOf('worker', 'u-2'), { unit: 'u-1' })).toBe('unit u-2 may not speak for u-1');
    expect(rule('accept', actorOf('department', 'justice'))).toBe('incident i-0 was not given to department justice');
    walked.step('i-0', formFor('return', walked.at));
    expect(rule('accept', actorOf('department', 'urban'))).toBe('incident i-0 was not given to department urban');
  });
  it('asks for the right on both places of a merger', () => {
    const walked = new Walked();
    walked.report('i-0');
    walked.report('i-1', {}, 2);
    const west = actorOf('operator', 'a', areaCode('510107062007'));
    expect(walked.decide('i-0', { step: 'merge', into: 'i-1' }, west)).toMatchObject({ ok: false, status: 403 });
    expect(walked.decide('i-0', { step: 'merge', into: 'i-1' }, actorOf('operator'))).toMatchObject({ ok: true });
  });
});

describe('what a step names', () => {
  it.each<[string, IncidentStep, object, object]>([
    ['a unit nobody registered', 'dispatch', { unit: 'u-77' }, { status: 400, field: 'unit' }],
    ['a first on the list nobody registered', 'dispatch', { suggested: 'u-77', reason: 'r' }, { status: 400, field: 'suggested' }],
    ['a department the centre has not', 'dispatch', { department: 'moon' }, { status: 400, field: 'department' }],
    ['a review that lies behind', 'suspend', { reviewAt: 1 }, { status: 400, field: 'reviewAt' }],
    ['itself', 'merge', { into: 'i-0' }, { status: 400, field: 'into' }],
    ['an incident nobody knows', 'merge', { into: 'i-77' }, { status: 400, field: 'into' }],
    ['a unit that was not sent', 'join', { unit: 'u-77' }, { status: 400, field: 'unit' }],
    ['the unit that leads', 'join', { unit: 'u-1' }, { status: 409, field: 'unit' }],
    ['a level that does not answer next', 'escalate', { level: 'micro' }, { status: 400, field: 'level' }],
  ])('may not be %s', (_, step, more, refusal) => {
    const { walked, form } = ready(step);
    expect(walked.decide('i-0', { ...form, ...more } as never)).toMatchObject({ ok: false, ...refusal });
  });
  it('is refused a second time where once is all there is', () => {
    const once = (step: IncidentStep, ...before: IncidentStep[]) => {
      const walked = new Walked();
      walked.report('i-0');
      walked.walk('i-0', ...before, step);
      return walked.decide('i-0', formFor(step, walked.at));
    };
    expect(once('join', 'file', 'dispatch', 'reinforce')).toMatchObject({ status: 409, rule: 'unit u-2 is already there' });
    expect(once('reinforce', 'file', 'dispatch')).toMatchObject({ status: 409, field: 'unit' });
    expect(once('rate', 'file', 'dispatch', 'handle', 'verify', 'close')).toMatchObject({ status: 409, field: 'step' });
    expect(once('ask-extension', 'file', 'dispatch')).toMatchObject({ status: 409, rule: 'an extension is already asked for' });
  });
});

describe('what ends an incident', () => {
  it('answers its caller and those of all that were merged into it, also through another one', () => {
    const walked = new Walked();
    for (const id of ['i-0', 'i-1', 'i-2']) walked.report(id);
    walked.report('i-3', { source: 'sensor' });
    for (const [id, into] of [
      ['i-0', 'i-1'],
      ['i-3', 'i-1'],
      ['i-1', 'i-2'],
    ] as const)
      walked.step(id, { step: 'merge', into });
    expect(walked.incident('i-2').merged).toEqual(['i-1', 'i-0', 'i-3']);
    expect(walked.decide('i-2', { step: 'merge', into: 'i-0' })).toMatchObject({ ok: false, rule: 'incident i-0 has ended (merged)' });
    walked.walk('i-2', 'file', 'dispatch', 'handle', 'verify');
    const facts = walked.step('i-2', { step: 'close', answer: '已清理' });
    expect(facts.slice(1).map((f) => f.body)).toEqual([
      { incident: 'i-2', text: '已清理' },
      { incident: 'i-1', text: '已清理', of: 'i-2' },
      { incident: 'i-0', text: '已清理', of: 'i-2' }, // a sensor waits for no answer
    ]);
    expect(walked.incident('i-0').answeredAt).toBe(walked.at);
  });
  it('begins a new round when it is opened again: clock, levels, verdict; what was rated may be rated again', () => {
    const walked = new Walked();
    walked.report('i-0');
    walked.walk('i-0', 'file', 'dispatch', 'escalate', 'handle', 'verify', 'close', 'rate');
    walked.at += 5 * 86_400_000;
    const again = walked.walk('i-0', 'reopen');
    expect(again).toMatchObject({ state: 'filed', closedAt: null, verdict: null, answeredAt: null, unit: null, crew: [] });
    expect([again.deadline, again.levels.length]).toEqual([walked.at + 120 * 60_000, 1]);
    expect(walked.walk('i-0', 'dispatch', 'handle', 'verify', 'close', 'rate').verdict).not.toBeNull();
  });
  it.each(['handle', 'return', 'reject', 'void', 'merge', 'suspend'] as const)(
    'or takes it from its unit (%s) leaves no extension open and no clock standing still unasked',
    (step) => {
      const walked = new Walked();
      walked.report('i-0');
      walked.report('i-1');
      walked.walk('i-0', 'file', 'dispatch', 'ask-extension');
      const due = walked.incident('i-0').deadline!;
      walked.at += 60_000;
      walked.step('i-0', formFor(step, walked.at, 'i-1'));
      const i = walked.incident('i-0');
      expect(i.extension).toBeNull();
      expect([i.pausedAt, i.deadline]).toEqual(step === 'suspend' ? [walked.at - 60_000, due] : [null, due + 60_000]);
    },
  );
});

describe('a whistle', () => {
  const blown = () => {
    const walked = new Walked();
    walked.report('i-0');
    const form = { kind: 'urgent', grounds: 'joint', text: '请到场', departments: ['justice'] } as const;
    const blow = (actor: Actor | null) =>
      decideWhistle(walked.world, 'i-0', { ...form, departments: [...form.departments] }, actor, walked.at);
    const act = (a: object, actor: Actor | null = null) =>
      decideWhistleAct(walked.world, 'i-0', { whistle: 1, department: 'justice', ...a } as never, actor);
    const done = (a: object) => {
      const decision = act(a);
      if (!decision.ok) throw new Error(decision.rule);
      walked.append(decision.facts);
    };
    return { walked, blow, act, done };
  };
  it('is blown, urged, released and rated by the desk, answered by the department it called', () => {
    const { walked, blow, act } = blown();
    for (const role of roles) expect([role, blow(actorOf(role)).ok]).toEqual([role, role === 'operator' || role === 'supervisor']);
    const decision = blow(null);
    if (decision.ok) walked.append(decision.facts);
    expect(walked.incident('i-0').whistles[0]).toMatchObject({ no: 1, due: walked.at + 10 * 60_000 });
    const may = (a: object, actor: Actor) => act(a, actor).ok;
    expect([may({ act: 'answer' }, actorOf('department', 'justice')), may({ act: 'arrive' }, actorOf('operator'))]).toEqual([true, true]);
    expect(act({ act: 'answer' }, actorOf('department', 'urban'))).toMatchObject({ status: 403 });
    for (const a of ['urge', 'release'])
      expect([may({ act: a }, actorOf('department', 'justice')), may({ act: a }, actorOf('operator'))]).toEqual([false, true]);
  });
  it('goes one way: answered, there, released, rated', () => {
    const { walked, blow, act, done } = blown();
    const decision = blow(null);
    if (decision.ok) walked.append(decision.facts);
    expect(act({ act: 'rate', rating: 5 })).toMatchObject({ status: 409, rule: 'a whistle is rated when it is released' });
    done({ act: 'urge' });
    done({ act: 'answer' });
    expect(act({ act: 'answer' })).toMatchObject({ status: 409 });
    done({ act: 'arrive' });
    expect(act({ act: 'urge' })).toMatchObject({ status: 409, rule: 'department justice has already reported in' });
    done({ act: 'release' });
    expect(act({ act: 'release' })).toMatchObject({ status: 409, rule: 'whistle 1 is released' });
    done({ act: 'rate', rating: 5 });
    expect(act({ act: 'rate', rating: 1 })).toMatchObject({ status: 409 });
    expect(act({ act: 'answer', department: 'urban' })).toMatchObject({
      status: 409,
      rule: 'department urban was not called by whistle 1',
    });
    expect(act({ act: 'answer', whistle: 2 })).toMatchObject({ status: 404, field: 'whistle' });
    const [call] = walked.incident('i-0').whistles[0]!.calls;
    expect(call).toMatchObject({ answeredAt: walked.at, arrivedAt: walked.at, urgedAt: [walked.at], rating: 5 });
    walked.step('i-0', formFor('decline', walked.at));
    expect(blow(null)).toMatchObject({ status: 409, rule: 'the incident is declined' });
  });
});
