import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeFrame,
  encodeFrame,
  encodeSegment,
  everyReading,
  FRAME_VERSION,
  type Frame,
  positions,
  REST_AGE_MS,
  readings,
  type Segment,
  WIRE_AGE_MS,
} from '../../model/frame.ts';

interface Fix {
  ix: number;
  lng: number;
  lat: number;
  heading: number;
  speed: number;
  age: number;
  status: number;
}
interface Value {
  ix: number;
  value: number;
  age: number;
  status: number;
}
const ix = fc.oneof(fc.nat(500), fc.nat(0xffffffff));
const degrees = (max: number) => fc.oneof(fc.integer({ min: -max * 1e7, max: max * 1e7 }), fc.integer({ min: -5e4, max: 5e4 }));
const age = fc.oneof(fc.nat(2000), fc.nat(90 * 86_400_000));
const fix: fc.Arbitrary<Fix> = fc.record({
  ix,
  lng: degrees(180),
  lat: degrees(90),
  heading: fc.double({ min: 0, max: 359.99, noNaN: true }),
  speed: fc.double({ min: 0, max: 100, noNaN: true }),
  age,
  status: fc.nat(7),
});
const value: fc.Arbitrary<Value> = fc.record({ ix, value: fc.float(), age, status: fc.nat(7) });
const content = fc.record({
  key: fc.nat(4000),
  fixes: fc.array(fix, { maxLength: 40 }),
  values: fc.array(value, { maxLength: 20 }),
});
type Content = { key: number; fixes: Fix[]; values: Value[] };
const time = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 });

function encode(at: number, contents: readonly Content[], ageMs: number): Uint8Array {
  const segments = contents.map((c) => {
    const fixes = c.fixes.sort((a, b) => a.ix - b.ix);
    const values = c.values.sort((a, b) => a.ix - b.ix);
    const p = positions(fixes.length);
    for (const f of fixes) {
      const i = p.length++;
      p.ix[i] = f.ix;
      p.lng[i] = f.lng;
      p.lat[i] = f.lat;
      p.heading[i] = f.heading;
      p.speed[i] = f.speed;
      p.at[i] = at - f.age;
      p.status[i] = f.status;
    }
    const r = readings(values.length);
    for (const v of values) {
      const i = r.length++;
      r.ix[i] = v.ix;
      r.value[i] = v.value;
      r.at[i] = at - v.age;
      r.status[i] = v.status;
    }
    return encodeSegment(c.key, at, p, r, ageMs);
  });
  return encodeFrame(at, segments, ageMs);
}

const turn = (a: number, b: number) => Math.min(Math.abs(a - b), 360 - Math.abs(a - b));

function expectEqual(segment: Segment, c: Content, at: number, ageMs: number) {
  expect(segment.key).toBe(c.key);
  expect([...segment.positions.ix]).toEqual(c.fixes.map((f) => f.ix));
  c.fixes.forEach((f, i) => {
    const p = segment.positions;
    expect([p.lng[i], p.lat[i], p.status[i]]).toEqual([f.lng, f.lat, f.status]);
    expect(turn(p.heading[i] as number, f.heading)).toBeLessThanOrEqual(360 / 512 + 1e-4);
    expect(Math.abs((p.speed[i] as number) - f.speed)).toBeLessThanOrEqual(0.0501);
    expect(Math.abs((p.at[i] as number) - (at - f.age))).toBeLessThanOrEqual(ageMs === 1 ? 0 : ageMs / 2);
  });
  expect([...segment.readings.ix]).toEqual(c.values.map((v) => v.ix));
  c.values.forEach((v, i) => {
    const r = segment.readings;
    expect(r.value[i]).toEqual(v.value);
    expect(r.status[i]).toBe(v.status);
    expect(Math.abs((r.at[i] as number) - (at - v.age))).toBeLessThanOrEqual(ageMs === 1 ? 0 : ageMs / 2);
  });
}

/** Decoding either gives a frame no larger than its bytes allow, or says RangeError. */
function decodeSafely(bytes: Uint8Array): Frame | null {
  try {
    const frame = decodeFrame(bytes);
    const held = frame.segments.reduce((n, s) => n + s.positions.length * 5 + s.readings.length * 6, 0);
    expect(held).toBeLessThanOrEqual(bytes.length);
    return frame;
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return null;
  }
}

describe('telemetry frames', () => {
  it.each([WIRE_AGE_MS, REST_AGE_MS])('come back within quantisation (ages in %d ms)', (ageMs) => {
    fc.assert(
      fc.property(time, fc.array(content, { maxLength: 5 }), (at, contents) => {
        const frame = decodeFrame(encode(at, contents, ageMs));
        expect(frame.at).toBe(at);
        expect(frame.segments.length).toBe(contents.length);
        contents.forEach((c, i) => {
          expectEqual(frame.segments[i] as Segment, c, at, ageMs);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('give their readings without decoding the rest', () => {
    fc.assert(
      fc.property(time, fc.array(content, { maxLength: 5 }), (at, contents) => {
        const bytes = encode(at, contents, REST_AGE_MS);
        const seen: number[][] = [];
        everyReading(bytes, (...reading) => seen.push(reading));
        const { segments } = decodeFrame(bytes);
        expect(seen).toEqual(segments.flatMap(({ readings: r }) => Array.from(r.ix, (ix, i) => [ix, r.at[i], r.value[i]])));
      }),
      { numRuns: 300 },
    );
    const cut = encode(1e12, [{ key: 1, fixes: [], values: [] }], 1).slice(0, -1);
    expect(() => everyReading(cut, () => {})).toThrow(RangeError);
  });

  it('keep the corners of the earth apart in one segment', () => {
    const corners = [-180, 180].flatMap((lng) => [-90, 90].map((lat) => [lng, lat] as const));
    const fixes = corners.map(([lng, lat], i) => ({ ix: i, lng: lng * 1e7, lat: lat * 1e7, heading: 0, speed: 0, age: 0, status: 1 }));
    const { positions: p } = decodeFrame(encode(1_800_000_000_000, [{ key: 0, fixes, values: [] }], 100)).segments[0] as Segment;
    expect([...p.lng].map((x, i) => [x / 1e7, (p.lat[i] as number) / 1e7])).toEqual(corners.map((c) => [...c]));
  });

  it('give a fix from a clock ahead the time of the frame', () => {
    const ahead = { ix: 1, lng: 0, lat: 0, heading: 0, speed: 0, age: -4000, status: 1 };
    const frame = decodeFrame(encode(1_800_000_000_000, [{ key: 0, fixes: [ahead], values: [] }], 1));
    expect(frame.segments[0]?.positions.at[0]).toBe(1_800_000_000_000);
  });

  it('refuse to encode an ix that descends', () => {
    const p = positions(2);
    p.length = 2;
    p.ix.set([5, 4]);
    expect(() => encodeSegment(1, 0, p, readings(0))).toThrow(RangeError);
  });

  it('read by a scope are the whole frame without the other segments', () => {
    fc.assert(
      fc.property(time, fc.array(content, { maxLength: 6 }), fc.uniqueArray(fc.nat(4000)), fc.nat(5), (at, contents, extra, pick) => {
        const keys = new Set([...extra, ...contents.slice(0, pick).map((c) => c.key)]);
        const bytes = encode(at, contents, WIRE_AGE_MS);
        const whole = decodeFrame(bytes);
        expect(decodeFrame(bytes, keys)).toEqual({ at, segments: whole.segments.filter((s) => keys.has(s.key)) });
      }),
      { numRuns: 200 },
    );
  });

  it('cut anywhere inside a segment are refused; cut between segments they are a shorter frame', () => {
    fc.assert(
      fc.property(time, fc.array(content, { minLength: 1, maxLength: 3 }), (at, contents) => {
        const bytes = encode(at, contents, WIRE_AGE_MS);
        const ends = new Set(contents.map((_, i) => encode(at, contents.slice(0, i), WIRE_AGE_MS).length));
        for (let n = 0; n < bytes.length; n++) expect(decodeSafely(bytes.subarray(0, n)) !== null).toBe(ends.has(n));
      }),
      { numRuns: 60 },
    );
  });

  it('made of garbage are refused or small, never a hang', () => {
    const garbage = fc
      .uint8Array({ maxLength: 400 })
      .map((b) => Uint8Array.from([FRAME_VERSION, 100, 0x80, 0x80, 0x80, 0x80, 0x80, 0x34, ...b]));
    fc.assert(
      fc.property(fc.oneof(garbage, fc.uint8Array({ maxLength: 400 })), (b) => void decodeSafely(b)),
      { numRuns: 3000 },
    );
  });

  it('with any byte changed are refused or decode to something of their size', () => {
    fc.assert(
      fc.property(time, fc.array(content, { minLength: 1, maxLength: 2 }), fc.nat(), fc.nat(255), (at, contents, where, to) => {
        const bytes = encode(at, contents, WIRE_AGE_MS);
        bytes[where % bytes.length] = to;
        decodeSafely(bytes);
      }),
      { numRuns: 1000 },
    );
  });

  it('that claim four billion positions in ten bytes allocate nothing', () => {
    const claim = Uint8Array.from([FRAME_VERSION, 100, 1, 0, 8, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0x0f]);
    expect(() => decodeFrame(claim)).toThrow(/more positions than bytes/);
  });

  it('cost at most 10 bytes per position in a dense community', () => {
    // 428 units moving in 1.1 km x 1.1 km, a quarter of them in one tick, fixes up to 1.2 s old
    const random = (seed: number) => ((Math.imul(seed + 1, 2654435761) >>> 0) % 100_000) / 100_000;
    const n = 107;
    const p = positions(n);
    for (let i = 0; i < n; i++) {
      p.length++;
      p.ix[i] = i * 28 + Math.floor(random(i) * 20);
      p.lng[i] = 1_040_300_000 + Math.floor(random(i * 3) * 114_600);
      p.lat[i] = 306_145_000 + Math.floor(random(i * 7) * 99_000);
      p.heading[i] = random(i * 11) * 360;
      p.speed[i] = random(i * 13) * 12;
      p.at[i] = 1_800_000_000_000 - random(i * 17) * 1200;
      p.status[i] = 1;
    }
    const frame = encodeFrame(1_800_000_000_000, [encodeSegment(3, 1_800_000_000_000, p, readings(0))]);
    expect(frame.length / n).toBeLessThanOrEqual(10);
    expect(decodeFrame(frame).segments[0]?.positions.length).toBe(n);
  });
});
