import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { ReelStore } from '../store/reels.ts';
import type { FrameRow, Store } from '../store/store.ts';
import { decodeReelRows, encodeReelRows, REEL_MS, reelStart } from './film-reel.ts';
import type { Log } from './frame-writer.ts';
import { type Every, everyInterval } from './open-telemetry.ts';

const deflate = promisify<Uint8Array, object, Buffer>(deflateRaw);
const inflate = promisify<Uint8Array, Buffer>(inflateRaw);
/** Ten minutes are packed when they have been over so long: whatever waits to be written is at rest by then. */
export const PACK_AFTER_MS = 60 * 60_000;
const EVERY_MS = 5 * 60_000;
const DAY_MS = 86_400_000;
const LEVEL = { level: 6 };

/** Packs the film into reels behind the live path, and lets go of what is older than it is kept. */
export interface FilmKeeper {
  /** Pack what has been over for long enough, now. */
  pack(): Promise<void>;
  stats(): { readonly reelsPacked: number };
  close(): Promise<void>;
}

export function openFilmKeeper(parts: {
  readonly store: Pick<Store, 'framesBetween'>;
  readonly reels: ReelStore;
  readonly now: () => number;
  readonly filmDays: number;
  readonly log: Log;
  readonly every?: Every;
}): FilmKeeper {
  const { store, reels, now, log } = parts;
  let closing = false;
  let reelsPacked = 0;

  async function packOne(start: number) {
    const end = start + REEL_MS;
    const frames = await store.framesBetween(start, end);
    const keyframes = await reels.keyframesBetween(start, end);
    // packed before, and something came late: both together
    const [before] = await reels.between(start, start);
    const had = before ? decodeReelRows(start, await inflate(before.bytes)) : { frames: [], keyframes: [] };
    const rows = { frames: merged(had.frames, frames), keyframes: merged(had.keyframes, keyframes) };
    const raw = encodeReelRows(start, rows);
    const reel = { start, keyframe: rows.keyframes[0]?.at ?? null, raw: raw.length, bytes: await deflate(raw, LEVEL) };
    await reels.pack(
      reel,
      frames.map((f) => f.at),
      keyframes.map((k) => k.at),
    );
    reelsPacked += 1;
  }
  async function pack() {
    await reels.dropBefore(reelStart(now() - parts.filmDays * DAY_MS));
    for (let from = 0; !closing; ) {
      const at = await reels.looseAfter(from);
      if (at === null || reelStart(at) + REEL_MS + PACK_AFTER_MS > now()) return;
      await packOne(reelStart(at));
      from = reelStart(at) + REEL_MS;
      await turn();
    }
  }
  let packing = Promise.resolve();
  const packSoon = () => {
    packing = packing.then(pack).catch((error: Error) => log.warn({ reason: error.message.slice(0, 200) }, 'film not packed'));
    return packing;
  };
  packSoon();
  const stop = (parts.every ?? everyInterval)(EVERY_MS, () => void packSoon());
  return {
    pack: packSoon,
    stats: () => ({ reelsPacked }),
    async close() {
      closing = true;
      stop();
      await packing;
    },
  };
}

/** Each moment once, ascending. */
const merged = (had: readonly FrameRow[], more: readonly FrameRow[]): FrameRow[] =>
  had.length === 0 ? [...more] : [...new Map([...had, ...more].map((r) => [r.at, r])).values()].sort((a, b) => a.at - b.at);
