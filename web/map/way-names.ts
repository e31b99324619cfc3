import type { Feature, FeatureCollection, LineString, Position } from 'geojson';
import type { Basemap } from '../map-contract.ts';
import type { BorderLevel } from './borders.ts';
import { chains } from './chains.ts';
import { room } from './places.ts';

export interface WayName {
  readonly name: string;
  /** class of the road, or `river` */
  readonly class: string;
  /** the way runs along the street's own border: its name stands beside the border, not on it */
  readonly edge: boolean;
}

/** About 20 m in degrees of latitude. */
const NEAR = 0.00018;

/**
 * Named roads and rivers as lines long enough to carry their name: pieces of one name that meet end to end are joined.
 */
export function wayNames(
  basemap: Basemap,
  borders: FeatureCollection<LineString, { level: BorderLevel }>,
): FeatureCollection<LineString, WayName> {
  const groups = new Map<
    string,
    { name: string; class: string; points: Position[]; at: Map<string, number>; edges: { a: number; b: number }[] }
  >();
  for (const f of basemap.features) {
    const { layer, name } = f.properties;
    if ((layer !== 'road' && layer !== 'river') || typeof name !== 'string' || !name || f.geometry.type !== 'LineString') continue;
    const cls = layer === 'river' ? 'river' : String(f.properties.class ?? 'minor');
    const key = `${cls} ${name}`;
    let g = groups.get(key);
    if (!g) {
      g = { name, class: cls, points: [], at: new Map(), edges: [] };
      groups.set(key, g);
    }
    let last = -1;
    for (const p of f.geometry.coordinates) {
      const k = `${p[0]} ${p[1]}`;
      let i = g.at.get(k);
      if (i === undefined) {
        i = g.points.push(p) - 1;
        g.at.set(k, i);
      }
      if (last >= 0 && last !== i) g.edges.push({ a: last, b: i });
      last = i;
    }
  }
  const rim = borders.features.filter((f) => f.properties.level === 'street').map((f) => f.geometry.coordinates);
  const features: Feature<LineString, WayName>[] = [];
  for (const g of groups.values())
    for (const line of chains(g.edges)) {
      const coordinates = line.map((i) => g.points[i] as Position);
      const onRim = coordinates.filter((p) => room(rim, p[0] as number, p[1] as number, 0.86) < NEAR).length;
      features.push({
        type: 'Feature',
        properties: { name: g.name, class: g.class, edge: onRim * 2 > coordinates.length },
        geometry: { type: 'LineString', coordinates },
      });
    }
  return { type: 'FeatureCollection', features };
}
