import { type Alarm, partsOfAlarm } from './alarm.ts';
import { type AlarmRule, type AlarmTest, type Override, ruleKey, type ValueTest, zAlarmRule } from './alarm-rule.ts';
import { alarmSource } from './alarm-source.ts';
import { type Centre, OTHER_CATEGORY, type SensorKind, UNIT_KIND } from './centre.ts';
import { SOS_RULE } from './patrol.ts';
import { type Sensor, treeOf, type World } from './world.ts';

/** The simple limits that a kind itself names are rules `high` and `low`; a rule of that code set later stands in their place. */
function simpleRules(kind: SensorKind): AlarmRule[] {
  const of = (code: 'high' | 'low', limit: number): AlarmRule =>
    zAlarmRule.parse({
      kind: kind.code,
      code,
      name: kind.alarm,
      test: { is: code, limit, deadband: kind.deadband },
      priority: kind.priority,
    });
  return [...(kind.high === undefined ? [] : [of('high', kind.high)]), ...(kind.low === undefined ? [] : [of('low', kind.low)])];
}

/** 求救: a unit's button is pressed. Stands where nobody has set another in its place. */
export const sosRule: AlarmRule = zAlarmRule.parse({
  kind: UNIT_KIND.code,
  code: SOS_RULE,
  name: UNIT_KIND.alarm,
  test: { is: 'state', values: [1] },
  consequence: 'severe',
  respondMinutes: 5,
  incident: OTHER_CATEGORY.code,
});

const tables = new WeakMap<World['rules'], { centre: Centre | null; byKind: ReadonlyMap<string, readonly AlarmRule[]> }>();
/** Every rule by kind, those switched off too; built once per set of rules. */
export function rulesByKind({ centre, rules }: Pick<World, 'centre' | 'rules'>): ReadonlyMap<string, readonly AlarmRule[]> {
  const known = tables.get(rules);
  if (known && known.centre === centre) return known.byKind;
  const all = new Map<string, AlarmRule>();
  for (const kind of centre?.sensorKinds ?? []) for (const r of simpleRules(kind)) all.set(ruleKey(r), r);
  if (centre) all.set(ruleKey(sosRule), sosRule);
  for (const [key, r] of rules) all.set(key, r);
  const byKind = new Map<string, AlarmRule[]>();
  for (const r of all.values()) byKind.set(r.kind, [...(byKind.get(r.kind) ?? []), r]);
  tables.set(rules, { centre, byKind });
  return byKind;
}
export const ruleOf = (world: Pick<World, 'centre' | 'rules'>, kind: string, code: string): AlarmRule | undefined =>
  rulesByKind(world)
    .get(kind)
    ?.find((r) => r.code === code);

/** The rule an alarm is of; undefined when it is no longer there. */
export function ruleOfAlarm(world: Pick<World, 'centre' | 'rules' | 'sensors' | 'units'>, alarm: string): AlarmRule | undefined {
  const { sensor, rule } = partsOfAlarm(alarm);
  const source = alarmSource(world, sensor);
  return source && ruleOf(world, source.of, rule);
}
export function alarmName(
  world: Pick<World, 'centre' | 'rules' | 'sensors' | 'units'>,
  alarm: Pick<Alarm, 'id' | 'sensor'>,
): { zh: string; en: string } {
  return ruleOfAlarm(world, alarm.id)?.name ?? { zh: alarm.id, en: alarm.id };
}

/**
 * The rule as it holds for one sensor: its own override before that of the smallest area around it, field by field.
 * @param sensor where it lies decides which areas count
 */
export function ruleForSensor(world: Pick<World, 'areas'>, rule: AlarmRule, sensor: Pick<Sensor, 'id' | 'area'>): AlarmRule {
  if (rule.overrides.length === 0) return rule;
  const around =
    sensor.area === null
      ? []
      : treeOf(world)
          .path(sensor.area)
          .map((a) => a.code); // street first
  const held = [
    ...around.flatMap((code) => rule.overrides.filter((o) => o.area === code)),
    ...rule.overrides.filter((o) => o.sensor === sensor.id),
  ];
  return held.reduce((r, o) => overridden(r, o), rule);
}
function overridden(rule: AlarmRule, o: Override): AlarmRule {
  const { sensor: _, area: __, limit, deadband, ...rest } = o;
  const said = Object.fromEntries(Object.entries(rest).filter(([, v]) => v !== undefined)) as Partial<AlarmRule>;
  const test = { ...rule.test } as { limit?: number; deadband?: number };
  if (limit !== undefined && 'limit' in test) test.limit = limit;
  if (deadband !== undefined && 'deadband' in test) test.deadband = deadband;
  return { ...rule, ...said, test: test as AlarmTest };
}

/** A limit that a rule holds a sensor's own value against. */
export interface SensorLimit {
  readonly test: Extract<ValueTest, { is: 'high' | 'low' }>;
  readonly rule: AlarmRule;
}
/** The limits of a sensor's value by the rules that are on, as they hold for it; of a combination its own part. */
export const limitsOfSensor = (
  world: Pick<World, 'areas' | 'centre' | 'rules'>,
  sensor: Pick<Sensor, 'id' | 'kind' | 'area'>,
): SensorLimit[] =>
  (rulesByKind(world).get(sensor.kind) ?? []).flatMap((general): SensorLimit[] => {
    const rule = ruleForSensor(world, general, sensor);
    const test = rule.test.is === 'both' ? rule.test.here : rule.test;
    return rule.enabled && (test.is === 'high' || test.is === 'low') ? [{ test, rule }] : [];
  });
