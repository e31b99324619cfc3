import type { Action } from './access.ts';
import type { AreaCode, EpochMs, LngLat } from './brand.ts';
import type { Priority } from './centre.ts';
import type { Clock, ClockName } from './clock.ts';
import type { AgreementOutcome, Organ, Satisfaction, WhistleGrounds, WhistleKind } from './incident-forms.ts';
import type { LimitUnit } from './worktime.ts';

/**
 * 案件状态: 已上报 立案 已派遣 已接单 已到场 已处置 已核查 结案; aside 挂账; ends 不予立案 作废 合并.
 * 处置 (handled, as the worker says) is a state; 解决 (solved, as the caller says) is a fact of its own: `verdict`.
 */
export const incidentStates = [
  'reported',
  'filed',
  'dispatched',
  'accepted',
  'arrived',
  'handled',
  'verified',
  'closed',
  'suspended',
  'declined',
  'void',
  'merged',
] as const;
export type IncidentState = (typeof incidentStates)[number];
/** States in which nobody works on it any more. `closed`, `declined` and `void` may be reopened. */
export const endStates: ReadonlySet<IncidentState> = new Set<IncidentState>(['closed', 'declined', 'void', 'merged']);

/** Who a report came from. `worker` is a grid worker's own report; `street-line` the local hotline (属地热线), `hotline` 12345. */
export const incidentSources = ['patrol', 'worker', 'resident', 'hotline', 'street-line', 'sensor', 'camera', 'operator', 'other'] as const;
export type IncidentSource = (typeof incidentSources)[number];

/** 步骤, each one row of `transitions`. */
export type IncidentStep =
  | 'file' // 立案; 登记 of a dispute
  | 'decline' // 不予立案
  | 'dispatch' // 派遣
  | 'accept' // 接单
  | 'reject' // 拒单
  | 'arrive' // 到场
  | 'note' // 现场记录
  | 'ask-help' // 请求支援
  | 'reinforce' // 增派力量
  | 'join' // 增援到场
  | 'handle' // 处置办结
  | 'mediate' // 调解
  | 'agree' // 调解结果
  | 'verify' // 核查通过
  | 'rework' // 返工
  | 'revisit' // 回访 of a dispute
  | 'close' // 结案
  | 'rate' // 评价
  | 'return' // 回退
  | 'ask-extension' // 申请延期
  | 'grant-extension'
  | 'deny-extension'
  | 'suspend' // 挂账
  | 'resume' // 恢复
  | 'void' // 作废
  | 'merge' // 合并
  | 'reopen' // 重开
  | 'escalate'; // 上报上级

export interface Transition {
  readonly step: IncidentStep;
  /** kind of the entry it becomes */
  readonly kind: `incident.${string}`;
  readonly from: readonly IncidentState[];
  /** null = the state stays */
  readonly to: IncidentState | null;
  /** the right an actor needs for it, on the incident's place */
  readonly right: Action;
  /** only for incidents of this flow; absent = any */
  readonly flow?: 'ordinary' | 'dispute';
}

const inHand = ['dispatched', 'accepted', 'arrived'] as const;
/** States in which somebody on the street has it. */
export const inHandStates: ReadonlySet<IncidentState> = new Set<IncidentState>(inHand);
const working = ['accepted', 'arrived'] as const;
const open = ['reported', 'filed', ...inHand, 'handled', 'verified', 'suspended'] as const;

/** The whole state machine. Anything that is not a row is refused with the rule named. What a step must bring is its form (incident-forms.ts). */
export const transitions: readonly Transition[] = [
  { step: 'file', kind: 'incident.filed', from: ['reported'], to: 'filed', right: 'file' },
  { step: 'decline', kind: 'incident.declined', from: ['reported'], to: 'declined', right: 'file' },
  { step: 'dispatch', kind: 'incident.dispatched', from: ['filed'], to: 'dispatched', right: 'dispatch' },
  { step: 'accept', kind: 'incident.accepted', from: ['dispatched'], to: 'accepted', right: 'work' },
  { step: 'reject', kind: 'incident.rejected', from: ['dispatched'], to: 'filed', right: 'work' },
  { step: 'arrive', kind: 'incident.arrived', from: ['dispatched', 'accepted'], to: 'arrived', right: 'work' },
  { step: 'note', kind: 'incident.noted', from: open, to: null, right: 'work' },
  { step: 'ask-help', kind: 'incident.help-asked', from: inHand, to: null, right: 'work' },
  { step: 'reinforce', kind: 'incident.reinforced', from: inHand, to: null, right: 'dispatch' },
  { step: 'join', kind: 'incident.joined', from: inHand, to: null, right: 'work' },
  { step: 'handle', kind: 'incident.handled', from: inHand, to: 'handled', right: 'work', flow: 'ordinary' },
  { step: 'mediate', kind: 'incident.mediated', from: inHand, to: 'arrived', right: 'work', flow: 'dispute' },
  { step: 'agree', kind: 'incident.agreed', from: working, to: 'handled', right: 'work', flow: 'dispute' },
  { step: 'verify', kind: 'incident.verified', from: ['handled'], to: 'verified', right: 'verify', flow: 'ordinary' },
  { step: 'revisit', kind: 'incident.revisited', from: ['handled'], to: 'verified', right: 'verify', flow: 'dispute' },
  { step: 'rework', kind: 'incident.reworked', from: ['handled', 'verified'], to: 'dispatched', right: 'verify' },
  { step: 'close', kind: 'incident.closed', from: ['verified'], to: 'closed', right: 'close' },
  { step: 'rate', kind: 'incident.rated', from: ['closed'], to: null, right: 'close' },
  { step: 'return', kind: 'incident.returned', from: inHand, to: 'filed', right: 'work' },
  { step: 'ask-extension', kind: 'incident.extension-asked', from: inHand, to: null, right: 'work' },
  { step: 'grant-extension', kind: 'incident.extension-granted', from: inHand, to: null, right: 'approve' },
  { step: 'deny-extension', kind: 'incident.extension-denied', from: inHand, to: null, right: 'approve' },
  { step: 'suspend', kind: 'incident.suspended', from: ['filed', ...inHand], to: 'suspended', right: 'suspend' },
  { step: 'resume', kind: 'incident.resumed', from: ['suspended'], to: 'filed', right: 'suspend' },
  { step: 'void', kind: 'incident.voided', from: ['reported', 'filed', ...inHand, 'suspended'], to: 'void', right: 'approve' },
  { step: 'merge', kind: 'incident.merged', from: ['reported', 'filed', 'dispatched'], to: 'merged', right: 'file' },
  { step: 'reopen', kind: 'incident.reopened', from: ['closed', 'declined', 'void'], to: 'filed', right: 'close' },
  { step: 'escalate', kind: 'incident.escalated', from: open, to: null, right: 'dispatch' },
];

export const transitionOf = (step: string): Transition | undefined => transitions.find((t) => t.step === step);
export const stepOfKind = (kind: string): IncidentStep | undefined => transitions.find((t) => t.kind === kind)?.step;

/** One step taken, in the order of the ledger. Notes and attachments are not kept here: the ledger has them. */
export interface IncidentMark {
  readonly step: IncidentStep | 'report';
  /** the state after it */
  readonly state: IncidentState;
  readonly at: EpochMs;
  readonly actor: string;
  readonly note?: string;
  readonly unit?: string;
  readonly department?: string;
}

/** 出动力量: one unit sent. */
export interface CrewMember {
  readonly unit: string;
  readonly lead: boolean;
  readonly sentAt: EpochMs;
  readonly acceptedAt: EpochMs | null;
  readonly arrivedAt: EpochMs | null;
}

/** 被吹哨部门: whether it answered (途中), reported in (报到), how often it was urged (催办). */
export interface WhistleCall {
  readonly department: string;
  readonly answeredAt: EpochMs | null;
  readonly arrivedAt: EpochMs | null;
  readonly urgedAt: readonly EpochMs[];
  readonly rating: 1 | 2 | 3 | 4 | 5 | null;
}
/** 吹哨: departments called to one incident, to report in by `due`. */
export interface Whistle {
  readonly no: number;
  readonly kind: WhistleKind;
  readonly grounds: WhistleGrounds;
  readonly text: string;
  readonly by: string;
  readonly at: EpochMs;
  readonly due: EpochMs;
  readonly calls: readonly WhistleCall[];
  readonly releasedAt: EpochMs | null;
}

export type AttachmentKind = 'photo' | 'audio' | 'pdf';
/** 附件. `hash` is the original's SHA-256; `shown` what is served in its place (a photo without its place and device data). */
export interface Attachment {
  readonly hash: string;
  readonly kind: AttachmentKind;
  readonly type: string;
  readonly bytes: number;
  readonly name: string;
  readonly shown: string;
  readonly thumb: string | null;
  readonly at: EpochMs;
  readonly actor: string;
}

/** 事件 */
export interface Incident {
  readonly id: string;
  /** running number of the centre's day, 1 … */
  readonly no: number;
  readonly title: string;
  readonly category: string;
  readonly flow: 'ordinary' | 'dispute';
  readonly priority: Priority;
  readonly source: IncidentSource;
  /** the channel within the source, e.g. 天府市民云 or a building's chat group; '' = the source itself */
  readonly channel: string;
  /** number of the ticket at the source; '' = none */
  readonly ref: string;
  /** vault id of the caller; null = not known */
  readonly reporter: string | null;
  /** when it happened, by the reporting device */
  readonly at: EpochMs;
  /** when the ledger took it in */
  readonly reportedAt: EpochMs;
  readonly lngLat: LngLat;
  /** leaf of the tree, or null where the point lies outside the street */
  readonly area: AreaCode | null;
  readonly state: IncidentState;
  readonly clocks: Readonly<Record<ClockName, Clock | null>>;
  /** end of the clock for handling; null = no limit */
  readonly deadline: EpochMs | null;
  /** since when that clock stands still (挂账, 延期 pending); null = it runs */
  readonly pausedAt: EpochMs | null;
  /** the unit that leads, of the latest dispatch */
  readonly unit: string | null;
  readonly crew: readonly CrewMember[];
  readonly department: string | null;
  readonly alarm: string | null;
  /** the reading that raised the alarm it is made of: value and limit in the unit of the sensor's kind, device time */
  readonly reading?: { readonly sensor: string; readonly value: number; readonly limit: number; readonly at: EpochMs };
  /** the permit it falls under (许可范围内): shown, and never a reason to refuse it; null = none */
  readonly permit: string | null;
  /** when it reached an end state */
  readonly closedAt: EpochMs | null;
  readonly marks: readonly IncidentMark[];
  readonly extension: { readonly reason: string; readonly n: number; readonly unit: LimitUnit; readonly askedAt: EpochMs } | null;
  readonly suspension: { readonly reason: string; readonly reviewAt: EpochMs } | null;
  /** the incident it was merged into */
  readonly into: string | null;
  /** incidents merged into it */
  readonly merged: readonly string[];
  readonly whistles: readonly Whistle[];
  /** levels of the tree that have answered for it, lowest first; the last one does now. `area` null = above the street. */
  readonly levels: readonly { readonly level: string; readonly area: AreaCode | null; readonly at: EpochMs }[];
  /** 75 % and end of a clock already told of: `handle warn`, `file due` … */
  readonly warned: readonly string[];
  readonly attachments: readonly Attachment[];
  readonly agreement: { readonly outcome: AgreementOutcome; readonly organ: Organ | null; readonly kept: boolean | null } | null;
  /** what the caller says: solved (解决), satisfied (满意); null = not asked yet */
  readonly verdict: { readonly solved: boolean; readonly satisfaction: Satisfaction | null; readonly at: EpochMs } | null;
  /** when the caller was told the result */
  readonly answeredAt: EpochMs | null;
  readonly helpAskedAt: EpochMs | null;
}

export const isOpen = (i: Pick<Incident, 'state'>) => !endStates.has(i.state);
/** The latest time a step was taken; undefined = never. */
export const lastMark = (i: Pick<Incident, 'marks'>, step: IncidentMark['step']) => i.marks.findLast((m) => m.step === step);
export const firstMark = (i: Pick<Incident, 'marks'>, step: IncidentMark['step']) => i.marks.find((m) => m.step === step);
/** When it was handled for good: the last handling that was not sent back. */
export const handledAt = (i: Pick<Incident, 'marks'>): EpochMs | null => {
  for (let k = i.marks.length - 1; k >= 0; k--) {
    const m = i.marks[k]!;
    if (m.step === 'handle' || m.step === 'agree') return m.at;
    if (m.step === 'rework' || m.step === 'reopen') return null;
  }
  return null;
};

/**
 * Milliseconds until the deadline; negative when overdue, null without a limit. A handled incident's clock stands still at its
 * handling, a paused one's where it was paused.
 */
export function remaining(i: Pick<Incident, 'deadline' | 'marks' | 'pausedAt' | 'closedAt'>, now: number): number | null {
  if (i.deadline === null) return null;
  return i.deadline - (handledAt(i) ?? i.pausedAt ?? i.closedAt ?? now);
}
/** Does its clock stand still, for now (paused) or for good (handled, ended)? */
export const hasStopped = (i: Pick<Incident, 'marks' | 'pausedAt' | 'closedAt'>) => (handledAt(i) ?? i.pausedAt ?? i.closedAt) !== null;
/** Handled and waiting for its end, to be verified or closed. */
export const awaitsEnd = (i: Pick<Incident, 'state'>) => i.state === 'handled' || i.state === 'verified';
/** 按期: handled (or ended) at or before the deadline; always so without a limit. An open one that is not late yet counts as in time. */
export const isOnTime = (i: Pick<Incident, 'deadline' | 'marks' | 'pausedAt' | 'closedAt'>, now: number = Number.POSITIVE_INFINITY) =>
  (remaining(i, now) ?? 0) >= 0;

/** The step that leads towards the end from here, and that an operator takes on one key; null when it ended. */
export function nextStep(i: Pick<Incident, 'state' | 'flow'>): IncidentStep | null {
  const dispute = i.flow === 'dispute';
  const next: Record<IncidentState, IncidentStep | null> = {
    reported: 'file',
    filed: 'dispatch',
    dispatched: 'accept',
    accepted: 'arrive',
    arrived: dispute ? 'agree' : 'handle',
    handled: dispute ? 'revisit' : 'verify',
    verified: 'close',
    suspended: 'resume',
    closed: null,
    declined: null,
    void: null,
    merged: null,
  };
  return next[i.state];
}

export type StepVerdict = { ok: true; to: IncidentState; row: Transition } | { ok: false; rule: string };

/** May this step be taken from where the incident stands? Its form and the actor's rights are judged elsewhere (incident-step.ts). */
export function checkStep(i: Pick<Incident, 'state' | 'flow' | 'extension'>, step: string): StepVerdict {
  const row = transitionOf(step);
  if (!row) return { ok: false, rule: `unknown step ${step}` };
  if (row.flow && row.flow !== i.flow) return { ok: false, rule: `${step} is a step of ${row.flow} incidents; this one is ${i.flow}` };
  if (!row.from.includes(i.state))
    return { ok: false, rule: `${step} is possible from ${row.from.join(', ')}; the incident is ${i.state}` };
  if (step === 'ask-extension' && i.extension) return { ok: false, rule: 'an extension is already asked for' };
  if ((step === 'grant-extension' || step === 'deny-extension') && !i.extension) return { ok: false, rule: 'no extension is asked for' };
  return { ok: true, to: row.to ?? i.state, row };
}
/** Is an extension waiting for its answer after this step, which leads to `to`? One that nobody works on waits for nothing. */
export const asksAfter = (i: Pick<Incident, 'extension'>, step: IncidentStep, to: IncidentState) =>
  inHandStates.has(to) && step !== 'grant-extension' && step !== 'deny-extension' && (step === 'ask-extension' || i.extension !== null);
/** Does the clock for handling stand still after this step? While 挂账, and while 延期 is pending. */
export const pausedAfter = (i: Pick<Incident, 'extension'>, step: IncidentStep, to: IncidentState) =>
  to === 'suspended' || asksAfter(i, step, to);
/** Every step possible from here, in the order of the table. */
export const possibleSteps = (i: Pick<Incident, 'state' | 'flow' | 'extension'>): IncidentStep[] =>
  transitions.filter((t) => checkStep(i, t.step).ok).map((t) => t.step);
