import { epochMs } from '../../model/brand.ts';
import { type Incident, nextStep } from '../../model/incident.ts';
import { type StepForm, satisfactions } from '../../model/incident-forms.ts';
import { decideStep } from '../../model/incident-step.ts';
import type { Fact } from '../../model/ledger.ts';
import { decideWhistle, decideWhistleAct } from '../../model/whistle-step.ts';
import { everyIncident, incidentOf, type World } from '../../model/world.ts';
import type { Ledger } from '../../server/ledger/ledger.ts';
import { openLedger } from '../../server/ledger/open-ledger.ts';
import type { Store } from '../../server/store/store.ts';
import { type Draw, drawnAct, drawnForm, lawful, setUp } from './facts.ts';

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
        const entries = await ledger.append('op', (world) => forward(world, d, now) ?? [called(lawful(world, d, epochMs(now), n), d)], now);
        for (const i of everyIncident(ledger.world)) held.set(i.id, i);
        for (const e of entries) {
          // told of the end of the incident it was merged into, when the world had let go of it
          const gone = e.kind === 'incident.answered' && !incidentOf(ledger.world, e.body.incident) && held.get(e.body.incident);
          if (gone) held.set(gone.id, { ...gone, answeredAt: e.at });
        }
      }
    },
  };
}

/**
 * Most draws take an incident of the few oldest further, so that many come to their end and are rated: mostly a step on, now and then one
 * aside, a whistle, or what is done about one. null where nothing may be done.
 */
function forward(world: World, d: Draw, now: number): readonly Fact[] | null {
  if (d.b % 3 === 0) return null;
  const unrated = [...world.ended.values()].find((i) => i.state === 'closed' && i.verdict === null);
  const oldest = [...world.incidents.values()].slice(0, 8);
  const i = unrated ?? oldest[d.a % oldest.length];
  if (!i || (i.state === 'suspended' && d.a % 16)) return null;
  const taken = (form: StepForm) => decideStep(world, i.id, form, null, now);
  const decide = () => {
    if (unrated) return taken({ step: 'rate', solved: d.a % 3 > 0, ...(d.a % 4 < 3 ? { satisfaction: satisfactions[d.a % 4]! } : {}) });
    if (i.extension && d.a % 2) return taken(drawnForm('grant-extension', d, now));
    if (d.b % 8 === 1) return taken(drawnForm(aside[d.a % aside.length]!, d, now));
    if (d.b % 8 !== 2) return taken(drawnForm(nextStep(i) ?? 'reopen', d, now));
    const whistle = i.whistles.find((w) => w.releasedAt === null);
    const departments = d.a % 2 ? ['justice'] : ['justice', 'urban'];
    if (!whistle) return decideWhistle(world, i.id, { kind: 'daily', grounds: 'joint', text: '请到场', departments }, null, now);
    const call = whistle.calls.find((c) => c.arrivedAt === null)?.department ?? 'justice';
    return decideWhistleAct(world, i.id, drawnAct(whistle.calls.every((c) => c.arrivedAt) ? 'release' : 'arrive', whistle.no, call), null);
  };
  const decision = decide();
  return decision.ok ? decision.facts : null;
}
const aside = ['return', 'suspend', 'ask-extension', 'rework'] as const;

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
