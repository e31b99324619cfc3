import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { flood } from './flood.ts';
import { play } from './play.ts';

/**
 * `npm run play -- [--url http://…] [--mqtt mqtt://…] [--jt808 127.0.0.1:7611] [--units 48] [--speed 1..60] [--seed 1] [--data data]`: let the demonstration day run.
 * `npm run play -- --flood 5000 [--over 60] [--stand 300]`: a drill instead: so many alarms within so many seconds, gone again after
 * they have stood for so many.
 */
const { values: flags } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8080' },
    mqtt: { type: 'string', default: 'mqtt://127.0.0.1:1883' },
    jt808: { type: 'string', default: '127.0.0.1:7611' },
    units: { type: 'string', default: '48' },
    speed: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    data: { type: 'string', default: 'data' },
    flood: { type: 'string', default: '0' },
    over: { type: 'string', default: '60' },
    stand: { type: 'string', default: '300' },
  },
});

function number(name: 'units' | 'speed' | 'seed' | 'flood' | 'over' | 'stand', least: number, most: number): number {
  const n = Number(flags[name]);
  if (!Number.isFinite(n) || n < least || n > most) {
    console.error(`--${name} is a number from ${least} to ${most}`);
    process.exit(2);
  }
  return n;
}

const stop = new AbortController();
for (const s of ['SIGINT', 'SIGTERM'] as const) process.once(s, () => stop.abort());
const tokenFile = join(flags.data, 'admin.token');
const token: { token?: string } = existsSync(tokenFile) ? { token: readFileSync(tokenFile, 'utf8').trim() } : {};
const count = Math.round(number('flood', 0, 20_000));
const log = (line: string) => console.log(line);
if (count > 0) await drill();
else {
  await play(
    {
      url: flags.url,
      mqtt: flags.mqtt,
      jt808: flags.jt808,
      units: Math.round(number('units', 1, 20_000)),
      speed: number('speed', 1, 60),
      seed: Math.round(number('seed', 0, 2 ** 31)),
      log,
      ...token,
    },
    stop.signal,
  );
}

async function drill() {
  if (!token.token) {
    console.error(`no ${tokenFile}: the drill registers its sensors with the administrator's token`);
    process.exit(2);
  }
  const options = { url: flags.url, mqtt: flags.mqtt, token: token.token, count, overS: number('over', 1, 3600), log, signal: stop.signal };
  const done = await flood(options);
  log(`演练告警 ${done.alarms.length}，其中一级 ${done.first.alarm}`);
  await sleep(number('stand', 0, 86_400) * 1000, undefined, { signal: stop.signal }).catch(() => {});
  await done.clear();
  log('演练设备恢复正常');
}
