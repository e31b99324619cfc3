import type { Pool } from 'pg';
import { change, run } from './sql.ts';

/** Film of ten minutes from `start` (epoch ms), compressed. `keyframe`: time of its first one. */
export interface ReelRow {
  readonly start: number;
  readonly keyframe: number | null;
  /** bytes before compression */
  readonly raw: number;
  readonly bytes: Uint8Array;
}

/** The packed form of the film. */
export interface ReelStore {
  /** Put a reel in place of these rows, in one transaction: they are here or there, never both and never neither. */
  pack(reel: ReelRow, frames: readonly number[], keyframes: readonly number[]): Promise<void>;
  /** those that begin within [from, to], ascending */
  between(from: number, to: number): Promise<ReelRow[]>;
  /** the newest that has a keyframe with `after` < it <= ms */
  keyframed(ms: number, after: number): Promise<ReelRow | null>;
  /** where the first reel that holds anything of `ms` or later begins */
  startAfter(ms: number): Promise<number | null>;
  /** time of the oldest and the next frame or keyframe that is not packed, at or after `ms` */
  looseAfter(ms: number): Promise<number | null>;
  keyframesBetween(from: number, to: number): Promise<{ at: number; bytes: Uint8Array }[]>;
  /** time of the first keyframe, packed or not */
  firstKeyframe(): Promise<number | null>;
  /** Reels, frames and keyframes before the start of a reel. @returns reels dropped */
  dropBefore(start: number): Promise<number>;
}

const COLUMNS = 'start, keyframe, raw, bytes';

export function reelStore(pool: Pool): ReelStore {
  return {
    async pack({ start, keyframe, raw, bytes }, frames, keyframes) {
      await run(
        pool,
        `WITH f AS (DELETE FROM frames WHERE at = ANY($5::bigint[])), k AS (DELETE FROM keyframes WHERE at = ANY($6::bigint[]))
         INSERT INTO film_reels (${COLUMNS}) VALUES ($1, $2, $3, $4)
         ON CONFLICT (start) DO UPDATE SET keyframe = EXCLUDED.keyframe, raw = EXCLUDED.raw, bytes = EXCLUDED.bytes`,
        [start, keyframe, raw, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), frames, keyframes],
      );
    },
    between: (from, to) =>
      run<ReelRow & Record<string, unknown>>(
        pool,
        `SELECT ${COLUMNS} FROM film_reels WHERE start >= $1 AND start <= $2 ORDER BY start`,
        [Math.ceil(from), Math.floor(to)],
        'reels-between',
      ),
    async keyframed(ms, after) {
      const rows = await run<ReelRow & Record<string, unknown>>(
        pool,
        `SELECT ${COLUMNS} FROM film_reels WHERE start <= $1 AND keyframe <= $1 AND start > $2 ORDER BY start DESC LIMIT 1`,
        [Math.floor(ms), Math.floor(after)],
        'reel-keyframed',
      );
      return rows[0] ?? null;
    },
    async startAfter(start) {
      const rows = await run<{ start: number }>(pool, 'SELECT start FROM film_reels WHERE start >= $1 ORDER BY start LIMIT 1', [
        Math.floor(start),
      ]);
      return rows[0]?.start ?? null;
    },
    async looseAfter(ms) {
      const rows = await run<{ at: number | null }>(
        pool,
        `SELECT least((SELECT min(at) FROM frames WHERE at >= $1), (SELECT min(at) FROM keyframes WHERE at >= $1)) AS at`,
        [Math.ceil(ms)],
      );
      return rows[0]?.at ?? null;
    },
    keyframesBetween: (from, to) =>
      run<{ at: number; bytes: Uint8Array }>(pool, 'SELECT at, bytes FROM keyframes WHERE at >= $1 AND at < $2 ORDER BY at', [from, to]),
    async firstKeyframe() {
      const rows = await run<{ at: number | null }>(
        pool,
        'SELECT least((SELECT min(at) FROM keyframes), (SELECT keyframe FROM film_reels WHERE keyframe IS NOT NULL ORDER BY start LIMIT 1)) AS at',
      );
      return rows[0]?.at ?? null;
    },
    async dropBefore(start) {
      await run(pool, 'DELETE FROM frames WHERE at < $1', [start]);
      await run(pool, 'DELETE FROM keyframes WHERE at < $1', [start]);
      return change(pool, 'DELETE FROM film_reels WHERE start < $1', [start]);
    },
  };
}
