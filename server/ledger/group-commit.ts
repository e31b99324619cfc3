/** What waits to become durable: `size` counts toward the byte cap of a group. */
interface Waiting<T> {
  readonly item: T;
  readonly count: number;
  readonly bytes: number;
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}

export interface GroupCommitOptions<T> {
  /** One durable transaction for the whole group. */
  readonly commit: (group: readonly T[]) => Promise<void>;
  /** A group was committed: called before its callers hear of it. */
  readonly committed?: (group: readonly T[]) => void;
  /**
   * A commit failed. Everything that waits was decided on top of it, so nothing of it may be written. Until the promise it
   * returns has settled nothing else is committed.
   */
  readonly failed: (error: unknown, group: readonly T[]) => Promise<Outcome>;
  /** entries and bytes in one transaction; one item alone may exceed both */
  readonly maxCount: number;
  readonly maxBytes: number;
}

/**
 * `saved`: the group turned out to be durable after all. Otherwise every waiting caller is told `error`, and `reset` is called
 * in the same turn in which they are let go of, so that nothing can be decided between the two.
 */
export type Outcome = { readonly saved: true } | { readonly saved: false; readonly error: Error; readonly reset: () => void };

export interface GroupCommit<T> {
  /** Resolves when the item is durable. `count` entries of together `bytes`. */
  push(item: T, count: number, bytes: number): Promise<void>;
  /** Resolves when nothing waits any more (also when it failed). */
  idle(): Promise<void>;
  readonly waiting: number;
}

/** Group commit: while one transaction is in flight the next group gathers, so a slow disk makes groups larger, not callers fewer. */
export function groupCommit<T>(options: GroupCommitOptions<T>): GroupCommit<T> {
  let queue: Waiting<T>[] = [];
  let running: Promise<void> | null = null;

  function take(): Waiting<T>[] {
    let count = 0;
    let bytes = 0;
    let n = 0;
    for (; n < queue.length; n++) {
      const w = queue[n]!;
      if (n > 0 && (count + w.count > options.maxCount || bytes + w.bytes > options.maxBytes)) break;
      count += w.count;
      bytes += w.bytes;
    }
    const group = queue.slice(0, n);
    queue = queue.slice(n);
    return group;
  }

  async function drain() {
    while (queue.length > 0) {
      // one turn of the event loop: whatever arrives together is committed together
      await new Promise((turn) => setImmediate(turn));
      const group = take();
      const items = group.map((w) => w.item);
      try {
        await options.commit(items);
      } catch (error) {
        const outcome = await options.failed(error, items);
        if (!outcome.saved) {
          const rest = queue;
          queue = [];
          outcome.reset();
          for (const w of [...group, ...rest]) w.fail(outcome.error);
          continue;
        }
      }
      options.committed?.(items);
      for (const w of group) w.done();
    }
    running = null;
  }

  return {
    push(item, count, bytes) {
      const durable = new Promise<void>((done, fail) => {
        queue.push({ item, count, bytes, done, fail });
      });
      running ??= drain();
      return durable;
    },
    async idle() {
      while (running) await running;
    },
    get waiting() {
      return queue.length;
    },
  };
}
