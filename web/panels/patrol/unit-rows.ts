import type { AreaTree } from '../../../model/area.ts';
import type { AreaCode } from '../../../model/brand.ts';
import { isOpen } from '../../../model/incident.ts';
import { type UnitRole, unitRoles } from '../../../model/ledger.ts';
import { byUnitUrgency, type Seen, type UnitState, type UnitStatus, unitStates, unitStatus } from '../../../model/patrol.ts';
import type { Unit, World } from '../../../model/world.ts';
import type { LatestStore } from '../../store/latest.ts';
import { seenOf } from '../../store/units.ts';
import type { TabParams } from '../../store/view-store.ts';

/** One unit of the list, as of the moment shown. */
export interface UnitRow {
  readonly unit: Unit;
  readonly status: UnitStatus;
  readonly seen: Seen | null;
  /** the leaf area its latest fix lies in; null = outside all, or never heard */
  readonly where: AreaCode | null;
  /** open incidents it is sent to */
  readonly tasks: readonly string[];
}

/** unit -> open incidents it is sent to */
export function tasksByUnit(incidents: World['incidents']): ReadonlyMap<string, readonly string[]> {
  const out = new Map<string, string[]>();
  for (const i of incidents.values()) {
    if (!isOpen(i)) continue;
    for (const { unit } of i.crew) {
      const list = out.get(unit);
      if (list) list.push(i.id);
      else out.set(unit, [i.id]);
    }
  }
  return out;
}

const none: readonly string[] = [];
/** Every unit, the most urgent first. @param areaAt the leaf that holds a point */
export function unitRows(
  world: Pick<World, 'areas' | 'centre' | 'patrols' | 'alarms' | 'units'>,
  latest: LatestStore,
  areaAt: ((at: Seen['lngLat']) => AreaCode | null) | null,
  tasks: ReadonlyMap<string, readonly string[]>,
  now: number,
): UnitRow[] {
  const rows = [...world.units.values()].map((unit): UnitRow => {
    const seen = seenOf(latest, unit);
    return {
      unit,
      status: unitStatus(world, unit, seen, now),
      seen,
      where: seen && areaAt ? areaAt(seen.lngLat) : null,
      tasks: tasks.get(unit.id) ?? none,
    };
  });
  return rows.sort(byUnitUrgency);
}

/** What the list is narrowed to, from the words of the address; words that are none of ours are passed over. */
export interface UnitFilter {
  readonly state: UnitState | null;
  readonly role: UnitRole | null;
  /** '' = units without a team */
  readonly team: string | null;
  readonly words: readonly string[];
}
/** How the address says "without a team". */
export const NO_TEAM = '-';
export const unitFilterOf = (p: TabParams): UnitFilter => ({
  state: unitStates.find((s) => s === p.state) ?? null,
  role: unitRoles.find((r) => r === p.role) ?? null,
  team: p.team === undefined ? null : p.team === NO_TEAM ? '' : p.team,
  words: (p.q ?? '').toLowerCase().split(/\s+/).filter(Boolean),
});

/** Role, team, words and place; the status apart, so that the counts of all of them can stand beside the list. A unit is of a place when it is there now or answers for it. */
export function narrowed(rows: readonly UnitRow[], f: UnitFilter, area: AreaCode | null, tree: AreaTree): readonly UnitRow[] {
  const within = (code: AreaCode | null) => code !== null && area !== null && tree.isWithin(code, area);
  return rows.filter(
    ({ unit, where }) =>
      (f.role === null || unit.role === f.role) &&
      (f.team === null || (unit.team ?? '') === f.team) &&
      (area === null || within(where) || within(unit.area)) &&
      f.words.every((w) => unit.name.toLowerCase().includes(w) || unit.id.toLowerCase().includes(w)),
  );
}

export function countByState(rows: readonly UnitRow[]): Readonly<Record<UnitState, number>> {
  const out = Object.fromEntries(unitStates.map((s) => [s, 0])) as Record<UnitState, number>;
  for (const r of rows) out[r.status.state] += 1;
  return out;
}
