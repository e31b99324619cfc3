import type { Pool } from 'pg';
import { change, run } from './sql.ts';

/** One chunk of one sensor (`ix` of the world). `start` of its span, epoch ms; the bytes are model/reading-chunk. */
export interface ChunkRow {
  readonly start: number;
  readonly sensor: number;
  readonly bytes: Uint8Array;
}
export interface KeptChunk extends ChunkRow {
  readonly blocks: number;
}

/** The cold form of readings. Writing is appending: the same block again is no harm, reading takes it once. */
export interface ChunkStore {
  /** Each chunk (start, sensor) at most once. */
  append(rows: readonly ChunkRow[]): Promise<void>;
  /** Chunks of these sensors and spans, by sensor, then time. */
  read(sensors: readonly number[], starts: readonly number[]): Promise<ChunkRow[]>;
  /** bytes of those chunks */
  weigh(sensors: readonly number[], starts: readonly number[]): Promise<number>;
  /** Chunks of one span that were appended to, from this sensor on. */
  readLoose(start: number, fromSensor: number, limit: number): Promise<KeptChunk[]>;
  /** Each as one block, unless it was appended to since it was read. */
  pack(rows: readonly KeptChunk[]): Promise<void>;
  /** Starts of spans in [from, to) that have chunks, ascending. */
  starts(from: number, to: number): Promise<number[]>;
  dropBefore(start: number): Promise<number>;
  /** every reading received before `at` is in the chunks; spans before `packed` are packed. null = nothing was ever written */
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
  return [rows.map((r) => r.start), rows.map((r) => r.sensor), offsets, ends, Buffer.concat(rows.map((r) => r.bytes))];
}
const APPEND = `INSERT INTO reading_chunks (start, sensor, blocks, bytes)
  SELECT start, sensor, 1, substr($5::bytea, at, length)
  FROM unnest($1::bigint[], $2::int[], $3::int[], $4::int[]) AS t (start, sensor, at, length)
  ON CONFLICT (start, sensor) DO UPDATE
  SET bytes = reading_chunks.bytes || EXCLUDED.bytes, blocks = reading_chunks.blocks + 1`;
const PACK = `UPDATE reading_chunks AS c SET bytes = substr($5::bytea, t.at, t.length), blocks = 1
  FROM unnest($1::bigint[], $2::int[], $3::int[], $4::int[], $6::int[]) AS t (start, sensor, at, length, blocks)
  WHERE c.start = t.start AND c.sensor = t.sensor AND c.blocks = t.blocks`;
/** Each span and sensor named: the index is asked for just these, however many others there are. */
const AMONG = 'start = ANY($1::bigint[]) AND sensor = ANY($2::int[])';
const MARK = `INSERT INTO reading_mark (at) VALUES ($1) ON CONFLICT (one) DO UPDATE SET at = EXCLUDED.at`;

export function chunkStore(pool: Pool): ChunkStore {
  return {
    async append(rows) {
      if (rows.length > 0) await change(pool, APPEND, columns(rows), 'append-chunks');
    },
    read: (sensors, starts) =>
      run<ChunkRow & Record<string, unknown>>(
        pool,
        `SELECT start, sensor, bytes FROM reading_chunks WHERE ${AMONG} ORDER BY sensor, start`,
        [starts, sensors],
        'read-chunks',
      ),
    async weigh(sensors, starts) {
      const text = `SELECT coalesce(sum(octet_length(bytes)), 0)::bigint AS bytes FROM reading_chunks WHERE ${AMONG}`;
      const rows = await run<{ bytes: number }>(pool, text, [starts, sensors], 'weigh-chunks');
      return rows[0]!.bytes;
    },
    readLoose: (start, fromSensor, limit) =>
      run<KeptChunk & Record<string, unknown>>(
        pool,
        'SELECT start, sensor, blocks, bytes FROM reading_chunks WHERE start = $1 AND sensor >= $2 AND blocks > 1 ORDER BY sensor LIMIT $3',
        [start, fromSensor, limit],
      ),
    async pack(rows) {
      if (rows.length > 0) await change(pool, PACK, [...columns(rows), rows.map((r) => r.blocks)], 'pack-chunks');
    },
    async starts(from, to) {
      // one step of the index a span, however many sensors it has
      const rows = await run<{ start: number }>(
        pool,
        `WITH RECURSIVE spans AS (
           (SELECT start FROM reading_chunks WHERE start >= $1 AND start < $2 ORDER BY start LIMIT 1)
           UNION ALL
           SELECT (SELECT c.start FROM reading_chunks c WHERE c.start > s.start AND c.start < $2 ORDER BY c.start LIMIT 1)
           FROM spans s WHERE s.start IS NOT NULL
         ) SELECT start FROM spans WHERE start IS NOT NULL`,
        [from, to],
      );
      return rows.map((r) => r.start);
    },
    dropBefore: (start) => change(pool, 'DELETE FROM reading_chunks WHERE start < $1', [start]),
    async mark() {
      const rows = await run<{ at: number; packed: number }>(pool, 'SELECT at, packed FROM reading_mark');
      return rows[0] ?? null;
    },
    async setMark(at) {
      await run(pool, MARK, [Math.floor(at)]);
    },
    async setPacked(packed) {
      await run(pool, 'UPDATE reading_mark SET packed = $1', [packed]);
    },
  };
}
