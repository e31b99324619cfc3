import { useCallback, useMemo } from 'react';
import { dayStart } from '../../model/centre.ts';
import { densityStrip } from '../../model/kpi-series.ts';
import { useApp, useServer } from '../app-context.ts';
import { Chart, type Look } from '../design/chart.tsx';
import { TransportGlyph } from '../design/glyphs.tsx';
import { useText } from '../design/use-text.ts';
import { useNow, useNowEvery } from '../store/clock.ts';
import { isCut } from '../store/server-store.ts';

const HOUR = 3_600_000;

/** 时间轴: the last 24 hours. The transport keys belong to the time machine and say so until it comes. */
export function TimeStrip() {
  const { t, at } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const offset = world.centre?.utcOffsetMinutes ?? 0;
  const now = Math.max(useNowEvery(10_000), world.at);
  const shown = useNow();
  const cut = useServer(isCut);
  const strip = useMemo(() => densityStrip(world, now), [world, now]);
  const total = strip.counts.reduce((a, b) => a + b, 0);
  const build = useCallback(
    (look: Look) => {
      const top = Math.max(4, ...strip.counts);
      const midnight = dayStart(now, offset);
      const first = midnight + Math.ceil((strip.from - midnight) / (3 * HOUR)) * 3 * HOUR;
      return {
        grid: { left: 12 * look.u, right: 12 * look.u, top: 22 * look.u, bottom: 22 * look.u },
        xAxis: {
          type: 'value' as const,
          min: strip.from,
          max: strip.to,
          axisTick: { show: false },
          axisLabel: { show: false },
          splitLine: { show: false },
          axisLine: { lineStyle: { color: look.color('rule'), width: look.u } },
        },
        yAxis: { type: 'value' as const, min: 0, max: top, show: false },
        series: [
          {
            type: 'bar' as const,
            silent: true,
            barWidth: Math.max(1, (0.8 * 1000 * look.u) / strip.counts.length),
            itemStyle: { color: look.color('s2') },
            data: strip.counts.map((n, i) => [strip.from + (i + 0.5) * strip.binMs, n]),
            markLine: {
              silent: true,
              symbol: 'none',
              lineStyle: { color: look.color('accent'), width: 2 * look.u, type: 'solid' as const },
              label: { show: false },
              data: [{ xAxis: now }],
            },
          },
          {
            type: 'scatter' as const,
            silent: true,
            z: 5,
            clip: false,
            data: strip.marks.map((i) => ({
              value: [i.reportedAt, top * 1.16],
              symbol: i.priority === 1 ? 'triangle' : 'diamond',
              itemStyle: { color: look.color(`p${i.priority}-fill`) || look.color(`p${i.priority}`) },
            })),
            symbolSize: 12 * look.u,
          },
          {
            type: 'scatter' as const,
            silent: true,
            clip: false,
            symbolSize: 0.01,
            data: Array.from({ length: 8 }, (_, k) => first + k * 3 * HOUR).map((ms) => ({
              value: [ms, 0],
              label: {
                show: true,
                position: 'bottom' as const,
                distance: 4 * look.u,
                formatter: ms === midnight ? `${at(ms).date} 00:00` : at(ms).hm,
                fontSize: 14 * look.u,
                fontFamily: look.font,
                color: look.color(ms === midnight ? 'text-1' : 'text-3'),
              },
            })),
          },
        ],
      };
    },
    [strip, now, offset, at],
  );
  const later = t('time.later');
  const button = (name: string, content: React.ReactNode, on = false) => (
    <button
      type="button"
      key={name}
      className={on ? 'on' : ''}
      aria-disabled="true"
      aria-label={`${name}：${later}`}
      title={later}
      onClick={() => view.setState({ notice: later })}
    >
      {content}
    </button>
  );
  return (
    <section className="tm" aria-label={t('time.title')}>
      <div className="ctl">
        <h2>
          {t('time.title')}
          <span>{t('time.sub', { n: total })}</span>
        </h2>
        <div className="btns">
          {button(t('time.back'), <TransportGlyph kind="back" />)}
          {button(t('time.play'), <TransportGlyph kind="play" />)}
          {button(t('time.forward'), <TransportGlyph kind="forward" />)}
          <span className="gap" />
          {[1, 10, 60].map((n) => button(t('time.speed', { n }), t('time.speed', { n }), n === 1))}
        </div>
      </div>
      <div className="strip">
        <span className="sr">{t('time.alt')}</span>
        <Chart className="density" build={build} />
      </div>
      <div className="now">
        <div className="pt">
          <small>{t('time.showing')}</small>
          {at(shown).hms}
        </div>
        <button
          type="button"
          className="bk"
          aria-disabled={!cut}
          title={t('time.isLive')}
          onClick={() => view.setState({ notice: t('notice.live') })}
        >
          {t('time.live')}
        </button>
      </div>
    </section>
  );
}
