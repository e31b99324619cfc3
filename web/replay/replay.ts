import type { StoreApi } from 'zustand/vanilla';
import type { Commands } from '../commands.ts';
import type { Selection } from '../map-contract.ts';
import type { Clock } from '../store/clock.ts';
import { LatestStore } from '../store/latest.ts';
import { createServerStore, type ServerStore } from '../store/server-store.ts';
import type { ShownMoment, Speed, ViewStore } from '../store/view-store.ts';
import { pastClock } from './clock.ts';
import { pastCommands } from './commands.ts';
import { type FilmApi, type FilmEvent, fetchEvent } from './film-api.ts';
import { createPlayer, EDGE_MS, type ReplayState } from './player.ts';
import { createPreviewer, type Previewer } from './preview.ts';

/** What panels read from: there is one set that is live and one that shows the past. */
export interface Sources {
  readonly server: ServerStore;
  readonly latest: LatestStore;
  readonly clock: Clock;
  readonly commands: Commands;
}

/** 时间机: shows any moment of the retained past through the same panels. Times are epoch ms by the server's clock. */
export interface Replay {
  readonly state: StoreApi<ReplayState>;
  readonly preview: Previewer;
  readonly parts: Sources;
  /** the moment shown, or now */
  readonly at: () => number;
  readonly now: () => number;
  readonly seek: (at: number, play?: boolean) => void;
  /** 播放/暂停; while live it stops the picture */
  readonly toggle: () => void;
  readonly setSpeed: (speed: Speed) => void;
  readonly step: (byMs: number) => void;
  /** 上一/下一事件: the moment of it, with its dossier or the alarm's detail opened */
  readonly toEvent: (dir: 'next' | 'prev') => void;
  readonly retry: () => void;
  readonly live: () => void;
  readonly measure: () => void;
}
/** What is to be said in a line; the words are the caller's. */
export type Told =
  | { readonly what: 'caughtUp' | 'oldest'; readonly at: number }
  | { readonly what: 'noEvent'; readonly dir: 'next' | 'prev' }
  | { readonly what: 'eventFailed'; readonly rule: string };

export const STEP_BY_MS = 10 * 60_000;
/** While it plays the address is brought up so often, ms of real time. */
const ADDRESS_MS = 5000;

/** What an event is about, to be opened beside its moment. */
function opensAt({ kind, subject }: FilmEvent): Selection | undefined {
  const of = kind.split('.', 1)[0];
  return of === 'incident' || of === 'alarm' ? { kind: of, id: subject } : undefined;
}

interface Options {
  readonly live: Sources;
  readonly view: ViewStore;
  readonly film: FilmApi;
  readonly tell: (told: Told) => void;
  /** why nothing can be done now */
  readonly refused: () => string;
}

export function createReplay({ live, view, film, tell, refused }: Options): Replay {
  const server = createServerStore();
  server.setState({ past: true });
  const latest = new LatestStore();
  const clock = pastClock();
  const now = () => Date.now() + live.server.getState().clockOffset;
  const player = createPlayer({
    film,
    server,
    latest,
    live,
    now,
    onTick: clock.move,
    tell: (what, at) => tell({ what, at }),
  });
  const { state } = player;
  const at = () => (state.getState().on ? state.getState().at : now());

  // the address follows what the player does; a changed address moves the player
  let written = view.getState().moment;
  let writtenAt = 0;
  let following = false;
  const write = (opened?: Selection) => {
    if (following) return;
    const s = state.getState();
    const offset =
      live.server.getState().world.centre?.utcOffsetMinutes ?? server.getState().world.centre?.utcOffsetMinutes ?? written?.offset ?? 0;
    written = s.on ? { at: s.at, play: s.playing ? s.speed : null, offset } : null;
    writtenAt = performance.now();
    const moved = JSON.stringify(written) !== JSON.stringify(view.getState().moment);
    if (moved || opened) view.setState({ ...(moved && { moment: written }), ...(opened && { selection: opened }) });
  };
  const follow = () => {
    const { moment } = view.getState();
    if (moment === written) return;
    written = moment;
    open(moment);
  };
  const open = (moment: ShownMoment | null) => {
    // speed and moment are one change of the address, not two
    following = true;
    if (moment?.play) player.setSpeed(moment.play);
    if (moment) player.seek(moment.at, moment.play !== null);
    else player.live();
    following = false;
    write();
  };
  state.subscribe((s, before) => {
    const changed = s.on !== before.on || s.playing !== before.playing || s.speed !== before.speed;
    if (changed || (s.at !== before.at && (!s.playing || s.phase === 'seeking' || performance.now() - writtenAt > ADDRESS_MS))) write();
  });
  view.subscribe((v, before) => v.moment !== before.moment && follow());

  let asking: AbortController | null = null;
  const replay: Replay = {
    state,
    preview: createPreviewer(film),
    parts: { server, latest, clock, commands: pastCommands(live.commands, refused) },
    at,
    now,
    seek: player.seek,
    toggle() {
      const s = state.getState();
      if (!s.on) player.seek(now() - EDGE_MS - 1000, false);
      else if (s.playing) player.pause();
      else player.play();
    },
    setSpeed: player.setSpeed,
    step: (by) => {
      if (by < 0 || state.getState().on) player.seek(at() + by);
    },
    async toEvent(dir) {
      if (dir === 'next' && !state.getState().on) return tell({ what: 'noEvent', dir });
      asking?.abort();
      asking = new AbortController();
      const { signal } = asking;
      try {
        const here = state.getState().event;
        const from = Math.floor(at());
        const event = await fetchEvent(from, here?.at === from ? here.seq : undefined, dir, signal);
        if (signal.aborted) return;
        if (!event) return tell({ what: 'noEvent', dir });
        // the moment and what is opened are one change of the address: back undoes the whole step
        following = true;
        player.seek(event.at, false);
        state.setState({ event });
        following = false;
        write(opensAt(event));
      } catch (e) {
        if (!signal.aborted) tell({ what: 'eventFailed', rule: e instanceof Error ? e.message : String(e) });
      }
    },
    retry: player.retry,
    live: player.live,
    measure: player.measure,
  };
  if (written) open(written);
  return replay;
}
