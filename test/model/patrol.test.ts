import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alarmId } from '../../model/alarm.ts';
import { ruleMistake } from '../../model/alarm-rule-check.ts';
import { ruleOfAlarm } from '../../model/alarm-rules.ts';
import { alarmSource } from '../../model/alarm-source.ts';
import { areaCode, epochMs } from '../../model/brand.ts';
import { zCentre } from '../../model/centre.ts';
import { ON_DUTY_MS } from '../../model/kpi.ts';
import { byUnitUrgency, isOnDuty, type Seen, SOS_RULE, type unitStates, unitStatus } from '../../model/patrol.ts';
import { emptyWorld, type Unit, type World } from '../../model/world.ts';
import { areas, centre } from '../support/facts.ts';

const NOON = Date.parse('2026-11-18T12:00:00+08:00');
const unit: Unit = { id: 'u-1', ix: 0, name: '网格员 01', role: 'grid', area: areaCode('510107062007001'), team: '一组', shift: 'day' };
const world: World = {
  ...emptyWorld,
  areas: new Map(areas.map((a) => [a.code, a])),
  centre: zCentre.parse({ ...centre, shifts: [{ code: 'day', name: { zh: '白班', en: 'Day' }, hours: [{ from: '07:00', to: '19:00' }] }] }),
  units: new Map([[unit.id, unit]]),
};
const seen: Seen = { lngLat: [104, 30], at: NOON - 5000, speed: 1.2, online: true, sos: false };
const unusual = (strayedAt: number | null, silentSince: number | null): World => ({
  ...world,
  patrols: new Map([[unit.id, { strayedAt: strayedAt as never, silentSince: silentSince as never }]]),
});
const state = (w: World, s: Seen | null, now = NOON) => unitStatus(w, unit, s, now);

describe('the state of a unit', () => {
  it('is what it does while it is heard, within its shift and in its area', () => {
    expect(state(world, seen)).toEqual({ state: 'moving', since: null });
    expect(state(world, { ...seen, speed: 0.2 })).toEqual({ state: 'standing', since: null });
    expect(state(world, null)).toEqual({ state: 'unseen', since: null });
    const doubted = new Map([
      [unit.id, { strayedAt: null, silentSince: null, doubted: { since: epochMs(NOON - 60_000), reason: 'jump' as const } }],
    ]);
    expect(state({ ...world, patrols: doubted }, { ...seen, online: false })).toEqual({ state: 'doubted', since: NOON - 60_000 });
  });

  it('silent, by the ledger or by its device, goes before outside its area', () => {
    expect(state(unusual(NOON - 60_000, null), seen)).toEqual({ state: 'outside', since: NOON - 60_000 });
    expect(state(unusual(NOON - 60_000, NOON - 9000), seen)).toEqual({ state: 'silent', since: NOON - 9000 });
    expect(state(unusual(NOON - 60_000, null), { ...seen, online: false })).toEqual({ state: 'silent', since: seen.at });
  });

  it('off duty hides all of it but a call for help', () => {
    const night = NOON + 8 * 3_600_000;
    expect(state(unusual(NOON, NOON), seen, night)).toEqual({ state: 'off-duty', since: null });
    expect(state(world, { ...seen, sos: true }, night)).toEqual({ state: 'sos', since: seen.at });
    const always = { ...unit, shift: 'a shift that is gone' };
    expect(unitStatus(world, always, seen, night).state).toBe('moving');
  });

  it('stays a call for help while its alarm stands, also where the device says no more', () => {
    const alarm = { active: true, first: { value: 1, at: epochMs(NOON - 30_000) } };
    const w = { ...world, alarms: new Map([[alarmId('u-1', SOS_RULE), alarm as never]]) };
    expect(state(w, seen)).toEqual({ state: 'sos', since: NOON - 30_000 });
    expect(state(w, null).state).toBe('sos');
  });
});

it('units are listed by urgency, what has lasted longest first', () => {
  const row = (id: string, state: (typeof unitStates)[number], since: number | null = null) => ({ unit: { id }, status: { state, since } });
  const rows = [
    row('a', 'off-duty'),
    row('b', 'silent', 9),
    row('c', 'moving'),
    row('d', 'silent', 3),
    row('e', 'sos'),
    row('f', 'silent'),
  ];
  expect(rows.sort(byUnitUrgency).map((r) => r.unit.id)).toEqual(['e', 'd', 'b', 'f', 'c', 'a']);
});

describe('on duty', () => {
  const night = NOON + 10 * 3_600_000;
  const heard = { at: NOON - 5000, online: true };
  it('is who is on shift and heard; without a shift, who is heard', () => {
    const always: Unit = { ...unit, shift: undefined };
    const of = (u: Unit, now: number, more: object = {}) => isOnDuty(world, u, { ...heard, at: now - 5000, ...more }, now);
    expect([of(unit, NOON), of(unit, night), of(always, NOON), of(always, night)]).toEqual([true, false, true, true]);
    expect([of(unit, NOON, { online: false }), of(always, night, { online: false })]).toEqual([false, false]);
    expect([of(unit, NOON, { at: NOON - ON_DUTY_MS }), of(unit, NOON, { at: NOON - ON_DUTY_MS - 1 })]).toEqual([true, false]);
  });

  it('is never who is shown as off duty, silent, implausible or not seen', () => {
    const away = ['off-duty', 'silent', 'doubted', 'unseen'];
    const shifts = fc.constantFrom(undefined, 'day', 'gone');
    fc.assert(
      fc.property(shifts, fc.integer({ min: 0, max: 86_400_000 }), fc.nat(600_000), fc.boolean(), (shift, later, age, online) => {
        const u: Unit = { ...unit, shift };
        const now = NOON + later;
        const s = { ...seen, at: now - age, online };
        const { state } = unitStatus(world, u, s, now);
        if (isOnDuty(world, u, s, now)) expect(away).not.toContain(state);
        else expect(away.includes(state) || age > ON_DUTY_MS).toBe(true);
      }),
    );
  });
});

describe('an alarm of a unit', () => {
  it('has the unit as its source and a rule of its own, which is there before anybody sets it', () => {
    expect(alarmSource(world, 'u-1')).toMatchObject({ kind: 'unit', id: 'u-1', name: '网格员 01', of: 'unit', lngLat: null });
    expect(alarmSource(world, 'nobody')).toBeUndefined();
    expect(ruleOfAlarm(world, 'u-1/sos')).toMatchObject({ kind: 'unit', code: 'sos', incident: 'other' });
  });

  it('is by a rule that can be changed, but not into what nothing would ask', () => {
    const rule = ruleOfAlarm(world, 'u-1/sos')!;
    const mistake = (more: object) => ruleMistake(world, { ...rule, ...more } as typeof rule)?.field;
    expect(mistake({ priority: 2, incident: 'parking', enabled: false })).toBeUndefined();
    expect(mistake({ code: 'high' })).toBe('code');
    expect(mistake({ test: { is: 'no-data', intervals: 3 } })).toBe('test');
    expect(mistake({ onDelayS: 5 })).toBe('onDelayS');
    expect(mistake({ overrides: [{ sensor: 'u-1', enabled: false }] })).toBeUndefined();
    expect(mistake({ overrides: [{ sensor: 'u-9', enabled: false }] })).toBe('overrides.0.sensor');
  });
});
