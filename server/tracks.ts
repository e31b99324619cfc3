import { type Actor, may } from '../model/access.ts';
import { type Fixes, figuresOf, type Leg, legsOf, type Passage, passagesOf } from '../model/track.ts';
import type { TrackAnswer, TrackRow } from '../model/track-answer.ts';
import { thin } from '../model/track-thin.ts';
import { treeOf, type Unit, type World } from '../model/world.ts';
import { askedSpan } from './asked-span.ts';
import type { Places } from './places.ts';
import { Refused } from './refused.ts';
import type { PositionHistory } from './telemetry/position-history.ts';

/** Units of one question. */
export const MOST_UNITS = 50;
const MOST_DAYS = 31;
/** Units times days of one question: 50 units for a day, two for a month. */
const MOST_UNIT_DAYS = 62;
const USUAL_MS = 2 * 3_600_000;
const DAY_MS = 86_400_000;

export interface AskedTracks {
  readonly units: readonly string[];
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}
/** A question that may be answered: whom, from when, until when. */
export interface TrackQuestion {
  readonly from: number;
  readonly to: number;
  readonly units: readonly Unit[];
  readonly withheld: readonly string[];
}
export interface Track {
  readonly unit: Unit;
  readonly fixes: Fixes;
  readonly legs: readonly Leg[];
}

/**
 * @throws Refused 404 for a unit that is not registered, 400 for a time that is empty, ahead or too long
 */
export function trackQuestion(asked: AskedTracks, actor: Actor, world: World, now: number): TrackQuestion {
  const { from, to } = askedSpan(asked, { now, usualMs: USUAL_MS, maxDays: MOST_DAYS });
  const ids = [...new Set(asked.units)];
  if (ids.length === 0) throw new Refused(400, 'units', 'ids of units, separated by commas');
  if ((ids.length * (to - from)) / DAY_MS > MOST_UNIT_DAYS)
    throw new Refused(400, 'from', `at most ${MOST_UNIT_DAYS} days of one unit, or fewer days of more units`);
  const units: Unit[] = [];
  const withheld: string[] = [];
  for (const id of ids) {
    const unit = world.units.get(id);
    if (!unit) throw new Refused(404, 'units', `unit ${id} is not registered`);
    if (may(actor, 'watch', unit.area, treeOf(world)).ok) units.push(unit);
    else withheld.push(id);
  }
  return { from, to, units, withheld };
}

/** One unit after the other, so that no more than one day's worth of fixes is held at once. Units without a fix are left out. */
export async function* tracksOf(history: PositionHistory, { units, from, to }: TrackQuestion): AsyncGenerator<Track> {
  for (const unit of units) {
    const fixes = (await history.read([unit.ix], from, to)).get(unit.ix);
    if (fixes?.length) yield { unit, fixes, legs: legsOf(fixes) };
  }
}

const tenth = (n: number) => Math.round(n * 10) / 10;

/** @param points at most so many fixes of each unit, those without which the track would be most wrong */
export async function trackAnswer(
  history: PositionHistory,
  question: TrackQuestion,
  points: number,
  locate: Places['locate'] | null,
): Promise<TrackAnswer> {
  const tracks: TrackRow[] = [];
  for await (const track of tracksOf(history, question)) tracks.push(rowOf(track, points, locate && passagesOf(track.fixes, locate)));
  const heard = new Set(tracks.map((t) => t.unit));
  return {
    from: question.from,
    to: question.to,
    tracks,
    silent: question.units.filter((u) => !heard.has(u.id)).map((u) => u.id),
    withheld: question.withheld,
  };
}

function rowOf({ unit, fixes: f, legs }: Track, points: number, passages: readonly Passage[] | null): TrackRow {
  const figures = figuresOf(f);
  const { keep, metres } = thin(f, legs, points);
  const begins = new Set(legs.map((leg) => leg.from));
  const pick = (of: (i: number) => number) => keep.map(of);
  return {
    unit: unit.id,
    ix: unit.ix,
    figures: { ...figures, metres: tenth(figures.metres) },
    within: tenth(metres),
    legs: keep.flatMap((i, n) => (begins.has(i) ? [n] : [])),
    at: pick((i) => f.at[i]!),
    lng: pick((i) => f.lng[i]! / 1e7),
    lat: pick((i) => f.lat[i]! / 1e7),
    speed: pick((i) => tenth(f.speed[i]!)),
    heading: pick((i) => Math.round(f.heading[i]!) % 360),
    ...(passages ? { passages } : {}),
  };
}
