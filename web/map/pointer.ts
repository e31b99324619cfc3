import type { Map as MapLibreMap } from 'maplibre-gl';
import { type AreaCode, areaCode, type LngLat } from '../../model/brand.ts';
import { treeOf } from '../../model/world.ts';
import type { MapViewProps, Selection } from '../map-contract.ts';
import { boxOf, type Flights, nearest } from './camera.ts';
import { drillTarget } from './drill.ts';
import { alarmsOf, type DeviceSpot, type Fan } from './marks/devices.ts';
import type { Layout } from './marks/layout.ts';
import type { Tip } from './tip.ts';
import { tipOf } from './tip-text.ts';
import type { UnitsOverlay } from './units/units-overlay.ts';

/** What the pointer must know of the scene at the moment it is used. */
export interface Pointed {
  readonly props: MapViewProps;
  readonly layout: Layout;
  readonly styled: boolean;
  readonly u: number;
  readonly width: number;
  readonly height: number;
  readonly project: (at: LngLat) => readonly [number, number];
}
/** A press held this long asks who answers, ms. */
const LONG_PRESS_MS = 550;
/** … if the finger did not move further than this, px. */
const LONG_PRESS_SLIP = 8;

/** Clicks, hovering and asking on the map. */
export class Pointer {
  private hovered: AreaCode | null = null;
  private hoverKey = '';
  private press: ReturnType<typeof setTimeout> | null = null;
  /** a long press has asked already: the click that follows is part of it */
  private asked = false;

  constructor(
    private readonly map: MapLibreMap,
    private readonly now: () => Pointed,
    private readonly units: UnitsOverlay,
    private readonly tip: Tip,
    private readonly flights: Flights,
    /** open a cluster of sensors where it stands; null = close it */
    private readonly onFan: (fan: Fan | null) => void,
  ) {
    map.on('click', (e) => this.click(e.point.x, e.point.y));
    map.on('mousemove', (e) => this.hover(e.point.x, e.point.y, [e.lngLat.lng, e.lngLat.lat]));
    map.on('mouseout', () => this.hover(-1, -1, null));
    map.on('contextmenu', (e) => {
      e.preventDefault();
      if (!this.asked) this.ask(e.point.x, e.point.y);
    });
    map.on('touchstart', (e) => {
      this.release();
      this.asked = false;
      if (e.points.length !== 1) return;
      const { x, y } = e.point;
      this.press = setTimeout(() => {
        this.asked = true;
        this.ask(x, y);
      }, LONG_PRESS_MS);
      this.from = [x, y];
    });
    map.on('touchmove', (e) => {
      if (Math.hypot(e.point.x - this.from[0], e.point.y - this.from[1]) > LONG_PRESS_SLIP) this.release();
    });
    map.on('touchend', () => this.release());
    map.on('touchcancel', () => this.release());
    map.getCanvas().addEventListener('keydown', (e) => {
      if (!(e.key === 'ContextMenu' || (e.key === 'F10' && e.shiftKey))) return;
      e.preventDefault();
      const { width, height } = this.now();
      this.ask(width / 2, height / 2);
    });
  }
  private from: [number, number] = [0, 0];

  private release() {
    if (this.press) clearTimeout(this.press);
    this.press = null;
  }

  private ask(x: number, y: number) {
    const { lng, lat } = this.map.unproject([x, y]);
    this.tip.hide();
    this.now().props.onAsk?.([lng, lat], [x, y]);
  }

  /** What lies under a screen point, topmost first: incident, abnormal sensor, unit, device. */
  private at(x: number, y: number): { selection: Selection; members?: readonly LngLat[]; spot?: DeviceSpot } | null {
    const { layout, u, project, styled, width, height } = this.now();
    const near = layout.clusters
      .map((c) => ({ c, d: Math.hypot(...sub(project(c.head.mark.lngLat), [x, y])) }))
      .filter(({ d }) => d < 22 * u)
      .sort((a, b) => a.d - b.d)[0]?.c;
    if (near)
      return {
        selection: { kind: 'incident', id: near.head.id },
        ...(near.members.length > 1 ? { members: near.members.map((m) => m.mark.lngLat) } : {}),
      };
    const spot = layout.devices
      .map((s) => {
        const [sx, sy] = project(s.at);
        return { s, d: Math.hypot(sx + s.offset[0] * u - x, sy + s.offset[1] * u - y) };
      })
      .filter(({ d }) => d < 12 * u)
      .sort((a, b) => a.d - b.d)[0]?.s;
    if (spot)
      return {
        selection: { kind: 'alarm', id: spot.head.alarm },
        spot,
        ...(spot.members.length > 1 ? { members: spot.members.map((m) => m.lngLat) } : {}),
      };
    const { lng, lat } = this.map.getCenter();
    const unit = this.units.pick({ lng, lat, zoom: this.map.getZoom(), width, height }, x, y, 12 * u);
    if (unit) return { selection: { kind: 'unit', id: unit } };
    if (!styled) return null;
    const r = 7 * u;
    const hits = this.map.queryRenderedFeatures(
      [
        [x - r, y - r],
        [x + r, y + r],
      ],
      { layers: ['sensors', 'cameras'] },
    );
    const hit = hits.sort((a, b) => Number(b.properties.rank) - Number(a.properties.rank))[0];
    if (!hit) return null;
    const id = String(hit.properties.id);
    return { selection: { kind: hit.layer.id === 'cameras' ? 'camera' : 'sensor', id } };
  }

  private areasAt(x: number, y: number): AreaCode[] {
    if (!this.now().styled) return [];
    return this.map.queryRenderedFeatures([x, y], { layers: ['area-hover'] }).map((f) => areaCode(String(f.properties.code)));
  }

  private click(x: number, y: number) {
    if (this.asked) {
      this.asked = false;
      return;
    }
    const { props } = this.now();
    if (props.drawing === 'measure') return; // the click sets a point
    const hit = this.at(x, y);
    if (hit?.members && this.spread(hit.members)) return;
    if (hit?.spot && hit.members) return this.onFan({ at: hit.spot.at, ids: new Set(hit.spot.members.map((m) => m.id)) });
    if (!hit?.spot?.fanned) this.onFan(null);
    if (hit) return props.onSelect(hit.selection);
    const target = drillTarget(treeOf(props.world), props.view.area, this.areasAt(x, y));
    if (target) props.onDrill(target);
    else props.onSelect(null);
  }

  /** Open a cluster by going nearer; false when its members stand on one spot or the map is as near as it goes. */
  private spread(members: readonly LngLat[]): boolean {
    const box = boxOf(members);
    if (!box || Math.max(box.east - box.west, box.north - box.south) < 5e-5) return false;
    if (this.map.getZoom() > nearest(this.now().u) - 0.05) return false; // a flight goes no nearer
    this.flights.to(box, 8);
    return true;
  }

  private hover(x: number, y: number, at: LngLat | null) {
    const { props, styled, u } = this.now();
    const measuring = props.drawing === 'measure';
    const hit = at && !measuring ? this.at(x, y) : null;
    const area = at && !hit && !measuring ? (drillTarget(treeOf(props.world), props.view.area, this.areasAt(x, y)) ?? null) : null;
    if (area !== this.hovered && styled) {
      if (this.hovered) this.map.setFeatureState({ source: 'areas', id: this.hovered }, { hover: false });
      if (area) this.map.setFeatureState({ source: 'areas', id: area }, { hover: true });
      this.hovered = area;
    }
    const selection: Selection | null = hit?.selection ?? (area ? { kind: 'area', id: area } : null);
    this.map.getCanvas().style.cursor = selection ? 'pointer' : '';
    const tip = selection ? tipOf(selection, props, hit?.spot ? alarmsOf(hit.spot) : (hit?.members?.length ?? 1)) : null;
    if (tip && at) this.tip.show(x, y, tip[0], tip[1], u);
    else this.tip.hide();
    const key = hit ? `${hit.selection.kind} ${hit.selection.id}` : '';
    if (key !== this.hoverKey) {
      this.hoverKey = key;
      props.onHover?.(hit?.selection ?? null, at);
    }
  }
}

const sub = (a: readonly [number, number], b: readonly [number, number]): [number, number] => [a[0] - b[0], a[1] - b[1]];
