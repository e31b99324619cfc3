import { demoKinds } from '../centre.ts';
import type { DemoSensor } from '../devices.ts';
import { normal, rngFor } from '../rng.ts';
import { quiet, RAMP_MS } from './signals.ts';

/** How far back a gateway's own memory reaches. */
const MEMORY_MS = 25 * 60_000;

export interface PastReading {
  readonly kind: 'reading';
  readonly sensor: string;
  readonly value: number;
  readonly at: string;
}
export interface StandingAlarm {
  readonly sensor: string;
  readonly value: number;
  readonly state: string;
  /** ISO 8601 */
  readonly raisedAt: string;
}

/**
 * 补传: what the gateways measured before the day is joined, of the sensors that stand in alarm: quiet until shortly before the alarm,
 * then up to its value. Sent after their present readings, so it is history: it draws the curve and raises nothing.
 * @param now epoch ms
 */
export function pastReadings(sensors: readonly DemoSensor[], alarms: readonly StandingAlarm[], seed: number, now: number): PastReading[] {
  return alarms.flatMap((a): PastReading[] => {
    const sensor = sensors.find((s) => s.id === a.sensor);
    const kind = sensor && demoKinds.get(sensor.kind);
    if (!sensor || !kind || a.state === 'rtn-unack') return [];
    const q = quiet[sensor.kind]!;
    const r = rngFor(seed, `past ${sensor.id}`);
    const calm = (q.base[0] + q.base[1]) / 2;
    const raised = Date.parse(a.raisedAt);
    const out: PastReading[] = [];
    let wander = 0;
    for (let at = now - MEMORY_MS; at < now - 2000; at += kind.intervalS * 1000) {
      wander = wander * 0.8 + normal(r) * q.wander;
      const share = Math.min(1, Math.max(0, (at - raised + RAMP_MS) / RAMP_MS));
      const value = Math.max(q.least, (calm + wander) * (1 - share) + (a.value + wander * 0.6) * share);
      out.push({ kind: 'reading', sensor: sensor.id, value: Number(value.toFixed(q.digits)), at: new Date(at).toISOString() });
    }
    return out;
  });
}
