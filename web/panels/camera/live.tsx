import { createContext, lazy, type ReactNode, Suspense, useContext, useState } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { useServer } from '../../app-context.ts';
import type { Account } from '../../cameras-api.ts';

/** A live picture that is open, and on account of what. */
export interface LiveWish extends Account {
  readonly camera: string;
}
/** Live pictures at once: more than four nobody watches, and each costs a decoder. */
export const MAX_LIVE = 4;

interface Live {
  readonly wishes: readonly LiveWish[];
}
const LiveContext = createContext<StoreApi<Live> | null>(null);
const Dock = lazy(async () => ({ default: (await import('./live-dock.tsx')).LiveDock }));

/** Live pictures lie over whatever scene is shown: going from the wall to 感知 neither closes nor opens (and records) one again. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [store] = useState(() => createStore<Live>(() => ({ wishes: [] })));
  // a picture is of now: while the past is shown there is none
  const past = useServer((s) => s.past);
  const open = useStore(store, (s) => s.wishes.length > 0) && !past;
  return (
    <LiveContext.Provider value={store}>
      {children}
      {open && (
        <Suspense fallback={null}>
          <Dock />
        </Suspense>
      )}
    </LiveContext.Provider>
  );
}

export interface LiveActions {
  readonly wishes: readonly LiveWish[];
  readonly isFull: boolean;
  readonly isOpen: (camera: string) => boolean;
  readonly open: (wish: LiveWish) => void;
  readonly close: (camera: string) => void;
  readonly closeAll: () => void;
}
export function useLive(): LiveActions {
  const store = useContext(LiveContext);
  if (!store) throw new Error('LiveContext is missing: render inside <LiveProvider>');
  const wishes = useStore(store, (s) => s.wishes);
  return {
    wishes,
    isFull: wishes.length >= MAX_LIVE,
    isOpen: (camera) => wishes.some((w) => w.camera === camera),
    open: (wish) =>
      store.setState((s) =>
        s.wishes.length >= MAX_LIVE || s.wishes.some((w) => w.camera === wish.camera) ? s : { wishes: [...s.wishes, wish] },
      ),
    close: (camera) => store.setState((s) => ({ wishes: s.wishes.filter((w) => w.camera !== camera) })),
    closeAll: () => store.setState({ wishes: [] }),
  };
}
