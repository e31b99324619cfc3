import { areaCode } from '../model/brand.ts';
import type { Boundary } from './boundaries/read.ts';
import type { RingCoordinates } from './geojson.ts';
import { toDegrees } from './lng-lat.ts';

/** A city of Chengdu's size: 261 streets, 3,047 communities, 14,020 general grids, 126,449 micro-grids (public press, 2022-2023). */
export const CITY_COUNTS = { street: 261, community: 3047, grid: 14_020, micro: 126_449 } as const;
type CityLevel = keyof typeof CITY_COUNTS;
const LEVELS: readonly CityLevel[] = ['street', 'community', 'grid', 'micro'];
const NAMES = { street: '合成街道', community: '合成社区', grid: '一般网格', micro: '微网格' } as const;

/** Lattice step, units of 1e-7 degree: some 115 m by 133 m. */
const STEP = 12_000;
const ORIGIN = { x: 1_040_600_000, y: 306_700_000 };
/** Bends per edge between two lattice corners. */
const BENDS = 4;

export interface City {
  /** Features of one level, ascending by code. Built on the way: nothing but small arrays is kept. */
  features(level: CityLevel): Generator<Boundary>;
  /** All levels, outermost first. */
  all(): Generator<Boundary>;
}

/**
 * A made-up city for benchmarks; the same seed gives the same city to the last digit. Micro-grids are the quads of a lattice
 * with displaced corners and bent edges; both neighbours compute an edge from the same numbers, so they share its vertices
 * exactly. The quads nearest the centre of a wavy outline are taken; halving them again and again by count, across the
 * longer side, gives streets, then communities, then grids: compact, contiguous for the most part, exact in number.
 */
export function synthCity({ seed = 1, counts = CITY_COUNTS as Readonly<Record<CityLevel, number>> } = {}): City {
  for (const [i, level] of LEVELS.entries()) {
    const below = LEVELS[i + 1];
    if (below && counts[below] < counts[level]) throw new RangeError(`counts.${below}: at least as many as counts.${level} are needed`);
  }
  const side = Math.ceil(Math.sqrt(counts.micro) * 1.3) + 2;
  const quads = takeQuads(counts.micro, side, seed);
  const { groups, parents } = divide(quads, side, counts);
  const codes = codesOf(parents, counts);
  const shape = shaper(side, seed);

  function* features(level: CityLevel): Generator<Boundary> {
    const depth = LEVELS.indexOf(level);
    const groupOf = groups[depth]!;
    const members = Array.from({ length: counts[level] }, (): number[] => []);
    for (const quad of quads) members[groupOf[quad]!]!.push(quad);
    for (const [index, list] of members.entries()) {
      const polygons = assemble(outline(list, groupOf, index, side).map(shape.ring));
      const homes = level === 'micro' ? 30 + Math.floor(shape.random(index, 7, 3) * 71) : 0;
      yield {
        code: areaCode(codes[depth]![index]!),
        name: `${NAMES[level]}${Number(codes[depth]![index]!.slice(-3))}`,
        level,
        parent: depth === 0 ? null : areaCode(codes[depth - 1]![parents[depth]![index]!]!),
        households: homes,
        people: Math.round(homes * 2.6),
        geometry: polygons.length === 1 ? { type: 'Polygon', coordinates: polygons[0]! } : { type: 'MultiPolygon', coordinates: polygons },
      };
    }
  }
  return {
    features,
    *all() {
      for (const level of LEVELS) yield* features(level);
    },
  };
}

/** Ids (column * side + row) of the `count` quads nearest the centre, measured with a wavy radius. */
function takeQuads(count: number, side: number, seed: number): number[] {
  const reach = new Float64Array(side * side);
  const phase = (seed % 360) / 57;
  for (let id = 0; id < reach.length; id++) {
    const x = Math.floor(id / side) - side / 2 + 0.5;
    const y = (id % side) - side / 2 + 0.5;
    const angle = Math.atan2(y, x);
    reach[id] = Math.hypot(x, y) / (1 + 0.08 * Math.sin(3 * angle + phase) + 0.05 * Math.sin(5 * angle - 2 * phase));
  }
  const ids = Array.from({ length: reach.length }, (_, id) => id);
  return ids.sort((a, b) => reach[a]! - reach[b]! || a - b).slice(0, count);
}

/** Which group of each level a quad belongs to (-1 = outside the city), and each group's parent. */
function divide(quads: readonly number[], side: number, counts: Readonly<Record<CityLevel, number>>) {
  const groups = LEVELS.map(() => new Int32Array(side * side).fill(-1));
  const parents: number[][] = LEVELS.map(() => []);
  /** How many groups of the next level each group of this level gets: evenly, exact in total. */
  const share = (depth: number, index: number) => {
    const [parts, wholes] = [counts[LEVELS[depth + 1]!], counts[LEVELS[depth]!]];
    return Math.floor(((index + 1) * parts) / wholes) - Math.floor((index * parts) / wholes);
  };
  const serial = LEVELS.map(() => 0);
  const split = (members: readonly number[], depth: number, parent: number, parts: number) => {
    const first = serial[depth]!;
    serial[depth] = first + parts;
    const below = LEVELS[depth + 1];
    const weights = Array.from({ length: parts }, (_, i) => (below ? share(depth, first + i) : 1));
    for (const [i, list] of halve(members, weights, side).entries()) {
      for (const quad of list) groups[depth]![quad] = first + i;
      parents[depth]![first + i] = parent;
      if (!below) continue;
      const isGrid = LEVELS[depth + 1] === 'micro';
      split(list, depth + 1, first + i, isGrid ? list.length : weights[i]!);
    }
  };
  split(quads, 0, -1, counts.street);
  return { groups, parents };
}

/** Cuts a set of quads into as many parts as there are weights, in proportion, each with at least as many quads as its weight. */
function halve(members: readonly number[], weights: readonly number[], side: number): number[][] {
  if (weights.length === 1) return [[...members]];
  const columns = members.map((q) => Math.floor(q / side));
  const rows = members.map((q) => q % side);
  const wide = spread(columns) >= spread(rows);
  const sorted = [...members].sort((a, b) => (wide ? a - b : (a % side) - (b % side) || a - b));
  const half = weights.length >> 1;
  const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
  const [left, right] = [sum(weights.slice(0, half)), sum(weights.slice(half))];
  const cut = Math.min(members.length - right, Math.max(left, Math.round((members.length * left) / (left + right))));
  return [...halve(sorted.slice(0, cut), weights.slice(0, half), side), ...halve(sorted.slice(cut), weights.slice(half), side)];
}

function spread(values: readonly number[]) {
  let [low, high] = [Infinity, -Infinity];
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return high - low;
}

/** 9-digit street, then three digits a level, like the real ones; 5199 is no real division. */
function codesOf(parents: readonly (readonly number[])[], counts: Readonly<Record<CityLevel, number>>): string[][] {
  const codes: string[][] = [];
  for (const [depth, level] of LEVELS.entries()) {
    const serial = new Map<number, number>();
    codes.push(
      Array.from({ length: counts[level] }, (_, i) => {
        if (depth === 0) return `5199${String(i + 1).padStart(5, '0')}`;
        const parent = parents[depth]![i]!;
        const n = (serial.get(parent) ?? 0) + 1;
        serial.set(parent, n);
        return `${codes[depth - 1]![parent]}${String(n).padStart(3, '0')}`;
      }),
    );
  }
  return codes;
}

/** Directions of lattice edges: 0 east, 1 north, 2 west, 3 south. */
const DX = [1, 0, -1, 0] as const;
const DY = [0, 1, 0, -1] as const;
interface LatticeEdge {
  readonly i: number;
  readonly j: number;
  readonly dir: number;
}

/** The closed borders of a group of quads, the group to the left; where two quads touch in a corner only, the rings part. */
function outline(members: readonly number[], groupOf: Int32Array, group: number, side: number): LatticeEdge[][] {
  const leaving = new Map<number, LatticeEdge[]>();
  for (const quad of members) {
    const [i, j] = [Math.floor(quad / side), quad % side];
    for (let dir = 0; dir < 4; dir++) {
      // the neighbour across the south, east, north, west edge
      if (groupOf[(i + DY[dir]!) * side + (j - DX[dir]!)] === group) continue;
      const edge = { i: i + (dir === 1 || dir === 2 ? 1 : 0), j: j + (dir === 2 || dir === 3 ? 1 : 0), dir };
      const key = edge.i * (side + 1) + edge.j;
      const at = leaving.get(key);
      if (at) at.push(edge);
      else leaving.set(key, [edge]);
    }
  }
  const rings: LatticeEdge[][] = [];
  for (const list of leaving.values()) {
    while (list.length) {
      const ring: LatticeEdge[] = [];
      for (let edge = list.pop(); edge; ) {
        ring.push(edge);
        const out: LatticeEdge[] = leaving.get((edge.i + DX[edge.dir]!) * (side + 1) + edge.j + DY[edge.dir]!) ?? [];
        const { dir } = edge;
        const turn: number[] = [(dir + 1) % 4, dir, (dir + 3) % 4];
        const chosen = turn.map((d) => out.findIndex((e) => e.dir === d)).find((at) => at >= 0);
        edge = chosen === undefined ? undefined : out.splice(chosen, 1)[0];
      }
      rings.push(ring);
    }
  }
  return rings;
}

/** From lattice to degrees. */
function shaper(side: number, seed: number) {
  /** 0 <= r < 1 from whole numbers; integer hash after Murmur3's finaliser. */
  const random = (i: number, j: number, k: number) => {
    let h = (Math.imul(i, 0x9e3779b1) ^ Math.imul(j, 0x85ebca77) ^ Math.imul(k, 0xc2b2ae3d) ^ Math.imul(seed, 0x27d4eb2f)) >>> 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
  };
  const corner = (i: number, j: number) => ({
    x: ORIGIN.x + Math.round((i - side / 2 + (random(i, j, 0) - 0.5) * 0.24) * STEP),
    y: ORIGIN.y + Math.round((j - side / 2 + (random(i, j, 1) - 0.5) * 0.24) * STEP),
  });
  /** Corner and bends of the edge that leaves (i, j) east or north; small enough that no two edges ever meet. */
  const bends = (i: number, j: number, dir: 0 | 1) => {
    const [a, b] = [corner(i, j), corner(i + DX[dir], j + DY[dir])];
    return Array.from({ length: BENDS }, (_, k) => {
      const t = (k + 1) / (BENDS + 1);
      const off = (random(i, j, 10 + 10 * dir + k) - 0.5) * 0.32 * t * (1 - t);
      return { x: Math.round(a.x + (b.x - a.x) * t - (b.y - a.y) * off), y: Math.round(a.y + (b.y - a.y) * t + (b.x - a.x) * off) };
    });
  };
  const degrees = ({ x, y }: { readonly x: number; readonly y: number }) => [toDegrees(x), toDegrees(y)];
  return {
    random,
    ring(edges: readonly LatticeEdge[]): number[][] {
      const out: number[][] = [];
      for (const { i, j, dir } of edges) {
        out.push(degrees(corner(i, j)));
        const between = dir < 2 ? bends(i, j, dir as 0 | 1) : bends(i + DX[dir]!, j + DY[dir]!, (dir - 2) as 0 | 1).reverse();
        for (const p of between) out.push(degrees(p));
      }
      out.push(out[0]!);
      return out;
    },
  };
}

/** Counter-clockwise rings are parts; each clockwise one is a hole of the part whose box holds its first corner most tightly. */
function assemble(rings: readonly (readonly number[][])[]): RingCoordinates[][] {
  if (rings.length === 1) return [[rings[0]!]];
  const turning = (ring: readonly number[][]) => {
    let sum = 0;
    for (let i = 1; i < ring.length; i++) {
      const [a, b] = [ring[i - 1]!, ring[i]!];
      sum += (a[0]! - ring[0]![0]!) * (b[1]! - ring[0]![1]!) - (b[0]! - ring[0]![0]!) * (a[1]! - ring[0]![1]!);
    }
    return sum;
  };
  const parts = rings.filter((r) => turning(r) > 0).map((ring) => ({ rings: [ring as RingCoordinates], size: turning(ring), ring }));
  for (const hole of rings.filter((r) => turning(r) < 0)) {
    const [x, y] = hole[1]!;
    const holder = parts
      .filter(({ ring }) => {
        const [xs, ys] = [ring.map((p) => p[0]!), ring.map((p) => p[1]!)];
        return Math.min(...xs) <= x! && x! <= Math.max(...xs) && Math.min(...ys) <= y! && y! <= Math.max(...ys);
      })
      .sort((a, b) => a.size - b.size)[0];
    holder?.rings.push(hole);
  }
  return parts.map((p) => p.rings);
}
