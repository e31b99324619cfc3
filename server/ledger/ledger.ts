import type { Entry, Fact } from '../../model/ledger.ts';
import type { World } from '../../model/world.ts';

/**
 * The ledger of one centre: the only place where `seq` is given out. Appends are decided one after another against the
 * world that includes everything decided before (also what is not yet durable), so two operators racing for one step
 * cannot both win; they are committed in groups and every caller hears "ok" only after its own entries are durable.
 */
export interface Ledger {
  /** Folded up to the last durable entry. */
  readonly world: World;
  /**
   * @param decide facts to append given the newest world; may throw (the caller gets the error, nothing is appended); may return none
   * @param at recorded time for imported history; must not be earlier than the last entry nor later than now. Default: now.
   */
  append(actor: string, decide: (world: World) => readonly Fact[], at?: number): Promise<readonly Entry[]>;
  /** Called after commit and fold, in order, without gaps. Returns the unsubscribe function. */
  follow(listener: (entries: readonly Entry[], world: World) => void): () => void;
  /** Durable entries with seq > after, ascending, at most limit. */
  read(after: number, limit: number): Promise<readonly Entry[]>;
  worldAt(ms: number): Promise<World>;
  /** Finish pending groups, write a snapshot, stop. */
  close(): Promise<void>;
}
