import type { Clock } from '../store/clock.ts';

/** The clock of the past: it stands at the moment shown and is moved by the player. Real time and what was heard last are of then, too. */
export function pastClock(): Clock & { readonly move: (at: number) => void } {
  const listeners = new Set<() => void>();
  let shown = 0;
  const of = () => shown;
  return {
    shown: of,
    real: of,
    heard: of,
    subscribe: (l) => {
      listeners.add(l);
      return () => listeners.delete(l);
    },
    stop: () => listeners.clear(),
    move: (at) => {
      shown = at;
      for (const l of listeners) l();
    },
  };
}
