import { z } from 'zod';
import type { EpochMs } from './brand.ts';
import { zPriority } from './centre.ts';
import { text, zId, zLngLat } from './fields.ts';
import { incidentSources } from './incident.ts';

/** What comes through a door, from any device. ISO 8601 with an offset in, epoch milliseconds out. */
export const zInstant = z.iso
  .datetime({ offset: true, error: 'ISO 8601 date and time with an offset, e.g. 2026-11-22T08:00:00+08:00' })
  .transform((s) => Date.parse(s) as EpochMs);

/** Fields of a position without kind and id. `heading` degrees clockwise from north, `speed` m/s. */
export const positionFields = {
  at: zInstant,
  lngLat: zLngLat,
  heading: z.number().min(0).lt(360).default(0),
  speed: z.number().min(0).max(100).default(0),
};
export const readingFields = { at: zInstant, value: z.number() };
export const incidentFields = {
  at: zInstant,
  lngLat: zLngLat,
  category: z.string().min(1).max(40),
  title: z
    .string()
    .min(1)
    .max(80)
    .refine((s) => !/[\p{Cc}\p{Cs}]/u.test(s), 'one line of text: no control characters, no half surrogates'),
  source: z.enum(incidentSources).default('other'),
  /** the channel within the source, e.g. 天府市民云 */
  channel: text(40).optional(),
  /** number of the ticket at the source */
  ref: text(60).optional(),
  /** a deadline the source gave; null = it says there is none; absent = the category's limit */
  due: zInstant.nullable().optional(),
  /** instead of the category's */
  priority: zPriority.optional(),
  /** vault id of the caller: the door puts the person into the vault and the id here */
  reporter: zId.optional(),
  /** the alarm it is made of */
  alarm: zId.optional(),
};
export const zPosition = z.object({ kind: z.literal('position'), unit: zId, ...positionFields });
export const zReading = z.object({ kind: z.literal('reading'), sensor: zId, ...readingFields });
export const zIncidentReport = z.object({ kind: z.literal('incident'), ...incidentFields });
export const zReport = z.discriminatedUnion('kind', [zPosition, zReading, zIncidentReport]);

/** A device has come online or gone offline: MQTT's retained state or last will. */
export interface StateReport {
  readonly kind: 'state';
  readonly of: 'unit' | 'sensor' | 'camera';
  readonly id: string;
  readonly online: boolean;
}

export type PositionReport = z.output<typeof zPosition>;
export type ReadingReport = z.output<typeof zReading>;
export type IncidentReport = z.output<typeof zIncidentReport>;
export type Report = z.output<typeof zReport>;

/** Why a report was not taken: the field and the rule it breaks. `reason` is the short key refusals are counted by. */
export interface Refusal {
  readonly field: string;
  readonly rule: string;
  readonly reason: 'form' | 'unknown-id' | 'future' | 'not-allowed' | 'place' | 'conflict' | 'too-large';
}

/** The first thing wrong with a value, as the field (dotted path) and the rule it breaks. `at` names the value where the issue has no path. */
export function formRefusal(error: z.ZodError, at = 'body'): Refusal {
  const issue = error.issues[0];
  const path = issue?.path.map(String).join('.');
  return { field: path || at, rule: issue?.message ?? 'not of this form', reason: 'form' };
}

/** A device clock may be this far ahead of ours; beyond it the report is refused. */
export const MAX_AHEAD_MS = 5 * 60_000;
