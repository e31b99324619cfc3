import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AreaFeature } from '../../geo/cells.ts';
import { buildLocator } from '../../geo/locate.ts';
import { degrees, oracleTouching, partitions, partitionsOf } from './partition.ts';

const square = (code: string, x: number, y: number, size: number, parent?: string): AreaFeature => ({
  code,
  parent,
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [x, y],
        [x + size, y],
        [x + size, y + size],
        [x, y + size],
        [x, y],
      ].map(([i, j]) => degrees([i!, j!])),
    ],
  },
});

describe('locate', () => {
  it('gives every point of a partition the owner the exact oracle gives: the lowest code that holds or touches it', () => {
    fc.assert(
      fc.property(
        partitions,
        fc.array(fc.tuple(fc.nat(120), fc.nat(120)), { minLength: 20, maxLength: 60 }),
        ({ features, width, height }, points) => {
          const locator = buildLocator(features);
          for (const [i, j] of points) {
            const at = degrees([i - 8, j - 8]);
            const touching = oracleTouching(features, at);
            expect(locator.touching(at)).toEqual(touching);
            expect(locator.locate(at)).toBe(touching[0] ?? null);
            const within = i - 8 >= 0 && i - 8 <= width && j - 8 >= 0 && j - 8 <= height;
            expect(touching.length > 0).toBe(within);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('does so for areas of real size too, also a hair beside a border', () => {
    const scale = 20_011;
    fc.assert(
      fc.property(
        partitionsOf(scale),
        fc.array(fc.tuple(fc.nat(96 * scale), fc.nat(96 * scale)), { minLength: 30, maxLength: 60 }),
        (partition, points) => {
          const { features, borderPoints } = partition;
          const locator = buildLocator(features);
          const beside = borderPoints.flatMap(([x, y]) => [-1, 0, 1].map((d) => [x * scale + d, y * scale + ((x + d) % 2)] as const));
          for (const point of [...points, ...beside]) {
            const at = degrees(point);
            const touching = oracleTouching(features, at);
            expect(locator.locate(at)).toBe(touching[0] ?? null);
            expect(locator.touching(at)).toEqual(touching);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives every corner and edge midpoint to the lowest code that touches it', () => {
    fc.assert(
      fc.property(partitions, ({ features, borderPoints }) => {
        const locator = buildLocator(features);
        for (const point of borderPoints) {
          const at = degrees(point);
          expect(locator.locate(at)).toBe(oracleTouching(features, at)[0]);
        }
      }),
    );
  });

  it('answers the same whatever order the areas come in and whatever area the unit was in last', () => {
    fc.assert(
      fc.property(
        partitions.chain((p) => fc.tuple(fc.constant(p), fc.shuffledSubarray(p.features, { minLength: p.features.length }))),
        fc.array(fc.tuple(fc.nat(100), fc.nat(100)), { minLength: 10, maxLength: 30 }),
        ([{ features, borderPoints }, shuffled], points) => {
          const one = buildLocator(features);
          const two = buildLocator(shuffled);
          for (const point of [...points, ...borderPoints]) {
            const at = degrees(point);
            const owner = one.locate(at);
            expect(two.locate(at)).toBe(owner);
            for (const { code } of features) expect(two.locate(at, code)).toBe(owner);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('answers the lowest code when areas overlap, although they should not', () => {
    const box = fc.record({ x: fc.nat(30), y: fc.nat(30), size: fc.integer({ min: 1, max: 20 }) });
    fc.assert(
      fc.property(
        fc.array(box, { minLength: 1, maxLength: 8 }),
        fc.array(fc.tuple(fc.nat(50), fc.nat(50)), { maxLength: 40 }),
        (boxes, points) => {
          const features = boxes.map(({ x, y, size }, i) => square(`B${i}`, x, y, size));
          const locator = buildLocator(features);
          for (const point of points) {
            const at = degrees(point);
            const owner = oracleTouching(features, at)[0] ?? null;
            expect(locator.locate(at)).toBe(owner);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('looks only at areas that are not divided further', () => {
    const locator = buildLocator([square('10', 0, 0, 20), square('1001', 0, 0, 10, '10'), square('1002', 10, 10, 10, '10')]);
    expect(locator.codes).toEqual(['1001', '1002']);
    expect(locator.locate(degrees([15, 15]))).toBe('1002');
    expect(locator.locate(degrees([10, 10]))).toBe('1001');
    expect(locator.locate(degrees([15, 5]))).toBeNull();
    expect(locator.side(degrees([10, 10]), '1002')).toBe('border');
    expect(locator.side(degrees([10, 10]), '10')).toBeUndefined();
  });

  it('has no owner for what is no position, and none when there are no areas', () => {
    const locator = buildLocator([square('10', 0, 0, 20)]);
    for (const at of [
      [Number.NaN, 30],
      [104, Number.POSITIVE_INFINITY],
      [200, 30],
      [30.6, 104],
    ] as const)
      expect(locator.locate(at)).toBeNull();
    expect(buildLocator([]).locate([104, 30])).toBeNull();
  });

  it('refuses geometry it cannot decide exactly, naming the area', () => {
    const wide: AreaFeature = {
      code: 'W1',
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [100, 30],
            [104, 30],
            [104, 31],
            [100, 30],
          ],
        ],
      },
    };
    expect(() => buildLocator([wide])).toThrow(/W1.*wider/);
    expect(() => buildLocator([square('A1', 0, 0, 5), square('A1', 9, 0, 5)])).toThrow(/A1.*twice/);
    const flat: AreaFeature = {
      code: 'F1',
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [104, 30],
            [104.1, 30],
            [104, 30],
          ],
        ],
      },
    };
    expect(() => buildLocator([flat])).toThrow(/F1.*corners/);
    const swapped: AreaFeature = {
      code: 'S1',
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [30, 104],
            [31, 104],
            [31, 105],
            [30, 104],
          ],
        ],
      },
    };
    expect(() => buildLocator([swapped])).toThrow(/S1.*\[lng, lat\]/);
  });
});
