import { createContext, useContext } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ReplayState } from './replay/player.ts';
import type { Replay, Sources } from './replay/replay.ts';
import type { ServerState } from './store/server-store.ts';
import type { ViewState, ViewStore } from './store/view-store.ts';

/** Everything a page or panel may use, made once in main.tsx. While the past is shown, server data, latest, clock and commands are of then. */
export interface AppParts extends Sources {
  readonly view: ViewStore;
  /** what is so now, whatever is shown: for the state of the link and for what must be heard at once */
  readonly live: Sources;
  readonly replay: Replay;
}

export const AppContext = createContext<AppParts | null>(null);

export function useApp(): AppParts {
  const parts = useContext(AppContext);
  if (!parts) throw new Error('AppContext is missing: render inside <AppContext.Provider>');
  return parts;
}
export const useServer = <T>(select: (s: ServerState) => T): T => useStore(useApp().server, select);
export const useView = <T>(select: (s: ViewState) => T): T => useStore(useApp().view, select);
export const useLiveServer = <T>(select: (s: ServerState) => T): T => useStore(useApp().live.server, select);
export const useReplay = <T>(select: (s: ReplayState) => T): T => useStore(useApp().replay.state, select);

/** The moment of the past that is shown, to ask again by; while it plays, in steps of `everyMs` of real time. null = live */
export const useMoment = (everyMs: number) =>
  useReplay((s) => (!s.on ? null : s.playing ? Math.floor(s.at / (everyMs * s.speed)) * everyMs * s.speed : s.at));

/** 回放中，不能下达: the words on everything that would change something; null = live. */
export function useStop(): string | null {
  const { t } = useTranslation();
  return useServer((s) => s.past) ? t('replay.refused') : null;
}
/** Of a button that would change something: nothing, or disabled with the reason. */
export const heldBy = (stop: string | null) => (stop === null ? {} : { disabled: true, title: stop });
