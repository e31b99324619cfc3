import { ByteReader, ByteWriter } from './bytes.ts';
import { joinedOr, ordered, readTimes, unitOf, writeTimes } from './columns.ts';

/**
 * 冷存 of readings: what one sensor read within one span of time <-> bytes. A chunk is any number of blocks, one behind the other: what
 * comes later, late or twice is appended as a block of its own, and reading puts the blocks in order. Nothing is lost that a frame keeps
 * (model/frame): milliseconds, and values as float32.
 *
 *   chunk  := block*
 *   block  := n varint (> 0) | form u8 | first zigzag (time of the first, from the start of the span) | times | values
 *   form   := bits 0-2 decimals of the values, 0 … 6, or 7 = float32 as they are; bit 3 = times in whole seconds, else milliseconds
 *   times  := n - 1 zigzag: what a distance differs from the one before it (the first from 0). A steady sensor takes one byte
 *   values := decimals < 7: n zigzag of value · 10^decimals, each from the one before (the first from 0)
 *             decimals = 7: n f32 little-endian
 *
 * Sensors measure in steps (25.4 °C, 0.31 m), so that differences of decimals are small numbers where float32 are noise. An encoder takes
 * decimals only where they give back every float32 to the bit. After Pelkonen et al., Gorilla, PVLDB 8(12), 2015 (differences of
 * differences); byte-wise, because a street's year fits on any disk and a reader of bytes is short.
 */
export const CHUNK_MS = 6 * 3_600_000;
/** Start of the span that holds a moment; spans are the same for every sensor. */
export const chunkStart = (at: number) => Math.floor(at / CHUNK_MS) * CHUNK_MS;

/**
 * Columns of readings. `at` epoch ms, ascending, each moment once; `value` in the unit of the kind: the decimal the device wrote, 25.4,
 * where it was kept as one, else the float32. Either way its float32 is what was kept.
 */
export type Series = {
  readonly at: readonly number[];
  readonly value: readonly number[];
};
export const noSeries: Series = { at: [], value: [] };

const RAW = 7;
const SECONDS = 8;
const SCALE = [1, 10, 100, 1e3, 1e4, 1e5, 1e6];
/** Beyond it a product with 10^d is no longer a whole number that can be trusted. */
const LARGEST = 2 ** 50;

const scaled = (value: number, decimals: number) => Math.round(value * SCALE[decimals]!);
const unscaled = (n: number, decimals: number) => n / SCALE[decimals]!;
const fits = (value: number, decimals: number) => {
  const n = scaled(value, decimals);
  return Math.abs(n) < LARGEST && Math.fround(unscaled(n, decimals)) === value;
};
/** The fewest decimals that give back all of them; 7 = none do. */
function decimalsOf(values: readonly number[]): number {
  let d = 0;
  for (const v of values) while (d < RAW && !fits(v, d)) d += 1;
  return d < RAW && values.every((v) => fits(v, d)) ? d : RAW; // a large value may fit fewer decimals only
}

const writer = new ByteWriter();
/**
 * One block of readings. Values are kept as float32.
 * @param start of the span, epoch ms; the readings should lie in it
 * @throws RangeError when the times do not ascend, or there are none
 */
export function encodeReadings(start: number, { at, value }: Series): Uint8Array {
  const n = at.length;
  if (n === 0) throw new RangeError('a block of no readings');
  const values = value.map(Math.fround);
  const decimals = decimalsOf(values);
  const unit = unitOf(start, at);
  const w = writer.restart();
  w.varint(n);
  w.u8(decimals | (unit === 1000 ? SECONDS : 0));
  writeTimes(w, start, at, unit);
  if (decimals === RAW) for (const v of values) w.f32(v);
  else {
    let last = 0;
    for (const v of values) {
      const s = scaled(v, decimals);
      w.zigzag(s - last);
      last = s;
    }
  }
  return w.take();
}

/**
 * What a chunk holds: ascending, each moment once; of two values at one moment the one appended later.
 * @param start of its span, epoch ms
 * @throws RangeError when the bytes are not a chunk
 */
export function decodeReadings(start: number, bytes: Uint8Array): Series {
  const r = new ByteReader(bytes);
  const at: number[] = [];
  const value: number[] = [];
  while (r.left > 0) {
    const n = r.varint();
    const form = r.u8();
    const decimals = form % SECONDS;
    if (form >= 2 * SECONDS) throw new RangeError('chunk: unknown form of a block');
    if (n === 0 || n > r.left) throw new RangeError('chunk: more readings than bytes');
    readTimes(r, start, n, form >= SECONDS ? 1000 : 1, at);
    let last = 0;
    for (let i = 0; i < n; i++) {
      if (decimals === RAW) value.push(r.f32());
      else {
        last += r.zigzag();
        value.push(unscaled(last, decimals));
      }
    }
  }
  return ordered({ at, value });
}

/** Several as one; of two values at one moment that of the later series. */
export const joined = (parts: readonly Series[]): Series => joinedOr(noSeries, parts);
