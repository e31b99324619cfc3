import type { LngLat } from '../../model/brand.ts';

/** Metres east and north of the heart of the street; y grows northwards. */
export type Pt = readonly [x: number, y: number];

/** The heart of the demonstration street. */
export const HEART: LngLat = [104.03, 30.6145];
/** Metres per degree on the WGS-84 ellipsoid at the heart's latitude (series of the meridian arc and the parallel). */
const lat = (HEART[1] * Math.PI) / 180;
const M_LAT = 111132.92 - 559.82 * Math.cos(2 * lat) + 1.175 * Math.cos(4 * lat);
const M_LNG = 111412.84 * Math.cos(lat) - 93.5 * Math.cos(3 * lat);

/** Corners of areas are whole multiples of 1e-7 degrees (about 1 cm): equal corners are equal numbers. */
export const toUnits = ([x, y]: Pt): readonly [u: number, v: number] => [
  Math.round((HEART[0] + x / M_LNG) * 1e7),
  Math.round((HEART[1] + y / M_LAT) * 1e7),
];
export const fromUnits = (u: number, v: number): Pt => [(u / 1e7 - HEART[0]) * M_LNG, (v / 1e7 - HEART[1]) * M_LAT];
export function toLngLat(p: Pt): LngLat {
  const [u, v] = toUnits(p);
  return [u / 1e7, v / 1e7];
}
export const toMetres = ([lng, lt]: LngLat): Pt => [(lng - HEART[0]) * M_LNG, (lt - HEART[1]) * M_LAT];

export const sub = (a: Pt, b: Pt): Pt => [a[0] - b[0], a[1] - b[1]];
export const add = (a: Pt, b: Pt, k = 1): Pt => [a[0] + b[0] * k, a[1] + b[1] * k];
export const cross = (a: Pt, b: Pt) => a[0] * b[1] - a[1] * b[0];
export const dot = (a: Pt, b: Pt) => a[0] * b[0] + a[1] * b[1];
export const dist = (a: Pt, b: Pt) => Math.hypot(a[0] - b[0], a[1] - b[1]);
export const unit = (a: Pt): Pt => {
  const l = Math.hypot(a[0], a[1]) || 1;
  return [a[0] / l, a[1] / l];
};
export const rotate = ([x, y]: Pt, angle: number): Pt => {
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  return [x * c - y * s, x * s + y * c];
};

/** Signed area in square metres, positive when the ring runs counter-clockwise. */
export function area(ring: readonly Pt[]): number {
  let s = 0;
  for (let i = 0; i < ring.length; i++) s += cross(ring[i]!, ring[(i + 1) % ring.length]!);
  return s / 2;
}

export function centroid(ring: readonly Pt[]): Pt {
  let s = 0;
  let x = 0;
  let y = 0;
  for (let i = 0; i < ring.length; i++) {
    const a = ring[i]!;
    const b = ring[(i + 1) % ring.length]!;
    const c = cross(a, b);
    s += c;
    x += (a[0] + b[0]) * c;
    y += (a[1] + b[1]) * c;
  }
  return [x / (3 * s), y / (3 * s)];
}

export function contains(ring: readonly Pt[], [x, y]: Pt): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const a = ring[i]!;
    const b = ring[j]!;
    if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
  }
  return inside;
}

/** Where the horizontal line at `y` is inside the ring: [from, to] pairs, west to east. */
export function spans(ring: readonly Pt[], y: number): [number, number][] {
  const xs: number[] = [];
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const a = ring[i]!;
    const b = ring[j]!;
    if (a[1] > y !== b[1] > y) xs.push(((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]);
  }
  xs.sort((p, q) => p - q);
  const out: [number, number][] = [];
  for (let i = 0; i + 1 < xs.length; i += 2) out.push([xs[i]!, xs[i + 1]!]);
  return out;
}

/** A point well inside the ring, as far from its sides as a scan along its middle rows finds. */
export function insidePoint(ring: readonly Pt[]): Pt {
  const c = centroid(ring);
  if (contains(ring, c)) return c;
  const ys = ring.map((p) => p[1]);
  const lo = Math.min(...ys);
  const hi = Math.max(...ys);
  let best: Pt = c;
  let width = 0;
  for (let k = 1; k < 8; k++) {
    const y = lo + ((hi - lo) * k) / 8;
    for (const [a, b] of spans(ring, y)) {
      if (b - a > width) {
        width = b - a;
        best = [(a + b) / 2, y];
      }
    }
  }
  return best;
}

/** Direction (radians) of the long side of the smallest box around the ring, and the box in that frame. */
export function orientedBox(ring: readonly Pt[]): { angle: number; lo: Pt; hi: Pt } {
  let best: { angle: number; lo: Pt; hi: Pt } | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < ring.length; i++) {
    const d = sub(ring[(i + 1) % ring.length]!, ring[i]!);
    if (Math.hypot(d[0], d[1]) < 12 && ring.length > 6) continue;
    const angle = Math.atan2(d[1], d[0]);
    const c = Math.cos(angle);
    const s = Math.sin(angle);
    let x0 = Number.POSITIVE_INFINITY;
    let y0 = x0;
    let x1 = Number.NEGATIVE_INFINITY;
    let y1 = x1;
    for (const [x, y] of ring) {
      const px = x * c + y * s;
      const py = y * c - x * s;
      if (px < x0) x0 = px;
      if (px > x1) x1 = px;
      if (py < y0) y0 = py;
      if (py > y1) y1 = py;
    }
    const size = (x1 - x0) * (y1 - y0);
    if (size < least - 1e-6) {
      least = size;
      best = x1 - x0 >= y1 - y0 ? { angle, lo: [x0, y0], hi: [x1, y1] } : { angle: angle + Math.PI / 2, lo: [y0, -x1], hi: [y1, -x0] };
    }
  }
  if (!best) throw new RangeError('a ring needs three corners');
  return best;
}

/** Round the corners of a line: each pass cuts every corner at a quarter of its sides (Chaikin). The ends stay. */
export function smooth(control: readonly Pt[], passes: number): Pt[] {
  let line = [...control];
  for (let k = 0; k < passes; k++) {
    const next: Pt[] = [line[0]!];
    for (let i = 0; i + 1 < line.length; i++) {
      const a = line[i]!;
      const d = sub(line[i + 1]!, a);
      if (i > 0) next.push(add(a, d, 0.25));
      if (i + 2 < line.length) next.push(add(a, d, 0.75));
    }
    next.push(line.at(-1)!);
    line = next;
  }
  return line;
}
