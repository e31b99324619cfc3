import type { AreaCode } from './brand.ts';
import { dayKey, dayStart } from './centre.ts';
import { type Incident, type IncidentSource, remaining } from './incident.ts';
import { ofEnded, talliesWithin } from './kpi.ts';
import { treeOf, type World } from './world.ts';

/** Series behind the wall's charts. Pure; `now` is the moment shown, epoch ms. */
const DAY = 86_400_000;
const HOUR = 3_600_000;
const offsetOf = (world: World) => world.centre?.utcOffsetMinutes ?? 0;

/** 来源 in four groups, as many as there are greys: hotline also takes what operators and others report. */
export const sourceGroups = ['patrol', 'resident', 'hotline', 'sensor'] as const;
export type SourceGroup = (typeof sourceGroups)[number];
export const groupOf = (source: IncidentSource): SourceGroup =>
  source === 'patrol' || source === 'resident' ? source : source === 'sensor' || source === 'camera' ? 'sensor' : 'hotline';

export interface SourceHours {
  /** counts per hour 0..23 of today, one row per group */
  readonly today: Readonly<Record<SourceGroup, readonly number[]>>;
  readonly totals: Readonly<Record<SourceGroup, number>>;
  readonly yesterday: readonly number[];
  /** hour of day now, with its fraction */
  readonly hour: number;
}

/** Today's and yesterday's reports by hour, of the day that begins at `start`. */
function countHours(list: Iterable<Incident>, start: number, until: number) {
  const today = { patrol: zeros(24), resident: zeros(24), hotline: zeros(24), sensor: zeros(24) };
  const yesterday = zeros(24);
  for (const i of list) {
    const at = i.reportedAt - start;
    if (i.reportedAt >= until || at < -DAY) continue;
    const hours = at < 0 ? yesterday : today[groupOf(i.source)];
    hours[Math.min(23, Math.floor((at < 0 ? at + DAY : at) / HOUR))]! += 1;
  }
  return { today, yesterday };
}
const sums = (a: readonly number[], b: readonly number[]) => a.map((n, k) => n + b[k]!);

export function sourceHours(world: World, now: number): SourceHours {
  const start = dayStart(now, offsetOf(world));
  // what has ended was reported before it ended: the moment shown is not before it
  const ended = ofEnded(world, `hours ${start}`, (list) => countHours(list, start, start + DAY));
  const open = countHours(world.incidents.values(), start, now + 1);
  const of = (group: SourceGroup) => sums(ended.today[group], open.today[group]);
  const today = { patrol: of('patrol'), resident: of('resident'), hotline: of('hotline'), sensor: of('sensor') };
  const total = (group: SourceGroup) => today[group].reduce((n, m) => n + m, 0);
  const totals = { patrol: total('patrol'), resident: total('resident'), hotline: total('hotline'), sensor: total('sensor') };
  return { today, totals, yesterday: sums(ended.yesterday, open.yesterday), hour: (now - start) / HOUR };
}

const zeros = (n: number) => new Array<number>(n).fill(0);

export interface CommunityRow {
  readonly code: AreaCode;
  readonly name: string;
  readonly reportedToday: number;
  readonly open: number;
  readonly closedMonth: number;
  /** per cent of this month's closed cases that were on time; null = none closed */
  readonly onTimeRate: number | null;
  /** points against last month; null = none closed then */
  readonly change: number | null;
  /** mean minutes from report to dispatch this month */
  readonly responseMinutes: number | null;
}

/** One row per community, best rate first; those without a closed case last. */
export function communityRows(world: World, now: number): CommunityRow[] {
  const tree = treeOf(world);
  const offset = offsetOf(world);
  const today = dayKey(now, offset);
  const first = `${today.slice(0, 7)}-01`;
  const lastMonth = dayKey(Date.parse(`${first}T00:00:00Z`) - DAY, 0).slice(0, 7);
  const month = talliesWithin(world, first, today);
  const before = talliesWithin(world, `${lastMonth}-01`, `${lastMonth}-31`);
  const open = openByCommunity(world);
  const rows = tree
    .children(tree.root?.code ?? null)
    .filter((a) => a.level === 'community')
    .map((a): CommunityRow => {
      const mine = month.filter((t) => t.community === a.code);
      const rate = rateOf(mine);
      const last = rateOf(before.filter((t) => t.community === a.code));
      const responses = mine.reduce((n, t) => n + t.responses, 0);
      return {
        code: a.code,
        name: a.name,
        reportedToday: mine.reduce((n, t) => n + (t.day === today ? t.reported : 0), 0),
        open: open.get(a.code) ?? 0,
        closedMonth: mine.reduce((n, t) => n + t.closed, 0),
        onTimeRate: rate,
        change: rate === null || last === null ? null : rate - last,
        responseMinutes: responses > 0 ? mine.reduce((n, t) => n + t.responseMs, 0) / responses / 60_000 : null,
      };
    });
  return rows.sort((a, b) => (b.onTimeRate ?? -1) - (a.onTimeRate ?? -1) || (a.code < b.code ? -1 : 1));
}

function rateOf(list: readonly { closed: number; closedOnTime: number }[]): number | null {
  const closed = list.reduce((n, t) => n + t.closed, 0);
  return closed > 0 ? (100 * list.reduce((n, t) => n + t.closedOnTime, 0)) / closed : null;
}

/** Open incidents per community code; '' = outside every community. */
export function openByCommunity(world: World): Map<string, number> {
  const tree = treeOf(world);
  const out = new Map<string, number>();
  for (const i of world.incidents.values()) {
    const key = i.area === null ? '' : (tree.at(i.area, 'community')?.code ?? '');
    out.set(key, (out.get(key) ?? 0) + 1);
  }
  return out;
}

export interface CategoryRow {
  readonly category: string;
  readonly count: number;
  /** mean per day over the seven days before today that were recorded; null = none recorded */
  readonly mean: number | null;
}

/** Today's categories, most first. */
export function categoryRows(world: World, now: number): CategoryRow[] {
  const offset = offsetOf(world);
  const counts = new Map<string, number>();
  for (const t of talliesWithin(world, dayKey(now, offset), dayKey(now, offset)))
    for (const [c, n] of Object.entries(t.byCategory)) counts.set(c, (counts.get(c) ?? 0) + n);
  const week = talliesWithin(world, dayKey(now - 7 * DAY, offset), dayKey(now - DAY, offset));
  const days = new Set(week.map((t) => t.day)).size;
  return [...counts]
    .map(([category, count]) => ({
      category,
      count,
      mean: days > 0 ? week.reduce((n, t) => n + (t.byCategory[category] ?? 0), 0) / days : null,
    }))
    .sort((a, b) => b.count - a.count || (a.category < b.category ? -1 : 1));
}

export interface Strip {
  readonly from: number;
  readonly to: number;
  readonly binMs: number;
  readonly counts: readonly number[];
  /** the first P1 and the first P2 of each bin, oldest first: more of them stand in the same place */
  readonly marks: readonly Incident[];
}

/** The last 24 hours in bins of ten minutes, the last of which ends at or after `now`. */
export function densityStrip(world: World, now: number, binMs = 600_000): Strip {
  const to = Math.floor(now / binMs) * binMs + binMs;
  const from = to - DAY;
  const until = Math.min(to, now + 1);
  const ended = ofEnded(world, `strip ${from} ${binMs}`, (list) => binned(list, from, to, binMs));
  const open = binned(world.incidents.values(), from, until, binMs);
  const marks = new Map(ended.marks);
  for (const [place, i] of open.marks) mark(marks, place, i);
  return {
    from,
    to,
    binMs,
    counts: sums(ended.counts, open.counts),
    marks: [...marks.values()].sort((x, y) => x.reportedAt - y.reportedAt || (x.id < y.id ? -1 : 1)),
  };
}
function binned(list: Iterable<Incident>, from: number, until: number, binMs: number) {
  const counts = zeros(DAY / binMs);
  const marks = new Map<number, Incident>();
  for (const i of list) {
    if (i.reportedAt < from || i.reportedAt >= until) continue;
    const bin = Math.floor((i.reportedAt - from) / binMs);
    counts[bin]! += 1;
    if (i.priority <= 2) mark(marks, bin * 2 + i.priority - 1, i);
  }
  return { counts, marks };
}
function mark(marks: Map<number, Incident>, place: number, i: Incident) {
  const first = marks.get(place);
  if (!first || i.reportedAt < first.reportedAt || (i.reportedAt === first.reportedAt && i.id < first.id)) marks.set(place, i);
}

/**
 * 待处置: open incidents by remaining time, the most overdue on top, those without a limit last; a handled one stands where its
 * clock stopped. Where two have the same time left, the more urgent goes first.
 */
export function openQueue(world: World, now: number): Incident[] {
  return [...world.incidents.values()]
    .map((i) => ({ i, left: remaining(i, now) ?? Number.MAX_SAFE_INTEGER }))
    .sort((a, b) => a.left - b.left || a.i.priority - b.i.priority || (a.i.id < b.i.id ? -1 : 1))
    .map((x) => x.i);
}
