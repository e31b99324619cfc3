import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { epochMs } from '../../model/brand.ts';
import type { Ledger } from '../../server/ledger/ledger.ts';
import { openLedger } from '../../server/ledger/open-ledger.ts';
import { openStore, type PgStore } from '../../server/store/postgres.ts';
import { lawful, setUp } from '../support/facts.ts';

export const title = 'ledger: durable entries per second, against bare single-row commits on the same PostgreSQL';

const WRITERS = [1, 8, 64];
const ROUNDS = 3;
const ROUND_MS = 1_500;
const GOAL_AT_64 = 5;

interface Result {
  readonly perSecond: number;
  readonly p99: number;
}

/** Let every writer write one after another for a while; each write resolves when it is durable. */
async function measure(writers: readonly (() => Promise<unknown>)[]): Promise<Result> {
  const times: number[] = [];
  const start = performance.now();
  await Promise.all(
    writers.map(async (write) => {
      for (let from = performance.now(); from - start < ROUND_MS; ) {
        await write();
        const to = performance.now();
        times.push(to - from);
        from = to;
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  times.sort((a, b) => a - b);
  return { perSecond: times.length / seconds, p99: times[Math.floor(times.length * 0.99)] ?? 0 };
}

const median = (list: readonly number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!;
let n = 0;

/** One visit of a micro-grid by a unit: the most frequent entry of a street's day, through rules, hash and fold. */
function ours(ledger: Ledger, writers: number) {
  return Array.from({ length: writers }, (_, w) => () => {
    const i = n++;
    return ledger.append(`w-${w}`, (world) => [lawful(world, { pick: 9, a: i, b: i, gapMs: 0 }, epochMs(Date.now()), i)]);
  });
}

/** The same row, without rules, hash or fold: one INSERT, one commit, one connection per writer. */
function bare(clients: readonly pg.Client[]) {
  const hash = randomBytes(32);
  const body = '{"area":"510107062007001001","at":1763770000000,"unit":"u-1"}';
  return clients.map(
    (client, w) => () =>
      client.query({
        name: 'bare',
        text: 'INSERT INTO bare (seq, at, actor, kind, subject, body, prev, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
        values: [++n, Date.now(), `w-${w}`, 'area.visited', '510107062007001001', body, hash, hash],
      }),
  );
}

async function connections(store: PgStore, count: number): Promise<pg.Client[]> {
  const clients = Array.from({ length: count }, () => new pg.Client((store.pool as unknown as { options: pg.ClientConfig }).options));
  for (const client of clients) await client.connect();
  return clients;
}

export async function run(print: (line: string) => void): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'genglou-bench-'));
  const store = await openStore({ dataDir, databaseUrl: null });
  try {
    await store.pool.query('CREATE TABLE bare (LIKE ledger INCLUDING ALL)');
    const ledger = await openLedger(store);
    await ledger.append('op', () => setUp);
    for (const writers of WRITERS) {
      const clients = await connections(store, writers);
      const [a, b]: [Result[], Result[]] = [[], []];
      await measure(bare(clients)); // warm up
      await measure(ours(ledger, writers));
      for (let r = 0; r < ROUNDS; r++) {
        b.push(await measure(bare(clients)));
        a.push(await measure(ours(ledger, writers)));
      }
      for (const client of clients) await client.end();
      const [us, them] = [median(a.map((r) => r.perSecond)), median(b.map((r) => r.perSecond))];
      const ratio = median(a.map((r, i) => r.perSecond / b[i]!.perSecond));
      const goal = writers === 64 ? ` (goal ${GOAL_AT_64}: ${ratio >= GOAL_AT_64 ? 'met' : 'not met'})` : '';
      print(
        `${String(writers).padStart(2)} writers: ledger ${us.toFixed(0)}/s, p99 ${median(a.map((r) => r.p99)).toFixed(2)} ms; ` +
          `bare commits on ${writers} connections ${them.toFixed(0)}/s, p99 ${median(b.map((r) => r.p99)).toFixed(2)} ms; ratio ${ratio.toFixed(2)}${goal}`,
      );
    }
    await ledger.close();
  } finally {
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await run((line) => console.log(line));
