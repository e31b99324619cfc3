import { useCallback, useEffect, useRef, useState } from 'react';
import type { Incident, IncidentStep } from '../../../model/incident.ts';
import { incidentOf } from '../../../model/world.ts';
import { useApp } from '../../app-context.ts';
import type { CommandAnswer } from '../../commands.ts';
import { useText } from '../../design/use-text.ts';
import { actorName } from './log-text.ts';

/** 撤销: how long a dispatch, a reinforcement or a closing waits before it is sent, so that it can be taken back. P1 is sent to at once. */
export const UNDO_S = 5;

export type Form = Readonly<Record<string, unknown>>;
export type Stage =
  | { readonly kind: 'idle' }
  | { readonly kind: 'pending'; readonly left: number; readonly step: IncidentStep; readonly form: Form }
  | { readonly kind: 'sending' }
  | { readonly kind: 'failed'; readonly why: string };

const waits = (i: Incident, step: IncidentStep) => step === 'close' || ((step === 'dispatch' || step === 'reinforce') && i.priority !== 1);

/** Sends steps of one incident, with the moment to take back what needs it, and says what happened when one was refused. */
export function useSend(i: Incident) {
  const { commands, server } = useApp();
  const { t, at, language } = useText();
  const [stage, setStage] = useState<Stage>({ kind: 'idle' });
  const latest = useRef(i);
  latest.current = i;

  const why = useCallback(
    (answer: CommandAnswer & { ok: false }): string => {
      if (answer.status === 403) return t('dossier.forbidden', { rule: answer.rule });
      if (answer.status !== 409) return t('dossier.failed', { rule: answer.rule });
      const { world } = server.getState();
      const now = incidentOf(world, latest.current.id) ?? latest.current;
      const last = answer.last;
      const what = last
        ? t('dossier.lastStep', {
            at: at(last.at).hms,
            who: actorName({ world, t, language }, last.actor),
            step: t(`step.${last.step as IncidentStep}`, { defaultValue: last.step }),
          })
        : answer.rule;
      return t('dossier.conflictNow', { state: t(`state.${now.state}`), what });
    },
    [t, at, language, server],
  );
  const run = useCallback(
    async (command: () => Promise<CommandAnswer>) => {
      setStage({ kind: 'sending' });
      const answer = await command();
      setStage(answer.ok ? { kind: 'idle' } : { kind: 'failed', why: why(answer) });
      return answer.ok;
    },
    [why],
  );
  const take = useCallback(
    (step: IncidentStep, form: Form = {}) => {
      if (waits(latest.current, step)) setStage({ kind: 'pending', left: UNDO_S, step, form });
      else void run(() => commands.step(latest.current.id, step, form));
    },
    [commands, run],
  );
  useEffect(() => {
    if (stage.kind !== 'pending') return;
    const timer = setTimeout(() => {
      if (stage.left > 1) setStage({ ...stage, left: stage.left - 1 });
      else void run(() => commands.step(latest.current.id, stage.step, stage.form));
    }, 1000);
    return () => clearTimeout(timer);
  }, [stage, run, commands]);
  const reset = useCallback(() => setStage({ kind: 'idle' }), []);
  return { stage, take, run, reset };
}
