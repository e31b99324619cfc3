import { ByteReader, ByteWriter } from '../../model/bytes.ts';
import type { FrameRow } from '../store/store.ts';

/**
 * Film of ten minutes as one run of bytes, in order of time, to the letter:
 *
 *   reel := (kind u8: 0 frame, 1 keyframe | since varint, ms after the row before (the first: after the start) | length varint | bytes)*
 *
 * A keyframe and a frame never share a moment (open-telemetry gives every row a time of its own).
 */
export const REEL_MS = 10 * 60_000;
export const reelStart = (at: number) => Math.floor(at / REEL_MS) * REEL_MS;

export interface ReelRows {
  readonly keyframes: readonly FrameRow[];
  readonly frames: readonly FrameRow[];
}

/** Both ascending. */
export function encodeReelRows(start: number, { keyframes, frames }: ReelRows): Uint8Array {
  const w = new ByteWriter();
  let last = start;
  const put = (kind: number, { at, bytes }: FrameRow) => {
    w.u8(kind);
    w.varint(at - last);
    w.varint(bytes.length);
    w.bytes(bytes);
    last = at;
  };
  let k = 0;
  for (const frame of frames) {
    while (k < keyframes.length && keyframes[k]!.at <= frame.at) put(1, keyframes[k++]!);
    put(0, frame);
  }
  while (k < keyframes.length) put(1, keyframes[k++]!);
  return w.take();
}

/** The rows share the bytes given. @throws RangeError when they are no reel */
export function decodeReelRows(start: number, bytes: Uint8Array): ReelRows {
  const keyframes: FrameRow[] = [];
  const frames: FrameRow[] = [];
  const r = new ByteReader(bytes);
  let at = start;
  while (r.left > 0) {
    const kind = r.u8();
    at += r.varint();
    const length = r.varint();
    if (kind > 1 || length > r.left) throw new RangeError('reel: not a row of film');
    (kind === 1 ? keyframes : frames).push({ at, bytes: bytes.subarray(r.pos, r.pos + length) });
    r.pos += length;
  }
  return { keyframes, frames };
}
