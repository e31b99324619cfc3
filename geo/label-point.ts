import type { LngLat } from '../model/brand.ts';
import { localMetres } from './distance.ts';
import { type Areal, boxOf, polygonsOf } from './geojson.ts';

type Ring = readonly (readonly [x: number, y: number])[];

/** Centre of mass of the area (holes taken off), [lng, lat]; may lie outside a bent area, see labelPoint. */
export function centroid(geometry: Areal): LngLat {
  const [west, south, east, north] = boxOf(geometry);
  const local = localMetres([(west + east) / 2, (south + north) / 2]);
  let [sx, sy, sum] = [0, 0, 0];
  for (const polygon of polygonsOf(geometry)) {
    for (const [depth, positions] of polygon.entries()) {
      const ring = positions.map((p) => local.toMetres([p[0]!, p[1]!]));
      let [x, y, area] = [0, 0, 0];
      for (let i = 0; i < ring.length; i++) {
        const [ax, ay] = ring[i]!;
        const [bx, by] = ring[(i + 1) % ring.length]!;
        const cross = ax * by - bx * ay;
        area += cross;
        x += (ax + bx) * cross;
        y += (ay + by) * cross;
      }
      const sign = area < 0 === (depth === 0) ? -1 : 1;
      sx += sign * x;
      sy += sign * y;
      sum += sign * area;
    }
  }
  return sum === 0 ? [(west + east) / 2, (south + north) / 2] : local.toLngLat([sx / (3 * sum), sy / (3 * sum)]);
}

/**
 * Where a name is best written: the inner point farthest from the border, to within `precisionM` metres. The centroid is
 * kept when it is within a fifth of that. Method: squares, the most promising first, split in four while their centre's
 * distance plus half a diagonal may still win (V. Agafonkin's polylabel, after the pole of inaccessibility).
 */
export function labelPoint(geometry: Areal, precisionM = 2): LngLat {
  const [west, south, east, north] = boxOf(geometry);
  const local = localMetres([(west + east) / 2, (south + north) / 2]);
  const rings = polygonsOf(geometry)
    .flat()
    .map((r): Ring => r.map((p) => local.toMetres([p[0]!, p[1]!])));
  const [x0, y0] = local.toMetres([west, south]);
  const [x1, y1] = local.toMetres([east, north]);
  const size = Math.min(x1 - x0, y1 - y0);
  const middle = centroid(geometry);
  const [cx, cy] = local.toMetres(middle);
  const centre = distanceToBorder(cx, cy, rings);
  if (!(size > 0)) return middle;
  let best = { x: cx, y: cy, d: centre };
  let queue: { x: number; y: number; half: number; d: number; max: number }[] = [];
  const push = (x: number, y: number, half: number) => {
    const d = distanceToBorder(x, y, rings);
    if (d > best.d) best = { x, y, d };
    queue.push({ x, y, half, d, max: d + half * Math.SQRT2 });
  };
  const half0 = size / 2;
  for (let x = x0; x < x1; x += size) for (let y = y0; y < y1; y += size) push(x + half0, y + half0, half0);
  while (queue.length) {
    const open = queue.filter((c) => c.max - best.d > precisionM);
    queue = [];
    for (const { x, y, half } of open)
      for (const [i, j] of [
        [-1, -1],
        [1, -1],
        [-1, 1],
        [1, 1],
      ] as const)
        push(x + (i * half) / 2, y + (j * half) / 2, half / 2);
  }
  return centre >= 0.8 * best.d ? middle : local.toLngLat([best.x, best.y]);
}

/** Metres to the nearest border, negative outside. */
function distanceToBorder(x: number, y: number, rings: readonly Ring[]): number {
  let inside = false;
  let min = Infinity;
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i++) {
      const [ax, ay] = ring[i]!;
      const [bx, by] = ring[(i + 1) % ring.length]!;
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
      const [dx, dy] = [bx - ax, by - ay];
      const length = dx * dx + dy * dy;
      const t = length ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
      min = Math.min(min, (x - ax - t * dx) ** 2 + (y - ay - t * dy) ** 2);
    }
  }
  return (inside ? 1 : -1) * Math.sqrt(min);
}
