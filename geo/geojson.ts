import type { LngLat } from '../model/brand.ts';

/** The part of GeoJSON (RFC 7946) that boundaries use. Rings are closed: the last position repeats the first. */
export type RingCoordinates = readonly (readonly number[])[];
export interface Polygon {
  readonly type: 'Polygon';
  /** outer ring first, then holes */
  readonly coordinates: readonly RingCoordinates[];
}
export interface MultiPolygon {
  readonly type: 'MultiPolygon';
  readonly coordinates: readonly (readonly RingCoordinates[])[];
}
export type Areal = Polygon | MultiPolygon;

/** The polygons of a geometry, each a list of rings: outer first, then holes. */
export const polygonsOf = (geometry: Areal): readonly (readonly RingCoordinates[])[] =>
  geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;

/** [west, south, east, north], degrees. */
export type Box = readonly [west: number, south: number, east: number, north: number];

export function boxOf(geometry: Areal): Box {
  let west = Infinity;
  let south = Infinity;
  let east = -Infinity;
  let north = -Infinity;
  for (const polygon of polygonsOf(geometry)) {
    for (const [lng, lat] of polygon[0] ?? []) {
      west = Math.min(west, lng!);
      east = Math.max(east, lng!);
      south = Math.min(south, lat!);
      north = Math.max(north, lat!);
    }
  }
  return [west, south, east, north];
}

/** The same geometry with every position passed through `f`, e.g. a change of datum. */
export function mapPositions<G extends Areal>(geometry: G, f: (at: LngLat) => LngLat): G {
  const ring = (r: RingCoordinates) => r.map((p) => f([p[0]!, p[1]!]));
  const coordinates = polygonsOf(geometry).map((polygon) => polygon.map(ring));
  return { ...geometry, coordinates: geometry.type === 'Polygon' ? coordinates[0] : coordinates };
}
