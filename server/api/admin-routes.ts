import { z } from 'zod';
import { zCentre } from '../../model/centre.ts';
import { entryKinds, type Fact } from '../../model/ledger.ts';
import { formRefusal, zInstant } from '../../model/report.ts';
import { zBasemap, zBoundariesShown } from '../boundary-form.ts';
import { importHistory, isPastKind, type PastFact } from '../history.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Refused } from '../refused.ts';
import type { Setup } from '../setup.ts';
import { MAX_FACTS, zRecordedAt, zRegistry } from './forms.ts';
import { type Route, route } from './route.ts';

const MB = 1024 * 1024;
const zSeq = z.object({ seq: z.number().int() });

/** What an administrator sets up and imports. Everything takes `?at=`, the moment it is recorded to have been done. */
export function adminRoutes({ setup, ledger, now }: { setup: Setup; ledger: Ledger; now: () => number }): Route[] {
  const common = { method: 'post', tag: 'administration', query: zRecordedAt } as const;
  return [
    route({
      ...common,
      path: '/api/v1/centre',
      summary: 'Configure the centre: name, levels, categories, kinds of sensors',
      limit: 4 * MB,
      body: zCentre,
      answers: { 200: { what: 'configured', json: zSeq } },
      handle: async ({ actor, body, query }) => ({ json: await setup.centre(actor, body, query.at) }),
    }),
    route({
      ...common,
      path: '/api/v1/boundaries',
      summary: 'Publish a new version of the boundaries',
      description:
        'Every area of every level is a feature. Topology errors refuse the whole and change nothing; the report tells all of them.',
      limit: 256 * MB,
      body: z.object({ geojson: z.unknown(), validFrom: zInstant }),
      bodyShown: z.object({ geojson: zBoundariesShown, validFrom: zInstant }),
      answers: {
        200: {
          what: 'published (or already the current version)',
          json: z.object({ version: z.number().int(), hash: z.string(), areas: z.number().int(), report: z.looseObject({}) }),
        },
        409: { what: 'no centre yet, or `at` is earlier than the last entry' },
        422: { what: 'the boundaries have errors; `report` beside `error` lists them' },
      },
      handle: async ({ actor, body, query }) => ({ json: await setup.boundaries(actor, body.geojson, body.validFrom, query.at) }),
    }),
    route({
      ...common,
      path: '/api/v1/basemap',
      summary: "Publish the centre's own basemap",
      limit: 256 * MB,
      body: z.object({ geojson: zBasemap }),
      answers: { 200: { what: 'published', json: z.object({ hash: z.string() }) } },
      handle: async ({ actor, body, query }) => ({ json: await setup.basemap(actor, body.geojson, query.at) }),
    }),
    route({
      ...common,
      path: '/api/v1/registry',
      summary:
        'Register units, sensors, cameras, facilities, tours, duties, permits, rounds, who is to be visited, and the people behind them',
      description: 'People go to the vault; the ledger holds their opaque ids only.',
      limit: 16 * MB,
      body: zRegistry,
      answers: { 200: { what: 'registered', json: z.object({ seq: z.number().int() }).catchall(z.number().int()) } },
      async handle({ actor, body, query }) {
        const { seq } = await setup.register(actor, body, query.at);
        const counts = Object.fromEntries(Object.entries(body).map(([list, entries]) => [list, entries.length]));
        return { json: { seq, ...counts } };
      },
    }),
    route({
      method: 'post',
      tag: 'administration',
      path: '/api/v1/history',
      summary: 'Import past facts in order of time',
      description:
        'Kinds incident.*, alarm.*, area.visited, area.left, round.closed and care.visited, held to the same rules as live ones. The first that breaks a rule ends the import; those before it stay.',
      limit: 16 * MB,
      body: z.object({ facts: z.array(z.object({ at: zInstant, kind: z.string().max(40), body: z.unknown() })).max(MAX_FACTS) }),
      answers: {
        200: { what: 'imported', json: z.object({ seq: z.number().int(), taken: z.number().int() }) },
        409: { what: 'a fact breaks a rule; `error.taken` facts before it were taken' },
      },
      async handle({ actor, body }) {
        return { json: await importHistory(ledger, now, actor, body.facts.map(readFact)) };
      },
    }),
  ];
}

function readFact(fact: { at: PastFact['at']; kind: string; body: unknown }, i: number, all: readonly { at: number }[]): PastFact {
  if (i > 0 && fact.at < all[i - 1]!.at) throw new Refused(400, `facts.${i}.at`, 'earlier than the fact before it');
  if (!isPastKind(fact.kind) || !Object.hasOwn(entryKinds, fact.kind)) {
    throw new Refused(
      400,
      `facts.${i}.kind`,
      'one of the kinds incident.*, alarm.*, area.visited, area.left, round.closed or care.visited',
    );
  }
  const kind = fact.kind as keyof typeof entryKinds;
  const body = entryKinds[kind].safeParse(fact.body);
  if (!body.success) {
    const { field, rule } = formRefusal(body.error, '');
    throw new Refused(400, `facts.${i}.body${field && `.${field}`}`, rule);
  }
  return { at: fact.at, kind, body: body.data } as Fact & { at: PastFact['at'] };
}
