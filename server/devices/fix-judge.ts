import { patrolSettings } from '../../model/centre.ts';
import { type Doubt, type Fix, type FixFlaw, type Judgement, judgeFix } from '../../model/plausible.ts';
import type { World } from '../../model/world.ts';
import type { Places } from '../places.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

interface Parts {
  readonly telemetry: Pick<Telemetry, 'unit'>;
  readonly places: Pick<Places, 'extent'>;
  readonly world: () => Pick<World, 'centre'>;
  /** told of every fix that was not believed, came twice or out of order; resolves when what is kept of it is durable */
  readonly flawed: (unit: string, fix: Fix, flaw: FixFlaw, receivedAt: number) => Promise<void>;
}

/** `kept`: the fix is in quarantine, durable; it rejects when it could not be written. */
export type Judged = Judgement & { readonly kept?: Promise<void> };
/** Judges the fixes of all units in order of receipt. What is believed is what telemetry knows; kept here is only what is in doubt. */
export type FixJudge = (unit: string, fix: Fix, past: boolean, receivedAt: number) => Judged;

export function openFixJudge({ telemetry, places, world, flawed }: Parts): FixJudge {
  const doubts = new Map<string, Doubt>();
  return (unit, fix, past, receivedAt) => {
    const last = telemetry.unit(unit) ?? null;
    const limits = { maxSpeed: patrolSettings(world().centre).maxSpeed, extent: places.extent() };
    const judged = judgeFix(last, doubts.get(unit) ?? null, fix, limits, past);
    if (judged.is === 'implausible' && judged.doubt) doubts.set(unit, judged.doubt);
    else if (judged.is === 'live') doubts.delete(unit);
    if (judged.is === 'implausible') return { ...judged, kept: flawed(unit, fix, judged.reason, receivedAt) };
    if (judged.is === 'duplicate') void flawed(unit, fix, 'duplicate', receivedAt);
    else if (judged.is === 'history' && judged.reordered) void flawed(unit, fix, 'reordered', receivedAt);
    return judged;
  };
}
