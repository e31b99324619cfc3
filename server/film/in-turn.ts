import { Refused } from '../refused.ts';

/**
 * Work of one kind that may not crowd out the rest: so many at a time, so many waiting, and one answer for all who ask the same.
 * Answers are kept while they are among the newest `keep` and younger than `keepMs`.
 * @throws Refused 503 when too many wait already
 */
export type InTurn<T> = (key: string, make: () => Promise<T>) => Promise<T>;

export function inTurn<T>(options: {
  readonly atOnce: number;
  readonly waiting: number;
  readonly keep: number;
  readonly keepMs: number;
  readonly now: () => number;
}): InTurn<T> {
  const { atOnce, waiting, keep, keepMs, now } = options;
  const kept = new Map<string, { readonly at: number; readonly answer: Promise<T> }>();
  const queue: (() => void)[] = [];
  let busy = 0;

  async function run(make: () => Promise<T>): Promise<T> {
    if (busy >= atOnce) {
      if (queue.length >= waiting) throw new Refused(503, 'film', 'too many ask for the past at once; ask again in a moment');
      await new Promise<void>((resolve) => queue.push(resolve));
    } else busy += 1;
    try {
      return await make();
    } finally {
      const next = queue.shift();
      if (next) next();
      else busy -= 1;
    }
  }

  return (key, make) => {
    const found = kept.get(key);
    kept.delete(key);
    const entry = found && now() - found.at < keepMs ? found : { at: now(), answer: run(make) };
    kept.set(key, entry);
    entry.answer.catch(() => kept.get(key) === entry && kept.delete(key));
    if (kept.size > keep) kept.delete(kept.keys().next().value as string);
    return entry.answer;
  };
}
