import { type FormEvent, type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import type { Incident, IncidentStep } from '../../../model/incident.ts';
import { useText } from '../../design/use-text.ts';
import { FieldInput } from './field-input.tsx';
import { useForces } from './forces-context.ts';
import { type FormValues, filled, missing, stepFields } from './step-fields.ts';

/** The small form of one step, above the command bar. Enter sends it, Escape gives it up. */
export function StepFormBox(props: {
  incident: Incident;
  step: IncidentStep;
  initial?: FormValues;
  onSend: (step: IncidentStep, form: Record<string, unknown>) => void;
  onCancel: () => void;
}) {
  const { incident, step, initial, onSend, onCancel } = props;
  const { t } = useText();
  const forces = useForces();
  const sends = step === 'dispatch' || step === 'reinforce';
  const first = forces.first?.unit;
  const [values, setValues] = useState<FormValues>({
    ...(sends && forces.chosen ? { unit: forces.chosen.unit } : {}),
    ...(step === 'ask-extension' ? { more: { n: 1, unit: 'work-day' } } : {}),
    ...initial,
  });
  const [told, setTold] = useState<string | null>(null);
  const box = useRef<HTMLFormElement>(null);
  // before it is seen: a key pressed at once belongs to the form
  useLayoutEffect(() => box.current?.querySelector<HTMLElement>('input, select, textarea, button')?.focus(), []);

  const whole = sends && values.unit && first ? { ...values, suggested: first } : values;
  const otherThanFirst = sends && values.unit !== undefined && values.unit !== '' && first !== undefined && values.unit !== first;
  const submit = (e: FormEvent | KeyboardEvent) => {
    e.preventDefault();
    const gap = missing(step, whole);
    if (gap) {
      setTold(t('form.needed', { field: t(gap === 'reason' && otherThanFirst ? 'form.reasonOther' : `form.${gap}`) }));
      box.current?.querySelector<HTMLElement>(`[name="${gap}"]`)?.focus();
      return;
    }
    onSend(step, filled(whole));
  };
  const onKey = (e: KeyboardEvent) => {
    if (e.key === 'Enter' && e.target instanceof HTMLSelectElement) return submit(e); // browsers differ: some open the list instead
    if (e.key !== 'Escape') return;
    e.stopPropagation();
    onCancel();
  };
  return (
    <form ref={box} className="stepform" aria-label={t(`step.${step}`)} onSubmit={submit} onKeyDown={onKey}>
      <b className="sfh">{t(`step.${step}`)}</b>
      {stepFields[step]
        .filter((f) => !(f.name === 'reason' && sends && !otherThanFirst))
        .filter((f) => !(f.name === 'organ' && values.outcome !== 'referred'))
        .map((f) => (
          // biome-ignore lint/a11y/noLabelWithoutControl: FieldInput is the control
          <label key={f.name} className="field">
            <span>
              {t(
                f.name === 'reason' && otherThanFirst
                  ? 'form.reasonOther'
                  : step === 'dispatch' && f.name === 'department'
                    ? 'form.departmentOr'
                    : `form.${f.name}`,
              )}
              {!f.needed && !(f.name === 'reason' && otherThanFirst) && <em>{t('form.optional')}</em>}
            </span>
            <FieldInput
              incident={incident}
              step={step}
              field={f}
              value={values[f.name]}
              onChange={(v) => {
                setTold(null);
                setValues((before) => ({ ...before, [f.name]: v }));
              }}
            />
          </label>
        ))}
      <p className="why p2" role="alert">
        {told}
      </p>
      <div className="sfb">
        <button type="submit" className="primary">
          {t(`step.${step}`)} <kbd>Enter</kbd>
        </button>
        <button type="button" onClick={onCancel}>
          {t('form.cancel')} <kbd>Esc</kbd>
        </button>
      </div>
    </form>
  );
}
