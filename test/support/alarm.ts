import { type Alarm, alarmId, type Condition, calm, stateOf } from '../../model/alarm.ts';
import { type AlarmRule, zAlarmRule } from '../../model/alarm-rule.ts';
import { epochMs } from '../../model/brand.ts';
import type { SensorKind } from '../../model/centre.ts';
import { emptyWorld, type Sensor, type World } from '../../model/world.ts';
import { areas, centre } from './facts.ts';

type Given = Partial<Omit<Alarm, 'state' | keyof Condition>> & Partial<Condition>;

/** An alarm as the world holds it, active and not acknowledged unless said otherwise; its state follows from its condition. */
export function anAlarm({ sensor = 's-1', rule = 'high', ...rest }: Given = {}): Alarm {
  const condition: Condition = { ...calm, active: true, acked: false };
  const alarm = {
    ...condition,
    id: alarmId(sensor, rule),
    sensor,
    rule,
    priority: 3 as const,
    value: 9,
    limit: 5,
    first: { value: 9, at: epochMs(1000) },
    raisedAt: epochMs(1000),
    changedAt: epochMs(1000),
    ackedBy: null,
    raised: 1,
    notes: 0,
    area: null,
    lngLat: [104, 30] as const,
    ...rest,
  };
  return { ...alarm, state: stateOf(alarm) };
}

export const aKind = (code: string, more: Partial<SensorKind> = {}): SensorKind => ({
  code,
  name: { zh: `${code}计`, en: `${code} meter` },
  alarm: { zh: `${code}超限`, en: `${code} out of range` },
  unit: 'dB',
  deadband: 0,
  priority: 3,
  intervalS: 60,
  ...more,
});
export const aSensor = (id: string, kind: string, more: Partial<Sensor> = {}): Sensor => ({
  id,
  kind,
  name: `${id} 号`,
  lngLat: [104, 30],
  area: null,
  ix: 0,
  ...more,
});
export const aRule = (kind: string, code: string, more: Partial<AlarmRule> = {}): AlarmRule => ({
  ...zAlarmRule.parse({ kind, code, name: { zh: `${kind} ${code}`, en: `${kind} ${code}` }, test: { is: 'high', limit: 5 }, priority: 3 }),
  ...more,
});

/** The small street of facts.ts with these sensors, rules and standing alarms. */
export const alarmWorld = (of: {
  readonly kinds?: readonly SensorKind[];
  readonly sensors?: readonly Sensor[];
  readonly rules?: readonly AlarmRule[];
  readonly alarms?: readonly Alarm[];
}): World => ({
  ...emptyWorld,
  centre: { ...centre, sensorKinds: [...(of.kinds ?? [])] },
  areas: new Map(areas.map((a) => [a.code, a])),
  sensors: new Map((of.sensors ?? []).map((s, ix) => [s.id, { ...s, ix }])),
  rules: new Map((of.rules ?? []).map((r) => [`${r.kind}/${r.code}`, r])),
  alarms: new Map((of.alarms ?? []).map((a) => [a.id, a])),
});
