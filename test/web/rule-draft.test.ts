import { expect, it } from 'vitest';
import { type AlarmRule, zAlarmRule } from '../../model/alarm-rule.ts';
import { zCentre } from '../../model/centre.ts';
import { fold } from '../../model/fold/fold.ts';
import type { Fact } from '../../model/ledger.ts';
import { emptyWorld } from '../../model/world.ts';
import { type Draft, draftOf, missing, newDraft, trialKey, written } from '../../web/panels/sensing/rules/draft.ts';
import { centre, chain, leaves, setUp } from '../support/facts.ts';

const kind = (code: string, more: object) => ({
  code,
  name: { zh: code, en: code },
  alarm: { zh: '超限', en: 'High' },
  unit: '%LEL',
  priority: 2,
  intervalS: 60,
  ...more,
});
const states = [0, 1].map((value) => ({ value, name: { zh: `状态${value}`, en: `State ${value}` } }));
const configured = zCentre.parse({
  ...centre,
  sensorKinds: [kind('gas', { range: { min: 0, max: 100 } }), kind('door', { unit: '', states, range: { min: 0, max: 1 } })],
});
const sensor = (id: string, of: string) => ({ id, kind: of, name: id, lngLat: [104, 30] as const, area: leaves[0]! });
const facts: Fact[] = [
  { kind: 'centre.configured', body: configured },
  ...setUp.slice(1),
  { kind: 'sensors.registered', body: { sensors: [sensor('s-1', 'gas'), sensor('d-1', 'door')] } },
];
const world = fold(emptyWorld, chain(facts.map((fact) => ({ fact, at: 1 }))));
const [gas] = world.centre!.sensorKinds;

const name = { zh: '燃气超限', en: 'Gas high' };
const night = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '06:00' }];
const rule = (more: object): AlarmRule =>
  zAlarmRule.parse({ kind: 'gas', code: 'high', name, test: { is: 'high', limit: 20, deadband: 2 }, priority: 2, ...more });

it('every kind of test comes out of the form as it went in', () => {
  const rules: AlarmRule[] = [
    rule({}),
    rule({ code: 'low-low', test: { is: 'low', limit: 3, deadband: 1 } }),
    rule({ kind: 'door', code: 'open', test: { is: 'state', values: [1] } }),
    rule({ code: 'rate', test: { is: 'rate', limit: 2.5, windowS: 120, direction: 'either' } }),
    rule({ code: 'no-data', test: { is: 'no-data', intervals: 7 } }),
    rule({
      code: 'both',
      test: { is: 'both', here: { is: 'high', limit: 10, deadband: 0 }, kind: 'door', there: { is: 'state', values: [0, 1] } },
    }),
    rule({
      onDelayS: 10,
      offDelayS: 60,
      priority: undefined,
      consequence: 'severe',
      respondMinutes: 5,
      latch: true,
      reAlarmMinutes: 15,
      incident: 'parking',
      hours: night,
      enabled: false,
      overrides: [
        { sensor: 's-1', limit: 30, enabled: false },
        { area: leaves[0], deadband: 1, onDelayS: 5, offDelayS: 6, priority: 4, hours: night },
      ],
    }),
  ];
  for (const r of rules) expect(written(draftOf(r), world)).toEqual({ rule: r, wrong: null });
});

it('names every box that is not right', () => {
  const wrongs = (to: Partial<Draft>) => [...(written({ ...draftOf(rule({})), ...to }, world).wrong ?? [])].map(([f, w]) => [f, w.key]);
  expect(wrongs({ limit: '', zh: ' ' })).toEqual([
    ['name.zh', 'needed'],
    ['test.limit', 'needed'],
  ]);
  expect(wrongs({ limit: '二十' })).toEqual([['test.limit', 'number']]);
  expect(wrongs({ limit: '120' })).toEqual([['test.limit', 'rule']]); // beyond the range of the kind
  expect(wrongs({ deadband: '20' })).toEqual([['test.deadband', 'rule']]); // would never clear
  expect(wrongs({ priority: '', consequence: 'major' })).toEqual([['priority', 'priority']]);
  expect(wrongs({ test: 'state' })).toEqual([['test.values', 'choose']]);
  expect(wrongs({ hours: [{ days: [], from: '22:00', to: '6点' }] }).map(([f]) => f)).toEqual(['hours.0.days', 'hours.0.to']);
  expect(wrongs({ suppressedWhile: 'high-high' })).toEqual([['suppressedWhile', 'rule']]);
  const override = draftOf(rule({ overrides: [{ sensor: 's-1', limit: 30 }] })).overrides[0]!;
  expect(wrongs({ overrides: [{ ...override, id: 'd-1' }] })).toEqual([['overrides.0.sensor', 'rule']]);
  expect(wrongs({ overrides: [override, override] })).toEqual([['overrides.1.sensor', 'rule']]);
  expect(wrongs({ overrides: [{ ...override, id: '' }] }).map(([f]) => f)).toEqual(['overrides.0.sensor']);
});

it('asks for a trial where a rule that is on would raise other alarms than before, and only there', () => {
  const before = rule({});
  const lacks = (to: object, tried: AlarmRule | null = null) =>
    missing(written(draftOf(rule(to)), world), before, tried ? trialKey(tried) : null);
  expect(lacks({})).toBe('unchanged');
  expect(lacks({ test: { is: 'high', limit: 25, deadband: 2 } })).toBe('trial');
  const changed = rule({ test: { is: 'high', limit: 25, deadband: 2 } });
  expect(lacks({ test: changed.test }, changed)).toBeNull();
  expect(lacks({ test: { is: 'high', limit: 26, deadband: 2 } }, changed)).toBe('trial');
  expect(lacks({ enabled: false })).toBeNull();
  expect(lacks({ name: { zh: '改名', en: 'Renamed' } })).toBeNull();
  const off = rule({ enabled: false });
  expect(missing(written(draftOf(before), world), off, null)).toBe('trial'); // switched on
  expect(missing(written(draftOf(before), world), undefined, null)).toBe('trial'); // new
  expect(missing(written({ ...draftOf(before), limit: '' }, world), undefined, null)).toBe('wrong');
});

it('begins a new rule with the first usual code that is free', () => {
  expect(newDraft(gas!, new Set())).toMatchObject({ code: 'high', test: 'high' });
  expect(newDraft(gas!, new Set(['high', 'high-high']))).toMatchObject({ code: 'low', test: 'low' });
  expect(newDraft(gas!, new Set(['high', 'high-high', 'low', 'low-low']))).toMatchObject({ code: 'no-data', test: 'no-data' });
  expect(newDraft(world.centre!.sensorKinds[1]!, new Set())).toMatchObject({ code: 'state', test: 'state' });
});
