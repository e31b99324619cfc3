/** Something on the screen that may have to share its place. `rank`: lower is more important and keeps its place. */
export interface Marker {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly rank: number;
}
export interface Cluster<M extends Marker> {
  /** the most important member: gives the cluster its place and its shape */
  readonly head: M;
  /** every member, head included, most important first */
  readonly members: readonly M[];
}

/**
 * Markers of one kind that stand nearer than `distance` are drawn as one. Greedy: the most important marker keeps its place
 * and takes in what is too near to it, then the next; ties are broken by id, so the same input always gives the same clusters.
 * A square hash of cells `distance` wide keeps it linear.
 */
export function cluster<M extends Marker>(markers: readonly M[], distance: number): Cluster<M>[] {
  const sorted = [...markers].sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const cells = new Map<number, { head: M; members: M[] }[]>();
  const out: { head: M; members: M[] }[] = [];
  for (const m of sorted) {
    const cx = Math.floor(m.x / distance);
    const cy = Math.floor(m.y / distance);
    let home: { head: M; members: M[] } | undefined;
    let nearest = distance;
    for (let dx = -1; dx <= 1; dx++)
      for (let dy = -1; dy <= 1; dy++)
        for (const c of cells.get(cellKey(cx + dx, cy + dy)) ?? []) {
          const d = Math.hypot(c.head.x - m.x, c.head.y - m.y);
          if (d < nearest) {
            nearest = d;
            home = c;
          }
        }
    if (home) home.members.push(m);
    else {
      const c = { head: m, members: [m] };
      out.push(c);
      const key = cellKey(cx, cy);
      const list = cells.get(key);
      if (list) list.push(c);
      else cells.set(key, [c]);
    }
  }
  return out;
}

/** One number for a cell: thousands of markers are sorted into cells with every frame of a flood. Cells lie within ±2²⁰. */
const cellKey = (x: number, y: number) => x * 2 ** 21 + y;
