import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Commands } from './commands.ts';
import type { Clock } from './store/clock.ts';
import type { LatestStore } from './store/latest.ts';
import type { ServerState, ServerStore } from './store/server-store.ts';
import type { ViewState, ViewStore } from './store/view-store.ts';

/** Everything a page or panel may use, made once in main.tsx. */
export interface AppParts {
  readonly server: ServerStore;
  readonly view: ViewStore;
  readonly latest: LatestStore;
  readonly clock: Clock;
  readonly commands: Commands;
}

export const AppContext = createContext<AppParts | null>(null);

export function useApp(): AppParts {
  const parts = useContext(AppContext);
  if (!parts) throw new Error('AppContext is missing: render inside <AppContext.Provider>');
  return parts;
}
export const useServer = <T>(select: (s: ServerState) => T): T => useStore(useApp().server, select);
export const useView = <T>(select: (s: ViewState) => T): T => useStore(useApp().view, select);
