import type { Alarm } from '../../model/alarm.ts';
import { limitOf } from '../../model/alarm-rule.ts';
import { isUp, valueAt } from '../alarm-times.ts';
import { type Excursion, PER_DAY, type Watched } from '../causes.ts';
import { demoKinds } from '../centre.ts';
import type { DemoSensor } from '../devices.ts';
import type { Quiet } from '../quiet.ts';
import { between, type Rng, rngFor } from '../rng.ts';

export interface Reading {
  readonly sensor: string;
  readonly value: number;
}
export type ActiveAlarm = Pick<Alarm, 'id' | 'sensor' | 'rule' | 'value'>;

interface Signal {
  readonly sensor: DemoSensor;
  readonly quiet: Quiet;
  readonly intervalMs: number;
  /** a change of state is told at once */
  readonly contact: boolean;
  due: number;
  /** after its first word, sent on connecting, the sensor keeps to its own beat from here */
  beat: number | null;
  excursion: Excursion | null;
  /** what it said last, and whether that was beyond its limit; null = nothing yet */
  told: { readonly value: number; readonly up: boolean } | null;
}

/** A gateway that connects tells what its sensors read now; all have spoken after this long. */
const HELLO_MS = 5000;
const HOUR_MS = 3_600_000;
/** Share of sensors that are out of order today, of kinds no rule misses. */
const OUT_OF_ORDER = 0.03;

/**
 * What 1,281 sensors read. Each reports at its kind's interval; now and then one leaves its quiet band, beyond a limit, and
 * comes back, or falls silent for a while. Times are the street's own milliseconds; the same seed and calls give the same readings.
 */
export class Signals {
  /** devices that are out of order today: they send nothing */
  readonly silent: ReadonlySet<string>;
  private readonly watched: Watched;
  private readonly signals: Signal[];
  private readonly byId = new Map<string, Signal>();
  private readonly r: Rng;

  /** @param standing alarms that are active when the day is joined: their sensors go on being beyond their limits */
  constructor(watched: Watched, quiet: (s: DemoSensor) => Quiet, seed: number, start: number, standing: readonly ActiveAlarm[] = []) {
    this.watched = watched;
    this.r = rngFor(seed, 'excursions');
    const silent = new Set<string>();
    this.signals = watched.sensors.map((sensor) => {
      const r = rngFor(seed, `signal ${sensor.id}`);
      const kind = demoKinds.get(sensor.kind);
      if (!kind) throw new RangeError(`no sensor kind ${sensor.kind}`);
      const missed = watched.rulesOf(sensor).some((rule) => rule.test.is === 'no-data');
      if (r() < OUT_OF_ORDER && !missed && sensor.device === undefined) silent.add(sensor.id);
      const phase = r();
      const signal: Signal = {
        sensor,
        quiet: quiet(sensor),
        intervalMs: kind.intervalS * 1000,
        contact: kind.states !== undefined,
        due: start + phase * HELLO_MS,
        beat: start + phase * kind.intervalS * 1000,
        excursion: null,
        told: null,
      };
      this.byId.set(sensor.id, signal);
      return signal;
    });
    for (const a of watched.gravest(standing)) {
      silent.delete(a.sensor);
      this.goOn(this.byId.get(a.sensor)!, a, start, rngFor(seed, `standing ${a.id}`));
    }
    this.silent = silent;
    this.longAsleep(start, rngFor(seed, 'long asleep'));
  }

  /** A standing alarm lasts some while yet, at the value it has. */
  private goOn(s: Signal, { rule: code, value }: ActiveAlarm, start: number, r: Rng) {
    const e = this.watched.excursion(s.sensor, code, r, start);
    const until = start + between(r, 9, 45) * 60_000;
    const limit = limitOf(this.watched.rule(s.sensor, code).test);
    const asleep = s.sensor.kind === 'activity' ? Math.max(limit, value) * 60_000 : e.rampMs;
    s.excursion = { ...e, from: start - asleep, until, peak: e.rule === 'no-data' ? 0 : value || e.peak, flutters: 1 };
    const other = e.there && this.byId.get(e.there.sensor.id);
    if (other) other.excursion = s.excursion;
  }

  /** Two people living alone have not moved since long before the day is joined. */
  private longAsleep(start: number, r: Rng) {
    for (const minutes of [6, 19]) {
      const list = this.watched.of('activity').filter((x) => !this.byId.get(x.id)!.excursion && !this.silent.has(x.id));
      const sensor = list[Math.floor(r() * list.length)];
      if (!sensor) continue;
      const e = this.watched.excursion(sensor, 'still', r, start);
      const before = limitOf(this.watched.rule(sensor, 'still').test) * 60_000 - minutes * 60_000;
      this.byId.get(sensor.id)!.excursion = { ...e, from: start - before, until: e.until - before };
    }
  }

  /** Readings that fall due up to `now`; `ms` is how long the last call lies back, `hour` the hour of the day. */
  advance(now: number, ms: number, hour: number): Reading[] {
    if (this.r() < (Math.max(0.25, this.watched.haste(hour)) * PER_DAY * ms) / 24 / HOUR_MS)
      this.begin(this.watched.draw(this.r, now, hour));
    const out: Reading[] = [];
    for (const s of this.signals) {
      const e = s.excursion;
      if (e && now > e.until + e.rampMs) s.excursion = null;
      if (this.silent.has(s.sensor.id)) continue;
      if (s.due > now && !(e && this.turned(s, e, now))) continue;
      const value = valueAt(s.quiet, s.excursion, now, hour);
      if (s.due <= now) {
        s.due = Math.max(s.beat ?? s.due + s.intervalMs, now);
        s.beat = null;
      }
      if (value === null) continue;
      s.told = { value, up: s.excursion !== null && isUp(s.excursion, now) };
      out.push({ sensor: s.sensor.id, value });
    }
    return out;
  }

  /** A contact that opens or closes, or a value that flutters, is told of when it happens. */
  private turned(s: Signal, e: Excursion, now: number): boolean {
    if (e.rule === 'no-data' || s.told === null) return false;
    if (s.contact) return valueAt(s.quiet, e, now) !== s.told.value;
    return e.flutters > 1 && now < e.until && isUp(e, now) !== s.told.up;
  }

  /** Let something happen to a sensor, unless it is busy with something else. */
  begin(e: Excursion) {
    const touched = [e.sensor, ...(e.there ? [e.there.sensor] : [])].map((x) => this.byId.get(x.id)!);
    if (touched.some((s) => s.excursion || this.silent.has(s.sensor.id))) return;
    for (const s of touched) s.excursion = e;
  }

  /** Sensors that say nothing now. */
  voiceless(): ReadonlySet<string> {
    const lost = this.signals.filter((s) => s.excursion?.rule === 'no-data');
    return new Set([...this.silent, ...lost.map((s) => s.sensor.id)]);
  }

  /** What the sensors are up to that are not quiet now. */
  excursions(): Excursion[] {
    return this.signals.flatMap((s) => (s.excursion && s.excursion.sensor === s.sensor ? [s.excursion] : []));
  }
}
