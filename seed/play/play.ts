import { setTimeout as sleep } from 'node:timers/promises';
import { dayStart } from '../../model/centre.ts';
import { Watched } from '../causes.ts';
import { demoCentre } from '../centre.ts';
import { cameras, sensors } from '../devices.ts';
import { callers, type DemoUnit, onDutyOf, staff } from '../people.ts';
import { quietOf } from '../quiet.ts';
import { rngFor } from '../rng.ts';
import { communities, STREET } from '../street/plan.ts';
import { buildStreet } from '../street/street.ts';
import { walkGraph } from '../street/walk.ts';
import { terminals } from '../terminals.ts';
import { Memory, pastReadings } from './backfill.ts';
import { Desk } from './desk.ts';
import { type Device, Gateway } from './gateways.ts';
import { Hands } from './hands.ts';
import { handInWalks } from './past-walks.ts';
import { DemoServer, type WorldNow } from './server.ts';
import { Shifts } from './shifts.ts';
import { Signals } from './signals.ts';
import { Terminal } from './terminal.ts';
import { Visitors } from './visitors.ts';
import { Walkers } from './walkers.ts';

export interface PlayOptions {
  /** address of the server, e.g. http://127.0.0.1:8080 */
  readonly url: string;
  /** address of the broker, e.g. mqtt://127.0.0.1:1883 */
  readonly mqtt: string;
  /** host:port of the JT/T 808 door; absent = every vehicle reports as the others do */
  readonly jt808?: string;
  /** street minutes per minute, 1 to 60 */
  readonly speed?: number;
  /** patrol units; more than are registered needs `token` */
  readonly units?: number;
  readonly seed?: number;
  /** the administrator's token: registers the units a load test asks for */
  readonly token?: string;
  readonly log: (line: string) => void;
}

const TICK_MS = 500;
const FOLLOW_MS = 2000;
const SAY_MS = 10_000;
/** Handhelds that connect to the broker themselves; further ones share gateways. */
const HANDHELDS = 40;

/**
 * Let the demonstration day run until `signal` is aborted: units walk, sensors read, residents report, operators follow up; all
 * through MQTT, HTTP and JT/T 808 as real devices would. A server that goes away is waited for. The street's clock runs `speed` times
 * as fast as ours from the moment of the start; every message carries our time.
 */
export async function play(options: PlayOptions, signal: AbortSignal): Promise<void> {
  const { speed = 1, seed = 1, log } = options;
  if (!(speed >= 1 && speed <= 60)) throw new RangeError('speed is a number from 1 to 60');
  const server = new DemoServer(options.url, signal);
  const world = await firstWorld(server, signal);
  if (!world) return;

  const street = buildStreet();
  const count = options.units ?? 48;
  const crew = staff(street, count).units;
  const known = new Set(world.units.map((u) => u.id));
  const missing = crew.filter((u) => !known.has(u.id));
  if (missing.length && options.token) {
    for (let i = 0; i < missing.length; i += 2000) {
      const rows = missing.slice(i, i + 2000).map(({ person: _, ...u }) => u);
      await server.ask('/api/v1/registry', { units: rows }, { authorization: `Bearer ${options.token}` });
    }
    log(`登记巡防力量 ${missing.length}`);
  }
  const listed = options.token ? crew : crew.filter((u) => known.has(u.id));
  const onDuty = onDutyOf(listed, seed);

  const startedAt = Date.now();
  const streetNow = () => startedAt + (Date.now() - startedAt) * speed;
  const offset = demoCentre.utcOffsetMinutes;
  const hourAt = (t: number) => (t - dayStart(t, offset)) / 3_600_000;
  const places = new Map(world.units.flatMap((u) => (u.lngLat ? [[u.id, u.lngLat] as const] : [])));
  const graph = walkGraph(street);
  const walkers = new Walkers(street, graph, onDuty, seed, places);
  const gauges = sensors(street);
  const watched = new Watched(street, gauges);
  const quiet = quietOf(street);
  const standing = world.alarms.filter((a) => a.active);
  const signals = new Signals(watched, quiet, seed, startedAt, standing);
  const desk = new Desk({ street, units: onDuty, callers: callers(street), seed, speed });
  const hands = new Hands(server, desk, walkers, world.seq);
  await hands.takeOver(world, startedAt);
  const shifts = new Shifts(onDuty, walkers, startedAt);

  // who connects how: vehicles that are bound to a terminal by JT/T 808; of the others every second unit by MQTT, the rest through the
  // HTTP door in batches; sensors by two gateways a community
  const terminalOf = options.jt808 ? await vehicles(server, options.jt808, crew, onDuty) : new Map<number, Terminal>();
  const others = onDuty.map((_, i) => i).filter((i) => !terminalOf.has(i));
  const byMqtt = others.filter((_, k) => k % 2 === 0);
  const byHttp = others.filter((_, k) => k % 2 === 1);
  const gatewayOf = new Map<number, Gateway>();
  const gateways: Gateway[] = [];
  const connect = (name: string, devices: Device[]) => {
    const g = new Gateway(options.mqtt, STREET.code, name, devices);
    gateways.push(g);
    return g;
  };
  const idle = new Set(listed.map((u) => u.id));
  for (const u of onDuty) idle.delete(u.id);
  const holders = Math.min(HANDHELDS, byMqtt.length);
  for (let h = 0; h < holders; h++) {
    const mine = byMqtt.filter((_, k) => k % holders === h);
    const g = connect(
      `unit-${h}`,
      mine.map((i) => ({ kind: 'unit', id: onDuty[i]!.id, online: shifts.speaks(i) })),
    );
    for (const i of mine) gatewayOf.set(i, g);
  }
  const sensorGateway = new Map<string, Gateway>();
  const eyes = cameras(street);
  const eyesAway = rngFor(seed, 'cameras away');
  communities.forEach((c, n) => {
    const own = gauges.filter((s) => s.area.startsWith(c.code));
    for (const half of [0, 1]) {
      const mine = own.filter((_, i) => i % 2 === half);
      const g = connect(
        `gateway-${c.code}-${half}`,
        mine.map((s) => ({ kind: 'sensor', id: s.id, online: !signals.silent.has(s.id) })),
      );
      for (const s of mine) sensorGateway.set(s.id, g);
    }
    connect(
      `video-${c.code}`,
      eyes.filter((_, i) => i % communities.length === n).map((e) => ({ kind: 'camera', id: e.id, online: eyesAway() > 0.02 })),
    );
  });
  const httpDevices: Device[] = byHttp.map((i) => ({ kind: 'unit', id: onDuty[i]!.id, online: shifts.speaks(i) }));
  const httpStates = connect('units-http', [...httpDevices, ...[...idle].map((id): Device => ({ kind: 'unit', id, online: false }))]);

  const counts = { positions: 0, readings: 0 };
  const nextFix = onDuty.map((_, i) => startedAt + (i % 7) * 500);
  const gap = rngFor(seed, 'fixes');
  let before = startedAt;
  let decided = startedAt;
  let followAt = 0;
  let sayAt = startedAt + SAY_MS;
  let following = false;
  let httpBusy = false;
  let acting: Promise<void> = Promise.resolve();
  let inHand = 0;
  let past: readonly object[] = pastReadings(watched, quiet, standing, startedAt);
  const pastAt = startedAt + 12_000; // after every gateway has told what its sensors read now: older ones are history then
  const memory = new Memory(server, watched, quiet, street.seed, startedAt, signals.voiceless());
  const visitors = new Visitors(server, seed, startedAt);
  let visiting = false;
  // one entry the desk cannot make sense of must not end the day
  const stumble = (error: unknown) => log(`演示一步未成：${error instanceof Error ? error.message : String(error)}`);
  try {
    while (!signal.aborted) {
      await sleep(TICK_MS, undefined, { signal }).catch(() => {});
      const real = Date.now();
      const now = streetNow();
      const ms = Math.min(now - before, 60_000);
      before = now;
      const at = new Date(real).toISOString();

      walkers.advance(ms);
      const batch: object[] = [];
      for (const i of shifts.advance(real)) (gatewayOf.get(i) ?? httpStates).turn(onDuty[i]!.id, shifts.speaks(i));
      onDuty.forEach((_, i) => {
        if (real < nextFix[i]! || !shifts.speaks(i)) return;
        nextFix[i] = real + 2000 + gap() * 3000;
        const { unit, ...fix } = walkers.fix(i);
        const g = gatewayOf.get(i);
        const terminal = terminalOf.get(i);
        counts.positions += 1;
        if (terminal) terminal.report({ at: real, ...fix });
        else if (g) g.position(unit, { at, ...fix });
        else batch.push({ kind: 'position', unit, at, ...fix });
      });
      if (batch.length && !httpBusy) {
        httpBusy = true;
        void postAll(server, batch).finally(() => {
          httpBusy = false;
        });
      }
      for (const { sensor, value } of signals.advance(now, ms, hourAt(now))) {
        counts.readings += 1;
        sensorGateway.get(sensor)?.reading(sensor, { at, value });
      }

      if (past.length && real >= pastAt) {
        void postAll(server, past)
          .then(() =>
            Promise.all([memory.handIn(signal), handInWalks(server, { street, graph, units: onDuty, seed, now: startedAt }, signal)]),
          )
          .catch(stumble);
        past = [];
      }

      if (!visiting) {
        visiting = true;
        void visitors
          .advance(now, hourAt(now))
          .catch(stumble)
          .finally(() => {
            visiting = false;
          });
      }

      // decide only on what the server has confirmed: nothing while earlier actions are on their way
      if (inHand === 0 && !following) {
        const actions = desk.advance(now, Math.min(now - decided, 300_000), hourAt(now), (u, a) => walkers.isThere(u, a));
        decided = now;
        if (actions.length) {
          inHand = 1;
          acting = hands
            .act(actions, at, streetNow)
            .then(() => hands.follow(streetNow))
            .catch(stumble)
            .finally(() => {
              inHand = 0;
            });
        }
      }
      if (real >= followAt && !following && inHand === 0) {
        followAt = real + FOLLOW_MS;
        following = true;
        void hands
          .follow(streetNow)
          .catch(stumble)
          .finally(() => {
            following = false;
          });
      }
      if (real >= sayAt) {
        sayAt = real + SAY_MS;
        const lines = [...gateways, ...terminalOf.values()];
        const up = lines.filter((l) => l.connected).length;
        log(
          `位置 ${counts.positions} 读数 ${counts.readings} 上报 ${hands.reports} 处置步骤 ${hands.steps} · 在办 ${desk.open()} 告警 ${desk.alarms.size} · 连接 ${up}/${lines.length} 失败 ${server.failures}`,
        );
      }
    }
  } finally {
    await acting.catch(() => {});
    await Promise.all([...gateways, ...terminalOf.values()].map((l) => l.close()));
  }
}

async function firstWorld(server: DemoServer, signal: AbortSignal): Promise<WorldNow | null> {
  while (!signal.aborted) {
    const world = await server.world();
    if (world) return world;
    await sleep(1000, undefined, { signal }).catch(() => {});
  }
  return null;
}

/** Terminals of the vehicles on duty, by their place in `onDuty`; only of units that are bound to one, for others would not be shown. */
async function vehicles(server: DemoServer, address: string, crew: readonly DemoUnit[], onDuty: readonly DemoUnit[]) {
  const known = await server.ask<{ bound: readonly { door: string; unit: string }[] }>('/api/v1/devices');
  const bound = new Set(known?.bound.filter((b) => b.door === 'jt808').map((b) => b.unit));
  const out = new Map<number, Terminal>();
  for (const { unit, phone } of terminals(crew)) {
    const i = onDuty.findIndex((u) => u.id === unit);
    if (i >= 0 && bound.has(unit)) out.set(i, new Terminal(address, phone));
  }
  return out;
}

async function postAll(server: DemoServer, reports: readonly object[]) {
  for (let i = 0; i < reports.length; i += 500) await server.ask('/api/v1/reports', { reports: reports.slice(i, i + 500) });
}
