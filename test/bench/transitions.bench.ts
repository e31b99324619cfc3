import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { type Actor, WHOLE_CENTRE } from '../../model/access.ts';
import { epochMs } from '../../model/brand.ts';
import { isOpen, nextStep } from '../../model/incident.ts';
import { emptyWorld, incidentOf } from '../../model/world.ts';
import { type Commands, openCommands } from '../../server/commands.ts';
import type { Ledger } from '../../server/ledger/ledger.ts';
import { openLedger } from '../../server/ledger/open-ledger.ts';
import { openRecall } from '../../server/recall.ts';
import { openStore } from '../../server/store/postgres.ts';
import { lawful, setUp } from '../support/facts.ts';
import { formFor } from '../support/walk.ts';

export const title = 'transitions: durable steps of incidents per second with 64 writers, against bare single-row commits';

const WRITERS = 64;
const ROUNDS = 3;
const ROUND_MS = 2_000;
const GOAL = 1_000;
const desk: Actor = { id: 'desk', role: 'supervisor', area: WHOLE_CENTRE };
const plain = { pick: 0, a: 1, b: 1, gapMs: 0 };

interface Result {
  readonly perSecond: number;
  readonly p99: number;
}
const median = (list: readonly number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!;

/** Let every writer work for a while; `work` answers how many steps it made durable. */
async function measure(writers: readonly (() => Promise<number>)[]): Promise<Result> {
  const times: number[] = [];
  let count = 0;
  const start = performance.now();
  await Promise.all(
    writers.map(async (work) => {
      for (let from = performance.now(); from - start < ROUND_MS; ) {
        const done = await work(); // read `count` after the wait: 64 writers share it
        count += done;
        const to = performance.now();
        times.push(to - from);
        from = to;
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  times.sort((a, b) => a - b);
  return { perSecond: count / seconds, p99: times[Math.floor(times.length * 0.99)] ?? 0 };
}

/** Each writer has an incident of its own, takes it through its whole loop one durable step after another, and reports the next. */
function steppers(ledger: Ledger, commands: Commands) {
  let n = 0;
  return Array.from({ length: WRITERS }, () => {
    let id: string | null = null;
    return async () => {
      const i = id === null ? undefined : incidentOf(ledger.world, id);
      if (!i || !isOpen(i)) {
        const no = n++;
        await ledger.append('desk', () => [lawful(emptyWorld, plain, epochMs(Date.now()), no)]);
        id = `i-${no}`;
        return 0; // a report is no transition
      }
      await commands.step(desk, i.id, formFor(nextStep(i)!, Date.now()));
      return 1;
    };
  });
}

function bare(clients: readonly pg.Client[]) {
  const hash = randomBytes(32);
  const body = '{"incident":"i-1","unit":"u-1","department":"urban"}';
  let n = 0;
  return clients.map((client) => async () => {
    await client.query({
      name: 'bare',
      text: 'INSERT INTO bare (seq, at, actor, kind, subject, body, prev, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
      values: [++n, Date.now(), 'desk', 'incident.dispatched', 'i-1', body, hash, hash],
    });
    return 1;
  });
}

export async function run(print: (line: string) => void): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'genglou-bench-'));
  const store = await openStore({ dataDir, databaseUrl: null });
  try {
    await store.pool.query('CREATE TABLE bare (LIKE ledger INCLUDING ALL)');
    const ledger = await openLedger(store);
    await ledger.append('op', () => setUp);
    const clients = Array.from({ length: WRITERS }, () => new pg.Client((store.pool as unknown as { options: pg.ClientConfig }).options));
    for (const client of clients) await client.connect();
    const [ours, theirs] = [steppers(ledger, openCommands(ledger, openRecall(ledger, store), Date.now)), bare(clients)];
    await measure(theirs); // warm up
    await measure(ours);
    const [a, b]: [Result[], Result[]] = [[], []];
    for (let r = 0; r < ROUNDS; r++) {
      b.push(await measure(theirs));
      a.push(await measure(ours));
    }
    for (const client of clients) await client.end();
    const steps = median(a.map((r) => r.perSecond));
    print(
      `${WRITERS} writers: ${steps.toFixed(0)} steps/s (goal ${GOAL}: ${steps >= GOAL ? 'met' : 'not met'}), p99 ${median(a.map((r) => r.p99)).toFixed(1)} ms; ` +
        `bare commits on ${WRITERS} connections ${median(b.map((r) => r.perSecond)).toFixed(0)}/s; ` +
        `ratio ${median(a.map((r, i) => r.perSecond / b[i]!.perSecond)).toFixed(2)}; ` +
        `${ledger.world.ended.size} of ${ledger.world.numbered} incidents ended on the way`,
    );
    await ledger.close();
  } finally {
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await run((line) => console.log(line));
