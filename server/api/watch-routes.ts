import { z } from 'zod';
import type { Actor } from '../../model/access.ts';
import { zCentre } from '../../model/centre.ts';
import { maskedName, telTail } from '../../model/mask.ts';
import { zInstant } from '../../model/report.ts';
import { treeOf, type World } from '../../model/world.ts';
import type { Doorkeeper } from '../auth/actor.ts';
import { mustBeAllowed } from '../commands.ts';
import type { Doors } from '../ingest/doors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { motionNow, motionOf } from '../motion.ts';
import type { Places } from '../places.ts';
import { Refused } from '../refused.ts';
import type { FrameRow, KnownPerson, Store } from '../store/store.ts';
import { entriesWithin, scopeOf } from '../stream/scope.ts';
import type { LiveTelemetry } from '../telemetry/telemetry.ts';
import { worldView } from '../world-view.ts';
import { zFramesQuery, zLedgerQuery, zLocateQuery, zPeopleQuery } from './forms.ts';
import { filterFrame } from './frame-scope.ts';
import { type Route, route } from './route.ts';

interface Parts {
  readonly ledger: Ledger;
  readonly store: Store;
  readonly telemetry: LiveTelemetry;
  readonly places: Places;
  readonly keeper: Doorkeeper;
  readonly doors: Doors;
  readonly now: () => number;
}

const MAX_FILM_MS = 10 * 60_000;
const zList = z.array(
  z.looseObject({ id: z.string(), area: z.string().nullable(), place: z.string().nullable(), ageMs: z.number().nullable() }),
);

const zPersonShown = z.object({
  id: z.string(),
  name: z.string(),
  telTail: z.string().nullable(),
  caller: z.literal(true).optional(),
  anonymous: z.literal(true).optional(),
});

/** What may be watched: the world now and as of T, places, the ledger, frames, blobs, people, sources. */
export function watchRoutes({ ledger, store, telemetry, places, keeper, doors, now }: Parts): Route[] {
  const common = { method: 'get', tag: 'watching' } as const;
  return [
    route({
      ...common,
      path: '/api/v1/world',
      summary: 'The state of the centre, now or as of a moment',
      query: z.object({ at: zInstant.optional() }),
      answers: {
        200: {
          what: 'what the actor may see, with places and ages (ms)',
          json: z.object({ seq: z.number().int(), at: z.iso.datetime(), incidents: zList, alarms: zList, units: zList, sensors: zList }),
        },
      },
      async handle({ actor, query: { at } }) {
        if (at === undefined) return { json: worldView(ledger.world, motionNow(telemetry), actor, now()) };
        if (at > now()) throw new Refused(400, 'at', 'in the future');
        const [world, table] = await Promise.all([ledger.worldAt(at), telemetry.reader.at(at)]);
        return { json: worldView(world, motionOf(table, world, await places.of(world)), actor, at) };
      },
    }),
    route({
      ...common,
      path: '/api/v1/centre',
      summary: 'The centre as it is configured',
      answers: {
        200: {
          what: 'the configuration, and the entry of the ledger it was read at',
          json: z.object({ seq: z.number().int(), centre: zCentre }),
        },
        404: { what: 'no centre is set up yet' },
      },
      handle() {
        const { seq, centre } = ledger.world;
        if (!centre) throw new Refused(404, 'centre', 'no centre is set up yet');
        return { json: { seq, centre } };
      },
    }),
    route({
      ...common,
      path: '/api/v1/areas/locate',
      summary: 'The places that hold a point, from the street to the micro-grid',
      query: zLocateQuery,
      answers: {
        200: {
          what: 'path of areas, outermost first',
          json: z.object({ path: z.array(z.object({ code: z.string(), name: z.string(), level: z.string() })) }),
        },
        404: { what: 'the point lies in no area' },
      },
      handle({ query: { lng, lat } }) {
        const area = places.locate([lng, lat]);
        if (area === null) throw new Refused(404, 'lngLat', 'in no area of the boundaries');
        return {
          json: {
            path: treeOf(ledger.world)
              .path(area)
              .map(({ code, name, level }) => ({ code, name, level })),
          },
        };
      },
    }),
    route({
      ...common,
      path: '/api/v1/ledger',
      summary: 'Entries of the ledger, in order',
      description: "Entries outside the actor's area are left out.",
      query: zLedgerQuery,
      answers: {
        200: { what: 'entries', json: z.object({ entries: z.array(z.looseObject({ seq: z.number().int(), kind: z.string() })) }) },
      },
      async handle({ actor, query }) {
        const { subject, kind, from, to, after, limit } = query;
        const rows = await store.readEntries({ after, limit, subject, kinds: kind, from, to });
        const entries = rows.map(({ subject: _, body, ...row }) => ({ ...row, body: JSON.parse(body) }) as never);
        return { json: { entries: entriesWithin(entries, scopeOf(actor, ledger.world), ledger.world) } };
      },
    }),
    route({
      ...common,
      path: '/api/v1/frames',
      summary: 'Telemetry as it was: the keyframe before and the frames of at most ten minutes',
      description: 'Frames are base64 of the binary form of model/frame.ts.',
      query: zFramesQuery,
      answers: {
        200: {
          what: 'keyframe and frames',
          json: z.object({
            keyframe: z.object({ at: z.number(), base64: z.string() }).nullable(),
            frames: z.array(z.object({ at: z.number(), base64: z.string() })),
          }),
        },
      },
      async handle({ actor, query: { from, to } }) {
        if (to < from) throw new Refused(400, 'to', 'earlier than from');
        if (to - from > MAX_FILM_MS) throw new Refused(400, 'to', 'at most ten minutes after from');
        const { keyframe, frames } = await telemetry.reader.film(from, to);
        const shown = frameFor(actor, ledger.world);
        return { json: { keyframe: keyframe && shown(keyframe), frames: frames.map(shown) } };
      },
    }),
    route({
      ...common,
      path: '/api/v1/blobs/{hash}',
      summary: 'Boundaries or basemap by its hash; never changes',
      params: z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/, 'SHA-256 in hexadecimal') }),
      answers: { 200: { what: 'GeoJSON', type: 'application/geo+json' }, 404: { what: 'no such blob' } },
      async handle({ params: { hash } }) {
        const blob = await store.getBlob(hash);
        if (!blob) throw new Refused(404, 'hash', 'no such blob');
        return { bytes: { type: blob.type, tag: hash, bytes: blob.bytes } };
      },
    }),
    route({
      ...common,
      path: '/api/v1/people',
      summary: 'Names behind opaque ids, from the vault; of a telephone number the last four digits',
      description:
        'Staff by their name. Whoever called or wrote (`caller`) is masked, 张*芳, and has no name when that was asked for (`anonymous`).',
      query: zPeopleQuery,
      answers: {
        200: {
          what: 'those that are known',
          json: z.object({ people: z.array(zPersonShown) }),
        },
        403: { what: 'the role may not read names' },
      },
      async handle({ actor, query: { ids } }) {
        mustBeAllowed(actor, 'read-people', actor.area, ledger.world);
        const people = ids.length ? await store.getPeople(ids) : [];
        return { json: { people: people.map(shownPerson) } };
      },
    }),
    route({
      ...common,
      path: '/api/v1/session',
      summary: 'Who am I, and is this a demonstration?',
      answers: {
        200: { what: 'the session', json: z.object({ actor: z.looseObject({}), demo: z.boolean(), centre: z.string().nullable() }) },
      },
      handle: ({ actor }) => ({ json: { actor, demo: keeper.isDemo(), centre: ledger.world.centre?.code ?? null } }),
    }),
    route({
      ...common,
      path: '/api/v1/sources',
      summary: 'The doors: what each took and turned away',
      answers: { 200: { what: 'status of the doors', json: z.object({ doors: z.array(z.looseObject({ door: z.string() })) }) } },
      handle: () => ({ json: { doors: doors.status() } }),
    }),
  ];
}

const shownPerson = ({ id, name, tel, kind, anonymous }: KnownPerson): z.output<typeof zPersonShown> => ({
  id,
  name: kind === 'caller' ? maskedName(name) : name,
  telTail: telTail(tel),
  ...(kind === 'caller' ? { caller: true } : {}),
  ...(anonymous ? { anonymous: true } : {}),
});

function frameFor(actor: Actor, world: World): (row: FrameRow) => { at: number; base64: string } {
  const { segments } = scopeOf(actor, world);
  return ({ at, bytes }) => ({ at, base64: Buffer.from(segments ? filterFrame(bytes, segments) : bytes).toString('base64') });
}
