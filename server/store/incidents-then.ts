import type { Pool, PoolClient } from 'pg';
import type { Incident } from '../../model/incident.ts';
import type { Kept } from '../../model/incident-history.ts';
import { REPEAT_WITHIN_MS } from '../../model/incident-kpi.ts';
import { type IncidentLists, incidentLists } from './incident-lists.ts';
import { columnsOf, markRepeats, putDocs, putIncidents, putStays, staysMoved } from './incidents.ts';
import { change, run } from './sql.ts';

/** The world's part in the read model of a moment. */
export interface Then {
  /** the last entry of that moment */
  readonly seq: number;
  readonly at: number;
  /** an incident as the world of that moment held it; undefined = it had let go of it */
  readonly held: (id: string) => Incident | undefined;
}

/** Lists and figures of incidents as of a moment of the past: the same statements over the tables as they were. */
export interface PastLists {
  /** @param upTo resolves when the read model is folded to an entry */
  asOf(then: Then, upTo: (seq: number) => Promise<unknown>): Promise<IncidentLists>;
  close(): Promise<void>;
}

/** connections held for pages that ask several things of one moment */
const HELD = 2;
const IDLE_MS = 10_000;

/**
 * How the past is made: within a transaction that sees one moment of the database (REPEATABLE READ), temporary views stand before the
 * tables. They leave out what was reported later and put in, for what has changed since, the incident as it was: from the world of that
 * moment, or, where that had let go of it, from the entry that brought it back (`incident.recalled` tells all of it). Everything else has
 * not changed since. Nothing is written but to temporary tables that go with the transaction.
 */
export function pastLists(pool: Pool): PastLists {
  const held = new Map<
    number,
    { readonly open: Promise<{ client: PoolClient; lists: IncidentLists }>; timer: NodeJS.Timeout | undefined }
  >();

  async function build(client: PoolClient, then: Then): Promise<IncidentLists> {
    const { seq } = then;
    await run(client, 'BEGIN ISOLATION LEVEL REPEATABLE READ');
    for (const table of ['incidents', 'incident_docs', 'incident_stays'])
      await run(client, `CREATE TEMP TABLE ${table}_then (LIKE ${table} INCLUDING INDEXES) ON COMMIT DROP`);
    const changed = await run<{ id: string; first: number; doc: string; recalled: string | null }>(
      client,
      `SELECT i.id, i.first, d.doc, (SELECT r.body::jsonb ->> 'as' FROM ledger r
         WHERE r.subject = i.id AND r.kind = 'incident.recalled' AND r.seq > $1 ORDER BY r.seq LIMIT 1) AS recalled
       FROM (SELECT subject AS id FROM ledger WHERE seq > $1 AND kind LIKE 'incident.%'
         UNION SELECT body::jsonb ->> 'into' FROM ledger WHERE seq > $1 AND kind = 'incident.merged') c
       JOIN incidents i ON i.id = c.id AND i.first <= $1 JOIN incident_docs d ON d.id = i.id`,
      [seq],
    );
    const kept = changed.map(
      ({ id, first, doc, recalled }): Kept => ({ first, incident: then.held(id) ?? before(recalled, doc, then.at) }),
    );
    const moved = kept.map((k) => ({ ...k, before: undefined }));
    await change(client, putIncidents('incidents_then'), [JSON.stringify(kept.map(columnsOf))]);
    await change(client, putDocs('incident_docs_then'), [JSON.stringify(kept.map((k) => k.incident))]);
    await change(client, putStays('incident_stays_then'), [JSON.stringify(moved.flatMap(staysMoved))]);
    const same = 'NOT IN (SELECT id FROM incidents_then)';
    for (const [name, where] of [
      ['incident_stays', `incident ${same}`],
      ['incident_docs', `id ${same}`],
      ['incidents', `first <= ${Number(seq)} AND id ${same}`],
    ] as const)
      await run(client, `CREATE TEMP VIEW ${name} AS SELECT * FROM ${name} WHERE ${where} UNION ALL SELECT * FROM ${name}_then`);
    await run(client, `CREATE TEMP VIEW incident_mark AS SELECT ${Number(seq)}::bigint AS seq`);
    await change(client, markRepeats('incidents_then'), [kept.map((k) => k.incident.id), REPEAT_WITHIN_MS]);
    return incidentLists(client);
  }

  async function open(then: Then) {
    const client = await pool.connect();
    try {
      return { client, lists: await build(client, then) };
    } catch (error) {
      await end(client);
      throw error;
    }
  }
  async function end(client: PoolClient) {
    const broken = await client.query('ROLLBACK').then(
      () => false,
      () => true,
    );
    client.release(broken);
  }
  function letGo(seq: number) {
    const one = held.get(seq);
    if (!one) return;
    held.delete(seq);
    clearTimeout(one.timer);
    return one.open.then(
      ({ client }) => end(client),
      () => {},
    );
  }

  return {
    async asOf(then, upTo) {
      await upTo(then.seq);
      let one = held.get(then.seq);
      if (!one) {
        const oldest = held.size >= HELD ? held.keys().next().value : undefined;
        if (oldest !== undefined) await letGo(oldest);
        one = { open: open(then), timer: undefined };
        held.set(then.seq, one);
        one.open.catch(() => held.delete(then.seq));
      }
      clearTimeout(one.timer);
      const { seq } = then;
      one.timer = setTimeout(() => void letGo(seq), IDLE_MS).unref();
      return (await one.open).lists;
    },
    async close() {
      await Promise.all([...held.keys()].map(letGo));
    },
  };
}

/** Changed later than the world held it. Brought back for that, or told in its absence of the end of the one it was merged into. */
function before(recalled: string | null, doc: string, at: number): Incident {
  if (recalled !== null) return JSON.parse(recalled) as Incident;
  const now = JSON.parse(doc) as Incident;
  return now.answeredAt !== null && now.answeredAt > at ? { ...now, answeredAt: null } : now;
}
