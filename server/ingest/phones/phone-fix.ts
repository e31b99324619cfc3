import type { LngLat } from '../../../model/brand.ts';
import type { Refusal } from '../../../model/report.ts';
import type { DeviceFix } from '../../devices/devices.ts';

/** What an app on a phone said: a fix, or (null) only that it is there. */
export type PhoneRead =
  | { readonly ok: true; readonly device: string; readonly fix: DeviceFix | null }
  /** nothing about a place: other messages of the same app */
  | { readonly ok: true; readonly device: null }
  | { readonly ok: false; readonly refusal: Refusal };

export const KNOT = 1852 / 3600;
export const no = (field: string, rule: string): PhoneRead => ({ ok: false, refusal: { field, rule, reason: 'form' } });

/** A number as an app writes it; undefined = it says nothing of it, NaN = it is none. */
export const numberOf = (value: unknown): number | undefined =>
  value === undefined || value === null || value === ''
    ? undefined
    : typeof value === 'number'
      ? value
      : typeof value === 'string' && /^\s*[+-]?\d+(\.\d*)?([eE][+-]?\d+)?\s*$/.test(value)
        ? Number(value)
        : Number.NaN;

/** [lng, lat]; null when it is no place on earth. */
export function placeOf(lng: number | undefined, lat: number | undefined): LngLat | null {
  if (lng === undefined || lat === undefined) return null;
  return Math.abs(lng) <= 180 && Math.abs(lat) <= 90 ? [lng, lat] : null;
}
/** Apps write -1 for a speed or a course they do not know. */
export const speedOf = (value: number | undefined, unit: number) => (value === undefined || !(value > 0) ? 0 : value * unit);
export const headingOf = (value: number | undefined) => (value === undefined || !(value >= 0) ? 0 : value % 360);

/** Seconds or milliseconds since 1970: seconds reach eleven digits in the year 5138. */
export const epochOf = (n: number) => (Math.abs(n) < 1e11 ? n * 1000 : n);
