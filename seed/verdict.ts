import { type Rng, weighted } from './rng.ts';

/**
 * 评价: what a caller who is asked says. Nearly all that was handled is solved, and most of those callers are satisfied; nobody is where it
 * was not. @param unsolved it is known to have been ended unsolved
 */
export function verdictOf(r: Rng, unsolved = false) {
  const solved = !unsolved && r() < 0.965;
  const satisfaction = solved
    ? weighted(r, [
        ['satisfied', 88],
        ['fair', 9],
        ['dissatisfied', 3],
      ] as const)
    : 'dissatisfied';
  return { solved, satisfaction } as const;
}
