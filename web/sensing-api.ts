import type { AlarmReport } from '../model/alarm-report.ts';
import { get, type SavedFile } from './http.ts';

/** What scene 感知 asks the server. Moments are epoch ms. Throws `ApiError`. */
const iso = (ms: number) => new Date(ms).toISOString();
const ofSensor = (id: string) => `/api/v1/sensors/${encodeURIComponent(id)}`;

export interface ReadingCurve {
  /** readings there were; `points` are as many or fewer */
  readonly total: number;
  /** [epoch ms, value in the unit of the kind], ascending */
  readonly points: readonly (readonly [at: number, value: number])[];
}
/** @param points as many as the screen can tell apart */
export const fetchReadings = (sensor: string, from: number, to: number, points: number, signal?: AbortSignal) =>
  get<ReadingCurve>(`${ofSensor(sensor)}/readings`, { from: iso(from), to: iso(to), points }, signal);
/** Every reading as a file. */
export const readingsCsv = (sensor: string, from: number, to: number): SavedFile => ({
  path: `${ofSensor(sensor)}/readings.csv`,
  params: { from: iso(from), to: iso(to) },
});

export const fetchAlarmReport = (from: number, to: number, signal?: AbortSignal) =>
  get<AlarmReport>('/api/v1/alarms/report', { from: iso(from), to: iso(to) }, signal);
