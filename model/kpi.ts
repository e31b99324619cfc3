import type { Bilingual } from './brand.ts';
import { dayKey, dayStart } from './centre.ts';
import { firstMark, type Incident } from './incident.ts';
import type { EntryKind } from './ledger.ts';
import { SILENT_INTERVALS } from './staleness.ts';
import { type DayTally, everyIncident, treeOf, type World } from './world.ts';

/**
 * 指标: each figure with its formula, unit, target, source and the records behind it, so that a reader can take it apart.
 * Pure functions of the world, what telemetry says, and the moment shown.
 */
export const figureIds = ['reported-today', 'on-time-rate', 'mean-response', 'units-on-duty', 'devices-online', 'visit-coverage'] as const;
export type FigureId = (typeof figureIds)[number];

/** 目标: per cent of cases closed in time, minutes to the first dispatch, per cent of devices online. */
export const TARGETS = { onTime: 95, responseMinutes: 8, online: 98 } as const;
/** 走访时序: visits are expected evenly between these hours of the centre's day. */
export const VISIT_HOURS = { from: 8, to: 20 } as const;
/** A unit that has been silent for longer is not counted as on duty (`isOnDuty` in patrol.ts). */
export const ON_DUTY_MS = 5 * 60_000;

/** What telemetry knows, summed up by whoever holds the latest table. Times are epoch ms, 0 = nothing heard yet. */
export interface TelemetrySummary {
  /** on shift and heard */
  readonly unitsOnDuty: readonly string[];
  readonly sensorsOnline: number;
  readonly sensorsOffline: readonly string[];
  readonly positionsAt: number;
  readonly readingsAt: number;
}

export type Comparison = { readonly kind: 'yesterday-same-time' | 'yesterday' | 'target' | 'schedule'; readonly difference: number };

/** The records behind a figure: ids held in the world, or entries still to be fetched from the ledger. */
export type FigureRecords =
  | { readonly kind: 'incident' | 'unit' | 'sensor' | 'area'; readonly ids: readonly string[] }
  | { readonly kind: 'ledger'; readonly entryKinds: readonly EntryKind[]; readonly from: number; readonly to: number };

export interface Figure<Id extends string = FigureId> {
  readonly id: Id;
  /** null = nothing to count yet; never shown as 0 */
  readonly value: number | null;
  readonly unit: Bilingual;
  readonly numerator: number;
  readonly denominator: number | null;
  readonly comparison: Comparison | null;
  /** what the comparison is held against, or a goal shown beside it */
  readonly target: number | null;
  /** which way is better; `none` = neither */
  readonly direction: 'up' | 'down' | 'none';
  /** recent course, oldest first; empty = not kept */
  readonly spark: readonly number[];
  /** how new the newest datum in it can be, epoch ms */
  readonly dataAt: number;
  readonly records: FigureRecords;
  readonly formula: Bilingual;
  readonly source: Bilingual;
}

const DAY = 86_400_000;
const HOUR = 3_600_000;
const ledgerSource: Bilingual = { zh: '台账', en: 'Ledger' };
const percent: Bilingual = { zh: '%', en: '%' };
const offsetOf = (world: World) => world.centre?.utcOffsetMinutes ?? 0;
const ratio = (n: number, d: number) => (d > 0 ? (100 * n) / d : null);
const less = (a: number | null, b: number | null) => (a === null || b === null ? null : a - b);

/** Incidents the ledger took in within [from, to). */
export const reportedWithin = (world: World, from: number, to: number): Incident[] =>
  everyIncident(world).filter((i) => i.reportedAt >= from && i.reportedAt < to);

const derived = new WeakMap<World['ended'], Map<string, unknown>>();
/**
 * What follows from the ended incidents alone, worked out once: their collection is another one only when something ends, so what a step of
 * an open incident costs the wall does not grow with those that have ended. `key` names what is made and from when.
 */
export function ofEnded<T>(world: Pick<World, 'ended'>, key: string, make: (ended: readonly Incident[]) => T): T {
  const made = derived.get(world.ended) ?? new Map<string, unknown>();
  if (!made.has(key)) {
    if (made.size > 16) made.clear(); // the moment shown moves on, or is moved about
    derived.set(world.ended, made.set(key, make([...world.ended.values()])));
  }
  return made.get(key) as T;
}

/** Tallies of the days in [fromDay, toDay], both `YYYY-MM-DD`. */
export const talliesWithin = (world: World, fromDay: string, toDay: string): DayTally[] =>
  [...world.tallies.values()].filter((t) => t.day >= fromDay && t.day <= toDay);

const sum = (list: readonly DayTally[], of: (t: DayTally) => number) => list.reduce((n, t) => n + of(t), 0);

/** How many of the numbers, in ascending order, are below `limit`. */
function countBelow(sorted: Float64Array, limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
const latestFirst = (list: readonly Incident[]) => [...list].sort((a, b) => b.reportedAt - a.reportedAt).map((i) => i.id);

function reportedToday(world: World, now: number): Figure {
  const start = dayStart(now, offsetOf(world));
  const times = ofEnded(world, 'times', (list) => Float64Array.from(list, (i) => i.reportedAt).sort());
  const open = [...world.incidents.values()];
  const count = (from: number, to: number) =>
    countBelow(times, to) - countBelow(times, from) + open.filter((i) => i.reportedAt >= from && i.reportedAt < to).length;
  const today = count(start, now + 1);
  const before = count(start - DAY, now - DAY + 1);
  const hours = Math.floor((now - start) / HOUR) + 1;
  const spark = Array.from({ length: hours }, (_, h) => count(start + h * HOUR, Math.min(start + (h + 1) * HOUR, now + 1)));
  return {
    id: 'reported-today',
    value: today,
    unit: { zh: '件', en: '' },
    numerator: today,
    denominator: null,
    comparison: { kind: 'yesterday-same-time', difference: today - before },
    target: null,
    direction: 'none',
    spark,
    dataAt: now,
    records: {
      kind: 'incident',
      // asked for when the figure is opened, not with every step
      get ids() {
        return latestFirst(reportedWithin(world, start, now + 1));
      },
    },
    formula: {
      zh: '今日 0 时起台账收到的事件数；比较对象为昨日 0 时至昨日同一时刻',
      en: 'Incidents taken into the ledger since midnight; compared with yesterday up to the same time',
    },
    source: ledgerSource,
  };
}

function onTimeRate(world: World, now: number): Figure {
  const offset = offsetOf(world);
  const today = dayKey(now, offset);
  const month = talliesWithin(world, `${today.slice(0, 7)}-01`, today);
  const closed = sum(month, (t) => t.closed);
  const onTime = sum(month, (t) => t.closedOnTime);
  const value = ratio(onTime, closed);
  const difference = less(value, TARGETS.onTime);
  return {
    id: 'on-time-rate',
    value,
    unit: percent,
    numerator: onTime,
    denominator: closed,
    comparison: difference === null ? null : { kind: 'target', difference },
    target: TARGETS.onTime,
    direction: 'up',
    spark: lastDays(world, now, 8, (day) =>
      ratio(
        sum(day, (t) => t.closedOnTime),
        sum(day, (t) => t.closed),
      ),
    ),
    dataAt: now,
    records: { kind: 'ledger', entryKinds: ['incident.closed'], from: monthStart(now, offset), to: now },
    formula: {
      zh: '本月结案事件中，在时限内处置办结的件数 ÷ 本月结案件数',
      en: 'Of the incidents closed this month, those handled within their limit ÷ all closed this month',
    },
    source: ledgerSource,
  };
}

function meanResponse(world: World, now: number): Figure {
  const offset = offsetOf(world);
  const of = (day: string) => {
    const list = talliesWithin(world, day, day);
    const n = sum(list, (t) => t.responses);
    return { n, minutes: n > 0 ? sum(list, (t) => t.responseMs) / n / 60_000 : null };
  };
  const today = of(dayKey(now, offset));
  const difference = less(today.minutes, of(dayKey(now - DAY, offset)).minutes);
  const start = dayStart(now, offset);
  return {
    id: 'mean-response',
    value: today.minutes,
    unit: { zh: '分', en: 'min' },
    numerator: today.n,
    denominator: null,
    comparison: difference === null ? null : { kind: 'yesterday', difference },
    target: TARGETS.responseMinutes,
    direction: 'down',
    spark: lastDays(world, now, 8, (day) => {
      const n = sum(day, (t) => t.responses);
      return n > 0 ? sum(day, (t) => t.responseMs) / n / 60_000 : null;
    }),
    dataAt: now,
    records: {
      kind: 'incident',
      get ids() {
        const sentToday = (i: Incident) => {
          const sent = firstMark(i, 'dispatch');
          return sent !== undefined && sent.at >= start && sent.at <= now;
        };
        return everyIncident(world)
          .filter(sentToday)
          .map((i) => i.id);
      },
    },
    formula: {
      zh: '今日派遣的事件，自收到至派遣的平均分钟数；比较对象为昨日全天',
      en: 'Mean minutes from report to dispatch of the incidents dispatched today; compared with all of yesterday',
    },
    source: ledgerSource,
  };
}

function unitsOnDuty(world: World, telemetry: TelemetrySummary): Figure {
  const heard = telemetry.positionsAt > 0;
  return {
    id: 'units-on-duty',
    value: heard || world.units.size === 0 ? telemetry.unitsOnDuty.length : null,
    unit: { zh: '人', en: '' },
    numerator: telemetry.unitsOnDuty.length,
    denominator: world.units.size,
    comparison: null,
    target: null,
    direction: 'up',
    spark: [],
    dataAt: telemetry.positionsAt,
    records: { kind: 'unit', ids: telemetry.unitsOnDuty },
    formula: {
      zh: `班次内、在线且近 ${ON_DUTY_MS / 60_000} 分钟内有可信定位的力量数 ÷ 登记力量数；未排班次的只看在线与定位`,
      en: `Units within their shift, on line and with a plausible fix in the last ${ON_DUTY_MS / 60_000} minutes ÷ units registered; of one without a shift only the latter count`,
    },
    source: { zh: '遥测 · 定位；班次登记', en: 'Telemetry · positions; register of shifts' },
  };
}

function devicesOnline(world: World, telemetry: TelemetrySummary): Figure {
  const value = telemetry.readingsAt > 0 ? ratio(telemetry.sensorsOnline, world.sensors.size) : null;
  const difference = less(value, TARGETS.online);
  return {
    id: 'devices-online',
    value,
    unit: percent,
    numerator: telemetry.sensorsOnline,
    denominator: world.sensors.size,
    comparison: difference === null ? null : { kind: 'target', difference },
    target: TARGETS.online,
    direction: 'up',
    spark: [],
    dataAt: telemetry.readingsAt,
    records: { kind: 'sensor', ids: telemetry.sensorsOffline },
    formula: {
      zh: `在线的感知设备数 ÷ 登记感知设备数；静默超过自身上报间隔中位数的 ${SILENT_INTERVALS} 倍即为离线；明细为离线设备`,
      en: `Sensors on line ÷ sensors registered; one that is silent for ${SILENT_INTERVALS} of its own median intervals is off line; the records are those off line`,
    },
    source: { zh: '遥测 · 读数', en: 'Telemetry · readings' },
  };
}

function visitCoverage(world: World, now: number): Figure {
  const offset = offsetOf(world);
  const start = dayStart(now, offset);
  const leaves = treeOf(world).leaves;
  const visits = leaves.flatMap((a) => {
    const at = world.visits.get(a.code)?.at ?? 0;
    return at >= start && at <= now ? [{ code: a.code, at }] : [];
  });
  const value = ratio(visits.length, leaves.length);
  const target = leaves.length > 0 ? visitSchedule(now, offset) : null;
  const difference = less(value, target);
  const hours = Math.floor((now - start) / HOUR) + 1;
  return {
    id: 'visit-coverage',
    value,
    unit: percent,
    numerator: visits.length,
    denominator: leaves.length,
    comparison: difference === null ? null : { kind: 'schedule', difference },
    target,
    direction: 'up',
    spark: leaves.length > 0 ? Array.from({ length: hours }, (_, h) => visits.filter((v) => v.at < start + (h + 1) * HOUR).length) : [],
    dataAt: now,
    records: { kind: 'area', ids: visits.sort((a, b) => b.at - a.at).map((v) => v.code) },
    formula: {
      zh: `今日有在岗力量到访（停留达到辖区规定的时长或定位数）的微网格（含专属网格）数 ÷ 全部；时序为 ${VISIT_HOURS.from} 时至 ${VISIT_HOURS.to} 时匀速`,
      en: `Micro-grids (dedicated grids included) visited today by a unit on duty (a stay as long, or seen as often, as the centre asks) ÷ all; the schedule is even from ${VISIT_HOURS.from} to ${VISIT_HOURS.to} o'clock`,
    },
    source: ledgerSource,
  };
}

/** Per cent of the places that should have been visited by now. */
export function visitSchedule(now: number, utcOffsetMinutes: number): number {
  const hour = (now - dayStart(now, utcOffsetMinutes)) / HOUR;
  return Math.round(Math.min(1, Math.max(0, (hour - VISIT_HOURS.from) / (VISIT_HOURS.to - VISIT_HOURS.from))) * 100);
}

/** Epoch ms of the first midnight of the centre's month. */
export function monthStart(now: number, utcOffsetMinutes: number): number {
  const day = Number(dayKey(now, utcOffsetMinutes).slice(8, 10));
  return dayStart(now, utcOffsetMinutes) - (day - 1) * DAY;
}

function lastDays(world: World, now: number, days: number, of: (day: readonly DayTally[]) => number | null): number[] {
  const offset = offsetOf(world);
  const out: number[] = [];
  for (let back = days - 1; back >= 0; back--) {
    const key = dayKey(now - back * DAY, offset);
    const value = of(talliesWithin(world, key, key));
    if (value !== null) out.push(value);
  }
  return out;
}

/** All six, in the order of the wall. `now` is the moment shown, epoch ms. */
export const figures = (world: World, telemetry: TelemetrySummary, now: number): readonly Figure[] => [
  reportedToday(world, now),
  onTimeRate(world, now),
  meanResponse(world, now),
  unitsOnDuty(world, telemetry),
  devicesOnline(world, telemetry),
  visitCoverage(world, now),
];

/**
 * How far a figure is off its target: null = at or better, or has none; 3 = off, 2 = far off (the shapes of P3 and P2).
 * Far: 3 points for a rate, 15 points behind a schedule, half as long again for a time.
 */
export function offTarget(f: Pick<Figure, 'value' | 'target' | 'direction' | 'comparison'>): 2 | 3 | null {
  if (f.value === null || f.target === null || f.direction === 'none') return null;
  const short = f.direction === 'up' ? f.target - f.value : f.value - f.target;
  if (short <= 0) return null;
  const far = f.direction === 'down' ? f.target / 2 : f.comparison?.kind === 'schedule' ? 15 : 3;
  return short > far ? 2 : 3;
}
