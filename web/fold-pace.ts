import type { Entry } from '../model/ledger.ts';

/** While many entries come they are folded at most so often, ms: every fold makes each panel look again. The first is folded at once. */
export const FOLD_MS = 200;
/** In a flood a fold and what the panels make of it is followed by so many times its own length, at most MOST_REST_MS: keys stay quick. */
const REST_TIMES = 3;
export const MOST_REST_MS = 1000;

/** What can wait: the many that a flood is made of. A P1, and whatever somebody did, cannot. */
const canWait = (e: Entry) => (e.kind === 'alarm.raised' ? e.body.priority > 1 : e.kind === 'alarm.cleared');

/** When entries that have come are to be folded into the world on a screen. Moments in ms of any one clock that only runs forward. */
export class FoldPace {
  private foldedAt = Number.NEGATIVE_INFINITY;
  private cost = 0;

  /** A fold began, and its panels are drawn. */
  folded(began: number, drawn: number) {
    this.foldedAt = drawn;
    this.cost = drawn - began;
  }
  /** The moment these entries are due; in the past = at once. */
  due(entries: readonly Entry[]): number {
    const rest = entries.every(canWait) ? Math.min(MOST_REST_MS, REST_TIMES * this.cost) : 0;
    return this.foldedAt + Math.max(FOLD_MS, rest);
  }
}
