import type { AreaCode, LngLat } from './brand.ts';
import { metresBetween } from './metres.ts';

/**
 * 轨迹: what one unit's fixes say of a time: legs with silences between them, stays, metres, minutes. Pure: fixes in, figures out; the
 * screen, the exports and the clip all read a track this way.
 */

/** Fixes of one unit in order of device time, struct of arrays: `at` epoch ms, lng/lat 1e-7 degrees, heading degrees, speed m/s. */
export interface Fixes {
  readonly length: number;
  readonly at: ArrayLike<number>;
  readonly lng: ArrayLike<number>;
  readonly lat: ArrayLike<number>;
  readonly heading: ArrayLike<number>;
  readonly speed: ArrayLike<number>;
}

/** What a track is read by. Places differ: nothing below repeats these numbers. */
export interface TrackRules {
  /** a stay holds every fix within so many metres of its first … */
  readonly stopMetres: number;
  /** … and lasts at least so long, ms */
  readonly stopMs: number;
  /** a silence longer than so many times the unit's own median interval is a gap … */
  readonly gapTimes: number;
  /** … but none shorter than this is, ms: a phone that reports each second loses a few in a stairwell */
  readonly leastGapMs: number;
  /** nobody on a street goes faster, m/s: such a hop adds no metres and is counted */
  readonly mostSpeed: number;
}
export const trackRules: TrackRules = { stopMetres: 30, stopMs: 3 * 60_000, gapTimes: 5, leastGapMs: 30_000, mostSpeed: 50 };

/** Fixes `from` (inclusive) to `to` (exclusive), by index: nothing was silent for long between them. */
export interface Leg {
  readonly from: number;
  readonly to: number;
}
/** 停留: `from`, `to` epoch ms of its first and last fix; the place is the mean of its fixes. */
export interface Stop {
  readonly from: number;
  readonly to: number;
  readonly lngLat: LngLat;
  readonly fixes: number;
}
/** 失联: last fix before and first fix after a silence, epoch ms. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}
export interface TrackFigures {
  readonly fixes: number;
  /** metres gone along the fixes, without the wander of a receiver that stands still (stays), across gaps and impossible hops */
  readonly metres: number;
  /** ms within legs and outside stays, within stays, within gaps; together from the first fix to the last */
  readonly movingMs: number;
  readonly stoppedMs: number;
  readonly silentMs: number;
  /** the unit's own median interval, ms; null below two fixes */
  readonly usualMs: number | null;
  /** hops faster than `mostSpeed` */
  readonly implausible: number;
  readonly stops: readonly Stop[];
  readonly gaps: readonly Gap[];
}

export const lngLatOf = (f: Pick<Fixes, 'lng' | 'lat'>, i: number): LngLat => [f.lng[i]! / 1e7, f.lat[i]! / 1e7];
/** Metres between two fixes. */
export const hop = (f: Fixes, i: number, j: number) => metresBetween(lngLatOf(f, i), lngLatOf(f, j));

/** The median time between two fixes, ms; null below two. */
export function usualInterval(f: Pick<Fixes, 'at' | 'length'>): number | null {
  if (f.length < 2) return null;
  const steps = new Float64Array(f.length - 1);
  for (let i = 1; i < f.length; i++) steps[i - 1] = f.at[i]! - f.at[i - 1]!;
  steps.sort();
  return steps[steps.length >> 1]!;
}

/** From how long on a silence of this unit is a gap, ms. */
export function gapFrom(f: Pick<Fixes, 'at' | 'length'>, rules: TrackRules = trackRules): number {
  return Math.max(rules.leastGapMs, rules.gapTimes * (usualInterval(f) ?? 0));
}

/** Legs in order; together they hold every fix once. */
export function legsOf(f: Pick<Fixes, 'at' | 'length'>, rules: TrackRules = trackRules): Leg[] {
  const limit = gapFrom(f, rules);
  const legs: Leg[] = [];
  let from = 0;
  for (let i = 1; i <= f.length; i++) {
    if (i < f.length && f.at[i]! - f.at[i - 1]! <= limit) continue;
    if (i > from) legs.push({ from, to: i });
    from = i;
  }
  return legs;
}

/**
 * Stays of one leg, as index ranges: from a fix on, all that follow within `stopMetres` of it, if that lasts `stopMs`. Stay-point detection
 * after Q. Li, Y. Zheng et al., Mining user similarity based on location history, ACM GIS 2008. A stay ends with its leg: it never claims
 * time in which nothing was heard.
 */
export function staysOf(f: Fixes, leg: Leg, rules: TrackRules = trackRules): Leg[] {
  const stays: Leg[] = [];
  let i = leg.from;
  while (i < leg.to) {
    let j = i + 1;
    while (j < leg.to && hop(f, i, j) <= rules.stopMetres) j++;
    if (f.at[j - 1]! - f.at[i]! >= rules.stopMs) {
      stays.push({ from: i, to: j });
      i = j;
    } else i++;
  }
  return stays;
}

function stopOf(f: Fixes, { from, to }: Leg): Stop {
  let lng = 0;
  let lat = 0;
  for (let i = from; i < to; i++) {
    lng += f.lng[i]!;
    lat += f.lat[i]!;
  }
  const n = to - from;
  return { from: f.at[from]!, to: f.at[to - 1]!, lngLat: [Math.round(lng / n) / 1e7, Math.round(lat / n) / 1e7], fixes: n };
}

/** Everything a list says of one track. */
export function figuresOf(f: Fixes, rules: TrackRules = trackRules): TrackFigures {
  const legs = legsOf(f, rules);
  const stops: Stop[] = [];
  let metres = 0;
  let implausible = 0;
  let heardMs = 0;
  let stoppedMs = 0;
  for (const leg of legs) {
    heardMs += f.at[leg.to - 1]! - f.at[leg.from]!;
    const stays = staysOf(f, leg, rules);
    let s = 0;
    for (let i = leg.from + 1; i < leg.to; i++) {
      while (s < stays.length && i >= stays[s]!.to) s++;
      if (s < stays.length && i > stays[s]!.from) continue;
      const way = hop(f, i - 1, i);
      if (way > (rules.mostSpeed * (f.at[i]! - f.at[i - 1]!)) / 1000) implausible++;
      else metres += way;
    }
    for (const stay of stays) {
      const stop = stopOf(f, stay);
      stoppedMs += stop.to - stop.from;
      stops.push(stop);
    }
  }
  const gaps = legs.slice(1).map((leg, n) => ({ from: f.at[legs[n]!.to - 1]!, to: f.at[leg.from]! }));
  const silentMs = gaps.reduce((sum, g) => sum + g.to - g.from, 0);
  const movingMs = heardMs - stoppedMs;
  return { fixes: f.length, metres, movingMs, stoppedMs, silentMs, usualMs: usualInterval(f), implausible, stops, gaps };
}

/** Mean speed while moving, km/h; null when it never moved. */
export const meanKmh = ({ metres, movingMs }: Pick<TrackFigures, 'metres' | 'movingMs'>) =>
  movingMs > 0 ? (metres / movingMs) * 3600 : null;

/** Speed of the way between two fixes, km/h: what the places and times say, not what the device does. */
export function legKmh(f: Fixes, i: number, j: number): number {
  const ms = f.at[j]! - f.at[i]!;
  return ms > 0 ? (hop(f, i, j) / ms) * 3600 : 0;
}

/** 站立 · 步行 · 骑行 · 车行: upper ends of the classes a way is coloured by, km/h; above the last there is one more. */
export const speedClasses = [1, 7, 25] as const;
export const speedClass = (kmh: number) => {
  const n = speedClasses.findIndex((limit) => kmh < limit);
  return n === -1 ? speedClasses.length : n;
};

/** The place a run of fixes lies in: from its first to its last, epoch ms. */
export interface Passage {
  readonly area: AreaCode | null;
  readonly from: number;
  readonly to: number;
  readonly fixes: number;
}
/** 途经: the micro-grids along a track, in order; the same one again is another passage. @param locate the leaf that holds a point */
export function passagesOf(f: Fixes, locate: (at: LngLat) => AreaCode | null): Passage[] {
  const out: { area: AreaCode | null; from: number; to: number; fixes: number }[] = [];
  for (let i = 0; i < f.length; i++) {
    const area = locate(lngLatOf(f, i));
    const last = out.at(-1);
    if (last && last.area === area) {
      last.to = f.at[i]!;
      last.fixes++;
    } else out.push({ area, from: f.at[i]!, to: f.at[i]!, fixes: 1 });
  }
  return out;
}
