import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calmMemory, type Evidence, judgeOf, type RuleMemory } from '../../model/alarm-judge.ts';
import { type AlarmRule, zAlarmRule } from '../../model/alarm-rule.ts';
import { isWithinHours } from '../../model/hours.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
const CHINA = 480;
/** Monday 2026-11-16 00:00 in Chengdu */
const T0 = Date.parse('2026-11-16T00:00:00+08:00');
type Test = Parameters<typeof zAlarmRule.parse>[0] & object;
const ruleOf = (test: object, more: object = {}): AlarmRule =>
  zAlarmRule.parse({ kind: 'gas', code: 'x', name: { zh: '气', en: 'gas' }, test, priority: 2, ...more } as Test);
const evidence = (at: number, value: number, more: Partial<Evidence> = {}): Evidence => ({
  at,
  clock: at,
  isReading: true,
  value,
  silent: 0,
  there: () => [],
  ...more,
});

/** Follow a rule through readings as the docstring of judgeOf says; answers [second, active] of every change. */
function follow(rule: AlarmRule, readings: readonly (readonly [second: number, value: number])[], untilS: number) {
  const judge = judgeOf(rule, CHINA);
  const changes: [number, boolean][] = [];
  let [m, value]: [RuleMemory, number] = [calmMemory, Number.NaN];
  let clock = T0;
  const step = (at: number, isReading: boolean) => {
    const after = judge.after(m, evidence(at, value, { isReading }));
    if (after.active !== m.active) changes.push([(at - T0) / SECOND, after.active]);
    [m, clock] = [after, at];
  };
  const passUpTo = (end: number) => {
    for (;;) {
      const next = Math.min(judge.delayEnds(m) ?? Infinity, judge.hoursChange(clock) ?? Infinity);
      if (next >= end) return; // a delay that ends with a reading is judged by the reading
      step(next, false);
    }
  };
  for (const [s, v] of readings) {
    passUpTo(T0 + s * SECOND);
    value = v;
    step(T0 + s * SECOND, true);
  }
  passUpTo(T0 + untilS * SECOND + 1);
  return changes;
}

/** The same, second by second, from the sentence: on when the condition held all through the delay, off when it was gone all through it. */
function oracle(holds: (value: number, was: boolean, second: number) => boolean, onS: number, offS: number) {
  return (readings: readonly (readonly [number, number])[], untilS: number) => {
    const held: boolean[] = [];
    const changes: [number, boolean][] = [];
    let [active, value, i] = [false, Number.NaN, 0];
    for (let s = 0; s <= untilS; s++) {
      while (i < readings.length && readings[i]![0] === s) value = readings[i++]![1];
      held.push(holds(value, held.at(-1) ?? false, s));
      const through = (state: boolean, seconds: number) => held.length > seconds && held.slice(-1 - seconds).every((h) => h === state);
      if (active ? through(false, offS) : through(true, onS)) {
        active = !active;
        changes.push([s, active]);
      }
    }
    return changes;
  };
}

const UNTIL = 400;
const readingsArb = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: UNTIL }), fc.integer({ min: 0, max: 12 })), { selector: ([s]) => s, maxLength: 40 })
  .map((list) => list.sort(([a], [b]) => a - b));
const delayArb = fc.constantFrom(0, 1, 5, 30, 90);

describe('a rule over time, against the sentence that says it', () => {
  it('a high or low limit with deadband, on-delay and off-delay', () => {
    fc.assert(
      fc.property(readingsArb, fc.boolean(), fc.integer({ min: 0, max: 5 }), delayArb, delayArb, (readings, high, deadband, on, off) => {
        const limit = 6;
        const rule = ruleOf({ is: high ? 'high' : 'low', limit, deadband }, { onDelayS: on, offDelayS: off });
        const beyond = (v: number, by: number) => (high ? v >= limit - by : v <= limit + by);
        const expected = oracle((v, was) => beyond(v, was ? deadband : 0), on, off)(readings, UNTIL);
        expect(follow(rule, readings, UNTIL)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
  it('states, and hours outside which nothing is true', () => {
    fc.assert(
      fc.property(readingsArb, delayArb, fc.integer({ min: 0, max: 3 }), fc.integer({ min: 4, max: 6 }), (readings, on, from, to) => {
        const hours = [{ days: [1], from: `00:0${from}`, to: `00:0${to}` }];
        const rule = ruleOf({ is: 'state', values: [3, 7] }, { onDelayS: on, hours });
        const inHours = (s: number) => isWithinHours(hours, T0 + s * SECOND, CHINA);
        const expected = oracle((v, _, s) => (v === 3 || v === 7) && inHours(s), on, 0)(readings, UNTIL);
        expect(follow(rule, readings, UNTIL)).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });
  it('never changes twice within a deadband: what trembles by less raises once at most', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 18.01, max: 20.5, noNaN: true }), { minLength: 2, maxLength: 100 }), (values) => {
        const changes = follow(
          ruleOf({ is: 'high', limit: 20, deadband: 2 }),
          values.map((v, i) => [i, v] as const),
          values.length,
        );
        expect(changes.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('a rate of change', () => {
  const rate = (limit: number, direction: string, windowS = 300) => ruleOf({ is: 'rate', limit, windowS, direction });
  const readings = (gaps: readonly (readonly [gapS: number, value: number])[]) => {
    let at = T0;
    return gaps.map(([gap, value]) => {
      at += gap * SECOND;
      return [at, value] as const;
    });
  };
  it('is what lies between the newest reading and the oldest of its window', () => {
    const gaps = fc.array(fc.tuple(fc.integer({ min: 10, max: 200 }), fc.integer({ min: -20, max: 20 })), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(gaps, fc.constantFrom('rising', 'falling', 'either'), (list, direction) => {
        const judge = judgeOf(rate(2, direction), CHINA);
        const seen: (readonly [number, number])[] = [];
        let m = calmMemory;
        for (const [at, value] of readings(list)) {
          seen.push([at, value]);
          m = judge.after(m, evidence(at, value));
          const [from, first] = seen.find(([t]) => t >= at - 300 * SECOND)!;
          const perMinute = at - from >= 30 * SECOND ? ((value - first) * MINUTE) / (at - from) : 0;
          const signed = direction === 'falling' ? -perMinute : direction === 'either' ? Math.abs(perMinute) : perMinute;
          expect(m.held).toBe(signed >= 2);
        }
      }),
    );
  });
  it('of a steady rise is its slope, however often the sensor speaks; what is kept stays small', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 50 }), (gap, slope) => {
        const judge = judgeOf(rate(slope, 'rising'), CHINA);
        let m = calmMemory;
        for (let s = 0; s <= 1_500; s += gap) {
          m = judge.after(m, evidence(T0 + s * SECOND, (slope * s) / 60));
          if (s > 400) expect(judge.figure(m, evidence(0, 0))).toBeCloseTo(slope, 6);
        }
        expect(m.past.length).toBeLessThanOrEqual(2 * 32);
      }),
    );
  });
  it('says nothing of two readings in one breath, nor of a reading handed in again', () => {
    const judge = judgeOf(rate(1, 'either'), CHINA);
    const one = judge.after(calmMemory, evidence(T0, 0));
    expect(judge.after(one, evidence(T0 + SECOND, 5)).held).toBe(false);
    expect(judge.after(one, evidence(T0, 99))).toBe(one);
    expect(judge.after(one, evidence(T0 - SECOND, 99))).toBe(one);
  });
});

describe('silence and two sensors', () => {
  it('no data is true from so many intervals on, and gone with the next reading', () => {
    const judge = judgeOf(ruleOf({ is: 'no-data', intervals: 5 }), CHINA);
    const quiet = (silent: number) => evidence(T0, 1, { isReading: false, silent });
    expect(judge.after(calmMemory, quiet(4.99))).toBe(calmMemory);
    const m = judge.after(calmMemory, quiet(5));
    expect([m.active, judge.figure(m, quiet(5.04))]).toEqual([true, 5]);
    expect(judge.after(m, evidence(T0, 1)).active).toBe(false);
  });
  it('both is true while both are, each with its own deadband', () => {
    const here = { is: 'high', limit: 60, deadband: 5 } as const;
    const judge = judgeOf(ruleOf({ is: 'both', here, kind: 'load', there: { is: 'state', values: [1] } }), CHINA);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 50, max: 65 }), fc.subarray([0, 1, 2]))), (list) => {
        let [m, was] = [calmMemory, false];
        for (const [value, others] of list) {
          m = judge.after(m, evidence(T0, value, { there: (kind) => (kind === 'load' ? others : [1]) }));
          was = value >= (was ? 55 : 60) && others.includes(1);
          expect(m.active).toBe(was);
        }
      }),
    );
  });
  it('a rule that is not true remembers nothing, and what does not change is the same object', () => {
    const judge = judgeOf(ruleOf({ is: 'high', limit: 5 }), CHINA);
    expect(judge.after(calmMemory, evidence(T0, 1))).toBe(calmMemory);
    const up = judge.after(calmMemory, evidence(T0, 9));
    expect(judge.after(up, evidence(T0 + 1, 10))).toBe(up);
    expect(judge.after(up, evidence(T0 + 2, 1))).toBe(calmMemory);
  });
});
