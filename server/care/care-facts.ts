import { areaLabel } from '../../model/area.ts';
import type { AreaCode, EpochMs, LngLat } from '../../model/brand.ts';
import { dueAt, overdueMoment } from '../../model/care.ts';
import { type CareKind, careKindOf } from '../../model/centre.ts';
import type { IncidentSource } from '../../model/incident.ts';
import { decideStep, reportedFact } from '../../model/incident-step.ts';
import type { Fact } from '../../model/ledger.ts';
import type { CareState } from '../../model/patrol-plan.ts';
import { incidentOf, treeOf, type World } from '../../model/world.ts';
import { cut } from '../cut-text.ts';
import { incidentId } from '../incident-id.ts';

/** Where an incident about a person lies: the person's own point, else one within the place. */
export type PointOf = (area: AreaCode) => LngLat | null;

/**
 * What was not visited in time, told once each: `care.overdue` and, where the kind names a category, an incident in the same append. Its id
 * follows from the care and the due moment, so that the same miss is the same incident however often the server is stopped in between. A
 * person who was visited meanwhile comes to nothing.
 * @param at epoch ms
 */
export function overdueFacts(world: World, at: number, ids: readonly string[], pointOf: PointOf): Fact[] {
  return ids.flatMap((id): Fact[] => {
    const care = world.cares.get(id);
    const moment = care && overdueMoment(care, world.centre);
    if (!care || moment == null || moment > at) return [];
    const due = dueAt(care, world.centre)!;
    const kind = careKindOf(world.centre, care.kind);
    const raise = { category: kind?.category, title: `${kind?.name.zh ?? care.kind}走访逾期`, at: moment, source: 'patrol' } as const;
    const made = raiseOf(world, incidentId(`\0care\0${id}\0${due}`), care, raise, at, pointOf);
    return [...made.facts, { kind: 'care.overdue', body: { care: id, area: care.area, due, ...made.link } }];
  });
}

interface Raise {
  /** undefined = nothing is registered */
  readonly category: string | undefined;
  readonly title: string;
  readonly at: number;
  readonly source: IncidentSource;
}
interface Raised {
  readonly facts: readonly Fact[];
  /** what the entry about the person says of it */
  readonly link: { readonly incident?: string };
}
/** An incident about a person to be visited; it names kind and place, never the person. None where it would lie nowhere. */
export function raiseOf(world: World, id: string, care: CareState, raise: Raise, now: number, pointOf: PointOf): Raised {
  const lngLat = care.lngLat ?? pointOf(care.area);
  const { category, source, title } = raise;
  if (category === undefined || !lngLat) return { facts: [], link: {} };
  if (incidentOf(world, id)) return { facts: [], link: { incident: id } };
  const place = world.areas.has(care.area) ? ` ${areaLabel(treeOf(world), care.area)}` : '';
  const report = {
    kind: 'incident',
    at: raise.at as EpochMs,
    lngLat,
    category,
    source,
    title: cut(title + place, 80),
    channel: '走访',
  } as const;
  return { facts: [reportedFact(world, id, report, care.area, now)], link: { incident: id } };
}

/** 走访情况 for the desk: what an open incident about an overdue visit learns when the visit was made. What becomes of it is the desk's. */
export function noteOnOverdue(world: World, care: CareState, kind: CareKind | undefined, result: string, now: number): Fact[] {
  const incident = care.overdue?.incident;
  if (!incident) return [];
  const found = kind?.results.find((r) => r.code === result)?.name.zh ?? result;
  const decision = decideStep(world, incident, { step: 'note', note: `已走访：${found}` }, null, now);
  return decision.ok ? [...decision.facts] : [];
}
