import { z } from 'zod';
import type { LngLat } from './brand.ts';
import { type Centre, dayKey } from './centre.ts';
import { given, zAreaOrNull, zId, zLngLat } from './fields.ts';
import { metresBetween } from './metres.ts';

const zTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'HH:MM, 00:00 to 24:00');

const shape = {
  id: zId,
  name: given(60),
  /** code of the category it allows */
  category: z.string().regex(/^[a-z0-9-]{1,40}$/),
  lngLat: zLngLat,
  area: zAreaOrNull,
  radiusM: z.number().min(1).max(500),
  /** 0 = Sunday */
  weekdays: z
    .array(z.number().int().min(0).max(6))
    .min(1)
    .refine((list) => new Set(list).size === list.length, 'each weekday once'),
  hours: z.object({ from: zTime, to: zTime }),
  validFrom: z.iso.date(),
  validTo: z.iso.date(),
};
const inOrder = (p: { validFrom: string; validTo: string }) => p.validFrom <= p.validTo;
const mustBeInOrder = { error: 'not earlier than validFrom', path: ['validTo'] };

/**
 * 便民摊点许可: within `radiusM` metres of a point a matter of one category (占道经营) is allowed on these weekdays between these hours,
 * from one date to another, both included; all in the centre's time. Hours that end at or before they begin (18:00 to 02:00) run past
 * midnight and belong to the day they began. A permit that is registered again replaces the one of its id.
 */
export const zPermit = z.object(shape).refine(inOrder, mustBeInOrder);
export type Permit = z.output<typeof zPermit>;
/** As it is handed in: the place may be left to the boundaries. */
export const zPermitForm = z.object({ ...shape, area: zAreaOrNull.default(null) }).refine(inOrder, mustBeInOrder);

const DAY = 86_400_000;
const minutes = (hhmm: string) => Number(hhmm.slice(0, 2)) * 60 + Number(hhmm.slice(3));

/** Is a permit in force at a moment (epoch ms)? The end of the hours is not included. */
export function isInForce(permit: Permit, at: number, utcOffsetMinutes: number): boolean {
  const [from, to] = [minutes(permit.hours.from), minutes(permit.hours.to)];
  const local = new Date(at + utcOffsetMinutes * 60_000);
  const minute = local.getUTCHours() * 60 + local.getUTCMinutes();
  const onDay = (daysBack: number) => {
    const day = new Date(local.getTime() - daysBack * DAY);
    const key = dayKey(day.getTime(), 0);
    return permit.weekdays.includes(day.getUTCDay()) && permit.validFrom <= key && key <= permit.validTo;
  };
  if (from < to) return from <= minute && minute < to && onDay(0);
  return (minute >= from && onDay(0)) || (minute < to && onDay(1));
}

/** The permit a report of this category falls under at this place and moment: the nearest, then the lowest id; null = none. */
export function permitFor(
  world: { readonly centre: Pick<Centre, 'utcOffsetMinutes'> | null; readonly permits: ReadonlyMap<string, Permit> },
  category: string,
  lngLat: LngLat,
  at: number,
): Permit | null {
  const offset = world.centre?.utcOffsetMinutes ?? 0;
  let best: { permit: Permit; metres: number } | null = null;
  for (const permit of world.permits.values()) {
    if (permit.category !== category) continue;
    const metres = metresBetween(permit.lngLat, lngLat);
    if (metres > permit.radiusM || !isInForce(permit, at, offset)) continue;
    if (!best || metres < best.metres || (metres === best.metres && permit.id < best.permit.id)) best = { permit, metres };
  }
  return best?.permit ?? null;
}
