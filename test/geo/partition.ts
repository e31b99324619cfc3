import fc from 'fast-check';
import type { AreaFeature } from '../../geo/cells.ts';
import { toDegrees, toUnits } from '../../geo/lng-lat.ts';

type Point = readonly [x: number, y: number];
const ORIGIN: Point = [1_040_000_000, 306_000_000];

/** A small partition of a rectangle in units of 1e-7 degree: quads with shared bent borders, some with an inner area as a hole. */
export interface Partition {
  readonly features: AreaFeature[];
  /** every vertex and, where it is a whole number, every midpoint of an edge */
  readonly borderPoints: Point[];
  readonly width: number;
  readonly height: number;
}

const STEP = 24;

/** Coordinates are so small (24 units a quad) that random points often fall on borders and corners. */
export const partitions = partitionsOf(1);

/** `scale`: every unit is stretched so many times; straight lines and shared corners stay exact. */
export function partitionsOf(scale: number): fc.Arbitrary<Partition> {
  const degrees = ([x, y]: Point) => scaled([x * scale, y * scale]);
  return fc
    .record({
      nx: fc.integer({ min: 1, max: 4 }),
      ny: fc.integer({ min: 1, max: 4 }),
      seed: fc.nat(),
      codes: fc.shuffledSubarray(
        Array.from({ length: 40 }, (_, i) => `A${String(i).padStart(2, '0')}`),
        { minLength: 40, maxLength: 40 },
      ),
    })
    .map(({ nx, ny, seed, codes }) => {
      let state = seed;
      const next = () => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return Math.floor((state / 2 ** 32) * 11) - 5;
      };
      const corner = grid(nx + 1, ny + 1, (i, j): Point => [i * STEP + (i % nx ? next() : 0), j * STEP + (j % ny ? next() : 0)]);
      const middle = (a: Point, b: Point, straight: boolean): Point[] => {
        const m: Point = [(a[0] + b[0]) >> 1, (a[1] + b[1]) >> 1];
        return straight ? [] : [[m[0] + (next() >> 1), m[1] + (next() >> 1)]];
      };
      const east = grid(nx, ny + 1, (i, j) => middle(corner[i]![j]!, corner[i + 1]![j]!, j % ny === 0));
      const north = grid(nx + 1, ny, (i, j) => middle(corner[i]![j]!, corner[i]![j + 1]!, i % nx === 0));
      const features: AreaFeature[] = [];
      const rings: Point[][] = [];
      for (let i = 0; i < nx; i++) {
        for (let j = 0; j < ny; j++) {
          const ring: Point[] = [corner[i]![j]!, ...east[i]![j]!, corner[i + 1]![j]!, ...north[i + 1]![j]!];
          ring.push(
            corner[i + 1]![j + 1]!,
            ...east[i]![j + 1]!.toReversed(),
            corner[i]![j + 1]!,
            ...north[i]![j]!.toReversed(),
            corner[i]![j]!,
          );
          const hole = next() > 0 ? square(i * STEP + 10, j * STEP + 10, 4) : null;
          rings.push(ring, ...(hole ? [hole] : []));
          const coordinates = [ring, ...(hole ? [hole.toReversed()] : [])].map((r) => (next() > 0 ? r : r.toReversed()).map(degrees));
          features.push({ code: codes[features.length]!, geometry: { type: 'Polygon', coordinates } });
          if (hole)
            features.push({ code: codes[features.length]!, geometry: { type: 'MultiPolygon', coordinates: [[hole.map(degrees)]] } });
        }
      }
      const borderPoints = rings.flatMap((ring) =>
        ring.slice(1).flatMap((b, i): Point[] => {
          const a = ring[i]!;
          const whole = (a[0] + b[0]) % 2 === 0 && (a[1] + b[1]) % 2 === 0;
          return whole ? [b, [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]] : [b];
        }),
      );
      return { features, borderPoints, width: nx * STEP, height: ny * STEP };
    });
}

const grid = <T>(nx: number, ny: number, f: (i: number, j: number) => T): T[][] =>
  Array.from({ length: nx }, (_, i) => Array.from({ length: ny }, (_, j) => f(i, j)));
const square = (x: number, y: number, size: number): Point[] => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
];

/** Local units to degrees near Chengdu. */
export const degrees = (at: Point) => scaled(at);
const scaled = ([x, y]: Point) => [toDegrees(x + ORIGIN[0]), toDegrees(y + ORIGIN[1])] as const;

/**
 * Oracle, written another way than geo/exact.ts: winding angle by BigInt quadrant-free crossing counts of both directions, and a
 * border test by cross and dot products. Answers all areas that contain or touch the point.
 */
export function oracleTouching(features: readonly AreaFeature[], [lng, lat]: readonly [number, number]): string[] {
  const p = [BigInt(toUnits(lng)), BigInt(toUnits(lat))] as const;
  return features
    .filter(({ geometry }) => {
      const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
      return polygons.some(([outer, ...holes]) => {
        const sides = [outer!, ...holes].map((ring) => ringSide(ring, p));
        if (sides.includes('border')) return true;
        return sides[0] === 'in' && sides.slice(1).every((s) => s === 'out');
      });
    })
    .map((f) => f.code)
    .sort();
}

function ringSide(ring: readonly (readonly number[])[], [px, py]: readonly [bigint, bigint]): 'in' | 'out' | 'border' {
  const big = ring.map(([lng, lat]) => [BigInt(toUnits(lng!)), BigInt(toUnits(lat!))] as const);
  let winding = 0;
  for (let i = 1; i < big.length; i++) {
    const [ax, ay] = big[i - 1]!;
    const [bx, by] = big[i]!;
    const cross = (bx - ax) * (py - ay) - (px - ax) * (by - ay);
    const dot = (px - ax) * (px - bx) + (py - ay) * (py - by);
    if (cross === 0n && dot <= 0n) return 'border';
    if (ay <= py && by > py && cross > 0n) winding++;
    if (ay > py && by <= py && cross < 0n) winding--;
  }
  return winding === 0 ? 'out' : 'in';
}
