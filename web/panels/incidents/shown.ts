import type { LngLat } from '../../../model/brand.ts';
import { hasStopped, type Incident, type IncidentMark, remaining } from '../../../model/incident.ts';
import type { IncidentRow } from '../../../model/incident-row.ts';
import { incidentOf, type World } from '../../../model/world.ts';

/**
 * What the map marks for a row of the list: the incident itself where the world holds it, else as much of it as the row tells, which is
 * all that a mark shows.
 */
export function markOf(row: IncidentRow, world: World): Incident {
  const known = incidentOf(world, row.id);
  if (known) return known;
  return {
    ...row,
    clocks: { file: null, dispatch: null, handle: null },
    crew: [],
    marks: marksOf(row),
    reporter: null,
    extension: null,
    suspension: null,
    merged: [],
    whistles: [],
    levels: [],
    warned: [],
    attachments: [],
    agreement: null,
    verdict: null,
  };
}

/** As much of its marks as its clock asks for. */
const marksOf = (row: IncidentRow): IncidentMark[] =>
  row.handledAt === null ? [] : [{ step: 'handle', state: 'handled', at: row.handledAt, actor: '' }];
/** 剩余 as of now, from what the row says of its clock. */
export const leftOf = (row: IncidentRow, now: number): number | null => remaining({ ...row, marks: marksOf(row) }, now);
/** Does its clock stand still, for now or for good? */
export const rowHasStopped = (row: IncidentRow) => hasStopped({ ...row, marks: marksOf(row) });

/** Whether a point lies inside a ring that is not closed (even-odd rule; a selection by hand needs no more). */
export function encloses(ring: readonly LngLat[], [x, y]: LngLat): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax, ay] = ring[i]!;
    const [bx, by] = ring[j]!;
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}
