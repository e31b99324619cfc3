import { setTimeout as sleep } from 'node:timers/promises';
import { dayStart } from '../../model/centre.ts';
import { valueAt } from '../alarm-times.ts';
import type { Excursion, Watched } from '../causes.ts';
import { demoKinds, demoParsed } from '../centre.ts';
import type { DemoSensor } from '../devices.ts';
import { excursionsOf, QUIET_BEFORE_MS } from '../excursions.ts';
import type { Quiet } from '../quiet.ts';
import { rngFor } from '../rng.ts';
import type { AlarmNow, DemoServer } from './server.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** How far back a gateway remembers every reading. */
const MEMORY_MS = 25 * MINUTE;
/** How far back it remembers one reading in each half hour, and what was out of the ordinary. */
export const WEEK_MS = 7 * DAY;
const STEP_MS = 30 * MINUTE;

export interface PastReading {
  readonly kind: 'reading';
  readonly sensor: string;
  readonly value: number;
  readonly at: string;
}
const reading = (q: Quiet, e: Excursion | null, at: number): PastReading[] => {
  const value = valueAt(q, e, at);
  return value === null ? [] : [{ kind: 'reading', sensor: q.sensor.id, value, at: new Date(at).toISOString() }];
};

/**
 * 补传: what the gateways measured before the day is joined, of the sensors that stand in alarm: quiet until shortly before the alarm,
 * then up to its value. Sent after their present readings, so it is history: it draws the curve and raises nothing.
 * @param now epoch ms
 */
export function pastReadings(
  watched: Watched,
  quiet: (s: DemoSensor) => Quiet,
  standing: readonly Pick<AlarmNow, 'id' | 'sensor' | 'rule' | 'value' | 'raisedAt'>[],
  now: number,
): PastReading[] {
  // a sensor that has fallen silent has nothing to tell: what it would hand in now were its latest word
  const speaking = watched.gravest(standing).filter((a) => a.rule !== 'no-data');
  return speaking.flatMap((a): PastReading[] => {
    const sensor = watched.sensors.find((s) => s.id === a.sensor)!;
    const kind = demoKinds.get(sensor.kind)!;
    const e = watched.excursion(sensor, a.rule, rngFor(1, a.id), Date.parse(a.raisedAt));
    const still = sensor.kind === 'activity' ? a.value * MINUTE : e.rampMs;
    const lasting = { ...e, from: e.from - still, until: now + DAY, peak: a.value, flutters: 1 };
    const out: PastReading[] = [];
    for (let at = now - MEMORY_MS; at < now - 2000; at += kind.intervalS * 1000) out.push(...reading(quiet(sensor), lasting, at));
    return out;
  });
}

/**
 * The week before the day is joined, as gateways keep it: one reading in each half hour of every sensor, and the excursions that made
 * the alarms of the history, point by point. About 440,000 readings; in order of time.
 * @param skip sensors that have said nothing since: for them a reading of the past would be their latest
 */
export function* weekOf(
  watched: Watched,
  quiet: (s: DemoSensor) => Quiet,
  seed: number,
  now: number,
  skip: ReadonlySet<string>,
): Generator<PastReading> {
  const end = now - MEMORY_MS;
  const excursions = new Map<string, Excursion[]>();
  const today = dayStart(now, demoParsed.utcOffsetMinutes);
  for (let start = today - WEEK_MS; start <= today; start += DAY) {
    for (const e of excursionsOf(watched, seed, start)) {
      if (e.until + e.rampMs > now - QUIET_BEFORE_MS) continue;
      for (const s of [e.sensor, ...(e.there ? [e.there.sensor] : [])]) excursions.set(s.id, [...(excursions.get(s.id) ?? []), e]);
    }
  }
  const told = watched.sensors.filter((s) => !skip.has(s.id));
  for (let from = now - WEEK_MS; from < end; from += STEP_MS) {
    for (const [i, s] of told.entries()) {
      const q = quiet(s);
      const mine = excursions.get(s.id) ?? [];
      const at = (t: number) => mine.find((e) => t >= e.from && t <= e.until + e.rampMs) ?? null;
      const moments = [from + (i / told.length) * STEP_MS];
      for (const e of mine) moments.push(...points(e).filter((t) => t >= from && t < from + STEP_MS));
      for (const t of moments.sort((a, b) => a - b)) if (t < end) yield* reading(q, at(t), Math.round(t));
    }
  }
}

/** Moments that tell an excursion: its beginning, its height, a dozen between, its end. */
function points(e: Excursion): number[] {
  const out = [e.from, e.from + e.rampMs];
  const step = Math.max(30_000, (e.until - e.from) / 14);
  for (let t = e.from + e.rampMs + step; t < e.until; t += step) out.push(t);
  return [...out, e.until, e.until + e.rampMs];
}

const PER_REQUEST = 500;
/** So that what is live is not kept waiting: about 1,250 readings of the past a second. */
const PAUSE_MS = 400;

/** Hand history in a little at a time. @returns how many were sent */
export async function handIn(server: Pick<DemoServer, 'ask'>, reports: Iterator<object>, signal: AbortSignal): Promise<number> {
  for (let sent = 0; ; ) {
    const batch: object[] = [];
    for (let next = reports.next(); !next.done; next = reports.next()) if (batch.push(next.value) === PER_REQUEST) break;
    if (batch.length === 0 || signal.aborted) return sent;
    await server.ask('/api/v1/reports', { reports: batch });
    sent += batch.length;
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => {});
  }
}

/** Hands the week in, once: where the server knows of it already, nothing is sent. */
export class Memory {
  private readonly server: Pick<DemoServer, 'ask'>;
  private readonly watched: Watched;
  private readonly now: number;
  private readonly readings: Generator<PastReading>;
  private readonly silent: ReadonlySet<string>;

  constructor(
    server: Pick<DemoServer, 'ask'>,
    watched: Watched,
    quiet: (s: DemoSensor) => Quiet,
    seed: number,
    now: number,
    silent: ReadonlySet<string>,
  ) {
    this.server = server;
    this.watched = watched;
    this.now = now;
    this.silent = silent;
    this.readings = weekOf(watched, quiet, seed, now, silent);
  }

  async handIn(signal: AbortSignal): Promise<void> {
    if (await this.isKnown()) return;
    await handIn(this.server, this.readings, signal);
  }

  /** Does the server hold readings of the day before yesterday? */
  private async isKnown(): Promise<boolean> {
    const sensor = this.watched.sensors.find((s) => !this.silent.has(s.id))!;
    const day = (ago: number) => new Date(this.now - ago * DAY).toISOString();
    const query = `from=${encodeURIComponent(day(3))}&to=${encodeURIComponent(day(2))}`;
    const known = await this.server.ask<{ total: number }>(`/api/v1/sensors/${encodeURIComponent(sensor.id)}/readings?${query}`);
    return (known?.total ?? 0) > 0;
  }
}
