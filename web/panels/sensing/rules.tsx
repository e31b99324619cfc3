import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';

/** 感知 · 规则 */
export function RulesTab() {
  const { t } = useText();
  const fresh = useFreshness();
  return (
    <Panel id="rules" title={t('alarmRules.title')} fresh={fresh}>
      <p className="empty">{t('alarmRules.empty')}</p>
    </Panel>
  );
}
