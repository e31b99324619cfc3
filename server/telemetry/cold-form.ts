import { bySpan, type Columns, joinedOr, within } from '../../model/columns.ts';
import type { ChunkRow, ChunkStore } from '../store/chunks.ts';
import type { Store } from '../store/store.ts';
import type { ColumnLog } from './column-log.ts';
import type { Log } from './frame-writer.ts';
import { type Every, everyInterval } from './open-telemetry.ts';
import { slices } from './slices.ts';

/**
 * What devices said over weeks: readings of sensors, positions of units. Written behind the live path: at worst it lags, it never holds
 * anything up. See docs/decisions/014-readings-at-rest.md.
 */
export interface ColdForm<C extends Columns> {
  /** Something that was taken, live or late, at device time; the values in the order of the columns. */
  add(ix: number, at: number, a: number, b?: number, c?: number, d?: number): void;
  /** What one device said between two device times, both included: chunks at rest and what is still to be written. */
  between(ix: number, from: number, to: number): Promise<C>;
  /** The same of several devices, cut where spans of chunks begin: by ix, then by start of the span, ascending. */
  spans(ixs: readonly number[], from: number, to: number): Promise<ReadonlyMap<number, ReadonlyMap<number, C>>>;
  /** bytes of their chunks at rest in that time: what reading them would take */
  weigh(ixs: readonly number[], from: number, to: number): Promise<number>;
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

/** What a kind of telemetry is made of. */
export interface ColdKind<C extends Columns> {
  /** in complaints */
  readonly name: string;
  /** of a span of a chunk */
  readonly spanMs: number;
  readonly none: C;
  readonly log: () => ColumnLog;
  readonly encode: (start: number, part: C) => Uint8Array;
  readonly decode: (start: number, bytes: Uint8Array) => C;
  /** What memory keeps as what the device said. */
  readonly asSaid: (buffered: C) => C;
  /** Everything of this kind in a frame at rest. */
  readonly inFrame: (bytes: Uint8Array, seen: ColdForm<C>['add']) => void;
}

export interface ColdParts {
  readonly chunks: ChunkStore;
  /** the film, from its first row on: what was buffered by a process that was killed is taken from it */
  readonly store: Pick<Store, 'framesBetween'>;
  readonly filmFrom: () => Promise<number | null>;
  readonly now: () => number;
  readonly retentionDays: number;
  readonly log: Log;
  readonly every?: Every;
  /** entries that are written before their time is up */
  readonly most?: number;
}

const FLUSH_MS = 5 * 60_000;
const TIDY_MS = 60 * 60_000;
/** 40 to 64 MB of buffer: at 5,000 a second it is never full before its five minutes are over. */
const MOST = 2_000_000;
const BATCH_ROWS = 1000;
const BATCH_BYTES = 1_000_000;
/** Frames of one minute are read at a time, those of the last minute first. */
const PAGE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Something may still come late: a span is packed when it has been over so long. */
const PACK_AFTER_MS = 60 * 60_000;

/** Take up where the process before left off. */
export async function openColdForm<C extends Columns>(kind: ColdKind<C>, parts: ColdParts): Promise<ColdForm<C>> {
  const { chunks, store, now, log, retentionDays } = parts;
  const { spanMs, none } = kind;
  const most = parts.most ?? MOST;
  let active = kind.log();
  /** being written, and still answered from */
  let leaving: ColumnLog | null = null;
  let spare: ColumnLog | null = null;
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
  const spanStart = (at: number) => Math.floor(at / spanMs) * spanMs;
  /** Starts of the spans that touch [from, to]. */
  const startsOf = (from: number, to: number) =>
    Array.from({ length: Math.max(0, Math.floor((to - spanStart(from)) / spanMs) + 1) }, (_, i) => spanStart(from) + i * spanMs);
  const decoded = (row: ChunkRow) => kind.decode(row.start, row.bytes);
  const joined = (some: readonly C[]) => joinedOr(none, some);

  async function write(log: ColumnLog) {
    let rows: ChunkRow[] = [];
    let bytes = 0;
    const put = async () => {
      await chunks.append(rows);
      chunksWritten += rows.length;
      rows = [];
      bytes = 0;
    };
    for (const ix of log.spoke()) {
      for (const [start, part] of bySpan(log.of<C>(ix), spanMs)) {
        const block = kind.encode(start, part);
        rows.push({ start, ix, bytes: block });
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
      active = spare ?? kind.log();
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

  /** What was in no chunk when the process before ended. From now backwards: what is asked for most is there first. */
  async function catchUp() {
    const end = now();
    const mark = await chunks.mark();
    const begin = Math.max(mark?.at ?? 0, oldest(), (await parts.filmFrom()) ?? end);
    const slice = slices();
    for (let to = end + 1; to > begin && !closing; to -= PAGE_MS) {
      for (const row of await store.framesBetween(Math.max(begin, to - PAGE_MS), to)) {
        kind.inFrame(row.bytes, add);
        await slice();
      }
      while (active.length >= most && !closing) await flush().catch(() => new Promise((later) => setTimeout(later, 1000)));
    }
    whole = !closing;
  }

  function add(ix: number, at: number, a: number, b?: number, c?: number, d?: number) {
    if (at < oldest()) return;
    active.add(ix, at, a, b, c, d);
    if (active.length < most) return;
    if (!writing) flush().catch(complain(`${kind.name} not written`));
    // the store is away and the buffer full: the frames hold them, and whoever starts next takes them from there
    if (active.length >= 2 * most) {
      active.clear();
      whole = false;
      covers = null;
    }
  }

  /** Taken before chunks are read: what leaves the buffers meanwhile is then in both. */
  const buffered = (ix: number): C[] => [...(leaving ? [leaving.of<C>(ix)] : []), active.of<C>(ix)].map(kind.asSaid);

  /** One block each, so that the many small ones of a busy time do not stay. */
  async function pack() {
    const packed = (await chunks.mark())?.packed ?? 0;
    const end = spanStart(now() - spanMs - PACK_AFTER_MS) + spanMs;
    for (const start of await chunks.starts(packed, end)) {
      for (let from = 0; !closing; ) {
        const rows = await chunks.readLoose(start, from, BATCH_ROWS);
        await chunks.pack(rows.map((r) => ({ ...r, bytes: kind.encode(start, decoded(r)) })));
        if (rows.length < BATCH_ROWS) break;
        from = rows.at(-1)!.ix + 1;
      }
      if (closing) return;
      await chunks.setPacked(start + spanMs);
    }
  }
  async function tidy() {
    await chunks.dropBefore(spanStart(oldest()));
    await pack();
  }

  const caughtUp = catchUp().catch(complain(`frames not taken over into the chunks of ${kind.name}`));
  let tidying = caughtUp.then(tidy).catch(complain(`chunks of ${kind.name} not tidied`));
  const every = parts.every ?? everyInterval;
  const stops = [
    every(FLUSH_MS, () => void flush().catch(complain(`${kind.name} not written`))),
    every(TIDY_MS, () => {
      tidying = tidying.then(tidy).catch(complain(`chunks of ${kind.name} not tidied`));
    }),
  ];

  return {
    add,
    async between(ix, from, to) {
      const held = buffered(ix);
      const rows = await chunks.read([ix], startsOf(from, to));
      return within(joined([...rows.map(decoded), ...held]), from, to);
    },
    async spans(ixs, from, to) {
      const held = new Map(ixs.map((ix) => [ix, within(joined(buffered(ix)), from, to)]));
      const found = new Map<number, Map<number, C>>(ixs.map((ix) => [ix, new Map()]));
      const slice = slices();
      for (const row of await chunks.read(ixs, startsOf(from, to))) {
        found.get(row.ix)!.set(row.start, within(decoded(row), from, to));
        await slice();
      }
      for (const [ix, buffer] of held) {
        const own = found.get(ix)!;
        if (buffer.at.length === 0) continue;
        for (const [start, part] of bySpan(buffer, spanMs)) own.set(start, joined([own.get(start) ?? none, part]));
        found.set(ix, new Map([...own].sort(([a], [b]) => a - b)));
      }
      return found;
    },
    weigh: (ixs, from, to) => chunks.weigh(ixs, startsOf(from, to)),
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
      if (leaving) await flush().catch(complain(`${kind.name} not written`));
      await flush().catch(complain(`${kind.name} not written`));
    },
  };
}
