import type { AreaCode } from './brand.ts';
import { type PatrolSettings, patrolSettings } from './centre.ts';
import { makesStop } from './rounds.ts';
import type { World } from './world.ts';

/** 停留: a unit's time in one leaf area, from its first fix there to its last, epoch ms of its own clock; `fixes` distinct ones. */
export interface Stay {
  readonly area: AreaCode;
  readonly since: number;
  readonly last: number;
  readonly fixes: number;
}

/** Whether a stay is long enough, or seen often enough, to count as a visit. */
export const isLongEnough = (settings: Pick<PatrolSettings, 'dwellS' | 'fixes'>, stay: Stay): boolean =>
  stay.last - stay.since >= settings.dwellS * 1000 || stay.fixes >= settings.fixes;

/**
 * 到访: does a stay that is long enough, at `at` (device time), make a visit to be written down? The same place is written down again after
 * `repeatMinutes`, and at once where it makes a stop of a round that is open and still lacks it. One that is older than a visit already
 * known (handed in late) is only asked for by a round.
 */
export function isVisit(world: Pick<World, 'centre' | 'rounds' | 'visits'>, unit: string, area: AreaCode, at: number): boolean {
  const latest = world.visits.get(area);
  if (!latest || at - latest.at >= patrolSettings(world.centre).repeatMinutes * 60_000) return true;
  return makesStop(world, unit, area, at);
}
