import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadDemo } from '../seed/load.ts';
import { play } from '../seed/play/play.ts';
import { buildWall } from './build-wall.ts';

/**
 * `npm start`: build the wall if it is older than its sources, start the server, load the demonstration street once, let
 * its day run. Ctrl-C stops the day first, then the server, which stops its database; a second Ctrl-C does not wait.
 */
const { values: flags } = parseArgs({ options: { empty: { type: 'boolean', default: false }, speed: { type: 'string', default: '1' } } });
const dataDir = process.env.DATA_DIR || 'data';
const say = (line: string) => console.log(line);

await buildWall(say);

say('[3/4] 启动服务 starting the server');
const stop = new AbortController();
const server = spawn(process.execPath, ['--import', 'tsx', 'server/main.ts'], {
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  detached: process.platform !== 'win32', // its own process group: the terminal's Ctrl-C reaches us alone, we pass it on once
});
const ended = new Promise<number>((resolve) => server.once('exit', (code) => resolve(code ?? 1)));
let asked = 0;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    asked += 1;
    if (asked === 1) {
      say('\n停止 stopping …');
      stop.abort();
    }
    server.kill(signal);
  });
}

const url = await ready(server);
if (url) {
  if (!flags.empty) await demonstrate(url);
  say(`\n更楼 Genglou  ${url.replace('127.0.0.1', 'localhost')}/\n`);
}
process.exit(await ended);

/** Resolves with the address the server says it listens on, or null when it ends before. */
function ready(child: ChildProcess): Promise<string | null> {
  return new Promise((resolve) => {
    child.on('message', (message: { type?: string; url?: string }) => {
      if (message.type === 'ready' && message.url) resolve(message.url);
    });
    void ended.then(() => resolve(null));
  });
}

async function demonstrate(address: string) {
  say('[4/4] 载入演示街道 the demonstration street');
  const token = readFileSync(join(dataDir, 'admin.token'), 'utf8').trim();
  try {
    await loadDemo({ url: address, token, now: Date.now(), log: (line) => say(`      ${line}`) });
  } catch (error) {
    if (stop.signal.aborted) return;
    say(`演示街道未能载入 the demonstration street was not loaded: ${error instanceof Error ? error.message : String(error)}`);
    return;
  }
  const mqtt = process.env.MQTT_URL || `mqtt://127.0.0.1:${process.env.MQTT_PORT || 1883}`;
  const port = process.env.JT808_PORT || '7611';
  const jt808 = port === '0' ? {} : { jt808: `127.0.0.1:${port}` };
  void play({ url: address, mqtt, ...jt808, speed: Number(flags.speed), log: () => {} }, stop.signal).catch((error: unknown) => {
    if (!stop.signal.aborted) say(`演示已停止 the demonstration day stopped: ${error instanceof Error ? error.message : String(error)}`);
  });
}
