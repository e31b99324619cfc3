import '@fontsource-variable/noto-sans-sc/wght.css';
import '@fontsource/ibm-plex-sans/latin-500.css';
import '@fontsource/ibm-plex-sans/latin-600.css';
import '@fontsource/ibm-plex-sans-condensed/latin-400.css';
import '@fontsource/ibm-plex-sans-condensed/latin-500.css';
import '@fontsource/ibm-plex-sans-condensed/latin-600.css';
import '../../../web/design/tokens.css';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { areaCode } from '../../../model/brand.ts';
import { positions, STATUS_ONLINE } from '../../../model/frame.ts';
import { MapView } from '../../../web/map/map-view.tsx';
import type { Camera, MapViewState, PlacesData, Selection } from '../../../web/map-contract.ts';
import { LatestStore } from '../../../web/store/latest.ts';
import { demoWorld, random } from './demo-world.ts';

/** MapView alone on the demonstration street, without a server. `?theme= &area= &select=kind:id &still=1 &lng= &lat= &zoom=` */
const q = new URLSearchParams(location.search);
const theme = q.get('theme') === 'light' ? 'light' : 'dark';
document.documentElement.dataset.theme = theme;
if (q.get('u')) document.documentElement.classList.remove('wall');

const json = async (name: string) => (await fetch(`/street/${name}.geojson`)).json();
const places: PlacesData = { boundaries: await json('boundaries'), basemap: await json('basemap') };
const start = Date.now();
const world = demoWorld(places, start);
const units = new LatestStore();

const roads = places.basemap.features
  .filter((f) => f.properties.layer === 'road' && f.geometry.type === 'LineString')
  .filter((f) => {
    const [x = 0, y = 0] = (f.geometry as unknown as { coordinates: [number, number][] }).coordinates[0] ?? [];
    return Math.hypot((x - 104.03) * 0.86, y - 30.6145) < 0.007;
  });
const next = random(3);
const walkers = [...world.units.values()].map((u) => {
  const line = roads[Math.floor(next() * roads.length)]?.geometry as unknown as { coordinates: [number, number][] };
  return { u, line: line.coordinates, s: next() * 100, v: u.role === 'grid' || u.role === 'volunteer' ? 1.3 : 6 };
});
/** Walk `v` m/s to and fro along a line of the street. */
function step(t: number) {
  const p = positions(walkers.length);
  walkers.forEach(({ u, line, s, v }, i) => {
    const lengths = line
      .slice(1)
      .map((b, k) => Math.hypot((b[0] - (line[k] as [number, number])[0]) * 95_800, (b[1] - (line[k] as [number, number])[1]) * 111_320));
    const total = lengths.reduce((a, b) => a + b, 0);
    let way = (s + v * t) % (2 * total);
    const back = way > total;
    if (back) way = 2 * total - way;
    let k = 0;
    while (k < lengths.length - 1 && way > (lengths[k] as number)) way -= lengths[k++] as number;
    const a = line[k] as [number, number];
    const b = line[k + 1] as [number, number];
    const f = Math.min(1, way / (lengths[k] || 1));
    const heading = (Math.atan2((b[0] - a[0]) * 0.86, b[1] - a[1]) * 180) / Math.PI;
    p.ix[i] = u.ix;
    p.lng[i] = Math.round((a[0] + (b[0] - a[0]) * f) * 1e7);
    p.lat[i] = Math.round((a[1] + (b[1] - a[1]) * f) * 1e7);
    p.heading[i] = (heading + (back ? 180 : 0) + 360) % 360;
    p.speed[i] = v;
    p.at[i] = start + t * 1000;
    p.status[i] = STATUS_ONLINE;
  });
  p.length = walkers.length;
  units.positions(p);
  units.frame(start + t * 1000);
}
for (let t = -150; t <= 0; t += 10) setTimeout(() => step(t), 0);
if (!q.has('still')) {
  let t = 0;
  setInterval(() => step(++t), 1000);
}

const wanted = q.get('select')?.split(':');
const camera: Camera | null = q.has('lng') ? { lng: Number(q.get('lng')), lat: Number(q.get('lat')), zoom: Number(q.get('zoom')) } : null;

function Page() {
  const [view, setView] = useState<MapViewState>({
    area: areaCode(q.get('area') ?? '510107062'),
    selection: null,
    hover: null,
    layers: { incidents: true, units: true, sensors: true, cameras: q.has('cameras'), density: true },
  });
  Object.assign(window, {
    view,
    select: (s: Selection | null) => setView((v) => ({ ...v, selection: s })),
    drill: (a: string) => setView((v) => ({ ...v, area: areaCode(a) })),
  });
  const moving = !q.has('still') && !matchMedia('(prefers-reduced-motion: reduce)').matches;
  return (
    <MapView
      places={places}
      world={world}
      units={units}
      view={view}
      now={() => (moving ? Date.now() : start)}
      theme={theme}
      language="zh"
      reducedMotion={!moving}
      camera={camera}
      stale={false}
      onSelect={(selection) => setView((v) => ({ ...v, selection }))}
      onDrill={(area) => setView((v) => ({ ...v, area }))}
      onCamera={() => {}}
    />
  );
}
createRoot(document.getElementById('root') as HTMLElement).render(<Page />);
if (wanted) setTimeout(() => (window as never as { select: (s: unknown) => void }).select({ kind: wanted[0], id: wanted[1] }), 100);
