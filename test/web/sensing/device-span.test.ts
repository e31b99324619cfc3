import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  extremes,
  fromLocal,
  gapMs,
  medianInterval,
  nearest,
  runStart,
  spanOf,
  toLocal,
  withGaps,
} from '../../../web/panels/sensing/device-span.ts';

const every = (step: number, n: number, from = 0) => Array.from({ length: n }, (_, i): [number, number] => [from + i * step, i]);
const NOW = 1_700_000_000_000;

describe('the time a device page shows', () => {
  it('is the last six hours, another of the usual ones, or from and to by hand', () => {
    expect(spanOf({}, NOW)).toEqual({ key: '6h', from: NOW - 6 * 3_600_000, to: NOW });
    expect(spanOf({ dspan: '7d' }, NOW)).toEqual({ key: '7d', from: NOW - 7 * 86_400_000, to: NOW });
    const given = { dfrom: '2026-11-20T00:00:00.000Z', dto: '2026-11-21T00:00:00.000Z' };
    expect(spanOf(given, NOW)).toEqual({ key: null, from: Date.parse(given.dfrom), to: Date.parse(given.dto) });
  });
  it('is the usual one where the address makes no sense', () => {
    const wrong: Record<string, string>[] = [
      { dspan: 'ever' },
      { dfrom: 'x', dto: 'y' },
      { dfrom: '2026-11-21T00:00:00Z', dto: '2026-11-20T00:00:00Z' },
    ];
    for (const bad of wrong) expect(spanOf(bad, NOW).key).toBe('6h');
  });
  it('is written by the clock of the centre and read back to the same minute', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: -840, max: 840 }), (ms, offset) => {
        expect(fromLocal(toLocal(ms, offset), offset)).toBe(Math.floor((ms + offset * 60_000) / 60_000) * 60_000 - offset * 60_000);
      }),
    );
    expect(toLocal(Date.UTC(2026, 10, 20, 18, 5), 480)).toBe('2026-11-21T02:05');
    expect(fromLocal('soon', 480)).toBeNaN();
  });
});

describe('the curve of a device', () => {
  it('is broken wherever nothing came for five intervals, and only there', () => {
    const points = [...every(30_000, 10), ...every(30_000, 10, 270_000 + 150_001)];
    const gap = gapMs(points, 30_000);
    expect(gap).toBe(150_000);
    expect(withGaps(points, gap).filter((p) => p[1] === null)).toEqual([[270_001, null]]);
    expect(withGaps(every(30_000, 20), gap)).toEqual(every(30_000, 20));
    expect(runStart(points, gap)).toBe(420_001);
    expect(runStart(every(30_000, 20), gap)).toBe(0);
    expect(runStart([], gap)).toBeNull();
  });
  it('thinned to a point an hour is not one gap', () => {
    const points = every(3_600_000, 100);
    expect(withGaps(points, gapMs(points, 30_000)).some((p) => p[1] === null)).toBe(false);
  });
  it('tells its median interval only where there are enough readings', () => {
    expect(
      medianInterval([
        [0, 1],
        [10, 1],
        [500, 1],
        [510, 1],
      ]),
    ).toBe(10);
    expect(medianInterval(every(10, 2))).toBeNull();
  });
  it('gives the point nearest to any moment, and its lowest and highest', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: -100, max: 10_100 }),
        (times, at) => {
          const points = times.sort((a, b) => a - b).map((t, i): [number, number] => [t, (i * 7) % 11]);
          const best = Math.min(...points.map((p) => Math.abs(p[0] - at)));
          expect(Math.abs(nearest(points, at)![0] - at)).toBe(best);
          const ends = extremes(points)!;
          expect(ends.low[1]).toBe(Math.min(...points.map((p) => p[1])));
          expect(ends.high[1]).toBe(Math.max(...points.map((p) => p[1])));
        },
      ),
    );
    expect(nearest([], 5)).toBeUndefined();
    expect(extremes([])).toBeNull();
  });
});
