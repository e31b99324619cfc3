import { z } from 'zod';
import type { EpochMs } from './brand.ts';
import { zPriority } from './centre.ts';
import { text, zId, zLngLat } from './fields.ts';
import { incidentSources } from './incident.ts';

/** What comes through a door, from any device. ISO 8601 with an offset in, epoch milliseconds out. */
export const zInstant = z.iso
  .datetime({ offset: true, error: 'ISO 8601 date and time with an offset, e.g. 2026-11-22T08:00:00+08:00' })
  .transform((s) => Date.parse(s) as EpochMs);

/** Text of one line. */
const oneLine = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'one line of text: no control characters, no half surrogates');

/** Fields of a position without kind and id. `heading` degrees clockwise from north, `speed` m/s. */
export const positionFields = {
  at: zInstant,
  lngLat: zLngLat,
  heading: z.number().min(0).lt(360).default(0),
  speed: z.number().min(0).max(100).default(0),
};
export const readingFields = { at: zInstant, value: z.number() };
/** A telephone number as people write it. */
const zTel = z.string().regex(/^\+?[0-9(][0-9 ()-]{2,22}$/, 'a telephone number: 3-23 digits, spaces, hyphens or brackets');
/**
 * 反映人: who called or wrote, as told at a door. The person goes into the vault; ledger, stream and logs get the opaque id only.
 * `anonymous`: asked not to be named; the name is not kept then, the number only to call back.
 */
export const zCaller = z
  .object({ name: oneLine(40).optional(), tel: zTel.optional(), anonymous: z.boolean().default(false) })
  .refine((c) => c.anonymous || /\S/.test(c.name ?? ''), { error: 'needed unless the caller is anonymous', path: ['name'] });
export type Caller = z.output<typeof zCaller>;

/** The digits by which a number is known again: without the country's prefix, however it was written. */
export const telDigits = (tel: string) =>
  tel
    .replace(/[^0-9+]/g, '')
    .replace(/^(\+|00)86/, '')
    .replace(/^\+/, '00');

export const incidentFields = {
  at: zInstant,
  lngLat: zLngLat,
  category: z.string().min(1).max(40),
  title: oneLine(80).min(1),
  source: z.enum(incidentSources).default('other'),
  /** the channel within the source, e.g. 天府市民云 */
  channel: text(40).optional(),
  /** number of the ticket at the source */
  ref: text(60).optional(),
  /** a deadline the source gave; null = it says there is none; absent = the category's limit */
  due: zInstant.nullable().optional(),
  /** instead of the category's */
  priority: zPriority.optional(),
  /** the alarm it is made of */
  alarm: zId.optional(),
  caller: zCaller.optional(),
  /** never from outside: an id somebody made up could itself be personal data */
  reporter: z.never({ error: 'say who it is as caller; the id is drawn here' }).optional(),
};
export const zPosition = z.object({
  kind: z.literal('position'),
  unit: zId,
  ...positionFields,
  /** 求救: its button is pressed (true) or released (false); absent = it says nothing of it */
  sos: z.boolean().optional(),
  /** 补传: history handed in late; it never moves a marker */
  past: z.boolean().optional(),
});
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
/** `reporter`: vault id of the caller, put there by the engine. */
export type IncidentReport = Omit<z.output<typeof zIncidentReport>, 'reporter' | 'caller'> & {
  readonly caller?: Caller | undefined;
  readonly reporter?: string;
};
export type Report = z.output<typeof zReport>;

export const refusalReasons = [
  'form',
  'implausible',
  'unknown-id',
  'future',
  'not-allowed',
  'place',
  'conflict',
  'too-large',
  'range',
  /** bytes that are no message of the protocol, or one whose check byte is wrong */
  'framing',
  'checksum',
  /** a right message of a kind that is not taken here */
  'unsupported',
  /** the device has no position of its own */
  'no-fix',
  /** the other end was cut off: silent, slow, or one too many */
  'peer',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** Why a report was not taken: the field and the rule it breaks. `reason` is the short key refusals are counted by. */
export interface Refusal {
  readonly field: string;
  readonly rule: string;
  readonly reason: RefusalReason;
}

/** The first thing wrong with a value, as the field (dotted path) and the rule it breaks. `at` names the value where the issue has no path. */
export function formRefusal(error: z.ZodError, at = 'body'): Refusal {
  const issue = error.issues[0];
  const path = issue?.path.map(String).join('.');
  return { field: path || at, rule: issue?.message ?? 'not of this form', reason: 'form' };
}

/** A device clock may be this far ahead of ours; beyond it the report is refused. */
export const MAX_AHEAD_MS = 5 * 60_000;
