import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { chooseUser, npmBinaries, type PgBinaries, program, type RunAs } from './binaries.ts';
import { DataDirBusyError, StoreUnavailableError } from './errors.ts';
import { lockIsHeld, takeLock } from './owner.ts';

/** How to reach a database with `pg`. `host` is a folder for a unix socket. */
export interface Reach {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface EmbeddedOptions {
  readonly dataDir: string;
  /** default: the binaries npm carries */
  readonly binaries?: PgBinaries;
  /** `false` only for tests that need no durability */
  readonly fsync?: boolean;
  /** default 100, enough for one server and its command line beside it */
  readonly maxConnections?: number;
  readonly runAs?: 'namespace' | 'uid';
  /** PostgreSQL ended although nobody stopped it. */
  readonly onExit?: (why: string) => void;
  readonly note?: (line: string) => void;
}

export interface Embedded {
  readonly reach: Reach;
  readonly pid: number;
  /** the connection that holds the owner's lock */
  readonly owner: pg.Client;
  /** Fast shutdown, then wait until PostgreSQL has ended. */
  stop(): Promise<void>;
}

const USER = 'genglou';
const PASSWORD_FILE = 'genglou.password';
/** sun_path is 108 bytes on Linux, 104 on macOS */
const SOCKET_PATH_MAX = 103;
const LOG_MAX = 5 * 1024 * 1024;
const START_WITHIN_MS = 60_000;
/** a lock that stays free this long on a running server has no owner: the server was killed and left its PostgreSQL behind */
const ORPHAN_AFTER_MS = 2_000;
const busy = (dir: string) => new DataDirBusyError(`another Genglou server is using the data directory ${dir}: stop it, or set DATA_DIR`);

/**
 * Start the PostgreSQL of a data directory as our child and become its owner. Made on first use (`initdb`), reachable by
 * unix socket (loopback port on Windows) with a password kept in the cluster's own folder.
 * @throws DataDirBusyError when another living process owns the directory
 * @throws StoreUnavailableError when PostgreSQL cannot be run here, with its own last words
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const dataDir = resolve(options.dataDir);
  const cluster = join(dataDir, 'pg');
  const binaries = options.binaries ?? npmBinaries();
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  const runAs = chooseUser(binaries, cluster, options.runAs);
  if (!existsSync(join(cluster, 'PG_VERSION'))) makeCluster(binaries, cluster, runAs, options);
  const giveUp = Date.now() + START_WITHIN_MS;
  for (;;) {
    const old = readPidFile(cluster);
    if (old && isPostgres(old.pid)) await endOrphan(cluster, old, dataDir, giveUp);
    const started = await launch(binaries, dataDir, cluster, runAs, options, old?.pid);
    if (!('retry' in started)) return started;
    if (Date.now() > giveUp) throw new StoreUnavailableError(`PostgreSQL does not start: ${started.retry}`);
    await sleep(50);
  }
}

/** The database of a data directory whose server is running, without owning it; null when none runs. */
export async function attachEmbedded(dataDir: string): Promise<Reach | null> {
  const cluster = join(resolve(dataDir), 'pg');
  const at = readPidFile(cluster);
  if (!at || !isPostgres(at.pid)) return null;
  const reach = reachOf(cluster, at);
  const client = await connect(reach);
  await client?.end();
  return client ? reach : null;
}

/** initdb beside its final place, then one rename: a start that is cut off, or two at once, never leave half a cluster. */
function makeCluster(binaries: PgBinaries, cluster: string, runAs: RunAs, options: EmbeddedOptions) {
  options.note?.('making the database …');
  const draft = `${cluster}.new-${process.pid}-${randomBytes(3).toString('hex')}`;
  mkdirSync(draft, { mode: 0o700 });
  const password = randomBytes(24).toString('base64url');
  const passwordFile = `${draft}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  try {
    own(draft, runAs);
    own(passwordFile, runAs);
    const args = ['-D', draft, '-U', USER, '--pwfile', passwordFile, '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C', '--wal-segsize=4'];
    if (options.fsync === false) args.push('--no-sync');
    const [command, ...rest] = [...runAs.prefix, program(binaries, 'initdb'), ...args] as [string, ...string[]];
    const made = spawnSync(command, rest, { ...identity(runAs), ...cleanEnv(), cwd: dirname(cluster), encoding: 'utf8' });
    if (made.status !== 0)
      throw new StoreUnavailableError(`initdb failed: ${lastLine(made.stderr || '') || made.error?.message || made.signal || made.status}`);
    renameSync(passwordFile, join(draft, PASSWORD_FILE));
    try {
      renameSync(draft, cluster);
    } catch (error) {
      if (!existsSync(join(cluster, 'PG_VERSION'))) throw error; // else another start was quicker: use its cluster
    }
  } finally {
    rmSync(draft, { recursive: true, force: true });
    rmSync(passwordFile, { force: true });
  }
}

/** A PostgreSQL is running on our cluster: refuse if it has an owner, otherwise shut it down. */
async function endOrphan(cluster: string, at: PidFile, dataDir: string, giveUp: number) {
  let freeSince = Number.POSITIVE_INFINITY;
  while (isPostgres(at.pid) && Date.now() < giveUp) {
    const client = at.ready ? await connect(reachOf(cluster, at)) : null;
    if (client) {
      try {
        const held = await lockIsHeld(client);
        if (!held) freeSince = Math.min(freeSince, Date.now());
        else if (freeSince !== Number.POSITIVE_INFINITY || at.heldSeen++ >= HELD_LOOKS) throw busy(dataDir);
        if (Date.now() - freeSince >= ORPHAN_AFTER_MS) {
          if (!(await takeLock(client))) throw busy(dataDir);
          process.kill(at.pid, 'SIGINT');
          freeSince = Number.POSITIVE_INFINITY;
        }
      } catch (error) {
        if (error instanceof DataDirBusyError) throw error;
      } finally {
        await client.end().catch(() => {});
      }
    }
    await sleep(50);
    const now = readPidFile(cluster);
    if (now?.pid === at.pid) at = { ...now, heldSeen: at.heldSeen };
  }
}
/** Looks at a held lock before it counts: the connection of a server killed a moment ago may still be closing. */
const HELD_LOOKS = 20;

async function launch(
  binaries: PgBinaries,
  dataDir: string,
  cluster: string,
  runAs: RunAs,
  options: EmbeddedOptions,
  staleUnrelatedPid: number | undefined,
): Promise<Embedded | { retry: string }> {
  const socketDir = await placeForSocket(dataDir, runAs);
  const port = socketDir === null ? await freePort() : 5432;
  const logFile = join(dataDir, 'pg.log');
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > LOG_MAX) truncateSync(logFile);
  const log = openSync(logFile, 'a', 0o600);
  const logStart = statSync(logFile).size;
  const settings: Record<string, string | number> = {
    listen_addresses: socketDir === null ? '127.0.0.1' : '',
    port,
    ...(socketDir === null ? {} : { unix_socket_directories: socketDir, unix_socket_permissions: '0700' }),
    fsync: options.fsync === false ? 'off' : 'on',
    max_connections: options.maxConnections ?? 100,
    // what people typed never goes to the log
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    jit: 'off',
  };
  const args = ['-D', cluster, ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])];
  const [command, ...rest] = [...runAs.prefix, program(binaries, 'postgres'), ...args] as [string, ...string[]];
  // PostgreSQL overlooks a stale postmaster.pid that names this process id; we have seen that it is not a PostgreSQL.
  const env = cleanEnv(staleUnrelatedPid ? { PG_GRANDPARENT_PID: String(staleUnrelatedPid) } : {});
  // detached: a Ctrl-C in the terminal is for us; we stop PostgreSQL when we have drained.
  const child = spawn(command, rest, { ...identity(runAs), ...env, cwd: dataDir, stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  const ended = new Promise<string>((done) => {
    child.once('error', (error) => done(error.message));
    child.once('exit', (code, signal) => done(signal ? `ended by ${signal}` : `ended with ${code}`));
  });
  let end: string | null = null;
  ended.then((why) => {
    end = why;
  });

  const reach: Reach = reachOf(cluster, { host: socketDir ?? '127.0.0.1', port });
  const giveUp = Date.now() + START_WITHIN_MS;
  let owner: pg.Client | null = null;
  while (!owner && end === null && Date.now() < giveUp) {
    const pid = readPidFile(cluster);
    owner = pid !== null && pid.pid === child.pid && pid.ready ? await connect(reach) : null;
    if (!owner) await sleep(20);
  }
  if (!owner) {
    if (end === null) await stopChild(child, ended, binaries, cluster);
    const words = lastFatal(readFileSync(logFile).subarray(logStart).toString('utf8')) ?? end ?? 'no answer';
    if (/postmaster\.pid|shared memory block/.test(words)) return { retry: words };
    throw new StoreUnavailableError(`PostgreSQL does not start: ${words}`);
  }
  if (!(await takeLock(owner))) {
    await stopChild(child, ended, binaries, cluster);
    throw busy(dataDir);
  }

  let stopping = false;
  const atExit = () => child.kill('SIGINT');
  process.once('exit', atExit);
  ended.then((why) => {
    process.off('exit', atExit);
    if (!stopping) options.onExit?.(`PostgreSQL ${why}`);
  });
  return {
    reach,
    pid: child.pid!,
    owner,
    async stop() {
      stopping = true;
      await owner.end().catch(() => {});
      await stopChild(child, ended, binaries, cluster);
      if (socketDir !== null && !socketDir.startsWith(dataDir)) rmSync(socketDir, { recursive: true, force: true });
    },
  };
}

async function stopChild(child: ChildProcess, ended: Promise<string>, binaries: PgBinaries, cluster: string) {
  if (process.platform === 'win32') spawnSync(program(binaries, 'pg_ctl'), ['stop', '-m', 'fast', '-D', cluster], { stdio: 'ignore' });
  else child.kill('SIGINT');
  const hard = setTimeout(() => child.kill('SIGQUIT'), 30_000);
  await ended;
  clearTimeout(hard);
}

interface PidFile {
  readonly pid: number;
  readonly port: number;
  readonly host: string;
  readonly ready: boolean;
  heldSeen: number;
}
/** postmaster.pid: process id, data folder, start time, port, socket folder, listen address, shared memory, status. */
function readPidFile(cluster: string): PidFile | null {
  let lines: string[];
  try {
    lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return null;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  const host = lines[4]?.trim() || lines[5]?.trim() || '127.0.0.1';
  return { pid, port: Number(lines[3]) || 5432, host, ready: lines[7]?.trim() === 'ready', heldSeen: 0 };
}

/** Is this process id alive and a PostgreSQL (not some other process that was given the number since)? */
function isPostgres(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  if (process.platform === 'win32') return true;
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const end = stat.lastIndexOf(')');
      return /postgres|unshare/.test(stat.slice(0, end)) && stat[end + 2] !== 'Z';
    } catch {
      return false;
    }
  }
  return /postgres/.test(spawnSync('ps', ['-p', String(pid), '-o', 'comm='], { encoding: 'utf8' }).stdout ?? '');
}

const reachOf = (cluster: string, at: { host: string; port: number }): Reach => ({
  host: at.host,
  port: at.port,
  user: USER,
  password: readFileSync(join(cluster, PASSWORD_FILE), 'utf8').trim(),
  database: 'postgres',
});

async function connect(reach: Reach): Promise<pg.Client | null> {
  const client = new pg.Client({ ...reach, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {}); // a cut connection shows up as a failed query
  try {
    await client.connect();
    return client;
  } catch {
    await client.end().catch(() => {});
    return null;
  }
}

/** A folder of ours alone whose socket path fits; null where there are no unix sockets. */
async function placeForSocket(dataDir: string, runAs: RunAs): Promise<string | null> {
  if (process.platform === 'win32') return null;
  let dir = join(dataDir, 'run');
  // PostgreSQL separates folders by commas
  if (Buffer.byteLength(join(dir, '.s.PGSQL.5432.lock')) > SOCKET_PATH_MAX || /[,"]/.test(dir))
    dir = mkdtempSync(join(tmpdir(), 'genglou-'));
  else mkdirSync(dir, { recursive: true });
  chmodSync(dir, 0o700);
  own(dir, runAs);
  return dir;
}

const own = (path: string, runAs: RunAs) => {
  if (runAs.uid !== undefined) chownSync(path, runAs.uid, runAs.gid ?? runAs.uid);
};
const identity = (runAs: RunAs) => (runAs.uid === undefined ? {} : { uid: runAs.uid, gid: runAs.gid });

/** What PostgreSQL's programs are given: nothing of ours. Windows programs do not run without theirs. */
const cleanEnv = (more: Record<string, string> = {}): { env?: NodeJS.ProcessEnv } =>
  process.platform === 'win32' ? {} : { env: { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', ...more } };

const freePort = () =>
  new Promise<number>((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });

const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? '';
const lastFatal = (text: string) =>
  text
    .split('\n')
    .filter((line) => /FATAL|PANIC|error:/.test(line))
    .at(-1)
    ?.replace(/^.*?(?:FATAL|PANIC):\s*/, '');
