import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll } from 'vitest';
import type { PgBinaries } from '../../server/store/binaries.ts';
import { type Embedded, startEmbedded } from '../../server/store/embedded.ts';
import { openStore, type PgStore, type StoreOptions } from '../../server/store/postgres.ts';

/**
 * Databases for tests. Import this file in a `*.srv.test.ts` or `*.fault.ts` and ask for one:
 *
 *     const { store } = await freshStore();          // an empty, migrated Store; closed and dropped after the file
 *     const { url, drop } = await freshDatabase();   // an empty database by URL, e.g. as DATABASE_URL of a child process
 *
 * The first call in a test file starts one PostgreSQL for that file (about a second; without fsync), further calls cost a
 * CREATE DATABASE. Everything is stopped and removed in an `afterAll` which importing this file registers. Two stores on
 * one database: `openStore({ dataDir, databaseUrl: url })` by hand; remember that only one may own it.
 */
export interface FreshDatabase {
  /** connection string for DATABASE_URL */
  readonly url: string;
  drop(): Promise<void>;
}

const debianBin = '/usr/lib/postgresql/15/bin';
/** Debian's PostgreSQL 15; null where it is not installed. */
export const debianPostgres: PgBinaries | null = existsSync(join(debianBin, 'initdb')) ? { binDir: debianBin } : null;

interface Cluster {
  readonly embedded: Embedded;
  readonly dir: string;
}
const clusters = new Map<string, Promise<Cluster>>();
const open: PgStore[] = [];
let count = 0;

/** A folder of this test's own with a short path, removed after the file. */
export function freshDir(name = 'genglou-test-'): string {
  const dir = mkdtempSync(join(tmpdir(), name));
  dirs.push(dir);
  return dir;
}
const dirs: string[] = [];

function cluster(binaries: PgBinaries | undefined): Promise<Cluster> {
  const key = binaries?.binDir ?? '';
  let running = clusters.get(key);
  if (!running) {
    const dir = freshDir();
    running = startEmbedded({ dataDir: dir, fsync: false, ...(binaries ? { binaries } : {}) }).then((embedded) => ({ embedded, dir }));
    clusters.set(key, running);
  }
  return running;
}

/** @param binaries another PostgreSQL than npm's, e.g. `debianPostgres` */
export async function freshDatabase(binaries?: PgBinaries): Promise<FreshDatabase> {
  const { embedded } = await cluster(binaries);
  const name = `test_${process.pid}_${++count}`;
  const admin = async (sql: string) => {
    const client = new pg.Client(embedded.reach);
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await admin(`CREATE DATABASE ${name}`);
  const { user, password, host, port } = embedded.reach;
  const at = host.startsWith('/') ? `/${name}?host=${encodeURIComponent(host)}` : `${host}:${port}/${name}`;
  const url = host.startsWith('/') ? `postgresql://${user}:${password}@localhost:${port}${at}` : `postgresql://${user}:${password}@${at}`;
  return { url, drop: () => admin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

export interface FreshStore extends FreshDatabase {
  readonly store: PgStore;
}

export async function freshStore(options: StoreOptions & { binaries?: PgBinaries } = {}): Promise<FreshStore> {
  const database = await freshDatabase(options.binaries);
  const store = await openStore({ dataDir: '', databaseUrl: database.url }, options);
  open.push(store);
  return { ...database, store };
}

afterAll(async () => {
  await Promise.all(open.splice(0).map((store) => store.close().catch(() => {})));
  for (const running of clusters.values()) await (await running.catch(() => null))?.embedded.stop();
  clusters.clear();
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});
