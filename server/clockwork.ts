import { dueFacts, nextDue } from '../model/escalation.ts';
import type { Entry, Fact } from '../model/ledger.ts';
import type { World } from '../model/world.ts';
import { openImportQuiet } from './import-quiet.ts';
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

interface Parts {
  readonly ledger: Pick<Ledger, 'world' | 'append' | 'follow' | 'read'>;
  readonly now: () => number;
  readonly timers?: Timers;
  readonly onError?: (error: unknown) => void;
}
export interface Clockwork {
  /** Resolves when nothing it began is still on its way. */
  close(): Promise<void>;
}

/** The longest sleep: the machine may be put to sleep too, and its clock set. */
const LONGEST_MS = 10 * 60_000;
const RETRY_MS = 5_000;
const PER_APPEND = 500;

/**
 * 时钟: warns and escalates what is due (model/escalation), as `clock`, each step an entry. It keeps, for every open incident, the
 * moment at which it next asks for something, and sleeps until the earliest; a change of an incident in the ledger moves its moment, so
 * that nothing is looked through while nothing is due. What fell due while the server was down is written when it is up again.
 */
export async function openClockwork({ ledger, now, timers = realTimers, onError = () => {} }: Parts): Promise<Clockwork> {
  /** incident -> moment, only where there is one */
  let moments = new Map<string, number>();
  let earliest = Number.POSITIVE_INFINITY;
  let retryAt = 0;
  let disarm = () => {};
  let armedFor = Number.POSITIVE_INFINITY;
  let writing: Promise<void> | null = null;
  let closed = false;

  function lookAt(world: World, id: string) {
    const incident = world.incidents.get(id);
    const moment = incident ? nextDue(world, incident) : null;
    if (moment === null) moments.delete(id);
    else {
      moments.set(id, moment);
      earliest = Math.min(earliest, moment);
    }
  }
  function lookAtAll(world: World) {
    moments = new Map();
    earliest = Number.POSITIVE_INFINITY;
    for (const id of world.incidents.keys()) lookAt(world, id);
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
      const due = [...moments].flatMap(([id, moment]) => (moment <= at ? [id] : []));
      if (due.length > 0) {
        writing = write(due, at).finally(() => {
          writing = null;
          arm();
        });
        return;
      }
      earliest = Math.min(Number.POSITIVE_INFINITY, ...smallest(moments.values()));
    }
    arm();
  }

  async function write(ids: readonly string[], at: number) {
    try {
      // decided against the newest world: a step that is on its way to the disk has already moved the clock
      const written = await ledger.append(CLOCK, (world) => dueFacts(world, at, ids).slice(0, PER_APPEND) as Fact[]);
      if (written.length === 0) for (const id of ids) lookAt(ledger.world, id);
      earliest = Math.min(Number.POSITIVE_INFINITY, ...smallest(moments.values()));
    } catch (error) {
      onError(error);
      retryAt = now() + RETRY_MS;
    }
  }

  function follow(entries: readonly Entry[], world: World) {
    const touched = new Set<string>();
    let everything = false;
    for (const entry of entries) {
      if (entry.kind === 'centre.configured' || entry.kind === 'boundaries.published') everything = true;
      const { incident } = entry.body as { incident?: string };
      if (incident !== undefined && entry.kind.startsWith('incident.')) touched.add(incident);
    }
    if (everything) lookAtAll(world);
    else for (const id of touched) lookAt(world, id);
    quiet.follow(entries);
    retryAt = 0;
    arm();
  }
  const quietUntil = () => Math.max(quiet.until, retryAt);

  const quiet = await openImportQuiet(ledger, now);
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

/** The smallest of many numbers, as a list of none or one. */
function smallest(numbers: Iterable<number>): number[] {
  let least: number | undefined;
  for (const n of numbers) if (least === undefined || n < least) least = n;
  return least === undefined ? [] : [least];
}
