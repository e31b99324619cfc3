import { z } from 'zod';
import { zAreaCode, zLevel } from './area.ts';
import type { FloodRule } from './flood.ts';
import { zHours } from './hours.ts';
import { type Limit, zCalendar, zLimit } from './worktime.ts';

/** P1 特急 / P2 紧急 / P3 一般 / P4 提示. */
export const zPriority = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
export type Priority = z.infer<typeof zPriority>;

export const zText = z.object({ zh: z.string().min(1).max(80), en: z.string().min(1).max(120) });

const zDepartmentCode = z.string().regex(/^[a-z0-9-]{1,40}$/);
/** 职能部门: who is dispatched to beside units, and whom a whistle calls. */
export const zDepartment = z.object({ code: zDepartmentCode, name: zText });
export type Department = z.infer<typeof zDepartment>;

/**
 * 时限: to file (立案), to dispatch (派遣), to handle (处置). null = no limit. `handleFrom`: whether the time to handle is counted from
 * the report, as the caller feels it, or from the dispatch.
 */
export const zLimits = z.object({
  file: zLimit.nullable().default(null),
  dispatch: zLimit.nullable().default(null),
  handle: zLimit.nullable().default(null),
  handleFrom: z.enum(['report', 'dispatch']).default('report'),
});
export type Limits = z.infer<typeof zLimits>;

/** 事项 and 部件 of GB/T 47678.5; the same five digits exist under both kinds, so the key is kind and code together. */
export const zNationalCode = z.object({
  kind: z.enum(['component', 'matter']),
  code: z.string().regex(/^\d{5}$/, 'five digits'),
  class: z.string().max(40),
});

/**
 * A kind of matter (事项). `flow`: the ordinary steps, or those of a dispute (矛盾纠纷: mediate, agree, revisit). Instead of `limits` the
 * older `limitMinutes` may stand: minutes to handle, counted round the clock from reporting.
 */
export const zCategory = z.object({
  code: z.string().regex(/^[a-z0-9-]{1,40}$/),
  name: zText,
  priority: zPriority,
  limitMinutes: z
    .number()
    .positive()
    .max(60 * 24 * 365)
    .optional(),
  limits: zLimits.optional(),
  /** code of the department (责任部门) that answers for it */
  department: zDepartmentCode.optional(),
  flow: z.enum(['ordinary', 'dispute']).default('ordinary'),
  /** what it belongs to in this centre, e.g. 综治 or 城管; the queue filters by it */
  group: z.string().max(20).optional(),
  /** roles of the units that are meant for it (model/ledger unitRoles), e.g. fire for 电梯困人; absent = any will do */
  roles: z
    .array(z.string().regex(/^[a-z-]{1,20}$/))
    .min(1)
    .max(6)
    .optional(),
  national: zNationalCode.optional(),
  /** kind of facility (model/facility) whose worth shows in these incidents near it: 飞线充电 beside a charging shed */
  near: z
    .string()
    .regex(/^[a-z-]{1,20}$/)
    .optional(),
  /** 关系到个人, e.g. 走失: in a clip that leaves the house neither title nor exact place is told */
  people: z.literal(true).optional(),
});
export type Category = z.infer<typeof zCategory>;

/**
 * A kind of sensor. `high` and `low` are its simple limits, the rules of those codes (model/alarm-rule): a reading at or beyond a limit
 * raises an alarm; it clears when the reading has come back by more than `deadband`. `intervalS`: seconds expected between readings.
 */
export const zSensorKind = z.object({
  code: z.string().regex(/^[a-z0-9-]{1,40}$/),
  name: zText,
  /** what an alarm of this kind is called, e.g. 可燃气体超限 */
  alarm: zText,
  /** empty for states */
  unit: z.string().max(16),
  /** what it can measure at all; a reading outside is refused */
  range: z.object({ min: z.number(), max: z.number() }).optional(),
  /** names of its values where they are states: 0 关 1 开 */
  states: z
    .array(z.object({ value: z.number(), name: zText }))
    .max(50)
    .optional(),
  /** its readings count what is taken of a facility: sockets, bays, seats */
  measures: z.literal('occupied').optional(),
  /** 安全 环境 设施 照护 交通 …: kinds are listed by it */
  group: z.string().max(20).optional(),
  high: z.number().optional(),
  low: z.number().optional(),
  deadband: z.number().min(0).default(0),
  priority: zPriority,
  intervalS: z.number().positive(),
});
export type SensorKind = z.infer<typeof zSensorKind>;

/** 吹哨: minutes a called department has to report in, by kind of whistle: 日常 攻坚 应急. */
export const zWhistleRules = z.object({
  minutes: z
    .object({
      daily: z.number().positive().max(100_000),
      tough: z.number().positive().max(100_000),
      urgent: z.number().positive().max(100_000),
    })
    .default({ daily: 24 * 60, tough: 120, urgent: 10 }),
});

/**
 * 逐级上报: an overdue incident climbs one level of the tree at its deadline and one more every `everyMinutes` after it. `top` names the
 * level above the street (区). `startAt`: by rule, incidents of a priority jump at once to that level when they first climb.
 */
export const zEscalation = z.object({
  everyMinutes: z.number().positive().max(100_000).default(30),
  top: zText.default({ zh: '区', en: 'District' }),
  startAt: z.partialRecord(z.enum(['1', '2', '3', '4']), z.string().max(24)).default({}),
});

/** 告警: who watches, and when their alarms are a flood (model/flood). */
export const zAlarmSettings = z.object({
  /** operators at the desk at once */
  operators: z.number().int().min(1).max(500).default(1),
  floodStart: z.number().int().min(1).max(1000).default(10),
  floodEnd: z.number().int().min(1).max(1000).default(5),
});

/**
 * 视频: where the centre's media server hands out live pictures. `{stream}` stands for the camera's stream (its id where it has none);
 * MediaMTX, go2rtc and ZLMediaKit are told of in docs/operations.md. The ledger is for all to read: a login is no part of it.
 */
const zMediaAddress = z
  .string()
  .max(400)
  .regex(/^https?:\/\/[^\s/?#@{}]+\/[^\s]*\{stream\}[^\s]*$/, 'a URL with {stream} in its path or query, without user and password')
  .refine((address) => URL.canParse(address.replaceAll('{stream}', 'x')), 'a URL');
export const zMedia = z.object({ hls: zMediaAddress.optional(), whep: zMediaAddress.optional() });

/**
 * 巡防: when a stay counts as a visit (long enough, or enough distinct fixes), how soon the same place is recorded again, how long a place may
 * be without anybody, how long a unit may be outside its area, and how fast one can move (m/s; a faster jump is no movement).
 */
export const zPatrolSettings = z.object({
  dwellS: z.number().min(0).max(86_400).default(60),
  fixes: z.number().int().min(1).max(1000).default(6),
  repeatMinutes: z.number().min(1).max(1440).default(30),
  absentMinutes: z.number().min(1).max(10_080).default(120),
  strayS: z.number().min(0).max(86_400).default(60),
  maxSpeed: z.number().min(1).max(340).default(45),
});
export type PatrolSettings = z.infer<typeof zPatrolSettings>;
const zCode = z.string().regex(/^[a-z0-9-]{1,40}$/);
/** 班次 */
export const zShift = z.object({ code: zCode, name: zText, hours: zHours });
/**
 * 走访类别 (五必访 and care checks). `everyDays`: at the latest so many days after the visit before, by the end of that day; `graceDays` later
 * it is overdue and an incident of `category` is raised. `results`: what a visit can find; `bad` ones call for attention: an incident of their
 * own `category` (absent = the kind's) is registered with the visit.
 */
export const zCareKind = z.object({
  code: zCode,
  name: zText,
  everyDays: z.number().int().min(1).max(366),
  graceDays: z.number().int().min(0).max(60).default(0),
  category: zCode.optional(),
  results: z
    .array(z.object({ code: zCode, name: zText, bad: z.literal(true).optional(), category: zCode.optional() }))
    .min(1)
    .max(20),
});
export type CareKind = z.infer<typeof zCareKind>;

/** Everything about a centre that differs from place to place. */
export const zCentre = z.object({
  code: zAreaCode,
  name: zText,
  /** shown on the map beside the scale, e.g. 演示边界; empty for surveyed boundaries */
  boundaryNote: z.string().max(40).default(''),
  levels: z.array(zLevel).min(2).max(8),
  /** minutes east of UTC; the centre's day begins at its midnight */
  utcOffsetMinutes: z.number().int().min(-840).max(840),
  categories: z.array(zCategory).max(2000),
  sensorKinds: z.array(zSensorKind).max(500),
  departments: z.array(zDepartment).max(500).default([]),
  calendar: zCalendar.default(() => zCalendar.parse({})),
  whistle: zWhistleRules.default(() => zWhistleRules.parse({})),
  escalation: zEscalation.default(() => zEscalation.parse({})),
  alarms: zAlarmSettings.default(() => zAlarmSettings.parse({})),
  media: zMedia.default({}),
  patrol: zPatrolSettings.default(() => zPatrolSettings.parse({})),
  shifts: z.array(zShift).max(100).default([]),
  careKinds: z.array(zCareKind).max(100).default([]),
});
export type Centre = z.infer<typeof zCentre>;
export type CentreInput = z.input<typeof zCentre>;

/** `category: "other"` always exists, whatever the centre configured. */
export const OTHER_CATEGORY: Category = {
  code: 'other',
  name: { zh: '其他', en: 'Other' },
  priority: 3,
  limitMinutes: 240,
  flow: 'ordinary',
};

/** The limits of a category, whichever way they are written. */
export function limitsOf(c: Pick<Category, 'limits' | 'limitMinutes'>): Limits {
  if (c.limits) return c.limits;
  const handle: Limit | null = c.limitMinutes === undefined ? null : { n: c.limitMinutes / 60, unit: 'urgent-hour' };
  return { file: null, dispatch: null, handle, handleFrom: 'report' };
}

export const categoryOf = (centre: Centre | null, code: string): Category =>
  centre?.categories.find((c) => c.code === code) ?? OTHER_CATEGORY;

const usualAlarms = zAlarmSettings.parse({});
export function floodRule(centre: Centre | null): FloodRule {
  const { operators, floodStart, floodEnd } = centre?.alarms ?? usualAlarms;
  return { operators, start: floodStart, end: floodEnd };
}

/** The pseudo kind of a unit as a source of alarms: its button, pressed or not. No sensor is of it. */
export const UNIT_KIND: SensorKind = {
  code: 'unit',
  name: { zh: '巡防力量', en: 'Patrol unit' },
  alarm: { zh: '求救', en: 'SOS' },
  unit: '',
  range: { min: 0, max: 1 },
  states: [
    { value: 0, name: { zh: '未按', en: 'Released' } },
    { value: 1, name: { zh: '按下', en: 'Pressed' } },
  ],
  deadband: 0,
  priority: 1,
  intervalS: 60,
};
/** Every kind that rules may be about: those of the centre's sensors, and units. */
export const alarmKinds = (centre: Centre | null): readonly SensorKind[] => (centre ? [...centre.sensorKinds, UNIT_KIND] : []);

const kindTables = new WeakMap<Centre, ReadonlyMap<string, SensorKind>>();
/** The kind of a sensor by its code; looked up once a centre and then known. */
export function sensorKindOf(centre: Centre | null, code: string | undefined): SensorKind | undefined {
  if (!centre || code === undefined) return undefined;
  let table = kindTables.get(centre);
  if (!table) {
    table = new Map(alarmKinds(centre).map((k) => [k.code, k]));
    kindTables.set(centre, table);
  }
  return table.get(code);
}

const usualPatrol = zPatrolSettings.parse({});
export const patrolSettings = (centre: Centre | null): PatrolSettings => centre?.patrol ?? usualPatrol;
export const careKindOf = (centre: Centre | null, code: string): CareKind | undefined => centre?.careKinds.find((k) => k.code === code);

export const departmentOf = (centre: Centre | null, code: string): Department | undefined =>
  centre?.departments.find((d) => d.code === code);

/** Start of the centre's day that holds `at`. */
export function dayStart(at: number, utcOffsetMinutes: number): number {
  const shift = utcOffsetMinutes * 60_000;
  return Math.floor((at + shift) / 86_400_000) * 86_400_000 - shift;
}
/** `2026-11-18`, in the centre's time. */
export const dayKey = (at: number, utcOffsetMinutes: number) => new Date(at + utcOffsetMinutes * 60_000).toISOString().slice(0, 10);
