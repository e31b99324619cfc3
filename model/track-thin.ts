import type { Fixes, Leg } from './track.ts';

/** Metres of 1e-7 degrees of latitude on the sphere of metres.ts. */
const METRES = (6_371_008.8 * Math.PI) / 180 / 1e7;
/** A leg is thinned in pieces of so many fixes: the work on a piece is at worst the square of its length. */
const PIECE = 1024;

/**
 * How many metres a track would be wrong, at some moment, without each fix: the distance between where the unit was and where one would
 * think it at that moment, gone evenly between the fixes that are kept (synchronized Euclidean distance). Top-down time ratio algorithm,
 * Meratnia and de By, Spatiotemporal compression techniques for moving point objects, EDBT 2004: Douglas-Peucker that heeds time, so
 * that a player which goes evenly between kept fixes stays within the tolerance. Infinity = an end of a leg or a piece.
 */
function importance(f: Fixes, legs: readonly Leg[]): Float64Array {
  const weight = new Float64Array(f.length);
  for (const { from, to } of legs)
    for (let first = from; first < to; first += PIECE) {
      const last = Math.min(first + PIECE, to - 1);
      weight[first] = Number.POSITIVE_INFINITY;
      weight[last] = Number.POSITIVE_INFINITY;
      weigh(f, first, last, weight);
    }
  return weight;
}

function weigh(f: Fixes, first: number, last: number, weight: Float64Array) {
  const open: [from: number, to: number, most: number][] = [[first, last, Number.POSITIVE_INFINITY]];
  for (let span = open.pop(); span; span = open.pop()) {
    const [from, to, most] = span;
    if (to - from < 2) continue;
    const shrink = Math.cos((f.lat[from]! / 1e7) * (Math.PI / 180));
    const [x0, y0, t0] = [f.lng[from]!, f.lat[from]!, f.at[from]!];
    const ms = Math.max(1, f.at[to]! - t0);
    const [dx, dy] = [(f.lng[to]! - x0) / ms, (f.lat[to]! - y0) / ms];
    let worst = -1;
    let at = from + 1;
    for (let i = from + 1; i < to; i++) {
      const t = f.at[i]! - t0;
      const x = (f.lng[i]! - x0 - dx * t) * shrink;
      const y = f.lat[i]! - y0 - dy * t;
      const d = x * x + y * y;
      if (d > worst) {
        worst = d;
        at = i;
      }
    }
    // never more than what it hangs on: then the fixes kept by a tolerance are those the recursion would have reached
    const metres = Math.min(most, Math.sqrt(Math.max(0, worst)) * METRES);
    weight[at] = metres;
    open.push([from, at, metres], [at, to, metres]);
  }
}

/** Indices of the kept fixes, ascending, and by how many metres the track is wrong at most without the others. */
export interface Thinned {
  readonly keep: readonly number[];
  readonly metres: number;
}

/**
 * At most `max` fixes of a track, each a real one; both ends of every leg stay even where that makes more of them.
 * @param legs as `legsOf` gives them
 */
export function thin(f: Fixes, legs: readonly Leg[], max: number): Thinned {
  if (f.length <= max) return { keep: Array.from({ length: f.length }, (_, i) => i), metres: 0 };
  const weight = importance(f, legs);
  const ranked = Float64Array.from(weight).sort();
  const metres = ranked[f.length - max - 1]!;
  const keep: number[] = [];
  for (let i = 0; i < f.length; i++) if (weight[i]! > metres || weight[i] === Number.POSITIVE_INFINITY) keep.push(i);
  return { keep, metres: Number.isFinite(metres) ? metres : (ranked[ranked.indexOf(Number.POSITIVE_INFINITY) - 1] ?? 0) };
}

/** Every fix that is wrong by more than this many metres without it, and the ends of legs. */
export function thinTo(f: Fixes, legs: readonly Leg[], metres: number): readonly number[] {
  const weight = importance(f, legs);
  const keep: number[] = [];
  for (let i = 0; i < f.length; i++) if (weight[i]! > metres) keep.push(i);
  return keep;
}
