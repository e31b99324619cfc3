import type { LngLat } from '../../../model/brand.ts';
import type { Priority } from '../../../model/centre.ts';
import { hasStopped, type Incident, remaining } from '../../../model/incident.ts';

/** An open incident as the map draws it. */
export interface IncidentMark {
  readonly id: string;
  readonly lngLat: LngLat;
  readonly priority: Priority;
  /** short, for the label */
  readonly title: string;
  /** ms, negative when overdue; null = no limit */
  readonly left: number | null;
  /** part of the time limit that is left, 0 … 1 */
  readonly fraction: number;
  readonly overdue: boolean;
  /** handled: the clock stands still */
  readonly stopped: boolean;
  /** 特急 that nobody has taken up yet: flashes */
  readonly urgent: boolean;
  /** lower is drawn above, labelled first and gives a cluster its shape */
  readonly rank: number;
  /** P1, P2, overdue and the chosen one carry a label */
  readonly labelled: boolean;
  /** its label goes before the names of places: P1 and what is chosen or pointed at */
  readonly first: boolean;
}

/** Open incidents at `now` (epoch ms); `raised`: ids that are chosen or pointed at, which go before all others; `name`: of the label. */
export function incidentMarks(
  incidents: Iterable<Incident>,
  now: number,
  raised: ReadonlySet<string>,
  name: (i: Incident) => string = (i) => i.title,
): IncidentMark[] {
  const out: IncidentMark[] = [];
  for (const i of incidents) {
    const left = remaining(i, now);
    const limit = i.deadline === null ? 1 : Math.max(1, i.deadline - i.reportedAt);
    const overdue = left !== null && left < 0;
    const up = raised.has(i.id);
    out.push({
      id: i.id,
      lngLat: i.lngLat,
      priority: i.priority,
      title: name(i),
      left,
      fraction: left === null ? 1 : Math.min(1, Math.max(0, left / limit)),
      overdue,
      stopped: hasStopped(i),
      urgent: i.priority === 1 && i.state === 'reported',
      rank: (up ? -100 : 0) + i.priority * 10 + (left === null ? 9 : Math.min(9, Math.max(-9, left / 3_600_000))),
      labelled: up || i.priority <= 2 || overdue,
      first: up || i.priority === 1,
    });
  }
  return out.sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1));
}
