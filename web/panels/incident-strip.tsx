import { useCallback, useMemo } from 'react';
import { partsOfAlarm } from '../../model/alarm.ts';
import { limitsOfSensor } from '../../model/alarm-rules.ts';
import { sensorKindOf } from '../../model/centre.ts';
import { type Incident, isOpen } from '../../model/incident.ts';
import { useServer } from '../app-context.ts';
import { Chart, type Look } from '../design/chart.tsx';
import { plainNumber, signed } from '../design/format.ts';
import { useText } from '../design/use-text.ts';
import { useNowEvery } from '../store/clock.ts';
import { changeOver, curveWindow, eventsOf, peakOf, type StripEvent } from './incident-curve.ts';
import { alarmEvents, distancesAt, NEAR_M, nearestCurve, type Way } from './sos-near.ts';
import { type CurvePoint, useCurve } from './use-curve.ts';
import { useEntries } from './use-entries.ts';
import { useNear } from './use-near.ts';

const TURN_MS = 10_000;

/**
 * 曲线 of the sensor whose alarm began it, with the steps as vertical lines; of a unit's call for help, how far the nearest other unit was. Without
 * an alarm the incident's own time axis.
 */
export function IncidentStrip({ incident: i }: { incident: Incident }) {
  const { t, at, say } = useText();
  const { areas, centre, rules, sensors, units, alarms } = useServer((s) => s.world);
  const now = Math.max(useNowEvery(TURN_MS), i.reportedAt);
  const source = i.alarm ? partsOfAlarm(i.alarm).sensor : undefined;
  const sensor = source === undefined ? undefined : sensors.get(source);
  /** whose button it is */
  const caller = source !== undefined && !sensor && units.has(source) ? source : null;
  const kind = sensorKindOf(centre, sensor?.kind);
  const { from, to } = curveWindow(i, now);
  const curve = useCurve(sensor, from, to, isOpen(i));
  const near = useNear(i, caller, from, to);
  const { lists } = useEntries(caller === null ? [] : [i.alarm!], caller === null ? null : alarms.get(i.alarm!));
  const failed = curve.failed || near.failed;
  const ways = near.ways;
  const shown = useMemo(
    () => (caller === null ? curve.points : nearestCurve(ways ?? [], i.lngLat, from, Math.min(now, to))),
    [caller, curve.points, ways, i.lngLat, from, now, to],
  );
  const pressed = useMemo(() => alarmEvents(lists?.[0] ?? [], from, to), [lists, from, to]);
  const events = useMemo(() => {
    const steps = eventsOf(i);
    if (pressed.length === 0) return steps;
    // the incident was reported by the button
    return [...steps.filter((e) => e.kind !== 'step' || e.step !== 'report'), ...pressed].sort((a, b) => a.at - b.at);
  }, [i, pressed]);
  const value = shown.at(-1)?.[1];
  const peak = peakOf(shown);
  const change = changeOver(shown, 5 * 60_000);
  const unit = kind?.unit ?? (caller === null ? '' : 'm');
  const name = kind ? say(kind.name) : t(caller === null ? 'curve.axis' : 'curve.near');
  const limits = useMemo(
    () => (sensor ? limitsOfSensor({ areas, centre, rules }, sensor).map(({ test }) => ({ key: test.is, value: test.limit })) : []),
    [areas, centre, rules, sensor],
  );
  const over = value !== undefined && isOver(limits, value);
  const word = useCallback(
    (e: StripEvent) =>
      e.kind === 'step'
        ? t(`step.${e.step}`)
        : e.kind === 'alarm'
          ? t(`curve.alarm.${e.turn}`)
          : t(e.kind === 'whistle' ? 'dossier.whistle' : 'whistleBoard.report'),
    [t],
  );
  const build = useCallback(
    (look: Look) =>
      curveOption(look, {
        from,
        to,
        now: Math.min(now, to),
        points: shown,
        limits,
        events,
        word,
        priority: i.priority,
        hm: (ms) => at(ms).hm,
        limit: (key, v) => t(`curve.${key}`, { value: v }),
      }),
    [from, to, now, shown, limits, events, word, i.priority, at, t],
  );
  return (
    <section className="tm curve" aria-label={sensor || caller ? t('curve.title') : t('curve.axis')}>
      <div className="ctl">
        <h2>{name}</h2>
        {sensor || caller ? (
          <>
            <div className={`gv ${over ? `p${i.priority}` : ''}`}>
              {value === undefined ? '—' : plainNumber(value)}
              <small>{unit}</small>
            </div>
            <p className="gs">
              {caller ? (
                <Near incident={i} caller={caller} ways={ways} failed={failed} />
              ) : failed ? (
                t('curve.failed')
              ) : peak ? (
                `${t('curve.peak', { value: plainNumber(peak[1]), at: at(peak[0]).hm })}　${change === null ? '' : t('curve.change', { value: signed(change, Math.abs(change) < 10 ? 1 : 0) })}`
              ) : (
                t('curve.none')
              )}
            </p>
          </>
        ) : (
          <p className="gs">{t('curve.events', { n: events.length })}</p>
        )}
      </div>
      <div className="strip">
        <span className="sr">{t(caller ? 'curve.nearAlt' : 'curve.alt', { name, from: at(from).hm, to: at(to).hm })}</span>
        <Chart className="curve" build={build} />
      </div>
    </section>
  );
}

/** In words: who was near when the button was pressed, and who came. */
function Near({ incident: i, caller, ways, failed }: { incident: Incident; caller: string; ways: readonly Way[] | null; failed: boolean }) {
  const { t, span } = useText();
  const units = useServer((s) => s.world.units);
  if (failed) return t('curve.nearFailed');
  if (!ways) return null;
  const name = (id: string) => units.get(id)?.name ?? id;
  const then = distancesAt(ways, i.lngLat, i.at);
  const first = then[0];
  const came = i.crew.filter((c) => c.unit !== caller && c.arrivedAt !== null).sort((a, b) => a.arrivedAt! - b.arrivedAt!)[0];
  return (
    <>
      {first
        ? t('curve.nearOf', { n: then.filter((d) => d.metres <= NEAR_M).length, who: name(first.unit), metres: Math.round(first.metres) })
        : t('curve.nearNone')}
      {came && `　${t('curve.arrived', { who: name(came.unit), span: span(Math.max(0, came.arrivedAt! - i.at)) })}`}
    </>
  );
}

interface Limit {
  readonly key: 'high' | 'low';
  readonly value: number;
}
const isOver = (limits: readonly Limit[], value: number) => limits.some((l) => (l.key === 'high' ? value >= l.value : value <= l.value));

interface Drawn {
  readonly from: number;
  readonly to: number;
  readonly now: number;
  readonly points: readonly CurvePoint[];
  readonly limits: readonly Limit[];
  readonly events: readonly StripEvent[];
  readonly word: (e: StripEvent) => string;
  readonly priority: number;
  readonly hm: (ms: number) => string;
  readonly limit: (key: 'high' | 'low', value: number) => string;
}

/** ECharts option of the strip: the curve, its limits, the steps, the time and where we are in it. */
function curveOption(look: Look, d: Drawn) {
  const { limits } = d;
  const values = d.points.map((p) => p[1]);
  const top = Math.max(1e-6, ...values, ...limits.map((l) => l.value)) * 1.15;
  const bottom = Math.min(0, ...values);
  const over = (v: number) => isOver(limits, v);
  // the part beyond a limit in the colour of the priority; neighbours belong to it too, so that the line is whole
  const hot = d.points.map(([x, v], k): [number, number | null] => [
    x,
    over(v) || over(d.points[k + 1]?.[1] ?? v) || over(d.points[k - 1]?.[1] ?? v) ? v : null,
  ]);
  const tick = { fontSize: 14 * look.u, fontFamily: look.font, color: look.color('text-3') };
  const label = { ...tick, color: look.color('text-2') };
  const span = d.to - d.from;
  const shift = spread(d.events.map((e) => ({ at: ((e.at - d.from) / span) * PLOT_U, width: labelWidth(d.word(e)) })));
  const line = { type: 'line' as const, silent: true, symbol: 'none' as const, z: 4 };
  return {
    grid: { left: 12 * look.u, right: 92 * look.u, top: 34 * look.u, bottom: 24 * look.u },
    xAxis: {
      type: 'value' as const,
      min: d.from,
      max: d.to,
      splitNumber: 6,
      interval: niceStep(span),
      axisTick: { show: false },
      axisLabel: { ...tick, showMinLabel: false, showMaxLabel: false, formatter: (ms: number) => d.hm(ms) },
      splitLine: { show: false },
      axisLine: { lineStyle: { color: look.color('rule'), width: look.u } },
    },
    yAxis: { type: 'value' as const, min: bottom, max: top, show: false },
    series: [
      {
        ...line,
        lineStyle: { color: look.color('text-2'), width: 1.8 * look.u },
        data: d.points.map((p) => [...p]),
        markLine: {
          silent: true,
          symbol: 'none',
          animation: false,
          data: [
            ...limits.map((l) => ({
              yAxis: l.value,
              lineStyle: { color: look.color('text-3'), type: [3 * look.u, 3 * look.u], width: look.u },
              label: { ...tick, position: 'end' as const, formatter: d.limit(l.key, l.value) },
            })),
            ...d.events.map((e, k) => ({
              xAxis: e.at,
              lineStyle: { color: look.color('rule'), type: 'solid' as const, width: look.u },
              label: {
                ...label,
                show: shift[k] !== null,
                position: 'end' as const,
                distance: (2 + 15 * (shift[k] ?? 0)) * look.u,
                formatter: d.word(e),
              },
            })),
            { xAxis: d.now, lineStyle: { color: look.color('accent'), type: 'solid' as const, width: 2 * look.u }, label: { show: false } },
          ],
        },
      },
      { ...line, lineStyle: { color: look.color(`p${d.priority}`), width: 2.2 * look.u }, data: hot, connectNulls: false },
    ],
  };
}

/** Width of the plot on the wall, in u: on other screens labels are only set more loosely. */
const PLOT_U = 790;
const labelWidth = (text: string) => [...text].reduce((w, c) => w + (c > '\u2e80' ? 14 : 7.4), 8);

/** Which of two rows each label stands on so that neighbours do not cover one another; null = no room. `at` and `width` in u. */
function spread(labels: readonly { at: number; width: number }[]): (0 | 1 | null)[] {
  const end = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return labels.map(({ at, width }) => {
    const row = at - width / 2 >= end[0]! ? 0 : at - width / 2 >= end[1]! ? 1 : null;
    if (row !== null) end[row] = at + width / 2;
    return row;
  });
}

/** A round step of time that makes four to eight ticks. */
function niceStep(span: number): number {
  const minute = 60_000;
  return [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((m) => m * minute).find((s) => span / s <= 7) ?? 10_080 * minute;
}
