import { checkStep, type Incident, stepOfKind } from '../model/incident.ts';
import { beginIncident, stepIncident } from '../model/incident-fold.ts';
import type { Entry, Fact } from '../model/ledger.ts';
import { incidentOf, treeOf, type World } from '../model/world.ts';
import type { Ledger } from './ledger/ledger.ts';
import { entryOf, hashOf } from './ledger/rows.ts';
import { Refused } from './refused.ts';
import type { Store } from './store/store.ts';

/** An ended incident that the world has let go of, as it stood at the end of entry `seq`. */
export interface Recalled {
  readonly incident: Incident;
  readonly seq: number;
  /** the ledger's day when it was looked up: until the day turns nobody can have brought it back and let it go again */
  readonly day: string;
}
export type Recall = (id: string) => Promise<Recalled | null>;

/** most entries one incident can have */
const MOST_ENTRIES = 10_000;

/**
 * Fetch an incident from the ledger for a step that follows long after its end (a reopening, a verdict). It is taken from the world of
 * its last entry, which holds what others did to it too (mergers). Its own entries must recompute and lead to the very same marks.
 * @returns null when the ledger knows no such incident, or its world holds it
 * @throws Refused 409 when its history is not whole
 */
export function openRecall(ledger: Pick<Ledger, 'world' | 'worldAt'>, store: Pick<Store, 'readEntries'>): Recall {
  return async (id) => {
    const { day, seq } = ledger.world;
    const rows = await store.readEntries({ subject: id, upTo: seq, limit: MOST_ENTRIES });
    const about = rows.filter((r) => r.kind.startsWith('incident.'));
    // an answer to a report that was merged into another is written down whether the world holds the report or not
    const last = about.findLast((r) => r.kind !== 'incident.answered');
    if (!last) return null;
    const world = await ledger.worldAt(last.at);
    const incident = incidentOf(world, id);
    if (incidentOf(ledger.world, id)) return null; // somebody has brought it back meanwhile
    const whole = about.every((r) => hashOf(r, r.body) === r.hash) && incident && leadsTo(about.map(entryOf), incident, world);
    if (!whole) throw new Refused(409, 'incident', 'its history in the ledger is not whole: run npm run ledger -- verify');
    return { incident, seq: world.seq, day };
  };
}

/** Do these entries, each a step the table allows, make exactly the marks of this incident? */
function leadsTo(entries: readonly Entry[], incident: Incident, world: World): boolean {
  let i: Incident | null = null;
  for (const e of entries) {
    if (e.kind === 'incident.reported') i = beginIncident(e.body, e, incident.no, treeOf(world));
    else if (e.kind === 'incident.recalled') i = e.body.as;
    else {
      const step = stepOfKind(e.kind);
      if (!i || (step && !checkStep(i, step).ok)) return false;
      i = stepIncident(i, e);
    }
  }
  return i !== null && i.state === incident.state && JSON.stringify(i.marks) === JSON.stringify(incident.marks);
}

/** The world with the incident back in it, as a step on it is decided. */
export const holding = (world: World, { incident }: Recalled): World => ({
  ...world,
  ended: new Map(world.ended).set(incident.id, incident),
});
/** What is appended before that step. */
export const recalledFact = ({ incident, seq }: Recalled): Fact<'incident.recalled'> => ({
  kind: 'incident.recalled',
  body: { incident: incident.id, seq, as: incident },
});
