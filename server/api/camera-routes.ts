import { z } from 'zod';
import { may } from '../../model/access.ts';
import { areaLabel, zAreaCode } from '../../model/area.ts';
import { bySight, sightOf } from '../../model/camera.ts';
import { zMedia } from '../../model/centre.ts';
import { zId, zLngLat } from '../../model/fields.ts';
import { treeOf } from '../../model/world.ts';
import type { WorldAsOf } from '../as-of.ts';
import { type Directives, type Hls, PLAYLIST } from '../cameras/hls.ts';
import { setMedia } from '../cameras/media.ts';
import { type CameraStates, stateAsOf } from '../cameras/states.ts';
import type { Views } from '../cameras/views.ts';
import { MAX_SDP, SDP, SDP_FRAGMENT, type Whep } from '../cameras/whep.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Refused } from '../refused.ts';
import { zAsOf } from './forms.ts';
import { type Answer, type Call, type Route, route } from './route.ts';

interface Parts {
  readonly ledger: Pick<Ledger, 'world' | 'append'>;
  readonly asOf: WorldAsOf;
  readonly states: Pick<CameraStates, 'get'>;
  readonly views: Views;
  readonly hls: Hls;
  readonly whep: Whep;
}

const MAX_LIMIT = 20_000;
const zPoint = z
  .string()
  .regex(/^-?\d{1,3}(\.\d{1,15})?,-?\d{1,2}(\.\d{1,15})?$/, 'lng,lat in decimal degrees')
  .transform((s) => s.split(',').map(Number))
  .pipe(zLngLat);
const zCamerasQuery = z.object({
  area: zAreaCode.optional().describe('only those within'),
  near: zPoint.optional().describe('lng,lat: those that look there first, then the nearest'),
  limit: z
    .string()
    .regex(/^\d{1,5}$/, 'a whole number')
    .transform(Number)
    .pipe(z.number().min(1).max(MAX_LIMIT))
    .default(MAX_LIMIT),
  asOf: zAsOf,
});
const zCameraRow = z.object({
  id: z.string(),
  name: z.string(),
  area: z.string().nullable(),
  place: z.string().nullable(),
  lngLat: z.tuple([z.number(), z.number()]),
  bearing: z.number().nullable().describe('degrees clockwise from north'),
  facility: z.string().nullable(),
  online: z.boolean().nullable().describe('null = it never said, or `asOf` is before what is kept: the last change'),
  since: z.number().nullable().describe('it has said so since, epoch ms'),
  heard: z.number().nullable().describe('it said so last, epoch ms'),
  metres: z.number().optional(),
  towards: z.boolean().nullable().optional().describe('does it look there? null = its bearing is not known'),
});
const zView = z.object({ view: z.string().max(40) });
const zSession = zView.extend({ session: z.string().max(40) });
const zDirectives: z.ZodType<Directives> = z.object({
  _HLS_msn: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  _HLS_part: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional(),
  _HLS_skip: z.enum(['YES', 'v2']).optional(),
});
const RANGE = /^bytes=\d{1,15}-\d{0,15}$/;

/** 视频: which cameras there are, and looking through one, audited and through us alone. */
export function cameraRoutes({ ledger, asOf, states, views, hls, whep }: Parts): Route[] {
  const common = { tag: 'cameras' } as const;
  const ofView = '/api/v1/views/{view}';
  const wrong = {
    403: { what: 'not the account that opened the view' },
    404: { what: 'the view has ended, or the media server has no stream of this camera' },
    502: { what: 'the media server cannot be reached, refuses us, or answers nonsense' },
    504: { what: 'the camera did not answer in time' },
  };
  return [
    route({
      ...common,
      method: 'get',
      path: '/api/v1/cameras',
      summary: 'Catalogue of cameras, with who is online since when',
      query: zCamerasQuery,
      answers: {
        200: {
          what: '`counts` are of all that match, `cameras` at most `limit` of them',
          json: z.object({
            at: z.number(),
            counts: z.object({ total: z.number(), online: z.number(), offline: z.number(), unknown: z.number() }),
            cameras: z.array(zCameraRow),
          }),
        },
      },
      async handle({ actor, query: { area, near, limit, asOf: asked } }) {
        const { at, world } = await asOf(asked);
        const stateOf = (id: string) => stateAsOf(states.get(id), asked);
        const tree = treeOf(world);
        if (area !== undefined && !world.areas.has(area)) throw new Refused(400, 'area', `no area ${area} in the boundaries`);
        const sees = (at: typeof area | null) => may(actor, 'watch', at ?? null, tree).ok;
        const matching = [...world.cameras.values()].filter(
          (c) => sees(c.area) && (area === undefined || (c.area !== null && tree.isWithin(c.area, area))),
        );
        const counts = { total: matching.length, online: 0, offline: 0, unknown: 0 };
        for (const c of matching) counts[onlineWord(stateOf(c.id)?.online)] += 1;
        const sights = near && new Map(matching.map((c) => [c.id, sightOf(c, near)]));
        if (sights) matching.sort((a, b) => bySight(sights.get(a.id)!, sights.get(b.id)!));
        const cameras = matching.slice(0, limit).map((c) => {
          const { online = null, since = null, heard = null } = stateOf(c.id) ?? {};
          return {
            id: c.id,
            name: c.name,
            area: c.area,
            place: c.area === null ? null : areaLabel(tree, c.area),
            lngLat: c.lngLat,
            bearing: c.bearing ?? null,
            facility: c.facility ?? null,
            online,
            since,
            heard,
            ...sights?.get(c.id),
          };
        });
        return { json: { at, counts, cameras } };
      },
    }),
    route({
      ...common,
      method: 'post',
      path: '/api/v1/cameras/{id}/views',
      summary: 'Look through a camera: who does, and on account of what, is an entry of the ledger',
      description:
        'A view belongs to the account that opened it and ends at `until`; with `renew`, a view of one’s own goes on, which is an entry again. `hls` and `whep` are addresses on this server.',
      params: z.object({ id: zId }),
      body: z.object({ incident: zId.optional(), alarm: zId.optional(), renew: z.string().max(40).optional() }),
      answers: {
        200: {
          what: 'recorded and durable; the stream may be asked for',
          json: z.object({
            view: z.string(),
            hls: z.string().optional(),
            whep: z.string().optional(),
            until: z.number().describe('epoch ms'),
          }),
        },
        404: { what: 'no such camera, or the view to renew has ended' },
        409: { what: 'no media server is configured' },
        429: { what: 'too many views of this account at once' },
      },
      async handle({ actor, params, body }) {
        const view = await views.open(actor, params.id, body);
        const base = `/api/v1/views/${view.id}`;
        return {
          json: {
            view: view.id,
            ...(view.hls ? { hls: `${base}/hls/index.m3u8` } : {}),
            ...(view.whep ? { whep: `${base}/whep` } : {}),
            until: view.until,
          },
        };
      },
    }),
    route({
      ...common,
      method: 'delete',
      path: ofView,
      summary: 'End a view before its time',
      params: zView,
      answers: { 200: { what: 'ended, with every session it opened' }, 403: wrong[403], 404: { what: 'it has ended already' } },
      handle({ actor, params }) {
        views.end(actor, params.view);
        return { json: { ok: true } };
      },
    }),
    route({
      ...common,
      method: 'get',
      path: `${ofView}/hls/index.m3u8`,
      summary: 'First playlist of a view',
      params: zView,
      answers: { 200: { what: 'HLS playlist; every address in it is one of ours', type: PLAYLIST }, ...wrong },
      handle: async ({ actor, params }) => asPlaylist(await hls.first(views.use(actor, params.view))),
    }),
    route({
      ...common,
      method: 'get',
      path: `${ofView}/hls/{name}`,
      summary: 'What a playlist of the view names: another playlist, or a part of the stream',
      params: zView.extend({ name: z.string().max(4000) }),
      query: zDirectives,
      headers: { Range: 'bytes of a part' },
      answers: { 200: { what: 'playlist or part', type: 'application/octet-stream' }, 206: { what: 'the bytes asked for' }, ...wrong },
      async handle({ actor, params, query, headers }) {
        const view = views.use(actor, params.view);
        const range = headers.range && RANGE.test(headers.range) ? headers.range : undefined;
        const answer = await hls.named(view, params.name, query, range);
        if ('playlist' in answer) return asPlaylist(answer);
        const { status, type, headers: more, chunks } = answer;
        return { status, headers: more, passed: { type, chunks } };
      },
    }),
    route({
      ...common,
      method: 'post',
      path: `${ofView}/whep`,
      summary: 'Offer of a WebRTC receiver (WHEP)',
      params: zView,
      raw: [SDP],
      limit: MAX_SDP,
      answers: { 201: { what: 'the answer; Location is the session, where there is one', type: SDP }, ...wrong },
      async handle({ actor, params, content }) {
        const view = views.use(actor, params.view);
        const { answer, session } = await whep.offer(view, await textOfBody(content));
        const headers: Record<string, string> = session ? { Location: `/api/v1/views/${view.id}/whep/${session}` } : {};
        return { status: 201, headers, text: { type: SDP, text: answer } };
      },
    }),
    route({
      ...common,
      method: 'patch',
      path: `${ofView}/whep/{session}`,
      summary: 'Further ICE candidates of a session',
      params: zSession,
      raw: [SDP_FRAGMENT],
      limit: MAX_SDP,
      answers: { 200: { what: 'taken; candidates of the media server, where it has any', type: SDP_FRAGMENT }, ...wrong },
      async handle({ actor, params, content }) {
        const text = await whep.candidate(views.use(actor, params.view), params.session, await textOfBody(content));
        return { text: { type: SDP_FRAGMENT, text } };
      },
    }),
    route({
      ...common,
      method: 'delete',
      path: `${ofView}/whep/{session}`,
      summary: 'End a session',
      params: zSession,
      answers: { 200: { what: 'ended' }, ...wrong },
      async handle({ actor, params }) {
        await whep.end(views.use(actor, params.view), params.session);
        return { json: { ok: true } };
      },
    }),
    route({
      method: 'post',
      tag: 'administration',
      path: '/api/v1/centre/media',
      summary: 'Where the media server hands out live pictures; nothing else of the centre changes',
      description: '`{stream}` stands for the camera’s stream. User and password are given to the server as MEDIA_LOGIN, never here.',
      body: zMedia,
      answers: { 200: { what: 'configured', json: z.object({ seq: z.number().int() }) }, 409: { what: 'no centre yet' } },
      handle: async ({ actor, body }) => ({ json: await setMedia(ledger, actor, body) }),
    }),
  ];
}

const asPlaylist = ({ playlist }: { playlist: string }): Answer => ({ text: { type: PLAYLIST, text: playlist } });

const onlineWord = (online: boolean | undefined) => (online === undefined ? 'unknown' : online ? 'online' : 'offline');

/** @throws Refused 413 for more than an SDP may be */
async function textOfBody(content: Call<never, never, never>['content']): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (bytes > MAX_SDP) throw new Refused(413, 'body', `larger than ${MAX_SDP} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
