import { type Areal, type Box, boxOf, polygonsOf } from '../../geo/geojson.ts';
import { labelPoint } from '../../geo/label-point.ts';
import type { AreaTree } from '../../model/area.ts';
import type { AreaCode, LngLat } from '../../model/brand.ts';
import { type ClipArea, type ClipGround, packLine } from '../../model/clip.ts';

type Geometry = Areal | { readonly type: 'LineString'; readonly coordinates: readonly (readonly number[])[] } | { readonly type: 'Point' };
interface Feature<P> {
  readonly properties: P;
  readonly geometry: Geometry;
}
interface AreaProperties {
  readonly code: AreaCode;
  readonly name: string;
  readonly level: string;
  readonly parent: string | null;
}
interface GroundProperties {
  readonly layer: string;
  readonly kind?: unknown;
}
/** A GeoJSON file of the store. */
interface File<P> {
  readonly features: readonly Feature<P>[];
}
export type AreaFile = File<AreaProperties>;
export type GroundFile = File<GroundProperties>;

const isArea = (g: Geometry): g is Areal => g.type === 'Polygon' || g.type === 'MultiPolygon';
const ringsOf = (g: Areal) => polygonsOf(g).flatMap((polygon) => polygon.map(packLine));

/** A place and all below it. `middle`: a point well inside each. */
export interface ShownPlaces {
  readonly areas: readonly ClipArea[];
  readonly box: Box;
  readonly middle: (code: AreaCode) => LngLat | undefined;
}
export function placesWithin(file: AreaFile, tree: AreaTree, area: AreaCode): ShownPlaces {
  const inside = file.features.filter((f) => tree.isWithin(f.properties.code, area) && isArea(f.geometry));
  const shapes = new Map(inside.map((f) => [f.properties.code, f.geometry as Areal]));
  const own = shapes.get(area);
  const boxes = own ? [boxOf(own)] : [...shapes.values()].map(boxOf);
  return {
    areas: inside.map(({ properties: { code, name, level, parent }, geometry }) => ({
      code,
      name,
      level,
      parent: code === area ? null : parent,
      rings: ringsOf(geometry as Areal),
    })),
    box: boxes.reduce(
      ([w, s, e, n], b) => [Math.min(w, b[0]), Math.min(s, b[1]), Math.max(e, b[2]), Math.max(n, b[3])],
      [180, 90, -180, -90],
    ),
    middle(code) {
      const shape = shapes.get(code);
      return shape && labelPoint(shape);
    },
  };
}

const layers: ReadonlySet<string> = new Set<ClipGround['layer']>(['park', 'water', 'river', 'block', 'building', 'road']);

const overlaps = ([w, s, e, n]: Box, points: readonly (readonly number[])[]) => {
  const [xs, ys] = [points.map((p) => p[0]!), points.map((p) => p[1]!)];
  return Math.min(...xs) <= e && Math.max(...xs) >= w && Math.min(...ys) <= n && Math.max(...ys) >= s;
};

/** The basemap as far as it touches the box; streets and water whole, the rest of the city left out. */
export function groundWithin(file: GroundFile, box: Box): ClipGround[] {
  return file.features.flatMap(({ properties: { layer, kind }, geometry: g }): ClipGround[] => {
    if (!layers.has(layer) || g.type === 'Point') return [];
    const outer = isArea(g) ? polygonsOf(g).flatMap((polygon) => polygon[0] ?? []) : g.coordinates;
    if (outer.length === 0 || !overlaps(box, outer)) return [];
    const rings = isArea(g) ? ringsOf(g) : [packLine(g.coordinates)];
    return [{ layer: layer as ClipGround['layer'], rings, ...(typeof kind === 'string' ? { kind } : {}) }];
  });
}
