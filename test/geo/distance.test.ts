import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alongLine, areaM2, bearing, destination, distanceM, lengthM, ringAreaM2 } from '../../geo/distance.ts';
import { centroid, labelPoint } from '../../geo/label-point.ts';

const here = fc.tuple(fc.double({ min: 103, max: 105, noNaN: true }), fc.double({ min: 30, max: 31.5, noNaN: true }));
/** One degree of a great circle on the mean sphere. */
const DEGREE_M = 111_195.08;

describe('distance', () => {
  it('is one degree of arc along a meridian and along the equator', () => {
    expect(distanceM([104, 30], [104, 31])).toBeCloseTo(DEGREE_M, 1);
    expect(distanceM([10, 0], [11, 0])).toBeCloseTo(DEGREE_M, 1);
    expect(distanceM([0, 0], [180, 0]) / DEGREE_M).toBeCloseTo(180, 4);
    expect(bearing([104, 30], [104, 31])).toBe(0);
    expect(bearing([10, 0], [11, 0])).toBe(90);
    expect(bearing([104, 31], [104, 30])).toBe(180);
    expect(bearing([11, 0], [10, 0])).toBe(270);
  });

  it('arrives where course and distance say', () => {
    fc.assert(
      fc.property(
        here,
        fc.double({ min: 0, max: 359.9, noNaN: true }),
        fc.double({ min: 1, max: 20_000, noNaN: true }),
        (from, course, metres) => {
          const to = destination(from, course, metres);
          expect(distanceM(from, to)).toBeCloseTo(metres, 3);
          const off = Math.abs(bearing(from, to) - course);
          expect(Math.min(off, 360 - off)).toBeLessThan(1e-3);
        },
      ),
    );
  });

  it('walks a line', () => {
    const line = [
      [104, 30],
      [104, 30.01],
      [104.01, 30.01],
    ] as const;
    const half = distanceM(line[0], line[1]);
    expect(lengthM(line)).toBeCloseTo(half + distanceM(line[1], line[2]), 6);
    expect(alongLine(line, half / 2).at[1]).toBeCloseTo(30.005, 9);
    expect(alongLine(line, half / 2).bearing).toBe(0);
    expect(alongLine(line, half + 1).bearing).toBeCloseTo(90, 1);
    expect(alongLine(line, 1e9).at).toEqual(line[2]);
    expect(alongLine(line, -5).at).toEqual(line[0]);
  });
});

describe('area', () => {
  it('is that of the whole sphere between two parallels', () => {
    // one degree by one degree: R² · Δλ · (sin φ2 − sin φ1)
    const rad = Math.PI / 180;
    const want = 6_371_008.8 ** 2 * rad * (Math.sin(31 * rad) - Math.sin(30 * rad));
    const ring = [
      [104, 30],
      [105, 30],
      [105, 31],
      [104, 31],
      [104, 30],
    ];
    expect(ringAreaM2(ring) / want).toBeCloseTo(1, 9);
    expect(ringAreaM2(ring.toReversed())).toBeCloseTo(-ringAreaM2(ring), 3);
    expect(areaM2({ type: 'Polygon', coordinates: [ring, ring] })).toBe(0);
  });

  it('has its centre and its label inside, also when bent like a horseshoe', () => {
    const square = {
      type: 'Polygon',
      coordinates: [
        [
          [104, 30],
          [104.01, 30],
          [104.01, 30.01],
          [104, 30.01],
          [104, 30],
        ],
      ],
    } as const;
    expect(centroid(square)[0]).toBeCloseTo(104.005, 7);
    expect(labelPoint(square)).toEqual(centroid(square));
    const shoe = {
      type: 'Polygon',
      coordinates: [
        [
          [104, 30],
          [104.01, 30],
          [104.01, 30.01],
          [104.008, 30.01],
          [104.008, 30.002],
          [104.002, 30.002],
          [104.002, 30.01],
          [104, 30.01],
          [104, 30],
        ],
      ],
    } as const;
    const [lng, lat] = labelPoint(shoe);
    expect(lat < 30.002 || lng < 104.002 || lng > 104.008).toBe(true);
    expect(lng > 104 && lng < 104.01 && lat > 30 && lat < 30.01).toBe(true);
  });
});
