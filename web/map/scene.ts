import { Map as MapLibreMap, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import type { LngLat } from '../../model/brand.ts';
import { incidentOf } from '../../model/world.ts';
import type { MapViewProps, Selection } from '../map-contract.ts';
import { Flights, firstCamera, mapOptions, middleOf } from './camera.ts';
import { fontsFor } from './fonts.ts';
import { Ghosts } from './ghosts.ts';
import { Ground } from './ground.ts';
import { Lasso } from './lasso.ts';
import type { Fan } from './marks/devices.ts';
import { type Layout, layoutMarks } from './marks/layout.ts';
import { MarksView } from './marks/marks-view.ts';
import { SosView } from './marks/sos-view.ts';
import { AbnormalDevices, incidentWishes, keptOut, nameWishes, timeLeft } from './marks/wishes.ts';
import { Measure } from './measure.ts';
import { Pointer } from './pointer.ts';
import { ScaleView } from './scale-bar.ts';
import { chosenIncident, sensorOf, unitOf } from './selected.ts';
import { type Geometry, geometryOf } from './style.ts';
import { throttle } from './throttle.ts';
import { Tip } from './tip.ts';
import { readTokens, sameTokens, type Tokens } from './tokens.ts';
import { TracksView } from './tracks-view.ts';
import { inDistress, unitLooks } from './units/looks.ts';
import { UnitsOverlay } from './units/units-overlay.ts';
import { words } from './words.ts';

setWorkerUrl(workerUrl);

/** No GeoJSON source is given new data more often than this (ms): the worker must keep up. */
const DATA_MS = 500;
const CLOCK_MS = 1000;
const MANY_UNITS = 2000;

/**
 * The map behind MapView: made once, then told of new props by `update`. Geometry, devices and density are MapLibre's,
 * units are drawn by their own overlay, incidents and names by an SVG; nothing here renders through React.
 */
export class MapScene {
  private readonly map: MapLibreMap;
  private readonly ground: Ground;
  private readonly marks: MarksView;
  private readonly scale: ScaleView;
  private readonly tip: Tip;
  private readonly tracks: TracksView;
  private readonly units: UnitsOverlay;
  private geometry: Geometry;
  private tokens: Tokens;
  private layout: Layout = { clusters: [], devices: [], labels: [], names: [] };
  private fan: Fan | null = null;
  private readonly abnormal = new AbnormalDevices();
  private drawnUnits = false;
  private readonly flights: Flights;
  private readonly lasso: Lasso;
  private readonly measure: Measure;
  private readonly sos: SosView;
  private readonly ghosts: Ghosts;
  private unfollow: () => void;
  private looksAt = 0;
  private readonly observer: ResizeObserver;
  private readonly clock: ReturnType<typeof setInterval>;
  private readonly refreshDevices = throttle(DATA_MS, () => this.ground.drawDevices());
  private readonly refreshMarks = throttle(DATA_MS, () => this.relayout());
  private readonly refreshStyle = throttle(200, () => this.restyle());

  constructor(
    private readonly root: HTMLElement,
    private props: MapViewProps,
    /** why the map is not right, null as soon as it is */
    private readonly onFailure: (reason: string | null) => void,
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
    this.ground = new Ground(this.map, root, () => ({ props: this.props, geometry: this.geometry, tokens: this.tokens }));
    this.ground.restyle();
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
    if (layersChanged || !before.shade !== !props.shade) this.ground.drawVisibility();
    if (before?.shade !== props.shade) this.ground.drawShade();
    if (before?.world.incidents !== world.incidents || before?.world.areas !== world.areas) this.ground.drawDensity();
    if (before?.world.sensors !== world.sensors || before?.world.cameras !== world.cameras || before?.cameras !== props.cameras)
      this.refreshDevices();
    if (before?.world.incidents !== world.incidents || before?.world.alarms !== world.alarms || before?.language !== props.language)
      this.refreshMarks();
    if (before && (before.view.selection !== view.selection || before.view.hover !== view.hover || before.view.layers !== view.layers))
      this.relayout();
    if (this.ghosts.set(props.ghosts ?? [])) this.ghosts.place(this.project, this.tokens.u);
    this.ground.drawChosen();
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
      this.tracks.restyle(this.tokens);
      this.ground.loaded();
    });
    map.on('webglcontextlost', () => {
      this.ground.styled = false;
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
    const { props, layout, project } = this;
    return {
      props,
      layout,
      styled: this.ground.styled,
      project,
      u: this.tokens.u,
      width: this.root.clientWidth,
      height: this.root.clientHeight,
    };
  }

  private readonly project = (at: LngLat): readonly [number, number] => {
    const p = this.map.project([at[0], at[1]]);
    return [p.x, p.y];
  };

  // — what is drawn —

  private setState(state: 'idle' | 'loading' | 'error') {
    this.root.dataset.mapState = state;
    if (state === 'idle') this.onFailure(null);
  }

  private fail(message: string) {
    this.root.dataset.mapError = message;
    this.setState('error');
    this.onFailure(message);
  }

  /** New colours, sizes or geometry: the whole style again. */
  private restyle(force = false) {
    const tokens = readTokens(this.root, this.props.theme);
    const same = sameTokens(tokens, this.tokens);
    this.tokens = tokens;
    if (!same || force) {
      this.tracks.lost();
      this.setState('loading');
      this.ground.restyle();
      this.units.setTokens(tokens);
    }
    this.units.redraw(3);
    this.relayout();
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

  private tick() {
    if (this.ground.devicesDiffer) this.refreshDevices();
    this.drawLooks();
    this.relayout();
  }

  private openFan(fan: Fan | null) {
    if (fan === this.fan) return;
    this.fan = fan;
    this.relayout();
  }

  /** Where everything goes on the screen as it is now. */
  private relayout() {
    const { view, world, language } = this.props;
    const { u } = this.tokens;
    this.layout = layoutMarks({
      incidents: view.layers.incidents ? incidentWishes(this.props) : [],
      names: nameWishes(this.props, this.geometry, this.map.getZoom(), u),
      devices: view.layers.sensors ? this.abnormal.marksOf(world.alarms) : [],
      fan: this.fan,
      keepOut: [...keptOut(this.root, this.scale.element), ...this.marks.ways.taken],
      project: this.project,
      width: this.root.clientWidth,
      height: this.root.clientHeight,
      u,
      time: timeLeft(language),
    });
    const raised = {
      chosen: chosenIncident(view.selection),
      hover: chosenIncident(view.hover),
      device: { chosen: sensorOf(view.selection), hover: sensorOf(view.hover) },
    };
    this.marks.draw(this.layout, raised, u);
    this.place();
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
