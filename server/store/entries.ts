import { promisify } from 'node:util';
import { gunzip as gunzipCallback, gzip as gzipCallback } from 'node:zlib';
import type { ClientBase, Pool } from 'pg';
import { SeqTakenError, StoreError } from './errors.ts';
import { change, run } from './sql.ts';
import type { EntryQuery, EntryRow, Store } from './store.ts';

const gzip = promisify(gzipCallback);
const gunzip = promisify(gunzipCallback);

const COLUMNS = `seq, at, actor, kind, subject, body, encode(prev, 'hex') AS prev, encode(hash, 'hex') AS hash`;
/** Between the texts of a column; occurs in no id, and JSON escapes it. */
const BETWEEN = '\u001f';
/**
 * The whole group in one statement, which is one transaction. Writes nothing unless it follows the last entry. A column is one text
 * or one run of bytes: an array of texts costs both sides its quoting.
 */
const APPEND = `INSERT INTO ledger (seq, at, actor, kind, subject, body, prev, hash)
  SELECT $1::bigint + n - 1, at::bigint, actor, kind, subject, body,
    substr($7::bytea, (n * 32 - 31)::int, 32), substr($8::bytea, (n * 32 - 31)::int, 32)
  FROM ROWS FROM (
    string_to_table($2::text, E'\\x1f'), string_to_table($3::text, E'\\x1f'), string_to_table($4::text, E'\\x1f'),
    string_to_table($5::text, E'\\x1f', ''), string_to_table($6::text, E'\\x1f')
  ) WITH ORDINALITY AS t (at, actor, kind, subject, body, n)
  WHERE $1::bigint = (SELECT coalesce(max(seq), 0) + 1 FROM ledger)`;

/** @throws StoreError when a row is not of the form the statement can carry */
function appendValues(rows: readonly EntryRow[]): unknown[] {
  const texts = (key: 'actor' | 'kind' | 'subject' | 'body') => {
    let joined = '';
    rows.forEach((row, i) => {
      const text = row[key] ?? '';
      if (text.includes(BETWEEN)) throw new StoreError(`entry ${row.seq}: ${key}: contains a separator`);
      joined += i === 0 ? text : BETWEEN + text;
    });
    return joined;
  };
  const bytes = (key: 'prev' | 'hash') => {
    let hex = '';
    for (const row of rows) {
      if (row[key].length !== 64) throw new StoreError(`entry ${row.seq}: ${key}: is not 64 hexadecimal digits`);
      hex += row[key];
    }
    const packed = Buffer.from(hex, 'hex');
    if (packed.length !== rows.length * 32) throw new StoreError(`entries from ${rows[0]!.seq}: ${key}: is not hexadecimal`);
    return packed;
  };
  const at = rows.map((row) => row.at).join(BETWEEN);
  return [rows[0]!.seq, at, texts('actor'), texts('kind'), texts('subject'), texts('body'), bytes('prev'), bytes('hash')];
}

export type EntryPart = Pick<
  Store,
  'appendEntries' | 'readEntries' | 'lastEntry' | 'seqAt' | 'attachedAs' | 'attachedHashes' | 'putSnapshot' | 'latestSnapshot'
>;
/** The expression of the index `ledger_attached`, to the letter. */
const ATTACHED = `ARRAY[body::jsonb ->> 'hash', body::jsonb ->> 'shown', body::jsonb ->> 'thumb']`;

/** The ledger table and its snapshots. `writer` is the connection that holds the owner's lock: without the lock, no append. */
export function entryStore(writer: () => ClientBase, pool: Pool): EntryPart {
  let before: Promise<unknown> = Promise.resolve();
  /** One statement at a time on the writer's connection. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = before.then(work);
    before = mine.catch(() => {});
    return mine;
  };

  return {
    async appendEntries(rows) {
      if (rows.length === 0) return;
      rows.forEach((row, i) => {
        if (row.seq !== rows[0]!.seq + i) throw new SeqTakenError(`seq ${row.seq} does not follow within its group`);
      });
      const values = appendValues(rows); // now, not in its turn: the statement before may still be running
      const written = await inTurn(() => change(writer(), APPEND, values, 'append'));
      if (written !== rows.length) throw new SeqTakenError(`seq ${rows[0]!.seq} does not follow the last entry`);
    },
    async readEntries(query) {
      const { text, values } = entryQuery(query);
      return run<EntryRow & Record<string, unknown>>(pool, text, values);
    },
    async lastEntry() {
      const rows = await run<EntryRow & Record<string, unknown>>(pool, `SELECT ${COLUMNS} FROM ledger ORDER BY seq DESC LIMIT 1`);
      return rows[0] ?? null;
    },
    async seqAt(ms) {
      const rows = await run<{ seq: number }>(pool, 'SELECT seq FROM ledger WHERE at <= $1 ORDER BY at DESC, seq DESC LIMIT 1', [
        Math.floor(ms),
      ]);
      return rows[0]?.seq ?? 0;
    },
    async attachedAs(hash) {
      const text = `SELECT ${COLUMNS} FROM ledger WHERE kind = 'incident.attached' AND ${ATTACHED} @> ARRAY[$1::text] ORDER BY seq LIMIT 100`;
      return run<EntryRow & Record<string, unknown>>(pool, text, [hash]);
    },
    async attachedHashes(hashes) {
      const rows = await run<{ file: string }>(
        pool,
        `SELECT DISTINCT file FROM ledger, unnest(${ATTACHED}) AS named (file)
         WHERE kind = 'incident.attached' AND ${ATTACHED} && $1::text[] AND file = ANY($1::text[])`,
        [hashes],
      );
      return rows.map((r) => r.file);
    },
    async putSnapshot(seq, at, json) {
      const packed = await gzip(Buffer.from(json), { level: 1 });
      await run(
        pool,
        'INSERT INTO snapshots (seq, at, json) VALUES ($1, $2, $3) ON CONFLICT (seq) DO UPDATE SET at = EXCLUDED.at, json = EXCLUDED.json',
        [seq, at, packed],
      );
    },
    async latestSnapshot(maxSeq = Number.MAX_SAFE_INTEGER) {
      const rows = await run<{ seq: number; at: number; json: Buffer }>(
        pool,
        'SELECT seq, at, json FROM snapshots WHERE seq <= $1 ORDER BY seq DESC LIMIT 1',
        [maxSeq],
      );
      const row = rows[0];
      return row ? { seq: row.seq, at: row.at, json: (await gunzip(row.json)).toString('utf8') } : null;
    },
  };
}

function entryQuery(q: EntryQuery): { text: string; values: unknown[] } {
  const where: string[] = [];
  const values: unknown[] = [];
  const add = (sql: string, value: unknown) => {
    values.push(value);
    where.push(sql.replace('?', `$${values.length}`));
  };
  if (q.after !== undefined) add('seq > ?', q.after);
  if (q.upTo !== undefined) add('seq <= ?', q.upTo);
  if (q.subject !== undefined) add('subject = ?', q.subject);
  if (q.kinds !== undefined) add('kind = ANY(?::text[])', q.kinds);
  if (q.from !== undefined) add('at >= ?', Math.ceil(q.from));
  if (q.to !== undefined) add('at < ?', Math.ceil(q.to));
  values.push(q.limit);
  const text = `SELECT ${COLUMNS} FROM ledger ${where.length ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY seq LIMIT $${values.length}`;
  return { text, values };
}
