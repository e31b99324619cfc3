import type { GeoJSONSource, Map as MapLibreMap } from 'maplibre-gl';
import { STATUS_ONLINE } from '../../model/frame.ts';
import { incidentOf } from '../../model/world.ts';
import type { MapViewProps } from '../map-contract.ts';
import { densityOf } from './density.ts';
import { cameraFeatures, devicePicture, sensorFeatures } from './layers/devices.ts';
import { Shading } from './shade.ts';
import { type Geometry, mapStyle, outside } from './style.ts';
import type { Tokens } from './tokens.ts';

/** What the ground must know of the scene at the moment it is drawn. */
export interface GroundView {
  readonly props: MapViewProps;
  readonly geometry: Geometry;
  readonly tokens: Tokens;
}

/**
 * 底图: what MapLibre itself draws: places with their density or shade, the outline of the chosen one, and devices.
 * While a style is being loaded nothing is written: `loaded` writes all of it.
 */
export class Ground {
  /** the style is there, with its sources and layers */
  styled = false;
  /** which sensors were offline when they were last drawn */
  private offline = 0;
  /** the only micro-grid not darkened; '' = none is */
  private lit = '';
  // what MapLibre was told last: told the same again, it would draw the whole map again
  private chosen: string | null = null;
  private density: ReadonlyMap<string, number> = new Map();
  private readonly shading = new Shading();

  constructor(
    private readonly map: MapLibreMap,
    private readonly root: HTMLElement,
    private readonly now: () => GroundView,
  ) {
    map.setMissingStyleImageResolver((id) => {
      const ratio = map.getPixelRatio();
      const image = devicePicture(id, this.now().tokens, ratio);
      if (image && !map.hasImage(id)) map.addImage(id, image, { pixelRatio: ratio });
    });
  }

  /** Colours, sizes or geometry as they are now: the whole style again. */
  restyle() {
    const { props, geometry, tokens } = this.now();
    this.styled = false;
    this.map.setStyle(mapStyle(geometry, tokens, props.view.layers), { diff: false });
  }

  /** A new style is there and knows nothing yet. */
  loaded() {
    this.styled = true;
    this.lit = '';
    this.chosen = null;
    this.density = new Map();
    this.shading.forget();
    this.drawDensity();
    this.drawShade();
    this.drawDevices();
    this.drawChosen();
    this.drawVisibility();
  }

  drawVisibility() {
    if (!this.styled) return;
    const { view, shade } = this.now().props;
    const shown = { ...view.layers, density: view.layers.density && !shade };
    for (const key of ['sensors', 'cameras', 'density'] as const)
      this.map.setLayoutProperty(key, 'visibility', shown[key] ? 'visible' : 'none');
  }

  drawShade() {
    if (!this.styled) return;
    const { shade } = this.now().props;
    this.shading.draw(this.map, shade ?? null);
    this.root.dataset.shaded = String(shade?.values.size ?? 0);
  }

  drawDensity() {
    if (!this.styled) return;
    const { level } = densityOf(this.now().props.world);
    for (const [code, q] of level) if (this.density.get(code) !== q) this.map.setFeatureState({ source: 'areas', id: code }, { q });
    this.density = level;
  }

  drawDevices() {
    if (!this.styled) return;
    const { world, cameras, units } = this.now().props;
    this.offline = this.offlineMark();
    this.source('sensors')?.setData(sensorFeatures(world.sensors.values(), (ix) => isOffline(units, ix)));
    this.source('cameras')?.setData(cameraFeatures(world.cameras.values(), cameras));
  }

  /** The outline of the chosen place: an area, the micro-grid of the chosen incident, or the place drilled into. */
  drawChosen() {
    if (!this.styled) return;
    const { props, geometry } = this.now();
    const { view, world, places } = props;
    const s = view.selection;
    const place =
      s?.kind === 'area'
        ? s.id
        : s?.kind === 'incident'
          ? incidentOf(world, s.id)?.area
          : view.area === geometry.root?.code
            ? null
            : view.area;
    if ((place ?? '') !== this.chosen) {
      this.chosen = place ?? '';
      this.map.setFilter('area-chosen', ['==', ['get', 'code'], this.chosen]);
    }
    const lit = s?.kind === 'incident' ? (place ?? '') : '';
    if (lit === this.lit) return;
    this.lit = lit;
    this.source('shade')?.setData(outside(places.boundaries, lit));
  }

  /** Other sensors are offline than when they were last drawn. */
  get devicesDiffer(): boolean {
    return this.offlineMark() !== this.offline;
  }
  /** A number that is another when other sensors are offline. */
  private offlineMark(): number {
    const { units } = this.now().props;
    let mark = 0;
    for (let ix = 0; ix < units.sensorCount; ix++) if (isOffline(units, ix)) mark = (Math.imul(mark, 31) + ix + 1) | 0;
    return mark;
  }
  private source(id: string): GeoJSONSource | undefined {
    return this.map.getSource<GeoJSONSource>(id);
  }
}

function isOffline(units: MapViewProps['units'], ix: number): boolean {
  return ix < units.sensorCount && (units.valueAt[ix] as number) > 0 && !((units.sensorStatus[ix] as number) & STATUS_ONLINE);
}
