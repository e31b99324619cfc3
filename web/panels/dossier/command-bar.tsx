import { useCallback, useEffect, useRef, useState } from 'react';
import { type Incident, type IncidentStep, isOpen, nextStep } from '../../../model/incident.ts';
import { heldBy, useApp, useServer, useStop } from '../../app-context.ts';
import { useText } from '../../design/use-text.ts';
import { isCut } from '../../store/server-store.ts';
import { useForces } from './forces-context.ts';
import { useMay, useSteps } from './rights.ts';
import { type FormValues, isPlain } from './step-fields.ts';
import { StepFormBox } from './step-form.tsx';
import { useSend } from './use-send.ts';
import { WhistleFormBox } from './whistle-form.tsx';

/** What stands open above the bar. */
export type Opened =
  | { readonly kind: 'step'; readonly step: IncidentStep; readonly initial?: FormValues }
  | { readonly kind: 'whistle' }
  | { readonly kind: 'menu' }
  | null;

/** The step `N` takes: the one towards the end; after it the caller's verdict. */
const following = (i: Incident): IncidentStep | null => nextStep(i) ?? (i.state === 'closed' && !i.verdict ? 'rate' : null);

/**
 * Commands of one incident: the next step on one key (N; D where somebody is sent), a whistle (W), 挂账 (S), an extension (E), and
 * everything else that is possible (O). `opened` is kept by the dossier, so that a panel of it can open a form here.
 */
export function CommandBar({ incident: i, opened, onOpen }: { incident: Incident; opened: Opened; onOpen: (next: Opened) => void }) {
  const { t } = useText();
  const { view } = useApp();
  const cut = useServer(isCut);
  const stop = useStop();
  const held = heldBy(stop);
  const steps = useSteps(i);
  const forces = useForces();
  const whistles = useMay('whistle', i.area) && isOpen(i);
  const { stage, take, run, reset } = useSend(i);
  const { commands } = useApp();
  const next = following(i);
  const can = next !== null && steps.includes(next);
  const sendsUnit = next === 'dispatch' ? forces.chosen : undefined;
  const [waiting, setWaiting] = useState(false);
  const busy = stage.kind === 'sending' || stage.kind === 'pending';
  const blocked = !can || stop !== null || cut || busy || (next === 'dispatch' && !sendsUnit);

  const begin = useCallback(
    (step: IncidentStep, initial?: FormValues) => {
      if (busy || stop || cut || !steps.includes(step)) return;
      const chosen = forces.chosen;
      const first = forces.first;
      if (step === 'dispatch' || step === 'reinforce') {
        if (chosen && first && chosen.unit === first.unit && !initial) {
          onOpen(null);
          return take(step, { unit: chosen.unit, suggested: first.unit });
        }
        return onOpen({ kind: 'step', step, ...(initial ? { initial } : {}) });
      }
      if (isPlain(step) && step !== 'merge' && !initial) {
        onOpen(null);
        return take(step);
      }
      onOpen({ kind: 'step', step, ...(initial ? { initial } : {}) });
    },
    [busy, stop, cut, steps, forces.chosen, forces.first, take, onOpen],
  );

  const toggle = useCallback((what: 'whistle' | 'menu') => onOpen(opened?.kind === what ? null : { kind: what }), [opened, onOpen]);
  // one listener for the life of the bar: it takes whatever the latest rendering would do
  const keys = useRef<(e: KeyboardEvent) => void>(() => {});
  keys.current = (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
    if ((e.target as HTMLElement | null)?.closest('input, textarea, select, [role="dialog"]') || view.getState().sheet) return;
    const sending: IncidentStep = steps.includes('dispatch') ? 'dispatch' : 'reinforce';
    const act = {
      n: () => next && begin(next),
      d: () => begin(sending),
      s: () => begin('suspend'),
      e: () => begin(i.extension ? 'grant-extension' : 'ask-extension'),
      w: () => whistles && !stop && toggle('whistle'),
      o: () => !stop && toggle('menu'),
    }[e.key.toLowerCase()];
    if (!act) return;
    e.preventDefault();
    act();
  };
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => keys.current(e);
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  // what was sent shows as taken when the stream brings it; until then the button says so
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed incident is the answer
  useEffect(() => setWaiting(false), [i]);

  const reinforces = steps.includes('reinforce');
  const unit = forces.chosen?.name;
  const label = (step: IncidentStep) =>
    step === 'dispatch'
      ? unit
        ? t('dossier.dispatchTo', { unit })
        : t('dossier.dispatchNone')
      : step === 'reinforce' && unit
        ? t('dossier.reinforceWith', { unit })
        : t(`step.${step}`);
  const beside = (['ask-extension', 'grant-extension', 'suspend'] as const).filter((s) => steps.includes(s)).slice(0, reinforces ? 1 : 2);
  // the next step is on its own button; a dispatch can also go to somebody else, or to a department
  const rest = steps.filter((s) => (s !== next || s === 'dispatch') && !beside.some((b) => b === s));
  return (
    <div className="act">
      {!stop && opened?.kind === 'step' && (
        <StepFormBox
          key={opened.step}
          incident={i}
          step={opened.step}
          {...(opened.initial ? { initial: opened.initial } : {})}
          onCancel={() => onOpen(null)}
          onSend={(step, form) => {
            onOpen(null);
            take(step, form);
          }}
        />
      )}
      {!stop && opened?.kind === 'whistle' && (
        <WhistleFormBox
          incident={i}
          onCancel={() => onOpen(null)}
          onSend={(form) => {
            onOpen(null);
            setWaiting(true);
            void run(() => commands.whistle(i.id, form));
          }}
        />
      )}
      {!stop && opened?.kind === 'menu' && <StepMenu steps={rest} onPick={(s) => begin(s, {})} onClose={() => onOpen(null)} />}
      <p className="why p2" role="status">
        {stage.kind === 'failed' ? stage.why : ''}
      </p>
      {stage.kind === 'pending' ? (
        <div key="pending" className="row1">
          <button type="button" className="primary" aria-disabled="true">
            {t('dossier.pending', { s: stage.left, action: label(stage.step) })}
          </button>
          {/* biome-ignore lint/a11y/noAutofocus: the way back must be under the key that was just pressed */}
          <button type="button" autoFocus onClick={reset}>
            {t('dossier.undo')} <kbd>Enter</kbd>
          </button>
        </div>
      ) : (
        <div className="row1">
          <button type="button" className="primary" aria-disabled={blocked} {...held} onClick={() => next && begin(next)}>
            {stage.kind === 'sending' || waiting
              ? t('dossier.sending')
              : stop
                ? stop
                : cut
                  ? t('dossier.cut')
                  : next === null || !can
                    ? next === null
                      ? t(`state.${i.state}`)
                      : `${label(next)} · ${t('dossier.needsAuth')}`
                    : label(next)}{' '}
            {can && !stop && <kbd>{next === 'dispatch' ? 'D' : 'N'}</kbd>}
          </button>
          {reinforces && (
            <button type="button" aria-keyshortcuts="d" title={label('reinforce')} {...held} onClick={() => begin('reinforce')}>
              {t('step.reinforce')}
            </button>
          )}
          {whistles && (
            <button
              type="button"
              aria-keyshortcuts="w"
              aria-expanded={opened?.kind === 'whistle'}
              {...held}
              onClick={() => toggle('whistle')}
            >
              {t(i.whistles.length ? 'dossier.againWhistle' : 'dossier.whistle')}
            </button>
          )}
          {beside.map((s) => (
            <button key={s} type="button" aria-keyshortcuts={s === 'suspend' ? 's' : 'e'} {...held} onClick={() => begin(s)}>
              {t(`step.${s}`)}
            </button>
          ))}
          <button type="button" aria-keyshortcuts="o" aria-expanded={opened?.kind === 'menu'} {...held} onClick={() => toggle('menu')}>
            {t('dossier.more')}
          </button>
        </div>
      )}
    </div>
  );
}

/** 其他步骤: all that is possible now; arrow keys are the browser's own, Tab goes through it, Escape closes it. */
function StepMenu({
  steps,
  onPick,
  onClose,
}: {
  steps: readonly IncidentStep[];
  onPick: (step: IncidentStep) => void;
  onClose: () => void;
}) {
  const { t } = useText();
  return (
    <fieldset
      className="stepmenu"
      aria-label={t('dossier.moreTitle')}
      onKeyDown={(e) => {
        if (e.key !== 'Escape') return;
        e.stopPropagation();
        onClose();
      }}
    >
      {steps.length === 0 && <p className="t3">{t('dossier.noStep')}</p>}
      {steps.map((s, k) => (
        // biome-ignore lint/a11y/noAutofocus: opened by a key, gone through by keys
        <button key={s} type="button" autoFocus={k === 0} onClick={() => onPick(s)}>
          {t(`step.${s}`)}
        </button>
      ))}
      {/* biome-ignore lint/a11y/noAutofocus: the same, where no step is possible */}
      <button type="button" autoFocus={steps.length === 0} onClick={() => window.print()}>
        {t('dossier.print')}
      </button>
    </fieldset>
  );
}
