import { fold } from '../../model/fold/fold.ts';
import { emptyWorld, type World, worldFromJson, worldToJson } from '../../model/world.ts';
import type { EntryRow, Store } from '../store/store.ts';
import { entryOf, hashOf } from './rows.ts';

/** Raise it whenever `fold` gives another world for the same entries: snapshots of another format are not used. */
export const WORLD_FORMAT = 6;
/** rows read at a time, and the most that are folded without letting other work run */
const PAGE = 2_000;

export class LedgerError extends Error {
  override readonly name = 'LedgerError';
}

export const snapshotText = (world: World) => JSON.stringify({ format: WORLD_FORMAT, world: worldToJson(world) });

/** The world in a snapshot; null when it was written in another format. */
export function readSnapshot(json: string): World | null {
  const read = JSON.parse(json) as { format?: number; world?: Parameters<typeof worldFromJson>[0] };
  return read.format === WORLD_FORMAT && read.world ? worldFromJson(read.world) : null;
}

/** The newest usable snapshot with seq <= maxSeq whose head is the ledger's own entry of that seq; the empty world when there is none. */
export async function nearestSnapshot(store: Store, maxSeq: number, note?: (line: string) => void): Promise<World> {
  for (let upTo = maxSeq; upTo > 0; ) {
    const found = await store.latestSnapshot(upTo);
    if (!found) break;
    const world = readSnapshot(found.json);
    const [row] = await store.readEntries({ after: found.seq - 1, upTo: found.seq, limit: 1 });
    if (world && world.seq === found.seq && row?.hash === world.head) return world;
    note?.(`the snapshot at entry ${found.seq} is ${world ? 'not of this ledger' : 'of another version'} and is not used`);
    upTo = found.seq - 1;
  }
  return emptyWorld;
}

export interface FoldOptions {
  readonly upTo: number;
  /** recompute every hash on the way (at start), not only follow the chain */
  readonly rehash?: boolean;
  /** after each page */
  readonly folded?: (world: World) => Promise<void> | void;
}

/**
 * Fold the ledger's entries after `base` into it, a page at a time, letting other work run in between.
 * @throws LedgerError when the chain does not hold
 */
export async function foldTail(store: Store, base: World, options: FoldOptions): Promise<World> {
  let world = base;
  let ahead: Promise<EntryRow[]> | null = null;
  const page = (after: number) => {
    const reading = store.readEntries({ after, upTo: options.upTo, limit: PAGE });
    reading.catch(() => {}); // awaited below; a failure in between must not count as unhandled
    return reading;
  };
  for (;;) {
    if (world.seq >= options.upTo) return world;
    const rows: EntryRow[] = await (ahead ?? page(world.seq));
    if (rows.length === 0) return world;
    // the next page is read while this one is folded
    ahead = rows.length === PAGE ? page(rows.at(-1)!.seq) : null;
    let prev = world.head;
    for (const row of rows) {
      if (row.prev !== prev) throw new LedgerError(`the ledger's chain is broken before entry ${row.seq}: run npm run ledger -- verify`);
      if (options.rehash && hashOf(row, row.body) !== row.hash)
        throw new LedgerError(`entry ${row.seq} of the ledger was changed: run npm run ledger -- verify`);
      prev = row.hash;
    }
    world = fold(world, rows.map(entryOf));
    await options.folded?.(world);
    await new Promise((turn) => setImmediate(turn));
    if (rows.length < PAGE) return world;
  }
}
