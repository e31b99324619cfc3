import { type Alarm, type AlarmState, hidden, type Shelf } from './alarm.ts';
import { alarmStep } from './alarm-fold.ts';
import type { AreaCode, EpochMs } from './brand.ts';
import type { Priority } from './centre.ts';
import type { AlarmEntry } from './ledger.ts';

/** 告警记录: one time that an alarm's condition was active, from the raise to what ended it. Moments are epoch ms of the ledger. */
export interface Occurrence {
  readonly alarm: string;
  readonly sensor: string;
  readonly rule: string;
  readonly priority: Priority;
  readonly area: AreaCode | null;
  readonly raisedAt: EpochMs;
  /** device time of the reading that raised it */
  readonly at: EpochMs;
  readonly value: number;
  readonly limit: number;
  /** what kept it from the operator when it was raised; null = it was put before the operator */
  readonly hidden: Extract<AlarmState, 'shelved' | 'suppressed' | 'out-of-service'> | null;
  /** the first acknowledgement; one acknowledgement counts for every time before it that had none */
  readonly ackedAt: EpochMs | null;
  readonly ackedBy: string | null;
  /** null = still active, or it cleared before the log begins: `active` tells */
  readonly clearedAt: EpochMs | null;
  readonly active: boolean;
  readonly resetAt: EpochMs | null;
  /** the last time it was shelved while it stood */
  readonly shelved: Shelf | null;
  /** times it asked again (再报警) */
  readonly again: number;
  /** comments made on it */
  readonly notes: number;
  /** of the alarm when the log ends; `normal` for one that another raise has followed */
  readonly state: AlarmState;
}
type Open = { -readonly [K in keyof Occurrence]: Occurrence[K] };

const newest = (a: Occurrence, b: Occurrence) => b.raisedAt - a.raisedAt || (a.alarm < b.alarm ? -1 : a.alarm > b.alarm ? 1 : 0);

/**
 * The log of alarms from their entries, by the very fold the world uses. `take` every alarm entry of a span in the order of the ledger,
 * then ask for `rows`, the newest first.
 * @param standing alarms of the world in which the span begins; those in alarm, unacknowledged or latched then are in the log
 */
export function alarmLog(standing: ReadonlyMap<string, Alarm>) {
  const alarms = new Map(standing);
  const rows: Open[] = [];
  const current = new Map<string, Open>();
  const unacked = new Map<string, Open[]>();

  function begin(a: Alarm) {
    const row: Open = {
      alarm: a.id,
      sensor: a.sensor,
      rule: a.rule,
      priority: a.priority,
      area: a.area,
      raisedAt: a.raisedAt,
      at: a.first.at,
      value: a.first.value,
      limit: a.limit,
      hidden: hidden.has(a.state) ? (a.state as 'shelved') : null,
      ackedAt: a.ackedBy?.at ?? null,
      ackedBy: a.ackedBy?.actor ?? null,
      clearedAt: null,
      active: a.active,
      resetAt: null,
      shelved: a.shelf,
      again: 0,
      notes: 0,
      state: 'normal',
    };
    rows.push(row);
    current.set(a.id, row);
    if (!a.acked) unacked.set(a.id, [...(unacked.get(a.id) ?? []), row]);
  }
  for (const a of alarms.values()) if (a.raised > 0 && (a.active || !a.acked || a.latched)) begin(a);

  function take(entry: AlarmEntry) {
    const id = entry.body.alarm;
    const before = alarms.get(id);
    const change = alarmStep(before, entry);
    if (!change) return;
    if (change.alarm) alarms.set(id, change.alarm);
    else alarms.delete(id);
    if (entry.kind === 'alarm.raised' && change.alarm && !before?.active) return begin(change.alarm);
    const row = current.get(id);
    if (row) step(row, entry);
    if (!change.alarm) current.delete(id); // what is done to it from now on is not done to this time
  }

  function asksAgain(row: Open) {
    row.again += 1;
    if (unacked.get(row.alarm)?.includes(row) !== true) unacked.set(row.alarm, [...(unacked.get(row.alarm) ?? []), row]);
  }

  function step(row: Open, entry: AlarmEntry) {
    switch (entry.kind) {
      case 'alarm.raised':
        asksAgain(row);
        break;
      case 'alarm.revised': // priority and limit of the row stay those it was raised by
        if (entry.body.again) asksAgain(row);
        break;
      case 'alarm.acknowledged':
        for (const r of unacked.get(row.alarm) ?? []) {
          r.ackedAt ??= entry.at;
          r.ackedBy ??= entry.actor;
        }
        unacked.delete(row.alarm);
        break;
      case 'alarm.cleared':
        row.active = false;
        row.clearedAt ??= entry.at;
        break;
      case 'alarm.reset':
        row.resetAt = entry.at;
        break;
      case 'alarm.shelved':
        row.shelved = entry.body.shelf;
        break;
      case 'alarm.noted':
        row.notes += 1;
        break;
    }
  }

  return {
    take,
    rows: (): Occurrence[] =>
      rows.map((r) => ({ ...r, state: current.get(r.alarm) === r ? (alarms.get(r.alarm)?.state ?? 'normal') : 'normal' })).sort(newest),
  };
}
