import type { FeatureCollection, Point, Polygon, Position } from 'geojson';
import type { GeoJSONSourceSpecification, StyleSpecification } from 'maplibre-gl';
import { areaLabel, areaTree, zArea } from '../../model/area.ts';
import type { AreaCode } from '../../model/brand.ts';
import type { Boundaries, LayerKey, PlacesData } from '../map-contract.ts';
import { borders } from './borders.ts';
import { buildingShapes, MICRO_LIFT, STREET_LIFT } from './buildings.ts';
import { mapFonts } from './fonts.ts';
import { buildingLayers, groundLayers, roadLayers, streetNames } from './layers/basemap.ts';
import { styleContext } from './layers/context.ts';
import { deviceLayers } from './layers/devices.ts';
import { areaNames, borderLayers, densityLayers, outsideLayers, shadeLayer, shadeLayers } from './layers/places.ts';
import { type Place, placesOf } from './places.ts';
import type { Tokens } from './tokens.ts';
import { wayNames } from './way-names.ts';

/** Everything derived from the two geometry files, once per version of them. */
export interface Geometry {
  readonly places: ReadonlyMap<AreaCode, Place>;
  readonly root: Place | undefined;
  readonly sources: Readonly<Record<string, GeoJSONSourceSpecification>>;
}

const geojson = (data: FeatureCollection, more: Partial<GeoJSONSourceSpecification> = {}): GeoJSONSourceSpecification => ({
  type: 'geojson',
  data,
  tolerance: 0.2,
  maxzoom: 17,
  ...more,
});
const none: FeatureCollection = { type: 'FeatureCollection', features: [] };

export function geometryOf(data: PlacesData): Geometry {
  const places = placesOf(data.boundaries);
  const root = [...places.values()].find((p) => p.parent === null) ?? [...places.values()][0];
  const lines = borders(data.boundaries);
  const street = buildingShapes(data.basemap, STREET_LIFT);
  const micro = buildingShapes(data.basemap, MICRO_LIFT);
  const base = { ...data.basemap, features: data.basemap.features.filter((f) => f.properties.layer !== 'building') };
  return {
    places,
    root,
    sources: {
      base: geojson(base),
      'roof-street': geojson(street.roofs),
      'wall-street': geojson(street.walls),
      'roof-micro': geojson(micro.roofs),
      'wall-micro': geojson(micro.walls),
      areas: geojson(data.boundaries, { promoteId: 'code' }),
      borders: geojson(lines),
      'way-names': geojson(wayNames(data.basemap, lines), { tolerance: 0.5 }),
      outside: geojson(outside(data.boundaries, root?.code)),
      'area-points': geojson(areaPoints(data.boundaries, places)),
    },
  };
}

/** Everything but one area: a wide box with the area as a hole; empty where there is no such area. */
export function outside(boundaries: Boundaries, code: string | undefined): FeatureCollection<Polygon> {
  const street = boundaries.features.find((f) => f.properties.code === code);
  if (!street) return { type: 'FeatureCollection', features: [] };
  const shells =
    street.geometry.type === 'Polygon' ? [street.geometry.coordinates[0]] : street.geometry.coordinates.map((polygon) => polygon[0]);
  const [x = 0, y = 0] = shells[0]?.[0] ?? [];
  const box: Position[] = [
    [x - 2, y - 2],
    [x + 2, y - 2],
    [x + 2, y + 2],
    [x - 2, y + 2],
    [x - 2, y - 2],
  ];
  const holes = shells.filter((s): s is Position[] => s !== undefined);
  return {
    type: 'FeatureCollection',
    features: [{ type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [box, ...holes] } }],
  };
}

/** One point a grid or micro-grid, where there is most room, with its short label (“正街 03”, “03-07”). */
function areaPoints(boundaries: Boundaries, places: ReadonlyMap<AreaCode, Place>): FeatureCollection<Point> {
  const areas = new Map(boundaries.features.map((f) => zArea.parse(f.properties)).map((a) => [a.code, a]));
  const tree = areaTree(areas);
  return {
    type: 'FeatureCollection',
    features: [...areas.values()].flatMap((a) => {
      const at = places.get(a.code)?.inside[0];
      if (!at || a.level === 'street' || a.level === 'community') return [];
      const label = a.level === 'micro' ? (areaLabel(tree, a.code).split(' ').at(-1) as string) : areaLabel(tree, a.code);
      return [
        { type: 'Feature' as const, properties: { level: a.level, label }, geometry: { type: 'Point' as const, coordinates: [...at] } },
      ];
    }),
  };
}

/** The whole MapLibre style: the centre's own geometry in the design's colours; nothing is fetched but font slices of this origin. */
export function mapStyle(geometry: Geometry, tokens: Tokens, layers: Readonly<Record<LayerKey, boolean>>): StyleSpecification {
  const lat = geometry.root ? (geometry.root.south + geometry.root.north) / 2 : 0;
  const c = styleContext(tokens, lat);
  return {
    version: 8,
    'font-faces': mapFonts(),
    transition: { duration: 0, delay: 0 },
    sources: { ...geometry.sources, shade: geojson(none), sensors: geojson(none, { buffer: 64 }), cameras: geojson(none, { buffer: 64 }) },
    layers: [
      ...groundLayers(c),
      ...densityLayers(c, layers.density),
      ...roadLayers(c),
      ...buildingLayers(c),
      ...shadeLayers(c),
      ...outsideLayers(c),
      shadeLayer(),
      ...borderLayers(c),
      ...streetNames(c),
      ...areaNames(c),
      ...deviceLayers(c, layers),
    ],
  };
}
