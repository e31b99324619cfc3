import { areaLabel } from './area.ts';
import type { AreaCode, EpochMs, LngLat } from './brand.ts';
import type { Priority } from './centre.ts';
import { type Incident, type IncidentSource, type IncidentState, isOpen, remaining } from './incident.ts';
import { factsOf } from './incident-facts.ts';
import type { AgreementOutcome, Satisfaction } from './incident-forms.ts';
import { treeOf, type World } from './world.ts';

/** One line of a list of incidents: flat JSON, no personal data. Times are epoch ms, null = has not happened. */
export interface IncidentRow {
  readonly id: string;
  /** running number of the centre's day */
  readonly no: number;
  readonly title: string;
  readonly category: string;
  readonly flow: Incident['flow'];
  readonly priority: Priority;
  readonly source: IncidentSource;
  readonly channel: string;
  readonly ref: string;
  readonly state: IncidentState;
  /** leaf of the tree; null = outside the street */
  readonly area: AreaCode | null;
  /** the area as it is spoken of, e.g. 正街 03-07; null = outside */
  readonly place: string | null;
  readonly lngLat: LngLat;
  readonly unit: string | null;
  readonly department: string | null;
  readonly alarm: string | null;
  /** the permit it falls under (许可范围内) */
  readonly permit: string | null;
  readonly at: EpochMs;
  readonly reportedAt: EpochMs;
  readonly filedAt: EpochMs | null;
  readonly dispatchedAt: EpochMs | null;
  readonly acceptedAt: EpochMs | null;
  readonly arrivedAt: EpochMs | null;
  /** handled for good */
  readonly handledAt: EpochMs | null;
  readonly verifiedAt: EpochMs | null;
  /** when it reached an end state */
  readonly closedAt: EpochMs | null;
  readonly deadline: EpochMs | null;
  readonly pausedAt: EpochMs | null;
  /** milliseconds to the deadline at the moment asked for; negative = overdue, null = no limit */
  readonly leftMs: number | null;
  readonly overdue: boolean;
  readonly open: boolean;
  /** level of the tree that answers for it now; null = outside every area and not escalated */
  readonly level: string | null;
  readonly levels: number;
  readonly reworks: number;
  readonly returns: number;
  readonly extensions: number;
  readonly extensionAsked: boolean;
  /** end of the suspension (挂账复查日期) */
  readonly reviewAt: EpochMs | null;
  readonly into: string | null;
  readonly merged: number;
  readonly attachments: number;
  readonly whistles: number;
  readonly whistleOpen: boolean;
  readonly helpAskedAt: EpochMs | null;
  /** as the caller says; null = not asked */
  readonly solved: boolean | null;
  readonly satisfaction: Satisfaction | null;
  readonly answeredAt: EpochMs | null;
  readonly agreement: AgreementOutcome | null;
  readonly kept: boolean | null;
}

/** The line of an incident as of `now` (epoch ms), with places named as in `world`. */
export function rowOf(i: Incident, world: Pick<World, 'areas'>, now: number): IncidentRow {
  const f = factsOf(i);
  const leftMs = remaining(i, now);
  const { id, no, title, category, flow, priority, source, channel, ref, state, area, lngLat, unit, department, alarm, permit } = i;
  return {
    ...{ id, no, title, category, flow, priority, source, channel, ref, state, area },
    place: area === null ? null : areaLabel(treeOf(world), area),
    ...{ lngLat, unit, department, alarm, permit },
    at: i.at,
    reportedAt: i.reportedAt,
    filedAt: f.filedAt,
    dispatchedAt: f.dispatchedAt,
    acceptedAt: f.acceptedAt,
    arrivedAt: f.arrivedAt,
    handledAt: f.handledAt,
    verifiedAt: f.verifiedAt,
    closedAt: i.closedAt,
    deadline: i.deadline,
    pausedAt: i.pausedAt,
    leftMs,
    overdue: leftMs !== null && leftMs < 0,
    open: isOpen(i),
    level: i.levels.at(-1)?.level ?? null,
    levels: i.levels.length,
    reworks: f.reworks,
    returns: f.returns,
    extensions: f.extensions,
    extensionAsked: i.extension !== null,
    reviewAt: i.suspension?.reviewAt ?? null,
    into: i.into,
    merged: i.merged.length,
    attachments: i.attachments.length,
    whistles: i.whistles.length,
    whistleOpen: f.whistleOpen,
    helpAskedAt: i.helpAskedAt,
    solved: f.solved,
    satisfaction: f.satisfaction,
    answeredAt: i.answeredAt,
    agreement: f.agreement,
    kept: f.kept,
  };
}
