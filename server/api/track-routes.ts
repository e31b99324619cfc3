import { z } from 'zod';
import { zId } from '../../model/fields.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Places } from '../places.ts';
import type { PositionHistory } from '../telemetry/position-history.ts';
import { MOST_UNITS, trackAnswer, trackQuestion } from '../tracks.ts';
import { count, csv, zMoment } from './forms.ts';
import { type Route, route } from './route.ts';

interface Parts {
  readonly ledger: Pick<Ledger, 'world' | 'append'>;
  readonly history: PositionHistory;
  readonly places: Pick<Places, 'locate'>;
  readonly now: () => number;
}

const USUAL_POINTS = 2000;
const MOST_POINTS = 50_000;

const asked = {
  units: csv(MOST_UNITS).pipe(z.array(zId)).describe(`ids of at most ${MOST_UNITS} units, separated by commas`),
  from: zMoment.optional().describe('absent = two hours before `to`'),
  to: zMoment.optional().describe('exclusive; absent = now, and never later than now'),
};
const numbers = z.array(z.number());

/** 轨迹: where units were, by their own clocks. */
export function trackRoutes({ ledger, history, places, now }: Parts): Route[] {
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
        return { json: await trackAnswer(history, trackQuestion(question, actor, ledger.world, now()), points, locate) };
      },
    }),
  ];
}
