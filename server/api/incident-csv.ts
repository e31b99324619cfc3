import { type Centre, categoryOf, departmentOf } from '../../model/centre.ts';
import { sourceNames, stateNames } from '../../model/incident-list.ts';
import type { IncidentRow } from '../../model/incident-row.ts';
import { asText, BYTE_ORDER_MARK, type Cell, csvLine, localTime } from './csv.ts';

/** Lines of one file; more are asked for by a narrower question. */
export const CSV_MAX = 100_000;

const yesNo = (b: boolean | null) => (b === null ? null : b ? '是' : '否');
const minutes = (ms: number | null) => (ms === null ? null : Math.round(ms / 60_000));
const satisfaction = { satisfied: '满意', fair: '基本满意', dissatisfied: '不满意' } as const;

/** Columns of the file. Times are the centre's own, `2026-11-22 14:05:00`; text of people comes as they wrote it. */
const columns: readonly (readonly [head: string, cell: (r: IncidentRow, c: Centre | null) => Cell])[] = [
  ['编号', (r) => asText(r.id)],
  ['当日序号', (r) => r.no],
  ['标题', (r) => asText(r.title)],
  ['类别', (r, c) => (categoryOf(c, r.category).code === r.category ? asText(categoryOf(c, r.category).name.zh) : asText(r.category))],
  ['等级', (r) => `P${r.priority}`],
  ['状态', (r) => stateNames[r.state].zh],
  ['来源', (r) => sourceNames[r.source].zh],
  ['渠道', (r) => asText(r.channel)],
  ['来源工单号', (r) => asText(r.ref)],
  ['位置', (r) => asText(r.place ?? '')],
  ['区域代码', (r) => r.area],
  ['经度', (r) => r.lngLat[0]],
  ['纬度', (r) => r.lngLat[1]],
  ['承办力量', (r) => r.unit],
  ['责任部门', (r, c) => asText(departmentOf(c, r.department ?? '')?.name.zh ?? r.department ?? '')],
  ['发生', (r, c) => localTime(r.at, c)],
  ['上报', (r, c) => localTime(r.reportedAt, c)],
  ['立案', (r, c) => localTime(r.filedAt, c)],
  ['派遣', (r, c) => localTime(r.dispatchedAt, c)],
  ['接单', (r, c) => localTime(r.acceptedAt, c)],
  ['到场', (r, c) => localTime(r.arrivedAt, c)],
  ['处置', (r, c) => localTime(r.handledAt, c)],
  ['核查', (r, c) => localTime(r.verifiedAt, c)],
  ['结束', (r, c) => localTime(r.closedAt, c)],
  ['时限', (r, c) => localTime(r.deadline, c)],
  ['剩余分钟', (r) => minutes(r.leftMs)],
  ['超期', (r) => yesNo(r.overdue)],
  ['返工', (r) => r.reworks],
  ['回退', (r) => r.returns],
  ['延期', (r) => r.extensions],
  ['并入', (r) => r.into],
  ['附件', (r) => r.attachments],
  ['吹哨', (r) => r.whistles],
  ['已解决', (r) => yesNo(r.solved)],
  ['满意度', (r) => r.satisfaction && satisfaction[r.satisfaction]],
];

/** The file, a page of rows at a time: byte order mark, heads, lines. */
export async function* csvOf(pages: AsyncIterable<readonly IncidentRow[]>, centre: Centre | null): AsyncGenerator<string> {
  yield `${BYTE_ORDER_MARK}${csvLine(columns.map(([head]) => head))}`;
  for await (const rows of pages) yield rows.map((r) => csvLine(columns.map(([, cell]) => cell(r, centre)))).join('');
}
