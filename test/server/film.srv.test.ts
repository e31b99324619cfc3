import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Actor } from '../../model/access.ts';
import { areaTree } from '../../model/area.ts';
import { areaCode, epochMs, type LngLat } from '../../model/brand.ts';
import { zCentre } from '../../model/centre.ts';
import { decodeMoment, decodeReel, MOST_REEL_MS, type Moment, type Reel } from '../../model/film.ts';
import { fold } from '../../model/fold/fold.ts';
import { decodeFrame } from '../../model/frame.ts';
import { type Latest, latest, replayFrame } from '../../model/latest.ts';
import type { Fact } from '../../model/ledger.ts';
import { type World, worldDigest, worldFromJson } from '../../model/world.ts';
import { openFilm } from '../../server/film/film.ts';
import { frameOfTable } from '../../server/film/table.ts';
import { openLedger } from '../../server/ledger/open-ledger.ts';
import { openPlaces } from '../../server/places.ts';
import { scopedEntries, scopedWorld, scopeOf } from '../../server/stream/scope.ts';
import { openColdPositions } from '../../server/telemetry/cold-positions.ts';
import { openColdReadings } from '../../server/telemetry/cold-readings.ts';
import { openFilmKeeper } from '../../server/telemetry/film-keeper.ts';
import { filmStore } from '../../server/telemetry/film-store.ts';
import { openTelemetry } from '../../server/telemetry/open-telemetry.ts';
import { EAST, fixtureBoundaries, fixtureCentre, LEAVES, middleOf, STREET, WEST } from '../support/fixture-street.ts';
import { freshStore } from '../support/postgres.ts';
import { handClock, quiet } from './telemetry-support.ts';

const START = Date.parse('2026-11-20T08:00:00+08:00');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const UNITS = 6;
const operator: Actor = { id: 'op', role: 'operator', area: areaCode(STREET) };
const west: Actor = { id: 'w', role: 'screen', area: areaCode(WEST) };

/** The boundaries of the fixture, and others: the third micro-grid belongs to the community in the east. */
const other = {
  ...fixtureBoundaries,
  features: fixtureBoundaries.features.map((f) =>
    f.properties.code === LEAVES[2] ? { ...f, properties: { ...f.properties, parent: areaCode(`${EAST}001`) } } : f,
  ),
};

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
/** The frame of a moment as a screen holds it. */
const tableOf = (bytes: Uint8Array): Latest => {
  const table = latest();
  replayFrame(table, decodeFrame(bytes));
  return table;
};

type House = Awaited<ReturnType<typeof open>>;
/** Everything of a server that the past is made of, on a clock that moves when told. */
async function open(store: Awaited<ReturnType<typeof freshStore>>['store'], clock: ReturnType<typeof handClock>) {
  const now = () => clock.now;
  const ledger = await openLedger(store, { now, snapshotEvery: 20 });
  const places = await openPlaces(ledger, store);
  const film = filmStore(store, store.reels);
  const keeper = openFilmKeeper({ store, reels: store.reels, now, filmDays: 35, log: quiet, every: () => () => {} });
  const cold = { store: film, filmFrom: () => film.rowAfter(0), now, log: quiet, retentionDays: 35, every: () => () => {} };
  const readings = await openColdReadings({ ...cold, chunks: store.chunks });
  const positions = await openColdPositions({ ...cold, chunks: store.positionChunks, units: () => ledger.world.units.size });
  const telemetry = await openTelemetry({
    store,
    film,
    world: () => ledger.world,
    locate: places.locate,
    now,
    keep: readings.add,
    keepFix: positions.add,
    log: quiet,
    every: clock.every,
  });
  ledger.follow((entries) => {
    if (entries.some((e) => e.kind === 'boundaries.published')) telemetry.relocate();
  });
  const past = openFilm({ ledger, store, film, places, positions, readings, now });
  return {
    ledger,
    places,
    telemetry,
    keeper,
    film,
    positions,
    readings,
    past,
    store,
    async settled() {
      while (telemetry.stats().queued > 0) await new Promise((r) => setTimeout(r, 1));
    },
    async moment(actor: Actor, at: number): Promise<Moment> {
      return decodeMoment(await past.moment(actor, at));
    },
    async reel(actor: Actor, from: number, to: number): Promise<Reel> {
      return decodeReel(await past.reel(actor, from, to));
    },
    async close() {
      await telemetry.close();
      await positions.close();
      await readings.close();
      await keeper.close();
      places.close();
      await ledger.close();
    },
  };
}

async function publish(house: House, version: number, boundaries: typeof fixtureBoundaries) {
  const bytes = Buffer.from(JSON.stringify(boundaries));
  const hash = sha(bytes);
  await house.store.putBlob(hash, 'application/geo+json', bytes);
  house.places.prepare(hash, boundaries.features as never);
  const areas = boundaries.features.map((f) => f.properties);
  areaTree(new Map(areas.map((a) => [a.code, a])));
  await house.ledger.append('admin', () => [
    { kind: 'boundaries.published', body: { version, hash, validFrom: epochMs(START), areas } } as Fact,
  ]);
}
const unit = (n: number) => ({ id: `u-${n}`, name: `${n}`, role: 'grid' as const, area: null });
const incident = (n: number, leaf: number, at: number): Fact =>
  ({
    kind: 'incident.reported',
    body: {
      incident: `i-${n}`,
      title: `第 ${n} 件`,
      category: 'manhole',
      priority: 2,
      source: 'patrol',
      at: epochMs(at),
      lngLat: middleOf(leaf),
      area: areaCode(LEAVES[leaf]!),
      deadline: null,
      handleClock: null,
    },
  }) as unknown as Fact;

/** What was live, as the stream gave it. */
interface Live {
  readonly at: number;
  readonly world: string;
  readonly table: string;
  /** of the community in the west: the world, and where the units of its segment were */
  readonly westWorld: string;
  readonly westUnits: string;
}
const placesIn = (bytes: Uint8Array) =>
  JSON.stringify(
    decodeFrame(bytes)
      .segments.flatMap(({ positions: p }) => Array.from({ length: p.length }, (_, i) => [p.ix[i]!, p.lng[i]!, p.lat[i]!]))
      .sort((a, b) => a[0]! - b[0]!),
  );
const digestOf = (table: Latest, world: World, house: House, at: number) => sha(frameOfTable(table, world, house.places.locate, null, at));

function liveNow(house: House, clock: { now: number }): Live {
  const { world } = house.ledger;
  const scope = scopeOf(west, world);
  return {
    at: clock.now,
    world: worldDigest(world),
    table: digestOf(house.telemetry.latest, world, house, clock.now),
    westWorld: worldDigest(scopedWorld(world, scope)),
    westUnits: placesIn(house.telemetry.frameOf(scope.segments)),
  };
}

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('move' as const), n: fc.nat(99), leaf: fc.nat(4), dx: fc.integer({ min: -900, max: 900 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('late' as const, 'past' as const), n: fc.nat(99), leaf: fc.nat(4), dx: fc.nat(500) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('read' as const), n: fc.nat(3), leaf: fc.nat(4), dx: fc.nat(500) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('offline' as const, 'register' as const, 'publish' as const),
      n: fc.nat(99),
      leaf: fc.nat(4),
      dx: fc.nat(9),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('report' as const), n: fc.nat(99), leaf: fc.nat(4), dx: fc.nat(9) }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('wait' as const), n: fc.integer({ min: 1, max: 150 }), leaf: fc.nat(4), dx: fc.nat(9) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** A day of the street as drawn; remembers what was live at many moments of it. */
async function act(house: House, clock: ReturnType<typeof handClock>, steps: readonly Step[]): Promise<Live[]> {
  const seen: Live[] = [];
  let made = 0;
  let versions = 1;
  const at = (leaf: number, dx: number): LngLat => [middleOf(leaf)[0] + dx * 1e-6, middleOf(leaf)[1]];
  for (const s of steps) {
    const { world } = house.ledger;
    const who = [...world.units.values()][s.n % world.units.size]!;
    const fix = (time: number, past: boolean) => {
      const lngLat = at(s.leaf, s.dx);
      const fixed = {
        id: who.id,
        ix: who.ix,
        lngLat,
        heading: s.n * 3,
        speed: s.n / 10,
        at: epochMs(time),
        receivedAt: epochMs(clock.now),
      };
      house.telemetry.position({ ...fixed, area: house.places.locate(lngLat), past });
    };
    if (s.do === 'move') fix(clock.now - s.dx * 3, false);
    if (s.do === 'late') fix(clock.now - 5 * MINUTE - s.dx, false);
    if (s.do === 'past') fix(clock.now - s.dx, true);
    if (s.do === 'read') {
      const sensor = world.sensors.get(`s-${s.n % 2}`)!;
      const read = { id: sensor.id, ix: sensor.ix, value: s.dx / 10, at: epochMs(clock.now - s.dx), receivedAt: epochMs(clock.now) };
      house.telemetry.reading({ ...read, area: house.places.ofSensor(sensor), alarm: s.dx > 200 });
    }
    if (s.do === 'offline') house.telemetry.state('unit', who.id, false);
    if (s.do === 'report') await house.ledger.append('op', () => [incident(made++, s.leaf, clock.now)]);
    if (s.do === 'register')
      await house.ledger.append('admin', () => [{ kind: 'units.registered', body: { units: [unit(UNITS + made++)] } } as Fact]);
    if (s.do === 'publish') await publish(house, ++versions, versions % 2 ? fixtureBoundaries : (other as typeof fixtureBoundaries));
    if (s.do === 'wait') {
      clock.forward(s.n * 1000 - (clock.now % 1000) + 10); // just after a frame was written
      await house.settled();
      seen.push(liveNow(house, clock));
    }
    clock.forward(1);
  }
  return seen;
}

async function mustBeAsLive(house: House, lives: readonly Live[], begin: number) {
  for (const live of lives) {
    if (live.at < begin) continue;
    const moment = await house.moment(operator, live.at);
    const world = worldFromJson(moment.world);
    expect(moment).toMatchObject({ at: live.at, source: 'film' });
    expect(worldDigest(world)).toBe(live.world);
    const then = await house.places.of(world);
    expect(sha(frameOfTable(tableOf(moment.frame), world, then, null, live.at))).toBe(live.table);
    expect(sha(moment.frame)).toBe(live.table);
    const scoped = await house.moment(west, live.at);
    expect(worldDigest(worldFromJson(scoped.world))).toBe(live.westWorld);
    expect(placesIn(scoped.frame)).toBe(live.westUnits);
  }
}

/** A moment and the reels after it are the later moment; nothing of a reel is outside of what the reader may see. */
async function mustPlay(house: House, from: number, to: number) {
  const first = await house.moment(operator, from);
  const table = tableOf(first.frame);
  let world = worldFromJson(first.world);
  for (let at = from; at < to; at += MOST_REEL_MS) {
    const reel = await house.reel(operator, at, Math.min(at + MOST_REEL_MS, to));
    expect(reel.cut).toBe(false);
    world = fold(world, reel.entries);
    for (const f of reel.frames) replayFrame(table, decodeFrame(f.bytes));
  }
  const last = await house.moment(operator, to);
  const then = worldFromJson(last.world);
  expect(worldDigest(world)).toBe(worldDigest(then));
  const locate = await house.places.of(then);
  expect(sha(frameOfTable(table, then, locate, null, to))).toBe(sha(last.frame));

  const reel = await house.reel(west, Math.max(from, to - MOST_REEL_MS), to);
  const [before, after] = [await house.ledger.worldAt(reel.from), await house.ledger.worldAt(to)];
  const scope = scopeOf(west, before);
  const all = (await house.ledger.read(before.seq, 10_000)).filter((e) => e.seq <= after.seq);
  const given = scopedEntries(all, scope, before, after);
  expect(reel.cut).toBe(given === null);
  expect(reel.entries).toEqual(given ?? []);
  for (const f of reel.frames) for (const s of decodeFrame(f.bytes).segments) expect(scope.segments!.has(s.key)).toBe(true);
}

test('at any moment the past is what was live then, hash for hash: new boundaries, new units, late fixes, reels, restarts', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 40, maxLength: 80 }),
      fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
      async (steps, picks) => {
        const { store, drop } = await freshStore();
        const clock = handClock(START);
        let house = await open(store, clock);
        await house.ledger.append('admin', () => [{ kind: 'centre.configured', body: zCentre.parse(fixtureCentre) } as Fact]);
        await publish(house, 1, fixtureBoundaries);
        const sensors = [0, 1].map((n) => ({ id: `s-${n}`, kind: 'gas', name: `${n}`, lngLat: middleOf(n * 3), area: null }));
        await house.ledger.append('admin', () => [
          { kind: 'units.registered', body: { units: Array.from({ length: UNITS }, (_, n) => unit(n)) } } as Fact,
          { kind: 'sensors.registered', body: { sensors } } as Fact,
        ]);
        const half = steps.length >> 1;
        const lives = await act(house, clock, steps.slice(0, half));
        await house.close();
        clock.now = Math.ceil((clock.now + 20 * MINUTE) / 1000) * 1000; // away; the new house writes its frames at whole seconds, like the first
        house = await open(store, clock);
        lives.push(...(await act(house, clock, steps.slice(half))));
        clock.forward(2 * MINUTE);
        await house.settled();
        const begin = (await house.past.span()).filmFrom;
        const shown = lives.filter((l) => l.at >= begin);
        const pair = (a: number, b: number) =>
          [shown[a % shown.length]!.at, shown[b % shown.length]!.at].sort((x, y) => x - y) as [number, number];
        const pairs = [0, 2, 4, 6]
          .map((k) => (shown.length ? pair(picks[k]!, picks[k + 1]!) : ([0, 0] as const)))
          .filter(([a, b]) => b > a);

        await mustBeAsLive(house, lives, begin);
        for (const [a, b] of pairs) await mustPlay(house, a, b);
        const rows = (await house.film.framesBetween(0, clock.now + 1)).map((f) => [f.at, sha(f.bytes)]);
        clock.now += 3 * HOUR; // nobody speaks, and the clock's tasks rest
        await house.keeper.pack();
        expect((await store.pool.query('SELECT count(*)::int AS n FROM frames')).rows[0].n).toBe(0);
        expect((await house.film.framesBetween(0, clock.now + 1)).map((f) => [f.at, sha(f.bytes)])).toEqual(rows);
        await mustBeAsLive(house, lives, begin);
        for (const [a, b] of pairs) await mustPlay(house, a, b);
        await house.close();
        house = await open(store, clock);
        await mustBeAsLive(house, lives, begin);
        await house.close();
        await store.close();
        await drop();
      },
    ),
    { numRuns: 2, endOnFailure: true },
  );
});
