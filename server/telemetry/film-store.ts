import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import type { ReelRow, ReelStore } from '../store/reels.ts';
import type { FrameRow, Store } from '../store/store.ts';
import { decodeReelRows, REEL_MS, type ReelRows, reelStart } from './film-reel.ts';

const inflate = promisify<Uint8Array, Buffer>(inflateRaw);
/** bytes of unpacked reels kept for who scrubs to and fro */
const KEPT_BYTES = 48_000_000;

/** The film at rest, whichever way it lies: rows of the last hour or so, reels before. Both are the same rows to the letter. */
export interface FilmStore extends Pick<Store, 'framesBetween' | 'keyframeBefore'> {
  /** time of the first frame or keyframe at or after `ms`, or of a moment before it without any between; null = there is none */
  rowAfter(ms: number): Promise<number | null>;
  /** time of the first keyframe: from then on every moment can be shown as it was; null = there is none */
  begin(): Promise<number | null>;
}

export function filmStore(rows: Pick<Store, 'framesBetween' | 'keyframeBefore'>, reels: ReelStore): FilmStore {
  const kept = new Map<string, Promise<ReelRows>>();
  const sizes = new Map<string, number>();
  let keptBytes = 0;

  /** A reel that was packed anew (something came late) is another one: its size differs. */
  function opened(reel: ReelRow): Promise<ReelRows> {
    const key = `${reel.start} ${reel.bytes.length} ${reel.raw}`;
    const known = kept.get(key);
    if (known) {
      kept.delete(key);
      kept.set(key, known);
      return known;
    }
    const unpacked = inflate(reel.bytes).then((bytes) => decodeReelRows(reel.start, bytes));
    kept.set(key, unpacked);
    sizes.set(key, reel.raw);
    keptBytes += reel.raw;
    for (const old of kept.keys()) {
      if (keptBytes <= KEPT_BYTES || old === key) break;
      kept.delete(old);
      keptBytes -= sizes.get(old)!;
      sizes.delete(old);
    }
    return unpacked;
  }

  return {
    async framesBetween(from, to) {
      // rows first: what is packed meanwhile is then found twice, never not at all
      const loose = await rows.framesBetween(from, to);
      const packed: FrameRow[] = [];
      for (const reel of await reels.between(reelStart(from), to)) {
        for (const f of (await opened(reel)).frames) if (f.at >= from && f.at < to) packed.push(f);
      }
      if (packed.length === 0) return loose;
      const last = packed.at(-1)!.at;
      const also = loose.filter((f) => f.at > last);
      if (also.length === loose.length) return [...packed, ...loose];
      const known = new Map([...packed, ...loose].map((f) => [f.at, f]));
      return [...known.values()].sort((a, b) => a.at - b.at);
    },
    async keyframeBefore(ms) {
      const loose = await rows.keyframeBefore(ms);
      const reel = await reels.keyframed(ms, loose ? loose.at - REEL_MS : 0);
      const packed = reel && (await opened(reel)).keyframes.findLast((k) => k.at <= ms);
      return packed && (!loose || packed.at > loose.at) ? packed : loose;
    },
    begin: () => reels.firstKeyframe(),
    async rowAfter(ms) {
      const loose = await reels.looseAfter(ms);
      const start = await reels.startAfter(reelStart(ms));
      if (start === null) return loose;
      const packed = Math.max(ms, start);
      return loose === null ? packed : Math.min(loose, packed);
    },
  };
}
