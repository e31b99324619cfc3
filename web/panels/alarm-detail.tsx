import type { CSSProperties, ReactNode } from 'react';
import { partsOfAlarm } from '../../model/alarm.ts';
import type { AlarmAct } from '../../model/alarm-forms.ts';
import { alarmSource } from '../../model/alarm-source.ts';
import { heldBy, useApp, useServer, useStop } from '../app-context.ts';
import { Panel, useFreshness } from '../design/freshness.tsx';
import { PriorityGlyph } from '../design/glyphs.tsx';
import { useText } from '../design/use-text.ts';
import { toTab } from '../store/view-store.ts';
import { begin, usePossible } from './alarm-acts.ts';
import { AlarmCurve } from './alarm-curve.tsx';
import { AlarmHistory } from './alarm-history.tsx';
import { AlarmFigure, Since, StateTag } from './alarm-row.tsx';
import { nameOf, placeName, ruleHeld, ruleText } from './alarm-words.ts';
import { NearCameras } from './dossier/cameras.tsx';
import { actorName } from './dossier/log-text.ts';

/** The key of each act, as the wall's keys have it. */
const keys: readonly (readonly [AlarmAct, string])[] = [
  ['acknowledge', 'A'],
  ['reset', 'R'],
  ['shelve', 'S'],
  ['unshelve', ''],
  ['note', 'N'],
  ['remove', 'O'],
  ['return', 'O'],
];

/** One alarm: what, where, since when, by which rule; who did what about it; and what can be done. */
export function AlarmDetail({ id }: { id: string }) {
  const { t, at, span, language } = useText();
  const app = useApp();
  const { view } = app;
  const world = useServer((s) => s.world);
  const alarm = world.alarms.get(id);
  const able = usePossible();
  const stop = useStop();
  const fresh = useFreshness();
  const c = { t, world, language };
  if (!alarm)
    return (
      <>
        <Panel id="alarm" title={nameOf(c, { id, sensor: partsOfAlarm(id).sensor })} fresh={fresh}>
          <p className="empty">{t('alarmDetail.normalNow')}</p>
        </Panel>
        <AlarmHistory id={id} changes={null} />
      </>
    );
  const a = alarm;
  const source = alarmSource(world, a.sensor);
  const rule = ruleHeld(world, a);
  const incident = [...world.incidents.values(), ...world.ended.values()].find((i) => i.alarm === id);
  const moment = (ms: number) => `${at(ms).date} ${at(ms).hms}`;
  const who = (actor: string) => actorName(c, actor);
  const facts: (readonly [string, ReactNode] | false)[] = [
    [t('alarmDetail.state'), <StateTag key="s" alarm={a} />],
    [
      t('alarmDetail.value'),
      <span key="v" className="alr-value">
        <AlarmFigure alarm={a} />
      </span>,
    ],
    [t('alarmDetail.rule'), rule ? ruleText(c, rule) : a.rule],
    [
      t('alarmDetail.raised'),
      <span key="r" className="fig">
        {moment(a.raisedAt)} · <Since from={a.raisedAt} />
        {a.raised > 1 && ` · ${t('alarmList.times', { n: a.raised })}`}
      </span>,
    ],
    !a.active && [
      t('alarmDetail.cleared'),
      <span key="c" className="fig">
        {moment(a.changedAt)}
      </span>,
    ],
    a.ackedBy !== null && [t('alarmDetail.ackedBy'), t('alarmDetail.by', { who: who(a.ackedBy.actor), at: at(a.ackedBy.at).hms })],
    a.shelf !== null && [
      t('alarmDetail.shelf'),
      `${t(a.shelf.kind === 'timed' ? 'alarmWord.until' : 'alarmWord.untilClear', { at: at(a.shelf.until).hm })} · ${t('alarmDetail.shelfReason', { reason: a.shelf.reason, who: who(a.shelf.by) })}`,
    ],
    a.suppressedBy !== null && [
      t('alarmState.suppressed'),
      t('alarmWord.suppressedBy', { name: nameOf(c, { id: `${a.sensor}/${a.suppressedBy}`, sensor: a.sensor }) }),
    ],
    a.outOfService !== null && [
      t('alarmDetail.outOfService'),
      t('alarmDetail.shelfReason', { reason: a.outOfService.reason, who: who(a.outOfService.by) }),
    ],
    [
      t(source?.kind === 'unit' ? 'alarmDetail.unit' : 'alarmDetail.sensor'),
      <button
        key="d"
        type="button"
        className="plain"
        onClick={() => view.setState({ selection: { kind: source?.kind ?? 'sensor', id: a.sensor } })}
      >
        {source?.name ?? a.sensor}
      </button>,
    ],
    [t('alarmDetail.place'), placeName(c, a.area)],
    incident !== undefined && [
      t('alarmDetail.incident'),
      <button key="i" type="button" className="plain" onClick={() => view.setState({ selection: { kind: 'incident', id: incident.id } })}>
        {String(incident.no).padStart(4, '0')} {incident.title}
      </button>,
    ],
  ];
  const acts = keys.filter(([act]) => able(act, [a]).length > 0);
  return (
    <>
      <Panel
        id="alarm"
        title={nameOf(c, a)}
        sub={
          <span className={`p${a.priority} alr-prio`}>
            <PriorityGlyph priority={a.priority} u={16} hollow={!a.active} /> P{a.priority} {t(`priority.p${a.priority}`)} ·{' '}
            {span(Math.max(0, fresh.at - a.raisedAt))}
          </span>
        }
        fresh={fresh}
      >
        <dl className="facts" style={{ '--pc': `var(--p${a.priority}-fill)`, '--on': `var(--on-p${a.priority})` } as CSSProperties}>
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
        <div className="act alr-acts">
          {acts.map(([act, key]) => (
            <button
              type="button"
              key={act}
              className={act === 'acknowledge' ? 'primary' : ''}
              {...heldBy(stop)}
              onClick={() => begin(app, t, act, [a])}
            >
              {t(`alarmAct.${act}`)} {key && <kbd>{key}</kbd>}
            </button>
          ))}
          {!incident && (
            <button type="button" {...heldBy(stop)} onClick={() => view.setState({ intake: { lngLat: a.lngLat, alarm: id } })}>
              {t('alarmAct.incident')} <kbd>I</kbd>
            </button>
          )}
          <button
            type="button"
            className="plain"
            onClick={() => toTab(view, 'alarms', { by: 'past', sensor: a.sensor, rule: a.rule }, null)}
          >
            {t('alarmDetail.past')}
          </button>
        </div>
      </Panel>
      {source?.kind !== 'unit' && <AlarmCurve alarm={a} rule={rule} />}
      <AlarmHistory id={id} changes={a} />
      <NearCameras at={a.lngLat} account={{ alarm: id }} />
    </>
  );
}
