import { type Fix, type FixFlaw, implausibleReasons } from '../../model/plausible.ts';
import type { FlawCount, QuarantinedFix, QuarantineStore } from '../store/quarantine.ts';

const FLUSH_MS = 1000;
const TRIM_MS = 10 * 60_000;
/** newest fixes kept of each unit and of all, and for how long */
export const QUARANTINE_PER_UNIT = 200;
const QUARANTINE_TOTAL = 50_000;
const QUARANTINE_MS = 30 * 86_400_000;
/** A store that is away does not fill the memory: older ones are counted and let go. */
const MOST_BUFFERED = 5000;

/** 隔离: fixes that were not believed, written every second, and counts of every kind of flaw. Telemetry: a kill may lose the last second. */
export interface Quarantine {
  put(unit: string, fix: Fix, flaw: FixFlaw, receivedAt: number): void;
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

export async function openQuarantine({ store, now, onError }: Parts): Promise<Quarantine> {
  const isKept: ReadonlySet<string> = new Set(implausibleReasons);
  const known = new Map((await store.counts()).map((c) => [`${c.unit} ${c.reason}`, c]));
  let fresh = new Map<string, FlawCount>();
  let buffered: QuarantinedFix[] = [];
  let total = 0;
  let writing = Promise.resolve();

  const more = (counts: Map<string, FlawCount>, { unit, reason, n, lastAt }: FlawCount) => {
    const key = `${unit} ${reason}`;
    counts.set(key, { unit, reason, n: (counts.get(key)?.n ?? 0) + n, lastAt });
  };
  async function write() {
    const [fixes, counts] = [buffered, fresh];
    buffered = [];
    fresh = new Map();
    try {
      if (counts.size) await store.count([...counts.values()]);
      counts.clear();
      if (fixes.length) await store.add(fixes);
    } catch (error) {
      buffered = [...fixes, ...buffered].slice(-MOST_BUFFERED);
      for (const c of counts.values()) more(fresh, { ...c, lastAt: Math.max(c.lastAt, fresh.get(`${c.unit} ${c.reason}`)?.lastAt ?? 0) });
      onError(error);
    }
  }
  const flush = () => {
    writing = writing.then(write);
    return writing;
  };
  const trim = () => void store.trim(QUARANTINE_PER_UNIT, QUARANTINE_TOTAL, now() - QUARANTINE_MS).catch(onError);
  const timers = [setInterval(() => (buffered.length || fresh.size ? void flush() : undefined), FLUSH_MS), setInterval(trim, TRIM_MS)];

  return {
    put(unit, { at, lngLat }, reason, receivedAt) {
      const one = { unit, reason, n: 1, lastAt: receivedAt };
      more(known, one);
      more(fresh, one);
      if (!isKept.has(reason)) return;
      total += 1;
      buffered.push({ unit, reason, at, lng: lngLat[0], lat: lngLat[1], receivedAt });
      if (buffered.length > MOST_BUFFERED) buffered.shift();
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
