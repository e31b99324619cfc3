import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { zAlarmRule } from '../../model/alarm-rule.ts';
import { areaCode, epochMs } from '../../model/brand.ts';
import { zCentre } from '../../model/centre.ts';
import { everyReading } from '../../model/frame.ts';
import { type Fact, zSensorSpec } from '../../model/ledger.ts';
import { CHUNK_MS, chunkStart } from '../../model/reading-chunk.ts';
import { openAlarmTrials } from '../../server/alarm-trial.ts';
import { openLedger } from '../../server/ledger/open-ledger.ts';
import { openStore, type PgStore } from '../../server/store/postgres.ts';
import { type ColdReadings, openColdReadings, readingLog } from '../../server/telemetry/cold-readings.ts';
import { RestLog } from '../../server/telemetry/rest-log.ts';
import { fixtureCentre, middleOf } from '../support/fixture-street.ts';

export const title = 'readings at rest: chunks beside one row a reading and beside the frames; a rule tried over seven days';

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const SENSORS = 200;
const DAYS = 7;
/** of the frames and the rows beside the chunks: they take too long to fill with a week */
const FILM_MS = 6 * HOUR;
const END = chunkStart(Date.now());
const BEGIN = END - DAYS * DAY;

/** The same in every run: a thermometer a minute, jitter of half a second, steps of a tenth. */
let state = 7;
function draw(n: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * n);
}
const walk = Array.from({ length: SENSORS }, () => 200);
function* minute(at: number): Generator<[ix: number, at: number, value: number]> {
  for (let ix = 0; ix < SENSORS; ix++) {
    if (ix % 10 === 0 && at % DAY < HOUR) continue; // some fall silent for an hour a day
    walk[ix] = Math.min(400, Math.max(50, walk[ix]! + draw(9) - 4));
    yield [ix, at + ix * 200 + draw(500), walk[ix]! / 10];
  }
}

const median = (list: number[]) => list.sort((a, b) => a - b)[list.length >> 1]!;
async function timed(times: number, work: () => Promise<unknown>): Promise<number> {
  const all: number[] = [];
  for (let i = 0; i < times; i++) {
    const t = performance.now();
    await work();
    all.push(performance.now() - t);
  }
  return median(all);
}
const ms = (n: number) => `${n < 10 ? n.toFixed(1) : Math.round(n)} ms`;
const sizeOf = async (store: PgStore, table: string) => {
  await store.pool.query(`VACUUM ${table}`);
  return Number((await store.pool.query('SELECT pg_total_relation_size($1::regclass) AS n', [table])).rows[0].n);
};

export async function run(print: (line: string) => void) {
  const dir = mkdtempSync(join(tmpdir(), 'genglou-bench-'));
  const store = await openStore({ dataDir: dir, databaseUrl: null });
  try {
    hotPath(print);
    const open = () =>
      openColdReadings({
        chunks: store.chunks,
        store,
        now: () => END,
        retentionDays: 35,
        filmFrom: async () => END - HOUR,
        log: { warn: (_, m) => print(m) },
        every: () => () => {},
      });
    const cold = await open();
    await cold.caughtUp;
    const count = await fill(store, cold);
    await bytes(store, count, print);
    await reading(store, cold, print);
    await trying(store, cold, print);
    await cold.close();
  } finally {
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** What `add` costs beside what the frame's log of the same reading costs already. */
function hotPath(print: (line: string) => void) {
  const n = 1_000_000;
  const perSecond = (work: (i: number) => void) => {
    const t = performance.now();
    for (let i = 0; i < n; i++) work(i);
    return (n / (performance.now() - t)) * 1000;
  };
  const log = readingLog();
  perSecond((i) => log.add(i % 100_000, END + i, 21.5)); // warm
  log.clear();
  const added = perSecond((i) => log.add(i % 100_000, END + i, 21.5));
  const rest = new RestLog();
  const framed = perSecond((i) => rest.reading({ key: 1, ix: i % 100_000, value: 21.5, at: END + i, status: 1 }));
  print(
    `buffer: ${(added / 1e6).toFixed(1)} million readings a second, ${(added / framed).toFixed(1)} x the frame's own log; ` +
      `5,000 a second take ${((5000 / added) * 100).toFixed(2)} % of a core; ${(log.bytes / 1e6).toFixed(0)} MB hold ${n / 1e6} million of 100,000 sensors`,
  );
}

/** A week into the chunks, flushed every five minutes as it came; the last hours as frames and as rows too. */
async function fill(store: PgStore, cold: ColdReadings): Promise<number> {
  await store.pool.query(
    'CREATE TABLE one_row (sensor integer NOT NULL, at bigint NOT NULL, value real NOT NULL, PRIMARY KEY (sensor, at))',
  );
  let count = 0;
  for (let at = BEGIN; at < END; at += MINUTE) {
    const filmed = at >= END - FILM_MS;
    const rows: [number[], number[], number[]] = [[], [], []];
    const frames = Array.from({ length: 60 }, () => new RestLog());
    for (const [ix, t, value] of minute(at)) {
      cold.add(ix, t, value);
      count += 1;
      if (!filmed) continue;
      rows[0].push(ix);
      rows[1].push(t);
      rows[2].push(value);
      frames[Math.min(59, Math.floor((t - at) / 1000))]!.reading({ key: 1, ix, value, at: t, status: 1 });
    }
    if ((at / MINUTE) % 5 === 4) await cold.flush();
    if (!filmed) continue;
    await store.pool.query('INSERT INTO one_row SELECT * FROM unnest($1::int[], $2::bigint[], $3::real[])', rows);
    const full = frames.flatMap((f, s) => (f.size ? [{ at: at + (s + 1) * 1000, bytes: f.take(at + (s + 1) * 1000) }] : []));
    await Promise.all(full.map((f) => store.putFrame(f)));
  }
  await cold.flush();
  return count;
}

async function bytes(store: PgStore, count: number, print: (line: string) => void) {
  const rows = Number((await store.pool.query('SELECT count(*) AS n FROM one_row')).rows[0].n);
  const row = (await sizeOf(store, 'one_row')) / rows;
  const packed = Number((await store.pool.query('SELECT sum(length(bytes)) AS n FROM reading_chunks')).rows[0].n) / count;
  const loose = (await sizeOf(store, 'reading_chunks')) / count;
  await pack(store);
  const tight = Number((await store.pool.query('SELECT sum(length(bytes)) AS n FROM reading_chunks')).rows[0].n) / count;
  await store.pool.query('VACUUM FULL reading_chunks');
  const least = (await sizeOf(store, 'reading_chunks')) / count;
  print(`one row a reading: ${row.toFixed(0)} B with its key`);
  print(
    `chunks as flushed every five minutes: ${packed.toFixed(1)} B, on disk ${loose.toFixed(1)} B: ${(row / loose).toFixed(1)} x smaller`,
  );
  print(`chunks packed: ${tight.toFixed(1)} B, on disk at least ${least.toFixed(1)} B: ${(row / least).toFixed(1)} x smaller`);
}
/** What the server does an hour after a span is over. */
async function pack(store: PgStore) {
  const later = await openColdReadings({
    chunks: store.chunks,
    store: { framesBetween: async () => [] },
    now: () => END + CHUNK_MS,
    retentionDays: 35,
    filmFrom: async () => null,
    log: { warn: () => {} },
    every: () => () => {},
  });
  await later.caughtUp;
  while (((await store.chunks.mark())?.packed ?? 0) < END) await new Promise((r) => setTimeout(r, 50));
  await later.close();
}

async function reading(store: PgStore, cold: ColdReadings, print: (line: string) => void) {
  const scan = async (ix: number) => {
    const found: [number, number][] = [];
    for (const row of await store.framesBetween(END - FILM_MS, END + 1))
      everyReading(row.bytes, (who, at, value) => {
        if (who === ix) found.push([at, value]);
      });
    return found.length;
  };
  const hours = FILM_MS / HOUR;
  const ofChunks = await timed(25, () => cold.between(draw(SENSORS), END - FILM_MS, END));
  const ofFrames = await timed(5, () => scan(draw(SENSORS)));
  print(`${hours} hours of one sensor: chunks ${ms(ofChunks)}, frames ${ms(ofFrames)}: ${Math.round(ofFrames / ofChunks)} x`);
  const day = await timed(25, () => cold.between(draw(SENSORS), END - DAY, END));
  const week = await timed(25, () => cold.between(draw(SENSORS), BEGIN, END));
  print(`a day ${ms(day)}, a week ${ms(week)} (${((DAYS * DAY) / MINUTE).toLocaleString('en')} readings)`);
}

async function trying(store: PgStore, cold: ColdReadings, print: (line: string) => void) {
  const ledger = await openLedger(store, { now: () => END });
  const kind = {
    code: 'warm',
    name: { zh: '温度', en: 'Warm' },
    alarm: { zh: '温度', en: 'Warm' },
    unit: '°C',
    priority: 3 as const,
    intervalS: 60,
  };
  const sensors = Array.from({ length: SENSORS }, (_, ix) =>
    zSensorSpec.parse({ id: `w-${ix}`, kind: 'warm', name: `w-${ix}`, lngLat: middleOf(0), area: null }),
  );
  const facts: Fact[] = [
    { kind: 'centre.configured', body: zCentre.parse({ ...fixtureCentre, sensorKinds: [kind] }) },
    { kind: 'sensors.registered', body: { sensors } },
  ];
  await ledger.append('bench', () => facts, epochMs(END));
  const trials = openAlarmTrials({ ledger, readings: cold, placeOf: () => null, now: () => END });
  const admin = { id: 'bench', role: 'admin', area: areaCode('') } as const;
  const ruleOf = (test: object, more: object = {}) =>
    zAlarmRule.parse({ kind: 'warm', code: 'tried', name: kind.name, priority: 3, test, ...more });
  const idle = monitorEventLoopDelay({ resolution: 1 });
  idle.enable();
  await new Promise((resolve) => setTimeout(resolve, 3000));
  idle.disable();
  print(`while nothing is tried the server is held ${ms(idle.percentile(99) / 1e6)} (p99), ${ms(idle.max / 1e6)} (most)`);
  for (const [what, rule] of [
    ['a limit with deadband and delays', ruleOf({ is: 'high', limit: 35, deadband: 1 }, { onDelayS: 120, offDelayS: 60 })],
    ['a rate of change', ruleOf({ is: 'rate', limit: 0.2, windowS: 600 })],
    ['silence', ruleOf({ is: 'no-data', intervals: 5 })],
  ] as const) {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const t = performance.now();
    const cpu = process.cpuUsage();
    const trial = await trials.run(admin, rule, {});
    const took = performance.now() - t;
    const { user, system } = process.cpuUsage(cpu);
    const work = (user + system) / 1000; // of the wall clock others may have had the larger part
    delay.disable();
    print(
      `${what}, ${trial.readings.toLocaleString('en')} readings of ${trial.sensors} sensors over 7 days: ${ms(took)} with ${ms(work)} of a core, ` +
        `${(trial.readings / work / 1000).toFixed(1)} million a second of it, raised ${trial.raised}; ` +
        `the server was held ${ms(delay.percentile(99) / 1e6)} (p99), ${ms(delay.max / 1e6)} (most)`,
    );
  }
  await ledger.close();
}
