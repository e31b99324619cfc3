import type { LngLat } from '../model/brand.ts';
import type { Entry } from '../model/ledger.ts';
import { get, post } from './http.ts';

/** A row of the catalogue. `since`, `heard`: epoch ms by the server's clock; null = the camera never said. */
export interface CameraRow {
  readonly id: string;
  readonly name: string;
  readonly area: string | null;
  readonly place: string | null;
  readonly lngLat: LngLat;
  readonly bearing: number | null;
  readonly online: boolean | null;
  readonly since: number | null;
  readonly heard: number | null;
}
export interface CameraList {
  readonly at: number;
  readonly counts: { readonly total: number; readonly online: number; readonly offline: number; readonly unknown: number };
  readonly cameras: readonly CameraRow[];
}
export const fetchCameras = (signal?: AbortSignal) => get<CameraList>('/api/v1/cameras', {}, signal);

/** On account of what somebody looks. */
export interface Account {
  readonly incident?: string | undefined;
  readonly alarm?: string | undefined;
}
/** A view that was recorded: addresses on our own server, of use until `until` (epoch ms by the server's clock). */
export interface OpenView {
  readonly view: string;
  readonly hls?: string;
  readonly whep?: string;
  readonly until: number;
}
const of = (camera: string) => `/api/v1/cameras/${encodeURIComponent(camera)}/views`;
/** Recorded in the ledger before it is answered. @throws ApiError 409 when no media server is configured, 403 without the right */
export const openView = (camera: string, account: Account, renew?: string) =>
  post<OpenView>(of(camera), { ...account, ...(renew ? { renew } : {}) });
/** Also while the page goes away; a view that has ended already is as good. */
export const endView = (view: string) => fetch(`/api/v1/views/${view}`, { method: 'DELETE', keepalive: true }).catch(() => {});

const PAGE = 5000;
/** Who looked through which camera, newest first. @param from epoch ms */
export async function fetchViewings(from: number, signal?: AbortSignal): Promise<readonly Entry<'camera.viewed'>[]> {
  const all: Entry<'camera.viewed'>[] = [];
  for (;;) {
    const asked = { kind: 'camera.viewed', from: new Date(from).toISOString(), after: all.at(-1)?.seq ?? 0, limit: PAGE };
    const { entries } = await get<{ entries: Entry<'camera.viewed'>[] }>('/api/v1/ledger', asked, signal);
    all.push(...entries);
    if (entries.length < PAGE) return all.reverse();
  }
}
