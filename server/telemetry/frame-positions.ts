import { decodeFrame } from '../../model/frame.ts';
import type { FixColumns, PositionHistory } from './position-history.ts';
import type { FrameSource } from './reader.ts';

const PAGE_MS = 10 * 60_000;
const HANDED_IN_MS = 60 * 60_000;
const DAY_MS = 86_400_000;
type Row = readonly [at: number, lng: number, lat: number, heading: number, speed: number];

/** Positions out of the frames at rest, by device time; what was handed in more than an hour late is not found. */
export function framePositions(store: FrameSource): PositionHistory {
  async function gather(from: number, to: number, wanted: ReadonlySet<number> | null) {
    const rows = new Map<number, Map<number, Row>>();
    for (let page = from; page < to + HANDED_IN_MS; page += PAGE_MS)
      for (const { bytes } of await store.framesBetween(page, Math.min(page + PAGE_MS, to + HANDED_IN_MS)))
        for (const { positions: p } of decodeFrame(bytes).segments)
          for (let i = 0; i < p.length; i++) {
            const [ix, at] = [p.ix[i]!, p.at[i]!];
            if (at < from || at >= to || (wanted && !wanted.has(ix))) continue;
            const of = rows.get(ix) ?? new Map<number, Row>();
            rows.set(ix, of.set(at, [at, p.lng[i]!, p.lat[i]!, p.heading[i]!, p.speed[i]!]));
          }
    return new Map([...rows].map(([ix, of]) => [ix, columns([...of.values()].sort((a, b) => a[0] - b[0]))]));
  }
  return {
    read: (units, from, to) => gather(from, to, new Set(units)),
    async before(at) {
      const all = await gather(at - DAY_MS, at + 1, null);
      return new Map(
        [...all].map(([ix, f]) => [ix, columns([[f.at.at(-1)!, f.lng.at(-1)!, f.lat.at(-1)!, f.heading.at(-1)!, f.speed.at(-1)!]])]),
      );
    },
  };
}

const columns = (rows: readonly Row[]): FixColumns => ({
  length: rows.length,
  at: Float64Array.from(rows, (r) => r[0]),
  lng: Int32Array.from(rows, (r) => r[1]),
  lat: Int32Array.from(rows, (r) => r[2]),
  heading: Float32Array.from(rows, (r) => r[3]),
  speed: Float32Array.from(rows, (r) => r[4]),
});
