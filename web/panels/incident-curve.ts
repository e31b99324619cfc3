import { type Incident, type IncidentMark, isOpen } from '../../model/incident.ts';
import type { AlarmTurn } from './sos-near.ts';

/** What stands on the time axis of an incident. */
export type StripEvent =
  | { readonly kind: 'step'; readonly step: IncidentMark['step']; readonly at: number }
  | { readonly kind: 'whistle' | 'check-in'; readonly at: number }
  | { readonly kind: 'alarm'; readonly turn: AlarmTurn; readonly at: number };

type Points = readonly (readonly [at: number, value: number])[];

/** Shown before the report and after now, ms. */
const BEFORE_MS = 5 * 60_000;
const AFTER_MS = 3 * 60_000;
/** Of a longer time no minute could be told from the next. */
export const MOST_MS = 6 * 3_600_000;

/** From shortly before the report to shortly after now (or its end); at most the last six hours of it, so that minutes stay visible. */
export function curveWindow(i: Pick<Incident, 'reportedAt' | 'closedAt' | 'state'>, now: number): { from: number; to: number } {
  const end = isOpen(i) ? now : (i.closedAt ?? now);
  const to = end + AFTER_MS;
  return { from: Math.max(i.reportedAt - BEFORE_MS, to - MOST_MS), to };
}

/** Steps, whistles and departments checking in, in order of time. */
export function eventsOf(i: Pick<Incident, 'marks' | 'whistles'>): StripEvent[] {
  return [
    ...i.marks.map((m): StripEvent => ({ kind: 'step', step: m.step, at: m.at })),
    ...i.whistles.flatMap((w): StripEvent[] => [
      { kind: 'whistle', at: w.at },
      ...w.calls.flatMap((c): StripEvent[] => (c.arrivedAt === null ? [] : [{ kind: 'check-in', at: c.arrivedAt }])),
    ]),
  ].sort((a, b) => a.at - b.at);
}

/** The highest reading, the first where several are; null for none. */
export const peakOf = (points: Points): readonly [number, number] | null =>
  points.reduce<readonly [number, number] | null>((top, p) => (top === null || p[1] > top[1] ? p : top), null);

/** The last value less the one that held `ms` before it; null where the curve does not reach back so far. */
export function changeOver(points: Points, ms: number): number | null {
  const last = points.at(-1);
  if (!last) return null;
  const before = points.findLast((p) => p[0] <= last[0] - ms);
  return before ? last[1] - before[1] : null;
}
