import type { FeatureCollection, Point } from 'geojson';
import type { LayerSpecification } from 'maplibre-gl';
import type { Camera, Sensor } from '../../../model/world.ts';
import type { Tokens } from '../tokens.ts';
import type { StyleContext } from './context.ts';

/** 感知 and 视频 as small squares; the picture is named by what it says: `normal`, `offline`, `camera`. */
export function deviceLayers({ shift }: StyleContext, visible: { sensors: boolean; cameras: boolean }): LayerSpecification[] {
  const square = (id: string, source: string, on: boolean, minzoom: number): LayerSpecification => ({
    id,
    type: 'symbol',
    source,
    minzoom,
    layout: {
      visibility: on ? 'visible' : 'none',
      'icon-image': ['get', 'icon'],
      'icon-allow-overlap': true,
      'icon-ignore-placement': true,
      'icon-size': 1,
      'symbol-sort-key': ['get', 'rank'],
      'symbol-z-order': 'auto',
    },
  });
  return [square('cameras', 'cameras', visible.cameras, 11), square('sensors', 'sensors', visible.sensors, 12.5 + shift)];
}

export interface DeviceProperties {
  readonly id: string;
  readonly icon: string;
  readonly rank: number;
}

/** Every sensor as a point, offline ones hollow. What is not in order is drawn over it (marks/devices.ts). */
export const sensorFeatures = (
  sensors: Iterable<Sensor>,
  offline: (ix: number) => boolean,
): FeatureCollection<Point, DeviceProperties> => ({
  type: 'FeatureCollection',
  features: [...sensors].map((s) => ({
    type: 'Feature',
    properties: { id: s.id, icon: offline(s.ix) ? 'offline' : 'normal', rank: 0 },
    geometry: { type: 'Point', coordinates: [...s.lngLat] },
  })),
});

export const cameraFeatures = (
  cameras: Iterable<Camera>,
  online: ReadonlyMap<string, boolean> = new Map(),
): FeatureCollection<Point, DeviceProperties> => ({
  type: 'FeatureCollection',
  features: [...cameras].map((c) => ({
    type: 'Feature',
    properties: { id: c.id, icon: online.get(c.id) === false ? 'camera-offline' : 'camera', rank: 0 },
    geometry: { type: 'Point', coordinates: [...c.lngLat] },
  })),
});

/** Outer side of a picture and what is in it, in u; `stroke` is drawn inside the side. */
interface Square {
  readonly side: number;
  readonly stroke: number;
  readonly core: number;
  readonly ink: string;
  readonly coreInk: string;
}

function squareOf(icon: string, { colour, theme }: Tokens): Square | undefined {
  const grey = theme === 'dark' ? '#6F797D' : '#8A9194';
  if (icon === 'normal') return { side: 2.4, stroke: 0, core: 2.4, ink: grey, coreInk: grey };
  if (icon === 'offline') return { side: 5, stroke: 1, core: 0, ink: grey, coreInk: grey };
  if (icon === 'camera-offline') return { side: 7, stroke: 1.2, core: 0, ink: colour['text-3'], coreInk: colour['text-3'] };
  if (icon === 'camera') return { side: 7, stroke: 1.2, core: 2, ink: colour['text-3'], coreInk: colour['text-3'] };
  return undefined;
}

/** Draw a named picture at device resolution; undefined for a name this module does not know. */
export function devicePicture(icon: string, tokens: Tokens, pixelRatio: number): ImageData | undefined {
  const s = squareOf(icon, tokens);
  if (!s) return undefined;
  const k = tokens.u * pixelRatio;
  const px = Math.max(2, Math.ceil(s.side * k) + 2);
  const canvas = document.createElement('canvas');
  canvas.width = px;
  canvas.height = px;
  const c = canvas.getContext('2d') as CanvasRenderingContext2D;
  const mid = px / 2;
  if (s.stroke > 0) {
    c.fillStyle = tokens.colour['map-ground'];
    c.fillRect(mid - (s.side / 2) * k, mid - (s.side / 2) * k, s.side * k, s.side * k);
    c.strokeStyle = s.ink;
    c.lineWidth = s.stroke * k;
    const half = ((s.side - s.stroke) / 2) * k;
    c.strokeRect(mid - half, mid - half, 2 * half, 2 * half);
  }
  if (s.core > 0) {
    c.fillStyle = s.coreInk;
    c.fillRect(mid - (s.core / 2) * k, mid - (s.core / 2) * k, s.core * k, s.core * k);
  }
  return c.getImageData(0, 0, px, px);
}
