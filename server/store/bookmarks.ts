import type { Pool } from 'pg';
import type { AreaCode } from '../../model/brand.ts';
import { change, run } from './sql.ts';

/** 书签: a moment that somebody gave a name. Epoch ms; `area` null = the whole centre. */
export interface Bookmark {
  readonly id: string;
  readonly at: number;
  readonly name: string;
  readonly area: AreaCode | null;
  /** account */
  readonly by: string;
  readonly madeAt: number;
}
export interface BookmarkStore {
  /** by moment, ascending */
  list(): Promise<Bookmark[]>;
  get(id: string): Promise<Bookmark | null>;
  /** @returns false when there are `max` already */
  put(mark: Bookmark, max: number): Promise<boolean>;
  remove(id: string): Promise<boolean>;
}

const COLUMNS = 'id, at, name, area, by, made_at AS "madeAt"';

export function bookmarkStore(pool: Pool): BookmarkStore {
  type Row = Bookmark & Record<string, unknown>;
  return {
    list: () => run<Row>(pool, `SELECT ${COLUMNS} FROM bookmarks ORDER BY at, made_at`),
    get: async (id) => (await run<Row>(pool, `SELECT ${COLUMNS} FROM bookmarks WHERE id = $1`, [id]))[0] ?? null,
    async put({ id, at, name, area, by, madeAt }, max) {
      const written = await change(
        pool,
        `INSERT INTO bookmarks (id, at, name, area, by, made_at)
         SELECT $1::text, $2::bigint, $3::text, $4::text, $5::text, $6::bigint WHERE (SELECT count(*) FROM bookmarks) < $7::integer`,
        [id, at, name, area, by, madeAt, max],
      );
      return written === 1;
    },
    remove: async (id) => (await change(pool, 'DELETE FROM bookmarks WHERE id = $1', [id])) === 1,
  };
}
