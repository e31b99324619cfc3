import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { chooseUser, linkLibraries, npmBinaries } from '../../server/store/binaries.ts';
import { DataDirBusyError, StoreUnavailableError } from '../../server/store/errors.ts';
import { openStore } from '../../server/store/postgres.ts';
import { freshDir } from '../support/postgres.ts';

const quick = { embedded: { fsync: false } };
const at = (dataDir: string) => ({ dataDir, databaseUrl: null });
const pidOf = (dataDir: string) => Number(readFileSync(join(dataDir, 'pg', 'postmaster.pid'), 'utf8').split('\n')[0]);
const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

it('makes its database on the first start, finds it on the second, and leaves no process behind', async () => {
  const dataDir = freshDir();
  const first = await openStore(at(dataDir), quick);
  await first.putFrame({ at: 1, bytes: Uint8Array.of(7) });
  const pid = pidOf(dataDir);
  expect(alive(pid)).toBe(true);
  await first.close();
  expect(alive(pid)).toBe(false);
  const second = await openStore(at(dataDir), quick);
  expect(await second.framesBetween(0, 9)).toEqual([{ at: 1, bytes: Uint8Array.of(7) }]);
  await second.close();
});

it('writes through to the disk unless a test asks otherwise, and is reached by a password in a private file', async () => {
  const dataDir = freshDir();
  const store = await openStore(at(dataDir));
  const settings = await store.pool.query<{ name: string; setting: string }>(
    `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses')`,
  );
  const of = Object.fromEntries(settings.rows.map((r) => [r.name, r.setting]));
  expect(of).toMatchObject({ fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' });
  if (process.platform !== 'win32') expect(of.listen_addresses).toBe('');
  expect(statSync(join(dataDir, 'pg', 'genglou.password')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(dataDir, 'pg', 'pg_hba.conf'), 'utf8')).not.toMatch(/^[^#]*\btrust\b/m);
  await store.close();
});

it('has one owner: a second start is told so and harms nothing', async () => {
  const dataDir = freshDir();
  const owner = await openStore(at(dataDir), quick);
  await expect(openStore(at(dataDir), quick)).rejects.toThrow(DataDirBusyError);
  await expect(openStore(at(dataDir), quick)).rejects.toThrow(
    /another Genglou server is using the data directory .+: stop it, or set DATA_DIR/,
  );
  await owner.putFrame({ at: 1, bytes: Uint8Array.of(1) });
  await owner.close();
});

it('of several starts at the same moment on a new directory exactly one becomes the owner', async () => {
  const dataDir = freshDir();
  const script = `import { openStore } from ${JSON.stringify(new URL('../../server/store/postgres.ts', import.meta.url).href)};
    try {
      const store = await openStore({ dataDir: process.argv[1], databaseUrl: null }, { embedded: { fsync: false } });
      console.log('owner');
      process.stdin.resume().on('end', () => store.close());
    } catch (error) { console.log(error.name); }`;
  const starts = Array.from({ length: 3 }, () =>
    spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, dataDir], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  );
  const ended = Promise.all(starts.map((child) => new Promise((done) => child.once('exit', done))));
  const said = await Promise.all(
    starts.map((child) => new Promise<string>((done) => child.stdout.once('data', (d: Buffer) => done(String(d).trim())))),
  );
  for (const child of starts) child.stdin.end();
  await ended;
  expect(said.sort()).toEqual(['DataDirBusyError', 'DataDirBusyError', 'owner']);
});

it('reports a PostgreSQL that ends by itself, and starts again after it', async () => {
  const dataDir = freshDir();
  const lost: string[] = [];
  const store = await openStore(at(dataDir), { ...quick, onLost: (e) => lost.push(e.message) });
  process.kill(pidOf(dataDir), 'SIGKILL');
  await expect.poll(() => lost.length).toBe(1);
  await store.close();
  const again = await openStore(at(dataDir), quick);
  expect(await again.lastEntry()).toBeNull();
  await again.close();
});

it('overlooks a postmaster.pid left behind, also when another process was given its number since', async () => {
  const dataDir = freshDir();
  await (await openStore(at(dataDir), quick)).close();
  const pidFile = join(dataDir, 'pg', 'postmaster.pid');
  for (const pid of [process.pid, 2_000_000_000]) {
    writeFileSync(pidFile, `${pid}\n${join(dataDir, 'pg')}\n1\n5432\n${join(dataDir, 'run')}\n\n  1 2\nready   \n`, { mode: 0o600 });
    const store = await openStore(at(dataDir), quick);
    expect(pidOf(dataDir)).not.toBe(pid);
    await store.close();
  }
});

it('takes a data directory whose path is too long for a socket', async () => {
  const dataDir = join(freshDir(), '数据'.repeat(20), 'd'.repeat(60));
  const store = await openStore(at(dataDir), quick);
  const { rows } = await store.pool.query(`SELECT current_setting('unix_socket_directories') AS dir`);
  expect(Buffer.byteLength(rows[0].dir)).toBeLessThan(90);
  await store.close();
  expect(rows[0].dir === '' || existsSync(rows[0].dir)).toBe(rows[0].dir === '');
});

it('says in one line what PostgreSQL does not like', async () => {
  const dataDir = freshDir();
  await (await openStore(at(dataDir), quick)).close();
  writeFileSync(join(dataDir, 'pg', 'PG_VERSION'), '9\n');
  const failed = await openStore(at(dataDir), quick).catch((e: Error) => e);
  expect(failed).toBeInstanceOf(StoreUnavailableError);
  expect((failed as Error).message).toMatch(/^PostgreSQL does not start: .*incompatible[^\n]*$/);
});

it('makes the library links that npm did not make', () => {
  const root = join(npmBinaries().binDir, '..', '..');
  const copy = freshDir();
  if (!existsSync(join(root, 'native', 'pg-symlinks.json'))) return expect(linkLibraries(copy)).toBe(0);
  mkdirSync(join(copy, 'native'));
  cpSync(join(root, 'native', 'pg-symlinks.json'), join(copy, 'native', 'pg-symlinks.json'));
  const links = JSON.parse(readFileSync(join(copy, 'native', 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  mkdirSync(join(copy, 'native', 'lib'));
  for (const { source } of links) writeFileSync(join(copy, source), source);
  expect(linkLibraries(copy)).toBe(links.length);
  expect(links.every(({ source, target }) => readFileSync(join(copy, target), 'utf8') === source)).toBe(true);
  expect(linkLibraries(copy)).toBe(0);
});

const root = process.getuid?.() === 0;
const reachable =
  root && spawnSync('/bin/sh', ['-c', `test -x "${npmBinaries().binDir}/postgres"`], { uid: 65_534, gid: 65_534 }).status === 0;

it.skipIf(!root)('root runs it in a user namespace, and the files stay root’s', async () => {
  const dataDir = freshDir();
  const store = await openStore(at(dataDir), { embedded: { fsync: false, runAs: 'namespace' } });
  await store.close();
  expect(statSync(join(dataDir, 'pg')).uid).toBe(0);
});

it.skipIf(!reachable)('where there are no namespaces root runs it as nobody, where nobody can reach it', async () => {
  const dataDir = join(freshDir(), 'data');
  rmSync(dataDir, { recursive: true, force: true });
  spawnSync('chmod', ['755', join(dataDir, '..')]);
  const store = await openStore(at(dataDir), { embedded: { fsync: false, runAs: 'uid' } });
  await store.close();
  expect(statSync(join(dataDir, 'pg')).uid).toBe(65_534);
  // and finds its way back to that user without being told
  await (await openStore(at(dataDir), quick)).close();
});

it.skipIf(!root)('where neither works root is told what to do', () => {
  const closed = join(freshDir(), 'data'); // below a folder of mode 0700
  mkdirSync(closed);
  accessSync(closed, constants.R_OK);
  expect(() => chooseUser(npmBinaries(), join(closed, 'pg'), 'uid')).toThrow(
    /does not run as root: start Genglou as an ordinary user, or set DATABASE_URL/,
  );
});
