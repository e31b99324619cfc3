import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';

/** 感知 · 报表 */
export function ReportTab() {
  const { t } = useText();
  const fresh = useFreshness();
  return (
    <Panel id="report" title={t('sensing.tab.report')} fresh={fresh}>
      <p className="empty">{t('sensing.loading')}</p>
    </Panel>
  );
}
