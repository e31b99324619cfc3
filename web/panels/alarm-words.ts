import type { TFunction } from 'i18next';
import type { Alarm } from '../../model/alarm.ts';
import { type Cause, countStates } from '../../model/alarm-groups.ts';
import type { AlarmRule, AlarmTest, ValueTest } from '../../model/alarm-rule.ts';
import { alarmName, ruleForSensor, ruleOf } from '../../model/alarm-rules.ts';
import { alarmSource, kindOfSource } from '../../model/alarm-source.ts';
import { areaLabel } from '../../model/area.ts';
import type { AreaCode } from '../../model/brand.ts';
import { type SensorKind, sensorKindOf } from '../../model/centre.ts';
import { treeOf, type World } from '../../model/world.ts';
import { plainNumber, span } from '../design/format.ts';
import type { Language } from '../i18n/language.ts';

/** What the words of an alarm are taken from. */
export interface AlarmContext {
  readonly t: TFunction<'wall'>;
  readonly world: Pick<World, 'areas' | 'centre' | 'rules' | 'sensors' | 'units' | 'facilities'>;
  readonly language: Language;
}
export interface Figure {
  readonly value: string;
  /** what stands behind it, smaller: a unit, a unit a minute, “分无数据”; '' for a state, which is its own word */
  readonly unit: string;
}

const kindOf = (world: Pick<World, 'centre' | 'sensors' | 'units'>, source: string) =>
  sensorKindOf(world.centre, kindOfSource(world, source));
export const placeName = ({ world, t }: Pick<AlarmContext, 'world' | 't'>, area: AreaCode | null) =>
  area === null ? t('queue.outside') : areaLabel(treeOf(world), area);

/** A value of a kind as it is read: the name of a state, else the figure with its unit. */
export function valueFigure({ language }: Pick<AlarmContext, 'language'>, kind: SensorKind | undefined, value: number): Figure {
  const state = kind?.states?.find((s) => s.value === value);
  return state ? { value: state.name[language], unit: '' } : { value: plainNumber(value), unit: kind?.unit ?? '' };
}

/** For how long a sensor has said nothing. @param ms silence */
function silentFigure({ t }: Pick<AlarmContext, 't'>, ms: number): Figure {
  const { key, n } = span(ms);
  return { value: n, unit: t(`alarmWord.silent.${key}`) };
}

/** A value a test speaks of, in the unit the test is in. */
export function testFigure(c: Pick<AlarmContext, 't' | 'language'>, test: AlarmTest, kind: SensorKind | undefined, value: number): Figure {
  switch (test.is) {
    case 'rate':
      return { value: plainNumber(value), unit: c.t('alarmWord.perMinute', { unit: kind?.unit ?? '' }) };
    case 'both':
      return testFigure(c, test.here, kind, value);
    case 'no-data':
      return { value: plainNumber(value), unit: c.t('alarmWord.intervalUnit') };
    default:
      return valueFigure(c, kind, value);
  }
}

export const figureText = ({ value, unit }: Figure) => (unit ? `${value} ${unit}` : value);

/** The rule as it holds for the source of an alarm; undefined when it is no longer there. */
export function ruleHeld(world: AlarmContext['world'], alarm: Pick<Alarm, 'sensor' | 'rule'>): AlarmRule | undefined {
  const source = alarmSource(world, alarm.sensor);
  const rule = source && ruleOf(world, source.of, alarm.rule);
  return rule && ruleForSensor(world, rule, source);
}

/**
 * The figure an alarm is about: the value with its unit; of a rate, a minute; of silence, how long it has lasted.
 * @param now epoch ms
 * @param heardAt when the sensor was last heard, epoch ms; 0 = not known here
 */
export function alarmFigure(
  c: AlarmContext,
  a: Pick<Alarm, 'sensor' | 'rule' | 'value' | 'first' | 'active'>,
  now: number,
  heardAt = 0,
): Figure {
  const kind = kindOf(c.world, a.sensor);
  const test = kind && ruleOf(c.world, kind.code, a.rule)?.test;
  if (test?.is === 'no-data')
    return a.active ? silentFigure(c, Math.max(0, now - Math.max(heardAt, a.first.at))) : { value: c.t('alarmWord.heardAgain'), unit: '' };
  return test ? testFigure(c, test, kind, a.value) : valueFigure(c, kind, a.value);
}

/** `≥ 10 %LEL`, `= 开、故障`, `上升 ≥ 2 %LEL/分`, `静默 ≥ 5 个周期`: what a test asks for. */
export function testText(c: AlarmContext, test: AlarmTest, kind: SensorKind | undefined): string {
  const and = c.language === 'zh' ? '、' : ', ';
  const one = (v: ValueTest, of: SensorKind | undefined) =>
    v.is === 'state'
      ? `= ${v.values.map((x) => figureText(valueFigure(c, of, x))).join(and)}`
      : `${v.is === 'high' ? '≥' : '≤'} ${figureText({ value: plainNumber(v.limit), unit: of?.unit ?? '' })}`;
  switch (test.is) {
    case 'rate':
      return `${c.t(`alarmWord.${test.direction}`)} ≥ ${figureText(testFigure(c, test, kind, test.limit))}`;
    case 'no-data':
      return c.t('alarmWord.intervals', { n: test.intervals });
    case 'both': {
      const there = sensorKindOf(c.world.centre, test.kind);
      return c.t('alarmWord.both', {
        here: one(test.here, kind),
        kind: there ? there.name[c.language] : test.kind,
        there: one(test.there, there),
      });
    }
    default:
      return one(test, kind);
  }
}

/** A rule as it holds for a sensor, in one line: what it asks for, for how long, and what it does besides. */
export function ruleText(c: AlarmContext, rule: AlarmRule): string {
  const kind = sensorKindOf(c.world.centre, rule.kind);
  const seconds = (s: number) => c.t('unit.s', { n: plainNumber(s) }).trim();
  const deadband = 'deadband' in rule.test ? rule.test.deadband : 0;
  return [
    testText(c, rule.test, kind),
    deadband > 0 && c.t('alarmWord.deadband', { value: figureText({ value: plainNumber(deadband), unit: kind?.unit ?? '' }) }),
    rule.onDelayS > 0 && c.t('alarmWord.onDelay', { s: seconds(rule.onDelayS) }),
    rule.offDelayS > 0 && c.t('alarmWord.offDelay', { s: seconds(rule.offDelayS) }),
    rule.latch && c.t('alarmWord.latches'),
    rule.hours.length > 0 && rule.hours.map((h) => `${h.from}–${h.to}`).join(c.language === 'zh' ? '、' : ', '),
  ]
    .filter(Boolean)
    .join(' · ');
}

export const nameOf = (c: AlarmContext, a: Pick<Alarm, 'id' | 'sensor'>) => alarmName(c.world, a)[c.language];

/** What a group of a flood has in common, and how many kinds of thing it is about. */
export function causeText(c: AlarmContext, cause: Cause, members: readonly Alarm[]): string {
  const first = members[0];
  switch (cause.is) {
    case 'facility':
      return c.world.facilities.get(cause.facility)?.name ?? cause.facility;
    case 'device':
      return c.t('alarmWord.device', { name: (first && c.world.sensors.get(first.sensor)?.name) ?? cause.device });
    case 'silence':
      return c.t('alarmWord.cut');
    default:
      return first ? nameOf(c, first) : '';
  }
}

/** 搁置 3 · 抑制 1 · 停用 2: what is not put before the operator, by name; empty when nothing is hidden. */
export function hiddenCounts(alarms: Iterable<Pick<Alarm, 'state'>>): { state: 'shelved' | 'suppressed' | 'out-of-service'; n: number }[] {
  const n = countStates(alarms);
  return (['shelved', 'suppressed', 'out-of-service'] as const).filter((s) => n[s] > 0).map((state) => ({ state, n: n[state] }));
}
