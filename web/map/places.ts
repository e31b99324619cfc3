import type { Position } from 'geojson';
import { type AreaCode, areaCode } from '../../model/brand.ts';
import type { Boundaries } from '../map-contract.ts';

/** Where an area lies and where a name may stand in it. Coordinates [lng, lat], WGS-84. */
export interface Place {
  readonly code: AreaCode;
  readonly name: string;
  readonly level: string;
  readonly parent: AreaCode | null;
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
  /** points inside, those with most room around them and nearest to the middle first */
  readonly inside: readonly (readonly [lng: number, lat: number])[];
}

type Rings = readonly (readonly Position[])[];

/** Even-odd rule over all rings; which side a point on the border falls on is of no consequence for a name. */
export function contains(rings: Rings, x: number, y: number): boolean {
  let inside = false;
  for (const ring of rings)
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi = 0, yi = 0] = ring[i] as Position;
      const [xj = 0, yj = 0] = ring[j] as Position;
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
  return inside;
}

/** Distance from a point to the nearest edge, in the units of the coordinates with x shrunk by `kx`. */
export function room(rings: Rings, x: number, y: number, kx: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const ring of rings)
    for (let i = 1; i < ring.length; i++) {
      const [ax = 0, ay = 0] = ring[i - 1] as Position;
      const [bx = 0, by = 0] = ring[i] as Position;
      const ex = (bx - ax) * kx;
      const ey = by - ay;
      const px = (x - ax) * kx;
      const py = y - ay;
      const t = Math.min(1, Math.max(0, (px * ex + py * ey) / (ex * ex + ey * ey || 1)));
      least = Math.min(least, Math.hypot(px - t * ex, py - t * ey));
    }
  return least;
}

/** A raster of `n` x `n` points over the bounding box; of those inside, the roomiest and most central first, at most 48. */
export function placesOf(boundaries: Boundaries): Map<AreaCode, Place> {
  const out = new Map<AreaCode, Place>();
  for (const f of boundaries.features) {
    const polygons = f.geometry.type === 'Polygon' ? [f.geometry.coordinates] : f.geometry.coordinates;
    const rings = polygons.flat();
    const xs = rings.flat().map((p) => p[0] as number);
    const ys = rings.flat().map((p) => p[1] as number);
    const box = { west: min(xs), south: min(ys), east: max(xs), north: max(ys) };
    const kx = Math.cos((((box.south + box.north) / 2) * Math.PI) / 180);
    const n = f.properties.level === 'community' || f.properties.level === 'street' ? 17 : 9;
    const cx = (box.west + box.east) / 2;
    const cy = (box.south + box.north) / 2;
    const found: { p: [number, number]; score: number }[] = [];
    for (let i = 1; i < n; i++)
      for (let j = 1; j < n; j++) {
        const x = box.west + ((box.east - box.west) * i) / n;
        const y = box.south + ((box.north - box.south) * j) / n;
        if (!contains(rings, x, y)) continue;
        const off = Math.hypot((x - cx) * kx, y - cy);
        found.push({ p: [x, y], score: room(rings, x, y, kx) - off * 0.35 });
      }
    found.sort((a, b) => b.score - a.score);
    const inside = found.slice(0, 48).map((c) => c.p);
    out.set(areaCode(f.properties.code), {
      code: areaCode(f.properties.code),
      name: f.properties.name,
      level: f.properties.level,
      parent: f.properties.parent === null ? null : areaCode(f.properties.parent),
      ...box,
      inside: inside.length ? inside : [[cx, cy]],
    });
  }
  return out;
}

const min = (list: readonly number[]) => list.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const max = (list: readonly number[]) => list.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
