import { areaCode } from '../../model/brand.ts';
import { formatIncidentQuery, parseIncidentQuery } from '../../model/incident-query.ts';
import type { Camera, Selection } from '../map-contract.ts';
import {
  incidentModes,
  type ListQuery,
  patrolTabs,
  type ShownMoment,
  sensingTabs,
  speeds,
  type TabParams,
  type ViewState,
  type ViewStore,
} from './view-store.ts';

/**
 * The part of the view that is in the address: `/wall?at=<area>&sel=incident:i-1&z=15.20,104.0300,30.6145`, and of scene 事件
 * `/incidents?<query of the list>&view=board&sel=…&z=…`, whose place is the query's own `area`, and of scene 感知
 * `/sensing?view=alarms&at=…&sel=…&<filters of the tab>`; `/patrol` in the same way. In every scene `t=2026-11-18T14:26:08%2B08:00` is a
 * moment of the past, `play=8` that it plays on from there.
 */
export type Address = Pick<ViewState, 'scene' | 'area' | 'selection' | 'camera' | 'moment'> &
  Partial<Pick<ViewState, 'mode' | 'query' | 'tab' | 'patrolTab' | 'params'>>;
type Shown = Pick<ViewState, 'scene' | 'area' | 'selection' | 'camera' | 'moment' | 'mode' | 'query' | 'tab' | 'patrolTab' | 'params'>;

const kinds = ['incident', 'alarm', 'unit', 'sensor', 'camera', 'area'] as const;

function parseSelection(text: string | null): Selection | null {
  const cut = text?.indexOf(':') ?? -1;
  if (!text || cut < 1) return null;
  const kind = kinds.find((k) => k === text.slice(0, cut));
  const id = text.slice(cut + 1);
  if (!kind || !/^[0-9A-Za-z._:/-]{1,80}$/.test(id)) return null;
  return kind === 'area' ? { kind, id: areaCode(id) } : { kind, id };
}

function parseCamera(text: string | null): Camera | null {
  if (!text || !/^[\d.]+,-?[\d.]+,-?[\d.]+$/.test(text)) return null;
  const [zoom, lng, lat] = text.split(',').map(Number);
  if (zoom === undefined || lng === undefined || lat === undefined) return null;
  if (![zoom, lng, lat].every(Number.isFinite)) return null;
  if (zoom < 0 || zoom > 24 || Math.abs(lng) > 180 || Math.abs(lat) > 90) return null;
  return { zoom, lng, lat };
}

/** `+` may have come as a blank: that is how a form reads it. */
function parseMoment(q: URLSearchParams): ShownMoment | null {
  const text = q.get('t')?.replace(' ', '+') ?? '';
  const m = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?(?:Z|([+-])(\d\d):(\d\d))$/.exec(text);
  const at = m ? Date.parse(text) : Number.NaN;
  if (!m || Number.isNaN(at)) return null;
  const offset = (m[2] === '-' ? -1 : 1) * (Number(m[3] ?? 0) * 60 + Number(m[4] ?? 0));
  return { at, play: speeds.find((s) => String(s) === q.get('play')) ?? null, offset };
}
/** ISO 8601 by the clock of the centre; milliseconds only where there are any. */
function formatMoment({ at, play, offset }: ShownMoment): string {
  const local = new Date(at + offset * 60_000).toISOString().slice(0, at % 1000 ? 23 : 19);
  const zone = Math.abs(offset);
  const two = (n: number) => String(n).padStart(2, '0');
  const text = `${local}${offset < 0 ? '-' : '%2B'}${two(Math.floor(zone / 60))}:${two(zone % 60)}`;
  return `t=${text}${play ? `&play=${play}` : ''}`;
}

/** A query without page and length; fields that cannot be read are left out, the others hold. */
function parseQuery(q: URLSearchParams): ListQuery {
  const rest = new URLSearchParams(q);
  for (const key of ['limit', 'cursor']) rest.delete(key);
  for (;;) {
    const read = parseIncidentQuery(rest);
    if (read.ok) {
      const { limit: _, cursor: __, ...query } = read.query;
      return query;
    }
    const field = read.field.split('.')[0]!;
    if (!rest.has(field)) return {};
    rest.delete(field);
  }
}

/** Words of the address that are not a tab's own. */
const reserved = new Set(['view', 'at', 'sel', 'z', 't', 'play']);
const parseParams = (q: URLSearchParams): TabParams =>
  Object.fromEntries(
    [...q].filter(([key, value]) => !reserved.has(key) && /^[a-z][A-Za-z0-9_-]{0,23}$/.test(key) && /^.{1,1000}$/.test(value)),
  );

/** Anything that is not of the form is read as absent: an old or mistyped link still opens its scene. */
export function parseAddress({ pathname, search }: Pick<Location, 'pathname' | 'search'>): Address {
  const q = new URLSearchParams(search);
  const common = { selection: parseSelection(q.get('sel')), camera: parseCamera(q.get('z')), moment: parseMoment(q) };
  if (/^\/incidents(\/|$)/.test(pathname)) {
    const query = parseQuery(q);
    const mode = incidentModes.find((m) => m === q.get('view')) ?? 'list';
    return { scene: 'incidents', area: query.area ?? null, ...common, mode, query };
  }
  const at = q.get('at');
  const area = at && /^[0-9A-Za-z-]{2,32}$/.test(at) ? areaCode(at) : null;
  if (/^\/sensing(\/|$)/.test(pathname)) {
    const tab = sensingTabs.find((s) => s === q.get('view')) ?? 'matrix';
    return { scene: 'sensing', area, ...common, tab, params: parseParams(q) };
  }
  if (/^\/patrol(\/|$)/.test(pathname)) {
    const patrolTab = patrolTabs.find((s) => s === q.get('view')) ?? 'units';
    return { scene: 'patrol', area, ...common, patrolTab, params: parseParams(q) };
  }
  return { scene: 'overview', area, ...common };
}

const paths: Readonly<Record<ViewState['scene'], string>> = {
  overview: '/wall',
  incidents: '/incidents',
  patrol: '/patrol',
  sensing: '/sensing',
};

export function formatAddress(a: Shown): string {
  const parts: string[] = [];
  const incidents = a.scene === 'incidents';
  if (incidents) {
    const query = formatIncidentQuery(a.query).toString();
    if (query) parts.push(query);
    if (a.mode !== 'list') parts.push(`view=${a.mode}`);
  } else {
    if (a.scene === 'sensing' && a.tab !== 'matrix') parts.push(`view=${a.tab}`);
    if (a.scene === 'patrol' && a.patrolTab !== 'units') parts.push(`view=${a.patrolTab}`);
    if (a.area) parts.push(`at=${a.area}`);
    if ((a.scene === 'sensing' || a.scene === 'patrol') && Object.keys(a.params).length)
      parts.push(new URLSearchParams(a.params).toString());
  }
  if (a.selection)
    parts.push(`sel=${a.selection.kind}:${encodeURIComponent(a.selection.id).replaceAll('%2F', '/').replaceAll('%3A', ':')}`);
  if (a.camera) parts.push(`z=${a.camera.zoom.toFixed(2)},${a.camera.lng.toFixed(5)},${a.camera.lat.toFixed(5)}`);
  if (a.moment) parts.push(formatMoment(a.moment));
  return paths[a.scene] + (parts.length ? `?${parts.join('&')}` : '');
}

/** A camera movement and another moment of the past are no steps that back undoes; everything else in the address is, entering the past too. */
const stepsApart = (a: Shown) => formatAddress({ ...a, camera: null, moment: a.moment && { at: 0, play: null, offset: 0 } });

/** Keep the address and the view the same: a new scene, query, place, selection or the past is a step back can undo, a camera movement is not. */
export function bindAddress(view: ViewStore, window: Window): () => void {
  let shown = formatAddress(view.getState());
  const stop = view.subscribe((now, before) => {
    const next = formatAddress(now);
    if (next === shown) return;
    shown = next;
    if (stepsApart(now) === stepsApart(before)) window.history.replaceState(null, '', next);
    else window.history.pushState(null, '', next);
  });
  const back = () => {
    const address = parseAddress(window.location);
    shown = formatAddress({ ...view.getState(), ...address });
    view.setState(address);
  };
  window.addEventListener('popstate', back);
  return () => {
    stop();
    window.removeEventListener('popstate', back);
  };
}
