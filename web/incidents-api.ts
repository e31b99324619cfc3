import type { AreaCode, LngLat } from '../model/brand.ts';
import type { IncidentState, IncidentStep } from '../model/incident.ts';
import type { KpiAnswer } from '../model/incident-kpi.ts';
import type { ChannelAnswer, CountKey, IncidentCounts, IncidentList, SavedViews, StuckAnswer, StuckKey } from '../model/incident-list.ts';
import { formatIncidentQuery } from '../model/incident-query.ts';
import { ApiError, get, post, type SavedFile } from './http.ts';
import type { ListQuery } from './store/view-store.ts';

/** What scene 事件 asks the server. `after`: at least this entry of the ledger is in the answer. Throws `ApiError`. */
const asked = <T>(path: string, query: ListQuery, more: Readonly<Record<string, string | number | undefined>>, signal?: AbortSignal) =>
  get<T>(`/api/v1/${path}`, { ...Object.fromEntries(formatIncidentQuery(query)), ...more }, signal);

export const fetchList = (query: ListQuery, page: { limit: number; cursor?: string }, after: number, signal?: AbortSignal) =>
  asked<IncidentList>('incidents', query, { ...page, after }, signal);
export const fetchCounts = (query: ListQuery, by: CountKey, after: number, signal?: AbortSignal) =>
  asked<IncidentCounts>('incidents/counts', query, { by, after }, signal);
export const fetchStuck = (query: ListQuery, by: StuckKey, after: number, signal?: AbortSignal) =>
  asked<StuckAnswer>('incidents/stuck', query, { by, after }, signal);
export const fetchChannels = (query: ListQuery, after: number, signal?: AbortSignal) =>
  asked<ChannelAnswer>('incidents/channels', query, { after }, signal);
/** @param query without `set`: each figure is a set of its own */
export const fetchKpis = (query: ListQuery, after: number, signal?: AbortSignal) => asked<KpiAnswer>('kpis', query, { after }, signal);
/** The same incidents as a table of values, UTF-8 with a byte order mark. */
export const incidentsCsv = (query: ListQuery): SavedFile => ({
  path: '/api/v1/incidents.csv',
  params: Object.fromEntries(formatIncidentQuery(query)),
});

export const fetchViews = (signal?: AbortSignal) => get<SavedViews>('/api/v1/views', {}, signal);
/** @returns the views after it, as `removeView` does */
export const saveView = (name: string, query: ListQuery) =>
  post<SavedViews>('/api/v1/views', { name, query: formatIncidentQuery(query).toString() });

export const removeView = (name: string) => post<SavedViews>('/api/v1/views/remove', { name });

export interface BulkLine {
  readonly incident: string;
  readonly ok: boolean;
  readonly state?: IncidentState;
  /** of a preview: what would follow; `unitHas`: open incidents the unit leads already, `answered`: callers who are told */
  readonly what?: {
    readonly deadline: number | null;
    readonly unitHas?: readonly string[];
    readonly into?: { readonly title: string };
    readonly answered?: number;
  };
  readonly error?: { readonly field: string; readonly rule: string; readonly state?: IncidentState };
}
export const BULK_MAX = 500;
/** The same step on many; with `preview` nothing happens. */
export const bulk = async (
  incidents: readonly string[],
  step: IncidentStep,
  form: Readonly<Record<string, unknown>>,
  preview: boolean,
): Promise<readonly BulkLine[]> =>
  (await post<{ results: BulkLine[] }>('/api/v1/incidents/bulk', { incidents, step, ...form, ...(preview ? { preview } : {}) })).results;

export interface FoundPlace {
  readonly kind: 'area' | 'street' | 'building' | 'poi';
  readonly name: string;
  readonly lngLat: LngLat;
  readonly area: AreaCode | null;
  readonly label: string | null;
}
export const searchPlaces = async (q: string, signal?: AbortSignal) =>
  (await get<{ places: FoundPlace[] }>('/api/v1/search', { q, limit: 8 }, signal)).places;

/** Hand in one incident. @returns its id @throws ApiError naming the field of the report that was refused */
export async function report(incident: Readonly<Record<string, unknown>>, key: string): Promise<string> {
  type Result = { ok: true; id: string } | { ok: false; error: { field: string; rule: string } };
  const { results } = await post<{ results: Result[] }>(
    '/api/v1/reports',
    { reports: [{ kind: 'incident', ...incident }] },
    { 'idempotency-key': key },
  );
  const result = results[0];
  if (result?.ok) return result.id;
  throw new ApiError(400, result?.error.field ?? '', result?.error.rule ?? 'no answer');
}
