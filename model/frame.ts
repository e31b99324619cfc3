import { ByteReader, ByteWriter } from './bytes.ts';

/**
 * Telemetry frames <-> bytes. A frame is what one tick saw of moving things: per community one *segment*, encoded once,
 * concatenated for each screen from the segments it may see. Frames are stateless: none is a delta against another.
 *
 *   frame    := VERSION u8 | ageUnit u8 (ms per unit of age: 100 on the wire, 1 at rest) | at varint (epoch ms) | segment*
 *   segment  := key varint (index of the community + 1, 0 = outside) | length varint (bytes that follow) | payload
 *   payload  := west zigzag (1e-7 deg) | south zigzag | height varint | nPositions varint | position* | nReadings varint | reading*
 *   position := ix varint (difference to the one before, sorted) | place
 *               | heading u8 (360/256 deg, clockwise from north) | speed varint (0.1 m/s) | age<<3|status varint
 *   place    := varint of (lng - west) * height + (lat - south), both in 1e-7 deg; one number in mixed radix, because a
 *               community of a kilometre takes 33 bits together, five bytes, where two varints take six.
 *               When height is 0 (a segment too wide for 2^53): varint lng - west, then varint lat - south
 *   reading  := ix varint (difference) | value f32 little-endian | age<<3|status varint
 *
 * Varints and zigzag as in bytes.ts. `age` is frame time minus fix time,
 * never below 0: a fix from a clock ahead of the frame is given the frame's own time.
 */
export const FRAME_VERSION = 1;
export const WIRE_AGE_MS = 100;
export const REST_AGE_MS = 1;

/** Bits of `status`. */
/** Frames and chunks keep four bytes of a value: 31.4 comes back as 31.399999618. Seven digits are what was measured. */
export const asMeasured = (value: number) => Number(value.toPrecision(7));
export const STATUS_ONLINE = 1;
export const STATUS_SOS = 2;
export const STATUS_ALARM = 4;
/** Of a position at rest: handed in late. It belongs to the track and never moves the marker, not even where nothing newer was known. */
export const STATUS_PAST = 4;

/** Positions of one segment, struct of arrays. lng/lat are 1e-7 degrees (Int32), heading degrees, speed m/s, at epoch ms. */
export interface Positions {
  length: number;
  ix: Uint32Array;
  lng: Int32Array;
  lat: Int32Array;
  heading: Float32Array;
  speed: Float32Array;
  at: Float64Array;
  status: Uint8Array;
}
/** Readings of one segment. */
export interface Readings {
  length: number;
  ix: Uint32Array;
  value: Float32Array;
  at: Float64Array;
  status: Uint8Array;
}
export interface Segment {
  /** index of the community in code order + 1; 0 = outside every community */
  key: number;
  positions: Positions;
  readings: Readings;
}
export interface Frame {
  at: number;
  segments: Segment[];
}

export function positions(capacity: number): Positions {
  return {
    length: 0,
    ix: new Uint32Array(capacity),
    lng: new Int32Array(capacity),
    lat: new Int32Array(capacity),
    heading: new Float32Array(capacity),
    speed: new Float32Array(capacity),
    at: new Float64Array(capacity),
    status: new Uint8Array(capacity),
  };
}
export function readings(capacity: number): Readings {
  return {
    length: 0,
    ix: new Uint32Array(capacity),
    value: new Float32Array(capacity),
    at: new Float64Array(capacity),
    status: new Uint8Array(capacity),
  };
}

const ageUnits = (frameAt: number, at: number, unit: number) => Math.max(0, Math.round((frameAt - at) / unit));

/** Encoding never yields to other code, so one buffer serves every call. */
const scratch = new ByteWriter();
const envelope = new ByteWriter();

function step(ix: number, last: number): number {
  if (ix < last) throw new RangeError(`frame: ix ${ix} after ${last}, must ascend`);
  return ix - last;
}

function writePositions(w: ByteWriter, frameAt: number, p: Positions, ageMs: number) {
  let west = 0;
  let south = 0;
  let east = 0;
  let north = 0;
  for (let i = 0; i < p.length; i++) {
    const lng = p.lng[i] as number;
    const lat = p.lat[i] as number;
    if (i === 0 || lng < west) west = lng;
    if (i === 0 || lng > east) east = lng;
    if (i === 0 || lat < south) south = lat;
    if (i === 0 || lat > north) north = lat;
  }
  const rows = north - south + 1;
  const height = (east - west + 1) * rows <= Number.MAX_SAFE_INTEGER ? rows : 0;
  w.zigzag(west);
  w.zigzag(south);
  w.varint(height);
  w.varint(p.length);
  let last = 0;
  for (let i = 0; i < p.length; i++) {
    const ix = p.ix[i] as number;
    w.varint(step(ix, last));
    last = ix;
    const x = (p.lng[i] as number) - west;
    const y = (p.lat[i] as number) - south;
    if (height > 0) w.varint(x * height + y);
    else {
      w.varint(x);
      w.varint(y);
    }
    w.u8(Math.round(((p.heading[i] as number) * 256) / 360) & 0xff);
    w.varint(Math.max(0, Math.round((p.speed[i] as number) * 10)));
    w.varint(ageUnits(frameAt, p.at[i] as number, ageMs) * 8 + (p.status[i] as number));
  }
}

/**
 * One community's payload with its key and length in front: what is concatenated into frames. `ix` must not descend.
 * @throws RangeError when it does
 */
export function encodeSegment(key: number, frameAt: number, p: Positions, r: Readings, ageMs: number = WIRE_AGE_MS): Uint8Array {
  const w = scratch.restart();
  writePositions(w, frameAt, p, ageMs);
  w.varint(r.length);
  let last = 0;
  for (let i = 0; i < r.length; i++) {
    const ix = r.ix[i] as number;
    w.varint(step(ix, last));
    last = ix;
    w.f32(r.value[i] as number);
    w.varint(ageUnits(frameAt, r.at[i] as number, ageMs) * 8 + (r.status[i] as number));
  }
  const head = envelope.restart();
  head.varint(key);
  head.varint(w.length);
  head.bytes(w.peek());
  return head.take();
}

/** Header plus encoded segments. All segments must have been encoded with the same frame time and age unit. */
export function encodeFrame(frameAt: number, segments: readonly Uint8Array[], ageMs: number = WIRE_AGE_MS): Uint8Array {
  const w = envelope.restart();
  w.u8(FRAME_VERSION);
  w.u8(ageMs);
  w.varint(frameAt);
  for (const s of segments) w.bytes(s);
  return w.take();
}

/** Smallest encodings: what a count may claim at most of the bytes that are there. */
const MIN_POSITION = 5;
const MIN_READING = 6;

function readPositions(r: ByteReader, end: number, at: number, ageMs: number): Positions {
  const west = r.zigzag();
  const south = r.zigzag();
  const height = r.varint();
  const n = r.varint();
  if (n * MIN_POSITION > end - r.pos) throw new RangeError('frame: more positions than bytes');
  const p = positions(n);
  p.length = n;
  let ix = 0;
  for (let i = 0; i < n; i++) {
    ix += r.varint();
    const place = r.varint();
    const x = height > 0 ? Math.floor(place / height) : place;
    const lng = west + x;
    const lat = south + (height > 0 ? place - x * height : r.varint());
    if (ix > 0xffffffff || Math.abs(lng) > 0x7fffffff || Math.abs(lat) > 0x7fffffff) throw new RangeError('frame: number out of range');
    p.ix[i] = ix;
    p.lng[i] = lng;
    p.lat[i] = lat;
    p.heading[i] = (r.u8() * 360) / 256;
    p.speed[i] = r.varint() / 10;
    const tail = r.varint();
    p.status[i] = tail % 8;
    p.at[i] = at - Math.floor(tail / 8) * ageMs;
  }
  return p;
}

function readReadings(r: ByteReader, end: number, at: number, ageMs: number): Readings {
  const n = r.varint();
  if (n * MIN_READING > end - r.pos) throw new RangeError('frame: more readings than bytes');
  const q = readings(n);
  q.length = n;
  let ix = 0;
  for (let i = 0; i < n; i++) {
    ix += r.varint();
    if (ix > 0xffffffff) throw new RangeError('frame: number out of range');
    q.ix[i] = ix;
    q.value[i] = r.f32();
    const tail = r.varint();
    q.status[i] = tail % 8;
    q.at[i] = at - Math.floor(tail / 8) * ageMs;
  }
  return q;
}

function skipPositions(r: ByteReader) {
  r.skipVarint(); // west
  r.skipVarint(); // south
  const height = r.varint();
  for (let n = r.varint(); n > 0; n--) {
    r.skipVarint(); // ix
    r.skipVarint(); // place
    if (height === 0) r.skipVarint();
    r.u8(); // heading
    r.skipVarint(); // speed
    r.skipVarint(); // age and status
  }
}

/**
 * Every reading of a frame, and nothing else decoded.
 * @param seen at epoch ms
 * @throws RangeError as `decodeFrame`
 */
export function everyReading(bytes: Uint8Array, seen: (ix: number, at: number, value: number) => void) {
  const { r, at, ageMs } = openFrame(bytes);
  while (r.left > 0) {
    const { end } = openSegment(r);
    skipPositions(r);
    let ix = 0;
    for (let n = r.varint(); n > 0; n--) {
      ix += r.varint();
      const value = r.f32();
      seen(ix, at - Math.floor(r.varint() / 8) * ageMs, value);
    }
    if (r.pos !== end) throw new RangeError('frame: segment length does not match its content');
  }
}

/**
 * Every position of a frame, and nothing else decoded. lng/lat 1e-7 degrees, heading degrees, speed m/s.
 * @param seen at epoch ms; status as `STATUS_…`
 * @throws RangeError as `decodeFrame`
 */
export function everyPosition(
  bytes: Uint8Array,
  seen: (ix: number, at: number, lng: number, lat: number, heading: number, speed: number, status: number) => void,
) {
  const { r, at, ageMs } = openFrame(bytes);
  while (r.left > 0) {
    const { end } = openSegment(r);
    const p = readPositions(r, end, at, ageMs);
    for (let i = 0; i < p.length; i++) seen(p.ix[i]!, p.at[i]!, p.lng[i]!, p.lat[i]!, p.heading[i]!, p.speed[i]!, p.status[i]!);
    r.pos = end;
  }
}

function openFrame(bytes: Uint8Array) {
  const r = new ByteReader(bytes);
  const version = r.u8();
  if (version !== FRAME_VERSION) throw new RangeError(`frame: version ${version}, expected ${FRAME_VERSION}`);
  const ageMs = r.u8();
  return { r, ageMs, at: r.varint() };
}

function openSegment(r: ByteReader) {
  const key = r.varint();
  const length = r.varint();
  if (length > r.left) throw new RangeError('frame: segment longer than the frame');
  return { key, end: r.pos + length };
}

/**
 * Decode a frame; `keys` keeps only those segments (a scoped reader skips the rest without decoding).
 * @throws RangeError on an unknown version, a truncated value, or counts that cannot fit the bytes.
 */
export function decodeFrame(bytes: Uint8Array, keys?: ReadonlySet<number>): Frame {
  const { r, at, ageMs } = openFrame(bytes);
  const segments: Segment[] = [];
  while (r.left > 0) {
    const { key, end } = openSegment(r);
    if (keys && !keys.has(key)) {
      r.pos = end;
      continue;
    }
    const p = readPositions(r, end, at, ageMs);
    const q = readReadings(r, end, at, ageMs);
    if (r.pos !== end) throw new RangeError('frame: segment length does not match its content');
    segments.push({ key, positions: p, readings: q });
  }
  return { at, segments };
}
