import { z } from 'zod';
import { type Actor, may } from '../../model/access.ts';
import { areaLabel } from '../../model/area.ts';
import type { AreaCode } from '../../model/brand.ts';
import { zId } from '../../model/fields.ts';
import type { Incident } from '../../model/incident.ts';
import { type KpiAnswer, kpiFigures } from '../../model/incident-kpi.ts';
import {
  type ChannelAnswer,
  countKeys,
  type IncidentCount,
  type IncidentCounts,
  type IncidentList,
  type IncidentRecord,
  type StuckAnswer,
  stuckKeys,
} from '../../model/incident-list.ts';
import { completeQuery, type IncidentQuery, incidentQueryFields } from '../../model/incident-query.ts';
import { rowOf } from '../../model/incident-row.ts';
import { incidentOf, treeOf } from '../../model/world.ts';
import type { Archive } from '../archive.ts';
import type { AsOf, Then } from '../as-of.ts';
import { nameAsOf } from '../exported.ts';
import { type AskedPlaces, askedPlaces } from '../incident-scope.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Refused } from '../refused.ts';
import type { PageEnd } from '../store/incident-lists.ts';
import type { IncidentFilter } from '../store/incident-sql.ts';
import { zAsOf } from './forms.ts';
import { CSV_MAX, csvOf } from './incident-csv.ts';
import { type Route, route } from './route.ts';

interface Parts {
  readonly ledger: Pick<Ledger, 'world'>;
  readonly archive: Archive;
  readonly asOf: AsOf;
}

/** An answer waits this long for the entry named by `after`. */
const WAIT_MS = 3000;
const CSV_PAGE = 2500;

const zAfter = z
  .string()
  .regex(/^\d{1,15}$/, 'a whole number')
  .transform(Number)
  .optional()
  .describe('wait (at most 3 s) until this ledger entry is in the list: the `seq` a command was answered with');
const fields = { ...incidentQueryFields, after: zAfter, asOf: zAsOf };
const { sort: _, order: __, limit: ___, cursor: ____, ...narrowing } = fields;
const { set: _____, ...scoping } = narrowing;
const zYesNo = z
  .enum(['true', 'false'], 'true or false')
  .transform((s) => s === 'true')
  .default(true);

const stand = { seq: z.number().int(), at: z.number().int() };
const zRows = z.array(z.looseObject({}));
type Asked = Parameters<typeof completeQuery>[0] & { readonly after?: number | undefined; readonly asOf?: number | undefined };

/** Lists, board, stuck analysis, channels and indicators, from the read model. Everybody is answered for the own area only. */
export function incidentListRoutes({ ledger, archive, asOf }: Parts): Route[] {
  const common = { method: 'get', tag: 'incidents' } as const;

  /** Wait for what the asker has just written, and turn the question into a filter of what the asker may see. */
  async function ask(
    actor: Actor,
    asked: Asked,
  ): Promise<{ query: IncidentQuery; filter: IncidentFilter; places: AskedPlaces; then: Then }> {
    const query = completeQuery(asked);
    if (asked.after !== undefined) {
      if (asked.after > ledger.world.seq) throw new Refused(400, 'after', `the ledger ends at entry ${ledger.world.seq}`);
      await archive.reached(asked.after, WAIT_MS);
    }
    if (query.from !== undefined && query.to !== undefined && query.to < query.from) throw new Refused(400, 'to', 'earlier than from');
    const then = await asOf(asked.asOf);
    const places = askedPlaces(actor, then.world, query.area);
    const { group } = query;
    const categories = group
      ? (then.world.centre?.categories ?? []).filter((c) => c.group !== undefined && group.includes(c.group)).map((c) => c.code)
      : null;
    return { query, places, then, filter: { query, categories, areas: places.areas, now: then.at } };
  }
  const placeOf = (i: Pick<Incident, 'area'>, { world }: Then) => (i.area === null ? null : areaLabel(treeOf(world), i.area));

  return [
    route({
      ...common,
      path: '/api/v1/incidents',
      summary: 'Incidents, open and ended, filtered and in pages',
      query: z.object(fields),
      answers: {
        200: {
          what: 'rows of model/incident-row.ts, how many there are in all, and the cursor of the next page',
          json: z.object({ ...stand, total: z.number().int(), rows: zRows, next: z.string().nullable() }),
        },
      },
      async handle({ actor, query: asked }) {
        const { query, filter, then } = await ask(actor, asked);
        const { seq, total, rows, next } = await then.lists.list(filter, { ...query, after: readCursor(query) });
        const json: IncidentList = {
          seq,
          at: filter.now,
          total,
          rows: rows.map((i) => rowOf(i, then.world, filter.now)),
          next: next && writeCursor(query, next),
        };
        return { json };
      },
    }),
    route({
      ...common,
      path: '/api/v1/incidents.csv',
      summary: `The same as a file: UTF-8, one line an incident, at most ${CSV_MAX}`,
      query: z.object(fields),
      answers: { 200: { what: 'the file', type: 'text/csv' } },
      async handle({ actor, query: asked }) {
        const { query, filter, then } = await ask(actor, asked);
        async function* pages() {
          let after = readCursor(query);
          for (let left = CSV_MAX; left > 0; left -= CSV_PAGE) {
            const { rows, next } = await then.lists.list(filter, { ...query, limit: Math.min(CSV_PAGE, left), after });
            yield rows.map((i) => rowOf(i, then.world, filter.now));
            if (!next) return;
            after = next;
          }
        }
        const named = nameAsOf(asked.asOf, then.world.centre) || `-${new Date(filter.now).toISOString().slice(0, 10)}`;
        const name = `incidents${named}.csv`;
        return { stream: { type: 'text/csv; charset=utf-8', name, chunks: csvOf(pages(), then.world.centre) } };
      },
    }),
    route({
      ...common,
      path: '/api/v1/incidents/counts',
      summary: 'How many there are by state, category, department, source or place: the board',
      query: z.object({ ...narrowing, by: z.enum(countKeys).default('state') }),
      answers: { 200: { what: 'counts', json: z.object({ ...stand, by: z.string(), total: z.number().int(), rows: zRows }) } },
      async handle({ actor, query: { by, ...asked } }) {
        const { filter, places, then } = await ask(actor, asked);
        const counted = await then.lists.counts(filter, by);
        const rows = by === 'area' ? gathered(counted.rows, places) : counted.rows;
        const json: IncidentCounts = { seq: counted.seq, at: filter.now, by, total: rows.reduce((n, r) => n + r.n, 0), rows };
        return { json };
      },
    }),
    route({
      ...common,
      path: '/api/v1/incidents/stuck',
      summary: 'Median and P90 of the time incidents stay in each state, by department or place',
      query: z.object({ ...narrowing, by: z.enum(stuckKeys).default('step'), running: zYesNo }),
      answers: {
        200: { what: 'rows {key, step, n, running, medianMs, p90Ms}', json: z.object({ ...stand, by: z.string(), rows: zRows }) },
      },
      async handle({ actor, query: { by, running, ...asked } }) {
        const { filter, places, then } = await ask(actor, asked);
        const { seq, rows } = await then.lists.stuck(filter, by, running, places.under);
        const json: StuckAnswer = { seq, at: filter.now, by, rows };
        return { json };
      },
    }),
    route({
      ...common,
      path: '/api/v1/incidents/channels',
      summary: 'Channels of each source: how many reports, how soon they are answered',
      query: z.object(narrowing),
      answers: {
        200: { what: 'rows {source, channel, n, open, responded, medianResponseMs, lastAt}', json: z.object({ ...stand, rows: zRows }) },
      },
      async handle({ actor, query: asked }) {
        const { filter, then } = await ask(actor, asked);
        const json: ChannelAnswer = { ...(await then.lists.channels(filter)), at: filter.now };
        return { json };
      },
    }),
    route({
      ...common,
      path: '/api/v1/kpis',
      summary: 'Indicators of the incidents reported in a time, each with formula, denominator and the records behind it',
      query: z.object(scoping),
      answers: { 200: { what: 'figures of model/incident-kpi.ts', json: z.object({ ...stand, figures: zRows }) } },
      async handle({ actor, query: asked }) {
        const { query, filter, then } = await ask(actor, asked);
        const { seq, tally } = await then.lists.tally(filter);
        const { sort: _s, order: _o, limit: _l, ...scope } = query;
        const json: KpiAnswer = { seq, at: filter.now, figures: kpiFigures(tally, scope) };
        return { json };
      },
    }),
    // last: the words above are no ids
    route({
      ...common,
      path: '/api/v1/incidents/{id}',
      summary: 'One incident, open or ended however long ago',
      params: z.object({ id: zId }),
      query: z.object({ after: zAfter, asOf: zAsOf }),
      answers: {
        200: {
          what: 'the incident of model/incident.ts',
          json: z.object({ ...stand, incident: z.looseObject({ id: z.string() }), place: z.string().nullable() }),
        },
        404: { what: "no such incident in the actor's area" },
      },
      async handle({ actor, params: { id }, query: { after, asOf: asked } }) {
        if (after !== undefined) await archive.reached(after, WAIT_MS);
        const then = await asOf(asked);
        const held = incidentOf(then.world, id);
        const { seq, incident } = held ? { seq: then.world.seq, incident: held } : await then.lists.incident(id);
        if (!incident || !may(actor, 'watch', incident.area, treeOf(then.world)).ok) throw new Refused(404, 'id', `no incident ${id}`);
        const json: IncidentRecord = { seq, at: then.at, incident, place: placeOf(incident, then) };
        return { json };
      },
    }),
  ];
}

/** Counts of leaves as counts of the places they are counted under; `''` = outside every one of them. */
function gathered(rows: readonly IncidentCount[], { under }: AskedPlaces): IncidentCount[] {
  const sums = new Map<string, IncidentCount>();
  for (const row of rows) {
    const key = under.get(row.key as AreaCode) ?? '';
    const { n, open, overdue } = sums.get(key) ?? { n: 0, open: 0, overdue: 0 };
    sums.set(key, { key, n: n + row.n, open: open + row.open, overdue: overdue + row.overdue });
  }
  return [...sums.values()].sort((a, b) => b.n - a.n || (a.key < b.key ? -1 : 1));
}

const zCursor = z.tuple([z.string(), z.string(), z.number().int(), z.number().int()]);
const writeCursor = ({ sort, order }: IncidentQuery, [key, first]: PageEnd) =>
  Buffer.from(JSON.stringify([sort, order, key, first])).toString('base64url');

/** @throws Refused 400 when it is not the cursor of a list in this order */
function readCursor({ sort, order, cursor }: IncidentQuery): PageEnd | null {
  if (cursor === undefined) return null;
  let read: unknown;
  try {
    read = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    read = null;
  }
  const given = zCursor.safeParse(read);
  if (!given.success || given.data[0] !== sort || given.data[1] !== order)
    throw new Refused(400, 'cursor', 'the `next` of a page in the same order');
  return [given.data[2], given.data[3]];
}
