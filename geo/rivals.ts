import type { Cells } from './cells.ts';
import { crosses, INSIDE, isBetween, ON_BORDER, sideOf } from './exact.ts';

/**
 * Do the interiors of two cells meet? Exact. They do not when no border crosses the other, no stretch of one border runs
 * inside the other cell, and stretches that both share have the two cells on opposite sides. Where two borders touch they are
 * cut into stretches at each other's corners; the midpoint of a stretch (in half units) then speaks for all of it.
 */
export function interiorsMeet(cells: Cells, a: number, b: number): boolean {
  const { boxes } = cells;
  const west = Math.max(boxes[4 * a]!, boxes[4 * b]!);
  const south = Math.max(boxes[4 * a + 1]!, boxes[4 * b + 1]!);
  const east = Math.min(boxes[4 * a + 2]!, boxes[4 * b + 2]!);
  const north = Math.min(boxes[4 * a + 3]!, boxes[4 * b + 3]!);
  if (west >= east || south >= north) return false;
  const window = [west, south, east, north];
  const edgesA = edgesWithin(cells, a, window);
  const edgesB = edgesWithin(cells, b, window);
  for (const [ax, ay, bx, by] of edgesA) {
    for (const [cx, cy, dx, dy] of edgesB) if (crosses(ax, ay, bx, by, cx, cy, dx, dy)) return true;
  }
  return stretchMeets(cells, edgesA, edgesB, b) || stretchMeets(cells, edgesB, edgesA, a);
}

type Edge = readonly [ax: number, ay: number, bx: number, by: number];

function edgesWithin({ xy, starts, rings }: Cells, cell: number, [west, south, east, north]: readonly number[]): Edge[] {
  const out: Edge[] = [];
  for (let r = rings[cell]!; r < rings[cell + 1]!; r++) {
    for (let v = starts[r]!; v < starts[r + 1]! - 1; v++) {
      const [ax, ay, bx, by] = [xy[2 * v]!, xy[2 * v + 1]!, xy[2 * v + 2]!, xy[2 * v + 3]!];
      if (Math.max(ax, bx) < west! || Math.min(ax, bx) > east! || Math.max(ay, by) < south! || Math.min(ay, by) > north!) continue;
      out.push([ax, ay, bx, by]);
    }
  }
  return out;
}

/** Side of a point given in half units; outside the cell's box it is outside. */
function sideOf2({ xy, starts, rings, boxes }: Cells, cell: number, x2: number, y2: number) {
  const b = 4 * cell;
  if (x2 < 2 * boxes[b]! || x2 > 2 * boxes[b + 2]! || y2 < 2 * boxes[b + 1]! || y2 > 2 * boxes[b + 3]!) return 0;
  return sideOf(xy, starts, rings[cell]!, rings[cell + 1]!, x2, y2, 2);
}

/** A stretch of one of `edges` (of another cell) runs inside `cell`, or along its border with both cells on the same side. */
function stretchMeets(cells: Cells, edges: readonly Edge[], others: readonly Edge[], cell: number): boolean {
  for (const [ax, ay, bx, by] of edges) {
    const cuts: [number, number][] = [];
    for (const [cx, cy] of others) if (isBetween(ax, ay, bx, by, cx, cy)) cuts.push([cx, cy]);
    for (const [, , dx, dy] of others) if (isBetween(ax, ay, bx, by, dx, dy)) cuts.push([dx, dy]);
    cuts.sort((p, q) => Math.abs(p[0] - ax) + Math.abs(p[1] - ay) - Math.abs(q[0] - ax) - Math.abs(q[1] - ay));
    cuts.push([bx, by]);
    let [fromX, fromY] = [ax, ay];
    for (const [toX, toY] of cuts) {
      if (toX === fromX && toY === fromY) continue;
      const side = sideOf2(cells, cell, fromX + toX, fromY + toY);
      if (side === INSIDE || (side === ON_BORDER && !opposed(others, fromX, fromY, toX, toY))) return true;
      [fromX, fromY] = [toX, toY];
    }
  }
  return false;
}

/** The shared stretch runs the other way round the other cell. Both areas lie to the left of their borders: so they are on opposite sides. */
function opposed(others: readonly Edge[], ax: number, ay: number, bx: number, by: number): boolean {
  return others.some(([cx, cy, dx, dy]) => {
    const holds = (x: number, y: number) => (x === cx && y === cy) || (x === dx && y === dy) || isBetween(cx, cy, dx, dy, x, y);
    return holds(ax, ay) && holds(bx, by) && ((bx - ax) * (dx - cx) < 0 || (by - ay) * (dy - cy) < 0);
  });
}
