import type { IncidentState } from './incident.ts';
import type { IncidentFacts } from './incident-facts.ts';

/** `repeatOf` is the one fact that needs other incidents: the earlier report this one repeats; see `repeats` in incident-kpi.ts. */
export type CountedFacts = IncidentFacts & { readonly repeatOf: string | null };
type Field<T> = { [K in keyof CountedFacts]: CountedFacts[K] extends T ? K : never }[keyof CountedFacts];
export type TimeField = Field<number | null>;
export type AnyField = keyof CountedFacts;

/**
 * A condition on the facts of an incident, as data: judged here by `holds`, and turned into SQL by the store, so that what is counted
 * and what is listed follow from one definition. A comparison with something that has not happened does not hold.
 */
export type Test =
  | { readonly all: readonly Test[] }
  | { readonly any: readonly Test[] }
  | { readonly not: Test }
  | { readonly known: AnyField }
  | { readonly field: AnyField; readonly in: readonly (string | boolean)[] }
  | { readonly field: TimeField; readonly over: number }
  /** earlier than `than`, or at the same moment where `orAt` */
  | { readonly field: TimeField; readonly before: TimeField | 'now'; readonly orAt?: true };

const known = (field: AnyField): Test => ({ known: field });
const is = (field: AnyField, ...values: (string | boolean)[]): Test => ({ field, in: values });
const inState = (...states: IncidentState[]): Test => ({ field: 'state', in: states });
const all = (...list: Test[]): Test => ({ all: list });
const any = (...list: Test[]): Test => ({ any: list });
const not = (test: Test): Test => ({ not: test });

const ended = known('endedAt');
const filed = known('filedAt');
/** 超期: the clock for handling has passed its end, whether it runs or stands still */
const late = any({ field: 'deadline', before: 'clockStop' }, all(not(known('clockStop')), { field: 'deadline', before: 'now' }));
const closed = inState('closed');
/** 应结案: filed and neither voided, merged nor declined, and closed or with its time for handling run out (it does not while paused) */
const toClose = all(
  filed,
  not(inState('void', 'merged', 'declined')),
  any(closed, { field: 'deadline', before: 'pausedAt' }, all(not(known('pausedAt')), { field: 'deadline', before: 'now', orAt: true })),
);
const toDispatch = all(filed, not(all(not(known('dispatchedAt')), inState('void', 'merged', 'declined'))));

/** 口径: every set of incidents that an indicator counts or a list can be narrowed to, by name. */
export const incidentSets = {
  reported: all(),
  open: not(ended),
  overdue: late,
  'overdue-open': all(not(ended), late),
  'to-file': not(all(not(filed), inState('merged'))),
  filed,
  declined: inState('declined'),
  'filed-in-time': all(filed, any(not(known('fileDue')), { field: 'filedAt', before: 'fileDue', orAt: true })),
  'filed-rightly': all(filed, not(inState('void'))),
  'to-dispatch': toDispatch,
  dispatched: known('dispatchedAt'),
  'dispatched-in-time': all(
    known('dispatchedAt'),
    any(not(known('dispatchDue')), { field: 'dispatchedAt', before: 'dispatchDue', orAt: true }),
  ),
  responded: known('respondedAt'),
  handled: known('handledAt'),
  'handled-once': known('firstHandledAt'),
  'to-close': toClose,
  closed: all(toClose, closed),
  'closed-in-time': all(toClose, closed, not(late)),
  reworked: { field: 'reworks', over: 0 },
  returned: { field: 'returns', over: 0 },
  extended: { field: 'extensions', over: 0 },
  escalated: { field: 'escalations', over: 0 },
  suspended: inState('suspended'),
  asked: known('solved'),
  solved: is('solved', true),
  said: known('satisfaction'),
  satisfied: is('satisfaction', 'satisfied'),
  traceable: is('traceable', true),
  repeated: all(is('traceable', true), known('repeatOf')),
  concluded: known('agreement'),
  agreed: is('agreement', 'agreed'),
  revisited: known('kept'),
  kept: is('kept', true),
  whistled: { field: 'calls', over: 0 },
  'whistle-answered': { field: 'callsAnswered', over: 0 },
  'whistle-arrived': { field: 'callsArrived', over: 0 },
  'whistle-in-time': all({ field: 'calls', over: 0 }, not({ field: 'callsInTime', before: 'calls' })),
  traced: all(toClose, closed, is('traced', true)),
} as const satisfies Record<string, Test>;
export type IncidentSet = keyof typeof incidentSets;
export const incidentSetNames = Object.keys(incidentSets) as [IncidentSet, ...IncidentSet[]];

/** Whether a condition holds at `now` (epoch ms). */
export function holds(test: Test, f: CountedFacts, now: number): boolean {
  if ('all' in test) return test.all.every((t) => holds(t, f, now));
  if ('any' in test) return test.any.some((t) => holds(t, f, now));
  if ('not' in test) return !holds(test.not, f, now);
  if ('known' in test) return f[test.known] !== null;
  if ('in' in test) return test.in.includes(f[test.field] as string | boolean);
  const value = f[test.field] as number | null;
  if (value === null) return false;
  if ('over' in test) return value > test.over;
  const limit = test.before === 'now' ? now : (f[test.before] as number | null);
  return limit !== null && (test.orAt ? value <= limit : value < limit);
}
export const inSet = (set: IncidentSet, f: CountedFacts, now: number) => holds(incidentSets[set], f, now);
