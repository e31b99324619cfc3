import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixtureBoundaries, fixtureCentre, fixtureRegistry } from './fixture-street.ts';

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

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

export const tempDataDir = () => mkdtempSync(join(tmpdir(), 'genglou-srv-'));

/** A process of ours with a clean environment; `ended` resolves with its exit code and output. */
export function run(script: string, args: readonly string[], env: Env, stdin?: string) {
  const { PATH = '', HOME = '', TMPDIR = '' } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
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

/** @throws Error with the server's output when it ends before it is ready */
export async function startServer(options: { dataDir?: string; env?: Env } = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? tempDataDir();
  const [port, mqttPort] = [await freePort(), await freePort()];
  const env = { PORT: String(port), MQTT_PORT: String(mqttPort), JT808_PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'warn', ...options.env };
  const { child, ended, output } = run('server/main.ts', [], env);
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
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
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
