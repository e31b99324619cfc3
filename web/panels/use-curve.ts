import { useEffect, useMemo, useState } from 'react';
import type { Sensor } from '../../model/world.ts';
import { useApp } from '../app-context.ts';
import { fetchReadings } from '../sensing-api.ts';

/** As many as a curve beside a record has pixels. */
const POINTS = 600;
export type CurvePoint = readonly [at: number, value: number];

/**
 * What a sensor read within a time (epoch ms), ascending; null = not fetched yet. `live`: the value it said last is its end.
 * The answer before stays until the next is here.
 */
export function useCurve(sensor: Sensor | undefined, from: number, to: number, live: boolean) {
  const { latest } = useApp();
  const [points, setPoints] = useState<readonly CurvePoint[] | null>(null);
  const [failed, setFailed] = useState(false);
  const id = sensor?.id;
  useEffect(() => {
    if (id === undefined) return;
    const stop = new AbortController();
    fetchReadings(id, from, to, POINTS, stop.signal)
      .then((curve) => {
        setPoints(curve.points);
        setFailed(false);
      })
      .catch(() => stop.signal.aborted || setFailed(true));
    return () => stop.abort();
  }, [id, from, to]);
  const shown = useMemo(() => {
    const list = sensor && points ? [...points] : [];
    const last = live && sensor ? ([latest.valueAt[sensor.ix] ?? 0, latest.value[sensor.ix] ?? 0] as const) : null;
    if (last && last[0] > (list.at(-1)?.[0] ?? 0) && last[0] >= from) list.push(last);
    return list;
  }, [sensor, points, live, latest, from]);
  return { points: shown, fetched: points !== null, failed };
}
