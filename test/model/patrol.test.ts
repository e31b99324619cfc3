import { describe, expect, it } from 'vitest';
import { alarmId } from '../../model/alarm.ts';
import { ruleMistake } from '../../model/alarm-rule-check.ts';
import { ruleOfAlarm } from '../../model/alarm-rules.ts';
import { alarmSource } from '../../model/alarm-source.ts';
import { areaCode, epochMs } from '../../model/brand.ts';
import { zCentre } from '../../model/centre.ts';
import { byUnitUrgency, patrolSummary, type Seen, SOS_RULE, type unitStates, unitStatus } from '../../model/patrol.ts';
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

it('totals by team and by community count every unit once', () => {
  const units = [unit, { ...unit, id: 'u-2', ix: 1, team: undefined, area: null }, { ...unit, id: 'u-3', ix: 2 }] as Unit[];
  const w = { ...world, units: new Map(units.map((u) => [u.id, u])) };
  const sum = patrolSummary(w, (u) => ({ state: u.id === 'u-3' ? 'off-duty' : 'moving', since: null }));
  expect([sum.all.units, sum.all.onDuty, sum.all.states.moving]).toEqual([3, 2, 2]);
  expect([...sum.byTeam].map(([team, t]) => [team, t.units])).toEqual([
    ['一组', 2],
    ['', 1],
  ]);
  expect([...sum.byArea].map(([area, t]) => [area, t.onDuty])).toEqual([
    ['510107062007', 1],
    [null, 1],
  ]);
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
