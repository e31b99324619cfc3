import type { Bilingual } from './brand.ts';
import type { Incident, IncidentSource, IncidentState } from './incident.ts';
import type { IncidentRow } from './incident-row.ts';

/** Answers of the routes that list and count incidents. `seq`: the ledger entry they are of; `at`: the moment they were judged, epoch ms. */
interface AsOf {
  readonly seq: number;
  readonly at: number;
}
/** GET /api/v1/incidents */
export interface IncidentList extends AsOf {
  readonly total: number;
  readonly rows: readonly IncidentRow[];
  /** cursor of the next page; null = this was the last */
  readonly next: string | null;
}
/** GET /api/v1/incidents/{id} */
export interface IncidentRecord extends AsOf {
  readonly incident: Incident;
  /** as its place is spoken of; null = outside */
  readonly place: string | null;
}

export const countKeys = ['state', 'category', 'department', 'source', 'area'] as const;
export type CountKey = (typeof countKeys)[number];
/** One column of the board. `key`: state, code … ; `''` = none. By area: the places directly below the one asked for. */
export interface IncidentCount {
  readonly key: string;
  readonly n: number;
  readonly open: number;
  /** open and past the limit for handling */
  readonly overdue: number;
}
/** GET /api/v1/incidents/counts */
export interface IncidentCounts extends AsOf {
  readonly by: CountKey;
  readonly total: number;
  readonly rows: readonly IncidentCount[];
}

export const stuckKeys = ['step', 'department', 'area'] as const;
export type StuckKey = (typeof stuckKeys)[number];
/**
 * 滞留: the time incidents spent in one state, by the clock on the wall (working hours or not). Stays that go on are counted up to `at`
 * unless the query said `running=false`; `running` is how many do.
 */
export interface StuckRow {
  /** state, code of the department (`''` = none), or of the place directly below the one asked for (`''` = outside) */
  readonly key: string;
  readonly step: IncidentState;
  /** stays; an incident that came back to a state has several */
  readonly n: number;
  readonly running: number;
  readonly medianMs: number;
  readonly p90Ms: number;
}
/** GET /api/v1/incidents/stuck */
export interface StuckAnswer extends AsOf {
  readonly by: StuckKey;
  readonly rows: readonly StuckRow[];
}

/** 渠道: one channel of a source, and how it is answered. */
export interface ChannelRow {
  readonly source: IncidentSource;
  /** `''` = the source itself */
  readonly channel: string;
  readonly n: number;
  readonly open: number;
  /** reports somebody accepted or went to, and how long that took; null of none */
  readonly responded: number;
  readonly medianResponseMs: number | null;
  /** the latest report, epoch ms */
  readonly lastAt: number;
}
/** GET /api/v1/incidents/channels */
export interface ChannelAnswer extends AsOf {
  readonly rows: readonly ChannelRow[];
}

/** A query kept under a name, by the one who asks it. `query`: query string of the list. */
export interface SavedView {
  readonly name: string;
  readonly query: string;
}
export interface SavedViews {
  readonly views: readonly SavedView[];
}

/** What states and sources are called in a file, where no dictionary of the wall is at hand. */
export const stateNames: Readonly<Record<IncidentState, Bilingual>> = {
  reported: { zh: '待立案', en: 'Reported' },
  filed: { zh: '待派遣', en: 'Filed' },
  dispatched: { zh: '已派遣', en: 'Dispatched' },
  accepted: { zh: '已接单', en: 'Accepted' },
  arrived: { zh: '已到场', en: 'On site' },
  handled: { zh: '待核查', en: 'Handled' },
  verified: { zh: '待结案', en: 'Verified' },
  closed: { zh: '已结案', en: 'Closed' },
  suspended: { zh: '挂账', en: 'Suspended' },
  declined: { zh: '不予立案', en: 'Declined' },
  void: { zh: '作废', en: 'Void' },
  merged: { zh: '已合并', en: 'Merged' },
};
export const sourceNames: Readonly<Record<IncidentSource, Bilingual>> = {
  patrol: { zh: '巡查', en: 'Patrol' },
  worker: { zh: '网格员', en: 'Grid worker' },
  resident: { zh: '居民', en: 'Resident' },
  hotline: { zh: '12345', en: '12345' },
  'street-line': { zh: '属地热线', en: 'Local line' },
  sensor: { zh: '感知', en: 'Sensor' },
  camera: { zh: '视频', en: 'Camera' },
  operator: { zh: '值班员', en: 'Operator' },
  other: { zh: '其他', en: 'Other' },
};
