/** A generator; each call is uniform in [0, 1). */
export type Rng = () => number;

/** A small seeded generator (mulberry32): the same seed always tells the same story. */
export function rng(seed: number): Rng {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = a;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A generator of its own for a named purpose: adding a draw here never shifts the draws there. */
export function rngFor(seed: number, purpose: string): Rng {
  let h = 2166136261 ^ seed;
  for (let i = 0; i < purpose.length; i++) h = Math.imul(h ^ purpose.charCodeAt(i), 16777619);
  return rng(h);
}

export const between = (r: Rng, lo: number, hi: number) => lo + r() * (hi - lo);
export const intBetween = (r: Rng, lo: number, hi: number) => lo + Math.floor(r() * (hi - lo + 1));
export function pick<T>(r: Rng, list: readonly T[]): T {
  if (list.length === 0) throw new RangeError('nothing to pick from');
  return list[Math.floor(r() * list.length)]!;
}
/** Pick by weight; weights need not sum to one. */
export function weighted<T>(r: Rng, list: readonly (readonly [T, number])[]): T {
  let left = r() * list.reduce((s, [, w]) => s + w, 0);
  for (const [item, w] of list) {
    left -= w;
    if (left < 0) return item;
  }
  return list.at(-1)![0];
}
export function shuffle<T>(r: Rng, list: readonly T[]): T[] {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(r() * (i + 1));
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}
/** Normal deviate, mean 0, deviation 1 (Box and Muller). */
export const normal = (r: Rng) => Math.sqrt(-2 * Math.log(1 - r())) * Math.cos(2 * Math.PI * r());
