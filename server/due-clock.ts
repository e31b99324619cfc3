import type { Entry, Fact } from '../model/ledger.ts';
import type { World } from '../model/world.ts';
import type { ImportQuiet } from './import-quiet.ts';
import type { Ledger } from './ledger/ledger.ts';

/** Who writes what the clocks ask for. */
export const CLOCK = 'clock';

/** The timers of the process, or of a test. `set` answers the way to call it off. */
export interface Timers {
  set(run: () => void, ms: number): () => void;
}
export const realTimers: Timers = {
  set(run, ms) {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export interface ClockParts {
  readonly ledger: Pick<Ledger, 'world' | 'append' | 'follow'>;
  readonly quiet: ImportQuiet;
  readonly now: () => number;
  readonly timers?: Timers;
  readonly onError?: (error: unknown) => void;
}
export interface Clockwork {
  /** Resolves when nothing it began is still on its way. */
  close(): Promise<void>;
}

/** What a clock looks after: things (ids) of the world that ask for something at a moment of their own. */
export interface DueThings {
  all(world: World): Iterable<string>;
  /** When it next asks for something, epoch ms; null = it does not. */
  moment(world: World, id: string): number | null;
  /** Which thing an entry may have moved; `all` = perhaps every one. */
  touched(entry: Entry): string | 'all' | undefined;
  /** What is to be written of these as of `at`, given the newest world: what is no longer so comes to nothing. */
  facts(world: World, at: number, ids: readonly string[]): readonly Fact[];
  /** Fetched before facts are decided. */
  prepare?(world: World, ids: readonly string[]): Promise<void>;
}

/** The longest sleep: the machine may be put to sleep too, and its clock set. */
const LONGEST_MS = 10 * 60_000;
const RETRY_MS = 5_000;

/**
 * 时钟: writes what falls due, as `clock`, each step an entry. It keeps, for every thing, the moment at which it next asks for something,
 * and sleeps until the earliest; a change of a thing in the ledger moves its moment, so that nothing is looked through while nothing is
 * due. What fell due while the server was down is written when it is up again.
 */
export async function openDueClock(
  { ledger, quiet, now, timers = realTimers, onError = () => {} }: ClockParts,
  due: DueThings,
): Promise<Clockwork> {
  /** thing -> moment, only where there is one */
  let moments = new Map<string, number>();
  let earliest = Number.POSITIVE_INFINITY;
  let retryAt = 0;
  let disarm = () => {};
  let armedFor = Number.POSITIVE_INFINITY;
  let writing: Promise<void> | null = null;
  let closed = false;

  function lookAt(world: World, id: string) {
    const moment = due.moment(world, id);
    if (moment === null) moments.delete(id);
    else {
      moments.set(id, moment);
      earliest = Math.min(earliest, moment);
    }
  }
  function lookAtAll(world: World) {
    moments = new Map();
    earliest = Number.POSITIVE_INFINITY;
    for (const id of due.all(world)) lookAt(world, id);
  }

  /** Sleep until the earliest moment; one that has since been moved later costs one vain waking. */
  function arm() {
    if (closed || writing) return;
    const wakeAt = Math.max(earliest, quietUntil());
    if (wakeAt >= armedFor) return;
    disarm();
    armedFor = wakeAt;
    disarm = timers.set(wake, Math.min(Math.max(0, wakeAt - now()), LONGEST_MS));
  }

  function wake() {
    armedFor = Number.POSITIVE_INFINITY;
    if (closed) return;
    const at = now();
    if (at >= quietUntil() && earliest <= at) {
      const ids = [...moments].flatMap(([id, moment]) => (moment <= at ? [id] : []));
      if (ids.length > 0) {
        writing = write(ids, at).finally(() => {
          writing = null;
          arm();
        });
        return;
      }
      earliest = smallest(moments.values());
    }
    arm();
  }

  async function write(ids: readonly string[], at: number) {
    try {
      if (due.prepare) await due.prepare(ledger.world, ids);
      // decided against the newest world: a step that is on its way to the disk has already moved the clock
      const written = await ledger.append(CLOCK, (world) => due.facts(world, at, ids));
      if (written.length === 0) for (const id of ids) lookAt(ledger.world, id);
      earliest = smallest(moments.values());
    } catch (error) {
      onError(error);
      retryAt = now() + RETRY_MS;
    }
  }

  function follow(entries: readonly Entry[], world: World) {
    const touched = new Set<string>();
    for (const entry of entries) {
      const id = due.touched(entry);
      if (id !== undefined) touched.add(id);
    }
    if (touched.has('all')) lookAtAll(world);
    else for (const id of touched) lookAt(world, id);
    retryAt = 0;
    arm();
  }
  const quietUntil = () => Math.max(quiet.until, retryAt);

  const unfollow = ledger.follow(follow);
  lookAtAll(ledger.world);
  arm();

  return {
    async close() {
      closed = true;
      unfollow();
      disarm();
      await writing;
    },
  };
}

function smallest(numbers: Iterable<number>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const n of numbers) least = Math.min(least, n);
  return least;
}
