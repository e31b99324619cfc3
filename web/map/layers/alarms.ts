import { type Alarm, hidden } from '../../../model/alarm.ts';
import type { LngLat } from '../../../model/brand.ts';
import type { Priority } from '../../../model/centre.ts';

/** A sensor that is not in order, as the map draws it: by its worst alarm. */
export interface DeviceMark {
  /** the sensor */
  readonly id: string;
  /** its worst alarm */
  readonly alarm: string;
  readonly lngLat: LngLat;
  readonly priority: Priority;
  /** hidden: shelved, suppressed by design or out of service */
  readonly look: 'active' | 'returned' | 'hidden';
  /** P1 that nobody has acknowledged: flashes */
  readonly urgent: boolean;
  /** how many alarms the sensor has */
  readonly n: number;
  /** lower is worse: keeps its place, and gives a cluster its shape */
  readonly rank: number;
}

const standing = { unack: 0, acked: 1, 'rtn-unack': 2, latched: 3 } as const;
/** What is hidden after all that is not; then by priority, then by how much it still asks for. */
const rankOf = (a: Alarm) => (hidden.has(a.state) ? 100 : 0) + a.priority * 10 + (standing[a.state as 'unack'] ?? 4);

/** One mark for each sensor that has an alarm. */
export function deviceMarks(alarms: Iterable<Alarm>): DeviceMark[] {
  const worst = new Map<string, { alarm: Alarm; rank: number; n: number }>();
  for (const alarm of alarms) {
    const rank = rankOf(alarm);
    const known = worst.get(alarm.sensor);
    if (!known) worst.set(alarm.sensor, { alarm, rank, n: 1 });
    else {
      known.n += 1;
      if (rank < known.rank || (rank === known.rank && alarm.id < known.alarm.id)) Object.assign(known, { alarm, rank });
    }
  }
  return [...worst.values()].map(({ alarm: a, rank, n }) => ({
    id: a.sensor,
    alarm: a.id,
    lngLat: a.lngLat,
    priority: a.priority,
    look: hidden.has(a.state) ? 'hidden' : a.active ? 'active' : 'returned',
    urgent: a.priority === 1 && a.state === 'unack',
    n,
    rank,
  }));
}
