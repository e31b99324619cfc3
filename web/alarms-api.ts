import type { Occurrence } from '../model/alarm-log.ts';
import { get, type SavedFile } from './http.ts';

/** What narrows the log of alarms; lists are joined by commas, moments epoch ms. */
export interface AlarmLogQuery {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly area?: string | undefined;
  readonly kind?: string | undefined;
  readonly sensor?: string | undefined;
  readonly rule?: string | undefined;
  readonly priority?: string | undefined;
  readonly state?: string | undefined;
}
export interface AlarmLogPage {
  readonly from: number;
  readonly to: number;
  readonly total: number;
  readonly rows: readonly Occurrence[];
  readonly next: string | null;
}
const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
const asked = ({ from, to, ...rest }: AlarmLogQuery) => ({ from: iso(from), to: iso(to), ...rest });

/** Past alarms, the newest first. @throws ApiError */
export const fetchAlarmLog = (query: AlarmLogQuery, cursor: string | undefined, signal?: AbortSignal) =>
  get<AlarmLogPage>('/api/v1/alarms/log', { ...asked(query), limit: 200, cursor }, signal);
/** The same as a file. */
export const alarmLogCsv = (query: AlarmLogQuery): SavedFile => ({ path: '/api/v1/alarms/log.csv', params: asked(query) });
