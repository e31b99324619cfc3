import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { destination } from '../../geo/distance.ts';
import type { LngLat } from '../../model/brand.ts';
import { bySight, HALF_VIEW_DEG, SIGHT_M, sightOf } from '../../model/camera.ts';

const at: LngLat = [104.06, 30.63];

describe('sightOf', () => {
  it('says that a camera looks at a point when it points there, give or take half its view, and is near enough (oracle: geo/distance)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 359 }),
        fc.integer({ min: -179, max: 180 }),
        fc.integer({ min: 1, max: 400 }),
        (bearing, off, metres) => {
          fc.pre(Math.abs(Math.abs(off) - HALF_VIEW_DEG) > 0.5 && Math.abs(metres - SIGHT_M) > 1);
          const sight = sightOf({ lngLat: at, bearing }, destination(at, bearing + off, metres));
          expect(sight.towards).toBe(Math.abs(off) < HALF_VIEW_DEG && metres < SIGHT_M);
          expect(Math.abs(sight.metres - metres)).toBeLessThan(0.5);
        },
      ),
    );
  });
  it('does not know of a camera without a bearing; one that stands there sees it', () => {
    expect(sightOf({ lngLat: at }, destination(at, 10, 20)).towards).toBeNull();
    expect(sightOf({ lngLat: at, bearing: 200 }, at)).toEqual({ metres: 0, towards: true });
  });
});

it('those that look there come first, then the nearest', () => {
  const list = [
    { id: 'near, away', metres: 5, towards: false },
    { id: 'far, there', metres: 120, towards: true },
    { id: 'unknown', metres: 20, towards: null },
    { id: 'near, there', metres: 60, towards: true },
  ];
  expect(list.sort(bySight).map((s) => s.id)).toEqual(['near, there', 'far, there', 'near, away', 'unknown']);
});
