import type { AreaTree } from '../../../model/area.ts';
import type { AreaCode } from '../../../model/brand.ts';
import type { CoverageFigureId, LeafCoverage } from '../../../model/coverage.ts';

/** 今日到访 二巡查 多久没人 无人 未配人: what places are coloured and listed by. The worst end is the brightest on the map. */
export const coverageMeasures = ['visits', 'rounds', 'unvisited', 'absence', 'unmanned'] as const;
export type CoverageMeasure = (typeof coverageMeasures)[number];

/** The figure that sums a measure up. */
export const figureOf: Readonly<Record<CoverageMeasure, CoverageFigureId>> = {
  visits: 'coverage-today',
  rounds: 'rounds-twice',
  unvisited: 'not-visited',
  absence: 'absence',
  unmanned: 'unmanned',
};

const HOUR = 3_600_000;
/** Longer than any place can go unvisited: never visited comes before everything. */
export const NEVER = Number.POSITIVE_INFINITY;

/**
 * The measure of a micro-grid; null = it has none (no round leads through it). visits: how often today. rounds: windows of today that have
 * begun and in which it was not visited. unvisited: hours since the last visit. absence: hours since somebody was last known there. unmanned: 1 = nobody answers for it.
 */
export function leafValue(measure: CoverageMeasure, l: LeafCoverage, now: number): number | null {
  if (measure === 'visits') return l.today.length;
  if (measure === 'rounds') return l.rounds.all === 0 ? null : l.rounds.due - l.rounds.made < 0 ? 0 : l.rounds.due - l.rounds.made;
  if (measure === 'unvisited') return l.notVisitedMs === null ? NEVER : l.notVisitedMs / HOUR;
  if (measure === 'absence') return l.present.length > 0 ? 0 : l.lastSeen === null ? NEVER : Math.max(0, now - l.lastSeen) / HOUR;
  return l.unmanned ? 1 : 0;
}
/** Whether a micro-grid is one of those the measure is about: what is counted in places above it. */
export function isShort(measure: CoverageMeasure, l: LeafCoverage, hours: number): boolean {
  if (measure === 'visits') return l.today.length === 0;
  if (measure === 'rounds') return l.rounds.due > l.rounds.made;
  if (measure === 'unvisited') return l.notVisitedMs === null || l.notVisitedMs > hours * HOUR;
  if (measure === 'absence') return l.absent;
  return l.unmanned;
}

/** Where the classes of a micro-grid's measure begin. */
export const leafBreaks: Readonly<Record<CoverageMeasure, readonly [number, number, number, number]>> = {
  visits: [1, 2, 3, 5],
  rounds: [0.5, 1, 1.5, 2],
  unvisited: [2, 8, 24, 72],
  absence: [0.5, 2, 4, 8],
  unmanned: [0.25, 0.5, 0.75, 1],
};
/** … and of a place above them: per cent of its micro-grids that fall short. */
export const shareBreaks = [10, 25, 50, 75] as const;

export interface PlaceValue {
  readonly code: AreaCode;
  readonly leaves: readonly LeafCoverage[];
  readonly short: number;
  /** per cent of its micro-grids that fall short; null = none is measured */
  readonly share: number | null;
}
/** Leaves gathered into the places of a level (a leaf above that level stands for itself). */
export function byPlace(
  measure: CoverageMeasure,
  leaves: readonly LeafCoverage[],
  tree: AreaTree,
  level: string,
  hours: number,
): ReadonlyMap<AreaCode, PlaceValue> {
  const gathered = new Map<AreaCode, LeafCoverage[]>();
  for (const l of leaves) {
    const code = tree.at(l.area.code, level)?.code ?? l.area.code;
    const list = gathered.get(code);
    if (list) list.push(l);
    else gathered.set(code, [l]);
  }
  return new Map(
    [...gathered].map(([code, list]) => {
      const known = measure === 'rounds' ? list.filter((l) => l.rounds.all > 0) : list;
      const short = known.filter((l) => isShort(measure, l, hours)).length;
      return [code, { code, leaves: list, short, share: known.length > 0 ? (100 * short) / known.length : null }];
    }),
  );
}

/** Which level is coloured: of the whole street its general grids, from a community on its micro-grids. */
export function shadedLevel(tree: AreaTree, shown: AreaCode | null): 'grid' | 'leaf' {
  if (shown === null) return 'grid';
  const level = tree.byCode.get(shown)?.level;
  return level === 'street' ? 'grid' : 'leaf';
}

/** Worst first; what has no measure last, then by code. */
export function worstFirst(measure: CoverageMeasure, leaves: readonly LeafCoverage[], now: number): readonly LeafCoverage[] {
  const sign = measure === 'visits' ? 1 : -1;
  const key = (l: LeafCoverage) => {
    const v = leafValue(measure, l, now);
    return v === null ? Number.MAX_VALUE : sign * Math.min(v, Number.MAX_SAFE_INTEGER);
  };
  const keys = new Map(leaves.map((l) => [l, key(l)]));
  return [...leaves].sort((a, b) => keys.get(a)! - keys.get(b)! || (a.area.code < b.area.code ? -1 : 1));
}
