import type { CSSProperties } from 'react';
import { type Alarm, byUrgency, hidden } from '../../model/alarm.ts';
import { areaLabel } from '../../model/area.ts';
import { treeOf, type World } from '../../model/world.ts';
import { useApp, useServer, useView } from '../app-context.ts';
import { duration, plainNumber } from '../design/format.ts';
import { Panel, useFreshness } from '../design/freshness.tsx';
import { PriorityGlyph } from '../design/glyphs.tsx';
import { useText } from '../design/use-text.ts';
import { useNow } from '../store/clock.ts';
import { acknowledge } from './acknowledge.ts';

/** Those put before the operator, the most urgent first. */
export const sortAlarms = (world: World): Alarm[] => [...world.alarms.values()].filter((a) => !hidden.has(a.state)).sort(byUrgency);

/** 告警, by ISA-18.2 state. */
export function AlarmPanel({ rows }: { rows: number }) {
  const { t, say } = useText();
  const app = useApp();
  const now = useNow();
  const world = useServer((s) => s.world);
  const loaded = useServer((s) => s.loaded);
  const selected = useView((s) => (s.selection?.kind === 'alarm' ? s.selection.id : null));
  const fresh = useFreshness();
  const alarms = sortAlarms(world);
  const unacked = alarms.filter((a) => a.state === 'unack').length;
  const tree = treeOf(world);

  return (
    <Panel id="alarms" className="alarms" title={t('alarm.title')} n={alarms.length} sub={t('alarm.unacked', { n: unacked })} fresh={fresh}>
      {loaded && alarms.length === 0 && (
        <div className="empty">
          <p>{t('alarm.empty')}</p>
          <p className="t3">{t('alarm.emptyNote', { n: world.sensors.size })}</p>
        </div>
      )}
      <ul className="al">
        {alarms.slice(0, rows).map((a) => {
          const sensor = world.sensors.get(a.sensor);
          const kind = world.centre?.sensorKinds.find((k) => k.code === sensor?.kind);
          const name = kind ? say(kind.alarm) : a.sensor;
          const open = a.state === 'unack';
          return (
            <li
              key={a.id}
              className={`${open ? 'open' : ''} ${open && a.priority === 1 ? 'flash' : ''} ${selected === a.id ? 'sel' : ''}`}
              style={{ '--pc': `var(--p${a.priority}-fill)`, '--on': `var(--on-p${a.priority})` } as CSSProperties}
            >
              <PriorityGlyph priority={a.priority} hollow={a.state === 'rtn-unack'} />
              <button
                type="button"
                className="what"
                data-alarm={a.id}
                onClick={() => app.view.setState({ selection: { kind: 'alarm', id: a.id } })}
              >
                <span className="c">
                  {name} <b>{plainNumber(a.value)}</b> <span className="u">{kind?.unit}</span>
                </span>
                <span className="m">
                  {a.area ? areaLabel(tree, a.area) : t('queue.outside')}
                  {sensor && ` · ${sensor.name}`}
                </span>
              </button>
              <span className="s">
                {open ? <b className="tag">{t('alarm.unack')}</b> : t(a.state === 'acked' ? 'alarm.acked' : 'alarm.rtn')}
              </span>
              <span className="a">
                {!a.acked && (
                  <button
                    type="button"
                    className="ack"
                    aria-label={t('alarm.ackOf', { name: `${name} ${sensor?.name ?? ''}` })}
                    onClick={() => acknowledge(app, a.id, name, t)}
                  >
                    {t('alarm.ack')}
                  </button>
                )}
                <span className="fig">{duration(now - a.raisedAt)}</span>
              </span>
            </li>
          );
        })}
      </ul>
      {alarms.length > rows && (
        <p className="more">
          <span>{t('alarm.more', { n: alarms.length - rows })}</span>
        </p>
      )}
    </Panel>
  );
}
