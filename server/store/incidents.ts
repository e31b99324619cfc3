import type { Pool, PoolClient } from 'pg';
import type { Incident } from '../../model/incident.ts';
import { factsOf } from '../../model/incident-facts.ts';
import { type Kept, type Stay, staysOf } from '../../model/incident-history.ts';
import { REPEAT_WITHIN_MS } from '../../model/incident-kpi.ts';
import { StoreError } from './errors.ts';
import { columnOf, factColumns } from './incident-sql.ts';
import { change, run } from './sql.ts';

/** Up to which entry the read model is folded, and what the next entry is folded with. */
export interface ReadMark {
  /** what the tables are folded by; another one means: fold anew */
  readonly format: number;
  readonly seq: number;
  /** hash of the entry `seq` */
  readonly head: string;
  readonly day: string;
  readonly numbered: number;
  /** entries that configured the centre and published the areas in force at `seq`; 0 = none yet */
  readonly centre: number;
  readonly boundaries: number;
}

/** An incident to be kept. `before`: as it is kept now; absent = not yet, or its id was given to a new report. */
export interface Moved extends Kept {
  readonly before?: Incident | undefined;
}

/** Keeps the read model of incidents. What is asked of it is in incident-lists.ts. */
export interface IncidentStore {
  mark(): Promise<ReadMark | null>;
  /** Those of these incidents that are kept. */
  kept(ids: readonly string[]): Promise<Kept[]>;
  /**
   * Put incidents as they stand after the entry `to.seq`, in one transaction with the mark. `anew`: of these, the ones whose id was
   * given to a new report.
   * @throws StoreError when the mark is no longer `from`: another process folds here as well
   */
  put(rows: readonly Moved[], from: ReadMark, to: ReadMark, anew?: readonly string[]): Promise<void>;
  /** Forget everything and begin at `mark`. */
  clear(mark: ReadMark): Promise<void>;
}

const MARK = 'format, seq, head, day, numbered, centre, boundaries';
const own = {
  id: 'text',
  first: 'bigint',
  title: 'text',
  search: 'text',
  category: 'text',
  priority: 'smallint',
  source: 'text',
  channel: 'text',
  ref: 'text',
  reporter: 'text',
  area: 'text',
  lng: 'double precision',
  lat: 'double precision',
  unit: 'text',
  department: 'text',
  merged_into: 'text',
} as const;
const facts = Object.entries(factColumns).map(([field, type]) => [columnOf(field as keyof typeof factColumns), type] as const);
const columns: readonly (readonly [string, string])[] = [...Object.entries(own), ...facts];
const names = columns.map(([name]) => name);

export const putIncidents = (table: 'incidents' | 'incidents_then') => `INSERT INTO ${table} (${names.join(', ')})
  SELECT ${names.join(', ')} FROM json_to_recordset($1::json) AS t (${columns.map(([n, t]) => `${n} ${t}`).join(', ')})
  ON CONFLICT (id) DO UPDATE SET ${names
    .filter((n) => n !== 'id')
    .map((n) => `${n} = EXCLUDED.${n}`)
    .join(', ')}`;
// JSON in one text: an array of texts costs the driver more than all the rest
export const putDocs = (
  table: 'incident_docs' | 'incident_docs_then',
) => `INSERT INTO ${table} (id, doc) SELECT d ->> 'id', d::text FROM json_array_elements($1::json) AS d
  ON CONFLICT (id) DO UPDATE SET doc = EXCLUDED.doc`;
export const putStays = (
  table: 'incident_stays' | 'incident_stays_then',
) => `INSERT INTO ${table} (incident, n, state, came_at, left_at, department, unit)
  SELECT * FROM json_to_recordset($1::json)
    AS t (incident text, n smallint, state text, came_at bigint, left_at bigint, department text, unit text)
  ON CONFLICT (incident, n) DO UPDATE SET state = EXCLUDED.state, came_at = EXCLUDED.came_at, left_at = EXCLUDED.left_at,
    department = EXCLUDED.department, unit = EXCLUDED.unit`;
/** `repeats` of model/incident-kpi.ts, in SQL: a test holds the two together. */
export const markRepeats = (table: 'incidents' | 'incidents_then') => `UPDATE ${table} AS u SET repeat_of = r.repeat_of FROM (
    SELECT i.id, coalesce(
      (SELECT e.id FROM incidents e
        WHERE e.id = i.merged_into AND e.category = i.category AND abs(i.reported_at - e.reported_at) <= $2::bigint),
      (SELECT e.id FROM (
        (SELECT e.id, e.first FROM incidents e
          WHERE e.reporter = i.reporter AND e.category = i.category AND e.first < i.first AND e.reported_at >= i.reported_at - $2::bigint
          ORDER BY e.first DESC LIMIT 1)
        UNION ALL
        (SELECT e.id, e.first FROM incidents e
          WHERE i.ref <> '' AND e.ref = i.ref AND e.ref <> '' AND e.source = i.source AND e.category = i.category
            AND e.first < i.first AND e.reported_at >= i.reported_at - $2::bigint
          ORDER BY e.first DESC LIMIT 1)
      ) e ORDER BY e.first DESC LIMIT 1)
    ) AS repeat_of
    FROM incidents i WHERE i.id = ANY($1::text[])
  ) r WHERE u.id = r.id AND u.repeat_of IS DISTINCT FROM r.repeat_of`;

/** Stays that are not as they were before. */
export function staysMoved({ incident, before }: Moved): Record<string, unknown>[] {
  const old = before ? staysOf(before) : [];
  const same = (a: Stay, b: Stay | undefined) => b && a.to === b.to && a.department === b.department && a.unit === b.unit;
  return staysOf(incident).flatMap((s, n) => {
    if (same(s, old[n])) return [];
    return [{ incident: incident.id, n, state: s.state, came_at: s.from, left_at: s.to, department: s.department, unit: s.unit }];
  });
}

export function columnsOf({ incident: i, first }: Kept): Record<string, unknown> {
  const row: Record<string, unknown> = {
    id: i.id,
    first,
    title: i.title,
    search: `${i.title}\n${i.ref}\n${i.id}`.toLowerCase(),
    category: i.category,
    priority: i.priority,
    source: i.source,
    channel: i.channel,
    ref: i.ref,
    reporter: i.reporter,
    area: i.area,
    lng: i.lngLat[0],
    lat: i.lngLat[1],
    unit: i.unit,
    department: i.department,
    merged_into: i.into,
  };
  for (const [field, value] of Object.entries(factsOf(i))) row[columnOf(field as keyof typeof factColumns)] = value;
  return row;
}

export function incidentStore(pool: Pool): IncidentStore {
  /** One transaction that does not wait for the disk: what is lost in a crash is folded again, and its mark is lost with it. */
  async function together(work: (client: PoolClient) => Promise<void>) {
    const client = await pool.connect();
    let broken = true;
    try {
      await run(client, 'BEGIN');
      await run(client, 'SET LOCAL synchronous_commit = off');
      await work(client);
      await run(client, 'COMMIT');
      broken = false;
    } finally {
      if (broken) await client.query('ROLLBACK').catch(() => {});
      client.release();
    }
  }

  return {
    async mark() {
      return (await run<ReadMark & Record<string, unknown>>(pool, `SELECT ${MARK} FROM incident_mark`))[0] ?? null;
    },
    async kept(ids) {
      if (ids.length === 0) return [];
      const rows = await run<{ first: number; doc: string }>(
        pool,
        'SELECT i.first, d.doc FROM incidents i JOIN incident_docs d USING (id) WHERE i.id = ANY($1::text[])',
        [ids],
        'kept',
      );
      return rows.map(({ first, doc }) => ({ first, incident: JSON.parse(doc) as Incident }));
    },
    async put(rows, from, to, anew = []) {
      await together(async (client) => {
        const moved = await change(
          client,
          `UPDATE incident_mark SET (${MARK}) = ROW($1::integer, $2::bigint, $3::text, $4::text, $5::integer, $6::bigint, $7::bigint)
           WHERE seq = $8::bigint AND head = $9::text`,
          [to.format, to.seq, to.head, to.day, to.numbered, to.centre, to.boundaries, from.seq, from.head],
          'mark',
        );
        if (moved !== 1) throw new StoreError(`the read model is not at entry ${from.seq} any more: another process folds it`);
        if (anew.length) await change(client, 'DELETE FROM incident_stays WHERE incident = ANY($1::text[])', [anew]);
        if (rows.length === 0) return;
        await change(client, putIncidents('incidents'), [JSON.stringify(rows.map(columnsOf))], 'put');
        await change(client, putDocs('incident_docs'), [`[${rows.map((r) => JSON.stringify(r.incident)).join(',')}]`], 'put-docs');
        const stays = rows.flatMap(staysMoved);
        if (stays.length) await change(client, putStays('incident_stays'), [JSON.stringify(stays)], 'put-stays');
        const traceable = rows.filter(({ incident: i }) => i.reporter !== null || i.ref !== '' || i.into !== null);
        if (traceable.length)
          await change(client, markRepeats('incidents'), [traceable.map((r) => r.incident.id), REPEAT_WITHIN_MS], 'repeats');
      });
    },
    async clear(mark) {
      await together(async (client) => {
        await run(client, 'TRUNCATE incidents, incident_docs, incident_stays, incident_mark');
        await change(client, `INSERT INTO incident_mark (${MARK}) VALUES ($1, $2, $3, $4, $5, $6, $7)`, [
          mark.format,
          mark.seq,
          mark.head,
          mark.day,
          mark.numbered,
          mark.centre,
          mark.boundaries,
        ]);
      });
    },
  };
}
