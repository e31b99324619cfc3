import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame } from '../../model/frame.ts';
import { Decoder, decodePacket, Encoder, encodePacket, type Packet } from '../../model/wire-parser.ts';

const json = fc.jsonValue().map((v) => JSON.parse(JSON.stringify(v)) as unknown);
const name = fc.constantFrom('join', 'ack', 'status', 'entries-of', '世界');
const id = fc.option(fc.nat(), { nil: undefined });
const event = fc
  .record({ name, args: fc.array(json, { maxLength: 3 }), id })
  .map((e): Packet => ({ type: 2, nsp: '/', data: [e.name, ...e.args], ...(e.id === undefined ? {} : { id: e.id }) }));
const answer = fc
  .record({ args: fc.array(json, { maxLength: 2 }), id: fc.nat() })
  .map((a): Packet => ({ type: 3, nsp: '/', data: a.args, id: a.id }));
const connect = fc.constantFrom<Packet>(
  { type: 0, nsp: '/' },
  { type: 0, nsp: '/', data: { sid: 'a' } },
  { type: 1, nsp: '/' },
  { type: 4, nsp: '/', data: { message: 'no' } },
);

describe('packets', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.oneof(event, answer, connect), (packet) => {
        expect(decodePacket(encodePacket(packet))).toEqual(packet);
      }),
      { numRuns: 500 },
    );
  });

  it('of a frame are its own bytes, in one message, not copied', () => {
    const frame = Buffer.from(encodeFrame(1_800_000_000_000, []));
    const [message, ...more] = new Encoder().encode({ type: 2, nsp: '/', data: ['frame', frame] });
    expect(more).toEqual([]);
    expect(message).toBe(frame);
    expect(decodePacket(message)).toEqual({ type: 2, nsp: '/', data: ['frame', new Uint8Array(frame)] });
  });

  it('of a frame from a plain Uint8Array share its memory', () => {
    const frame = encodeFrame(1_800_000_000_000, []);
    const message = encodePacket({ type: 2, nsp: '/', data: ['frame', frame] }) as Uint8Array;
    expect(message.buffer).toBe(frame.buffer);
    expect(message.length).toBe(frame.length);
  });

  it('of a snapshot are one binary message that holds world and keyframe', () => {
    fc.assert(
      fc.property(json, fc.uint8Array({ maxLength: 50 }), fc.boolean(), (world, frame, asArrayBuffer) => {
        const message = encodePacket({ type: 2, nsp: '/', data: ['snapshot', { world, frame }] }) as Uint8Array;
        expect(message).toBeInstanceOf(Uint8Array);
        const arrived = asArrayBuffer ? Uint8Array.from(message).buffer : message;
        expect(decodePacket(arrived)).toEqual({ type: 2, nsp: '/', data: ['snapshot', { world, frame }] });
      }),
    );
  });

  it('of entries are encoded once for every screen', () => {
    let reads = 0;
    const entries = [{ get seq() { return ++reads; } }]; // biome-ignore format: one line
    const first = encodePacket({ type: 2, nsp: '/', data: ['entries', entries] });
    expect(encodePacket({ type: 2, nsp: '/', data: ['entries', entries] })).toBe(first);
    expect(reads).toBe(1);
  });

  it.each([
    ['not JSON', '2["x"'],
    ['no list', '{"type":2}'],
    ['too short', '[2]'],
    ['too long', '[2,"/",["a"],1,2]'],
    ['an unknown type', '[5,"/",["a"]]'],
    ['a type that is text', '["2","/",["a"]]'],
    ['a namespace that is no path', '[2,"x",["a"]]'],
    ['an event without name', '[2,"/",[]]'],
    ['an event with a numeric name', '[2,"/",[1]]'],
    ['a reserved event', '[2,"/",["disconnect"]]'],
    ['an error event', '[2,"/",["error"]]'],
    ['an answer without id', '[3,"/",[]]'],
    ['an answer that is no list', '[3,"/",{},1]'],
    ['a negative id', '[2,"/",["a"],-1]'],
    ['a disconnect with data', '[1,"/",{}]'],
    ['a connect with a list', '[0,"/",[]]'],
    ['a number', 7],
    ['nothing', undefined],
    ['empty bytes', new Uint8Array(0)],
    ['unknown bytes', Uint8Array.from([9, 1, 2])],
    ['a snapshot cut short', Uint8Array.from([0xfe, 1, 0])],
    ['a snapshot longer than itself', Uint8Array.from([0xfe, 255, 255, 255, 255, 1])],
  ])('that are %s are refused', (_, message) => {
    expect(() => decodePacket(message)).toThrow();
  });

  it('of any text or bytes are refused or well-formed', () => {
    const wild = fc.oneof(
      fc.string({ maxLength: 200 }),
      json.map((v) => JSON.stringify(v)),
      fc.tuple(fc.integer({ min: -1, max: 7 }), fc.constantFrom('/', '', '/x', 7), json, json).map((p) => JSON.stringify(p)),
      fc.uint8Array({ maxLength: 200 }),
      fc.uint8Array({ maxLength: 200 }).map((b) => Uint8Array.from([0xfe, ...b])),
    );
    fc.assert(
      fc.property(wild, (message) => {
        const decoder = new Decoder();
        const seen: Packet[] = [];
        decoder.on('decoded', (p) => seen.push(p));
        try {
          decoder.add(message);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          expect(seen).toEqual([]);
          return;
        }
        expect(seen.length).toBe(1);
        const packet = seen[0] as Packet;
        expect([0, 1, 2, 3, 4]).toContain(packet.type);
        if (packet.type === 2) expect(typeof (packet.data as unknown[])[0]).toBe('string');
        if (packet.type === 3) expect(Array.isArray(packet.data)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
