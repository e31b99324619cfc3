import { packCells } from '../../geo/cells.ts';
import { distanceM } from '../../geo/distance.ts';
import { type Areal, type Box, boxOf } from '../../geo/geojson.ts';
import { centroid, labelPoint } from '../../geo/label-point.ts';
import { isLngLat, toDegrees } from '../../geo/lng-lat.ts';
import { type Area, areaLabel, areaTree, DEDICATED } from '../../model/area.ts';
import type { AreaCode, LngLat } from '../../model/brand.ts';
import type { BoundaryFeature } from '../boundary-form.ts';

/** What can be looked for by name: areas of the boundaries; streets, buildings and everything else that has a name on the basemap. */
export const placeKinds = ['area', 'street', 'building', 'poi'] as const;
export type PlaceKind = (typeof placeKinds)[number];

export interface NamedPlace {
  readonly kind: PlaceKind;
  readonly name: string;
  /** how it is also called: 正街 03-07, 正街 */
  readonly also?: string;
  /** lower comes first among names that match equally well */
  readonly weight: number;
  /** of an area */
  readonly area?: AreaCode;
  /** A point of the place, [lng, lat]; found when it is asked for. */
  readonly at: () => LngLat;
}

/** Among equals: communities, streets, facilities, courts, then grids and single buildings, of which there are many. */
const WEIGHT = { wide: 0, street: 1, poi: 2, court: 3, grid: 4, building: 5 } as const;

export function namedAreas(features: readonly BoundaryFeature[]): NamedPlace[] {
  const tree = areaTree(new Map(features.map((f) => [f.properties.code, f.properties as Area])));
  const cells = packCells(features.map((f) => ({ code: f.properties.code, geometry: f.geometry })));
  /** Polygons anew from the packed form: a hundred thousand points are not worth finding before anybody asks. */
  const shape = (code: AreaCode): Areal => {
    const cell = cells.indexOf.get(code)!;
    const polygons: number[][][][] = [];
    for (let r = cells.rings[cell]!; r < cells.rings[cell + 1]!; r++) {
      const ring: number[][] = [];
      let turn = 0;
      for (let v = cells.starts[r]!; v < cells.starts[r + 1]!; v++) {
        ring.push([toDegrees(cells.xy[2 * v]!), toDegrees(cells.xy[2 * v + 1]!)]);
        const [a, b, first] = [ring.at(-2) ?? ring[0]!, ring.at(-1)!, ring[0]!];
        turn += (a[0]! - first[0]!) * (b[1]! - first[1]!) - (b[0]! - first[0]!) * (a[1]! - first[1]!);
      }
      if (turn > 0 || polygons.length === 0) polygons.push([ring]);
      else polygons.at(-1)!.push(ring);
    }
    return { type: 'MultiPolygon', coordinates: polygons };
  };
  return features.map(({ properties: { code, name, parent, level } }) => ({
    kind: 'area',
    name,
    also: areaLabel(tree, code),
    weight: parent === null || level === 'community' ? WEIGHT.wide : level === DEDICATED ? WEIGHT.poi : WEIGHT.grid,
    area: code,
    at: () => labelPoint(shape(code)),
  }));
}

interface Feature {
  readonly properties?: Readonly<Record<string, unknown>> | null;
  readonly geometry?: { readonly type: string; readonly coordinates: unknown };
}

/** 3 栋, 12 号楼: the number of a building within its court. */
const NUMBER_IN_COURT = /\s*\d+\s*(?:栋|幢|座|号楼)$/u;

export function namedFeatures(geojson: unknown): NamedPlace[] {
  const features = (geojson as { features?: Feature[] } | null)?.features;
  const groups = new Map<string, Group[]>();
  /** The same name nearby is the same place: a street in several pieces, a park that is drawn and marked, a court and its sign. */
  const put = (kind: PlaceKind, name: string, weight: number, points: LngLat[], isPoint: boolean) => {
    const key = kind === 'street' ? `street ${name}` : name;
    const list = groups.get(key) ?? [];
    const box = around(points);
    const same = list.find((g) => nearBoxes(g.box, box));
    if (!same) list.push({ kind, name, weight, points, isPoint, box });
    else {
      if (isPoint && !same.isPoint) Object.assign(same, { kind, weight, points, isPoint });
      else if (isPoint === same.isPoint) same.points.push(...points);
      same.box = merged(same.box, box);
    }
    groups.set(key, list);
  };
  for (const { properties, geometry } of Array.isArray(features) ? features : []) {
    const name = properties?.name;
    const points = geometry ? pointsOf(geometry) : [];
    if (typeof name !== 'string' || !name.trim() || !geometry || points.length === 0) continue;
    const { layer } = properties!;
    if (layer === 'road' || layer === undefined || properties!.highway !== undefined) put('street', name, WEIGHT.street, points, false);
    else if (layer === 'building') {
      put('building', name, WEIGHT.building, points, false);
      const court = name.replace(NUMBER_IN_COURT, '');
      if (court !== name && court) put('building', court, WEIGHT.court, points, false);
    } else put('poi', name, WEIGHT.poi, points, geometry.type === 'Point');
  }
  return [...groups.values()].flat().map(({ kind, name, weight, points }) => ({ kind, name, weight, at: () => middle(points) }));
}

interface Group {
  kind: PlaceKind;
  name: string;
  weight: number;
  points: LngLat[];
  isPoint: boolean;
  box: Box;
}

/** Degrees, about 2 km: farther apart, two streets of one name are two streets. */
const NEARBY = 0.02;
const around = (points: readonly LngLat[]): Box =>
  points.reduce<Box>((b, [x, y]) => merged(b, [x, y, x, y]), [Infinity, Infinity, -Infinity, -Infinity]);
const merged = (a: Box, b: Box): Box => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
const nearBoxes = (a: Box, b: Box) => a[0] - NEARBY <= b[2] && b[0] - NEARBY <= a[2] && a[1] - NEARBY <= b[3] && b[1] - NEARBY <= a[3];

/** Points that lie on the thing: vertices of a line, the middle of an area. */
function pointsOf({ type, coordinates }: NonNullable<Feature['geometry']>): LngLat[] {
  const usable = (list: unknown): LngLat[] => (list as LngLat[]).filter((p) => isLngLat(p[0], p[1])).map(([lng, lat]) => [lng, lat]);
  if (type === 'Point') return usable([coordinates]);
  if (type === 'LineString' || type === 'MultiPoint') return usable(coordinates);
  if (type === 'MultiLineString') return (coordinates as unknown[]).flatMap(usable);
  if (type !== 'Polygon' && type !== 'MultiPolygon') return [];
  const area = { type, coordinates } as Areal;
  const point = centroid(area);
  return Number.isFinite(boxOf(area)[0]) && isLngLat(point[0], point[1]) ? [point] : [];
}

/** Of its points the one nearest to their mean. */
function middle(points: readonly LngLat[]): LngLat {
  const mean: LngLat = [points.reduce((s, p) => s + p[0], 0) / points.length, points.reduce((s, p) => s + p[1], 0) / points.length];
  let best = points[0]!;
  for (const p of points) if (distanceM(p, mean) < distanceM(best, mean)) best = p;
  return best;
}
