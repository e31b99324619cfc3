import { lazy, Suspense, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useApp, useServer, useView } from '../../app-context.ts';
import { isCut, shownNow } from '../../store/server-store.ts';

const MapView = lazy(async () => ({ default: (await import('../../map/map-view.tsx')).MapView }));

const motion = window.matchMedia('(prefers-reduced-motion: reduce)');
const onMotion = (l: () => void) => {
  motion.addEventListener('change', l);
  return () => motion.removeEventListener('change', l);
};

/** The map in its frame: gives it data and place, takes back what the visitor touched. */
export function MapPanel() {
  const { t } = useTranslation();
  const { server, view, latest } = useApp();
  const places = useServer((s) => s.places);
  const error = useServer((s) => s.placesError);
  const world = useServer((s) => s.world);
  const loaded = useServer((s) => s.loaded);
  const stale = useServer((s) => isCut(s) || s.phase === 'stale');
  const selection = useView((s) => s.selection);
  const hover = useView((s) => s.hover);
  const layers = useView((s) => s.layers);
  const theme = useView((s) => s.theme);
  const language = useView((s) => s.language);
  const area = useView((s) => s.area) ?? world.centre?.code;
  const reducedMotion = useSyncExternalStore(onMotion, () => motion.matches);

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
        view={{ area, selection, layers, hover }}
        now={() => shownNow(server.getState())}
        theme={theme}
        language={language}
        reducedMotion={reducedMotion}
        camera={view.getState().camera}
        stale={stale}
        onSelect={(next) => view.setState({ selection: next })}
        onDrill={(next) => view.setState({ area: next, camera: null })}
        onCamera={(camera) => view.setState({ camera })}
        onHover={(next) => view.setState({ hover: next })}
      />
    </Suspense>
  );
}
