import type { IncidentState } from '../model/incident.ts';
import type { Decision } from '../model/incident-step.ts';
import { incidentOf, type World } from '../model/world.ts';

/** What a step will do to one incident, for a list that is confirmed before anything happens. */
export interface Foreseen {
  readonly no: number;
  readonly title: string;
  readonly from: IncidentState;
  readonly to: IncidentState;
  /** end of the clock for handling after the step, epoch ms; null = no limit */
  readonly deadline: number | null;
  readonly unit?: string;
  /** open incidents this unit leads already */
  readonly unitHas?: readonly string[];
  readonly department?: string;
  /** what it is merged into */
  readonly into?: { readonly incident: string; readonly no: number; readonly title: string; readonly state: IncidentState };
  /** callers who are told the result */
  readonly answered?: number;
}

/** @param decision of a step on an incident that this world holds */
export function foresee(world: World, id: string, decision: Extract<Decision, { ok: true }>): Foreseen {
  const i = incidentOf(world, id)!;
  const [main, ...answers] = decision.facts;
  const body = (main?.body ?? {}) as { unit?: string; department?: string; into?: string; handleClock?: { due: number } | null };
  const into = body.into === undefined ? undefined : incidentOf(world, body.into);
  return {
    no: i.no,
    title: i.title,
    from: i.state,
    to: decision.state,
    deadline: body.handleClock === undefined ? i.deadline : (body.handleClock?.due ?? null),
    ...(body.unit ? { unit: body.unit, unitHas: ledBy(world, body.unit).filter((other) => other !== id) } : {}),
    ...(body.department ? { department: body.department } : {}),
    ...(into ? { into: { incident: into.id, no: into.no, title: into.title, state: into.state } } : {}),
    ...(answers.length > 0 ? { answered: answers.length } : {}),
  };
}

const ledBy = (world: World, unit: string) => [...world.incidents.values()].filter((i) => i.unit === unit).map((i) => i.id);
