import type { Basemap, Boundaries } from './map-contract.ts';
import type { ServerStore } from './store/server-store.ts';

const BLOB_RETRY_MS = 5000;

/** Fetch boundaries and basemap whenever the world names new ones; a failed fetch is tried again while still wanted. */
export function placesLoader(server: ServerStore) {
  let wanted = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const blob = async <T>(hash: string): Promise<T> => {
    const r = await fetch(`/api/v1/blobs/${hash}`);
    if (!r.ok) throw new Error(`HTTP ${r.status}`);
    return (await r.json()) as T;
  };
  const load = async (key: string, boundaries: string, basemap: string | undefined) => {
    try {
      const empty: Basemap = { type: 'FeatureCollection', features: [] };
      const [b, m] = await Promise.all([blob<Boundaries>(boundaries), basemap ? blob<Basemap>(basemap) : empty]);
      if (key === wanted) server.setState({ places: { boundaries: b, basemap: m }, placesError: null });
    } catch (e) {
      if (key !== wanted) return;
      server.setState({ placesError: e instanceof Error ? e.message : String(e) });
      timer = setTimeout(() => load(key, boundaries, basemap), BLOB_RETRY_MS);
    }
  };
  return {
    /** What the store holds already is of these. */
    have(boundaries: string | undefined, basemap: string | undefined) {
      clearTimeout(timer);
      wanted = boundaries ? `${boundaries} ${basemap}` : '';
    },
    want(boundaries: string | undefined, basemap: string | undefined) {
      const key = `${boundaries} ${basemap}`;
      if (!boundaries || key === wanted) return;
      wanted = key;
      clearTimeout(timer);
      void load(key, boundaries, basemap);
    },
    stop: () => clearTimeout(timer),
  };
}
