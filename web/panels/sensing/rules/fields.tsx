import { createContext, type ReactNode, useContext, useId } from 'react';
import { useText } from '../../../design/use-text.ts';
import type { Wrong } from './draft.ts';

/** What the boxes of the form share: what is wrong where, and whether anything may be changed. */
export interface FormState {
  readonly wrong: ReadonlyMap<string, Wrong>;
  readonly locked: boolean;
}
export const FormContext = createContext<FormState>({ wrong: new Map(), locked: true });

export function useWrong(field: string): string | null {
  const { t } = useText();
  const wrong = useContext(FormContext).wrong.get(field);
  if (!wrong) return null;
  return t(`alarmRule.wrong.${wrong.key}`, { n: 'n' in wrong ? wrong.n : undefined, rule: 'rule' in wrong ? wrong.rule : undefined });
}

/** A box with its label, its unit and, below, what is wrong with it. `field`: dotted, as in the rule. */
export function Field(props: {
  field: string;
  label: string;
  unit?: string | undefined;
  hint?: string | undefined;
  wide?: boolean;
  children: (box: { id: string; disabled: boolean; 'aria-invalid': boolean; 'aria-describedby': string }) => ReactNode;
}) {
  const id = useId();
  const wrong = useWrong(props.field);
  const { locked } = useContext(FormContext);
  return (
    <div className={`ru-field ${props.wide ? 'ru-wide' : ''} ${wrong ? 'ru-bad' : ''}`} data-field={props.field}>
      <label htmlFor={id}>{props.label}</label>
      <span className="ru-box">
        {props.children({ id, disabled: locked, 'aria-invalid': wrong !== null, 'aria-describedby': `${id}-why` })}
        {props.unit && <span className="ru-unit">{props.unit}</span>}
      </span>
      <small id={`${id}-why`}>{wrong ?? props.hint}</small>
    </div>
  );
}

interface Boxed<T extends string> {
  readonly field: string;
  readonly label: string;
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly unit?: string | undefined;
  readonly hint?: string | undefined;
  readonly wide?: boolean;
}
export function TextField(
  props: Boxed<string> & { readonly figure?: boolean; readonly list?: string; readonly fixed?: boolean; readonly placeholder?: string },
) {
  return (
    <Field {...props}>
      {(box) => (
        <input
          {...box}
          disabled={box.disabled || props.fixed === true}
          className={props.figure ? 'fig ru-figure' : ''}
          inputMode={props.figure ? 'decimal' : undefined}
          list={props.list}
          placeholder={props.placeholder}
          value={props.value}
          onChange={(e) => props.onChange(e.target.value)}
        />
      )}
    </Field>
  );
}
export function SelectField<T extends string>(props: Boxed<T> & { readonly options: readonly (readonly [value: T, label: string])[] }) {
  return (
    <Field {...props}>
      {(box) => (
        <select {...box} value={props.value} onChange={(e) => props.onChange(e.target.value as T)}>
          {props.options.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
export function CheckField(props: { label: string; checked: boolean; onChange: (on: boolean) => void }) {
  const { locked } = useContext(FormContext);
  return (
    <label className="ru-check">
      <input type="checkbox" checked={props.checked} disabled={locked} onChange={(e) => props.onChange(e.target.checked)} />
      {props.label}
    </label>
  );
}
