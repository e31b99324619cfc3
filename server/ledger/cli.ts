import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { reindex } from '../archive.ts';
import { ConfigError, readConfig } from '../config.ts';
import { DataDirBusyError, StoreUnavailableError } from '../store/errors.ts';
import { openStore } from '../store/postgres.ts';
import { type Anchor, HEAD_FILE, parseAnchor, readHeadFile } from './head-file.ts';
import { snapshotAnchors, verifyLedger } from './verify.ts';

const USAGE = `usage: npm run ledger -- verify [--head SEQ:HASH]
       npm run ledger -- reindex

Recomputes the chain of the ledger and names the first entry that is wrong: edited, deleted, moved, or missing at the end.
Works beside a running server. --head is the last line of an earlier run, kept elsewhere: it also finds a ledger that was
rewritten as a whole. Ends with 0 when all is well, 1 when something is wrong, 2 when it could not look.

reindex makes the list of incidents anew from the ledger, while the server is stopped. The ledger itself is only read.`;

/** @returns the exit code */
export async function main(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  print: (line: string) => void,
): Promise<number> {
  const [command, ...rest] = args;
  if (command === 'reindex' && rest.length === 0) return orClear(print, () => makeAnew(env, print));
  if (command !== 'verify' || (rest.length !== 0 && (rest.length !== 2 || rest[0] !== '--head'))) {
    print(USAGE);
    return command === '--help' || command === 'help' ? 0 : 2;
  }
  const given = rest[1] === undefined ? null : parseAnchor(rest[1], '--head');
  if (rest[1] !== undefined && !given) {
    print('--head: must be SEQ:HASH, as printed by an earlier verify');
    return 2;
  }
  return orClear(print, async () => {
    const config = readConfig(env);
    // the head file first: it never runs ahead of the ledger read after it
    const headFile = readHeadFile(join(config.dataDir, HEAD_FILE));
    const store = await openStore(config, { own: false });
    try {
      const anchors: Anchor[] = [...(given ? [given] : []), ...(headFile ? [headFile] : []), ...(await snapshotAnchors(store))];
      const { entries, head, problem } = await verifyLedger(store, anchors, (seq) => {
        if (seq > 0 && seq % 100_000 === 0) print(`… ${seq}`);
      });
      print(problem ? `WRONG: ${problem.what}` : `all ${entries} entries are in order`);
      print(`${problem ? 'last good entry' : 'head'} ${head.seq}:${head.hash}`);
      return problem ? 1 : 0;
    } finally {
      await store.close();
    }
  });
}

/** @returns the exit code; 2 with one clear line when the ledger cannot be reached */
async function orClear(print: (line: string) => void, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    const clear = error instanceof ConfigError || error instanceof DataDirBusyError || error instanceof StoreUnavailableError;
    print(clear ? error.message : `the ledger cannot be read: ${(error as Error).message}`);
    return 2;
  }
}

async function makeAnew(env: Readonly<Record<string, string | undefined>>, print: (line: string) => void): Promise<number> {
  const store = await openStore(readConfig(env));
  try {
    const last = (await store.lastEntry())?.seq ?? 0;
    let told = 0;
    const seq = await reindex(store, store.incidents, last, (at) => {
      if (at - told < 100_000) return;
      told = at;
      print(`… ${at} of ${last}`);
    });
    print(`the list of incidents is folded anew up to entry ${seq}`);
    return seq === last ? 0 : 1;
  } finally {
    await store.close();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = await main(process.argv.slice(2), process.env, (line) => console.log(line));
