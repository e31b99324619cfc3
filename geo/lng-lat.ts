import type { LngLat } from '../model/brand.ts';

/**
 * Places as whole numbers. Everything that decides (who owns a point, do neighbours share an edge) is done on
 * coordinates counted in 1e-7 degrees, about 1.1 cm of latitude: they fit an Int32 (180° = 1.8e9), and two numbers that
 * were written with seven decimals compare exactly. Order is always longitude, latitude; datum WGS-84.
 */
export const UNITS_PER_DEGREE = 1e7;

/** Degrees to units of 1e-7 degree, rounded to the nearest. */
export const toUnits = (degrees: number) => Math.round(degrees * UNITS_PER_DEGREE);
/** Units of 1e-7 degree to degrees; `toUnits(toDegrees(n)) === n` for every n that fits an Int32. */
export const toDegrees = (units: number) => units / UNITS_PER_DEGREE;

/**
 * Widest extent an area may have, in units (3.36°, some 370 km): below it twice every coordinate difference stays under
 * 2^26, each product of two under 2^52 and their difference under 2^53, where doubles are exact.
 */
export const MAX_EXTENT = 2 ** 25;

export const isLngLat = (lng: number, lat: number) => lng >= -180 && lng <= 180 && lat >= -90 && lat <= 90;

/** Rounded to the seven decimals that boundaries are kept in. */
export const roundLngLat = ([lng, lat]: LngLat): LngLat => [toDegrees(toUnits(lng)), toDegrees(toUnits(lat))];

/** `104.0298930, 30.6143680` */
export const formatLngLat = ([lng, lat]: LngLat) => `${lng.toFixed(7)}, ${lat.toFixed(7)}`;
