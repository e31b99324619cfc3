import type { AreaCode, EpochMs } from './brand.ts';
import { type CareKind, type Centre, careKindOf, dayStart } from './centre.ts';
import type { Entry } from './ledger.ts';
import type { Care, CareState } from './patrol-plan.ts';
import type { World } from './world.ts';

/**
 * 走访 (五必访, care checks): when the next visit to a person is due, and who is to be visited now. Days are the centre's. Pure functions of
 * the world and the moment.
 *
 * How visits count:
 * - A visit counts from when it was made (`at`), not from when it was handed in. One handed in late, made before the due moment, is in time,
 *   though `care.overdue` was told meanwhile; that entry stays, the person is overdue no longer.
 * - The next visit is counted from the latest one made. One handed in that was made before it is history: it moves nothing.
 * - Handed in twice (same unit and result within a minute of the latest) is one visit: `isSameVisit`. Two real visits on one day are
 *   two entries; figures count persons, so that neither makes a figure better.
 * - Overdue is told once: until somebody has visited the person nothing more is told, whatever became of the incident.
 */
export const careStateNames = ['overdue', 'grace', 'due-today', 'due-soon', 'done-today', 'not-yet'] as const;
/** 逾期 · 宽限 (due, an incident is raised when the grace is over) · 今日应访 · 近期应访 · 今日已访 · 未到期 */
export type CareStateName = (typeof careStateNames)[number];

const DAY = 86_400_000;
/** 近期: due within so many days after today. */
export const SOON_DAYS = 3;
const SAME_VISIT_MS = 60_000;

type Due = Pick<CareState, 'kind' | 'since' | 'lastAt' | 'everyDays'>;

/** Days between two visits; null while the centre knows neither the person's own nor the kind's. */
export const everyDaysOf = (care: Pick<Care, 'kind' | 'everyDays'>, centre: Centre | null): number | null =>
  care.everyDays ?? careKindOf(centre, care.kind)?.everyDays ?? null;

/** The last millisecond of the centre's day `everyDays` after the day of the latest visit (of `since`, before the first); null = never due. */
export function dueAt(care: Due, centre: Centre | null): EpochMs | null {
  const every = everyDaysOf(care, centre);
  return every === null ? null : dueAfter(care.lastAt ?? care.since, every, centre);
}
export const dueAfter = (from: number, everyDays: number, centre: Centre | null): EpochMs =>
  (dayStart(from, centre?.utcOffsetMinutes ?? 0) + (everyDays + 1) * DAY - 1) as EpochMs;

/** The first moment at which a visit due at `due` is overdue: the day after it and its grace. */
export const overdueFrom = (due: number, kind: CareKind | undefined): number => due + 1 + (kind?.graceDays ?? 0) * DAY;

export interface CareStanding {
  readonly state: CareStateName;
  readonly dueAt: EpochMs | null;
  /** whole days since the day it was due; 0 until then */
  readonly daysLate: number;
}

export function careStanding(care: CareState, centre: Centre | null, now: number): CareStanding {
  const due = dueAt(care, centre);
  const today = dayStart(now, centre?.utcOffsetMinutes ?? 0);
  const daysLate = due === null ? 0 : Math.max(0, Math.ceil((today - due) / DAY));
  return { state: stateOf(care, due, centre, now, today), dueAt: due, daysLate };
}
function stateOf(care: CareState, due: number | null, centre: Centre | null, now: number, today: number): CareStateName {
  if (due !== null && due < now) return now >= overdueFrom(due, careKindOf(centre, care.kind)) ? 'overdue' : 'grace';
  if (care.lastAt !== null && care.lastAt >= today) return 'done-today';
  if (due === null || care.since > now) return 'not-yet';
  if (due < today + DAY) return 'due-today';
  return due < today + (SOON_DAYS + 1) * DAY ? 'due-soon' : 'not-yet';
}

/** States in which somebody should go. */
export const toVisit: ReadonlySet<CareStateName> = new Set<CareStateName>(['overdue', 'grace', 'due-today']);

export interface CareRow extends CareStanding {
  readonly care: CareState;
}
export interface CareFilter {
  readonly kind?: string | undefined;
  readonly unit?: string | undefined;
  readonly states?: ReadonlySet<CareStateName> | undefined;
  /** which places are meant; absent = all */
  readonly isIn?: ((area: AreaCode) => boolean) | undefined;
  readonly matches?: ((care: CareState) => boolean) | undefined;
}

const rank = (state: CareStateName) => (state === 'overdue' ? 0 : state === 'grace' ? 1 : 2);

/** Who is still to be visited at all, the longest overdue first, then those in their grace, then by when they are due. */
export function listCares(world: Pick<World, 'cares' | 'centre'>, filter: CareFilter, now: number): CareRow[] {
  const rows: CareRow[] = [];
  for (const care of world.cares.values()) {
    if (care.ended || (filter.kind && care.kind !== filter.kind) || (filter.unit && care.unit !== filter.unit)) continue;
    if (filter.isIn && !filter.isIn(care.area)) continue;
    const standing = careStanding(care, world.centre, now);
    if (filter.states && !filter.states.has(standing.state)) continue;
    if (filter.matches && !filter.matches(care)) continue;
    rows.push({ care, ...standing });
  }
  const never = Number.MAX_SAFE_INTEGER;
  return rows.sort((a, b) => rank(a.state) - rank(b.state) || (a.dueAt ?? never) - (b.dueAt ?? never) || (a.care.id < b.care.id ? -1 : 1));
}

export function countCareStates(rows: readonly Pick<CareRow, 'state'>[]): Record<CareStateName, number> {
  const n = { overdue: 0, grace: 0, 'due-today': 0, 'due-soon': 0, 'done-today': 0, 'not-yet': 0 };
  for (const { state } of rows) n[state] += 1;
  return n;
}

/** When a clock has to tell that the visit to this person was not made; null = nothing to tell of. */
export function overdueMoment(care: CareState, centre: Centre | null): number | null {
  if (care.ended || care.overdue) return null;
  const due = dueAt(care, centre);
  return due === null ? null : overdueFrom(due, careKindOf(centre, care.kind));
}

interface Visit {
  readonly unit?: string | undefined;
  readonly result: string;
  readonly at: number;
}
/** Is this the visit that was recorded last, handed in once more? */
export const isSameVisit = (care: CareState, { unit, result, at }: Visit): boolean =>
  care.lastAt !== null && care.lastResult === result && care.lastUnit === (unit ?? null) && Math.abs(at - care.lastAt) < SAME_VISIT_MS;

export const isCareEntry = (e: Entry): e is Entry<'care.visited'> | Entry<'care.overdue'> =>
  e.kind === 'care.visited' || e.kind === 'care.overdue';
