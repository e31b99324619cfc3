import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { type EpochMs, epochMs, type Seq } from '../../model/brand.ts';
import { type Fact, GENESIS } from '../../model/ledger.ts';
import { emptyWorld, worldDigest } from '../../model/world.ts';
import { openLedger } from '../../server/ledger/open-ledger.ts';
import { seal } from '../../server/ledger/rows.ts';
import { foldTail, snapshotText } from '../../server/ledger/snapshots.ts';
import { openStore, type PgStore } from '../../server/store/postgres.ts';
import type { EntryRow } from '../../server/store/store.ts';
import { lawful, setUp } from '../support/facts.ts';

export const title = 'restart: open a ledger of 1,000,000 entries from snapshot and tail, against folding all of it';

const ENTRIES = 1_000_000;
/** how far behind the newest snapshot is: half of the distance between two */
const TAIL = 5_000;
const ROUNDS = 3;
const SLICE = 10_000;
/** a street writes about 14,000 entries a day */
const GAP_MS = 6_000;
const START = Date.parse('2026-01-01T00:00:00+08:00');

/** Seven visits, then an incident and its two first steps: the mix of a quiet street. */
function factAt(n: number, at: EpochMs): Fact {
  const report = n - (n % 10) + 7;
  if (n % 10 === 7) return lawful(emptyWorld, { pick: 0, a: n % 100, b: n % 97, gapMs: 0 }, at, report);
  if (n % 10 === 8) return { kind: 'incident.filed', body: { incident: `i-${report}` } };
  if (n % 10 === 9) return { kind: 'incident.closed', body: { incident: `i-${report}` } };
  return lawful(emptyWorld, { pick: 9, a: n % 100, b: n % 97, gapMs: 0 }, at, n);
}

async function fill(store: PgStore, entries: number, print: (line: string) => void) {
  let prev = GENESIS;
  let rows: EntryRow[] = [];
  for (let n = 0; n < entries; n++) {
    const at = epochMs(START + n * GAP_MS);
    const { row } = seal(setUp[n] ?? factAt(n, at), { prev, seq: (n + 1) as Seq, at, actor: 'bench' });
    prev = row.hash;
    rows.push(row);
    if (rows.length === SLICE || n === entries - 1) {
      await store.appendEntries(rows);
      rows = [];
    }
    if ((n + 1) % 250_000 === 0) print(`  … ${n + 1} entries written`);
  }
  await store.pool.query('VACUUM (ANALYZE) ledger');
}

/** @param entries smaller for a quick look */
export async function run(print: (line: string) => void, entries = ENTRIES): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'genglou-bench-'));
  // durability is not what is measured here
  const store = await openStore({ dataDir, databaseUrl: null }, { embedded: { fsync: false } });
  try {
    await fill(store, entries, print);
    const near = await foldTail(store, emptyWorld, { upTo: entries - Math.min(TAIL, entries) });
    const open = async () => {
      const from = performance.now();
      const ledger = await openLedger(store, { snapshotEvery: Number.POSITIVE_INFINITY });
      return { ms: performance.now() - from, digest: worldDigest(ledger.world), seq: ledger.world.seq };
    };
    const [quick, whole]: [number[], number[]] = [[], []];
    for (let r = 0; r < ROUNDS; r++) {
      await store.pool.query('DELETE FROM snapshots');
      const b = await open();
      await store.putSnapshot(near.seq, near.at, snapshotText(near));
      const a = await open();
      if (a.digest !== b.digest || a.seq !== entries) throw new Error('the two ways to open a ledger do not give one world');
      quick.push(a.ms);
      whole.push(b.ms);
      print(
        `  round ${r + 1}: snapshot + ${entries - near.seq} entries ${a.ms.toFixed(0)} ms; all ${entries} entries ${b.ms.toFixed(0)} ms`,
      );
    }
    const median = (list: number[]) => list.sort((x, y) => x - y)[Math.floor(list.length / 2)]!;
    const [a, b] = [median(quick), median(whole)];
    print(`${entries} entries: snapshot + tail ${a.toFixed(0)} ms, full fold ${b.toFixed(0)} ms; ratio ${(b / a).toFixed(1)}`);
  } finally {
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  await run((line) => console.log(line), process.argv[2] ? Number(process.argv[2]) : undefined);
