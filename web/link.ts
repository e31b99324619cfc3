import { io, type Socket } from 'socket.io-client';
import { fold } from '../model/fold/fold.ts';
import { decodeFrame } from '../model/frame.ts';
import type { Entry } from '../model/ledger.ts';
import { ACK_EVERY_BYTES, type ClientEvents, PROTOCOL_VERSION, type ServerEvents, type Snapshot, STREAM_PATH } from '../model/wire.ts';
import { Decoder, Encoder } from '../model/wire-parser.ts';
import { emptyWorld, worldFromJson } from '../model/world.ts';
import { FoldPace } from './fold-pace.ts';
import { placesLoader } from './places-loader.ts';
import type { LatestStore } from './store/latest.ts';
import { isCut, type ServerStore, shownNow } from './store/server-store.ts';

/**
 * The only socket, and the only writer of live server data (the past is web/replay's). Joins with the last entry it has applied and gets exactly what it
 * missed, or a snapshot; an entry that does not follow is never applied, the link joins again from nothing instead.
 */
export interface Link {
  /** Try again now, without waiting for the next attempt. */
  retry(): void;
  stop(): void;
}

/** Nothing heard for this long on an open socket: the data is called stale (the server speaks once a second). */
export const SILENT_MS = 10_000;
const CLOCK_SAMPLES = 8;

interface Options {
  readonly url: string;
}

export function connect(server: ServerStore, latest: LatestStore, options: Options): Link {
  const socket: Socket<ServerEvents, ClientEvents> = io(options.url, {
    path: STREAM_PATH,
    transports: ['websocket'],
    reconnectionDelay: 500,
    reconnectionDelayMax: 5000,
    randomizationFactor: 0.3,
    parser: { Encoder, Decoder },
  });
  const samples: number[] = [];
  /** bytes of frames since the join, and how many of them the server knows of */
  let [applied, acknowledged] = [0, 0];
  let again: ReturnType<typeof setTimeout> | undefined;
  const places = placesLoader(server);

  const hear = (serverTime?: number) => {
    if (serverTime !== undefined) {
      // the sample with the least delay is the greatest difference
      samples.push(serverTime - Date.now());
      if (samples.length > CLOCK_SAMPLES) samples.shift();
    }
    const clockOffset = samples.length ? Math.max(...samples) : server.getState().clockOffset;
    const s = server.getState();
    s.heard.at = Date.now() + clockOffset;
    if (s.phase === 'stale') server.setState({ clockOffset, phase: 'live' });
    else if (Math.abs(clockOffset - s.clockOffset) >= 5) server.setState({ clockOffset });
  };

  let waiting: Entry[] = [];
  const pace = new FoldPace();
  let foldLater: ReturnType<typeof setTimeout> | undefined;
  let foldDue = Number.POSITIVE_INFINITY;
  const foldWaiting = () => {
    clearTimeout(foldLater);
    foldDue = Number.POSITIVE_INFINITY;
    const before = server.getState().world;
    // a resume may overlap what was already applied; a gap may not
    const fresh = waiting.filter((e) => e.seq > before.seq);
    waiting = [];
    if (fresh.length === 0) return;
    const began = performance.now();
    pace.folded(began, began);
    try {
      const world = fold(before, fresh);
      server.setState({ world });
      // the panels are drawn before this turn of the event loop ends
      setTimeout(() => pace.folded(began, performance.now()));
      places.want(world.boundaries?.hash, world.basemap?.hash);
    } catch (e) {
      console.warn('joining again:', e instanceof Error ? e.message : e);
      join(true);
    }
  };

  const join = (fresh = false) => {
    if (!fresh) foldWaiting();
    waiting = [];
    const { world, loaded } = server.getState();
    const from = fresh || !loaded ? {} : { seq: world.seq, head: world.head };
    applied = 0;
    acknowledged = 0;
    socket.emit('join', { protocol: PROTOCOL_VERSION, centre: '', ...from }, (answer) => {
      if (!answer.ok) {
        server.setState({ phase: 'refused', refusal: answer.rule, frozenAt: shownNow(server.getState()) });
        return;
      }
      hear(answer.serverTime);
      const live = answer.mode === 'resume' || server.getState().loaded;
      server.setState({ actor: answer.actor, demo: answer.demo, refusal: null, attempts: 0 });
      if (live) server.setState({ phase: 'live', frozenAt: null });
    });
  };

  const applyFrame = (bytes: Uint8Array) => {
    const frame = decodeFrame(bytes);
    for (const segment of frame.segments) {
      latest.positions(segment.positions);
      latest.readings(segment.readings);
    }
    latest.frame(frame.at);
  };

  socket.on('connect', () => join());
  socket.on('snapshot', (s: Snapshot) => {
    const world = worldFromJson(s.world);
    waiting = [];
    latest.clear();
    applyFrame(new Uint8Array(s.frame));
    hear();
    server.setState({ world, loaded: true, phase: 'live', frozenAt: null });
    places.want(world.boundaries?.hash, world.basemap?.hash);
  });
  socket.on('entries', (entries) => {
    hear();
    waiting.push(...entries);
    const due = pace.due(entries);
    const now = performance.now();
    if (due <= now) foldWaiting();
    else if (due < foldDue) {
      clearTimeout(foldLater);
      foldDue = due;
      foldLater = setTimeout(foldWaiting, due - now);
    }
  });
  socket.on('frame', (bytes) => {
    const data = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes as ArrayBuffer);
    try {
      applyFrame(data);
    } catch (e) {
      console.warn('frame passed over:', e instanceof Error ? e.message : e);
    }
    applied += data.length;
    if (applied - acknowledged >= ACK_EVERY_BYTES) {
      acknowledged = applied;
      socket.emit('ack', applied);
    }
    hear();
  });
  socket.on('status', (status) => {
    hear(status.serverTime);
    server.setState({ status });
  });
  socket.on('disconnect', () => {
    server.setState({ phase: 'disconnected', frozenAt: shownNow(server.getState()), attempts: 0 });
    // the server closing the socket itself is not retried by socket.io
    again = setTimeout(() => socket.connect(), 500);
  });
  socket.io.on('reconnect_attempt', (attempts) => {
    if (server.getState().loaded) server.setState({ phase: 'reconnecting', attempts });
    else server.setState({ attempts });
  });

  const watch = setInterval(() => {
    const s = server.getState();
    if (s.phase === 'live' && Date.now() + s.clockOffset - s.heard.at > SILENT_MS) server.setState({ phase: 'stale' });
  }, 1000);

  return {
    retry: () => {
      if (isCut(server.getState())) socket.disconnect().connect();
    },
    stop: () => {
      clearInterval(watch);
      clearTimeout(again);
      clearTimeout(foldLater);
      places.stop();
      socket.removeAllListeners();
      socket.disconnect();
      server.setState({ world: emptyWorld, loaded: false, phase: 'connecting' });
    },
  };
}
