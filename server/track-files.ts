import { lngLatOf } from '../model/track.ts';
import { asText, BYTE_ORDER_MARK, csvLine } from './api/csv.ts';
import type { Track } from './tracks.ts';

/**
 * Tracks as files other programs read, made while they are sent: GPX 1.1 (Topografix), GeoJSON (RFC 7946) with the times of its lines where
 * togeojson puts them (`coordinateProperties.times`), CSV (RFC 4180). Places are WGS-84 degrees, times ISO 8601 in UTC.
 */
export const trackFormats = ['gpx', 'geojson', 'csv'] as const;
export type TrackFormat = (typeof trackFormats)[number];

export const trackFileType: Readonly<Record<TrackFormat, string>> = {
  gpx: 'application/gpx+xml; charset=utf-8',
  geojson: 'application/geo+json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
};

/** Fixes of one piece of text. */
const PIECE = 1000;
const iso = (ms: number) => new Date(ms).toISOString();
const tenth = (n: number) => Math.round(n * 10) / 10;
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
/** Without the control characters XML 1.0 has no way to write. */
const xml = (text: string) =>
  text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '').replace(/[&<>"']/g, (c) => entities[c]!);

function* pieces(from: number, to: number): Generator<readonly number[]> {
  for (let i = from; i < to; i += PIECE) yield Array.from({ length: Math.min(PIECE, to - i) }, (_, n) => i + n);
}

async function* gpx(tracks: AsyncIterable<Track>, madeAt: number): AsyncGenerator<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Genglou" xmlns="http://www.topografix.com/GPX/1/1"><metadata><time>${iso(madeAt)}</time></metadata>\n`;
  for await (const { unit, fixes: f, legs } of tracks) {
    yield `<trk><name>${xml(unit.name)}</name><src>${xml(unit.id)}</src><type>${unit.role}</type>\n`;
    for (const leg of legs) {
      yield '<trkseg>\n';
      for (const piece of pieces(leg.from, leg.to))
        yield piece
          .map((i) => {
            const [lng, lat] = lngLatOf(f, i);
            return `<trkpt lat="${lat.toFixed(7)}" lon="${lng.toFixed(7)}"><time>${iso(f.at[i]!)}</time></trkpt>\n`;
          })
          .join('');
      yield '</trkseg>\n';
    }
    yield '</trk>\n';
  }
  yield '</gpx>\n';
}

/** One feature a leg; of a single fix, a point. */
async function* geojson(tracks: AsyncIterable<Track>): AsyncGenerator<string> {
  yield '{"type":"FeatureCollection","features":[';
  let first = true;
  for await (const { unit, fixes: f, legs } of tracks)
    for (const [n, leg] of legs.entries()) {
      const each = Array.from({ length: leg.to - leg.from }, (_, i) => leg.from + i);
      const places = each.map((i) => lngLatOf(f, i));
      const geometry = places.length > 1 ? { type: 'LineString', coordinates: places } : { type: 'Point', coordinates: places[0] };
      const times = each.map((i) => iso(f.at[i]!));
      const properties = { unit: unit.id, name: unit.name, role: unit.role, leg: n + 1, coordinateProperties: { times } };
      yield `${first ? '' : ','}\n${JSON.stringify({ type: 'Feature', geometry, properties })}`;
      first = false;
    }
  yield '\n]}\n';
}

async function* csv(tracks: AsyncIterable<Track>): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvLine(['unit', 'name', 'role', 'leg', 'time', 'lng', 'lat', 'speed_mps', 'heading_deg']);
  for await (const { unit, fixes: f, legs } of tracks) {
    const who = [asText(unit.id), asText(unit.name), unit.role] as const;
    for (const [n, leg] of legs.entries())
      for (const piece of pieces(leg.from, leg.to))
        yield piece
          .map((i) => csvLine([...who, n + 1, iso(f.at[i]!), ...lngLatOf(f, i), tenth(f.speed[i]!), Math.round(f.heading[i]!) % 360]))
          .join('');
  }
}

/** @param madeAt epoch ms, into files that have a place for it */
export function trackFile(format: TrackFormat, tracks: AsyncIterable<Track>, madeAt: number): AsyncIterable<string> {
  return format === 'gpx' ? gpx(tracks, madeAt) : format === 'geojson' ? geojson(tracks) : csv(tracks);
}
