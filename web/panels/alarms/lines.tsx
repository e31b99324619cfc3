import type { CSSProperties, Ref } from 'react';
import { type Alarm, hidden } from '../../../model/alarm.ts';
import type { AlarmGroup } from '../../../model/alarm-groups.ts';
import { alarmSource } from '../../../model/alarm-source.ts';
import { sensorKindOf } from '../../../model/centre.ts';
import { useApp, useServer } from '../../app-context.ts';
import { grouped } from '../../design/format.ts';
import { PriorityGlyph } from '../../design/glyphs.tsx';
import { useText } from '../../design/use-text.ts';
import { AlarmFigure, Since, StateTag } from '../alarm-row.tsx';
import { causeText, nameOf, placeName, ruleHeld, testText } from '../alarm-words.ts';

const columns = ['priority', 'name', 'value', 'limit', 'place', 'state', 'raised', 'age', 'times'] as const;

export function Head({ all, n, onAll }: { all: boolean; n: number; onAll: () => void }) {
  const { t } = useText();
  return (
    <tr className="alr-line">
      <th scope="col" className="alr-c-pick">
        <input type="checkbox" checked={all} aria-label={t('alarmList.pickAll', { n: grouped(n) })} onChange={onAll} />
      </th>
      {columns.map((c) => (
        <th key={c} scope="col" className={`alr-c-${c}`}>
          {t(`alarmList.col.${c}`)}
        </th>
      ))}
    </tr>
  );
}

interface Placed {
  readonly ref: Ref<HTMLTableRowElement>;
  readonly index: number;
  readonly chosen: boolean;
  readonly onPick: (range: boolean) => void;
  readonly onFocus: () => void;
}
const paint = (priority: number) => ({ '--pc': `var(--p${priority}-fill)`, '--on': `var(--on-p${priority})` }) as CSSProperties;

function Pick({ chosen, name, onPick }: { chosen: boolean; name: string; onPick: (range: boolean) => void }) {
  const { t } = useText();
  return (
    <td className="alr-c-pick">
      <input
        type="checkbox"
        checked={chosen}
        aria-label={t('alarmList.pick', { name })}
        onChange={() => {}}
        onClick={(e) => onPick(e.shiftKey)}
      />
    </td>
  );
}

/** One alarm of the list. */
export function Line(p: Placed & { readonly alarm: Alarm; readonly selected: boolean; readonly inGroup: boolean }) {
  const { alarm: a } = p;
  const { t, at, language } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const c = { t, world, language };
  const source = alarmSource(world, a.sensor);
  const rule = ruleHeld(world, a);
  const name = nameOf(c, a);
  const open = a.state === 'unack';
  return (
    <tr
      ref={p.ref}
      data-index={p.index}
      data-state={a.state}
      aria-rowindex={p.index + 2}
      data-chosen={p.chosen}
      className={`alr-line ${open ? 'open' : ''} ${open && a.priority === 1 ? 'flash' : ''} ${hidden.has(a.state) ? 'alr-faded' : ''} ${p.selected ? 'sel' : ''} ${p.chosen ? 'pick' : ''} ${p.inGroup ? 'alr-member' : ''}`}
      style={paint(a.priority)}
    >
      <Pick chosen={p.chosen} name={name} onPick={p.onPick} />
      <td className={`alr-c-priority p${a.priority}`}>
        <PriorityGlyph priority={a.priority} u={18} hollow={!a.active} /> P{a.priority}
      </td>
      <td className="alr-c-name">
        <button
          type="button"
          data-row={a.id}
          data-alarm={a.id}
          aria-current={p.selected ? 'true' : undefined}
          onFocus={p.onFocus}
          onClick={(e) => (e.shiftKey ? p.onPick(true) : view.setState({ selection: { kind: 'alarm', id: a.id } }))}
        >
          <b>{name}</b>
          <small>{source?.name ?? a.sensor}</small>
        </button>
      </td>
      <td className="alr-c-value fig">
        <AlarmFigure alarm={a} />
      </td>
      <td className="alr-c-limit fig t2">{rule ? testText(c, rule.test, sensorKindOf(world.centre, rule.kind)) : ''}</td>
      <td className="alr-c-place">{placeName(c, a.area)}</td>
      <td className="alr-c-state">
        <StateTag alarm={a} />
      </td>
      <td className="alr-c-raised fig t2">
        {at(a.raisedAt).date} {at(a.raisedAt).hms}
      </td>
      <td className="alr-c-age">
        <Since from={a.raisedAt} />
      </td>
      <td className="alr-c-times fig t2">{a.raised}</td>
    </tr>
  );
}

/** Several alarms of one cause; pressing it opens them below. */
export function GroupLine(p: Placed & { readonly group: AlarmGroup; readonly open: boolean; readonly onToggle: () => void }) {
  const { group: g } = p;
  const { t, at, language } = useText();
  const world = useServer((s) => s.world);
  const c = { t, world, language };
  const name = causeText(c, g.cause, g.members);
  return (
    <tr
      ref={p.ref}
      data-index={p.index}
      data-group={g.key}
      aria-rowindex={p.index + 2}
      data-chosen={p.chosen}
      className={`alr-line alr-group ${g.unacked > 0 ? 'open' : ''} ${p.chosen ? 'pick' : ''}`}
      style={paint(g.worst)}
    >
      <Pick chosen={p.chosen} name={name} onPick={p.onPick} />
      <td className={`alr-c-priority p${g.worst}`}>
        <PriorityGlyph priority={g.worst} u={18} hollow={g.members.every((a) => !a.active)} /> P{g.worst}
      </td>
      <td className="alr-c-name">
        <button
          type="button"
          data-row={g.key}
          data-alarm-group={g.key}
          aria-expanded={p.open}
          aria-label={t('alarmList.expand', { name, n: g.n })}
          onFocus={p.onFocus}
          onClick={(e) => (e.shiftKey ? p.onPick(true) : p.onToggle())}
        >
          <b>
            {p.open ? '−' : '+'} {name}
          </b>
        </button>
      </td>
      <td className="alr-c-value fig">
        <b>{t('alarmFlood.group', { n: grouped(g.n) })}</b>
      </td>
      <td className="alr-c-limit" />
      <td className="alr-c-place">{placeName(c, g.place)}</td>
      <td className="alr-c-state">{g.unacked > 0 && <b className="tag">{t('alarmFlood.unacked', { n: grouped(g.unacked) })}</b>}</td>
      <td className="alr-c-raised fig t2">
        {at(g.newest).date} {at(g.newest).hms}
      </td>
      <td className="alr-c-age">
        <Since from={g.newest} />
      </td>
      <td className="alr-c-times" />
    </tr>
  );
}
