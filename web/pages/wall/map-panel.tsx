import { lazy, Suspense, useCallback, useMemo, useState, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { alarmSource } from '../../../model/alarm-source.ts';
import type { LngLat } from '../../../model/brand.ts';
import type { Incident } from '../../../model/incident.ts';
import { incidentOf } from '../../../model/world.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { useText } from '../../design/use-text.ts';
import type { LayerKey, MapDrawing, MapShade, MapTracks, Measured } from '../../map-contract.ts';
import { alarmFigure, figureText, nameOf, placeName } from '../../panels/alarm-words.ts';
import { AskCard } from '../../panels/ask-card.tsx';
import { useCameras } from '../../panels/camera/use-cameras.ts';
import { useTrails } from '../../panels/patrol/use-trails.ts';
import { ringsOf } from '../../panels/rings.ts';
import { isCut, shownNow } from '../../store/server-store.ts';

const noGhosts: readonly LngLat[] = [];
const MapView = lazy(async () => ({ default: (await import('../../map/map-view.tsx')).MapView }));

const motion = window.matchMedia('(prefers-reduced-motion: reduce)');
const onMotion = (l: () => void) => {
  motion.addEventListener('change', l);
  return () => motion.removeEventListener('change', l);
};

/**
 * The map in its frame: gives it data and place, takes back what the visitor touched. `incidents`: what to mark on it instead of all
 * open ones; `layers`: shown or not here, whatever the visitor chose; `drawing` with `onLasso`: a line is drawn around what is meant.
 */
export function MapPanel({
  incidents,
  layers: shown,
  drawing = null,
  onLasso,
  shade,
  trailUnits,
  tracks,
  onMeasure,
}: {
  incidents?: ReadonlyMap<string, Incident>;
  layers?: Partial<Record<LayerKey, boolean>>;
  drawing?: MapDrawing | null;
  onLasso?: (polygon: readonly LngLat[] | null) => void;
  shade?: MapShade;
  /** whose ways are drawn where those of all are wanted */
  trailUnits?: readonly string[];
  tracks?: MapTracks;
  onMeasure?: (measured: Measured | null) => void;
}) {
  const { t } = useText();
  const { server, view, latest, replay } = useApp();
  const places = useServer((s) => s.places);
  const error = useServer((s) => s.placesError);
  const known = useServer((s) => s.world);
  const world = useMemo(() => (incidents ? { ...known, incidents } : known), [known, incidents]);
  const loaded = useServer((s) => s.loaded);
  const stale = useServer((s) => isCut(s) || s.phase === 'stale');
  const selection = useView((s) => s.selection);
  const hover = useView((s) => s.hover);
  const chosenLayers = useView((s) => s.layers);
  const layers = useMemo(() => ({ ...chosenLayers, ...shown }), [chosenLayers, shown]);
  const { byId } = useCameras(layers.cameras);
  const cameras = useMemo(() => new Map([...byId].flatMap(([id, c]) => (c.online === null ? [] : [[id, c.online] as const]))), [byId]);
  const theme = useView((s) => s.theme);
  const language = useView((s) => s.language);
  const routes = useView((s) => s.routes);
  const ghosts = useStore(replay.preview.state, (s) => s.preview?.found?.ghosts ?? noGhosts);
  const follow = useView((s) => s.follow);
  const trails = useTrails(trailUnits);
  const area = useView((s) => s.area) ?? world.centre?.code;
  const reducedMotion = useSyncExternalStore(onMotion, () => motion.matches);
  const [asked, setAsked] = useState<{ at: LngLat; screen: readonly [number, number] } | null>(null);
  const chosen = useServer((s) => (selection?.kind === 'incident' ? incidentOf(s.world, selection.id) : undefined));
  const rings = useMemo(() => (chosen ? ringsOf(chosen, (key, metres) => t(`incidentMap.${key}`, { metres })) : []), [chosen, t]);
  const tellAlarm = useCallback(
    (id: string) => {
      const s = server.getState();
      const alarm = s.world.alarms.get(id);
      if (!alarm) return null;
      const c = { t, world: s.world, language };
      const source = alarmSource(s.world, alarm.sensor);
      const figure = alarmFigure(c, alarm, shownNow(s), source?.sensor ? (latest.valueAt[source.sensor.ix] ?? 0) : 0);
      const details = [`P${alarm.priority}`, t(`alarmState.${alarm.state}`), placeName(c, alarm.area), source?.name];
      return [`${nameOf(c, alarm)} ${figureText(figure)}`, details.filter(Boolean).join(' · ')] as const;
    },
    [server, latest, t, language],
  );
  const closeAsk = useCallback(() => setAsked(null), []);

  if (!places || !area) {
    const text = error ? t('map.failed', { rule: error }) : loaded && !world.boundaries ? t('map.none') : t('map.loading');
    return <p className="map-note">{text}</p>;
  }
  return (
    <Suspense fallback={<p className="map-note">{t('map.loading')}</p>}>
      <MapView
        places={places}
        world={world}
        units={latest}
        cameras={cameras}
        view={{ area, selection, layers, hover }}
        now={() => shownNow(server.getState())}
        theme={theme}
        language={language}
        reducedMotion={reducedMotion}
        camera={view.getState().camera}
        stale={stale}
        ghosts={ghosts}
        routes={routes}
        rings={rings}
        drawing={drawing}
        {...(onLasso ? { onLasso } : {})}
        {...(onMeasure ? { onMeasure } : {})}
        shade={shade ?? null}
        trails={trails}
        tracks={tracks ?? null}
        follow={follow}
        onFollowEnd={() => view.setState({ follow: null })}
        tellAlarm={tellAlarm}
        onSelect={(next) => {
          setAsked(null);
          view.setState({ selection: next });
        }}
        onDrill={(next) => {
          setAsked(null);
          view.setState({ area: next, camera: null });
        }}
        onCamera={(camera) => {
          setAsked(null);
          view.setState({ camera });
        }}
        onHover={(next) => view.setState({ hover: next })}
        onAsk={(at, screen) => setAsked({ at, screen })}
      />
      {asked && <AskCard key={asked.at.join()} at={asked.at} screen={asked.screen} onClose={closeAsk} />}
    </Suspense>
  );
}
