import { useEffect, useRef, useState } from 'react';
import { useApp } from '../../app-context.ts';
import type { ServerState } from '../../store/server-store.ts';

/** At most one question in so long while incidents change, ms. */
export const EVERY_MS = 1000;
/** Without any change too: deadlines pass by themselves. */
export const IDLE_MS = 15_000;

export interface Live<T> {
  readonly data: T | null;
  /** the latest answer could not be had */
  readonly error: string | null;
  /** the question has changed and its answer is not here yet */
  readonly waiting: boolean;
  readonly again: () => void;
}

const ofIncidents = (a: ServerState, b: ServerState) => a.world.incidents !== b.world.incidents || a.world.ended !== b.world.ended;

interface Following {
  /** whether a change of the world makes the answer old; as a rule, one of incidents */
  readonly newer?: (now: ServerState, before: ServerState) => boolean;
  /** asked again after so long without any change, ms */
  readonly idleMs?: number;
}

/**
 * An answer of the server that follows the stream: asked when `key` changes, again when an entry about incidents has come, and now and
 * then. The answer before stays while the next is on its way. `ask` gets the last entry this screen has applied.
 */
export function useLive<T>(
  key: string,
  ask: (after: number, signal: AbortSignal) => Promise<T>,
  { newer = ofIncidents, idleMs = IDLE_MS }: Following = {},
): Live<T> {
  const { server } = useApp();
  const [state, setState] = useState<{ key: string; data: T | null; error: string | null }>({ key: '', data: null, error: null });
  const latest = useRef(ask);
  latest.current = ask;
  const follows = useRef(newer);
  follows.current = newer;
  const again = useRef(() => {});

  useEffect(() => {
    let stop: AbortController | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asked = 0;
    let wanted = false;
    let over = false;
    const run = async () => {
      wanted = false;
      asked = Date.now();
      clearTimeout(timer);
      stop = new AbortController();
      try {
        const data = await latest.current(server.getState().world.seq, stop.signal);
        if (!over) setState({ key, data, error: null });
      } catch (e) {
        if (!over) setState((s) => ({ key, data: s.data, error: e instanceof Error ? e.message : String(e) }));
      }
      stop = null;
      if (!over) later(wanted ? EVERY_MS : idleMs);
    };
    const later = (ms: number) => {
      clearTimeout(timer);
      timer = setTimeout(run, Math.max(0, ms - (Date.now() - asked)));
    };
    const soon = () => {
      wanted = true;
      if (!stop) later(EVERY_MS);
    };
    again.current = () => {
      wanted = true;
      if (!stop) later(0);
    };
    void run();
    const unsubscribe = server.subscribe((now, before) => follows.current(now, before) && soon());
    return () => {
      over = true;
      clearTimeout(timer);
      stop?.abort();
      unsubscribe();
    };
  }, [server, key, idleMs]);

  return { data: state.data, error: state.error, waiting: state.key !== key, again: () => again.current() };
}
