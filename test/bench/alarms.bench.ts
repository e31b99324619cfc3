import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Actor, WHOLE_CENTRE } from '../../model/access.ts';
import { type AlarmRule, zAlarmRule } from '../../model/alarm-rule.ts';
import { type AreaCode, areaCode, epochMs } from '../../model/brand.ts';
import { zCentre } from '../../model/centre.ts';
import { fold } from '../../model/fold/fold.ts';
import { type Entry, type Fact, GENESIS } from '../../model/ledger.ts';
import { emptyWorld, type World } from '../../model/world.ts';
import { openWatch } from '../../server/alarms/watch.ts';
import { openEngine } from '../../server/engine.ts';
import type { Ledger } from '../../server/ledger/ledger.ts';
import type { Places } from '../../server/places.ts';
import { openTelemetry } from '../../server/telemetry/open-telemetry.ts';
import { fixtureCentre, STREET } from '../support/fixture-street.ts';

export const title = 'alarms: readings through the rules with 1,000,000 sensors registered, against the same readings with no rules';

const SENSORS = 1_000_000;
const PER_ENTRY = 2_000;
const READINGS = 25_000; // five seconds of 5,000 a second
const ROUNDS = 5;
const FLOOD = 5_000;
const T0 = Date.parse('2026-11-18T09:00:00+08:00');
const actor: Actor = { id: 'bench', role: 'device', area: WHOLE_CENTRE };
const AREAS = 500;
const place = (n: number) => areaCode(`${STREET}001${String(n % AREAS).padStart(3, '0')}`);

const kinds = ['gas', 'level', 'noise', 'shed'];
/** What an attentive street would have: two levels each way, a trend, night hours, silence, a delay, suppression, some devices of their own. */
function rulesOf(kind: string): AlarmRule[] {
  const rule = (code: string, test: object, more: object = {}) =>
    zAlarmRule.parse({ kind, code, name: { zh: code, en: code }, test, priority: 2, ...more });
  const overrides = [
    ...Array.from({ length: 50 }, (_, n) => ({ sensor: `s-${n * 97}`, limit: 70 })),
    ...Array.from({ length: 20 }, (_, n) => ({ area: place(n), limit: 75 })),
  ];
  return [
    rule('high', { is: 'high', limit: 80, deadband: 2 }, { suppressedWhile: 'very-high', overrides }),
    rule('very-high', { is: 'high', limit: 95, deadband: 2 }),
    rule('low', { is: 'low', limit: 5, deadband: 1 }, { onDelayS: 30, offDelayS: 30 }),
    rule('night', { is: 'high', limit: 60 }, { hours: [{ from: '22:00', to: '06:00' }] }),
    rule('lost', { is: 'no-data' }),
  ];
}

/** A ledger in memory: deciding and folding are the real ones, hashing and the disk are measured elsewhere (ledger.bench). */
function memoryLedger(start: World, clock: { now: number }) {
  let world = start;
  const listeners = new Set<(entries: readonly Entry[], world: World) => void>();
  const write = (facts: readonly Fact[], by: string): Entry[] => {
    const entries = facts.map(
      (fact, i) => ({ ...fact, seq: world.seq + 1 + i, at: clock.now, actor: by, prev: GENESIS, hash: GENESIS }) as unknown as Entry,
    );
    if (entries.length === 0) return entries;
    world = fold(world, entries);
    for (const tell of listeners) tell(entries, world);
    return entries;
  };
  const ledger = {
    get world() {
      return world;
    },
    append: async (by: string, decide: (w: World) => readonly Fact[]) => write(decide(world), by),
    follow(listener: (entries: readonly Entry[], world: World) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as Ledger;
  return ledger;
}

/** Telemetry that has heard every sensor a minute ago, and the engine over it. `rules`: with the watch, or with nothing in its place. */
async function house(world: World, clock: { now: number }, rules: boolean) {
  const ledger = memoryLedger(world, clock);
  const store = {
    putFrame: async () => {},
    putKeyframe: async () => {},
    framesBetween: async () => [],
    keyframeBefore: async () => null,
    rowAfter: async () => null,
  };
  const telemetry = await openTelemetry({
    store: store as never,
    film: store as never,
    world: () => ledger.world,
    locate: () => null,
    now: () => clock.now,
    log: { info() {}, warn() {}, error() {} } as never,
    every: () => () => {},
  });
  for (const { id, ix, area } of world.sensors.values())
    telemetry.reading({ id, ix, value: 20, at: epochMs(T0 - 60_000), receivedAt: epochMs(T0 - 60_000), area, alarm: false });
  const timers = new Set<() => void>();
  const openRules = () =>
    openWatch({
      ledger,
      latest: telemetry.latest,
      offline: (sensor) => telemetry.state('sensor', sensor, false),
      placeOf: (s) => s.area,
      quiet: { until: 0 },
      now: () => clock.now,
      timers: {
        set(run) {
          timers.add(run);
          return () => timers.delete(run);
        },
      },
    });
  const before = memory();
  const opened = process.cpuUsage();
  const watch = rules ? openRules() : { hear: () => ({ alarm: false, durable: null }) };
  const openMs = cpuMs(opened);
  /** Run what waits for its time once, as a second that passes would. */
  const tick = () => {
    for (const run of [...timers]) {
      timers.delete(run);
      run();
    }
  };
  const ofSensor = (s: { area: AreaCode | null }) => s.area;
  const places: Places = { locate: () => null, of: async () => () => null, extent: () => null, ofSensor, prepare() {}, close() {} };
  const apart = { judge: () => ({ is: 'live' }) as const, patrol: { hear: async () => {}, doubt: () => {} } }; // sensors only
  const engine = openEngine({ ledger, telemetry, places, watch, ...apart, store: {} as never, cameraSaid() {}, now: () => clock.now });
  return { ledger, engine, tick, openMs, held: () => memory() - before };
}
type House = Awaited<ReturnType<typeof house>>;

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;
const memory = () => {
  gc();
  gc(); // what finalizers let go of, too
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};
const cpuMs = (from: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
};
const median = (list: readonly number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!;

/** Readings of sensors all over the city, one in five thousand beyond a limit. The same for every house. */
const readings = (round: number): Sent[] =>
  Array.from({ length: READINGS }, (_, n) => {
    const k = round * READINGS + n;
    const value = k % 5_000 === 0 ? 85 : 20 + ((k * 7) % 30);
    return { kind: 'reading', sensor: `s-${(k * 7_919) % SENSORS}`, at: new Date(T0 + Math.floor(k / 5)).toISOString(), value };
  });
/** Five thousand sensors of a few places, all beyond their limit at once. */
const flood = (second: number, value: number): Sent[] =>
  Array.from({ length: FLOOD }, (_, n) => ({ kind: 'reading', sensor: `s-${n}`, at: new Date(T0 + second * 1000).toISOString(), value }));

type Sent = { kind: 'reading'; sensor: string; at: string; value: number };
/** Microseconds of CPU per reading, in batches as a door hands them in. */
async function play(h: House, clock: { now: number }, list: readonly Sent[]): Promise<number> {
  const from = process.cpuUsage();
  for (let n = 0; n < list.length; n += 500) {
    const batch = list.slice(n, n + 500);
    clock.now = Math.max(clock.now, Date.parse(batch.at(-1)!.at));
    await Promise.all(batch.map((r) => h.engine.receive(r, { actor, receivedAt: epochMs(clock.now) })));
  }
  return (cpuMs(from) * 1000) / list.length;
}

function city(): { plain: World; ruled: World; buildMs: number } {
  const centre = zCentre.parse({
    ...fixtureCentre,
    sensorKinds: kinds.map((code) => ({
      code,
      name: { zh: code, en: code },
      alarm: { zh: code, en: code },
      unit: '',
      range: { min: 0, max: 100 },
      priority: 3,
      intervalS: 200,
    })),
  });
  const areas = Array.from({ length: AREAS }, (_, n) => ({
    code: place(n),
    name: 'x',
    level: 'grid',
    parent: null,
    households: 0,
    people: 0,
  }));
  const facts: Fact[] = [
    { kind: 'centre.configured', body: centre },
    { kind: 'boundaries.published', body: { version: 1, hash: GENESIS, validFrom: epochMs(T0), areas } },
  ];
  for (let n = 0; n < SENSORS; n += PER_ENTRY) {
    const sensors = Array.from({ length: PER_ENTRY }, (_, i) => {
      const k = n + i;
      return {
        id: `s-${k}`,
        kind: kinds[k % kinds.length]!,
        name: `s-${k}`,
        lngLat: [104 + (k % 1000) / 1e4, 30.6] as const,
        area: place(k),
      };
    });
    facts.push({ kind: 'sensors.registered', body: { sensors } });
  }
  const sealed = (list: readonly Fact[], after: number) =>
    list.map((fact, i) => ({ ...fact, seq: after + 1 + i, at: T0 - 1, actor: 'op', prev: GENESIS, hash: GENESIS }) as unknown as Entry);
  const start = performance.now();
  const plain = fold(emptyWorld, sealed(facts, 0));
  const buildMs = performance.now() - start;
  const rules = kinds.flatMap(rulesOf).map((rule): Fact => ({ kind: 'rule.set', body: { rule } }));
  return { plain, ruled: fold(plain, sealed(rules, plain.seq)), buildMs };
}

export async function run(print: (line: string) => void): Promise<void> {
  const { plain, ruled, buildMs } = city();
  print(
    `${SENSORS} sensors folded from ${SENSORS / PER_ENTRY} entries at once in ${(buildMs / 1000).toFixed(1)} s; both houses share them`,
  );

  const clock = { now: T0 };
  const none = await house(plain, clock, false);
  const watched = await house(ruled, clock, true);
  print(
    `memory of the rules: ${(watched.held() / SENSORS).toFixed(0)} B per sensor, every one heard, ${rulesOf('gas').length} rules a kind, ` +
      `${kinds.length * 70} overrides in all; opened in ${(watched.openMs / 1000).toFixed(1)} s of CPU`,
  );

  await play(none, clock, readings(0)); // warm up
  await play(watched, clock, readings(0));
  const [a, b]: [number[], number[]] = [[], []];
  for (let r = 1; r <= ROUNDS; r++) {
    b.push(await play(none, clock, readings(r)));
    a.push(await play(watched, clock, readings(r)));
  }
  const us = median(a);
  const ratio = median(a.map((x, i) => x / b[i]!));
  print(
    `CPU per reading: ${us.toFixed(1)} us with the rules, ${median(b).toFixed(1)} us with none; ratio ${ratio.toFixed(2)}; ` +
      `5,000 readings/s take ${(us * 0.5).toFixed(1)} % of a core; ${watched.ledger.world.alarms.size} alarms stand`,
  );
  watched.tick(); // the first one after a start also warms up
  const review = process.cpuUsage();
  watched.tick();
  const slice = cpuMs(review);
  for (let n = 0; n < SENSORS / 2_000; n++) watched.tick(); // what it does after a start, done
  const ticks: number[] = [];
  for (let n = 0; n < 20; n++) {
    clock.now += 1000;
    const from = process.cpuUsage();
    watched.tick();
    ticks.push(cpuMs(from));
  }
  print(
    `the second's tick with nothing due: ${median(ticks).toFixed(1)} ms of CPU; a slice of sensors judged again ${slice.toFixed(1)} ms`,
  );

  const second = Math.ceil((clock.now - T0) / 1000) + 1;
  const calm = await play(watched, clock, flood(second, 21));
  const raised = await play(watched, clock, flood(second + 1, 99));
  const cleared = await play(watched, clock, flood(second + 2, 21));
  print(
    `a flood of ${FLOOD}: ${((raised * FLOOD) / 1000).toFixed(0)} ms of CPU to raise them (${(raised / calm).toFixed(1)} times the same ` +
      `readings when calm, facts decided and folded, hash and disk apart), ${((cleared * FLOOD) / 1000).toFixed(0)} ms to clear them`,
  );
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await run((line) => console.log(line));
