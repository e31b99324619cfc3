import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { WebSocket, WebSocketServer } from 'ws';
import { areaCode, epochMs } from '../../model/brand.ts';
import { decodeFrame, encodeFrame } from '../../model/frame.ts';
import { ACK_EVERY_BYTES, PROTOCOL_VERSION, STREAM_PATH } from '../../model/wire.ts';
import * as parser from '../../model/wire-parser.ts';
import { emptyWorld, type World } from '../../model/world.ts';
import { openStream } from '../../server/stream/stream.ts';
import { openTelemetry } from '../../server/telemetry/open-telemetry.ts';

export const title = 'fan-out: 12,000 positions/s to 1, 10, 50 screens, cases taking turns; CPU is the server process alone';

const UNITS = 12_000;
const PULSE_MS = 25;
const SLICE_MS = 1500;
const ROUNDS = 6;
/** Turns that only warm the compiler up. */
const WARM_ROUNDS = 2;
/** The JSON cases differ by factors, not per cents: fewer turns suffice. */
const JSON_ROUNDS = 4;
const SCREENS = [1, 10, 50];
/** One emit per unit and screen saturates the process: that case sends a sample of each tick, and is judged per position. */
const MAX_EMITS_PER_TICK = 10_000;

const kinds = ['our stream', 'raw ws, same bytes', 'Socket.IO JSON batch', 'Socket.IO JSON per unit'] as const;
type Kind = (typeof kinds)[number];
interface Received {
  positions: number;
  bytes: number;
  latencies: number[];
}

/** Seven communities side by side, a kilometre each, as in the demonstration street. */
const communities = Array.from({ length: 7 }, (_, i) => areaCode(`51010706200${i + 1}`));
const street = areaCode('510107062');
const area = (code: typeof street, level: string, parent: typeof street | null) => ({
  code,
  name: code,
  level,
  parent,
  households: 0,
  people: 0,
});
const world: World = {
  ...emptyWorld,
  areas: new Map([area(street, 'street', null), ...communities.map((c) => area(c, 'community', street))].map((a) => [a.code, a])),
};
/** Numbers that look random and are the same in every run. */
function seeded(seed: number) {
  let s = seed;
  return () => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return s / 2 ** 32;
  };
}

// ---- the screens, in a process of their own ----

function listen(kind: Kind, url: string, first: boolean, got: Received): Promise<() => void> {
  const late = (at: number) => {
    if (got.latencies.length < 200_000) got.latencies.push(Date.now() - at);
  };
  const binary = (bytes: Uint8Array) => {
    got.bytes += bytes.length;
    if (!first) return; // one screen reads closely, the others would only heat the room
    for (const s of decodeFrame(bytes).segments) {
      got.positions += s.positions.length;
      for (const at of s.positions.at) late(at);
    }
  };
  if (kind === 'raw ws, same bytes') {
    const ws = new WebSocket(url.replace('http', 'ws'));
    ws.on('message', (data: Buffer) => binary(data));
    return once(ws, 'open').then(() => () => ws.terminate());
  }
  const socket = io(url, { path: STREAM_PATH, transports: ['websocket'], forceNew: true, ...(kind === 'our stream' ? { parser } : {}) });
  let applied = 0;
  let acknowledged = 0;
  socket.on('frame', (bytes: Uint8Array) => {
    binary(bytes);
    applied += bytes.length;
    if (applied - acknowledged < ACK_EVERY_BYTES) return;
    acknowledged = applied;
    socket.emit('ack', applied);
  });
  socket.on('positions', (list: { at: number }[]) => {
    if (first) {
      got.positions += list.length;
      for (const p of list) late(p.at);
    }
  });
  socket.on('position', (p: { at: number }) => {
    if (first) {
      got.positions += 1;
      late(p.at);
    }
  });
  return new Promise((done) => {
    socket.on('connect', () => {
      if (kind !== 'our stream') socket.io.engine.on('packet', (p: { data?: string }) => (got.bytes += p.data?.length ?? 0));
      else socket.emit('join', { protocol: PROTOCOL_VERSION, centre: '' }, () => done(() => socket.disconnect()));
      if (kind !== 'our stream') done(() => socket.disconnect());
    });
  });
}

function screensProcess() {
  let closers: (() => void)[] = [];
  let got: Received = { positions: 0, bytes: 0, latencies: [] };
  process.on('message', async (m: { open?: { kind: Kind; url: string; n: number }; measure?: true; report?: true; quit?: true }) => {
    if (m.quit) process.exit(0);
    if (m.open) {
      const { kind, url, n } = m.open;
      got = { positions: 0, bytes: 0, latencies: [] };
      const current = got;
      closers = await Promise.all(Array.from({ length: n }, (_, i) => listen(kind, url, i === 0, current)));
      process.send?.('opened');
    }
    if (m.measure) Object.assign(got, { positions: 0, bytes: 0, latencies: [] });
    if (m.report) {
      const sorted = got.latencies.sort((a, b) => a - b);
      const q = (p: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
      process.send?.({ positions: got.positions, bytes: got.bytes, p50: q(0.5), p99: q(0.99) });
      for (const close of closers) close();
    }
  });
}

// ---- the server ----

type Report = { positions: number; bytes: number; p50: number; p99: number };
interface Figures {
  cpuMs: number;
  /** CPU ms per delivered position of each round */
  each: number[];
  delivered: number;
  bytes: number;
  p50: number[];
  p99: number[];
}

async function listening(attach: (server: ReturnType<typeof createServer>) => void) {
  const server = createServer();
  attach(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

export async function run(print: (line: string) => void): Promise<void> {
  const none = async () => {};
  const store = {
    putFrame: none,
    putKeyframe: none,
    framesBetween: async () => [],
    keyframeBefore: async () => null,
    rowAfter: async () => null,
  };
  const telemetry = await openTelemetry({
    store,
    film: store,
    world: () => world,
    locate: () => null,
    now: Date.now,
    log: { warn: () => {} },
  });
  const random = seeded(7);
  const home = Float64Array.from({ length: UNITS * 2 }, () => random() * 0.01);
  let turn = 0;
  const pulse = setInterval(() => {
    const now = Date.now();
    for (let i = 0; i < (UNITS * PULSE_MS) / 1000; i++) {
      const ix = turn++ % UNITS;
      const c = ix % 7;
      const lng = 104 + c * 0.012 + (home[ix * 2] as number) + random() * 2e-4;
      const lat = 30.61 + (home[ix * 2 + 1] as number) + random() * 2e-4;
      telemetry.position({
        id: `u-${ix}`,
        ix,
        lngLat: [lng, lat],
        heading: random() * 359,
        speed: random() * 12,
        at: epochMs(now - Math.floor(random() * 50)),
        receivedAt: epochMs(now),
        area: communities[c] ?? null,
      });
    }
  }, PULSE_MS);

  let active: Kind | null = null;
  const json = (ix: number) => {
    const u = telemetry.latest.units;
    const [lng, lat] = [(u.lng[ix] as number) / 1e7, (u.lat[ix] as number) / 1e7];
    return {
      unit: `u-${ix}`,
      lngLat: [lng, lat],
      heading: Math.round(u.heading[ix] as number),
      speed: Math.round((u.speed[ix] as number) * 10) / 10,
      at: u.at[ix],
    };
  };
  let raw!: WebSocketServer;
  let plain!: Server;
  let ours!: ReturnType<typeof openStream>;
  const quiet = { info: () => {}, warn: () => {} };
  const servers = {
    'our stream': await listening((httpServer) => {
      ours = openStream({
        httpServer,
        ledger: { world, follow: () => () => {}, read: async () => [] },
        telemetry,
        actorOf: () => ({ id: 'bench', role: 'screen', area: street }),
        originAllowed: () => true,
        doors: () => [],
        demo: false,
        now: Date.now,
        log: quiet,
      });
    }),
    'raw ws, same bytes': await listening((server) => {
      raw = new WebSocketServer({ server, perMessageDeflate: false });
    }),
    json: await listening((server) => {
      plain = new Server(server, { path: STREAM_PATH, transports: ['websocket'], perMessageDeflate: false, serveClient: false });
    }),
  };
  const urlOf = (kind: Kind) => (kind === 'our stream' || kind === 'raw ws, same bytes' ? servers[kind].url : servers.json.url);
  telemetry.onTick((tick) => {
    if (active === 'raw ws, same bytes') {
      const frame = encodeFrame(tick.at, [...tick.segments.values()]);
      for (const ws of raw.clients) ws.send(frame);
    } else if (active === 'Socket.IO JSON batch') plain.emit('positions', Array.from(tick.units, json));
    else if (active === 'Socket.IO JSON per unit') {
      const most = Math.max(1, Math.floor(MAX_EMITS_PER_TICK / Math.max(1, plain.engine.clientsCount)));
      for (const ix of tick.units.subarray(0, most)) plain.emit('position', json(ix));
    }
  });

  const child: ChildProcess = fork(fileURLToPath(import.meta.url), ['--screens'], { execArgv: process.execArgv });
  const ask = async <T>(message: object): Promise<T> => {
    const answer = once(child, 'message');
    child.send(message);
    return (await answer)[0] as T;
  };
  const pause = (ms: number) => new Promise((later) => setTimeout(later, ms));
  const cpu = async (ms: number) => {
    const before = process.cpuUsage();
    await pause(ms);
    const used = process.cpuUsage(before);
    return (used.user + used.system) / 1000;
  };

  const table = new Map<string, Figures>();
  let idleMs = 0;
  try {
    await pause(2000);
    for (let round = 0; round < ROUNDS; round++) {
      idleMs += await cpu(SLICE_MS);
      for (const n of SCREENS)
        for (const kind of round % 2 ? [...kinds].reverse() : kinds) {
          if (kind.includes('JSON') && (round < WARM_ROUNDS || round >= JSON_ROUNDS)) continue;
          await ask({ open: { kind, url: urlOf(kind), n } });
          active = kind;
          await pause(600);
          child.send({ measure: true });
          const cpuMs = await cpu(SLICE_MS);
          const report = await ask<Report>({ report: true });
          active = null;
          if (round < WARM_ROUNDS) {
            await pause(400);
            continue;
          }
          const key = `${n} ${kind}`;
          const f = table.get(key) ?? { cpuMs: 0, each: [], delivered: 0, bytes: 0, p50: [], p99: [] };
          f.cpuMs += cpuMs;
          f.each.push(cpuMs / (report.positions * n));
          f.delivered += report.positions * n;
          f.bytes += report.bytes;
          f.p50.push(report.p50);
          f.p99.push(report.p99);
          table.set(key, f);
          await pause(400);
        }
    }
  } finally {
    child.send({ quit: true });
    clearInterval(pulse);
    ours.close();
    raw.close();
    await plain.close();
    for (const s of Object.values(servers)) s.close();
    await telemetry.close();
  }

  const median = (list: readonly number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
  const fixed = idleMs / ROUNDS;
  const percent = (ms: number) => `${((ms / SLICE_MS) * 100).toFixed(1)} %`;
  print(`taking 12,000 positions/s in and encoding their segments, no screen: ${percent(fixed)} of a core`);
  print('screens | case                    | bytes/position | CPU    | us CPU per delivered position | p50 / p99 ms from fix to screen');
  for (const n of SCREENS)
    for (const kind of kinds) {
      const f = table.get(`${n} ${kind}`) as Figures;
      const columns = [
        String(n).padStart(7),
        kind.padEnd(23),
        (f.bytes / f.delivered).toFixed(2).padStart(14),
        percent(f.cpuMs / f.each.length).padStart(6),
        (median(f.each) * 1000).toFixed(3).padStart(29),
        `${Math.round(median(f.p50))} / ${Math.round(median(f.p99))}`,
      ];
      print(columns.join(' | '));
    }
  for (const n of SCREENS) {
    const of = (kind: Kind) => table.get(`${n} ${kind}`) as Figures;
    const bytes = (kind: Kind) => of(kind).bytes / of(kind).delivered;
    // neighbours in time are compared, so that what else the machine does falls out
    const toRaw = median(of('our stream').each.map((cost, round) => cost / (of('raw ws, same bytes').each[round] as number)));
    const times = (kind: Kind) => `${(median(of(kind).each) / median(of('our stream').each)).toFixed(1)}x`;
    print(
      `${n} screens: CPU per position ${toRaw.toFixed(2)}x raw ws (goal 1.1); JSON batch ${times('Socket.IO JSON batch')} ours, JSON per unit ${times('Socket.IO JSON per unit')}; ` +
        `${bytes('our stream').toFixed(2)} bytes per position (goal 10) against ${bytes('Socket.IO JSON batch').toFixed(0)} and ${bytes('Socket.IO JSON per unit').toFixed(0)}`,
    );
  }
}

if (process.argv.includes('--screens')) screensProcess();
else if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(`# ${title}`);
  await run((line) => console.log(line));
}
