import { monitorEventLoopDelay } from 'node:perf_hooks';
import { buildRoads, type RoadGraph } from '../../geo/roads/graph.ts';
import { readRoads } from '../../geo/roads/read.ts';
import { walksTo } from '../../geo/roads/walk.ts';
import { synthCity } from '../../geo/synth-city.ts';
import type { LngLat } from '../../model/brand.ts';
import { emptyWorld } from '../../model/world.ts';
import { basemap } from '../../seed/street/geojson.ts';
import { courtNames, courtSuffixes, streetNames } from '../../seed/street/names.ts';
import { buildStreet } from '../../seed/street/street.ts';
import type { BoundaryFeature } from '../../server/boundary-form.ts';
import { openFinder } from '../../server/finder/finder.ts';
import { namedAreas, namedFeatures } from '../../server/finder/place-names.ts';
import { find, rowsOf } from '../../server/finder/search.ts';

export const title = 'Ways on foot and places by name: the demonstration street, and a city of 126,449 micro-grids';

/** The same numbers on every run (Park & Miller 1988). */
function numbers(seed: number) {
  let s = seed;
  return () => {
    s = (s * 48_271) % 2_147_483_647;
    return s / 2_147_483_647;
  };
}
/** Milliseconds of CPU, so that what else runs on the machine does not count. */
function timed<T>(work: () => T): [ms: number, result: T] {
  const begun = process.cpuUsage().user;
  const result = work();
  return [(process.cpuUsage().user - begun) / 1000, result];
}
const median = (list: readonly number[]) => [...list].sort((a, b) => a - b)[list.length >> 1]!;
const ms = (n: number) => `${n < 10 ? n.toFixed(2) : Math.round(n)} ms`;

/** Streets every 120 m or so, in pieces of ten blocks, a vertex at every crossing; a named court in every block. */
function cityBasemap(side = 356): object {
  const r = numbers(7);
  const at = (i: number, j: number) => [Number((103.85 + i * 0.0012).toFixed(7)), Number((30.45 + j * 0.0012).toFixed(7))];
  const name = (i: number) =>
    `${streetNames[i % streetNames.length]}${i >= streetNames.length ? `${Math.floor(i / streetNames.length)}段` : ''}`;
  const features: object[] = [];
  for (const across of [false, true])
    for (let i = 0; i < side; i++)
      for (let j = 0; j + 1 < side; j += 10) {
        const line = Array.from({ length: Math.min(11, side - j) }, (_, k) => (across ? at(j + k, i) : at(i, j + k)));
        features.push({
          type: 'Feature',
          properties: { layer: 'road', class: 'minor', name: name(i) },
          geometry: { type: 'LineString', coordinates: line },
        });
      }
  for (let n = 0; n < side * side; n++) {
    const [lng, lat] = at(n % side, Math.floor(n / side)) as [number, number];
    const court = `${streetNames[Math.floor(r() * streetNames.length)]}${courtNames[Math.floor(r() * courtNames.length)]}${courtSuffixes[Math.floor(r() * courtSuffixes.length)]}`;
    features.push({
      type: 'Feature',
      properties: { layer: 'poi', kind: 'court', name: court },
      geometry: { type: 'Point', coordinates: [lng + 0.0006, lat + 0.0006] },
    });
  }
  return { type: 'FeatureCollection', features };
}

/** One search outwards for all units against one search for each, within `km` of the incident. */
function compare(print: (line: string) => void, where: string, roads: RoadGraph, middle: LngLat, km: number) {
  const r = numbers(11);
  const near = (): LngLat => [middle[0] + ((r() - 0.5) * km) / 48, middle[1] + ((r() - 0.5) * km) / 55.5];
  const [once, each]: [number[], number[]] = [[], []];
  let byRoad = 0;
  for (let round = 0; round < 25; round++) {
    const goal = near();
    const units = Array.from({ length: 48 }, near);
    const [a, walks] = timed(() => walksTo(roads, goal, units));
    const [b] = timed(() => units.map((u) => walksTo(roads, goal, [u])));
    byRoad += walks.filter((w) => w.by === 'road').length;
    once.push(a);
    each.push(b);
  }
  const [a, b] = [median(once), median(each)];
  print(`${where}: 48 units, ${byRoad}/${25 * 48} by road; one search ${ms(a)}, 48 searches ${ms(b)}: ${(b / a).toFixed(1)} times`);
}

const queries = ['zjsq', 'zhengjie', '正街', '新盛路', '46号院', 'lty', 'gaoxin', 'w', '芙蓉苑', 'zyl 2', 'xjhzj', '没有这个地方'];

export async function run(print: (line: string) => void): Promise<void> {
  const small = basemap(buildStreet());
  const [t1, street] = timed(() => buildRoads(readRoads(small)));
  print(`street: ${street.lng.length} nodes, ${street.a.length} edges, graph built in ${ms(t1)}`);
  compare(print, 'street', street, [104.03, 30.614], 2.5);

  const big = cityBasemap();
  const [t2, city] = timed(() => buildRoads(readRoads(big)));
  print(`city: ${city.lng.length} nodes, ${city.a.length} edges, graph built in ${ms(t2)}`);
  compare(print, 'city, units within 2.5 km', city, [104.06, 30.66], 2.5);
  compare(print, 'city, units within 20 km', city, [104.06, 30.66], 20);

  searching(print, big);
  await stall(print, [Buffer.from(JSON.stringify(big)), cityBoundaries()]);
}

function searching(print: (line: string) => void, big: object) {
  const features = cityAreas();
  const before = process.memoryUsage().heapUsed;
  const [t3, places] = timed(() => [...namedAreas(features), ...namedFeatures(big)]);
  const [t4, index] = timed(() => rowsOf(places));
  print(
    `search: ${places.length} places, names read in ${ms(t3)}, indexed in ${ms(t4)}, ${Math.round((process.memoryUsage().heapUsed - before) / 1e6)} MB`,
  );
  const slow: string[] = [];
  const times = queries.map((q) => {
    const t = median(Array.from({ length: 5 }, () => timed(() => find([index], q, 10))[0]));
    slow.push(`${q} ${ms(t)}`);
    return t;
  });
  print(`search: median ${ms(median(times))}, worst ${ms(Math.max(...times))} (${slow.join(', ')})`);
}

const cityAreas = () =>
  [...synthCity().all()].map(({ geometry, ...properties }): BoundaryFeature => ({ type: 'Feature', properties, geometry }));
const cityBoundaries = () => Buffer.from(JSON.stringify({ type: 'FeatureCollection', features: cityAreas() }));

/** How long the thread that answers screens stands still while a city is taken in: in a thread of its own, and if it were not. */
async function stall(print: (line: string) => void, [map, boundaries]: readonly [Buffer, Buffer]) {
  const blobs = new Map([
    ['m', map],
    ['b', boundaries],
  ]);
  const [inline] = timed(() => {
    const [m, b] = [...blobs.values()].map((bytes) => JSON.parse(bytes.toString('utf8')));
    buildRoads(readRoads(m));
    rowsOf([...namedAreas(b.features), ...namedFeatures(m)]);
  });
  const world = { ...emptyWorld, basemap: { hash: 'm' }, boundaries: { version: 1, hash: 'b', validFrom: emptyWorld.at } };
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const notes: string[] = [];
  delay.enable();
  const begun = performance.now();
  const finder = openFinder({
    ledger: { world, follow: () => () => {} },
    store: { getBlob: async (hash) => ({ type: 'application/geo+json', bytes: blobs.get(hash)! }) },
    note: (line) => notes.push(line),
    onError: (error) => print(error.message),
  });
  await finder.search('zjsq', 5);
  const total = performance.now() - begun;
  delay.disable();
  const asked: number[] = [];
  for (const q of queries) {
    const from = performance.now();
    await finder.search(q, 10);
    asked.push(performance.now() - from);
  }
  await finder.close();
  for (const line of notes) print(line);
  print(
    `taking the city in: ${Math.round([...blobs.values()].reduce((s, b) => s + b.length, 0) / 1e6)} MB of GeoJSON, ready after ${ms(total)}; the main thread stood still for at most ${ms(delay.max / 1e6)}, in line it would be ${ms(inline)}`,
  );
  print(`a question asked across the threads: median ${ms(median(asked))}`);
}
