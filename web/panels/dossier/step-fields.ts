import type { IncidentStep } from '../../../model/incident.ts';

/** What a field of a step's form is filled in with. */
export type FieldKind =
  | 'line'
  | 'unit'
  | 'department'
  | 'outcome'
  | 'organ'
  | 'yes-no'
  | 'satisfaction'
  | 'more'
  | 'when'
  | 'incident'
  | 'level';
export type FieldName =
  | 'note'
  | 'reason'
  | 'result'
  | 'answer'
  | 'unit'
  | 'department'
  | 'outcome'
  | 'organ'
  | 'kept'
  | 'solved'
  | 'satisfaction'
  | 'more'
  | 'reviewAt'
  | 'into'
  | 'level';
export interface Field {
  readonly name: FieldName;
  readonly kind: FieldKind;
  readonly needed: boolean;
}

const field = (name: FieldName, kind: FieldKind, needed: boolean): Field => ({ name, kind, needed });
const note = field('note', 'line', false);
const reason = field('reason', 'line', true);

/** The form of each step as the screen asks for it; what the server accepts is `stepForms` of the model, which a test holds this to. */
export const stepFields: Readonly<Record<IncidentStep, readonly Field[]>> = {
  file: [note],
  decline: [reason],
  dispatch: [field('unit', 'unit', false), field('department', 'department', false), field('reason', 'line', false), note],
  accept: [note],
  reject: [reason],
  arrive: [note],
  note: [field('note', 'line', true)],
  'ask-help': [field('note', 'line', true)],
  reinforce: [field('unit', 'unit', true), field('reason', 'line', false), note],
  join: [field('unit', 'unit', true), note],
  handle: [field('result', 'line', false), note],
  mediate: [field('note', 'line', true)],
  agree: [field('outcome', 'outcome', true), field('organ', 'organ', false), note],
  verify: [note],
  rework: [reason],
  revisit: [field('kept', 'yes-no', true), note],
  close: [field('answer', 'line', false), note],
  rate: [field('solved', 'yes-no', true), field('satisfaction', 'satisfaction', false), note],
  return: [reason],
  'ask-extension': [reason, field('more', 'more', true)],
  'grant-extension': [note],
  'deny-extension': [reason],
  suspend: [reason, field('reviewAt', 'when', true)],
  resume: [note],
  void: [reason],
  merge: [field('into', 'incident', true), field('reason', 'line', false)],
  reopen: [reason],
  escalate: [field('level', 'level', false), reason],
};

/** Steps that one key takes at once: nothing must be said. The others open their form first. */
export const isPlain = (step: IncidentStep) => step === 'dispatch' || stepFields[step].every((f) => !f.needed);

/** Values of a form as they are typed -> what is sent: empty ones left out. */
export type FormValues = Readonly<Record<string, unknown>>;
export const filled = (values: FormValues): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined && v !== '' && v !== null));

/** The first field that must be filled in and is not; null when the form is complete. */
export function missing(step: IncidentStep, values: FormValues): FieldName | null {
  const v = filled(values);
  const empty = (name: string) => v[name] === undefined || (typeof v[name] === 'string' && !/\S/.test(v[name]));
  const gap = stepFields[step].find((f) => f.needed && empty(f.name));
  if (gap) return gap.name;
  if (step === 'dispatch' && empty('unit') && empty('department')) return 'unit';
  if ((step === 'dispatch' || step === 'reinforce') && v.suggested && v.unit && v.unit !== v.suggested && empty('reason')) return 'reason';
  if (step === 'agree' && v.outcome === 'referred' && empty('organ')) return 'organ';
  return null;
}
