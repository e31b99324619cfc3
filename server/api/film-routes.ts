import { z } from 'zod';
import type { Film } from '../film/film.ts';
import { type Route, route } from './route.ts';

/** epoch milliseconds in a query */
export const zMoment = z
  .string()
  .regex(/^\d{1,15}$/, 'epoch milliseconds')
  .transform(Number);

const bytes = 'application/octet-stream';

/** The past, as a screen plays it. */
export function filmRoutes({ film }: { readonly film: Film }): Route[] {
  const common = { method: 'get', tag: 'time machine' } as const;
  return [
    route({
      ...common,
      path: '/api/v1/film',
      summary: 'How far back the past can be shown',
      answers: {
        200: {
          what: 'epoch ms: the oldest moment, the oldest of which frames are kept to the letter, and now',
          json: z.object({ from: z.number(), filmFrom: z.number(), to: z.number() }),
        },
      },
      handle: async () => ({ json: await film.span() }),
    }),
    route({
      ...common,
      path: '/api/v1/film/moment',
      summary: 'The world and everything that moves as of a moment',
      description:
        "Bytes of model/film.ts: what a screen that joined then would have got, within the reader's area by the boundaries of then.",
      query: z.object({ at: zMoment }),
      answers: { 200: { what: 'a moment', type: bytes }, 503: { what: 'too many ask at once' } },
      handle: async ({ actor, query: { at } }) => ({ binary: await film.moment(actor, at) }),
    }),
    route({
      ...common,
      path: '/api/v1/film/reel',
      summary: 'What happened after one moment and up to another: entries and frames',
      description: 'Bytes of model/film.ts. At most ten minutes. `cut`: go on from the moment at `to` instead.',
      query: z.object({ from: zMoment, to: zMoment }),
      answers: { 200: { what: 'a reel', type: bytes }, 503: { what: 'too many ask at once' } },
      handle: async ({ actor, query: { from, to } }) => ({ binary: await film.reel(actor, from, to) }),
    }),
  ];
}
