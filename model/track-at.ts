import type { LngLat } from './brand.ts';
import { type Fixes, lngLatOf } from './track.ts';

/** Where a unit was at a moment, and how far that can be trusted. */
export interface TrackPoint {
  readonly lngLat: LngLat;
  readonly heading: number;
  /** index of the last fix at or before the moment */
  readonly fix: number;
  /** ms since that fix */
  readonly ageMs: number;
  /** in a gap: it stands where it was last heard, nobody knows where it is */
  readonly silent: boolean;
}

/** The last fix at or before `at`; -1 before the first. */
export function fixBefore(f: Pick<Fixes, 'at' | 'length'>, at: number): number {
  let low = 0;
  let high = f.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (f.at[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Evenly between two fixes of a leg; not there (null) before the first and more than `lingerMs` after the last.
 * @param begins fixes (by index) that begin a leg
 */
export function trackAt(f: Fixes, begins: ReadonlySet<number>, at: number, lingerMs: number): TrackPoint | null {
  const i = fixBefore(f, at);
  if (i < 0) return null;
  const ageMs = at - f.at[i]!;
  const here = { heading: f.heading[i]!, fix: i, ageMs };
  if (i + 1 >= f.length) return ageMs > lingerMs ? null : { ...here, lngLat: lngLatOf(f, i), silent: false };
  if (begins.has(i + 1)) return { ...here, lngLat: lngLatOf(f, i), silent: ageMs > 0 };
  const share = ageMs / (f.at[i + 1]! - f.at[i]!);
  const [a, b] = [lngLatOf(f, i), lngLatOf(f, i + 1)];
  return { ...here, lngLat: [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share], silent: false };
}
