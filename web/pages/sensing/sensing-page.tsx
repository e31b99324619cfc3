import '../wall/wall.css';
import '../wall/panels.css';
import '../wall/dossier.css';
import '../wall/layouts.css';
import './sensing.css';
import './device.css';
import './matrix.css';
import './report.css';
import { type ComponentType, type LazyExoticComponent, lazy, Suspense, useEffect, useState } from 'react';
import { useApp, useServer, useView } from '../../app-context.ts';
import { useText } from '../../design/use-text.ts';
import { Detail } from '../../panels/detail.tsx';
import { Dossier } from '../../panels/dossier.tsx';
import { LinkBanner } from '../../panels/link-banner.tsx';
import { AreaFilter } from '../../panels/sensing/area-filter.tsx';
import { Device } from '../../panels/sensing/device.tsx';
import { type MapAsk, MapSlot } from '../../panels/sensing/map-slot.ts';
import { TopBar } from '../../panels/top-bar.tsx';
import { type SensingTab, sensingTabs, toTab } from '../../store/view-store.ts';
import { useKeys } from '../wall/keys.ts';
import { MapPanel } from '../wall/map-panel.tsx';
import { useSound } from '../wall/sound.ts';
import { Notice, Sheets, Skeleton } from '../wall/wall-page.tsx';

/** Each tab comes when it is first opened. A tab that wants the map beside it asks with `useMapBeside`. */
const tabs: Readonly<Record<SensingTab, LazyExoticComponent<ComponentType>>> = {
  matrix: lazy(async () => ({ default: (await import('../../panels/sensing/matrix.tsx')).MatrixTab })),
  alarms: lazy(async () => ({ default: (await import('../../panels/sensing/alarm-list.tsx')).AlarmListTab })),
  rules: lazy(async () => ({ default: (await import('../../panels/sensing/rules.tsx')).RulesTab })),
  report: lazy(async () => ({ default: (await import('../../panels/sensing/report.tsx')).ReportTab })),
  facilities: lazy(async () => ({ default: (await import('../../panels/sensing/facilities.tsx')).FacilitiesTab })),
  cameras: lazy(async () => ({ default: (await import('../../panels/sensing/cameras.tsx')).CamerasTab })),
};

/** 感知: devices, their alarms and the rules of those, facilities and cameras. */
export function SensingPage() {
  const { t, say } = useText();
  const sound = useSound();
  useKeys(sound.toggle);
  const loaded = useServer((s) => s.loaded);
  const centre = useServer((s) => s.world.centre);
  const tab = useView((s) => s.tab);
  useEffect(() => {
    document.title = centre ? `${t(`sensing.tab.${tab}`)} · ${t('centreTitle', { name: say(centre.name) })}` : t('product');
  }, [centre, t, say, tab]);
  return <Frame sound={sound} loaded={loaded} tab={tab} />;
}

function Frame({ sound, loaded, tab }: { sound: ReturnType<typeof useSound>; loaded: boolean; tab: SensingTab }) {
  const { t } = useText();
  const selection = useView((s) => s.selection);
  const [ask, setAsk] = useState<MapAsk | null>(null);
  // a map context is not given back when it is taken down: once there, it stays, out of sight
  const [mapped, setMapped] = useState(false);
  if (ask && !mapped) setMapped(true);
  const Tab = tabs[tab];
  const side = selection?.kind === 'sensor' ? 'sx-device' : selection ? 'sx-side' : '';
  return (
    <div className={`page sx ${ask ? 'sx-mapped' : ''} ${side} ${loaded ? '' : 'loading'}`}>
      <a className="skip" href="#sx-work">
        {t('sensing.skip')}
      </a>
      <TopBar sound={sound.state} onSound={sound.toggle} />
      {loaded ? (
        <MapSlot.Provider value={setAsk}>
          <main className="sx-work" id="sx-work" tabIndex={-1}>
            <Tabs tab={tab} />
            <div className="sx-tab">
              <Suspense fallback={<p className="empty">{t('sensing.loading')}</p>}>
                <Tab />
              </Suspense>
            </div>
          </main>
          {mapped && (
            <section className="map sx-map" aria-label={t('map.label')} hidden={!ask}>
              <MapPanel {...(ask ?? {})} />
            </section>
          )}
          {selection?.kind === 'incident' ? (
            <Dossier key={selection.id} id={selection.id} />
          ) : selection?.kind === 'sensor' ? (
            <Device key={selection.id} id={selection.id} />
          ) : selection ? (
            <Detail selection={selection} />
          ) : null}
        </MapSlot.Provider>
      ) : (
        <Skeleton />
      )}
      <Sheets />
      <LinkBanner />
      <Notice />
    </div>
  );
}

/** 设备 告警 规则 报表 设施 视频, and the place they are narrowed to; a report is of operators, not of places. */
function Tabs({ tab }: { tab: SensingTab }) {
  const { t } = useText();
  const { view } = useApp();
  return (
    <div className="sx-head">
      <nav aria-label={t('sensing.tabs')}>
        {sensingTabs.map((s) => (
          <button
            type="button"
            key={s}
            className={s === tab ? 'on' : ''}
            aria-current={s === tab ? 'page' : undefined}
            onClick={() => toTab(view, s)}
          >
            {t(`sensing.tab.${s}`)}
          </button>
        ))}
      </nav>
      {tab !== 'report' && <AreaFilter />}
    </div>
  );
}
