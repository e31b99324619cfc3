import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { ClientBase } from 'pg';
import { StoreUnavailableError } from './errors.ts';

const FOLDER = new URL('./migrations/', import.meta.url);
/** advisory lock that makes two starting servers migrate one after the other */
const MIGRATION_LOCK = 7_306_002;

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** Numbered files `NNN-name.sql`, ascending from 001 without gaps. */
export function readMigrations(folder: URL = FOLDER): Migration[] {
  const names = readdirSync(folder)
    .filter((name) => /^\d{3}-[a-z0-9-]+\.sql$/.test(name))
    .sort();
  return names.map((name, i) => {
    const number = Number(name.slice(0, 3));
    if (number !== i + 1) throw new Error(`migration ${name} should have number ${i + 1}`);
    const sql = readFileSync(new URL(name, folder), 'utf8').replaceAll('\r\n', '\n');
    return { number, name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
  });
}

/**
 * Bring a database to the newest form: all pending migrations in one transaction, under a lock.
 * @throws StoreUnavailableError when the database was made by a newer Genglou, or an applied migration has since been edited.
 */
export async function migrate(client: ClientBase, migrations: readonly Migration[] = readMigrations()): Promise<number> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await client.query(
      'CREATE TABLE IF NOT EXISTS migrations (number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const { rows } = await client.query<{ number: number; name: string; checksum: string }>('SELECT * FROM migrations ORDER BY number');
    for (const row of rows) {
      const known = migrations.find((m) => m.number === row.number);
      if (!known)
        throw new StoreUnavailableError(`the database has migration ${row.name}, which this version does not know: use a newer one`);
      if (known.checksum !== row.checksum)
        throw new StoreUnavailableError(`migration ${known.name} was edited after it was applied: restore the file`);
    }
    const pending = migrations.slice(rows.length);
    for (const m of pending) {
      await client.query(m.sql);
      await client.query('INSERT INTO migrations (number, name, checksum) VALUES ($1, $2, $3)', [m.number, m.name, m.checksum]);
    }
    await client.query('COMMIT');
    return pending.length;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}
