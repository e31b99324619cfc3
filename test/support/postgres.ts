import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { PgBinaries } from '../../server/store/binaries.ts';
import { type Embedded, startEmbedded } from '../../server/store/embedded.ts';
import { openStore, type PgStore, type StoreOptions } from '../../server/store/postgres.ts';
import { type FreshDatabase, makeDatabase, makeTemplate, shared, urlOf } from './shared.ts';

/**
 * Databases for tests. Import this file in a `*.srv.test.ts` or `*.fault.ts` and ask for one:
 *
 *     const { store } = await freshStore();          // an empty, migrated Store; closed and dropped after the file
 *     const { url, drop } = await freshDatabase();   // an empty database by URL, e.g. as DATABASE_URL of a child process
 *
 * They stand in the PostgreSQL that all server tests of a run share (server-setup.ts), which runs without fsync; other binaries
 * get one of their own for the file. Everything is removed in an `afterAll` which importing this file registers. Two stores on
 * one database: `openStore({ dataDir, databaseUrl: url })` by hand; remember that only one may own it.
 */
const debianBin = '/usr/lib/postgresql/15/bin';
/** Debian's PostgreSQL 15; null where it is not installed. */
export const debianPostgres: PgBinaries | null = existsSync(join(debianBin, 'initdb')) ? { binDir: debianBin } : null;

interface Cluster {
  readonly embedded: Embedded;
  readonly template: string;
}
const clusters = new Map<string, Promise<Cluster>>();
const open: PgStore[] = [];
const made: FreshDatabase[] = [];

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
    running = startEmbedded({ dataDir: dir, fsync: false, ...(binaries ? { binaries } : {}) }).then(async (embedded) => ({
      embedded,
      template: await makeTemplate(embedded.reach),
    }));
    clusters.set(key, running);
  }
  return running;
}

/** Empty, or a copy of the migrated one. */
async function database(migrated: boolean, binaries?: PgBinaries): Promise<FreshDatabase> {
  const common = binaries ? null : shared();
  if (!common) {
    const { embedded, template } = await cluster(binaries);
    return makeDatabase(urlOf(embedded.reach, 'postgres'), migrated ? template : undefined);
  }
  const fresh = await makeDatabase(common.postgres, migrated ? common.template : undefined);
  made.push(fresh);
  return fresh;
}

/** @param binaries another PostgreSQL than npm's, e.g. `debianPostgres` */
export const freshDatabase = (binaries?: PgBinaries): Promise<FreshDatabase> => database(false, binaries);

export interface FreshStore extends FreshDatabase {
  readonly store: PgStore;
}

export async function freshStore(options: StoreOptions & { binaries?: PgBinaries } = {}): Promise<FreshStore> {
  const fresh = await database(true, options.binaries);
  const store = await openStore({ dataDir: '', databaseUrl: fresh.url }, options);
  open.push(store);
  return { ...fresh, store };
}

afterAll(async () => {
  await Promise.all(open.splice(0).map((store) => store.close().catch(() => {})));
  await Promise.all(made.splice(0).map((database) => database.drop().catch(() => {})));
  for (const running of clusters.values()) await (await running.catch(() => null))?.embedded.stop();
  clusters.clear();
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});
