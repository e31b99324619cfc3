import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson';
import type { Basemap, BasemapProperties } from '../map-contract.ts';

const STOREY_M = 3;
const M_PER_DEG_LAT = 111_320;

/** How far the roof is drawn north of the footprint, as a part of the height. */
export const STREET_LIFT = 0.05;
export const MICRO_LIFT = 0.16;

export interface BuildingShapes {
  readonly roofs: FeatureCollection<Polygon | MultiPolygon>;
  readonly walls: FeatureCollection<MultiPolygon>;
}

/**
 * Buildings as an axonometric plan lit from due north: the roof is the footprint moved north by `lift` x height (storeys of
 * 3 m), the wall what it uncovers to the south. Footprints are [lng, lat] polygons with `floors`; order is kept, northern
 * buildings first, so that a southern one covers the one behind it.
 */
export function buildingShapes(basemap: Basemap, lift: number): BuildingShapes {
  const buildings = basemap.features
    .filter(
      (f): f is Feature<Polygon | MultiPolygon, BasemapProperties> => f.properties.layer === 'building' && 'coordinates' in f.geometry,
    )
    .filter((f) => f.geometry.type === 'Polygon' || f.geometry.type === 'MultiPolygon')
    .sort((a, b) => top(b) - top(a));
  const roofs: Feature<Polygon | MultiPolygon>[] = [];
  const walls: Feature<MultiPolygon>[] = [];
  for (const f of buildings) {
    const floors = Number(f.properties.floors) || 1;
    const rise = (floors * STOREY_M * lift) / M_PER_DEG_LAT;
    const up = (p: Position): Position => [p[0] as number, (p[1] as number) + rise];
    const polygons = f.geometry.type === 'Polygon' ? [f.geometry.coordinates] : f.geometry.coordinates;
    const { name, area, households } = f.properties;
    const properties = { floors, ...(name ? { name } : {}), ...(area ? { area } : {}), ...(households ? { households } : {}) };
    roofs.push({
      type: 'Feature',
      properties,
      geometry: { type: 'MultiPolygon', coordinates: polygons.map((rings) => rings.map((ring) => ring.map(up))) },
    });
    const quads = polygons.flatMap((rings) =>
      rings.flatMap((ring) =>
        ring.slice(1).map((b, i) => {
          const a = ring[i] as Position;
          return [[a, b, up(b), up(a), a]];
        }),
      ),
    );
    walls.push({ type: 'Feature', properties: {}, geometry: { type: 'MultiPolygon', coordinates: [...polygons, ...quads] } });
  }
  return { roofs: { type: 'FeatureCollection', features: roofs }, walls: { type: 'FeatureCollection', features: walls } };
}

function top(f: Feature<Polygon | MultiPolygon>): number {
  const first = f.geometry.type === 'Polygon' ? f.geometry.coordinates[0]?.[0] : f.geometry.coordinates[0]?.[0]?.[0];
  return first?.[1] ?? 0;
}
