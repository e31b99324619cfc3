import { plainNumber } from '../../design/format.ts';

/** 1 h · 6 h · 24 h · 7 d · 30 d */
export const spans = { '1h': 3_600_000, '6h': 21_600_000, '24h': 86_400_000, '7d': 604_800_000, '30d': 2_592_000_000 } as const;
export type SpanKey = keyof typeof spans;
const usual: SpanKey = '6h';

export interface Span {
  /** null = from–to given by hand */
  readonly key: SpanKey | null;
  readonly from: number;
  readonly to: number;
}
/** The time a device page shows, of the words `dspan` or `dfrom` and `dto` (ISO) of the address. One that makes no sense is the usual one. */
export function spanOf(params: Readonly<Record<string, string>>, now: number): Span {
  const from = Date.parse(params.dfrom ?? '');
  const to = Date.parse(params.dto ?? '');
  if (from < to && to - from <= 366 * 86_400_000) return { key: null, from, to };
  const key = (Object.keys(spans) as SpanKey[]).find((k) => k === params.dspan) ?? usual;
  return { key, from: now - spans[key], to: now };
}
/** Epoch ms as the value of a datetime-local field by the centre's clock, and back (NaN where it is none). */
export const toLocal = (ms: number, utcOffsetMinutes: number) => new Date(ms + utcOffsetMinutes * 60_000).toISOString().slice(0, 16);
export const fromLocal = (text: string, utcOffsetMinutes: number) =>
  text.length === 16 ? Date.parse(`${text}:00Z`) - utcOffsetMinutes * 60_000 : Number.NaN;

type Points = readonly (readonly [at: number, value: number])[];

const middle = (sorted: readonly number[]) => sorted[sorted.length >> 1];
/** The median time between readings, ms; null for fewer than three. Of a thinned curve it is that of the points. */
export function medianInterval(points: Points): number | null {
  if (points.length < 3) return null;
  const gaps = points.slice(1).map((p, i) => p[0] - points[i]![0]);
  return middle(gaps.sort((a, b) => a - b)) ?? null;
}
/** A gap is five times what is usual between points, as for silence (model/staleness), and no less than five expected intervals. */
const GAPS = 5;
export const gapMs = (points: Points, intervalMs: number) => GAPS * Math.max(intervalMs, medianInterval(points) ?? 0);

/** The curve with a hole wherever nothing came for longer than `gap` ms: a gap is drawn as one. */
export function withGaps(points: Points, gap: number): (readonly [number, number | null])[] {
  return points.flatMap((p, i): (readonly [number, number | null])[] => {
    const before = points[i - 1];
    return before && p[0] - before[0] > gap ? [[before[0] + 1, null], p] : [p];
  });
}
/** When the run of readings began that reaches the last one without a gap; null for no reading. */
export function runStart(points: Points, gap: number): number | null {
  let at = points.at(-1)?.[0];
  if (at === undefined) return null;
  for (let i = points.length - 2; i >= 0 && at - points[i]![0] <= gap; i--) at = points[i]![0];
  return at;
}

/** The point nearest in time to `at`; undefined for no point. */
export function nearest(points: Points, at: number): readonly [number, number] | undefined {
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (points[mid]![0] < at) low = mid + 1;
    else high = mid;
  }
  const before = points[low - 1];
  const found = points[low];
  return before && found && at - before[0] < found[0] - at ? before : found;
}

/** Lowest, highest and mean of the points; null for none. */
export function extremes(points: Points): { low: readonly [number, number]; high: readonly [number, number]; mean: string } | null {
  const first = points[0];
  if (!first) return null;
  let low = first;
  let high = first;
  let sum = 0;
  for (const p of points) {
    if (p[1] < low[1]) low = p;
    if (p[1] > high[1]) high = p;
    sum += p[1];
  }
  return { low, high, mean: plainNumber(sum / points.length) };
}
