import type { Pool } from 'pg';
import { change, run } from './sql.ts';

/** One chunk of one device (`ix` of the world: a sensor's, a unit's). `start` of its span, epoch ms; the bytes are a codec's of the model. */
export interface ChunkRow {
  readonly start: number;
  readonly ix: number;
  readonly bytes: Uint8Array;
}
export interface KeptChunk extends ChunkRow {
  readonly blocks: number;
}

/** The cold form of telemetry. Writing is appending: the same block again is no harm, reading takes it once. */
export interface ChunkStore {
  /** Each chunk (start, ix) at most once. */
  append(rows: readonly ChunkRow[]): Promise<void>;
  /** Chunks of these devices and spans, by device, then time. */
  read(ixs: readonly number[], starts: readonly number[]): Promise<ChunkRow[]>;
  /** bytes of those chunks */
  weigh(ixs: readonly number[], starts: readonly number[]): Promise<number>;
  /** Chunks of one span that were appended to, from this device on. */
  readLoose(start: number, fromIx: number, limit: number): Promise<KeptChunk[]>;
  /** Each as one block, unless it was appended to since it was read. */
  pack(rows: readonly KeptChunk[]): Promise<void>;
  /** Starts of spans in [from, to) that have chunks, ascending. */
  starts(from: number, to: number): Promise<number[]>;
  dropBefore(start: number): Promise<number>;
  /** everything received before `at` is in the chunks; spans before `packed` are packed. null = nothing was ever written */
  mark(): Promise<{ readonly at: number; readonly packed: number } | null>;
  setMark(at: number): Promise<void>;
  setPacked(packed: number): Promise<void>;
}

/** Many rows as one statement: numbers as arrays, the bytes of all of them behind one another. */
function columns(rows: readonly ChunkRow[]): [number[], number[], number[], number[], Buffer] {
  const ends: number[] = [];
  let offset = 1; // substr counts from one
  const offsets = rows.map((r) => {
    const at = offset;
    offset += r.bytes.length;
    ends.push(r.bytes.length);
    return at;
  });
  return [rows.map((r) => r.start), rows.map((r) => r.ix), offsets, ends, Buffer.concat(rows.map((r) => r.bytes))];
}
/** Which tables: the chunks, the column of the device's number, the mark. Names of ours, never of a request. */
export interface ChunkTables {
  readonly chunks: 'reading_chunks' | 'position_chunks';
  readonly device: 'sensor' | 'unit';
  readonly mark: 'reading_mark' | 'position_mark';
}
export const readingTables: ChunkTables = { chunks: 'reading_chunks', device: 'sensor', mark: 'reading_mark' };
export const positionTables: ChunkTables = { chunks: 'position_chunks', device: 'unit', mark: 'position_mark' };

function statements({ chunks, device, mark }: ChunkTables) {
  /** Each span and device named: the index is asked for just these, however many others there are. */
  const among = `start = ANY($1::bigint[]) AND ${device} = ANY($2::int[])`;
  return {
    append: `INSERT INTO ${chunks} (start, ${device}, blocks, bytes)
      SELECT start, ix, 1, substr($5::bytea, at, length)
      FROM unnest($1::bigint[], $2::int[], $3::int[], $4::int[]) AS t (start, ix, at, length)
      ON CONFLICT (start, ${device}) DO UPDATE
      SET bytes = ${chunks}.bytes || EXCLUDED.bytes, blocks = ${chunks}.blocks + 1`,
    pack: `UPDATE ${chunks} AS c SET bytes = substr($5::bytea, t.at, t.length), blocks = 1
      FROM unnest($1::bigint[], $2::int[], $3::int[], $4::int[], $6::int[]) AS t (start, ix, at, length, blocks)
      WHERE c.start = t.start AND c.${device} = t.ix AND c.blocks = t.blocks`,
    read: `SELECT start, ${device} AS ix, bytes FROM ${chunks} WHERE ${among} ORDER BY ${device}, start`,
    weigh: `SELECT coalesce(sum(octet_length(bytes)), 0)::bigint AS bytes FROM ${chunks} WHERE ${among}`,
    readLoose: `SELECT start, ${device} AS ix, blocks, bytes FROM ${chunks}
      WHERE start = $1 AND ${device} >= $2 AND blocks > 1 ORDER BY ${device} LIMIT $3`,
    // one step of the index a span, however many devices it has
    starts: `WITH RECURSIVE spans AS (
        (SELECT start FROM ${chunks} WHERE start >= $1 AND start < $2 ORDER BY start LIMIT 1)
        UNION ALL
        SELECT (SELECT c.start FROM ${chunks} c WHERE c.start > s.start AND c.start < $2 ORDER BY c.start LIMIT 1)
        FROM spans s WHERE s.start IS NOT NULL
      ) SELECT start FROM spans WHERE start IS NOT NULL`,
    drop: `DELETE FROM ${chunks} WHERE start < $1`,
    mark: `SELECT at, packed FROM ${mark}`,
    setMark: `INSERT INTO ${mark} (at) VALUES ($1) ON CONFLICT (one) DO UPDATE SET at = EXCLUDED.at`,
    setPacked: `UPDATE ${mark} SET packed = $1`,
  };
}

export function chunkStore(pool: Pool, tables: ChunkTables): ChunkStore {
  const sql = statements(tables);
  const named = (what: string) => `${what}-${tables.chunks}`;
  return {
    async append(rows) {
      if (rows.length > 0) await change(pool, sql.append, columns(rows), named('append'));
    },
    read: (ixs, starts) => run<ChunkRow & Record<string, unknown>>(pool, sql.read, [starts, ixs], named('read')),
    async weigh(ixs, starts) {
      const rows = await run<{ bytes: number }>(pool, sql.weigh, [starts, ixs], named('weigh'));
      return rows[0]!.bytes;
    },
    readLoose: (start, fromIx, limit) => run<KeptChunk & Record<string, unknown>>(pool, sql.readLoose, [start, fromIx, limit]),
    async pack(rows) {
      if (rows.length > 0) await change(pool, sql.pack, [...columns(rows), rows.map((r) => r.blocks)], named('pack'));
    },
    starts: async (from, to) => (await run<{ start: number }>(pool, sql.starts, [from, to])).map((r) => r.start),
    dropBefore: (start) => change(pool, sql.drop, [start]),
    mark: async () => (await run<{ at: number; packed: number }>(pool, sql.mark))[0] ?? null,
    async setMark(at) {
      await run(pool, sql.setMark, [Math.floor(at)]);
    },
    async setPacked(packed) {
      await run(pool, sql.setPacked, [packed]);
    },
  };
}
