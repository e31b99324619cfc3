import { labelPoint } from '../../geo/label-point.ts';
import type { AreaCode, LngLat } from '../../model/brand.ts';
import type { World } from '../../model/world.ts';
import type { BoundaryFeature } from '../boundary-form.ts';
import type { Store } from '../store/store.ts';

/** A point within a place of the boundaries, for what has a place but no point of its own. Call `prepare` first. */
export interface AreaPoints {
  prepare(world: Pick<World, 'boundaries'>): Promise<void>;
  /** null = the published boundaries have no such place */
  of(area: AreaCode): LngLat | null;
}

/** Geometry is read from the store when it is first wanted: mostly everybody has a point of their own. */
export function openAreaPoints(store: Pick<Store, 'getBlob'>): AreaPoints {
  let hash: string | null = null;
  let features = new Map<string, BoundaryFeature>();
  return {
    async prepare({ boundaries }) {
      if (!boundaries || boundaries.hash === hash) return;
      const blob = await store.getBlob(boundaries.hash);
      if (!blob) return;
      const read = JSON.parse(Buffer.from(blob.bytes).toString('utf8')) as { features: BoundaryFeature[] };
      features = new Map(read.features.map((f) => [f.properties.code, f]));
      hash = boundaries.hash;
    },
    of(area) {
      const feature = features.get(area);
      return feature ? labelPoint(feature.geometry) : null;
    },
  };
}
