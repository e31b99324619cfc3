import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Alarm } from '../../../model/alarm.ts';
import type { AlarmAct } from '../../../model/alarm-forms.ts';
import { type AlarmGroup, groupAlarms, listAlarms, membersOfGroup } from '../../../model/alarm-groups.ts';
import { heldBy, useApp, useServer, useStop, useView } from '../../app-context.ts';
import { unitPx } from '../../design/chart.tsx';
import { grouped } from '../../design/format.ts';
import { useText } from '../../design/use-text.ts';
import { narrow } from '../../store/view-store.ts';
import { begin, usePossible } from '../alarm-acts.ts';
import { GroupLine, Head, Line } from './lines.tsx';
import { filterOf } from './params.ts';
import { useListKeys } from './use-list-keys.ts';

type Item =
  | { readonly key: string; readonly alarm: Alarm; readonly inGroup: boolean }
  | { readonly key: string; readonly group: AlarmGroup; readonly open: boolean };
const membersOf = (item: Item): readonly Alarm[] => ('group' in item ? item.group.members : [item.alarm]);

const acts: readonly (readonly [AlarmAct, string])[] = [
  ['acknowledge', 'A'],
  ['shelve', 'S'],
  ['unshelve', ''],
  ['reset', 'R'],
  ['note', 'N'],
  ['remove', 'O'],
  ['return', 'O'],
];
const ROW_U = 46;

/** Alarms as they stand, one a row or by common cause. Only the rows in sight are drawn. */
export function Standing({ byCause }: { byCause: boolean }) {
  const { t } = useText();
  const app = useApp();
  const { view } = app;
  const world = useServer((s) => s.world);
  const params = useView((s) => s.params);
  const area = useView((s) => s.area);
  const selected = useView((s) => (s.selection?.kind === 'alarm' ? s.selection.id : null));
  const able = usePossible();
  const stop = useStop();
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the world only these matter
  const alarms = useMemo(
    () => listAlarms(world, filterOf(params, area)),
    [world.alarms, world.sensors, world.units, world.areas, params.state, params.priority, params.kind, params.rule, params.sensor, area],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the world only these matter
  const groups = useMemo(
    () => (byCause ? groupAlarms(world, alarms) : []),
    [byCause, alarms, world.sensors, world.units, world.rules, world.areas, world.centre],
  );
  const items = useMemo<readonly Item[]>(() => {
    if (!byCause) return alarms.map((alarm) => ({ key: alarm.id, alarm, inGroup: false }));
    return groups.flatMap((group): Item[] => {
      if (group.n === 1) return [{ key: group.members[0]!.id, alarm: group.members[0]!, inGroup: false }];
      const open = params.group === group.key;
      return [{ key: group.key, group, open }, ...(open ? group.members.map((alarm) => ({ key: alarm.id, alarm, inGroup: true })) : [])];
    });
  }, [byCause, alarms, groups, params.group]);

  const scroll = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_U * unitPx(),
    getItemKey: (i) => items[i]!.key,
    overscan: 8,
  });

  const drawn = rows.getVirtualItems();

  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [cursor, setCursor] = useState<string | null>(null);
  const anchor = useRef<string | null>(null);
  const wanted = useRef<string | null>(null);
  const indexOf = (key: string | null) => (key === null ? -1 : items.findIndex((i) => i.key === key));
  // a row that left the list is no longer meant by anything
  const picked = useMemo(() => alarms.filter((a) => chosen.has(a.id)), [alarms, chosen]);
  const at = indexOf(cursor);
  const here = items[at];
  const current = world.alarms.get(selected ?? '');
  const meant = picked.length ? picked : here ? membersOf(here) : current ? [current] : [];

  const pick = (key: string, range: boolean) => {
    const to = indexOf(key);
    const from = range ? indexOf(anchor.current) : to;
    if (to < 0) return;
    const span = from < 0 ? [items[to]!] : items.slice(Math.min(from, to), Math.max(from, to) + 1);
    const ids = span.flatMap((i) => membersOf(i).map((a) => a.id));
    const on = range || !ids.every((id) => chosen.has(id));
    const next = new Set(chosen);
    for (const id of ids) on ? next.add(id) : next.delete(id);
    setChosen(next);
    setCursor(key);
    if (!range) anchor.current = key;
  };
  const move = (by: number) => {
    if (items.length === 0) return;
    const to = at < 0 ? (by > 0 ? 0 : items.length - 1) : Math.min(items.length - 1, Math.max(0, at + by));
    const key = items[to]!.key;
    wanted.current = key;
    setCursor(key);
    rows.scrollToIndex(to);
  };
  const listNow = () => listAlarms(app.server.getState().world, filterOf(params, area));
  const groupNow = () =>
    picked.length === 0 && here && 'group' in here ? membersOfGroup(app.server.getState().world, listNow(), here.key) : [];
  const doIt = (act: AlarmAct) => begin(app, t, act, meant, groupNow);
  const incident = () => {
    const [a] = meant;
    if (!a) return;
    const made = [...world.incidents.values()].find((i) => i.alarm === a.id);
    view.setState(made ? { selection: { kind: 'incident', id: made.id } } : { intake: { lngLat: a.lngLat, alarm: a.id } });
  };
  const ackAll = () => begin(app, t, 'acknowledge', alarms, listNow);
  useListKeys({
    move,
    pick: (range) => {
      const focused = (document.activeElement as HTMLElement | null)?.dataset.row ?? cursor;
      if (focused) pick(focused, range);
    },
    act: (act) => doIt(act === 'out' ? (meant.length > 0 && meant.every((a) => a.outOfService) ? 'return' : 'remove') : act),
    all: ackAll,
    incident,
    clear: () => {
      if (chosen.size === 0) return false;
      setChosen(new Set());
      return true;
    },
  });
  // the row a key went to takes the focus when it has been drawn
  useEffect(() => {
    if (wanted.current === null) return;
    const el = scroll.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(wanted.current)}"]`);
    if (!el) return;
    wanted.current = null;
    el.focus({ preventScroll: true });
  });

  const unacked = alarms.reduce((n, a) => n + (a.acked ? 0 : 1), 0);
  const allPicked = alarms.length > 0 && picked.length === alarms.length;
  const sensors = world.sensors.size;
  return (
    <div className="alr-standing" data-alarm-list>
      <div className="alr-tools" role="toolbar" aria-label={t('alarmList.title')}>
        <span className="alr-sum">
          {picked.length
            ? t('alarmList.selected', { n: grouped(picked.length) })
            : t('alarmList.summary', { shown: grouped(alarms.length), unacked: grouped(unacked) })}
        </span>
        {acts.map(([act, key]) => {
          const n = able(act, meant).length;
          if (n === 0 && (act === 'unshelve' || act === 'return')) return null;
          return (
            <button key={act} type="button" disabled={n === 0} {...heldBy(stop)} onClick={() => doIt(act)}>
              {t(`alarmAct.${act}`)} {n > 1 && <b className="fig">{grouped(n)}</b>} {key && <kbd>{key}</kbd>}
            </button>
          );
        })}
        <button type="button" disabled={meant.length !== 1} {...heldBy(stop)} onClick={incident}>
          {t('alarmAct.incident')} <kbd>I</kbd>
        </button>
        <button type="button" disabled={able('acknowledge', alarms).length === 0} {...heldBy(stop)} onClick={ackAll}>
          {t('alarmList.ackVisible', { n: grouped(unacked) })} <kbd>Shift A</kbd>
        </button>
        {picked.length > 0 && (
          <button type="button" onClick={() => setChosen(new Set())}>
            {t('alarmList.unpick')}
          </button>
        )}
      </div>
      {items.length === 0 ? (
        <p className="empty">{world.alarms.size === 0 ? t('alarmList.emptyAll', { n: grouped(sensors) }) : t('alarmList.empty')}</p>
      ) : (
        <div ref={scroll} className="alr-scroll">
          <table className="alr-grid" aria-label={t('alarmList.title')} aria-rowcount={items.length + 1}>
            <thead>
              <Head all={allPicked} n={alarms.length} onAll={() => setChosen(allPicked ? new Set() : new Set(alarms.map((a) => a.id)))} />
            </thead>
            <tbody>
              <Space px={drawn[0]?.start ?? 0} />
              {drawn.map((v) => {
                const item = items[v.index]!;
                const common = {
                  ref: rows.measureElement,
                  index: v.index,
                  chosen: membersOf(item).every((a) => chosen.has(a.id)),
                  onPick: (range: boolean) => pick(item.key, range),
                  onFocus: () => setCursor(item.key),
                };
                return 'group' in item ? (
                  <GroupLine
                    key={v.key}
                    {...common}
                    group={item.group}
                    open={item.open}
                    onToggle={() => narrow(view, { group: item.open ? undefined : item.group.key })}
                  />
                ) : (
                  <Line key={v.key} {...common} alarm={item.alarm} selected={selected === item.alarm.id} inGroup={item.inGroup} />
                );
              })}
              <Space px={rows.getTotalSize() - (drawn.at(-1)?.end ?? 0)} />
            </tbody>
          </table>
        </div>
      )}
      <p className="alr-keys t3">{t('alarmList.noteKeys')}</p>
    </div>
  );
}

/** What is above and below the rows in sight. */
const Space = ({ px }: { px: number }) =>
  px > 0 ? (
    <tr className="alr-space">
      {/* one cell: spanning columns that are hidden would make new ones, each with its share of the width */}
      <td style={{ height: px }} />
    </tr>
  ) : null;
