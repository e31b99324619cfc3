import type { Cells } from '../cells.ts';
import { orient } from '../exact.ts';

/**
 * One ring whose edges meet nowhere but at the corners they share. Exact; false sends the cell to the slower, full check.
 * Edges sorted by their west end are compared only while their spans of longitude meet.
 */
export function isSimple({ xy, starts, rings }: Cells, cell: number): boolean {
  const ring = rings[cell]!;
  if (rings[cell + 1]! - ring !== 1) return false;
  const from = starts[ring]!;
  const count = starts[ring + 1]! - from - 1;
  const x = (i: number) => xy[2 * (from + i)]!;
  const y = (i: number) => xy[2 * (from + i) + 1]!;
  const order = Array.from({ length: count }, (_, i) => i).sort((p, q) => Math.min(x(p), x(p + 1)) - Math.min(x(q), x(q + 1)));
  for (let p = 0; p < count; p++) {
    const i = order[p]!;
    const east = Math.max(x(i), x(i + 1));
    const [low, high] = [Math.min(y(i), y(i + 1)), Math.max(y(i), y(i + 1))];
    for (let q = p + 1; q < count; q++) {
      const j = order[q]!;
      if (Math.min(x(j), x(j + 1)) > east) break;
      if (Math.max(y(j), y(j + 1)) < low || Math.min(y(j), y(j + 1)) > high) continue;
      if ((i + 1) % count === j || (j + 1) % count === i) {
        if (foldsBack(i, j)) return false;
      } else if (meet(i, j)) return false;
    }
  }
  return true;

  /** Neighbouring edges that run back over each other. */
  function foldsBack(i: number, j: number): boolean {
    const [a, b] = (i + 1) % count === j ? [i, j] : [j, i];
    const along = (x(a + 1) - x(a)) * (x(b + 1) - x(b)) + (y(a + 1) - y(a)) * (y(b + 1) - y(b));
    return orient(x(a), y(a), x(a + 1), y(a + 1), x(b + 1), y(b + 1)) === 0 && along < 0;
  }

  /** The closed segments have a point in common; their boxes are known to meet. */
  function meet(i: number, j: number): boolean {
    const a = Math.sign(orient(x(i), y(i), x(i + 1), y(i + 1), x(j), y(j)));
    const b = Math.sign(orient(x(i), y(i), x(i + 1), y(i + 1), x(j + 1), y(j + 1)));
    if (a * b > 0) return false;
    const c = Math.sign(orient(x(j), y(j), x(j + 1), y(j + 1), x(i), y(i)));
    const d = Math.sign(orient(x(j), y(j), x(j + 1), y(j + 1), x(i + 1), y(i + 1)));
    return c * d <= 0;
  }
}
