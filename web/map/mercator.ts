/**
 * Web Mercator in MapLibre's and deck.gl's common units: the world is 512 wide, x east from the antimeridian,
 * y north from the south edge (deck.gl's direction; MapLibre's runs south).
 */
export const WORLD = 512;
const EARTH_CIRCUMFERENCE_M = 40_075_016.686;
const rad = Math.PI / 180;

export const lngToX = (lng: number) => (WORLD * (lng + 180)) / 360;
export const latToY = (lat: number) => WORLD * (0.5 + Math.log(Math.tan(Math.PI / 4 + (lat * rad) / 2)) / (2 * Math.PI));

/** Metres on the ground that one CSS pixel covers at a MapLibre zoom (512-px tiles). */
export const metresPerPixel = (lat: number, zoom: number) => (EARTH_CIRCUMFERENCE_M * Math.cos(lat * rad)) / (WORLD * 2 ** zoom);

/**
 * y(lat) near `lat0` as a cubic: y - y0 = k1 d + k2 d^2 + k3 d^3 with d in degrees of latitude, so that a shader can project
 * small offsets without a logarithm. Derivatives of ln tan(pi/4 + lat/2): sec, sec tan, sec (tan^2 + sec^2).
 * Within half a degree of `lat0` the error stays below a centimetre at Chengdu's latitude.
 */
export function mercatorCubic(lat0: number): readonly [k1: number, k2: number, k3: number] {
  const sec = 1 / Math.cos(lat0 * rad);
  const tan = Math.tan(lat0 * rad);
  const perRadian = WORLD / (2 * Math.PI);
  return [perRadian * sec * rad, (perRadian * sec * tan * rad ** 2) / 2, (perRadian * sec * (tan ** 2 + sec ** 2) * rad ** 3) / 6];
}
