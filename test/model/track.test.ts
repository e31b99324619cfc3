import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { areaCode } from '../../model/brand.ts';
import { type Fixes, figuresOf, hop, legKmh, legsOf, meanKmh, passagesOf, speedClass, staysOf, trackRules } from '../../model/track.ts';
import { trackAt } from '../../model/track-at.ts';
import { thin, thinTo } from '../../model/track-thin.ts';

/** [seconds, metres east, metres north] about a point of Chengdu */
type Step = readonly [number, number, number];
const LNG = 1_040_300_000;
const LAT = 306_145_000;
const METRE = 1e7 / 111_195;
const fixes = (steps: readonly Step[]): Fixes => ({
  length: steps.length,
  at: Float64Array.from(steps, ([s]) => 1_795_000_000_000 + s * 1000),
  lng: Int32Array.from(steps, ([, x]) => LNG + (x * METRE) / Math.cos((LAT / 1e7) * (Math.PI / 180))),
  lat: Int32Array.from(steps, ([, , y]) => LAT + y * METRE),
  heading: new Float32Array(steps.length),
  speed: new Float32Array(steps.length),
});
const every = (seconds: number, n: number, at: (i: number) => readonly [number, number], from = 0): Step[] =>
  Array.from({ length: n }, (_, i) => [from + i * seconds, ...at(i)]);

const anyTrack = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: -60, max: 60 }), fc.integer({ min: -60, max: 60 })), {
    maxLength: 300,
  })
  .map((hops) => {
    let [t, x, y] = [0, 0, 0];
    return fixes(
      hops.map(([dt, dx, dy]) => {
        t += dt;
        x += dx;
        y += dy;
        return [t, x, y] as const;
      }),
    );
  });

describe('a track', () => {
  test('walked evenly has its metres, its minutes and its speed', () => {
    const f = figuresOf(fixes(every(10, 61, (i) => [i * 15, 0])));
    expect(f.metres).toBeCloseTo(900, 0);
    expect(f.movingMs).toBe(600_000);
    expect(meanKmh(f)).toBeCloseTo(5.4, 2);
    expect(f.stops).toEqual([]);
  });

  test('of a receiver that wanders while its bearer stands is one stay and no metres', () => {
    const f = figuresOf(fixes(every(10, 60, (i) => [(i % 5) * 3, (i % 3) * 3])));
    expect(f.stops).toHaveLength(1);
    expect(f.stops[0]).toMatchObject({ fixes: 60 });
    expect(f.stops[0]!.to - f.stops[0]!.from).toBe(590_000);
    expect(f.metres).toBe(0);
    expect(f.movingMs).toBe(0);
    expect(meanKmh(f)).toBeNull();
  });

  test('has a stay where it stood three minutes, none where it stood two', () => {
    const walk = (from: number, x: number) => every(10, 12, (i) => [x + i * 40, 0], from);
    const stood = (s: number) =>
      figuresOf(fixes([...walk(0, 0), ...every(10, s / 10 + 1, () => [600, 0], 120), ...walk(130 + s, 1000)])).stops.length;
    expect(stood(180)).toBe(1);
    expect(stood(120)).toBe(0);
  });

  test('has no line, no metres and no stay across a silence of more than five usual intervals', () => {
    const f = fixes([...every(10, 30, (i) => [i * 15, 0]), ...every(10, 30, (i) => [2000 + i * 15, 0], 290 + 51)]);
    expect(legsOf(f)).toEqual([
      { from: 0, to: 30 },
      { from: 30, to: 60 },
    ]);
    const figures = figuresOf(f);
    expect(figures.gaps).toHaveLength(1);
    expect(figures.silentMs).toBe(51_000);
    expect(figures.metres).toBeCloseTo(2 * 29 * 15, 0);
  });

  test('does not count a hop nobody can make', () => {
    const f = figuresOf(fixes([...every(10, 20, (i) => [i * 15, 0]), [200, 90_000, 0], ...every(10, 20, (i) => [315 + i * 15, 0], 210)]));
    expect(f.implausible).toBe(2);
    expect(f.metres).toBeCloseTo(38 * 15, 0);
  });

  test('names the places it passes in order, the same one twice where it comes back', () => {
    const f = fixes(every(10, 9, (i) => [i < 3 || i > 5 ? 10 : 500, 0]));
    const here = passagesOf(f, ([lng]) => (lng * 1e7 - LNG < 200 * METRE ? areaCode('a') : null));
    expect(here.map(({ area, fixes: n }) => [area, n])).toEqual([
      ['a', 3],
      [null, 3],
      ['a', 3],
    ]);
  });
});

describe('figures of any track', () => {
  test('account for every moment from the first fix to the last, and never go farther than its hops', () => {
    fc.assert(
      fc.property(anyTrack, (f) => {
        const figures = figuresOf(f);
        const whole = f.length ? f.at[f.length - 1]! - f.at[0]! : 0;
        expect(figures.movingMs + figures.stoppedMs + figures.silentMs).toBe(whole);
        let hops = 0;
        for (let i = 1; i < f.length; i++) hops += hop(f, i - 1, i);
        expect(figures.metres).toBeLessThanOrEqual(hops + 1e-6);
        for (const ms of [figures.movingMs, figures.stoppedMs, figures.silentMs]) expect(ms).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('a stay is long enough, stays within its reach, and stays do not overlap', () => {
    fc.assert(
      fc.property(anyTrack, (f) => {
        for (const leg of legsOf(f)) {
          let end = leg.from;
          for (const stay of staysOf(f, leg)) {
            expect(stay.from).toBeGreaterThanOrEqual(end);
            expect(stay.to).toBeLessThanOrEqual(leg.to);
            expect(f.at[stay.to - 1]! - f.at[stay.from]!).toBeGreaterThanOrEqual(trackRules.stopMs);
            for (let i = stay.from; i < stay.to; i++) expect(hop(f, stay.from, i)).toBeLessThanOrEqual(trackRules.stopMetres);
            end = stay.to;
          }
        }
      }),
    );
  });

  test('legs hold every fix once', () => {
    fc.assert(
      fc.property(anyTrack, (f) => {
        expect(legsOf(f).flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i))).toEqual(
          Array.from({ length: f.length }, (_, i) => i),
        );
      }),
    );
  });
});

describe('a thinned track', () => {
  const taken = (f: Fixes, keep: readonly number[]): Fixes => ({
    length: keep.length,
    at: keep.map((i) => f.at[i]!),
    lng: keep.map((i) => f.lng[i]!),
    lat: keep.map((i) => f.lat[i]!),
    heading: keep.map((i) => f.heading[i]!),
    speed: keep.map((i) => f.speed[i]!),
  });
  const metresApart = (f: Fixes, i: number, at: readonly [number, number]) => {
    const shrink = Math.cos((f.lat[i]! / 1e7) * (Math.PI / 180));
    return Math.hypot((f.lng[i]! / 1e7 - at[0]) * shrink, f.lat[i]! / 1e7 - at[1]) * 111_195;
  };

  test('keeps real fixes and the ends of legs, in order, and says how wrong it is at most at any fix left out', () => {
    fc.assert(
      fc.property(anyTrack, fc.integer({ min: 2, max: 60 }), (f, max) => {
        const legs = legsOf(f);
        const { keep, metres } = thin(f, legs, max);
        expect([...new Set(keep)].sort((a, b) => a - b)).toEqual([...keep]);
        const kept = new Set(keep);
        for (const leg of f.length > max ? legs : []) {
          expect(kept.has(leg.from)).toBe(true);
          expect(kept.has(leg.to - 1)).toBe(true);
        }
        const begins = new Set(legs.map((l) => keep.indexOf(l.from)));
        const some = taken(f, keep);
        for (let i = 0; i < f.length; i++)
          expect(metresApart(f, i, trackAt(some, begins, f.at[i]!, 0)!.lngLat)).toBeLessThanOrEqual(metres + 0.1);
      }),
    );
  });

  test('holds no more fixes than asked for, but for the ends of its legs', () => {
    fc.assert(
      fc.property(anyTrack, fc.integer({ min: 2, max: 60 }), (f, max) => {
        const legs = legsOf(f);
        expect(thin(f, legs, max).keep.length).toBeLessThanOrEqual(Math.max(max, 2 * legs.length));
      }),
    );
  });

  test('of a straight walk is its ends, with a tolerance as with a number', () => {
    const f = fixes(every(10, 500, (i) => [i * 15, i * 3]));
    expect(thinTo(f, legsOf(f), 1)).toEqual([0, 499]);
    expect(thin(f, legsOf(f), 2).keep).toEqual([0, 499]);
  });

  test('that stood still for a while keeps the stay: a player stands where the unit stood', () => {
    const f = fixes([
      ...every(10, 30, (i) => [i * 15, 0]),
      ...every(10, 60, () => [450, 0], 300),
      ...every(10, 30, (i) => [450 + i * 15, 0], 900),
    ]);
    const keep = thinTo(f, legsOf(f), 5);
    const there = trackAt(taken(f, keep), new Set([0]), f.at[60]!, 0)!;
    expect(metresApart(f, 60, there.lngLat)).toBeLessThan(5);
  });
});

describe('where a unit was', () => {
  const f = fixes([...every(10, 4, (i) => [i * 20, 0]), ...every(10, 3, (i) => [500 + i * 20, 0], 600)]);
  const begins = new Set(legsOf(f).map((l) => l.from));
  const at = (seconds: number) => trackAt(f, begins, f.at[0]! + seconds * 1000, 30_000);

  test('is between two fixes what lies evenly between them', () => {
    expect((at(15)!.lngLat[0] * 1e7 - LNG) / (f.lng[1]! - LNG)).toBeCloseTo(1.5, 3);
  });
  test('is not known before the first, in a silence, and long after the last', () => {
    expect(at(-1)).toBeNull();
    expect(at(300)).toMatchObject({ silent: true, fix: 3, ageMs: 270_000 });
    expect(at(640)).toMatchObject({ silent: false, fix: 6 });
    expect(at(660)).toBeNull();
  });
});

test('the way between two fixes has a speed and a class', () => {
  const f = fixes(every(10, 2, (i) => [i * 15, 0]));
  expect(legKmh(f, 0, 1)).toBeCloseTo(5.4, 2);
  expect([0.5, 5.4, 18, 40].map(speedClass)).toEqual([0, 1, 2, 3]);
});
