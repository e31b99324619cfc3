import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import type { TrackAnswer, TrackRow } from '../../../../model/track-answer.ts';
import { useServer } from '../../../app-context.ts';
import { grouped, kmh } from '../../../design/format.ts';
import { useText } from '../../../design/use-text.ts';
import { getNow } from '../../../http.ts';

const MOST = 20_000;
const ROW = 28;

/** 定位: every fix behind the figures of one unit, as the device told them. */
export function Fixes({ unit, from, to, onClose }: { unit: string; from: number; to: number; onClose: () => void }) {
  const { t, at } = useText();
  const name = useServer((s) => s.world.units.get(unit)?.name ?? unit);
  const [row, setRow] = useState<TrackRow | null>(null);
  const [rule, setRule] = useState<string | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    setRow(null);
    getNow<TrackAnswer>('/api/v1/tracks', { units: unit, from, to, points: MOST }, stop.signal)
      .then((answer) => setRow(answer.tracks[0] ?? null))
      .catch((e) => stop.signal.aborted || setRule(e instanceof Error ? e.message : String(e)));
    return () => stop.abort();
  }, [unit, from, to]);
  const scroll = useRef<HTMLDivElement>(null);
  const lines = useVirtualizer({
    count: row?.at.length ?? 0,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  return (
    <section className="tk-fixes" aria-label={t('tracks.fixesHead', { name })}>
      <h3>
        {t('tracks.fixesHead', { name })}
        <button type="button" className="plain" onClick={onClose}>
          {t('tracks.close')}
        </button>
      </h3>
      {rule && <p role="alert">{t('tracks.failed', { rule })}</p>}
      {row && row.at.length < row.figures.fixes && <p className="t3">{t('tracks.fixesSome', { n: grouped(row.at.length) })}</p>}
      <div className="tk-fix tk-fix-head" aria-hidden="true">
        {(['at', 'speed', 'lng', 'lat'] as const).map((c) => (
          <span key={c}>{t(`tracks.fixCol.${c}`)}</span>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key */}
      <div className="tk-scroll" ref={scroll} tabIndex={0}>
        <div style={{ height: lines.getTotalSize(), position: 'relative' }}>
          {row &&
            lines.getVirtualItems().map(({ index: i, start }) => (
              <div key={i} className="tk-fix fig" style={{ transform: `translateY(${start}px)` }}>
                <span>{`${at(row.at[i]!).date} ${at(row.at[i]!).hms}`}</span>
                <span>{kmh(row.speed[i]!)}</span>
                <span>{row.lng[i]!.toFixed(6)}</span>
                <span>{row.lat[i]!.toFixed(6)}</span>
              </div>
            ))}
        </div>
      </div>
    </section>
  );
}
