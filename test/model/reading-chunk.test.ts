import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ordered, within } from '../../model/columns.ts';
import { CHUNK_MS, chunkStart, decodeReadings, encodeReadings, joined, type Series } from '../../model/reading-chunk.ts';

const START = chunkStart(Date.parse('2026-11-22T10:00:00Z'));
/** Every value as float32: what is kept of it. */
const kept32 = (s: Series): Series => ({ at: s.at, value: s.value.map((v) => Math.fround(v) + 0) });
const concat = (...blocks: Uint8Array[]) => Uint8Array.from(blocks.flatMap((b) => [...b]));
/** -0 and 0 are one reading. */
const float = fc.float({ noNaN: true }).map((v) => Math.fround(v) + 0);
const stepped = fc
  .tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: 0, max: 4 }))
  .map(([n, d]) => Math.fround(n / 10 ** d) + 0);
const time = fc.oneof(
  fc.integer({ min: 0, max: CHUNK_MS - 1 }),
  fc.integer({ min: 0, max: CHUNK_MS / 1000 - 1 }).map((s) => s * 1000),
);
const points = (value: fc.Arbitrary<number>, seconds: boolean) =>
  fc
    .uniqueArray(fc.tuple(seconds ? fc.integer({ min: 0, max: CHUNK_MS / 1000 - 1 }).map((s) => s * 1000) : time, value), {
      selector: ([at]) => at,
      minLength: 1,
      maxLength: 200,
    })
    .map((list) => list.sort((a, b) => a[0] - b[0]))
    .map((list): Series => ({ at: list.map(([at]) => START + at), value: list.map(([, v]) => v) }));
const anySeries = fc.oneof(points(float, false), points(stepped, false), points(stepped, true));

test('comes back to the millisecond and to the bit of a float32', () => {
  fc.assert(
    fc.property(anySeries, (s) => {
      expect(kept32(decodeReadings(START, encodeReadings(START, s)))).toEqual(s);
    }),
    { numRuns: 500 },
  );
});

test('what was appended in pieces, in any order and some of it twice, is there once and in order', () => {
  const cut = fc.array(fc.nat({ max: 4 }), { minLength: 200, maxLength: 200 });
  fc.assert(
    fc.property(anySeries, cut, fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), fc.nat({ max: 4 }), (s, cuts, order, twice) => {
      const pieces = [0, 1, 2, 3, 4].map((k) => ({
        at: s.at.filter((_, i) => cuts[i] === k),
        value: s.value.filter((_, i) => cuts[i] === k),
      }));
      const blocks = [...order, twice].flatMap((k) => (pieces[k]!.at.length ? [encodeReadings(START, pieces[k]!)] : []));
      expect(kept32(decodeReadings(START, concat(...blocks)))).toEqual(s);
      expect(joined(order.map((k) => pieces[k]!))).toEqual(s);
    }),
  );
});

test('what a device wrote as a decimal is that decimal again', () => {
  const value = [0.7, 25.4, -3.05, 0.31, 1200];
  const at = value.map((_, i) => START + i * 1000);
  expect(decodeReadings(START, encodeReadings(START, { at, value })).value).toEqual(value);
});

test('of two values at one moment the one that came later counts', () => {
  const early = encodeReadings(START, { at: [START + 1000, START + 2000], value: [1, 2] });
  const late = encodeReadings(START, { at: [START + 1000], value: [7] });
  expect(decodeReadings(START, concat(early, late))).toEqual({ at: [START + 1000, START + 2000], value: [7, 2] });
  expect(decodeReadings(START, concat(late, early)).value).toEqual([1, 2]);
});

test('a part between two moments is what lies there', () => {
  fc.assert(
    fc.property(anySeries, time, time, (s, a, b) => {
      const [from, to] = [START + Math.min(a, b), START + Math.max(a, b)];
      const kept = s.at.flatMap((at, i) => (at >= from && at <= to ? [i] : []));
      expect(within(s, from, to)).toEqual({ at: kept.map((i) => s.at[i]), value: kept.map((i) => s.value[i]) });
    }),
  );
});

test('a thermometer that speaks every minute takes about two bytes and a half a reading, a door contact two', () => {
  const n = 360;
  const at = Array.from({ length: n }, (_, i) => START + i * 60_000);
  const warm = encodeReadings(START, { at, value: at.map((_, i) => Math.fround(18 + Math.round(Math.sin(i / 40) * 60) / 10)) });
  expect(warm.length / n).toBeLessThan(2.1);
  const door = encodeReadings(START, { at: at.map((t, i) => t + ((i * 7919) % 1000)), value: at.map((_, i) => i % 2) });
  expect(door.length / n).toBeLessThan(3.1);
});

test('bytes that are no chunk are refused, wherever they are cut', () => {
  fc.assert(
    fc.property(anySeries, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (s, share) => {
      const bytes = encodeReadings(START, s);
      const cut = Math.max(1, Math.floor(share * bytes.length));
      if (cut < bytes.length) expect(() => decodeReadings(START, bytes.subarray(0, cut))).toThrow(RangeError);
    }),
  );
  expect(() => decodeReadings(START, Uint8Array.of(1, 16, 0, 0))).toThrow('unknown form');
  expect(() => decodeReadings(START, Uint8Array.of(0, 0, 0))).toThrow(RangeError);
  expect(() => encodeReadings(START, { at: [], value: [] })).toThrow(RangeError);
  expect(() => encodeReadings(START, { at: [START, START], value: [1, 2] })).toThrow('ascend');
  expect(ordered({ at: [2, 1], value: [20, 10] })).toEqual({ at: [1, 2], value: [10, 20] });
});
