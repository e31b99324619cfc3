import type { Feature, FeatureCollection, LineString, Position } from 'geojson';
import type { Boundaries } from '../map-contract.ts';
import { chains } from './chains.ts';

/** Outermost first: a stretch of border shared by several levels is drawn once, as the outermost of them. */
const order = ['street', 'community', 'grid', 'micro'] as const;
export type BorderLevel = (typeof order)[number];
const rankOf = (level: string) => {
  const i = (order as readonly string[]).indexOf(level);
  return i < 0 ? order.length - 1 : i;
};

/**
 * Borders of all areas as lines, each stretch exactly once: edges (pairs of neighbouring vertices, [lng, lat]) are keyed by
 * their two ends, keep the outermost level that uses them, and are chained into lines per level. Two polygons that share
 * a border but not its vertices each keep their own line.
 */
export function borders(boundaries: Boundaries): FeatureCollection<LineString, { level: BorderLevel }> {
  const points: Position[] = [];
  const numberOf = new Map<string, number>();
  const vertex = (p: Position) => {
    const key = `${p[0]} ${p[1]}`;
    let i = numberOf.get(key);
    if (i === undefined) {
      i = points.push(p) - 1;
      numberOf.set(key, i);
    }
    return i;
  };
  const edges = new Map<string, { a: number; b: number; rank: number }>();
  for (const f of boundaries.features) {
    const rank = rankOf(f.properties.level);
    const polygons = f.geometry.type === 'Polygon' ? [f.geometry.coordinates] : f.geometry.coordinates;
    for (const ring of polygons.flat())
      for (let i = 1; i < ring.length; i++) {
        const a = vertex(ring[i - 1] as Position);
        const b = vertex(ring[i] as Position);
        if (a === b) continue;
        const key = a < b ? `${a} ${b}` : `${b} ${a}`;
        const known = edges.get(key);
        if (!known) edges.set(key, { a, b, rank });
        else if (rank < known.rank) known.rank = rank;
      }
  }
  const features = order.flatMap((level, rank) =>
    chains([...edges.values()].filter((e) => e.rank === rank)).map(
      (line): Feature<LineString, { level: BorderLevel }> => ({
        type: 'Feature',
        properties: { level },
        geometry: { type: 'LineString', coordinates: line.map((i) => points[i] as Position) },
      }),
    ),
  );
  return { type: 'FeatureCollection', features };
}
