import { decodeFrame } from '../../model/frame.ts';
import { type Latest, latest, replayFrame } from '../../model/latest.ts';
import type { FrameRow, Store } from '../store/store.ts';
import type { TelemetryReader } from './telemetry.ts';

/** Frames are read in pages, so that a gap in the keyframes never asks for hours of film at once. */
const PAGE_MS = 10 * 60_000;

export interface FrameSource extends Pick<Store, 'framesBetween' | 'keyframeBefore'> {
  /** A moment at or before the first row at or after `ms`, without any row between; null = none follows. */
  rowAfter(ms: number): Promise<number | null>;
}

/** From the first frame at rest where there is no keyframe before. What lies between two films (the server was away) is stepped over. */
async function* filmOf(store: FrameSource, keyframe: FrameRow | null, to: number): AsyncGenerator<FrameRow> {
  const end = to + 1;
  for (let from = keyframe?.at ?? 0; from < end; ) {
    const start = keyframe && from === keyframe.at ? from : ((await store.rowAfter(from)) ?? end);
    from = Math.min(start + PAGE_MS, end);
    if (start < end) yield* await store.framesBetween(start, from);
  }
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
