import { areaCode } from '../../model/brand.ts';
import type { Camera, Selection } from '../map-contract.ts';
import type { ViewState, ViewStore } from './view-store.ts';

/** The part of the view that is in the address: `/wall?at=<area>&sel=incident:i-1&z=15.20,104.0300,30.6145`. */
export type Address = Pick<ViewState, 'area' | 'selection' | 'camera'>;

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

/** Anything that is not of the form is read as absent: an old or mistyped link still opens the wall. */
export function parseAddress(search: string): Address {
  const q = new URLSearchParams(search);
  const at = q.get('at');
  return {
    area: at && /^[0-9A-Za-z-]{2,32}$/.test(at) ? areaCode(at) : null,
    selection: parseSelection(q.get('sel')),
    camera: parseCamera(q.get('z')),
  };
}

export function formatAddress(a: Address): string {
  const parts: string[] = [];
  if (a.area) parts.push(`at=${a.area}`);
  if (a.selection)
    parts.push(`sel=${a.selection.kind}:${encodeURIComponent(a.selection.id).replaceAll('%2F', '/').replaceAll('%3A', ':')}`);
  if (a.camera) parts.push(`z=${a.camera.zoom.toFixed(2)},${a.camera.lng.toFixed(5)},${a.camera.lat.toFixed(5)}`);
  return parts.length ? `?${parts.join('&')}` : '';
}

/** Keep the address and the view the same: a new place or selection is a step back can undo, a camera movement is not. */
export function bindAddress(view: ViewStore, window: Window): () => void {
  let shown = formatAddress(view.getState());
  const stop = view.subscribe((now, before) => {
    if (now.area === before.area && now.selection === before.selection && now.camera === before.camera) return;
    const next = formatAddress(now);
    if (next === shown) return;
    shown = next;
    const url = window.location.pathname + next;
    if (now.area === before.area && now.selection === before.selection) window.history.replaceState(null, '', url);
    else window.history.pushState(null, '', url);
  });
  const back = () => {
    const address = parseAddress(window.location.search);
    shown = formatAddress(address);
    view.setState(address);
  };
  window.addEventListener('popstate', back);
  return () => {
    stop();
    window.removeEventListener('popstate', back);
  };
}
