import { useEffect, useMemo, useState } from 'react';
import type { Incident } from '../../model/incident.ts';
import { metresBetween } from '../../model/metres.ts';
import type { TrackAnswer } from '../../model/track-answer.ts';
import { useApp, useServer } from '../app-context.ts';
import { get } from '../http.ts';
import { seenOf } from '../store/units.ts';
import type { Way } from './sos-near.ts';

/** Ways that are asked for: of who was sent, and of those nearest when the page is opened. */
const MOST_WAYS = 24;
const POINTS = 200;

/** The ways of other units about an incident whose alarm is a unit's; null = not fetched yet. @param caller whose button it is; null = asks nothing */
export function useNear(i: Incident, caller: string | null, from: number, to: number) {
  const { latest, clock } = useApp();
  const units = useServer((s) => s.world.units);
  const [ways, setWays] = useState<readonly Way[] | null>(null);
  const [failed, setFailed] = useState(false);
  const crew = i.crew.map((c) => c.unit).join(',');
  const asked = useMemo(() => {
    if (caller === null) return '';
    const sent = crew.split(',').filter((id) => units.has(id));
    const near = [...units.values()]
      .flatMap((u) => {
        const seen = u.id === caller ? null : seenOf(latest, u);
        return seen ? [{ id: u.id, metres: metresBetween(seen.lngLat, i.lngLat) }] : [];
      })
      .sort((a, b) => a.metres - b.metres);
    return [...new Set([...sent, ...near.map((n) => n.id)])]
      .filter((id) => id !== caller)
      .slice(0, MOST_WAYS)
      .join(',');
  }, [caller, crew, units, latest, i.lngLat]);
  useEffect(() => {
    if (asked === '') return;
    const stop = new AbortController();
    get<TrackAnswer>('/api/v1/tracks', { units: asked, from, to: Math.min(to, clock.shown()), points: POINTS }, stop.signal)
      .then(({ tracks }) => {
        setWays(tracks);
        setFailed(false);
      })
      .catch(() => stop.signal.aborted || setFailed(true));
    return () => stop.abort();
  }, [asked, from, to, clock]);
  return { ways, failed };
}
