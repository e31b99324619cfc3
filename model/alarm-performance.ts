import { type Alarm, hidden } from './alarm.ts';
import { alarmStep } from './alarm-fold.ts';
import {
  type AlarmDay,
  type AlarmReport,
  type AlarmSource,
  BUSY_ABOVE,
  CHATTER_CHANGES,
  CHATTER_MS,
  type ChatteringAlarm,
  type FloodSpell,
  type HiddenAlarm,
  PERIOD_MS,
  STALE_MS,
  type StaleAlarm,
  TOP_SOURCES,
  type WaitingAlarm,
} from './alarm-report.ts';
import { alarmFigures } from './alarm-report-figures.ts';
import type { EpochMs } from './brand.ts';
import { type Centre, dayKey, dayStart, floodRule, type Priority } from './centre.ts';
import { FLOOD_WINDOW_MS, floodAt, newAlarms, type Surge, surgeAfter } from './flood.ts';
import type { AlarmEntry } from './ledger.ts';

export interface Span {
  readonly from: number;
  /** exclusive, later than `from` */
  readonly to: number;
}
/** How things stood at `from`: parts of the world of that moment. */
export interface Standing {
  readonly alarms: ReadonlyMap<string, Alarm>;
  readonly surge: Surge;
}
const WAITING_SHOWN = 200;
const DAY_MS = 86_400_000;

type Open<T> = { -readonly [K in keyof T]: T[K] };
const sourceOf = ({ id, sensor, rule, priority, area }: Alarm): AlarmSource => ({ alarm: id, sensor, rule, priority, area });
const shows = (a: Alarm | null | undefined): a is Alarm => a?.active === true && !hidden.has(a.state);
const waits = (a: Alarm | null | undefined): a is Alarm => a?.state === 'unack' || a?.state === 'rtn-unack';

/**
 * 告警绩效: counts the entries of alarms within a span, in the order of the ledger, with the very fold the world uses. `take` any number of
 * times, then `report`. Entries of other kinds are not for it.
 */
export function alarmTally(start: Standing, span: Span, centre: Centre | null) {
  const offset = centre?.utcOffsetMinutes ?? 0;
  const rule = floodRule(centre);
  const alarms = new Map(start.alarms);
  const announcedOf = new Map<string, { source: AlarmSource; n: number }>();
  const byPriority: Record<Priority, number> = { 1: 0, 2: 0, 3: 0, 4: 0 };
  const firstPeriod = Math.floor((span.from + offset * 60_000) / PERIOD_MS) * PERIOD_MS - offset * 60_000;
  const counts: number[] = new Array(Math.ceil((span.to - firstPeriod) / PERIOD_MS)).fill(0);
  const dayStarts: number[] = [];
  for (let at = dayStart(span.from, offset); at < span.to; at += DAY_MS) dayStarts.push(at);
  const perDay: number[] = new Array(dayStarts.length).fill(0);

  const waiting = new Map<string, { readonly since: number; readonly measured: boolean }>();
  const ackMs: number[] = [];
  const stale: StaleAlarm[] = [];
  const shownSince = new Map<string, number>();
  const chatter = new Map<string, Chatter>();
  const shelved = new HiddenRows((a) => a.shelf);
  const outOfService = new HiddenRows((a) => a.outOfService);
  const floods = floodSpells(start.surge, span, rule);

  for (const a of alarms.values()) {
    if (waits(a)) waiting.set(a.id, { since: a.raisedAt, measured: false });
    if (shows(a)) shownSince.set(a.id, span.from);
    shelved.begin(a);
    outOfService.begin(a);
  }

  function announce(a: Alarm, at: EpochMs) {
    const known = announcedOf.get(a.id) ?? { source: sourceOf(a), n: 0 };
    announcedOf.set(a.id, { source: sourceOf(a), n: known.n + 1 });
    byPriority[a.priority] += 1;
    counts[Math.floor((at - firstPeriod) / PERIOD_MS)]! += 1;
    perDay[Math.floor((at - dayStarts[0]!) / DAY_MS)]! += 1;
    if (!waiting.has(a.id)) waiting.set(a.id, { since: at, measured: true });
    floods.announce(at);
  }
  /** It was shown in alarm until `at`: how much of that was beyond a day? */
  function endOfShown(a: Alarm, at: number, until: number | null) {
    const from = Math.max(shownSince.get(a.id)!, a.raisedAt + STALE_MS);
    if (at > from) stale.push({ ...sourceOf(a), since: a.raisedAt, until });
    shownSince.delete(a.id);
  }

  function take(entry: AlarmEntry) {
    const before = alarms.get(entry.body.alarm);
    const change = alarmStep(before, entry);
    if (!change) return;
    const after = change.alarm;
    const { at } = entry;
    const id = entry.body.alarm;
    if (after) alarms.set(id, after);
    else alarms.delete(id);

    if (shows(before) && !shows(after)) endOfShown(before, at, at);
    if (shows(after) && !shows(before)) shownSince.set(id, at);
    const seen = !hidden.has(before?.state ?? 'normal') && !hidden.has(after?.state ?? 'normal');
    if (seen && (before?.active ?? false) !== (after?.active ?? false)) {
      const c = chatter.get(id) ?? new Chatter(sourceOf(after ?? before!));
      chatter.set(id, c);
      c.change(at);
    }
    const since = waiting.get(id);
    if (since && !waits(after)) {
      if (since.measured && entry.kind === 'alarm.acknowledged') ackMs.push(at - since.since);
      waiting.delete(id);
    }
    shelved.step(before, after, at);
    outOfService.step(before, after, at);
    if (change.announced) announce(after!, at);
  }

  function report(asked: { readonly seq: number; readonly at: number }): AlarmReport {
    const total = Object.values(byPriority).reduce((n, k) => n + k, 0);
    const standing = [...shownSince.keys()].map((id) => alarms.get(id)!);
    const staleRows = [
      ...stale,
      ...standing
        .filter((a) => span.to > Math.max(shownSince.get(a.id)!, a.raisedAt + STALE_MS))
        .map((a): StaleAlarm => ({ ...sourceOf(a), since: a.raisedAt, until: null })),
    ].sort((a, b) => a.since - b.since || (a.alarm < b.alarm ? -1 : 1));
    const days = dayStarts.map((from, i): AlarmDay => {
      const within = staleRows.filter((s) => s.since + STALE_MS < Math.min(from + DAY_MS, span.to) && (s.until ?? span.to) > from);
      return { day: dayKey(from, offset), from, announced: perDay[i]!, stale: new Set(within.map((s) => s.alarm)).size };
    });
    const waitingRows = [...waiting].map(([id, w]): WaitingAlarm => ({ ...sourceOf(alarms.get(id)!), since: w.since }));
    const counted = {
      ...span,
      ...asked,
      operators: rule.operators,
      announced: total,
      periods: { from: firstPeriod, stepMs: PERIOD_MS, counts: [...counts], busyAbove: BUSY_ABOVE * rule.operators } as const,
      days,
      floods: floods.until(span.to),
      priorities: ([1, 2, 3, 4] as const).map((priority) => ({
        priority,
        announced: byPriority[priority],
        share: total ? (100 * byPriority[priority]) / total : null,
      })),
      top: [...announcedOf.values()]
        .sort((a, b) => b.n - a.n || (a.source.alarm < b.source.alarm ? -1 : 1))
        .slice(0, TOP_SOURCES)
        .map(({ source, n }) => ({ ...source, announced: n, share: (100 * n) / total })),
      stale: staleRows,
      chattering: [...chatter.values()].flatMap((c) => c.row() ?? []).sort((a, b) => b.changes - a.changes || (a.alarm < b.alarm ? -1 : 1)),
      unacknowledged: waitingRows.sort((a, b) => a.since - b.since).slice(0, WAITING_SHOWN),
      shelved: shelved.rows(),
      outOfService: outOfService.rows(),
    };
    const ack = [...ackMs].sort((a, b) => a - b);
    return { ...counted, figures: alarmFigures(counted, { ackMs: ack, waiting: waiting.size }) };
  }
  return { take, report };
}

/** Changes of one alarm's condition, and how many of them stand so close together that three fall within a minute. */
class Chatter {
  private readonly last: { at: number; counted: boolean }[] = [];
  private row_: Open<ChatteringAlarm>;
  private within = false;
  constructor(source: AlarmSource) {
    this.row_ = { ...source, spells: 0, changes: 0, lastAt: 0 };
  }
  change(at: number) {
    this.last.push({ at, counted: false });
    if (this.last.length > CHATTER_CHANGES) this.last.shift();
    const close = this.last.length === CHATTER_CHANGES && at - this.last[0]!.at <= CHATTER_MS;
    if (close) {
      if (!this.within) this.row_.spells += 1;
      for (const c of this.last) {
        if (!c.counted) this.row_.changes += 1;
        c.counted = true;
      }
      this.row_.lastAt = at;
    }
    this.within = close;
  }
  row(): ChatteringAlarm | null {
    return this.row_.spells > 0 ? this.row_ : null;
  }
}

/** What was hidden in one way (shelved, out of service), from when until when. */
class HiddenRows {
  private readonly done: HiddenAlarm[] = [];
  private readonly open = new Map<string, HiddenAlarm>();
  private readonly of: (a: Alarm) => { readonly reason: string; readonly by: string } | null;
  constructor(of: (a: Alarm) => { readonly reason: string; readonly by: string } | null) {
    this.of = of;
  }
  begin(a: Alarm, since: number | null = null) {
    const why = this.of(a);
    if (why) this.open.set(a.id, { ...sourceOf(a), since, until: null, reason: why.reason, by: why.by });
  }
  step(before: Alarm | undefined, after: Alarm | null, at: number) {
    const was = before ? this.of(before) : null;
    const is = after ? this.of(after) : null;
    if (was && !is) {
      this.done.push({ ...this.open.get(before!.id)!, until: at });
      this.open.delete(before!.id);
    } else if (!was && is) this.begin(after!, at);
  }
  rows(): HiddenAlarm[] {
    return [...this.done, ...this.open.values()].sort((a, b) => (a.since ?? 0) - (b.since ?? 0) || (a.alarm < b.alarm ? -1 : 1));
  }
}

/** The floods of a span, by the rule of model/flood; one ends at the very moment that the count has fallen. */
function floodSpells(start: Surge, span: Span, rule: ReturnType<typeof floodRule>) {
  const spells: FloodSpell[] = [];
  let surge = start;
  const since = floodAt(start, span.from, rule);
  let open: Open<FloodSpell> | null = since === null ? null : { from: since, until: null, announced: 0, peak: newAlarms(start, span.from) };

  /** The count falls only when a step of ten seconds leaves the window. */
  function endBy(upTo: number): number | null {
    const moments = surge.steps.map(([from]) => from + FLOOD_WINDOW_MS);
    const end = moments.find((at) => at >= span.from && floodAt(surge, at, rule) === null);
    return end !== undefined && end <= upTo ? end : null;
  }
  return {
    announce(at: EpochMs) {
      const end = open && endBy(at);
      if (open && end !== null) {
        spells.push({ ...open, until: end });
        open = null;
      }
      surge = surgeAfter(surge, at, rule);
      if (surge.since === null) return;
      open ??= { from: at, until: null, announced: 0, peak: 0 };
      open.announced += 1;
      open.peak = Math.max(open.peak, newAlarms(surge, at));
    },
    until: (to: number): FloodSpell[] => (open ? [...spells, { ...open, until: endBy(to) }] : [...spells]),
  };
}
