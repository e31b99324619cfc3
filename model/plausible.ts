import type { LngLat } from './brand.ts';
import { metresBetween } from './metres.ts';

/**
 * 可信度: whether a fix can be true, judged against the last one that was believed. A receiver without a fix reports 0,0; one between houses
 * jumps; a bearer delivers twice or in another order. What cannot be true is kept apart and never shown.
 */
export interface Fix {
  /** device time, epoch ms */
  readonly at: number;
  /** [lng, lat] degrees, WGS-84 */
  readonly lngLat: LngLat;
}
export type Box = readonly [west: number, south: number, east: number, north: number];

/** Fixes that cannot be reached from the believed one, but follow from each other: the newest of them, and how many. */
export interface Doubt extends Fix {
  readonly fixes: number;
}
export interface Limits {
  /** m/s (`centre.patrol.maxSpeed`) */
  readonly maxSpeed: number;
  /** bounding box of the centre's areas, degrees; null = there are none yet */
  readonly extent: Box | null;
}

/** `zero`: 0° N 0° E; `far`: nowhere near the centre; `jump`: nobody moves so fast. */
export const implausibleReasons = ['zero', 'far', 'jump'] as const;
export type Implausible = (typeof implausibleReasons)[number];
/** What is counted of a unit: fixes that were not believed, and those that came twice or out of order. */
export const fixFlaws = [...implausibleReasons, 'duplicate', 'reordered'] as const;
export type FixFlaw = (typeof fixFlaws)[number];

export type Judgement =
  /** newer than the last one; `anew`: the place to which it jumped is believed from now on */
  | { readonly is: 'live'; readonly anew?: true }
  /** older: it belongs to the track, it moves nothing. `reordered`: its sender did not declare it as late */
  | { readonly is: 'history'; readonly reordered: boolean }
  | { readonly is: 'duplicate' }
  | { readonly is: 'implausible'; readonly reason: Implausible; readonly doubt: Doubt | null };

/** Within it of 0° N 0° E (about 1 km) nobody patrols: it is what a receiver says that knows nothing. */
const ZERO_DEG = 0.01;
/** A unit may help out in the next city, not on another continent. Metres from the box around the centre's areas. */
export const FAR_M = 200_000;
/** How far either fix may be off (satellites in a street between houses), metres. */
export const ACCURACY_M = 50;
/** Device clocks tell whole seconds. */
const FORGIVEN_MS = 1000;
/** So many fixes that follow from each other at the new place, and it is believed: the old one was wrong, or time was lost. */
export const ANCHOR_FIXES = 3;
const DEGREE_M = 111_195;

/** Can one who was at one of them be at the other, in this order or the other? Distances on the plane: within 1 % as far as `FAR_M` lets them be. */
export function isReachable(a: Fix, b: Fix, maxSpeed: number): boolean {
  const seconds = (Math.abs(b.at - a.at) + FORGIVEN_MS) / 1000;
  return metresBetween(a.lngLat, b.lngLat) <= 2 * ACCURACY_M + maxSpeed * seconds;
}

/** Why this place cannot be, whatever was known before; null = it can. */
export function placeFlaw([lng, lat]: LngLat, extent: Box | null): 'zero' | 'far' | null {
  if (Math.abs(lng) < ZERO_DEG && Math.abs(lat) < ZERO_DEG) return 'zero';
  if (!extent) return null;
  const [west, south, east, north] = extent;
  // the nearest point of the box; a centre does not lie across 180°
  const nearest: LngLat = [Math.min(Math.max(lng, west), east), Math.min(Math.max(lat, south), north)];
  if (Math.abs(lat - nearest[1]) * DEGREE_M > FAR_M * 1.01) return 'far';
  return metresBetween([lng, lat], nearest) > FAR_M ? 'far' : null;
}

/**
 * Judge a fix.
 * @param last the newest one believed; null = the unit was never heard
 * @param doubt what the judgement before gave of this unit, null after any other judgement
 * @param past declared as handed in late: it is history wherever the unit is now, so no jump is looked for
 */
export function judgeFix(last: Fix | null, doubt: Doubt | null, fix: Fix, limits: Limits, past = false): Judgement {
  const flaw = placeFlaw(fix.lngLat, limits.extent);
  if (flaw) return { is: 'implausible', reason: flaw, doubt };
  if (last && fix.at === last.at) return { is: 'duplicate' };
  if (past) return { is: 'history', reordered: false };
  if (!last) return { is: 'live' };
  const reached = isReachable(last, fix, limits.maxSpeed);
  if (fix.at < last.at) return reached ? { is: 'history', reordered: true } : { is: 'implausible', reason: 'jump', doubt };
  if (reached) return { is: 'live' };
  if (doubt && fix.at <= doubt.at) return { is: 'implausible', reason: 'jump', doubt };
  const fixes = doubt && isReachable(doubt, fix, limits.maxSpeed) ? doubt.fixes + 1 : 1;
  if (fixes >= ANCHOR_FIXES) return { is: 'live', anew: true };
  return { is: 'implausible', reason: 'jump', doubt: { at: fix.at, lngLat: fix.lngLat, fixes } };
}
