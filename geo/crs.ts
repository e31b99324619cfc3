import type { LngLat } from '../model/brand.ts';

/**
 * Chinese map datums, all [lng, lat] in degrees.
 * - `wgs84` is what we keep. CGCS2000 differs from it by centimetres to decimetres and is taken as equal for display.
 * - `gcj02` (火星坐标): Gaode, Tencent, most Chinese mobile maps. WGS-84 shifted by a few hundred metres inside China.
 * - `bd09`: Baidu. GCJ-02 shifted once more.
 * Formulas and constants: the public re-implementation known since 2010 (eviltransform, coordtransform); there is no official
 * publication. In 肖家河 104.029893, 30.614368 becomes 104.032304, 30.611853 (GCJ-02) and 104.038730, 30.618143 (BD-09):
 * +231 m east, -279 m north for GCJ-02. Neither shift has a closed inverse: it is iterated until it moves by less than 1e-10°.
 */
export const crsNames = ['wgs84', 'gcj02', 'bd09'] as const;
export type Crs = (typeof crsNames)[number];

/** Krasovsky 1940: semi-major axis in metres, first eccentricity squared. */
const A = 6_378_245.0;
const EE = 0.006_693_421_622_965_943;
const RAD = Math.PI / 180;
const X_PI = (Math.PI * 3000) / 180;

/** The rectangle inside which GCJ-02 is shifted; outside it equals WGS-84. */
export const inGcjArea = ([lng, lat]: LngLat) => lng >= 72.004 && lng <= 137.8347 && lat >= 0.8293 && lat <= 55.8271;

function shift([lng, lat]: LngLat): LngLat {
  const x = lng - 105;
  const y = lat - 35;
  const root = 0.1 * Math.sqrt(Math.abs(x));
  const wave = (20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * (2 / 3);
  const north =
    -100 +
    2 * x +
    3 * y +
    0.2 * y * y +
    0.1 * x * y +
    2 * root +
    wave +
    (20 * Math.sin(y * Math.PI) + 40 * Math.sin((y / 3) * Math.PI)) * (2 / 3) +
    (160 * Math.sin((y / 12) * Math.PI) + 320 * Math.sin((y * Math.PI) / 30)) * (2 / 3);
  const east =
    300 +
    x +
    2 * y +
    0.1 * x * x +
    0.1 * x * y +
    root +
    wave +
    (20 * Math.sin(x * Math.PI) + 40 * Math.sin((x / 3) * Math.PI)) * (2 / 3) +
    (150 * Math.sin((x / 12) * Math.PI) + 300 * Math.sin((x / 30) * Math.PI)) * (2 / 3);
  const sin = Math.sin(lat * RAD);
  const magic = 1 - EE * sin * sin;
  const sqrt = Math.sqrt(magic);
  return [east / ((A / sqrt) * Math.cos(lat * RAD) * RAD), north / (((A * (1 - EE)) / (magic * sqrt)) * RAD)];
}

export function wgs84ToGcj02(at: LngLat): LngLat {
  if (!inGcjArea(at)) return at;
  const [dLng, dLat] = shift(at);
  return [at[0] + dLng, at[1] + dLat];
}

export function gcj02ToBd09([lng, lat]: LngLat): LngLat {
  const z = Math.sqrt(lng * lng + lat * lat) + 0.00002 * Math.sin(lat * X_PI);
  const theta = Math.atan2(lat, lng) + 0.000003 * Math.cos(lng * X_PI);
  return [z * Math.cos(theta) + 0.0065, z * Math.sin(theta) + 0.006];
}

/** Fixed-point iteration: the shifts change by less than 1 % of the step, so each round gains about two digits. */
function invert(forward: (at: LngLat) => LngLat, target: LngLat): LngLat {
  let [lng, lat] = target;
  for (let i = 0; i < 30; i++) {
    const [x, y] = forward([lng, lat]);
    const [dx, dy] = [target[0] - x, target[1] - y];
    lng += dx;
    lat += dy;
    if (Math.abs(dx) < 1e-10 && Math.abs(dy) < 1e-10) break;
  }
  return [lng, lat];
}

/** Accurate to better than 1e-9 degrees (0.1 mm) inside China. */
export const gcj02ToWgs84 = (at: LngLat): LngLat => (inGcjArea(at) ? invert(wgs84ToGcj02, at) : at);
/** Accurate to better than 1e-9 degrees. */
export const bd09ToGcj02 = (at: LngLat): LngLat => invert(gcj02ToBd09, at);

/** [lng, lat] of datum `crs` -> WGS-84. */
export function toWgs84(at: LngLat, crs: Crs): LngLat {
  if (crs === 'gcj02') return gcj02ToWgs84(at);
  return crs === 'bd09' ? gcj02ToWgs84(bd09ToGcj02(at)) : at;
}

/** WGS-84 -> [lng, lat] of datum `crs`. */
export function fromWgs84(at: LngLat, crs: Crs): LngLat {
  if (crs === 'gcj02') return wgs84ToGcj02(at);
  return crs === 'bd09' ? gcj02ToBd09(wgs84ToGcj02(at)) : at;
}
