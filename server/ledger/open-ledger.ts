import type { EpochMs, Seq } from '../../model/brand.ts';
import { fold } from '../../model/fold/fold.ts';
import type { Entry, Fact } from '../../model/ledger.ts';
import type { World } from '../../model/world.ts';
import type { EntryRow, Store } from '../store/store.ts';
import { groupCommit, type Outcome } from './group-commit.ts';
import { type HeadFile, headFile } from './head-file.ts';
import type { Ledger } from './ledger.ts';
import { checkActor, checkFact, entryOf, FactError, seal } from './rows.ts';
import { foldTail, LedgerError, nearestSnapshot, snapshotText } from './snapshots.ts';

export interface LedgerOptions {
  /** epoch milliseconds */
  readonly now?: () => number;
  /** entries between two snapshots */
  readonly snapshotEvery?: number;
  /** file that notes the newest durable entry beside the database, so that a ledger cut short is noticed by `verify` */
  readonly headFile?: string;
  /** Nothing can be appended any more (the database is gone, or another process wrote): the process should end. */
  readonly onBroken?: (error: Error) => void;
  /** What failed without harm to the ledger: a follower, a snapshot. */
  readonly onError?: (error: unknown) => void;
  readonly note?: (line: string) => void;
}

/** entries and bytes of one transaction */
const GROUP_COUNT = 1_000;
const GROUP_BYTES = 2_000_000;
/** entries that are worth a transaction of their own while another is in flight */
const OVERLAP_FROM = 16;
/** how long a database that failed a commit is asked what became of it */
const ASK_WITHIN_MS = 15_000;
const WORLDS_KEPT = 4;

/** One append: its rows, and the world once they are durable. */
interface Item {
  readonly entries: readonly Entry[];
  readonly rows: readonly EntryRow[];
  readonly after: World;
}

/**
 * Open the ledger of a store: newest snapshot, then the entries after it. One per store.
 * @throws LedgerError when the chain does not hold
 */
export async function openLedger(store: Store, options: LedgerOptions = {}): Promise<Ledger> {
  const now = options.now ?? Date.now;
  const every = options.snapshotEvery ?? 10_000;
  const complain = options.onError ?? (() => {});
  const head: HeadFile | null = options.headFile ? headFile(options.headFile, complain) : null;

  const last = await store.lastEntry();
  let snapshotSeq = 0;
  const saveSnapshot = async (world: World) => {
    await store.putSnapshot(world.seq, world.at, snapshotText(world));
    snapshotSeq = Math.max(snapshotSeq, world.seq);
  };
  const base = await nearestSnapshot(store, last?.seq ?? 0, options.note);
  snapshotSeq = base.seq;
  let durable = await foldTail(store, base, {
    upTo: last?.seq ?? 0,
    rehash: true,
    folded: async (world) => {
      if (world.seq - snapshotSeq < every) return;
      options.note?.(`folding the ledger: entry ${world.seq} of ${last?.seq ?? 0}`);
      await saveSnapshot(world);
    },
  });
  if (durable.seq !== (last?.seq ?? 0)) throw new LedgerError(`the ledger ends at entry ${durable.seq} but has entry ${last?.seq}`);

  /** includes everything decided, also what is not yet durable */
  let pending = durable;
  let broken: Error | null = null;
  let closed = false;
  let snapshotting: Promise<void> | null = null;
  const listeners = new Set<Parameters<Ledger['follow']>[0]>();
  const kept: World[] = [];

  function snapshotSoon() {
    if (snapshotting || durable.seq - snapshotSeq < every) return;
    snapshotting = saveSnapshot(durable)
      .catch(complain)
      .finally(() => {
        snapshotting = null;
      });
  }

  function breakDown(error: Error) {
    if (broken) return;
    broken = error;
    options.onBroken?.(error);
  }

  /** A commit failed or its answer was lost: the ledger itself says which of the groups are in it. */
  async function askWhatHappened(cause: unknown, groups: readonly (readonly Item[])[]): Promise<Outcome> {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const reset = () => {
      pending = durable;
    };
    const giveUp = Date.now() + ASK_WITHIN_MS;
    for (let pause = 50; ; pause = Math.min(pause * 2, 2_000)) {
      try {
        const newest = await store.lastEntry();
        const saved = newest ? groups.findLastIndex((group) => group.at(-1)!.after.head === newest.hash) + 1 : 0;
        if (saved === 0 && ((newest?.seq ?? 0) !== durable.seq || (newest && newest.hash !== durable.head)))
          breakDown(new LedgerError('another process wrote to this ledger'));
        return { saved, error: broken ?? new LedgerError(`not saved: ${reason}`), reset };
      } catch (error) {
        if (Date.now() > giveUp) {
          breakDown(new LedgerError('the database does not answer; what was being saved may or may not be'));
          complain(error);
          return { saved: 0, error: broken!, reset };
        }
        await new Promise((later) => setTimeout(later, pause));
      }
    }
  }

  const commits = groupCommit<Item>({
    maxCount: GROUP_COUNT,
    maxBytes: GROUP_BYTES,
    overlapFrom: OVERLAP_FROM,
    commit: (group) => store.appendEntries(group.flatMap((item) => item.rows)),
    failed: askWhatHappened,
    committed(group) {
      durable = group.at(-1)!.after;
      const entries = group.flatMap((item) => item.entries);
      if (entries.length === 0) return;
      for (const listener of listeners) {
        try {
          listener(entries, durable);
        } catch (error) {
          complain(error);
        }
      }
      head?.note(durable);
      snapshotSoon();
    },
  });

  function recordedAt(at: number | undefined): EpochMs {
    const latest = Math.max(Math.floor(now()), pending.at);
    if (at === undefined) return latest as EpochMs;
    if (!Number.isInteger(at)) throw new FactError('entry', 'at', 'whole epoch milliseconds');
    if (at < pending.at) throw new FactError('entry', 'at', `not earlier than the last entry (${new Date(pending.at).toISOString()})`);
    if (at > latest) throw new FactError('entry', 'at', 'not later than now');
    return at as EpochMs;
  }

  function decideNow(actor: string, decide: (world: World) => readonly Fact[], at: number | undefined): Item & { bytes: number } {
    if (closed) throw new LedgerError('the ledger is closed');
    if (broken) throw broken;
    checkActor(actor);
    const facts = decide(pending).map(checkFact);
    const when = recordedAt(at);
    const entries: Entry[] = [];
    const rows: EntryRow[] = [];
    let bytes = 0;
    let prev = pending.head;
    for (const fact of facts) {
      const sealed = seal(fact, { prev, seq: (pending.seq + entries.length + 1) as Seq, at: when, actor });
      entries.push(sealed.entry);
      rows.push(sealed.row);
      prev = sealed.row.hash;
      bytes += sealed.row.body.length;
    }
    if (entries.length > 0) pending = fold(pending, entries);
    return { entries, rows, after: pending, bytes };
  }

  async function worldOf(seq: number): Promise<World> {
    if (seq === durable.seq) return durable;
    const near = kept.filter((w) => w.seq <= seq && seq - w.seq <= every).sort((a, b) => b.seq - a.seq)[0];
    const start = near ?? (await nearestSnapshot(store, seq, options.note));
    const world = await foldTail(store, start, { upTo: seq });
    kept.push(world);
    if (kept.length > WORLDS_KEPT) kept.shift();
    return world;
  }

  return {
    get world() {
      return durable;
    },
    async append(actor, decide, at) {
      const item = decideNow(actor, decide, at);
      // "nothing to do" may rest on something that is not durable yet: the caller hears "ok" only when that is
      if (item.entries.length > 0 || item.after !== durable) await commits.push(item, item.rows.length, item.bytes);
      return item.entries;
    },
    follow(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    async read(after, limit) {
      return (await store.readEntries({ after, upTo: durable.seq, limit })).map(entryOf);
    },
    async worldAt(ms) {
      const live = durable;
      return ms >= live.at ? live : worldOf(await store.seqAt(ms));
    },
    async close() {
      closed = true;
      await commits.idle();
      await snapshotting;
      if (!broken && durable.seq > snapshotSeq) await saveSnapshot(durable);
      await head?.close();
    },
  };
}
