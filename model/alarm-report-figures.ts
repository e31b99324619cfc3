import type { AlarmFigure, AlarmFigureId, AlarmFigureRecords, AlarmReport, AlarmTarget, Verdict } from './alarm-report.ts';
import type { Bilingual } from './brand.ts';

const isa: Bilingual = { zh: 'ISA-18.2-2016 第 16 章', en: 'ISA-18.2-2016, clause 16' };
const eemua: Bilingual = { zh: 'EEMUA 191 第 3 版', en: 'EEMUA 191, 3rd edition' };
const text = (zh: string, en: string): Bilingual => ({ zh, en });
const unit = {
  alarms: text('条', 'alarms'),
  perTen: text('条/人·10 分钟', 'per operator and 10 min'),
  perDay: text('条/人·日', 'per operator and day'),
  percent: text('%', '%'),
  minutes: text('分钟', 'min'),
} as const;
const of = {
  announced: text('条告警', 'alarms announced'),
  periods: text('个 10 分钟时段', 'periods of 10 min'),
  days: text('日', 'days'),
  floods: text('次洪泛', 'floods'),
  acks: text('次确认', 'acknowledgements'),
} as const;

interface Spec {
  readonly name: Bilingual;
  readonly unit: Bilingual;
  readonly digits: number;
  readonly of: Bilingual;
  readonly target: AlarmTarget | null;
  readonly direction: AlarmFigure['direction'];
  readonly formula: Bilingual;
}
const spec = (
  name: [string, string],
  [inUnit, digits]: [Bilingual, number],
  counted: Bilingual,
  target: AlarmTarget | null,
  formula: [string, string],
  direction: Spec['direction'] = 'down',
): Spec => ({ name: text(...name), unit: inUnit, digits, of: counted, target, direction, formula: text(...formula) });
const atMost = (value: number, limit: number | undefined, source: Bilingual): AlarmTarget =>
  limit === undefined ? { is: 'at-most', value, source } : { is: 'at-most', value, limit, source };
const below = (value: number, source: Bilingual): AlarmTarget => ({ is: 'below', value, source });
const about = (value: number): AlarmTarget => ({ is: 'about', value, source: eemua });

const specs: Record<AlarmFigureId, Spec> = {
  'per-10-min': spec(['平均告警率', 'Average alarm rate'], [unit.perTen, 2], of.announced, atMost(1, 2, isa), [
    '宣告的告警 ÷ 值守人数 ÷ 10 分钟时段数（可接受 1，上限 2）',
    'Announced ÷ operators ÷ periods of 10 min (1 acceptable, 2 the most that can be managed)',
  ]),
  'worst-10-min': spec(['10 分钟峰值', 'Worst 10 minutes'], [unit.perTen, 1], of.periods, atMost(10, undefined, isa), [
    '各 10 分钟时段中告警最多者 ÷ 值守人数',
    'The fullest of all periods of 10 min ÷ operators',
  ]),
  'busy-periods': spec(['超负荷时段占比', 'Periods above 10'], [unit.percent, 2], of.periods, below(1, isa), [
    '人均超过 10 条的 10 分钟时段 ÷ 全部时段',
    'Periods of 10 min with more than 10 per operator ÷ all periods',
  ]),
  'flood-time': spec(['洪泛时间占比', 'Time in flood'], [unit.percent, 2], of.floods, below(1, isa), [
    '处于洪泛的时间 ÷ 统计时长（人均 10 分钟超过 10 条起，少于 5 条止，以中心设置为准）',
    'Time in flood ÷ time (from more than 10 until fewer than 5 in 10 min per operator, unless the centre says otherwise)',
  ]),
  'per-day': spec(['日均告警', 'Alarms a day'], [unit.perDay, 0], of.announced, atMost(150, 300, isa), [
    '宣告的告警 ÷ 值守人数 ÷ 统计时长（按 24 小时折算；可接受 150，过多 300）',
    'Announced ÷ operators ÷ time in days of 24 h (150 acceptable, 300 too many)',
  ]),
  'worst-day': spec(['单日峰值', 'Worst day'], [unit.perDay, 0], of.days, atMost(150, 300, isa), [
    '各日中告警最多者 ÷ 值守人数',
    'The fullest of all days ÷ operators',
  ]),
  'top-10-share': spec(['前十来源占比', 'Ten most frequent'], [unit.percent, 1], of.announced, atMost(1, 5, isa), [
    '最频繁的十个告警 ÷ 全部宣告的告警（应低于 1 %，至多 5 %）',
    'The ten most frequent alarms ÷ all announced (below 1 %, at most 5 %)',
  ]),
  chattering: spec(['抖动告警', 'Chattering alarms'], [unit.alarms, 0], of.announced, atMost(0, undefined, isa), [
    '一分钟内状态变化三次及以上的告警数',
    'Alarms whose condition changed three times or more within a minute',
  ]),
  stale: spec(['陈旧告警', 'Stale alarms'], [unit.alarms, 0], of.days, below(5, isa), [
    '持续超过 24 小时且未隐藏的告警，取最多的一日',
    'In alarm and shown for more than 24 h; the day that had most',
  ]),
  'priority-high': spec(['P1 占比', 'Share of P1'], [unit.percent, 1], of.announced, about(5), ['P1 ÷ 全部', 'P1 ÷ all'], 'none'),
  'priority-medium': spec(['P2 占比', 'Share of P2'], [unit.percent, 1], of.announced, about(15), ['P2 ÷ 全部', 'P2 ÷ all'], 'none'),
  'priority-low': spec(
    ['P3、P4 占比', 'Share of P3 and P4'],
    [unit.percent, 1],
    of.announced,
    about(80),
    ['（P3 + P4）÷ 全部', '(P3 + P4) ÷ all'],
    'none',
  ),
  'ack-median': spec(['确认用时中位数', 'Median time to acknowledge'], [unit.minutes, 1], of.acks, null, [
    '自宣告至确认，期间宣告者',
    'From the announcement to the acknowledgement, of those announced within the time',
  ]),
  'ack-p90': spec(['确认用时 P90', 'P90 time to acknowledge'], [unit.minutes, 1], of.acks, null, [
    '十次确认中有九次不超过',
    'Nine acknowledgements in ten took no longer',
  ]),
  unacknowledged: spec(['期末未确认', 'Unacknowledged at the end'], [unit.alarms, 0], of.announced, null, [
    '统计期末尚未确认的告警',
    'Not acknowledged by the end of the time',
  ]),
  shelved: spec(
    ['期末搁置', 'Shelved at the end'],
    [unit.alarms, 0],
    text('条期间曾搁置', 'shelved at some time'),
    null,
    ['统计期末仍在搁置', 'Still shelved at the end of the time'],
    'none',
  ),
  'out-of-service': spec(
    ['期末停用', 'Out of service at the end'],
    [unit.alarms, 0],
    text('条期间曾停用', 'out of service at some time'),
    null,
    ['统计期末仍停用', 'Still out of service at the end of the time'],
    'none',
  ),
};

/** Whether a figure meets its target. */
export function verdictOf(value: number | null, target: AlarmTarget | null): Verdict | null {
  if (value === null || target === null) return null;
  if (target.is === 'about') {
    const off = Math.abs(value - target.value);
    const reach = Math.min(target.value, 100 - target.value);
    return off <= reach / 2 ? 'met' : off <= reach ? 'near' : 'missed';
  }
  if (target.is === 'below' ? value < target.value : value <= target.value) return 'met';
  return target.limit !== undefined && value <= target.limit ? 'near' : 'missed';
}

/** The value at or below which the share `q` of ascending numbers lies (nearest rank); null of none. */
export const quantile = (sorted: readonly number[], q: number): number | null =>
  sorted.length ? sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]! : null;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const largest = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.max(a, b), 0);
const minutes = (ms: number | null) => (ms === null ? null : ms / MINUTE_MS);

/** The figures of what was counted. `ackMs` ascending. */
export function alarmFigures(
  r: Omit<AlarmReport, 'figures'>,
  { ackMs, waiting }: { readonly ackMs: readonly number[]; readonly waiting: number },
): AlarmFigure[] {
  const { from, to, operators, announced } = r;
  const ms = to - from;
  const { counts, busyAbove } = r.periods;
  const share = (n: number) => (announced ? (100 * n) / announced : null);
  const within = r.floods.reduce((n, f) => n + Math.min(f.until ?? to, to) - Math.max(f.from, from), 0);
  const log = (priority?: readonly (1 | 2 | 3 | 4)[]): AlarmFigureRecords => ({ kind: 'log', from, to, ...(priority ? { priority } : {}) });
  const priority = (...ps: (1 | 2 | 3 | 4)[]) => r.priorities.filter((p) => ps.includes(p.priority)).reduce((n, p) => n + p.announced, 0);
  const still = (rows: AlarmReport['shelved']) => rows.filter((x) => x.until === null).length;

  const figure = (id: AlarmFigureId, value: number | null, n: number, records: AlarmFigureRecords): AlarmFigure => ({
    id,
    ...specs[id],
    value,
    n,
    verdict: verdictOf(value, specs[id].target),
    records,
  });
  return [
    figure('per-10-min', (announced * 10 * MINUTE_MS) / ms / operators, announced, log()),
    figure('worst-10-min', largest(counts) / operators, counts.length, { kind: 'periods', of: 'busy' }),
    figure('busy-periods', (100 * counts.filter((n) => n > busyAbove).length) / counts.length, counts.length, {
      kind: 'periods',
      of: 'busy',
    }),
    figure('flood-time', (100 * within) / ms, r.floods.length, { kind: 'periods', of: 'floods' }),
    figure('per-day', (announced * DAY_MS) / ms / operators, announced, log()),
    figure('worst-day', largest(r.days.map((d) => d.announced)) / operators, r.days.length, { kind: 'periods', of: 'days' }),
    figure('top-10-share', share(r.top.reduce((n, t) => n + t.announced, 0)), announced, { kind: 'alarms', of: 'top' }),
    figure('chattering', r.chattering.length, announced, { kind: 'alarms', of: 'chattering' }),
    figure('stale', largest(r.days.map((d) => d.stale)), r.days.length, { kind: 'alarms', of: 'stale' }),
    figure('priority-high', share(priority(1)), announced, log([1])),
    figure('priority-medium', share(priority(2)), announced, log([2])),
    figure('priority-low', share(priority(3, 4)), announced, log([3, 4])),
    figure('ack-median', minutes(quantile(ackMs, 0.5)), ackMs.length, log()),
    figure('ack-p90', minutes(quantile(ackMs, 0.9)), ackMs.length, log()),
    figure('unacknowledged', waiting, announced, { kind: 'alarms', of: 'unacknowledged' }),
    figure('shelved', still(r.shelved), r.shelved.length, { kind: 'alarms', of: 'shelved' }),
    figure('out-of-service', still(r.outOfService), r.outOfService.length, { kind: 'alarms', of: 'outOfService' }),
  ];
}
