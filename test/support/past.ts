import { epochMs } from '../../model/brand.ts';
import type { Incident } from '../../model/incident.ts';
import type { Fact } from '../../model/ledger.ts';
import { everyIncident } from '../../model/world.ts';
import type { Ledger } from '../../server/ledger/ledger.ts';
import { openLedger } from '../../server/ledger/open-ledger.ts';
import type { Store } from '../../server/store/store.ts';
import { type Draw, lawful, setUp } from './facts.ts';

/** 2026-11-20 08:00 of the test street */
export const BEGIN = Date.parse('2026-11-20T08:00:00+08:00');
const sources = ['hotline', 'resident', 'patrol', 'other'] as const;

/** A ledger that grows by drawn facts at their own times, and remembers every incident as its world last held it. */
export interface Past {
  readonly ledger: Ledger;
  readonly held: ReadonlyMap<string, Incident>;
  /** time of the latest entry, epoch ms */
  now(): number;
  grow(draws: readonly Draw[]): Promise<void>;
}

export async function openPast(store: Store, held = new Map<string, Incident>()): Promise<Past> {
  let now = BEGIN;
  const ledger = await openLedger(store, { now: () => now });
  if (ledger.world.seq === 0) await ledger.append('op', () => setUp, now);
  now = Math.max(now, ledger.world.at);
  let n: number = ledger.world.seq;
  return {
    ledger,
    held,
    now: () => now,
    async grow(draws) {
      for (const d of draws) {
        now += d.gapMs;
        n += 1;
        await ledger.append('op', (world) => [called(lawful(world, d, epochMs(now), n), d)], now);
        for (const i of everyIncident(ledger.world)) held.set(i.id, i);
      }
    },
  };
}

/** Reports of few callers and tickets, so that some are repeated. */
function called(fact: Fact, d: Draw): Fact {
  if (fact.kind !== 'incident.reported') return fact;
  const more = {
    source: sources[d.a % 4]!,
    channel: d.a % 3 ? '' : '天府市民云',
    ...(d.a % 2 ? { reporter: `p-${d.b % 3}` } : {}),
    ...(d.a % 5 ? {} : { ref: `T-${d.b % 4}` }),
    at: epochMs(fact.body.at + (d.b % 10 ? -60_000 * d.b : 60_000)),
  };
  return { ...fact, body: { ...fact.body, ...more } };
}
