import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';

/** 感知 · 设备 */
export function MatrixTab() {
  const { t } = useText();
  const fresh = useFreshness();
  return (
    <Panel id="matrix" title={t('sensing.tab.matrix')} fresh={fresh}>
      <p className="empty">{t('sensing.later')}</p>
    </Panel>
  );
}
