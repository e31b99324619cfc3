import { alarmId } from '../../model/alarm.ts';
import { unitsInHand } from '../../model/candidates.ts';
import { patrolSettings } from '../../model/centre.ts';
import { isWithinHours } from '../../model/hours.ts';
import { isKnown, type Latest } from '../../model/latest.ts';
import type { Entry, Fact } from '../../model/ledger.ts';
import { isInOwnArea, SOS_RULE } from '../../model/patrol.ts';
import { makesStop } from '../../model/rounds.ts';
import { SILENT_INTERVALS, Staleness } from '../../model/staleness.ts';
import { isLongEnough, isVisit, type Stay } from '../../model/visit.ts';
import type { Unit, World } from '../../model/world.ts';
import { listenedUntil } from '../alarms/watch.ts';
import { realTimers, type Timers } from '../due-clock.ts';
import type { ImportQuiet } from '../import-quiet.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Places } from '../places.ts';
import { heardFacts, leftFact, silentFacts, strayFacts, visitFacts } from './patrol-facts.ts';
import type { HeardFix, PatrolWatch } from './patrol-watch.ts';
import { sosFacts } from './sos.ts';
import { type OpenStay, StayTracker } from './stays.ts';

interface Parts {
  readonly ledger: Pick<Ledger, 'world' | 'append' | 'follow'>;
  readonly latest: Latest;
  readonly places: Pick<Places, 'locate'>;
  /** telemetry is told that a unit has fallen silent */
  readonly offline: (unit: string) => void;
  readonly quiet: ImportQuiet;
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
/** Until a unit's own rhythm is known it is expected to be heard this often, ms: five of them are what the wall calls on duty. */
export const USUAL_MS = 60_000;
const TICK_MS = 1_000;
/** Whose shift has ended is looked through this often, ms. */
const SHIFTS_MS = 30_000;
const PER_APPEND = 250;

/** What is remembered of a unit; all of it may be lost (docs/decisions/019-visits.md). */
interface Memory {
  readonly stay: StayTracker;
  /** the same of what is handed in late, by its own time */
  readonly past: StayTracker;
  /** device time of the newest fix and of the newest late one */
  at: number;
  pastAt: number;
  /** since when it has been otherwise than the world says: outside, or back again */
  turnedAt: number | null;
  /** appends on their way */
  writing: number;
}
type Decide = (world: World) => readonly Fact[];

/**
 * 巡防规则. Remembers how far each unit has come (its stay, its rhythm, how long it has been outside) and writes what that comes to, decided
 * once more against the newest world. Once a second it does what time brings: silence, the ends of shifts.
 */
export function openPatrolWatch(parts: Parts): OpenPatrolWatch {
  const { ledger, latest, places, quiet, now, timers = realTimers, onError = () => {} } = parts;
  const memories = new Map<string, Memory>();
  const unitAt: (Unit | undefined)[] = [];
  const staleness = new Staleness();
  const underWay = new Set<Promise<unknown>>();
  let duty = dutyAt(ledger.world, now());
  let shiftsAt = 0;
  let disarm = () => {};
  let closed = false;

  function memoryOf(unit: Unit): Memory {
    let m = memories.get(unit.id);
    if (!m) {
      m = {
        stay: new StayTracker(),
        past: new StayTracker(),
        at: Number.NEGATIVE_INFINITY,
        pastAt: Number.NEGATIVE_INFINITY,
        turnedAt: null,
        writing: 0,
      };
      memories.set(unit.id, m);
    }
    return m;
  }
  function isOnDuty(unit: Unit, world: World, at: number): boolean {
    if (duty.world !== world.centre || at - duty.at >= TICK_MS || at < duty.at) duty = dutyAt(world, at);
    return unit.shift === undefined || !duty.off.has(unit.shift);
  }

  // --- a fix ---

  async function hear(unit: Unit, fix: HeardFix): Promise<void> {
    const { world } = ledger;
    const m = memoryOf(unit);
    const decides: Decide[] = [];
    const isNew = fix.recency === 'live' && fix.at > m.at;
    if (fix.sos !== undefined && (fix.recency === 'live' || fix.at === m.at)) sos(unit, fix, m, decides);
    let told: OpenStay | null = null;
    if (isNew) {
      take(unit);
      staleness.heard(unit.ix, fix.receivedAt, Number.isFinite(m.at) ? fix.at - m.at : null, USUAL_MS);
      staleness.wake(unit.ix, SILENT_INTERVALS);
      m.at = fix.at;
      if (m.writing > 0 || world.patrols.get(unit.id)?.silentSince != null) decides.push((w) => heardFacts(w, unit, fix.at));
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
    if (!isOnShiftAt(unit, world, fix.at)) {
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

  /** Outside its own area for long enough, or back for as long. Off duty nobody strays; nor does who was sent somewhere. */
  function stray(unit: Unit, fix: HeardFix, m: Memory, world: World, decides: Decide[]) {
    const strayed = world.patrols.get(unit.id)?.strayedAt != null;
    const outside = isInOwnArea(world, unit, fix.area) === false;
    const out = outside && (strayed || (isOnDuty(unit, world, fix.receivedAt) && !unitsInHand(world).has(unit.id)));
    if (out === strayed) {
      m.turnedAt = null;
      return;
    }
    m.turnedAt ??= fix.at;
    if (fix.at - m.turnedAt < patrolSettings(world.centre).strayS * 1000) return;
    decides.push((w) => strayFacts(w, unit, out, fix.at, fix.lngLat));
  }

  // --- once a second ---

  function tick() {
    if (closed) return;
    const at = now();
    const mayWrite = at >= quiet.until;
    const silent: { unit: Unit; usualMs: number; stay: OpenStay | null }[] = [];
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
      else if (!isOnDuty(unit, ledger.world, at))
        staleness.wakeAtMoment(ix, at + SHIFTS_MS); // silent since, should its shift begin so
      else silent.push({ unit, usualMs: staleness.intervalMs(ix), stay: memoryOf(unit).stay.end() });
    }
    for (let i = 0; i < silent.length; i += PER_APPEND) {
      const some = silent.slice(i, i + PER_APPEND);
      write(
        (world) =>
          some.flatMap(({ unit, usualMs, stay }) => [
            ...silentFacts(world, unit, latest.units.at[unit.ix]!, usualMs),
            ...(stay?.told ? [leftFact(unit, stay)] : []),
          ]),
        () => {
          for (const { unit } of some) staleness.wakeAtMoment(unit.ix, now() + SHIFTS_MS);
        },
      );
    }
    if (mayWrite && at >= shiftsAt) {
      shiftsAt = at + SHIFTS_MS;
      endOfShifts(at);
    }
    disarm = timers.set(tick, TICK_MS);
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
    quiet.follow(entries);
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
      staleness.heard(unit.ix, at - Math.max(0, listened - units.at[unit.ix]!), null, USUAL_MS);
      staleness.wake(unit.ix, SILENT_INTERVALS);
      memoryOf(unit).at = units.at[unit.ix]!;
    }
    // a visit that lasted goes on where its unit still is; how it began is in the ledger, how many fixes it had is lost
    for (const [area, visit] of world.visits) {
      const unit = world.units.get(visit.unit);
      if (visit.leftAt !== null || !unit || !isKnown(units, unit.ix)) continue;
      const last = units.at[unit.ix]!;
      const here = places.locate([units.lng[unit.ix]! / 1e7, units.lat[unit.ix]! / 1e7]);
      if (here === area && last >= visit.at) memoryOf(unit).stay.restore({ area, since: visit.at, last, fixes: 1, told: true });
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
    stats: () => ({ stays: [...memories.values()].filter((m) => m.stay.now).length, silent: staleness.silent }),
    async close() {
      closed = true;
      disarm();
      unfollow();
      while (underWay.size) await Promise.allSettled([...underWay]);
    },
  };
}

/** The shifts that are off duty at a moment: asked for every fix, so looked up once a second. */
function dutyAt({ centre }: World, at: number) {
  const off = new Set<string>();
  for (const s of centre?.shifts ?? []) if (!isWithinHours(s.hours, at, centre!.utcOffsetMinutes)) off.add(s.code);
  return { world: centre, at, off };
}
const isOnShiftAt = (unit: Unit, world: World, at: number) => unit.shift === undefined || !dutyAt(world, at).off.has(unit.shift);
