import { decodeFrame } from '../../model/frame.ts';
import { type Latest, latest, replayFrame } from '../../model/latest.ts';
import type { FrameRow, Store } from '../store/store.ts';
import type { TelemetryReader } from './telemetry.ts';

/** Frames are read in pages, so that a gap in the keyframes never asks for hours of film at once. */
const PAGE_MS = 10 * 60_000;

export type FrameSource = Pick<Store, 'framesBetween' | 'keyframeBefore'>;

/** From the first frame at rest, where there is no keyframe before: the film is short then (its first minute). */
async function* filmOf(store: FrameSource, keyframe: FrameRow | null, to: number): AsyncGenerator<FrameRow> {
  if (!keyframe) {
    for (const row of await store.framesBetween(0, to + 1)) yield row;
    return;
  }
  for (let from = keyframe.at; from <= to; from += PAGE_MS)
    for (const row of await store.framesBetween(from, Math.min(from + PAGE_MS, to + 1))) yield row;
}

/** The hot form: one frame a second, a keyframe a minute. `seen` is told of each row in order. */
export async function latestAt(store: FrameSource, ms: number, seen?: (row: FrameRow) => void): Promise<Latest> {
  const table = latest();
  const keyframe = await store.keyframeBefore(ms);
  if (keyframe) {
    replayFrame(table, decodeFrame(keyframe.bytes));
    seen?.(keyframe);
  }
  for await (const row of filmOf(store, keyframe, ms)) {
    replayFrame(table, decodeFrame(row.bytes));
    seen?.(row);
  }
  return table;
}

export const hotReader = (store: FrameSource): TelemetryReader => ({
  at: (ms) => latestAt(store, ms),
  film: async (from, to) => {
    const keyframe = await store.keyframeBefore(from);
    return { keyframe, frames: await store.framesBetween(keyframe?.at ?? from, to + 1) };
  },
});
