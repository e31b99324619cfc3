import type { LngLat } from './brand.ts';

/** Metres to a degree of latitude on the sphere of the earth's mean radius (IUGG R1, 6371008.8 m). */
const METRES_PER_DEGREE = (6_371_008.8 * Math.PI) / 180;

/**
 * Metres between two points that a rule compares, on the plane that touches the earth between them (equirectangular projection):
 * within 0.1 % up to 20 km. The rooms that draw and measure long ways use geo/distance.
 */
export function metresBetween([lng1, lat1]: LngLat, [lng2, lat2]: LngLat): number {
  const shrink = Math.cos((((lat1 + lat2) / 2) * Math.PI) / 180);
  return Math.hypot((lng2 - lng1) * shrink, lat2 - lat1) * METRES_PER_DEGREE;
}
