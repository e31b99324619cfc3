import type { LngLat } from './brand.ts';
import { metresBetween } from './metres.ts';

/** A camera is taken to see this far to either side of where it points: a lens of 90 degrees across, the usual one at crossings. */
export const HALF_VIEW_DEG = 45;
/** Beyond this many metres nobody is told apart on the picture, wherever the camera points. */
export const SIGHT_M = 150;

/** What a camera has to do with a point. `towards`: it points there and is near enough to see something; null = its bearing is not known. */
export interface Sight {
  readonly metres: number;
  readonly towards: boolean | null;
}

/** @param camera its `bearing` in degrees clockwise from north, where it is known */
export function sightOf(camera: { readonly lngLat: LngLat; readonly bearing?: number | undefined }, point: LngLat): Sight {
  const metres = metresBetween(camera.lngLat, point);
  if (camera.bearing === undefined) return { metres, towards: null };
  if (metres > SIGHT_M) return { metres, towards: false };
  if (metres === 0) return { metres, towards: true };
  const off = Math.abs(((courseTo(camera.lngLat, point) - camera.bearing + 540) % 360) - 180);
  return { metres, towards: off <= HALF_VIEW_DEG };
}

/** Those that look there first, then the nearest. */
export const bySight = (a: Sight, b: Sight) => Number(b.towards === true) - Number(a.towards === true) || a.metres - b.metres;

/** Degrees clockwise from north, on the plane that touches the earth between the two (see metresBetween). */
function courseTo([lng1, lat1]: LngLat, [lng2, lat2]: LngLat): number {
  const east = (lng2 - lng1) * Math.cos((((lat1 + lat2) / 2) * Math.PI) / 180);
  return ((Math.atan2(east, lat2 - lat1) * 180) / Math.PI + 360) % 360;
}
