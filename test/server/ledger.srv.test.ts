import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { epochMs } from '../../model/brand.ts';
import { fold } from '../../model/fold/fold.ts';
import { checkStep } from '../../model/incident.ts';
import { entryHash, type Fact, GENESIS } from '../../model/ledger.ts';
import { emptyWorld, type World, worldDigest } from '../../model/world.ts';
import { openLedger } from '../../server/ledger/open-ledger.ts';
import { entryOf } from '../../server/ledger/rows.ts';
import { verifyLedger } from '../../server/ledger/verify.ts';
import type { EntryRow, Store } from '../../server/store/store.ts';
import { arbDraw, type Draw, lawful, setUp } from '../support/facts.ts';
import { freshStore } from '../support/postgres.ts';

const T0 = Date.parse('2026-11-20T08:00:00+08:00');
const reported = (id: string): Fact => lawful(emptyWorld, { pick: 0, a: 1, b: 1, gapMs: 0 }, epochMs(T0), Number(id));
const step = (kind: 'incident.filed', incident: string): Fact => ({ kind, body: { incident } });
const all = async (store: Store) => (await store.readEntries({ limit: 1_000_000 })).map(entryOf);

type Failure = 'before' | 'after' | 'none';
/** A store whose next appends can be made to fail, slow or lie. */
function unreliable(store: Store) {
  const state = { commits: [] as number[], fail: [] as Failure[], hold: null as Promise<void> | null };
  const proxy: Store = Object.create(store, {
    appendEntries: {
      value: async (rows: readonly EntryRow[]) => {
        state.commits.push(rows.length);
        await state.hold;
        const fail = state.fail.shift();
        if (fail === 'before') throw new Error('disk full');
        await store.appendEntries(rows);
        if (fail === 'after') throw new Error('connection lost');
      },
    },
  });
  return { store: proxy, state };
}
function gate() {
  let open!: () => void;
  const closed = new Promise<void>((done) => {
    open = done;
  });
  return { closed, open };
}

beforeAll(async () => {
  await freshStore(); // the cluster's start is not any one test's time
});

describe('append', () => {
  it('gives gapless seq, chained hashes as the model computes them, and is durable when it resolves', async () => {
    const { store } = await freshStore();
    const ledger = await openLedger(store);
    await ledger.append('op', () => setUp);
    const [entry] = await ledger.append('op', () => [reported('1')]);
    const rows = await all(store);
    expect(rows.map((e) => e.seq)).toEqual([1, 2, 3, 4]);
    expect(rows.at(-1)!.hash).toBe(entry!.hash);
    let prev = GENESIS;
    for (const e of rows) {
      expect(e.prev).toBe(prev);
      expect(entryHash(e)).toBe(e.hash);
      prev = e.hash;
    }
    expect(worldDigest(ledger.world)).toBe(worldDigest(fold(emptyWorld, rows)));
    await ledger.close();
  });

  it('keeps 64 writers gapless and in one chain, and puts many of them in one transaction', async () => {
    const { store: real } = await freshStore();
    const { store, state } = unreliable(real);
    const ledger = await openLedger(store);
    const seen: number[] = [];
    ledger.follow((entries) => seen.push(...entries.map((e) => e.seq)));
    await Promise.all(
      Array.from({ length: 64 }, async (_, w) => {
        for (let i = 0; i < 20; i++) {
          const [e] = await ledger.append(`w-${w}`, () => [reported(String(w * 100 + i))]);
          expect((await real.readEntries({ after: e!.seq - 1, upTo: e!.seq, limit: 1 }))[0]?.hash).toBe(e!.hash);
        }
      }),
    );
    expect(seen).toEqual(Array.from({ length: 1280 }, (_, i) => i + 1));
    expect((await verifyLedger(real)).problem).toBeNull();
    expect(state.commits.length).toBeLessThan(1280);
    expect(Math.max(...state.commits)).toBeGreaterThan(8);
    await ledger.close();
  });

  it('decides one after another: of two operators racing for one step one wins', async () => {
    const { store } = await freshStore();
    const ledger = await openLedger(store);
    await ledger.append('op', () => [reported('1')]);
    const file = (world: World) => {
      const verdict = checkStep(world.incidents.get('i-1')!, 'file');
      if (!verdict.ok) throw new Error(verdict.rule);
      return [step('incident.filed', 'i-1')];
    };
    const race = await Promise.allSettled([ledger.append('a', file), ledger.append('b', file)]);
    expect(race.map((r) => r.status)).toEqual(['fulfilled', 'rejected']);
    expect(ledger.world.incidents.get('i-1')!.marks.map((m) => m.actor)).toEqual(['op', 'a']);
    await ledger.close();
  });

  it('says "nothing to do" only when what that rests on is durable', async () => {
    const { store: real } = await freshStore();
    const { store, state } = unreliable(real);
    const ledger = await openLedger(store);
    const g = gate();
    state.hold = g.closed;
    const first = ledger.append('a', () => [reported('1')]);
    let answered = false;
    const second = ledger
      .append('a', (world) => (world.incidents.has('i-1') ? [] : [reported('1')]))
      .then((entries) => {
        answered = true;
        return entries;
      });
    await new Promise((turn) => setTimeout(turn, 20));
    expect(answered).toBe(false);
    g.open();
    expect(await first).toHaveLength(1);
    expect(await second).toEqual([]);
    await ledger.close();
  });

  it.each([
    ['an unknown kind', { kind: 'incident.vanished', body: {} }, /kind: unknown kind/],
    ['a body out of form', { kind: 'incident.filed', body: { incident: 'no good id' } }, /body\.incident: 1-80 letters/],
    ['what is never stored', { kind: 'withheld', body: {} }, /never stored/],
    ['a missing field', { kind: 'area.visited', body: { area: '51' } }, /body\.unit/],
  ])('refuses %s and writes nothing of the whole append', async (_, bad, message) => {
    const { store } = await freshStore();
    const ledger = await openLedger(store);
    await expect(ledger.append('op', () => [reported('1'), bad as unknown as Fact])).rejects.toThrow(message);
    expect(ledger.world.seq).toBe(0);
    expect((await ledger.append('op', () => [reported('2')]))[0]!.seq).toBe(1);
    await expect(ledger.append('张三 (13800000000)', () => [reported('3')])).rejects.toThrow(/actor/);
    await ledger.close();
  });

  it('never records a time before the entry before, and takes imported times only between that and now', async () => {
    const { store } = await freshStore();
    let now = T0;
    const ledger = await openLedger(store, { now: () => now });
    expect((await ledger.append('op', () => [reported('1')], T0 - 5000))[0]!.at).toBe(T0 - 5000);
    expect((await ledger.append('op', () => [reported('2')]))[0]!.at).toBe(T0);
    now = T0 - 60_000;
    expect((await ledger.append('op', () => [reported('3')]))[0]!.at).toBe(T0);
    await expect(ledger.append('op', () => [reported('4')], T0 - 1)).rejects.toThrow(/at: not earlier than the last entry/);
    await expect(ledger.append('op', () => [reported('4')], T0 + 1)).rejects.toThrow(/at: not later than now/);
    await expect(ledger.append('op', () => [reported('4')], T0 + 0.5)).rejects.toThrow(/whole epoch milliseconds/);
    await ledger.close();
  });
});

describe('a commit that fails', () => {
  it('rejects everyone who waits, forgets what they decided, and goes on', async () => {
    const { store: real } = await freshStore();
    const { store, state } = unreliable(real);
    const ledger = await openLedger(store);
    await ledger.append('op', () => [reported('1')]);
    const g = gate();
    state.hold = g.closed;
    state.fail = ['before'];
    const inFlight = ledger.append('a', () => [reported('2')]);
    while (state.commits.length < 2) await new Promise((turn) => setImmediate(turn));
    const queued = ledger.append('b', (world) => {
      expect(world.incidents.has('i-2')).toBe(true);
      return [reported('3')];
    });
    g.open();
    const results = await Promise.allSettled([inFlight, queued]);
    expect(results.map((r) => r.status)).toEqual(['rejected', 'rejected']);
    expect(String((results[0] as PromiseRejectedResult).reason)).toMatch(/not saved: disk full/);
    state.hold = null;
    const [next] = await ledger.append('c', (world) => {
      expect([...world.incidents.keys()]).toEqual(['i-1']);
      return [reported('4')];
    });
    expect(next!.seq).toBe(2);
    expect((await verifyLedger(real)).problem).toBeNull();
    await ledger.close();
  });

  it.each<[Failure, Failure, number]>([
    ['none', 'none', 40],
    ['before', 'none', 0],
    ['before', 'before', 0],
    ['before', 'after', 0],
    ['none', 'before', 20],
    ['none', 'after', 40],
    ['after', 'none', 40],
    ['after', 'before', 20],
    ['after', 'after', 40],
  ])('two groups on their way, failing %s and %s the write: %i of 40 are saved, and only those are told so', async (one, two, saved) => {
    const { store: real } = await freshStore();
    const { store, state } = unreliable(real);
    const ledger = await openLedger(store);
    const followed: number[] = [];
    ledger.follow((entries) => followed.push(...entries.map((e) => e.seq)));
    const g = gate();
    state.hold = g.closed;
    state.fail = [one, two];
    const waiting = Array.from({ length: 40 }, (_, i) => ledger.append('a', () => [reported(String(i))]));
    while (state.commits.length < 2) await new Promise((turn) => setImmediate(turn));
    expect(state.commits).toEqual([20, 20]);
    const queued = ledger.append('b', () => [reported('40')]);
    const settled = Promise.allSettled([...waiting, queued]);
    g.open();
    const results = (await settled).map((r) => r.status);
    const first = Array.from({ length: 40 }, (_, i) => (i < saved ? 'fulfilled' : 'rejected'));
    expect(results).toEqual([...first, saved === 40 ? 'fulfilled' : 'rejected']);
    const kept = saved === 40 ? 41 : saved;
    expect(ledger.world.incidents.size).toBe(kept);
    const [next] = await ledger.append('c', (world) => {
      expect(world.seq).toBe(kept);
      return [reported('99')];
    });
    expect(next!.seq).toBe(kept + 1);
    expect(followed).toEqual(Array.from({ length: kept + 1 }, (_, i) => i + 1));
    expect((await all(real)).map((e) => e.seq)).toEqual(followed);
    expect((await verifyLedger(real)).problem).toBeNull();
    await ledger.close();
  });

  it('is "ok" after all when the entries turn out to be durable', async () => {
    const { store: real } = await freshStore();
    const { store, state } = unreliable(real);
    const ledger = await openLedger(store);
    state.fail = ['after'];
    expect((await ledger.append('a', () => [reported('1')]))[0]!.seq).toBe(1);
    expect((await ledger.append('a', () => [reported('2')]))[0]!.seq).toBe(2);
    expect(ledger.world.seq).toBe(2);
    await ledger.close();
  });

  it('ends the ledger when another process wrote', async () => {
    const { store } = await freshStore();
    const broken: Error[] = [];
    const mine = await openLedger(store, { onBroken: (e) => broken.push(e) });
    const other = await openLedger(store);
    await other.append('other', () => [reported('1')]);
    await expect(mine.append('me', () => [reported('2')])).rejects.toThrow(/another process wrote/);
    await expect(mine.append('me', () => [reported('3')])).rejects.toThrow(/another process wrote/);
    expect(broken).toHaveLength(1);
    expect(await all(store)).toHaveLength(1);
  });
});

describe('follow, read and close', () => {
  it('tells followers after commit, in order; one that throws harms nobody', async () => {
    const { store } = await freshStore();
    const errors: unknown[] = [];
    const ledger = await openLedger(store, { onError: (e) => errors.push(e) });
    const heard: [number, number][] = [];
    ledger.follow(() => {
      throw new Error('a bad follower');
    });
    const leave = ledger.follow((entries, world) => {
      for (const e of entries) heard.push([e.seq, world.seq]);
    });
    await ledger.append('op', () => [reported('1'), reported('2')]);
    leave();
    await ledger.append('op', () => [reported('3')]);
    expect(heard).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect(errors).toHaveLength(2);
    expect((await ledger.read(1, 10)).map((e) => e.seq)).toEqual([2, 3]);
    expect((await ledger.read(0, 1)).map((e) => e.seq)).toEqual([1]);
    await ledger.close();
    await expect(ledger.append('op', () => [reported('4')])).rejects.toThrow(/closed/);
  });

  it('finishes what waits before it closes, and starts again from its snapshot', async () => {
    const { store } = await freshStore();
    const ledger = await openLedger(store);
    const waiting = Array.from({ length: 30 }, (_, i) => ledger.append('op', () => [reported(String(i))]));
    await ledger.close();
    expect((await Promise.all(waiting)).at(-1)![0]!.seq).toBe(30);
    expect((await store.latestSnapshot())?.seq).toBe(30);
    const again = await openLedger(store);
    expect(worldDigest(again.world)).toBe(worldDigest(ledger.world));
    expect((await again.append('op', () => [reported('99')]))[0]!.seq).toBe(31);
    await again.close();
  });

  it('does not use a snapshot that is not of this ledger', async () => {
    const { store } = await freshStore();
    const ledger = await openLedger(store, { snapshotEvery: 5 });
    for (let i = 0; i < 12; i++) await ledger.append('op', () => [reported(String(i))]);
    await ledger.close();
    const snapshot = (await store.latestSnapshot())!;
    const forged = JSON.parse(snapshot.json) as { world: { head: string; numbered: number } };
    forged.world.head = 'f'.repeat(64);
    forged.world.numbered = 77;
    await store.putSnapshot(snapshot.seq, snapshot.at, JSON.stringify(forged));
    const notes: string[] = [];
    const again = await openLedger(store, { note: (line) => notes.push(line) });
    expect(again.world.numbered).toBe(12);
    expect(notes.join()).toMatch(/snapshot at entry 12 is not of this ledger/);
  });
});

describe('the world as of T', () => {
  it('equals the world that was live at T, and any restart equals the world before it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbDraw, { minLength: 5, maxLength: 60 }),
        fc.integer({ min: 2, max: 25 }),
        async (draws: Draw[], every) => {
          const { store, drop } = await freshStore();
          let now = T0;
          let ledger = await openLedger(store, { now: () => now, snapshotEvery: every });
          await ledger.append('op', () => setUp);
          const live = new Map<number, string>([[now, worldDigest(ledger.world)]]);
          let n = 0;
          for (const d of draws) {
            now += d.gapMs;
            await ledger.append('op', (world) => [lawful(world, d, epochMs(now), n++)]);
            live.set(now, worldDigest(ledger.world));
            if (d.pick === 9) {
              await ledger.close();
              ledger = await openLedger(store, { now: () => now, snapshotEvery: every });
              expect(worldDigest(ledger.world)).toBe(live.get(now));
            }
          }
          const moments = [...live.keys()];
          for (const [i, ms] of moments.entries()) {
            expect(worldDigest(await ledger.worldAt(ms))).toBe(live.get(ms));
            // and just before the next entry
            const next = moments[i + 1];
            if (next !== undefined) expect(worldDigest(await ledger.worldAt(next - 1))).toBe(live.get(ms));
          }
          expect(worldDigest(await ledger.worldAt(T0 - 1))).toBe(worldDigest(emptyWorld));
          await ledger.close();
          await store.close();
          await drop();
        },
      ),
      { numRuns: 12 },
    );
  });

  it('a long tail is folded in slices: timers run in between', async () => {
    const { store } = await freshStore();
    const ledger = await openLedger(store, { snapshotEvery: 1_000_000 });
    for (let g = 0; g < 10; g++)
      await ledger.append('op', () =>
        Array.from({ length: 1000 }, (_, i): Fact => lawful(emptyWorld, { pick: 9, a: i, b: i, gapMs: 0 }, epochMs(T0), i)),
      );
    let turns = 0;
    let on = true;
    const count = () => {
      turns++;
      if (on) setImmediate(count);
    };
    count();
    const again = await openLedger(store);
    on = false;
    expect(again.world.seq).toBe(10_000);
    expect(turns).toBeGreaterThan(5);
  });
});
