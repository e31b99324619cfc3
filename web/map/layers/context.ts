import type { ExpressionSpecification } from 'maplibre-gl';
import { metresPerPixel } from '../mercator.ts';
import type { Tokens } from '../tokens.ts';

/** What every style layer is made from. */
export interface StyleContext {
  readonly tokens: Tokens;
  /** latitude of the centre's middle, degrees: ground widths are right there */
  readonly lat: number;
  /** zoom at which a wall of 1 u = 1 px shows what this screen shows at `zoom + shift` */
  readonly shift: number;
}

export const styleContext = (tokens: Tokens, lat: number): StyleContext => ({ tokens, lat, shift: Math.log2(tokens.u) });

/** A width on the ground in metres as a line width in pixels. */
export const ground = (metres: number, lat: number): ExpressionSpecification => [
  'interpolate',
  ['exponential', 2],
  ['zoom'],
  8,
  metres / metresPerPixel(lat, 8),
  22,
  metres / metresPerPixel(lat, 22),
];
