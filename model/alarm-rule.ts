import { z } from 'zod';
import { zAreaCode } from './area.ts';
import { type Priority, zPriority, zText } from './centre.ts';
import { zId } from './fields.ts';
import { zHours } from './hours.ts';

/** What one value alone can say. A limit raises at or beyond it and clears when the value has come back by more than the deadband. */
export const zValueTest = z.discriminatedUnion('is', [
  z.object({ is: z.literal('high'), limit: z.number(), deadband: z.number().min(0).default(0) }),
  z.object({ is: z.literal('low'), limit: z.number(), deadband: z.number().min(0).default(0) }),
  /** the value is one of these: states of a contact, a button, a lift */
  z.object({ is: z.literal('state'), values: z.array(z.number()).min(1).max(50) }),
]);
export type ValueTest = z.output<typeof zValueTest>;

export const zAlarmTest = z.discriminatedUnion('is', [
  ...zValueTest.options,
  /** 变化率: units per minute between now and the oldest reading within the window */
  z.object({
    is: z.literal('rate'),
    limit: z.number().positive(),
    windowS: z.number().min(10).max(3600).default(300),
    direction: z.enum(['rising', 'falling', 'either']).default('rising'),
  }),
  /** 无数据: silent for so many times its own median interval */
  z.object({ is: z.literal('no-data'), intervals: z.number().min(2).max(1000).default(5) }),
  /** 组合: this sensor and another of the same device, both at once */
  z.object({ is: z.literal('both'), here: zValueTest, kind: z.string().max(40), there: zValueTest }),
]);
export type AlarmTest = z.output<typeof zAlarmTest>;

export const consequences = ['minor', 'major', 'severe'] as const;
/** 后果 × 允许处置时间, as an ISA-18.2 rationalisation sets priorities. */
export type Consequence = (typeof consequences)[number];
/** @param respondMinutes time an operator has before the consequence can no longer be averted */
export function priorityOf(consequence: Consequence, respondMinutes: number): Priority {
  const column = respondMinutes <= 5 ? 0 : respondMinutes <= 30 ? 1 : 2;
  const table: Record<Consequence, readonly [Priority, Priority, Priority]> = { severe: [1, 1, 2], major: [1, 2, 3], minor: [2, 3, 4] };
  return table[consequence][column];
}

const delay = z.number().min(0).max(86_400);
/** What a device or an area has otherwise than its kind; absent = as the rule says. `area` covers everything below it. */
export const zOverride = z
  .object({
    sensor: zId.optional(),
    area: zAreaCode.optional(),
    limit: z.number().optional(),
    deadband: z.number().min(0).optional(),
    onDelayS: delay.optional(),
    offDelayS: delay.optional(),
    priority: zPriority.optional(),
    hours: zHours.optional(),
    enabled: z.boolean().optional(),
  })
  .refine((o) => (o.sensor === undefined) !== (o.area === undefined), { error: 'either a sensor or an area', path: ['sensor'] });
export type Override = z.output<typeof zOverride>;

export const SHELVE_MAX_MINUTES = 8 * 60;

/** 告警规则 of one kind of sensor. `code` is unique among those of its kind; with the sensor's id it names the alarm. */
export const zAlarmRule = z
  .object({
    kind: z.string().regex(/^[a-z0-9-]{1,40}$/),
    code: z.string().regex(/^[a-z0-9-]{1,24}$/, '1-24 of a-z, 0-9 or -'),
    /** what an alarm of it is called, e.g. 可燃气体超限 */
    name: zText,
    test: zAlarmTest,
    onDelayS: delay.default(0),
    offDelayS: delay.default(0),
    consequence: z.enum(consequences).optional(),
    respondMinutes: z.number().positive().max(10_000).optional(),
    /** instead of the one that consequence and time to respond give */
    priority: zPriority.optional(),
    /** 锁存: stays until it is reset, also after the value has come back */
    latch: z.boolean().default(false),
    /** minutes after which an acknowledged alarm that is still active asks again; null = never */
    reAlarmMinutes: z.number().min(1).max(10_080).nullable().default(null),
    shelveMaxMinutes: z.number().min(1).max(10_080).default(SHELVE_MAX_MINUTES),
    /** 设计抑制: code of a rule of the same kind; while that one is active on the same sensor, this one is not shown */
    suppressedWhile: z.string().max(24).nullable().default(null),
    /** category of the incident that a P1 alarm of this rule becomes by itself; null = none */
    incident: z.string().max(40).nullable().default(null),
    /** when it holds, e.g. night limits; none = always */
    hours: zHours.default([]),
    enabled: z.boolean().default(true),
    overrides: z.array(zOverride).max(5000).default([]),
  })
  .refine((r) => r.priority !== undefined || (r.consequence !== undefined && r.respondMinutes !== undefined), {
    error: 'a priority, or consequence and respondMinutes',
    path: ['priority'],
  });
export type AlarmRule = z.output<typeof zAlarmRule>;
export const ruleKey = (rule: Pick<AlarmRule, 'kind' | 'code'>) => `${rule.kind}/${rule.code}`;
export const priorityOfRule = (r: Pick<AlarmRule, 'priority' | 'consequence' | 'respondMinutes'>): Priority =>
  r.priority ?? priorityOf(r.consequence!, r.respondMinutes!);

/** Whether one value alone is in alarm by a test, given whether it was: within the deadband it stays what it was. */
export function valueHolds(test: ValueTest, value: number, was: boolean): boolean {
  switch (test.is) {
    case 'high':
      return was ? value >= test.limit - test.deadband : value >= test.limit;
    case 'low':
      return was ? value <= test.limit + test.deadband : value <= test.limit;
    case 'state':
      return test.values.includes(value);
  }
}
/** The figure a test holds a value against, for the record: a limit, units a minute, silent intervals, the first of its states. */
export function limitOf(test: AlarmTest): number {
  switch (test.is) {
    case 'state':
      return test.values[0]!;
    case 'no-data':
      return test.intervals;
    case 'both':
      return limitOf(test.here);
    default:
      return test.limit;
  }
}
