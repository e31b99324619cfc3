import { type Alarm, type AlarmEvent, alarmAfter, calm, hidden, stateOf } from './alarm.ts';
import type { AlarmEntry, Entry, EntryBody } from './ledger.ts';

/** Entries that may begin an alarm: they say whose it is and where. */
type Source = Pick<EntryBody<'alarm.shelved'>, 'alarm' | 'sensor' | 'rule' | 'priority' | 'area' | 'lngLat'>;

const begin = (b: Source, e: Entry, value: number, limit: number, at: Alarm['first']['at']): Alarm => ({
  ...calm,
  id: b.alarm,
  sensor: b.sensor,
  rule: b.rule,
  priority: b.priority,
  state: 'normal',
  value,
  limit,
  first: { value, at },
  raisedAt: e.at,
  changedAt: e.at,
  ackedBy: null,
  raised: 0,
  notes: 0,
  area: b.area,
  lngLat: b.lngLat,
});

/** What an entry says happened to an alarm; null where it only says something of it. */
function eventOf(e: Entry): AlarmEvent | null {
  switch (e.kind) {
    case 'alarm.raised':
      return { do: 'raise', ...(e.body.again ? { again: true } : {}) };
    case 'alarm.cleared':
      return { do: 'clear', latch: e.body.latch ?? false };
    case 'alarm.acknowledged':
      return { do: 'acknowledge' };
    case 'alarm.revised':
      return e.body.again ? { do: 'raise', again: true } : null;
    case 'alarm.reset':
      return { do: 'reset' };
    case 'alarm.shelved':
      return { do: 'shelve', shelf: e.body.shelf };
    case 'alarm.unshelved':
      return { do: 'unshelve' };
    case 'alarm.suppressed':
      return { do: 'suppress', by: e.body.by };
    case 'alarm.unsuppressed':
      return { do: 'unsuppress' };
    case 'alarm.removed':
      return { do: 'remove', reason: e.body.reason, by: e.actor };
    case 'alarm.returned':
      return { do: 'return' };
    default:
      return null;
  }
}

export interface AlarmChange {
  /** null = it is in its normal state and leaves the world */
  readonly alarm: Alarm | null;
  /** it was put before the operator by this entry: counted for the flood */
  readonly announced: boolean;
}

/** What an entry makes of the alarm it is about. An entry of an alarm that is not there, and cannot begin one, changes nothing. */
export function alarmStep(before: Alarm | undefined, entry: AlarmEntry): AlarmChange | null {
  const from = before ?? beginning(entry);
  if (!from) return null;
  const event = eventOf(entry);
  const { active, acked, latched, shelf, suppressedBy, outOfService } = from;
  const was = { active, acked, latched, shelf, suppressedBy, outOfService };
  const now = event ? alarmAfter(was, event) : was;
  const state = stateOf(now);
  const alarm: Alarm = { ...from, ...now, ...told(from, entry, now.active && !active), state, changedAt: entry.at };
  return { alarm: state === 'normal' ? null : alarm, announced: state === 'unack' && before?.state !== 'unack' && !hidden.has(state) };
}

function beginning(e: AlarmEntry): Alarm | undefined {
  if (e.kind === 'alarm.raised') return begin(e.body, e, e.body.value, e.body.limit, e.body.at);
  if (e.kind === 'alarm.shelved' || e.kind === 'alarm.removed' || e.kind === 'alarm.suppressed')
    return begin(e.body, e, e.body.value ?? 0, e.body.limit ?? 0, e.at);
  return undefined;
}

/** The figures an entry brings. `rises`: the condition became active by it. */
function told(a: Alarm, e: AlarmEntry, rises: boolean): Partial<Alarm> {
  switch (e.kind) {
    case 'alarm.raised': {
      const { value, limit, priority, at } = e.body;
      return { value, limit, priority, ...(rises ? { first: { value, at }, raisedAt: e.at, raised: a.raised + 1, ackedBy: null } : {}) };
    }
    case 'alarm.revised':
      return { priority: e.body.priority, limit: e.body.limit };
    case 'alarm.cleared':
      return { value: e.body.value };
    case 'alarm.acknowledged':
      return { ackedBy: { actor: e.actor, at: e.at } };
    case 'alarm.noted':
      return { notes: a.notes + 1 };
    default:
      return {};
  }
}
