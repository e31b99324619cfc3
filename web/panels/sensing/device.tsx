import { useMemo } from 'react';
import type { Alarm } from '../../../model/alarm.ts';
import { areaLabel } from '../../../model/area.ts';
import { sensorKindOf } from '../../../model/centre.ts';
import { type Sensor, treeOf } from '../../../model/world.ts';
import { useApp, useServer } from '../../app-context.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { fetchReadings } from '../../sensing-api.ts';
import { useNow } from '../../store/clock.ts';
import { narrow } from '../../store/view-store.ts';
import { DutyBoard } from '../duty-board.tsx';
import { useLive } from '../incidents/use-live.ts';
import { DeviceHistory } from './device-history.tsx';
import { DeviceRules } from './device-rules.tsx';
import { gapMs, medianInterval, runStart } from './device-span.ts';
import { isStanding, SILENT_INTERVALS, troubleOf } from './matrix-figures.ts';
import { readingText } from './reading-text.ts';

const HOUR_MS = 3_600_000;
/** How far back its run of readings is followed: so many of them, at most six hours. */
const RHYTHM = 400;
/** Its rhythm is the median of its last eight intervals, as for silence (model/staleness). */
const LAST = 9;
const never = () => false;

/** 设备: one sensor with its history, beside the tab it was chosen in. */
export function Device({ id }: { id: string }) {
  const { t } = useText();
  const { view } = useApp();
  const sensor = useServer((s) => s.world.sensors.get(id));
  const close = () => {
    view.setState({ selection: null });
    narrow(view, { dspan: undefined, dfrom: undefined, dto: undefined });
  };
  return (
    <aside className="right dm-device" aria-label={t('detail.sensor')}>
      {sensor ? (
        <>
          <Head sensor={sensor} onClose={close} />
          <DeviceHistory key={id} sensor={sensor} />
          <div className="dm-two">
            <DeviceRules sensor={sensor} />
            <DutyBoard area={sensor.area} few={4} />
          </div>
        </>
      ) : (
        <>
          <p className="empty">{t('detail.gone', { id })}</p>
          <button type="button" className="quiet" onClick={close}>
            {t('dossier.back')}
          </button>
        </>
      )}
    </aside>
  );
}

function Head({ sensor, onClose }: { sensor: Sensor; onClose: () => void }) {
  const { t, say, at, span, ago } = useText();
  const { latest } = useApp();
  const now = useNow();
  const world = useServer((s) => s.world);
  const kind = sensorKindOf(world.centre, sensor.kind);
  const intervalMs = (kind?.intervalS ?? 60) * 1000;
  const readAt = latest.valueAt[sensor.ix] ?? 0;
  const fresh = useFreshness(readAt, intervalMs);
  const alarm = useStanding(sensor.id);
  const rhythm = useRhythm(sensor, intervalMs);
  const trouble = troubleOf(sensor, intervalMs * SILENT_INTERVALS, latest, alarm, now);
  const online = trouble === 'none' || trouble === 'alarm' || trouble === 'silent';
  const facility = sensor.facility && world.facilities.get(sensor.facility);
  const since = !online
    ? readAt > 0 && t('device.lastAt', { at: moment(at, readAt) })
    : rhythm &&
      t(rhythm.whole ? 'device.atLeast' : 'device.since', { at: moment(at, rhythm.since), age: span(Math.max(0, now - rhythm.since)) });
  const facts: readonly (readonly [string, React.ReactNode] | false)[] = [
    [
      t('detail.status'),
      <>
        <b>{t(online ? 'device.online' : `matrix.trouble.${trouble}`)}</b>
        {trouble === 'silent' && ` · ${t('matrix.trouble.silent')}`}
        {since && <small> {since}</small>}
      </>,
    ],
    [
      t('detail.value'),
      readAt ? (
        <>
          <b className="fig">{readingText(kind, latest.value[sensor.ix] ?? 0, say)}</b>
          <small>
            {' '}
            {moment(at, readAt)} · {ago(Math.max(0, now - readAt))}
          </small>
        </>
      ) : (
        t('detail.noReading')
      ),
    ],
    [
      t('device.interval'),
      <>
        {t('device.expected', { age: span(intervalMs) })}
        <small> {rhythm?.median ? t('device.measured', { age: span(rhythm.median), n: rhythm.n }) : t('device.notMeasured')}</small>
      </>,
    ],
    [t('detail.place'), sensor.area ? areaLabel(treeOf(world), sensor.area) : t('queue.outside')],
    [t('device.facility'), facility ? facility.name : t('device.none')],
    [t('device.same'), <Siblings key="same" sensor={sensor} />],
  ];
  return (
    <Panel id="device" title={sensor.name} sub={`${kind ? say(kind.name) : sensor.kind} · ${sensor.id}`} fresh={fresh}>
      <button type="button" className="quiet dm-close" onClick={onClose}>
        {t('dossier.back')} <kbd>Esc</kbd>
      </button>
      <dl className="dm-facts">
        {facts.map(
          (f) =>
            f && (
              <div key={f[0]}>
                <dt>{f[0]}</dt>
                <dd>{f[1]}</dd>
              </div>
            ),
        )}
      </dl>
    </Panel>
  );
}

const moment = (at: (ms: number) => { date: string; hms: string }, ms: number) => `${at(ms).date} ${at(ms).hms}`;

function useStanding(sensor: string): Alarm | null {
  const alarms = useServer((s) => s.world.alarms);
  return useMemo(() => [...alarms.values()].find((a) => a.sensor === sensor && isStanding(a)) ?? null, [alarms, sensor]);
}

/** How often it really speaks, and since when without a gap, from its latest readings. null = not known (yet). */
function useRhythm(sensor: Sensor, intervalMs: number) {
  const { server } = useApp();
  const reach = Math.min(6 * HOUR_MS, RHYTHM * intervalMs);
  const live = useLive(
    `rhythm ${sensor.id}`,
    (_, signal) => {
      const s = server.getState();
      const to = s.frozenAt ?? Date.now() + s.clockOffset;
      return fetchReadings(sensor.id, to - reach, to, 2 * RHYTHM, signal).then((c) => ({ ...c, from: to - reach }));
    },
    { newer: never, idleMs: 60_000 },
  );
  return useMemo(() => {
    if (!live.data) return null;
    const { points, from } = live.data;
    const last = points.slice(-LAST);
    const gap = gapMs(last, intervalMs);
    const since = runStart(points, gap);
    if (since === null) return null;
    return { n: last.length - 1, median: medianInterval(last), since, whole: since - from <= gap };
  }, [live.data, intervalMs]);
}

/** The other sensors on the same device, each a way to its own page. */
function Siblings({ sensor }: { sensor: Sensor }) {
  const { t, say } = useText();
  const { view, latest } = useApp();
  const sensors = useServer((s) => s.world.sensors);
  const centre = useServer((s) => s.world.centre);
  const same = useMemo(
    () => (sensor.device ? [...sensors.values()].filter((s) => s.device === sensor.device && s.id !== sensor.id) : []),
    [sensors, sensor],
  );
  if (same.length === 0) return t('device.none');
  return (
    <ul className="dm-same">
      {same.map((s) => {
        const kind = sensorKindOf(centre, s.kind);
        return (
          <li key={s.id}>
            <button type="button" className="quiet" onClick={() => view.setState({ selection: { kind: 'sensor', id: s.id } })}>
              {kind ? say(kind.name) : s.kind}
              <b className="fig">{latest.valueAt[s.ix] ? readingText(kind, latest.value[s.ix] ?? 0, say) : '—'}</b>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
