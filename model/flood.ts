import type { EpochMs } from './brand.ts';

/**
 * 告警洪泛 (ISA-18.2 / EEMUA 191): more than `start` new alarms per operator within the window begin it, fewer than `end` end it; between
 * the two it stays what it was. `operators`: how many sit at the desk at once.
 */
export interface FloodRule {
  readonly operators: number;
  readonly start: number;
  readonly end: number;
}
export const FLOOD_WINDOW_MS = 10 * 60_000;
/** New alarms are counted in steps of ten seconds, so that five thousand in a minute weigh no more than ten. */
const STEP_MS = 10_000;

/** New alarms of the last ten minutes; part of the world. */
export interface Surge {
  /** [start of the step, epoch ms; new alarms in it], ascending */
  readonly steps: readonly (readonly [EpochMs, number])[];
  /** when a flood began that had not ended at the last new alarm; null = none */
  readonly since: EpochMs | null;
}
export const noSurge: Surge = { steps: [], since: null };

const within = (s: Surge, at: number) => s.steps.filter(([from]) => from > at - FLOOD_WINDOW_MS && from <= at);
const sum = (steps: Surge['steps']) => steps.reduce((n, [, k]) => n + k, 0);
/** New alarms within the ten minutes before `at`. */
export const newAlarms = (s: Surge, at: number): number => sum(within(s, at));

/** Since when there is a flood at `at`; null = none. What ended by mere quiet is ended, though nothing was written of it. */
export const floodAt = (s: Surge, at: number, rule: FloodRule): EpochMs | null =>
  s.since !== null && !quietBefore(s, at, rule) ? s.since : null;

/** Whether the count fell below the end at any moment from the last new alarm up to `at`: it only falls, so `at` itself tells. */
const quietBefore = (s: Surge, at: number, rule: FloodRule) => newAlarms(s, at) < rule.end * rule.operators;

/** One more new alarm at `at`, not before the ones known. */
export function surgeAfter(s: Surge, at: EpochMs, rule: FloodRule): Surge {
  const since = floodAt(s, at, rule);
  const step = (Math.floor(at / STEP_MS) * STEP_MS) as EpochMs;
  const kept = within(s, at);
  const last = kept.at(-1);
  const steps = last?.[0] === step ? [...kept.slice(0, -1), [step, last[1] + 1] as const] : [...kept, [step, 1] as const];
  return { steps, since: since ?? (sum(steps) > rule.start * rule.operators ? at : null) };
}
