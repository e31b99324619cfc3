import { useMemo } from 'react';
import { areaLabel } from '../../../model/area.ts';
import { areaCode } from '../../../model/brand.ts';
import { treeOf } from '../../../model/world.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { useText } from '../../design/use-text.ts';

/** 位置: the whole centre, a street or a community; what was drilled into below that stands beside them. */
export function AreaFilter() {
  const { t } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const area = useView((s) => s.area);
  const tree = treeOf(world);
  const places = useMemo(
    () => [...world.areas.values()].filter((a) => a.parent !== null && (a.level === 'street' || a.level === 'community')),
    [world.areas],
  );
  return (
    <label className={`f ${area ? 'set' : ''}`}>
      {t('sensing.area')}
      <select value={area ?? ''} onChange={(e) => view.setState({ area: e.target.value ? areaCode(e.target.value) : null, camera: null })}>
        <option value="">{t('sensing.allAreas')}</option>
        {places.map((a) => (
          <option key={a.code} value={a.code}>
            {a.name}
          </option>
        ))}
        {area && !places.some((a) => a.code === area) && <option value={area}>{areaLabel(tree, area)}</option>}
      </select>
    </label>
  );
}
