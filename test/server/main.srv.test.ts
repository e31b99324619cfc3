import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { afterEach, expect, test } from 'vitest';
import { PROTOCOL_VERSION, STREAM_PATH } from '../../model/wire.ts';
import * as parser from '../../model/wire-parser.ts';
import { worldDigest, worldFromJson } from '../../model/world.ts';
import { middleOf } from '../support/fixture-street.ts';
import { freePort, loadFixture, run, runPlain, startServer, type TestServer, tempDataDir } from '../support/server.ts';

const toDestroy: TestServer[] = [];
const toDelete: string[] = [];
afterEach(async () => {
  for (const s of toDestroy.splice(0)) await s.destroy();
  for (const dir of toDelete.splice(0)) rmSync(dir, { recursive: true, force: true });
});
async function start(options: Parameters<typeof startServer>[0] = {}) {
  const server = await startServer(options);
  toDestroy.push(server);
  return server;
}
async function ends(env: Record<string, string>) {
  const [port, mqttPort] = [await freePort(), await freePort()];
  return run('server/main.ts', [], { PORT: String(port), MQTT_PORT: String(mqttPort), JT808_PORT: '0', LOG_LEVEL: 'warn', ...env }).ended;
}
/** One line without a stack: what a person at the terminal reads. */
const oneLine = (output: string) => {
  const lines = output
    .trim()
    .split('\n')
    .filter((l) => !l.startsWith('{'));
  expect(lines).toHaveLength(1);
  return lines[0];
};
const incident = () => ({ kind: 'incident', at: new Date().toISOString(), lngLat: middleOf(0), category: 'other', title: '试验' });

/** Join the stream as a screen does; the digest of the world in its snapshot. */
async function streamDigest(server: TestServer, extraHeaders: Record<string, string> = {}): Promise<{ seq: number; digest: string }> {
  const socket = io(server.url, { path: STREAM_PATH, transports: ['websocket'], parser, reconnection: false, extraHeaders });
  try {
    return await new Promise((resolve, reject) => {
      socket.on('connect_error', reject);
      socket.on('snapshot', ({ world }) => resolve({ seq: world.seq, digest: worldDigest(worldFromJson(world)) }));
      socket.on('connect', () => socket.emit('join', { protocol: PROTOCOL_VERSION, centre: '' }, () => {}));
    });
  } finally {
    socket.close();
  }
}

test('SIGTERM stops in order with 0; a second start has the same seq, world and positions', async () => {
  const first = await startServer({ plain: true });
  const { dataDir } = first;
  toDelete.push(dataDir);
  await loadFixture(first);
  const position = { kind: 'position', unit: 'u-0001', at: new Date().toISOString(), lngLat: middleOf(2) };
  await first.post('/api/v1/reports', { reports: [position, incident(), incident()] });
  const before = await streamDigest(first);
  // entries on their way while the server is told to stop are either answered or were never taken
  const racing = Promise.allSettled(Array.from({ length: 20 }, () => first.post('/api/v1/reports', { reports: [incident()] })));
  expect(await first.stop('SIGTERM')).toBe(0);
  const taken = (await racing).filter((r) => r.status === 'fulfilled' && r.value.json.accepted === 1).length;
  expect(existsSync(join(dataDir, 'pg', 'postmaster.pid'))).toBe(false);

  const second = await start({ dataDir, plain: true });
  const world = (await second.get('/api/v1/world')).json;
  expect(world.seq).toBeGreaterThanOrEqual(before.seq + taken);
  expect(world.units.find((u: { id: string }) => u.id === 'u-0001').lngLat).toEqual(middleOf(2));
  expect(second.adminToken).toBe(first.adminToken);
  const after = await streamDigest(second);
  expect(await second.stop('SIGINT')).toBe(0);
  const third = await start({ dataDir, plain: true });
  expect(await streamDigest(third)).toEqual(after);
});

test('a second server on the same data directory says so and exits with 1', async () => {
  const server = await start({ plain: true });
  const { code, output } = await ends({ DATA_DIR: server.dataDir });
  expect(code).toBe(1);
  expect(oneLine(output)).toMatch(/genglou: .*(another|owns|in use)/);
  expect((await server.get('/healthz')).status).toBe(200);
});

test('a port in use, a wrong variable: exit 1 and one clear line', async () => {
  const dir = tempDataDir();
  toDelete.push(dir);
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as { port: number };
  const busy = await ends({ DATA_DIR: dir, PORT: String(port) });
  expect(busy.code).toBe(1);
  expect(oneLine(busy.output)).toContain(`port ${port} is in use`);
  const busyMqtt = await ends({ DATA_DIR: dir, MQTT_PORT: String(port) });
  expect(busyMqtt.code).toBe(1);
  expect(oneLine(busyMqtt.output)).toContain('MQTT_PORT');
  await new Promise((resolve) => taken.close(resolve));
  const wrong = await ends({ DATA_DIR: dir, PORT: 'eighty' });
  expect(wrong.code).toBe(1);
  expect(wrong.output).toMatch(/PORT=eighty: must be/);
});

test('an address reachable from outside needs an account; with one, nobody is let in without it', async () => {
  const dataDir = tempDataDir();
  toDelete.push(dataDir);
  const refused = await ends({ DATA_DIR: dataDir, HOST: '0.0.0.0' });
  expect(refused.code).toBe(1);
  expect(oneLine(refused.output)).toContain('npm run admin -- create');

  const weak = await runPlain('server/admin.ts', ['create', '--name', 'wang', '--role', 'operator'], { DATA_DIR: dataDir }, 'short\n')
    .ended;
  expect(weak).toMatchObject({ code: 1, output: expect.stringContaining('at least 10') });
  const made = await runPlain(
    'server/admin.ts',
    ['create', '--name', 'wang', '--role', 'operator'],
    { DATA_DIR: dataDir },
    'correct horse battery\n',
  ).ended;
  expect(made.code).toBe(0);
  const listed = await runPlain('server/admin.ts', ['list'], { DATA_DIR: dataDir }).ended;
  expect(listed.output).toBe('wang\toperator\tthe whole centre\n');

  const server = await start({ dataDir, env: { HOST: '0.0.0.0' }, plain: true });
  expect((await server.get('/api/v1/session')).status).toBe(401);
  expect((await server.get('/metrics')).status).toBe(401);
  expect((await server.post('/api/v1/reports', { reports: [] })).status).toBe(401);
  const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });
  expect((await server.get('/api/v1/session', basic('wang:correct horse battery'))).json).toMatchObject({
    demo: false,
    actor: { id: 'wang' },
  });
  expect((await server.get('/api/v1/session', basic('wang:wrong'))).status).toBe(401);
  await expect(streamDigest(server)).rejects.toThrow();
  expect((await streamDigest(server, basic('wang:correct horse battery'))).seq).toBe(0);
});

test('the stream is closed to pages of other origins and to other names of this machine', async () => {
  const server = await start();
  await loadFixture(server);
  await expect(streamDigest(server, { origin: 'http://evil.example' })).rejects.toThrow();
  await expect(streamDigest(server, { host: 'evil.example' })).rejects.toThrow();
  expect((await streamDigest(server, { origin: server.url })).seq).toBeGreaterThan(0);
});

test('the admin token is readable by its owner only, and is not in the log', async () => {
  const server = await start({ env: { LOG_LEVEL: 'trace' } });
  await loadFixture(server);
  expect(statSync(join(server.dataDir, 'admin.token')).mode & 0o077).toBe(0);
  expect(server.output()).not.toContain(server.adminToken);
  expect(server.output()).not.toContain('张三');
});

test('the curl line of the README works as written', async () => {
  const block = /```sh\n(curl [\s\S]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1];
  if (!block) throw new Error('the README shows a curl line');
  const server = await start();
  await loadFixture(server);
  const done = spawnSync('bash', ['-c', block.replaceAll('http://localhost:8080', server.url)], { encoding: 'utf8' });
  expect(JSON.parse(done.stdout)).toMatchObject({ accepted: 1, results: [{ ok: true }] });
});
