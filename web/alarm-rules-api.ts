import type { AlarmRule } from '../model/alarm-rule.ts';
import { get, post } from './http.ts';

/** What scene 感知 · 规则 asks the server. Moments are epoch ms. Throws `ApiError`. */
export interface RuleInfo {
  readonly rule: AlarmRule;
  readonly simple: boolean;
  readonly sensors: number;
  readonly standing: number;
  readonly setAt: number | null;
  readonly setBy: string | null;
  readonly trial: Trial | null;
}
export interface Trial {
  readonly from: number;
  readonly to: number;
  readonly raised: number;
}
/** What a rule would have done. `coveredFrom`: the history begins there. `rows` are the first 500. */
export interface TrialAnswer extends Trial {
  readonly coveredFrom: number | null;
  readonly sensors: number;
  readonly readings: number;
  readonly rows: readonly {
    readonly sensor: string;
    readonly raisedAt: number;
    readonly clearedAt: number | null;
    readonly peak: number;
  }[];
  readonly bySensor: readonly { readonly sensor: string; readonly raised: number }[];
}

export const fetchRules = (signal?: AbortSignal) => get<{ seq: number; rules: readonly RuleInfo[] }>('/api/v1/alarm-rules', {}, signal);
/** Over the last seven days. */
export const tryRule = (rule: AlarmRule) => post<TrialAnswer>('/api/v1/alarm-rules/try', { rule });
export const setRule = (rule: AlarmRule, trial: Trial | null) =>
  post<{ seq: number }>('/api/v1/alarm-rules', { rule, ...(trial ? { trial } : {}) });
