import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrackAnswer } from '../../../model/track-answer.ts';
import { useApp, useView } from '../../app-context.ts';
import { get } from '../../http.ts';
import type { MapTrails } from '../../map-contract.ts';
import { emptyTrail, extend, type TrailBook, trailOf } from './trail-book.ts';

/** Units whose ways can be asked for at once. */
export const MOST_TRAILS = 50;
const POINTS = 600;
/** Ways go on with what comes in at most so often, ms. */
const EXTEND_MS = 2000;
/** When the moment shown leaps by more than this, ms, what lies between was not heard here. */
const LEAP_MS = 5 * 60_000;

/** 拖尾 of the units that are meant: of the chosen one, or of the first of `listed`. Asked once, then continued by what telemetry brings. */
export function useTrails(listed: readonly string[] | undefined): MapTrails | null {
  const { latest, clock, server, view } = useApp();
  const { t } = useTranslation();
  const trail = useView((s) => s.trail);
  const chosen = useView((s) => (s.selection?.kind === 'unit' ? s.selection.id : s.follow));
  const [asked, setAsked] = useState(0);
  const [books, setBooks] = useState<readonly TrailBook[]>([]);
  const units = useMemo(() => {
    if (!trail) return '';
    const all = trail.all && listed ? listed.slice(0, MOST_TRAILS) : [];
    return (chosen !== null && !all.includes(chosen) ? [chosen, ...all] : all).slice(0, MOST_TRAILS).join(',');
  }, [trail, chosen, listed]);
  const spanMs = (trail?.minutes ?? 0) * 60_000;

  useEffect(() => {
    let last = clock.shown();
    return clock.subscribe(() => {
      const now = clock.shown();
      if (now < last || now - last > LEAP_MS) setAsked((n) => n + 1);
      last = now;
    });
  }, [clock]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the moment shown has leapt
  useEffect(() => {
    setBooks([]);
    if (units === '') return;
    const stop = new AbortController();
    const to = Math.ceil(clock.shown());
    get<TrackAnswer>('/api/v1/tracks', { units, from: to - spanMs, to, points: POINTS }, stop.signal)
      .then(({ tracks }) => {
        const known = new Map(tracks.map((row) => [row.unit, trailOf(row)]));
        setBooks(units.split(',').map((unit) => known.get(unit) ?? emptyTrail(unit)));
      })
      .catch((e: unknown) => {
        if (!stop.signal.aborted)
          view.setState({ notice: t('patrolUnits.trailFailed', { rule: e instanceof Error ? e.message : String(e) }) });
      });
    return () => stop.abort();
  }, [units, spanMs, asked, clock, view, t]);

  useEffect(() => {
    if (units === '') return;
    let due: ReturnType<typeof setTimeout> | undefined;
    const take = () => {
      due = undefined;
      const from = clock.shown() - spanMs;
      const known = server.getState().world.units;
      setBooks((list) => {
        const next = list.map((b) => {
          const ix = known.get(b.unit)?.ix;
          return ix === undefined || ix >= latest.unitCount
            ? b
            : extend(b, { at: latest.at[ix]!, lng: latest.lng[ix]!, lat: latest.lat[ix]! }, from);
        });
        return next.some((b, i) => b !== list[i]) ? next : list;
      });
    };
    const leave = latest.subscribe(() => {
      due ??= setTimeout(take, EXTEND_MS);
    });
    return () => {
      leave();
      clearTimeout(due);
    };
  }, [units, spanMs, latest, clock, server]);

  return useMemo(() => (units === '' ? null : { spanMs, trails: books }), [units, spanMs, books]);
}
