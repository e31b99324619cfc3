import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '../../model/access.ts';
import { hashPassword } from '../../server/auth/password.ts';
import { openStore } from '../../server/store/postgres.ts';
import { fixtureBoundaries, fixtureCentre, fixtureRegistry } from './fixture-street.ts';
import { bundled, type FreshDatabase, makeDatabase, shared } from './shared.ts';

/** A real server process of its own, on free ports, with its data in a temporary folder. */
export interface TestServer {
  readonly url: string;
  readonly mqttUrl: string;
  readonly mqttPort: number;
  readonly dataDir: string;
  readonly adminToken: string;
  readonly child: ChildProcess;
  /** everything the process wrote */
  readonly output: () => string;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** as administrator */
  admin(path: string, body: unknown): Promise<Answer>;
  /** SIGTERM, wait; resolves with the exit code. The data stays. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** stop and delete the data */
  destroy(): Promise<void>;
}
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many forms
  readonly json: any;
  readonly headers: Headers;
}

export type Env = Readonly<Record<string, string>>;

/** Below the ports that systems give to outgoing connections, which could take one between our look and the server's. */
const [FIRST_PORT, PORTS] = [10_000, 22_000];
let lastPort = (process.pid * 131) % PORTS;

/** A port of this machine on which nothing listens. Test processes go through the range from different ends of it. */
export async function freePort(): Promise<number> {
  for (;;) {
    lastPort = (lastPort + 1) % PORTS;
    const port = FIRST_PORT + lastPort;
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

export const tempDataDir = () => mkdtempSync(join(tmpdir(), 'genglou-srv-'));

/** databases of servers, by their data directory */
const databases = new Map<string, FreshDatabase>();

/**
 * A process of ours with a clean environment; `ended` resolves with its exit code and output. In a run of server tests it is
 * JavaScript made beforehand, and a data directory of `startServer` brings its database along.
 */
export function run(script: string, args: readonly string[], env: Env, stdin?: string) {
  const database = databases.get(env.DATA_DIR ?? '');
  const file = bundled(script);
  return start(file ? [file] : ['--import', 'tsx', script], args, database ? { DATABASE_URL: database.url, ...env } : env, stdin);
}

/** The same as a person starts it: from the sources by tsx, with the embedded PostgreSQL. */
export const runPlain = (script: string, args: readonly string[], env: Env, stdin?: string) =>
  start(['--import', 'tsx', script], args, env, stdin);

function start(node: readonly string[], args: readonly string[], env: Env, stdin?: string) {
  const { PATH = '', HOME = '', TMPDIR = '' } = process.env;
  const child = spawn(process.execPath, [...node, ...args], {
    env: { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), ...env },
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
  });
  let text = '';
  child.stdout?.on('data', (d) => {
    text += d;
  });
  child.stderr?.on('data', (d) => {
    text += d;
  });
  child.stdin?.end(stdin ?? '');
  const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, output: text })),
  );
  return { child, ended, output: () => text };
}

export interface StartOptions {
  /** of an earlier start: with its data */
  dataDir?: string;
  env?: Env;
  /** as `runPlain`; needed where a test is about the embedded PostgreSQL or the sources as started */
  plain?: boolean;
}

/** @throws Error with the server's output when it ends before it is ready */
export async function startServer(options: StartOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? tempDataDir();
  const common = options.plain || options.env?.DATABASE_URL ? null : shared();
  if (common && !databases.has(dataDir)) databases.set(dataDir, await makeDatabase(common.postgres, common.template));
  const [port, mqttPort] = [await freePort(), await freePort()];
  const env = { PORT: String(port), MQTT_PORT: String(mqttPort), JT808_PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'warn', ...options.env };
  const { child, ended, output } = (options.plain ? runPlain : run)('server/main.ts', [], env);
  const ready = await Promise.race([
    new Promise<{ url: string; mqttUrl: string }>((resolve) =>
      child.on('message', (m: { type?: string; url: string; mqttUrl: string }) => {
        if (m.type === 'ready') resolve(m);
      }),
    ),
    ended.then(({ code, output }) => {
      throw new Error(`the server ended with ${code}: ${output}`);
    }),
  ]);
  const { url } = ready;
  const adminToken = readFileSync(join(dataDir, 'admin.token'), 'utf8').trim();
  const answer = async (response: Response): Promise<Answer> => {
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, json: isJson ? JSON.parse(text) : text };
  };
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) =>
    answer(
      await fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    );
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return (await ended).code;
  };
  return {
    url,
    mqttUrl: ready.mqttUrl,
    mqttPort,
    dataDir,
    adminToken,
    child,
    output,
    get: async (path, headers = {}) => answer(await fetch(url + path, { headers, redirect: 'manual' })),
    post,
    admin: (path, body) => post(path, body, { authorization: `Bearer ${adminToken}` }),
    stop,
    async destroy() {
      await stop();
      await databases.get(dataDir)?.drop();
      databases.delete(dataDir);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** What a server is given to find its database: for our commands in this process. */
export const envOf = ({ dataDir }: Pick<TestServer, 'dataDir'>): Env => {
  const database = databases.get(dataDir);
  return { DATA_DIR: dataDir, ...(database ? { DATABASE_URL: database.url } : {}) };
};

/** An account as `npm run admin -- create` writes it, beside the running server. Ends sign-in without a password. */
export async function addAccount(
  server: Pick<TestServer, 'dataDir'>,
  account: { name: string; role: Role; password: string; area?: string },
): Promise<void> {
  const { DATA_DIR = '', DATABASE_URL = null } = envOf(server);
  const store = await openStore({ dataDir: DATA_DIR, databaseUrl: DATABASE_URL }, { own: false });
  const { name, role, password, area = '' } = account;
  await store.putAccount({ name, role, area, passwordHash: await hashPassword(password) }).finally(() => store.close());
}

/** The small street of fixture-street.ts, set up through the doors as an administrator would. */
export async function loadFixture(server: Pick<TestServer, 'admin'>): Promise<void> {
  const must = async (path: string, body: unknown) => {
    const { status, json } = await server.admin(path, body);
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(json)}`);
  };
  await must('/api/v1/centre', fixtureCentre);
  await must('/api/v1/boundaries', { geojson: fixtureBoundaries, validFrom: '2026-01-01T00:00:00+08:00' });
  await must('/api/v1/registry', fixtureRegistry);
}

/** Ask again until it is so; the test's own time limit ends it when it never is. */
export async function until<T>(what: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  for (;;) {
    const value = await what();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
