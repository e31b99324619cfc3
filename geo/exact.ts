/**
 * Exact predicates on whole numbers (units of 1e-7 degree, see lng-lat.ts). Exact while all points lie within MAX_EXTENT of
 * each other. x = longitude, y = latitude.
 */

/** Twice the signed area of the triangle a, b, c: positive when c lies to the left of a -> b, 0 when the three are in line. */
export const orient = (ax: number, ay: number, bx: number, by: number, cx: number, cy: number) =>
  (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);

/** c lies strictly between a and b on the segment a-b. */
export const isBetween = (ax: number, ay: number, bx: number, by: number, cx: number, cy: number) =>
  orient(ax, ay, bx, by, cx, cy) === 0 &&
  (ax === bx ? Math.min(ay, by) < cy && cy < Math.max(ay, by) : Math.min(ax, bx) < cx && cx < Math.max(ax, bx));

/** The segments a-b and c-d cross in one point that is an end of neither. */
export function crosses(ax: number, ay: number, bx: number, by: number, cx: number, cy: number, dx: number, dy: number): boolean {
  const c = orient(ax, ay, bx, by, cx, cy);
  const d = orient(ax, ay, bx, by, dx, dy);
  if (!((c > 0 && d < 0) || (c < 0 && d > 0))) return false;
  const a = orient(cx, cy, dx, dy, ax, ay);
  const b = orient(cx, cy, dx, dy, bx, by);
  return (a > 0 && b < 0) || (a < 0 && b > 0);
}

export const OUTSIDE = 0;
export const ON_BORDER = 1;
export const INSIDE = 2;
export type Side = typeof OUTSIDE | typeof ON_BORDER | typeof INSIDE;

/**
 * Where (x, y) stands to the rings `from`..`to` of a cell, by the crossing rule with half-open edges (an edge holds its
 * lower end only), so a ray through a vertex is counted once. Holes and several parts need nothing special: the rule counts
 * crossings of all rings. Ring r is the vertices `starts[r]` .. `starts[r + 1] - 1` of `xy`, the first repeated at the end.
 */
export function sideOf(xy: Int32Array, starts: Uint32Array, from: number, to: number, x: number, y: number): Side {
  let inside = false;
  for (let r = from; r < to; r++) {
    const side = sideOfRing(xy, starts[r]!, starts[r + 1]!, x, y);
    if (side === ON_BORDER) return ON_BORDER;
    if (side === INSIDE) inside = !inside;
  }
  return inside ? INSIDE : OUTSIDE;
}

/** The same for one ring, the vertices `from` .. `to - 1`. The hot loop of every lookup. */
export function sideOfRing(xy: Int32Array, from: number, to: number, x: number, y: number): Side {
  let inside = false;
  const end = 2 * to;
  let i = 2 * from;
  let ax = xy[i]!;
  let ay = xy[i + 1]!;
  for (i += 2; i < end; i += 2) {
    const bx = xy[i]!;
    const by = xy[i + 1]!;
    if (ay > y !== by > y) {
      // Left or right of both ends: no product is needed.
      if (ax > x && bx > x) inside = !inside;
      else if (ax >= x || bx >= x) {
        const c = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
        if (c === 0) return ON_BORDER;
        if (c > 0 === by > ay) inside = !inside;
      }
    } else if (ay === y && (ax === x || (by === y && ax > x !== bx > x))) return ON_BORDER;
    ax = bx;
    ay = by;
  }
  return inside ? INSIDE : OUTSIDE;
}
