import type { Bilingual } from './brand.ts';
import { formatIncidentQuery, type IncidentQuery } from './incident-query.ts';
import type { CountedFacts, IncidentSet, TimeField } from './incident-sets.ts';

/**
 * 事件指标: each with its formula, unit, direction, source, and the sets of records it was counted from. Everything is counted over the
 * incidents reported within the time asked for, as they stand at the moment of asking.
 */

/** Two incidents of one category from the same caller or with the same ticket number this close together are one complaint repeated. */
export const REPEAT_WITHIN_MS = 30 * 86_400_000;

/** What a report says that lets another report of the same matter be recognised. */
export interface Reported {
  readonly id: string;
  readonly category: string;
  readonly source: string;
  readonly reporter: string | null;
  readonly ref: string;
  readonly reportedAt: number;
}
/**
 * 重复投诉: the report that this one repeats: where it was merged, the one it was merged into; else the latest earlier one of the same caller,
 * or with the same ticket number of the same source. Of the same category and within 30 days, or null.
 * @param earlier reports the ledger took in before this one, in its order
 * @param into the one it was merged into
 */
export function repeats(i: Reported, earlier: readonly Reported[], into: Reported | null): string | null {
  const near = (e: Reported) => e.category === i.category && Math.abs(i.reportedAt - e.reportedAt) <= REPEAT_WITHIN_MS;
  if (into && near(into)) return into.id;
  const same = (e: Reported) =>
    (i.reporter !== null && e.reporter === i.reporter) || (i.ref !== '' && e.ref === i.ref && e.source === i.source);
  return earlier.findLast((e) => near(e) && same(e))?.id ?? null;
}

/** 用时: from one moment of an incident to another, ms; never below 0 where a device's clock ran ahead. `of`: those that have both. */
export const measures = {
  detect: { from: 'happenedAt', to: 'reportedAt', of: 'reported' },
  trace: { from: 'reportedAt', to: 'filedAt', of: 'filed' },
  respond: { from: 'reportedAt', to: 'respondedAt', of: 'responded' },
  fix: { from: 'reportedAt', to: 'handledAt', of: 'handled' },
} as const satisfies Record<string, { from: TimeField; to: TimeField; of: IncidentSet }>;
export type Measure = keyof typeof measures;
/** The same of every department called by a whistle: from the whistle to its answer, to its report-in. One incident may have several. */
export const callMeasures = { 'whistle-answer': 'whistle-answered', 'whistle-arrival': 'whistle-arrived' } as const satisfies Record<
  string,
  IncidentSet
>;
export type CallMeasure = keyof typeof callMeasures;

/** Of how many, the middle and the ninetieth part in a hundred, milliseconds; null of none. */
export interface Times {
  readonly n: number;
  readonly medianMs: number | null;
  readonly p90Ms: number | null;
}
/** What was counted: the size of every set, the times of every measure. */
export interface Tally {
  readonly sets: Readonly<Record<IncidentSet, number>>;
  readonly times: Readonly<Record<Measure | CallMeasure, Times>>;
}

export type KpiGroup = 'flow' | 'quality' | 'caller' | 'dispute' | 'whistle' | 'four';
interface KpiSpec {
  readonly group: KpiGroup;
  readonly name: Bilingual;
  readonly numerator: IncidentSet;
  /** a share of these */
  readonly denominator?: IncidentSet;
  /** the figure is the median of these times; `numerator` are the incidents that were measured */
  readonly times?: Measure | CallMeasure;
  /** which way is better; `none` = neither */
  readonly direction: 'up' | 'down' | 'none';
  readonly formula: Bilingual;
}

const share = (
  group: KpiGroup,
  direction: KpiSpec['direction'],
  name: [string, string],
  numerator: IncidentSet,
  denominator: IncidentSet,
  formula: [string, string],
): KpiSpec => ({
  group,
  direction,
  name: { zh: name[0], en: name[1] },
  numerator,
  denominator,
  formula: { zh: formula[0], en: formula[1] },
});
const time = (
  group: KpiGroup,
  direction: KpiSpec['direction'],
  name: [string, string],
  times: Measure | CallMeasure,
  formula: [string, string],
): KpiSpec => ({
  group,
  direction,
  name: { zh: name[0], en: name[1] },
  numerator: times in measures ? measures[times as Measure].of : callMeasures[times as CallMeasure],
  times,
  formula: { zh: formula[0], en: formula[1] },
});
/** In the order they are shown. */
export const kpis = {
  'filing-rate': share('flow', 'none', ['立案率', 'Filing rate'], 'filed', 'to-file', [
    '立案 ÷ 上报（立案前已并入他件者不计）',
    'Filed ÷ reported, without those merged into another before they were filed',
  ]),
  'filed-in-time-rate': share('flow', 'up', ['按时立案率', 'Filed in time'], 'filed-in-time', 'filed', [
    '在立案时限内立案（无时限者计入）÷ 立案',
    'Filed within the limit, or without a limit ÷ filed',
  ]),
  'filed-rightly-rate': share('flow', 'up', ['准确立案率', 'Rightly filed'], 'filed-rightly', 'filed', [
    '（立案 − 作废）÷ 立案',
    '(Filed − voided) ÷ filed',
  ]),
  'dispatch-rate': share('flow', 'up', ['派遣率', 'Dispatch rate'], 'dispatched', 'to-dispatch', [
    '派遣 ÷ 应派遣；应派遣＝立案，未派遣即作废或合并者不计',
    'Dispatched ÷ to be dispatched, that is filed and not voided or merged before it was dispatched',
  ]),
  'dispatched-in-time-rate': share('flow', 'up', ['按时派遣率', 'Dispatched in time'], 'dispatched-in-time', 'to-dispatch', [
    '在派遣时限内首次派遣（无时限者计入）÷ 应派遣',
    'First dispatched within the limit, or without a limit ÷ to be dispatched',
  ]),
  'handling-rate': share('flow', 'up', ['处置率', 'Handling rate'], 'handled', 'dispatched', [
    '已处置（未被返工）÷ 派遣',
    'Handled and not sent back ÷ dispatched',
  ]),
  'closing-rate': share('flow', 'up', ['结案率', 'Closing rate'], 'closed', 'to-close', [
    '结案 ÷ 应结案；应结案＝立案且未作废、合并，已结案或处置时限已到（停表期间不计）；无时限者结案后计入',
    'Closed ÷ to be closed: filed, neither voided nor merged, and closed or with the time to handle run out (not while paused); without a limit once closed',
  ]),
  'closed-in-time-rate': share('flow', 'up', ['按期结案率', 'Closed in time'], 'closed-in-time', 'to-close', [
    '结案且处置不晚于时限 ÷ 应结案',
    'Closed and handled within the limit ÷ to be closed',
  ]),
  'overdue-open': share('flow', 'down', ['超期未结', 'Overdue and open'], 'overdue-open', 'open', [
    '未结且处置超过时限 ÷ 未结',
    'Open and past the limit for handling ÷ open',
  ]),
  suspended: share('flow', 'none', ['挂账', 'Suspended'], 'suspended', 'open', ['现为挂账 ÷ 未结', 'Suspended now ÷ open']),
  'rework-rate': share('quality', 'down', ['返工率', 'Rework rate'], 'reworked', 'handled-once', [
    '至少返工一次 ÷ 至少处置一次',
    'Sent back at least once ÷ handled at least once',
  ]),
  'solved-rate': share('caller', 'up', ['解决率', 'Solved, as callers say'], 'solved', 'asked', [
    '诉求人称已解决 ÷ 已回访（未回访者不计入分母）',
    'Callers who say it is solved ÷ callers who were asked',
  ]),
  'satisfied-rate': share('caller', 'up', ['满意率', 'Satisfied'], 'satisfied', 'said', [
    '诉求人评价“满意” ÷ 作出评价者；“基本满意”不计入分子',
    'Callers who say "satisfied" ÷ callers who said anything; "fair" is not counted as satisfied',
  ]),
  'repeat-rate': share('caller', 'down', ['重复投诉', 'Repeated complaints'], 'repeated', 'traceable', [
    '30 日内同一诉求人或同一来源工单号的同类事件再次上报，或被并入 30 日内的同类事件 ÷ 诉求人或工单号可辨，或已合并的事件',
    'Reported again within 30 days in the same category by the same caller or with the same ticket number, or merged into such a report ÷ those with a known caller or ticket, or merged',
  ]),
  'mediation-rate': share('dispute', 'up', ['调解成功率', 'Mediation success'], 'agreed', 'concluded', [
    '达成协议 ÷ 调解有结果（达成、不成、移送）',
    'Agreed ÷ concluded (agreed, failed, referred)',
  ]),
  'kept-rate': share('dispute', 'up', ['回访守约率', 'Agreements kept'], 'kept', 'revisited', [
    '回访时仍守约 ÷ 已回访的纠纷',
    'Agreement kept when revisited ÷ disputes revisited',
  ]),
  'whistle-answer': time('whistle', 'none', ['吹哨应答用时', 'Whistle answered after'], 'whistle-answer', [
    '吹哨至被吹哨部门应答，每部门一次',
    'From the whistle to the answer, once for each department called',
  ]),
  'whistle-arrival': time('whistle', 'none', ['吹哨报到用时', 'Whistle reported in after'], 'whistle-arrival', [
    '吹哨至部门报到，每部门一次',
    'From the whistle to the report-in, once for each department called',
  ]),
  'whistle-in-time-rate': share('whistle', 'none', ['按时报到', 'Reported in within the limit'], 'whistle-in-time', 'whistled', [
    '所有被吹哨部门均在时限内报到的事件 ÷ 吹过哨的事件',
    'Incidents whose called departments all reported in within the limit ÷ incidents with a whistle',
  ]),
  detect: time('four', 'down', ['发现迅速化', 'Detection'], 'detect', [
    '发生（设备记录）至进入台账；设备时钟超前者计 0',
    'From the moment it happened, by the device, to the ledger; 0 where the clock of the device ran ahead',
  ]),
  trace: time('four', 'down', ['溯源精准化', 'Tracing'], 'trace', ['进入台账至立案', 'From the report to the filing']),
  'traced-rate': share('four', 'up', ['溯源完整', 'Complete traces'], 'traced', 'closed', [
    '位置、来源、承办力量或部门、处置结果四项齐全 ÷ 结案',
    'With place, source, unit or department, and result on record ÷ closed',
  ]),
  respond: time('four', 'down', ['响应高效化', 'Response'], 'respond', [
    '进入台账至首次接单或到场',
    'From the report to the first acceptance or arrival',
  ]),
  fix: time('four', 'down', ['整改高效化', 'Fixing'], 'fix', [
    '进入台账至处置办结（返工后以末次为准）',
    'From the report to the handling; the last one where it was sent back',
  ]),
} as const satisfies Record<string, KpiSpec>;
export type KpiId = keyof typeof kpis;
export const kpiIds = Object.keys(kpis) as KpiId[];

/** One set of incidents a figure was counted from, and the query of the list that shows exactly those. */
export interface CountedSet {
  readonly set: IncidentSet;
  readonly n: number;
  /** query string of the list */
  readonly records: string;
}
export interface KpiFigure {
  readonly id: KpiId;
  readonly group: KpiGroup;
  readonly name: Bilingual;
  /** per cent, or the median in milliseconds; null = nothing to count */
  readonly value: number | null;
  readonly unit: '%' | 'ms';
  readonly direction: 'up' | 'down' | 'none';
  readonly numerator: CountedSet;
  readonly denominator: CountedSet | null;
  /** of a figure in time: median and P90, and of how many measurements */
  readonly times: Times | null;
  readonly formula: Bilingual;
  readonly source: Bilingual;
}
/** Answer of `/api/v1/kpis`. `at`: the moment the sets were judged, epoch ms; `seq`: the entry they are of. */
export interface KpiAnswer {
  readonly at: number;
  readonly seq: number;
  readonly figures: readonly KpiFigure[];
}

const source: Bilingual = { zh: '台账', en: 'Ledger' };

/** The figures that follow from what was counted for the incidents of `scope`. */
export function kpiFigures(tally: Tally, scope: Partial<IncidentQuery>): KpiFigure[] {
  const counted = (set: IncidentSet): CountedSet => ({
    set,
    n: tally.sets[set],
    records: formatIncidentQuery({ ...scope, set }).toString(),
  });
  return kpiIds.map((id) => {
    const { group, name, numerator, denominator, times, direction, formula } = kpis[id] as KpiSpec;
    const over = denominator ? counted(denominator) : null;
    const part = counted(numerator);
    const measured = times ? tally.times[times] : null;
    const value = measured ? measured.medianMs : over && over.n > 0 ? (100 * part.n) / over.n : null;
    return {
      id,
      group,
      name,
      value,
      unit: measured ? 'ms' : '%',
      direction,
      numerator: part,
      denominator: over,
      times: measured,
      formula,
      source,
    };
  });
}

/** One measured time, or null where it has not come to its end. */
export function measured(f: Pick<CountedFacts, TimeField>, measure: Measure): number | null {
  const { from, to } = measures[measure];
  const end = f[to];
  return end === null ? null : Math.max(0, end - (f[from] as number));
}
