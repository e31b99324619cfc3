import { useMemo } from 'react';
import { isOnDuty } from '../../../model/patrol.ts';
import { treeOf } from '../../../model/world.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { grouped } from '../../design/format.ts';
import { Panel, PERIOD, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { useMapBeside } from '../sensing/map-slot.ts';
import { StateFilter, UnitFilters } from './unit-filters.tsx';
import { UnitList } from './unit-list.tsx';
import { countByState, narrowed, unitFilterOf } from './unit-rows.ts';
import { useUnitRows } from './use-unit-rows.ts';

const layers = { units: true, sensors: false, cameras: false, density: false } as const;

/** 巡防 · 力量: who patrols, what each is doing and where, the most urgent first. */
export function UnitsTab() {
  const { t } = useText();
  const { latest } = useApp();
  const world = useServer((s) => s.world);
  const area = useView((s) => s.area);
  const params = useView((s) => s.params);
  const { rows, now } = useUnitRows();
  const fresh = useFreshness(latest.frameAt, PERIOD.positions);
  const filter = unitFilterOf(params);
  const here = narrowed(rows, filter, area, treeOf(world));
  const shown = filter.state === null ? here : here.filter((r) => r.status.state === filter.state);
  const counts = countByState(here);
  const ids = shown
    .map((r) => r.unit.id)
    .sort()
    .join(',');
  const trailUnits = useMemo(() => (ids === '' ? [] : ids.split(',')), [ids]);
  useMapBeside(useMemo(() => ({ layers, trailUnits }), [trailUnits]));
  return (
    <Panel
      id="units"
      className="pt-units"
      title={t('patrolUnits.title')}
      n={grouped(shown.length)}
      sub={t('patrolUnits.sub', {
        onDuty: grouped(here.filter((r) => r.seen && isOnDuty(world, r.unit, r.seen, now)).length),
        moving: grouped(counts.moving),
        standing: grouped(counts.standing),
      })}
      fresh={fresh}
    >
      <StateFilter counts={counts} all={here.length} />
      <UnitFilters rows={rows} />
      {shown.length === 0 ? (
        <p className="empty">{t(world.units.size === 0 ? 'patrolUnits.none' : 'patrolUnits.empty')}</p>
      ) : (
        <UnitList rows={shown} now={now} />
      )}
      <p className="pt-keys t3">{t('patrolUnits.keys')}</p>
    </Panel>
  );
}
