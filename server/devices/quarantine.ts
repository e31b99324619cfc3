import { type Fix, type FixFlaw, implausibleReasons } from '../../model/plausible.ts';
import type { FlawCount, QuarantinedFix, QuarantineStore } from '../store/quarantine.ts';

const FLUSH_MS = 1000;
const TRIM_MS = 10 * 60_000;
/** newest fixes kept of each unit and of all, and for how long */
export const QUARANTINE_PER_UNIT = 200;
const QUARANTINE_TOTAL = 50_000;
const QUARANTINE_MS = 30 * 86_400_000;
/**
 * 隔离: fixes that were not believed, and counts of every kind of flaw. A fix is durable before it is answered: it is refused, so nobody sends
 * it again. What is only counted (came twice, out of order) is written every second; a kill may lose that of the last one.
 */
export interface Quarantine {
  /** Resolves when it is durable; of what is only counted, at once. Rejects when it could not be written: it is to be sent again. */
  put(unit: string, fix: Fix, flaw: FixFlaw, receivedAt: number): Promise<void>;
  counts(): readonly FlawCount[];
  fixesOf(unit: string, reason: string | null, limit: number): Promise<QuarantinedFix[]>;
  /** fixes not believed since the server started */
  readonly total: number;
  close(): Promise<void>;
}

interface Parts {
  readonly store: QuarantineStore;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

interface Waiting {
  readonly fix: QuarantinedFix;
  readonly written: () => void;
  readonly failed: (error: unknown) => void;
}

export async function openQuarantine({ store, now, onError }: Parts): Promise<Quarantine> {
  const isKept: ReadonlySet<string> = new Set(implausibleReasons);
  const known = new Map((await store.counts()).map((c) => [`${c.unit} ${c.reason}`, c]));
  /** counted, not yet written */
  let fresh = new Map<string, FlawCount>();
  let pending: Waiting[] = [];
  let total = 0;
  let writing: Promise<void> | null = null;

  const more = (counts: Map<string, FlawCount>, { unit, reason, n, lastAt }: FlawCount) => {
    const key = `${unit} ${reason}`;
    const had = counts.get(key);
    counts.set(key, { unit, reason, n: (had?.n ?? 0) + n, lastAt: Math.max(lastAt, had?.lastAt ?? 0) });
  };
  /** All that waits is written together; what comes meanwhile goes with the next. */
  async function write() {
    while (pending.length || fresh.size) {
      await new Promise((go) => setImmediate(go));
      const [fixes, counts] = [pending, fresh];
      pending = [];
      fresh = new Map();
      try {
        await store.add(
          fixes.map((f) => f.fix),
          [...counts.values()],
        );
        for (const f of fixes) f.written();
      } catch (error) {
        // a fix that is sent again is counted again
        total -= fixes.length;
        for (const { fix } of fixes) for (const c of [counts, known]) more(c, { unit: fix.unit, reason: fix.reason, n: -1, lastAt: 0 });
        for (const c of counts.values()) if (c.n > 0) more(fresh, c);
        for (const f of fixes) f.failed(error);
        onError(error);
        return;
      }
    }
  }
  const flush = () => {
    writing ??= write().finally(() => {
      writing = null;
      if (pending.length) void flush();
    });
    return writing;
  };
  const trim = () => void store.trim(QUARANTINE_PER_UNIT, QUARANTINE_TOTAL, now() - QUARANTINE_MS).catch(onError);
  const timers = [setInterval(() => (fresh.size ? void flush() : undefined), FLUSH_MS), setInterval(trim, TRIM_MS)];

  return {
    put(unit, { at, lngLat }, reason, receivedAt) {
      const one = { unit, reason, n: 1, lastAt: receivedAt };
      more(known, one);
      more(fresh, one);
      if (!isKept.has(reason)) return Promise.resolve();
      total += 1;
      const fix = { unit, reason, at, lng: lngLat[0], lat: lngLat[1], receivedAt };
      const kept = new Promise<void>((written, failed) => pending.push({ fix, written, failed }));
      kept.catch(() => {}); // whoever waits for it hears of it
      void flush();
      return kept;
    },
    counts: () => [...known.values()].sort((a, b) => b.lastAt - a.lastAt),
    async fixesOf(unit, reason, limit) {
      await flush();
      return store.fixesOf(unit, reason, limit);
    },
    get total() {
      return total;
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      await flush();
    },
  };
}
