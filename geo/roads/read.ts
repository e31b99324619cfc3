import type { LngLat } from '../../model/brand.ts';
import { isLngLat } from '../lng-lat.ts';

/** One road on which people may walk, either way. [lng, lat], degrees, WGS-84; at least two points. */
export interface RoadLine {
  readonly points: readonly LngLat[];
  /**
   * How it meets others. `crossing`: wherever the lines cross or touch. `ends`: with its ends only, being a bridge or a tunnel.
   * `named`: only where both name the same junction (`from`, `to`): such a file has said what meets what, and lines that merely cross
   * pass over each other.
   */
  readonly meets: 'crossing' | 'ends' | 'named';
  readonly from?: string;
  readonly to?: string;
}

type Properties = Readonly<Record<string, unknown>>;

/** Not walked on (OpenStreetMap wiki, "OSM tags for routing/Access restrictions", China: motorways). */
const noWalking = new Set(['motorway', 'motorway_link', 'construction', 'proposed', 'raceway']);
const said = (value: unknown) => value !== undefined && value !== null && value !== '' && value !== 'no' && value !== false;

/**
 * The roads of a GeoJSON FeatureCollection: of a centre's basemap those of `layer` "road", of a road file (OpenStreetMap's tags)
 * every line that may be walked. What is no line, or not in degrees, is passed over.
 */
export function readRoads(geojson: unknown): RoadLine[] {
  const features = (geojson as { features?: unknown } | null)?.features;
  const out: RoadLine[] = [];
  for (const f of Array.isArray(features) ? features : []) {
    const { geometry, properties } = f as { geometry?: { type?: string; coordinates?: unknown }; properties?: Properties | null };
    if (!isRoad(properties ?? {})) continue;
    const lines =
      geometry?.type === 'LineString'
        ? [geometry.coordinates]
        : geometry?.type === 'MultiLineString'
          ? (geometry.coordinates as unknown[])
          : [];
    for (const line of lines) {
      const points = positions(line);
      if (points.length > 1) out.push({ points, ...meeting(properties ?? {}, lines.length === 1) });
    }
  }
  return out;
}

function isRoad(p: Properties): boolean {
  const level = Number(p.layer);
  if (typeof p.layer === 'string' && p.layer !== 'road' && !Number.isFinite(level)) return false;
  return !noWalking.has(String(p.highway ?? '')) && p.foot !== 'no';
}

function meeting(p: Properties, whole: boolean): Omit<RoadLine, 'points'> {
  if (whole && said(p.from) && said(p.to)) return { meets: 'named', from: String(p.from), to: String(p.to) };
  const level = Number(p.layer);
  return { meets: said(p.bridge) || said(p.tunnel) || (Number.isFinite(level) && level !== 0) ? 'ends' : 'crossing' };
}

function positions(line: unknown): LngLat[] {
  const out: LngLat[] = [];
  for (const p of Array.isArray(line) ? line : []) {
    const [lng, lat] = p as number[];
    if (typeof lng === 'number' && typeof lat === 'number' && isLngLat(lng, lat)) out.push([lng, lat]);
  }
  return out;
}
