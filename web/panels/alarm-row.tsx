import { type CSSProperties, memo } from 'react';
import { type Alarm, hidden } from '../../model/alarm.ts';
import { type AlarmGroup, listAlarms, membersOfGroup } from '../../model/alarm-groups.ts';
import { alarmSource } from '../../model/alarm-source.ts';
import type { World } from '../../model/world.ts';
import { heldBy, useApp, useServer, useStop, useView } from '../app-context.ts';
import { duration } from '../design/format.ts';
import { PriorityGlyph } from '../design/glyphs.tsx';
import { useText } from '../design/use-text.ts';
import { useNow } from '../store/clock.ts';
import { toTab } from '../store/view-store.ts';
import { begin, usePossible } from './alarm-acts.ts';
import { alarmFigure, causeText, nameOf, placeName } from './alarm-words.ts';

const paint = (priority: number) => ({ '--pc': `var(--p${priority}-fill)`, '--on': `var(--on-p${priority})` }) as CSSProperties;

/** The figure of an alarm as it stands; of a silent one it ticks. */
export function AlarmFigure({ alarm }: { alarm: Alarm }) {
  const { t, language } = useText();
  const { latest } = useApp();
  const now = useNow();
  const world = useServer((s) => s.world);
  const ix = world.sensors.get(alarm.sensor)?.ix;
  const figure = alarmFigure({ t, world, language }, alarm, now, ix === undefined ? 0 : (latest.valueAt[ix] ?? 0));
  return (
    <>
      <b>{figure.value}</b> {figure.unit && <span className="u">{figure.unit}</span>}
    </>
  );
}

/** For how long, since `from` (epoch ms): the only part of a row that ticks. */
export function Since({ from }: { from: number }) {
  const now = useNow();
  return <span className="fig">{duration(Math.max(0, now - from))}</span>;
}

/** 状态: solid while unacknowledged, hollow when it has returned, with its end where it is shelved. */
export function StateTag({ alarm: a }: { alarm: Alarm }) {
  const { t, at } = useText();
  const word = t(`alarmState.${a.state}`);
  if (a.state === 'unack') return <b className="tag">{word}</b>;
  if (a.state === 'rtn-unack') return <b className="tag alr-hollow">{word}</b>;
  if (a.state === 'shelved' && a.shelf)
    return (
      <span title={a.shelf.reason}>
        {word} <span className="fig">{t('alarmWord.until', { at: at(a.shelf.until).hm })}</span>
      </span>
    );
  if (a.state === 'out-of-service') return <span title={a.outOfService?.reason}>{word}</span>;
  return <>{word}</>;
}

/** One alarm on the wall: shape, name with its figure, place, state, age, and the act that is due. */
export const AlarmRow = memo(function AlarmRow({ alarm: a }: { alarm: Alarm }) {
  const { t, language } = useText();
  const app = useApp();
  const world = useServer((s) => s.world);
  const selected = useView((s) => s.selection?.kind === 'alarm' && s.selection.id === a.id);
  const able = usePossible();
  const stop = useStop();
  const c = { t, world, language };
  const source = alarmSource(world, a.sensor);
  const name = nameOf(c, a);
  const open = a.state === 'unack';
  const due = !a.acked ? 'acknowledge' : a.state === 'latched' ? 'reset' : null;
  return (
    <li
      className={`${open ? 'open' : ''} ${open && a.priority === 1 ? 'flash' : ''} ${selected ? 'sel' : ''} ${hidden.has(a.state) ? 'alr-faded' : ''}`}
      style={paint(a.priority)}
      data-state={a.state}
    >
      <PriorityGlyph priority={a.priority} hollow={!a.active} />
      <button
        type="button"
        className="what"
        data-row={a.id}
        data-alarm={a.id}
        aria-current={selected ? 'true' : undefined}
        onClick={() => app.view.setState({ selection: { kind: 'alarm', id: a.id } })}
      >
        <span className="c al-named">
          <span className="sr">P{a.priority} </span>
          <span className="al-name">{name}</span>{' '}
          <span className="al-figure">
            <AlarmFigure alarm={a} />
          </span>
        </span>
        <span className="m">
          {placeName(c, a.area)}
          {source && ` · ${source.name}`}
        </span>
      </button>
      <span className="s">
        <StateTag alarm={a} />
      </span>
      <span className="a">
        {due && able(due, [a]).length > 0 && (
          <button
            type="button"
            className="ack"
            {...heldBy(stop)}
            aria-label={`${t(`alarmAct.${due}`)} ${name} ${source?.name ?? ''}`}
            onClick={() => begin(app, t, due, [a])}
          >
            {t(`alarmAct.${due}`)}
          </button>
        )}
        <Since from={a.raisedAt} />
      </span>
    </li>
  );
});

/** Who is in a group of the wall by now. */
const groupNow = (world: World, key: string) => membersOfGroup(world, listAlarms(world), key);

/** Several alarms of one cause in one place, in a flood. */
export const GroupRow = memo(function GroupRow({ group: g }: { group: AlarmGroup }) {
  const { t, language } = useText();
  const app = useApp();
  const world = useServer((s) => s.world);
  const able = usePossible();
  const stop = useStop();
  const c = { t, world, language };
  const name = causeText(c, g.cause, g.members);
  const place = placeName(c, g.place);
  return (
    <li className={g.unacked > 0 ? 'open' : ''} style={paint(g.worst)} data-group={g.key}>
      <PriorityGlyph priority={g.worst} hollow={g.members.every((a) => !a.active)} />
      <button
        type="button"
        className="what"
        data-row={g.key}
        data-alarm-group={g.key}
        onClick={() => toTab(app.view, 'alarms', { by: 'cause', group: g.key }, null)}
      >
        <span className="c">
          <span className="sr">P{g.worst} </span>
          {place} {name}
        </span>
        <span className="m">
          P{g.worst} · <b className="fig">{t('alarmFlood.group', { n: g.n })}</b>
        </span>
      </button>
      <span className="s">{g.unacked > 0 && <b className="tag">{t('alarmFlood.unacked', { n: g.unacked })}</b>}</span>
      <span className="a">
        {able('acknowledge', g.members).length > 0 && (
          <button
            type="button"
            className="ack"
            {...heldBy(stop)}
            aria-label={t('alarmFlood.ackGroup', { name: `${place} ${name}`, n: g.unacked })}
            onClick={() => begin(app, t, 'acknowledge', g.members, () => groupNow(app.server.getState().world, g.key))}
          >
            {t('alarmAct.acknowledge')}
          </button>
        )}
        <Since from={g.newest} />
      </span>
    </li>
  );
});
