import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { emptyWorld, worldDigest } from '../../model/world.ts';
import { openLedger } from '../../server/ledger/open-ledger.ts';
import { foldTail } from '../../server/ledger/snapshots.ts';
import { snapshotAnchors, verifyLedger } from '../../server/ledger/verify.ts';
import { openStore } from '../../server/store/postgres.ts';
import { freshDir } from '../support/postgres.ts';

const WRITER = fileURLToPath(new URL('./ledger-writer.ts', import.meta.url));
type Who = 'the server alone' | 'server and postmaster' | 'everything at once';

/** Process ids whose parent is `pid`; Linux only, elsewhere none (a killed postmaster's backends end by themselves). */
function childrenOf(pid: number): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

function kill(child: ChildProcess, dataDir: string, who: Who) {
  const postmaster = Number(readFileSync(join(dataDir, 'pg', 'postmaster.pid'), 'utf8').split('\n')[0]);
  const victims = [child.pid!];
  if (who !== 'the server alone') victims.push(postmaster);
  if (who === 'everything at once') victims.push(...childrenOf(postmaster));
  for (const pid of victims) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

it('SIGKILL in the middle of writing loses no acknowledged entry and leaves one whole chain', async () => {
  const dataDir = freshDir();
  const acknowledged = new Map<number, string>();
  const rounds: [Who, number][] = [
    ['everything at once', 40],
    ['the server alone', 300],
    ['server and postmaster', 5],
    ['everything at once', 700],
    ['the server alone', 1],
    ['everything at once', 150],
  ];
  for (const [round, [who, after]] of rounds.entries()) {
    const before = acknowledged.size;
    // node itself, not a wrapper around it: the process killed must be the one that writes
    const child = spawn(process.execPath, ['--import', 'tsx', WRITER, dataDir, String(round * 1_000_000)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let words = '';
    child.stderr!.on('data', (d: Buffer) => {
      words += d;
    });
    let text = '';
    let killed = false;
    await new Promise<void>((done, fail) => {
      child.stdout!.on('data', (d: Buffer) => {
        text += d;
        const lines = text.split('\n');
        text = lines.pop()!; // a line cut in two by the kill was not acknowledged to anybody
        for (const line of lines) {
          const [seq, hash] = line.split(':');
          if (hash) acknowledged.set(Number(seq), hash);
        }
        if (!killed && acknowledged.size >= before + after) {
          killed = true;
          kill(child, dataDir, who);
        }
      });
      child.on('close', () => (killed ? done() : fail(new Error(`the writer ended by itself: ${words}`))));
    });

    const store = await openStore({ dataDir, databaseUrl: null });
    const ledger = await openLedger(store, { snapshotEvery: 200 });
    const rows = await store.readEntries({ limit: 10_000_000 });
    const hashes = new Map(rows.map((r) => [r.seq as number, r.hash]));
    for (const [seq, hash] of acknowledged) expect(hashes.get(seq), `entry ${seq} after killing ${who}`).toBe(hash);
    expect((await verifyLedger(store, await snapshotAnchors(store))).problem).toBeNull();
    expect(worldDigest(ledger.world)).toBe(worldDigest(await foldTail(store, emptyWorld, { upTo: rows.length })));
    await ledger.close();
    await store.close();
  }
  expect(acknowledged.size).toBeGreaterThan(1196);
});
