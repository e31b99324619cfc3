import { type Action, may } from '../../../model/access.ts';
import type { AreaCode } from '../../../model/brand.ts';
import { type Incident, type IncidentStep, possibleSteps, transitionOf } from '../../../model/incident.ts';
import { treeOf } from '../../../model/world.ts';
import { useServer } from '../../app-context.ts';

/** May this visitor do it here? The server decides again; this only keeps what it would refuse off the screen. */
export function useMay(action: Action, area: AreaCode | null): boolean {
  const actor = useServer((s) => s.actor);
  const areas = useServer((s) => s.world.areas);
  return actor !== null && may(actor, action, area, treeOf({ areas })).ok;
}

/** The steps that are possible as the incident stands and that this visitor has the right to. */
export function useSteps(i: Pick<Incident, 'state' | 'flow' | 'extension' | 'area' | 'verdict'>): IncidentStep[] {
  const actor = useServer((s) => s.actor);
  const areas = useServer((s) => s.world.areas);
  if (!actor) return [];
  const tree = treeOf({ areas });
  return possibleSteps(i).filter((s) => {
    const row = transitionOf(s);
    return row !== undefined && may(actor, row.right, i.area, tree).ok && !(s === 'rate' && i.verdict);
  });
}
