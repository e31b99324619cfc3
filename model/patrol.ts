import { alarmId } from './alarm.ts';
import type { AreaCode, LngLat } from './brand.ts';
import { isWithinHours } from './hours.ts';
import { treeOf, type Unit, type World } from './world.ts';

/**
 * 力量状态: what a unit is doing now, as one word, from what the ledger says of it and what telemetry knows last. In order of urgency:
 * 求救 · 失联 · 定位异常 (it speaks, no fix can be believed) · 越界 · 未上线 (on duty, never heard) · 停留 · 移动 · 下班.
 */
export const unitStates = ['sos', 'silent', 'doubted', 'outside', 'unseen', 'standing', 'moving', 'off-duty'] as const;
export type UnitState = (typeof unitStates)[number];

/** What telemetry knows last of a unit; `at` device time of the fix, `speed` m/s. `online`, `sos`: bits of its status (model/frame). */
export interface Seen {
  readonly lngLat: LngLat;
  readonly at: number;
  readonly speed: number;
  readonly online: boolean;
  readonly sos: boolean;
}
export interface UnitStatus {
  readonly state: UnitState;
  /** since when, epoch ms; null = not known */
  readonly since: number | null;
}

/** Slower than this, m/s, counts as standing: a receiver at rest wanders, nobody walks a round at 1 km/h. */
export const MOVING_MPS = 0.3;
/** Rule of the pseudo kind `unit` by which a pressed button is an alarm (model/alarm-rules). */
export const SOS_RULE = 'sos';

type Ground = Pick<World, 'areas' | 'centre' | 'patrols' | 'alarms'>;

/** 班次: whether a unit is on duty at `at` (epoch ms): within the hours of its shift. One without a shift, or of a shift that is gone, always is. */
export function isOnShift({ centre }: Pick<World, 'centre'>, unit: Pick<Unit, 'shift'>, at: number): boolean {
  const shift = unit.shift === undefined ? undefined : centre?.shifts.find((s) => s.code === unit.shift);
  return !shift || isWithinHours(shift.hours, at, centre!.utcOffsetMinutes);
}

/** Whether a place lies in a unit's own area. null: the unit has none and is nowhere outside. `leaf` null = outside every area. */
export function isInOwnArea(world: Pick<World, 'areas'>, unit: Pick<Unit, 'area'>, leaf: AreaCode | null): boolean | null {
  if (unit.area === null) return null;
  return leaf !== null && treeOf(world).isWithin(leaf, unit.area);
}

/** @param seen null = never heard. Whoever is off duty is so wherever it is, unless it calls for help. */
export function unitStatus(world: Ground, unit: Unit, seen: Seen | null, now: number): UnitStatus {
  const alarm = world.alarms.get(alarmId(unit.id, SOS_RULE));
  if (alarm?.active || seen?.sos) return { state: 'sos', since: alarm?.active ? alarm.first.at : seen!.at };
  if (!isOnShift(world, unit, now)) return { state: 'off-duty', since: null };
  const unusual = world.patrols.get(unit.id);
  if (unusual?.silentSince != null) return { state: 'silent', since: unusual.silentSince };
  if (unusual?.doubted != null) return { state: 'doubted', since: unusual.doubted.since };
  if (!seen) return { state: 'unseen', since: null };
  if (!seen.online) return { state: 'silent', since: seen.at };
  if (unusual?.strayedAt != null) return { state: 'outside', since: unusual.strayedAt };
  return { state: seen.speed >= MOVING_MPS ? 'moving' : 'standing', since: null };
}

const rank = new Map<UnitState, number>(unitStates.map((s, i) => [s, i]));
/** As a list shows them: by urgency, what has lasted longest first, then by id. */
export const byUnitUrgency = (
  a: { readonly unit: Pick<Unit, 'id'>; readonly status: UnitStatus },
  b: { readonly unit: Pick<Unit, 'id'>; readonly status: UnitStatus },
) =>
  rank.get(a.status.state)! - rank.get(b.status.state)! ||
  (a.status.since ?? Number.POSITIVE_INFINITY) - (b.status.since ?? Number.POSITIVE_INFINITY) ||
  (a.unit.id < b.unit.id ? -1 : a.unit.id > b.unit.id ? 1 : 0);

/** How many units of a team or an area are in which state. */
export interface PatrolTotals {
  readonly units: number;
  readonly onDuty: number;
  readonly states: Readonly<Record<UnitState, number>>;
}
function totals(states: readonly UnitState[]): PatrolTotals {
  const count = Object.fromEntries(unitStates.map((s) => [s, 0])) as Record<UnitState, number>;
  for (const s of states) count[s] += 1;
  return { units: states.length, onDuty: states.length - count['off-duty'], states: count };
}

/**
 * 按班组 and 按区划: totals by team (`''` = without one) and by area of a level (null = without an own area, or one above that level), each
 * in the order in which its first unit was registered.
 * @param statusOf what `unitStatus` says of each
 */
export function patrolSummary(
  world: Pick<World, 'areas' | 'units'>,
  statusOf: (unit: Unit) => UnitStatus,
  level = 'community',
): {
  readonly all: PatrolTotals;
  readonly byTeam: ReadonlyMap<string, PatrolTotals>;
  readonly byArea: ReadonlyMap<AreaCode | null, PatrolTotals>;
} {
  const tree = treeOf(world);
  const all: UnitState[] = [];
  const teams = new Map<string, UnitState[]>();
  const places = new Map<AreaCode | null, UnitState[]>();
  const add = <K>(map: Map<K, UnitState[]>, key: K, s: UnitState) => {
    const list = map.get(key);
    if (list) list.push(s);
    else map.set(key, [s]);
  };
  for (const unit of world.units.values()) {
    const { state } = statusOf(unit);
    all.push(state);
    add(teams, unit.team ?? '', state);
    add(places, unit.area === null ? null : (tree.at(unit.area, level)?.code ?? null), state);
  }
  const summed = <K>(map: Map<K, UnitState[]>) => new Map([...map].map(([key, list]) => [key, totals(list)] as const));
  return { all: totals(all), byTeam: summed(teams), byArea: summed(places) };
}
