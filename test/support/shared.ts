import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Reach } from '../../server/store/embedded.ts';
import { migrate } from '../../server/store/migrate.ts';

/** What the server tests of one run share (server-setup.ts makes it); handed to their processes by the environment. */
export interface Shared {
  /** connection string of the run's PostgreSQL */
  readonly postgres: string;
  /** name of its empty, migrated database */
  readonly template: string;
  /** folder of our processes as JavaScript */
  readonly scripts: string;
}
const NAME = 'GENGLOU_TEST_SHARED';

export function handOver(shared: Shared) {
  process.env[NAME] = JSON.stringify(shared);
}

/** null outside of `--project server`: browser tests and benchmarks */
export const shared = (): Shared | null => (process.env[NAME] ? (JSON.parse(process.env[NAME]) as Shared) : null);

/** The script as one file of JavaScript, null where there is none. */
export function bundled(script: string): string | null {
  const at = shared();
  const file = at && join(at.scripts, script.replaceAll('/', '-').replace(/ts$/, 'mjs'));
  return file && existsSync(file) ? file : null;
}

/** A connection string for `database`; a folder as host is a unix socket. */
export function urlOf({ user, password, host, port }: Reach, database: string): string {
  if (!host.startsWith('/')) return `postgresql://${user}:${password}@${host}:${port}/${database}`;
  return `postgresql://${user}:${password}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
}

export interface FreshDatabase {
  /** connection string for DATABASE_URL */
  readonly url: string;
  drop(): Promise<void>;
}

/** @param server connection string of any database of it @param template name of a database to copy */
export async function makeDatabase(server: string, template?: string): Promise<FreshDatabase> {
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`;
  const ask = async (sql: string) => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await ask(`CREATE DATABASE ${name}${template ? ` TEMPLATE ${template}` : ''}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => ask(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** Name of an empty migrated database, to copy. Nobody may be connected to it. */
export async function makeTemplate(reach: Reach): Promise<string> {
  const name = 'migrated';
  for (const [database, work] of [
    [reach.database, (client: pg.Client) => client.query(`CREATE DATABASE ${name}`)],
    [name, migrate],
  ] as const) {
    const client = new pg.Client({ ...reach, database });
    await client.connect();
    await work(client).finally(() => client.end());
  }
  return name;
}
