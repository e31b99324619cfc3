import type { DeviceDoor } from '../model/device.ts';
import type { FixFlaw } from '../model/plausible.ts';
import { ApiError, get, mustBeNow, post } from './http.ts';

export interface BoundDevice {
  readonly id: string;
  readonly door: DeviceDoor;
  /** null = released since the moment shown: its number is kept nowhere */
  readonly device: string | null;
  readonly unit: string;
  readonly boundAt: number;
  readonly boundBy: string;
  readonly lastAt: number | null;
}
export interface WaitingDevice {
  readonly id: string;
  readonly door: DeviceDoor;
  readonly device: string;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly sosAt: number | null;
  readonly reports: number;
  readonly dropped: number;
}
export interface Flawed {
  readonly unit: string;
  readonly reason: FixFlaw;
  readonly n: number;
  readonly lastAt: number;
}
export interface DeviceList {
  readonly mayBind: boolean;
  readonly bound: readonly BoundDevice[];
  /** null = of the past, of which neither is kept */
  readonly waiting: readonly WaitingDevice[] | null;
  readonly quarantined: readonly Flawed[] | null;
}
export interface ShownFix {
  readonly at: number;
  readonly lng: number;
  readonly lat: number;
  readonly receivedAt: number;
}
export interface TableMistake {
  readonly line: number;
  readonly column: string;
  readonly rule: string;
}

export const fetchDevices = (signal: AbortSignal) => get<DeviceList>('/api/v1/devices', {}, signal);
export const fetchWaitingFixes = (id: string, signal: AbortSignal) =>
  get<{ fixes: readonly ShownFix[] }>(`/api/v1/devices/waiting/${encodeURIComponent(id)}/fixes`, { limit: 10 }, signal);
export const fetchQuarantine = (unit: string, reason: FixFlaw, signal: AbortSignal) =>
  get<{ fixes: readonly ShownFix[] }>('/api/v1/devices/quarantine', { unit, reason, limit: 50 }, signal);

export const bindDevice = (door: string, device: string, unit: string) =>
  post<{ bound: readonly [{ handed: number; refused: number }] }>('/api/v1/devices/bind', { devices: [{ door, device, unit }] });
export const releaseDevice = (door: string, device: string) => post('/api/v1/devices/release', { devices: [{ door, device }] });

/** The whole table or nothing. @throws ApiError where the table as a whole cannot be sent */
export async function bindTable(
  table: Blob,
): Promise<{ rows: number; handed: number } | { total: number; mistakes: readonly TableMistake[] }> {
  mustBeNow();
  const r = await fetch('/api/v1/devices.csv', { method: 'POST', headers: { 'content-type': 'text/csv' }, body: table });
  const answer = await r.json().catch(() => null);
  if (r.ok || (r.status === 422 && answer?.mistakes)) return answer;
  throw new ApiError(r.status, answer?.error?.field ?? '', answer?.error?.rule ?? `HTTP ${r.status}`);
}
