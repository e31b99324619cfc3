import { useCallback, useEffect, useRef, useState } from 'react';
import { type Incident, nextStep } from '../../model/incident.ts';
import { incidentOf } from '../../model/world.ts';
import { useApp, useServer } from '../app-context.ts';
import type { CommandAnswer } from '../commands.ts';
import { useText } from '../design/use-text.ts';
import { isCut } from '../store/server-store.ts';
import type { NearUnit } from './nearest.ts';

/** 撤销: how long a dispatch or a closing waits before it is sent, so that it can be taken back. P1 is dispatched at once. */
export const UNDO_S = 5;

type Stage = { kind: 'idle' } | { kind: 'pending'; left: number } | { kind: 'sending' } | { kind: 'failed'; answer: CommandAnswer };

/** The next step of an incident as one button. `N` takes it; `D` takes it where it is a dispatch. */
export function StepAction({ incident, unit }: { incident: Incident; unit: NearUnit | undefined }) {
  const { t } = useText();
  const { commands, server } = useApp();
  const cut = useServer(isCut);
  const step = nextStep(incident);
  const [stage, setStage] = useState<Stage>({ kind: 'idle' });
  const target = useRef(unit?.id);
  const waits = step === 'close' || (step === 'dispatch' && incident.priority !== 1);
  const label =
    step === null
      ? ''
      : step === 'dispatch'
        ? unit
          ? t('dossier.dispatchTo', { unit: unit.name })
          : t('dossier.dispatchNone')
        : t(`step.${step}`);
  const blocked = step === null || cut || (step === 'dispatch' && !unit) || stage.kind === 'sending';

  const send = useCallback(async () => {
    if (!step) return;
    setStage({ kind: 'sending' });
    const answer = await commands.step(incident.id, step, target.current && step === 'dispatch' ? { unit: target.current } : undefined);
    setStage(answer.ok ? { kind: 'sending' } : { kind: 'failed', answer });
  }, [commands, incident.id, step]);

  const press = useCallback(() => {
    if (blocked) return;
    if (stage.kind === 'pending') return;
    target.current = unit?.id;
    if (waits) setStage({ kind: 'pending', left: UNDO_S });
    else void send();
  }, [blocked, stage.kind, unit?.id, waits, send]);

  useEffect(() => {
    if (stage.kind !== 'pending') return;
    const timer = setTimeout(() => (stage.left > 1 ? setStage({ kind: 'pending', left: stage.left - 1 }) : void send()), 1000);
    return () => clearTimeout(timer);
  }, [stage, send]);

  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if (e.ctrlKey || e.metaKey || e.altKey || (e.target as HTMLElement | null)?.closest('input, textarea, [role="dialog"]')) return;
      const key = e.key.toLowerCase();
      if (key === 'n' || (key === 'd' && step === 'dispatch')) {
        e.preventDefault();
        press();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [press, step]);

  const why = () => {
    if (stage.kind !== 'failed' || stage.answer.ok) return null;
    const { status, rule } = stage.answer;
    if (status === 409) {
      const now = incidentOf(server.getState().world, incident.id)?.state ?? incident.state;
      return t('dossier.conflictNow', { state: t(`state.${now}`), what: rule });
    }
    return status === 403 ? t('dossier.forbidden', { rule }) : t('dossier.failed', { rule });
  };

  return (
    <div className="act">
      {step === null ? (
        <p className="t2">{t('state.closed')}</p>
      ) : stage.kind === 'pending' ? (
        <>
          <button type="button" className="primary" aria-disabled="true">
            {t('dossier.pending', { s: stage.left, action: label })}
          </button>
          {/* biome-ignore lint/a11y/noAutofocus: the way back must be under the key that was just pressed */}
          <button type="button" autoFocus onClick={() => setStage({ kind: 'idle' })}>
            {t('dossier.undo')} <kbd>Enter</kbd>
          </button>
        </>
      ) : (
        <button type="button" className="primary" aria-disabled={blocked} onClick={press}>
          {stage.kind === 'sending' ? t('dossier.sending') : cut && step === 'dispatch' ? t('dossier.cut') : label}{' '}
          <kbd>{step === 'dispatch' ? 'D' : 'N'}</kbd>
        </button>
      )}
      <p className="why p2" role="status">
        {why()}
      </p>
    </div>
  );
}
