import { dist, type Pt } from './plane.ts';
import type { Street } from './street.ts';

export interface Link {
  readonly to: number;
  readonly metres: number;
}
/** Where one can walk: corners of streets and lanes, and a path into every court. */
export interface WalkGraph {
  readonly at: readonly Pt[];
  readonly links: readonly (readonly Link[])[];
  /** node in the middle of each court, by area code */
  readonly court: ReadonlyMap<string, number>;
}

export function walkGraph(street: Street): WalkGraph {
  const { mesh } = street;
  const at: Pt[] = [];
  const links: Link[][] = [];
  const nodeOf = new Map<number, number>();
  const node = (p: Pt) => {
    links.push([]);
    return at.push(p) - 1;
  };
  const cornerNode = (c: number) => {
    let n = nodeOf.get(c);
    if (n === undefined) {
      n = node(mesh.at[c]!);
      nodeOf.set(c, n);
    }
    return n;
  };
  const join = (a: number, b: number) => {
    const metres = dist(at[a]!, at[b]!);
    links[a]!.push({ to: b, metres });
    links[b]!.push({ to: a, metres });
  };
  const own = street.areas[0]!.faces;
  for (const [a, b, way] of mesh.edges()) {
    if (way.class === 'wall' || way.class === 'river' || way.class === 'frame') continue;
    const left = mesh.faceLeftOf(a, b);
    const right = mesh.faceLeftOf(b, a);
    if ((left !== undefined && own.has(left)) || (right !== undefined && own.has(right))) join(cornerNode(a), cornerNode(b));
  }
  keepLargest(links);
  const court = new Map<string, number>();
  for (const c of street.courts) {
    const ring = mesh.faces.get(c.face)!;
    // the gate: the corner of the court that a street passes, else the nearest corner of any street
    let gates = ring.flatMap((k) => (nodeOf.has(k) && links[nodeOf.get(k)!]!.length > 0 ? [nodeOf.get(k)!] : []));
    if (gates.length === 0) gates = [...nodeOf.values()].filter((n) => links[n]!.length > 0);
    gates.sort((p, q) => dist(at[p]!, c.heart) - dist(at[q]!, c.heart) || p - q);
    const heart = node(c.heart);
    court.set(c.code, heart);
    join(heart, gates[0]!);
  }
  return { at, links, court };
}

/** Streets cut off by the river or the edge of the sheet are no use to a walker. */
function keepLargest(links: Link[][]) {
  const group = new Int32Array(links.length).fill(-1);
  const sizes: number[] = [];
  for (let s = 0; s < links.length; s++) {
    if (group[s]! >= 0) continue;
    const id = sizes.push(0) - 1;
    const stack = [s];
    group[s] = id;
    while (stack.length) {
      const n = stack.pop()!;
      sizes[id]! += 1;
      for (const l of links[n]!) {
        if (group[l.to]! < 0) {
          group[l.to] = id;
          stack.push(l.to);
        }
      }
    }
  }
  const largest = sizes.indexOf(Math.max(...sizes));
  links.forEach((_, n) => {
    if (group[n] !== largest) links[n] = [];
  });
}

/** Shortest way on foot (A*, straight distance as the estimate): nodes from start to end; empty when there is none. */
export function route(graph: WalkGraph, from: number, to: number): number[] {
  const goal = graph.at[to]!;
  const best = new Map([[from, 0]]);
  const back = new Map<number, number>();
  const heap: [cost: number, node: number][] = [[dist(graph.at[from]!, goal), from]];
  const done = new Set<number>();
  while (heap.length) {
    const [, n] = pop(heap);
    if (n === to) {
      const path = [to];
      for (let at = to; at !== from; path.unshift(at)) at = back.get(at)!;
      return path;
    }
    if (done.has(n)) continue;
    done.add(n);
    for (const l of graph.links[n]!) {
      const g = best.get(n)! + l.metres;
      if (g >= (best.get(l.to) ?? Number.POSITIVE_INFINITY)) continue;
      best.set(l.to, g);
      back.set(l.to, n);
      push(heap, [g + dist(graph.at[l.to]!, goal), l.to]);
    }
  }
  return [];
}

function push(heap: [number, number][], item: [number, number]) {
  let i = heap.push(item) - 1;
  while (i > 0) {
    const p = (i - 1) >> 1;
    if (heap[p]![0] <= heap[i]![0]) return;
    [heap[p], heap[i]] = [heap[i]!, heap[p]!];
    i = p;
  }
}
function pop(heap: [number, number][]): [number, number] {
  const top = heap[0]!;
  const last = heap.pop()!;
  if (heap.length) {
    heap[0] = last;
    for (let i = 0; ; ) {
      let c = 2 * i + 1;
      if (c >= heap.length) break;
      if (c + 1 < heap.length && heap[c + 1]![0] < heap[c]![0]) c += 1;
      if (heap[i]![0] <= heap[c]![0]) break;
      [heap[i], heap[c]] = [heap[c]!, heap[i]!];
      i = c;
    }
  }
  return top;
}
