import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimate, type Point } from '../../model/decimate.ts';

const curve = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: -1000, max: 1000 })), { maxLength: 400 })
  .map((list): Point[] => [...new Map(list).entries()].sort((a, b) => a[0] - b[0]));

test('fewer points, each one that was there, in order, with both ends and both extremes', () => {
  fc.assert(
    fc.property(curve, fc.integer({ min: 4, max: 60 }), (points, max) => {
      const few = decimate(points, max);
      expect(few.length).toBeLessThanOrEqual(max);
      expect(few.length).toBeGreaterThanOrEqual(Math.min(points.length, 2));
      expect(few.every((p) => points.includes(p))).toBe(true);
      expect(few.every((p, i) => i === 0 || p[0] > few[i - 1]![0])).toBe(true);
      expect([few[0], few.at(-1)]).toEqual([points[0], points.at(-1)]);
      const values = (list: readonly Point[]) => list.map(([, v]) => v);
      expect(Math.max(...values(few))).toBe(Math.max(...values(points)));
      expect(Math.min(...values(few))).toBe(Math.min(...values(points)));
    }),
  );
});

test('a single peak among a day of equal readings is kept, with its neighbours in time', () => {
  const points = Array.from({ length: 86_400 }, (_, s): Point => [s * 1000, s === 40_000 ? 63 : 4]);
  const few = decimate(points, 600);
  expect(few).toContainEqual([40_000_000, 63]);
  expect(few.length).toBeGreaterThan(290);
});

test('a short curve is left alone', () => {
  const points: Point[] = [[1, 2], [2, 1]]; // biome-ignore format: one line reads better
  expect(decimate(points, 600)).toBe(points);
  expect(decimate([], 600)).toEqual([]);
});
