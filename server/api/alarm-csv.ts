import type { AlarmState } from '../../model/alarm.ts';
import type { Occurrence } from '../../model/alarm-log.ts';
import { alarmName } from '../../model/alarm-rules.ts';
import { alarmSource, kindOfSource } from '../../model/alarm-source.ts';
import { areaLabel } from '../../model/area.ts';
import { sensorKindOf } from '../../model/centre.ts';
import { treeOf, type World } from '../../model/world.ts';
import { asText, BYTE_ORDER_MARK, type Cell, csvLine, localTime } from './csv.ts';

const states: Record<AlarmState, string> = {
  normal: '正常',
  unack: '未确认',
  acked: '已确认',
  'rtn-unack': '已恢复未确认',
  latched: '锁存',
  shelved: '搁置',
  suppressed: '设计抑制',
  'out-of-service': '停用',
};
const seconds = (from: number, to: number | null) => (to === null ? null : Math.round((to - from) / 1000));
const unitOf = (r: Occurrence, w: World) => sensorKindOf(w.centre, kindOfSource(w, r.sensor))?.unit ?? '';
const time = (at: number | null, w: World) => localTime(at, w.centre);

/** Columns of the file. Times are the centre's own; text of people comes as they wrote it. */
const columns: readonly (readonly [head: string, cell: (r: Occurrence, w: World) => Cell])[] = [
  ['告警', (r) => asText(r.alarm)],
  ['名称', (r, w) => asText(alarmName(w, { id: r.alarm, sensor: r.sensor }).zh)],
  ['等级', (r) => `P${r.priority}`],
  ['设备', (r) => asText(r.sensor)],
  ['设备名称', (r, w) => asText(alarmSource(w, r.sensor)?.name ?? '')],
  ['规则', (r) => asText(r.rule)],
  ['位置', (r, w) => (r.area === null ? '' : asText(areaLabel(treeOf(w), r.area)))],
  ['区域代码', (r) => r.area],
  ['数值', (r) => r.value],
  ['限值', (r) => r.limit],
  ['单位', (r, w) => asText(unitOf(r, w))],
  ['发生', (r, w) => time(r.raisedAt, w)],
  ['设备时间', (r, w) => time(r.at, w)],
  ['确认', (r, w) => time(r.ackedAt, w)],
  ['确认人', (r) => asText(r.ackedBy ?? '')],
  ['确认用时秒', (r) => seconds(r.raisedAt, r.ackedAt)],
  ['恢复', (r, w) => time(r.clearedAt, w)],
  ['持续秒', (r) => seconds(r.raisedAt, r.clearedAt)],
  ['复位', (r, w) => time(r.resetAt, w)],
  ['发生时被', (r) => r.hidden && states[r.hidden]],
  ['搁置理由', (r) => asText(r.shelved?.reason ?? '')],
  ['再报警次数', (r) => r.again],
  ['备注数', (r) => r.notes],
  ['状态', (r) => states[r.state]],
];

/** The file, line by line. @param world names what the rows speak of */
export async function* alarmCsv(rows: AsyncIterable<Occurrence>, world: World): AsyncGenerator<string> {
  yield `${BYTE_ORDER_MARK}${csvLine(columns.map(([head]) => head))}`;
  for await (const row of rows) yield csvLine(columns.map(([, cell]) => cell(row, world)));
}
