import type { AreaCode, EpochMs, LngLat } from './brand.ts';
import type { Priority } from './centre.ts';

/** 案件状态 in its simplest form; later steps (回退 延期 挂账 返工 …) become further rows of `transitions`. */
export type IncidentState = 'reported' | 'filed' | 'dispatched' | 'handled' | 'verified' | 'closed';
/** 立案 · 派遣 · 处置办结 · 核查 · 结案 */
export type IncidentStep = 'file' | 'dispatch' | 'handle' | 'verify' | 'close';

/** Who a report came from. */
export const incidentSources = ['patrol', 'resident', 'hotline', 'sensor', 'camera', 'operator', 'other'] as const;
export type IncidentSource = (typeof incidentSources)[number];

export interface IncidentMark {
  readonly state: IncidentState;
  readonly at: EpochMs;
  readonly actor: string;
  readonly note?: string;
}

/** 事件 */
export interface Incident {
  readonly id: string;
  /** running number of the centre's day, 1 … */
  readonly no: number;
  readonly title: string;
  readonly category: string;
  readonly priority: Priority;
  readonly source: IncidentSource;
  /** when it happened, by the reporting device */
  readonly at: EpochMs;
  /** when the ledger took it in */
  readonly reportedAt: EpochMs;
  readonly deadline: EpochMs;
  readonly lngLat: LngLat;
  /** leaf of the tree, or null where the point lies outside the street */
  readonly area: AreaCode | null;
  readonly state: IncidentState;
  readonly unit: string | null;
  readonly alarm: string | null;
  readonly closedAt: EpochMs | null;
  readonly marks: readonly IncidentMark[];
}

interface Transition {
  readonly step: IncidentStep;
  readonly from: IncidentState;
  readonly to: IncidentState;
  readonly needs?: 'unit';
}

/** The whole state machine. Anything that is not a row is refused with the rule named. */
export const transitions: readonly Transition[] = [
  { step: 'file', from: 'reported', to: 'filed' },
  { step: 'dispatch', from: 'filed', to: 'dispatched', needs: 'unit' },
  { step: 'handle', from: 'dispatched', to: 'handled' },
  { step: 'verify', from: 'handled', to: 'verified' },
  { step: 'close', from: 'verified', to: 'closed' },
];

export const nextStep = (state: IncidentState): IncidentStep | null => transitions.find((t) => t.from === state)?.step ?? null;

export type StepVerdict = { ok: true; to: IncidentState } | { ok: false; rule: string };

/** May this step be taken from this state? `unit` is the dispatched unit's id where the step needs one. */
export function checkStep(state: IncidentState, step: IncidentStep, unit?: string): StepVerdict {
  const row = transitions.find((t) => t.step === step);
  if (!row) return { ok: false, rule: `unknown step ${step}` };
  if (row.from !== state) return { ok: false, rule: `${step} is possible from ${row.from}; the incident is ${state}` };
  if (row.needs === 'unit' && !unit) return { ok: false, rule: `${step} needs a unit` };
  return { ok: true, to: row.to };
}

export const isOpen = (i: Incident) => i.state !== 'closed';
/** Milliseconds until the deadline; negative when overdue. A handled incident's clock stands still at its handling. */
export function remaining(i: Incident, now: number): number {
  const handled = i.marks.find((m) => m.state === 'handled');
  return i.deadline - (handled ? handled.at : now);
}
export const isOnTime = (i: Incident) => {
  const done = i.marks.find((m) => m.state === 'handled') ?? i.marks.find((m) => m.state === 'closed');
  return done !== undefined && done.at <= i.deadline;
};
