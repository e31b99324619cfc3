import { lazy } from 'react';
import { useApp, useView } from '../../app-context.ts';
import { useText } from '../../design/use-text.ts';
import { Device } from '../../panels/sensing/device.tsx';
import { type SensingTab, toTab } from '../../store/view-store.ts';
import { type SceneTabs, TabbedPage } from '../tabbed-page.tsx';
import './matrix.css';
import './report.css';
import { MapPanel } from '../wall/map-panel.tsx';

const tabs: SceneTabs<SensingTab> = {
  matrix: lazy(async () => ({ default: (await import('../../panels/sensing/matrix.tsx')).MatrixTab })),
  alarms: lazy(async () => ({ default: (await import('../../panels/sensing/alarm-list.tsx')).AlarmListTab })),
  rules: lazy(async () => ({ default: (await import('../../panels/sensing/rules.tsx')).RulesTab })),
  report: lazy(async () => ({ default: (await import('../../panels/sensing/report.tsx')).ReportTab })),
  facilities: lazy(async () => ({ default: (await import('../../panels/sensing/facilities.tsx')).FacilitiesTab })),
  cameras: lazy(async () => ({ default: (await import('../../panels/sensing/cameras.tsx')).CamerasTab })),
};

/** 感知: devices, their alarms and the rules of those, facilities and cameras. */
export function SensingPage() {
  const { t } = useText();
  const { view } = useApp();
  const tab = useView((s) => s.tab);
  return (
    <TabbedPage
      tabs={tabs}
      tab={tab}
      onTab={(s) => toTab(view, s)}
      nameOf={(s) => t(`sensing.tab.${s}`)}
      navLabel={t('sensing.tabs')}
      placed={tab !== 'report'} // a report is of operators, not of places
      map={(ask) => <MapPanel {...(ask ?? {})} />}
      chosen={(s) => (s.kind === 'sensor' ? { page: <Device key={s.id} id={s.id} />, side: 'sx-device' } : null)}
    />
  );
}
