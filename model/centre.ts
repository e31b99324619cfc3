import { z } from 'zod';
import { zAreaCode, zLevel } from './area.ts';

/** P1 特急 / P2 紧急 / P3 一般 / P4 提示. */
export const zPriority = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
export type Priority = z.infer<typeof zPriority>;

const zText = z.object({ zh: z.string().min(1).max(80), en: z.string().min(1).max(120) });

/** A kind of matter (事项). `limitMinutes` is the time to handle, counted round the clock from reporting (紧急工作时). */
export const zCategory = z.object({
  code: z.string().regex(/^[a-z0-9-]{1,40}$/),
  name: zText,
  priority: zPriority,
  limitMinutes: z
    .number()
    .positive()
    .max(60 * 24 * 365),
});
export type Category = z.infer<typeof zCategory>;

/**
 * A kind of sensor and the simple limits its readings are held to. A reading at or beyond a limit raises an alarm;
 * it clears when the reading has come back by more than `deadband`. `intervalS`: seconds expected between readings.
 */
export const zSensorKind = z.object({
  code: z.string().regex(/^[a-z0-9-]{1,40}$/),
  name: zText,
  /** what an alarm of this kind is called, e.g. 可燃气体超限 */
  alarm: zText,
  unit: z.string().max(16),
  high: z.number().optional(),
  low: z.number().optional(),
  deadband: z.number().min(0).default(0),
  priority: zPriority,
  intervalS: z.number().positive(),
});
export type SensorKind = z.infer<typeof zSensorKind>;

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
});
export type Centre = z.infer<typeof zCentre>;
export type CentreInput = z.input<typeof zCentre>;

/** `category: "other"` always exists, whatever the centre configured. */
export const OTHER_CATEGORY: Category = { code: 'other', name: { zh: '其他', en: 'Other' }, priority: 3, limitMinutes: 240 };

export const categoryOf = (centre: Centre | null, code: string): Category =>
  centre?.categories.find((c) => c.code === code) ?? OTHER_CATEGORY;

/** Start of the centre's day that holds `at`. */
export function dayStart(at: number, utcOffsetMinutes: number): number {
  const shift = utcOffsetMinutes * 60_000;
  return Math.floor((at + shift) / 86_400_000) * 86_400_000 - shift;
}
/** `2026-11-18`, in the centre's time. */
export const dayKey = (at: number, utcOffsetMinutes: number) => new Date(at + utcOffsetMinutes * 60_000).toISOString().slice(0, 10);
