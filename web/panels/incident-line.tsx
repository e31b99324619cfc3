import { areaLabel } from '../../model/area.ts';
import type { Incident } from '../../model/incident.ts';
import { treeOf } from '../../model/world.ts';
import { useApp, useServer, useView } from '../app-context.ts';
import { grouped } from '../design/format.ts';
import { Age, useFreshness } from '../design/freshness.tsx';
import { useText } from '../design/use-text.ts';
import { isDangerous } from './rings.ts';

/** Above the map of one incident: the way back, its micro-grid, and what is known of it. */
export function IncidentLine({ incident: i }: { incident: Incident }) {
  const { t } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const at = useView((s) => s.area);
  const fresh = useFreshness();
  const tree = treeOf(world);
  const area = i.area ? tree.byCode.get(i.area) : undefined;
  const back = (at && tree.byCode.get(at)?.name) || tree.root?.name || '';
  return (
    <section className="sit" aria-label={t('situation.label')}>
      <button type="button" className="back" onClick={() => view.setState({ selection: null })}>
        {t('situationIncident.back', { name: back })}
      </button>
      <b>{area ? areaLabel(tree, area.code) : t('queue.outside')}</b>
      <span className="rest">
        {area && `${area.name} · ${t('situationIncident.area', { households: grouped(area.households), people: grouped(area.people) })}`}
      </span>
      <Age of={fresh} />
    </section>
  );
}

/** What the lines about an incident mean: only those that are drawn. */
export function RouteLegend({ incident: i }: { incident: Incident }) {
  const { t } = useText();
  const routes = useView((s) => s.routes);
  const rows = [
    routes.some((r) => r.by === 'road') && (['road', t('incidentMap.route')] as const),
    routes.some((r) => r.by === 'straight') && (['straight', t('incidentMap.routeStraight')] as const),
    isDangerous(i) && (['cordon', t('incidentMap.rings')] as const),
  ].filter((r): r is readonly ['road' | 'straight' | 'cordon', string] => Boolean(r));
  return (
    <div className="ov lg ways" id="map-legend" data-map-keepout>
      {rows.map(([key, text]) => (
        <span key={key}>
          <svg viewBox="0 0 34 4" aria-hidden="true">
            <path d="M1 2H33" className={key} />
          </svg>
          {text}
        </span>
      ))}
    </div>
  );
}
