import type { AreaCode, EpochMs, LngLat } from './brand.ts';
import type { Priority } from './centre.ts';

/**
 * 告警状态机 after ISA-18.2 / IEC 62682 (alarm state transition diagram; facts in STANDARDS "Alarms"). What is so (the condition is active,
 * somebody acknowledged it, it is latched) is kept apart from what hides it (shelved, suppressed by design, out of service); the state
 * follows from both. While hidden the condition goes on being followed, so that an alarm that comes back shows what is true then.
 */
export const alarmStates = ['normal', 'unack', 'acked', 'rtn-unack', 'latched', 'shelved', 'suppressed', 'out-of-service'] as const;
/** 正常 未确认 已确认 已恢复未确认 锁存 搁置 设计抑制 停用 */
export type AlarmState = (typeof alarmStates)[number];

/** 搁置. one-shot: until the condition clears; timed: until `until`. `until` (epoch ms) is the latest end of both. */
export interface Shelf {
  readonly kind: 'one-shot' | 'timed';
  readonly until: EpochMs;
  readonly reason: string;
  readonly by: string;
}
export interface Condition {
  readonly active: boolean;
  readonly acked: boolean;
  /** the condition has cleared, a reset is still asked for (only rules that latch) */
  readonly latched: boolean;
  readonly shelf: Shelf | null;
  /** code of the rule that, while active, makes this one pointless; null = not suppressed */
  readonly suppressedBy: string | null;
  readonly outOfService: { readonly reason: string; readonly by: string } | null;
}
export const calm: Condition = { active: false, acked: true, latched: false, shelf: null, suppressedBy: null, outOfService: null };

/** Out of service hides suppression, which hides shelving, which hides the alarm itself. */
export function stateOf(c: Condition): AlarmState {
  if (c.outOfService) return 'out-of-service';
  if (c.suppressedBy !== null) return 'suppressed';
  if (c.shelf) return 'shelved';
  if (c.active) return c.acked ? 'acked' : 'unack';
  if (c.latched) return 'latched';
  return c.acked ? 'normal' : 'rtn-unack';
}
/** States in which an alarm is not put before the operator, whatever its condition. */
export const hidden: ReadonlySet<AlarmState> = new Set<AlarmState>(['shelved', 'suppressed', 'out-of-service']);

export type AlarmEvent =
  /** the condition became true; of an active one: the re-alarm time has passed, or it is told again */
  | { readonly do: 'raise'; readonly again?: boolean }
  | { readonly do: 'clear'; readonly latch: boolean }
  | { readonly do: 'acknowledge' }
  | { readonly do: 'reset' }
  | { readonly do: 'shelve'; readonly shelf: Shelf }
  | { readonly do: 'unshelve' }
  | { readonly do: 'suppress'; readonly by: string }
  | { readonly do: 'unsuppress' }
  | { readonly do: 'remove'; readonly reason: string; readonly by: string }
  | { readonly do: 'return' };

/** What an event makes of a condition. An event that does not apply leaves it as it is: the very same object. */
export function alarmAfter(c: Condition, e: AlarmEvent): Condition {
  switch (e.do) {
    case 'raise':
      if (c.active && !e.again) return c;
      return c.active && !c.acked ? c : { ...c, active: true, acked: false, latched: false };
    case 'clear': {
      if (!c.active) return c;
      const cleared = { ...c, active: false, latched: e.latch };
      return c.shelf?.kind === 'one-shot' ? { ...cleared, shelf: null } : cleared;
    }
    case 'acknowledge':
      return c.acked ? c : { ...c, acked: true };
    case 'reset':
      return c.latched ? { ...c, latched: false } : c;
    case 'shelve':
      return { ...c, shelf: e.shelf };
    case 'unshelve':
      return c.shelf ? { ...c, shelf: null } : c;
    case 'suppress':
      return c.suppressedBy === e.by ? c : { ...c, suppressedBy: e.by };
    case 'unsuppress':
      return c.suppressedBy === null ? c : { ...c, suppressedBy: null };
    case 'remove':
      return { ...c, outOfService: { reason: e.reason, by: e.by } };
    case 'return':
      return c.outOfService ? { ...c, outOfService: null } : c;
  }
}

/** One alarm: a rule of a source that is not in its normal state. It leaves the world when it is. */
export interface Alarm extends Condition {
  /** `${sensor}/${rule}`: one alarm per source and rule, whatever is replayed */
  readonly id: string;
  readonly sensor: string;
  /** code of the rule, unique among those of the sensor's kind */
  readonly rule: string;
  readonly priority: Priority;
  readonly state: AlarmState;
  readonly value: number;
  readonly limit: number;
  /** the reading that raised it, at its device time; `value` is that of the last change */
  readonly first: { readonly value: number; readonly at: EpochMs };
  /** since when it is in alarm, entry time; for one never raised, when it entered the world */
  readonly raisedAt: EpochMs;
  readonly changedAt: EpochMs;
  readonly ackedBy: { readonly actor: string; readonly at: EpochMs } | null;
  /** times it went into alarm since it entered the world: chattering shows here, not in more rows */
  readonly raised: number;
  readonly notes: number;
  readonly area: AreaCode | null;
  readonly lngLat: LngLat;
}
export const alarmId = (sensor: string, rule: string) => `${sensor}/${rule}`;
/** The source and the rule of an alarm's id; a rule's code has no slash. */
export function partsOfAlarm(id: string): { sensor: string; rule: string } {
  const at = id.lastIndexOf('/');
  return { sensor: id.slice(0, at), rule: id.slice(at + 1) };
}

const order: Record<AlarmState, number> = {
  unack: 0,
  'rtn-unack': 2,
  acked: 1,
  latched: 3,
  shelved: 4,
  suppressed: 5,
  'out-of-service': 6,
  normal: 7,
};
/** As a list shows them: by state (unacknowledged first), then by priority, the newest first. */
export const byUrgency = (a: Alarm, b: Alarm) =>
  order[a.state] - order[b.state] || a.priority - b.priority || b.raisedAt - a.raisedAt || (a.id < b.id ? -1 : 1);
