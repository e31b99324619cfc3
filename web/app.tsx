import { AppContext, type AppParts, useServer, useView } from './app-context.ts';
import { IncidentsPage } from './pages/incidents/incidents-page.tsx';
import { PatrolPage } from './pages/patrol/patrol-page.tsx';
import { SensingPage } from './pages/sensing/sensing-page.tsx';
import { WallPage } from './pages/wall/wall-page.tsx';
import { LiveProvider } from './panels/camera/live.tsx';
import { IntakeSheet } from './panels/incidents/intake-sheet.tsx';

/** One application with one socket: `/wall` is scene 态势, `/incidents` scene 事件, `/patrol` scene 巡防, `/sensing` scene 感知; an incident can be reported from each. */
export function App({ parts }: { parts: AppParts }) {
  return (
    <AppContext.Provider value={parts}>
      <LiveProvider>
        <Scene />
      </LiveProvider>
    </AppContext.Provider>
  );
}

function Scene() {
  const scene = useView((s) => s.scene);
  const intake = useView((s) => s.intake);
  const loaded = useServer((s) => s.loaded);
  return (
    <>
      {scene === 'incidents' ? (
        <IncidentsPage />
      ) : scene === 'patrol' ? (
        <PatrolPage />
      ) : scene === 'sensing' ? (
        <SensingPage />
      ) : (
        <WallPage />
      )}
      {loaded && intake && <IntakeSheet intake={intake} />}
    </>
  );
}
