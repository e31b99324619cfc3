import { describe, expect, it } from 'vitest';
import { type Actor, type Role, roles, WHOLE_CENTRE } from '../../model/access.ts';
import { type AlarmAct, type AlarmActForm, alarmActs } from '../../model/alarm-forms.ts';
import { zAlarmRule } from '../../model/alarm-rule.ts';
import { clearedFacts, decideAlarm, raisedFacts } from '../../model/alarm-step.ts';
import { areaCode, epochMs } from '../../model/brand.ts';
import { fold } from '../../model/fold/fold.ts';
import type { Entry, Fact } from '../../model/ledger.ts';
import { emptyWorld, type World } from '../../model/world.ts';
import { alarmClockFacts } from '../../server/alarms/alarm-clock.ts';
import { chain, leaves, setUp } from '../support/facts.ts';

const T0 = Date.parse('2026-11-20T08:00:00+08:00');
const MINUTE = 60_000;
const name = { zh: '燃气超限', en: 'Gas' };
const high = zAlarmRule.parse({
  kind: 'gas',
  code: 'high',
  name,
  test: { is: 'high', limit: 5 },
  priority: 2,
  shelveMaxMinutes: 60,
});
const latching = zAlarmRule.parse({ ...high, code: 'high-high', latch: true });
const sensor = { id: 's-1', kind: 'gas', name: '燃气', lngLat: [104, 30] as const, area: leaves[0]! };
const begun: Fact[] = [
  ...setUp,
  { kind: 'sensors.registered', body: { sensors: [sensor] } },
  ...[high, latching].map((rule): Fact => ({ kind: 'rule.set', body: { rule } })),
];
const base = fold(emptyWorld, chain(begun.map((fact) => ({ fact, at: T0 }))));
const then = (world: World, facts: readonly Fact[], at = T0, actor = 'op') =>
  facts.reduce((w, fact) => fold(w, [{ ...chain([{ fact, at, actor }])[0]!, seq: w.seq + 1 } as Entry]), world);
const judged = (value: number, at = T0) => ({ sensor, area: areaCode(leaves[0]!), value, at: epochMs(at) });
const ID = 's-1/high';
const raised = then(base, raisedFacts(base, high, judged(9)));
const actor = (role: Role, area = WHOLE_CENTRE): Actor => ({ id: role, role, area });
const desk = actor('supervisor');
const decide = (world: World, form: AlarmActForm, who: Actor | null = desk, at = T0, id = ID) => decideAlarm(world, id, form, who, at);
const did = (world: World, form: AlarmActForm, at = T0, id = ID) => {
  const d = decide(world, form, desk, at, id);
  if (!d.ok) throw new Error(`${d.field}: ${d.rule}`);
  return then(world, d.facts, at, desk.id);
};
const refusal = (world: World, form: AlarmActForm, at = T0, id = ID) => {
  const d = decide(world, form, desk, at, id);
  return d.ok ? 'allowed' : `${d.status} ${d.field}`;
};
const state = (world: World, id = ID) => world.alarms.get(id)?.state ?? 'normal';
/** What the clock lets off the shelf, as the house does it. */
const shelvesOver = (world: World, at: number) =>
  alarmClockFacts(world, [...world.alarms.keys()], at).flatMap((f) => (f.kind === 'alarm.unshelved' ? [f.body.alarm] : []));
const timed = (minutes: number): AlarmActForm => ({ act: 'shelve', kind: 'timed', minutes, reason: '检修' });
const once: AlarmActForm = { act: 'shelve', kind: 'one-shot', reason: '检修' };

describe('who may', () => {
  /** Written from the roles of the house: the desk acknowledges and shelves, a supervisor and the administrator take out of service. */
  const allowed: Readonly<Record<AlarmAct, readonly Role[]>> = {
    acknowledge: ['operator', 'supervisor'],
    note: ['operator', 'supervisor'],
    reset: ['operator', 'supervisor'],
    shelve: ['operator', 'supervisor'],
    unshelve: ['operator', 'supervisor'],
    remove: ['supervisor', 'admin'],
    return: ['supervisor', 'admin'],
  };
  const latched = then(base, raisedFacts(base, latching, judged(9)));
  const cleared = then(latched, clearedFacts(latched, latching, judged(1)));
  const cases: Readonly<Record<AlarmAct, { world: World; form: AlarmActForm; id?: string }>> = {
    acknowledge: { world: raised, form: { act: 'acknowledge' } },
    note: { world: raised, form: { act: 'note', text: '已知' } },
    reset: { world: cleared, form: { act: 'reset' }, id: 's-1/high-high' },
    shelve: { world: raised, form: timed(10) },
    unshelve: { world: did(raised, timed(10)), form: { act: 'unshelve' } },
    remove: { world: raised, form: { act: 'remove', reason: '更换' } },
    return: { world: did(raised, { act: 'remove', reason: '更换' }), form: { act: 'return' } },
  };
  for (const act of alarmActs)
    it(`${act}: ${allowed[act].join(', ')}, in their own area only`, () => {
      const { world, form, id } = cases[act];
      for (const role of roles) {
        const whole = decide(world, form, actor(role), T0, id);
        expect(whole.ok, role).toBe(allowed[act].includes(role));
        if (!whole.ok) expect(whole).toMatchObject({ status: 403, field: 'actor' });
        expect(decide(world, form, actor(role, areaCode('510107062007')), T0, id).ok, role).toBe(allowed[act].includes(role));
        expect(decide(world, form, actor(role, areaCode('510107062008')), T0, id).ok, role).toBe(false);
      }
      expect(decide(world, form, null, T0, id).ok).toBe(true);
    });
});

describe('acknowledging', () => {
  it('once; what was never raised or is over has nothing to acknowledge', () => {
    expect(state(did(raised, { act: 'acknowledge' }))).toBe('acked');
    expect(refusal(did(raised, { act: 'acknowledge' }), { act: 'acknowledge' })).toBe('409 alarm');
    expect(refusal(base, { act: 'acknowledge' })).toBe('404 alarm');
    expect(refusal(base, { act: 'acknowledge' }, T0, 's-9/high')).toBe('404 alarm');
    expect(refusal(base, timed(5), T0, 's-1/other')).toBe('404 alarm');
  });
  it('an alarm that asks again is unacknowledged again, and keeps when it was raised', () => {
    const acked = did(raised, { act: 'acknowledge' });
    const again = then(acked, raisedFacts(acked, high, judged(12, T0 + MINUTE), true), T0 + MINUTE);
    expect(again.alarms.get(ID)).toMatchObject({ state: 'unack', raised: 1, raisedAt: T0, value: 12, first: { value: 9 } });
    expect(state(did(again, { act: 'acknowledge' }))).toBe('acked');
  });
});

describe('shelving', () => {
  it('for as long as the rule allows, with a figure for a timed one', () => {
    expect(refusal(raised, { act: 'shelve', kind: 'timed', reason: '检修' })).toBe('400 minutes');
    expect(refusal(raised, timed(61))).toBe('400 minutes');
    expect(did(raised, timed(60)).alarms.get(ID)?.shelf).toEqual({
      kind: 'timed',
      until: T0 + 60 * MINUTE,
      reason: '检修',
      by: 'supervisor',
    });
    expect(did(raised, once).alarms.get(ID)?.shelf?.until).toBe(T0 + 60 * MINUTE); // at the latest
  });
  it('a one-shot shelf needs an active alarm and ends with its condition', () => {
    expect(refusal(base, once)).toBe('409 kind');
    const shelved = did(raised, once);
    expect(state(shelved)).toBe('shelved');
    expect(state(then(shelved, clearedFacts(shelved, high, judged(1))))).toBe('rtn-unack');
  });
  it('a timed one may cycle while it is shelved, and shows what is true when its time is over', () => {
    let world = did(raised, timed(30));
    world = then(world, clearedFacts(world, high, judged(1, T0 + MINUTE)), T0 + MINUTE);
    world = then(world, raisedFacts(world, high, judged(7, T0 + 2 * MINUTE)), T0 + 2 * MINUTE);
    expect(world.alarms.get(ID)).toMatchObject({ state: 'shelved', raised: 2, raisedAt: T0 + 2 * MINUTE });
    expect(world.surge.steps.reduce((n, [, k]) => n + k, 0)).toBe(1); // the second time was not put before anybody
    expect(shelvesOver(world, T0 + 30 * MINUTE - 1)).toEqual([]);
    expect(shelvesOver(world, T0 + 30 * MINUTE)).toEqual([ID]);
    world = did(world, { act: 'unshelve' }, T0 + 30 * MINUTE);
    expect(state(world)).toBe('unack');
  });
  it('also before it is raised: then it is in the world without having been', () => {
    const shelved = did(base, timed(30));
    expect(shelved.alarms.get(ID)).toMatchObject({ state: 'shelved', raised: 0, active: false, area: leaves[0] });
    expect(state(then(shelved, raisedFacts(shelved, high, judged(9))))).toBe('shelved');
    expect(shelved.alarms.size).toBe(1);
    expect(did(shelved, { act: 'unshelve' }).alarms.size).toBe(0);
  });
  it('not of what is out of service, and unshelved only what is shelved', () => {
    const out = did(raised, { act: 'remove', reason: '更换' });
    expect(refusal(out, timed(5))).toBe('409 alarm');
    expect(refusal(raised, { act: 'unshelve' })).toBe('409 alarm');
    expect(refusal(out, { act: 'remove', reason: '更换' })).toBe('409 alarm');
    expect(refusal(raised, { act: 'return' })).toBe('409 alarm');
  });
});

describe('latching', () => {
  const id = 's-1/high-high';
  const active = then(base, raisedFacts(base, latching, judged(9)));
  it('stays after the condition has cleared until it is reset, acknowledged or not', () => {
    const cleared = then(active, clearedFacts(active, latching, judged(1)));
    expect(state(cleared, id)).toBe('latched');
    expect(state(did(cleared, { act: 'reset' }, T0, id), id)).toBe('rtn-unack');
    const acked = did(cleared, { act: 'acknowledge' }, T0, id);
    expect(state(acked, id)).toBe('latched');
    expect(did(acked, { act: 'reset' }, T0, id).alarms.size).toBe(0);
  });
  it('is not reset while its condition is active, nor when it does not latch', () => {
    expect(refusal(active, { act: 'reset' }, T0, id)).toBe('409 alarm');
    expect(refusal(raised, { act: 'reset' })).toBe('409 alarm');
  });
});
