import { dayStart } from '../centre.ts';
import type { PatrolState } from '../patrol-plan.ts';
import type { Draft, Reducers } from './draft.ts';

/** visits of one place on one day that the world keeps; all are in the ledger */
const MOST_VISITS = 100;
function patrolled(d: Draft, unit: string, change: Partial<PatrolState>) {
  const next = { strayedAt: null, silentSince: null, doubted: null, ...d.now.patrols.get(unit), ...change };
  if (next.strayedAt !== null || next.silentSince !== null || next.doubted !== null) d.write('patrols').set(unit, next);
  else if (d.now.patrols.has(unit)) d.write('patrols').delete(unit);
}

/** 巡防: visits, units about whom something is unusual, rounds and visits of care. */
export const patrols = {
  'area.visited': (d, { area, unit, at }) => {
    const before = d.now.visits.get(area);
    // one handed in late is a visit of its own time: it does not stand in the place of a newer one
    const isLatest = before === undefined || at >= before.at;
    const start = dayStart(isLatest ? at : before.at, d.now.centre?.utcOffsetMinutes ?? 0);
    const today = [...(before?.today ?? []), { unit, at }].filter((v) => v.at >= start).sort((a, b) => a.at - b.at);
    const latest = isLatest ? { unit, at, leftAt: null } : before;
    d.write('visits').set(area, { ...latest, today: today.slice(-MOST_VISITS) });
  },
  'area.left': (d, { area, unit, at }) => {
    const visit = d.now.visits.get(area);
    if (visit?.unit === unit && at >= visit.at) d.write('visits').set(area, { ...visit, leftAt: at });
  },
  'unit.strayed': (d, { unit, at }) => patrolled(d, unit, { strayedAt: at }),
  'unit.returned': (d, { unit }) => patrolled(d, unit, { strayedAt: null }),
  'unit.silent': (d, { unit, at }) => patrolled(d, unit, { silentSince: at, doubted: null }),
  'unit.doubted': (d, { unit, at, reason }) => patrolled(d, unit, { silentSince: null, doubted: { since: at, reason } }),
  'unit.heard': (d, { unit }) => patrolled(d, unit, { silentSince: null, doubted: null }),
  'rounds.registered': (d, b, entry) => {
    const rounds = d.write('rounds');
    for (const r of b.rounds) rounds.set(r.id, { ...r, since: entry.at, last: rounds.get(r.id)?.last ?? null });
  },
  'round.closed': (d, b) => {
    const round = d.now.rounds.get(b.round);
    if (round) d.write('rounds').set(b.round, { ...round, last: b });
  },
  'cares.registered': (d, b) => {
    const cares = d.write('cares');
    for (const c of b.cares) {
      const { lastAt = null, lastResult = null, lastUnit = null, overdue = null } = cares.get(c.id) ?? {};
      cares.set(c.id, { ...c, lastAt, lastResult, lastUnit, overdue });
    }
  },
  'care.visited': (d, b) => {
    const care = d.now.cares.get(b.care);
    if (!care || (care.lastAt !== null && b.at < care.lastAt)) return;
    d.write('cares').set(b.care, { ...care, lastAt: b.at, lastResult: b.result, lastUnit: b.unit ?? null, overdue: null });
  },
  'care.overdue': (d, b) => {
    const care = d.now.cares.get(b.care);
    if (care) d.write('cares').set(b.care, { ...care, overdue: { due: b.due, incident: b.incident ?? null } });
  },
} satisfies Partial<Reducers>;
