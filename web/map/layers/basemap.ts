import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { MAP_FONT } from '../fonts.ts';
import { ground, type StyleContext } from './context.ts';

const is = (layer: string): ExpressionSpecification => ['==', ['get', 'layer'], layer];
const road = (...classes: string[]): ExpressionSpecification => ['all', is('road'), ['in', ['get', 'class'], ['literal', classes]]];

/** Zoom (at 1 u = 1 px) from which buildings stand at the micro-grid lift. */
export const MICRO_ZOOM = 16;
/** Road bands, metres from kerb to kerb. */
export const ROAD_M = { ring: 34, main: 20, minor: 11, lane: 6 } as const;

/** 底: ground, blocks, water and parks. What lies on the density fill comes in `roadLayers` and `buildingLayers`. */
export function groundLayers({ tokens: { colour } }: StyleContext): LayerSpecification[] {
  return [
    { id: 'ground', type: 'background', paint: { 'background-color': colour['map-ground'] } },
    {
      id: 'far-block',
      type: 'fill',
      source: 'base',
      filter: ['all', is('far'), ['!=', ['get', 'kind'], 'building']],
      paint: { 'fill-color': colour['map-block'] },
    },
    { id: 'block', type: 'fill', source: 'base', filter: is('block'), paint: { 'fill-color': colour['map-block'] } },
    {
      id: 'far-building',
      type: 'fill',
      source: 'base',
      filter: ['all', is('far'), ['==', ['get', 'kind'], 'building']],
      paint: { 'fill-color': colour['map-bld-far'] },
    },
  ];
}

/** Parks, then roads as gaps between the blocks (bands in the ground's colour; main roads in map-road), then water over both. */
export function roadLayers({ tokens, lat }: StyleContext): LayerSpecification[] {
  const { colour, u } = tokens;
  const line = (id: string, cls: string, metres: number, paint: string): LayerSpecification => ({
    id,
    type: 'line',
    source: 'base',
    filter: road(cls),
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': paint, 'line-width': ground(metres, lat) },
  });
  return [
    { id: 'park', type: 'fill', source: 'base', filter: is('park'), paint: { 'fill-color': colour['map-park'] } },
    line('road-lane', 'lane', ROAD_M.lane, colour['map-ground']),
    line('road-minor', 'minor', ROAD_M.minor, colour['map-ground']),
    line('road-main-gap', 'main', ROAD_M.main * 1.4, colour['map-ground']),
    line('road-ring-gap', 'ring', ROAD_M.ring * 1.3, colour['map-ground']),
    { id: 'water', type: 'fill', source: 'base', filter: is('water'), paint: { 'fill-color': colour['map-water'] } },
    line('road-main', 'main', ROAD_M.main * 0.62, colour['map-road']),
    line('road-ring', 'ring', ROAD_M.ring * 0.94, colour['map-road']),
    {
      id: 'road-ring-middle',
      type: 'line',
      source: 'base',
      filter: road('ring'),
      layout: { 'line-join': 'round' },
      paint: { 'line-color': colour['map-ground'], 'line-width': Math.max(1, u) },
    },
  ];
}

/** Roofs over walls, at the street's lift and, nearer, at the micro-grid's. */
export function buildingLayers({ tokens: { colour }, shift }: StyleContext): LayerSpecification[] {
  const near = MICRO_ZOOM + shift;
  const pair = (id: string, range: { minzoom?: number; maxzoom?: number }, wall: number): LayerSpecification[] => [
    { id: `wall-${id}`, type: 'fill', source: `wall-${id}`, ...range, paint: { 'fill-color': colour['map-wall'], 'fill-opacity': wall } },
    { id: `roof-${id}`, type: 'fill', source: `roof-${id}`, ...range, paint: { 'fill-color': colour['map-roof'] } },
  ];
  return [...pair('street', { minzoom: 12.5 + shift, maxzoom: near }, 0.75), ...pair('micro', { minzoom: near }, 1)];
}

/** Names along roads and the river: slanted with their line, spaced, 14 u; beside the street's border where a road is the border. */
export function streetNames({ tokens, shift }: StyleContext): LayerSpecification[] {
  const { colour, u } = tokens;
  const along = (id: string, filter: ExpressionSpecification, em: number, paint: string, minzoom: number): LayerSpecification => ({
    id,
    type: 'symbol',
    source: 'way-names',
    minzoom: minzoom + shift,
    filter,
    layout: {
      'symbol-placement': 'line',
      'symbol-spacing': 700 * u,
      'text-field': ['get', 'name'],
      'text-font': MAP_FONT,
      'text-size': 14 * u,
      'text-letter-spacing': em,
      'text-max-angle': 38,
      'text-padding': 4 * u,
      'text-offset': ['case', ['boolean', ['get', 'edge'], false], ['literal', [0, 1.3]], ['literal', [0, 0]]],
    },
    paint: { 'text-color': paint, 'text-halo-color': colour['map-halo'], 'text-halo-width': 1.5 * u, 'text-halo-blur': 0.5 * u },
  });
  const cls = (...keys: string[]): ExpressionSpecification => ['in', ['get', 'class'], ['literal', keys]];
  return [
    along('name-lane', cls('lane'), 0.2, colour['map-label'], 16.6),
    along('name-minor', cls('minor'), 0.25, colour['map-label'], 15.4),
    along('name-road', cls('ring', 'main'), 0.3, colour['map-label'], 13),
    along('name-river', cls('river'), 0.43, tokens.theme === 'dark' ? '#6E8D99' : '#4E7481', 13),
  ];
}
