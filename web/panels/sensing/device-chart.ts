import type { ValueTest } from '../../../model/alarm-rule.ts';
import type { Priority } from '../../../model/centre.ts';
import type { Look } from '../../design/chart.tsx';

/** Margins of the plot, in u: what lies over it (the reading pointed at) needs them too. */
export const MARGIN = { left: 64, right: 96, top: 14, bottom: 30 } as const;

export interface ChartLimit {
  readonly test: Exclude<ValueTest, { is: 'state' }>;
  readonly label: string;
  readonly priority: Priority;
}
export interface ChartAlarm {
  readonly priority: Priority;
  readonly from: number;
  readonly to: number;
}
export interface Drawn {
  readonly from: number;
  readonly to: number;
  /** null = a gap */
  readonly points: readonly (readonly [number, number | null])[];
  readonly limits: readonly ChartLimit[];
  readonly alarms: readonly ChartAlarm[];
  /** names of the values where they are states */
  readonly states: readonly { readonly value: number; readonly name: string }[];
  readonly utcOffsetMinutes: number;
  /** a moment as the axis writes it; `day`: the day is meant, not the hour */
  readonly tick: (ms: number, day: boolean) => string;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 14_400, 43_200].map((m) => m * MINUTE);

/** The whole steps between two moments; one too near to an end to be written there is left out. */
function ticksWithin(from: number, to: number, step: number): number[] {
  const room = (to - from) / 40;
  const first = Math.ceil((from + room) / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((to - room - first) / step) + 1) }, (_, i) => first + i * step);
}

/** ECharts option of a device's history: the curve with its gaps, limits with their deadbands, alarms as stretches of time. */
export function deviceOption(look: Look, d: Drawn) {
  const { u, color } = look;
  // ticks stand at whole hours and days of the centre, not of UTC
  const shift = d.utcOffsetMinutes * MINUTE;
  const x = (ms: number) => ms + shift;
  const within = (ms: number) => x(Math.min(d.to, Math.max(d.from, ms)));
  const step = steps.find((s) => (d.to - d.from) / s <= 8) ?? steps.at(-1)!;
  const tick = { color: color('text-3'), fontSize: 14 * u, fontFamily: look.font };
  const values = [...d.points.flatMap((p) => (p[1] === null ? [] : [p[1]])), ...d.limits.map((l) => l.test.limit)];
  const top = d.states.length ? Math.max(...d.states.map((s) => s.value)) + 0.5 : Math.max(1e-6, ...values) * 1.08;
  const bottom = d.states.length ? Math.min(...d.states.map((s) => s.value)) - 0.5 : Math.min(0, ...values);
  const stateOf = (v: number) => d.states.find((s) => s.value === v)?.name ?? '';
  const band = ({ test }: ChartLimit) => {
    const other = test.is === 'high' ? test.limit - test.deadband : test.limit + test.deadband;
    return [
      { yAxis: Math.min(other, test.limit), itemStyle: { color: color('s4'), opacity: 0.35 } },
      { yAxis: Math.max(other, test.limit) },
    ];
  };
  return {
    grid: { left: MARGIN.left * u, right: MARGIN.right * u, top: MARGIN.top * u, bottom: MARGIN.bottom * u },
    xAxis: {
      type: 'value' as const,
      min: x(d.from),
      max: x(d.to),
      axisTick: { show: false },
      axisLine: { onZero: false, lineStyle: { color: color('rule'), width: u } },
      axisLabel: {
        ...tick,
        hideOverlap: true,
        customValues: ticksWithin(x(d.from), x(d.to), step),
        formatter: (v: number) => d.tick(v - shift, step >= DAY || v % DAY === 0),
      },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value' as const,
      min: bottom,
      max: top,
      ...(d.states.length ? { interval: 0.5 } : { splitNumber: 3 }),
      axisLabel: {
        ...tick,
        showMaxLabel: false,
        ...(d.states.length ? { formatter: stateOf } : { formatter: (v: number) => String(Number(v.toPrecision(3))) }),
      },
      splitLine: { show: d.states.length === 0, lineStyle: { color: color('hairline'), width: u } },
    },
    series: [
      {
        type: 'line' as const,
        silent: true,
        symbol: 'none' as const,
        connectNulls: false,
        ...(d.states.length ? { step: 'end' as const } : {}),
        z: 4,
        lineStyle: { color: color('text-1'), width: 1.6 * u },
        data: d.points.map(([at, v]) => [x(at), v]),
        markArea: {
          silent: true,
          data: [
            ...d.limits.filter((l) => l.test.deadband > 0).map(band),
            ...d.alarms.map((a) => [
              { xAxis: within(a.from), itemStyle: { color: color(`p${a.priority}`), opacity: 0.22 } },
              { xAxis: within(a.to) },
            ]),
          ] as never,
        },
        markLine: {
          silent: true,
          symbol: 'none',
          animation: false,
          data: d.limits.map((l) => ({
            yAxis: l.test.limit,
            lineStyle: { color: color('text-3'), type: [4 * u, 4 * u], width: 1.2 * u },
            label: { ...tick, color: color('text-2'), position: 'end' as const, formatter: l.label },
          })),
        },
      },
    ],
  };
}
