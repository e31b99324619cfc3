import { calmMemory, type Evidence, type RuleJudge, type RuleMemory } from './alarm-judge.ts';
import type { AlarmTest } from './alarm-rule.ts';
import type { Series } from './reading-chunk.ts';
import { SILENT_INTERVALS, Staleness } from './staleness.ts';

/** One time that a rule would have been in alarm. */
export interface TrialSpell {
  /** when the alarm would have stood, delays over; epoch ms */
  readonly raisedAt: number;
  /** null = it still would */
  readonly clearedAt: number | null;
  /** the figure farthest beyond the limit while it stood */
  readonly peak: number;
}
/** Another sensor of the same device that the rule looks at. */
export interface TrialNeighbour {
  readonly kind: string;
  readonly series: Series;
}

/** Which of two figures lies farther beyond the limit of a test. */
function fartherOf(test: AlarmTest): (a: number, b: number) => number {
  if (test.is === 'both') return fartherOf(test.here);
  if (test.is === 'low' || (test.is === 'rate' && test.direction === 'falling')) return Math.min;
  if (test.is === 'rate' && test.direction === 'either') return (a, b) => (Math.abs(b) > Math.abs(a) ? b : a);
  return Math.max;
}

/**
 * 试运行 of one rule on one sensor: the judge of the live watch, led through what was recorded. The past is told in pieces, in order:
 * `take` for each span of time, then `end`. Times are those of the devices; the live watch counts silence and hours by the moment it
 * hears, so a sensor whose readings came late is judged here as if they had not.
 */
export class SensorTrial {
  readonly spells: TrialSpell[] = [];
  readings = 0;
  private readonly judge: RuleJudge;
  private readonly farther: (a: number, b: number) => number;
  private readonly usualMs: number;
  /** only where silence or hours can matter: a rhythm costs more than a comparison */
  private readonly staleness: Staleness | null;
  private readonly silences: readonly number[];
  private readonly there: Evidence['there'];
  private readonly latest: { kind: string; value: number }[] = [];
  private memory: RuleMemory = calmMemory;
  private value = Number.NaN;
  private readAt = Number.NaN;
  /** up to where time has been followed */
  private clock: number;
  private hoursAt: number;
  private open: { raisedAt: number; peak: number } | null = null;

  /**
   * @param judge of the rule as it holds for the sensor
   * @param usualMs what its kind is expected to keep between readings
   * @param from epoch ms: nothing is known before
   */
  constructor(judge: RuleJudge, usualMs: number, from: number) {
    const { test, hours } = judge.rule;
    this.judge = judge;
    this.usualMs = usualMs;
    this.clock = from;
    this.farther = fartherOf(test);
    this.staleness = test.is === 'no-data' || test.is === 'both' || hours.length > 0 ? new Staleness() : null;
    this.silences = test.is === 'no-data' ? [test.intervals] : [];
    this.hoursAt = this.nextHours();
    this.there = (kind) => this.latest.flatMap((n) => (n.kind === kind ? [n.value] : []));
  }

  /** What it and its neighbours read in the next span of time. @param neighbours the same ones, in the same order, each time */
  take(own: Series, neighbours: readonly TrialNeighbour[] = []) {
    while (this.latest.length < neighbours.length) this.latest.push({ kind: neighbours[this.latest.length]!.kind, value: Number.NaN });
    const at = new Array<number>(neighbours.length).fill(0);
    let i = 0;
    for (;;) {
      const next = i < own.at.length ? own.at[i]! : Number.POSITIVE_INFINITY;
      let [first, of] = [next, -1];
      for (let n = 0; n < neighbours.length; n++) {
        const t = neighbours[n]!.series.at[at[n]!] ?? Number.POSITIVE_INFINITY;
        if (t < first) [first, of] = [t, n];
      }
      if (first === Number.POSITIVE_INFINITY) return;
      this.passTo(first);
      if (of < 0) this.read(next, own.value[i++]!);
      else {
        this.latest[of]!.value = neighbours[of]!.series.value[at[of]!++]!;
        this.ask(first, false);
      }
    }
  }
  /** Nothing more is told: what the mere passing of time brings up to `to`. */
  end(to: number) {
    this.passTo(to);
    if (this.open) this.spells.push({ ...this.open, clearedAt: null });
    this.open = null;
  }

  private read(at: number, value: number) {
    this.readings += 1;
    const interval = Number.isNaN(this.readAt) ? null : at - this.readAt;
    this.readAt = at;
    this.value = value;
    if (this.staleness) {
      this.staleness.heard(0, at, interval, this.usualMs);
      if (this.silences.length) this.staleness.wake(0, this.silences[0]!);
    }
    this.ask(at, true);
  }

  /** Delays that end, hours that change and silence, before `to`. */
  private passTo(to: number) {
    for (;;) {
      const delay = this.judge.delayEnds(this.memory) ?? Number.POSITIVE_INFINITY;
      const silence = this.silences.length && !Number.isNaN(this.readAt) ? this.silentAt() : Number.POSITIVE_INFINITY;
      const next = Math.min(delay > this.clock ? delay : Number.POSITIVE_INFINITY, this.hoursAt, silence);
      if (!(next < to)) break;
      if (next === this.hoursAt) this.hoursAt = this.nextHours(next);
      this.ask(next, false);
    }
    this.clock = Math.max(this.clock, to);
  }
  private silentAt(): number {
    const s = this.staleness!;
    const at = s.lastHeard(0) + this.silences[0]! * s.intervalMs(0) + 1;
    return at > this.clock ? at : Number.POSITIVE_INFINITY;
  }
  private nextHours(after = this.clock): number {
    return this.judge.rule.hours.length ? (this.judge.hoursChange(after) ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  }

  private ask(at: number, isReading: boolean) {
    this.clock = at;
    if (Number.isNaN(this.readAt)) return; // never heard: the live watch does not judge it either
    const was = this.memory;
    const silent = isReading || !this.staleness ? 0 : this.staleness.silentIntervals(0, at);
    if (silent >= SILENT_INTERVALS && was === calmMemory && this.judge.rule.test.is !== 'no-data') return;
    const e: Evidence = { at, clock: at, isReading, value: this.value, silent, there: this.there };
    const is = this.judge.after(was, e);
    this.memory = is;
    if (is.active) {
      const figure = this.judge.figure(is, e);
      if (this.open) this.open.peak = this.farther(this.open.peak, figure);
      else this.open = { raisedAt: at, peak: figure };
    } else if (this.open) {
      this.spells.push({ ...this.open, clearedAt: at });
      this.open = null;
    }
  }
}
