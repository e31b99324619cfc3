import type { Bilingual } from '../../model/brand.ts';
import type { ClipKind } from '../../model/clip.ts';
import type { UnitRole } from '../../model/ledger.ts';

/** The clip's own words: it carries no dictionary of the house. */
export type Words = Readonly<Record<Word, string>>;
export type Language = keyof Bilingual;

const zh = {
  product: '更楼 · 复盘片段',
  replay: '回放',
  map: '地图',
  play: '播放',
  pause: '暂停',
  speed: '速度',
  scrub: '时刻',
  before: '上一件',
  after: '下一件',
  now: '此刻',
  events: '经过',
  units: '力量',
  incidents: '在办事件',
  alarms: '告警',
  none: '无',
  masked: '已脱敏：无姓名、电话、备注；力量只写角色与本片段内的编号，涉及住户的位置取微网格中部',
  made: '导出于',
  legend: '图例',
  unit: '力量',
  alarm: '告警',
  coarse: '位置取微网格中部',
  within: '力量位置误差不超过',
  broken: '此文件的数据读不出来',
  language: 'English',
  whole: '全貌',
} as const;
type Word = keyof typeof zh;
const en: Words = {
  product: 'Genglou · after-action clip',
  replay: 'Replay',
  map: 'Map',
  play: 'Play',
  pause: 'Pause',
  speed: 'Speed',
  scrub: 'Moment',
  before: 'Previous event',
  after: 'Next event',
  now: 'At this moment',
  events: 'Course of events',
  units: 'Units',
  incidents: 'Open incidents',
  alarms: 'Alarms',
  none: 'none',
  masked:
    'Masked: no names, telephone numbers or notes; units by role and a number of this clip; what is about a home stands mid micro-grid',
  made: 'Exported',
  legend: 'Legend',
  unit: 'Unit',
  alarm: 'Alarm',
  coarse: 'placed mid micro-grid',
  within: 'Units are shown within',
  broken: 'The data of this file cannot be read',
  language: '中文',
  whole: 'Whole place',
};
export const words: Readonly<Record<Language, Words>> = { zh, en };

export const priorities: Readonly<Record<Language, readonly string[]>> = {
  zh: ['特急', '紧急', '一般', '提示'],
  en: ['P1 critical', 'P2 urgent', 'P3 normal', 'P4 notice'],
};
export const shapes = ['▲', '◆', '●', '■'] as const;

export const roles: Readonly<Record<UnitRole, Bilingual & { readonly mark: string }>> = {
  grid: { zh: '网格员', en: 'Grid worker', mark: '网' },
  police: { zh: '民警', en: 'Police', mark: '警' },
  fire: { zh: '消防', en: 'Fire', mark: '消' },
  urban: { zh: '城管', en: 'Urban management', mark: '管' },
  volunteer: { zh: '志愿者', en: 'Volunteer', mark: '志' },
  medical: { zh: '医护', en: 'Medical', mark: '医' },
};

export const kinds: Readonly<Record<ClipKind, Bilingual>> = {
  'incident.reported': { zh: '上报', en: 'reported' },
  'incident.filed': { zh: '立案', en: 'registered' },
  'incident.declined': { zh: '不予立案', en: 'declined' },
  'incident.dispatched': { zh: '派遣', en: 'dispatched' },
  'incident.accepted': { zh: '接单', en: 'accepted' },
  'incident.arrived': { zh: '到场', en: 'arrived' },
  'incident.help-asked': { zh: '请求支援', en: 'help asked for' },
  'incident.reinforced': { zh: '增派', en: 'reinforced' },
  'incident.handled': { zh: '处置办结', en: 'handled' },
  'incident.verified': { zh: '核查', en: 'verified' },
  'incident.reworked': { zh: '返工', en: 'sent back to work' },
  'incident.closed': { zh: '结案', en: 'closed' },
  'incident.returned': { zh: '回退', en: 'returned' },
  'incident.suspended': { zh: '挂账', en: 'suspended' },
  'incident.resumed': { zh: '恢复', en: 'resumed' },
  'incident.voided': { zh: '作废', en: 'voided' },
  'incident.merged': { zh: '合并', en: 'merged' },
  'incident.reopened': { zh: '重开', en: 'reopened' },
  'incident.escalated': { zh: '上报上级', en: 'escalated' },
  'incident.whistle-blown': { zh: '吹哨', en: 'whistle blown' },
  'incident.whistle-answered': { zh: '部门响应', en: 'department on its way' },
  'incident.whistle-arrived': { zh: '部门报到', en: 'department checked in' },
  'alarm.raised': { zh: '报警', en: 'raised' },
  'alarm.acknowledged': { zh: '已确认', en: 'acknowledged' },
  'alarm.cleared': { zh: '已恢复', en: 'returned to normal' },
};
