import { useSyncExternalStore } from 'react';
import { useApp } from '../app-context.ts';
import { type ServerStore, shownNow } from './server-store.ts';

/** One tick a second for every countdown, clock and data age on the screen. */
export interface Clock {
  /** the moment shown (see shownNow), at the last tick */
  readonly shown: () => number;
  /** the server's clock, running on while cut off, at the last tick */
  readonly real: () => number;
  /** when the server was last heard, as of the last tick; epoch ms by its clock, 0 = never */
  readonly heard: () => number;
  readonly subscribe: (listener: () => void) => () => void;
  readonly stop: () => void;
}

export function createClock(server: ServerStore): Clock {
  const listeners = new Set<() => void>();
  let shown = 0;
  let real = 0;
  let heard = 0;
  const tick = () => {
    const s = server.getState();
    shown = shownNow(s);
    real = Date.now() + s.clockOffset;
    heard = s.heard.at;
    for (const l of listeners) l();
  };
  tick();
  const timer = setInterval(tick, 1000);
  return {
    shown: () => shown,
    real: () => real,
    heard: () => heard,
    subscribe: (l) => {
      listeners.add(l);
      return () => listeners.delete(l);
    },
    stop: () => clearInterval(timer),
  };
}

/** The moment shown, epoch ms; the component renders once a second. */
export function useNow(): number {
  const { clock } = useApp();
  return useSyncExternalStore(clock.subscribe, clock.shown);
}
export function useRealNow(): number {
  const { clock } = useApp();
  return useSyncExternalStore(clock.subscribe, clock.real);
}
export function useHeardAt(): number {
  const { clock } = useApp();
  return useSyncExternalStore(clock.subscribe, clock.heard);
}
/** The same, but changing only every `ms`: for figures that need not be counted anew each second. */
export function useNowEvery(ms: number): number {
  const { clock } = useApp();
  return useSyncExternalStore(clock.subscribe, () => Math.floor(clock.shown() / ms) * ms);
}
/** As `useRealNow` and `useHeardAt`, of the live clock also while the past is shown. */
export function useLiveNow(): number {
  const { clock } = useApp().live;
  return useSyncExternalStore(clock.subscribe, clock.real);
}
export function useLiveHeardAt(): number {
  const { clock } = useApp().live;
  return useSyncExternalStore(clock.subscribe, clock.heard);
}
export function useLiveNowEvery(ms: number): number {
  const { clock } = useApp().live;
  return useSyncExternalStore(clock.subscribe, () => Math.floor(clock.real() / ms) * ms);
}
