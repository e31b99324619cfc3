import { Refused } from './refused.ts';

const DAY_MS = 86_400_000;

/**
 * The time a question about the past is about, epoch ms: up to `now` where it does not say, and from `usualMs` before its end.
 * @throws Refused when it is empty, lies ahead or is longer than `maxDays`
 */
export function askedSpan(
  asked: { readonly from?: number | undefined; readonly to?: number | undefined },
  { now, usualMs, maxDays }: { readonly now: number; readonly usualMs: number; readonly maxDays: number },
): { from: number; to: number } {
  const to = Math.min(asked.to ?? now, now);
  const from = asked.from ?? to - usualMs;
  if (from >= to) throw new Refused(400, 'from', 'must be earlier than to, and not in the future');
  if (to - from > maxDays * DAY_MS) throw new Refused(400, 'from', `at most ${maxDays} days before to`);
  return { from, to };
}
