import { createStore, type StoreApi } from 'zustand/vanilla';

/** 倍速 */
export const speeds = [1, 8, 60, 300] as const;
export interface Playing {
  readonly from: number;
  readonly to: number;
  /** epoch ms */
  readonly at: number;
  readonly speed: number;
  readonly playing: boolean;
}

/** The clock of a replayed time: everybody moves by it, at true time times `speed`. Ticks with the screen's frames while it plays. */
export interface TrackPlayer {
  readonly state: StoreApi<Playing>;
  /** Another time: from its beginning, standing. */
  readonly load: (from: number, to: number) => void;
  readonly seek: (at: number) => void;
  readonly toggle: () => void;
  readonly pace: (speed: number) => void;
  readonly close: () => void;
}

export function createTrackPlayer(frame: (step: (now: number) => void) => void = requestAnimationFrame): TrackPlayer {
  const state = createStore<Playing>(() => ({ from: 0, to: 0, at: 0, speed: 60, playing: false }));
  let last = 0;
  const step = (now: number) => {
    const { playing, at, to, speed } = state.getState();
    if (!playing) return;
    const next = Math.min(to, at + Math.max(0, now - last) * speed);
    last = now;
    state.setState({ at: next, playing: next < to });
    if (next < to) frame(step);
  };
  return {
    state,
    load(from, to) {
      const { at, from: before, to: end } = state.getState();
      if (from === before && to === end) return;
      const within = at >= from && at <= to && at !== before;
      state.setState({ from, to, at: within ? at : from, playing: false });
    },
    seek: (at) => state.setState(({ from, to }) => ({ at: Math.max(from, Math.min(to, at)) })),
    toggle() {
      const { playing, at, from, to } = state.getState();
      if (playing || to <= from) return state.setState({ playing: false });
      state.setState({ playing: true, at: at >= to ? from : at });
      last = performance.now();
      frame(step);
    },
    pace: (speed) => state.setState({ speed }),
    close: () => state.setState({ playing: false }),
  };
}
