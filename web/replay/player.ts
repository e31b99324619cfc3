import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FilmSource, Moment, Reel } from '../../model/film.ts';
import { MOST_REEL_MS } from '../../model/film.ts';
import { fold } from '../../model/fold/fold.ts';
import { decodeFrame } from '../../model/frame.ts';
import type { Entry } from '../../model/ledger.ts';
import { emptyWorld, worldFromJson } from '../../model/world.ts';
import { placesLoader } from '../places-loader.ts';
import type { LatestStore } from '../store/latest.ts';
import type { ServerStore } from '../store/server-store.ts';
import type { Speed } from '../store/view-store.ts';
import type { FilmApi, FilmEvent, FilmSpan } from './film-api.ts';

/** The film moves on so often, ms of real time. */
export const STEP_MS = 250;
/** One reel holds so much of what is played, ms of real time; at the highest speed MOST_REEL_MS is less. */
const REEL_MS = 30_000;
/** So many reels are fetched ahead. */
const AHEAD = 2;
/** The film's end is still being written: it is read up to so long before now, and from there live goes on, ms. */
export const EDGE_MS = 2000;

export interface ReplayState {
  readonly on: boolean;
  /** the moment shown, while `seeking` the one asked for; whole seconds while it plays. epoch ms */
  readonly at: number;
  readonly speed: Speed;
  readonly playing: boolean;
  /** `seeking`: the picture is still another's; `waiting`: it plays, and the film has not come yet */
  readonly phase: 'shown' | 'seeking' | 'waiting' | 'failed';
  readonly error: string | null;
  readonly source: FilmSource | null;
  /** what was stepped to; it stands at `at` as long as that is its time */
  readonly event: FilmEvent | null;
  /** how far back it goes; null = not asked yet */
  readonly span: FilmSpan | null;
}

interface Parts {
  readonly film: FilmApi;
  /** of the past; only the player writes them */
  readonly server: ServerStore;
  readonly latest: LatestStore;
  readonly live: { readonly server: ServerStore; readonly latest: LatestStore };
  /** epoch ms by the server's clock */
  readonly now: () => number;
  /** the clock of the past has moved: `at` is another second, or everything is */
  readonly onTick: (at: number) => void;
  readonly tell: (what: 'caughtUp' | 'oldest', at: number) => void;
}

export interface Player {
  readonly state: StoreApi<ReplayState>;
  /** Show that moment; now or later is live. Plays on as it did, unless `play` says otherwise. */
  seek(at: number, play?: boolean): void;
  play(): void;
  pause(): void;
  setSpeed(speed: Speed): void;
  /** Once more what failed. */
  retry(): void;
  /** 回到实时: at once, live went on underneath. */
  live(): void;
  /** Ask how far back it goes. */
  measure(): void;
}

interface Loaded {
  readonly reel: Reel;
  /** the picture at its end, where the reel was cut */
  readonly after: Moment | null;
  entries: number;
  frames: number;
}

const isAbort = (e: unknown) => e instanceof DOMException && e.name === 'AbortError';
const wordsOf = (e: unknown) => (e instanceof Error ? e.message : String(e));

/**
 * Plays the past into stores of its own, of the same form as the live ones: a moment (world and latest table as of T), then what happened
 * after it, reel by reel, each entry and frame when the shown clock passes its time. A reel that could not be given whole ends in the next
 * moment. What is under way for a moment is dropped when another is asked for.
 */
export function createPlayer({ film, server, latest, live, now, onTick, tell }: Parts): Player {
  const state = createStore<ReplayState>(() => ({
    on: false,
    at: 0,
    speed: 1,
    playing: false,
    phase: 'shown',
    error: null,
    source: null,
    event: null,
    span: null,
  }));
  const places = placesLoader(server);
  /** exact shown moment, and how far the loaded film reaches, epoch ms */
  let [at, covered] = [0, 0];
  let reels: Loaded[] = [];
  /** what is under way belongs to this; aborted when another moment is asked for */
  let asked = new AbortController();
  let filling = false;
  let timer: ReturnType<typeof setInterval> | undefined;
  let steppedAt = 0;

  const drop = () => {
    asked.abort();
    asked = new AbortController();
    filling = false;
    reels = [];
  };
  const roll = (on: boolean) => {
    clearInterval(timer);
    timer = undefined;
    steppedAt = performance.now();
    if (on) timer = setInterval(step, STEP_MS);
  };
  const show = () => {
    server.getState().heard.at = at;
    server.setState({ frozenAt: at });
    if (state.getState().phase === 'seeking') return;
    const second = Math.floor(at / 1000) * 1000;
    const shown = state.getState().playing ? second : at;
    if (shown !== state.getState().at) state.setState({ at: shown });
    onTick(shown);
  };

  const applyFrame = (bytes: Uint8Array): number => {
    const frame = decodeFrame(bytes);
    for (const s of frame.segments) {
      latest.positions(s.positions);
      latest.readings(s.readings);
    }
    return frame.at;
  };
  const load = (m: Moment) => {
    const world = worldFromJson(m.world);
    latest.clear();
    latest.frame(applyFrame(m.frame));
    server.setState({ world, loaded: true, phase: 'live' });
    state.setState({ source: m.source });
    places.want(world.boundaries?.hash, world.basemap?.hash);
  };

  /** What of a reel is due by `to`. Entries are gathered, frames applied. */
  const take = (loaded: Loaded, to: number, due: Entry[]): number => {
    const { entries, frames } = loaded.reel;
    for (let e = entries[loaded.entries]; e && e.at <= to; e = entries[++loaded.entries]) due.push(e);
    let frameAt = 0;
    for (let f = frames[loaded.frames]; f && f.at <= to; f = frames[++loaded.frames]) frameAt = applyFrame(f.bytes);
    return frameAt;
  };
  const advance = (to: number) => {
    let due: Entry[] = [];
    let frameAt = 0;
    for (let first = reels[0]; first; first = reels[0]) {
      frameAt = Math.max(frameAt, take(first, to, due));
      if (first.reel.to > to) break;
      reels.shift();
      if (first.after) {
        load(first.after);
        due = [];
        frameAt = 0;
      } else state.setState({ source: first.reel.source });
    }
    if (due.length) {
      const before = server.getState().world;
      const world = fold(
        before,
        due.filter((e) => e.seq > before.seq),
      );
      server.setState({ world });
      places.want(world.boundaries?.hash, world.basemap?.hash);
    }
    if (frameAt) latest.frame(frameAt);
  };

  function step() {
    const elapsed = performance.now() - steppedAt;
    steppedAt = performance.now();
    const { playing, speed, phase } = state.getState();
    // after a failed seek the picture is not of `at`: it must not play on from there
    if (!playing || phase === 'seeking' || server.getState().phase === 'stale') return;
    const to = Math.min(covered, at + elapsed * speed);
    try {
      advance(to);
    } catch (e) {
      // an entry that does not follow: begin again from a whole picture
      console.warn('moment again:', wordsOf(e));
      return seek(to);
    }
    at = to;
    if (at >= now() - EDGE_MS - 1000) {
      tell('caughtUp', at);
      return goLive();
    }
    if (to >= covered && phase === 'shown') state.setState({ phase: 'waiting' });
    else if (to < covered && phase === 'waiting') state.setState({ phase: 'shown' });
    show();
    void fill();
  }

  async function fill() {
    const { signal } = asked;
    const span = Math.min(MOST_REEL_MS, REEL_MS * state.getState().speed);
    const end = Math.floor(now()) - EDGE_MS;
    // nothing short while there is enough: the end of the film grows by a second each second
    const wanted = Math.min(end, covered + span);
    if (filling || state.getState().phase === 'failed' || covered - at >= AHEAD * span) return;
    if (wanted - covered < (covered - at > STEP_MS * state.getState().speed ? Math.min(span, 5000) : 1000)) return;
    filling = true;
    const from = covered;
    try {
      const reel = await film.reel(covered, wanted, signal);
      const after = reel.cut ? await film.moment(reel.to, signal) : null;
      if (signal.aborted) return;
      reels.push({ reel, after, entries: 0, frames: 0 });
      covered = reel.to;
    } catch (e) {
      if (!signal.aborted && !isAbort(e)) state.setState({ phase: 'failed', error: wordsOf(e) });
    }
    if (signal.aborted) return;
    filling = false;
    if (covered > from && state.getState().playing) void fill();
  }

  async function seek(to: number, play = state.getState().playing) {
    const span = state.getState().span;
    const wanted = Math.floor(span && to < span.from ? span.from : to);
    if (wanted !== Math.floor(to)) tell('oldest', wanted);
    if (wanted >= now() - EDGE_MS) return goLive();
    drop();
    if (!state.getState().on) enter();
    // the picture before stays, faded, until the new one is here
    server.setState({ phase: 'stale' });
    state.setState({ on: true, at: wanted, playing: play, phase: 'seeking', error: null });
    roll(play);
    onTick(wanted);
    const { signal } = asked;
    try {
      const m = await film.moment(wanted, signal);
      if (signal.aborted) return;
      load(m);
      at = wanted;
      covered = m.at;
      steppedAt = performance.now();
      state.setState({ phase: 'shown', error: null });
      show();
      if (play) void fill();
    } catch (e) {
      if (signal.aborted || isAbort(e)) return;
      state.setState({ phase: 'failed', error: wordsOf(e) });
    }
  }

  /** The past begins with the picture of now. */
  function enter() {
    const l = live.server.getState();
    at = Math.floor(now());
    latest.copy(live.latest);
    if (l.places) places.have(l.world.boundaries?.hash, l.world.basemap?.hash);
    server.setState({ ...l, past: true, heard: { at }, frozenAt: at, status: null, refusal: null, attempts: 0 });
  }
  function goLive() {
    drop();
    roll(false);
    if (!state.getState().on) return;
    state.setState({ on: false, playing: false, phase: 'shown', error: null, source: null });
    server.setState({ world: emptyWorld, loaded: false });
    latest.clear();
  }

  // who looks and by which clock is of now
  live.server.subscribe((s, before) => {
    const { actor, demo, clockOffset } = s;
    if (state.getState().on && (actor !== before.actor || clockOffset !== before.clockOffset))
      server.setState({ actor, demo, clockOffset });
  });

  return {
    state,
    seek: (to, play) => void seek(to, play),
    play() {
      const s = state.getState();
      if (!s.on || s.playing) return;
      state.setState({ playing: true });
      roll(true);
      if (s.phase === 'shown') void fill();
    },
    pause() {
      state.setState({ playing: false, ...(state.getState().phase === 'waiting' ? { phase: 'shown' as const } : {}) });
      roll(false);
    },
    setSpeed(speed) {
      latest.pace = speed;
      state.setState({ speed });
    },
    retry() {
      const s = state.getState();
      if (s.phase !== 'failed') return;
      if (server.getState().phase === 'stale') return void seek(s.at);
      state.setState({ phase: 'waiting', error: null });
      void fill();
    },
    live: goLive,
    measure: () =>
      void film
        .span()
        .then((span) => state.setState({ span }))
        .catch(() => {}),
  };
}
