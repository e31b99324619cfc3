import type { AreaFeature } from '../geo/cells.ts';
import { polygonsOf } from '../geo/geojson.ts';
import { buildLocator, type Locator } from '../geo/locate.ts';
import type { AreaCode, LngLat } from '../model/brand.ts';
import type { Box } from '../model/plausible.ts';
import type { Sensor, World } from '../model/world.ts';
import type { BoundaryFeature } from './boundary-form.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Store } from './store/store.ts';

/** Which leaf area holds a point, by the boundaries of the world as it is now. */
export interface Places {
  locate(at: LngLat): AreaCode | null;
  /** The box around all areas, degrees; null = no boundaries are published. */
  extent(): Box | null;
  /** A sensor stands where it was registered. */
  ofSensor(sensor: Pick<Sensor, 'area' | 'lngLat'>): AreaCode | null;
  /** The same by the boundaries of another world: those of the past are indexed anew and kept for a while. */
  of(world: Pick<World, 'boundaries'>): Promise<(at: LngLat) => AreaCode | null>;
  /** Index boundaries before they are published, so that the change of version needs no wait. */
  prepare(hash: string, features: readonly BoundaryFeature[]): void;
  close(): void;
}

/** indexes of boundaries of the past, each as large as that of today */
const PAST_KEPT = 2;

/** Index the published boundaries, if any, and follow the ledger to the next version. */
export async function openPlaces(ledger: Ledger, store: Pick<Store, 'getBlob'>): Promise<Places> {
  let now: Indexed = indexed([]);
  let hash: string | null = null;
  const prepared = new Map<string, Indexed>();

  function turnTo(world: World) {
    const wanted = world.boundaries?.hash ?? null;
    if (wanted === null || wanted === hash) return;
    const ready = prepared.get(wanted);
    if (!ready) throw new Error(`boundaries ${wanted} were published without being indexed`);
    now = ready;
    hash = wanted;
    prepared.clear();
  }

  const past = new Map<string, Promise<Indexed>>();
  async function published(of: string): Promise<Indexed> {
    const blob = await store.getBlob(of);
    if (!blob) throw new Error(`the boundaries ${of} named by the ledger are not in the store`);
    return indexed(JSON.parse(Buffer.from(blob.bytes).toString('utf8')).features);
  }
  function pastIndex(of: string): Promise<Indexed> {
    const known = past.get(of) ?? published(of);
    past.delete(of);
    past.set(of, known);
    known.catch(() => past.delete(of));
    if (past.size > PAST_KEPT) past.delete(past.keys().next().value as string);
    return known;
  }

  const prepare = (h: string, features: readonly BoundaryFeature[]) => {
    if (h !== hash) prepared.set(h, indexed(features));
  };

  const { boundaries } = ledger.world;
  if (boundaries) {
    prepared.set(boundaries.hash, await published(boundaries.hash));
    turnTo(ledger.world);
  }
  const close = ledger.follow((entries, world) => {
    if (entries.some((e) => e.kind === 'boundaries.published')) turnTo(world);
  });

  return {
    locate: (at) => now.locator.locate(at),
    extent: () => now.extent,
    async of(world) {
      if (!world.boundaries) return () => null;
      const { locator } = world.boundaries.hash === hash ? now : await pastIndex(world.boundaries.hash);
      return (at) => locator.locate(at);
    },
    ofSensor: (sensor) => sensor.area ?? now.locator.locate(sensor.lngLat),
    prepare,
    close,
  };
}

interface Indexed {
  readonly locator: Locator;
  readonly extent: Box | null;
}
const indexed = (features: readonly BoundaryFeature[]): Indexed => ({
  locator: buildLocator(features.map(toArea)),
  extent: boxOf(features.flatMap((f) => polygonsOf(f.geometry).map(([outline]) => outline ?? []))),
});

function boxOf(rings: readonly (readonly (readonly number[])[])[]): Box | null {
  const box: [number, number, number, number] = [180, 90, -180, -90];
  for (const ring of rings)
    for (const [lng = 0, lat = 0] of ring) {
      box[0] = Math.min(box[0], lng);
      box[1] = Math.min(box[1], lat);
      box[2] = Math.max(box[2], lng);
      box[3] = Math.max(box[3], lat);
    }
  return box[0] > box[2] ? null : box;
}

const toArea = (f: BoundaryFeature): AreaFeature => ({
  code: f.properties.code,
  parent: f.properties.parent,
  level: f.properties.level,
  geometry: f.geometry,
});
