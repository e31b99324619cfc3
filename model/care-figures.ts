import { dueAfter, everyDaysOf } from './care.ts';
import { type CareKind, type Centre, dayStart } from './centre.ts';
import type { Figure } from './kpi.ts';
import type { CareState } from './patrol-plan.ts';
import type { World } from './world.ts';

/**
 * 应访已访: of the persons whom a visit was due in a period, those visited in time every time; one figure a kind. It counts persons, not
 * visits: going to one person every day makes up for nobody else. A person who waits for an overdue visit at any moment of the period is missed.
 */
export interface CareFigure extends Omit<Figure, 'id' | 'records'> {
  readonly kind: string;
  /** cares (ids) behind numerator and the rest of the denominator, as registered */
  readonly records: { readonly kind: 'care'; readonly visited: readonly string[]; readonly missed: readonly string[] };
}
/** A visit that was made, epoch ms. */
export interface CareVisit {
  readonly care: string;
  readonly at: number;
}
export const CARE_TARGET = 100;
const DAY = 86_400_000;

/** The earliest visit that bears on a period from `from`: whoever had none since was overdue before the period began. */
export function visitsBearFrom(world: Pick<World, 'centre' | 'cares'>, from: number): number {
  let longest = 0;
  for (const care of world.cares.values()) longest = Math.max(longest, everyDaysOf(care, world.centre) ?? 0);
  return from - (longest + 1) * DAY;
}

/**
 * @param visits those made since `visitsBearFrom(from)`, in any order
 * @param from,to the period, epoch ms; `to` at most the moment shown
 */
export function careFigures(
  world: Pick<World, 'centre' | 'cares' | 'at'>,
  visits: readonly CareVisit[],
  from: number,
  to: number,
  isMeant: (care: CareState) => boolean = () => true,
): CareFigure[] {
  const made = new Map<string, number[]>();
  for (const { care, at } of visits) if (at <= to) made.set(care, [...(made.get(care) ?? []), at]);
  return (world.centre?.careKinds ?? []).map((kind) => {
    const visited: string[] = [];
    const missed: string[] = [];
    for (const care of world.cares.values()) {
      if (care.kind !== kind.code || care.ended || !isMeant(care)) continue;
      const came = outcome(care, made.get(care.id) ?? [], world.centre, from, to);
      if (came) (came === 'missed' ? missed : visited).push(care.id);
    }
    return figureOf(kind, visited, missed, to);
  });
}

/** What came of the visits due to one person in a period; null = none was due. */
export function outcome(
  care: Pick<CareState, 'kind' | 'everyDays' | 'since'>,
  visits: readonly number[],
  centre: Centre | null,
  from: number,
  to: number,
): 'visited' | 'missed' | null {
  const every = everyDaysOf(care, centre);
  if (every === null) return null;
  let base: number = care.since;
  let visited = false;
  for (const at of [...visits].sort((a, b) => a - b)) {
    if (at < base || at > to) continue;
    if (dueAfter(base, every, centre) < at && at >= from) return 'missed';
    visited ||= at >= from;
    base = at;
  }
  if (dueAfter(base, every, centre) + 1 < to) return 'missed'; // waiting at a moment before `to`
  return visited ? 'visited' : null;
}

function figureOf(kind: CareKind, visited: readonly string[], missed: readonly string[], dataAt: number): CareFigure {
  const n = visited.length + missed.length;
  return {
    kind: kind.code,
    value: n ? (100 * visited.length) / n : null,
    unit: { zh: '%', en: '%' },
    numerator: visited.length,
    denominator: n,
    comparison: n ? { kind: 'target', difference: (100 * visited.length) / n - CARE_TARGET } : null,
    target: CARE_TARGET,
    direction: 'up',
    spark: [],
    dataAt,
    records: { kind: 'care', visited, missed },
    formula: {
      zh: `期内每次都按期走访的人 ÷ 期内应访的人；${kind.everyDays} 天一访，当日 24 时前为按期`,
      en: `Persons visited in time every time ÷ persons due in the period; every ${kind.everyDays} days, in time until the end of that day`,
    },
    source: { zh: '台账 care.visited', en: 'Ledger, care.visited' },
  };
}

/** The first moment of the centre's month that holds `at`. */
export function monthStart(at: number, utcOffsetMinutes: number): number {
  const local = new Date(at + utcOffsetMinutes * 60_000);
  return dayStart(at, utcOffsetMinutes) - (local.getUTCDate() - 1) * DAY;
}
