import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../../app-context.ts';
import { useText } from '../../design/use-text.ts';
import type { Density } from '../../replay/film-api.ts';
import { STEP_BY_MS } from '../../replay/replay.ts';
import type { TimeWindow } from './window.ts';

/** A hand that rests on the strip so long is shown what was there, ms. */
const REST_MS = 120;
const DAY = 86_400_000;

/** The hand on the strip: point and see, click or drag and go there; by keys ten minutes, an hour, a day. */
export function Slider({ window, at, density }: { window: TimeWindow; at: number; density: Density | null }) {
  const { t, at: clock } = useText();
  const { replay } = useApp();
  const preview = useStore(replay.preview.state, (s) => s.preview);
  const box = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<number | null>(null);
  const [hover, setHover] = useState<number | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const span = window.to - window.from;
  const pointed = drag ?? hover;

  const timeOf = (e: PointerEvent) => {
    const r = box.current?.getBoundingClientRect();
    if (!r) return at;
    const f = Math.min(1, Math.max(0, (e.clientX - r.left) / r.width));
    return Math.min(Math.floor(replay.now()), Math.round((window.from + f * span) / 1000) * 1000);
  };
  const point = (ms: number | null) => {
    clearTimeout(timer.current);
    if (ms === null) return replay.preview.show(null);
    timer.current = setTimeout(() => replay.preview.show(ms), REST_MS);
  };
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      replay.preview.show(null);
    },
    [replay],
  );
  const done = (go: boolean) => {
    if (go && drag !== null) replay.seek(drag);
    setDrag(null);
    setHover(null);
    point(null);
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => replay.step(-STEP_BY_MS),
    ArrowDown: () => replay.step(-STEP_BY_MS),
    ArrowRight: () => replay.step(STEP_BY_MS),
    ArrowUp: () => replay.step(STEP_BY_MS),
    PageDown: () => replay.step(-DAY),
    PageUp: () => replay.step(DAY),
    Home: () => replay.seek(window.from),
    End: replay.live,
  };
  const countAt = (ms: number) => density?.counts[Math.floor((ms - density.from) / density.binMs)] ?? 0;
  const place = (ms: number) => `${(100 * Math.min(1, Math.max(0, (ms - window.from) / span))).toFixed(3)}%`;
  const full = (ms: number) => `${clock(ms).date} ${clock(ms).hms}`;
  return (
    <div
      ref={box}
      className="tm-slider"
      role="slider"
      tabIndex={0}
      aria-label={t('replay.slider')}
      aria-valuemin={window.from}
      aria-valuemax={window.to}
      aria-valuenow={Math.round(Math.min(window.to, Math.max(window.from, at)))}
      aria-valuetext={t('replay.sliderText', { at: full(at), n: countAt(at) })}
      onKeyDown={(e) => {
        const key = keys[e.key];
        if (!key || e.shiftKey || e.ctrlKey || e.metaKey || e.altKey) return;
        e.preventDefault();
        e.stopPropagation();
        key();
      }}
      onPointerDown={(e) => {
        if (e.button !== 0) return;
        e.currentTarget.setPointerCapture(e.pointerId);
        setDrag(timeOf(e));
        point(timeOf(e));
      }}
      onPointerMove={(e) => {
        const ms = timeOf(e);
        if (drag !== null) setDrag(ms);
        else if (e.pointerType === 'mouse') setHover(ms);
        else return;
        point(ms);
      }}
      onPointerUp={() => done(true)}
      onPointerCancel={() => done(false)}
      onPointerLeave={() => drag === null && done(false)}
    >
      <i className="tm-after" style={{ left: place(at) }} />
      <i className="tm-hand" style={{ left: place(at) }} />
      {pointed !== null && (
        <>
          <i className="tm-hand tm-ghost" style={{ left: place(pointed) }} />
          <p className="tm-tip" style={{ left: place(pointed) }}>
            <b>{full(pointed)}</b> {t('replay.count', { n: countAt(pointed) })}
            <span>
              {preview?.found
                ? t('replay.tip', { incidents: preview.found.incidents, alarms: preview.found.alarms, units: preview.found.ghosts.length })
                : t('replay.tipWait')}
            </span>
          </p>
        </>
      )}
    </div>
  );
}
