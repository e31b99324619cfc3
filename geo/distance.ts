import type { LngLat } from '../model/brand.ts';
import { type Areal, polygonsOf, type RingCoordinates } from './geojson.ts';

/** Mean radius of the earth, metres (IUGG R1 = (2a + b) / 3 of WGS-84). Distances on this sphere are within 0.6 % of the ellipsoid. */
export const EARTH_RADIUS_M = 6_371_008.8;
const RAD = Math.PI / 180;

/** Metres along the great circle. Haversine formula (R. W. Sinnott, "Virtues of the Haversine", Sky & Telescope 68, 1984). */
export function distanceM([lng1, lat1]: LngLat, [lng2, lat2]: LngLat): number {
  const sinLat = Math.sin(((lat2 - lat1) * RAD) / 2);
  const sinLng = Math.sin(((lng2 - lng1) * RAD) / 2);
  const h = sinLat * sinLat + Math.cos(lat1 * RAD) * Math.cos(lat2 * RAD) * sinLng * sinLng;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Initial course from one point to another: degrees clockwise from north, 0 <= bearing < 360; 0 for equal points. */
export function bearing([lng1, lat1]: LngLat, [lng2, lat2]: LngLat): number {
  const dLng = (lng2 - lng1) * RAD;
  const y = Math.sin(dLng) * Math.cos(lat2 * RAD);
  const x = Math.cos(lat1 * RAD) * Math.sin(lat2 * RAD) - Math.sin(lat1 * RAD) * Math.cos(lat2 * RAD) * Math.cos(dLng);
  const degrees = Math.atan2(y, x) / RAD;
  return (degrees + 360) % 360;
}

/** The point reached from `from` after `metres` on the course `degrees` (clockwise from north). */
export function destination([lng, lat]: LngLat, degrees: number, metres: number): LngLat {
  const d = metres / EARTH_RADIUS_M;
  const [sinLat, cosLat] = [Math.sin(lat * RAD), Math.cos(lat * RAD)];
  const lat2 = Math.asin(sinLat * Math.cos(d) + cosLat * Math.sin(d) * Math.cos(degrees * RAD));
  const lng2 = lng * RAD + Math.atan2(Math.sin(degrees * RAD) * Math.sin(d) * cosLat, Math.cos(d) - sinLat * Math.sin(lat2));
  return [lng2 / RAD, lat2 / RAD];
}

/** Metres along a line of points. */
export function lengthM(line: readonly LngLat[]): number {
  let sum = 0;
  for (let i = 1; i < line.length; i++) sum += distanceM(line[i - 1]!, line[i]!);
  return sum;
}

/** The point `metres` along a line, and the course there; the ends hold for distances beyond them. */
export function alongLine(line: readonly LngLat[], metres: number): { readonly at: LngLat; readonly bearing: number } {
  if (!line.length) throw new RangeError('line: at least one point is needed');
  let left = Math.max(0, metres);
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [line[i - 1]!, line[i]!];
    const step = distanceM(a, b);
    if (left <= step && step > 0) {
      const t = left / step;
      return { at: [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t], bearing: bearing(a, b) };
    }
    left -= step;
  }
  const last = line.at(-1)!;
  return { at: last, bearing: line.length > 1 ? bearing(line.at(-2)!, last) : 0 };
}

/**
 * Signed area of a ring, square metres, counter-clockwise positive. Exact on the sphere for edges that are straight in a
 * cylindrical equal-area map (Chamberlain & Duquette, "Some Algorithms for Polygons on a Sphere", JPL 07-03, 2007); taken
 * relative to the first vertex so that small rings lose no digits.
 */
export function ringAreaM2(ring: RingCoordinates): number {
  const [lng0, lat0] = ring[0] ?? [0, 0];
  const sin0 = Math.sin(lat0! * RAD);
  let sum = 0;
  for (let i = 0; i < ring.length; i++) {
    const [lng1, lat1] = ring[i]!;
    const [lng2, lat2] = ring[(i + 1) % ring.length]!;
    const x1 = (lng1! - lng0!) * RAD;
    const x2 = (lng2! - lng0!) * RAD;
    sum += x1 * (Math.sin(lat2! * RAD) - sin0) - x2 * (Math.sin(lat1! * RAD) - sin0);
  }
  return (sum / 2) * EARTH_RADIUS_M ** 2;
}

/** Area of a polygon or multipolygon, square metres; holes taken off, whichever way the rings run. */
export function areaM2(geometry: Areal): number {
  let sum = 0;
  for (const polygon of polygonsOf(geometry)) {
    for (const [i, ring] of polygon.entries()) sum += (i === 0 ? 1 : -1) * Math.abs(ringAreaM2(ring));
  }
  return sum;
}

/** Metres east and north of `origin` for points within some tens of kilometres, and back (equirectangular). */
export function localMetres([lng0, lat0]: LngLat) {
  const ky = EARTH_RADIUS_M * RAD;
  const kx = ky * Math.cos(lat0 * RAD);
  return {
    toMetres: ([lng, lat]: LngLat): readonly [x: number, y: number] => [(lng - lng0) * kx, (lat - lat0) * ky],
    toLngLat: ([x, y]: readonly [number, number]): LngLat => [lng0 + x / kx, lat0 + y / ky],
  };
}
