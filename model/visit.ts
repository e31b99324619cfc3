import type { AreaCode } from './brand.ts';
import { dayStart } from './centre.ts';
import type { World } from './world.ts';

/**
 * 到访: is a fix taken at `at` (epoch ms, device time) the first one in this leaf area on that day of the centre?
 * A fix older than the latest known visit is no visit: the ledger already tells of a later one.
 */
export function isFirstVisit(world: World, area: AreaCode, at: number): boolean {
  const last = world.visits.get(area);
  return last === undefined || last.at < dayStart(at, world.centre?.utcOffsetMinutes ?? 0);
}
