import { z } from 'zod';
import type { Film } from '../film/film.ts';
import { type Finds, usualKinds } from '../film/finds.ts';
import { count, csv, zMs, zSeq } from './forms.ts';
import { type Route, route } from './route.ts';

const bytes = 'application/octet-stream';

/** The past, as a screen plays it. */
export function filmRoutes({ film, finds }: { readonly film: Film; readonly finds: Finds }): Route[] {
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
      query: z.object({ at: zMs }),
      answers: { 200: { what: 'a moment', type: bytes }, 503: { what: 'too many ask at once' } },
      handle: async ({ actor, query: { at } }) => ({ binary: await film.moment(actor, at) }),
    }),
    route({
      ...common,
      path: '/api/v1/film/reel',
      summary: 'What happened after one moment and up to another: entries and frames',
      description: 'Bytes of model/film.ts. At most ten minutes. `cut`: go on from the moment at `to` instead.',
      query: z.object({ from: zMs, to: zMs }),
      answers: { 200: { what: 'a reel', type: bytes }, 503: { what: 'too many ask at once' } },
      handle: async ({ actor, query: { from, to } }) => ({ binary: await film.reel(actor, from, to) }),
    }),
    route({
      ...common,
      path: '/api/v1/film/density',
      summary: 'When something happened: incidents and alarms reported in each of so many equal parts of a time',
      query: z.object({ from: zMs, to: zMs, bins: count(2000, 300) }),
      answers: {
        200: {
          what: 'counts by part; `marks` are those of priority 1 and 2, at most 300, the gravest and newest first',
          json: z.object({
            from: z.number(),
            to: z.number(),
            binMs: z.number(),
            counts: z.array(z.number().int()),
            marks: z.array(z.object({ at: z.number(), priority: z.number().int(), kind: z.enum(['incident', 'alarm']), id: z.string() })),
          }),
        },
      },
      handle: async ({ actor, query: { from, to, bins } }) => ({ json: await finds.density(actor, from, to, bins) }),
    }),
    route({
      ...common,
      path: '/api/v1/film/event',
      summary: 'What happened next, or before, as seen from a moment',
      query: z.object({
        at: zMs,
        seq: zSeq.optional().describe('the event one stands at: tells those of one millisecond apart'),
        dir: z.enum(['next', 'prev']).default('next'),
        kinds: csv(40)
          .optional()
          .describe(`kinds of entry, separated by commas; absent = ${usualKinds.join(', ')}, of alarms those of priority 1 and 2`),
      }),
      answers: {
        200: {
          what: 'the nearest one; null = there is none',
          json: z.object({ at: z.number(), seq: z.number().int(), kind: z.string(), subject: z.string() }).nullable(),
        },
      },
      handle: async ({ actor, query: { at, seq, dir, kinds } }) => ({ json: await finds.event(actor, { at, seq, dir, kinds }) }),
    }),
  ];
}
