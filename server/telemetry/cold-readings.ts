import { asMeasured, everyReading } from '../../model/frame.ts';
import { CHUNK_MS, chunkStart, decodeReadings, encodeReadings, joined, noSeries, type Series, within } from '../../model/reading-chunk.ts';
import type { ChunkRow, ChunkStore } from '../store/chunks.ts';
import type { Store } from '../store/store.ts';
import type { Log } from './frame-writer.ts';
import { type Every, everyInterval } from './open-telemetry.ts';
import { ReadingLog } from './reading-log.ts';

/** What the sensors read over weeks. Written behind the live path: at worst it lags, it never holds anything up. */
export interface ColdReadings {
  /** A reading that was taken, live or late. `value` in the unit of the kind, at device time. */
  add(ix: number, at: number, value: number): void;
  /** What one sensor read between two device times, both included: chunks at rest and what is still to be written. */
  between(ix: number, from: number, to: number): Promise<Series>;
  /** The same of several sensors, cut where spans of chunks begin: by ix, then by start of the span, ascending. */
  spans(sensors: readonly number[], from: number, to: number): Promise<ReadonlyMap<number, ReadonlyMap<number, Series>>>;
  /** bytes of their chunks at rest in that time: what reading them would take */
  weigh(sensors: readonly number[], from: number, to: number): Promise<number>;
  /** Write what is buffered. Resolves when it is at rest; rejects when the store refused it (it stays buffered). */
  flush(): Promise<void>;
  /** Resolves when everything the frames hold beyond the chunks has been taken over. */
  readonly caughtUp: Promise<void>;
  stats(): ColdStats;
  close(): Promise<void>;
}
export interface ColdStats {
  readonly buffered: number;
  readonly bufferBytes: number;
  readonly chunksWritten: number;
  readonly writeFailures: number;
}

interface Parts {
  readonly chunks: ChunkStore;
  readonly store: Pick<Store, 'framesBetween'>;
  readonly now: () => number;
  readonly retentionDays: number;
  /** so far back frames may be at rest */
  readonly framesHours: number;
  readonly log: Log;
  readonly every?: Every;
  /** readings that are written before their time is up */
  readonly most?: number;
}

const FLUSH_MS = 5 * 60_000;
const TIDY_MS = 60 * 60_000;
/** 40 MB of buffer: at 5,000 readings a second it is never full before its five minutes are over. */
const MOST = 2_000_000;
const BATCH_ROWS = 1000;
const BATCH_BYTES = 1_000_000;
/** Frames of one minute are read at a time, those of the last minute first. */
const PAGE_MS = 60_000;
/** So long the event loop is held at most. */
const SLICE_MS = 5;
const DAY_MS = 86_400_000;
/** Readings may still come late: a span is packed when it has been over so long. */
const PACK_AFTER_MS = 60 * 60_000;

/** Called between pieces of work: lets others have their turn after five milliseconds. */
export function slices(): () => Promise<void> | void {
  let since = performance.now();
  return () => {
    if (performance.now() - since < SLICE_MS) return;
    return new Promise<void>((resolve) => {
      setImmediate(() => {
        since = performance.now();
        resolve();
      });
    });
  };
}
/** Memory keeps float32; seven digits are what a device said. */
const asSaid = ({ at, value }: Series): Series => ({ at, value: value.map(asMeasured) });
const seriesOf = (row: ChunkRow) => decodeReadings(row.start, row.bytes);
/** Starts of the spans that touch [from, to]. */
const startsOf = (from: number, to: number) =>
  Array.from({ length: Math.max(0, Math.floor((to - chunkStart(from)) / CHUNK_MS) + 1) }, (_, i) => chunkStart(from) + i * CHUNK_MS);

/** Take up where the process before left off: see docs/decisions/014-readings-at-rest.md. */
export async function openColdReadings(parts: Parts): Promise<ColdReadings> {
  const { chunks, store, now, log, retentionDays } = parts;
  const most = parts.most ?? MOST;
  let active = new ReadingLog();
  /** being written, and still answered from */
  let leaving: ReadingLog | null = null;
  let spare: ReadingLog | null = null;
  let writing: Promise<void> | null = null;
  let chunksWritten = 0;
  let writeFailures = 0;
  let closing = false;
  /** the frames hold nothing that is not in the chunks or in `active` */
  let whole = false;
  /** what the mark becomes when `leaving` is written; null = it stays */
  let covers: number | null = null;
  const oldest = () => now() - retentionDays * DAY_MS;
  const complain = (what: string) => (error: Error) => log.warn({ reason: error.message.slice(0, 200) }, what);

  async function write(readings: ReadingLog) {
    let rows: ChunkRow[] = [];
    let bytes = 0;
    const put = async () => {
      await chunks.append(rows);
      chunksWritten += rows.length;
      rows = [];
      bytes = 0;
    };
    for (const sensor of readings.sensors()) {
      for (const [start, part] of bySpan(readings.of(sensor))) {
        const block = encodeReadings(start, part);
        rows.push({ start, sensor, bytes: block });
        bytes += block.length;
      }
      if (rows.length >= BATCH_ROWS || bytes >= BATCH_BYTES) await put();
    }
    await put();
  }
  /** What a write before could not bring to rest goes first. */
  async function flushNow() {
    if (!leaving) {
      if (active.length === 0 && !whole) return;
      leaving = active;
      covers = whole ? now() : null;
      active = spare ?? new ReadingLog();
      spare = null;
    }
    try {
      await write(leaving);
      if (covers !== null) await chunks.setMark(covers);
    } catch (error) {
      writeFailures += 1;
      throw error;
    }
    leaving.clear();
    spare = leaving;
    leaving = null;
  }
  const flush = () => {
    writing ??= flushNow().finally(() => {
      writing = null;
    });
    return writing;
  };

  /** Readings that were in no chunk when the process before ended. From now backwards: what is asked for most is there first. */
  async function catchUp() {
    const end = now();
    const mark = await chunks.mark();
    const begin = Math.max(mark?.at ?? 0, end - parts.framesHours * 3_600_000);
    const slice = slices();
    for (let to = end + 1; to > begin && !closing; to -= PAGE_MS) {
      for (const row of await store.framesBetween(Math.max(begin, to - PAGE_MS), to)) {
        everyReading(row.bytes, add);
        await slice();
      }
      while (active.length >= most && !closing) await flush().catch(() => new Promise((later) => setTimeout(later, 1000)));
    }
    whole = !closing;
  }

  function add(ix: number, at: number, value: number) {
    if (at < oldest()) return;
    active.add(ix, at, value);
    if (active.length < most) return;
    if (!writing) flush().catch(complain('readings not written'));
    // the store is away and the buffer full: the frames hold them, and whoever starts next takes them from there
    if (active.length >= 2 * most) {
      active.clear();
      whole = false;
      covers = null;
    }
  }

  /** Taken before chunks are read: what leaves the buffers meanwhile is then in both. */
  const buffered = (ix: number): Series[] => [...(leaving ? [leaving.of(ix)] : []), active.of(ix)].map(asSaid);

  /** One block each, so that the many small ones of a busy time do not stay. */
  async function pack() {
    const packed = (await chunks.mark())?.packed ?? 0;
    const end = chunkStart(now() - CHUNK_MS - PACK_AFTER_MS) + CHUNK_MS;
    for (const start of await chunks.starts(packed, end)) {
      for (let from = 0; !closing; ) {
        const rows = await chunks.readLoose(start, from, BATCH_ROWS);
        await chunks.pack(rows.map((r) => ({ ...r, bytes: encodeReadings(start, seriesOf(r)) })));
        if (rows.length < BATCH_ROWS) break;
        from = rows.at(-1)!.sensor + 1;
      }
      if (closing) return;
      await chunks.setPacked(start + CHUNK_MS);
    }
  }
  async function tidy() {
    await chunks.dropBefore(chunkStart(oldest()));
    await pack();
  }

  const caughtUp = catchUp().catch(complain('frames not taken over into the chunks'));
  let tidying = caughtUp.then(tidy).catch(complain('chunks of readings not tidied'));
  const every = parts.every ?? everyInterval;
  const stops = [
    every(FLUSH_MS, () => void flush().catch(complain('readings not written'))),
    every(TIDY_MS, () => {
      tidying = tidying.then(tidy).catch(complain('chunks of readings not tidied'));
    }),
  ];

  return {
    add,
    async between(ix, from, to) {
      const held = buffered(ix);
      const rows = await chunks.read([ix], startsOf(from, to));
      return within(joined([...rows.map(seriesOf), ...held]), from, to);
    },
    async spans(sensors, from, to) {
      const held = new Map(sensors.map((ix) => [ix, within(joined(buffered(ix)), from, to)]));
      const parts = new Map<number, Map<number, Series>>(sensors.map((ix) => [ix, new Map()]));
      const slice = slices();
      for (const row of await chunks.read(sensors, startsOf(from, to))) {
        parts.get(row.sensor)!.set(row.start, within(seriesOf(row), from, to));
        await slice();
      }
      for (const [ix, buffer] of held) {
        const own = parts.get(ix)!;
        if (buffer.at.length === 0) continue;
        for (const [start, part] of bySpan(buffer)) own.set(start, joined([own.get(start) ?? noSeries, part]));
        parts.set(ix, new Map([...own].sort(([a], [b]) => a - b)));
      }
      return parts;
    },
    weigh: (sensors, from, to) => chunks.weigh(sensors, startsOf(from, to)),
    flush,
    caughtUp,
    stats: () => ({
      buffered: active.length + (leaving?.length ?? 0),
      bufferBytes: active.bytes + (leaving?.bytes ?? 0) + (spare?.bytes ?? 0),
      chunksWritten,
      writeFailures,
    }),
    async close() {
      closing = true;
      for (const stop of stops) stop();
      await caughtUp;
      await tidying;
      await writing?.catch(() => {});
      if (leaving) await flush().catch(complain('readings not written'));
      await flush().catch(complain('readings not written'));
    },
  };
}

/** A series cut where spans begin. */
function* bySpan(s: Series): Generator<[number, Series]> {
  for (let i = 0; i < s.at.length; ) {
    const start = chunkStart(s.at[i]!);
    let end = i;
    while (end < s.at.length && s.at[end]! < start + CHUNK_MS) end += 1;
    yield [start, i === 0 && end === s.at.length ? s : { at: s.at.slice(i, end), value: s.value.slice(i, end) }];
    i = end;
  }
}
