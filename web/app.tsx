import { useMemo } from 'react';
import { useStore } from 'zustand';
import { AppContext, type AppParts, useServer, useView } from './app-context.ts';
import { IncidentsPage } from './pages/incidents/incidents-page.tsx';
import { PatrolPage } from './pages/patrol/patrol-page.tsx';
import { SensingPage } from './pages/sensing/sensing-page.tsx';
import { WallPage } from './pages/wall/wall-page.tsx';
import { LiveProvider } from './panels/camera/live.tsx';
import { IntakeSheet } from './panels/incidents/intake-sheet.tsx';
import { ReplayFrame } from './panels/time/replay-frame.tsx';

/**
 * One application with one socket: `/wall` is scene 态势, `/incidents` scene 事件, `/patrol` scene 巡防, `/sensing` scene 感知; an incident can be reported from each.
 * While a moment of the past is shown, all of it reads from the player's stores; the live ones go on and are back at once.
 */
export function App({ parts }: { parts: AppParts }) {
  const { replay, live } = parts;
  const past = useStore(replay.state, (s) => s.on);
  const shown = useMemo(() => ({ ...parts, ...(past ? replay.parts : live) }), [parts, replay, live, past]);
  return (
    <AppContext.Provider value={shown}>
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
  const past = useServer((s) => s.past);
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
      <ReplayFrame />
      {loaded && intake && !past && <IntakeSheet intake={intake} />}
    </>
  );
}
