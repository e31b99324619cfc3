import type { LngLat } from './brand.ts';
import { type Centre, categoryOf, OTHER_CATEGORY } from './centre.ts';
import { type Incident, isOpen } from './incident.ts';
import { metresBetween } from './metres.ts';

/**
 * 疑似重复: open incidents that a new report may tell of again, each with the reasons. A person decides; nothing is merged by itself.
 *
 * `NEAR_M`: a fix between houses errs by 10 to 30 m and a caller names the nearest gate or crossing, a court is some 100 m across.
 * `WITHIN_MS`: what is reported again is reported within days: a broken lamp waits, a blocked lane does not.
 * `OFFER_FROM`: same kind at half the distance and half the time is offered; a related kind only when nearly on the spot.
 */
export const NEAR_M = 150;
export const WITHIN_MS = 72 * 3_600_000;
export const OFFER_FROM = 0.5;
/** What place, kind, time and title count for; without a title on both sides the rest share its part. */
export const WEIGHTS = { place: 0.4, kind: 0.25, time: 0.2, title: 0.15 } as const;
/** Of a related kind instead of the same. */
const RELATED = 0.5;
/** The same caller says it again. */
const SAME_REPORTER = 0.1;

/** What a report says that can be compared. `at` epoch ms, when it happened. */
export interface Matter {
  readonly lngLat: LngLat;
  readonly category: string;
  readonly title?: string;
  readonly at: number;
  readonly reporter?: string | null;
  readonly alarm?: string | null;
}

/** Metres, milliseconds; `likeness` 0 to 1. */
export type LikenessReason =
  | { readonly key: 'same-alarm' | 'same-category' | 'related-category' | 'same-reporter' }
  | { readonly key: 'near'; readonly metres: number }
  | { readonly key: 'within'; readonly ms: number }
  | { readonly key: 'title'; readonly likeness: number };

export interface Likeness {
  /** 0 to 1; 1 = the same in everything that is compared */
  readonly score: number;
  readonly metres: number;
  readonly ms: number;
  readonly reasons: readonly LikenessReason[];
}

/** How alike two reports are; null = too far apart in place or time, or of kinds that have nothing to do with each other. Symmetric. */
export function likeness(a: Matter, b: Matter, centre: Centre | null): Likeness | null {
  const metres = metresBetween(a.lngLat, b.lngLat);
  const ms = Math.abs(a.at - b.at);
  if (ms > WITHIN_MS) return null;
  const sameAlarm = Boolean(a.alarm) && a.alarm === b.alarm;
  const kind = kinship(a.category, b.category, centre);
  if (!sameAlarm && (metres > NEAR_M || kind === 0)) return null;
  const title = titleLikeness(a.title ?? '', b.title ?? '');
  const sameReporter = Boolean(a.reporter) && a.reporter === b.reporter;
  const known = { place: Math.max(0, 1 - metres / NEAR_M), kind, time: 1 - ms / WITHIN_MS, ...(title === null ? {} : { title }) };
  let [sum, weight] = [0, 0];
  for (const key of ['place', 'kind', 'time', 'title'] as const) {
    const value = known[key];
    if (value === undefined) continue;
    sum += WEIGHTS[key] * value;
    weight += WEIGHTS[key];
  }
  const score = sameAlarm ? 1 : Math.min(1, sum / weight + (sameReporter ? SAME_REPORTER : 0));
  const reasons: LikenessReason[] = [
    ...(sameAlarm ? [{ key: 'same-alarm' } as const] : []),
    { key: 'near', metres },
    { key: 'within', ms },
    ...(kind === 1 ? [{ key: 'same-category' } as const] : kind > 0 ? [{ key: 'related-category' } as const] : []),
    ...(title !== null && title > 0.5 ? [{ key: 'title', likeness: title } as const] : []),
    ...(sameReporter ? [{ key: 'same-reporter' } as const] : []),
  ];
  return { score, metres, ms, reasons };
}

/** 1 the same category; RELATED of one group, department or national class, or where one of them is only 其他; else 0. */
function kinship(a: string, b: string, centre: Centre | null): number {
  if (a === b) return 1;
  if (a === OTHER_CATEGORY.code || b === OTHER_CATEGORY.code) return RELATED;
  const [x, y] = [categoryOf(centre, a), categoryOf(centre, b)];
  const shared = (p: string | undefined, q: string | undefined) => p !== undefined && p === q;
  const related =
    shared(x.group, y.group) ||
    shared(x.department, y.department) ||
    (shared(x.national?.class, y.national?.class) && x.national?.kind === y.national?.kind);
  return related ? RELATED : 0;
}

/** Share of common pairs of neighbouring characters (Dice 1945: twice the common over the sum); null where a title is too short to say. */
export function titleLikeness(a: string, b: string): number | null {
  const [x, y] = [pairs(a), pairs(b)];
  if (x.length === 0 || y.length === 0) return null;
  const left = new Map<string, number>();
  for (const p of x) left.set(p, (left.get(p) ?? 0) + 1);
  let common = 0;
  for (const p of y) {
    const n = left.get(p) ?? 0;
    if (n === 0) continue;
    left.set(p, n - 1);
    common += 1;
  }
  return (2 * common) / (x.length + y.length);
}
function pairs(title: string): string[] {
  const chars = [
    ...title
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[\p{P}\p{S}\s]/gu, ''),
  ];
  return chars.slice(1).map((c, i) => chars[i]! + c);
}

export interface Similar extends Likeness {
  readonly incident: Incident;
}

/** The open incidents a report may be a repetition of, the most alike first; at most `limit`. `except`: the report itself, once taken in. */
export function similar(
  incidents: Iterable<Incident>,
  probe: Matter & { readonly except?: string },
  centre: Centre | null,
  limit = 5,
): Similar[] {
  const found: Similar[] = [];
  for (const incident of incidents) {
    if (incident.id === probe.except || !isOpen(incident)) continue;
    const like = likeness(probe, incident, centre);
    if (like && like.score >= OFFER_FROM) found.push({ ...like, incident });
  }
  return found.sort((a, b) => b.score - a.score || a.metres - b.metres || (a.incident.id < b.incident.id ? -1 : 1)).slice(0, limit);
}
