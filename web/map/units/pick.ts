import { latToY, lngToX, WORLD } from '../mercator.ts';
import { type MotionBuffer, STRIDE } from './motion.ts';

/** How the map looks at the ground: centre in degrees, zoom for 512-px tiles, size in CSS px; north up, no pitch. */
export interface FlatView {
  readonly lng: number;
  readonly lat: number;
  readonly zoom: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Index of the unit drawn nearest to a screen point, or -1 when none is within `radius` px. Walks the typed arrays once:
 * 100,000 units take a few milliseconds, a readback of the GPU's picking buffer would take far longer.
 */
export function pickUnit(
  motion: MotionBuffer,
  kinds: Uint8Array,
  view: FlatView,
  x: number,
  y: number,
  radius: number,
  now: number,
): number {
  const scale = 2 ** view.zoom;
  const lng = view.lng + (((x - view.width / 2) / scale) * 360) / WORLD;
  const worldY = latToY(view.lat) - (y - view.height / 2) / scale;
  const lat = (Math.atan(Math.exp((worldY / WORLD - 0.5) * 2 * Math.PI)) * 360) / Math.PI - 90;
  const px = lng * 1e7 - motion.origin[0];
  const py = lat * 1e7 - motion.origin[1];
  const perE7x = ((lngToX(1) - lngToX(0)) * scale) / 1e7;
  const perE7y = ((latToY(view.lat + 1e-4) - latToY(view.lat)) * scale) / 1e3;
  const t = (now - motion.epoch) / 1000;
  const d = motion.data;
  let best = -1;
  let least = radius * radius;
  for (let i = 0; i < motion.count; i++) {
    if (!kinds[i * 4 + 3]) continue;
    const o = i * STRIDE;
    const t0 = d[o + 4] as number;
    const t1 = d[o + 5] as number;
    const f = t1 > t0 ? Math.min(1, Math.max(0, (t - t0) / (t1 - t0))) : 1;
    const dx = ((d[o] as number) + ((d[o + 2] as number) - (d[o] as number)) * f - px) * perE7x;
    const dy = ((d[o + 1] as number) + ((d[o + 3] as number) - (d[o + 1] as number)) * f - py) * perE7y;
    const dd = dx * dx + dy * dy;
    if (dd < least) {
      least = dd;
      best = i;
    }
  }
  return best;
}
