import type { AreaCode, EpochMs, LngLat } from './brand.ts';
import type { Priority, SensorKind } from './centre.ts';

/**
 * 告警, states after ISA-18.2: unacknowledged-active, acknowledged-active, returned-unacknowledged. `normal` is the
 * absence of an alarm: an acknowledged alarm that returns, or a returned one that is acknowledged, leaves the world.
 */
export type AlarmState = 'unack' | 'acked' | 'rtn-unack';

export interface Alarm {
  /** `${sensor}/${rule}`: one alarm per source and rule, whatever is replayed */
  readonly id: string;
  readonly sensor: string;
  readonly rule: AlarmRule;
  readonly priority: Priority;
  readonly state: AlarmState;
  readonly value: number;
  readonly limit: number;
  /** the reading that raised it, at its device time; `value` is that of the last change */
  readonly first: { readonly value: number; readonly at: EpochMs };
  readonly raisedAt: EpochMs;
  readonly changedAt: EpochMs;
  readonly area: AreaCode | null;
  readonly lngLat: LngLat;
}
export type AlarmRule = 'high' | 'low';
export const alarmId = (sensor: string, rule: AlarmRule) => `${sensor}/${rule}`;

export type AlarmEvent = { kind: 'raised'; rule: AlarmRule; limit: number } | { kind: 'cleared'; rule: AlarmRule };

/**
 * Hold one reading against the simple limits of its kind. `active` says which rules are in alarm now.
 * Raises at or beyond the limit; clears only when the value has come back by more than the deadband.
 */
export function judgeReading(kind: SensorKind, value: number, active: { high: boolean; low: boolean }): AlarmEvent[] {
  const events: AlarmEvent[] = [];
  if (kind.high !== undefined) {
    if (!active.high && value >= kind.high) events.push({ kind: 'raised', rule: 'high', limit: kind.high });
    else if (active.high && value < kind.high - kind.deadband) events.push({ kind: 'cleared', rule: 'high' });
  }
  if (kind.low !== undefined) {
    if (!active.low && value <= kind.low) events.push({ kind: 'raised', rule: 'low', limit: kind.low });
    else if (active.low && value > kind.low + kind.deadband) events.push({ kind: 'cleared', rule: 'low' });
  }
  return events;
}
