import { pathToFileURL } from 'node:url';
import booleanPointInPolygon from '@turf/boolean-point-in-polygon';
import Flatbush from 'flatbush';
import type { Boundary } from '../../geo/boundaries/read.ts';
import { packCells } from '../../geo/cells.ts';
import { OUTSIDE, sideOf } from '../../geo/exact.ts';
import { boxOf, polygonsOf } from '../../geo/geojson.ts';
import { toDegrees, toUnits } from '../../geo/lng-lat.ts';
import { buildLocator } from '../../geo/locate.ts';
import { CITY_COUNTS, synthCity } from '../../geo/synth-city.ts';
import type { LngLat } from '../../model/brand.ts';

export const title = 'locate: point to micro-grid, ours vs @turf/boolean-point-in-polygon over flatbush boxes';

const ROUNDS = 5;
const POINTS = 100_000;
/** Patrol units walk some 1.3 m/s and report each 10 s: about 13 m a step. */
const WALKERS = 1_000;
const STEP_DEGREES = 0.00012;

export async function run(print: (line: string) => void): Promise<void> {
  const features = [...synthCity().features('micro')];
  print(`${features.length.toLocaleString('en-US')} micro-grids (of ${CITY_COUNTS.community.toLocaleString('en-US')} communities)`);
  const started = process.cpuUsage().user;
  const locator = buildLocator(features);
  print(`our index is built in ${Math.round((process.cpuUsage().user - started) / 1000)} ms of CPU`);
  const index = boxIndex(features);
  const turf = (point: LngLat) => turfOwner(features, index, point);
  const exact = exactOverBoxes(features, index);

  const anywhere = randomPoints(features, POINTS);
  const walks = walkingPoints(anywhere);
  const cases = {
    'turf over boxes': () => each(anywhere, turf),
    'our exact test over the same boxes': () => each(anywhere, exact),
    'ours (tiles)': () => each(anywhere, (p) => locator.locate(p)),
    'turf over boxes, walking': () => each(walks, turf),
    'ours (tiles), walking': () => each(walks, (p) => locator.locate(p)),
  };
  const times = new Map(Object.keys(cases).map((name) => [name, [] as number[]]));
  for (const work of Object.values(cases)) work();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, work] of Object.entries(cases)) {
      const from = process.cpuUsage().user;
      work();
      times.get(name)!.push((process.cpuUsage().user - from) / 1000);
    }
  }
  const perSecond = (name: keyof typeof cases) => POINTS / (median(times.get(name)!) / 1000);
  for (const name of times.keys())
    print(`${name.padEnd(36)} ${(perSecond(name as keyof typeof cases) / 1e6).toFixed(2)} M points/s of CPU time`);
  const ratio = (ours: keyof typeof cases, theirs: keyof typeof cases) => `${(perSecond(ours) / perSecond(theirs)).toFixed(1)}x`;
  print(
    `points anywhere: ${ratio('ours (tiles)', 'turf over boxes')} (goal 5x); with the very same index ${ratio('our exact test over the same boxes', 'turf over boxes')}`,
  );
  print(`walking units: ${ratio('ours (tiles), walking', 'turf over boxes, walking')} (goal 5x)`);

  const borders = borderPoints(features);
  let one = 0;
  let [turfWith, turfWithout] = [0, 0];
  for (const point of borders) {
    const owner = locator.locate(point);
    if (owner !== null && owner === locator.touching(point)[0]) one++;
    if (turfOwners(features, index, point, false) === 1) turfWith++;
    if (turfOwners(features, index, point, true) === 1) turfWithout++;
  }
  const share = (n: number) => `${n.toLocaleString('en-US')} (${((100 * n) / borders.length).toFixed(1)} %)`;
  print(
    `of ${borders.length.toLocaleString('en-US')} border points exactly one owner: ours ${share(one)}, turf ${share(turfWith)}, turf ignoring borders ${share(turfWithout)}`,
  );
}

function boxIndex(features: readonly Boundary[]): Flatbush {
  const index = new Flatbush(features.length);
  for (const { geometry } of features) index.add(...(boxOf(geometry) as [number, number, number, number]));
  index.finish();
  return index;
}

/** The usual way: boxes in flatbush, then turf; the first that says yes. */
function turfOwner(features: readonly Boundary[], index: Flatbush, point: LngLat): string | null {
  for (const i of index.search(point[0], point[1], point[0], point[1])) if (turfHolds(features[i]!, point)) return features[i]!.code;
  return null;
}

/** Our rule without our tiles: lowest code of all boxes hit (features come sorted by code). */
function exactOverBoxes(features: readonly Boundary[], index: Flatbush) {
  const { xy, starts, rings, codes } = packCells(features);
  return (point: LngLat) => {
    const [x, y] = [toUnits(point[0]), toUnits(point[1])];
    let best = codes.length;
    for (const i of index.search(point[0], point[1], point[0], point[1])) {
      if (i < best && sideOf(xy, starts, rings[i]!, rings[i + 1]!, x, y) !== OUTSIDE) best = i;
    }
    return codes[best] ?? null;
  };
}

function each(points: readonly LngLat[], locate: (at: LngLat) => unknown) {
  for (const point of points) locate(point);
}

const turfHolds = (feature: Boundary, point: LngLat, ignoreBoundary = false) =>
  booleanPointInPolygon(point as [number, number], feature.geometry as never, { ignoreBoundary });
const turfOwners = (features: readonly Boundary[], index: Flatbush, [lng, lat]: LngLat, ignoreBoundary: boolean) =>
  index.search(lng, lat, lng, lat).filter((i) => turfHolds(features[i]!, [lng, lat], ignoreBoundary)).length;

/** Seeded: two runs see the same points. */
function numbers(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function randomPoints(features: readonly Boundary[], count: number): LngLat[] {
  const next = numbers(7);
  return Array.from({ length: count }, () => {
    const [west, south, east, north] = boxOf(features[Math.floor(next() * features.length)]!.geometry);
    return [west + next() * (east - west), south + next() * (north - south)];
  });
}

/** `WALKERS` units in turn, each a step on from where it was. */
function walkingPoints(starts: readonly LngLat[]): LngLat[] {
  const next = numbers(11);
  const courses = Array.from({ length: WALKERS }, () => next() * 2 * Math.PI);
  const at = starts.slice(0, WALKERS);
  return Array.from({ length: POINTS }, (_, i) => {
    const w = i % WALKERS;
    courses[w] = courses[w]! + (next() - 0.5) * 0.6;
    const [lng, lat] = at[w]!;
    at[w] = [lng + Math.cos(courses[w]!) * STEP_DEGREES, lat + Math.sin(courses[w]!) * STEP_DEGREES];
    return at[w]!;
  });
}

/** A sample of corners and bends: each lies on the border of one to four micro-grids. */
function borderPoints(features: readonly Boundary[]): LngLat[] {
  const points = new Map<string, LngLat>();
  for (let i = 0; i < features.length; i += 3) {
    for (const ring of polygonsOf(features[i]!.geometry).flat()) {
      for (const v of [0, 2]) {
        const point: LngLat = [toDegrees(toUnits(ring[v]![0]!)), toDegrees(toUnits(ring[v]![1]!))];
        points.set(point.join(), point);
      }
    }
  }
  return [...points.values()];
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(title);
  await run((line) => console.log(line));
}
