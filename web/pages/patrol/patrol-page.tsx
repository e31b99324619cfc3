import '../wall/wall.css';
import '../wall/panels.css';
import '../wall/dossier.css';
import '../wall/layouts.css';
import '../sensing/sensing.css';
import '../sensing/device.css';
import './patrol.css';
import { type ComponentType, type LazyExoticComponent, lazy, Suspense, useEffect, useState } from 'react';
import { useApp, useServer, useView } from '../../app-context.ts';
import { useText } from '../../design/use-text.ts';
import { Detail } from '../../panels/detail.tsx';
import { Dossier } from '../../panels/dossier.tsx';
import { LinkBanner } from '../../panels/link-banner.tsx';
import { MapTools, useMeasure } from '../../panels/patrol/map-tools.tsx';
import { ShadeLegend, StateLegend } from '../../panels/patrol/shade-legend.tsx';
import { AreaFilter } from '../../panels/sensing/area-filter.tsx';
import { type MapAsk, MapSlot } from '../../panels/sensing/map-slot.ts';
import { TopBar } from '../../panels/top-bar.tsx';
import { type PatrolTab, patrolTabs, toPatrol } from '../../store/view-store.ts';
import { useKeys } from '../wall/keys.ts';
import { MapPanel } from '../wall/map-panel.tsx';
import { useSound } from '../wall/sound.ts';
import { Notice, Sheets, Skeleton } from '../wall/wall-page.tsx';

/** Each tab comes when it is first opened. A tab that wants the map beside it asks with `useMapBeside`. */
const tabs: Readonly<Record<PatrolTab, LazyExoticComponent<ComponentType>>> = {
  units: lazy(async () => ({ default: (await import('../../panels/patrol/units.tsx')).UnitsTab })),
  coverage: lazy(async () => ({ default: (await import('../../panels/patrol/coverage.tsx')).CoverageTab })),
  rounds: lazy(async () => ({ default: (await import('../../panels/patrol/rounds.tsx')).RoundsTab })),
  cares: lazy(async () => ({ default: (await import('../../panels/patrol/cares.tsx')).CaresTab })),
  tracks: lazy(async () => ({ default: (await import('../../panels/patrol/tracks.tsx')).TracksTab })),
  devices: lazy(async () => ({ default: (await import('../../panels/patrol/devices.tsx')).DevicesTab })),
};

/** 巡防: who patrols, what they have covered, rounds, visits to people, tracks and the devices behind them. */
export function PatrolPage() {
  const { t, say } = useText();
  const sound = useSound();
  useKeys(sound.toggle);
  const loaded = useServer((s) => s.loaded);
  const centre = useServer((s) => s.world.centre);
  const tab = useView((s) => s.patrolTab);
  useEffect(() => {
    document.title = centre ? `${t(`patrol.tab.${tab}`)} · ${t('centreTitle', { name: say(centre.name) })}` : t('product');
  }, [centre, t, say, tab]);
  return <Frame sound={sound} loaded={loaded} tab={tab} />;
}

function Frame({ sound, loaded, tab }: { sound: ReturnType<typeof useSound>; loaded: boolean; tab: PatrolTab }) {
  const { t } = useText();
  const selection = useView((s) => s.selection);
  const [ask, setAsk] = useState<MapAsk | null>(null);
  // a map context is not given back when it is taken down: once there, it stays, out of sight
  const [mapped, setMapped] = useState(false);
  if (ask && !mapped) setMapped(true);
  const measure = useMeasure();
  const Tab = tabs[tab];
  return (
    <div className={`page sx pt ${ask ? 'sx-mapped' : ''} ${selection ? 'sx-side' : ''} ${loaded ? '' : 'loading'}`}>
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
              <MapPanel {...(ask ?? {})} drawing={measure.on ? 'measure' : null} onMeasure={measure.told} />
              <MapTools measure={measure} listed={ask?.trailUnits?.length ?? 0} />
              {ask?.shade ? <ShadeLegend legend={ask.shade.legend} /> : <StateLegend />}
            </section>
          )}
          {selection?.kind === 'incident' ? (
            <Dossier key={selection.id} id={selection.id} />
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

/** 力量 覆盖 巡查 走访 轨迹 设备, and the place they are narrowed to. */
function Tabs({ tab }: { tab: PatrolTab }) {
  const { t } = useText();
  const { view } = useApp();
  return (
    <div className="sx-head">
      <nav aria-label={t('patrol.tabs')}>
        {patrolTabs.map((s) => (
          <button
            type="button"
            key={s}
            className={s === tab ? 'on' : ''}
            aria-current={s === tab ? 'page' : undefined}
            onClick={() => toPatrol(view, s)}
          >
            {t(`patrol.tab.${s}`)}
          </button>
        ))}
      </nav>
      <AreaFilter />
    </div>
  );
}
