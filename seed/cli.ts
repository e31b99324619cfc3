import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadDemo } from './load.ts';

/** `tsx seed/cli.ts [--url http://127.0.0.1:8080] [--data data] [--units 48]`: load the demonstration street into a running server. */
const { values: flags } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8080' },
    data: { type: 'string', default: 'data' },
    units: { type: 'string', default: '48' },
  },
});
const units = Number(flags.units);
if (!Number.isInteger(units) || units < 1 || units > 20_000) throw new RangeError('--units is a whole number from 1 to 20000');
const token = readFileSync(join(flags.data, 'admin.token'), 'utf8').trim();
await loadDemo({ url: flags.url, token, units, now: Date.now(), log: (line) => console.log(line) });
