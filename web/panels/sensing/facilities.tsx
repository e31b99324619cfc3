import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { useMapBeside } from './map-slot.ts';

/** 感知 · 设施 */
export function FacilitiesTab() {
  const { t } = useText();
  const fresh = useFreshness();
  useMapBeside({ layers: { incidents: false, units: false, cameras: false } });
  return (
    <Panel id="facilities" title={t('facilities.title')} fresh={fresh}>
      <p className="empty">{t('facilities.empty')}</p>
    </Panel>
  );
}
