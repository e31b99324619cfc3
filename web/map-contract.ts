import type { FeatureCollection, LineString, MultiPolygon, Point, Polygon } from 'geojson';
import type { AreaCode, LngLat } from '../model/brand.ts';
import type { World } from '../model/world.ts';
import type { Language } from './i18n/language.ts';
import type { LatestStore } from './store/latest.ts';

/**
 * What the wall page and the map agree on. The page owns what is selected and which place is shown; the map draws it,
 * pulls moving things from `units` by itself and reports what the visitor touched. Coordinates are [lng, lat], WGS-84.
 */

/** Properties of one area in the boundaries file. */
export interface BoundaryProperties {
  readonly code: string;
  readonly name: string;
  /** street | community | grid | micro | dedicated */
  readonly level: string;
  readonly parent: string | null;
  readonly households?: number;
  readonly people?: number;
}
export type Boundaries = FeatureCollection<Polygon | MultiPolygon, BoundaryProperties>;

/** `layer`: water, river, park, block, building, road, far, poi; the other properties depend on it. */
export type BasemapProperties = { readonly layer: string } & Readonly<Record<string, unknown>>;
export type Basemap = FeatureCollection<Polygon | MultiPolygon | LineString | Point, BasemapProperties>;

/** The geometry of the centre: two immutable files, fetched once by hash. A new version is a new object. */
export interface PlacesData {
  readonly boundaries: Boundaries;
  readonly basemap: Basemap;
}

export const layerKeys = ['incidents', 'units', 'sensors', 'cameras', 'density'] as const;
/** 在办事件 · 巡防力量 · 感知设备 · 视频 · 事件密度 */
export type LayerKey = (typeof layerKeys)[number];

export type Selection =
  | { readonly kind: 'incident'; readonly id: string }
  | { readonly kind: 'alarm'; readonly id: string }
  | { readonly kind: 'unit'; readonly id: string }
  | { readonly kind: 'sensor'; readonly id: string }
  | { readonly kind: 'camera'; readonly id: string }
  | { readonly kind: 'area'; readonly id: AreaCode };

export interface Camera {
  readonly lng: number;
  readonly lat: number;
  /** MapLibre zoom (512-px tiles) */
  readonly zoom: number;
}

/** 路线: the way of one unit to the chosen incident, from the unit on. A straight one is no way through the streets and is drawn as such. */
export interface MapRoute {
  readonly id: string;
  readonly path: readonly LngLat[];
  readonly by: 'road' | 'straight';
  /** at its beginning: who comes (网 周敏), and when and how far (1:15 150 m) */
  readonly head: string;
  readonly note: string;
}
/** 警戒 · 疏散: a circle of `metres` on the ground about a place. */
export interface MapRing {
  readonly id: string;
  readonly at: LngLat;
  readonly metres: number;
  readonly label: string;
}
/**
 * 圈选: while it is chosen, dragging draws a line around what is meant instead of moving the map. 测距: clicks set points whose distances are
 * written beside them; the map still moves.
 */
export type MapDrawing = 'lasso' | 'measure';
/** Metres of each stretch between two points, on the great circle, and of all together. */
export interface Measured {
  readonly stretches: readonly number[];
  readonly total: number;
}

/** 色块: places in five classes of a measure, in place of the density. They need not be of one level; null = nothing is known, left plain. */
export interface MapShade {
  readonly values: ReadonlyMap<AreaCode, number | null>;
  /** where the second to fifth class begin, ascending */
  readonly breaks: readonly [number, number, number, number];
  /** which end of the measure is drawn brightest */
  readonly bright: 'low' | 'high';
  /** what is shown, and the five steps in words from the dimmest to the brightest */
  readonly legend: { readonly title: string; readonly steps: readonly string[] };
  /** the measure of a place in words, for its tip */
  readonly tell: (area: AreaCode) => string;
}

/**
 * 轨迹 of the last while: where a unit was, oldest first. `at` epoch ms, lng/lat 1e-7 degrees; `legs`: where a stretch begins after a
 * silence, to which no line is drawn. Arrays are not changed in place.
 */
export interface MapTrail {
  readonly unit: string;
  readonly at: readonly number[];
  readonly lng: readonly number[];
  readonly lat: readonly number[];
  readonly legs: readonly number[];
}
/** Ways that fade with age: what is `spanMs` old is no longer drawn. */
export interface MapTrails {
  readonly spanMs: number;
  readonly trails: readonly MapTrail[];
}

/** One unit's way: a line for each leg, and for each of its stretches (one fewer than points) the class of its speed (`speedClasses`). */
export interface MapTrack {
  readonly unit: string;
  /** 0, 1, 2 …: which shade and stroke */
  readonly tone: number;
  readonly legs: readonly { readonly points: readonly LngLat[]; readonly classes: readonly number[] }[];
}
export interface MapHead {
  readonly unit: string;
  readonly at: LngLat;
  /** one character within the mark, and the name beside it */
  readonly mark: string;
  readonly label: string;
  /** in a silence: where it was last heard */
  readonly silent: boolean;
}
/** 轨迹回放: ways of a time gone by, drawn whole; `heads` says where everybody is at the player's moment, each time a listener is called. */
export interface MapTracks {
  readonly tracks: readonly MapTrack[];
  readonly by: 'unit' | 'speed';
  readonly stops: readonly { readonly unit: string; readonly at: LngLat; readonly label: string }[];
  readonly chosen: string | null;
  /** kept in the middle until the visitor drags the map */
  readonly follow: string | null;
  readonly onFollowEnd: () => void;
  readonly heads: () => readonly MapHead[];
  readonly subscribe: (listener: () => void) => () => void;
}

export interface MapViewState {
  /** the place shown: the street, or a community, grid or micro-grid drilled into */
  readonly area: AreaCode;
  readonly selection: Selection | null;
  readonly layers: Readonly<Record<LayerKey, boolean>>;
  /** what a panel row points at, to be raised on the map; not yet chosen */
  readonly hover: Selection | null;
}

export interface MapViewProps {
  readonly places: PlacesData;
  readonly world: World;
  readonly units: LatestStore;
  /** what cameras last said: online or not; one that is not in it never said */
  readonly cameras?: ReadonlyMap<string, boolean>;
  readonly view: MapViewState;
  /** epoch ms of the moment shown, by the server's clock; stands still while disconnected */
  readonly now: () => number;
  readonly theme: 'dark' | 'light';
  readonly language: Language;
  readonly reducedMotion: boolean;
  /** where to look first, from the address; null = fit `view.area` */
  readonly camera: Camera | null;
  /** the data is not live (cut off or replayed): fade what moves, start no new motion */
  readonly stale: boolean;
  /** null = the visitor clicked empty ground */
  readonly onSelect: (selection: Selection | null) => void;
  readonly onDrill: (area: AreaCode) => void;
  /** after a movement of the visitor's own has ended, not for flights the page asked for */
  readonly onCamera: (camera: Camera) => void;
  readonly onHover?: (selection: Selection | null, at: LngLat | null) => void;
  /** 告警 in the page's words: first line and details of its tip; null when it is no longer there */
  readonly tellAlarm?: (id: string) => readonly [head: string, details: string] | null;
  /** where units stood at a moment that is only pointed at */
  readonly ghosts?: readonly LngLat[];
  readonly routes?: readonly MapRoute[];
  readonly rings?: readonly MapRing[];
  readonly shade?: MapShade | null;
  readonly trails?: MapTrails | null;
  readonly tracks?: MapTracks | null;
  /** 跟随: the unit kept in the middle until the visitor moves the map, which `onFollowEnd` tells */
  readonly follow?: string | null;
  readonly onFollowEnd?: () => void;
  readonly drawing?: MapDrawing | null;
  /** a ring of at least three points, not closed; null = drawing was given up (Escape, or a line too short to hold anything) */
  readonly onLasso?: (polygon: readonly LngLat[] | null) => void;
  /** after every point; null = measuring was given up (Escape) */
  readonly onMeasure?: (measured: Measured | null) => void;
  /** 此处由谁负责: right click, long press, or Shift+F10 (the middle of the map). `screen`: px within the map. */
  readonly onAsk?: (at: LngLat, screen: readonly [x: number, y: number]) => void;
}
