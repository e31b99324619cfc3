import fc from 'fast-check';
import { expect, it } from 'vitest';
import { epochMs } from '../../model/brand.ts';
import { FLOOD_WINDOW_MS, type FloodRule, floodAt, newAlarms, noSurge, surgeAfter } from '../../model/flood.ts';

const STEP = 10_000;
const T0 = Date.parse('2026-11-20T08:00:00+08:00');

/** The rule by the standard's words on a plain list of raise times; a raise counts from the beginning of its ten seconds. */
const countedAt = (raises: readonly number[], at: number) =>
  raises.filter((r) => {
    const from = Math.floor(r / STEP) * STEP;
    return from > at - FLOOD_WINDOW_MS && from <= at;
  }).length;

const arbRule: fc.Arbitrary<FloodRule> = fc
  .record({ operators: fc.integer({ min: 1, max: 3 }), end: fc.integer({ min: 1, max: 6 }), more: fc.integer({ min: 0, max: 6 }) })
  .map(({ operators, end, more }) => ({ operators, end, start: end + more }));
const arbGaps = fc.array(fc.oneof(fc.nat(3_000), fc.nat(90_000), fc.nat(400_000)), { minLength: 1, maxLength: 80 });

it('counts the last ten minutes to the step, whenever it is asked', () => {
  fc.assert(
    fc.property(arbGaps, arbRule, fc.array(fc.nat(900_000), { maxLength: 10 }), (gaps, rule, later) => {
      const raises: number[] = [];
      let surge = noSurge;
      let at = T0;
      for (const gap of gaps) {
        at += gap;
        raises.push(at);
        surge = surgeAfter(surge, epochMs(at), rule);
        expect(newAlarms(surge, at)).toBe(countedAt(raises, at));
      }
      for (const ms of later) expect(newAlarms(surge, at + ms)).toBe(countedAt(raises, at + ms));
    }),
  );
});

it('begins above start x operators, ends below end x operators, and between the two stays what it was', () => {
  fc.assert(
    fc.property(arbGaps, arbRule, (gaps, rule) => {
      const raises: number[] = [];
      let surge = noSurge;
      let flood = false;
      let at = T0;
      /** Nothing but time passes: it can only end. Looked at whenever the count may fall. */
      const pass = (until: number) => {
        for (let t = Math.floor(at / STEP) * STEP + STEP; t <= until; t += STEP) {
          if (countedAt(raises, t) < rule.end * rule.operators) flood = false;
          expect(floodAt(surge, t, rule) !== null).toBe(flood);
        }
      };
      for (const gap of gaps) {
        pass(at + gap);
        at += gap;
        if (countedAt(raises, at) < rule.end * rule.operators) flood = false;
        raises.push(at);
        surge = surgeAfter(surge, epochMs(at), rule);
        const n = countedAt(raises, at);
        if (n > rule.start * rule.operators) flood = true;
        // a raise may come so soon after the quiet that the count is still below the end: then it is over at once
        expect(surge.since !== null && n >= rule.end * rule.operators).toBe(flood);
        expect(floodAt(surge, at, rule) !== null).toBe(flood);
      }
      pass(at + FLOOD_WINDOW_MS + 2 * STEP);
      expect(flood).toBe(false);
    }),
  );
});

it('by the usual figures: the eleventh within ten minutes begins it, at the fourth that is left it ends', () => {
  const rule: FloodRule = { operators: 1, start: 10, end: 5 };
  let surge = noSurge;
  for (let n = 0; n < 10; n++) surge = surgeAfter(surge, epochMs(T0 + n * 30_000), rule);
  expect(floodAt(surge, T0 + 9 * 30_000, rule)).toBeNull();
  surge = surgeAfter(surge, epochMs(T0 + 10 * 30_000), rule);
  expect(floodAt(surge, T0 + 10 * 30_000, rule)).toBe(T0 + 300_000);
  // after the last raise at 5:00 they leave one by one from 10:00 on; five are left until 13:00, four from then on
  expect(floodAt(surge, T0 + 13 * 60_000 - 1, rule)).toBe(T0 + 300_000);
  expect(floodAt(surge, T0 + 13 * 60_000, rule)).toBeNull();
  expect(surge.steps.length).toBeLessThanOrEqual(FLOOD_WINDOW_MS / STEP + 1);
});

it('five thousand alarms in a minute weigh no more than seven steps', () => {
  const rule: FloodRule = { operators: 2, start: 10, end: 5 };
  let surge = noSurge;
  for (let n = 0; n < 5000; n++) surge = surgeAfter(surge, epochMs(T0 + n * 12), rule);
  expect(surge.steps.length).toBeLessThanOrEqual(7);
  expect(newAlarms(surge, T0 + 60_000)).toBe(5000);
});
