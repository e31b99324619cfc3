import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import type { WebSocket } from 'ws';
import type { Actor } from '../../model/access.ts';
import { areaCode } from '../../model/brand.ts';
import { fold } from '../../model/fold/fold.ts';
import { decodeFrame, STATUS_ONLINE } from '../../model/frame.ts';
import { applyFrame, isKnown, type Latest, latest } from '../../model/latest.ts';
import type { Entry } from '../../model/ledger.ts';
import {
  ACK_EVERY_BYTES,
  type ClientEvents,
  type JoinAnswer,
  PROTOCOL_VERSION,
  type ServerEvents,
  type Snapshot,
  STREAM_PATH,
  type Status,
} from '../../model/wire.ts';
import * as parser from '../../model/wire-parser.ts';
import { emptyWorld, type World, worldFromJson } from '../../model/world.ts';
import type { Ledger } from '../../server/ledger/ledger.ts';
import { openStream, type StreamOptions } from '../../server/stream/stream.ts';
import type { LiveTelemetry } from '../../server/telemetry/telemetry.ts';
import { quiet } from './telemetry-support.ts';

export const operator: Actor = { id: 'op', role: 'operator', area: areaCode('510107062') };
/** Sees one of the two communities. */
export const scoped: Actor = { id: 'co', role: 'screen', area: areaCode('510107062007') };

/** A stream on a port of its own. The actor is named by the header `x-actor`; anything else is nobody. */
export async function streetStream(ledger: Ledger, telemetry: LiveTelemetry, options: Partial<StreamOptions> = {}) {
  const httpServer = createServer();
  await new Promise<void>((done) => {
    httpServer.listen(0, '127.0.0.1', done);
  });
  const { port } = httpServer.address() as AddressInfo;
  const actors: Record<string, Actor> = { op: operator, co: scoped, device: { ...operator, role: 'device' } };
  const stream = openStream({
    httpServer,
    ledger,
    telemetry,
    actorOf: (headers) => actors[String(headers['x-actor'])] ?? null,
    originAllowed: (origin) => origin === undefined || origin === `http://127.0.0.1:${port}`,
    doors: () => [],
    demo: false,
    now: Date.now,
    log: quiet,
    ...options,
  });
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    stream,
    async close() {
      stream.close();
      httpServer.closeAllConnections();
      await new Promise((done) => httpServer.close(done));
    },
  };
}

export interface TestScreen {
  readonly socket: Socket<ServerEvents, ClientEvents>;
  world: World;
  table: Latest;
  /** what must never happen: a gap, a repetition, a frame that cannot be read */
  readonly errors: string[];
  readonly modes: string[];
  readonly entries: Entry[];
  readonly statuses: Status[];
  answer: JoinAnswer | null;
  frames: number;
  frameBytes: number;
  /** the WebSocket below, while connected */
  wire(): (WebSocket & { _socket: import('node:net').Socket }) | undefined;
  close(): void;
}

/** A screen as a browser would be one: joins on every connect with what it has, folds, applies, acknowledges. */
export function openScreen(url: string, actor: string, join: { protocol?: number; centre?: string } = {}): TestScreen {
  const socket: Socket<ServerEvents, ClientEvents> = io(url, {
    path: STREAM_PATH,
    transports: ['websocket'],
    parser,
    extraHeaders: { 'x-actor': actor },
    forceNew: true,
    reconnectionDelay: 1,
    reconnectionDelayMax: 20,
  });
  let applied = 0;
  let acknowledged = 0;
  const screen: TestScreen = {
    socket,
    world: emptyWorld,
    table: latest(),
    errors: [],
    modes: [],
    entries: [],
    statuses: [],
    answer: null,
    frames: 0,
    frameBytes: 0,
    wire: () => (socket.io.engine?.transport as unknown as { ws?: ReturnType<TestScreen['wire']> })?.ws,
    close: () => {
      socket.disconnect();
    },
  };
  const attempt = (what: string, run: () => void) => {
    try {
      run();
    } catch (error) {
      screen.errors.push(`${what}: ${(error as Error).message}`);
    }
  };
  socket.on('connect', () => {
    applied = 0;
    acknowledged = 0;
    const { seq, head } = screen.world;
    socket.emit('join', { protocol: PROTOCOL_VERSION, centre: '', seq, head, ...join }, (answer) => {
      screen.answer = answer;
      if (answer.ok) screen.modes.push(answer.mode);
    });
  });
  socket.on('snapshot', (s: Snapshot) =>
    attempt('snapshot', () => {
      screen.world = worldFromJson(s.world);
      screen.table = latest();
      applyFrame(screen.table, decodeFrame(s.frame));
    }),
  );
  socket.on('entries', (entries) =>
    attempt('entries', () => {
      screen.world = fold(screen.world, entries);
      screen.entries.push(...entries);
    }),
  );
  socket.on('frame', (bytes) =>
    attempt('frame', () => {
      applyFrame(screen.table, decodeFrame(bytes));
      applied += bytes.length;
      screen.frames += 1;
      screen.frameBytes += bytes.length;
      if (applied - acknowledged < ACK_EVERY_BYTES) return;
      acknowledged = applied;
      socket.emit('ack', applied);
    }),
  );
  socket.on('status', (s) => screen.statuses.push(s));
  return screen;
}

/** What a table says on the wire: exact places and values; ages within half a tenth of a second are compared apart. */
export function tableOf(t: Latest) {
  const known = (side: { length: number; at: Float64Array }) =>
    Array.from({ length: side.length }, (_, ix) => ix).filter((ix) => isKnown(side, ix));
  return {
    units: known(t.units).map((ix) => [ix, t.units.lng[ix], t.units.lat[ix], (t.units.status[ix] as number) & STATUS_ONLINE]),
    sensors: known(t.sensors).map((ix) => [ix, t.sensors.value[ix], t.sensors.status[ix]]),
  };
}
