import { z } from 'zod';
import { zAreaCode } from './area.ts';
import type { EpochMs, LngLat } from './brand.ts';

/** Fields that many entries and forms share. */
export const zId = z.string().regex(/^[0-9A-Za-z._:/-]{1,80}$/, '1-80 letters, digits or . _ : / -');
export const zEpochMs = z
  .number()
  .int()
  .min(0)
  .max(8.64e15)
  .transform((n) => n as EpochMs);
/** [lng, lat] degrees, WGS-84 */
export const zLngLat = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]).transform((t): LngLat => t);
export const zHash = z.string().regex(/^[0-9a-f]{64}$/, 'SHA-256 in hexadecimal');
/** A place, or null for outside every area. */
export const zAreaOrNull = zAreaCode.nullable();
/** Text of a person: any length up to `max`, without what no store can keep. */
export const text = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\p{Cs}\0]*$/u, 'text without NUL characters and half surrogates');
/** Text that must be given: a reason, a question, an answer. */
export const given = (max: number) => text(max).regex(/\S/, 'must not be empty');
