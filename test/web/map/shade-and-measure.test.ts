import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { destination, lengthM } from '../../../geo/distance.ts';
import type { LngLat } from '../../../model/brand.ts';
import { measured } from '../../../web/map/measure.ts';
import { shadeClass } from '../../../web/map/shade.ts';
import { Traces } from '../../../web/map/units/traces.ts';
import { TRAIL_STRIDE } from '../../../web/map/units/trails.ts';
import { metresText } from '../../../web/map/words.ts';
import { emptyTrail, extend } from '../../../web/panels/patrol/trail-book.ts';

const middle: LngLat = [104.03, 30.61];

describe('measuring', () => {
  it('adds stretches of the great circle up to the length of the line', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 359, noNaN: true }), fc.integer({ min: 1, max: 3000 })), { maxLength: 8 }),
        (steps) => {
          const line: LngLat[] = [middle];
          for (const [degrees, metres] of steps) line.push(destination(line.at(-1)!, degrees, metres));
          const m = measured(line);
          for (const [i, s] of m.stretches.entries()) expect(s).toBeCloseTo(steps[i]![1], 3);
          expect(m.total).toBeCloseTo(lengthM(line), 6);
        },
      ),
    );
  });
  it('writes metres below a kilometre and kilometres from there', () => {
    expect([0, 12.4, 999.4, 999.6, 1234].map(metresText)).toEqual(['0 m', '12 m', '999 m', '1.00 km', '1.23 km']);
  });
});

describe('a shade', () => {
  const breaks = [1, 2, 3, 4] as const;
  it('has five classes, brightest at the end that asks for a look, and leaves plain what is not known', () => {
    expect([0, 1, 2, 3, 4, 99].map((v) => shadeClass({ breaks, bright: 'high' }, v))).toEqual([1, 2, 3, 4, 5, 5]);
    expect([0, 1, 2, 3, 4, 99].map((v) => shadeClass({ breaks, bright: 'low' }, v))).toEqual([5, 4, 3, 2, 1, 1]);
    expect(shadeClass({ breaks, bright: 'low' }, null)).toBe(0);
  });
});

describe('ways of the last while', () => {
  const at = (n: number) => ({ at: 1_000_000 + n * 10_000, lng: 1_040_300_000 + n, lat: 306_100_000 });
  const way = (...ns: number[]) => ns.reduce((t, n) => extend(t, at(n), 0), emptyTrail('u'));
  it('go on with each newer fix, and are the same object otherwise', () => {
    const t = way(0, 1, 2);
    expect(t.at).toEqual([0, 1, 2].map((n) => at(n).at));
    expect(extend(t, at(1), 0)).toBe(t);
    expect(extend(t, { ...at(3), at: 0 }, 0)).toBe(t);
  });
  it('let go of what is too old and keep their breaks where they were', () => {
    const t = way(0, 1, 9, 10);
    expect(t.legs).toEqual([2]);
    const later = extend(t, at(11), at(1).at);
    expect(later.at[0]).toBe(at(1).at);
    expect(later.legs).toEqual([1]);
  });
  it('fade from the unit to the end of the time, and draw nothing across a silence or beyond it', () => {
    const traces = new Traces([1_040_300_000, 306_100_000]);
    traces.set({ spanMs: 110_000, trails: [way(0, 1, 9, 10, 11)] });
    traces.build(at(11).at, 1, () => 0);
    expect(traces.segments).toBe(3);
    const row = (i: number) => [...traces.data.subarray(i * TRAIL_STRIDE, (i + 1) * TRAIL_STRIDE)];
    expect(row(0).slice(0, 4)).toEqual([11, 0, 10, 0]);
    expect(row(0)[4]).toBeCloseTo(0.56, 5);
    expect(row(2)[5]).toBeCloseTo(0.06, 5);
    traces.build(at(11).at + 60_000, 1, () => 0);
    expect(traces.segments).toBe(2);
  });
});
