import { parentPort } from 'node:worker_threads';
import { buildRoads, type RoadGraph } from '../../geo/roads/graph.ts';
import { readRoads } from '../../geo/roads/read.ts';
import { type Walk, walksTo } from '../../geo/roads/walk.ts';
import type { AreaCode, LngLat } from '../../model/brand.ts';
import { type NamedPlace, namedAreas, namedFeatures, type PlaceKind } from './place-names.ts';
import { find, type Row, rowsOf } from './search.ts';

/**
 * The thread that holds the walking graph and the index of names: building them takes seconds for a city, and a way through it
 * milliseconds, neither of which the thread that answers screens has to spare. Questions are answered in order.
 */
export type Question =
  | { readonly ask: 'basemap' | 'boundaries'; readonly bytes: ArrayBuffer }
  | { readonly ask: 'walks'; readonly goal: LngLat; readonly from: readonly LngLat[] }
  | { readonly ask: 'search'; readonly query: string; readonly limit: number };
export interface Found {
  readonly kind: PlaceKind;
  readonly name: string;
  readonly lngLat: LngLat;
  /** of an area; absent = the place that holds the point */
  readonly area?: AreaCode;
}
export type Reply = Walk[] | Found[] | { readonly names: number; readonly edges: number };

let roads: RoadGraph | null = null;
let areas: readonly Row<NamedPlace>[] = [];
let features: readonly Row<NamedPlace>[] = [];

const parse = (bytes: ArrayBuffer) => JSON.parse(new TextDecoder().decode(bytes));

function answer(q: Question): Reply {
  switch (q.ask) {
    case 'basemap': {
      const geojson = parse(q.bytes);
      roads = buildRoads(readRoads(geojson));
      features = rowsOf(namedFeatures(geojson));
      return { names: features.length, edges: roads.a.length };
    }
    case 'boundaries':
      areas = rowsOf(namedAreas(parse(q.bytes).features));
      return { names: areas.length, edges: 0 };
    case 'walks':
      return walksTo(roads, q.goal, q.from);
    case 'search':
      return find([areas, features], q.query, q.limit).map(({ kind, name, area, at }) => ({
        kind,
        name,
        lngLat: at(),
        ...(area === undefined ? {} : { area }),
      }));
  }
}

parentPort?.on('message', ({ id, question }: { id: number; question: Question }) => {
  try {
    parentPort?.postMessage({ id, reply: answer(question) });
  } catch (error) {
    parentPort?.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
});
