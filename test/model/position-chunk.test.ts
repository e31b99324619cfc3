import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ordered } from '../../model/columns.ts';
import { decodeFrame, encodeFrame, encodeSegment, positions, REST_AGE_MS, readings } from '../../model/frame.ts';
import { decodeFixes, encodeFixes, type Fixes, POSITION_SPAN_MS } from '../../model/position-chunk.ts';

const START = Math.floor(Date.parse('2026-11-22T10:00:00Z') / POSITION_SPAN_MS) * POSITION_SPAN_MS;
const fix = fc.record({
  at: fc
    .oneof(
      fc.nat(POSITION_SPAN_MS - 1),
      fc.nat(3599).map((s) => s * 1000),
    )
    .map((ms) => START + ms),
  lng: fc.integer({ min: -1_800_000_000, max: 1_800_000_000 }),
  lat: fc.integer({ min: -900_000_000, max: 900_000_000 }),
  heading: fc.double({ min: 0, max: 359.999, noNaN: true }),
  speed: fc.double({ min: 0, max: 100, noNaN: true }),
});
const columns = (rows: readonly (typeof fix extends fc.Arbitrary<infer F> ? F : never)[]): Fixes => ({
  at: rows.map((r) => r.at),
  lng: rows.map((r) => r.lng),
  lat: rows.map((r) => r.lat),
  heading: rows.map((r) => r.heading),
  speed: rows.map((r) => r.speed),
});
const block = fc
  .uniqueArray(fix, { selector: (f) => f.at, minLength: 1, maxLength: 60 })
  .map((rows) => columns(rows.sort((a, b) => a.at - b.at)));

/** What a frame at rest gives back of the same fixes. */
function framed(f: Fixes): Fixes {
  const p = positions(f.at.length);
  const at = f.at.at(-1)!;
  f.at.forEach((t, i) => {
    p.length += 1;
    p.at[i] = t;
    p.lng[i] = f.lng[i]!;
    p.lat[i] = f.lat[i]!;
    p.heading[i] = f.heading[i]!;
    p.speed[i] = f.speed[i]!;
  });
  const back = decodeFrame(encodeFrame(at, [encodeSegment(1, at, p, readings(0), REST_AGE_MS)], REST_AGE_MS)).segments[0]!.positions;
  return {
    at: [...back.at],
    lng: [...back.lng],
    lat: [...back.lat],
    heading: [...back.heading],
    speed: [...back.speed].map((s) => Math.round(s * 10) / 10),
  };
}

test('a chunk gives back what a frame would have, whatever was appended in whatever order', () => {
  fc.assert(
    fc.property(fc.array(block, { minLength: 1, maxLength: 5 }), (blocks) => {
      const chunk = Buffer.concat(blocks.map((b) => encodeFixes(START, b)));
      const all = blocks.map(framed);
      const expected = ordered({
        at: all.flatMap((f) => f.at),
        lng: all.flatMap((f) => f.lng),
        lat: all.flatMap((f) => f.lat),
        heading: all.flatMap((f) => f.heading),
        speed: all.flatMap((f) => f.speed),
      });
      const read = decodeFixes(START, chunk);
      expect(read).toEqual(expected);
      expect(decodeFixes(START, encodeFixes(START, read))).toEqual(read);
    }),
  );
});

test('who stands takes five bytes, who walks about eight', () => {
  const n = 360;
  const at = Array.from({ length: n }, (_, i) => START + i * 10_000);
  const same = (v: number) => at.map(() => v);
  const still = { at, lng: same(1_040_000_000), lat: same(306_000_000), heading: same(0), speed: same(0) };
  expect(encodeFixes(START, still).length / n).toBeLessThan(5.2);
  // along a street, a metre or two to either side
  const off = (i: number, k: number) => ((i * 7919 + k * 104_729) % 300) - 150;
  const walking = {
    at,
    lng: at.map((_, i) => 1_040_000_000 + i * 1200 + off(i, 1)),
    lat: at.map((_, i) => 306_000_000 + i * 300 + off(i, 2)),
    heading: same(76),
    speed: same(1.2),
  };
  expect(encodeFixes(START, walking).length / n).toBeLessThan(8);
});

test('bytes that are no chunk are refused, never taken for fixes without end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      try {
        const { at, lng, speed } = decodeFixes(START, bytes);
        expect(at.length).toBeLessThanOrEqual(bytes.length);
        expect([lng.length, speed.length]).toEqual([at.length, at.length]);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
  );
  const whole = encodeFixes(START, { at: [START], lng: [5], lat: [6], heading: [7], speed: [8] });
  for (let cut = 1; cut < whole.length; cut++) expect(() => decodeFixes(START, whole.subarray(0, cut))).toThrow(RangeError);
  expect(() => encodeFixes(START, { at: [], lng: [], lat: [], heading: [], speed: [] })).toThrow(/no fixes/);
  expect(() => encodeFixes(START, { at: [START, START], lng: [5, 5], lat: [6, 6], heading: [7, 7], speed: [8, 8] })).toThrow(/ascend/);
});
