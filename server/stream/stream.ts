import type { Server as HttpServer, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Server } from 'socket.io';
import { z } from 'zod';
import { type Actor, may } from '../../model/access.ts';
import { encodeFrame } from '../../model/frame.ts';
import type { Entry } from '../../model/ledger.ts';
import {
  type ClientEvents,
  type DoorStatus,
  type JoinAnswer,
  type JoinRequest,
  PROTOCOL_VERSION,
  type ServerEvents,
  type Snapshot,
  STREAM_PATH,
} from '../../model/wire.ts';
import * as parser from '../../model/wire-parser.ts';
import { treeOf, type World, worldToJson } from '../../model/world.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { TelemetryFeed, Tick } from '../telemetry/telemetry.ts';
import { scopedEntries, scopedWorld, scopeOf } from './scope.ts';
import { Screen, type ScreenSocket } from './screen.ts';

/** A screen further behind than this starts from a snapshot: folding more costs it longer than reading the world anew. */
export const MAX_RESUME = 5000;
const PAGE = 500;
const STATUS_MS = 1000;
/** Nothing but the next status is lost by leaving one out for a screen that does not read. */
const STATUS_BACKLOG_BYTES = 64 * 1024;
const MAX_SCREENS = 5000;

export interface StreamOptions {
  readonly httpServer: HttpServer;
  readonly ledger: Pick<Ledger, 'world' | 'follow' | 'read'>;
  readonly telemetry: TelemetryFeed;
  /** who asks, from the headers of the upgrade; null = nobody we know */
  readonly actorOf: (headers: IncomingHttpHeaders, remoteAddress: string) => Actor | null | Promise<Actor | null>;
  /** whether a page of this origin may open a stream here; undefined = not a browser */
  readonly originAllowed: (origin: string | undefined, host: string | undefined) => boolean;
  readonly doors: () => readonly DoorStatus[];
  /** visitors are signed in without an account */
  readonly demo: boolean;
  readonly now: () => number;
  readonly log: { info(details: object, message: string): void; warn(details: object, message: string): void };
  /** how long a silent connection is kept, ms: asked after the first, closed after the second more */
  readonly ping?: { readonly interval: number; readonly timeout: number };
}

export interface ScreenFigures {
  readonly actor: string;
  readonly seq: number;
  readonly live: boolean;
  readonly lagMs: number;
  readonly queuedBytes: number;
  readonly unacknowledgedBytes: number;
}
export interface Stream {
  screens(): number;
  figures(): ScreenFigures[];
  close(): void;
}

const zJoin = z.object({
  protocol: z.number(),
  centre: z.string().max(40),
  seq: z.number().int().min(0).optional(),
  head: z.string().max(64).optional(),
});

/** Screens: who may watch, what each has had, and what it gets next. See docs/life-of-a-frame.md. */
export function openStream(options: StreamOptions): Stream {
  const { ledger, telemetry, now, log } = options;
  const screens = new Set<Screen>();
  const actors = new WeakMap<IncomingMessage, Actor>();
  let published = ledger.world.seq as number;
  let folded = ledger.world;
  let closed = false;

  async function admit(req: IncomingMessage): Promise<string | null> {
    if (closed) return 'the server is stopping';
    if (!options.originAllowed(req.headers.origin, req.headers.host)) return 'origin not allowed';
    if (screens.size >= MAX_SCREENS) return 'too many screens';
    const actor = await options.actorOf(req.headers, req.socket.remoteAddress ?? '');
    if (!actor) return 'not signed in';
    actors.set(req, actor);
    return null;
  }

  const io = new Server<ClientEvents, ServerEvents>(options.httpServer, {
    path: STREAM_PATH,
    transports: ['websocket'],
    serveClient: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: 65_536,
    pingInterval: options.ping?.interval ?? 20_000,
    pingTimeout: options.ping?.timeout ?? 20_000,
    connectTimeout: 10_000,
    parser,
    allowRequest: (req, decide) => {
      admit(req).then(
        (rule) => {
          if (rule) log.info({ rule, remote: req.socket.remoteAddress }, 'stream refused');
          decide(rule, rule === null);
        },
        (error: Error) => {
          log.warn({ reason: error.message.slice(0, 200) }, 'stream could not be authorised');
          decide('not authorised', false);
        },
      );
    },
  });

  /** Made once for all screens of one scope that ask between two changes. */
  const shared = new Map<string, { world: World; tick: number; frame: Uint8Array; snapshot?: Snapshot }>();
  function sharedFor(screen: Screen) {
    const { scope } = screen;
    let s = shared.get(scope.name);
    if (!s || s.tick !== telemetry.tickNo || s.world !== ledger.world) {
      s = { world: ledger.world, tick: telemetry.tickNo, frame: telemetry.frameOf(scope.segments) };
      shared.set(scope.name, s);
    }
    return s;
  }

  function sendSnapshot(screen: Screen) {
    const s = sharedFor(screen);
    s.snapshot ??= { world: worldToJson(scopedWorld(s.world, screen.scope)), frame: s.frame };
    screen.add(parser.encodeEvent('snapshot', s.snapshot).length);
    screen.socket.emit('snapshot', s.snapshot);
    screen.forgive();
    screen.sent = s.world.seq;
    screen.joined = true;
    screen.live = true;
  }

  function sendEntries(screen: Screen, entries: readonly Entry[]) {
    screen.add(parser.encodeEvent('entries', entries).length);
    screen.sent = (entries.at(-1) as Entry).seq;
    screen.socket.emit('entries', entries);
  }

  /**
   * Read what the screen lacks from the ledger until nothing is missing, then let it follow live in the same turn of the
   * event loop: between the last look at `published` and `live` nothing else can run, so no entry falls between.
   */
  async function catchUp(screen: Screen) {
    const { turn } = screen;
    const current = () => !screen.gone && screen.turn === turn;
    screen.live = false;
    try {
      for (;;) {
        await screen.drained();
        if (!current()) return;
        if (screen.sent >= published) {
          screen.live = true;
          return;
        }
        if (published - screen.sent > MAX_RESUME) return sendSnapshot(screen);
        const entries = await ledger.read(screen.sent, PAGE);
        if (!current()) return;
        const next = screen.sent + 1;
        if (entries[0]?.seq !== next) throw new Error(`ledger gave ${entries[0]?.seq ?? 'nothing'} where ${next} was due`);
        // what is durable but not yet folded comes with the next look: the world must know what it judges
        const ready = entries.filter((e) => e.seq <= published);
        const readable = scopedEntries(ready, screen.scope, null, ledger.world);
        if (!readable) return sendSnapshot(screen);
        sendEntries(screen, readable);
      }
    } catch (error) {
      log.warn({ reason: (error as Error).message.slice(0, 200), screen: screen.socket.id }, 'screen could not be brought up to date');
      screen.socket.disconnect(true);
    }
  }

  /** Whether the screen's last entry is one of ours; a ledger with another history is answered with a snapshot. */
  async function canResume(seq: number, head: string): Promise<boolean> {
    if (seq > ledger.world.seq || ledger.world.seq - seq > MAX_RESUME) return false;
    if (seq === ledger.world.seq) return head === ledger.world.head;
    const [entry] = await ledger.read(seq - 1, 1);
    return entry?.seq === seq && entry.hash === head;
  }

  function refusal(screen: Screen, request: unknown): string | null {
    const parsed = zJoin.safeParse(request);
    if (!parsed.success) return `join: ${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? ''}`.trim();
    const { protocol, centre } = parsed.data;
    if (protocol !== PROTOCOL_VERSION) return `protocol ${protocol}: this server speaks ${PROTOCOL_VERSION}, reload the page`;
    const own = ledger.world.centre?.code ?? '';
    if (centre !== '' && centre !== own) return `centre ${centre} is not served here`;
    const verdict = may(screen.actor, 'watch', screen.actor.area, treeOf(ledger.world));
    return verdict.ok ? null : verdict.rule;
  }

  async function join(screen: Screen, request: JoinRequest, answer: (a: JoinAnswer) => void) {
    screen.turn += 1;
    const { turn } = screen;
    screen.live = false;
    screen.joined = false;
    const rule = refusal(screen, request);
    if (rule) return answer({ ok: false, rule });
    const { seq = 0, head = '' } = request;
    const resume = seq > 0 && (await canResume(seq, head));
    if (screen.gone || screen.turn !== turn) return;
    screen.restart();
    answer({ ok: true, mode: resume ? 'resume' : 'snapshot', actor: screen.actor, demo: options.demo, serverTime: now() });
    if (!resume) return sendSnapshot(screen);
    screen.sent = seq;
    screen.frame(sharedFor(screen).frame);
    screen.joined = true;
    await catchUp(screen);
  }

  io.on('connection', (socket: ScreenSocket) => {
    const actor = actors.get(socket.request as IncomingMessage);
    if (!actor) return socket.disconnect(true);
    const screen = new Screen(socket, actor, scopeOf(actor, ledger.world));
    screens.add(screen);
    socket.on('error', (error) => log.info({ reason: String(error?.message).slice(0, 200), screen: socket.id }, 'malformed packet'));
    socket.on('disconnect', () => {
      screen.leave();
      screens.delete(screen);
    });
    socket.on('join', (request, answer) => {
      if (typeof answer !== 'function') return;
      join(screen, request, answer).catch((error: Error) => {
        log.warn({ reason: error.message.slice(0, 200), screen: socket.id }, 'join failed');
        socket.disconnect(true);
      });
    });
    socket.on('ack', (bytes) => {
      if (screen.acknowledge(bytes)) return;
      // a re-join counts from nothing, and acknowledgements of before it may still be on their way
      if (!Number.isSafeInteger(bytes) || bytes < 0) socket.disconnect(true);
    });
  });

  const unfollow = ledger.follow((entries, world) => {
    const first = entries[0];
    if (!first) return;
    published = (entries.at(-1) as Entry).seq;
    const before = folded;
    folded = world;
    if (world.areas !== before.areas) {
      for (const screen of screens) screen.scope = scopeOf(screen.actor, world);
    }
    const readable = new Map<string, readonly Entry[] | null>();
    for (const screen of screens) {
      if (!screen.live || screen.sent >= published) continue;
      if (screen.sent + 1 !== first.seq || screen.clogged) {
        void catchUp(screen);
        continue;
      }
      let mine = readable.get(screen.scope.name);
      if (mine === undefined) {
        mine = scopedEntries(entries, screen.scope, before, world);
        readable.set(screen.scope.name, mine);
      }
      if (mine) sendEntries(screen, mine);
      else sendSnapshot(screen);
    }
  });

  const untick = telemetry.onTick((tick: Tick) => {
    shared.clear();
    const whole = new Map<string, Uint8Array | null>();
    for (const screen of screens) {
      if (!screen.joined) continue;
      const slow = !screen.open || screen.clogged;
      if (slow || screen.behindSince > 0) {
        screen.units.addAll(tick.units);
        screen.sensors.addAll(tick.sensors);
        if (screen.behindSince === 0 && screen.units.size + screen.sensors.size > 0) screen.behindSince = tick.at;
        if (slow) continue;
        screen.behindSince = 0;
        screen.frame(telemetry.frameOf(screen.scope.segments, screen.units.take(), screen.sensors.take()));
        continue;
      }
      let frame = whole.get(screen.scope.name);
      if (frame === undefined) {
        const keys = screen.scope.segments;
        const segments = [...tick.segments].filter(([key]) => !keys || keys.has(key)).map(([, bytes]) => bytes);
        frame = segments.length > 0 ? encodeFrame(tick.at, segments) : null;
        whole.set(screen.scope.name, frame);
      }
      if (frame) screen.frame(frame);
    }
  });

  const lagOf = (screen: Screen) => (screen.behindSince > 0 ? Math.max(0, now() - screen.behindSince) : 0);
  const beat = setInterval(() => {
    const doors = options.doors();
    const serverTime = now();
    for (const screen of screens) {
      if (!screen.joined || screen.queuedBytes > STATUS_BACKLOG_BYTES) continue;
      const status = { serverTime, doors, screens: screens.size, lagMs: lagOf(screen) };
      screen.add(256 + doors.length * 256);
      screen.socket.emit('status', status);
    }
  }, STATUS_MS);

  return {
    screens: () => screens.size,
    figures: () =>
      [...screens].map((s) => ({
        actor: s.actor.id,
        seq: s.sent,
        live: s.live,
        lagMs: lagOf(s),
        queuedBytes: s.queuedBytes,
        unacknowledgedBytes: s.unacknowledged,
      })),
    close() {
      closed = true;
      clearInterval(beat);
      unfollow();
      untick();
      io.disconnectSockets(true);
      io.engine.close();
    },
  };
}
