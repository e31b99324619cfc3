import plexRanges from '@fontsource/ibm-plex-sans-condensed/unicode.json';
import notoRanges from '@fontsource-variable/noto-sans-sc/unicode.json';
import type { FontFacesSpecification } from 'maplibre-gl';

/** Name of the font stack in the map style: Latin and figures in Plex, everything else in Noto Sans SC. */
export const MAP_FONT = ['Plex Condensed', 'Noto Sans SC'];

const slices = import.meta.glob<string>('../../node_modules/@fontsource-variable/noto-sans-sc/files/*-wght-normal.woff2', {
  query: '?url&no-inline',
  import: 'default',
  eager: true,
});
const plex = import.meta.glob<string>('../../node_modules/@fontsource/ibm-plex-sans-condensed/files/*-latin-500-normal.woff2', {
  query: '?url&no-inline',
  import: 'default',
  eager: true,
});

/**
 * The product's own font files for MapLibre's `font-faces`: each slice is fetched only when a label needs a character of
 * its `unicode-range`, so there is no glyph server and no request leaves the origin.
 */
export function mapFonts(): FontFacesSpecification {
  const pick = (files: Readonly<Record<string, string>>, ranges: Readonly<Record<string, string>>, file: (key: string) => string) =>
    Object.entries(ranges).flatMap(([key, range]) => {
      const found = Object.entries(files).find(([path]) => path.endsWith(`/${file(key.replace(/[[\]]/g, ''))}`));
      return found ? [{ url: new URL(found[1], location.href).href, 'unicode-range': range.split(',') }] : [];
    });
  return {
    'Plex Condensed': pick(plex, plexRanges, (k) => `ibm-plex-sans-condensed-${k}-500-normal.woff2`),
    'Noto Sans SC': pick(slices, notoRanges, (k) => `noto-sans-sc-${k}-wght-normal.woff2`),
  };
}

/** Wait until the page's own faces can draw `text`: a canvas or an SVG drawn earlier would keep its tofu. */
export async function fontsFor(text: string): Promise<void> {
  await Promise.all([
    document.fonts.load('500 16px "Noto Sans SC Variable"', text),
    document.fonts.load('600 16px "Noto Sans SC Variable"', text),
    document.fonts.load('600 16px "IBM Plex Sans Condensed"', '0123456789:'),
  ]);
}
