import '../../../web/design/tokens.css';
import 'maplibre-gl/dist/maplibre-gl.css';
import type { Feature, FeatureCollection, Point } from 'geojson';
import { type GeoJSONSource, Map as MapLibreMap, type MapSourceDataEvent, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import { positions, STATUS_ONLINE } from '../../../model/frame.ts';
import { unitRoles } from '../../../model/ledger.ts';
import type { Unit } from '../../../model/world.ts';
import { readTokens } from '../../../web/map/tokens.ts';
import { UnitsOverlay } from '../../../web/map/units/units-overlay.ts';
import { LatestStore } from '../../../web/store/latest.ts';

setWorkerUrl(workerUrl);
const CENTRE = [104.03, 30.6145] as const;
const root = document.getElementById('map') as HTMLElement;
const map = new MapLibreMap({
  container: root,
  center: [...CENTRE],
  zoom: 14.6,
  attributionControl: false,
  fadeDuration: 0,
  style: { version: 8, sources: {}, layers: [{ id: 'ground', type: 'background', paint: { 'background-color': '#0E1011' } }] },
});

/** Units that walk or drive straight on within the street and turn round at its edge; 1e-7 degrees per second. */
class Crowd {
  readonly lng: Int32Array;
  readonly lat: Int32Array;
  private readonly vx: Float64Array;
  private readonly vy: Float64Array;
  constructor(readonly n: number) {
    this.lng = new Int32Array(n);
    this.lat = new Int32Array(n);
    this.vx = new Float64Array(n);
    this.vy = new Float64Array(n);
    let seed = 42;
    const next = () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed / 4294967296;
    };
    for (let i = 0; i < n; i++) {
      this.lng[i] = CENTRE[0] * 1e7 + (next() - 0.5) * 230_000;
      this.lat[i] = CENTRE[1] * 1e7 + (next() - 0.5) * 190_000;
      const v = (1 + next() * 7) * 90;
      const a = next() * 2 * Math.PI;
      this.vx[i] = v * Math.sin(a);
      this.vy[i] = v * Math.cos(a);
    }
  }
  step() {
    for (let i = 0; i < this.n; i++) {
      const x = (this.lng[i] as number) + (this.vx[i] as number);
      const y = (this.lat[i] as number) + (this.vy[i] as number);
      if (Math.abs(x - CENTRE[0] * 1e7) > 115_000) this.vx[i] = -(this.vx[i] as number);
      if (Math.abs(y - CENTRE[1] * 1e7) > 95_000) this.vy[i] = -(this.vy[i] as number);
      this.lng[i] = x;
      this.lat[i] = y;
    }
  }
}

interface Case {
  tick(): void;
  /** updates that were on the screen before the next one came */
  shown(): number;
  remove(): void;
}

function ours(crowd: Crowd): Case {
  const store = new LatestStore();
  const units = new Map<string, Unit>();
  for (let ix = 0; ix < crowd.n; ix++)
    units.set(`u-${ix}`, { id: `u-${ix}`, ix, name: '', role: unitRoles[ix % 6] as (typeof unitRoles)[number], area: null });
  const overlay = new UnitsOverlay(
    map,
    store,
    CENTRE,
    readTokens(root, 'dark'),
    () => Date.now(),
    (m) => console.error(m),
  );
  overlay.setUnits(units, null);
  const frame = positions(crowd.n);
  frame.length = crowd.n;
  for (let i = 0; i < crowd.n; i++) frame.ix[i] = i;
  frame.status.fill(STATUS_ONLINE);
  let pending = -1;
  let shown = 0;
  overlay.scene.onDrawn = () => {
    if (pending >= 0 && overlay.scene.motion.version >= pending) {
      shown++;
      pending = -1;
    }
  };
  return {
    tick() {
      frame.lng.set(crowd.lng);
      frame.lat.set(crowd.lat);
      frame.at.fill(Date.now());
      store.positions(frame);
      store.frame(Date.now());
      pending = overlay.scene.motion.version;
    },
    shown: () => shown,
    remove: () => overlay.remove(),
  };
}

function setData(crowd: Crowd): Case {
  const data: FeatureCollection<Point> = {
    type: 'FeatureCollection',
    features: Array.from(
      { length: crowd.n },
      (_, i): Feature<Point> => ({ type: 'Feature', properties: { role: i % 6 }, geometry: { type: 'Point', coordinates: [0, 0] } }),
    ),
  };
  map.addSource('units', { type: 'geojson', data });
  map.addLayer({ id: 'units', type: 'circle', source: 'units', paint: { 'circle-radius': 2.2, 'circle-color': '#ECE9E2' } });
  let waiting = false;
  let content = false;
  let shown = 0;
  const onData = (e: MapSourceDataEvent) => {
    if (e.sourceId === 'units' && e.sourceDataType === 'content') content = true;
  };
  const onRender = () => {
    if (waiting && content && map.isSourceLoaded('units') && map.areTilesLoaded()) {
      shown++;
      waiting = false;
    }
  };
  map.on('sourcedata', onData);
  map.on('render', onRender);
  return {
    tick() {
      for (let i = 0; i < crowd.n; i++) {
        const c = (data.features[i] as Feature<Point>).geometry.coordinates;
        c[0] = (crowd.lng[i] as number) / 1e7;
        c[1] = (crowd.lat[i] as number) / 1e7;
      }
      content = false;
      waiting = true;
      (map.getSource('units') as GeoJSONSource).setData(data);
    },
    shown: () => shown,
    remove() {
      map.off('sourcedata', onData);
      map.off('render', onRender);
      map.removeLayer('units');
      map.removeSource('units');
    },
  };
}

let current: Case | null = null;
let timer: ReturnType<typeof setInterval> | undefined;
let ticks = 0;
const ready = map.loaded() ? Promise.resolve() : new Promise<void>((resolve) => map.once('load', () => resolve()));

Object.assign(window, {
  bench: {
    ready: () => ready,
    start(kind: 'ours' | 'setData', n: number) {
      const crowd = new Crowd(n);
      current = kind === 'ours' ? ours(crowd) : setData(crowd);
      ticks = 0;
      const beat = () => {
        crowd.step();
        current?.tick();
        ticks++;
      };
      beat();
      timer = setInterval(beat, 1000);
    },
    /** updates so far, and how many of them were shown */
    count: () => ({ ticks, shown: current?.shown() ?? 0 }),
    stop() {
      clearInterval(timer);
      current?.remove();
      current = null;
    },
  },
});
