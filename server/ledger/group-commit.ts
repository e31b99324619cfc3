/** What waits to become durable: `count` and `bytes` go toward the caps of a group. */
interface Waiting<T> {
  readonly item: T;
  readonly count: number;
  readonly bytes: number;
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}

/** A group on its way to the disk. */
interface Flight<T> {
  readonly waiting: readonly Waiting<T>[];
  readonly items: readonly T[];
  state: 'flying' | 'saved' | 'failed';
  error?: unknown;
}

export interface GroupCommitOptions<T> {
  /** One durable transaction for the whole group. Called again before the first has settled: it writes nothing unless the group before was written. */
  readonly commit: (group: readonly T[]) => Promise<void>;
  /** A group was committed: called in order, before its callers hear of it. */
  readonly committed?: (group: readonly T[]) => void;
  /**
   * A commit failed. `groups` are all that were on their way from the failed one on; every one has settled, and nothing else is
   * committed until the promise this returns has settled. Everything that waits was decided on top of them.
   */
  readonly failed: (error: unknown, groups: readonly (readonly T[])[]) => Promise<Outcome>;
  /** entries and bytes in one transaction; one item alone may exceed both */
  readonly maxCount: number;
  readonly maxBytes: number;
  /** a second group leaves before the first has arrived when at least so many entries wait: fewer are not worth a transaction */
  readonly overlapFrom: number;
}

/**
 * The first `saved` of the groups turned out to be durable after all. When that is not all of them every caller of the others, and
 * everyone who waits, is told `error`, and `reset` is called in the same turn in which they are let go of, so that nothing can be
 * decided between the two.
 */
export interface Outcome {
  readonly saved: number;
  readonly error: Error;
  readonly reset: () => void;
}

export interface GroupCommit<T> {
  /** Resolves when the item is durable. `count` entries of together `bytes`. */
  push(item: T, count: number, bytes: number): Promise<void>;
  /** Resolves when nothing waits any more (also when it failed). */
  idle(): Promise<void>;
  readonly waiting: number;
}

const IN_FLIGHT = 2;

/**
 * Group commit: while one transaction is in flight the next group gathers, so a slow disk makes groups larger, not callers fewer.
 * With many writers two groups take turns: one is decided while the other is being written.
 */
export function groupCommit<T>(options: GroupCommitOptions<T>): GroupCommit<T> {
  let queue: Waiting<T>[] = [];
  let waitingCount = 0;
  let flights: Flight<T>[] = [];
  let departing = false;
  let recovering = false;
  let onIdle: (() => void)[] = [];

  function take(): Waiting<T>[] {
    // alone in the air and many: half of them, so that the other half is decided and written in turns with this one
    const enough = flights.length === 0 && waitingCount >= 2 * options.overlapFrom ? Math.ceil(waitingCount / 2) : Infinity;
    let count = 0;
    let bytes = 0;
    let n = 0;
    for (; n < queue.length; n++) {
      const w = queue[n]!;
      if (n > 0 && (count >= enough || count + w.count > options.maxCount || bytes + w.bytes > options.maxBytes)) break;
      count += w.count;
      bytes += w.bytes;
    }
    const group = queue.slice(0, n);
    queue = queue.slice(n);
    waitingCount -= count;
    return group;
  }

  const mayDepart = () =>
    !recovering && queue.length > 0 && (flights.length === 0 || (flights.length < IN_FLIGHT && waitingCount >= options.overlapFrom));

  function next() {
    if (departing) return;
    if (mayDepart()) {
      departing = true;
      // one turn of the event loop: whatever arrives together is committed together
      setImmediate(depart);
    } else if (queue.length === 0 && flights.length === 0) {
      const heard = onIdle;
      onIdle = [];
      for (const tell of heard) tell();
    }
  }

  function depart() {
    departing = false;
    if (mayDepart()) {
      const waiting = take();
      const flight: Flight<T> = { waiting, items: waiting.map((w) => w.item), state: 'flying' };
      flights.push(flight);
      options.commit(flight.items).then(
        () => arrived(flight, 'saved'),
        (error) => arrived(flight, 'failed', error),
      );
    }
    next();
  }

  function arrived(flight: Flight<T>, state: 'saved' | 'failed', error?: unknown) {
    flight.state = state;
    flight.error = error;
    while (flights[0]?.state === 'saved') land(flights.shift()!);
    if (flights[0]?.state !== 'failed') next();
    else if (flights.every((f) => f.state !== 'flying')) void recover();
    else recovering = true; // nothing more departs; what is in the air behind the failed one must settle first
  }

  function land(flight: Flight<T>) {
    options.committed?.(flight.items);
    for (const w of flight.waiting) w.done();
  }

  async function recover() {
    recovering = true;
    const outcome = await options.failed(
      flights[0]!.error,
      flights.map((f) => f.items),
    );
    const [saved, lost] = [flights.slice(0, outcome.saved), flights.slice(outcome.saved)];
    flights = [];
    recovering = false;
    for (const flight of saved) land(flight);
    if (lost.length > 0) {
      const rest = queue;
      queue = [];
      waitingCount = 0;
      outcome.reset();
      for (const w of [...lost.flatMap((f) => f.waiting), ...rest]) w.fail(outcome.error);
    }
    next();
  }

  return {
    push(item, count, bytes) {
      const durable = new Promise<void>((done, fail) => {
        queue.push({ item, count, bytes, done, fail });
      });
      waitingCount += count;
      next();
      return durable;
    },
    async idle() {
      if (queue.length > 0 || flights.length > 0)
        await new Promise<void>((tell) => {
          onIdle.push(tell);
        });
    },
    get waiting() {
      return queue.length;
    },
  };
}
