import { type AlarmRule, type AlarmTest, valueHolds } from './alarm-rule.ts';
import { hoursChangeAfter, isWithinHours } from './hours.ts';

/** What a rule remembers of one sensor: plain data, never changed in place. */
export interface RuleMemory {
  /** the condition as it is; within a deadband it stays what it was */
  readonly held: boolean;
  /** since when it has been so without a break, the sensor's time, epoch ms */
  readonly since: number;
  /** the alarm stands: the condition held through the on-delay, and has not been gone through the off-delay */
  readonly active: boolean;
  /** only of a rate of change: [at, value, at, value …], ascending, the newest last */
  readonly past: readonly number[];
}
/** Nothing to remember: what a rule that was never true knows. */
export const calmMemory: RuleMemory = { held: false, since: 0, active: false, past: [] };

/** What is known of a sensor at a moment. */
export interface Evidence {
  /** the sensor's time, epoch ms: delays and rates are counted in it */
  readonly at: number;
  /** the centre's time, epoch ms: hours are read from it */
  readonly clock: number;
  /** false = only time has passed since the last reading */
  readonly isReading: boolean;
  /** the latest value, units; NaN = never heard */
  readonly value: number;
  /** silent intervals by now (model/staleness); 0 with a reading */
  readonly silent: number;
  /** the latest values of sensors of another kind on the same device */
  readonly there: (kind: string) => readonly number[];
}

/** One rule, ready to be asked. The same judge serves every sensor that has the rule in this form. */
export interface RuleJudge {
  readonly rule: AlarmRule;
  /** Whether the rule is valid at this moment of the centre (its hours). */
  isOpen(clock: number): boolean;
  /** What it remembers after this evidence: the very same object when nothing changed. */
  after(was: RuleMemory, e: Evidence): RuleMemory;
  /** When it changes by the mere passing of time (a delay ends), the sensor's time; null = it does not. */
  delayEnds(m: RuleMemory): number | null;
  /** When its hours next begin or end after `clock`, the centre's time; null = never. */
  hoursChange(clock: number): number | null;
  /** What it holds against its limit, for the record: the value, units a minute, or silent intervals. */
  figure(m: RuleMemory, e: Evidence): number;
}

type Rate = Extract<AlarmTest, { is: 'rate' }>;
/** A window is kept as the first reading of each of so many slots: a sensor that talks much weighs no more than one that talks little. */
const SLOTS = 30;
/** Two readings nearer to each other than this part of the window say nothing of a trend. */
const SHORTEST_SPAN = 0.1;

/**
 * Judge a rule over time. To follow it through a past, ask `after` for every reading and, before it, for every `delayEnds` and
 * `hoursChange` that lies before the reading.
 * @param rule as it holds for the sensor (overrides applied)
 */
export function judgeOf(rule: AlarmRule, utcOffsetMinutes: number): RuleJudge {
  const { test } = rule;
  const isOpen = gate(rule.hours, utcOffsetMinutes);
  const delay = (held: boolean) => Math.round((held ? rule.onDelayS : rule.offDelayS) * 1000);
  return {
    rule,
    isOpen,
    after(was, e) {
      const past = test.is === 'rate' && e.isReading ? windowAfter(test, was.past, e.at, e.value) : was.past;
      const held = isOpen(e.clock) && holds(test, was.held, e, past);
      const since = held === was.held ? was.since : e.at;
      const active = held !== was.active && e.at - since < delay(held) ? was.active : held;
      if (held === was.held && active === was.active && past === was.past) return was;
      return held || active || past.length > 0 ? { held, since, active, past } : calmMemory;
    },
    delayEnds: (m) => (m.held === m.active ? null : m.since + delay(m.held)),
    hoursChange: (clock) => hoursChangeAfter(rule.hours, clock, utcOffsetMinutes),
    figure: (m, e) => (test.is === 'rate' ? (rateOf(test, m.past) ?? 0) : test.is === 'no-data' ? Math.round(e.silent * 10) / 10 : e.value),
  };
}

function holds(test: AlarmTest, was: boolean, e: Evidence, past: readonly number[]): boolean {
  switch (test.is) {
    case 'rate': {
      const rate = rateOf(test, past);
      if (rate === null) return false;
      return (test.direction === 'either' ? Math.abs(rate) : test.direction === 'falling' ? -rate : rate) >= test.limit;
    }
    case 'no-data':
      return e.silent >= test.intervals;
    case 'both':
      return valueHolds(test.here, e.value, was) && e.there(test.kind).some((v) => valueHolds(test.there, v, was));
    default:
      return valueHolds(test, e.value, was);
  }
}

/** Hours looked up once and then known until they change: a reading asks for the present, again and again. */
function gate(hours: AlarmRule['hours'], utcOffsetMinutes: number): (clock: number) => boolean {
  if (hours.length === 0) return () => true;
  let [from, to, open] = [0, 0, false];
  return (clock) => {
    if (clock >= from && clock < to) return open;
    open = isWithinHours(hours, clock, utcOffsetMinutes);
    [from, to] = [clock, hoursChangeAfter(hours, clock, utcOffsetMinutes) ?? Number.POSITIVE_INFINITY];
    return open;
  };
}

/** The window with one more reading. A reading not newer than the newest changes nothing. */
function windowAfter({ windowS }: Rate, past: readonly number[], at: number, value: number): readonly number[] {
  const n = past.length;
  if (n > 0 && at <= past[n - 2]!) return past;
  const [windowMs, slot] = [windowS * 1000, (windowS * 1000) / SLOTS];
  let start = 0;
  while (start < n && past[start]! < at - windowMs) start += 2;
  // the newest reading stays only if it is the first of its slot
  const end = n - start >= 4 && Math.floor(past[n - 2]! / slot) === Math.floor(past[n - 4]! / slot) ? n - 2 : n;
  return [...past.slice(start, end), at, value];
}
/** Units a minute between the oldest reading of the window and the newest; null while they lie too near to each other. */
function rateOf({ windowS }: Rate, past: readonly number[]): number | null {
  const n = past.length;
  if (n < 4) return null;
  const ms = past[n - 2]! - past[0]!;
  return ms < SHORTEST_SPAN * windowS * 1000 ? null : ((past[n - 1]! - past[1]!) * 60_000) / ms;
}
