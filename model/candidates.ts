import type { AreaCode, EpochMs, LngLat } from './brand.ts';
import { categoryOf } from './centre.ts';
import { type Incident, inHandStates } from './incident.ts';
import type { UnitRole } from './ledger.ts';
import { metresBetween } from './metres.ts';
import { isOnDuty } from './patrol.ts';
import { whoAnswers } from './responsibility.ts';
import { treeOf, type Unit, type World } from './world.ts';

/**
 * 谁去: who should go to an incident, with reasons a person can read. Pure: where units are and how far they have to walk are arguments.
 * Speed on foot: 1.2 m/s, the design value where up to a fifth of the walkers are elderly (Highway Capacity Manual 2000, ch. 18).
 */
export const WALKING_M_PER_S = 1.2;

/**
 * Minutes of head start for whoever answers for the place: at its leaf, one level up, two levels up. They know the doors and the
 * people, and the matter stays theirs afterwards; more than this walk it is not worth. None for 特急: there the nearest goes.
 */
export const HEAD_START_MIN: readonly number[] = [6, 4, 2];

/** How many units are worth a way on foot: the nearest in a straight line, beside those who answer for the place. */
export const SHORTLIST = 40;

/** Where a unit was last seen. `at` epoch ms of the fix. */
export interface Sighting {
  readonly lngLat: LngLat;
  readonly at: EpochMs | number;
  readonly online: boolean;
}
/** A way from the unit to the incident. */
export interface Way {
  readonly metres: number;
  readonly by: 'road' | 'straight';
  readonly path: readonly LngLat[];
}

/** Metres, minutes and milliseconds; `level` is a level key of the tree. */
export type CandidateReason =
  | { readonly key: 'sent'; readonly arrived: boolean }
  | { readonly key: 'answers'; readonly level: string; readonly area: AreaCode; readonly post: string | null }
  | { readonly key: 'walk'; readonly metres: number; readonly minutes: number; readonly by: Way['by'] }
  | { readonly key: 'on-duty' | 'off-duty' | 'free' | 'right-role' | 'other-role' | 'rejected' }
  | { readonly key: 'busy'; readonly incident: string }
  | { readonly key: 'fix'; readonly ms: number };

export interface Candidate {
  readonly unit: string;
  readonly name: string;
  readonly role: UnitRole;
  /** 1 = goes first */
  readonly rank: number;
  /** already sent to this incident; such stand after all others */
  readonly crew: boolean;
  readonly metres: number;
  readonly minutes: number;
  readonly by: Way['by'];
  readonly path: readonly LngLat[];
  readonly fixAgeMs: number;
  readonly free: boolean;
  readonly onDuty: boolean;
  /** the level at which the unit answers for the place; null = it does not */
  readonly answers: string | null;
  readonly reasons: readonly CandidateReason[];
}

type Answer = { readonly steps: number; readonly level: string; readonly area: AreaCode; readonly post: string | null };

/** How a unit answers for the incident's place: by its own area, or by a duty its person holds; the nearest to the leaf. null = not. */
function answerOf(world: World, incident: Incident): (unit: Unit) => Answer | null {
  if (incident.area === null) return () => null;
  const path = [...treeOf(world).path(incident.area)].reverse();
  const steps = new Map(path.map((a, i) => [a.code, i]));
  const held = new Map<string, Answer>();
  for (const { person, post, area, level } of whoAnswers(world, incident.area).answers) {
    if (!held.has(person)) held.set(person, { steps: steps.get(area)!, level, area, post });
  }
  return (unit) => {
    const byDuty = unit.person === undefined ? undefined : held.get(unit.person);
    const at = unit.area === null ? undefined : steps.get(unit.area);
    if (at === undefined) return byDuty ?? null;
    if (byDuty && byDuty.steps <= at) return byDuty;
    return { steps: at, level: path[at]!.level, area: path[at]!.code, post: null };
  };
}

const inHand = new WeakMap<World['incidents'], ReadonlySet<string>>();
/** Units that were sent to an incident which is in hand; found once per set of incidents. */
export function unitsInHand({ incidents }: Pick<World, 'incidents'>): ReadonlySet<string> {
  let units = inHand.get(incidents);
  if (!units) {
    units = new Set([...incidents.values()].flatMap((i) => (inHandStates.has(i.state) ? i.crew.map((c) => c.unit) : [])));
    inHand.set(incidents, units);
  }
  return units;
}

/** unit -> another incident it has in hand */
function engagements(world: World, incident: Incident): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const i of world.incidents.values()) {
    if (i.id === incident.id || !inHandStates.has(i.state)) continue;
    for (const c of i.crew) out.set(c.unit, i.id);
  }
  return out;
}

/** Units that were sent to this incident and turned it down. */
function rejections(incident: Incident): ReadonlySet<string> {
  const out = new Set<string>();
  let lead: string | undefined;
  for (const mark of incident.marks) {
    if (mark.step === 'dispatch') lead = mark.unit;
    if (mark.step === 'reject' && lead !== undefined) out.add(lead);
  }
  return out;
}

/**
 * Units whose way is worth finding: those sent already, those on duty who answer for the place, and the nearest by straight line, on
 * duty before the rest. Units never seen have no way. Order: by unit id.
 */
export function shortlist(world: World, incident: Incident, seen: ReadonlyMap<string, Sighting>, now: number, n = SHORTLIST): Unit[] {
  const crew = new Set(incident.crew.map((c) => c.unit));
  const answers = answerOf(world, incident);
  const chosen: Unit[] = [];
  const rest: { unit: Unit; off: number; metres: number }[] = [];
  for (const unit of world.units.values()) {
    const s = seen.get(unit.id);
    if (!s) continue;
    const onDuty = isOnDuty(world, unit, s, now);
    const answer = onDuty ? answers(unit) : null;
    if (crew.has(unit.id) || (answer && answer.steps < HEAD_START_MIN.length)) chosen.push(unit);
    else rest.push({ unit, off: onDuty ? 0 : 1, metres: metresBetween(s.lngLat, incident.lngLat) });
  }
  rest.sort((a, b) => a.off - b.off || a.metres - b.metres || (a.unit.id < b.unit.id ? -1 : 1));
  return [...chosen, ...rest.slice(0, n).map((r) => r.unit)].sort((a, b) => (a.id < b.id ? -1 : 1));
}

export const minutesOnFoot = (metres: number) => metres / WALKING_M_PER_S / 60;

/**
 * Rank units for an incident. In this order: on duty before off duty; who has not turned it down; free before busy; of a role the
 * category names before others; fewest minutes on foot, less the head start; then metres, age of the fix, id: a total order.
 * `ways`: of each unit to be ranked; units without a way or never seen are left out.
 */
export function rankCandidates(
  world: World,
  incident: Incident,
  seen: ReadonlyMap<string, Sighting>,
  ways: ReadonlyMap<string, Way>,
  now: number,
): Candidate[] {
  const answers = answerOf(world, incident);
  const busy = engagements(world, incident);
  const rejected = rejections(incident);
  const crew = new Map(incident.crew.map((c) => [c.unit, c]));
  const roles = categoryOf(world.centre, incident.category).roles;
  const rows = [...ways].flatMap(([id, way]) => {
    const [unit, s] = [world.units.get(id), seen.get(id)];
    if (!unit || !s) return [];
    const sent = crew.get(id);
    const answer = answers(unit);
    const engaged = busy.get(id);
    const onDuty = isOnDuty(world, unit, s, now);
    const minutes = minutesOnFoot(way.metres);
    const fixAgeMs = Math.max(0, now - s.at);
    const headStart = incident.priority === 1 ? 0 : ((answer && HEAD_START_MIN[answer.steps]) ?? 0);
    const reasons: CandidateReason[] = [
      ...(sent ? [{ key: 'sent', arrived: sent.arrivedAt !== null } as const] : []),
      ...(rejected.has(id) ? [{ key: 'rejected' } as const] : []),
      ...(answer ? [{ key: 'answers', level: answer.level, area: answer.area, post: answer.post } as const] : []),
      { key: 'walk', metres: way.metres, minutes, by: way.by },
      { key: onDuty ? 'on-duty' : 'off-duty' },
      engaged === undefined ? { key: 'free' } : { key: 'busy', incident: engaged },
      ...(roles ? [{ key: roles.includes(unit.role) ? 'right-role' : 'other-role' } as const] : []),
      { key: 'fix', ms: fixAgeMs },
    ];
    const order = [
      sent ? 1 : 0,
      onDuty ? 0 : 1,
      rejected.has(id) ? 1 : 0,
      engaged === undefined ? 0 : 1,
      !roles || roles.includes(unit.role) ? 0 : 1,
      minutes - headStart,
      way.metres,
      fixAgeMs,
    ];
    const { name, role } = unit;
    const { metres, by, path } = way;
    const free = engaged === undefined;
    const row = { unit: id, name, role, crew: sent !== undefined, metres, minutes, by, path, fixAgeMs, free, onDuty };
    return [{ order, row: { ...row, answers: answer?.level ?? null, reasons } }];
  });
  rows.sort((a, b) => {
    const k = a.order.findIndex((n, i) => n !== b.order[i]);
    return k >= 0 ? a.order[k]! - b.order[k]! : a.row.unit < b.row.unit ? -1 : 1;
  });
  return rows.map(({ row }, i) => ({ ...row, rank: i + 1 }));
}
