import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './server.ts';

/** The whole product as `npm start` starts it, on ports and a data directory of its own. */
export interface Demo {
  readonly url: string;
  readonly dataDir: string;
  readonly child: ChildProcess;
  /** Everything printed so far. */
  output(): string;
  /** Ctrl-C, then wait for the end. Returns the exit code. */
  stop(): Promise<number>;
}

/** @param args of `npm start`, e.g. `--empty`. Keep `dataDir` to start again on the same data. */
export async function startDemo(args: string[] = [], keep?: { dataDir: string }): Promise<Demo> {
  const dataDir = keep?.dataDir ?? mkdtempSync(join(tmpdir(), 'genglou-demo-'));
  const ports = { PORT: await freePort(), MQTT_PORT: await freePort(), JT808_PORT: await freePort() };
  const own = Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)]));
  const env = { ...process.env, ...own, HOST: '127.0.0.1', DATA_DIR: dataDir, LOG_LEVEL: 'warn' };
  for (const name of ['DATABASE_URL', 'MQTT_URL', 'REDIS_URL', 'NODE_ENV']) delete (env as Record<string, string | undefined>)[name];
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/start.ts', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString('utf8');
      const line = /更楼 Genglou\s+(http:\S+)/.exec(output);
      if (line?.[1]) resolve(line[1].replace('localhost', '127.0.0.1').replace(/\/$/, ''));
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    void ended.then((code) => reject(new Error(`the product ended with ${code} before it was ready:\n${output}`)));
  });
  return {
    url,
    dataDir,
    child,
    output: () => output,
    async stop() {
      child.kill('SIGINT');
      const code = await ended;
      if (!keep) rmSync(dataDir, { recursive: true, force: true });
      return code;
    },
  };
}
