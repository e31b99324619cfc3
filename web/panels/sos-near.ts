import type { LngLat } from '../../model/brand.ts';
import type { Entry } from '../../model/ledger.ts';
import { metresBetween } from '../../model/metres.ts';
import type { TrackRow } from '../../model/track-answer.ts';
import type { StripEvent } from './incident-curve.ts';

/** Who was near a call for help: from the ways of units, as the server thins them. Times epoch ms, places [lng, lat] degrees. */
export type Way = Pick<TrackRow, 'unit' | 'at' | 'lng' | 'lat' | 'legs'>;

/** A unit is believed to be where it was last for so long, ms; within a leg it goes evenly. */
const BELIEVED_MS = 60_000;
/** 附近: within so many metres of the place. */
export const NEAR_M = 500;
const STEPS = 240;
const LEAST_STEP_MS = 5000;

/** Where a unit was at a moment; null = nobody knows. */
export function placeAt({ at, lng, lat, legs }: Way, ms: number): LngLat | null {
  let [low, high] = [0, at.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at[middle]! <= ms) low = middle + 1;
    else high = middle;
  }
  const k = low - 1;
  if (k < 0) return null;
  const next = at[k + 1];
  if (next === undefined || legs.includes(k + 1)) return ms - at[k]! <= BELIEVED_MS ? [lng[k]!, lat[k]!] : null;
  const share = (ms - at[k]!) / Math.max(1, next - at[k]!);
  return [lng[k]! + share * (lng[k + 1]! - lng[k]!), lat[k]! + share * (lat[k + 1]! - lat[k]!)];
}

/** Those whose place is known at a moment, the nearest first, metres from `place`. */
export const distancesAt = (ways: readonly Way[], place: LngLat, ms: number): { unit: string; metres: number }[] =>
  ways
    .flatMap((way) => {
      const there = placeAt(way, ms);
      return there ? [{ unit: way.unit, metres: metresBetween(place, there) }] : [];
    })
    .sort((a, b) => a.metres - b.metres);

/** How far the nearest of them was from `place`, from one moment to another; moments of which nothing is known are left out. */
export function nearestCurve(ways: readonly Way[], place: LngLat, from: number, to: number): (readonly [at: number, metres: number])[] {
  const step = Math.max(LEAST_STEP_MS, (to - from) / STEPS);
  const out: (readonly [number, number])[] = [];
  for (let at = from; at <= to; at += step) {
    const nearest = distancesAt(ways, place, at)[0];
    if (nearest) out.push([at, Math.round(nearest.metres)]);
  }
  return out;
}

const told = { 'alarm.raised': 'raised', 'alarm.acknowledged': 'acknowledged', 'alarm.cleared': 'cleared' } as const;
export type AlarmTurn = (typeof told)[keyof typeof told];
/** 按下 · 确认 · 解除 within a time, from the entries of the alarm; pressed and released when the device says so. */
export const alarmEvents = (entries: readonly Entry[], from: number, to: number): StripEvent[] =>
  entries.flatMap((e): StripEvent[] => {
    if (!(e.kind in told)) return [];
    const at = e.kind === 'alarm.raised' || e.kind === 'alarm.cleared' ? e.body.at : e.at;
    return at < from || at > to ? [] : [{ kind: 'alarm', turn: told[e.kind as keyof typeof told], at }];
  });
