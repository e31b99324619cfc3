import { type CSSProperties, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react';
import { type Incident, isOpen } from '../../model/incident.ts';
import { incidentOf } from '../../model/world.ts';
import { useApp, useServer } from '../app-context.ts';
import { useText } from '../design/use-text.ts';
import { NearCameras } from './dossier/cameras.tsx';
import { Clocks } from './dossier/clocks.tsx';
import { CommandBar, type Opened } from './dossier/command-bar.tsx';
import { Files, Viewer } from './dossier/files.tsx';
import { ForcesPanel } from './dossier/forces.tsx';
import { ForcesContext } from './dossier/forces-context.ts';
import { ForcesProvider } from './dossier/forces-provider.tsx';
import { Head } from './dossier/head.tsx';
import { Log } from './dossier/log.tsx';
import { Crew, Levels, Verdict } from './dossier/people.tsx';
import { Similar } from './dossier/similar.tsx';
import { Attention, Stepper } from './dossier/stepper.tsx';
import { useIncident } from './dossier/use-incident.ts';
import { usePrintTheme } from './dossier/use-print-theme.ts';
import { Whistles } from './dossier/whistles.tsx';
import { DutyBoard } from './duty-board.tsx';

/** 事件档案: what, where, how long still, what happened, who answers, and the next step. Ended ones of any age are shown as they ended. */
export function Dossier({ id }: { id: string }) {
  const { t } = useText();
  const { incident, missing } = useIncident(id);
  if (!incident)
    return (
      <Frame>
        <div className="empty">
          <p>{t(missing ? 'dossier.gone' : 'dossier.fetching')}</p>
          <Back />
        </div>
      </Frame>
    );
  return <WithForces incident={incident} />;
}

/** Where the page shows the forces in a place of their own, it has provided them; elsewhere they are part of the dossier. */
function WithForces({ incident }: { incident: Incident }) {
  const provided = useContext(ForcesContext);
  if (provided?.incident === incident.id) return <Known incident={incident} forces={null} />;
  return (
    <ForcesProvider incident={incident}>
      <Known incident={incident} forces={<ForcesPanel incident={incident} rows={5} />} />
    </ForcesProvider>
  );
}

function Known({ incident, forces }: { incident: Incident; forces: ReactNode }) {
  const { t } = useText();
  const world = useServer((s) => s.world);
  const held = incidentOf(world, incident.id) !== undefined;
  usePrintTheme();
  const [opened, setOpened] = useState<Opened>(null);
  const [shown, setShown] = useState<string | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another incident is another heading, and no form of the one before
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    setOpened(null);
    setShown(null);
  }, [incident.id]);
  const title = useCallback((id: string) => incidentOf(world, id)?.title ?? id, [world]);
  const file = incident.attachments.find((a) => a.hash === shown);
  return (
    <Frame priority={incident.priority}>
      <Head incident={incident} world={world} heading={heading} />
      <Stepper incident={incident} />
      <Attention incident={incident} title={title} />
      {!held && <p className="t3">{t('dossier.readOnly')}</p>}
      <Log incident={incident} onOpen={setShown} />
      <Whistles incident={incident} />
      {forces}
      <DutyBoard area={incident.area} category={incident.category} few={5} />
      <NearCameras at={incident.lngLat} account={held ? { incident: incident.id } : {}} />
      <Crew incident={incident} />
      <Clocks incident={incident} />
      <Levels incident={incident} />
      <Verdict incident={incident} />
      <Files incident={incident} onOpen={setShown} />
      {isOpen(incident) && (
        <Similar incident={incident} onMerge={(into) => setOpened({ kind: 'step', step: 'merge', initial: { into } })} />
      )}
      <CommandBar key={incident.id} incident={incident} opened={opened} onOpen={setOpened} />
      {file && <Viewer file={file} onClose={() => setShown(null)} />}
    </Frame>
  );
}

function Frame({ priority, children }: { priority?: number; children: ReactNode }) {
  const { t } = useText();
  const style = priority ? ({ '--pc': `var(--p${priority}-fill)`, '--pt': `var(--p${priority})` } as CSSProperties) : {};
  return (
    <aside className="right dossier" aria-label={t('dossier.label')} style={style}>
      {children}
    </aside>
  );
}

function Back() {
  const { t } = useText();
  const { view } = useApp();
  return (
    <button type="button" className="plain" onClick={() => view.setState({ selection: null })}>
      {t('dossier.back')}
    </button>
  );
}
