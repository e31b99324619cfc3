import type { Columns } from '../../model/columns.ts';
import type { ColdForm } from './cold-form.ts';

const HOUR_MS = 3_600_000;
/** Most devices spoke within the hour: the others are looked for farther back, up to a day. */
const STEPS_MS = [HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS];
/** devices asked for at a time */
const PAGE = 500;

/** What each of these devices said last at or before a moment, at most a day before: one row of columns each. */
export async function lastBefore<C extends Columns>(
  cold: Pick<ColdForm<C>, 'spans'>,
  ixs: readonly number[],
  at: number,
): Promise<Map<number, C>> {
  const found = new Map<number, C>();
  let to = at;
  for (const step of STEPS_MS) {
    const from = at - step;
    const missing = ixs.filter((ix) => !found.has(ix));
    for (let i = 0; i < missing.length; i += PAGE) {
      for (const [ix, spans] of await cold.spans(missing.slice(i, i + PAGE), from, to)) {
        const last = [...spans.values()].findLast((c) => c.at.length > 0);
        if (last) found.set(ix, lastOf(last));
      }
    }
    to = from - 1;
  }
  return found;
}
const lastOf = <C extends Columns>(c: C): C =>
  Object.fromEntries(Object.entries(c).map(([name, column]) => [name, [column.at(-1)!]])) as unknown as C;
