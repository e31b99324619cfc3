import { z } from 'zod';
import { type Area, zArea } from '../../model/area.ts';
import type { LngLat } from '../../model/brand.ts';
import { type Crs, toWgs84 } from '../crs.ts';
import { type Areal, mapPositions, polygonsOf } from '../geojson.ts';
import { isLngLat, roundLngLat } from '../lng-lat.ts';
import { type Finding, finding } from './finding.ts';

/** An area of the tree with its geometry: [lng, lat], WGS-84, rounded to 1e-7 degrees. */
export interface Boundary extends Area {
  readonly geometry: Areal;
}

/** Which property of a feature holds what, and what stands for a property that is missing. */
export interface ReadOptions {
  readonly crs?: Crs;
  readonly properties?: Partial<Record<'code' | 'name' | 'level' | 'parent' | 'households' | 'people', string>>;
  /** level key of features that have no level property */
  readonly level?: string;
}

const zCollection = z.object({ type: z.literal('FeatureCollection'), features: z.array(z.unknown()).min(1).max(200_000) });
const zFeature = z.object({
  type: z.literal('Feature'),
  properties: z.record(z.string(), z.unknown()).nullable().default({}),
  geometry: z.object({ type: z.enum(['Polygon', 'MultiPolygon']), coordinates: z.array(z.unknown()).min(1) }),
});

/**
 * Reads a GeoJSON FeatureCollection of Polygons and MultiPolygons. Nothing is thrown: each thing that cannot be read is a
 * finding of kind `format` that names the feature's index and the field, and the feature is left out.
 */
export function readBoundaries(
  input: unknown,
  options: ReadOptions = {},
): { readonly boundaries: Boundary[]; readonly findings: Finding[] } {
  const collection = zCollection.safeParse(input);
  if (!collection.success) return { boundaries: [], findings: collection.error.issues.map((i) => unreadable(path(i.path), i.message)) };
  const boundaries: Boundary[] = [];
  const findings: Finding[] = [];
  for (const [index, raw] of collection.data.features.entries()) {
    const where = `features[${index}]`;
    const feature = zFeature.safeParse(raw);
    if (!feature.success) {
      findings.push(...feature.error.issues.map((i) => unreadable(`${where}.${path(i.path)}`, i.message)));
      continue;
    }
    const { properties, geometry } = feature.data;
    const area = zArea.safeParse(fields(properties ?? {}, options));
    const wrong = geometryFault(geometry, options.crs ?? 'wgs84');
    if (!area.success) {
      for (const issue of area.error.issues) {
        const field = String(issue.path[0] ?? '');
        const property = options.properties?.[field as 'code'] ?? field;
        const missing = properties?.[property] === undefined;
        findings.push(
          unreadable(`${where}.properties.${property}`, missing ? `${field} is missing: name its property or give it` : issue.message),
        );
      }
    }
    if (wrong) findings.push(unreadable(`${where}.geometry.coordinates${wrong.at}`, wrong.rule, area.success ? [area.data.code] : []));
    if (!area.success || wrong) continue;
    const crs = options.crs ?? 'wgs84';
    boundaries.push({ ...area.data, geometry: mapPositions(geometry as Areal, (at) => roundLngLat(toWgs84(at, crs))) });
  }
  return { boundaries, findings };
}

/** The GeoJSON that the house keeps: one feature per area, properties code, name, level, parent, households, people. */
export const boundaryCollection = (boundaries: readonly Boundary[]) => ({
  type: 'FeatureCollection' as const,
  features: boundaries.map(({ geometry, ...properties }) => ({ type: 'Feature' as const, properties, geometry })),
});

function fields(properties: Readonly<Record<string, unknown>>, { properties: names = {}, level }: ReadOptions) {
  const text = (v: unknown) => (typeof v === 'number' ? String(v) : v);
  const count = (v: unknown) => (typeof v === 'string' && /^\d+$/.test(v) ? Number(v) : (v ?? undefined));
  const of = (field: keyof NonNullable<ReadOptions['properties']>) => properties[names[field] ?? field];
  const parent = text(of('parent'));
  return {
    code: text(of('code')),
    name: text(of('name')),
    level: of('level') ?? level,
    parent: parent === undefined || parent === '' ? null : parent,
    households: count(of('households')),
    people: count(of('people')),
  };
}

/** First thing wrong with coordinates: rings of at least four [lng, lat] positions, the last repeating the first. */
function geometryFault(
  geometry: { readonly type: string; readonly coordinates: readonly unknown[] },
  crs: Crs,
): { readonly at: string; readonly rule: string } | null {
  const single = geometry.type === 'Polygon';
  for (const [p, polygon] of (polygonsOf(geometry as Areal) as readonly unknown[]).entries()) {
    const atPolygon = single ? '' : `[${p}]`;
    if (!Array.isArray(polygon) || !polygon.length) return { at: atPolygon, rule: 'expected a list of rings' };
    for (const [r, ring] of polygon.entries()) {
      const atRing = `${atPolygon}[${r}]`;
      if (!Array.isArray(ring) || ring.length < 4) return { at: atRing, rule: 'expected a ring of at least four positions' };
      const seen: LngLat[] = [];
      for (const [i, position] of ring.entries()) {
        const [lng, lat] = Array.isArray(position) ? position : [];
        if (typeof lng !== 'number' || typeof lat !== 'number' || !isLngLat(lng, lat)) {
          return {
            at: `${atRing}[${i}]`,
            rule: `${JSON.stringify(position) ?? 'nothing'} is not [longitude, latitude] in degrees (${crs})`,
          };
        }
        if (seen.length < 3) noteCorner(seen, roundLngLat([lng, lat]));
      }
      const [first, last] = [ring[0], ring.at(-1)];
      if (first[0] !== last[0] || first[1] !== last[1])
        return { at: atRing, rule: 'the ring is not closed: its last position must repeat the first' };
      if (seen.length < 3) return { at: atRing, rule: 'the ring has fewer than three different corners' };
    }
  }
  return null;
}

function noteCorner(seen: LngLat[], at: LngLat) {
  if (!seen.some((p) => p[0] === at[0] && p[1] === at[1])) seen.push(at);
}

const path = (keys: readonly PropertyKey[]) =>
  keys
    .map((k) => (typeof k === 'number' ? `[${k}]` : `.${String(k)}`))
    .join('')
    .replace(/^\./, '') || 'body';
const unreadable = (field: string, rule: string, codes: readonly string[] = []) =>
  finding('format', codes, { zh: `${field} 无法读取：${rule}`, en: `${field} cannot be read: ${rule}` });
