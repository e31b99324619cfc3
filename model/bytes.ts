/**
 * What the codecs of telemetry are made of. Varints are LEB128: little-endian groups of seven bits, the high bit says that more follow;
 * zigzag maps the sign into bit 0.
 */

/** Bytes that grow; one buffer serves many encodings, one after the other. */
export class ByteWriter {
  private buf = new Uint8Array(1024);
  private view = new DataView(this.buf.buffer);
  length = 0;
  private room(n: number) {
    if (this.length + n <= this.buf.length) return;
    const next = new Uint8Array(Math.max(this.buf.length * 2, this.length + n));
    next.set(this.buf.subarray(0, this.length));
    this.buf = next;
    this.view = new DataView(next.buffer);
  }
  u8(n: number) {
    this.room(1);
    this.buf[this.length++] = n;
  }
  /** Non-negative integers below 2^53. */
  varint(n: number) {
    this.room(10);
    while (n >= 0x80) {
      this.buf[this.length++] = (n % 0x80) | 0x80;
      n = Math.floor(n / 0x80);
    }
    this.buf[this.length++] = n;
  }
  zigzag(n: number) {
    this.varint(n < 0 ? -2 * n - 1 : 2 * n);
  }
  f32(n: number) {
    this.room(4);
    this.view.setFloat32(this.length, n, true);
    this.length += 4;
  }
  bytes(b: Uint8Array) {
    this.room(b.length);
    this.buf.set(b, this.length);
    this.length += b.length;
  }
  restart(): this {
    this.length = 0;
    return this;
  }
  /** The bytes so far, shared: valid until the next write. */
  peek(): Uint8Array {
    return this.buf.subarray(0, this.length);
  }
  take(): Uint8Array {
    return this.buf.slice(0, this.length);
  }
}

/** @throws RangeError when the bytes end inside a value, or a varint is no safe integer */
export class ByteReader {
  pos = 0;
  private readonly view: DataView;
  constructor(private readonly buf: Uint8Array) {
    this.view = new DataView(buf.buffer, buf.byteOffset, buf.byteLength);
  }
  get left() {
    return this.buf.length - this.pos;
  }
  u8() {
    const n = this.buf[this.pos++];
    if (n === undefined) throw new RangeError('bytes end inside a value');
    return n;
  }
  varint() {
    let n = 0;
    let scale = 1;
    for (;;) {
      const b = this.u8();
      n += (b & 0x7f) * scale;
      if (b < 0x80) break;
      scale *= 0x80;
      if (scale > 2 ** 49) throw new RangeError('varint too long');
    }
    if (n > Number.MAX_SAFE_INTEGER) throw new RangeError('varint too large');
    return n;
  }
  zigzag() {
    const n = this.varint();
    return n % 2 ? -(n + 1) / 2 : n / 2;
  }
  skipVarint() {
    while (this.u8() >= 0x80);
  }
  f32() {
    if (this.left < 4) throw new RangeError('bytes end inside a value');
    const n = this.view.getFloat32(this.pos, true);
    this.pos += 4;
    return n;
  }
}
