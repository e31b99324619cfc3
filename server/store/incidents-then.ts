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
  /** Nothing is opened before something is asked. @param upTo resolves when the read model is folded to an entry */
  asOf(then: Then, upTo: (seq: number) => Promise<unknown>): IncidentLists;
  close(): Promise<void>;
}

/** One moment made in a transaction of its own, while somebody asks and a little longer. */
interface Stand {
  readonly open: Promise<{ readonly client: PoolClient; readonly lists: IncidentLists }>;
  users: number;
  timer: NodeJS.Timeout | undefined;
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
  const stands = new Map<number, Stand>();
  const waiting: (() => void)[] = [];

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
  async function letGo(seq: number) {
    const stand = stands.get(seq);
    if (!stand) return;
    stands.delete(seq);
    clearTimeout(stand.timer);
    await stand.open.then(({ client }) => end(client)).catch(() => {});
    waiting.shift()?.();
  }
  /** The moment for one question: one that is there already, else in the place of one that nobody asks just now. */
  async function claim(then: Then, upTo: (seq: number) => Promise<unknown>): Promise<Stand> {
    for (;;) {
      const known = stands.get(then.seq);
      if (known) {
        clearTimeout(known.timer);
        known.users += 1;
        return known;
      }
      if (stands.size < HELD) {
        const stand: Stand = { open: upTo(then.seq).then(() => open(then)), users: 1, timer: undefined };
        stands.set(then.seq, stand);
        return stand;
      }
      const [idle] = [...stands].find(([, s]) => s.users === 0) ?? [];
      if (idle !== undefined) await letGo(idle);
      else await new Promise<void>((turn) => waiting.push(turn));
    }
  }
  async function ask<T>(then: Then, upTo: (seq: number) => Promise<unknown>, question: (lists: IncidentLists) => Promise<T>): Promise<T> {
    const stand = await claim(then, upTo);
    try {
      const { lists } = await stand.open.catch((error) => {
        if (stands.get(then.seq) === stand) stands.delete(then.seq);
        throw error;
      });
      return await question(lists);
    } finally {
      stand.users -= 1;
      if (stand.users === 0) {
        if (stands.get(then.seq) === stand) stand.timer = setTimeout(() => void letGo(then.seq), IDLE_MS).unref();
        waiting.shift()?.();
      }
    }
  }

  return {
    asOf(then, upTo) {
      const of = <T>(question: (lists: IncidentLists) => Promise<T>) => ask(then, upTo, question);
      return {
        list: (filter, page) => of((l) => l.list(filter, page)),
        incident: (id) => of((l) => l.incident(id)),
        counts: (filter, by) => of((l) => l.counts(filter, by)),
        stuck: (filter, by, running, places) => of((l) => l.stuck(filter, by, running, places)),
        channels: (filter) => of((l) => l.channels(filter)),
        tally: (filter) => of((l) => l.tally(filter)),
        recordedFrom: () => of((l) => l.recordedFrom()),
        nearby: (asked, areas) => of((l) => l.nearby(asked, areas)),
      };
    },
    async close() {
      await Promise.all([...stands.keys()].map(letGo));
    },
  };
}

/** Changed later than the world held it. Brought back for that, or told in its absence of the end of the one it was merged into. */
function before(recalled: string | null, doc: string, at: number): Incident {
  if (recalled !== null) return JSON.parse(recalled) as Incident;
  const now = JSON.parse(doc) as Incident;
  return now.answeredAt !== null && now.answeredAt > at ? { ...now, answeredAt: null } : now;
}
