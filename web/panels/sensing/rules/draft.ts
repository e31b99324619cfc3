import type { z } from 'zod';
import {
  type AlarmRule,
  type AlarmTest,
  type Consequence,
  type Override,
  type ValueTest,
  zAlarmRule,
} from '../../../../model/alarm-rule.ts';
import { type RuleMistake, ruleMistake } from '../../../../model/alarm-rule-check.ts';
import type { Priority, SensorKind } from '../../../../model/centre.ts';
import { canonicalJson } from '../../../../model/ledger.ts';
import type { World } from '../../../../model/world.ts';

/** A rule as it is being written: figures are the text in their boxes, `''` = not given. */
export interface ValueDraft {
  readonly is: ValueTest['is'];
  readonly limit: string;
  readonly deadband: string;
  readonly values: readonly number[];
}
export interface SpanDraft {
  readonly days: readonly number[];
  readonly from: string;
  readonly to: string;
}
export interface OverrideDraft {
  /** what it is about: one device, or a place and everything below it */
  readonly of: 'sensor' | 'area';
  readonly id: string;
  readonly limit: string;
  readonly deadband: string;
  readonly onDelayS: string;
  readonly offDelayS: string;
  readonly priority: '' | Priority;
  readonly hours: readonly SpanDraft[] | null;
  /** '' = as the rule says */
  readonly enabled: '' | 'on' | 'off';
}
export interface Draft extends ValueDraft {
  readonly kind: string;
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly test: AlarmTest['is'];
  readonly windowS: string;
  readonly direction: 'rising' | 'falling' | 'either';
  readonly intervals: string;
  readonly otherKind: string;
  readonly there: ValueDraft;
  readonly onDelayS: string;
  readonly offDelayS: string;
  readonly consequence: '' | Consequence;
  readonly respondMinutes: string;
  readonly priority: '' | Priority;
  readonly latch: boolean;
  readonly reAlarmMinutes: string;
  readonly shelveMaxMinutes: string;
  readonly suppressedWhile: string;
  readonly incident: string;
  readonly hours: readonly SpanDraft[];
  readonly enabled: boolean;
  readonly overrides: readonly OverrideDraft[];
}

const noValue: ValueDraft = { is: 'high', limit: '', deadband: '0', values: [] };
const text = (n: number | null | undefined) => (n === null || n === undefined ? '' : String(n));
const valueDraft = (t: ValueTest): ValueDraft =>
  t.is === 'state'
    ? { ...noValue, is: 'state', values: t.values }
    : { is: t.is, limit: text(t.limit), deadband: text(t.deadband), values: [] };

/** The rule in the boxes of the form. */
export function draftOf(rule: AlarmRule): Draft {
  const { test } = rule;
  const value = test.is === 'both' ? valueDraft(test.here) : test.is === 'rate' || test.is === 'no-data' ? noValue : valueDraft(test);
  return {
    ...value,
    kind: rule.kind,
    code: rule.code,
    zh: rule.name.zh,
    en: rule.name.en,
    test: test.is,
    ...(test.is === 'rate' ? { limit: text(test.limit) } : {}),
    windowS: test.is === 'rate' ? text(test.windowS) : '300',
    direction: test.is === 'rate' ? test.direction : 'rising',
    intervals: test.is === 'no-data' ? text(test.intervals) : '5',
    otherKind: test.is === 'both' ? test.kind : '',
    there: test.is === 'both' ? valueDraft(test.there) : noValue,
    onDelayS: text(rule.onDelayS),
    offDelayS: text(rule.offDelayS),
    consequence: rule.consequence ?? '',
    respondMinutes: text(rule.respondMinutes),
    priority: rule.priority ?? '',
    latch: rule.latch,
    reAlarmMinutes: text(rule.reAlarmMinutes),
    shelveMaxMinutes: text(rule.shelveMaxMinutes),
    suppressedWhile: rule.suppressedWhile ?? '',
    incident: rule.incident ?? '',
    hours: rule.hours,
    enabled: rule.enabled,
    overrides: rule.overrides.map((o) => ({
      of: o.sensor === undefined ? 'area' : 'sensor',
      id: o.sensor ?? o.area ?? '',
      limit: text(o.limit),
      deadband: text(o.deadband),
      onDelayS: text(o.onDelayS),
      offDelayS: text(o.offDelayS),
      priority: o.priority ?? '',
      hours: o.hours ?? null,
      enabled: o.enabled === undefined ? '' : o.enabled ? 'on' : 'off',
    })),
  };
}

/** A rule that does not exist yet, with the first usual code that is free. */
export function newDraft(kind: SensorKind, taken: ReadonlySet<string>): Draft {
  const test: AlarmTest['is'] = kind.states ? 'state' : 'high';
  const usual = kind.states ? ['state'] : ['high', 'high-high', 'low', 'low-low'];
  const code = [...usual, 'no-data', 'rate'].find((c) => !taken.has(c)) ?? '';
  const is = code.startsWith('low') ? 'low' : code === 'no-data' || code === 'rate' ? code : test;
  return {
    ...noValue,
    is: is === 'low' ? 'low' : kind.states ? 'state' : 'high',
    kind: kind.code,
    code,
    zh: '',
    en: '',
    test: is,
    windowS: '300',
    direction: 'rising',
    intervals: '5',
    otherKind: '',
    there: noValue,
    onDelayS: '0',
    offDelayS: '0',
    consequence: '',
    respondMinutes: '',
    priority: '',
    latch: false,
    reAlarmMinutes: '',
    shelveMaxMinutes: '480',
    suppressedWhile: '',
    incident: '',
    hours: [],
    enabled: true,
    overrides: [],
  };
}

/** What is typed as a number; anything else stays text and is refused by the form. */
const number = (s: string): number | string | undefined => {
  const trimmed = s.trim();
  if (trimmed === '') return undefined;
  const n = Number(trimmed.replace('\u2212', '-'));
  return Number.isFinite(n) ? n : trimmed;
};
const orUndefined = <T extends string | number>(v: '' | T): T | undefined => (v === '' ? undefined : v);
const valueTestOf = (d: ValueDraft) =>
  d.is === 'state' ? { is: d.is, values: d.values } : { is: d.is, limit: number(d.limit), deadband: number(d.deadband) };

function testOf(d: Draft) {
  switch (d.test) {
    case 'rate':
      return { is: 'rate', limit: number(d.limit), windowS: number(d.windowS), direction: d.direction };
    case 'no-data':
      return { is: 'no-data', intervals: number(d.intervals) };
    case 'both':
      return { is: 'both', here: valueTestOf(d), kind: d.otherKind, there: valueTestOf(d.there) };
    default:
      return valueTestOf({ ...d, is: d.test });
  }
}
function overrideOf(o: OverrideDraft, test: AlarmTest['is']): Record<keyof Override, unknown> {
  const limits = test === 'high' || test === 'low';
  return {
    sensor: o.of === 'sensor' ? o.id : undefined,
    area: o.of === 'area' ? o.id : undefined,
    limit: limits || test === 'rate' ? number(o.limit) : undefined,
    deadband: limits ? number(o.deadband) : undefined,
    onDelayS: number(o.onDelayS),
    offDelayS: number(o.offDelayS),
    priority: orUndefined(o.priority),
    hours: o.hours ?? undefined,
    enabled: o.enabled === '' ? undefined : o.enabled === 'on',
  };
}

/** What a box breaks: a rule of the form by its key, or the sentence of the rules themselves. */
export type Wrong =
  | { readonly key: 'needed' | 'number' | 'choose' | 'format' | 'priority' }
  | { readonly key: 'atLeast' | 'atMost' | 'above'; readonly n: number }
  | { readonly key: 'rule'; readonly rule: string };
/** The rule the boxes say, or what is wrong with them, by the field of the rule: `test.limit`, `overrides.2.sensor`. */
export type Written =
  | { readonly rule: AlarmRule; readonly wrong: null }
  | { readonly rule: null; readonly wrong: ReadonlyMap<string, Wrong> };

function wrongOf(issue: z.core.$ZodIssue): Wrong {
  switch (issue.code) {
    case 'invalid_type':
      return { key: issue.expected === 'number' && !issue.message.endsWith('undefined') ? 'number' : 'needed' };
    case 'too_small':
      if (issue.origin === 'string') return { key: 'needed' };
      if (issue.origin === 'array') return { key: 'choose' };
      return { key: issue.inclusive === false ? 'above' : 'atLeast', n: Number(issue.minimum) };
    case 'too_big':
      return { key: 'atMost', n: Number(issue.maximum) };
    case 'invalid_format':
      return { key: issue.path.at(-1) === 'sensor' ? 'needed' : 'format' };
    case 'custom':
      return issue.path[0] === 'priority' ? { key: 'priority' } : { key: 'rule', rule: issue.message };
    default:
      return { key: 'rule', rule: issue.message };
  }
}

export function written(d: Draft, world: Pick<World, 'centre' | 'rules' | 'sensors' | 'units' | 'areas'>): Written {
  const read = zAlarmRule.safeParse({
    kind: d.kind,
    code: d.code,
    name: { zh: d.zh.trim(), en: d.en.trim() },
    test: testOf(d),
    onDelayS: number(d.onDelayS),
    offDelayS: number(d.offDelayS),
    consequence: orUndefined(d.consequence),
    respondMinutes: number(d.respondMinutes),
    priority: orUndefined(d.priority),
    latch: d.latch,
    reAlarmMinutes: number(d.reAlarmMinutes) ?? null,
    shelveMaxMinutes: number(d.shelveMaxMinutes),
    suppressedWhile: d.suppressedWhile || null,
    incident: d.incident || null,
    hours: d.hours,
    enabled: d.enabled,
    overrides: d.overrides.map((o) => overrideOf(o, d.test)),
  });
  if (!read.success) {
    const wrong = new Map<string, Wrong>();
    for (const issue of read.error.issues) {
      const field = issue.path.join('.');
      if (!wrong.has(field)) wrong.set(field, wrongOf(issue));
    }
    return { rule: null, wrong };
  }
  const broken: RuleMistake | null = ruleMistake(world, read.data);
  return broken ? { rule: null, wrong: new Map([[broken.field, { key: 'rule', rule: broken.rule }]]) } : { rule: read.data, wrong: null };
}

export const sameRule = (a: AlarmRule | undefined, b: AlarmRule) => a !== undefined && canonicalJson(a) === canonicalJson(b);
/** Equal for two rules that raise the same alarms at the same readings once they are on: what a trial holds for. */
export const trialKey = ({ name: _, enabled: __, incident: ___, reAlarmMinutes: ____, shelveMaxMinutes: _____, ...rest }: AlarmRule) =>
  canonicalJson(rest);

/** What must be done before it can be saved; null = nothing. A trial is asked for where a rule that is on would raise other alarms than before. */
export type Missing = 'wrong' | 'unchanged' | 'trial' | null;
export function missing(w: Written, before: AlarmRule | undefined, triedKey: string | null): Missing {
  if (!w.rule) return 'wrong';
  if (sameRule(before, w.rule)) return 'unchanged';
  const key = trialKey(w.rule);
  const raisesAsBefore = !w.rule.enabled || (before?.enabled === true && trialKey(before) === key);
  return raisesAsBefore || key === triedKey ? null : 'trial';
}
