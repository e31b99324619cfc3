import type { Map as MapLibreMap, MapOptions } from 'maplibre-gl';
import type { AreaCode, LngLat } from '../../model/brand.ts';
import type { Incident } from '../../model/incident.ts';
import { incidentOf } from '../../model/world.ts';
import type { MapViewProps } from '../map-contract.ts';
import type { Place } from './places.ts';
import type { Geometry } from './style.ts';

/** 镜头: every flight takes this long, ms; with reduced motion the camera jumps. */
export const FLIGHT_MS = 600;
/** A followed unit is brought back to the middle within this, ms, when it is further from it than so many px. */
const FOLLOW_MS = 240;
const FOLLOW_SLACK = 3;
/** Half a side of what is shown about an incident that lies in no area, degrees. */
const BESIDE = 0.0012;

type Box = Pick<Place, 'west' | 'south' | 'east' | 'north'>;
const boundsOf = (p: Box): [[number, number], [number, number]] => [
  [p.west, p.south],
  [p.east, p.north],
];

/** The smallest box that holds all points; undefined for none. */
export function boxOf(points: readonly LngLat[]): Box | undefined {
  if (points.length === 0) return undefined;
  const xs = points.map((p) => p[0]);
  const ys = points.map((p) => p[1]);
  return { west: Math.min(...xs), east: Math.max(...xs), south: Math.min(...ys), north: Math.max(...ys) };
}

/** The nearest a flight goes: a wall of 1 u = 1 px shows about 700 m there. */
export const nearest = (u: number) => 17.4 + Math.log2(u);

/** The micro-grid of an incident, or a little of what lies about it where it has none. */
function boxAbout({ area, lngLat: [x, y] }: Pick<Incident, 'area' | 'lngLat'>, geometry: Geometry): Box {
  const place = area ? geometry.places.get(area) : undefined;
  return place ?? { west: x - BESIDE, east: x + BESIDE, south: y - BESIDE, north: y + BESIDE };
}

/** The middle of a centre's own street, where the camera begins without anything better. */
export const middleOf = ({ root: r }: Geometry): LngLat => (r ? [(r.west + r.east) / 2, (r.south + r.north) / 2] : [0, 0]);

const padding = (root: HTMLElement, u: number) => Math.min(14 * u, root.clientWidth / 12, root.clientHeight / 12);

/** Where the map looks first: the camera of the address, else the chosen incident, else the place shown. */
export function firstCamera({ camera, view, world }: MapViewProps, geometry: Geometry, root: HTMLElement, u: number): Partial<MapOptions> {
  if (camera) return { center: [camera.lng, camera.lat], zoom: camera.zoom };
  const incident = view.selection?.kind === 'incident' ? incidentOf(world, view.selection.id) : undefined;
  if (incident && root.clientWidth > 0)
    return { bounds: boundsOf(boxAbout(incident, geometry)), fitBoundsOptions: { padding: padding(root, u) * 6, maxZoom: nearest(u) } };
  const place = geometry.places.get(view.area) ?? geometry.root;
  if (!place || root.clientWidth === 0) return { center: [...middleOf(geometry)], zoom: 14 };
  return { bounds: boundsOf(place), fitBoundsOptions: { padding: padding(root, u) } };
}

/** Flights the page asks for. `flying` tells them from the visitor's own movements. */
export class Flights {
  flying = false;

  constructor(
    private readonly map: MapLibreMap,
    private readonly root: HTMLElement,
    private readonly now: () => { readonly geometry: Geometry; readonly u: number; readonly reducedMotion: boolean },
    private readonly onStart: () => void,
  ) {}

  toArea(code: AreaCode) {
    const place = this.now().geometry.places.get(code);
    if (place) this.to(place, place.parent === null ? 1 : 3);
  }

  /** 事件视图: to the micro-grid of an incident. */
  toIncident(i: Pick<Incident, 'area' | 'lngLat'>) {
    this.to(boxAbout(i, this.now().geometry), 6);
  }

  /** Something chosen elsewhere on the page: brought into view at the scale shown, if it is not there already. */
  toSight([lng, lat]: LngLat) {
    if (this.map.getBounds().contains([lng, lat])) return;
    const { reducedMotion } = this.now();
    this.flying = true;
    if (!reducedMotion) this.onStart();
    this.map.easeTo({ center: [lng, lat], duration: reducedMotion ? 0 : FLIGHT_MS, essential: true });
  }

  /** 跟随: what is followed in the middle again, gently; no movement where it hardly moved. */
  follow([lng, lat]: LngLat) {
    const { x, y } = this.map.project([lng, lat]);
    const { clientWidth: w, clientHeight: h } = this.root;
    if (this.map.isMoving() || Math.hypot(x - w / 2, y - h / 2) < FOLLOW_SLACK) return;
    this.flying = true;
    this.map.easeTo({ center: [lng, lat], duration: this.now().reducedMotion ? 0 : FOLLOW_MS, essential: true });
  }

  /** `room`: paddings left around the box */
  to(box: Box, room: number) {
    const { u, reducedMotion } = this.now();
    this.flying = true;
    if (!reducedMotion) this.onStart();
    this.map.fitBounds(boundsOf(box), {
      padding: padding(this.root, u) * room,
      maxZoom: nearest(u),
      duration: reducedMotion ? 0 : FLIGHT_MS,
      linear: true,
      essential: true,
    });
  }
}

/** North up, flat, no control of MapLibre's own; a wall may be wider than the 4096 px MapLibre stops at. */
export const mapOptions = (container: HTMLElement, title: string): MapOptions => ({
  container,
  attributionControl: false,
  maxCanvasSize: [16_384, 16_384],
  dragRotate: false,
  pitchWithRotate: false,
  maxPitch: 0,
  minZoom: 9,
  maxZoom: 21,
  fadeDuration: 0,
  renderWorldCopies: false,
  locale: { 'Map.Title': title },
  canvasContextAttributes: { antialias: true },
});
