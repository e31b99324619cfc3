import { alarmId, partsOfAlarm } from '../../model/alarm.ts';
import { calmMemory, type Evidence } from '../../model/alarm-judge.ts';
import { ruleForSensor, ruleOf } from '../../model/alarm-rules.ts';
import { type AreaCode, type EpochMs, epochMs } from '../../model/brand.ts';
import { asMeasured } from '../../model/frame.ts';
import { isKnown, type Latest } from '../../model/latest.ts';
import type { Entry, Fact } from '../../model/ledger.ts';
import { SILENT_INTERVALS, Staleness } from '../../model/staleness.ts';
import type { Sensor, World } from '../../model/world.ts';
import { CLOCK, realTimers, type Timers } from '../due-clock.ts';
import type { ImportQuiet } from '../import-quiet.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { AlarmClock, alarmClockFacts } from './alarm-clock.ts';
import { type Change, factsOf } from './alarm-facts.ts';
import { ChangeWriter } from './change-writer.ts';
import { Devices } from './devices.ts';
import { Memories } from './memories.ts';
import { Review } from './review.ts';
import { RuleSets } from './rule-sets.ts';
import { revisionFacts, tidyFacts } from './tidy.ts';

interface Parts {
  readonly ledger: Pick<Ledger, 'world' | 'append' | 'follow'>;
  readonly latest: Latest;
  /** telemetry is told that a sensor has fallen silent */
  readonly offline: (sensor: string) => void;
  /** where a sensor stands */
  readonly placeOf: (sensor: Sensor) => AreaCode | null;
  readonly quiet: ImportQuiet;
  /** sensor -> the newest reading its alarms rest on, as the ledger says after a start; see readingsOfLedger */
  readonly restOn?: ReadonlyMap<string, number>;
  readonly now: () => number;
  readonly timers?: Timers;
  readonly onError?: (error: unknown) => void;
}
export interface Heard {
  /** some rule of the sensor is in alarm after it */
  readonly alarm: boolean;
  /** it is history that was handed in late: the sensor is no more online for it */
  readonly past?: true;
  /** what it caused, and what is still on its way for this sensor; null = nothing to wait for */
  readonly durable: Promise<void> | null;
}
export interface Watch {
  /** A reading, before telemetry takes it. Decides at once, in the order of calls; `durable` tells when the facts are safe. */
  hear(sensor: Sensor, r: { readonly value: number; readonly at: EpochMs; readonly receivedAt: EpochMs }): Heard;
  stats(): WatchStats;
  /** Resolves when nothing it began is still on its way. */
  close(): Promise<void>;
}
export interface WatchStats {
  readonly judged: number;
  /** conditions that wait for the end of a delay */
  readonly pending: number;
  readonly silent: number;
}

/**
 * A reading older than this is history that was handed in late (a gateway's memory, a demonstration's past week): it calls nobody now. One
 * of a device whose clock is wrong is told by its pace: its time goes by as ours does.
 */
const PAST_MS = 24 * 3_600_000;
const TICK_MS = 1_000;
/** While many sensors are to be judged again the slices follow each other so closely. */
const SLICE_MS = 20;
const RETRY_MS = 5_000;
const PER_APPEND = 250;

/**
 * 值守: the one place that remembers how far the rules of each sensor have come. What it decides becomes facts in the ledger, decided
 * once more against the newest world; what it remembers can be lost (docs/decisions/013-alarm-rules.md). Once a second it does what
 * time brings: delays that end, silence, shelves, alarms that ask again, hours; and what changed rules bring.
 */
export function openWatch(parts: Parts): Watch {
  const { ledger, latest, placeOf, quiet, now, timers = realTimers, onError = () => {} } = parts;
  const memories = new Memories();
  const sensorAt: (Sensor | undefined)[] = [];
  const staleness = new Staleness();
  const clock = new AlarmClock();
  const review = new Review();
  /** ix -> a newer reading than telemetry has: it raised or cleared an alarm and was lost with the process */
  const outrun = new Map<number, number>();
  const underWay = new Set<Promise<unknown>>();
  let sets = new RuleSets(ledger.world, placeOf);
  let devices = new Devices((ix) => sensorAt[ix], sets.lookers);
  let hours = sets.hoursChangeAfter(now());
  let untidy = true;
  /** standing alarms may go by rules that are others now; looked at once the newest readings have been judged by these */
  let unrevised = true;
  let judged = 0;
  let disarm = () => {};
  let closed = false;

  // --- what is known of a sensor ---

  const known = (ix: number) => isKnown(latest.sensors, ix);
  /** The sensor's clock runs on from its last reading as ours does. */
  const shiftOf = (ix: number) => staleness.lastHeard(ix) - (latest.sensors.at[ix] as number);
  const lastValue = (ix: number) => (known(ix) ? asMeasured(latest.sensors.value[ix] as number) : Number.NaN);
  function there(sensor: Sensor, said?: { ix: number; value: number }) {
    if (!sets.of(sensor).looksAround) return nobody;
    return (kind: string) =>
      devices.others(sensor, (k) => k === kind).map((other) => (other.ix === said?.ix ? said.value : lastValue(other.ix)));
  }
  function passing(sensor: Sensor, at: number, said?: { ix: number; value: number }): Evidence {
    const { ix } = sensor;
    const sensorTime = known(ix) ? at - shiftOf(ix) : at;
    return {
      at: sensorTime,
      clock: at,
      isReading: false,
      value: lastValue(ix),
      silent: staleness.silentIntervals(ix, at),
      there: there(sensor, said),
    };
  }

  // --- judging ---

  /** Ask every rule of a sensor; what changed is added to `changes`. `readAt`: device time of the reading it rests on. */
  function judge(sensor: Sensor, e: Evidence, readAt: number, shift: number, changes: Change[]): boolean {
    const { ix } = sensor;
    const { judges } = sets.of(sensor);
    let own = memories.of(ix, judges);
    const stale = e.silent >= SILENT_INTERVALS || (!e.isReading && shift > PAST_MS);
    let alarm = false;
    for (let i = 0; i < judges.length; i++) {
      const j = judges[i]!;
      const was = own?.memories[i] ?? calmMemory;
      const ofValue = j.rule.test.is !== 'no-data';
      // an old value raises nothing new
      if (stale && was === calmMemory && ofValue) continue;
      // what was decided on a newer value stands until the sensor says something
      if (!e.isReading && ofValue && outrun.has(ix)) {
        alarm ||= was.active;
        continue;
      }
      const is = j.after(was, e);
      alarm ||= is.active;
      if (is === was) continue;
      own ??= memories.begin(ix, judges);
      own.memories[i] = is;
      if (is.active === was.active) continue;
      const at = epochMs(Math.round(j.rule.test.is === 'no-data' && is.active ? e.clock : readAt));
      changes.push({ sensor, area: placeOf(sensor), rule: j.rule, judges, active: is.active, value: j.figure(is, e), at });
    }
    if (own) memories.arm(ix, own, shift);
    return alarm;
  }
  /** Time alone: the same value, later. */
  function judgeAgain(sensor: Sensor, at: number, changes: Change[], said?: { ix: number; value: number }): boolean {
    const { ix } = sensor;
    if (!known(ix)) return false;
    return judge(sensor, passing(sensor, at, said), latest.sensors.at[ix] as number, shiftOf(ix), changes);
  }

  // --- writing ---

  /** Changes whose rule the newest world no longer has in force raise nothing; the ledger's follower sees to the rest. */
  const inForce = (world: World, changes: readonly Change[]): readonly Change[] =>
    sets.fits(world)
      ? changes
      : changes.flatMap((c) => {
          const general = ruleOf(world, world.sensors.get(c.sensor.id)?.kind ?? '', c.rule.code);
          const rule = general && ruleForSensor(world, general, { id: c.sensor.id, area: c.area });
          return rule?.enabled ? [{ ...c, rule }] : c.active ? [] : [c];
        });

  const writer = new ChangeWriter({ ledger, facts: (world, changes) => factsOf(world, inForce(world, changes), now()), settled: settle });

  /**
   * Nothing about a sensor is on its way: what is remembered of its alarms is what the world says, whoever wrote it. After a failure the
   * condition is still what it was, and is written again in a while; else somebody else raised or cleared it, and that stands.
   */
  function settle(sensor: Sensor, failed: boolean) {
    const { ix } = sensor;
    const { judges } = sets.of(sensor);
    let own = memories.of(ix, judges);
    judges.forEach((j, i) => {
      const m = own?.memories[i] ?? calmMemory;
      const stands = ledger.world.alarms.get(alarmId(sensor.id, j.rule.code))?.active ?? false;
      if (m.active === stands) return;
      own ??= memories.begin(ix, judges);
      own.memories[i] = { ...m, active: stands, ...(failed ? {} : { held: stands, since: now() - (known(ix) ? shiftOf(ix) : 0) }) };
    });
    if (own) memories.arm(ix, own, shiftOf(ix), failed ? now() + RETRY_MS : 0);
  }

  function writeLater(changes: readonly Change[]) {
    let own: Change[] = [];
    for (const c of changes) {
      // what one look at a sensor changed goes together: a cause and what it hides
      if (own.length && (own[0]!.sensor !== c.sensor || own.some((o) => o.rule.code === c.rule.code))) {
        writer.add(own, []).catch(onError);
        own = [];
      }
      own.push(c);
    }
    if (own.length) writer.add(own, []).catch(onError);
  }
  /** What the house itself writes, decided against the newest world. */
  function writeFacts(decide: (world: World) => readonly Fact[], retry: () => void) {
    const done: Promise<unknown> = ledger
      .append(CLOCK, decide)
      .catch((error) => {
        onError(error);
        retry();
      })
      .finally(() => underWay.delete(done));
    underWay.add(done);
  }

  // --- the hot path ---

  function hear(sensor: Sensor, { value, at, receivedAt }: Parameters<Watch['hear']>[1]): Heard {
    const { ix } = sensor;
    const before = known(ix) ? (latest.sensors.at[ix] as number) : Number.NaN;
    if (at < before || at < (outrun.get(ix) ?? 0)) return memories.isActive(ix) ? stillInAlarm : nothing;
    outrun.delete(ix);
    const changes: Change[] = [];
    const durable: Promise<void>[] = [];
    const set = sets.of(sensor);
    let alarm: boolean;
    if (at === before) {
      // handed in again: perhaps what it caused was lost on the way; if not, nothing follows from it
      if (Math.fround(value) !== latest.sensors.value[ix]) return nothing;
      alarm = judgeAgain(sensor, now(), changes);
    } else {
      const isPast = receivedAt - at > PAST_MS && !(at - before <= 2 * (receivedAt - staleness.lastHeard(ix)));
      if (!isPast) durable.push(...endDelaysBefore(sensor, at));
      staleness.heard(ix, receivedAt, Number.isNaN(before) ? null : at - before, set.intervalS * 1000);
      staleness.wake(ix, set.silences[0]!);
      if (isPast) return history;
      const e = { at, clock: receivedAt, isReading: true, value, silent: 0, there: there(sensor) };
      alarm = judge(sensor, e, at, receivedAt - at, changes);
    }
    judged += 1;
    if (set.isLookedAt && sensor.device !== undefined) {
      const lookers = sets.lookers.get(sensor.kind)!;
      for (const other of devices.others(sensor, (kind) => lookers.has(kind))) {
        if (known(other.ix)) durable.push(...endDelaysBefore(other, now() - shiftOf(other.ix)));
        judgeAgain(other, now(), changes, { ix, value });
      }
    }
    if (changes.length > 0 || writer.isWriting(ix)) durable.push(writer.add(changes, [sensor]));
    if (durable.length === 0) return alarm ? stillInAlarm : nothing;
    return { alarm, durable: Promise.all(durable).then(() => {}) };
  }
  /** Delays that ended, by the sensor's time, before a reading that is only now heard. */
  function endDelaysBefore(sensor: Sensor, at: number): Promise<void>[] {
    const { ix } = sensor;
    const before = latest.sensors.at[ix] as number;
    const written: Promise<void>[] = [];
    for (let ended = memories.endsBetween(ix, before, at); ended !== null; ended = memories.endsBetween(ix, before, at)) {
      const changes: Change[] = [];
      judge(sensor, { ...passing(sensor, now()), at: ended }, before, shiftOf(ix), changes);
      if (changes.length) written.push(writer.add(changes, []));
    }
    return written;
  }
  // --- once a second ---

  function tick() {
    if (closed) return;
    writer.flush(); // what was heard before comes before
    const at = now();
    const mayWrite = at >= quiet.until;
    if (mayWrite && unrevised && !untidy && review.isDone) revise(at);
    const changes: Change[] = [];
    for (const ix of staleness.due(at)) fallSilent(ix, at, mayWrite, changes);
    if (mayWrite) {
      for (const ix of memories.ended(at)) judgeAgain(sensorAt[ix]!, at, changes);
      if (hours && hours.at <= at) {
        review.add(hours.kinds);
        hours = sets.hoursChangeAfter(at);
      }
      const due = clock.due(at);
      if (due.length)
        writeFacts(
          (world) => alarmClockFacts(world, due, at),
          () => clock.retry(at + RETRY_MS),
        );
      if (untidy) tidy(at);
      review.slice(sensorAt, (sensor) => {
        staleness.wakeNext(sensor.ix, sets.of(sensor).silences, at);
        judgeAgain(sensor, at, changes);
      });
      writeLater(changes);
    }
    disarm = timers.set(tick, mayWrite && !review.isDone ? SLICE_MS : TICK_MS);
  }

  function fallSilent(ix: number, at: number, mayWrite: boolean, changes: Change[]) {
    const sensor = sensorAt[ix];
    if (!sensor) return;
    const { silences, hasNoData } = sets.of(sensor);
    if (staleness.silentIntervals(ix, at) >= SILENT_INTERVALS && !staleness.isSilent(ix)) {
      staleness.markSilent(ix);
      parts.offline(sensor.id);
    }
    if (hasNoData && !mayWrite) return staleness.wakeAtMoment(ix, quiet.until);
    if (hasNoData) judgeAgain(sensor, at, changes);
    staleness.wakeNext(ix, silences, at);
  }

  /** @returns whether there may be more: the world as it is asks for some */
  function writeSome(of: typeof tidyFacts, at: number): boolean {
    const decide = (world: World) => (sets.fits(world) ? of(world, sets, epochMs(at)).slice(0, PER_APPEND) : []);
    if (decide(ledger.world).length === 0) return false;
    writeFacts(decide, () => {});
    return true;
  }
  function tidy(at: number) {
    untidy = writeSome(tidyFacts, at);
  }
  function revise(at: number) {
    unrevised = writeSome(revisionFacts, at);
  }

  // --- what others write ---

  function take(sensor: Sensor) {
    const before = sensorAt[sensor.ix];
    sensorAt[sensor.ix] = sensor;
    sets.forget(sensor.ix);
    devices.add(sensor);
    if (before && before.kind !== sensor.kind) staleness.forget(sensor.ix);
    if (before) review.addOne(sensor.ix);
  }

  function follow(entries: readonly Entry[], world: World) {
    if (!sets.fits(world)) {
      const kinds = entries.every((e) => e.kind !== 'centre.configured' && e.kind !== 'boundaries.published')
        ? new Set(entries.flatMap((e) => (e.kind === 'rule.set' ? [e.body.rule.kind] : [])))
        : null;
      sets = new RuleSets(world, placeOf);
      devices = new Devices((ix) => sensorAt[ix], sets.lookers);
      if (sets.lookers.size) for (const sensor of sensorAt) if (sensor) devices.add(sensor);
      hours = sets.hoursChangeAfter(now());
      review.add(kinds);
      untidy = true;
      unrevised = true;
      clock.lookAtAll(world);
    }
    for (const e of entries) {
      if (e.kind === 'sensors.registered') {
        for (const { id } of e.body.sensors) take(world.sensors.get(id)!);
        untidy = true;
        unrevised = true;
      } else if (e.kind.startsWith('alarm.')) {
        const { alarm } = e.body as { alarm: string };
        clock.lookAt(world, alarm);
        if (e.kind === 'alarm.raised' || e.kind === 'alarm.cleared') written(world, alarm);
      }
    }
  }
  /** Raised or cleared: by this very watch, or by somebody else (an import). */
  function written(world: World, alarm: string) {
    const sensor = world.sensors.get(partsOfAlarm(alarm).sensor);
    if (sensor && !writer.isWriting(sensor.ix)) settle(sensor, false);
  }

  // --- after a start: from the world and the latest readings ---

  function begin() {
    const at = now();
    for (const sensor of ledger.world.sensors.values()) {
      sensorAt[sensor.ix] = sensor;
      devices.add(sensor);
    }
    // while nobody listened nobody was silent: the clock of each stood still when the newest of what is known was heard
    const listened = listenedUntil(latest, ledger.world, at);
    staleness.reserve(sensorAt.length);
    for (const sensor of sensorAt) {
      if (!sensor || !known(sensor.ix)) continue;
      const set = sets.of(sensor);
      staleness.heard(sensor.ix, at - Math.max(0, listened - (latest.sensors.at[sensor.ix] as number)), null, set.intervalS * 1000);
      staleness.wake(sensor.ix, set.silences[0]!); // what has passed already is told of at the first tick
    }
    for (const [id, readAt] of parts.restOn ?? []) {
      const ix = ledger.world.sensors.get(id)?.ix;
      if (ix !== undefined && !(known(ix) && (latest.sensors.at[ix] as number) >= readAt)) outrun.set(ix, readAt);
    }
    for (const alarm of ledger.world.alarms.values()) if (alarm.active) written(ledger.world, alarm.id);
    clock.lookAtAll(ledger.world);
    review.add(null);
  }
  begin();
  const unfollow = ledger.follow(follow);
  disarm = timers.set(tick, 0);

  return {
    hear,
    stats: () => ({
      judged,
      pending: memories.pending,
      silent: staleness.silent,
    }),
    async close() {
      closed = true;
      disarm();
      unfollow();
      await writer.close();
      while (underWay.size) await Promise.all([...underWay]);
    },
  };
}

const nobody = () => [];
/** Handed in late: kept, but no sign of life. */
const history: Heard = { alarm: false, past: true, durable: null };
const nothing: Heard = { alarm: false, durable: null };
const stillInAlarm: Heard = { alarm: true, durable: null };

export function listenedUntil({ sensors, units }: Latest, world: World, now: number): number {
  let newest: number = world.at;
  for (const { at, length } of [sensors, units]) for (let ix = 0; ix < length; ix++) if (at[ix]! > newest) newest = at[ix]!;
  return Math.min(newest, now);
}
