import { MapLibreOverlay } from '@deck.gl/maplibre';
import type { Map as MapLibreMap } from 'maplibre-gl';
import type { LngLat } from '../../../model/brand.ts';
import type { Unit } from '../../../model/world.ts';
import type { MapTrails } from '../../map-contract.ts';
import { metresPerPixel } from '../mercator.ts';
import type { Tokens } from '../tokens.ts';
import { FrameGate } from './frame-gate.ts';
import { glyphAtlas, roleCode } from './glyphs.ts';
import { type Fixes, MotionBuffer } from './motion.ts';
import { type FlatView, pickUnit } from './pick.ts';
import { Traces } from './traces.ts';
import { Trails } from './trails.ts';
import { UnitLayer, type UnitScene } from './unit-layer.ts';

export interface UnitSource extends Fixes {
  readonly subscribe: (listener: () => void) => () => void;
}

/** How often standing units are drawn again so that they fade with age, ms. */
const AGE_TICK = 5_000;
/** role code of an ix that no registered unit has */
const UNKNOWN = 255;

/**
 * The moving layer over the map: pulls fixes when the store says there are new ones, draws while something moves and no
 * faster than movement can be seen, and is quiet otherwise. Survives the loss of its WebGL context by starting afresh.
 */
export class UnitsOverlay {
  readonly scene: UnitScene;
  /** false: units are set down at once (reduced motion) */
  glide = true;
  private overlay: MapLibreOverlay | null = null;
  private gate = new FrameGate();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly ageing: ReturnType<typeof setInterval>;
  private leave: () => void;
  private units: ReadonlyMap<string, Unit> | null = null;
  private idOf: (string | undefined)[] = [];
  private roleOf = new Uint8Array(0);
  private raisedIx = -1;
  private raised: string | null = null;
  private visible = true;
  private looks: Uint8Array = new Uint8Array(0);

  constructor(
    private readonly map: MapLibreMap,
    private source: UnitSource,
    centre: LngLat,
    tokens: Tokens,
    now: () => number,
    private readonly onError: (message: string) => void,
  ) {
    const clock = () => performance.now();
    this.scene = {
      motion: new MotionBuffer([Math.round(centre[0] * 1e7), Math.round(centre[1] * 1e7)], clock(), now()),
      trails: new Trails(Math.cos((centre[1] * Math.PI) / 180)),
      traces: new Traces([Math.round(centre[0] * 1e7), Math.round(centre[1] * 1e7)]),
      roleOf: (unit) => this.roleOf[this.units?.get(unit)?.ix ?? -1] ?? 0,
      kinds: new Uint8Array(256),
      kindsVersion: 0,
      clock,
      now,
      tokens,
      pixelRatio: map.getPixelRatio(),
      stale: false,
      glyphs: null,
      glyphsVersion: 0,
      onDrawn: null,
    };
    this.leave = source.subscribe(() => this.pull());
    this.ageing = setInterval(() => this.scene.motion.count > 0 && this.redraw(), AGE_TICK);
    this.attach();
    this.pull();
  }

  /** Draw once more, on the next animation frame. */
  redraw(frames = 1) {
    this.gate.want(frames);
  }

  setTokens(tokens: Tokens) {
    this.scene.tokens = tokens;
    this.scene.pixelRatio = this.map.getPixelRatio();
    this.scene.glyphs = glyphAtlas(tokens, this.scene.pixelRatio);
    this.scene.glyphsVersion++;
    this.redraw(3);
  }

  /** Another table, as when the past is shown: units are set down where it has them. */
  setSource(source: UnitSource) {
    if (source === this.source) return;
    this.leave();
    this.source = source;
    this.leave = source.subscribe(() => this.pull());
    this.scene.motion.forget(source.era);
    this.pull();
  }

  setStale(stale: boolean) {
    this.scene.stale = stale;
    this.redraw();
  }

  setVisible(visible: boolean) {
    if (visible === this.visible) return;
    this.visible = visible;
    this.fillKinds();
    this.redraw();
  }

  setUnits(units: ReadonlyMap<string, Unit>, raised: string | null) {
    if (units === this.units && raised === this.raised) return;
    this.units = units;
    this.raised = raised;
    this.idOf = [];
    this.roleOf = new Uint8Array(units.size).fill(UNKNOWN);
    for (const u of units.values()) {
      this.idOf[u.ix] = u.id;
      this.roleOf[u.ix] = roleCode(u.role);
    }
    this.raisedIx = raised === null ? -1 : (units.get(raised)?.ix ?? -1);
    this.fillKinds();
    this.redraw();
  }

  /** What is unusual about each unit, by ix (looks.ts). */
  setLooks(looks: Uint8Array) {
    if (looks.length === this.looks.length && looks.every((look, ix) => look === this.looks[ix])) return;
    this.looks = looks;
    this.fillKinds();
    this.redraw();
  }

  setTrails(trails: MapTrails | null) {
    if (this.scene.traces.set(trails)) this.redraw();
  }

  /** Where a unit is drawn now; undefined when it was never seen. */
  placeOf(unit: string): LngLat | undefined {
    return this.scene.motion.lngLatOf(this.units?.get(unit)?.ix ?? -1, this.scene.clock());
  }

  /** Id of the unit nearest to a screen point within `radius` px. */
  pick(view: FlatView, x: number, y: number, radius: number): string | null {
    if (!this.visible) return null;
    const i = pickUnit(this.scene.motion, this.scene.kinds, view, x, y, radius, this.scene.clock());
    return i < 0 ? null : (this.idOf[i] ?? null);
  }

  remove() {
    this.leave();
    clearInterval(this.ageing);
    if (this.timer) clearTimeout(this.timer);
    if (this.overlay) this.map.removeControl(this.overlay);
    this.overlay = null;
  }

  private attach() {
    const layer = new UnitLayer({ id: 'units', scene: this.scene, pickable: false });
    this.gate = new FrameGate(() => layer.setNeedsRedraw());
    const provider = { animationFrameProvider: this.gate } as Record<string, unknown>;
    this.overlay = new MapLibreOverlay({
      interleaved: false,
      layers: [layer],
      ...provider,
      pickingRadius: 0,
      deviceProps: { webgl: { antialias: false } },
      onDeviceInitialized: () => this.watchContext(),
      onError: (error: Error) => {
        if (!this.isLost()) this.onError(error.message);
      },
    });
    this.map.addControl(this.overlay);
    this.gate.want(4);
  }

  /** deck.gl has its canvas only once its device is there; a lost context is replaced by a new overlay with its own. */
  private watchContext() {
    const canvas = this.overlay?.getCanvas();
    canvas?.setAttribute('aria-hidden', 'true');
    // deck.gl makes it focusable later; what is only looked at must not take the focus
    canvas?.setAttribute('inert', '');
    canvas?.addEventListener('webglcontextlost', (e) => {
      e.preventDefault();
      setTimeout(() => this.restart(), 0);
    });
  }

  private restart() {
    if (!this.overlay) return;
    this.map.removeControl(this.overlay);
    this.attach();
  }

  private isLost() {
    const gl = this.overlay?.getCanvas()?.getContext('webgl2');
    return gl?.isContextLost() ?? true;
  }

  private pull() {
    const { motion, trails } = this.scene;
    const now = this.scene.clock();
    if (motion.isOther(this.source)) trails.clear();
    if (!motion.pull(this.source, now, this.glide && !this.scene.stale)) return;
    trails.sample(motion, now);
    this.fillKinds();
    this.redraw();
    this.keepMoving();
  }

  /** While something moves, draw as often as the fastest unit covers half a pixel. */
  private keepMoving() {
    if (this.timer) return;
    const now = this.scene.clock();
    if (!this.scene.motion.moving(now)) return;
    const { lat } = this.map.getCenter();
    const perE7 = 0.01113 / metresPerPixel(lat, this.map.getZoom());
    const wait = Math.min(this.scene.motion.frameInterval(perE7), this.scene.motion.restsAt - now + 1);
    this.timer = setTimeout(() => {
      this.timer = null;
      this.redraw();
      this.keepMoving();
    }, wait);
  }

  private fillKinds() {
    const { motion } = this.scene;
    if (this.scene.kinds.length < motion.count * 4) this.scene.kinds = new Uint8Array(motion.data.length / 2);
    const { kinds } = this.scene;
    const { at, status } = this.source;
    for (let i = 0; i < motion.count; i++) {
      const role = this.roleOf[i] ?? UNKNOWN;
      kinds[i * 4] = role;
      kinds[i * 4 + 1] = (status[i] as number) | (this.looks[i] ?? 0);
      kinds[i * 4 + 2] = i === this.raisedIx ? 1 : 0;
      kinds[i * 4 + 3] = this.visible && role !== UNKNOWN && (at[i] as number) > 0 ? 1 : 0;
    }
    this.scene.kindsVersion++;
  }
}
