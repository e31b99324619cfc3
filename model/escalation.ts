import { type EpochMs, epochMs } from './brand.ts';
import type { Centre } from './centre.ts';
import type { ClockName } from './clock.ts';
import { asksAfter, endStates, firstMark, handledAt, type Incident, type IncidentState, isOpen } from './incident.ts';
import { levelsAbove } from './incident-step.ts';
import type { Fact } from './ledger.ts';
import { incidentOf, type World } from './world.ts';

/**
 * 预警与逐级上报: what the clocks of an incident ask for by themselves. Each running clock is told of twice, at three quarters and at its
 * end. At the end of the clock for handling the incident climbs to the next level of the tree (微网格 > 一般网格 > 社区 > 街道 > 区), and
 * one more level every `escalation.everyMinutes` while it stays unhandled; the time a clock stands still is not counted.
 *
 * Pure, and a function of the world and the moment alone: what was done is read from the incident (`warned`, its marks), so asking
 * twice does nothing twice, and a server that slept for an hour says exactly what one awake would have said, in the same order.
 */
export interface DueFact {
  /** when it fell due; the entry carries the time it was written */
  readonly moment: number;
  readonly fact: Fact<'incident.warned'> | Fact<'incident.escalated'>;
}

/** The clock for filing runs until it is filed, that for dispatch until the first dispatch, that for handling until handled. */
export function clockRuns(i: Incident, name: ClockName): boolean {
  if (!isOpen(i) || i.pausedAt !== null) return false;
  if (name === 'file') return i.state === 'reported';
  if (name === 'dispatch') return i.state === 'filed' && !firstMark(i, 'dispatch');
  return handledAt(i) === null;
}

const clocks: readonly ClockName[] = ['file', 'dispatch', 'handle'];

function warnings(i: Incident): DueFact[] {
  return clocks.flatMap((clock) => {
    const c = i.clocks[clock];
    if (!c || !clockRuns(i, clock)) return [];
    return (['warn', 'due'] as const)
      .filter((share) => !i.warned.includes(`${clock} ${share}`))
      .map((share) => ({ moment: c[share], fact: { kind: 'incident.warned' as const, body: { incident: i.id, clock, share } } }));
  });
}

const done: ReadonlySet<string> = new Set<IncidentState>(['handled', 'verified', ...endStates]);

/** Stands for any extension that is asked for: what it says is of no matter here. */
const pending = { reason: '', n: 1, unit: 'work-hour', askedAt: epochMs(0) } as const;

/** When the clock for handling stood still so far, from and to: paused (挂账, 延期 pending), or handled until it was sent back. */
function standstills(i: Incident): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = [];
  let asking = false;
  let from: number | null = null;
  for (const { step, state, at } of i.marks) {
    asking = step !== 'report' && asksAfter({ extension: asking ? pending : null }, step, state);
    const still = asking || state === 'suspended' || done.has(state);
    if (still) from ??= at;
    else if (from !== null) {
      spans.push({ from, to: at });
      from = null;
    }
  }
  return spans;
}

/** The moment at which `ms` of running time have passed since `start`: the times the clock stood still are left out. */
function runningTime(i: Incident, start: number, ms: number): number {
  let at = start;
  let left = ms;
  for (const { from, to } of standstills(i)) {
    if (at + left < from) break;
    if (to <= at) continue;
    left -= Math.max(0, from - at);
    at = to;
  }
  return at + left;
}

/** The levels still to be climbed by rule, in order, each with its moment. */
function climbs(world: World, i: Incident, centre: Centre): DueFact[] {
  const due = i.clocks.handle?.due;
  if (due === undefined || !clockRuns(i, 'handle')) return [];
  const { everyMinutes, startAt } = centre.escalation;
  // a level reached since the deadline passed counts, also one it was taken to by hand
  const climbed = i.marks.filter((m) => m.step === 'escalate' && m.at >= due).length;
  let above = levelsAbove(world, i);
  const facts: DueFact[] = [];
  for (let n = climbed; above.length > 0; n++) {
    const jump = n === 0 ? above.findIndex((l) => l.level === startAt[`${i.priority}`]) : 0;
    const reached = above[Math.max(0, jump)]!;
    above = above.slice(Math.max(0, jump) + 1);
    facts.push({
      moment: runningTime(i, due, n * everyMinutes * 60_000),
      fact: { kind: 'incident.escalated', body: { incident: i.id, ...reached, byRule: true } },
    });
  }
  return facts;
}

/** Everything the clocks of an incident will ask for if nobody does anything, by moment; at one moment the warning comes first. */
export function comingFacts(world: World, i: Incident): DueFact[] {
  if (!world.centre || !isOpen(i)) return [];
  return [...warnings(i), ...climbs(world, i, world.centre)].sort((a, b) => a.moment - b.moment);
}

/** When an incident next needs looking at; null = never, as things stand. */
export const nextDue = (world: World, i: Incident): number | null => comingFacts(world, i)[0]?.moment ?? null;

/**
 * What is due by `now`, oldest first; incidents side by side in the order of their ids.
 * @param ids only these incidents; default every open one
 */
export function dueFacts(world: World, now: EpochMs | number, ids: Iterable<string> = world.incidents.keys()): Fact[] {
  const due: (DueFact & { readonly incident: string })[] = [];
  for (const incident of ids) {
    const i = incidentOf(world, incident);
    if (i) for (const d of comingFacts(world, i)) if (d.moment <= now) due.push({ ...d, incident });
  }
  return due.sort((a, b) => a.moment - b.moment || (a.incident < b.incident ? -1 : a.incident > b.incident ? 1 : 0)).map((d) => d.fact);
}
