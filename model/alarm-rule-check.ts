import type { AlarmRule, Override, ValueTest } from './alarm-rule.ts';
import { ruleOf } from './alarm-rules.ts';
import { alarmSource } from './alarm-source.ts';
import { OTHER_CATEGORY, type SensorKind, sensorKindOf, UNIT_KIND } from './centre.ts';
import { SOS_RULE } from './patrol.ts';
import type { World } from './world.ts';

/** What is wrong with a rule: the field within it, dotted, and what it breaks. */
export interface RuleMistake {
  readonly field: string;
  readonly rule: string;
}
const mistake = (field: string, rule: string): RuleMistake => ({ field, rule });
type Known = Pick<World, 'centre' | 'rules' | 'sensors' | 'units' | 'areas'>;

/**
 * Whether a rule makes sense in this world: what it names exists, what it limits can be reached and come back from. The first mistake, or
 * null. The form itself (zAlarmRule) is right already.
 */
export function ruleMistake(world: Known, rule: AlarmRule): RuleMistake | null {
  const kind = sensorKindOf(world.centre, rule.kind);
  if (!kind) return mistake('kind', `no sensor kind ${rule.kind} in the centre's configuration`);
  return (
    unitMistake(rule) ??
    testMistake(world, rule, kind) ??
    suppressionMistake(world, rule) ??
    incidentMistake(world, rule) ??
    overrideMistake(world, rule, kind)
  );
}

/** Of a unit only its button is heard, and a call for help waits for nothing. */
function unitMistake({ kind, code, test, onDelayS, offDelayS }: AlarmRule): RuleMistake | null {
  if (kind !== UNIT_KIND.code) return null;
  if (code !== SOS_RULE) return mistake('code', `units have the one rule ${SOS_RULE}`);
  if (test.is !== 'state' || test.values.length !== 1 || test.values[0] !== 1)
    return mistake('test', 'of a unit: state 1, its button is pressed');
  if (onDelayS > 0) return mistake('onDelayS', 'a call for help does not wait: 0');
  return offDelayS > 0 ? mistake('offDelayS', 'a call for help does not wait: 0') : null;
}

function testMistake(world: Known, { test }: AlarmRule, kind: SensorKind): RuleMistake | null {
  switch (test.is) {
    case 'high':
    case 'low':
    case 'state':
      return valueMistake('test', test, kind);
    case 'rate': {
      const span = spanOf(kind);
      const rise = (test.limit * test.windowS) / 60;
      return rise > span ? mistake('test.limit', `${test.limit} a minute over ${test.windowS} s is more than the range (${span})`) : null;
    }
    case 'no-data':
      return null;
    case 'both': {
      const there = sensorKindOf(world.centre, test.kind);
      if (!there) return mistake('test.kind', `no sensor kind ${test.kind} in the centre's configuration`);
      return valueMistake('test.here', test.here, kind) ?? valueMistake('test.there', test.there, there);
    }
  }
}
const spanOf = ({ range }: SensorKind) => (range ? range.max - range.min : Number.POSITIVE_INFINITY);

/** Beyond what the kind can measure a limit is never reached; with too large a deadband an alarm never clears. */
function valueMistake(field: string, test: ValueTest, kind: SensorKind): RuleMistake | null {
  const { min, max } = kind.range ?? { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };
  if (test.is === 'state') {
    const names = kind.states?.map((s) => s.value);
    const unknown = test.values.find((v) => (names ? !names.includes(v) : v < min || v > max));
    return unknown === undefined ? null : mistake(`${field}.values`, `${unknown} is no state of ${kind.code}`);
  }
  if (test.limit < min || test.limit > max) return mistake(`${field}.limit`, `within the range of ${kind.code}: ${min} to ${max}`);
  const clearsAt = test.is === 'high' ? test.limit - test.deadband : test.limit + test.deadband;
  if (test.deadband > 0 && (clearsAt <= min || clearsAt >= max))
    return mistake(`${field}.deadband`, `would clear only beyond ${clearsAt}, at the end of the range (${min} to ${max}) or outside it`);
  return null;
}

function suppressionMistake(world: Known, rule: AlarmRule): RuleMistake | null {
  if (rule.suppressedWhile === null) return null;
  const seen = new Set([rule.code]);
  for (let by: string | null = rule.suppressedWhile; by !== null; ) {
    if (seen.has(by)) return mistake('suppressedWhile', `makes a circle: ${[...seen, by].join(' > ')}`);
    seen.add(by);
    const other = ruleOf(world, rule.kind, by);
    if (!other) return by === rule.suppressedWhile ? mistake('suppressedWhile', `no rule ${by} of ${rule.kind}`) : null;
    by = other.suppressedWhile;
  }
  return null;
}

function incidentMistake({ centre }: Known, { incident }: AlarmRule): RuleMistake | null {
  if (incident === null || incident === OTHER_CATEGORY.code || centre?.categories.some((c) => c.code === incident)) return null;
  return mistake('incident', `no category ${incident} in the centre's configuration`);
}

function overrideMistake(world: Known, rule: AlarmRule, kind: SensorKind): RuleMistake | null {
  const seen = new Set<string>();
  for (const [i, o] of rule.overrides.entries()) {
    const wrong = ofOverride(world, rule, kind, o);
    if (wrong) return mistake(`overrides.${i}.${wrong.field}`, wrong.rule);
    const [field, id] = o.sensor === undefined ? ['area', o.area!] : ['sensor', o.sensor];
    if (seen.has(`${field} ${id}`)) return mistake(`overrides.${i}.${field}`, `${id} has an override already`);
    seen.add(`${field} ${id}`);
  }
  return null;
}
function ofOverride(world: Known, { test, kind: code }: AlarmRule, kind: SensorKind, o: Override): RuleMistake | null {
  if (o.sensor !== undefined) {
    const source = alarmSource(world, o.sensor);
    if (!source) return mistake('sensor', `sensor ${o.sensor} is not registered`);
    if (source.of !== code) return mistake('sensor', `${o.sensor} is of kind ${source.of}, not ${code}`);
  }
  if (o.area !== undefined && !world.areas.has(o.area)) return mistake('area', `no area ${o.area} in the boundaries`);
  const { sensor, area, ...rest } = o;
  if (Object.values(rest).every((v) => v === undefined)) return mistake(sensor === undefined ? 'area' : 'sensor', 'says nothing otherwise');
  if (o.limit !== undefined && !('limit' in test)) return mistake('limit', `a test of ${test.is} has no limit`);
  if (o.deadband !== undefined && !('deadband' in test)) return mistake('deadband', `a test of ${test.is} has no deadband`);
  if (test.is !== 'high' && test.is !== 'low') return null;
  const own = valueMistake('', { ...test, limit: o.limit ?? test.limit, deadband: o.deadband ?? test.deadband }, kind);
  if (!own) return null;
  // the limit and the deadband may be wrong only together: then the one that the override says is the one to change
  const field = own.field.slice(1) as 'limit' | 'deadband';
  return mistake(o[field] === undefined ? (field === 'limit' ? 'deadband' : 'limit') : field, own.rule);
}
