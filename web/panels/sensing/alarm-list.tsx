import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';

/** 感知 · 告警 */
export function AlarmListTab() {
  const { t } = useText();
  const fresh = useFreshness();
  return (
    <Panel id="alarms" title={t('alarmList.title')} fresh={fresh}>
      <p className="empty">{t('alarmList.empty')}</p>
    </Panel>
  );
}
