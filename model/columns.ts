/**
 * What many devices say over weeks, as columns of one device: `at` epoch ms and the same number of values in every other column. The
 * codecs of telemetry at rest (reading-chunk.ts, position-chunk.ts) are made of them.
 */
export type Columns = { readonly at: readonly number[] } & { readonly [name: string]: readonly number[] };

const mapped = <C extends Columns>(c: C, change: (column: readonly number[]) => readonly number[]): C =>
  Object.fromEntries(Object.entries(c).map(([name, column]) => [name, change(column)])) as C;

/** Ascending, each moment once: of several at one moment the last. The very same columns where they are so already. */
export function ordered<C extends Columns>(c: C): C {
  const { at } = c;
  let sorted = true;
  for (let i = 1; i < at.length && sorted; i++) sorted = at[i]! > at[i - 1]!;
  if (sorted) return c;
  const order = Array.from(at, (_, i) => i).sort((a, b) => at[a]! - at[b]! || a - b);
  const kept = order.filter((i, k) => at[i] !== at[order[k + 1]!]);
  return mapped(c, (column) => kept.map((i) => column[i]!));
}
/** Several as one; of what stands at one moment that of the later part. `none`: what it is when there are no parts. */
export function joinedOr<C extends Columns>(none: C, parts: readonly C[]): C {
  const some = parts.filter((p) => p.at.length > 0);
  if (some.length <= 1) return some[0] ?? none;
  const first = some[0]!;
  const names = Object.keys(first);
  return ordered(Object.fromEntries(names.map((name) => [name, some.flatMap((p) => p[name]!)])) as unknown as C);
}
/** The part within two moments, both included. */
export function within<C extends Columns>(c: C, from: number, to: number): C {
  const a = firstAfter(c.at, from - 1);
  const b = firstAfter(c.at, to);
  return a === 0 && b === c.at.length ? c : mapped(c, (column) => column.slice(a, b));
}
/** Index of the first time later than `ms`. */
export function firstAfter(at: readonly number[], ms: number): number {
  let [low, high] = [0, at.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at[middle]! > ms) high = middle;
    else low = middle + 1;
  }
  return low;
}
/** Cut where spans of so many milliseconds begin: [start, part]. */
export function* bySpan<C extends Columns>(c: C, spanMs: number): Generator<[number, C]> {
  for (let i = 0; i < c.at.length; ) {
    const start = Math.floor(c.at[i]! / spanMs) * spanMs;
    let end = i;
    while (end < c.at.length && c.at[end]! < start + spanMs) end += 1;
    const [a, b] = [i, end];
    yield [start, a === 0 && b === c.at.length ? c : mapped(c, (column) => column.slice(a, b))];
    i = end;
  }
}

/** What is taken from bytes and written to them again: times of a block, which both codecs keep alike. */
export interface TimeBytes {
  varint(n: number): void;
  zigzag(n: number): void;
}
/** Whole seconds where every time and the start of the span are, else milliseconds. */
export const unitOf = (start: number, at: readonly number[]) => (start % 1000 === 0 && at.every((t) => t % 1000 === 0) ? 1000 : 1);
/**
 * The first from the start of the span, then what each distance differs from the one before it: one byte of a steady device.
 * @throws RangeError when the times do not ascend
 */
export function writeTimes(w: TimeBytes, start: number, at: readonly number[], unit: number) {
  w.zigzag((at[0]! - start) / unit);
  let gap = 0;
  for (let i = 1; i < at.length; i++) {
    const next = (at[i]! - at[i - 1]!) / unit;
    if (!(next > 0)) throw new RangeError('times of a block must ascend');
    w.zigzag(next - gap);
    gap = next;
  }
}
/** n times, appended to `at`. */
export function readTimes(r: { zigzag(): number }, start: number, n: number, unit: number, at: number[]) {
  let time = start + r.zigzag() * unit;
  at.push(time);
  let gap = 0;
  for (let i = 1; i < n; i++) {
    gap += r.zigzag();
    time += gap * unit;
    at.push(time);
  }
}
