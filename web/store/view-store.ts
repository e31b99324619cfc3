import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AreaCode, LngLat } from '../../model/brand.ts';
import type { Language } from '../i18n/language.ts';
import type { Camera, LayerKey, MapRoute, Selection } from '../map-contract.ts';

/** What lies over the wall: 数据来源, a figure's formula and records, the keys. One at a time. */
export type Sheet = { readonly kind: 'sources' } | { readonly kind: 'figure'; readonly id: string } | { readonly kind: 'keys' } | null;

/** What this visitor looks at. Place, selection and camera are also in the address (see address.ts). */
export interface ViewState {
  /** null = the centre's own street */
  readonly area: AreaCode | null;
  readonly selection: Selection | null;
  readonly hover: Selection | null;
  readonly camera: Camera | null;
  readonly layers: Readonly<Record<LayerKey, boolean>>;
  readonly language: Language;
  readonly theme: 'dark' | 'light';
  /** sound is off until then, epoch ms of this screen's clock; 0 = on */
  readonly mutedUntil: number;
  readonly sheet: Sheet;
  /** 上报事件: where the intake form was opened from; null = it is not open */
  readonly intake: { readonly lngLat: LngLat } | null;
  /** ways to the chosen incident that its dossier wants on the map */
  readonly routes: readonly MapRoute[];
  /** one short line for everyone, also read aloud by screen readers */
  readonly notice: string | null;
}
export type ViewStore = StoreApi<ViewState>;

export const createViewStore = (initial: Partial<ViewState> = {}): ViewStore =>
  createStore<ViewState>(() => ({
    area: null,
    selection: null,
    hover: null,
    camera: null,
    layers: { incidents: true, units: true, sensors: true, cameras: false, density: true },
    language: 'zh',
    theme: 'dark',
    mutedUntil: 0,
    sheet: null,
    intake: null,
    routes: [],
    notice: null,
    ...initial,
  }));

export const MUTE_MS = 10 * 60_000;
