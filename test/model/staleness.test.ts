import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SHORTEST_INTERVAL_MS, SILENT_INTERVALS, Staleness } from '../../model/staleness.ts';

const T0 = Date.parse('2026-11-16T00:00:00+08:00');
const USUAL = 60_000;

/** From the sentence: the median of the last eight, the kind's own until three are known, never below the floor. */
function rhythm(intervals: readonly number[]): number {
  if (intervals.length < 3) return Math.max(USUAL, SHORTEST_INTERVAL_MS);
  const last = intervals.slice(-8).sort((a, b) => a - b);
  const mid = last.length >> 1;
  return Math.max(SHORTEST_INTERVAL_MS, last.length % 2 ? last[mid]! : (last[mid - 1]! + last[mid]!) / 2);
}
const intervalArb = fc.oneof(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 100 * 86_400_000 }));

describe('silence', () => {
  it('is five times the median of the last eight intervals', () => {
    fc.assert(
      fc.property(fc.array(intervalArb, { maxLength: 40 }), fc.nat({ max: 200 }), (intervals, ix) => {
        const store = new Staleness();
        let at = T0;
        store.heard(ix, at, null, USUAL);
        intervals.forEach((ms, n) => {
          at += ms;
          store.heard(ix, at, ms, USUAL);
          const expected = rhythm(intervals.slice(0, n + 1));
          expect(Math.abs(store.intervalMs(ix) - expected)).toBeLessThanOrEqual(expected * 0.0005 + 1);
        });
        store.wake(ix, SILENT_INTERVALS);
        const end = at + SILENT_INTERVALS * store.intervalMs(ix);
        expect(store.due(end - 1)).toEqual([]);
        expect(store.due(end + 2)).toEqual([ix]);
        expect(store.silentIntervals(ix, end + 2)).toBeGreaterThanOrEqual(SILENT_INTERVALS);
        expect(store.due(Number.MAX_VALUE)).toEqual([]); // told once
      }),
    );
  });
  it('one long gap does not make the next one usual', () => {
    const store = new Staleness();
    for (let n = 0; n < 8; n++) store.heard(0, T0 + n * 10_000, n ? 10_000 : null, USUAL);
    store.heard(0, T0 + 10_000_000, 9_930_000, USUAL);
    expect(store.intervalMs(0)).toBeCloseTo(10_000, -1);
  });
  it('is counted, ended by the next reading, and forgotten with the device', () => {
    const store = new Staleness();
    for (const ix of [0, 5, 9]) store.heard(ix, T0, null, USUAL);
    for (const ix of [0, 5, 5]) store.markSilent(ix);
    expect([store.silent, store.isSilent(5), store.isSilent(9), store.isSilent(77)]).toEqual([2, true, false, false]);
    store.heard(5, T0 + 1, 1, USUAL);
    store.forget(0);
    expect([store.silent, store.silentIntervals(0, T0 + 1e9), store.isSilent(5)]).toEqual([0, 0, false]);
  });
  it('wakes at the first threshold that has not passed', () => {
    const store = new Staleness();
    store.heard(3, T0, null, USUAL);
    store.wakeNext(3, [2, 5], T0);
    expect(store.due(T0 + 2 * USUAL + 1)).toEqual([3]);
    store.wakeNext(3, [2, 5], T0 + 2 * USUAL + 1);
    expect(store.due(T0 + 5 * USUAL)).toEqual([]);
    expect(store.due(T0 + 5 * USUAL + 1)).toEqual([3]);
    store.wakeNext(3, [2, 5], T0 + 6 * USUAL);
    expect(store.due(Number.MAX_VALUE)).toEqual([]);
  });
  it('neighbours do not disturb each other', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 20 }), fc.integer({ min: 1, max: 1_000_000 })), { maxLength: 200 }), (list) => {
        const together = new Staleness();
        const alone = new Map<number, Staleness>();
        for (const [ix, ms] of list) {
          const own = alone.get(ix) ?? new Staleness();
          alone.set(ix, own);
          together.heard(ix, T0, ms, USUAL);
          own.heard(0, T0, ms, USUAL);
        }
        for (const [ix, own] of alone) expect(together.intervalMs(ix)).toBe(own.intervalMs(0));
      }),
    );
  });
});
