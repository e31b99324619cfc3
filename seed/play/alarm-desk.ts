import { type Alarm, calm, partsOfAlarm } from '../../model/alarm.ts';
import { alarmStep } from '../../model/alarm-fold.ts';
import type { AlarmActForm } from '../../model/alarm-forms.ts';
import type { EpochMs } from '../../model/brand.ts';
import type { Entry } from '../../model/ledger.ts';
import { between, pick, rngFor } from '../rng.ts';
import { alarmWords } from '../words.ts';
import type { AlarmNow } from './server.ts';

export interface AlarmMove {
  readonly do: 'alarm';
  readonly alarm: string;
  readonly form: AlarmActForm;
}
interface OnDesk {
  alarm: Alarm;
  /** street's time of its last change of state */
  since: number;
  /** acts tried in this state */
  readonly tried: Set<string>;
}

const MINUTE = 60_000;
/** Minutes until an operator takes an alarm, by priority. */
const patience: Readonly<Record<number, readonly [number, number]>> = { 1: [0.4, 1.3], 2: [0.8, 4.5], 3: [1.5, 9], 4: [3, 18] };

/** The operator who looks after alarms: takes them, comments, puts some aside with a reason, resets those that latched. */
export class AlarmDesk {
  private readonly alarms = new Map<string, OnDesk>();
  private readonly seed: number;

  constructor(seed: number) {
    this.seed = seed;
  }

  get size(): number {
    return this.alarms.size;
  }

  /** Alarms as they stand when the day is joined; how long they have been so counts from now. */
  takeOver(rows: readonly AlarmNow[], now: number) {
    for (const row of rows) {
      const raisedAt = Date.parse(row.raisedAt) as EpochMs;
      const first = { value: row.value, at: raisedAt };
      const fixed = {
        ...calm,
        first,
        raisedAt,
        changedAt: raisedAt,
        ackedBy: null,
        limit: 0,
        notes: 0,
        area: null,
        lngLat: [0, 0] as const,
      };
      this.alarms.set(row.id, { alarm: { ...fixed, ...row, raisedAt }, since: now, tried: new Set() });
    }
  }

  take(entry: Entry, now: number) {
    if (!entry.kind.startsWith('alarm.')) return;
    const id = (entry.body as { alarm: string }).alarm;
    const before = this.alarms.get(id);
    const change = alarmStep(before?.alarm, entry as never);
    if (!change) return;
    if (!change.alarm) this.alarms.delete(id);
    else if (before && before.alarm.state === change.alarm.state) before.alarm = change.alarm;
    else this.alarms.set(id, { alarm: change.alarm, since: now, tried: new Set() });
  }

  /** What falls due by `now`, the street's time. Each act is tried once in a state: one that is refused was another's to do. */
  advance(now: number): AlarmMove[] {
    return [...this.alarms.values()].flatMap((a): AlarmMove[] => {
      const form = this.turn(a, (now - a.since) / MINUTE);
      if (!form || a.tried.has(form.act)) return [];
      a.tried.add(form.act);
      return [{ do: 'alarm', alarm: a.alarm.id, form }];
    });
  }

  private turn({ alarm: a, since, tried }: OnDesk, minutes: number): AlarmActForm | null {
    const r = rngFor(this.seed, `${a.id} ${a.state} ${a.raised} ${since}`);
    const [lo, hi] = patience[a.priority]!;
    const wait = between(r, lo, hi);
    const talks = r();
    switch (a.state) {
      case 'unack':
        if (minutes < wait) return null;
        return { act: 'acknowledge', ...(talks < 0.08 ? { note: pick(r, alarmWords.note) } : {}) };
      case 'rtn-unack':
        return minutes < wait + 2 ? null : { act: 'acknowledge' };
      case 'latched':
        if (!a.acked && !tried.has('acknowledge')) return minutes < wait ? null : { act: 'acknowledge' };
        return minutes < wait + between(r, 2, 7) ? null : { act: 'reset', note: pick(r, alarmWords.reset) };
      case 'acked':
        if (talks < 0.06 && minutes > between(r, 4, 12)) return { act: 'note', text: pick(r, alarmWords.note) };
        return talks > 0.93 && a.priority >= 3 && minutes > between(r, 12, 30) ? this.aside(a, r) : null;
      default:
        return null;
    }
  }

  /** 搁置, with a reason. Nobody puts aside what has fallen silent: that is for the one who repairs it. */
  private aside(a: Alarm, r: () => number): AlarmActForm | null {
    if (partsOfAlarm(a.id).rule === 'no-data') return null;
    const reason = pick(r, alarmWords.shelve);
    return r() < 0.4
      ? { act: 'shelve', kind: 'one-shot', reason }
      : { act: 'shelve', kind: 'timed', minutes: 30 * Math.ceil(between(r, 0.1, 4)), reason };
  }
}
