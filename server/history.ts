import type { Actor } from '../model/access.ts';
import { alarmId } from '../model/alarm.ts';
import type { EpochMs } from '../model/brand.ts';
import { checkStep, stepOfKind } from '../model/incident.ts';
import type { Fact } from '../model/ledger.ts';
import { incidentOf, type World } from '../model/world.ts';
import { mustBeAllowed } from './commands.ts';
import type { Ledger } from './ledger/ledger.ts';
import { Refused } from './refused.ts';
import { checkRecordedAt } from './setup.ts';

/** A fact that happened before this ledger could write it down. `at`: when it is recorded to have been made. */
export type PastFact = Fact & { readonly at: EpochMs };
/** Kinds that may be imported: what happens in a street, never its set-up. */
export const isPastKind = (kind: string) => kind === 'area.visited' || kind.startsWith('incident.') || kind.startsWith('alarm.');

/** Who imported facts are written by. */
export const IMPORT = 'import';

/**
 * Append past facts in order, each at its own time, held to the same rules as live ones. The first that breaks a rule ends
 * the import: the facts before it stay, the answer names it.
 */
export async function importHistory(ledger: Ledger, now: () => number, actor: Actor, facts: readonly PastFact[]) {
  mustBeAllowed(actor, 'configure', null, ledger.world);
  let broken: Refused | null = null;
  const appends = facts.map(({ at, ...fact }, i) =>
    ledger.append(
      IMPORT,
      (world) => {
        if (broken) throw broken;
        try {
          checkRecordedAt(at, world, now());
          checkFact(fact as Fact, world);
          return [fact as Fact];
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          broken = new Refused(409, `facts.${i}.${error.field}`, error.rule, { taken: i });
          throw broken;
        }
      },
      at,
    ),
  );
  const settled = await Promise.allSettled(appends);
  const failed = settled.find((s) => s.status === 'rejected');
  if (failed) throw broken ?? failed.reason;
  return { seq: ledger.world.seq, taken: facts.length };
}

/** The rules a live fact of this kind was held to before it was appended. */
function checkFact(fact: Fact, world: World) {
  const body = fact.body as { incident?: string; unit?: string; alarm?: string; sensor?: string; area?: string | null };
  const step = stepOfKind(fact.kind);
  if (step) {
    const incident = incidentOf(world, body.incident!);
    if (!incident) throw new Refused(409, 'body.incident', `no incident ${body.incident} among the open and recent ones`);
    const verdict = checkStep(incident, step);
    if (!verdict.ok) throw new Refused(409, 'kind', verdict.rule);
  }
  if (fact.kind === 'incident.reported' && incidentOf(world, fact.body.incident)) {
    throw new Refused(409, 'body.incident', `incident ${fact.body.incident} is already in the ledger`);
  }
  if (body.unit && !world.units.has(body.unit)) throw new Refused(409, 'body.unit', `unit ${body.unit} is not registered`);
  if (body.area && !world.areas.has(body.area as never)) throw new Refused(409, 'body.area', `no area ${body.area} in the boundaries`);
  if (fact.kind === 'alarm.raised') {
    if (!world.sensors.has(fact.body.sensor)) throw new Refused(409, 'body.sensor', `sensor ${fact.body.sensor} is not registered`);
    const id = alarmId(fact.body.sensor, fact.body.rule);
    if (fact.body.alarm !== id) throw new Refused(409, 'body.alarm', `the alarm of this sensor and rule is ${id}`);
  } else if (fact.kind.startsWith('alarm.') && !world.alarms.has(body.alarm!)) {
    throw new Refused(409, 'body.alarm', `no alarm ${body.alarm}: it is in its normal state`);
  }
}
