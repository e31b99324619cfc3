import type { AreaCode, Bilingual } from './brand.ts';
import type { Priority } from './centre.ts';

/**
 * 告警绩效 after ISA-18.2-2016 (clause 16, table "alarm performance metrics") and EEMUA 191 (3rd edition): how much one operator is asked
 * to bear, held against the recommended values. Only alarms that were put before the operator count (`announced` of model/alarm-fold):
 * none that were raised while shelved, suppressed or out of service. This file is the answer's form; model/alarm-performance.ts counts.
 */
export const PERIOD_MS = 10 * 60_000;
/** A period with more than this for each operator is too busy. */
export const BUSY_ABOVE = 10;
/** 陈旧: in alarm for longer, and shown all the while. */
export const STALE_MS = 24 * 3_600_000;
/** 抖动: this many changes of the condition (on or off) within a minute. */
export const CHATTER_CHANGES = 3;
export const CHATTER_MS = 60_000;
export const TOP_SOURCES = 10;

export const alarmFigureIds = [
  'per-10-min',
  'worst-10-min',
  'busy-periods',
  'flood-time',
  'per-day',
  'worst-day',
  'top-10-share',
  'chattering',
  'stale',
  'priority-high',
  'priority-medium',
  'priority-low',
  'ack-median',
  'ack-p90',
  'unacknowledged',
  'shelved',
  'out-of-service',
] as const;
export type AlarmFigureId = (typeof alarmFigureIds)[number];

/**
 * What a figure is held against. `at-most` and `below`: met up to (or under) `value`, near up to (or under) `limit` where there is one,
 * missed beyond. `about`: a share of a hundred that should lie near `value`; met within half of the smaller of it and its rest, near
 * within all of it.
 */
export interface AlarmTarget {
  readonly is: 'at-most' | 'below' | 'about';
  readonly value: number;
  readonly limit?: number;
  readonly source: Bilingual;
}
/** 达标 接近 未达标; null = no target, or nothing to judge by */
export type Verdict = 'met' | 'near' | 'missed';

/** The records behind a figure: a question to GET /api/v1/alarms/log, or the rows of this very report. */
export type AlarmFigureRecords =
  | { readonly kind: 'log'; readonly from: number; readonly to: number; readonly priority?: readonly Priority[] }
  | { readonly kind: 'alarms'; readonly of: 'top' | 'stale' | 'chattering' | 'unacknowledged' | 'shelved' | 'outOfService' }
  | { readonly kind: 'periods'; readonly of: 'busy' | 'floods' | 'days' };

export interface AlarmFigure {
  readonly id: AlarmFigureId;
  readonly name: Bilingual;
  /** null = nothing to count; never shown as 0 */
  readonly value: number | null;
  /** digits after the point that are worth showing */
  readonly digits: number;
  readonly unit: Bilingual;
  /** of how many it was counted: alarms, periods, acknowledgements … */
  readonly n: number;
  readonly of: Bilingual;
  readonly target: AlarmTarget | null;
  readonly verdict: Verdict | null;
  readonly direction: 'down' | 'none';
  readonly formula: Bilingual;
  readonly records: AlarmFigureRecords;
}

/** One alarm (a rule of a source) as a row of the report; its name is `alarmName` of model/alarm-rules. */
export interface AlarmSource {
  readonly alarm: string;
  readonly sensor: string;
  readonly rule: string;
  readonly priority: Priority;
  readonly area: AreaCode | null;
}
export interface TopSource extends AlarmSource {
  readonly announced: number;
  /** per cent of all announced */
  readonly share: number;
}
export interface StaleAlarm extends AlarmSource {
  /** in alarm since, epoch ms; stale from 24 h later */
  readonly since: number;
  /** when it stopped being stale; null = it still was at `to` */
  readonly until: number | null;
}
export interface ChatteringAlarm extends AlarmSource {
  /** spells of chattering: each ends when a minute holds fewer than three changes */
  readonly spells: number;
  /** changes within those spells */
  readonly changes: number;
  /** when the last of them happened */
  readonly lastAt: number;
}
export interface WaitingAlarm extends AlarmSource {
  /** put before the operator at, and not acknowledged by `to` */
  readonly since: number;
}
export interface HiddenAlarm extends AlarmSource {
  /** shelved or taken out of service at; null = before `from` */
  readonly since: number | null;
  /** back again at; null = not by `to` */
  readonly until: number | null;
  readonly reason: string;
  readonly by: string;
}
/** Consecutive ten minutes, aligned to the centre's clock. `counts` are alarms announced to all operators together. */
export interface AlarmPeriods {
  /** start of the first, epoch ms; may lie before `from`, which cuts it */
  readonly from: number;
  readonly stepMs: typeof PERIOD_MS;
  readonly counts: readonly number[];
  /** more than this in one is too busy: 10 for each operator */
  readonly busyAbove: number;
}
export interface AlarmDay {
  /** `2026-11-18`, in the centre's time */
  readonly day: string;
  readonly from: number;
  readonly announced: number;
  /** how many different alarms were stale at any moment of it */
  readonly stale: number;
}
export interface FloodSpell {
  /** may lie before the report's `from` */
  readonly from: number;
  /** null = it had not ended by the report's `to` */
  readonly until: number | null;
  /** announced within it, from `from` on */
  readonly announced: number;
  /** the most new alarms within any ten minutes of it */
  readonly peak: number;
}
export interface PriorityShare {
  readonly priority: Priority;
  readonly announced: number;
  /** per cent; null = none at all */
  readonly share: number | null;
}

/** GET /api/v1/alarms/report?from&to */
export interface AlarmReport {
  readonly from: number;
  /** exclusive; never later than the moment of asking */
  readonly to: number;
  /** the ledger entry up to which it was counted, and when it was asked */
  readonly seq: number;
  readonly at: number;
  readonly operators: number;
  readonly announced: number;
  readonly figures: readonly AlarmFigure[];
  readonly periods: AlarmPeriods;
  readonly days: readonly AlarmDay[];
  readonly floods: readonly FloodSpell[];
  readonly priorities: readonly PriorityShare[];
  /** at most ten, the most frequent first */
  readonly top: readonly TopSource[];
  /** oldest first */
  readonly stale: readonly StaleAlarm[];
  /** most changes first */
  readonly chattering: readonly ChatteringAlarm[];
  /** longest waiting first; at most 200 */
  readonly unacknowledged: readonly WaitingAlarm[];
  readonly shelved: readonly HiddenAlarm[];
  readonly outOfService: readonly HiddenAlarm[];
}
