import { between, intBetween, pick, type Rng, rngFor, shuffle, weighted } from '../rng.ts';
import { type BlockSide, type Building, build, buildFar, type Fabric } from './buildings.ts';
import { inset } from './inset.ts';
import { type Mesh, outline, type Way } from './mesh.ts';
import { courtNames, courtSuffixes, laneSuffixes, ownNames, streetNames } from './names.ts';
import { type DedicatedKind, type Leaf, partition } from './partition.ts';
import { communities, halfWidth, STREET } from './plan.ts';
import { area, centroid, insidePoint, type Pt } from './plane.ts';

export interface StreetArea {
  readonly code: string;
  readonly name: string;
  readonly level: 'street' | 'community' | 'grid' | 'micro' | 'dedicated';
  readonly parent: string | null;
  households: number;
  people: number;
  /** faces of the mesh it is made of */
  readonly faces: ReadonlySet<number>;
  /** rings of corners, outer ones counter-clockwise, holes clockwise */
  readonly rings: readonly (readonly number[])[];
}
export interface House extends Building {
  readonly area: string;
  readonly name: string;
  readonly households: number;
}
/** A micro-grid or dedicated grid with what stands in it. */
export interface Court {
  readonly code: string;
  readonly community: string;
  readonly name: string;
  readonly kind: 'homes' | DedicatedKind;
  readonly face: number;
  readonly heart: Pt;
  /** the ground between the ways around it */
  readonly kerb: readonly Pt[];
  readonly houses: readonly House[];
}
export interface Street {
  readonly seed: number;
  readonly mesh: Mesh;
  readonly areas: readonly StreetArea[];
  readonly courts: readonly Court[];
  readonly far: readonly { readonly kerb: readonly Pt[]; readonly park: boolean; readonly buildings: readonly Building[] }[];
}

/** The blocks' outline with the room its ways take. */
function sidesOf(mesh: Mesh, face: number): BlockSide[] {
  const ring = mesh.faces.get(face)!;
  return ring.map((a, i) => {
    const cls = mesh.way(a, ring[(i + 1) % ring.length]!)?.class ?? 'wall';
    return { p: mesh.at[a]!, d: halfWidth[cls], class: cls };
  });
}

/** Reading order: from the north-west, in bands. */
const order = (p: Pt) => -p[1] + p[0] * 0.35;
const serial = (n: number, digits: number) => String(n).padStart(digits, '0');

const fabricOf: Record<string, readonly (readonly [Fabric, number])[]> = {
  永丰: [
    ['old', 5],
    ['court', 4],
    ['mixed', 1],
  ],
  兴蓉: [
    ['old', 2],
    ['court', 5],
    ['mixed', 2],
    ['estate', 1],
  ],
  正街: [
    ['old', 7],
    ['court', 3],
  ],
  科园: [
    ['court', 3],
    ['mixed', 4],
    ['estate', 3],
  ],
  新北: [
    ['old', 3],
    ['court', 4],
    ['mixed', 2],
    ['estate', 1],
  ],
  新盛: [
    ['court', 5],
    ['mixed', 3],
    ['estate', 2],
  ],
  新光: [
    ['court', 3],
    ['mixed', 3],
    ['estate', 3],
  ],
};

/** Build the whole demonstration street. The same seed gives the same street, corner for corner. */
export function buildStreet(seed = 1): Street {
  const { mesh, leaves, grids } = partition(seed);
  nameWays(mesh, seed);
  const r = rngFor(seed, 'courts');
  const middle = (f: number) => centroid(mesh.points(f));
  const codeOf = new Map<Leaf, string>();
  const areas: StreetArea[] = [];
  const put = (a: Omit<StreetArea, 'rings' | 'households' | 'people'>) => {
    const made: StreetArea = { ...a, households: 0, people: 0, rings: outline(mesh, a.faces) };
    areas.push(made);
    return made;
  };
  const inStreet = leaves.filter((l) => l.community >= 0);
  put({ code: STREET.code, name: STREET.name, level: 'street', parent: null, faces: new Set(inStreet.map((l) => l.face)) });
  communities.forEach((c, ci) => {
    const own = inStreet.filter((l) => l.community === ci);
    put({ code: c.code, name: `${c.name}社区`, level: 'community', parent: STREET.code, faces: new Set(own.map((l) => l.face)) });
    const gridIds = grids.flatMap((g, i) => (g === ci ? [i] : []));
    const byGrid = gridIds.map((g) => own.filter((l) => l.grid === g)).filter((list) => list.length > 0);
    const at = (list: readonly Leaf[]) =>
      order(list.map((l) => middle(l.face)).reduce((s, p) => [s[0] + p[0] / list.length, s[1] + p[1] / list.length] as Pt, [0, 0] as Pt));
    byGrid.sort((p, q) => at(p) - at(q));
    byGrid.forEach((list, gi) => {
      const code = `${c.code}${serial(gi + 1, 3)}`;
      const short = `${c.name} ${serial(gi + 1, 2)}`;
      put({ code, name: `${short} 一般网格`, level: 'grid', parent: c.code, faces: new Set(list.map((l) => l.face)) });
      list.sort((p, q) => order(middle(p.face)) - order(middle(q.face)));
      list.forEach((l, mi) => {
        const micro = `${code}${serial(mi + 1, 3)}`;
        codeOf.set(l, micro);
        put({ code: micro, name: `${short}-${serial(mi + 1, 2)} 微网格`, level: 'micro', parent: code, faces: new Set([l.face]) });
      });
    });
    own
      .filter((l) => l.dedicated)
      .forEach((l, i) => {
        const code = `${c.code}9${serial(i + 1, 2)}`;
        codeOf.set(l, code);
        put({ code, name: l.dedicated!.name, level: 'dedicated', parent: c.code, faces: new Set([l.face]) });
      });
  });

  // what stands where
  const drafts = inStreet.map((leaf) => {
    const sides = sidesOf(mesh, leaf.face);
    const fabric: Fabric = leaf.dedicated ? leaf.dedicated.kind : gridFabric(leaf, seed, r);
    let houses = build(sides, fabric, r);
    if (!leaf.dedicated && !houses.some((b) => b.homes)) {
      houses = build(sides, 'old', r);
      if (!houses.some((b) => b.homes)) houses = houses.map((b) => ({ ...b, homes: true, floors: 6, use: 'home' as const }));
    }
    const kerb = inset(sides);
    if (!leaf.dedicated && houses.length === 0)
      houses = [{ ring: shrink(kerb.length ? kerb : mesh.points(leaf.face), 0.5), floors: 6, homes: true, use: 'home' }];
    return { leaf, kerb, houses, code: codeOf.get(leaf)! };
  });
  const people = rngFor(seed, 'people');
  const floorArea = (list: readonly Building[]) => list.reduce((s, b) => s + (b.homes ? area(b.ring) * b.floors : 0), 0);
  const ranked = drafts
    .filter((d) => !d.leaf.dedicated)
    .sort((p, q) => floorArea(p.houses) - floorArea(q.houses) || (p.code < q.code ? -1 : 1));
  const households = new Map<string, number>();
  ranked.forEach((d, i) => {
    households.set(d.code, Math.max(30, Math.min(100, Math.round(33 + 62 * (i / ranked.length) + between(people, -3, 5)))));
  });
  const byCode = new Map(areas.map((a) => [a.code, a]));
  for (const [code, n] of [...households].sort(([p], [q]) => (p < q ? -1 : 1))) {
    const persons = Math.round(n * between(people, 2.2, 2.9));
    for (let a = byCode.get(code); a; a = a.parent === null ? undefined : byCode.get(a.parent)) {
      a.households += n;
      a.people += persons;
    }
  }
  const names = rngFor(seed, 'names');
  const used = new Set<string>();
  const courts: Court[] = [...drafts]
    .sort((p, q) => (p.code < q.code ? -1 : 1))
    .map((d) => {
      const community = communities[d.leaf.community]!;
      const share = apportion(
        households.get(d.code) ?? 0,
        d.houses.map((b) => (b.homes ? area(b.ring) * b.floors : 0)),
      );
      let n = 0;
      const drawn = d.leaf.dedicated?.name ?? courtName(mesh, d.leaf.face, community.name, names, used);
      return {
        code: d.code,
        community: community.code,
        name: ownNames[d.code] ?? drawn,
        kind: d.leaf.dedicated?.kind ?? 'homes',
        face: d.leaf.face,
        heart: insidePoint(d.kerb.length > 2 ? d.kerb : mesh.points(d.leaf.face)),
        kerb: d.kerb,
        houses: d.houses.map((b, i): House => ({ ...b, area: d.code, households: share[i]!, name: b.homes ? `${++n}栋` : '' })),
      };
    });
  const rf = rngFor(seed, 'far');
  const far = leaves
    .filter((l) => l.community < 0)
    .map((l) => {
      const sides = sidesOf(mesh, l.face);
      const park = rf() < 0.035;
      return { kerb: inset(sides), park, buildings: park ? [] : buildFar(sides, rf) };
    });
  return { seed, mesh, areas, courts, far };
}

/** One fabric for most of a grid, so that quarters read as quarters. */
function gridFabric(leaf: Leaf, seed: number, r: Rng): Fabric {
  const list = fabricOf[communities[leaf.community]!.name]!;
  const base = weighted(rngFor(seed, `fabric ${leaf.grid}`), list);
  return r() < 0.68 ? base : weighted(r, list);
}

function shrink(ring: readonly Pt[], k: number): Pt[] {
  const c = centroid(ring);
  return ring.map(([x, y]): Pt => [c[0] + (x - c[0]) * k, c[1] + (y - c[1]) * k]);
}

/** Whole numbers in proportion to the weights, summing to `total` (largest remainders). */
export function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((s, w) => s + w, 0);
  if (sum === 0) return weights.map(() => 0);
  const exact = weights.map((w) => (total * w) / sum);
  const out = exact.map(Math.floor);
  const rest = total - out.reduce((s, n) => s + n, 0);
  const byRemainder = exact.map((e, i) => [e - Math.floor(e), i] as const).sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  for (let k = 0; k < rest; k++) out[byRemainder[k]![1]]! += 1;
  return out;
}

function courtName(mesh: Mesh, face: number, community: string, r: Rng, used: Set<string>): string {
  const ring = mesh.faces.get(face)!;
  const roads = ring.flatMap((a, i) => {
    const w = mesh.way(a, ring[(i + 1) % ring.length]!);
    return w?.name && (w.class === 'main' || w.class === 'minor' || w.class === 'lane') ? [w.name] : [];
  });
  for (let k = 0; k < 60; k++) {
    const name =
      roads.length && r() < 0.5
        ? `${pick(r, roads)} ${intBetween(r, 1, 180)} 号院`
        : r() < 0.5
          ? `${community}${pick(r, courtNames)}`
          : `${community}${pick(r, ['新', '锦', '丽', '嘉', '福', '文', '华', '康'])}${pick(r, courtSuffixes)}`;
    if (!used.has(name)) {
      used.add(name);
      return name;
    }
  }
  const name = `${community} ${used.size} 号院`;
  used.add(name);
  return name;
}

/** Cuts that run on across a junction become one street; then each street and lane gets a name. */
function nameWays(mesh: Mesh, seed: number) {
  const parent = new Map<number, number>();
  const root = (id: number): number => {
    const p = parent.get(id) ?? id;
    return p === id ? id : root(p);
  };
  const at = new Map<number, [other: number, way: Way][]>();
  for (const [a, b, way] of mesh.edges()) {
    if (way.class !== 'minor' && way.class !== 'lane') continue;
    for (const [p, q] of [
      [a, b],
      [b, a],
    ] as const) {
      const list = at.get(p);
      if (list) list.push([q, way]);
      else at.set(p, [[q, way]]);
    }
  }
  for (const [c, list] of at) {
    for (let i = 0; i < list.length; i++) {
      for (let j = i + 1; j < list.length; j++) {
        const [p, w] = list[i]!;
        const [q, v] = list[j]!;
        if (w.class !== v.class || root(w.id) === root(v.id)) continue;
        const o = mesh.at[c]!;
        const a = Math.atan2(mesh.at[p]![1] - o[1], mesh.at[p]![0] - o[0]);
        const b = Math.atan2(mesh.at[q]![1] - o[1], mesh.at[q]![0] - o[0]);
        if (Math.abs(Math.cos(a - b) + 1) < 0.06) parent.set(root(w.id), root(v.id));
      }
    }
  }
  const r = rngFor(seed, 'ways');
  const minors = shuffle(r, streetNames);
  const given = new Map<number, string>();
  let m = 0;
  let l = 0;
  const ways = [...new Set([...mesh.edges()].map(([, , w]) => w))].sort((p, q) => p.id - q.id);
  for (const w of ways) {
    if (w.class !== 'minor' && w.class !== 'lane') continue;
    const id = root(w.id);
    let name = given.get(id);
    if (!name) {
      const round = (n: number) => Math.floor(n / minors.length);
      name =
        w.class === 'minor'
          ? `${minors[m % minors.length]!}${['', '东段', '西段', '南段', '北段', '中段', '一段', '二段', '三段', '四段', '五段'][round(m++)] ?? ''}`
          : `${minors[l % minors.length]!.replace(/[街路道]$/u, '')}${laneSuffixes[round(l++) % laneSuffixes.length]!}`;
      given.set(id, name);
    }
    w.name = name;
  }
}
