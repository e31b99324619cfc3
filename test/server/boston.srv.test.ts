import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readRequests } from '../../setup-cli/boston/requests.ts';
import { setupCommand } from '../../setup-cli/commands.ts';
import { startServer } from '../support/server.ts';

/** 10,332 real requests of one June with the city's own verdict on each (City of Boston open data, PDDL). */
const FILE = '../shared/data/boston311-2015-06.csv';
/** So many of them here; `npm run replay:boston` takes all. */
const ROWS = 800;

it.skipIf(!existsSync(FILE))(`the on-time verdict agrees with the city's own on the first ${ROWS} requests of ${FILE}`, async () => {
  const judged = (await readRequests(FILE)).slice(0, ROWS).filter((r) => r.verdict !== '').length;
  const server = await startServer();
  try {
    const said: string[] = [];
    const run = () =>
      setupCommand(['replay-boston', '--file', FILE, '--rows', `${ROWS}`, '--url', server.url, '--data', server.dataDir], {
        env: {},
        fetch,
        out: (line) => said.push(line),
        err: (line) => said.push(line),
      });
    expect([await run(), said.filter((l) => l.startsWith('setup:'))]).toEqual([0, []]);
    expect(said.find((l) => l.includes('on-time verdict'))).toContain(`agrees on ${judged} of ${judged} `);
    expect(said.find((l) => l.includes("the server's own list"))).toContain(`agrees on ${judged} of ${judged} `);
    // a server that is not empty is left alone
    expect(await run()).toBe(1);
    expect(said.at(-1)).toContain('centre boston is set up here');
  } finally {
    await server.destroy();
  }
});
