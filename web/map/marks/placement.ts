import { overlapArea, overlaps, type Rect } from './geometry.ts';

/** A label that wants to stand beside its marker. Screen units, y down. */
export interface LabelWish {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  /** radius of the marker */
  readonly r: number;
  readonly w: number;
  readonly h: number;
}
export interface PlacedLabel {
  readonly id: string;
  readonly rect: Rect;
  /** which side of the marker the box stands on */
  readonly side: 'left' | 'right';
  /** leader from the rim of the marker to the near edge of the box */
  readonly leader: readonly [x1: number, y1: number, x2: number, y2: number];
}

/** Where a box may stand, in order of preference: up right, up left, down right, down left, then level, then farther out. */
const stands: readonly (readonly [side: -1 | 1, up: number, reach: number])[] = [
  [1, -0.75, 1],
  [-1, -0.75, 1],
  [1, 0.75, 1],
  [-1, 0.75, 1],
  [1, 0, 1],
  [-1, 0, 1],
  [1, -1.4, 2.4],
  [-1, -1.4, 2.4],
  [1, 1.4, 2.4],
  [-1, 1.4, 2.4],
  [1, -2.2, 1],
  [-1, -2.2, 1],
  [1, 2.2, 1],
  [-1, 2.2, 1],
  [1, 0, 4.5],
  [-1, 0, 4.5],
];

/**
 * Place labels in the order given, each where it covers least. Covering another label, `keepOut` or the edge of `bounds` is
 * never allowed; covering obstacles (markers) costs their covered area. A label with no such place is left out.
 */
export function placeLabels(
  wishes: readonly LabelWish[],
  obstacles: readonly Rect[],
  keepOut: readonly Rect[],
  bounds: Rect,
  gap: number,
): PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  for (const w of wishes) {
    let best: PlacedLabel | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const [i, [side, up, reach]] of stands.entries()) {
      const dx = (w.r * 0.7 + gap) * reach;
      const x = side > 0 ? w.x + dx : w.x - dx - w.w;
      const rect: Rect = { x, y: w.y + up * (w.h / 2 + w.r * 0.55) - w.h / 2, w: w.w, h: w.h };
      if (rect.x < bounds.x || rect.y < bounds.y || rect.x + rect.w > bounds.x + bounds.w || rect.y + rect.h > bounds.y + bounds.h)
        continue;
      if (keepOut.some((k) => overlaps(rect, k)) || placed.some((p) => overlaps(rect, p.rect))) continue;
      const cost = i * w.r * 2 + obstacles.reduce((sum, o) => sum + overlapArea(rect, o), 0);
      if (cost >= least) continue;
      least = cost;
      const ex = side > 0 ? rect.x : rect.x + rect.w;
      const ey = Math.min(rect.y + rect.h - 3, Math.max(rect.y + 3, w.y + up * w.h * 0.5));
      const d = Math.hypot(ex - w.x, ey - w.y) || 1;
      best = {
        id: w.id,
        rect,
        side: side > 0 ? 'right' : 'left',
        leader: [w.x + ((ex - w.x) / d) * w.r, w.y + ((ey - w.y) / d) * w.r, ex, ey],
      };
    }
    if (best) placed.push(best);
  }
  return placed;
}

/**
 * A name goes to the first of its candidate places (nearest to the centre first) where its box covers nothing; where every
 * place covers something, to the one that covers least, but never over `keepOut`. Undefined = no place at all.
 */
export function placeName(
  candidates: readonly (readonly [x: number, y: number])[],
  w: number,
  h: number,
  obstacles: readonly Rect[],
  keepOut: readonly Rect[],
): { x: number; y: number; rect: Rect } | undefined {
  let best: { x: number; y: number; rect: Rect } | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [x, y] of candidates) {
    const rect: Rect = { x: x - w / 2, y: y - h / 2, w, h };
    if (keepOut.some((k) => overlaps(rect, k))) continue;
    const cost = obstacles.reduce((sum, o) => sum + overlapArea(rect, o), 0);
    if (cost < least) {
      least = cost;
      best = { x, y, rect };
    }
    if (cost === 0) break;
  }
  return best;
}
