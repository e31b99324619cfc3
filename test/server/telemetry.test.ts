import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { areaCode } from '../../model/brand.ts';
import { decodeFrame, STATUS_ONLINE } from '../../model/frame.ts';
import { applyFrame, isKnown, type Latest, latest, replayFrame } from '../../model/latest.ts';
import type { World } from '../../model/world.ts';
import { BitSet } from '../../server/telemetry/bit-set.ts';
import { MAX_QUEUED } from '../../server/telemetry/frame-writer.ts';
import type { Tick } from '../../server/telemetry/telemetry.ts';
import { filmStore, fix, handClock, lane, locate, reading, streetWorld, unitCount } from './telemetry-support.ts';

const T0 = Date.parse('2026-11-20T08:00:00+08:00');
const west = [104.01, 30.6] as const;
const east = [104.09, 30.6] as const;

async function street(options: Partial<Parameters<typeof lane>[0]> = {}) {
  const store = filmStore();
  const clock = handClock(T0);
  const ticks: Tick[] = [];
  const telemetry = await lane({ store, now: () => clock.now, every: clock.every, ...options });
  telemetry.onTick((t) => ticks.push(t));
  return { store, clock, ticks, telemetry };
}

/** What a table says, rounded as a frame rounds. */
function table(t: Latest) {
  const units = Array.from({ length: t.units.length }, (_, ix) => ix).filter((ix) => isKnown(t.units, ix));
  const sensors = Array.from({ length: t.sensors.length }, (_, ix) => ix).filter((ix) => isKnown(t.sensors, ix));
  return {
    units: units.map((ix) => {
      const u = t.units;
      const [heading, speed] = [u.heading[ix] as number, u.speed[ix] as number];
      return [ix, u.lng[ix], u.lat[ix], Math.round((heading * 256) / 360) & 0xff, Math.round(speed * 10), u.at[ix], u.status[ix]];
    }),
    sensors: sensors.map((ix) => [ix, t.sensors.value[ix], t.sensors.at[ix], t.sensors.status[ix]]),
  };
}
async function settled(telemetry: { stats(): { queued: number } }) {
  while (telemetry.stats().queued > 0) await new Promise((later) => setImmediate(later));
}

describe('the latest table', () => {
  it('moves to a newer fix and never back to an older or equal one', async () => {
    const { telemetry } = await street();
    expect(telemetry.position(fix(0, west, T0))).toBe('live');
    expect(telemetry.position(fix(0, east, T0 - 1))).toBe('history');
    expect(telemetry.position(fix(0, east, T0))).toBe('history');
    expect(telemetry.unit('u-0')).toMatchObject({ ix: 0, lngLat: west, at: T0, area: '510107062007001001', online: true });
    expect(telemetry.position(fix(0, east, T0 + 1))).toBe('live');
    expect(telemetry.unit('u-0')).toMatchObject({ lngLat: east, area: '510107062008001001' });
    await telemetry.close();
  });

  it('keeps readings apart from positions of the same number', async () => {
    const { telemetry } = await street();
    telemetry.position(fix(1, west, T0));
    expect(telemetry.reading(reading(1, 18.5, T0))).toBe('live');
    expect(telemetry.reading(reading(1, 99, T0))).toBe('history');
    expect([...telemetry.sensors()]).toMatchObject([{ id: 's-1', ix: 1, value: 18.5, online: true }]);
    expect([...telemetry.units()].map((u) => u.id)).toEqual(['u-1']);
    await telemetry.close();
  });

  it('a reading handed in days late is kept, but its sensor is no more online for it', async () => {
    const { telemetry } = await street();
    telemetry.reading({ ...reading(1, 18.5, T0), past: true });
    expect([...telemetry.sensors()]).toMatchObject([{ id: 's-1', value: 18.5, online: false }]);
    telemetry.reading(reading(1, 19, T0 + 1000));
    expect([...telemetry.sensors()]).toMatchObject([{ id: 's-1', value: 19, online: true }]);
    await telemetry.close();
  });

  it('takes a last will, and the next fix brings the unit back', async () => {
    const { telemetry } = await street();
    telemetry.state('unit', 'u-0', true);
    expect(telemetry.unit('u-0')).toBeUndefined();
    telemetry.position(fix(0, west, T0));
    telemetry.state('unit', 'u-0', false);
    expect(telemetry.unit('u-0')?.online).toBe(false);
    telemetry.position(fix(0, west, T0 + 1000));
    expect(telemetry.unit('u-0')?.online).toBe(true);
    await telemetry.close();
  });
});

describe('a tick of the wire', () => {
  it('encodes only what changed, once per community', async () => {
    const { telemetry, clock, ticks } = await street();
    telemetry.position(fix(0, west, T0));
    telemetry.position(fix(1, east, T0));
    telemetry.position(fix(2, east, T0));
    telemetry.position(fix(3, [104, 31.5], T0));
    clock.forward(250);
    telemetry.position(fix(2, east, T0 + 100));
    clock.forward(500);
    expect(ticks.map((t) => [...t.segments.keys()])).toEqual([[0, 1, 2], [2], []]);
    expect(ticks.map((t) => [...t.units])).toEqual([[0, 1, 2, 3], [2], []]);
    await telemetry.close();
  });

  it('shows history to nobody', async () => {
    const { telemetry, clock, ticks } = await street();
    telemetry.position(fix(0, west, T0));
    clock.forward(250);
    telemetry.position(fix(0, east, T0 - 5000));
    clock.forward(250);
    expect(ticks[1]?.segments.size).toBe(0);
    await telemetry.close();
  });

  it('sends everything anew under the new keys when the boundaries change', async () => {
    let world: World = streetWorld;
    const { telemetry, clock, ticks } = await street({ world: () => world });
    telemetry.position(fix(0, west, T0));
    telemetry.position(fix(1, east, T0));
    telemetry.reading(reading(0, 1, T0));
    clock.forward(250);
    const first = [...streetWorld.areas.values()].filter((a) => !a.code.startsWith('510107062007'));
    world = { ...streetWorld, areas: new Map(first.map((a) => [a.code, a])) };
    clock.forward(500);
    expect(ticks.map((t) => t.rekeyed)).toEqual([false, true, false]);
    expect([...(ticks[1] as Tick).segments.keys()]).toEqual([0, 1]); // 008 is the first community now, 007 is outside
    expect([...(ticks[1] as Tick).units]).toEqual([0, 1]);
    await telemetry.close();
  });
});

const event = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('fix' as const),
      ix: fc.nat(unitCount - 1),
      age: fc.oneof(fc.nat(3000), fc.integer({ min: -200_000, max: 4_000_000 })),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('reading' as const), ix: fc.nat(3), age: fc.nat(5000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('state' as const), ix: fc.nat(unitCount - 1), age: fc.nat(1) }) },
);
const story = fc.array(
  fc.record({ gap: fc.oneof(fc.nat(900), fc.nat(90_000)), events: fc.array(event, { maxLength: 8 }), place: fc.nat(999) }),
  {
    minLength: 1,
    maxLength: 25,
  },
);

describe('film', () => {
  it('read as of any second gives the table that was live then; a restart gives the last one', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (steps) => {
        const { store, clock, telemetry } = await street();
        const seen: { at: number; live: ReturnType<typeof table> }[] = [];
        for (const step of steps) {
          for (const e of step.events) {
            const at = clock.now - e.age;
            const n = step.place + e.ix;
            if (e.kind === 'fix')
              telemetry.position(fix(e.ix, [104 + (n % 100) / 1000, 30 + (n % 37) / 1000], at, clock.now, n % 360, n % 11));
            else if (e.kind === 'reading') telemetry.reading(reading(e.ix, n, at, n % 2 === 0));
            else telemetry.state('unit', `u-${e.ix}`, n % 2 === 0);
          }
          clock.forward(1000 - ((clock.now - T0) % 1000)); // to the end of the second: the frame is written
          seen.push({ at: clock.now, live: table(telemetry.latest) });
          clock.forward(step.gap);
        }
        await settled(telemetry);
        for (const { at, live } of seen) expect(table(await telemetry.reader.at(at))).toEqual(live);
        const live = table(telemetry.latest);
        const places = [...telemetry.units()].map((u) => [u.id, u.area]);
        await telemetry.close();
        const again = await lane({ store, now: () => clock.now + 60_000, every: clock.every });
        expect(table(again.latest)).toEqual(live);
        expect([...again.units()].map((u) => [u.id, u.area])).toEqual(places);
        await again.close();
      }),
      {
        numRuns: 40,
        // once found: a late fix of another community and a state in one second
        examples: [
          [
            [
              { gap: 0, events: [{ kind: 'fix', ix: 1, age: 0 }], place: 0 },
              {
                gap: 0,
                events: [
                  { kind: 'fix', ix: 1, age: 1001 },
                  { kind: 'state', ix: 1, age: 0 },
                ],
                place: 252,
              },
              { gap: 0, events: [], place: 0 },
            ],
          ],
        ],
      },
    );
  });

  it('keeps history with its own device time', async () => {
    const { telemetry, clock, store } = await street();
    telemetry.position(fix(0, west, T0));
    telemetry.position(fix(0, east, T0 - 3_600_000, T0));
    clock.forward(1000);
    await settled(telemetry);
    const fixes = store.frames.flatMap((f) =>
      decodeFrame(f.bytes).segments.flatMap((s) => [...s.positions.at].map((at, i) => [at, s.positions.lng[i]])),
    );
    expect(fixes).toEqual(expect.arrayContaining([[T0, 1_040_100_000], [T0 - 3_600_000, 1_040_900_000]])); // biome-ignore format: pairs
    await telemetry.close();
  });

  it('has one frame a second with news, none without, and a keyframe a minute', async () => {
    const { telemetry, clock, store } = await street();
    for (let s = 0; s < 150; s++) {
      if (s % 3 === 0) telemetry.position(fix(s % 12, west, clock.now));
      clock.forward(1000);
    }
    await settled(telemetry);
    expect(store.frames.length).toBe(50);
    expect(store.keyframes.length).toBe(2);
    const { keyframe, frames } = await telemetry.reader.film(T0 + 100_000, T0 + 110_000);
    expect(keyframe?.at).toBe(store.keyframes[0]?.at);
    expect(frames.every((f) => f.at >= (keyframe?.at ?? 0) && f.at <= T0 + 110_000)).toBe(true);
    expect(frames.length).toBeGreaterThan(10);
    await telemetry.close();
  });
});

describe('a database that fails', () => {
  it('never stalls the live path; what cannot wait is counted', async () => {
    vi.useFakeTimers();
    try {
      const { telemetry, clock, store, ticks } = await street();
      store.fail = true;
      for (let s = 0; s < MAX_QUEUED + 40; s++) {
        telemetry.position(fix(0, west, clock.now + 1));
        clock.forward(1000);
        await vi.advanceTimersByTimeAsync(1000);
      }
      expect(ticks.filter((t) => t.segments.size > 0).length).toBe(MAX_QUEUED + 40);
      expect(telemetry.stats().queued).toBe(MAX_QUEUED);
      expect(telemetry.stats().framesLost).toBeGreaterThanOrEqual(40);
      expect(telemetry.stats().writeFailures).toBeGreaterThan(10);
      store.fail = false;
      await vi.advanceTimersByTimeAsync(2000);
      expect(telemetry.stats().queued).toBe(0);
      expect(store.frames.length + store.keyframes.length).toBe(MAX_QUEUED);
      await telemetry.close();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('pieces', () => {
  it('a bit set gives back what was put in, ascending, and is empty then', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5000)), fc.array(fc.nat(5000)), (a, b) => {
        const set = new BitSet();
        for (const list of [a, b]) {
          for (const n of list) set.add(n);
          const unique = [...new Set(list)].sort((x, y) => x - y);
          expect(set.size).toBe(unique.length);
          expect([...set.take()]).toEqual(unique);
        }
      }),
    );
  });

  it('a table from the wire takes the last frame, a table from rest the newest fix', async () => {
    const { telemetry, clock } = await street();
    telemetry.position(fix(0, west, T0));
    const early = decodeFrame(telemetry.frameOf(null));
    telemetry.position(fix(0, east, T0 + 5000));
    clock.now += 5000;
    const late = decodeFrame(telemetry.frameOf(null));
    const [wire, film] = [latest(), latest()];
    for (const f of [late, early]) applyFrame(wire, f);
    for (const f of [late, early]) replayFrame(film, f);
    expect(wire.units.lng[0]).toBe(1_040_100_000);
    expect(film.units.lng[0]).toBe(1_040_900_000);
    expect(wire.units.status[0]).toBe(STATUS_ONLINE);
    await telemetry.close();
  });

  it('a frame holds only the segments asked for', async () => {
    const { telemetry } = await street();
    telemetry.position(fix(0, west, T0));
    telemetry.position(fix(1, east, T0));
    expect(decodeFrame(telemetry.frameOf(new Set([2]))).segments.map((s) => [s.key, ...s.positions.ix])).toEqual([[2, 1]]);
    expect(locate(west)).toBe(areaCode('510107062007001001'));
    await telemetry.close();
  });
});
