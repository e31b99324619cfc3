import { alarmId } from '../../model/alarm.ts';
import type { SensorKind } from '../../model/centre.ts';
import { beyondLimit } from '../alarms.ts';
import { demoKinds } from '../centre.ts';
import type { DemoSensor } from '../devices.ts';
import { between, normal, pick, type Rng, rngFor } from '../rng.ts';

export interface Reading {
  readonly sensor: string;
  readonly value: number;
}
export interface ActiveAlarm {
  readonly sensor: string;
  readonly value: number;
  readonly active: boolean;
}

/** Quiet values and how much they wander, by kind; `day`: how far they follow the hour (noise, temperature, voltage). */
export const quiet: Readonly<
  Record<string, { base: readonly [number, number]; wander: number; day: number; least: number; digits: number }>
> = {
  smoke: { base: [0.008, 0.025], wander: 0.004, day: 0, least: 0, digits: 3 },
  gas: { base: [0.3, 1.6], wander: 0.3, day: 0.4, least: 0, digits: 1 },
  'water-level': { base: [0.42, 0.56], wander: 0.008, day: 0.02, least: 0.1, digits: 2 },
  manhole: { base: [0.4, 2.5], wander: 0.2, day: 0, least: 0, digits: 1 },
  noise: { base: [46, 56], wander: 2.4, day: 6, least: 34, digits: 1 },
  charging: { base: [24, 33], wander: 0.8, day: 4, least: 8, digits: 1 },
  lamp: { base: [218, 226], wander: 1.1, day: -2, least: 0, digits: 1 },
  lift: { base: [3, 9], wander: 1.2, day: 0, least: 0, digits: 1 },
  bin: { base: [20, 62], wander: 1.5, day: 8, least: 0, digits: 0 },
  air: { base: [38, 62], wander: 2.5, day: 8, least: 4, digits: 0 },
};
export const RAMP_MS = 70_000;
/** Alarms standing that the street drifts towards. */
const USUAL_ALARMS = 11;

interface Excursion {
  readonly from: number;
  readonly until: number;
  readonly peak: number;
}
interface Signal {
  readonly sensor: DemoSensor;
  readonly kind: SensorKind;
  readonly r: Rng;
  readonly base: number;
  wander: number;
  due: number;
  /** after its first word, sent on connecting, the sensor keeps to its own beat from here */
  beat: number | null;
  excursion: Excursion | null;
}

/** A gateway that connects tells what its sensors read now; all have spoken after this long. */
const HELLO_MS = 5000;

/**
 * What 1,281 sensors read. Each reports at its kind's interval; now and then one leaves its quiet band, beyond its limit, and
 * comes back. Times are the street's own milliseconds; the same seed and calls give the same readings.
 */
export class Signals {
  /** devices that are out of order today: they send nothing */
  readonly silent: ReadonlySet<string>;
  private readonly signals: Signal[];
  private readonly r: Rng;

  constructor(sensors: readonly DemoSensor[], seed: number, start: number, alarms: readonly ActiveAlarm[] = []) {
    const byId = new Map(alarms.filter((a) => a.active).map((a) => [a.sensor, a]));
    const silent = new Set<string>();
    this.r = rngFor(seed, 'excursions');
    this.signals = sensors.map((sensor) => {
      const r = rngFor(seed, `signal ${sensor.id}`);
      const kind = demoKinds.get(sensor.kind);
      if (!kind) throw new RangeError(`no sensor kind ${sensor.kind}`);
      const known = byId.get(sensor.id);
      if (!known && r() < 0.027) silent.add(sensor.id);
      const excursion = known ? { from: start - RAMP_MS, until: start + between(r, 6, 45) * 60_000, peak: known.value } : null;
      const phase = r();
      return {
        sensor,
        kind,
        r,
        base: between(r, ...quiet[sensor.kind]!.base),
        wander: 0,
        due: start + phase * HELLO_MS,
        beat: start + phase * kind.intervalS * 1000,
        excursion,
      };
    });
    this.silent = silent;
  }

  /** Readings that fall due up to `now`; `ms` is how long the last call lies back, `hour` the hour of the day. */
  advance(now: number, ms: number, hour: number): Reading[] {
    const standing = this.signals.reduce((n, s) => n + (s.excursion ? 1 : 0), 0);
    const perHour = standing < USUAL_ALARMS ? 16 : 4;
    if (this.r() < (perHour * ms) / 3_600_000) {
      const s = pick(this.r, this.signals);
      if (!s.excursion && !this.silent.has(s.sensor.id)) {
        s.excursion = { from: now, until: now + between(this.r, 8, 60) * 60_000, peak: beyondLimit(s.sensor.kind, this.r).value };
      }
    }
    const out: Reading[] = [];
    for (const s of this.signals) {
      if (s.due > now || this.silent.has(s.sensor.id)) continue;
      s.due = Math.max(s.beat ?? s.due + s.kind.intervalS * 1000, now);
      s.beat = null;
      out.push({ sensor: s.sensor.id, value: read(s, now, hour) });
    }
    return out;
  }

  /** Ids of the alarms these signals hold up now. */
  standing(): string[] {
    return this.signals.flatMap((s) => (s.excursion ? [alarmId(s.sensor.id, s.kind.high !== undefined ? 'high' : 'low')] : []));
  }
}

function read(s: Signal, now: number, hour: number): number {
  const q = quiet[s.sensor.kind]!;
  s.wander = s.wander * 0.85 + normal(s.r) * q.wander * 0.5;
  let value = s.base + s.wander + q.day * Math.sin(((hour - 9) / 24) * 2 * Math.PI);
  const e = s.excursion;
  if (e) {
    const up = Math.min(1, (now - e.from) / RAMP_MS);
    const down = Math.max(0, Math.min(1, (now - e.until) / RAMP_MS));
    const share = Math.max(0, up - down);
    value = value * (1 - share) + (e.peak + s.wander * 0.2) * share;
    if (now > e.until + RAMP_MS) s.excursion = null;
  }
  return Number(Math.max(q.least, value).toFixed(q.digits));
}
