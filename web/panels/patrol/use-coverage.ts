import { useMemo } from 'react';
import type { AreaCode } from '../../../model/brand.ts';
import { type CoverageFigure, coverage, coverageFigures, type LeafCoverage, NOT_VISITED_HOURS } from '../../../model/coverage.ts';
import { type RoundProgress, roundsNow } from '../../../model/rounds.ts';
import { treeOf } from '../../../model/world.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { useNowEvery } from '../../store/clock.ts';
import { locatorOf } from '../../store/locator.ts';
import { positionsOf } from '../../store/units.ts';

/** How often coverage is counted anew, ms; a visit counts at once. */
const EVERY_MS = 5000;
export const hoursChoices = [4, 8, 24, 72] as const;

export interface Coverage {
  readonly leaves: readonly LeafCoverage[];
  readonly rounds: readonly RoundProgress[];
  readonly figures: readonly CoverageFigure[];
  /** epoch ms of the moment it is counted for */
  readonly now: number;
  /** the time after which a place counts as not visited */
  readonly hours: number;
}

/** 覆盖 of the place shown, as of the moment shown. */
export function useCoverage(): Coverage {
  const { latest } = useApp();
  const world = useServer((s) => s.world);
  const places = useServer((s) => s.places);
  const area = useView((s) => s.area);
  const asked = useView((s) => s.params.hours);
  const hours = hoursChoices.find((h) => String(h) === asked) ?? NOT_VISITED_HOURS;
  const tick = useNowEvery(EVERY_MS);
  const { areas, centre, duties, rounds: plans, units, visits } = world;
  // within a step of the clock the newest visit may be later than the step's beginning
  const now = Math.min(Math.max(tick, latestVisit(visits)), tick + EVERY_MS);
  return useMemo(() => {
    const ground = { areas, centre, duties, rounds: plans, units, visits };
    const positions = places ? positionsOf(units, latest, locatorOf(places)) : [];
    const rounds = roundsNow(ground, now);
    const tree = treeOf(ground);
    const within = (code: AreaCode) => area === null || tree.isWithin(code, area);
    const leaves = coverage(ground, positions, now, rounds).filter((l) => within(l.area.code));
    const here = rounds.filter((r) => r.round.stops.some(within));
    const positionsAt = positions.reduce((at, p) => Math.max(at, p.at), 0);
    return { leaves, rounds: here, figures: coverageFigures(ground, leaves, here, now, { positionsAt, hours }), now, hours };
  }, [areas, centre, duties, plans, units, visits, places, latest, area, now, hours]);
}

const newest = new WeakMap<object, number>();
function latestVisit(visits: ReadonlyMap<AreaCode, { readonly at: number; readonly leftAt: number | null }>): number {
  let at = newest.get(visits);
  if (at === undefined) {
    at = 0;
    for (const v of visits.values()) at = Math.max(at, v.at, v.leftAt ?? 0);
    newest.set(visits, at);
  }
  return at;
}
