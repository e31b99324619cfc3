import { type FormEvent, type PointerEvent, useCallback, useMemo, useState } from 'react';
import type { Occurrence } from '../../../model/alarm-log.ts';
import { priorityOfRule } from '../../../model/alarm-rule.ts';
import { limitsOfSensor, ruleOf } from '../../../model/alarm-rules.ts';
import { sensorKindOf } from '../../../model/centre.ts';
import type { Sensor } from '../../../model/world.ts';
import { fetchAlarmLog } from '../../alarms-api.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { Chart, type Look, unitPx } from '../../design/chart.tsx';
import { duration } from '../../design/format.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { PriorityGlyph } from '../../design/glyphs.tsx';
import { useText } from '../../design/use-text.ts';
import { fetchReadings, readingsCsv } from '../../sensing-api.ts';
import { useNowEvery } from '../../store/clock.ts';
import type { ServerState } from '../../store/server-store.ts';
import { narrow } from '../../store/view-store.ts';
import { figureText, testFigure } from '../alarm-words.ts';
import { useLive } from '../incidents/use-live.ts';
import { SaveLink } from '../save-link.tsx';
import { type ChartLimit, deviceOption, MARGIN } from './device-chart.ts';
import { extremes, fromLocal, gapMs, nearest, type Span, type SpanKey, spanOf, spans, toLocal, withGaps } from './device-span.ts';
import { readingText } from './reading-text.ts';

/** As many as the widest screen can tell apart. */
const POINTS = 1200;
const never = () => false;
const ofAlarms = (now: ServerState, before: ServerState) => now.world.alarms !== before.world.alarms;

/** 历史: the readings of a time with the limits, gaps and alarms of it. */
export function DeviceHistory({ sensor }: { sensor: Sensor }) {
  const { t, at, say } = useText();
  const params = useView((s) => s.params);
  const world = useServer((s) => s.world);
  const offset = world.centre?.utcOffsetMinutes ?? 0;
  const kind = sensorKindOf(world.centre, sensor.kind);
  const intervalMs = (kind?.intervalS ?? 60) * 1000;
  // a curve of an hour moves on every quarter of a minute, one of a month every few minutes
  const tickMs = Math.min(300_000, Math.max(15_000, (spans[(params.dspan ?? '6h') as SpanKey] ?? spans['6h']) / 600));
  const span = spanOf(params, useNowEvery(tickMs) + tickMs);
  const key = `${sensor.id} ${span.from} ${span.to}`;
  const curve = useLive(`curve ${key}`, (_, signal) => fetchReadings(sensor.id, span.from, span.to, POINTS, signal), {
    newer: never,
    idleMs: 300_000,
  });
  const log = useLive(
    `alarms ${key}`,
    (_, signal) => fetchAlarmLog({ sensor: sensor.id, from: span.from, to: span.to }, undefined, signal),
    {
      newer: ofAlarms,
      idleMs: 300_000,
    },
  );
  const points = useMemo(() => curve.data?.points ?? [], [curve.data]);
  const rows = useMemo(() => log.data?.rows ?? [], [log.data]);
  const limits = useLimits(sensor);
  const build = useCallback(
    (look: Look) =>
      deviceOption(look, {
        from: span.from,
        to: span.to,
        points: withGaps(points, gapMs(points, intervalMs)),
        limits,
        alarms: rows.map((r) => ({ priority: r.priority, from: r.raisedAt, to: r.clearedAt ?? (r.active ? span.to : r.raisedAt) })),
        states: (kind?.states ?? []).map((s) => ({ value: s.value, name: say(s.name) })),
        utcOffsetMinutes: offset,
        tick: (ms, day) => (day ? at(ms).date : at(ms).hm),
      }),
    [span.from, span.to, points, intervalMs, limits, rows, kind, offset, at, say],
  );
  const value = (v: number) => readingText(kind, v, say);
  const ends = extremes(points);
  const stamp = (ms: number) => `${at(ms).date} ${at(ms).hm}`;
  const told = ends
    ? t('device.extremes', {
        low: value(ends.low[1]),
        lowAt: stamp(ends.low[0]),
        high: value(ends.high[1]),
        highAt: stamp(ends.high[0]),
        n: curve.data?.total ?? 0,
      })
    : curve.data
      ? t('device.noneThen')
      : t('sensing.loading');
  const fresh = useFreshness(points.at(-1)?.[0] ?? 0, Math.max(intervalMs, tickMs));
  return (
    <Panel id="history" title={t('device.history')} sub={curve.error ? t('events.failed', { rule: curve.error }) : undefined} fresh={fresh}>
      <SpanPicker span={span} offset={offset} />
      <p className="dm-told">{told}</p>
      <Plot span={span} points={points} build={build} say={(p) => `${at(p[0]).date} ${at(p[0]).hms}　${value(p[1])}`} alt={told} />
      <p className="dm-key">
        {limits.length > 0 && <span>{t('device.limitKey')}</span>}
        <span>{t('device.gapKey')}</span>
        <span>{t('device.alarmKey')}</span>
        <SaveLink className="quiet" file={readingsCsv(sensor.id, span.from, span.to)}>
          {t('device.csv')}
        </SaveLink>
      </p>
      <AlarmRows rows={rows} total={log.data?.total ?? 0} error={log.error} sensor={sensor} />
    </Panel>
  );
}

/** The limits its rules hold its value against, as they are for this very sensor. */
function useLimits(sensor: Sensor): readonly ChartLimit[] {
  const { t, language } = useText();
  const centre = useServer((s) => s.world.centre);
  const areas = useServer((s) => s.world.areas);
  const rules = useServer((s) => s.world.rules);
  return useMemo(() => {
    const kind = sensorKindOf(centre, sensor.kind);
    return limitsOfSensor({ areas, centre, rules }, sensor).map(({ test, rule }): ChartLimit => {
      const priority = priorityOfRule(rule);
      const figure = figureText(testFigure({ t, language }, test, kind, test.limit));
      return { test, priority, label: `P${priority} ${test.is === 'high' ? '≥' : '≤'} ${figure}` };
    });
  }, [centre, areas, rules, sensor, t, language]);
}

function SpanPicker({ span, offset }: { span: Span; offset: number }) {
  const { t } = useText();
  const { view } = useApp();
  const [wrong, setWrong] = useState(false);
  const free = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const [from, to] = [fromLocal(String(form.get('from')), offset), fromLocal(String(form.get('to')), offset)];
    setWrong(!(from < to));
    if (from < to) narrow(view, { dspan: undefined, dfrom: new Date(from).toISOString(), dto: new Date(to).toISOString() });
  };
  return (
    <div className="dm-spans">
      {(Object.keys(spans) as SpanKey[]).map((key) => (
        <button
          type="button"
          key={key}
          className="quiet"
          aria-pressed={span.key === key}
          onClick={() => narrow(view, { dspan: key, dfrom: undefined, dto: undefined })}
        >
          {t(`device.span.${key}`)}
        </button>
      ))}
      <form onSubmit={free} key={span.key ?? `${span.from} ${span.to}`}>
        <label>
          {t('device.from')}
          <input name="from" type="datetime-local" required aria-invalid={wrong} defaultValue={toLocal(span.from, offset)} />
        </label>
        <label>
          {t('device.to')}
          <input name="to" type="datetime-local" required aria-invalid={wrong} defaultValue={toLocal(span.to, offset)} />
        </label>
        <button type="submit" className="quiet">
          {t('device.show')}
        </button>
        {wrong && (
          <span className="p2" role="alert">
            {t('device.wrongSpan')}
          </span>
        )}
      </form>
    </div>
  );
}

/** The curve, and the reading under the pointer. */
function Plot(props: {
  span: Span;
  points: readonly (readonly [number, number])[];
  build: Parameters<typeof Chart>[0]['build'];
  say: (p: readonly [number, number]) => string;
  alt: string;
}) {
  const { span, points, build, say, alt } = props;
  const [pointed, setPointed] = useState<{ x: number; text: string } | null>(null);
  const point = (e: PointerEvent<HTMLDivElement>) => {
    const box = e.currentTarget.getBoundingClientRect();
    const u = unitPx();
    const width = box.width - (MARGIN.left + MARGIN.right) * u;
    const share = (e.clientX - box.left - MARGIN.left * u) / width;
    const found = share < 0 || share > 1 ? undefined : nearest(points, span.from + share * (span.to - span.from));
    setPointed(found ? { x: MARGIN.left * u + ((found[0] - span.from) / (span.to - span.from)) * width, text: say(found) } : null);
  };
  return (
    <div className="dm-plot" onPointerMove={point} onPointerLeave={() => setPointed(null)}>
      <span className="sr">{alt}</span>
      <Chart className="dm-chart" build={build} />
      {pointed && (
        <>
          <i className="dm-cross" style={{ left: pointed.x }} />
          <output className="dm-pointed fig">{pointed.text}</output>
        </>
      )}
    </div>
  );
}

/** Alarms of the time shown, each a way to its record. */
function AlarmRows({ rows, total, error, sensor }: { rows: readonly Occurrence[]; total: number; error: string | null; sensor: Sensor }) {
  const { t, at, say, language } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const kind = sensorKindOf(world.centre, sensor.kind);
  const stamp = (ms: number) => `${at(ms).date} ${at(ms).hms}`;
  return (
    <>
      <h3 className="dm-h">
        {t('device.alarms')} <span>{error ? t('events.failed', { rule: error }) : t('device.alarmsN', { n: total })}</span>
      </h3>
      {rows.length > 0 && (
        <ol className="dm-log">
          {rows.map((r) => {
            const rule = ruleOf(world, sensor.kind, r.rule);
            const figure = rule ? figureText(testFigure({ t, language }, rule.test, kind, r.value)) : String(r.value);
            return (
              <li key={`${r.alarm} ${r.raisedAt}`}>
                <button type="button" onClick={() => view.setState({ selection: { kind: 'alarm', id: r.alarm } })}>
                  <PriorityGlyph priority={r.priority} u={14} hollow={!r.active} />
                  <b>{rule ? say(rule.name) : r.rule}</b>
                  <span className="fig">{figure}</span>
                  <span className="fig">
                    {stamp(r.raisedAt)} –{' '}
                    {r.clearedAt !== null ? stamp(r.clearedAt) : r.active ? t('device.standing') : t('device.cleared')}
                  </span>
                  <span className="fig dm-for">{r.clearedAt !== null && duration(r.clearedAt - r.raisedAt)}</span>
                  <span>{r.hidden ? t(`alarmState.${r.hidden}`) : r.ackedAt !== null ? t('alarmState.acked') : t('alarmState.unack')}</span>
                </button>
              </li>
            );
          })}
        </ol>
      )}
    </>
  );
}
