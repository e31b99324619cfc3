import { alarmId } from './alarm.ts';
import type { AreaCode, LngLat } from './brand.ts';
import { isWithinHours } from './hours.ts';
import { ON_DUTY_MS } from './kpi.ts';
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

/**
 * 在岗: on shift and heard, that is on line with a fix that was believed within `ON_DUTY_MS`. One without a shift is on shift always: for it
 * being heard is what counts. The wall's figure, the list of units, coverage and who should go all ask this.
 */
export const isOnDuty = (
  world: Pick<World, 'centre'>,
  unit: Pick<Unit, 'shift'>,
  seen: { readonly at: number; readonly online: boolean },
  now: number,
): boolean => seen.online && now - seen.at <= ON_DUTY_MS && isOnShift(world, unit, now);

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
