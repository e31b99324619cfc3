import { z } from 'zod';
import { given } from '../../model/fields.ts';
import type { SavedViews } from '../../model/incident-list.ts';
import { formatIncidentQuery, parseIncidentQuery } from '../../model/incident-query.ts';
import { mustBeAllowed } from '../commands.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Refused } from '../refused.ts';
import type { ViewStore } from '../store/views.ts';
import { type Route, route } from './route.ts';

const VIEWS_MAX = 100;
const zName = given(40).transform((s) => s.trim());
const zViews = z.object({ views: z.array(z.object({ name: z.string(), query: z.string() })) });

/** Queries kept under a name, each account its own. What is kept is a question, never an answer: rights are judged when it is asked. */
export function viewRoutes({ views, ledger }: { views: ViewStore; ledger: Pick<Ledger, 'world'> }): Route[] {
  const path = '/api/v1/views';
  const tag = 'incidents';
  const all = async (actor: string): Promise<SavedViews> => ({ views: await views.list(actor) });
  return [
    route({
      method: 'get',
      path,
      tag,
      summary: 'Saved views of the list of incidents',
      answers: { 200: { what: 'own views, oldest first', json: zViews } },
      handle: async ({ actor }) => ({ json: await all(actor.id) }),
    }),
    route({
      method: 'post',
      path,
      tag,
      summary: 'Save a view under a name, over the one that had it',
      body: z.object({ name: zName, query: z.string().max(4000).describe('query string of the list') }),
      answers: { 200: { what: 'own views after it', json: zViews }, 409: { what: `already ${VIEWS_MAX} views` } },
      async handle({ actor, body: { name, query } }) {
        mustBeAllowed(actor, 'watch', actor.area, ledger.world);
        const read = parseIncidentQuery(new URLSearchParams(query));
        if (!read.ok) throw new Refused(400, `query.${read.field}`, read.rule);
        const { cursor: _, ...kept } = read.query;
        if (!(await views.put(actor.id, { name, query: formatIncidentQuery(kept).toString() }, VIEWS_MAX)))
          throw new Refused(409, 'name', `already ${VIEWS_MAX} views: remove one`);
        return { json: await all(actor.id) };
      },
    }),
    route({
      method: 'post',
      path: `${path}/remove`,
      tag,
      summary: 'Remove a saved view',
      body: z.object({ name: zName }),
      answers: { 200: { what: 'own views after it', json: zViews }, 404: { what: 'no such view' } },
      async handle({ actor, body: { name } }) {
        mustBeAllowed(actor, 'watch', actor.area, ledger.world);
        if (!(await views.remove(actor.id, name))) throw new Refused(404, 'name', `no view ${name}`);
        return { json: await all(actor.id) };
      },
    }),
  ];
}
