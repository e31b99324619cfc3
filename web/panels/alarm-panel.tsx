import { useMemo } from 'react';
import type { Alarm } from '../../model/alarm.ts';
import { type AlarmGroup, groupAlarms, listAlarms } from '../../model/alarm-groups.ts';
import { floodRule } from '../../model/centre.ts';
import { floodAt, newAlarms } from '../../model/flood.ts';
import type { World } from '../../model/world.ts';
import { useApp, useServer } from '../app-context.ts';
import { grouped } from '../design/format.ts';
import { Panel, useFreshness } from '../design/freshness.tsx';
import { useText } from '../design/use-text.ts';
import { useNow } from '../store/clock.ts';
import { toTab } from '../store/view-store.ts';
import { AlarmRow, GroupRow } from './alarm-row.tsx';
import { hiddenCounts } from './alarm-words.ts';
import { useHeldRow } from './alarms/use-held-row.ts';

/** Since when there is a flood, as of the moment shown; null = none. */
export const floodSince = (world: Pick<World, 'surge' | 'centre'>, now: number) => floodAt(world.surge, now, floodRule(world.centre));

/** What the wall lists: alarms, or in a flood groups of them; one of a single alarm is that alarm. The most urgent first. */
export const wallRows = (world: World, alarms: readonly Alarm[], flood: boolean): readonly (Alarm | AlarmGroup)[] =>
  flood ? groupAlarms(world, alarms).map((g) => (g.n === 1 ? g.members[0]! : g)) : alarms;
const isGroup = (row: Alarm | AlarmGroup): row is AlarmGroup => 'members' in row;
const keyOf = (row: Alarm | AlarmGroup) => (isGroup(row) ? row.key : row.id);

/** 告警, by ISA-18.2 state; in a flood (告警洪泛) by grid and common cause. */
export function AlarmPanel({ rows }: { rows: number }) {
  const { t, at } = useText();
  const { view } = useApp();
  const now = useNow();
  const world = useServer((s) => s.world);
  const loaded = useServer((s) => s.loaded);
  const fresh = useFreshness();
  const since = floodSince(world, now);
  const flood = since !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the world only these matter
  const { alarms, list } = useMemo(() => {
    const alarms = listAlarms(world);
    return { alarms, list: wallRows(world, alarms, flood) };
  }, [world.alarms, world.sensors, world.rules, world.centre, world.areas, flood]);
  const hiddenOnes = useMemo(() => hiddenCounts(world.alarms.values()), [world.alarms]);
  const unacked = useMemo(() => alarms.filter((a) => !a.acked).length, [alarms]);
  // the line that says since when stands where a row would
  const room = flood ? rows - 1 : rows;
  const over = list.length - room;
  const heldRow = useHeldRow();

  return (
    <Panel
      id="alarms"
      className={`alarms ${flood ? 'alr-flood' : ''}`}
      title={flood ? t('alarmFlood.head', { n: grouped(newAlarms(world.surge, now)) }) : t('alarm.title')}
      n={flood ? undefined : alarms.length}
      sub={flood ? undefined : t('alarm.unacked', { n: unacked })}
      fresh={fresh}
    >
      {since !== null && (
        <p className="alr-since">
          <span>{t('alarmFlood.since', { at: at(since).hm, alarms: grouped(alarms.length), groups: grouped(list.length) })}</span>
          <b>{t('alarm.unacked', { n: grouped(unacked) })}</b>
        </p>
      )}
      {loaded && alarms.length === 0 && (
        <div className="empty">
          <p>{t('alarm.empty')}</p>
          <p className="t3">{t('alarm.emptyNote', { n: world.sensors.size })}</p>
        </div>
      )}
      <ul className="al" {...heldRow.props}>
        {heldRow
          .firstOf(list, room, keyOf)
          .map((row) => (isGroup(row) ? <GroupRow key={row.key} group={row} /> : <AlarmRow key={row.id} alarm={row} />))}
      </ul>
      {(over > 0 || hiddenOnes.length > 0) && (
        <p className="more">
          <button
            type="button"
            className="plain"
            onClick={() => toTab(view, 'alarms', flood ? { by: 'cause' } : {}, null)}
            disabled={over <= 0}
          >
            {over > 0 ? t(flood ? 'alarmFlood.more' : 'alarm.more', { n: grouped(over) }) : ''}
          </button>
          <span className="alr-hidden">
            {hiddenOnes.map(({ state, n }) => (
              <button type="button" key={state} className="plain" onClick={() => toTab(view, 'alarms', { state }, null)}>
                {t('alarmWord.hiddenN', { state: t(`alarmState.${state}`), n })}
              </button>
            ))}
          </span>
        </p>
      )}
    </Panel>
  );
}
