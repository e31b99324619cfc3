import { useEffect, useMemo, useState } from 'react';
import { densityStrip } from '../../../model/kpi-series.ts';
import { useServer } from '../../app-context.ts';
import { type Density, fetchDensity } from '../../replay/film-api.ts';
import { type Range, ranges, type TimeWindow } from './window.ts';

/** Of the latest day the screen knows all by itself; anything older is asked for, and the newest part again as time goes on. */
export function useDensity(
  window: TimeWindow,
  range: Range,
  past: boolean,
): { readonly density: Density | null; readonly error: string | null } {
  const world = useServer((s) => s.world);
  const own = range === 'd1' && !past;
  const { from, to } = window;
  const known = useMemo((): Density | null => {
    if (!own) return null;
    const strip = densityStrip(world, to - 1);
    return { ...strip, marks: strip.marks.map((i) => ({ at: i.reportedAt, priority: i.priority as 1 | 2, kind: 'incident', id: i.id })) };
  }, [own, world, to]);
  const [got, setGot] = useState<{ key: string; density: Density | null; error: string | null } | null>(null);
  const key = own ? '' : `${from} ${to}`;
  useEffect(() => {
    if (!key) return;
    const stop = new AbortController();
    fetchDensity(from, to, ranges[range].bins, stop.signal).then(
      (density) => setGot({ key, density, error: null }),
      (e) => !stop.signal.aborted && setGot({ key, density: null, error: e instanceof Error ? e.message : String(e) }),
    );
    return () => stop.abort();
  }, [key, from, to, range]);
  if (own) return { density: known, error: null };
  return { density: got?.density ?? null, error: got?.key === key ? got.error : null };
}
