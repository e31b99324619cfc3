import { useCallback } from 'react';
import type { Alarm } from '../../model/alarm.ts';
import type { AlarmRule } from '../../model/alarm-rule.ts';
import { sensorKindOf } from '../../model/centre.ts';
import { useServer } from '../app-context.ts';
import { Chart, type Look } from '../design/chart.tsx';
import { useText } from '../design/use-text.ts';
import { useNowEvery } from '../store/clock.ts';
import { figureText, valueFigure } from './alarm-words.ts';
import { peakOf } from './incident-curve.ts';
import { type CurvePoint, useCurve } from './use-curve.ts';

const SPAN_MS = 30 * 60_000;
const TURN_MS = 10_000;

/** The half hour up to now of the sensor of an alarm, its limit dashed, the moment it was raised as a line. */
export function AlarmCurve({ alarm, rule }: { alarm: Alarm; rule: AlarmRule | undefined }) {
  const { t, at, language } = useText();
  const sensor = useServer((s) => s.world.sensors.get(alarm.sensor));
  const kind = useServer((s) => sensorKindOf(s.world.centre, sensor?.kind));
  const to = useNowEvery(TURN_MS);
  const from = to - SPAN_MS;
  const { points, fetched, failed } = useCurve(sensor, from, to, true);
  const limit = rule && (rule.test.is === 'high' || rule.test.is === 'low') ? rule.test.limit : undefined;
  const hm = useCallback((ms: number) => at(ms).hm, [at]);
  const steps = (kind?.states?.length ?? 0) > 0;
  const build = useCallback(
    (look: Look) => option(look, { from, to, points, limit, raisedAt: alarm.first.at, priority: alarm.priority, steps, hm }),
    [from, to, points, limit, alarm.first.at, alarm.priority, steps, hm],
  );
  const peak = peakOf(points);
  const say = failed
    ? t('alarmDetail.curveFailed')
    : fetched && points.length === 0
      ? t('alarmDetail.curveNone')
      : peak
        ? t('curve.peak', { value: figureText(valueFigure({ language }, kind, peak[1])), at: hm(peak[0]) })
        : '';
  return (
    <figure className="alr-curve">
      <figcaption>
        <b>{t('alarmDetail.curve')}</b> <span className="t2">{say}</span>
      </figcaption>
      <span className="sr">{t('alarmDetail.curveAlt', { name: sensor?.name ?? alarm.sensor, from: hm(from), to: hm(to) })}</span>
      <Chart className="alr-chart" build={build} />
    </figure>
  );
}

interface Drawn {
  readonly from: number;
  readonly to: number;
  readonly points: readonly CurvePoint[];
  readonly limit: number | undefined;
  readonly raisedAt: number;
  readonly priority: number;
  /** values are states: they hold until the next */
  readonly steps: boolean;
  readonly hm: (ms: number) => string;
}
function option(look: Look, d: Drawn) {
  const values = [...d.points.map((p) => p[1]), ...(d.limit === undefined ? [] : [d.limit])];
  const tick = { fontSize: 14 * look.u, fontFamily: look.font, color: look.color('text-3') };
  return {
    grid: { left: 4 * look.u, right: 64 * look.u, top: 12 * look.u, bottom: 24 * look.u },
    xAxis: {
      type: 'value' as const,
      min: d.from,
      max: d.to,
      interval: 10 * 60_000,
      axisTick: { show: false },
      axisLabel: { ...tick, showMinLabel: false, showMaxLabel: false, formatter: d.hm },
      splitLine: { show: false },
      axisLine: { lineStyle: { color: look.color('rule'), width: look.u } },
    },
    yAxis: { type: 'value' as const, min: Math.min(0, ...values), max: Math.max(1e-6, ...values) * 1.1, show: false },
    series: [
      {
        type: 'line' as const,
        silent: true,
        symbol: 'none' as const,
        ...(d.steps ? { step: 'end' as const } : {}),
        lineStyle: { color: look.color('text-1'), width: 1.8 * look.u },
        data: d.points.map((p) => [...p]),
        markLine: {
          silent: true,
          symbol: 'none',
          animation: false,
          data: [
            ...(d.limit === undefined
              ? []
              : [
                  {
                    yAxis: d.limit,
                    lineStyle: { color: look.color('text-3'), type: [3 * look.u, 3 * look.u], width: look.u },
                    label: { ...tick, position: 'end' as const, formatter: String(d.limit) },
                  },
                ]),
            ...(d.raisedAt < d.from
              ? []
              : [
                  {
                    xAxis: d.raisedAt,
                    lineStyle: { color: look.color(`p${d.priority}`), type: 'solid' as const, width: 2 * look.u },
                    label: { show: false },
                  },
                ]),
          ],
        },
      },
    ],
  };
}
