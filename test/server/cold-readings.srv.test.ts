import fc from 'fast-check';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { CHUNK_MS, chunkStart, type Series } from '../../model/reading-chunk.ts';
import type { ChunkStore } from '../../server/store/chunks.ts';
import { type ColdReadings, openColdReadings } from '../../server/telemetry/cold-readings.ts';
import { RestLog } from '../../server/telemetry/rest-log.ts';
import { type FreshStore, freshStore } from '../support/postgres.ts';
import { until } from '../support/server.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const DAY = 86_400_000;
let fresh: FreshStore;
let open: ColdReadings[] = [];
let now = NOW;
let complaints = 0;

beforeAll(async () => {
  fresh = await freshStore();
});
beforeEach(async () => {
  for (const cold of open) await cold.close();
  open = [];
  now = NOW;
  complaints = 0;
  await fresh.store.pool.query('TRUNCATE reading_chunks, reading_mark, frames');
});

/** Clocks stand still: what is written is written by the test. */
async function start(more: { chunks?: ChunkStore; most?: number; tick?: (ms: number, run: () => void) => () => void } = {}) {
  const { store } = fresh;
  const log = {
    warn: () => {
      complaints += 1;
    },
  };
  const every = more.tick ?? (() => () => {});
  const cold = await openColdReadings({
    chunks: store.chunks,
    store,
    now: () => now,
    retentionDays: 35,
    filmFrom: async () => NOW - 2 * DAY,
    log,
    every,
    ...more,
  });
  open.push(cold);
  await cold.caughtUp;
  return cold;
}
const series = (points: readonly (readonly [number, number])[]): Series => ({
  at: points.map((p) => p[0]),
  value: points.map((p) => Number(p[1].toPrecision(7))),
});
const say = (cold: ColdReadings, ix: number, points: readonly (readonly [number, number])[]) => {
  for (const [at, v] of points) cold.add(ix, at, v);
};
/** Longer than anything is kept. */
const all = (cold: ColdReadings, ix: number) => cold.between(ix, now - 40 * DAY, now + DAY);

test('readings are answered while they are buffered, once they are written, and by the process after', async () => {
  const said = Array.from({ length: 50 }, (_, i) => [NOW - 10 * CHUNK_MS + i * 4_000_000, 20 + i / 10] as const);
  const cold = await start();
  say(cold, 7, said);
  cold.add(8, NOW, 1);
  expect(await all(cold, 7)).toEqual(series(said));
  expect(cold.stats().buffered).toBe(51);
  await cold.flush();
  expect(cold.stats()).toMatchObject({ buffered: 0, writeFailures: 0 });
  expect(await all(cold, 7)).toEqual(series(said));
  const some = said.slice(10, 21);
  expect(await cold.between(7, some[0]![0], some.at(-1)![0])).toEqual(series(some));
  await cold.close();
  expect(await all(await start(), 7)).toEqual(series(said));
});

test('any order of arrival, any moments of writing, what is late by weeks and what is told twice: each reading once, in its place', async () => {
  const cold = await start();
  const moment = fc.integer({ min: 0, max: 20 * 24 * 60 }).map((minutes) => NOW - minutes * 60_000);
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.tuple(fc.constantFrom(1, 2, 900_000), moment, fc.integer({ min: -500, max: 500 })) },
    { weight: 1, arbitrary: fc.constant('flush' as const) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      await fresh.store.pool.query('TRUNCATE reading_chunks');
      const model = new Map<number, Map<number, number>>([1, 2, 900_000].map((ix) => [ix, new Map()]));
      for (const s of steps) {
        if (s === 'flush') await cold.flush();
        else {
          const [ix, at, n] = s;
          cold.add(ix, at, n / 10);
          model.get(ix)!.set(at, n / 10);
        }
      }
      for (const [ix, held] of model) expect(await all(cold, ix)).toEqual(series([...held].sort((a, b) => a[0] - b[0])));
      await cold.flush();
      for (const [ix, held] of model) expect(await all(cold, ix)).toEqual(series([...held].sort((a, b) => a[0] - b[0])));
    }),
    { numRuns: 40 },
  );
});

/** Frames as the telemetry lane writes them, one for each of these moments. */
async function film(points: readonly (readonly [number, number])[], ix = 7) {
  for (const [at, value] of points) {
    const rest = new RestLog();
    rest.reading({ key: 3, ix, value, at, status: 1 });
    await fresh.store.putFrame({ at: at + 100, bytes: rest.take(at + 100) });
  }
}

test('what a killed process had not written is taken from the frames, and nothing of it twice', async () => {
  const before = [1, 2, 3, 4, 5].map((i) => [NOW + i * 1000, i] as const);
  const after = [6, 7, 8].map((i) => [NOW + i * 1000, i] as const);
  const killed = await start();
  say(killed, 7, before);
  await film(before);
  now = NOW + 5500;
  await killed.flush();
  say(killed, 7, after);
  await film(after);
  open = []; // killed: not closed
  now = NOW + 20_000;
  const next = await start();
  expect(await all(next, 7)).toEqual(series([...before, ...after]));
  expect(next.stats().buffered).toBe(after.length); // those before the mark were not read again
  await next.flush();
  expect(await all(await start(), 7)).toEqual(series([...before, ...after]));
});

test('a server that had only frames takes over all that they hold', async () => {
  const said = Array.from({ length: 30 }, (_, i) => [NOW - (30 - i) * 90_000, i] as const);
  await film(said);
  expect(await all(await start({ most: 5 }), 7)).toEqual(series(said));
});

test('a store that is away costs nothing but time', async () => {
  let away = true;
  const { chunks } = fresh.store;
  const flaky: ChunkStore = { ...chunks, append: (rows) => (away ? Promise.reject(new Error('away')) : chunks.append(rows)) };
  const cold = await start({ chunks: flaky });
  const said = [1, 2, 3, 4].map((i) => [NOW + i * 1000, i] as const);
  say(cold, 7, said.slice(0, 2));
  await expect(cold.flush()).rejects.toThrow('away');
  say(cold, 7, said.slice(2));
  expect(await all(cold, 7)).toEqual(series(said));
  expect((await chunks.mark())?.at ?? 0).toBe(0);
  away = false;
  await cold.flush();
  await cold.flush();
  expect(cold.stats()).toMatchObject({ buffered: 0, writeFailures: 1 });
  expect(await all(cold, 7)).toEqual(series(said));
});

test('a buffer never holds more than twice its measure: the mark stays where it was, so that the frames are asked again', async () => {
  const { chunks } = fresh.store;
  const flaky: ChunkStore = { ...chunks, append: () => Promise.reject(new Error('away')) };
  const cold = await start({ chunks: flaky, most: 100 });
  for (let i = 0; i < 1000; i++) cold.add(i % 10, NOW + i, i);
  expect(cold.stats().buffered).toBeLessThanOrEqual(300);
  await expect(cold.flush()).rejects.toThrow('away');
  expect(complaints).toBeGreaterThan(0);
  expect(await chunks.mark()).toBeNull();
});

test('readings beyond the time they are kept are neither taken nor left', async () => {
  const cold = await start();
  const old = NOW - 34 * DAY;
  cold.add(7, NOW - 36 * DAY, 1);
  cold.add(7, old, 2);
  await cold.flush();
  expect(await all(cold, 7)).toEqual(series([[old, 2]]));
  await cold.close();
  open = [];
  now = NOW + 2 * DAY;
  const ticks: (() => void)[] = [];
  const later = await start({
    tick: (_, run) => {
      ticks.push(run);
      return () => {};
    },
  });
  for (const run of ticks) run();
  await later.close();
  open = [];
  expect((await fresh.store.pool.query('SELECT count(*)::int AS n FROM reading_chunks')).rows[0].n).toBe(0);
});

test('when a span is over its many small blocks become one, smaller, with the same readings; what comes later still is appended', async () => {
  const cold = await start();
  const begin = chunkStart(NOW);
  const said = Array.from({ length: 200 }, (_, i) => [begin + i * 60_000, 18 + (i % 9) / 10] as const);
  for (const [i, point] of said.entries()) {
    say(cold, 7, [point]);
    if (i % 4 === 3) await cold.flush();
  }
  await cold.close();
  open = [];
  const weigh = async () => (await fresh.store.pool.query('SELECT blocks, length(bytes) AS bytes FROM reading_chunks')).rows;
  const [loose] = await weigh();
  expect(loose).toMatchObject({ blocks: 50 });
  now = begin + CHUNK_MS + 2 * 3_600_000;
  await start();
  const packed = await until(async () => (await weigh()).find((row) => row.blocks === 1));
  expect(packed.bytes).toBeLessThan(loose.bytes * 0.75);
  const last = await start();
  last.add(7, begin + 30_000, 99);
  await last.flush();
  expect((await weigh())[0]).toMatchObject({ blocks: 2 });
  expect(await all(last, 7)).toEqual(series([said[0]!, [begin + 30_000, 99], ...said.slice(1)]));
});
