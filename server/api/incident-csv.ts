import { type Centre, categoryOf, departmentOf } from '../../model/centre.ts';
import { sourceNames, stateNames } from '../../model/incident-list.ts';
import type { IncidentRow } from '../../model/incident-row.ts';

/** Lines of one file; more are asked for by a narrower question. */
export const CSV_MAX = 100_000;

type Cell = string | number | null;
/** Text a spreadsheet would take for a formula is marked as text (OWASP, CSV injection): people typed it, it is not ours. */
const asText = (s: string) => (/^[=+\-@\t\r]/.test(s) ? `'${s}` : s);
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
  ['发生', (r, c) => local(r.at, c)],
  ['上报', (r, c) => local(r.reportedAt, c)],
  ['立案', (r, c) => local(r.filedAt, c)],
  ['派遣', (r, c) => local(r.dispatchedAt, c)],
  ['接单', (r, c) => local(r.acceptedAt, c)],
  ['到场', (r, c) => local(r.arrivedAt, c)],
  ['处置', (r, c) => local(r.handledAt, c)],
  ['核查', (r, c) => local(r.verifiedAt, c)],
  ['结束', (r, c) => local(r.closedAt, c)],
  ['时限', (r, c) => local(r.deadline, c)],
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

function local(at: number | null, centre: Centre | null): string | null {
  if (at === null) return null;
  return new Date(at + (centre?.utcOffsetMinutes ?? 0) * 60_000).toISOString().slice(0, 19).replace('T', ' ');
}

/** RFC 4180: quoted where it must be, a quote doubled. */
const quoted = (cell: Cell) => {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
const line = (cells: readonly Cell[]) => `${cells.map(quoted).join(',')}\r\n`;

/** The file, a page of rows at a time: byte order mark (spreadsheets take UTF-8 for another code without it), heads, lines. */
export async function* csvOf(pages: AsyncIterable<readonly IncidentRow[]>, centre: Centre | null): AsyncGenerator<string> {
  yield `\ufeff${line(columns.map(([head]) => head))}`;
  for await (const rows of pages) yield rows.map((r) => line(columns.map(([, cell]) => cell(r, centre)))).join('');
}
