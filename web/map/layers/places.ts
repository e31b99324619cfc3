import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { MAP_FONT } from '../fonts.ts';
import { MICRO_ZOOM } from './basemap.ts';
import type { StyleContext } from './context.ts';

/** Buildings still show through a shade, as relief. */
const SHADE_OPACITY = 0.86;

const level = (...keys: string[]): ExpressionSpecification => ['in', ['get', 'level'], ['literal', keys]];

/** 密度: each general grid in q1 … q5 by feature state `q`; 0 or unset = not coloured. */
export function densityLayers({ tokens: { colour } }: StyleContext, visible: boolean): LayerSpecification[] {
  const q: ExpressionSpecification = ['coalesce', ['feature-state', 'q'], 0];
  return [
    {
      id: 'density',
      type: 'fill',
      source: 'areas',
      filter: level('grid'),
      layout: { visibility: visible ? 'visible' : 'none' },
      paint: {
        'fill-color': ['match', q, 1, colour.q1, 2, colour.q2, 3, colour.q3, 4, colour.q4, 5, colour.q5, colour['map-block']],
        'fill-opacity': ['case', ['>', q, 0], 1, 0],
        'fill-antialias': false,
      },
    },
  ];
}

/** 色块: any area in q1 … q5 by feature state `s`, over the buildings: a measure is read from the places, not from the roofs between. */
export function shadeLayers({ tokens: { colour } }: StyleContext): LayerSpecification[] {
  const s: ExpressionSpecification = ['coalesce', ['feature-state', 's'], 0];
  return [
    {
      id: 'shaded',
      type: 'fill',
      source: 'areas',
      paint: {
        'fill-color': ['match', s, 1, colour.q1, 2, colour.q2, 3, colour.q3, 4, colour.q4, 5, colour.q5, colour['map-block']],
        'fill-opacity': ['case', ['>', s, 0], SHADE_OPACITY, 0],
        'fill-antialias': false,
      },
    },
  ];
}

/** Everything outside the street steps back by 30 %. */
export function outsideLayers({ tokens: { colour, theme } }: StyleContext): LayerSpecification[] {
  return [
    {
      id: 'outside',
      type: 'fill',
      source: 'outside',
      paint: { 'fill-color': colour['map-ground'], 'fill-opacity': theme === 'dark' ? 0.3 : 0.45 },
    },
  ];
}

/** 事件视图: everything outside the micro-grid of the chosen incident, darker by 20 %. */
export const shadeLayer = (): LayerSpecification => ({
  id: 'shade',
  type: 'fill',
  source: 'shade',
  paint: { 'fill-color': 'black', 'fill-opacity': 0.2, 'fill-antialias': false },
});

/** 边界: street 3 u, community 1.5 u, grid .8 u, micro dashed 1 u from zoom 16; the chosen area text-1 3 u. */
export function borderLayers({ tokens, shift }: StyleContext): LayerSpecification[] {
  const { colour, u } = tokens;
  const line = (key: string, width: number, paint: string, more: { minzoom?: number; dash?: number[] } = {}): LayerSpecification => ({
    id: `border-${key}`,
    type: 'line',
    source: 'borders',
    filter: ['==', ['get', 'level'], key],
    ...(more.minzoom === undefined ? {} : { minzoom: more.minzoom }),
    layout: { 'line-join': 'round', 'line-cap': more.dash ? 'butt' : 'round' },
    paint: { 'line-color': paint, 'line-width': Math.max(0.8, width * u), ...(more.dash ? { 'line-dasharray': more.dash } : {}) },
  });
  return [
    line('micro', 1, colour['map-micro'], { minzoom: MICRO_ZOOM + shift, dash: [3, 3] }),
    line('grid', 0.8, colour['map-grid'], { minzoom: 12.5 + shift }),
    line('community', 1.5, colour['map-community']),
    line('street', 3, colour['map-street']),
    {
      id: 'area-hover',
      type: 'fill',
      source: 'areas',
      paint: { 'fill-color': colour['text-1'], 'fill-opacity': ['case', ['boolean', ['feature-state', 'hover'], false], 0.06, 0] },
    },
    {
      id: 'area-chosen',
      type: 'line',
      source: 'areas',
      filter: ['==', ['get', 'code'], ''],
      layout: { 'line-join': 'round' },
      paint: { 'line-color': colour['text-1'], 'line-width': 3 * u },
    },
  ];
}

/** Names of grids and micro-grids from one point each (a label on a polygon would repeat in every tile). */
export function areaNames({ tokens, shift }: StyleContext): LayerSpecification[] {
  const { colour, u } = tokens;
  const name = (key: string, size: number, range: { minzoom: number; maxzoom?: number }, paint: string): LayerSpecification => ({
    id: `name-${key}`,
    type: 'symbol',
    source: 'area-points',
    ...range,
    filter: level(...(key === 'micro' ? ['micro', 'dedicated'] : [key])),
    layout: {
      'text-field': ['get', 'label'],
      'text-font': MAP_FONT,
      'text-size': size * u,
      'text-letter-spacing': key === 'grid' ? 0.12 : 0.02,
      'text-max-width': 8,
      'text-padding': 4 * u,
    },
    paint: { 'text-color': paint, 'text-halo-color': colour['map-halo'], 'text-halo-width': 1.5 * u },
  });
  return [
    name('grid', 16, { minzoom: 15.3 + shift, maxzoom: 16.9 + shift }, colour['text-2']),
    name('micro', 16, { minzoom: 16.9 + shift }, colour['text-2']),
  ];
}
