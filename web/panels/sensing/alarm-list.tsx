import { newAlarms } from '../../../model/flood.ts';
import { useServer, useView } from '../../app-context.ts';
import { grouped } from '../../design/format.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { useNow } from '../../store/clock.ts';
import { floodSince } from '../alarm-panel.tsx';
import { Modes, Narrowing, StateFilter } from '../alarms/filters.tsx';
import { modeOf } from '../alarms/params.ts';
import { Past } from '../alarms/past.tsx';
import { Standing } from '../alarms/standing.tsx';

/** 感知 · 告警: every alarm as it stands, by common cause, and as it was. */
export function AlarmListTab() {
  const { t, at } = useText();
  const now = useNow();
  const world = useServer((s) => s.world);
  const params = useView((s) => s.params);
  const fresh = useFreshness();
  const since = floodSince(world, now);
  const mode = modeOf(params, since !== null);
  return (
    <Panel
      id="alarms"
      className="alr-list"
      title={since === null ? t('alarmList.title') : t('alarmFlood.head', { n: grouped(newAlarms(world.surge, now)) })}
      sub={since === null ? undefined : t('alarmFlood.from', { at: at(since).hm })}
      fresh={fresh}
    >
      <search className="alr-filters" aria-label={t('alarmList.skip')}>
        <Modes mode={mode} />
        {mode !== 'past' && <StateFilter />}
        <Narrowing past={mode === 'past'} />
      </search>
      {mode === 'past' ? <Past /> : <Standing byCause={mode === 'cause'} />}
    </Panel>
  );
}
