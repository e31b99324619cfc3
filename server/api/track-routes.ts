import { z } from 'zod';
import { epochMs } from '../../model/brand.ts';
import { zId } from '../../model/fields.ts';
import { treeOf } from '../../model/world.ts';
import type { WorldAsOf } from '../as-of.ts';
import { mustBeAllowed } from '../commands.ts';
import { nameAsOf, ownPageOnly, smallestAround } from '../exported.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Places } from '../places.ts';
import type { PositionHistory } from '../telemetry/position-history.ts';
import { trackFile, trackFileType, trackFormats } from '../track-files.ts';
import { MOST_UNITS, trackAnswer, trackQuestion, tracksOf } from '../tracks.ts';
import { count, csv, zAsOf, zMoment } from './forms.ts';
import { type Route, route } from './route.ts';

interface Parts {
  readonly ledger: Pick<Ledger, 'append'>;
  readonly history: PositionHistory;
  readonly places: Pick<Places, 'locate'>;
  readonly asOf: WorldAsOf;
}

const USUAL_POINTS = 2000;
const MOST_POINTS = 50_000;

const asked = {
  units: csv(MOST_UNITS).pipe(z.array(zId)).describe(`ids of at most ${MOST_UNITS} units, separated by commas`),
  from: zMoment.optional().describe('absent = two hours before `to`'),
  to: zMoment.optional().describe('exclusive; absent = now, and never later than now, or than `asOf`'),
  asOf: zAsOf,
};
const numbers = z.array(z.number());

/** 轨迹: where units were, by their own clocks. */
export function trackRoutes({ ledger, history, places, asOf }: Parts): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/tracks',
      tag: 'watching',
      summary: 'Tracks of units: fixes by device time, stays, silences, metres',
      description:
        'At most 62 unit-days a question, 31 days back from `to`. `points` bounds the fixes of each unit: those are kept without which the track would be most wrong at some moment, and `within` says by how many metres at most. `figures` are of every fix. Units outside the area of the asker are named in `withheld`.',
      query: z.object({
        ...asked,
        points: count(MOST_POINTS, USUAL_POINTS).describe('fixes of each unit, at most'),
        passages: z.literal('true').optional().describe('with the micro-grids along each track'),
      }),
      answers: {
        200: {
          what: 'times are epoch ms, places degrees',
          json: z.object({
            from: z.number(),
            to: z.number(),
            tracks: z.array(
              z.looseObject({
                unit: z.string(),
                ix: z.number(),
                at: numbers,
                lng: numbers,
                lat: numbers,
                speed: numbers,
                heading: numbers,
              }),
            ),
            silent: z.array(z.string()),
            withheld: z.array(z.string()),
          }),
        },
        404: { what: 'a unit is not registered' },
      },
      async handle({ actor, query: { points, passages, ...question } }) {
        const locate = passages ? places.locate : null;
        const { at, world } = await asOf(question.asOf);
        return { json: await trackAnswer(history, trackQuestion(question, actor, world, at), points, locate) };
      },
    }),
    ...trackFormats.map((format) =>
      route({
        method: 'get',
        path: `/api/v1/tracks.${format}`,
        tag: 'watching',
        summary: `The same as a file: ${format === 'gpx' ? 'GPX 1.1' : format === 'geojson' ? 'GeoJSON' : 'CSV'}, every fix`,
        description: 'Who exports what is written into the ledger (history.exported) before the first byte is sent.',
        query: z.object(asked),
        answers: {
          200: { what: 'the file', type: trackFileType[format] },
          403: { what: 'the role may not export history, or a unit is of another area' },
          404: { what: 'a unit is not registered' },
        },
        async handle({ actor, query, headers }) {
          ownPageOnly(headers);
          const { at, world } = await asOf(query.asOf);
          const question = trackQuestion(query, actor, world, at);
          const areas = [...new Set(query.units)].map((id) => world.units.get(id)!.area);
          for (const area of new Set(areas)) mustBeAllowed(actor, 'export-history', area, world);
          const { from, to, units } = question;
          await ledger.append(actor.id, () => [
            {
              kind: 'history.exported',
              body: {
                what: 'tracks',
                format,
                area: smallestAround(treeOf(world), areas),
                from: epochMs(from),
                to: epochMs(to),
                units: units.map((u) => u.id),
              },
            },
          ]);
          const name = `tracks-${fileTime(from)}-${fileTime(to)}${nameAsOf(query.asOf, world.centre)}.${format}`;
          return { stream: { type: trackFileType[format], name, chunks: trackFile(format, tracksOf(history, question), at) } };
        },
      }),
    ),
  ];
}

/** `20261122T0800Z` */
const fileTime = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace(/[-:]/g, '')}Z`;
