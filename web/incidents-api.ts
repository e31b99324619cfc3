import type { AreaCode, LngLat } from '../model/brand.ts';
import type { LikenessReason } from '../model/duplicates.ts';
import type { IncidentState, IncidentStep } from '../model/incident.ts';
import type { KpiAnswer } from '../model/incident-kpi.ts';
import type { ChannelAnswer, CountKey, IncidentCounts, IncidentList, SavedViews, StuckAnswer, StuckKey } from '../model/incident-list.ts';
import { formatIncidentQuery } from '../model/incident-query.ts';
import type { ListQuery } from './store/view-store.ts';

/** What scene 事件 asks the server. `after`: at least this entry of the ledger is in the answer. Throws `ApiError`. */
export class ApiError extends Error {
  readonly status: number;
  readonly field: string;
  constructor(status: number, field: string, rule: string) {
    super(rule);
    this.status = status;
    this.field = field;
  }
}

type More = Readonly<Record<string, string | number | undefined>>;

async function read<T>(r: Response): Promise<T> {
  if (r.ok) return (await r.json()) as T;
  const answer = (await r.json().catch(() => null)) as { error?: { field?: string; rule?: string } } | null;
  throw new ApiError(r.status, answer?.error?.field ?? '', answer?.error?.rule ?? `HTTP ${r.status}`);
}
async function get<T>(path: string, params: URLSearchParams, more: More, signal?: AbortSignal): Promise<T> {
  for (const [key, value] of Object.entries(more)) if (value !== undefined) params.set(key, String(value));
  return read<T>(await fetch(`${path}?${params}`, { signal: signal ?? null }));
}
const asked = (path: string, query: ListQuery, more: More, signal?: AbortSignal) =>
  get<never>(`/api/v1/${path}`, formatIncidentQuery(query), more, signal);
const post = async <T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<T> =>
  read<T>(await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }));

export const fetchList = (query: ListQuery, page: { limit: number; cursor?: string }, after: number, signal?: AbortSignal) =>
  asked('incidents', query, { ...page, after }, signal) as Promise<IncidentList>;
export const fetchCounts = (query: ListQuery, by: CountKey, after: number, signal?: AbortSignal) =>
  asked('incidents/counts', query, { by, after }, signal) as Promise<IncidentCounts>;
export const fetchStuck = (query: ListQuery, by: StuckKey, after: number, signal?: AbortSignal) =>
  asked('incidents/stuck', query, { by, after }, signal) as Promise<StuckAnswer>;
export const fetchChannels = (query: ListQuery, after: number, signal?: AbortSignal) =>
  asked('incidents/channels', query, { after }, signal) as Promise<ChannelAnswer>;
/** @param query without `set`: each figure is a set of its own */
export const fetchKpis = (query: ListQuery, after: number, signal?: AbortSignal) =>
  asked('kpis', query, { after }, signal) as Promise<KpiAnswer>;
/** The same incidents as a table of values, UTF-8 with a byte order mark. */
export const csvAddress = (query: ListQuery) => `/api/v1/incidents.csv?${formatIncidentQuery(query)}`;

export const fetchViews = (signal?: AbortSignal) => get<SavedViews>('/api/v1/views', new URLSearchParams(), {}, signal);
export const saveView = (name: string, query: ListQuery) =>
  post<unknown>('/api/v1/views', { name, query: formatIncidentQuery(query).toString() });

export const removeView = (name: string) => post<unknown>('/api/v1/views/remove', { name });

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
  (await get<{ places: FoundPlace[] }>('/api/v1/search', new URLSearchParams({ q }), { limit: 8 }, signal)).places;

export interface Answerers {
  readonly path: readonly { readonly code: AreaCode; readonly level: string; readonly name: string }[];
  readonly answers: readonly { readonly post: string; readonly person: string; readonly area: AreaCode; readonly level: string }[];
  readonly department: { readonly code: string } | null;
}
export const whoAnswers = ([lng, lat]: LngLat, category: string, signal?: AbortSignal) =>
  get<Answerers>('/api/v1/areas/who', new URLSearchParams({ category }), { lng, lat }, signal);

export interface Alike {
  readonly incident: string;
  readonly no: number;
  readonly title: string;
  readonly state: IncidentState;
  readonly place: string | null;
  readonly reasons: readonly LikenessReason[];
}
export const alikeTo = async (
  [lng, lat]: LngLat,
  probe: { readonly category: string; readonly title?: string; readonly alarm?: string },
  signal?: AbortSignal,
) =>
  (
    await get<{ similar: Alike[] }>(
      '/api/v1/incidents/similar',
      new URLSearchParams({ category: probe.category }),
      {
        lng,
        lat,
        title: probe.title,
        alarm: probe.alarm,
      },
      signal,
    )
  ).similar;

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
