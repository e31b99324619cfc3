import type { IncomingHttpHeaders } from 'node:http';
import { zDeviceNumber } from '../../../model/device.ts';
import { headingOf, no, numberOf, type PhoneRead, placeOf, speedOf } from './phone-fix.ts';

const KMH = 1 / 3.6;
/** messages that tell where the phone is itself */
const FIX = 'location';

/**
 * OwnTracks in HTTP mode (owntracks.org/booklet/tech/json): one JSON object a request. Only `location` tells where the phone is; its other
 * messages (waypoints, transitions, its own state) are taken and passed over. `tst` seconds, `vel` km/h, `cog` degrees.
 *
 * A phone is `user/device`: of its topic, else of the headers X-Limit-U and X-Limit-D, else its tracker id.
 */
export function readOwntracks(body: unknown, headers: IncomingHttpHeaders): PhoneRead {
  if (typeof body !== 'object' || body === null) return no('body', 'one JSON object with _type');
  const { _type, topic, tid, lat, lon, tst, vel, cog } = body as Record<string, unknown>;
  if (_type === 'encrypted') return no('_type', 'encrypted messages are not read: leave the encryption key empty, and use https');
  if (typeof _type !== 'string') return no('_type', 'location, as OwnTracks sends it');
  if (_type !== FIX) return { ok: true, device: null };
  const device = deviceOf(topic, headers, tid);
  if (device === null) return no('topic', 'who it is: a topic owntracks/user/device, headers X-Limit-U and X-Limit-D, or a tid');
  const lngLat = placeOf(numberOf(lon), numberOf(lat));
  if (!lngLat) return no('lat', 'lat and lon in decimal degrees');
  const seconds = numberOf(tst);
  if (seconds === undefined || !(Math.abs(seconds) < 1e11)) return no('tst', 'seconds since 1970');
  return {
    ok: true,
    device,
    fix: { at: Math.round(seconds * 1000), lngLat, heading: headingOf(numberOf(cog)), speed: speedOf(numberOf(vel), KMH) },
  };
}

function deviceOf(topic: unknown, headers: IncomingHttpHeaders, tid: unknown): string | null {
  const [, inTopic] = /^owntracks\/([^/]+\/[^/]+)$/.exec(typeof topic === 'string' ? topic : '') ?? [];
  const { 'x-limit-u': user, 'x-limit-d': name } = headers;
  const said = inTopic ?? (user && name ? `${user}/${name}` : tid);
  return zDeviceNumber.safeParse(said).data ?? null;
}
