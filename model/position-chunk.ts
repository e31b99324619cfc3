import { ByteReader, ByteWriter } from './bytes.ts';
import { ordered, readTimes, unitOf, writeTimes } from './columns.ts';

/**
 * 冷存 of positions: where one unit was within one hour <-> bytes. A chunk is any number of blocks, one behind the other, as in
 * reading-chunk.ts; nothing is lost that a frame keeps (model/frame).
 *
 *   chunk    := block*
 *   block    := n varint (> 0) | form u8 (1 = times in whole seconds, 0 = milliseconds) | times | lng | lat | headings | speeds
 *   times    := as in reading-chunk: from the start of the span, then differences of differences, zigzag
 *   lng, lat := n zigzag, 1e-7 degrees: the first, then what each step differs from the one before it (the first from 0). Who walks on
 *               takes two bytes each, who stands one
 *   headings := n u8, 360/256 degrees clockwise from north
 *   speeds   := n varint, 0.1 m/s
 */
export const POSITION_SPAN_MS = 3_600_000;

/**
 * Fixes of one unit. `at` epoch ms, ascending, each moment once; lng/lat whole 1e-7 degrees, heading degrees, speed m/s as a frame keeps
 * them.
 */
export type Fixes = {
  readonly at: readonly number[];
  readonly lng: readonly number[];
  readonly lat: readonly number[];
  readonly heading: readonly number[];
  readonly speed: readonly number[];
};
export const noFixes: Fixes = { at: [], lng: [], lat: [], heading: [], speed: [] };

/** Smallest fix: a byte each of place, place, heading, speed, time. */
const LEAST = 5;
const SECONDS = 1;
/** As a frame keeps them. */
export const keptHeading = (degrees: number) => Math.round((degrees * 256) / 360) & 0xff;
export const keptSpeed = (metresPerSecond: number) => Math.max(0, Math.round(metresPerSecond * 10));

function writePlaces(w: ByteWriter, column: readonly number[]) {
  let [last, step] = [0, 0];
  column.forEach((value, i) => {
    const next = value - last;
    w.zigzag(i === 0 ? value : next - step);
    step = i === 0 ? 0 : next;
    last = value;
  });
}
function readPlaces(r: ByteReader, n: number, out: number[]) {
  let [value, step] = [r.zigzag(), 0];
  out.push(value);
  for (let i = 1; i < n; i++) {
    step += r.zigzag();
    value += step;
    out.push(value);
  }
}

const writer = new ByteWriter();
/**
 * @param start of the span, epoch ms; the fixes should lie in it
 * @throws RangeError when the times do not ascend, or there are none
 */
export function encodeFixes(start: number, { at, lng, lat, heading, speed }: Fixes): Uint8Array {
  if (at.length === 0) throw new RangeError('a block of no fixes');
  const unit = unitOf(start, at);
  const w = writer.restart();
  w.varint(at.length);
  w.u8(unit === 1000 ? SECONDS : 0);
  writeTimes(w, start, at, unit);
  writePlaces(w, lng);
  writePlaces(w, lat);
  for (const degrees of heading) w.u8(keptHeading(degrees));
  for (const s of speed) w.varint(keptSpeed(s));
  return w.take();
}

/**
 * What a chunk holds: ascending, each moment once; of two fixes at one moment the one appended later.
 * @param start of its span, epoch ms
 * @throws RangeError when the bytes are not a chunk
 */
export function decodeFixes(start: number, bytes: Uint8Array): Fixes {
  const r = new ByteReader(bytes);
  const out = { at: [] as number[], lng: [] as number[], lat: [] as number[], heading: [] as number[], speed: [] as number[] };
  while (r.left > 0) {
    const n = r.varint();
    const form = r.u8();
    if (form > SECONDS) throw new RangeError('chunk: unknown form of a block');
    if (n === 0 || n * LEAST > r.left) throw new RangeError('chunk: more fixes than bytes');
    readTimes(r, start, n, form === SECONDS ? 1000 : 1, out.at);
    readPlaces(r, n, out.lng);
    readPlaces(r, n, out.lat);
    for (let i = 0; i < n; i++) out.heading.push((r.u8() * 360) / 256);
    for (let i = 0; i < n; i++) out.speed.push(r.varint() / 10);
  }
  return ordered(out);
}
