import { useEffect, useState } from 'react';
import type { TrackAnswer } from '../../../../model/track-answer.ts';
import { useApp } from '../../../app-context.ts';
import { getNow } from '../../../http.ts';

export type Fetched =
  | { readonly state: 'none' }
  | { readonly state: 'loading'; readonly last: TrackAnswer | null }
  | { readonly state: 'failed'; readonly rule: string }
  | { readonly state: 'here'; readonly answer: TrackAnswer };
const POINTS = 2000;

/** Tracks of the units and the time asked for. While the past is shown nothing later than it is asked for. */
export function useTracks(units: readonly string[], from: number, to: number): Fetched {
  const { clock } = useApp();
  const [fetched, setFetched] = useState<Fetched>({ state: 'none' });
  const asked = units.join(',');
  useEffect(() => {
    if (asked === '') return setFetched({ state: 'none' });
    const stop = new AbortController();
    setFetched((f) => ({ state: 'loading', last: f.state === 'here' ? f.answer : null }));
    getNow<TrackAnswer>('/api/v1/tracks', { units: asked, from, to: Math.min(to, clock.shown()), points: POINTS }, stop.signal)
      .then((answer) => setFetched({ state: 'here', answer }))
      .catch((e) => stop.signal.aborted || setFetched({ state: 'failed', rule: e instanceof Error ? e.message : String(e) }));
    return () => stop.abort();
  }, [asked, from, to, clock]);
  return fetched;
}
