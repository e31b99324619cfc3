import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AlarmAct } from '../../model/alarm-forms.ts';
import type { AreaCode, LngLat } from '../../model/brand.ts';
import type { IncidentQuery } from '../../model/incident-query.ts';
import type { AlarmResult } from '../commands.ts';
import type { Language } from '../i18n/language.ts';
import type { Camera, LayerKey, MapRoute, Selection } from '../map-contract.ts';

/** What lies over the wall: 数据来源, a figure's formula and records, the keys, an act on alarms and what came of one. One at a time. */
export type Sheet =
  | { readonly kind: 'sources' }
  | { readonly kind: 'figure'; readonly id: string }
  | { readonly kind: 'keys' }
  | { readonly kind: 'clip'; readonly from?: number; readonly to?: number }
  | { readonly kind: 'alarm-act'; readonly act: 'shelve' | 'remove' | 'note'; readonly alarms: readonly string[] }
  | { readonly kind: 'alarm-told'; readonly act: AlarmAct; readonly results: readonly AlarmResult[] }
  | null;

/** 态势 · 事件 · 巡防 · 感知: pages of one application, with one socket and one store. */
export type Scene = 'overview' | 'incidents' | 'patrol' | 'sensing';
/** 列表 · 看板 · 滞留 · 指标: the ways scene 事件 shows the same query */
export const incidentModes = ['list', 'board', 'stuck', 'kpi'] as const;
export type IncidentMode = (typeof incidentModes)[number];
/** 设备 · 告警 · 规则 · 报表 · 设施 · 视频: the tabs of scene 感知 */
export const sensingTabs = ['matrix', 'alarms', 'rules', 'report', 'facilities', 'cameras'] as const;
export type SensingTab = (typeof sensingTabs)[number];
/** 力量 · 覆盖 · 巡查 · 走访 · 轨迹 · 设备: the tabs of scene 巡防 */
export const patrolTabs = ['units', 'coverage', 'rounds', 'cares', 'tracks', 'devices'] as const;
export type PatrolTab = (typeof patrolTabs)[number];
/** What a tab of scene 感知 or 巡防 is narrowed to, in its own words; all of it is in the address. */
export type TabParams = Readonly<Record<string, string>>;
/** What narrows and orders the list; its length and page are the list's own affair. */
export type ListQuery = Partial<Omit<IncidentQuery, 'limit' | 'cursor'>>;
/** What scene 事件 opens with: all that is open, the most pressing first. */
export const usualQuery: ListQuery = { open: true, sort: 'deadline' };
/** 登记事件: with the place pointed at, and the alarm it is made of. */
export interface Intake {
  readonly lngLat: LngLat | null;
  readonly alarm?: string;
}

export const trailMinutes = [5, 15, 30, 60] as const;
export type TrailMinutes = (typeof trailMinutes)[number];

/** 回放速度: film seconds in a second */
export const speeds = [1, 8, 60] as const;
export type Speed = (typeof speeds)[number];
/** A moment of the past instead of now. */
export interface ShownMoment {
  /** epoch ms */
  readonly at: number;
  /** it plays on from there at this speed; null = it stands */
  readonly play: Speed | null;
  /** of the clock it is written by in the address, minutes east of UTC */
  readonly offset: number;
}

/** What this visitor looks at. Scene, its query, place, selection and camera are also in the address (see address.ts). */
export interface ViewState {
  readonly scene: Scene;
  readonly mode: IncidentMode;
  readonly query: ListQuery;
  readonly tab: SensingTab;
  readonly patrolTab: PatrolTab;
  readonly params: TabParams;
  /** null = the centre's own street */
  readonly area: AreaCode | null;
  readonly selection: Selection | null;
  readonly hover: Selection | null;
  readonly camera: Camera | null;
  /** null = live; while it plays this is where it last was set going, the player knows more */
  readonly moment: ShownMoment | null;
  readonly layers: Readonly<Record<LayerKey, boolean>>;
  readonly language: Language;
  readonly theme: 'dark' | 'light';
  /** sound is off until then, epoch ms of this screen's clock; 0 = on */
  readonly mutedUntil: number;
  readonly sheet: Sheet;
  /** 上报事件: where the intake form was opened from; null = it is not open */
  readonly intake: Intake | null;
  /** ways to the chosen incident that its dossier wants on the map */
  readonly routes: readonly MapRoute[];
  /** 跟随: the unit the map keeps in its middle */
  readonly follow: string | null;
  /** 拖尾: how many minutes of way are drawn behind the chosen unit, or behind all that are listed; null = none */
  readonly trail: { readonly minutes: TrailMinutes; readonly all: boolean } | null;
  /** one short line for everyone, also read aloud by screen readers */
  readonly notice: string | null;
}
export type ViewStore = StoreApi<ViewState>;

export const createViewStore = (initial: Partial<ViewState> = {}): ViewStore =>
  createStore<ViewState>(() => ({
    scene: 'overview',
    mode: 'list',
    query: usualQuery,
    tab: 'matrix',
    patrolTab: 'units',
    params: {},
    area: null,
    selection: null,
    hover: null,
    camera: null,
    moment: null,
    layers: { incidents: true, units: true, sensors: true, cameras: false, density: true },
    language: 'zh',
    theme: 'dark',
    mutedUntil: 0,
    sheet: null,
    intake: null,
    routes: [],
    follow: null,
    trail: null,
    notice: null,
    ...initial,
  }));

export const MUTE_MS = 10 * 60_000;

/** Another query in scene 事件. The place of the query is the place the map shows. */
export function ask(view: ViewStore, query: ListQuery, mode: IncidentMode = view.getState().mode) {
  view.setState({ scene: 'incidents', query, mode, area: query.area ?? null, camera: null });
}
/** Another tab of scene 感知, narrowed to `params` (none = as it opens); the place stays unless another is given. */
export function toTab(view: ViewStore, tab: SensingTab, params: TabParams = {}, area: AreaCode | null = view.getState().area) {
  view.setState({ scene: 'sensing', tab, params, area, selection: null, camera: null });
}
/** Another tab of scene 巡防, narrowed to `params`; the place stays unless another is given. */
export function toPatrol(view: ViewStore, patrolTab: PatrolTab, params: TabParams = {}, area: AreaCode | null = view.getState().area) {
  view.setState({ scene: 'patrol', patrolTab, params, area, camera: null });
}
/** The page of a device, beside the tab that is open or, from another scene, beside the devices. */
export function openDevice(view: ViewStore, sensor: string) {
  const away = view.getState().scene !== 'sensing';
  view.setState({
    ...(away && { scene: 'sensing', tab: 'matrix', params: {}, area: null, camera: null }),
    selection: { kind: 'sensor', id: sensor },
  });
}
/** Change some of the tab's filters; undefined or '' takes one away. */
export function narrow(view: ViewStore, changes: Readonly<Record<string, string | undefined>>) {
  const all = { ...view.getState().params, ...changes };
  view.setState({ params: Object.fromEntries(Object.entries(all).filter((e): e is [string, string] => Boolean(e[1]))) });
}
export function toScene(view: ViewStore, scene: Scene) {
  const { query } = view.getState();
  const params = scene === 'patrol' || scene === 'sensing' ? {} : view.getState().params;
  view.setState({ scene, params, area: scene === 'incidents' ? (query.area ?? null) : null, camera: null, selection: null });
}
