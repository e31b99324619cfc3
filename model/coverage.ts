import type { Area } from './area.ts';
import type { AreaCode, Bilingual } from './brand.ts';
import { dayStart, patrolSettings } from './centre.ts';
import type { Figure } from './kpi.ts';
import { VISIT_HOURS, visitSchedule } from './kpi.ts';
import { isOnShift } from './patrol.ts';
import { type RoundProgress, roundsNow } from './rounds.ts';
import { treeOf, type World } from './world.ts';

/**
 * 覆盖: which micro-grids were visited, where nobody is and has not been, and what nobody answers for. Pure functions of the world, where
 * the units were last seen, and the moment shown: the screen and the time machine ask the same.
 */

/** Where a unit was last seen: the leaf its latest fix lies in, and the device time of that fix, epoch ms. */
export interface Position {
  readonly unit: string;
  readonly area: AreaCode | null;
  readonly at: number;
  readonly online: boolean;
}
export interface LeafCoverage {
  readonly area: Area;
  /** today's visits, oldest first */
  readonly today: readonly { readonly unit: string; readonly at: number }[];
  /** the latest visit ever known; null = never visited */
  readonly last: { readonly unit: string; readonly at: number; readonly leftAt: number | null } | null;
  /** since when nobody has visited, ms: 0 while a visit lasts; null = never visited */
  readonly notVisitedMs: number | null;
  /** units on line and on shift whose latest fix lies in it */
  readonly present: readonly string[];
  /** when somebody on shift was last known to be there, epoch ms; null = never */
  readonly lastSeen: number | null;
  /** nobody within `centre.patrol.absentMinutes` */
  readonly absent: boolean;
  /** no duty is assigned for it or its general grid, and no unit is of these places */
  readonly unmanned: boolean;
  /** windows of today's rounds it is a stop of, and in how many of them it was visited; `due` counts those that have begun */
  readonly rounds: { readonly all: number; readonly due: number; readonly made: number };
}

type Ground = Pick<World, 'areas' | 'centre' | 'duties' | 'rounds' | 'units' | 'visits'>;
const offsetOf = (world: Pick<World, 'centre'>) => world.centre?.utcOffsetMinutes ?? 0;

const manned = new WeakMap<World['duties'], { units: World['units']; codes: ReadonlySet<string> }>();
/** Places for which somebody has a duty, or that are a unit's own; built once per register. */
function mannedPlaces({ duties, units }: Pick<World, 'duties' | 'units'>): ReadonlySet<string> {
  const known = manned.get(duties);
  if (known?.units === units) return known.codes;
  const codes = new Set<string>();
  for (const key of duties.keys()) codes.add(key.slice(0, key.lastIndexOf(' ')));
  for (const u of units.values()) if (u.area !== null) codes.add(u.area);
  manned.set(duties, { units, codes });
  return codes;
}
/** 无人值守: the place itself and the one of the last level but one around it (一般网格) count; a duty for a whole community mans no micro-grid. */
function isManned(world: Pick<World, 'areas' | 'centre' | 'duties' | 'units'>, leaf: AreaCode): boolean {
  const places = mannedPlaces(world);
  const levels = world.centre?.levels ?? [];
  const around = levels.length > 2 ? treeOf(world).at(leaf, levels.at(-2)!.key)?.code : undefined;
  return places.has(leaf) || (around !== undefined && places.has(around));
}

/** Every leaf area, by code. `rounds`: today's, where the caller has them already. */
export function coverage(
  world: Ground,
  positions: Iterable<Position>,
  now: number,
  rounds: readonly RoundProgress[] = roundsNow(world, now),
): LeafCoverage[] {
  const start = dayStart(now, offsetOf(world));
  const absentMs = patrolSettings(world.centre).absentMinutes * 60_000;
  const there = new Map<AreaCode, Position[]>();
  for (const p of positions) {
    if (p.area === null) continue;
    const list = there.get(p.area);
    if (list) list.push(p);
    else there.set(p.area, [p]);
  }
  const stops = new Map<AreaCode, { all: number; due: number; made: number }>();
  for (const r of rounds) {
    const made = new Set(r.visited.map((v) => v.area));
    for (const s of r.round.stops) {
      const of = stops.get(s) ?? { all: 0, due: 0, made: 0 };
      of.all += 1;
      if (r.state !== 'ahead') of.due += 1;
      if (made.has(s)) of.made += 1;
      stops.set(s, of);
    }
  }
  const isOn = (unit: string, at: number) => isOnShift(world, world.units.get(unit) ?? {}, at);
  return treeOf(world).leaves.map((area): LeafCoverage => {
    const visit = world.visits.get(area.code);
    const here = there.get(area.code) ?? [];
    const present = here.filter((p) => p.online && isOn(p.unit, now)).map((p) => p.unit);
    const lasts = visit?.leftAt === null && present.includes(visit.unit);
    // a device's clock may be ahead of ours
    const visitEnd = visit === undefined ? null : Math.min(now, lasts ? now : (visit.leftAt ?? visit.at));
    const seen = [
      ...(visitEnd === null ? [] : [visitEnd]),
      ...here.flatMap((p) => (p.online && isOn(p.unit, now) ? now : isOn(p.unit, p.at) ? Math.min(now, p.at) : [])),
    ];
    const lastSeen = seen.length ? Math.max(...seen) : null;
    return {
      area,
      today: (visit?.today ?? []).filter((v) => v.at >= start && v.at <= now),
      last: visit ? { unit: visit.unit, at: visit.at, leftAt: visit.leftAt } : null,
      notVisitedMs: visitEnd === null ? null : Math.max(0, now - visitEnd),
      present,
      lastSeen,
      absent: lastSeen === null || now - lastSeen > absentMs,
      unmanned: !isManned(world, area.code),
      rounds: stops.get(area.code) ?? { all: 0, due: 0, made: 0 },
    };
  });
}

export const coverageFigureIds = ['coverage-today', 'rounds-twice', 'rounds-made', 'absence', 'not-visited', 'unmanned'] as const;
export type CoverageFigureId = (typeof coverageFigureIds)[number];
export type CoverageFigure = Figure<CoverageFigureId>;

/** 未到访: hours after which a place counts as not visited, unless the screen asks for others. */
export const NOT_VISITED_HOURS = 24;
/** 目标: at the end of the day every place was visited, every round made; and at no time anybody is missing. Goals of the house, not of a standard. */
export const COVERAGE_TARGETS = { roundsMade: 100, absence: 0, notVisited: 0, unmanned: 0 } as const;

const HOUR = 3_600_000;
const percent: Bilingual = { zh: '%', en: '%' };
const places: Bilingual = { zh: '个', en: '' };
const ledger: Bilingual = { zh: '台账', en: 'Ledger' };
const both: Bilingual = { zh: '台账 · 遥测定位', en: 'Ledger · positions' };
const register: Bilingual = { zh: '登记（责任岗位与力量）', en: 'Register (duties and units)' };
const ratio = (n: number, d: number) => (d > 0 ? (100 * n) / d : null);
const heldAgainst = (kind: 'target' | 'schedule', value: number | null, target: number) =>
  value === null ? null : { kind, difference: value - target };
const none = { spark: [], comparison: null } as const;
const codes = (list: readonly LeafCoverage[]) => list.map((l) => l.area.code);
const longestFirst = (list: readonly LeafCoverage[], of: (l: LeafCoverage) => number | null) =>
  codes([...list].sort((a, b) => (of(a) ?? Number.NEGATIVE_INFINITY) - (of(b) ?? Number.NEGATIVE_INFINITY)));

/**
 * 覆盖指标, in the shape of the wall's figures. `within`: the places counted, e.g. those of one community. `positionsAt`: device time of the
 * newest fix, 0 = none; figures that rest on positions are no newer.
 */
export function coverageFigures(
  world: Ground,
  leaves: readonly LeafCoverage[],
  rounds: readonly RoundProgress[],
  now: number,
  { positionsAt = 0, hours = NOT_VISITED_HOURS }: { readonly positionsAt?: number; readonly hours?: number } = {},
): readonly CoverageFigure[] {
  const offset = offsetOf(world);
  const start = dayStart(now, offset);
  const n = leaves.length;
  const visited = leaves.filter((l) => l.today.length > 0);
  const first = visited.map((l) => l.today[0]!.at);
  const target = visitSchedule(now, offset);
  const value = ratio(visited.length, n);
  const here = new Set(codes(leaves));
  const due = rounds.filter((r) => r.state !== 'ahead');
  const count = (list: readonly RoundProgress[], of: (r: RoundProgress) => readonly AreaCode[]) =>
    list.reduce((sum, r) => sum + of(r).filter((a) => here.has(a)).length, 0);
  const stopsDue = count(due, (r) => r.round.stops);
  const stopsMade = count(due, (r) => r.visited.map((v) => v.area));
  const notMade = [...new Set(due.flatMap((r) => r.missed.filter((a) => here.has(a))))];
  const inRounds = leaves.filter((l) => l.rounds.all > 0);
  const complete = inRounds.filter((l) => l.rounds.made === l.rounds.all);
  const roundShare = ratio(stopsMade, stopsDue);
  const twice = ratio(complete.length, inRounds.length);
  const absentMinutes = patrolSettings(world.centre).absentMinutes;
  const absent = leaves.filter((l) => l.absent);
  const late = leaves.filter((l) => l.notVisitedMs === null || l.notVisitedMs > hours * HOUR);
  const unmanned = leaves.filter((l) => l.unmanned);
  const absence = { target: COVERAGE_TARGETS.absence, direction: 'down', unit: places, denominator: n } as const;
  return [
    {
      id: 'coverage-today',
      value,
      unit: percent,
      numerator: visited.length,
      denominator: n,
      comparison: heldAgainst('schedule', value, target),
      target: n > 0 ? target : null,
      direction: 'up',
      spark:
        n > 0
          ? Array.from({ length: Math.floor((now - start) / HOUR) + 1 }, (_, h) => first.filter((at) => at < start + (h + 1) * HOUR).length)
          : [],
      dataAt: now,
      records: { kind: 'area', ids: codes([...visited].sort((a, b) => b.today.at(-1)!.at - a.today.at(-1)!.at)) },
      formula: {
        zh: `今日有在岗力量到访（停留达标）的微网格（含专属网格）数 ÷ 全部；时序为 ${VISIT_HOURS.from} 时至 ${VISIT_HOURS.to} 时匀速`,
        en: `Micro-grids (dedicated grids included) in which a unit on duty stayed long enough today ÷ all; the schedule is even from ${VISIT_HOURS.from} to ${VISIT_HOURS.to} o'clock`,
      },
      source: ledger,
    },
    {
      id: 'rounds-twice',
      value: twice,
      unit: percent,
      numerator: complete.length,
      denominator: inRounds.length,
      comparison: heldAgainst('target', twice, COVERAGE_TARGETS.roundsMade),
      target: COVERAGE_TARGETS.roundsMade,
      direction: 'up',
      spark: [],
      dataAt: now,
      records: { kind: 'area', ids: codes(complete) },
      formula: {
        zh: '今日各巡查时段（二巡查：上午、下午）内均已到访的微网格数 ÷ 列入今日巡查的微网格数；目标为当日结束时的内部目标',
        en: "Micro-grids visited within every window of today's rounds (twice a day: morning, afternoon) ÷ those in today's rounds; the goal is the house's own, for the end of the day",
      },
      source: ledger,
    },
    {
      id: 'rounds-made',
      value: roundShare,
      unit: percent,
      numerator: stopsMade,
      denominator: stopsDue,
      comparison: heldAgainst('target', roundShare, COVERAGE_TARGETS.roundsMade),
      target: COVERAGE_TARGETS.roundsMade,
      direction: 'up',
      spark: [],
      dataAt: now,
      records: { kind: 'area', ids: notMade },
      formula: {
        zh: '今日已开始的巡查中，在时段内到访的点位数 ÷ 应到点位数；明细为未到点位；目标为内部目标',
        en: "Of today's rounds that have begun: stops visited within their window ÷ stops due; the records are those not made; the goal is the house's own",
      },
      source: ledger,
    },
    {
      ...absence,
      ...none,
      id: 'absence',
      value: n > 0 ? absent.length : null,
      numerator: absent.length,
      dataAt: positionsAt,
      records: { kind: 'area', ids: longestFirst(absent, (l) => l.lastSeen) },
      formula: {
        zh: `近 ${absentMinutes} 分钟内无力量在场的微网格数（时长由辖区配置）；在场以班次内在线力量的最近定位与到访记录为准`,
        en: `Micro-grids where no unit has been for ${absentMinutes} minutes (set by the centre), by the latest fixes of units on line within their shift and by visits`,
      },
      source: both,
    },
    {
      ...absence,
      ...none,
      id: 'not-visited',
      target: COVERAGE_TARGETS.notVisited,
      value: n > 0 ? late.length : null,
      numerator: late.length,
      dataAt: now,
      records: { kind: 'area', ids: longestFirst(late, (l) => l.last?.at ?? null) },
      formula: {
        zh: `超过 ${hours} 小时未到访的微网格数，含从未到访`,
        en: `Micro-grids not visited for more than ${hours} hours, or never`,
      },
      source: ledger,
    },
    {
      ...absence,
      ...none,
      id: 'unmanned',
      target: COVERAGE_TARGETS.unmanned,
      value: n > 0 ? unmanned.length : null,
      numerator: unmanned.length,
      dataAt: now,
      records: { kind: 'area', ids: codes(unmanned) },
      formula: {
        zh: '本身及所属一般网格均无责任岗位、也无力量以其为辖区的微网格数',
        en: 'Micro-grids for which, as for their general grid, no duty is assigned and which are no unit’s own area',
      },
      source: register,
    },
  ];
}
