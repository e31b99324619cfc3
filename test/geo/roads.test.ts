import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { distanceM, lengthM } from '../../geo/distance.ts';
import { buildRoads } from '../../geo/roads/graph.ts';
import { type RoadLine, readRoads } from '../../geo/roads/read.ts';
import { REACH_M, STRAY_M, walksTo } from '../../geo/roads/walk.ts';
import type { LngLat } from '../../model/brand.ts';

/** A lattice of 6 by 6 corners, some 300 m apart: each is out of reach of the next. */
const N = 6;
const corner = (x: number, y: number): LngLat => [104.03 + x * 0.003, 30.61 + y * 0.0027];
const corners = Array.from({ length: N * N }, (_, i) => corner(i % N, Math.floor(i / N)));

/** Strokes along the lattice: from a corner, so many steps east or north. */
interface Stroke {
  readonly x: number;
  readonly y: number;
  readonly steps: number;
  readonly north: boolean;
}
const arbStroke = fc.record({ x: fc.nat(N - 1), y: fc.nat(N - 1), steps: fc.integer({ min: 1, max: N }), north: fc.boolean() });
const cornersOf = ({ x, y, steps, north }: Stroke) =>
  Array.from({ length: steps + 1 }, (_, k) => (north ? [x, y + k] : [x + k, y]) as [number, number]).filter(([i, j]) => i < N && j < N);
const crossing = (points: readonly LngLat[]): RoadLine => ({ points, meets: 'crossing' });
/** The same street drawn with a vertex at every corner, or with its ends only. */
const detailed = (s: Stroke) => crossing(cornersOf(s).map(([i, j]) => corner(i, j)));
const plain = (s: Stroke) => {
  const list = detailed(s).points;
  return crossing([list[0]!, list.at(-1)!]);
};

/** All shortest ways between corners (Floyd 1962), from the strokes alone. */
function floyd(strokes: readonly Stroke[]): number[][] {
  const d = corners.map((_, i) => corners.map((_, j) => (i === j ? 0 : Infinity)));
  for (const s of strokes) {
    const list = cornersOf(s).map(([i, j]) => j * N + i);
    for (let k = 1; k < list.length; k++) {
      const [p, q] = [list[k - 1]!, list[k]!];
      d[p]![q] = distanceM(corners[p]!, corners[q]!);
      d[q]![p] = d[p]![q]!;
    }
  }
  for (let k = 0; k < d.length; k++)
    for (let i = 0; i < d.length; i++) for (let j = 0; j < d.length; j++) d[i]![j] = Math.min(d[i]![j]!, d[i]![k]! + d[k]![j]!);
  return d;
}

describe('ways on foot', () => {
  it('are the shortest there are, however the streets are drawn', () => {
    fc.assert(
      fc.property(fc.array(arbStroke, { minLength: 1, maxLength: 14 }), fc.nat(N * N - 1), fc.boolean(), (drawn, goal, withVertices) => {
        const strokes = drawn.filter((s) => cornersOf(s).length > 1);
        const oracle = floyd(strokes);
        const roads = buildRoads(strokes.map(withVertices ? detailed : plain));
        const walks = walksTo(roads, corners[goal]!, corners);
        for (const [i, walk] of walks.entries()) {
          const known = oracle[goal]![i]!;
          const by = i !== goal && known < Infinity ? 'road' : 'straight';
          expect([walk.by, i]).toEqual([by, i]);
          expect(walk.metres).toBeCloseTo(by === 'road' ? known : distanceM(corners[i]!, corners[goal]!), 1);
        }
      }),
      { numRuns: 150 },
    );
  });

  const grid = Array.from({ length: N }, (_, k) => [
    { x: 0, y: k, steps: N - 1, north: false },
    { x: k, y: 0, steps: N - 1, north: true },
  ]).flat();
  const arbPlace = fc.tuple(fc.double({ min: -0.3, max: N - 0.7, noNaN: true }), fc.double({ min: -0.3, max: N - 0.7, noNaN: true }));
  const placed = arbPlace.map(([x, y]) => corner(x, y));

  it('are as long one way as the other, no shorter than the straight line, and as long as their path', () => {
    const roads = buildRoads(grid.map(plain));
    fc.assert(
      fc.property(placed, placed, (p, q) => {
        const [there] = walksTo(roads, q, [p]);
        const [back] = walksTo(roads, p, [q]);
        expect(there!.by).toBe(back!.by);
        expect(there!.metres).toBeCloseTo(back!.metres, 6);
        expect(there!.metres).toBeGreaterThanOrEqual(distanceM(p, q) - 1e-6);
        expect(there!.metres).toBeCloseTo(lengthM(there!.path), 9);
        expect([there!.path[0], there!.path.at(-1)]).toEqual([p, q]);
      }),
    );
  });

  it('by way of a third place are no shorter', () => {
    const roads = buildRoads(grid.filter((_, i) => i % 3 !== 1).map(plain));
    fc.assert(
      fc.property(placed, placed, placed, (p, q, r) => {
        const [pr] = walksTo(roads, r, [p]);
        const [pq] = walksTo(roads, q, [p]);
        const [qr] = walksTo(roads, r, [q]);
        fc.pre(pq!.by === 'road' && qr!.by === 'road');
        expect(pr!.metres).toBeLessThanOrEqual(pq!.metres + qr!.metres + 1e-6);
      }),
    );
  });

  it('of many at once are those of one at a time', () => {
    const roads = buildRoads(grid.filter((_, i) => i % 4).map(plain));
    fc.assert(
      fc.property(placed, fc.array(placed, { maxLength: 8 }), (goal, from) => {
        expect(walksTo(roads, goal, from)).toEqual(from.map((p) => walksTo(roads, goal, [p])[0]));
      }),
    );
  });

  it('are straight lines, and say so, where no road is near, where none connects, and without roads', () => {
    const roads = buildRoads([crossing([corner(0, 0), corner(2, 0)]), crossing([corner(0, 5), corner(2, 5)])]);
    const off: LngLat = [104.03, 30.61 - (REACH_M + 5) / 111_195];
    const nearby: LngLat = [104.03, 30.61 - (REACH_M - 5) / 111_195];
    expect(walksTo(roads, corner(2, 0), [off, nearby, corner(1, 5), corner(0, 0)]).map((w) => w.by)).toEqual([
      'straight',
      'road',
      'straight',
      'road',
    ]);
    expect(walksTo(null, corner(2, 0), [off])[0]).toEqual({
      metres: distanceM(off, corner(2, 0)),
      by: 'straight',
      path: [off, corner(2, 0)],
    });
    expect(walksTo(buildRoads([]), corner(2, 0), [off])[0]!.by).toBe('straight');
  });

  it('do not go to a road and back between two who stand nearer to each other', () => {
    const roads = buildRoads([crossing([corner(0, 0), corner(5, 0)])]);
    const [p, q] = [corner(2, 0.4), corner(2.1, 0.4)];
    expect(walksTo(roads, p, [q])[0]!.by).toBe('straight');
  });

  it('go along one road between two points beside it', () => {
    const roads = buildRoads([crossing([corner(0, 0), corner(5, 0)])]);
    const [walk] = walksTo(roads, corner(4, 0.1), [corner(1, 0.1)]);
    expect(walk!.path).toHaveLength(4);
    expect(walk!.metres).toBeCloseTo(distanceM(corner(1, 0), corner(4, 0)) + 2 * distanceM(corner(1, 0), corner(1, 0.1)), 1);
  });

  it('lead off a stray piece at the door to the network', () => {
    const roads = buildRoads([crossing([corner(0, 0), corner(5, 0)]), crossing([corner(0, 0.2), corner(0.1, 0.2)])]);
    expect(walksTo(roads, corner(4, 0), [corner(0.1, 0.2)])[0]!.by).toBe('road');
    expect(distanceM(corner(0, 0.2), corner(0.1, 0.2))).toBeLessThan(STRAY_M);
  });
});

describe('where roads meet', () => {
  const feature = (coordinates: LngLat[], properties: object) => ({
    type: 'Feature',
    properties,
    geometry: { type: 'LineString', coordinates },
  });
  const collection = (...features: object[]) => ({ type: 'FeatureCollection', features });
  const across = [corner(1, -1), corner(1, 1)];
  const along = [corner(0, 0), corner(2, 0)];
  const walk = (file: object) => walksTo(buildRoads(readRoads(file)), corner(1, 1), [corner(0, 0)])[0]!;
  const around = distanceM(corner(0, 0), corner(1, 0)) + distanceM(corner(1, 0), corner(1, 1));

  it('lines that cross meet, a bridge passes over', () => {
    expect(walk(collection(feature(along, { layer: 'road' }), feature(across, { layer: 'road' }))).metres).toBeCloseTo(around, 2);
    expect(walk(collection(feature(along, { highway: 'primary' }), feature(across, { highway: 'primary', bridge: 'yes' }))).by).toBe(
      'straight',
    );
    expect(walk(collection(feature(along, { highway: 'primary' }), feature(across, { highway: 'primary', layer: '1' }))).by).toBe(
      'straight',
    );
  });

  it('a line that ends on another, or within half a metre, meets it', () => {
    for (const gap of [0, 0.000003]) {
      const file = collection(feature(along, { layer: 'road' }), feature([corner(1, gap / 0.0027), corner(1, 1)], { layer: 'road' }));
      expect(walk(file).metres).toBeCloseTo(around, 0);
    }
    const short = collection(feature(along, { layer: 'road' }), feature([corner(1, 0.05), corner(1, 1)], { layer: 'road' }));
    expect(walk(short).by).toBe('straight');
  });

  it('a file that names its junctions says itself what meets what', () => {
    const named = (from: string, to: string) => ({ highway: 'residential', from, to });
    const apart = collection(feature(along, named('A', 'B')), feature(across, named('C', 'D')));
    expect(walk(apart).by).toBe('straight');
    const drawnApart = collection(
      feature([corner(0, 0), corner(0.95, 0)], named('A', 'X')),
      feature([corner(1, 0.05), corner(1, 1)], named('X', 'D')),
    );
    const met = walk(drawnApart);
    expect(met.by).toBe('road');
    expect(met.metres).toBeLessThan(around);
  });

  it('only roads are walked, and no motorway', () => {
    const read = readRoads(
      collection(
        feature(along, { layer: 'river' }),
        feature(along, { highway: 'motorway' }),
        feature(along, { highway: 'footway', foot: 'no' }),
        feature(across, { layer: 'road', class: 'lane' }),
        { type: 'Feature', properties: { layer: 'road' }, geometry: { type: 'Point', coordinates: corner(0, 0) } },
      ),
    );
    expect(read).toEqual([{ points: across, meets: 'crossing' }]);
    expect(readRoads(null)).toEqual([]);
  });
});

const real = '../shared/data/osm-chengdu-roads/roads.geojson';
describe('real roads of Chengdu', () => {
  test.skipIf(!existsSync(real))(`${real} (skipped where that file is absent)`, () => {
    const file = JSON.parse(readFileSync(real, 'utf8')) as { features: { properties: { length_m: number } }[] };
    const lines = readRoads(file);
    expect(lines).toHaveLength(file.features.length);
    const roads = buildRoads(lines);
    const nodes = [...roads.lng].map((lng, i): LngLat => [lng, roads.lat[i]!]);
    const longest = roads.partM.indexOf(Math.max(...roads.partM));
    const main = nodes.filter((_, i) => roads.part[i] === longest);
    expect(main.length / nodes.length).toBeGreaterThan(0.95);
    const drawn = lines.reduce((sum, l) => sum + lengthM(l.points), 0);
    const said = file.features.reduce((sum, f) => sum + f.properties.length_m, 0);
    // the file's own lengths leave out what lies inside junctions
    expect(drawn / said).toBeGreaterThan(0.95);
    expect(drawn / said).toBeLessThan(1.1);
    const goal = main[Math.floor(main.length / 2)]!;
    const some = main.filter((_, i) => i % 40 === 0);
    const walks = walksTo(roads, goal, some);
    const detours = walks.filter((w) => w.by === 'road').map((w) => w.metres / distanceM(w.path[0]!, goal));
    expect(walks.filter((w) => w.by === 'straight' && w.metres > 0)).toEqual([]);
    expect(Math.min(...detours)).toBeGreaterThanOrEqual(1);
    // ways in a town are some 1.2 to 1.5 times the straight line
    const median = detours.sort((p, q) => p - q)[detours.length >> 1]!;
    expect(median).toBeGreaterThan(1.05);
    expect(median).toBeLessThan(1.6);
    for (const [i, p] of some.entries()) expect(walksTo(roads, p, [goal])[0]!.metres).toBeCloseTo(walks[i]!.metres, 5);
  });
});
