import { useCallback, useEffect, useRef, useState } from 'react';
import { useApp, useReplay, useServer } from '../app-context.ts';
import { Chart, type Look } from '../design/chart.tsx';
import { useText } from '../design/use-text.ts';
import { useLiveNowEvery, useNow } from '../store/clock.ts';
import { densityOption } from './time/density-chart.ts';
import { Slider } from './time/slider.tsx';
import { Said, StateLine } from './time/state-line.tsx';
import { Transport } from './time/transport.tsx';
import { useDensity } from './time/use-density.ts';
import { useMore } from './time/use-more.tsx';
import { type Range, rangeKeys, ranges, type TimeWindow, ticksOf, windowOf } from './time/window.ts';

/** An export begins with so much before and after the moment shown, ms. */
const CLIP_AROUND_MS = 30 * 60_000;

/** 时间轴: how much happened when, and the hand that moves the whole wall to any of it. */
export function TimeStrip() {
  const { t, at: clock } = useText();
  const { replay, view } = useApp();
  const offset = useServer((s) => s.world.centre?.utcOffsetMinutes ?? 0);
  const past = useReplay((s) => s.on);
  const asked = useReplay((s) => s.at);
  const now = useLiveNowEvery(10_000);
  const shown = useNow();
  const at = past ? asked : shown;
  const [range, setRange] = useState<Range>('d1');
  const more = useMore();
  const kept = useRef<TimeWindow | null>(null);
  const window = windowOf(kept.current, range, past ? at : null, now);
  kept.current = window;
  const { density, error } = useDensity(window, range, past);
  useEffect(() => replay.measure(), [replay]);
  const build = useCallback(
    (look: Look) => densityOption(look, { window, density, ticks: ticksOf(window, range, offset), range, clock }),
    [window, density, range, offset, clock],
  );
  const n = density?.counts.reduce((a, b) => a + b, 0) ?? 0;
  const words = { from: clock(window.from).date, to: clock(window.to).date };
  return (
    <section className="tm" aria-label={t('time.title')}>
      <div className="ctl">
        <h2>
          {t('time.title')}
          <span>
            {past ? (
              <Said />
            ) : error ? (
              t('replay.densityFailed', { rule: error })
            ) : window.latest ? (
              t(`replay.inWindow.${range}`, { n })
            ) : (
              t('replay.around', { ...words, n })
            )}
          </span>
        </h2>
        <Transport />
      </div>
      <div className="strip tm-strip">
        <span className="sr">{t('replay.stripAlt', { ...words, min: ranges[range].ms / ranges[range].bins / 60_000 })}</span>
        <Chart className="density" build={build} />
        <Slider window={window} at={at} density={density} />
      </div>
      <div className="now">
        <fieldset className="tm-ranges" aria-label={t('replay.window')}>
          {rangeKeys.map((r) => (
            <button type="button" key={r} aria-pressed={r === range} onClick={() => setRange(r)}>
              {t(`replay.windows.${r}`)}
            </button>
          ))}
        </fieldset>
        <StateLine at={at} />
        {more.button}
        <button
          type="button"
          className="tm-open tm-clip"
          title={t('clip.title')}
          onClick={() => {
            const moment = Math.floor(past ? replay.at() : replay.now());
            const to = Math.min(moment + CLIP_AROUND_MS, Math.floor(replay.now()));
            view.setState({ sheet: { kind: 'clip', from: moment - CLIP_AROUND_MS, to } });
          }}
        >
          {t('clip.make')}
        </button>
        <button
          type="button"
          className={past ? 'bk tm-live' : 'bk'}
          aria-disabled={!past}
          title={past ? undefined : t('replay.isLive')}
          onClick={() => past && replay.live()}
        >
          {t('replay.live')}
        </button>
      </div>
      {more.sheet}
    </section>
  );
}
