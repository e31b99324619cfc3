import { ByteReader, ByteWriter } from './bytes.ts';
import type { Entry } from './ledger.ts';
import type { WorldJson } from './world.ts';

/**
 * Film: what a time machine is fed with. A *moment* is the world and the latest table as of T, what a screen gets when it joins live; a *reel*
 * is what happened in (from, to]: the ledger's entries and the telemetry frames, what a screen gets while it watches live. Both are one
 * binary answer, so that the screen decodes them with what it already has (worldFromJson, fold, decodeFrame).
 *
 *   moment := VERSION u8 | 1 u8 | length varint | JSON {at, source, world} | keyframe
 *   reel   := VERSION u8 | 2 u8 | length varint | JSON {from, to, source, cut, entries} | (at varint | length varint | frame)*
 */
export const FILM_VERSION = 1;
/** The longest reel, ms. */
export const MOST_REEL_MS = 10 * 60_000;

/**
 * `film`: the frames that were written while it was live, to the letter. `rebuilt`: from what the devices said of that time (their own clocks),
 * where no frames were written or kept: before the server's first start, after the film's retention.
 */
export type FilmSource = 'film' | 'rebuilt';

export interface Moment {
  /** epoch ms */
  readonly at: number;
  readonly source: FilmSource;
  readonly world: WorldJson;
  /** frame (model/frame.ts) of every unit and sensor known then, within the reader's scope */
  readonly frame: Uint8Array;
}
export interface ReelFrame {
  /** epoch ms: when it was written, so when it is to be shown */
  readonly at: number;
  readonly bytes: Uint8Array;
}
export interface Reel {
  /** exclusive, epoch ms */
  readonly from: number;
  /** inclusive */
  readonly to: number;
  readonly source: FilmSource;
  /** entries that this reader cannot be given one by one (a register changed for a scoped reader): go on from the moment at `to` */
  readonly cut: boolean;
  readonly entries: readonly Entry[];
  readonly frames: readonly ReelFrame[];
}

const MOMENT = 1;
const REEL = 2;

function begin(kind: number, head: unknown): ByteWriter {
  const w = new ByteWriter();
  w.u8(FILM_VERSION);
  w.u8(kind);
  const json = new TextEncoder().encode(JSON.stringify(head));
  w.varint(json.length);
  w.bytes(json);
  return w;
}
function open<T>(bytes: Uint8Array, kind: number): { head: T; r: ByteReader } {
  const r = new ByteReader(bytes);
  const version = r.u8();
  if (version !== FILM_VERSION) throw new RangeError(`film: version ${version}, expected ${FILM_VERSION}`);
  const given = r.u8();
  if (given !== kind) throw new RangeError(`film: part ${given}, expected ${kind}`);
  return { head: JSON.parse(new TextDecoder().decode(part(bytes, r, r.varint()))) as T, r };
}
function part(bytes: Uint8Array, r: ByteReader, length: number): Uint8Array {
  if (length > r.left) throw new RangeError('film: a part is longer than the film');
  const from = r.pos;
  r.pos += length;
  return bytes.subarray(from, r.pos);
}

export function encodeMoment({ frame, ...head }: Moment): Uint8Array {
  const w = begin(MOMENT, head);
  w.bytes(frame);
  return w.take();
}
/** @throws RangeError for what is not a moment of this version */
export function decodeMoment(bytes: Uint8Array): Moment {
  const { head, r } = open<Omit<Moment, 'frame'>>(bytes, MOMENT);
  return { ...head, frame: part(bytes, r, r.left) };
}

export function encodeReel({ frames, ...head }: Reel): Uint8Array {
  const w = begin(REEL, head);
  for (const f of frames) {
    w.varint(f.at);
    w.varint(f.bytes.length);
    w.bytes(f.bytes);
  }
  return w.take();
}
/** @throws RangeError for what is not a reel of this version */
export function decodeReel(bytes: Uint8Array): Reel {
  const { head, r } = open<Omit<Reel, 'frames'>>(bytes, REEL);
  const frames: ReelFrame[] = [];
  while (r.left > 0) {
    const at = r.varint();
    frames.push({ at, bytes: part(bytes, r, r.varint()) });
  }
  return { ...head, frames };
}
