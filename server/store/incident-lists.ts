import type { Pool, PoolClient } from 'pg';
import type { Incident, IncidentSource, IncidentState } from '../../model/incident.ts';
import { type CallMeasure, callMeasures, type Measure, measures, type Tally, type Times } from '../../model/incident-kpi.ts';
import type { ChannelRow, CountKey, IncidentCount, StuckKey, StuckRow } from '../../model/incident-list.ts';
import type { IncidentSort, SortOrder } from '../../model/incident-query.ts';
import { type IncidentSet, incidentSetNames } from '../../model/incident-sets.ts';
import { columnOf, filterSql, type IncidentFilter, nearSql, Params, setSql, sortSql } from './incident-sql.ts';
import { run } from './sql.ts';

/** Where a page ends: the value it was ordered by, and the report's place in the ledger. */
export type PageEnd = readonly [key: number, first: number];
export interface Page {
  readonly sort: IncidentSort;
  readonly order: SortOrder;
  readonly limit: number;
  /** end of the page before; null = the first page */
  readonly after: PageEnd | null;
}

/** Incidents about a place: of any of these categories, reported from `from` (inclusive) to `to` (exclusive). */
export interface Nearby {
  /** lng, lat, metres */
  readonly near: readonly [number, number, number];
  readonly categories: readonly string[];
  readonly from: number;
  readonly to: number;
}

/**
 * What is asked of the read model. Every answer is of one moment of it: `seq` is the entry it is folded to. Nothing here knows an actor:
 * the places it may see are part of the filter.
 */
export interface IncidentLists {
  list(filter: IncidentFilter, page: Page): Promise<{ seq: number; total: number; rows: readonly Incident[]; next: PageEnd | null }>;
  incident(id: string): Promise<{ seq: number; incident: Incident | null }>;
  /** Counted by a column; by area, counted by leaf. */
  counts(filter: IncidentFilter, by: CountKey): Promise<{ seq: number; rows: readonly IncidentCount[] }>;
  /** @param places by area: what each leaf is counted under */
  stuck(
    filter: IncidentFilter,
    by: StuckKey,
    running: boolean,
    places: ReadonlyMap<string, string>,
  ): Promise<{ seq: number; rows: readonly StuckRow[] }>;
  channels(filter: IncidentFilter): Promise<{ seq: number; rows: readonly ChannelRow[] }>;
  tally(filter: IncidentFilter): Promise<{ seq: number; tally: Tally }>;
  /** When the oldest report there is was made, epoch ms; null = there is none. */
  recordedFrom(): Promise<number | null>;
  /** How many there are of each of these, in their order; each number is that of the list of the same query. */
  nearby(asked: readonly Nearby[], areas: readonly string[] | null): Promise<{ seq: number; counts: readonly number[] }>;
}

const SEQ = '(SELECT seq FROM incident_mark) AS seq';

export function incidentLists(pool: Pool | PoolClient): IncidentLists {
  /** Rows of a statement beside the seq they are of: one statement sees one moment. */
  async function rowsOf<R>(rows: string, params: Params): Promise<{ seq: number; rows: R[] }> {
    const [answer] = await run<{ seq: number | null; rows: R[] | null }>(
      pool,
      `SELECT ${SEQ}, (SELECT json_agg(r) FROM (${rows}) r) AS rows`,
      params.values,
    );
    return { seq: answer?.seq ?? 0, rows: answer?.rows ?? [] };
  }

  return {
    async list(filter, { sort, order, limit, after }) {
      const params = new Params();
      const { where } = filterSql(filter, params);
      const key = sortSql(sort, order);
      // A text is looked for in every row that is left, and a place gathers rows from all over: then once for count and page together.
      const once = filter.query.q !== undefined || filter.areas !== null;
      const rows = `SELECT i.id, ${key} AS key, i.first FROM incidents i WHERE ${where}`;
      const from = once ? `hits i WHERE true` : `(${rows}) i WHERE true`;
      const beyond = after
        ? ` AND (i.key, i.first) ${order === 'asc' ? '>' : '<'} (${params.add(after[0], 'bigint')}, ${params.add(after[1], 'bigint')})`
        : '';
      const page = `SELECT i.* FROM ${from}${beyond} ORDER BY i.key ${order}, i.first ${order} LIMIT ${params.add(limit + 1, 'integer')}`;
      const answers = await run<{ seq: number | null; total: number; key: number | null; first: number; doc: string }>(
        pool,
        `${once ? `WITH hits AS MATERIALIZED (${rows})` : ''}
         SELECT ${SEQ}, t.total, p.key, p.first, p.doc
         FROM (SELECT count(*) AS total FROM ${once ? 'hits' : `incidents i WHERE ${where}`}) t
         LEFT JOIN (SELECT p.*, d.doc FROM (${page}) p JOIN incident_docs d USING (id)) p ON true
         ORDER BY p.key ${order}, p.first ${order}`,
        params.values,
      );
      const found = answers.filter((r) => r.key !== null);
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      return {
        seq: answers[0]?.seq ?? 0,
        total: answers[0]?.total ?? 0,
        rows: shown.map((r) => JSON.parse(r.doc) as Incident),
        next: found.length > limit && last ? [last.key!, last.first] : null,
      };
    },

    async incident(id) {
      const rows = await run<{ seq: number | null; doc: string | null }>(
        pool,
        `SELECT ${SEQ}, (SELECT doc FROM incident_docs WHERE id = $1::text) AS doc`,
        [id],
      );
      return { seq: rows[0]?.seq ?? 0, incident: rows[0]?.doc ? (JSON.parse(rows[0].doc) as Incident) : null };
    },

    counts(filter, by) {
      const params = new Params();
      const { where, now } = filterSql(filter, params);
      return rowsOf<IncidentCount>(
        `SELECT coalesce(i.${by}, '') AS key, count(*) AS n, count(*) FILTER (WHERE ${setSql('open', now)}) AS open,
           count(*) FILTER (WHERE ${setSql('overdue-open', now)}) AS overdue
         FROM incidents i WHERE ${where} GROUP BY 1 ORDER BY 2 DESC, 1`,
        params,
      );
    },

    stuck(filter, by, running, places) {
      const params = new Params();
      const { where, now } = filterSql(filter, params);
      const ms = `coalesce(s.left_at, greatest(${now}, s.came_at)) - s.came_at`;
      const key = { step: 's.state', department: `coalesce(s.department, '')`, area: `coalesce(m.key, '')` }[by];
      const map =
        by === 'area'
          ? `LEFT JOIN (SELECT * FROM unnest(${params.add([...places.keys()], 'text[]')}, ${params.add([...places.values()], 'text[]')})) m (area, key) ON m.area = i.area`
          : '';
      return rowsOf<StuckRow & { step: IncidentState }>(
        `SELECT ${key} AS key, s.state AS step, count(*) AS n, count(*) FILTER (WHERE s.left_at IS NULL) AS running,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY ${ms}) AS "medianMs", percentile_cont(0.9) WITHIN GROUP (ORDER BY ${ms}) AS "p90Ms"
         FROM incident_stays s JOIN incidents i ON i.id = s.incident ${map}
         WHERE ${where}${running ? '' : ' AND s.left_at IS NOT NULL'} GROUP BY 1, 2 ORDER BY 1, 2`,
        params,
      );
    },

    channels(filter) {
      const params = new Params();
      const { where, now } = filterSql(filter, params);
      return rowsOf<ChannelRow & { source: IncidentSource }>(
        `SELECT i.source, i.channel, count(*) AS n, count(*) FILTER (WHERE ${setSql('open', now)}) AS open,
           count(i.responded_at) AS responded, max(i.reported_at) AS "lastAt",
           percentile_cont(0.5) WITHIN GROUP (ORDER BY ${took('respond')}) AS "medianResponseMs"
         FROM incidents i WHERE ${where} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`,
        params,
      );
    },

    async recordedFrom() {
      const [row] = await run<{ from: number | null }>(pool, 'SELECT min(reported_at) AS "from" FROM incidents');
      return row?.from ?? null;
    },

    async nearby(asked, areas) {
      const params = new Params();
      const list = params.add(
        JSON.stringify(asked.map(({ near: [lng, lat, m], categories, from, to }, n) => ({ n, lng, lat, m, c: categories, from, to }))),
        'jsonb',
      );
      const seen = areas === null ? 'true' : `i.area = ANY(${params.add([...areas], 'text[]')})`;
      const { seq, rows } = await rowsOf<{ n: number; count: number }>(
        `SELECT q.n, count(i.id) AS count
         FROM jsonb_to_recordset(${list}) AS q
           (n integer, lng double precision, lat double precision, m double precision, c text[], "from" bigint, "to" bigint)
         LEFT JOIN incidents i ON i.category = ANY(q.c) AND i.reported_at >= q."from" AND i.reported_at < q."to"
           AND ${nearSql('q.lng', 'q.lat', 'q.m')} AND ${seen}
         GROUP BY q.n ORDER BY q.n`,
        params,
      );
      return { seq, counts: rows.map((r) => r.count) };
    },

    async tally(filter) {
      const params = new Params();
      const { where, now } = filterSql(filter, params);
      const own = Object.keys(measures) as Measure[];
      const called = Object.keys(callMeasures) as CallMeasure[];
      const [row] = await run<Record<string, number | null>>(
        pool,
        `SELECT ${SEQ}, a.*, c.* FROM
           (SELECT ${incidentSetNames.map((s) => `count(*) FILTER (WHERE ${setSql(s, now)}) AS "set ${s}"`).join(', ')},
             ${own.map((m) => timesSql(m, took(m))).join(', ')}
           FROM incidents i WHERE ${where}) a,
           (SELECT ${called.map((m) => timesSql(m, answeredAfter[m])).join(', ')}
           FROM incidents i JOIN incident_docs d USING (id)
             CROSS JOIN LATERAL jsonb_array_elements(d.doc::jsonb -> 'whistles') AS w (whistle)
             CROSS JOIN LATERAL jsonb_array_elements(w.whistle -> 'calls') AS k (call)
           WHERE i.calls > 0 AND ${where}) c`,
        params.values,
      );
      const times = (m: Measure | CallMeasure): Times => ({
        n: row?.[`${m} n`] ?? 0,
        medianMs: row?.[`${m} median`] ?? null,
        p90Ms: row?.[`${m} p90`] ?? null,
      });
      return {
        seq: row?.seq ?? 0,
        tally: {
          sets: Object.fromEntries(incidentSetNames.map((s) => [s, row?.[`set ${s}`] ?? 0])) as Record<IncidentSet, number>,
          times: Object.fromEntries([...own, ...called].map((m) => [m, times(m)])) as Tally['times'],
        },
      };
    },
  };
}

/** Milliseconds of a measure; NULL where it has not come to its end. */
const took = (m: Measure) => {
  const { from, to } = measures[m];
  return `CASE WHEN i.${columnOf(to)} IS NOT NULL THEN greatest(0, i.${columnOf(to)} - i.${columnOf(from)}) END`;
};
const since = (field: 'answeredAt' | 'arrivedAt') => `((k.call ->> '${field}')::bigint - (w.whistle ->> 'at')::bigint)`;
const answeredAfter: Record<CallMeasure, string> = { 'whistle-answer': since('answeredAt'), 'whistle-arrival': since('arrivedAt') };
const timesSql = (m: string, ms: string) =>
  `count(${ms}) AS "${m} n", percentile_cont(0.5) WITHIN GROUP (ORDER BY ${ms}) AS "${m} median",
   percentile_cont(0.9) WITHIN GROUP (ORDER BY ${ms}) AS "${m} p90"`;
