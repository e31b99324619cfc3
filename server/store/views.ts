import type { Pool } from 'pg';
import type { SavedView } from '../../model/incident-list.ts';
import { change, run } from './sql.ts';

/** Saved queries of the accounts. */
export interface ViewStore {
  list(actor: string): Promise<SavedView[]>;
  /** @returns false when the actor already has `max` others */
  put(actor: string, view: SavedView, max: number): Promise<boolean>;
  /** @returns false when there was none of this name */
  remove(actor: string, name: string): Promise<boolean>;
}

export function viewStore(pool: Pool): ViewStore {
  return {
    list: (actor) =>
      run<SavedView & Record<string, unknown>>(pool, 'SELECT name, query FROM views WHERE actor = $1 ORDER BY kept_at, name', [actor]),
    async put(actor, { name, query }, max) {
      const written = await change(
        pool,
        `INSERT INTO views (actor, name, query) SELECT $1::text, $2::text, $3::text
         WHERE (SELECT count(*) FROM views WHERE actor = $1::text AND name <> $2::text) < $4::integer
         ON CONFLICT (actor, name) DO UPDATE SET query = EXCLUDED.query`,
        [actor, name, query, max],
      );
      return written === 1;
    },
    remove: async (actor, name) => (await change(pool, 'DELETE FROM views WHERE actor = $1 AND name = $2', [actor, name])) === 1,
  };
}
