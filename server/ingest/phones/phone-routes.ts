import { z } from 'zod';
import type { Actor } from '../../../model/access.ts';
import { epochMs } from '../../../model/brand.ts';
import { bytesOf } from '../../api/read-table.ts';
import { type Answer, type Route, route } from '../../api/route.ts';
import type { Devices, Taken } from '../../devices/devices.ts';
import { Refused } from '../../refused.ts';
import type { Door } from '../doors.ts';
import { type OsmandApp, readOsmandFields, readTraccarJson } from './osmand.ts';
import { readOwntracks } from './owntracks.ts';
import type { PhoneRead } from './phone-fix.ts';

interface Parts {
  readonly devices: Devices;
  readonly osmand: Door;
  readonly owntracks: Door;
  readonly now: () => number;
}
const MAX_BYTES = 64 * 1024;
const FORM = 'application/x-www-form-urlencoded';
const zText = z.string().max(200);
const zFields = z.looseObject({
  id: zText.optional().describe('the phone’s number or name, as it is bound to a unit; also `deviceid`'),
  lat: zText.optional().describe('decimal degrees; or `location` as lat,lon'),
  lon: zText.optional(),
  timestamp: zText.optional().describe('seconds or milliseconds since 1970, or ISO 8601; absent = now'),
  speed: zText.optional().describe('m/s from OsmAnd, knots from Traccar Client'),
  bearing: zText.optional().describe('degrees clockwise from north; also `heading`'),
  valid: zText.optional().describe('false or 0 = the phone has no fix'),
  alarm: zText.optional().describe('`sos` = the SOS button of Traccar Client'),
  token: zText.optional().describe('`name:password` of an account of role device, for apps that cannot sign in'),
});

/** Phones with an app from a store: OwnTracks, OsmAnd, Traccar Client. How each is set up: docs/operations.md. */
export function phoneRoutes({ devices, osmand, owntracks, now }: Parts): Route[] {
  /**
   * An app that is answered with an error sends the same again and again and nothing after it. So a fix that will never be believed is
   * answered as taken; the door counts it as refused, and it stands in quarantine.
   */
  async function take(door: Door, where: string, read: PhoneRead, actor: Actor): Promise<{ taken: Taken | null; error: Answer | null }> {
    const receivedAt = epochMs(now());
    if (!read.ok) {
      door.refuse(read.refusal, { where });
      const { field, rule } = read.refusal;
      return { taken: null, error: { status: 400, json: { error: { field, rule } } } };
    }
    if (read.device === null) return { taken: null, error: null };
    if (read.fix === null) {
      devices.heard(door.name, read.device, receivedAt);
      door.accept();
      return { taken: null, error: null };
    }
    const taken = await devices.take(door.name, read.device, read.fix, { actor, receivedAt });
    if (taken.ok) {
      door.accept(read.fix.at);
      return { taken, error: null };
    }
    const { field, rule, reason } = taken.refusal;
    door.refuse(taken.refusal, { where });
    if (reason === 'implausible') return { taken, error: null };
    const status = reason === 'not-allowed' ? 403 : reason === 'too-large' ? 429 : 400;
    return { taken, error: { status, json: { error: { field, rule } } } };
  }
  const answers = {
    200: { what: 'taken, or kept until somebody binds the device (`waiting`)' },
    400: { what: 'not of this form, or its clock is ahead' },
    429: { what: 'too many unknown devices wait' },
  };
  const told = (taken: Taken | null): Answer => ({ json: { ok: true, ...(taken?.ok && 'waiting' in taken ? { waiting: true } : {}) } });

  const osmandRoutes = (app: OsmandApp): Route[] => {
    const path = `/api/v1/${app}`;
    const name = app === 'osmand' ? 'OsmAnd (online tracking)' : 'Traccar Client';
    const read = (fields: Readonly<Record<string, unknown>>) => readOsmandFields(fields, app, now());
    const common = { path, tag: 'phones', door: osmand.name, reports: true as const, query: zFields, answers };
    return [
      route({
        ...common,
        method: 'get',
        summary: `A fix of a phone with ${name}`,
        handle: async ({ actor, query }) => {
          const { taken, error } = await take(osmand, `GET ${path}`, read(query), actor);
          return error ?? told(taken);
        },
      }),
      route({
        ...common,
        method: 'post',
        summary: `A fix of a phone with ${name}, in the query, as a form or as JSON`,
        raw: [FORM, 'application/json'],
        limit: MAX_BYTES,
        handle: async ({ actor, query, headers, content }) => {
          const text = await textOf(content);
          const isJson = headers['content-type']?.includes('json') || /^\s*\{/.test(text);
          const found = isJson
            ? readTraccarJson(jsonOf(text), now())
            : read({ ...query, ...Object.fromEntries(new URLSearchParams(text.trim())) });
          const { taken, error } = await take(osmand, `POST ${path}`, found, actor);
          return error ?? told(taken);
        },
      }),
    ];
  };

  return [
    ...osmandRoutes('osmand'),
    ...osmandRoutes('traccar'),
    route({
      method: 'post',
      path: '/api/v1/owntracks',
      tag: 'phones',
      summary: 'A message of a phone with OwnTracks (HTTP mode)',
      description: 'Answered with an empty list: the app waits for messages to it and takes nothing else for success.',
      door: owntracks.name,
      reports: true,
      query: z.looseObject({ token: zFields.shape.token }),
      raw: ['application/json'],
      limit: MAX_BYTES,
      headers: { 'X-Limit-U': 'user', 'X-Limit-D': 'device; both are asked where the message has no topic' },
      answers,
      async handle({ actor, headers, content }) {
        const text = await textOf(content);
        if (text.trim() === '') return { json: [] }; // a friend was removed in the app
        const { error } = await take(owntracks, 'POST /api/v1/owntracks', readOwntracks(jsonOf(text), headers), actor);
        return error ?? { json: [] };
      },
    }),
  ];
}

const textOf = async (content: AsyncIterable<Uint8Array>) => Buffer.from(await bytesOf(content, MAX_BYTES)).toString('utf8');
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused(400, 'body', 'not JSON');
  }
}
