import { writeSync } from 'node:fs';
import { epochMs } from '../../model/brand.ts';
import { openLedger } from '../../server/ledger/open-ledger.ts';
import { openStore } from '../../server/store/postgres.ts';
import { lawful, setUp } from '../support/facts.ts';

/**
 * A process to be killed: appends to the embedded ledger of DATA_DIR (argv 2) with 64 writers until it dies, and prints
 * `seq:hash` of every acknowledged entry. Written with writeSync: what is acknowledged is in the pipe.
 */
const [dataDir, base] = [process.argv[2]!, Number(process.argv[3])];
const store = await openStore({ dataDir, databaseUrl: null });
const ledger = await openLedger(store, { snapshotEvery: 200 });
if (ledger.world.seq === 0) await ledger.append('op', () => setUp);
writeSync(1, 'ready\n');
let n = base;
await Promise.all(
  Array.from({ length: 64 }, async (_, w) => {
    for (;;) {
      const id = n++;
      const draw = { pick: id % 10, a: (id * 7 + w) % 100, b: (id * 13) % 100, gapMs: 0 };
      const entries = await ledger.append(`w-${w}`, (world) => [lawful(world, draw, epochMs(Date.now()), id)]);
      writeSync(1, entries.map((e) => `${e.seq}:${e.hash}\n`).join(''));
    }
  }),
);
