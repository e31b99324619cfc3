import { type GeoJSONSource, Map as MapLibreMap, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import { partsOfAlarm } from '../../model/alarm.ts';
import { shortName } from '../../model/area.ts';
import type { AreaCode, LngLat } from '../../model/brand.ts';
import { STATUS_ONLINE } from '../../model/frame.ts';
import { shortTitle } from '../../model/incident-name.ts';
import { incidentOf, treeOf } from '../../model/world.ts';
import type { MapViewProps, Selection } from '../map-contract.ts';
import { Flights, firstCamera, mapOptions, middleOf } from './camera.ts';
import { densityOf } from './density.ts';
import { fontsFor } from './fonts.ts';
import { Ghosts } from './ghosts.ts';
import { Lasso } from './lasso.ts';
import { type DeviceMark, deviceMarks } from './layers/alarms.ts';
import { cameraFeatures, devicePicture, sensorFeatures } from './layers/devices.ts';
import { type IncidentMark, incidentMarks } from './layers/incidents.ts';
import type { Fan } from './marks/devices.ts';
import type { Rect } from './marks/geometry.ts';
import { type Layout, layoutMarks, type NameWish } from './marks/layout.ts';
import { MarksView } from './marks/marks-view.ts';
import { SosView } from './marks/sos-view.ts';
import { Measure } from './measure.ts';
import { Pointer } from './pointer.ts';
import { ScaleView } from './scale-bar.ts';
import { Shading } from './shade.ts';
import { type Geometry, geometryOf, mapStyle, outside } from './style.ts';
import { throttle } from './throttle.ts';
import { Tip } from './tip.ts';
import { readTokens, sameTokens, type Tokens } from './tokens.ts';
import { TracksView } from './tracks-view.ts';
import { inDistress, unitLooks } from './units/looks.ts';
import { UnitsOverlay } from './units/units-overlay.ts';
import { duration, words } from './words.ts';

setWorkerUrl(workerUrl);

/** No GeoJSON source is given new data more often than this (ms): the worker must keep up. */
const DATA_MS = 500;
const CLOCK_MS = 1000;
/** Community names give way to grid names from this zoom (at 1 u = 1 px). */
const NAMES_UNTIL = 16.6;
const MANY_UNITS = 2000;

/**
 * The map behind MapView: made once, then told of new props by `update`. Geometry, devices and density are MapLibre's,
 * units are drawn by their own overlay, incidents and names by an SVG; nothing here renders through React.
 */
export class MapScene {
  private readonly map: MapLibreMap;
  private readonly marks: MarksView;
  private readonly scale: ScaleView;
  private readonly tip: Tip;
  private readonly tracks: TracksView;
  private readonly units: UnitsOverlay;
  private geometry: Geometry;
  private tokens: Tokens;
  private layout: Layout = { clusters: [], devices: [], labels: [], names: [] };
  private fan: Fan | null = null;
  private abnormal: { of: unknown; marks: readonly DeviceMark[] } = { of: null, marks: [] };
  /** which sensors were offline when they were last drawn */
  private offline = 0;
  private styled = false;
  private drawnUnits = false;
  private readonly flights: Flights;
  private readonly lasso: Lasso;
  private readonly measure: Measure;
  private readonly sos: SosView;
  private readonly ghosts: Ghosts;
  private readonly shading = new Shading();
  private unfollow: () => void;
  private looksAt = 0;
  /** the only micro-grid not darkened; '' = none is */
  private lit = '';
  private readonly observer: ResizeObserver;
  private readonly clock: ReturnType<typeof setInterval>;
  private readonly refreshDevices = throttle(DATA_MS, () => this.drawDevices());
  private readonly refreshMarks = throttle(DATA_MS, () => this.relayout());
  private readonly refreshStyle = throttle(200, () => this.restyle());

  constructor(
    private readonly root: HTMLElement,
    private props: MapViewProps,
  ) {
    this.setState('loading');
    root.dataset.theme = props.theme;
    this.tokens = readTokens(root, props.theme);
    this.geometry = geometryOf(props.places);
    const canvas = document.createElement('div');
    canvas.className = 'map-canvas';
    root.append(canvas);
    this.map = new MapLibreMap({
      ...mapOptions(canvas, words(props.language).map),
      ...firstCamera(props, this.geometry, canvas, this.tokens.u),
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.setStyle(mapStyle(this.geometry, this.tokens, props.view.layers), { diff: false });
    this.marks = new MarksView(root);
    this.scale = new ScaleView(root);
    this.tip = new Tip(root);
    this.tracks = new TracksView(this.map, root, (at) => this.project(at));
    this.units = new UnitsOverlay(
      this.map,
      props.units,
      middleOf(this.geometry),
      this.tokens,
      () => this.props.now(),
      (m) => this.fail(m),
    );
    this.units.scene.onDrawn = () => {
      this.drawnUnits = true;
      root.dataset.stretches = String(this.units.scene.traces.segments);
    };
    this.flights = new Flights(
      this.map,
      root,
      () => ({ geometry: this.geometry, u: this.tokens.u, reducedMotion: this.props.reducedMotion }),
      () => this.setState('loading'),
    );
    new Pointer(
      this.map,
      () => this.pointed(),
      this.units,
      this.tip,
      this.flights,
      (fan) => this.openFan(fan),
    );
    this.lasso = new Lasso(
      root,
      (x, y) => {
        const { lng, lat } = this.map.unproject([x, y]);
        return [lng, lat];
      },
      (polygon) => this.props.onLasso?.(polygon),
    );
    this.measure = new Measure(
      root,
      () => {
        const { lng, lat } = this.map.getCenter();
        return [lng, lat];
      },
      (measured) => this.props.onMeasure?.(measured),
      () => this.place(),
    );
    this.sos = new SosView(this.marks.svg);
    this.ghosts = new Ghosts(root);
    this.unfollow = props.units.subscribe(() => this.followUnit());
    this.listen();
    this.observer = new ResizeObserver(() => this.refreshStyle());
    this.observer.observe(root);
    this.clock = setInterval(() => this.tick(), CLOCK_MS);
    void fontsFor(this.allText()).then(() => {
      this.units.setTokens(this.tokens);
      this.relayout();
    });
    this.apply(null);
  }

  update(props: MapViewProps) {
    const before = this.props;
    this.props = props;
    if (props.places !== before.places) {
      this.geometry = geometryOf(props.places);
      this.restyle(true);
      void fontsFor(this.allText()).then(() => this.relayout());
    }
    if (props.units !== before.units) {
      this.unfollow();
      this.unfollow = props.units.subscribe(() => this.followUnit());
    }
    if (props.theme !== before.theme) {
      this.root.dataset.theme = props.theme;
      this.restyle();
    }
    this.apply(before);
  }

  remove() {
    clearInterval(this.clock);
    for (const t of [this.refreshDevices, this.refreshMarks, this.refreshStyle]) t.cancel();
    this.observer.disconnect();
    this.unfollow();
    this.measure.remove();
    this.tracks.remove();
    this.units.remove();
    this.map.remove();
    this.root.replaceChildren();
  }

  /** Bring everything that depends on props up to date; `before` null = all of it. */
  private apply(before: MapViewProps | null) {
    const { props } = this;
    const { world, view } = props;
    this.root.dataset.motion = props.reducedMotion ? 'reduce' : 'full';
    this.root.dataset.stale = String(props.stale);
    this.units.glide = !props.reducedMotion;
    if (before?.stale !== props.stale) this.units.setStale(props.stale);
    this.units.setSource(props.units);
    this.units.setVisible(view.layers.units);
    this.units.setUnits(world.units, unitOf(view.selection) ?? unitOf(view.hover));
    this.units.setTrails(props.trails ?? null);
    this.tracks.set(props.tracks ?? null);
    const layersChanged = before?.view.layers !== view.layers;
    if (layersChanged || (['patrols', 'units', 'alarms', 'centre'] as const).some((k) => before.world[k] !== world[k]))
      this.drawLooks(true);
    if (layersChanged || !before.shade !== !props.shade) this.drawVisibility();
    if (before?.shade !== props.shade) this.drawShade();
    if (before?.world.incidents !== world.incidents || before?.world.areas !== world.areas) this.drawDensity();
    if (before?.world.sensors !== world.sensors || before?.world.cameras !== world.cameras || before?.cameras !== props.cameras)
      this.refreshDevices();
    if (before?.world.incidents !== world.incidents || before?.world.alarms !== world.alarms || before?.language !== props.language)
      this.refreshMarks();
    if (before && (before.view.selection !== view.selection || before.view.hover !== view.hover || before.view.layers !== view.layers))
      this.relayout();
    if (this.ghosts.set(props.ghosts ?? [])) this.ghosts.place(this.project, this.tokens.u);
    this.drawChosen();
    this.lasso.set(props.drawing === 'lasso');
    this.measure.set(props.drawing === 'measure');
    this.root.dataset.drawing = props.drawing ?? '';
    if (props.follow && props.follow !== before?.follow) this.followUnit();
    if (before?.routes !== props.routes || before?.rings !== props.rings) {
      this.marks.ways.set(props.routes ?? [], props.rings ?? []);
      this.place();
    }
    if (before === null) return;
    const chosen = chosenIncident(view.selection);
    if (view.area !== before.view.area) this.flights.toArea(view.area);
    else if (chosen !== chosenIncident(before.view.selection)) this.flyToIncident(chosen);
    else if (view.selection !== before.view.selection) this.showDevice(view.selection);
  }

  /** The followed unit in the middle; where it was never seen there is nothing to follow. */
  private followUnit() {
    const { follow } = this.props;
    const at = follow ? this.units.placeOf(follow) : undefined;
    if (at) this.flights.follow(at);
  }

  private showDevice(selection: Selection | null) {
    const unit = unitOf(selection);
    const at = unit === null ? undefined : this.units.placeOf(unit);
    if (at) this.flights.toSight(at);
    const { alarms, sensors, cameras } = this.props.world;
    const of = { alarm: alarms, sensor: sensors, camera: cameras };
    const place = selection && selection.kind in of ? of[selection.kind as keyof typeof of].get(selection.id) : undefined;
    if (place) this.flights.toSight(place.lngLat);
  }

  private listen() {
    const { map } = this;
    map.on('style.load', () => {
      this.styled = true;
      this.tracks.restyle(this.tokens);
      this.lit = '';
      this.shading.forget();
      this.drawDensity();
      this.drawShade();
      this.drawDevices();
      this.drawChosen();
      this.drawVisibility();
    });
    map.setMissingStyleImageResolver((id) => {
      const ratio = map.getPixelRatio();
      const image = devicePicture(id, this.tokens, ratio);
      if (image && !map.hasImage(id)) map.addImage(id, image, { pixelRatio: ratio });
    });
    map.on('webglcontextlost', () => {
      this.styled = false;
      this.tracks.lost();
      this.setState('loading');
    });
    map.on('webglcontextrestored', () => this.restyle(true));
    map.on('error', (e) => this.fail(e.error?.message ?? 'map error'));
    map.on('move', () => this.place());
    map.on('movestart', (e) => {
      this.tip.hide();
      // a visitor who drags the map or moves it by keys wants to look elsewhere; nearer and farther is not elsewhere
      const moved = e.originalEvent as Event | undefined;
      if (this.props.follow && (moved instanceof KeyboardEvent ? moved.key.startsWith('Arrow') : moved && moved.type !== 'wheel'))
        this.props.onFollowEnd?.();
    });
    map.on('click', (e) => this.measure.on && this.measure.add([e.lngLat.lng, e.lngLat.lat]));
    map.on('mousemove', (e) => this.measure.on && this.measure.hover([e.lngLat.lng, e.lngLat.lat]));
    map.on('mouseout', () => this.measure.on && this.measure.hover(null));
    map.on('zoomstart', () => this.openFan(null));
    map.on('moveend', (e) => {
      this.relayout();
      const own = this.flights.flying;
      this.flights.flying = false;
      if (!own && e.originalEvent) this.report();
    });
    map.on('idle', () => {
      if (this.drawnUnits) this.setState('idle');
      else this.units.redraw(2);
    });
  }

  // — camera —

  /** To the chosen incident; back to the shown place when the choice is undone. */
  private flyToIncident(id: string | null) {
    if (id === null) return this.flights.toArea(this.props.view.area);
    const incident = incidentOf(this.props.world, id);
    if (incident) this.flights.toIncident(incident);
  }

  private report() {
    const c = this.map.getCenter();
    this.props.onCamera({ lng: c.lng, lat: c.lat, zoom: this.map.getZoom() });
  }

  private pointed() {
    const { props, layout, styled, project } = this;
    return { props, layout, styled, project, u: this.tokens.u, width: this.root.clientWidth, height: this.root.clientHeight };
  }

  private readonly project = (at: LngLat): readonly [number, number] => {
    const p = this.map.project([at[0], at[1]]);
    return [p.x, p.y];
  };

  // — what is drawn —

  private setState(state: 'idle' | 'loading' | 'error') {
    this.root.dataset.mapState = state;
  }

  private fail(message: string) {
    this.root.dataset.mapError = message;
    this.setState('error');
  }

  /** New colours, sizes or geometry: the whole style again. */
  private restyle(force = false) {
    const tokens = readTokens(this.root, this.props.theme);
    const same = sameTokens(tokens, this.tokens);
    this.tokens = tokens;
    if (!same || force) {
      this.styled = false;
      this.tracks.lost();
      this.setState('loading');
      this.map.setStyle(mapStyle(this.geometry, tokens, this.props.view.layers), { diff: false });
      this.units.setTokens(tokens);
    }
    this.units.redraw(3);
    this.relayout();
  }

  private drawVisibility() {
    if (!this.styled) return;
    const { layers } = this.props.view;
    const shown = { ...layers, density: layers.density && !this.props.shade };
    for (const key of ['sensors', 'cameras', 'density'] as const)
      this.map.setLayoutProperty(key, 'visibility', shown[key] ? 'visible' : 'none');
  }

  private drawShade() {
    if (!this.styled) return;
    this.shading.draw(this.map, this.props.shade ?? null);
    this.root.dataset.shaded = String(this.props.shade?.values.size ?? 0);
  }

  /** What is unusual about units; counted anew every second, of very many every five. */
  private drawLooks(due = false) {
    const { world, units, now } = this.props;
    const at = now();
    if (!due && Math.abs(at - this.looksAt) < (world.units.size > MANY_UNITS ? 5000 : 1000)) return;
    this.looksAt = at;
    const looks = unitLooks(world, units, at);
    this.units.setLooks(looks);
    this.sos.set(this.props.view.layers.units ? inDistress(world.units, looks) : []);
  }

  private drawDensity() {
    if (!this.styled) return;
    const { level } = densityOf(this.props.world);
    for (const [code, q] of level) this.map.setFeatureState({ source: 'areas', id: code }, { q });
  }

  private drawDevices() {
    if (!this.styled) return;
    const { world } = this.props;
    this.offline = this.offlineMark();
    this.source('sensors')?.setData(sensorFeatures(world.sensors.values(), (ix) => this.isOffline(ix)));
    this.source('cameras')?.setData(cameraFeatures(world.cameras.values(), this.props.cameras));
  }

  private isOffline(ix: number): boolean {
    const { units } = this.props;
    return ix < units.sensorCount && (units.valueAt[ix] as number) > 0 && !((units.sensorStatus[ix] as number) & STATUS_ONLINE);
  }
  /** A number that is another when other sensors are offline. */
  private offlineMark(): number {
    let mark = 0;
    for (let ix = 0; ix < this.props.units.sensorCount; ix++) if (this.isOffline(ix)) mark = (Math.imul(mark, 31) + ix + 1) | 0;
    return mark;
  }

  private tick() {
    if (this.offlineMark() !== this.offline) this.refreshDevices();
    this.drawLooks();
    this.relayout();
  }

  private openFan(fan: Fan | null) {
    if (fan === this.fan) return;
    this.fan = fan;
    this.relayout();
  }

  /** Sensors that are not in order; made anew only when alarms have changed. */
  private devices(): readonly DeviceMark[] {
    const { alarms } = this.props.world;
    if (this.abnormal.of !== alarms) this.abnormal = { of: alarms, marks: deviceMarks(alarms.values()) };
    return this.abnormal.marks;
  }

  private source(id: string): GeoJSONSource | undefined {
    return this.map.getSource<GeoJSONSource>(id);
  }

  /** The outline of the chosen place: an area, the micro-grid of the chosen incident, or the place drilled into. */
  private drawChosen() {
    if (!this.styled) return;
    const { view, world } = this.props;
    const s = view.selection;
    const place =
      s?.kind === 'area'
        ? s.id
        : s?.kind === 'incident'
          ? incidentOf(world, s.id)?.area
          : view.area === this.geometry.root?.code
            ? null
            : view.area;
    this.map.setFilter('area-chosen', ['==', ['get', 'code'], place ?? '']);
    const lit = s?.kind === 'incident' ? (place ?? '') : '';
    if (lit === this.lit) return;
    this.lit = lit;
    this.source('shade')?.setData(outside(this.props.places.boundaries, lit));
  }

  private raisedIncidents(): Set<string> {
    const { selection, hover } = this.props.view;
    return new Set([chosenIncident(selection), chosenIncident(hover)].filter((id): id is string => id !== null));
  }

  private incidents(): IncidentMark[] {
    const { world, language, now } = this.props;
    return incidentMarks(world.incidents.values(), now(), this.raisedIncidents(), (i) => shortTitle(i, world.centre, language));
  }

  private readonly timeOf = (i: IncidentMark) => {
    const w = words(this.props.language);
    return i.left === null ? '' : `${i.overdue ? w.over : i.stopped ? w.stopped : w.left} ${duration(i.left)}`;
  };

  private names(): NameWish[] {
    const { world, language } = this.props;
    if (this.map.getZoom() > NAMES_UNTIL + Math.log2(this.tokens.u)) return [];
    const tree = treeOf(world);
    const open = new Map<AreaCode, number>();
    for (const i of world.incidents.values()) {
      const code = i.area ? tree.at(i.area, 'community')?.code : undefined;
      if (code) open.set(code, (open.get(code) ?? 0) + 1);
    }
    return [...this.geometry.places.values()]
      .filter((p) => p.level === 'community')
      .map((p) => ({ code: p.code, name: shortName(p.name), note: words(language).open(open.get(p.code) ?? 0), inside: p.inside }));
  }

  /** Where everything goes on the screen as it is now. */
  private relayout() {
    const { view } = this.props;
    const { u } = this.tokens;
    this.layout = layoutMarks({
      incidents: view.layers.incidents ? this.incidents() : [],
      names: this.names(),
      devices: view.layers.sensors ? this.devices() : [],
      fan: this.fan,
      keepOut: [...this.keepOut(), ...this.marks.ways.taken],
      project: this.project,
      width: this.root.clientWidth,
      height: this.root.clientHeight,
      u,
      time: this.timeOf,
    });
    const raised = {
      chosen: chosenIncident(view.selection),
      hover: chosenIncident(view.hover),
      device: { chosen: sensorOf(view.selection), hover: sensorOf(view.hover) },
    };
    this.marks.draw(this.layout, raised, u);
    this.place();
  }

  /** What lies over the map: our own scale, and whatever the page marks with `data-map-keepout`. */
  private keepOut(): Rect[] {
    const own = this.root.getBoundingClientRect();
    return [this.scale.element, ...document.querySelectorAll('[data-map-keepout]')].map((e) => {
      const r = e.getBoundingClientRect();
      return { x: r.left - own.left, y: r.top - own.top, w: r.width, h: r.height };
    });
  }

  private place() {
    this.marks.place(this.project, this.map.getZoom(), this.tokens.u, [this.root.clientWidth, this.root.clientHeight]);
    this.ghosts.place(this.project, this.tokens.u);
    this.tracks.place(this.tokens.u);
    this.measure.place({ project: this.project, u: this.tokens.u });
    this.sos.place((unit) => this.units.placeOf(unit), this.project, this.tokens.u, this.root.clientWidth);
    this.scale.draw(this.props.world.centre?.boundaryNote ?? '', this.map.getCenter().lat, this.map.getZoom(), this.tokens.u);
  }

  private allText() {
    return `${[...this.geometry.places.values()].map((p) => p.name).join('')}在办剩超时警消管志医0123456789:`;
  }
}

const chosenIncident = (s: Selection | null) => (s?.kind === 'incident' ? s.id : null);
const unitOf = (s: Selection | null) => (s?.kind === 'unit' ? s.id : null);
const sensorOf = (s: Selection | null) => (s?.kind === 'sensor' ? s.id : s?.kind === 'alarm' ? partsOfAlarm(s.id).sensor : null);
