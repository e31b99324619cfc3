import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { play } from './play.ts';

/** `npm run play -- [--url http://…] [--mqtt mqtt://…] [--units 48] [--speed 1..60] [--seed 1] [--data data]`: let the demonstration day run. */
const { values: flags } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8080' },
    mqtt: { type: 'string', default: 'mqtt://127.0.0.1:1883' },
    units: { type: 'string', default: '48' },
    speed: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    data: { type: 'string', default: 'data' },
  },
});

function number(name: 'units' | 'speed' | 'seed', least: number, most: number): number {
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
const token = existsSync(tokenFile) ? { token: readFileSync(tokenFile, 'utf8').trim() } : {};
await play(
  {
    url: flags.url,
    mqtt: flags.mqtt,
    units: Math.round(number('units', 1, 20_000)),
    speed: number('speed', 1, 60),
    seed: Math.round(number('seed', 0, 2 ** 31)),
    log: (line) => console.log(line),
    ...token,
  },
  stop.signal,
);
