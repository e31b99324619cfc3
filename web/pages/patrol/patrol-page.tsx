import { lazy } from 'react';
import { useApp, useView } from '../../app-context.ts';
import { useText } from '../../design/use-text.ts';
import { MapTools, useMeasure } from '../../panels/patrol/map-tools.tsx';
import { ShadeLegend, StateLegend } from '../../panels/patrol/shade-legend.tsx';
import { type PatrolTab, toPatrol } from '../../store/view-store.ts';
import { type SceneTabs, TabbedPage } from '../tabbed-page.tsx';
import './patrol.css';
import { MapPanel } from '../wall/map-panel.tsx';

const tabs: SceneTabs<PatrolTab> = {
  units: lazy(async () => ({ default: (await import('../../panels/patrol/units.tsx')).UnitsTab })),
  coverage: lazy(async () => ({ default: (await import('../../panels/patrol/coverage.tsx')).CoverageTab })),
  rounds: lazy(async () => ({ default: (await import('../../panels/patrol/rounds.tsx')).RoundsTab })),
  cares: lazy(async () => ({ default: (await import('../../panels/patrol/cares.tsx')).CaresTab })),
  tracks: lazy(async () => ({ default: (await import('../../panels/patrol/tracks.tsx')).TracksTab })),
  devices: lazy(async () => ({ default: (await import('../../panels/patrol/devices.tsx')).DevicesTab })),
};

/** 巡防: who patrols, what they have covered, rounds, visits to people, tracks and the devices behind them. */
export function PatrolPage() {
  const { t } = useText();
  const { view } = useApp();
  const tab = useView((s) => s.patrolTab);
  const measure = useMeasure();
  return (
    <TabbedPage
      className="pt"
      tabs={tabs}
      tab={tab}
      onTab={(s) => toPatrol(view, s)}
      nameOf={(s) => t(`patrol.tab.${s}`)}
      navLabel={t('patrol.tabs')}
      map={(ask) => (
        <>
          <MapPanel {...(ask ?? {})} drawing={measure.on ? 'measure' : null} onMeasure={measure.told} />
          <MapTools measure={measure} listed={ask?.trailUnits?.length ?? 0} />
          {ask?.shade ? <ShadeLegend legend={ask.shade.legend} /> : <StateLegend />}
        </>
      )}
    />
  );
}
