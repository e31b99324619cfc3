/**
 * JT/T 808 on the wire (2011, 2013, 2019): 0x7e | escape(header + body + xor) | 0x7e, big-endian. Byte layouts: STANDARDS "JT/T 808".
 * The check byte is the XOR from the first byte of the header to the last of the body, taken before escaping.
 */
export const FLAG = 0x7e;
const ESCAPE = 0x7d;
/** A header of 21 bytes, a body of 1023 and the check byte, all of it escaped, are 2090. What is longer has lost its end. */
export const MAX_FRAME_BYTES = 2200;

export interface Header {
  readonly id: number;
  readonly version: 'old' | 2019;
  /** digits as sent, leading zeros and all: 12 before 2019, 20 since (a few terminals send letters a-f) */
  readonly phone: string;
  readonly seq: number;
  /** sub-packet `index` (from 1) of `total`; absent = whole */
  readonly part?: { readonly total: number; readonly index: number };
  /** bits 10-12 of the attributes; 0 = not encrypted */
  readonly encryption: number;
}
export interface Message extends Header {
  readonly body: Uint8Array;
}
/** Why bytes between two flags are no message. `reason` is the short key refusals are counted by. */
export interface Broken {
  readonly reason: 'checksum' | 'length' | 'escape' | 'short';
  readonly rule: string;
}
export type Read = { readonly ok: true; readonly message: Message } | ({ readonly ok: false } & Broken);

/** @returns null where an escape stands for nothing */
function unescaped(bytes: Uint8Array): Uint8Array | null {
  if (bytes.indexOf(ESCAPE) < 0) return bytes;
  const out = new Uint8Array(bytes.length);
  let n = 0;
  for (let i = 0; i < bytes.length; i++) {
    const b = bytes[i]!;
    if (b !== ESCAPE) out[n++] = b;
    else if (bytes[i + 1] === 0x01) {
      out[n++] = ESCAPE;
      i++;
    } else if (bytes[i + 1] === 0x02) {
      out[n++] = FLAG;
      i++;
    } else return null;
  }
  return out.subarray(0, n);
}
function escaped(bytes: Uint8Array): number[] {
  const out: number[] = [];
  for (const b of bytes) {
    if (b === FLAG) out.push(ESCAPE, 0x02);
    else if (b === ESCAPE) out.push(ESCAPE, 0x01);
    else out.push(b);
  }
  return out;
}
function xor(bytes: Uint8Array, end = bytes.length): number {
  let x = 0;
  for (let i = 0; i < end; i++) x ^= bytes[i]!;
  return x;
}
const pairs = Array.from({ length: 256 }, (_, b) => b.toString(16).padStart(2, '0'));
function bcd(bytes: Uint8Array, from: number, to: number): string {
  let digits = '';
  for (let i = from; i < to; i++) digits += pairs[bytes[i]!];
  return digits;
}

/** what the ten bits of the header can say */
export const MAX_BODY_BYTES = 0x3ff;
const ATTR_SPLIT = 0x2000;
const ATTR_2019 = 0x4000;

/** @param bytes what stood between two flags, still escaped */
export function readMessage(bytes: Uint8Array): Read {
  const raw = unescaped(bytes);
  if (!raw) return { ok: false, reason: 'escape', rule: '7d is followed by 01 or 02' };
  if (raw.length < 13) return { ok: false, reason: 'short', rule: 'at least 13 bytes: header and check byte' };
  if (xor(raw) !== 0) return { ok: false, reason: 'checksum', rule: 'the check byte is the XOR of header and body' };
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const attr = view.getUint16(2);
  const is2019 = (attr & ATTR_2019) !== 0;
  const phoneAt = is2019 ? 5 : 4;
  const seqAt = phoneAt + (is2019 ? 10 : 6);
  const split = (attr & ATTR_SPLIT) !== 0;
  const bodyAt = seqAt + 2 + (split ? 4 : 0);
  const length = attr & MAX_BODY_BYTES;
  if (raw.length < bodyAt + 1) return { ok: false, reason: 'short', rule: `a header of this form has ${bodyAt} bytes` };
  if (raw.length - bodyAt - 1 !== length)
    return { ok: false, reason: 'length', rule: `the header says ${length} bytes of body, ${raw.length - bodyAt - 1} came` };
  return {
    ok: true,
    message: {
      id: view.getUint16(0),
      version: is2019 ? 2019 : 'old',
      phone: bcd(raw, phoneAt, seqAt),
      seq: view.getUint16(seqAt),
      ...(split ? { part: { total: view.getUint16(seqAt + 2), index: view.getUint16(seqAt + 4) } } : {}),
      encryption: (attr >> 10) & 7,
      body: raw.subarray(bodyAt, raw.length - 1),
    },
  };
}

/**
 * Bytes of a message, flags and all.
 * @throws RangeError for a body of more than 1023 bytes or a phone that does not fit
 */
export function writeMessage(m: Pick<Message, 'id' | 'version' | 'phone' | 'seq' | 'part' | 'body'>): Uint8Array {
  const digits = m.version === 2019 ? 20 : 12;
  if (m.body.length > MAX_BODY_BYTES) throw new RangeError(`jt808: a body of ${m.body.length} bytes, at most ${MAX_BODY_BYTES}`);
  if (!/^[0-9a-f]+$/.test(m.phone) || m.phone.length > digits) throw new RangeError(`jt808: phone of at most ${digits} digits`);
  const seqAt = m.version === 2019 ? 15 : 10;
  const bodyAt = seqAt + 2 + (m.part ? 4 : 0);
  const raw = new Uint8Array(bodyAt + m.body.length + 1);
  const view = new DataView(raw.buffer);
  view.setUint16(0, m.id);
  view.setUint16(2, m.body.length | (m.version === 2019 ? ATTR_2019 : 0) | (m.part ? ATTR_SPLIT : 0));
  if (m.version === 2019) raw[4] = 1;
  const phone = m.phone.padStart(digits, '0');
  const phoneAt = seqAt - digits / 2;
  for (let i = 0; i < digits / 2; i++) raw[phoneAt + i] = Number.parseInt(phone.slice(2 * i, 2 * i + 2), 16);
  view.setUint16(seqAt, m.seq);
  if (m.part) {
    view.setUint16(seqAt + 2, m.part.total);
    view.setUint16(seqAt + 4, m.part.index);
  }
  raw.set(m.body, bodyAt);
  raw[raw.length - 1] = xor(raw, raw.length - 1);
  return Uint8Array.from([FLAG, ...escaped(raw), FLAG]);
}

/**
 * Cuts a stream of bytes into what stands between flags. One flag may end a message and begin the next; bytes before the first flag and
 * a message longer than MAX_FRAME_BYTES are dropped and counted.
 */
export class Cutter {
  /** bytes that belonged to no message */
  dropped = 0;
  private held: Uint8Array[] = [];
  private size = 0;
  private inside = false;

  push(chunk: Uint8Array): Uint8Array[] {
    const out: Uint8Array[] = [];
    let from = 0;
    for (;;) {
      const at = chunk.indexOf(FLAG, from);
      const end = at < 0 ? chunk.length : at;
      this.keep(chunk.subarray(from, end));
      if (at < 0) return out;
      if (this.inside && this.size > 0) out.push(this.take());
      this.inside = true;
      this.held = [];
      this.size = 0;
      from = at + 1;
    }
  }
  /** bytes of a message whose end has not come */
  get pending() {
    return this.size;
  }
  private keep(bytes: Uint8Array) {
    if (bytes.length === 0) return;
    if (!this.inside) {
      this.dropped += bytes.length;
      return;
    }
    this.held.push(bytes.slice());
    this.size += bytes.length;
    if (this.size <= MAX_FRAME_BYTES) return;
    this.dropped += this.size;
    this.held = [];
    this.size = 0;
    this.inside = false;
  }
  private take(): Uint8Array {
    if (this.held.length === 1) return this.held[0]!;
    const whole = new Uint8Array(this.size);
    let at = 0;
    for (const h of this.held) {
      whole.set(h, at);
      at += h.length;
    }
    return whole;
  }
}

/**
 * The number a terminal is known by, whichever header carries it: its phone number without the zeros in front. The same terminal after an
 * update to 2019 is the same device.
 */
export const deviceNumber = (phone: string) => phone.replace(/^0+(?=.)/, '');
