import './wall.css';
import './panels.css';
import './dossier.css';
import './incident.css';
import './alarms.css';
import './layouts.css';
import './print.css';
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { Incident } from '../../../model/incident.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { useText } from '../../design/use-text.ts';
import { densityOf } from '../../map/density.ts';
import { AlarmPanel } from '../../panels/alarm-panel.tsx';
import { AlarmActSheet, AlarmToldSheet } from '../../panels/alarm-sheet.tsx';
import { CategoryPanel, RatePanel, SourcesPanel } from '../../panels/chart-panels.tsx';
import { ClipSheet } from '../../panels/clip/clip-sheet.tsx';
import { CommunityTable, DutyPanel } from '../../panels/compare-panels.tsx';
import { Detail } from '../../panels/detail.tsx';
import { ForcesPanel } from '../../panels/dossier/forces.tsx';
import { ForcesProvider } from '../../panels/dossier/forces-provider.tsx';
import { useIncident } from '../../panels/dossier/use-incident.ts';
import { Dossier } from '../../panels/dossier.tsx';
import { FigureSheet } from '../../panels/figure-sheet.tsx';
import { IncidentLine, RouteLegend } from '../../panels/incident-line.tsx';
import { IncidentStrip } from '../../panels/incident-strip.tsx';
import { KeysSheet } from '../../panels/keys-sheet.tsx';
import { KpiPanel } from '../../panels/kpi-panel.tsx';
import { LinkBanner } from '../../panels/link-banner.tsx';
import { LayerToggles, MapLegend, type MapTool, MapTools } from '../../panels/map-legend.tsx';
import { QueuePanel, QueueTable } from '../../panels/queue-panel.tsx';
import { Situation } from '../../panels/situation.tsx';
import { SourcesSheet } from '../../panels/sources-sheet.tsx';
import { TimeStrip } from '../../panels/time-strip.tsx';
import { TopBar } from '../../panels/top-bar.tsx';
import { useTitle } from '../use-title.ts';
import { useKeys } from './keys.ts';
import { MapPanel } from './map-panel.tsx';
import { useSound } from './sound.ts';

/** true while the media query holds */
export function useMedia(query: string): boolean {
  const list = useMemo(() => window.matchMedia(query), [query]);
  const subscribe = useCallback(
    (l: () => void) => {
      list.addEventListener('change', l);
      return () => list.removeEventListener('change', l);
    },
    [list],
  );
  return useSyncExternalStore(subscribe, () => list.matches);
}

const NOTICE_MS = 6000;
/** The skeleton waits, so that a quick start does not flicker. */
const SKELETON_MS = 300;

/** 态势大屏 */
export function WallPage() {
  const { t } = useText();
  const three = useMedia('(min-aspect-ratio: 4/1)');
  const tablet = useMedia('(min-width: 821px) and (max-width: 1439px)');
  const sound = useSound();
  useKeys(sound.toggle);
  const loaded = useServer((s) => s.loaded);
  const selection = useView((s) => s.selection);

  useTitle(t('scenes.overview'));

  const right =
    selection?.kind === 'incident' ? (
      <Dossier id={selection.id} />
    ) : selection ? (
      <Detail selection={selection} />
    ) : (
      <aside className="right" aria-label={t('kpi.title')}>
        {three ? (
          <>
            <div className="cw">
              <KpiPanel />
              <SourcesPanel />
              <DutyPanel />
            </div>
            <div className="cw">
              <CommunityTable />
              <CategoryPanel rows={10} />
            </div>
          </>
        ) : (
          <>
            <KpiPanel />
            <SourcesPanel />
            <RatePanel />
            <CategoryPanel rows={5} />
          </>
        )}
      </aside>
    );

  const chosen = selection?.kind === 'incident' ? selection.id : '';
  const { incident } = useIncident(chosen);
  const left = three ? (
    <>
      <QueueTable rows={23} />
      <AlarmPanel rows={14} />
    </>
  ) : incident ? (
    <>
      <QueuePanel rows={5} />
      <ForcesPanel incident={incident} />
    </>
  ) : (
    <>
      <QueuePanel rows={7} />
      <AlarmPanel rows={tablet ? 12 : 4} />
    </>
  );
  // one tree for both views: the map and what it has loaded stay where they are
  return (
    <div className={`page ${chosen ? 'with-dossier' : ''} ${loaded ? '' : 'loading'}`}>
      <a className="skip" href="#queue-title">
        {t('skip')}
      </a>
      <TopBar sound={sound.state} onSound={sound.toggle} />
      {loaded ? (
        <ForcesProvider incident={three ? undefined : incident}>
          <aside className="left" aria-label={t('queue.title')}>
            {left}
          </aside>
          <main className="mid">
            {incident ? <IncidentLine incident={incident} /> : <Situation />}
            <MapFrame incident={incident} />
          </main>
          {right}
          {incident ? <IncidentStrip key={incident.id} incident={incident} /> : <TimeStrip />}
        </ForcesProvider>
      ) : (
        <Skeleton />
      )}
      <Sheets />
      <LinkBanner />
      <Notice />
    </div>
  );
}

/** The map with what lies on it; the legend ends where the map's own classes end. */
function MapFrame({ incident }: { incident: Incident | undefined }) {
  const areas = useServer((s) => s.world.areas);
  const incidents = useServer((s) => s.world.incidents);
  const top = useMemo(() => densityOf({ areas, incidents }).top, [areas, incidents]);
  const [tool, setTool] = useState<MapTool | null>(null);
  return (
    <div className="map" data-tool={tool ?? undefined}>
      <MapPanel />
      <MapTools open={tool} onOpen={setTool} />
      <LayerToggles />
      {incident ? <RouteLegend incident={incident} /> : <MapLegend top={top} />}
    </div>
  );
}

export function Sheets() {
  const sheet = useView((s) => s.sheet);
  if (!sheet) return null;
  if (sheet.kind === 'sources') return <SourcesSheet />;
  if (sheet.kind === 'clip') return <ClipSheet {...sheet} />;
  if (sheet.kind === 'alarm-act') return <AlarmActSheet key={sheet.act} sheet={sheet} />;
  if (sheet.kind === 'alarm-told') return <AlarmToldSheet sheet={sheet} />;
  return sheet.kind === 'keys' ? <KeysSheet /> : <FigureSheet key={sheet.id} id={sheet.id} />;
}

/** Grey blocks where the panels will be, after 300 ms. */
export function Skeleton() {
  const { t } = useText();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), SKELETON_MS);
    return () => clearTimeout(timer);
  }, []);
  const blocks = (n: number) =>
    'abcdefghij'
      .slice(0, n)
      .split('')
      .map((key) => <i key={key} />);
  return (
    <>
      <div className="left skeleton">{late && blocks(9)}</div>
      <main className="mid skeleton">
        <p role="status">{late && t('loading')}</p>
      </main>
      <div className="right skeleton">{late && blocks(8)}</div>
      <div className="tm skeleton" />
    </>
  );
}

/** One short line for everyone; read aloud, gone after a few seconds. */
export function Notice() {
  const { view } = useApp();
  const notice = useView((s) => s.notice);
  useEffect(() => {
    if (!notice) return;
    const timer = setTimeout(() => view.setState({ notice: null }), NOTICE_MS);
    return () => clearTimeout(timer);
  }, [notice, view]);
  return (
    <p className={`notice ${notice ? 'shown' : ''}`} role="status">
      {notice}
    </p>
  );
}
