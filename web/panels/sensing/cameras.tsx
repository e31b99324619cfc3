import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { useMapBeside } from './map-slot.ts';

/** 感知 · 视频 */
export function CamerasTab() {
  const { t } = useText();
  const fresh = useFreshness();
  useMapBeside({ layers: { incidents: false, units: false, cameras: true } });
  return (
    <Panel id="cameras" title={t('cameras.title')} fresh={fresh}>
      <p className="empty">{t('cameras.empty')}</p>
    </Panel>
  );
}
