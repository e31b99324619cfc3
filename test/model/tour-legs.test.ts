import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LngLat } from '../../model/brand.ts';
import { tourLegs } from '../../model/tour-legs.ts';

const at = (x: number, y = 0): LngLat => [104 + x / 1000, 30 + y / 1000];
const stop = (x: number, y = 0) => ({ name: 'n', lngLat: at(x, y) });

it('without a path goes straight from stop to stop', () => {
  const legs = tourLegs({ stops: [stop(0), stop(0, 1), stop(0, 3)] });
  expect(legs.map((l) => [l.from, l.to, Math.round(l.metres)])).toEqual([
    [0, 1, 111],
    [1, 2, 222],
  ]);
});

it('follows its path, cut where it passes each stop; what is left leads back', () => {
  const path = [at(0), at(1), at(2), at(2, 1), at(1, 1), at(0, 1), at(0)];
  const ring = tourLegs({ stops: [stop(0), stop(2.1), stop(0, 1.1)], path });
  expect(ring.map((l) => [l.from, l.to, l.path.length])).toEqual([
    [0, 1, 3],
    [1, 2, 4],
    [2, null, 2],
  ]);
  expect(tourLegs({ stops: [stop(0), stop(2)], path: path.slice(0, 3) })).toHaveLength(1);
});

it('a ring that passes an early stop on its way back does not skip those between', () => {
  const path = [at(0), at(1, 0.2), at(2), at(3), at(3, 1), at(1, 0), at(0)];
  const legs = tourLegs({ stops: [stop(0), stop(1), stop(3)], path });
  expect(legs.map((l) => [l.from, l.to, l.path.length])).toEqual([
    [0, 1, 2],
    [1, 2, 3],
    [2, null, 4],
  ]);
});

it('never runs backwards, and loses nothing of the path after the first stop', () => {
  const place = fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 }));
  fc.assert(
    fc.property(fc.array(place, { minLength: 2, maxLength: 12 }), fc.array(place, { minLength: 2, maxLength: 5 }), (way, places) => {
      const path = way.map(([x, y]) => at(x, y));
      const legs = tourLegs({ stops: places.map(([x, y]) => stop(x, y)), path });
      const joined = legs.flatMap((l, i) => (i === 0 ? l.path : l.path.slice(1)));
      expect(joined.every((p) => path.includes(p))).toBe(true);
      expect(joined.at(-1)).toEqual(path.at(-1));
      expect(joined.length).toBeLessThanOrEqual(path.length);
    }),
  );
});
