import { type Fact, GENESIS, subjectOf } from '../../model/ledger.ts';
import type { EntryRow, Store } from '../store/store.ts';
import type { Anchor } from './head-file.ts';
import { hashOf } from './rows.ts';

const PAGE = 5_000;

export interface Verdict {
  /** entries read and found good */
  readonly entries: number;
  /** the last good entry: to be kept elsewhere and given as an anchor another time */
  readonly head: { readonly seq: number; readonly hash: string };
  /** the first thing that is wrong, or null */
  readonly problem: { readonly seq: number; readonly what: string } | null;
}

/** The snapshots' heads: what the ledger looked like at those entries, kept in another table. Newest first. */
export async function snapshotAnchors(store: Store): Promise<Anchor[]> {
  const anchors: Anchor[] = [];
  for (let upTo = Number.MAX_SAFE_INTEGER; ; ) {
    const found = await store.latestSnapshot(upTo);
    if (!found) return anchors;
    const head = (JSON.parse(found.json) as { world?: { head?: string } }).world?.head;
    if (head) anchors.push({ seq: found.seq, hash: head, from: 'a snapshot' });
    upTo = found.seq - 1;
  }
}

/**
 * Recompute the whole chain from the first entry: every hash from the text in the row, every link, the order of times, and
 * that the entries known from elsewhere (`anchors`) are where they were.
 */
export async function verifyLedger(store: Store, anchors: readonly Anchor[] = [], progress?: (seq: number) => void): Promise<Verdict> {
  const known = new Map<number, Anchor[]>();
  for (const a of anchors) known.set(a.seq, [...(known.get(a.seq) ?? []), a]);
  let head = { seq: 0, hash: GENESIS };
  let at = 0;
  const verdict = (problem: Verdict['problem']): Verdict => ({ entries: head.seq, head, problem });
  for (;;) {
    const rows = await store.readEntries({ after: head.seq, limit: PAGE });
    for (const row of rows) {
      const what = wrong(row, head, at) ?? anchored(row, known.get(row.seq));
      if (what) return verdict({ seq: Math.min(row.seq, head.seq + 1), what });
      head = { seq: row.seq, hash: row.hash };
      at = row.at;
    }
    progress?.(head.seq);
    if (rows.length < PAGE) break;
  }
  const cut = anchors.filter((a) => a.seq > head.seq).sort((a, b) => b.seq - a.seq)[0];
  if (cut) {
    const lost = cut.seq === head.seq + 1 ? `entry ${cut.seq} is` : `entries ${head.seq + 1} to ${cut.seq} are`;
    return verdict({ seq: head.seq + 1, what: `${lost} missing at the end: ${cut.from} knows entry ${cut.seq}` });
  }
  return verdict(null);
}

function wrong(row: EntryRow, head: Verdict['head'], at: number): string | null {
  if (row.seq !== head.seq + 1) return `entry ${head.seq + 1} is missing: entry ${row.seq} follows entry ${head.seq}`;
  if (hashOf(row, row.body) !== row.hash) return `entry ${row.seq} was changed: its hash is not that of its content`;
  if (row.prev !== head.hash) return `entry ${row.seq} does not follow entry ${head.seq}: it names another hash before it`;
  if (row.at < at) return `entry ${row.seq} is dated before the entry before it`;
  const subject = subjectOf({ kind: row.kind, body: JSON.parse(row.body) } as Fact);
  if (subject !== row.subject) return `entry ${row.seq} was changed: its subject is not that of its content`;
  return null;
}

const anchored = (row: EntryRow, anchors: readonly Anchor[] | undefined): string | null => {
  const other = anchors?.find((a) => a.hash !== row.hash);
  return other ? `entry ${row.seq} is not the one ${other.from} knows: the ledger was rewritten up to here` : null;
};
