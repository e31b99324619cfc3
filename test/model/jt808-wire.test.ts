import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBatch, readLocation, writeBatch, writeLocation } from '../../model/jt808/location.ts';
import {
  isRegistration,
  readAck,
  readAuthentication,
  readRegistered,
  readText,
  writeAck,
  writeAuthentication,
  writeRegistered,
  writeRegistration,
  writeResend,
  writeText,
} from '../../model/jt808/messages.ts';
import { Cutter, deviceNumber, MAX_FRAME_BYTES, type Message, readMessage, writeMessage } from '../../model/jt808/wire.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
/** one whole frame, flags and all */
function read(frame: Uint8Array) {
  const [between, ...more] = new Cutter().push(frame);
  expect(more).toEqual([]);
  return readMessage(between!);
}
function message(frame: Uint8Array): Message {
  const r = read(frame);
  if (!r.ok) throw new Error(r.rule);
  return r.message;
}

const PUBLISHED =
  '7e02000048051160004464000d00000000000c00020159885e06cbf34400000000000020080718072201040000000130011c310109e4020063e50100e60100e7080000000000000000ee0a01cc01262c009a6743001e7e';

test('the published vector: phone, number, status, place, time, extras', () => {
  const m = message(bytes(PUBLISHED));
  expect(m).toMatchObject({ id: 0x0200, version: 'old', phone: '051160004464', seq: 13, encryption: 0 });
  const l = readLocation(m.body);
  expect(l).toMatchObject({
    ok: true,
    location: {
      alarm: 0,
      status: 0x000c0002,
      fixed: true,
      shifted: false,
      lngLat: [114.02938, 22.64483],
      altitude: 0,
      speed: 0,
      heading: 0,
      at: Date.parse('2020-08-07T18:07:22+08:00'),
    },
  });
  if (l.ok) expect(l.location.extras.get(0x30)).toEqual(Uint8Array.of(0x1c));
  expect(hex(writeMessage(m))).toBe(PUBLISHED);
});

/** Frames of four implementations that nobody here wrote, with what a reader should make of them. */
const FRAMES = '../shared/data/jt808/frames.tsv';
describe.skipIf(!existsSync(FRAMES))('frames of four independent implementations', () => {
  const rows = (existsSync(FRAMES) ? readFileSync(FRAMES, 'utf8') : '')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t') as [string, string, string, string, string, string, string, string, string]);

  test('every right frame decodes to its columns and is written back byte for byte; every wrong one is refused with its reason', () => {
    const reasons: Record<string, number> = {};
    let right = 0;
    for (const [source, id, , phone, seq, said, came, checksum, frame] of rows) {
      const r = read(bytes(frame));
      const is = `${source} ${id} ${frame.slice(0, 30)}`;
      expect(r.ok, is).toBe(checksum === '1' && said === came);
      if (!r.ok) {
        reasons[r.reason] = (reasons[r.reason] ?? 0) + 1;
        if (checksum === '0') expect(r.reason, is).toBe('checksum');
        continue;
      }
      right += 1;
      const m = r.message;
      expect([m.id, m.phone, String(m.seq), m.body.length], is).toEqual([Number(id), phone, seq, Number(came)]);
      if (m.encryption === 0) expect(hex(writeMessage(m)), is).toBe(frame.toLowerCase());
    }
    expect(right).toBe(rows.filter((r) => r[7] === '1' && r[5] === r[6]).length);
    expect(reasons.checksum).toBe(rows.filter((r) => r[7] === '0').length);
    expect(reasons.length).toBe(rows.filter((r) => r[7] === '1' && r[5] !== r[6]).length);
    expect(right).toBeGreaterThan(300);
  });

  test('locations and batches among them are read whole', () => {
    const right = rows.map((r) => read(bytes(r[8]))).flatMap((r) => (r.ok && !r.message.part ? [r.message] : []));
    const located = right.filter((m) => m.id === 0x0200);
    expect(located.length).toBeGreaterThan(50);
    for (const { body } of located) {
      const r = readLocation(body);
      // some of their authors wrote 116.3 for the latitude and 40.1 for the longitude: those are refused, and no others
      const beyond = new DataView(body.buffer, body.byteOffset).getUint32(8) > 90e6;
      expect(r.ok ? '' : r.rule).toBe(beyond ? 'latitude at most 90, longitude at most 180 degrees' : '');
    }
    const batches = right.filter((m) => m.id === 0x0704).map((m) => readBatch(m.body));
    expect(batches.length).toBeGreaterThan(3);
    for (const b of batches) expect(b?.locations.length).toBe(b?.count);
  });

  test('what others wrote to register, authenticate, answer and write texts is read, and written alike', () => {
    const right = rows.map((r) => read(bytes(r[8]))).flatMap((r) => (r.ok && r.message.body.length > 0 ? [r.message] : []));
    const of = (id: number) => right.filter((m) => m.id === id);
    for (const m of of(0x0100)) expect(isRegistration(m.body)).toBe(true);
    for (const m of [...of(0x8001), ...of(0x0001)]) expect(hex(writeAck(readAck(m.body)!))).toBe(hex(m.body));
    for (const m of of(0x8100)) {
      const { seq, result, code } = readRegistered(m.body)!;
      expect(hex(writeRegistered(seq, result, code))).toBe(hex(m.body));
    }
    const chinese = of(0x8300).map((m) => new TextDecoder('gbk').decode(readText(m.body, m.version)));
    expect(chinese).toContain('测试123@456#abc!...结束');
    expect(of(0x0102).some((m) => readAuthentication(m.body, m.version) === '17299841738')).toBe(true);
    const [resend] = of(0x8003);
    expect(hex(writeResend(0x1099, [1, 2, 3, 4, 5, 6, 7, 8, 9], 'old'))).toBe(hex(resend!.body));
  });
});

const version = fc.constantFrom<'old' | 2019>('old', 2019);
const anyMessage: fc.Arbitrary<Message> = fc
  .record({
    id: fc.nat(0xffff),
    version,
    digits: fc.array(fc.nat(9), { minLength: 20, maxLength: 20 }),
    seq: fc.nat(0xffff),
    part: fc.option(fc.record({ total: fc.nat(0xffff), index: fc.nat(0xffff) }), { nil: undefined }),
    // flags and escapes are what a codec stumbles over
    body: fc.array(fc.oneof(fc.nat(255), fc.constantFrom(0x7d, 0x7e)), { maxLength: 1023 }).map((b) => Uint8Array.from(b)),
  })
  .map(({ digits, part, ...m }) => ({
    ...m,
    ...(part ? { part } : {}),
    encryption: 0,
    phone: digits.slice(0, m.version === 2019 ? 20 : 12).join(''),
  }));
/** bytes that are no whole frame: garbage, flags in it, the beginning or a spoilt copy of a right frame */
const noise = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.array(fc.constantFrom(0x7e, 0x7d, 0, 1, 2), { maxLength: 12 }).map((b) => Uint8Array.from(b)),
  fc.tuple(anyMessage, fc.nat(40)).map(([m, n]) => writeMessage(m).subarray(0, n + 1)),
);
function cut(stream: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [...new Set(cuts.map((c) => c % (stream.length + 1)))].sort((a, b) => a - b);
  return [...at, stream.length].map((end, i) => stream.subarray(at[i - 1] ?? 0, end));
}

describe('any message', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(anyMessage, (m) => {
        expect(message(writeMessage(m))).toEqual(m);
      }),
    );
  });

  test('comes out of a stream of garbage, in order, wherever the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(noise, anyMessage), { maxLength: 6 }),
        noise,
        fc.array(fc.nat(), { maxLength: 12 }),
        (list, tail, cuts) => {
          const stream = Uint8Array.from([...list.flatMap(([n, m]) => [...n, ...writeMessage(m)]), ...tail]);
          const cutter = new Cutter();
          const frames = cut(stream, cuts).flatMap((chunk) => cutter.push(chunk));
          const read = frames.map(readMessage).flatMap((r) => (r.ok ? [r.message] : []));
          // noise may by chance hold a right message of its own: those sent are found among them, in order
          let next = 0;
          for (const m of read) if (next < list.length && hex(writeMessage(m)) === hex(writeMessage(list[next]![1]))) next += 1;
          expect(next).toBe(list.length);
        },
      ),
    );
  });

  test('one byte changed is never taken for another message of the same length', () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), fc.integer({ min: 1, max: 255 }), (m, at, x) => {
        const frame = writeMessage(m);
        const i = 1 + (at % (frame.length - 2));
        frame[i] = frame[i]! ^ x;
        const read = new Cutter().push(frame).map(readMessage);
        expect(read.filter((r) => r.ok && r.message.body.length === m.body.length && r.message.phone === m.phone)).toEqual([]);
      }),
    );
  });
});

test('random bytes never throw, and what is held never exceeds a frame', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 8 }), (chunks) => {
      const cutter = new Cutter();
      for (const chunk of chunks) {
        for (const frame of cutter.push(chunk)) {
          const r = readMessage(frame);
          if (r.ok) readBatch(r.message.body);
          readLocation(frame);
          readBatch(frame);
          for (const v of ['old', 2019] as const) readAuthentication(frame, v);
          readAck(frame);
          readRegistered(frame);
        }
        expect(cutter.pending).toBeLessThanOrEqual(MAX_FRAME_BYTES);
      }
    }),
  );
});

test('a frame without end is given up and counted; the next one is read', () => {
  const cutter = new Cutter();
  const long = new Uint8Array(10_000).fill(1);
  expect(cutter.push(Uint8Array.of(0x7e))).toEqual([]);
  for (let i = 0; i < 10_000; i += 100) cutter.push(long.subarray(i, i + 100));
  expect(cutter.dropped).toBe(10_000);
  expect(cutter.push(bytes(PUBLISHED)).map(readMessage)).toMatchObject([{ ok: true }]);
});

test('locations: what is written is read, to a metre, a tenth of a km/h and a second; negative degrees included', () => {
  const told = fc.record({
    lngLat: fc.tuple(fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: -90, max: 90, noNaN: true })),
    speed: fc.double({ min: 0, max: 100, noNaN: true }),
    heading: fc.double({ min: 0, max: 359, noNaN: true }),
    at: fc.integer({ min: Date.parse('2000-01-02T00:00:00Z') / 1000, max: Date.parse('2099-12-30T00:00:00Z') / 1000 }).map((s) => s * 1000),
    fixed: fc.boolean(),
    sos: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(told, { maxLength: 12 }), fc.boolean(), (list, backfill) => {
      const batch = readBatch(writeBatch(backfill, list.map(writeLocation)));
      expect(batch).toMatchObject({ backfill, count: list.length });
      batch!.locations.forEach((read, i) => {
        const t = list[i]!;
        if (!read.ok) throw new Error(read.rule);
        const l = read.location;
        expect(Math.abs(l.lngLat[0] - t.lngLat[0])).toBeLessThan(1e-6);
        expect(Math.abs(l.lngLat[1] - t.lngLat[1])).toBeLessThan(1e-6);
        expect(Math.abs(l.speed - t.speed)).toBeLessThan(0.015);
        expect([l.heading, l.at, l.fixed, (l.alarm & 1) === 1]).toEqual([Math.round(t.heading), t.at, t.fixed, t.sos]);
      });
    }),
  );
  expect(readLocation(new Uint8Array(28))).toMatchObject({ ok: false, rule: 'time: BCD YYMMDDhhmmss' });
  expect(readLocation(new Uint8Array(27))).toMatchObject({ ok: false, rule: 'a location has at least 28 bytes, 27 came' });
  const beyond = writeLocation({ lngLat: [0, 0], speed: 0, heading: 0, at: Date.parse('2026-11-22T08:00:00+08:00') });
  beyond.set([0xff], 8);
  expect(readLocation(beyond)).toMatchObject({ ok: false, rule: 'latitude at most 90, longitude at most 180 degrees' });
});

test('a batch that says more or less than it holds is of no form', () => {
  const one = writeLocation({ lngLat: [104, 30], speed: 1, heading: 2, at: Date.parse('2026-11-22T08:00:00+08:00') });
  const batch = writeBatch(true, [one, one]);
  expect(readBatch(batch)?.locations).toHaveLength(2);
  expect(readBatch(batch.subarray(0, batch.length - 1))).toBeNull();
  expect(readBatch(Uint8Array.from([...batch, 0]))).toBeNull();
  expect(readBatch(Uint8Array.of(0xff, 0xff, 0))).toBeNull();
});

test('authentication carries its code in either form; a registration has its length', () => {
  fc.assert(
    fc.property(version, fc.stringMatching(/^[0-9A-Za-z_-]{1,60}$/), (v, code) => {
      expect(readAuthentication(writeAuthentication(code, v), v)).toBe(code);
    }),
  );
  expect(readAuthentication(Uint8Array.of(9, 0x31), 2019)).toBeNull();
  expect(isRegistration(writeRegistration('old')) && isRegistration(writeRegistration(2019))).toBe(true);
  expect(isRegistration(new Uint8Array(24))).toBe(false);
  expect(hex(writeText(Uint8Array.of(0x31), 2019))).toBe('0d0231');
  expect(hex(writeText(Uint8Array.of(0x31), 'old'))).toBe('0c31');
  expect(hex(writeResend(7, [2], 2019))).toBe('000700010002');
});

test('a terminal is the same device by either header', () => {
  expect(deviceNumber('013912345678')).toBe('13912345678');
  expect(deviceNumber('00000000013912345678')).toBe('13912345678');
  expect(deviceNumber('000000000000')).toBe('0');
});
