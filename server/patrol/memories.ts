import { unitsInHand } from '../../model/candidates.ts';
import { isWithinHours } from '../../model/hours.ts';
import { isInOwnArea } from '../../model/patrol.ts';
import type { Implausible } from '../../model/plausible.ts';
import { Staleness } from '../../model/staleness.ts';
import type { Unit, World } from '../../model/world.ts';
import type { HeardFix } from './patrol-watch.ts';
import { StayTracker } from './stays.ts';

/** Until a unit's own rhythm is known it is expected to be heard this often, ms: five of them are what the wall calls on duty. */
export const USUAL_MS = 60_000;

/** What is remembered of a unit. What of it cannot be lost is made anew at the start, from the film (rebuild.ts). */
export interface Memory {
  readonly stay: StayTracker;
  /** the same of what is handed in late, by its own time */
  readonly past: StayTracker;
  /** device time of the newest fix and of the newest late one */
  at: number;
  pastAt: number;
  /** since when it has been otherwise than the world says: outside (`out`), or back again */
  turned: { readonly since: number; readonly out: boolean } | null;
  /** the newest fix that was not believed: when we received it, its device time, why not */
  doubt: { readonly receivedAt: number; readonly at: number; readonly reason: Implausible } | null;
  /** when it was last looked for and was off duty, epoch ms */
  offAt: number;
  /** appends on their way */
  writing: number;
}

/** How far each unit has come, by its id, and the rhythm of each, by its `ix`. */
export class Memories {
  readonly staleness = new Staleness();
  private readonly byUnit = new Map<string, Memory>();

  of(unit: Pick<Unit, 'id'>): Memory {
    let m = this.byUnit.get(unit.id);
    if (!m) {
      m = {
        stay: new StayTracker(),
        past: new StayTracker(),
        at: Number.NEGATIVE_INFINITY,
        pastAt: Number.NEGATIVE_INFINITY,
        turned: null,
        doubt: null,
        offAt: Number.NEGATIVE_INFINITY,
        writing: 0,
      };
      this.byUnit.set(unit.id, m);
    }
    return m;
  }
  [Symbol.iterator] = () => this.byUnit[Symbol.iterator]();

  /** Its newest fix, whatever follows from it. */
  heard(unit: Pick<Unit, 'id' | 'ix'>, { at, receivedAt }: Pick<HeardFix, 'at' | 'receivedAt'>) {
    const m = this.of(unit);
    this.staleness.heard(unit.ix, receivedAt, Number.isFinite(m.at) ? at - m.at : null, USUAL_MS);
    m.at = at;
    m.doubt = null;
  }
}

/** The shifts that are off duty at a moment: asked for every fix, so looked up once a second. */
export interface Duty {
  readonly centre: World['centre'];
  readonly at: number;
  readonly off: ReadonlySet<string>;
}
export function dutyAt({ centre }: Pick<World, 'centre'>, at: number): Duty {
  const off = new Set<string>();
  for (const s of centre?.shifts ?? []) if (!isWithinHours(s.hours, at, centre!.utcOffsetMinutes)) off.add(s.code);
  return { centre, at, off };
}
export const isOn = (duty: Duty, { shift }: Pick<Unit, 'shift'>) => shift === undefined || !duty.off.has(shift);

/**
 * Outside its own area, or back again, otherwise than the world says, and since when; null = as the world says. Off duty nobody
 * strays; nor does who was sent somewhere.
 */
export function turned(m: Memory, world: World, unit: Unit, fix: Pick<HeardFix, 'at' | 'area'>, onDuty: boolean): Memory['turned'] {
  const strayed = world.patrols.get(unit.id)?.strayedAt != null;
  const outside = isInOwnArea(world, unit, fix.area) === false;
  const out = outside && (strayed || (onDuty && !unitsInHand(world).has(unit.id)));
  if (out === strayed) {
    m.turned = null;
    return null;
  }
  // told of the one just now, it may already be the other
  if (m.turned?.out !== out) m.turned = { since: fix.at, out };
  return m.turned;
}
