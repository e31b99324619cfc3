import { epochMs } from '../../model/brand.ts';
import { isFirstVisit } from '../../model/visit.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { PatrolWatch } from './patrol-watch.ts';

/** 到访, the plain way: the first live fix of a day in a leaf area is its visit. */
export function firstVisits(ledger: Pick<Ledger, 'world' | 'append'>): Pick<PatrolWatch, 'hear'> {
  return {
    async hear(unit, { at, area, recency }) {
      if (recency === 'history' || area === null || !isFirstVisit(ledger.world, area, at)) return;
      await ledger.append(unit.id, (world) =>
        isFirstVisit(world, area, at) ? [{ kind: 'area.visited', body: { area, unit: unit.id, at: epochMs(at) } }] : [],
      );
    },
  };
}
