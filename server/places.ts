import type { AreaFeature } from '../geo/cells.ts';
import { buildLocator, type Locator } from '../geo/locate.ts';
import type { AreaCode, LngLat } from '../model/brand.ts';
import type { Sensor, World } from '../model/world.ts';
import type { BoundaryFeature } from './boundary-form.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Store } from './store/store.ts';

/** Which leaf area holds a point, by the boundaries of the world as it is now. */
export interface Places {
  locate(at: LngLat): AreaCode | null;
  /** A sensor stands where it was registered. */
  ofSensor(sensor: Pick<Sensor, 'area' | 'lngLat'>): AreaCode | null;
  /** Index boundaries before they are published, so that the change of version needs no wait. */
  prepare(hash: string, features: readonly BoundaryFeature[]): void;
  close(): void;
}

/** Index the published boundaries, if any, and follow the ledger to the next version. */
export async function openPlaces(ledger: Ledger, store: Pick<Store, 'getBlob'>): Promise<Places> {
  let locator: Locator = buildLocator([]);
  let hash: string | null = null;
  const prepared = new Map<string, Locator>();

  function turnTo(world: World) {
    const wanted = world.boundaries?.hash ?? null;
    if (wanted === null || wanted === hash) return;
    const ready = prepared.get(wanted);
    if (!ready) throw new Error(`boundaries ${wanted} were published without being indexed`);
    locator = ready;
    hash = wanted;
    prepared.clear();
  }

  const prepare = (h: string, features: readonly BoundaryFeature[]) => {
    if (h !== hash) prepared.set(h, buildLocator(features.map(toArea)));
  };

  const published = ledger.world.boundaries;
  if (published) {
    const blob = await store.getBlob(published.hash);
    if (!blob) throw new Error(`the boundaries ${published.hash} named by the ledger are not in the store`);
    prepare(published.hash, JSON.parse(Buffer.from(blob.bytes).toString('utf8')).features);
    turnTo(ledger.world);
  }
  const close = ledger.follow((entries, world) => {
    if (entries.some((e) => e.kind === 'boundaries.published')) turnTo(world);
  });

  return {
    locate: (at) => locator.locate(at),
    ofSensor: (sensor) => sensor.area ?? locator.locate(sensor.lngLat),
    prepare,
    close,
  };
}

const toArea = (f: BoundaryFeature): AreaFeature => ({
  code: f.properties.code,
  parent: f.properties.parent,
  level: f.properties.level,
  geometry: f.geometry,
});
