import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AreaCode, areaCode, epochMs, type LngLat } from '../../model/brand.ts';
import { zCentre } from '../../model/centre.ts';
import { fold } from '../../model/fold/fold.ts';
import { latest as latestTable, reserve } from '../../model/latest.ts';
import { type Entry, entryHash, type Fact, GENESIS } from '../../model/ledger.ts';
import { zRound } from '../../model/patrol-plan.ts';
import { emptyWorld, type Unit, type World } from '../../model/world.ts';
import { listenedUntil } from '../../server/alarms/watch.ts';
import type { Ledger } from '../../server/ledger/ledger.ts';
import { openPatrolWatch } from '../../server/patrol/open-patrol-watch.ts';
import { type KeptFix, Rebuild, type ToldEntry } from '../../server/patrol/rebuild.ts';
import { EAST, fixtureBoundaries, fixtureCentre, LEAVES, middleOf, WEST } from '../support/fixture-street.ts';

const T0 = Date.parse('2026-11-18T09:00:00+08:00');
const [A, B] = [areaCode(LEAVES[0]), areaCode(LEAVES[1])];
const unit = { id: 'u-1', name: '网格员 01', role: 'grid' as const, area: areaCode(WEST), shift: 'day' };
const centre = zCentre.parse({
  ...fixtureCentre,
  shifts: [{ code: 'day', name: { zh: '白班', en: 'Day' }, hours: [{ from: '07:00', to: '19:00' }] }],
  patrol: { dwellS: 60, fixes: 100, repeatMinutes: 30, strayS: 60 },
});
const ground: Fact[] = [
  { kind: 'centre.configured', body: centre },
  {
    kind: 'boundaries.published',
    body: { version: 1, hash: '0'.repeat(64), validFrom: epochMs(0), areas: fixtureBoundaries.features.map((f) => f.properties) },
  },
  { kind: 'units.registered', body: { units: [unit] } },
];
const round = (id: string, from: string, to: string): Fact => ({
  kind: 'rounds.registered',
  body: { rounds: [zRound.parse({ id, name: id, area: `${WEST}001`, from, to, stops: [A, B] })] },
});

/** What a process leaves behind: the ledger, the latest table, the film. */
interface Before {
  readonly world: World;
  readonly table: ReturnType<typeof latestTable>;
  readonly film: readonly KeptFix[];
  readonly told: readonly ToldEntry[];
  readonly now: number;
}
/** A watch over a ledger in memory and a clock that is turned by hand. */
function room(more: readonly Fact[] = [], before?: Before) {
  let now = before?.now ?? T0;
  let world = before?.world ?? emptyWorld;
  let fails = 0;
  const followers: ((entries: readonly Entry[], world: World) => void)[] = [];
  const facts: Fact[] = [];
  const film: KeptFix[] = [...(before?.film ?? [])];
  const told: ToldEntry[] = [...(before?.told ?? [])];
  const write = (actor: string, fact: Fact): Entry => {
    const open = { ...fact, seq: world.seq + 1, at: now, actor, prev: world.seq ? world.head : GENESIS, hash: '' } as unknown as Entry;
    const entry = { ...open, hash: entryHash(open) } as Entry;
    world = fold(world, [entry]);
    told.push(entry as unknown as ToldEntry);
    return entry;
  };
  if (!before) for (const f of [...ground, ...more]) write('setup', f);
  const ledger = {
    get world() {
      return world;
    },
    async append(actor: string, decide: (w: World) => readonly Fact[]) {
      if (fails > 0) {
        fails -= 1;
        throw new Error('disk full');
      }
      const entries = decide(world).map((f) => write(actor, f));
      facts.push(...entries);
      for (const f of followers) f(entries, world);
      return entries;
    },
    follow(listener: (typeof followers)[number]) {
      followers.push(listener);
      return () => {};
    },
  } as unknown as Ledger;
  const table = before?.table ?? latestTable();
  const offline: string[] = [];
  let tick = () => {};
  const locate = ([lng]: LngLat): AreaCode | null =>
    (LEAVES.map((l, i) => [l, middleOf(i)[0]] as const).find(([, x]) => x === lng)?.[0] as AreaCode) ?? null;
  const rebuild = new Rebuild(world, locate, listenedUntil(table, world, now));
  let next = 0;
  for (const f of film) {
    while (next < told.length && told[next]!.at <= f.receivedAt) rebuild.entry(told[next++]!);
    rebuild.fix(world.units.get('u-1') as Unit, f);
  }
  while (next < told.length) rebuild.entry(told[next++]!);
  const watch = openPatrolWatch({
    ledger,
    latest: table,
    before: rebuild.settle(table, now),
    offline: (id) => offline.push(id),
    quiet: { until: 0 },
    now: () => now,
    timers: {
      set(run) {
        tick = run;
        return () => {};
      },
    },
  });
  const OUT: LngLat = [104.5, 30.9];
  const fix = async (s: number, leaf: number | null, more: { sos?: boolean; past?: boolean } = {}) => {
    const lngLat = leaf === null ? OUT : middleOf(leaf);
    const at = T0 + s * 1000;
    if (!more.past) {
      now = Math.max(now, at);
      reserve(table.units, 0);
      Object.assign(table.units.at, { 0: at });
      table.units.lng[0] = Math.round(lngLat[0] * 1e7);
      table.units.lat[0] = Math.round(lngLat[1] * 1e7);
    }
    film.push({ at, receivedAt: now, lngLat, past: more.past ?? false });
    const recency = more.past ? ('history' as const) : ('live' as const);
    const area = leaf === null ? null : areaCode(LEAVES[leaf]!);
    const u = world.units.get('u-1') as Unit;
    await watch.hear(u, { at, receivedAt: now, lngLat, area, recency, ...(more.sos === undefined ? {} : { sos: more.sos }) });
  };
  return {
    facts,
    kinds: () => facts.map((f) => f.kind),
    offline,
    fix,
    fail: (n: number) => {
      fails = n;
    },
    /** let the clock run: the watch looks at it each second */
    async pass(toS: number, step = 1) {
      for (let s = (now - T0) / 1000; s < toS; ) {
        s = Math.min(toS, s + step);
        now = T0 + s * 1000;
        tick();
        await new Promise(setImmediate);
      }
    },
    get world() {
      return world;
    },
    /** killed, and started anew `downS` later; `lost` = the film lacks its last fixes */
    again: (downS = 0, lost = 0) => room([], { world, table, told, film: film.slice(0, film.length - lost), now: now + downS * 1000 }),
    /** a fix that was not believed */
    doubt(s: number, reason: 'zero' | 'far' | 'jump' = 'jump') {
      now = Math.max(now, T0 + s * 1000);
      watch.doubt(world.units.get('u-1') as Unit, { at: T0 + s * 1000, receivedAt: now, reason });
    },
  };
}
type Room = ReturnType<typeof room>;
/** One fix every `every` seconds in a leaf. */
async function stand(r: Room, from: number, to: number, leaf: number | null, every = 10) {
  for (let s = from; s <= to; s += every) await r.fix(s, leaf);
}

describe('a stay', () => {
  test('is a visit once it is long enough, told once, and left when the unit has been elsewhere for half a minute', async () => {
    const r = room();
    await stand(r, 0, 50, 0);
    expect(r.kinds()).toEqual([]);
    await stand(r, 60, 200, 0);
    expect(r.facts).toMatchObject([{ kind: 'area.visited', body: { area: A, unit: 'u-1', at: T0 + 60_000, since: T0, fixes: 7 } }]);
    await stand(r, 210, 240, 1);
    expect(r.facts.at(-1)).toMatchObject({ kind: 'area.left', body: { area: A, at: T0 + 200_000, since: T0, fixes: 21 } });
    expect(r.world.visits.get(A)).toMatchObject({ unit: 'u-1', leftAt: T0 + 200_000 });
  });

  test('is not cut by fixes across a border, and a place passed through is none', async () => {
    const r = room();
    for (let s = 0; s <= 120; s += 10) await r.fix(s, s % 30 === 20 ? 1 : 0);
    expect(r.kinds()).toEqual(['area.visited']);
    await r.fix(130, 2);
    await r.fix(140, 2);
    await r.fix(160, 1);
    expect(r.kinds()).toEqual(['area.visited', 'area.left']);
  });

  test('counts again after half an hour, at once when another window has begun, and not while the first is young', async () => {
    const r = room([round('am', '08:00', '12:00'), round('next', '09:20', '10:00')]);
    await stand(r, 0, 60, 0);
    await stand(r, 70, 110, 1);
    await stand(r, 120, 200, 0); // back after a minute
    expect(r.kinds()).toEqual(['area.visited', 'area.left']);
    await stand(r, 210, 1210, 0); // 09:20 begins while it stands there
    expect(r.facts.filter((f) => f.kind === 'area.visited').map((f) => (f.body.at - T0) / 1000)).toEqual([60, 1200]);
  });

  test('of a unit off duty is none, and one that is under way ends with the shift', async () => {
    const r = room();
    const evening = 10 * 3600 - 100;
    await stand(r, evening, evening + 80, 0);
    expect(r.kinds()).toEqual(['area.visited']);
    await r.pass(10 * 3600 + 40);
    expect(r.kinds()).toEqual(['area.visited', 'area.left']);
    await stand(r, 10 * 3600 + 50, 10 * 3600 + 200, 1);
    expect(r.kinds()).toEqual(['area.visited', 'area.left']);
  });

  test('whose fact could not be written is told by the next fix', async () => {
    const r = room();
    await stand(r, 0, 50, 0);
    r.fail(1);
    await expect(r.fix(60, 0)).rejects.toThrow('disk full');
    await r.fix(70, 0);
    expect(r.kinds()).toEqual(['area.visited']);
  });

  test('goes on after a restart: nothing is told twice, its end is', async () => {
    const r = room();
    await stand(r, 0, 100, 0);
    const after = r.again();
    await stand(after, 110, 300, 0);
    expect(after.kinds()).toEqual([]);
    await stand(after, 310, 350, 1);
    expect(after.facts).toMatchObject([{ kind: 'area.left', body: { area: A, since: T0, at: T0 + 300_000, fixes: 31 } }]);
  });

  test('that was no visit yet when the server was killed becomes one as if nothing had been', async () => {
    const r = room();
    await stand(r, 0, 40, 0);
    const after = r.again(5);
    await stand(after, 50, 60, 0);
    expect(after.facts).toMatchObject([{ kind: 'area.visited', body: { area: A, at: T0 + 60_000, since: T0, fixes: 7 } }]);
  });

  test('whose end was on its way when the server was killed is left once', async () => {
    const r = room();
    await stand(r, 0, 100, 0);
    await stand(r, 110, 130, 1);
    r.fail(1);
    await expect(r.fix(140, 1)).rejects.toThrow('disk full');
    const after = r.again(2);
    await after.pass(145);
    expect(after.facts).toMatchObject([{ kind: 'area.left', body: { area: A, since: T0, at: T0 + 100_000 } }]);
    const later = after.again(2);
    await later.pass(150);
    expect(later.kinds()).toEqual([]);
  });

  test('whose last second the film lacks is one visit all the same', async () => {
    const r = room();
    await stand(r, 0, 60, 0);
    expect(r.kinds()).toEqual(['area.visited']);
    const after = r.again(3, 2);
    await stand(after, 70, 90, 0);
    await stand(after, 100, 140, 1);
    expect(after.facts).toMatchObject([{ kind: 'area.left', body: { area: A, since: T0, at: T0 + 90_000 } }]);
  });

  test('is over when the server was away for longer than anybody can vouch for', async () => {
    const r = room();
    await stand(r, 0, 100, 0);
    const after = r.again(45 * 60);
    await after.pass(100 + 45 * 60 + 5);
    expect(after.facts.map((f) => f.kind)).toEqual(['area.left']);
    await stand(after, 110 + 45 * 60, 180 + 45 * 60, 0);
    expect(after.kinds()).toEqual(['area.left', 'area.visited']);
  });
});

describe('handed in late', () => {
  test('fixes make no fact about now', async () => {
    const r = room();
    await r.fix(4000, 2);
    for (let s = 0; s <= 120; s += 10) await r.fix(s, 0, { past: true, sos: true });
    for (let s = 130; s <= 400; s += 10) await r.fix(s, null, { past: true });
    expect(r.kinds()).toEqual([]);
  });

  test('a stay counts for the round that is still open', async () => {
    const r = room([round('am', '08:00', '12:00')]);
    await r.fix(4000, 2);
    for (let s = 0; s <= 120; s += 10) await r.fix(s, 0, { past: true });
    expect(r.facts).toMatchObject([{ kind: 'area.visited', body: { area: A, at: T0 + 60_000 } }]);
  });
});

describe('outside its area', () => {
  test('for a minute is told once, with the place; back for a minute once', async () => {
    const r = room();
    await stand(r, 0, 50, 3);
    expect(r.kinds()).toEqual([]);
    await stand(r, 60, 100, 3);
    expect(r.facts.filter((f) => f.kind === 'unit.strayed')).toMatchObject([{ body: { unit: 'u-1', area: WEST, lngLat: middleOf(3) } }]);
    await stand(r, 110, 150, 0);
    await stand(r, 160, 200, 3); // not back for long enough
    await stand(r, 210, 300, 0);
    expect(r.kinds().filter((k) => k.startsWith('unit.'))).toEqual(['unit.strayed', 'unit.returned']);
    expect(r.world.patrols.size).toBe(0);
  });

  test('just told as outside, one fix inside is no return yet', async () => {
    const r = room();
    await stand(r, 0, 60, 3);
    await r.fix(70, 0);
    await r.fix(80, 3);
    expect(r.kinds().filter((k) => k.startsWith('unit.'))).toEqual(['unit.strayed']);
  });

  test('nobody strays without an area, off duty, or sent to an incident', async () => {
    const free = room([{ kind: 'units.registered', body: { units: [{ ...unit, area: null }] } }]);
    await stand(free, 0, 200, null);
    const late = room();
    await stand(late, 11 * 3600, 11 * 3600 + 200, 3);
    const sent: Fact[] = [
      {
        kind: 'incident.reported',
        body: {
          incident: 'i-1',
          title: '井盖',
          category: 'manhole',
          priority: 2,
          source: 'operator',
          at: epochMs(T0),
          lngLat: middleOf(3),
          area: areaCode(`${EAST}001001`),
          deadline: null,
        },
      },
      { kind: 'incident.filed', body: { incident: 'i-1' } },
      { kind: 'incident.dispatched', body: { incident: 'i-1', unit: 'u-1' } },
    ];
    const busy = room(sent);
    await stand(busy, 0, 200, 3);
    for (const r of [free, late, busy]) expect(r.kinds().filter((k) => k.startsWith('unit.'))).toEqual([]);
  });
});

describe('silence', () => {
  test('of five of its own intervals is told, ends its stay, takes it off line; a fix ends it', async () => {
    const r = room();
    await stand(r, 0, 100, 0);
    await r.pass(149);
    expect([r.kinds(), r.offline]).toEqual([['area.visited'], []]);
    await r.pass(152);
    expect(r.kinds()).toEqual(['area.visited', 'unit.silent', 'area.left']);
    expect(r.facts[1]!.body).toMatchObject({ at: T0 + 100_000, usualMs: expect.closeTo(10_000, -1) });
    expect(r.offline).toEqual(['u-1']);
    await r.pass(400);
    await r.fix(401, 0);
    expect(r.kinds()).toEqual(['area.visited', 'unit.silent', 'area.left', 'unit.heard']);
    expect(r.world.patrols.size).toBe(0);
  });

  test('is judged by its own rhythm after a restart too, from when we listen again', async () => {
    const r = room();
    await stand(r, 0, 200, 0, 20);
    const after = r.again(30);
    await after.pass(329);
    expect(after.kinds()).toEqual([]);
    await after.pass(332);
    expect(after.kinds()).toEqual(['unit.silent', 'area.left']);
    expect(after.facts[0]!.body).toMatchObject({ at: T0 + 200_000, usualMs: expect.closeTo(20_000, -2) });
  });

  test('from a place nobody believes is told apart, becomes silence when the device says nothing, ends with a fix', async () => {
    const r = room();
    await stand(r, 0, 100, 0);
    for (let s = 110; s <= 200; s += 10) {
      r.doubt(s);
      await r.pass(s + 5);
    }
    expect(r.kinds()).toEqual(['area.visited', 'unit.doubted', 'area.left']);
    expect(r.facts[1]!.body).toMatchObject({ unit: 'u-1', at: T0 + 100_000, reason: 'jump' });
    expect(r.world.patrols.get('u-1')).toMatchObject({ silentSince: null, doubted: { since: T0 + 100_000, reason: 'jump' } });
    await r.pass(260);
    expect(r.kinds().slice(3)).toEqual(['unit.silent']);
    expect(r.world.patrols.get('u-1')).toMatchObject({ silentSince: T0 + 200_000, doubted: null });
    r.doubt(270);
    await r.pass(275);
    expect(r.kinds().slice(4)).toEqual(['unit.doubted']);
    await r.fix(280, 0);
    expect(r.kinds().slice(5)).toEqual(['unit.heard']);
    expect(r.world.patrols.size).toBe(0);
  });

  test('of a unit that was never believed is told too', async () => {
    const r = room();
    for (let s = 0; s <= 310; s += 10) {
      r.doubt(s, 'zero');
      await r.pass(s + 1);
    }
    expect(r.facts).toMatchObject([{ kind: 'unit.doubted', body: { reason: 'zero' } }]);
    await r.pass(700);
    expect(r.facts.slice(1)).toMatchObject([{ kind: 'unit.silent', body: { at: T0 + 310_000 } }]);
  });

  test('of one whose shift is over is no fact until its shift begins', async () => {
    const r = room();
    await stand(r, 10 * 3600, 10 * 3600 + 100, 0);
    await r.pass(21 * 3600 + 3000, 20);
    expect([r.kinds(), r.offline]).toEqual([[], ['u-1']]);
    await r.pass(22 * 3600 + 100, 20);
    expect(r.kinds()).toEqual(['unit.silent']);
  });

  test('of one that is heard soon after its shift begins is none', async () => {
    const r = room();
    await stand(r, 10 * 3600, 10 * 3600 + 100, 0);
    await r.pass(22 * 3600 + 10, 10);
    await stand(r, 22 * 3600 + 12, 22 * 3600 + 52, 0);
    expect(r.kinds()).toEqual([]);
  });
});

describe('SOS', () => {
  test('is one alarm of the unit where it is, and an incident by its rule, however often it is repeated', async () => {
    const r = room();
    await r.fix(0, 1, { sos: true });
    for (let s = 1; s < 9; s++) await r.fix(s, 1, { sos: true });
    expect(r.facts).toMatchObject([
      { kind: 'alarm.raised', body: { alarm: 'u-1/sos', sensor: 'u-1', priority: 1, area: B, lngLat: middleOf(1) } },
      { kind: 'incident.reported', body: { alarm: 'u-1/sos', source: 'patrol', category: 'other', title: '求救 网格员 01 西 01-02' } },
    ]);
    await r.fix(10, 1);
    await r.fix(11, 1, { sos: false });
    await r.fix(12, 1, { sos: false });
    expect(r.kinds()).toEqual(['alarm.raised', 'incident.reported', 'alarm.cleared']);
    await r.fix(13, 1, { sos: true });
    expect(r.kinds().slice(3)).toEqual(['alarm.raised']); // the incident is open still
  });

  test('that could not be written is heard when it is handed in again', async () => {
    const r = room();
    r.fail(1);
    await expect(r.fix(0, 1, { sos: true })).rejects.toThrow();
    await r.fix(0, 1, { sos: true });
    expect(r.kinds()).toEqual(['alarm.raised', 'incident.reported']);
  });
});

test('wherever a unit goes, with whatever gaps and restarts: a stay is left only after its visit and once, straying and silence alternate with their ends', async () => {
  const step = fc.record({
    s: fc.integer({ min: 1, max: 90 }),
    leaf: fc.constantFrom(0, 0, 0, 1, 1, 3, null),
    restart: fc.integer({ min: 0, max: 19 }),
    sos: fc.constantFrom(undefined, undefined, undefined, true, false),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 120 }), async (steps) => {
      let r = room([round('am', '08:00', '12:00')]);
      const facts: Fact[] = [];
      let s = 0;
      for (const { s: wait, leaf, restart, sos } of steps) {
        if (restart === 0) {
          facts.push(...r.facts);
          r = r.again();
        }
        s += wait;
        if (wait > 60) await r.pass(s, 10);
        await r.fix(s, leaf, sos === undefined ? {} : { sos });
      }
      facts.push(...r.facts);
      const standing = new Set<string>();
      const turn = (on: boolean, what: string) => {
        expect(standing.has(what)).toBe(!on);
        if (on) standing.add(what);
        else standing.delete(what);
      };
      for (const f of facts) {
        if (f.kind === 'area.visited') standing.add(`stay ${f.body.area}`);
        else if (f.kind === 'area.left') turn(false, `stay ${f.body.area}`);
        else if (f.kind === 'unit.strayed') turn(true, 'strayed');
        else if (f.kind === 'unit.returned') turn(false, 'strayed');
        else if (f.kind === 'unit.silent') turn(true, 'silent');
        else if (f.kind === 'unit.heard') turn(false, 'silent');
        else if (f.kind === 'alarm.raised') turn(true, 'sos');
        else if (f.kind === 'alarm.cleared') turn(false, 'sos');
      }
      expect(r.world.alarms.get('u-1/sos')?.active ?? false).toBe(standing.has('sos'));
      expect(r.world.patrols.get('u-1')?.strayedAt != null).toBe(standing.has('strayed'));
    }),
    { numRuns: 60 },
  );
});

test('whenever it is killed and started anew, a unit that keeps speaking is told of as if nothing had been', async () => {
  const step = fc.record({
    s: fc.integer({ min: 1, max: 25 }),
    leaf: fc.constantFrom(0, 0, 0, 0, 1, 1, 3, null),
    restart: fc.integer({ min: 0, max: 9 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 100 }), async (steps) => {
      const walk = async (restarts: boolean) => {
        let r = room([round('am', '08:00', '12:00')]);
        const facts: Fact[] = [];
        let s = 0;
        for (const { s: wait, leaf, restart } of steps) {
          if (restarts && restart === 0) {
            facts.push(...r.facts);
            r = r.again();
          }
          s += wait;
          await r.pass(s, 5);
          await r.fix(s, leaf);
        }
        return [...facts, ...r.facts].map(({ kind, body }) => ({ kind, body }));
      };
      expect(await walk(true)).toEqual(await walk(false));
    }),
    { numRuns: 60 },
  );
});
