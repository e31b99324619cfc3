import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { destination, distanceM } from '../../../geo/distance.ts';
import type { LngLat } from '../../../model/brand.ts';
import { areaOf } from '../../../web/map/lasso.ts';
import { drawRing, drawRoute } from '../../../web/map/layers/ways.ts';
import { latToY, lngToX } from '../../../web/map/mercator.ts';

const middle: LngLat = [104.03, 30.61];
const projectAt =
  (zoom: number) =>
  ([lng, lat]: LngLat): readonly [number, number] => [
    (lngToX(lng) - lngToX(middle[0])) * 2 ** zoom + 500,
    (latToY(middle[1]) - latToY(lat)) * 2 ** zoom + 400,
  ];

describe('ways on the map', () => {
  const route = { id: 'u-1', head: '网 周敏', note: '1:15 150 m', path: [middle, destination(middle, 90, 150)] };
  it('are dashed 9-6 along the streets and dotted where they are only straight', () => {
    const road = drawRoute({ ...route, by: 'road' }, projectAt(17), 1, [1000, 800]);
    const straight = drawRoute({ ...route, by: 'straight' }, projectAt(17), 1, [1000, 800]);
    expect(road?.dash).toBe('9 6');
    expect(straight?.dash).not.toBe(road?.dash);
    expect(road?.d.startsWith('M500 400L')).toBe(true);
  });
  it('keep their label within the map wherever they begin', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 359, noNaN: true }), fc.integer({ min: 0, max: 3000 }), (degrees, metres) => {
        const path = [destination(middle, degrees, metres), middle];
        const { label } = drawRoute({ ...route, by: 'road', path }, projectAt(17), 1, [1000, 800])!;
        expect(label.x).toBeGreaterThanOrEqual(0);
        expect(label.y).toBeGreaterThanOrEqual(0);
        expect(label.x + label.w).toBeLessThanOrEqual(1000);
        expect(label.y + label.h).toBeLessThanOrEqual(800);
      }),
    );
  });
  it('are not drawn from a single point', () => {
    expect(drawRoute({ ...route, by: 'road', path: [middle] }, projectAt(17), 1, [1000, 800])).toBeNull();
  });
});

describe('a ring of metres on the ground', () => {
  it('passes through points that lie that far away', () => {
    const ring = drawRing({ id: 'r', at: middle, metres: 100, label: '' }, projectAt(17), 17);
    for (const degrees of [0, 90, 200]) {
      const [x, y] = projectAt(17)(destination(middle, degrees, 100));
      // the sphere of the distance and the ellipsoid's equator of the map differ by 0.12 %
      expect(Math.hypot(x - ring.x, y - ring.y) / ring.r).toBeCloseTo(1, 2);
    }
    expect(distanceM(middle, destination(middle, 45, 100))).toBeCloseTo(100, 6);
  });
});

describe('a line drawn by hand', () => {
  it('holds the area of its polygon, whichever way round it was drawn', () => {
    const square: [number, number][] = [
      [0, 0],
      [20, 0],
      [20, 10],
      [0, 10],
    ];
    expect(areaOf(square)).toBe(200);
    expect(areaOf([...square].reverse())).toBe(200);
    expect(areaOf(square.slice(0, 2))).toBe(0);
  });
});
