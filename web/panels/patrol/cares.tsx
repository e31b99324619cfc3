import './cares/cares.css';
import { useEffect, useMemo } from 'react';
import type { AreaCode } from '../../../model/brand.ts';
import { type CareRow, toVisit } from '../../../model/care.ts';
import { careKindOf } from '../../../model/centre.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { grouped } from '../../design/format.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import type { MapShade } from '../../map-contract.ts';
import { useMapBeside } from '../sensing/map-slot.ts';
import { Figures } from './cares/figures.tsx';
import { CareFilters } from './cares/filters.tsx';
import { CareList } from './cares/list.tsx';
import { readCareParams, useCareFigures, useCareNames, useCares } from './cares/use-cares.ts';

const layers = { incidents: false, units: false, sensors: false, cameras: false, density: false } as const;
const breaks = [1, 2, 3, 5] as const;

/** 巡防 · 走访: who is to be visited, who waits too long, who was visited; the visit itself is recorded here. */
export function CaresTab() {
  const { t } = useText();
  const names = useCareNames();
  const figures = useCareFigures();
  const { rows, counts, now, registered } = useCares(names, figures.data);
  const params = readCareParams(useView((s) => s.params));
  const fresh = useFreshness();
  const shade = useShade(rows);
  useMapBeside(useMemo(() => ({ layers, shade }), [shade]));
  useChosenOnMap(params.chosen);
  return (
    <Panel
      id="cares"
      className="cr"
      title={t('cares.title')}
      n={grouped(registered)}
      sub={t('cares.sub', {
        due: grouped(counts['due-today']),
        overdue: grouped(counts.overdue),
        done: grouped(counts['done-today']),
      })}
      fresh={fresh}
    >
      {registered === 0 ? (
        <p className="empty">{t('cares.none')}</p>
      ) : (
        <>
          <Figures live={figures} />
          <CareFilters counts={counts} />
          {rows.length === 0 ? (
            <p className="empty">{t(params.show === 'due' && !params.record && counts.due === 0 ? 'cares.emptyDue' : 'cares.empty')}</p>
          ) : (
            <CareList rows={rows} names={names} now={now} />
          )}
          <p className="cr-keys t3">{t('cares.keys')}</p>
        </>
      )}
    </Panel>
  );
}

/** Places by how many persons wait there; nobody by name, and nowhere closer than the micro-grid. */
function useShade(rows: readonly CareRow[]): MapShade {
  const { t } = useText();
  const areas = useServer((s) => s.world.areas);
  const waiting = rows
    .filter((r) => toVisit.has(r.state))
    .map((r) => r.care.area)
    .sort()
    .join(' ');
  return useMemo(() => {
    const n = new Map<AreaCode, number>();
    for (const code of waiting === '' ? [] : (waiting.split(' ') as AreaCode[])) n.set(code, (n.get(code) ?? 0) + 1);
    const leaves = [...areas.values()].filter((a) => a.level === 'micro');
    const values = new Map<AreaCode, number | null>(leaves.map((a) => [a.code, n.get(a.code) ?? 0]));
    const legend = { title: t('cares.map.title'), steps: ['0', '1', '2', '3 – 4', '≥ 5'] };
    return { values, breaks, bright: 'high', legend, tell: (area) => t('cares.map.tell', { n: n.get(area) ?? 0 }) };
  }, [waiting, areas, t]);
}

/** The home of the person chosen, by kind and never by name. Marks go to the map through the view. */
function useChosenOnMap(chosen: string | undefined) {
  const { say } = useText();
  const { view } = useApp();
  const care = useServer((s) => (chosen === undefined ? undefined : s.world.cares.get(chosen)));
  const centre = useServer((s) => s.world.centre);
  const kind = care && careKindOf(centre, care.kind);
  const head = kind ? say(kind.name) : '';
  const lngLat = care?.lngLat;
  useEffect(() => {
    if (!lngLat) return;
    view.setState({ routes: [{ id: 'care', path: [lngLat, lngLat], by: 'straight', head, note: '' }] });
    return () => view.setState({ routes: [] });
  }, [view, lngLat, head]);
}
