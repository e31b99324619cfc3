import { z } from 'zod';
import type { Areal } from '../geo/geojson.ts';
import { type Area, zArea } from '../model/area.ts';

/** One area of any level with its polygon. [lng, lat], degrees, WGS-84. */
export interface BoundaryFeature {
  readonly type: 'Feature';
  readonly properties: Area;
  readonly geometry: Areal;
}

/** The form the API document shows; geo/boundaries reads and checks the input itself and reports every fault it finds. */
const zRing = z.array(z.tuple([z.number(), z.number()])).min(4);
export const zBoundariesShown = z.object({
  type: z.literal('FeatureCollection'),
  features: z
    .array(
      z.object({
        type: z.literal('Feature'),
        properties: zArea,
        geometry: z.discriminatedUnion('type', [
          z.object({ type: z.literal('Polygon'), coordinates: z.array(zRing) }),
          z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(zRing)) }),
        ]),
      }),
    )
    .min(1)
    .max(200_000),
});

/** The centre's own basemap: any geometry, drawn by its `layer`. */
export const zBasemap = z.object({
  type: z.literal('FeatureCollection'),
  features: z
    .array(
      z.object({
        type: z.literal('Feature'),
        properties: z.looseObject({ layer: z.string().min(1).max(40) }),
        geometry: z.object({
          type: z.enum(['Point', 'MultiPoint', 'LineString', 'MultiLineString', 'Polygon', 'MultiPolygon']),
          coordinates: z.array(z.unknown()).min(1),
        }),
      }),
    )
    .max(1_000_000),
});
