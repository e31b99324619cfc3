import type { LngLat } from '../../../model/brand.ts';
import type { MapRing, MapRoute } from '../../map-contract.ts';
import { type Rect, textWidth } from '../marks/geometry.ts';
import { metresPerPixel } from '../mercator.ts';

type Project = (at: LngLat) => readonly [x: number, y: number];
const r1 = (v: number) => Math.round(v * 10) / 10;

/** Kept free at the foot of the map for the legend and the scale, in u. */
const FOOT_U = 64;
/** Height of the two-line label at the beginning of a way, in u. */
const LABEL_H = 46;

/** A way as it lies on the screen: its line, and its label kept within the map. Lengths in px. */
export interface DrawnRoute {
  readonly id: string;
  readonly d: string;
  /** dash of the line: 9-6 along the streets, dots for a straight one */
  readonly dash: string;
  readonly label: Rect;
}

/** @param size width and height of the map, px */
export function drawRoute(route: MapRoute, project: Project, u: number, [width, height]: readonly [number, number]): DrawnRoute | null {
  if (route.path.length < 2) return null;
  const points = route.path.map(project);
  const d = points.map(([x, y], i) => `${i ? 'L' : 'M'}${r1(x)} ${r1(y)}`).join('');
  const [x, y] = points[0]!;
  const w = (Math.max(textWidth(route.head, 17), textWidth(route.note, 17)) + 20) * u;
  const h = LABEL_H * u;
  const gap = 14 * u;
  const left = x + gap + w > width ? x - gap - w : x + gap;
  return {
    id: route.id,
    d,
    dash: route.by === 'road' ? `${r1(9 * u)} ${r1(6 * u)}` : `${r1(2 * u)} ${r1(7 * u)}`,
    label: { x: clamp(left, 0, width - w), y: clamp(y - h / 2, 0, height - h - FOOT_U * u), w, h },
  };
}

/** A circle on the ground as one on the screen; the label stands on its upper left. */
export function drawRing(ring: MapRing, project: Project, zoom: number) {
  const [x, y] = project(ring.at);
  const r = ring.metres / metresPerPixel(ring.at[1], zoom);
  return { x: r1(x), y: r1(y), r: r1(r), labelX: r1(x - r * Math.SQRT1_2), labelY: r1(y - r * Math.SQRT1_2) };
}

const clamp = (v: number, lo: number, hi: number) => Math.max(lo, Math.min(Math.max(lo, hi), v));
