import type { EChartsOption } from 'echarts';
import type { Look } from '../../design/chart.tsx';
import type { Density } from '../../replay/film-api.ts';
import type { Range, TimeWindow } from './window.ts';

interface Parts {
  readonly window: TimeWindow;
  readonly density: Density | null;
  readonly ticks: readonly { readonly at: number; readonly day: boolean }[];
  readonly range: Range;
  readonly clock: (ms: number) => { readonly hm: string; readonly date: string };
}

/** Bars of what was reported, P1 and P2 above them, the hours or days below. The hand is not part of it: it moves, the ground does not. */
export function densityOption(look: Look, { window, density, ticks, range, clock }: Parts): EChartsOption {
  const counts = density?.counts ?? [];
  const top = Math.max(4, ...counts);
  const plain = (value: number[]) => ({ value });
  return {
    grid: { left: 12 * look.u, right: 12 * look.u, top: 22 * look.u, bottom: 22 * look.u },
    xAxis: {
      type: 'value',
      min: window.from,
      max: window.to,
      axisTick: { show: false },
      axisLabel: { show: false },
      splitLine: { show: false },
      axisLine: { lineStyle: { color: look.color('rule'), width: look.u } },
    },
    yAxis: { type: 'value', min: 0, max: top, show: false },
    series: [
      {
        type: 'bar',
        silent: true,
        barWidth: Math.max(1, (0.8 * 1000 * look.u) / Math.max(1, counts.length)),
        itemStyle: { color: look.color('s2') },
        data: density ? counts.map((n, i) => plain([density.from + (i + 0.5) * density.binMs, n])) : [],
      },
      {
        type: 'scatter',
        silent: true,
        z: 5,
        clip: false,
        symbolSize: 12 * look.u,
        data: (density?.marks ?? []).map((m) => ({
          value: [m.at, top * 1.16],
          symbol: m.priority === 1 ? 'triangle' : 'diamond',
          itemStyle: { color: look.color(`p${m.priority}-fill`) || look.color(`p${m.priority}`) },
        })),
      },
      {
        type: 'scatter',
        silent: true,
        clip: false,
        symbolSize: 0.01,
        data: ticks.map(({ at, day }) => ({
          value: [at, 0],
          label: {
            show: true,
            position: 'bottom',
            distance: 4 * look.u,
            formatter: range === 'd1' ? (day ? `${clock(at).date} 00:00` : clock(at).hm) : clock(at).date,
            fontSize: 14 * look.u,
            fontFamily: look.font,
            color: look.color(day && range === 'd1' ? 'text-1' : 'text-3'),
          },
        })),
      },
    ],
  };
}
