import { useCallback, useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { shortName } from '../../model/area.ts';
import { categoryOf } from '../../model/centre.ts';
import { TARGETS } from '../../model/kpi.ts';
import { categoryRows, communityRows, sourceGroups, sourceHours } from '../../model/kpi-series.ts';
import { useApp, useServer } from '../app-context.ts';
import { Chart, type Look } from '../design/chart.tsx';
import { signed } from '../design/format.ts';
import { Panel, useFreshness } from '../design/freshness.tsx';
import { PriorityGlyph } from '../design/glyphs.tsx';
import { useText } from '../design/use-text.ts';
import { useNowEvery } from '../store/clock.ts';

const greys = ['s1', 's2', 's3', 's4'] as const;
const ten = 10_000;

/** What series are counted from, and as of when: another world only when something of it changed, so that an alarm draws no chart anew. */
function useCounted() {
  const { server } = useApp();
  const parts = useServer(
    useShallow(({ world: { incidents, ended, tallies, areas, centre, day } }) => ({ incidents, ended, tallies, areas, centre, day })),
  );
  const world = useMemo(() => ({ ...server.getState().world, ...parts }), [server, parts]);
  return { world, now: Math.max(useNowEvery(ten), world.at) };
}

const tick = (look: Look) => ({ color: look.color('text-3'), fontSize: 14 * look.u, fontFamily: look.font });

/** 今日事件来源: stacked bars by hour in four greys, yesterday as a step, now as a line. */
export function SourcesPanel() {
  const { t, language } = useText();
  const { world, now } = useCounted();
  const fresh = useFreshness();
  const data = useMemo(() => sourceHours(world, now), [world, now]);
  const sumYesterday = data.yesterday.reduce((a, b) => a + b, 0);
  const build = useCallback(
    (look: Look) => {
      const top = Math.max(
        4,
        ...data.yesterday,
        ...data.today.patrol.map((_, h) => sourceGroups.reduce((n, g) => n + data.today[g][h]!, 0)),
      );
      const step = Math.ceil(top / 3);
      return {
        grid: { left: 26 * look.u, right: 8 * look.u, top: 10 * look.u, bottom: 22 * look.u },
        xAxis: [
          {
            type: 'category' as const,
            data: Array.from({ length: 24 }, (_, h) => String(h).padStart(2, '0')),
            axisTick: { show: false },
            axisLine: { lineStyle: { color: look.color('rule'), width: look.u } },
            axisLabel: { ...tick(look), interval: (i: number) => i % 6 === 0, margin: 6 * look.u },
          },
          { type: 'value' as const, min: 0, max: 24, show: false },
        ],
        yAxis: {
          type: 'value' as const,
          max: step * 3,
          interval: step,
          axisLabel: { ...tick(look), formatter: (v: number) => (v === 0 ? '' : String(v)), margin: 6 * look.u },
          splitLine: { lineStyle: { color: look.color('hairline'), width: look.u } },
        },
        series: [
          ...sourceGroups.map((g, i) => ({
            type: 'bar' as const,
            stack: 'today',
            silent: true,
            barCategoryGap: '14%',
            itemStyle: { color: look.color(greys[i]!), borderColor: look.color('bg'), borderWidth: 0.6 * look.u },
            data: [...data.today[g]],
          })),
          {
            type: 'line' as const,
            silent: true,
            step: 'middle' as const,
            symbol: 'none',
            z: 4,
            lineStyle: { color: look.color('s-ref'), width: 1.6 * look.u },
            data: [...data.yesterday],
          },
          {
            type: 'line' as const,
            silent: true,
            xAxisIndex: 1,
            symbol: 'none',
            z: 5,
            lineStyle: { color: look.color('accent'), width: 2 * look.u },
            data: [
              [data.hour, 0],
              [data.hour, step * 3],
            ],
          },
        ],
      };
    },
    [data],
  );
  return (
    <Panel id="sources-today" title={t('charts.sources')} sub={t('charts.yesterday', { n: sumYesterday })} fresh={fresh} className="src">
      <ul className="sl" aria-label={t('charts.sourcesAlt')}>
        {sourceGroups.map((g, i) => (
          <li key={g}>
            <i style={{ background: `var(--${greys[i]})` }} />
            {t(`source.${g}`)}
            {g === 'hotline' && language === 'zh' ? '等' : ''} <b className="fig">{data.totals[g]}</b>
          </li>
        ))}
      </ul>
      <Chart className="hours" build={build} />
    </Panel>
  );
}

/** 本月按期办结率: deviation bars from the target line, one row per community. */
export function RatePanel() {
  const { t } = useText();
  const { view } = useApp();
  const { world, now } = useCounted();
  const fresh = useFreshness();
  const rows = useMemo(() => communityRows(world, now), [world, now]);
  const target = TARGETS.onTime;
  const build = useCallback(
    (look: Look) => {
      const low = Math.min(88, ...rows.map((r) => Math.floor(r.onTimeRate ?? 100)));
      const rate = rows.map((r) => r.onTimeRate);
      return {
        grid: { left: 0, right: 6 * look.u, top: 0, bottom: 0 },
        xAxis: { type: 'value' as const, min: Math.max(0, low - 1), max: 100, show: false },
        yAxis: { type: 'category' as const, inverse: true, show: false, data: rows.map((r) => r.code) },
        series: [
          {
            type: 'scatter' as const,
            silent: true,
            data: rate.flatMap((v, i) =>
              v === null ? [] : [{ value: [v, i], itemStyle: { color: look.color(v < target ? 's1' : 's2') } }],
            ),
            symbolSize: 10 * look.u,
            z: 5,
            markLine: {
              silent: true,
              symbol: 'none',
              label: { show: false },
              lineStyle: { color: look.color('text-2'), width: 2 * look.u, type: 'solid' as const },
              data: [{ xAxis: target }],
            },
            markArea: {
              silent: true,
              itemStyle: { color: look.color('surface-1') },
              data: [
                [{ xAxis: 0, itemStyle: { color: look.color('surface-2') } }, { xAxis: 92 }],
                [{ xAxis: 92 }, { xAxis: target }],
              ] as never,
            },
          },
          ...rows.map((r, i) => ({
            type: 'line' as const,
            silent: true,
            symbol: 'none',
            z: 4,
            lineStyle: { width: 7 * look.u, cap: 'butt' as const, color: look.color((r.onTimeRate ?? target) < target ? 's1' : 's2') },
            data:
              r.onTimeRate === null
                ? []
                : [
                    [target, i],
                    [r.onTimeRate, i],
                  ],
          })),
        ],
      };
    },
    [rows],
  );
  return (
    <Panel id="rate" title={t('charts.rate')} sub={t('charts.rateSub', { n: rows.length })} fresh={fresh} className="rate">
      {rows.every((r) => r.onTimeRate === null) && <p className="t3">{t('charts.closedNone')}</p>}
      <div className="bars rates">
        <ol>
          {rows.map((r, i) => {
            const off = r.onTimeRate === null || r.onTimeRate >= target ? null : r.onTimeRate >= 92 ? 3 : 2;
            return (
              <li key={r.code}>
                <span className="rank fig">{i + 1}</span>
                <button type="button" className="nm" onClick={() => view.setState({ area: r.code, camera: null, selection: null })}>
                  {shortName(r.name)}
                </button>
                <span />
                <span className={`mk ${off ? `p${off}` : ''}`}>{off && <PriorityGlyph priority={off} u={13} />}</span>
                <b className={`vl fig ${off ? `p${off}` : ''}`}>{r.onTimeRate === null ? '—' : r.onTimeRate.toFixed(1)}</b>
                <span className="dl fig">{r.change === null ? '' : signed(r.change, 1)}</span>
              </li>
            );
          })}
        </ol>
        <Chart className="over" build={build} />
      </div>
      <p className="note">
        <span>92</span>
        <span>{t('charts.rateTarget', { n: target })}</span>
        <span>%</span>
      </p>
    </Panel>
  );
}

/** 今日类别: most first; what does not fit becomes one row 其他. */
export function CategoryPanel({ rows: limit }: { rows: number }) {
  const { t, say } = useText();
  const { world, now } = useCounted();
  const fresh = useFreshness();
  const rows = useMemo(() => {
    const all = categoryRows(world, now);
    if (all.length <= limit) return all;
    const rest = all.slice(limit - 1);
    const total = (of: (r: (typeof rest)[number]) => number) => rest.reduce((n, r) => n + of(r), 0);
    return [...all.slice(0, limit - 1), { category: '', count: total((r) => r.count), mean: total((r) => r.mean ?? 0) }];
  }, [world, now, limit]);
  const build = useCallback(
    (look: Look) => ({
      grid: { left: 0, right: 0, top: 0, bottom: 0 },
      xAxis: { type: 'value' as const, min: 0, max: Math.max(1, ...rows.map((r) => r.count)), show: false },
      yAxis: { type: 'category' as const, inverse: true, show: false, data: rows.map((r) => r.category) },
      series: [
        {
          type: 'bar' as const,
          silent: true,
          barWidth: 9 * look.u,
          itemStyle: { color: look.color('s2') },
          data: rows.map((r) => r.count),
        },
      ],
    }),
    [rows],
  );
  return (
    <Panel id="categories" title={t('charts.category')} sub={t('charts.categorySub')} fresh={fresh} className="cat">
      {rows.length === 0 ? (
        <p className="t3">{t('charts.categoryNone')}</p>
      ) : (
        <div className="bars cats">
          <ol>
            {rows.map((r) => (
              <li key={r.category}>
                <span className="nm">{r.category ? say(categoryOf(world.centre, r.category).name) : t('charts.others')}</span>
                <span />
                <b className="vl fig">{r.count}</b>
                <span className="dl fig">{r.mean === null ? '' : Math.round(r.mean)}</span>
              </li>
            ))}
          </ol>
          <Chart className="over" build={build} />
        </div>
      )}
    </Panel>
  );
}
