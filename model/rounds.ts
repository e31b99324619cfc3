import type { z } from 'zod';
import { type AreaCode, type EpochMs, epochMs } from './brand.ts';
import { dayKey, dayStart } from './centre.ts';
import type { Fact } from './ledger.ts';
import type { Round, RoundState, zRoundStop } from './patrol-plan.ts';
import type { World } from './world.ts';

/** 二巡查: rounds, the window of each on a day, and how far one has come. Days are those of the centre, `YYYY-MM-DD`; moments epoch ms. */
export type RoundStop = z.output<typeof zRoundStop>;
export interface RoundWindow {
  readonly day: string;
  /** [from, to) */
  readonly from: EpochMs;
  readonly to: EpochMs;
}
export interface RoundProgress {
  readonly round: RoundState;
  readonly window: RoundWindow;
  /** 未开始 · 进行中 · 已结束 */
  readonly state: 'ahead' | 'running' | 'over';
  /** stops made, in order of time: who was there first within the window, and when */
  readonly visited: readonly RoundStop[];
  /** stops not made, in the expected order; of one that is over these are missed */
  readonly missed: readonly AreaCode[];
  /** the stop expected next; null when all are made, or it is not running */
  readonly next: AreaCode | null;
  /** made so far in the expected order */
  readonly inOrder: boolean;
  /** the fact of its closing is in the ledger */
  readonly closed: boolean;
}

type Ground = Pick<World, 'centre' | 'rounds' | 'visits'>;
const offsetOf = (world: Pick<World, 'centre'>) => world.centre?.utcOffsetMinutes ?? 0;
const DAY = 86_400_000;
const minutesOf = (hhmm: string) => Number(hhmm.slice(0, 2)) * 60 + Number(hhmm.slice(3, 5));

/** Midnight of a day of the centre, epoch ms. */
const startOf = (day: string, utcOffsetMinutes: number) => Date.parse(`${day}T00:00:00Z`) - utcOffsetMinutes * 60_000;
/** 1 = Monday … 7 = Sunday. */
const weekday = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;

export const runsOn = (round: Pick<Round, 'days'>, day: string): boolean => round.days.includes(weekday(day));

export function windowOf(round: Pick<Round, 'from' | 'to'>, day: string, utcOffsetMinutes: number): RoundWindow {
  const start = startOf(day, utcOffsetMinutes);
  const at = (hhmm: string) => epochMs(start + minutesOf(hhmm) * 60_000);
  return { day, from: at(round.from), to: at(round.to) };
}

/** The rounds of a day, in order of their windows. */
export function roundsOn(world: Pick<World, 'rounds'>, day: string): RoundState[] {
  const order = (r: Round) => `${r.from} ${r.to} ${r.area} ${r.id}`;
  return [...world.rounds.values()].filter((r) => runsOn(r, day)).sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

const mayMake = (round: Round, unit: string) => round.units === undefined || round.units.includes(unit);

/**
 * The stops made within [from, to), in order of time, from the visits the world keeps: those of the day of each place's latest visit, so
 * of today, and of a day past where nobody has been since.
 */
export function stopsMade(world: Pick<World, 'visits'>, round: Round, window: RoundWindow): RoundStop[] {
  const made = round.stops.flatMap((area): RoundStop[] => {
    let first: { unit: string; at: EpochMs } | null = null;
    for (const v of world.visits.get(area)?.today ?? [])
      if (v.at >= window.from && v.at < window.to && mayMake(round, v.unit) && (!first || v.at < first.at)) first = v;
    return first ? [{ area, ...first }] : [];
  });
  return made.sort((a, b) => a.at - b.at);
}

function isInOrder(stops: readonly AreaCode[], made: readonly RoundStop[]): boolean {
  const places = made.map((m) => stops.indexOf(m.area));
  return places.every((p, i) => i === 0 || places[i - 1]! < p);
}

/** The first stop not made behind the last one that was; behind the end from the beginning. */
function nextStop(stops: readonly AreaCode[], made: readonly RoundStop[]): AreaCode | null {
  const done = new Set(made.map((m) => m.area));
  const last = made.length ? stops.indexOf(made.at(-1)!.area) : -1;
  return [...stops.slice(last + 1), ...stops.slice(0, last + 1)].find((s) => !done.has(s)) ?? null;
}

/** How far a round has come on a day of the centre. One that is closed is told as its fact tells it. */
export function roundProgress(world: Ground, round: RoundState, day: string, now: number): RoundProgress {
  const window = windowOf(round, day, offsetOf(world));
  const state = now < window.from ? 'ahead' : now < window.to ? 'running' : 'over';
  if (round.last?.day === day) {
    const { visited, missed, inOrder } = round.last;
    return { round, window, state, visited, missed, next: null, inOrder, closed: true };
  }
  const visited = stopsMade(world, round, window);
  const made = new Set(visited.map((v) => v.area));
  return {
    round,
    window,
    state,
    visited,
    missed: round.stops.filter((s) => !made.has(s)),
    next: state === 'running' ? nextStop(round.stops, visited) : null,
    inOrder: isInOrder(round.stops, visited),
    closed: false,
  };
}

/** Today's rounds, in order of their windows. */
export function roundsNow(world: Ground, now: number): RoundProgress[] {
  const day = dayKey(now, offsetOf(world));
  return roundsOn(world, day).map((r) => roundProgress(world, r, day, now));
}

/** 巡查结束: what the end of a round's window comes to. */
export function closingFact(world: Ground, round: RoundState, day: string): Fact<'round.closed'> {
  const visited = stopsMade(world, round, windowOf(round, day, offsetOf(world)));
  const made = new Set(visited.map((v) => v.area));
  const missed = round.stops.filter((s) => !made.has(s));
  return {
    kind: 'round.closed',
    body: { round: round.id, day, area: round.area, visited, missed, inOrder: isInOrder(round.stops, visited) },
  };
}

/** What a device had to say may reach us so much later, ms; a window is closed then. One that ends at midnight is closed with it. */
export const CLOSE_AFTER_MS = 60_000;
/** Windows that ended longer ago than this while nothing ran are not told of. */
export const CATCH_UP_DAYS = 7;
export const closesAt = (round: Pick<Round, 'to'>, window: RoundWindow): number => window.to + (round.to === '24:00' ? 0 : CLOSE_AFTER_MS);

/**
 * The days on which a round's window has ended by `now` and is not closed yet, the oldest first. None from before the round was registered,
 * before its last closing, or further back than `CATCH_UP_DAYS`.
 */
export function daysToClose(world: Pick<World, 'centre'>, round: RoundState, now: number): string[] {
  const offset = offsetOf(world);
  const today = dayStart(now, offset);
  const out: string[] = [];
  for (let back = CATCH_UP_DAYS; back >= 0; back--) {
    const day = dayKey(today - back * DAY, offset);
    if (!runsOn(round, day) || (round.last && day <= round.last.day)) continue;
    const window = windowOf(round, day, offset);
    if (closesAt(round, window) <= now && window.to > round.since) out.push(day);
  }
  return out;
}

/** When the first window of a round that is not closed yet is to be closed, epoch ms; it may have passed already. */
export function nextClosing(world: Pick<World, 'centre'>, round: RoundState): number {
  const offset = offsetOf(world);
  const first = round.last ? startOf(round.last.day, offset) + DAY : dayStart(round.since, offset);
  for (let at = Math.max(first, dayStart(round.since, offset)); ; at += DAY) {
    const day = dayKey(at, offset);
    const window = windowOf(round, day, offset);
    if (runsOn(round, day) && window.to > round.since) return closesAt(round, window);
  }
}

const indexes = new WeakMap<World['rounds'], ReadonlyMap<AreaCode, readonly RoundState[]>>();
/** The rounds in which a leaf area is a stop; built once per set of rounds. */
export function roundsThrough({ rounds }: Pick<World, 'rounds'>, leaf: AreaCode): readonly RoundState[] {
  let index = indexes.get(rounds);
  if (!index) {
    const made = new Map<AreaCode, RoundState[]>();
    for (const r of rounds.values())
      for (const s of r.stops) {
        const list = made.get(s);
        if (list) list.push(r);
        else made.set(s, [r]);
      }
    index = made;
    indexes.set(rounds, index);
  }
  return index.get(leaf) ?? [];
}

/** Whether a visit of this unit at `at` would make a stop of a round that is open then and has not got it yet. */
export function makesStop(world: Ground, unit: string, leaf: AreaCode, at: number): boolean {
  const offset = offsetOf(world);
  const day = dayKey(at, offset);
  return roundsThrough(world, leaf).some((round) => {
    if (!runsOn(round, day) || !mayMake(round, unit) || (round.last && day <= round.last.day)) return false;
    const { from, to } = windowOf(round, day, offset);
    if (at < from || at >= to) return false;
    const visits = world.visits.get(leaf)?.today ?? [];
    return !visits.some((v) => v.at >= from && v.at < to && mayMake(round, v.unit));
  });
}
