import { z } from 'zod';
import { zAreaCode } from '../../model/area.ts';
import type { EpochMs } from '../../model/brand.ts';
import { zFacilityForm, zTour } from '../../model/facility.ts';
import { zId } from '../../model/fields.ts';
import { zCameraSpec, zDuty, zSensorSpec, zUnitSpec } from '../../model/ledger.ts';
import { zCare, zRound } from '../../model/patrol-plan.ts';
import { zPermitForm } from '../../model/permit.ts';
import { zInstant } from '../../model/report.ts';

/** Request forms of the API that are not already in the model. */
export const MAX_REPORTS = 1000;
export const MAX_FACTS = 2000;

/** `?at=`: recorded as of, for imported history. */
export const zRecordedAt = z.object({ at: zInstant.optional().describe('recorded as of this moment instead of now') });

const optionalArea = zAreaCode.nullable().default(null);
const page = <T extends z.ZodType>(item: T) => z.array(item).max(20_000).default([]);
export const zRegistry = z.object({
  units: page(zUnitSpec.extend({ area: optionalArea })),
  sensors: page(zSensorSpec.extend({ area: optionalArea })),
  cameras: page(zCameraSpec.extend({ area: optionalArea })),
  facilities: page(zFacilityForm),
  tours: page(zTour),
  duties: page(zDuty),
  permits: page(zPermitForm),
  rounds: page(zRound),
  cares: page(zCare),
  people: page(
    z.object({
      id: zId,
      name: z.string().min(1).max(40),
      tel: z.string().max(24).nullable().default(null),
      kind: z.enum(['staff', 'caller']).default('staff').describe('callers are shown masked'),
    }),
  ),
});

export const csv = (max: number) =>
  z
    .string()
    .transform((s) => s.split(',').filter((x) => x !== ''))
    .pipe(z.array(z.string().max(80)).max(max));
const whole = (what: string) =>
  z
    .string()
    .regex(/^\d{1,15}$/, what)
    .transform(Number);
export const count = (max: number, fallback: number) => whole('a whole number').pipe(z.number().max(max)).default(fallback);
/** A ledger `seq` in a query. */
export const zSeq = whole('a whole number');

export const zLedgerQuery = z.object({
  subject: zId.optional().describe('incident, alarm or area whose history is asked for'),
  kind: csv(40).optional().describe('kinds of entry, separated by commas'),
  from: zInstant.optional(),
  to: zInstant.optional(),
  after: count(Number.MAX_SAFE_INTEGER, 0).describe('only entries with a greater seq'),
  limit: count(5000, 1000),
});
export const zFramesQuery = z.object({ from: zInstant, to: zInstant });
export const zPeopleQuery = z.object({ ids: csv(500).describe('ids of people, separated by commas') });

/** A moment as film is asked for: epoch ms. */
export const zMs = whole('epoch milliseconds').transform((n) => n as EpochMs);
/** A moment of the past: epoch ms as film is asked for, or ISO 8601 with an offset as everything else is. */
export const zMoment = z.union([zMs, zInstant], 'epoch milliseconds, or an ISO 8601 date and time with an offset');
/** `?asOf=`: the answer as it would have been at that moment. */
export const zAsOf = zMs.optional().describe('epoch ms: as it would have been answered then; absent = now');

const degrees = (max: number) =>
  z
    .string()
    .regex(/^-?\d{1,3}(\.\d{1,15})?$/, 'decimal degrees')
    .transform(Number)
    .pipe(z.number().min(-max).max(max));
export const zLocateQuery = z.object({ lng: degrees(180), lat: degrees(90) });
