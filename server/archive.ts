import { emptyBasis, foldHistory, type HistoryBasis, incidentsNamed, type Kept } from '../model/incident-history.ts';
import { type Entry, GENESIS } from '../model/ledger.ts';
import type { Ledger } from './ledger/ledger.ts';
import { entryOf } from './ledger/rows.ts';
import type { IncidentStore, Moved, ReadMark } from './store/incidents.ts';
import type { Store } from './store/store.ts';

/**
 * The read model of incidents follows the ledger: every incident there ever was, as tables that lists, boards and indicators are asked of.
 * Folded in batches after the ledger's own commits, each batch in one transaction with the mark of how far it is, so it is never ahead of
 * the ledger and never half of an entry; after a crash or an update it goes on from its mark, or from nothing.
 */

/** Raise it whenever the same entries would give other rows: the tables are then folded anew at the next start. */
export const ARCHIVE_FORMAT = 2;
/** entries of one transaction */
const BATCH = 2_000;
/** entries kept in memory while a batch is being written; beyond it they are read back from the ledger */
const QUEUE = 4_000;
/** Batches are this far apart while nobody waits for one: several steps of an incident are then written once. */
const GATHER_MS = 20;
const RETRY_MS = 1_000;

const fresh: ReadMark = { format: ARCHIVE_FORMAT, seq: 0, head: GENESIS, day: '', numbered: 0, centre: 0, boundaries: 0 };

interface Position {
  readonly mark: ReadMark;
  readonly basis: HistoryBasis;
}

/** Fold the entries after `at` into the tables. @returns the position after them */
async function fold(incidents: IncidentStore, at: Position, entries: readonly Entry[]): Promise<Position> {
  const before = await incidents.kept(incidentsNamed(entries));
  const known = new Map<string, Kept>(before.map((k) => [k.incident.id, k]));
  const basis = foldHistory(at.basis, entries, known);
  const old = new Map(before.map((k) => [k.incident.id, k]));
  const changed: Moved[] = [];
  const anew: string[] = [];
  for (const k of known.values()) {
    const was = old.get(k.incident.id);
    if (was?.incident === k.incident) continue;
    if (was && was.first !== k.first) anew.push(k.incident.id);
    changed.push({ ...k, before: was?.first === k.first ? was.incident : undefined });
  }
  const lastOf = (kind: Entry['kind']) => entries.findLast((e) => e.kind === kind)?.seq;
  const last = entries.at(-1)!;
  const mark: ReadMark = {
    format: ARCHIVE_FORMAT,
    seq: last.seq,
    head: last.hash,
    day: basis.day,
    numbered: basis.numbered,
    centre: lastOf('centre.configured') ?? at.mark.centre,
    boundaries: lastOf('boundaries.published') ?? at.mark.boundaries,
  };
  await incidents.put(changed, at.mark, mark, anew);
  return { mark, basis };
}

/** Where the tables stand. Of another format, or of another ledger (a restored backup), they are emptied. */
async function position(store: Pick<Store, 'readEntries'>, incidents: IncidentStore, note: (line: string) => void): Promise<Position> {
  const mark = await incidents.mark();
  const one = async (seq: number) => (seq > 0 ? (await store.readEntries({ after: seq - 1, upTo: seq, limit: 1 }))[0] : undefined);
  const ours = mark !== null && mark.format === ARCHIVE_FORMAT && (mark.seq === 0 || (await one(mark.seq))?.hash === mark.head);
  if (!ours) {
    if (mark) note('the list of incidents is of another version or another ledger: it is made anew');
    await incidents.clear(fresh);
    return { mark: fresh, basis: emptyBasis };
  }
  const given = (await Promise.all([mark.centre, mark.boundaries].map(one))).flatMap((row) => (row ? [entryOf(row)] : []));
  // the two entries that set the basis, folded as if they were the first
  const set = foldHistory(
    emptyBasis,
    given.map((e, k) => ({ ...e, seq: k + 1 }) as Entry),
    new Map(),
  );
  return { mark, basis: { ...set, seq: mark.seq, day: mark.day, numbered: mark.numbered } };
}

/** Fold everything anew, or what is missing, up to the entry `upTo`. Beside no running server. @returns entries folded */
export async function reindex(
  store: Pick<Store, 'readEntries'>,
  incidents: IncidentStore,
  upTo: number,
  progress: (seq: number) => void = () => {},
): Promise<number> {
  await incidents.clear(fresh);
  let at: Position = { mark: fresh, basis: emptyBasis };
  while (at.mark.seq < upTo) {
    const rows = await store.readEntries({ after: at.mark.seq, upTo, limit: BATCH });
    if (rows.length === 0) break;
    at = await fold(incidents, at, rows.map(entryOf));
    progress(at.mark.seq);
  }
  return at.mark.seq;
}

export interface Archive {
  /** the entry up to which the tables are folded */
  readonly seq: number;
  /** Resolves when the entry `seq` is folded, or after `waitMs`: true = it is. */
  reached(seq: number, waitMs: number): Promise<boolean>;
  /** Stop after the batch under way. */
  close(): Promise<void>;
}

interface Parts {
  readonly ledger: Pick<Ledger, 'world' | 'follow' | 'read'>;
  readonly store: Pick<Store, 'readEntries'>;
  readonly incidents: IncidentStore;
  readonly note?: (line: string) => void;
  readonly onError?: (error: unknown) => void;
}

/** Follow the ledger of this process. What was missed is folded first, while the server already answers. */
export async function openArchive({ ledger, store, incidents, note = () => {}, onError = () => {} }: Parts): Promise<Archive> {
  let at = await position(store, incidents, note);
  let queue: Entry[] = [];
  let closing = false;
  let wake = () => {};
  const waiting = new Set<{ readonly seq: number; readonly done: () => void }>();

  const unfollow = ledger.follow((entries) => {
    if (queue.length + entries.length > QUEUE)
      queue = []; // read back from the ledger, when it is their turn
    else queue.push(...entries);
    wake();
  });
  /** Rest for `ms` (null = without end), or until something happens after which `early` says so. */
  const pause = (ms: number | null, early: () => boolean) =>
    new Promise<void>((resolve) => {
      const timer = ms === null ? undefined : setTimeout(resolve, ms);
      wake = () => {
        if (!closing && !early()) return;
        clearTimeout(timer);
        resolve();
      };
    });

  async function nextBatch(): Promise<readonly Entry[]> {
    const behind = queue.findIndex((e) => e.seq > at.mark.seq);
    queue = behind < 0 ? [] : queue.slice(behind);
    return queue[0]?.seq === at.mark.seq + 1 ? queue.slice(0, BATCH) : ledger.read(at.mark.seq, BATCH);
  }

  async function follow() {
    const start = at.mark.seq;
    if (ledger.world.seq - start > BATCH) note(`folding the list of incidents: entries ${start + 1} to ${ledger.world.seq}`);
    while (!closing) {
      if (at.mark.seq >= ledger.world.seq) {
        await pause(null, () => true);
        continue;
      }
      try {
        at = await fold(incidents, at, await nextBatch());
        for (const w of waiting) if (w.seq <= at.mark.seq) w.done();
        if (waiting.size === 0 && ledger.world.seq - at.mark.seq < BATCH) await pause(GATHER_MS, () => waiting.size > 0);
      } catch (error) {
        if (closing) return;
        onError(error);
        await pause(RETRY_MS, () => false);
        at = await position(store, incidents, note).catch(() => at);
      }
    }
  }
  const following = follow();

  return {
    get seq() {
      return at.mark.seq;
    },
    async reached(seq, waitMs) {
      if (at.mark.seq >= seq) return true;
      await new Promise<void>((resolve) => {
        const entry = {
          seq,
          done: () => {
            clearTimeout(timer);
            waiting.delete(entry);
            resolve();
          },
        };
        const timer = setTimeout(entry.done, waitMs);
        waiting.add(entry);
        wake();
      });
      return at.mark.seq >= seq;
    },
    async close() {
      closing = true;
      unfollow();
      for (const w of waiting) w.done();
      wake();
      await following;
    },
  };
}
