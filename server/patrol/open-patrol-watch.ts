import { alarmId } from '../../model/alarm.ts';
import { patrolSettings } from '../../model/centre.ts';
import { isKnown, type Latest } from '../../model/latest.ts';
import type { Entry, Fact } from '../../model/ledger.ts';
import { SOS_RULE } from '../../model/patrol.ts';
import { makesStop } from '../../model/rounds.ts';
import { SILENT_INTERVALS } from '../../model/staleness.ts';
import { isLongEnough, isVisit, type Stay } from '../../model/visit.ts';
import type { Unit, World } from '../../model/world.ts';
import { listenedUntil } from '../alarms/watch.ts';
import { realTimers, type Timers } from '../due-clock.ts';
import type { ImportQuiet } from '../import-quiet.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { dutyAt, isOn, type Memory, turned, USUAL_MS } from './memories.ts';
import { doubtedFacts, heardFacts, isAway, leftFact, silentFacts, strayFacts, visitFacts } from './patrol-facts.ts';
import type { DoubtedFix, HeardFix, PatrolWatch } from './patrol-watch.ts';
import type { Rebuilt } from './rebuild.ts';
import { sosFacts } from './sos.ts';
import type { OpenStay } from './stays.ts';

interface Parts {
  readonly ledger: Pick<Ledger, 'world' | 'append' | 'follow'>;
  readonly latest: Latest;
  /** telemetry is told that a unit has fallen silent */
  readonly offline: (unit: string) => void;
  readonly quiet: ImportQuiet;
  /** how far everybody had come when the process before ended */
  readonly before: Rebuilt;
  readonly now: () => number;
  readonly timers?: Timers;
  readonly onError?: (error: unknown) => void;
}
export interface OpenPatrolWatch extends PatrolWatch {
  readonly stats: () => { readonly stays: number; readonly silent: number };
  /** Resolves when nothing it began is still on its way. */
  close(): Promise<void>;
}

/** Who writes what follows from nobody's report: that nothing came. */
export const PATROL = 'patrol';
const TICK_MS = 1_000;
/** Whose shift has ended is looked through this often, ms. */
const SHIFTS_MS = 30_000;
const PER_APPEND = 250;

type Decide = (world: World) => readonly Fact[];

/**
 * 巡防规则. Remembers how far each unit has come (its stay, its rhythm, how long it has been outside) and writes what that comes to, decided
 * once more against the newest world. Once a second it does what time brings: silence, the ends of shifts.
 */
export function openPatrolWatch(parts: Parts): OpenPatrolWatch {
  const { ledger, latest, quiet, now, timers = realTimers, onError = () => {} } = parts;
  const { memories } = parts.before;
  const { staleness } = memories;
  const unitAt: (Unit | undefined)[] = [];
  const underWay = new Set<Promise<unknown>>();
  let duty = dutyAt(ledger.world, now());
  let ended = parts.before.ended;
  let shiftsAt = 0;
  let disarm = () => {};
  let closed = false;

  function isOnDuty(unit: Unit, world: World, at: number): boolean {
    if (duty.centre !== world.centre || at - duty.at >= TICK_MS || at < duty.at) duty = dutyAt(world, at);
    return isOn(duty, unit);
  }

  // --- a fix ---

  async function hear(unit: Unit, fix: HeardFix): Promise<void> {
    const { world } = ledger;
    const m = memories.of(unit);
    const decides: Decide[] = [];
    const isNew = fix.recency === 'live' && fix.at > m.at && !fix.doubted;
    if (fix.sos !== undefined && (fix.recency === 'live' || fix.at === m.at)) sos(unit, fix, m, decides);
    let told: OpenStay | null = null;
    if (isNew) {
      take(unit);
      memories.heard(unit, fix);
      staleness.wake(unit.ix, SILENT_INTERVALS);
      if (m.writing > 0 || isAway(world, unit)) decides.push((w) => heardFacts(w, unit, fix.at));
      told = moved(unit, fix, m, world, decides);
      stray(unit, fix, m, world, decides);
    } else if (fix.recency === 'history' && fix.at > m.pastAt) {
      m.pastAt = fix.at;
      told = movedBefore(unit, fix, m, world, decides);
    }
    if (decides.length === 0) return;
    m.writing += 1;
    const before = told?.told ?? false;
    if (told) told.told = true; // should it end meanwhile, its end is told too
    let written = before;
    try {
      const entries = await ledger.append(unit.id, (w) => decides.flatMap((decide) => decide(w)));
      written ||= entries.some((e) => e.kind === 'area.visited');
    } finally {
      m.writing -= 1;
      if (told) told.told = written;
    }
  }

  function sos(unit: Unit, fix: HeardFix, m: Memory, decides: Decide[]) {
    const active = ledger.world.alarms.get(alarmId(unit.id, SOS_RULE))?.active ?? false;
    if (m.writing > 0 || active !== fix.sos) decides.push((w) => sosFacts(w, unit, fix, now()));
  }

  /** @returns the stay whose visit is written now */
  function moved(unit: Unit, fix: HeardFix, m: Memory, world: World, decides: Decide[]): OpenStay | null {
    const settings = patrolSettings(world.centre);
    if (!isOnDuty(unit, world, fix.receivedAt)) {
      leave(unit, m.stay.end(), decides);
      return null;
    }
    leave(
      unit,
      m.stay.fix(fix.area, fix.at, (s) => isLongEnough(settings, s)),
      decides,
    );
    const stay = m.stay.now;
    if (!stay || stay.area !== fix.area || !isLongEnough(settings, stay)) return null;
    return visited(unit, stay, fix.at, world, decides);
  }
  function visited(unit: Unit, stay: OpenStay, at: number, world: World, decides: Decide[]): OpenStay | null {
    const again = stay.told;
    const wanted = (w: World) => (again ? makesStop(w, unit.id, stay.area, at) : isVisit(w, unit.id, stay.area, at));
    if (!wanted(world)) return null;
    const seen: Stay = { area: stay.area, since: stay.since, last: stay.last, fixes: stay.fixes };
    decides.push((w) => (wanted(w) ? visitFacts(w, unit, seen, at) : []));
    return stay;
  }
  function leave(unit: Unit, stay: OpenStay | null, decides: Decide[]) {
    if (stay?.told) decides.push(() => [leftFact(unit, stay)]);
  }

  /** Late fixes say nothing about now; a stay among them is a visit where a round that is still open wants it. */
  function movedBefore(unit: Unit, fix: HeardFix, m: Memory, world: World, decides: Decide[]): OpenStay | null {
    const settings = patrolSettings(world.centre);
    if (!isOn(dutyAt(world, fix.at), unit)) {
      m.past.end();
      return null;
    }
    m.past.fix(fix.area, fix.at, (s) => isLongEnough(settings, s));
    const stay = m.past.now;
    if (!stay || stay.area !== fix.area || stay.told || !isLongEnough(settings, stay)) return null;
    if (!makesStop(world, unit.id, stay.area, fix.at)) return null;
    const seen: Stay = { ...stay };
    decides.push((w) => (makesStop(w, unit.id, seen.area, fix.at) ? visitFacts(w, unit, seen, fix.at) : []));
    return stay;
  }

  /** Outside its own area for long enough, or back for as long. */
  function stray(unit: Unit, fix: HeardFix, m: Memory, world: World, decides: Decide[]) {
    const is = turned(m, world, unit, fix, isOnDuty(unit, world, fix.receivedAt));
    if (is === null || fix.at - is.since < patrolSettings(world.centre).strayS * 1000) return;
    decides.push((w) => strayFacts(w, unit, is.out, fix.at, fix.lngLat));
  }

  function doubt(unit: Unit, fix: DoubtedFix) {
    const { ix } = unit;
    take(unit);
    memories.of(unit).doubt = fix;
    if (Number.isNaN(staleness.lastHeard(ix))) {
      staleness.heard(ix, fix.receivedAt, null, USUAL_MS);
      staleness.wake(ix, SILENT_INTERVALS);
    } else if (staleness.isSilent(ix)) staleness.wakeAtMoment(ix, fix.receivedAt);
  }

  // --- once a second ---

  function tick() {
    if (closed) return;
    const at = now();
    const mayWrite = at >= quiet.until;
    const away: { unit: Unit; stay: OpenStay | null; decide: Decide }[] = [];
    for (const ix of staleness.due(at)) {
      const unit = unitAt[ix];
      if (!unit) continue;
      if (staleness.silentIntervals(ix, at) < SILENT_INTERVALS) {
        staleness.wake(ix, SILENT_INTERVALS);
        continue;
      }
      if (!staleness.isSilent(ix)) {
        staleness.markSilent(ix);
        parts.offline(unit.id);
      }
      if (!mayWrite) staleness.wakeAtMoment(ix, quiet.until);
      else if (!isOnDuty(unit, ledger.world, at)) {
        memories.of(unit).offAt = at;
        staleness.wakeAtMoment(ix, at + SHIFTS_MS);
      } else if (at < comesBy(unit))
        staleness.wakeAtMoment(ix, comesBy(unit)); // its shift has just begun
      else away.push({ unit, stay: memories.of(unit).stay.end(), decide: awayDecide(unit, at) });
    }
    for (let i = 0; i < away.length; i += PER_APPEND) {
      const some = away.slice(i, i + PER_APPEND);
      write(
        (world) => some.flatMap(({ unit, stay, decide }) => [...decide(world), ...(stay?.told ? [leftFact(unit, stay)] : [])]),
        () => {
          for (const { unit } of some) staleness.wakeAtMoment(unit.ix, now() + SHIFTS_MS);
        },
      );
    }
    if (mayWrite && ended.length > 0) tellEnded();
    if (mayWrite && at >= shiftsAt) {
      shiftsAt = at + SHIFTS_MS;
      endOfShifts(at);
    }
    disarm = timers.set(tick, TICK_MS);
  }

  /** Whoever was off duty has five of its intervals to be heard when its shift begins. */
  const comesBy = (unit: Unit) => memories.of(unit).offAt + SILENT_INTERVALS * staleness.intervalMs(unit.ix);

  /** Nothing came of this unit for too long: is it silent, or does it speak of a place nobody believes? */
  function awayDecide(unit: Unit, at: number): Decide {
    const { ix } = unit;
    const { doubt } = memories.of(unit);
    const usualMs = staleness.intervalMs(ix);
    const believedAt = isKnown(latest.units, ix) ? latest.units.at[ix]! : null;
    const speaksUntil = doubt ? doubt.receivedAt + SILENT_INTERVALS * usualMs : Number.NEGATIVE_INFINITY;
    if (!doubt || at > speaksUntil) return (w) => silentFacts(w, unit, doubt?.at ?? believedAt!, usualMs);
    staleness.wakeAtMoment(ix, speaksUntil + 1);
    return (w) => doubtedFacts(w, unit, believedAt ?? doubt.at, doubt.reason);
  }

  /** Ends of stays that the process before could not tell, or had no time to. */
  function tellEnded() {
    const some = ended;
    ended = [];
    for (let i = 0; i < some.length; i += PER_APPEND) {
      const facts = some.slice(i, i + PER_APPEND);
      write(
        () => facts,
        () => {
          ended = [...ended, ...facts];
        },
      );
    }
  }

  function endOfShifts(at: number) {
    const { world } = ledger;
    const left: Fact[] = [];
    for (const [id, m] of memories) {
      const unit = world.units.get(id);
      if (!m.stay.now || !unit || isOnDuty(unit, world, at)) continue;
      const stay = m.stay.end();
      if (stay?.told) left.push(leftFact(unit, stay));
    }
    for (let i = 0; i < left.length; i += PER_APPEND)
      write(
        () => left.slice(i, i + PER_APPEND),
        () => {},
      );
  }

  function write(decide: Decide, retry: () => void) {
    const done: Promise<unknown> = ledger
      .append(PATROL, decide)
      .catch((error) => {
        onError(error);
        retry();
      })
      .finally(() => underWay.delete(done));
    underWay.add(done);
  }

  // --- who there is, and what was before the start ---

  function take(unit: Unit) {
    unitAt[unit.ix] = unit;
  }
  function follow(entries: readonly Entry[], world: World) {
    for (const e of entries) if (e.kind === 'units.registered') for (const { id } of e.body.units) take(world.units.get(id)!);
  }
  function begin() {
    const { world } = ledger;
    const at = now();
    for (const unit of world.units.values()) take(unit);
    staleness.reserve(unitAt.length);
    // while nobody listened nobody was silent
    const listened = listenedUntil(latest, world, at);
    const { units } = latest;
    for (const unit of unitAt) {
      if (!unit || !isKnown(units, unit.ix)) continue;
      const m = memories.of(unit);
      m.at = Math.max(m.at, units.at[unit.ix]!);
      // when we received it, where the film says so; its own clock may be wrong
      const heard = staleness.lastHeard(unit.ix);
      const silentFor = listened - (Number.isNaN(heard) ? units.at[unit.ix]! : heard);
      staleness.heard(unit.ix, at - Math.max(0, silentFor), null, USUAL_MS);
      staleness.wake(unit.ix, SILENT_INTERVALS);
    }
  }
  begin();
  const unfollow = ledger.follow(follow);
  disarm = timers.set(tick, TICK_MS);

  return {
    hear(unit, fix) {
      const done = hear(unit, fix).finally(() => underWay.delete(done));
      underWay.add(done);
      return done;
    },
    doubt,
    stats: () => ({ stays: [...memories].filter(([, m]) => m.stay.now).length, silent: staleness.silent }),
    async close() {
      closed = true;
      disarm();
      unfollow();
      while (underWay.size) await Promise.allSettled([...underWay]);
    },
  };
}
