import { area, fromUnits, type Pt, toUnits } from './plane.ts';

/** What runs along an edge between two faces. `wall`: a court wall or hedge, not a way. */
export type WayClass = 'ring' | 'main' | 'minor' | 'lane' | 'wall' | 'river' | 'frame';
export interface Way {
  readonly id: number;
  readonly class: WayClass;
  name: string;
  /** communities and the street end here */
  readonly border: boolean;
}

const SPAN = 2 ** 22;
const key = (a: number, b: number) => a * SPAN + b;

/**
 * A planar subdivision: faces share corners and edges by number, so neighbours can never drift apart. A corner inserted into an
 * edge is inserted into the faces on both sides at once; corners sit on the 1e-7 degree lattice.
 */
export class Mesh {
  readonly at: Pt[] = [];
  readonly units: (readonly [number, number])[] = [];
  private readonly ids = new Map<string, number>();
  /** counter-clockwise rings of corners */
  readonly faces = new Map<number, number[]>();
  private nextFace = 0;
  private readonly left = new Map<number, number>();
  private readonly ways = new Map<number, Way>();
  /** number of edges that meet in a corner */
  readonly degree: number[] = [];

  corner(p: Pt): number {
    const uv = toUnits(p);
    const k = `${uv[0]} ${uv[1]}`;
    let id = this.ids.get(k);
    if (id === undefined) {
      id = this.at.length;
      this.ids.set(k, id);
      this.units.push(uv);
      this.at.push(fromUnits(uv[0], uv[1]));
      this.degree.push(0);
    }
    return id;
  }

  setWay(a: number, b: number, way: Way) {
    this.ways.set(key(Math.min(a, b), Math.max(a, b)), way);
  }
  way(a: number, b: number): Way | undefined {
    return this.ways.get(key(Math.min(a, b), Math.max(a, b)));
  }
  /** Every edge once, lower corner first. */
  *edges(): Generator<[a: number, b: number, way: Way]> {
    for (const [k, way] of this.ways) yield [Math.floor(k / SPAN), k % SPAN, way];
  }
  faceLeftOf(a: number, b: number): number | undefined {
    return this.left.get(key(a, b));
  }

  addFace(ring: number[]): number {
    const id = this.nextFace++;
    this.faces.set(id, ring);
    for (let i = 0; i < ring.length; i++) this.left.set(key(ring[i]!, ring[(i + 1) % ring.length]!), id);
    return id;
  }
  points(face: number): Pt[] {
    return this.faces.get(face)!.map((c) => this.at[c]!);
  }
  area(face: number): number {
    return area(this.points(face));
  }

  /** Put corner `c` into the edge a-b, on both sides. */
  splitEdge(a: number, b: number, c: number) {
    const way = this.way(a, b);
    for (const [p, q] of [
      [a, b],
      [b, a],
    ] as const) {
      const face = this.left.get(key(p, q));
      if (face === undefined) continue;
      const ring = this.faces.get(face)!;
      ring.splice(ring.findIndex((x, i) => x === p && ring[(i + 1) % ring.length] === q) + 1, 0, c);
      this.left.delete(key(p, q));
      this.left.set(key(p, c), face);
      this.left.set(key(c, q), face);
    }
    if (way) {
      this.ways.delete(key(Math.min(a, b), Math.max(a, b)));
      this.setWay(a, c, way);
      this.setWay(c, b, way);
    }
    this.degree[c] = 2;
  }

  /** Cut a face along the straight chord between two of its corners; the face keeps its number on one side. Returns the new face. */
  splitFace(face: number, a: number, b: number, way: Way): number {
    const ring = this.faces.get(face)!;
    const i = ring.indexOf(a);
    const j = ring.indexOf(b);
    const one = i < j ? ring.slice(i, j + 1) : [...ring.slice(i), ...ring.slice(0, j + 1)];
    const two = j < i ? ring.slice(j, i + 1) : [...ring.slice(j), ...ring.slice(0, i + 1)];
    this.faces.set(face, one);
    this.left.set(key(b, a), face);
    const other = this.addFace(two);
    this.setWay(a, b, way);
    this.degree[a] = this.degree[a]! + 1;
    this.degree[b] = this.degree[b]! + 1;
    return other;
  }

  neighbours(face: number): Map<number, number> {
    const out = new Map<number, number>();
    const ring = this.faces.get(face)!;
    for (let i = 0; i < ring.length; i++) {
      const a = ring[i]!;
      const b = ring[(i + 1) % ring.length]!;
      const other = this.left.get(key(b, a));
      if (other !== undefined)
        out.set(other, (out.get(other) ?? 0) + Math.hypot(this.at[a]![0] - this.at[b]![0], this.at[a]![1] - this.at[b]![1]));
    }
    return out;
  }
}

/**
 * Rings around a set of faces: edges whose other side is not in the set, chained. Where two parts touch in one corner the
 * chain turns so that they stay two rings.
 */
export function outline(mesh: Mesh, faces: ReadonlySet<number>): number[][] {
  const next = new Map<number, number[]>();
  for (const f of faces) {
    const ring = mesh.faces.get(f)!;
    for (let i = 0; i < ring.length; i++) {
      const a = ring[i]!;
      const b = ring[(i + 1) % ring.length]!;
      const other = mesh.faceLeftOf(b, a);
      if (other !== undefined && faces.has(other)) continue;
      const list = next.get(a);
      if (list) list.push(b);
      else next.set(a, [b]);
    }
  }
  const rings: number[][] = [];
  for (const start of [...next.keys()].sort((p, q) => p - q)) {
    while (next.get(start)?.length) {
      const ring: number[] = [];
      let from = -1;
      let at = start;
      do {
        ring.push(at);
        const options = next.get(at)!;
        let pickAt = 0;
        if (options.length > 1 && from >= 0) {
          // leftmost turn keeps each part to itself
          const back = Math.atan2(mesh.at[from]![1] - mesh.at[at]![1], mesh.at[from]![0] - mesh.at[at]![0]);
          let least = Number.POSITIVE_INFINITY;
          options.forEach((b, i) => {
            const ang = Math.atan2(mesh.at[b]![1] - mesh.at[at]![1], mesh.at[b]![0] - mesh.at[at]![0]);
            const turn = (back - ang + 4 * Math.PI) % (2 * Math.PI);
            if (turn < least) {
              least = turn;
              pickAt = i;
            }
          });
        }
        from = at;
        at = options.splice(pickAt, 1)[0]!;
      } while (at !== start);
      rings.push(ring);
    }
  }
  return rings;
}
