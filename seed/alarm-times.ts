import { type AlarmRule, limitOf, type ValueTest, valueHolds } from '../model/alarm-rule.ts';
import { hoursChangeAfter, isWithinHours } from '../model/hours.ts';
import { type Excursion, FLUTTER_MS, type Watched } from './causes.ts';
import { demoParsed } from './centre.ts';
import type { DemoSensor } from './devices.ts';
import { type Quiet, quietAt, rounded } from './quiet.ts';

const OFFSET = demoParsed.utcOffsetMinutes;
export const hourOf = (at: number) => ((((at / 60_000 + OFFSET) % 1440) + 1440) % 1440) / 60;
const kinds = new Map(demoParsed.sensorKinds.map((k) => [k.code, k]));

/** Whether a sensor is beyond its limit at this moment of a fluttering excursion: the first half of each turn. */
export const isUp = (e: Excursion, at: number) => e.flutters === 1 || (at - e.from) % FLUTTER_MS < FLUTTER_MS / 2;

/** What a sensor reads at `at`, epoch ms of the street; null = it says nothing. */
export function valueAt(q: Quiet, e: Excursion | null, at: number, hour = hourOf(at)): number | null {
  const calm = quietAt(q, at, hour);
  if (!e || at < e.from) return calm;
  const { kind } = q.sensor;
  if (e.rule === 'no-data') return at < e.until ? null : calm;
  if (kind === 'activity') return at < e.until ? Math.floor((at - e.from) / 60_000) : calm;
  const peak = e.there?.sensor.id === q.sensor.id ? e.there.peak : e.peak;
  if (kinds.get(kind)?.states) return at < e.until && isUp(e, at) ? peak : calm;
  if (e.flutters > 1) return rounded(kind, at < e.until && isUp(e, at) ? peak : calm);
  const up = Math.min(1, (at - e.from) / e.rampMs);
  const down = Math.max(0, Math.min(1, (at - e.until) / e.rampMs));
  const share = Math.max(0, up - down);
  // at its height it still wanders a little, never back over the limit
  const lively = 1 + 0.015 * Math.abs(Math.sin(at / 97_000)) * Math.sign(peak - calm);
  return rounded(kind, calm * (1 - share) + peak * lively * share);
}

/** What a rule would have made of an excursion: it became true and false at these moments, with these values. */
export interface Turn {
  readonly sensor: DemoSensor;
  readonly rule: AlarmRule;
  readonly at: number;
  readonly active: boolean;
  readonly value: number;
}

/**
 * The alarms an excursion brings: of the rule it is meant for and of every other that holds at its height, as the rules with their delays
 * and hours would have told it.
 */
export function turnsOf(watched: Watched, quiet: (s: DemoSensor) => Quiet, e: Excursion): Turn[] {
  const out = watched.rulesOf(e.sensor).flatMap((rule) => turnsOfRule(rule, e, e.sensor, e.peak, quiet(e.sensor)));
  const { there } = e;
  if (there)
    out.push(...watched.rulesOf(there.sensor).flatMap((rule) => turnsOfRule(rule, e, there.sensor, there.peak, quiet(there.sensor))));
  return out;
}

function turnsOfRule(rule: AlarmRule, e: Excursion, sensor: DemoSensor, peak: number, q: Quiet): Turn[] {
  const { test } = rule;
  const turn = (at: number, active: boolean, value: number): Turn => ({ sensor, rule, at: Math.round(at), active, value });
  const own = rule.code === e.rule && sensor === e.sensor;
  const calm = quietAt(q, e.until, hourOf(e.until));
  const spans: (readonly [number, number])[] = [];
  if (test.is === 'no-data' || e.rule === 'no-data') {
    if (!own || test.is !== 'no-data') return [];
    spans.push([e.from + test.intervals * kinds.get(sensor.kind)!.intervalS * 1000, e.until]);
  } else if (sensor.kind === 'activity') {
    spans.push([e.from + limitOf(test) * 60_000, e.until]);
  } else if (test.is === 'rate') {
    if (!own) return [];
    spans.push([e.from + e.rampMs, e.from + e.rampMs + test.windowS * 700]);
  } else {
    const value: ValueTest = test.is === 'both' ? test.here : test;
    if ((test.is === 'both' && !own) || !valueHolds(value, peak, false)) return [];
    const cross = value.is === 'state' ? 0 : part(calm, peak, value.limit);
    const back = value.is === 'state' ? 0 : 1 - part(calm, peak, value.limit + (value.is === 'low' ? 1 : -1) * value.deadband);
    if (e.flutters > 1) for (let k = 0; k < e.flutters; k++) spans.push([e.from + k * FLUTTER_MS, e.from + (k + 0.5) * FLUTTER_MS]);
    else spans.push([e.from + cross * e.rampMs, e.until + back * e.rampMs]);
  }
  const height = sensor.kind === 'activity' ? limitOf(test) : test.is === 'no-data' ? test.intervals : peak;
  return spans.flatMap(([from, until]) => {
    const on = from + rule.onDelayS * 1000;
    if (on >= until || !isWithinHours(rule.hours, on, OFFSET)) return [];
    const off = Math.min(until + rule.offDelayS * 1000, hoursChangeAfter(rule.hours, on, OFFSET) ?? Number.POSITIVE_INFINITY);
    return [turn(on, true, height), turn(off, false, test.is === 'no-data' ? 0 : calm)];
  });
}

/** Which part of the way from calm to the peak the limit lies at. */
const part = (calm: number, peak: number, limit: number) => (peak === calm ? 0 : Math.max(0, Math.min(1, (limit - calm) / (peak - calm))));
