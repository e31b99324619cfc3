import { zDeviceNumber } from '../../../model/device.ts';
import { epochOf, headingOf, KNOT, no, numberOf, type PhoneRead, placeOf, speedOf } from './phone-fix.ts';

/**
 * The form that OsmAnd's online tracking and Traccar Client speak: fields of a query or a form, or (Traccar Client from version 9) JSON.
 * Fields: traccar.org/osmand. Speed is m/s from OsmAnd and in JSON, knots in the fields of Traccar Client.
 */
export type OsmandApp = 'osmand' | 'traccar';
type Fields = Readonly<Record<string, unknown>>;

/** @param receivedAt epoch ms, the time of a report that tells none */
export function readOsmandFields(fields: Fields, app: OsmandApp, receivedAt: number): PhoneRead {
  const device = deviceOf(fields.id ?? fields.deviceid);
  if (device === null) return no('id', DEVICE_RULE);
  if (/^(false|0)$/i.test(String(fields.valid ?? ''))) return { ok: true, device, fix: null };
  const [inLat, inLon] = String(fields.location ?? '').split(',');
  const lngLat = placeOf(numberOf(fields.lon ?? inLon), numberOf(fields.lat ?? inLat));
  if (!lngLat) return no('lat', 'lat and lon in decimal degrees, or location as lat,lon');
  const at = timeOf(fields.timestamp, receivedAt);
  if (at === null) return no('timestamp', TIME_RULE);
  const speed = speedOf(numberOf(fields.speed), app === 'traccar' ? KNOT : 1);
  const heading = headingOf(numberOf(fields.bearing ?? fields.heading));
  // Traccar Client says `alarm=sos` once, with the fix at which its button was pressed; what OsmAnd sends has no such field
  const sos = app === 'traccar' || fields.alarm !== undefined ? { sos: fields.alarm === 'sos' } : {};
  return { ok: true, device, fix: { at, lngLat, heading, speed, ...sos } };
}

/** `{device_id, location: {timestamp, coords: {latitude, longitude, speed, heading}}}` */
export function readTraccarJson(body: unknown, receivedAt: number): PhoneRead {
  const { device_id, location } = objectOf(body);
  const device = deviceOf(device_id);
  if (device === null) return no('device_id', DEVICE_RULE);
  const { timestamp, coords } = objectOf(location);
  if (coords === undefined) return { ok: true, device, fix: null };
  const { latitude, longitude, speed, heading } = objectOf(coords);
  const lngLat = placeOf(numberOf(longitude), numberOf(latitude));
  if (!lngLat) return no('location.coords', 'latitude and longitude in decimal degrees');
  const at = timeOf(timestamp, receivedAt);
  if (at === null) return no('location.timestamp', TIME_RULE);
  return { ok: true, device, fix: { at, lngLat, heading: headingOf(numberOf(heading)), speed: speedOf(numberOf(speed), 1) } };
}

const DEVICE_RULE = 'the number of the device: 1-80 characters, no spaces';
const TIME_RULE = 'seconds or milliseconds since 1970, ISO 8601, or YYYY-MM-DD HH:mm:ss in UTC';
const objectOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

function deviceOf(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  return zDeviceNumber.safeParse(text).data ?? null;
}

/** Without a zone it is UTC, as these apps mean it. @returns null for what is no time */
function timeOf(value: unknown, receivedAt: number): number | null {
  if (value === undefined || value === '') return receivedAt;
  const n = numberOf(value);
  if (n !== undefined && !Number.isNaN(n)) return epochOf(n);
  const text = String(value).replace(' ', 'T');
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text)) return null;
  const ms = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(ms) ? null : ms;
}
