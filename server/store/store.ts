import type { EpochMs, Seq } from '../../model/brand.ts';
import type { Entry } from '../../model/ledger.ts';

/** An entry as it lies in the table: the body is its canonical JSON text, so the hash can be recomputed to the letter. */
export interface EntryRow {
  readonly seq: Seq;
  readonly at: EpochMs;
  readonly actor: string;
  readonly kind: Entry['kind'];
  readonly subject: string | null;
  readonly body: string;
  readonly prev: string;
  readonly hash: string;
}

export interface EntryQuery {
  /** only entries with seq > after (ascending) */
  readonly after?: number;
  readonly upTo?: number;
  readonly subject?: string;
  readonly kinds?: readonly string[];
  /** ledger time, inclusive from, exclusive to */
  readonly from?: number;
  readonly to?: number;
  readonly limit: number;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly tel: string | null;
  /** absent = staff */
  readonly kind?: 'staff' | 'caller' | undefined;
}
/** Whoever reported something: apart from staff, never shown but masked. */
export interface Caller extends Person {
  /** asked not to be named: counted apart from the same number given with a name */
  readonly anonymous: boolean;
}
export interface KnownPerson extends Caller {
  readonly kind: 'staff' | 'caller';
}
export interface Account {
  readonly name: string;
  readonly role: string;
  readonly area: string;
  readonly passwordHash: string;
}
export interface FrameRow {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** The one narrow door to the database. Everything is for one centre. Nothing else in the house speaks SQL. */
export interface Store {
  /**
   * One durable transaction; resolves after commit. Rejects (and writes nothing) unless the rows follow the last entry: another owner
   * wrote, or the group before was not written. May be called again before it has settled; groups are written in the order of the calls.
   */
  appendEntries(rows: readonly EntryRow[]): Promise<void>;
  readEntries(query: EntryQuery): Promise<EntryRow[]>;
  lastEntry(): Promise<EntryRow | null>;
  /** seq of the last entry with at <= ms; 0 when none */
  seqAt(ms: number): Promise<number>;
  /** `incident.attached` entries that name this hash as original, shown version or thumbnail; at most 100 */
  attachedAs(hash: string): Promise<EntryRow[]>;
  /** which of these hashes some attachment names */
  attachedHashes(hashes: readonly string[]): Promise<string[]>;

  putSnapshot(seq: number, at: number, json: string): Promise<void>;
  /** the newest snapshot with seq <= maxSeq */
  latestSnapshot(maxSeq?: number): Promise<{ seq: number; at: number; json: string } | null>;

  putFrame(row: FrameRow): Promise<void>;
  putKeyframe(row: FrameRow): Promise<void>;
  /** those not yet packed into reels: from <= at < to, ascending */
  framesBetween(from: number, to: number): Promise<FrameRow[]>;
  /** the newest keyframe with at <= ms */
  keyframeBefore(ms: number): Promise<FrameRow | null>;

  putBlob(hash: string, type: string, bytes: Uint8Array): Promise<void>;
  getBlob(hash: string): Promise<{ type: string; bytes: Uint8Array } | null>;

  /** The vault: personal data, never in ledger or telemetry. */
  /** @throws StoreError 23505 when a caller's number is that of another caller */
  putPeople(people: readonly Person[]): Promise<void>;
  getPeople(ids: readonly string[]): Promise<KnownPerson[]>;
  /** The id of this caller: that of the same telephone number where it is known (the name is the latest one given), else the one offered. */
  putCaller(caller: Caller): Promise<string>;

  putAccount(account: Account): Promise<void>;
  getAccount(name: string): Promise<Account | null>;
  countAccounts(): Promise<number>;

  /** Answer kept for an Idempotency-Key, 24 h. `fingerprint` = hash of the request body: a key reused for another body is a conflict. */
  getAnswer(key: string): Promise<{ fingerprint: string; status: number; json: string } | null>;
  putAnswer(key: string, fingerprint: string, status: number, json: string): Promise<void>;

  /** bytes on disk per table, for /metrics */
  sizes(): Promise<Record<string, number>>;
  close(): Promise<void>;
}
