import type { FeatureCollection, LineString } from 'geojson';
import type { ExpressionSpecification, LineLayerSpecification } from 'maplibre-gl';
import type { MapTracks } from '../../map-contract.ts';
import type { ColourName, Tokens } from '../tokens.ts';

/** Greys of ways by unit, and how their lines are broken: colour says nothing but state, so units differ by shade and stroke. */
const shades = ['text-1', 'text-2', 'text-3', 'map-community'] as const satisfies readonly ColourName[];
const strokes = [null, [4, 2], [1, 1.6]] as const;
/** Of speed, from standing to driving: brighter and broader. */
const paces = ['map-grid', 'text-3', 'text-2', 'text-1'] as const satisfies readonly ColourName[];
const widths = [1.6, 2.2, 3, 4] as const;

export const strokeOf = (tone: number) => Math.floor(tone / shades.length) % strokes.length;

/** One line for each stretch of one class of speed; each begins where the one before ends. */
export function trackFeatures({ tracks }: Pick<MapTracks, 'tracks'>): FeatureCollection<LineString> {
  const features: FeatureCollection<LineString>['features'] = [];
  for (const { unit, tone, legs } of tracks)
    for (const { points, classes } of legs)
      for (let i = 0; i < classes.length; ) {
        let j = i;
        while (j < classes.length && classes[j] === classes[i]) j++;
        features.push({
          type: 'Feature',
          properties: { unit, shade: tone % shades.length, stroke: strokeOf(tone), pace: classes[i]! },
          geometry: { type: 'LineString', coordinates: points.slice(i, j + 1).map((p) => [...p]) },
        });
        i = j;
      }
  return { type: 'FeatureCollection', features };
}

const pick = <T>(key: string, values: readonly T[]): ExpressionSpecification =>
  ['match', ['get', key], ...values.slice(1).flatMap((v, i) => [i + 1, v]), values[0]] as unknown as ExpressionSpecification;

/** The layers of the source `tracks`, one for each stroke. The chosen unit's way is of the accent; with one chosen, the others step back. */
export function trackLayers(
  { by, chosen }: Pick<MapTracks, 'by' | 'chosen'>,
  { u, colour }: Pick<Tokens, 'u' | 'colour'>,
): LineLayerSpecification[] {
  const plain =
    by === 'speed'
      ? pick(
          'pace',
          paces.map((name) => colour[name]),
        )
      : pick(
          'shade',
          shades.map((name) => colour[name]),
        );
  const is: ExpressionSpecification = ['==', ['get', 'unit'], chosen ?? ''];
  const width =
    by === 'speed'
      ? pick(
          'pace',
          widths.map((w) => w * u),
        )
      : (['case', is, 3.2 * u, 2 * u] as ExpressionSpecification);
  return strokes.map((dash, n) => ({
    id: `tracks-${n}`,
    type: 'line',
    source: 'tracks',
    filter: ['==', ['get', 'stroke'], n],
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: {
      'line-color': by === 'speed' ? plain : (['case', is, colour.accent, plain] as ExpressionSpecification),
      'line-width': width,
      'line-opacity': chosen === null ? 0.9 : (['case', is, 1, 0.35] as ExpressionSpecification),
      ...(dash && by === 'unit' ? { 'line-dasharray': [...dash] } : {}),
    },
  }));
}
