import { Layer, type LayerContext, type LayerProps, type UpdateParameters } from '@deck.gl/core';
import type { Buffer, Texture } from '@luma.gl/core';
import { Model } from '@luma.gl/engine';
import { latToY, lngToX, mercatorCubic, WORLD } from '../mercator.ts';
import { rgb, type Tokens } from '../tokens.ts';
import { roleGlyphs } from './glyphs.ts';
import { type MotionBuffer, STRIDE } from './motion.ts';
import { pointFs, pointVs, trailFs, trailVs, unitsModule } from './shaders.ts';
import type { Traces } from './traces.ts';
import { TRAIL_STRIDE, type Trails } from './trails.ts';

/** A position keeps full strength this long, then fades to a quarter until FADE_TO (ms). */
export const FADE_FROM = 30_000;
export const FADE_TO = 300_000;
/** With more units than this they are drawn as dots: arrows would cover each other and the street. */
export const DETAIL_UNITS = 3_000;
/** Ways of the last while fade in steps of so many ms: their opacity is made anew for all of them at once. */
const TRACE_STEP = 5_000;

/** What the layer pulls while it draws; the same mutable objects from frame to frame. */
export interface UnitScene {
  readonly motion: MotionBuffer;
  readonly trails: Trails;
  readonly traces: Traces;
  readonly roleOf: (unit: string) => number;
  /** per unit: role code, status with its looks (looks.ts), selected, known; four bytes each */
  kinds: Uint8Array;
  kindsVersion: number;
  /** drawing clock, ms */
  readonly clock: () => number;
  /** epoch ms of the moment shown */
  readonly now: () => number;
  tokens: Tokens;
  pixelRatio: number;
  stale: boolean;
  glyphs: HTMLCanvasElement | null;
  glyphsVersion: number;
  onDrawn: (() => void) | null;
}

interface UnitLayerProps extends LayerProps {
  scene: UnitScene;
}

const flat = { depthWriteEnabled: false, depthCompare: 'always' } as const;

/**
 * 巡防力量: every unit is one gl.POINT that the vertex shader moves between its last two places, so a frame costs the main
 * thread a few uniforms however many units there are. Picking is on the CPU (pick.ts), never by readback.
 */
export class UnitLayer extends Layer<UnitLayerProps> {
  static override layerName = 'UnitLayer';
  static override defaultProps = { scene: { type: 'object', value: null, compare: false } } as never;

  declare state: {
    points: Model;
    trail: Model;
    trace: Model;
    units: Buffer;
    kinds: Buffer;
    segments: Buffer;
    stretches: Buffer;
    corners: Buffer;
    glyphs: Texture;
    uploaded: { motion: number; kinds: number; glyphs: number; traces: number };
  };

  override initializeState(context: LayerContext) {
    const { device } = context;
    const units = device.createBuffer({ byteLength: 64 * STRIDE * 4 });
    const kinds = device.createBuffer({ byteLength: 64 * 4 });
    const segments = device.createBuffer({ byteLength: 64 * TRAIL_STRIDE * 4 });
    const stretches = device.createBuffer({ byteLength: 64 * TRAIL_STRIDE * 4 });
    const corners = device.createBuffer({ data: new Float32Array([0, -0.5, 0, 0.5, 1, -0.5, 1, 0.5]) });
    const points = new Model(device, {
      id: `${this.props.id}-points`,
      vs: pointVs,
      fs: pointFs,
      modules: [unitsModule as never],
      topology: 'point-list',
      vertexCount: 0,
      isInstanced: false,
      parameters: flat,
      bufferLayout: [
        {
          name: 'units',
          byteStride: STRIDE * 4,
          attributes: [
            { attribute: 'from', format: 'float32x2', byteOffset: 0 },
            { attribute: 'to', format: 'float32x2', byteOffset: 8 },
            { attribute: 'span', format: 'float32x2', byteOffset: 16 },
            { attribute: 'course', format: 'float32x2', byteOffset: 24 },
          ],
        },
        { name: 'kind', format: 'unorm8x4' },
      ],
    });
    const way = (id: string, segments: Buffer) => {
      const model = new Model(device, {
        id: `${this.props.id}-${id}`,
        vs: trailVs,
        fs: trailFs,
        modules: [unitsModule as never],
        topology: 'triangle-strip',
        vertexCount: 4,
        isInstanced: true,
        instanceCount: 0,
        parameters: flat,
        bufferLayout: [
          { name: 'corner', format: 'float32x2' },
          {
            name: 'segments',
            stepMode: 'instance',
            byteStride: TRAIL_STRIDE * 4,
            attributes: [
              { attribute: 'from', format: 'float32x2', byteOffset: 0 },
              { attribute: 'to', format: 'float32x2', byteOffset: 8 },
              { attribute: 'fade', format: 'float32x2', byteOffset: 16 },
              { attribute: 'role', format: 'float32', byteOffset: 24 },
            ],
          },
        ],
      });
      model.setAttributes({ corner: corners, segments });
      return model;
    };
    const trail = way('trails', segments);
    const trace = way('traces', stretches);
    points.setAttributes({ units, kind: kinds });
    const glyphs = device.createTexture({ width: roleGlyphs.length, height: 1, format: 'rgba8unorm' });
    points.setBindings({ glyphs });
    const uploaded = { motion: -1, kinds: -1, glyphs: -1, traces: -1 };
    this.state = { points, trail, trace, units, kinds, segments, stretches, corners, glyphs, uploaded };
  }

  override shouldUpdateState(_params: UpdateParameters<this>) {
    return false;
  }

  override finalizeState(context: LayerContext) {
    super.finalizeState(context);
    const { uploaded: _, ...held } = this.state;
    for (const r of Object.values(held)) r.destroy();
  }

  override draw() {
    const { scene } = this.props;
    const { state } = this;
    const { points, trail, trace } = state;
    this.upload(scene);
    this.uploadTraces(scene);
    const clock = scene.clock();
    const { width, height, bearing } = this.context.viewport as unknown as { width: number; height: number; bearing?: number };
    const { colour } = scene.tokens;
    const rgba = (name: keyof typeof colour): [number, number, number, number] => [...rgb(colour[name]), 1];
    const dense = scene.motion.count > DETAIL_UNITS;
    const [k1, k2, k3] = mercatorCubic(scene.motion.origin[1] / 1e7);
    const units = {
      matrix: this.matrix(scene),
      cubic: [WORLD / 360, k1, k2, k3],
      plain: rgba('text-2'),
      special: rgba('text-1'),
      alert: rgba('p1'),
      onAlert: rgba('on-p1'),
      amiss: rgba('p3'),
      accent: rgba('accent'),
      halo: rgba('map-ground'),
      viewport: [(width * scene.pixelRatio) / 2, (height * scene.pixelRatio) / 2],
      now: (clock - scene.motion.epoch) / 1000,
      fixNow: (scene.now() - scene.motion.fixEpoch) / 1000,
      pixel: scene.tokens.u * scene.pixelRatio,
      bearing: bearing ?? 0,
      detail: dense ? 0 : 1,
      opacity: scene.stale ? 0.45 : 1,
      fadeFrom: FADE_FROM / 1000,
      fadeTo: FADE_TO / 1000,
    };
    if (scene.traces.segments > 0) {
      trace.shaderInputs.setProps({ units });
      trace.draw(this.context.renderPass);
    }
    if (!dense) {
      this.uploadTrails(scene, clock);
      if (scene.trails.segments > 0) {
        trail.shaderInputs.setProps({ units });
        trail.draw(this.context.renderPass);
      }
    }
    if (scene.motion.count > 0) {
      points.shaderInputs.setProps({ units });
      points.draw(this.context.renderPass);
    }
    scene.onDrawn?.();
  }

  /** Offsets from the buffer's origin (common units) to clip space, multiplied in double precision. */
  private matrix(scene: UnitScene): number[] {
    const m = this.context.viewport.viewProjectionMatrix as unknown as number[];
    const x = lngToX(scene.motion.origin[0] / 1e7);
    const y = latToY(scene.motion.origin[1] / 1e7);
    const at = (i: number) => m[i] as number;
    const out = Array.from(m);
    for (let r = 0; r < 4; r++) out[12 + r] = at(r) * x + at(4 + r) * y + at(12 + r);
    return out;
  }

  private upload(scene: UnitScene) {
    const { state } = this;
    const { device } = this.context;
    const { motion } = scene;
    if (state.uploaded.motion !== motion.version) {
      const bytes = motion.count * STRIDE * 4;
      if (state.units.byteLength < bytes) {
        state.units.destroy();
        state.units = device.createBuffer({ byteLength: motion.data.byteLength });
        state.points.setAttributes({ units: state.units });
      }
      if (bytes > 0) state.units.write(motion.data.subarray(0, motion.count * STRIDE));
      state.points.setVertexCount(motion.count);
      state.uploaded.motion = motion.version;
    }
    if (state.uploaded.kinds !== scene.kindsVersion) {
      const bytes = motion.count * 4;
      if (state.kinds.byteLength < bytes) {
        state.kinds.destroy();
        state.kinds = device.createBuffer({ byteLength: scene.kinds.byteLength });
        state.points.setAttributes({ kind: state.kinds });
      }
      if (bytes > 0) state.kinds.write(scene.kinds.subarray(0, bytes));
      state.uploaded.kinds = scene.kindsVersion;
    }
    if (scene.glyphs && state.uploaded.glyphs !== scene.glyphsVersion) {
      const { width, height } = scene.glyphs;
      state.glyphs.destroy();
      state.glyphs = device.createTexture({
        width,
        height,
        format: 'rgba8unorm',
        sampler: { minFilter: 'linear', magFilter: 'linear', addressModeU: 'clamp-to-edge', addressModeV: 'clamp-to-edge' },
      });
      state.glyphs.copyExternalImage({ image: scene.glyphs });
      state.points.setBindings({ glyphs: state.glyphs });
      state.uploaded.glyphs = scene.glyphsVersion;
    }
  }

  private uploadTraces(scene: UnitScene) {
    const { state } = this;
    const { traces } = scene;
    traces.build(scene.now(), TRACE_STEP, scene.roleOf);
    if (state.uploaded.traces === traces.version) return;
    state.uploaded.traces = traces.version;
    const length = traces.segments * TRAIL_STRIDE;
    if (state.stretches.byteLength < length * 4) {
      state.stretches.destroy();
      state.stretches = this.context.device.createBuffer({ byteLength: traces.data.byteLength });
      state.trace.setAttributes({ segments: state.stretches });
    }
    if (length > 0) state.stretches.write(traces.data.subarray(0, length));
    state.trace.setInstanceCount(traces.segments);
  }

  private uploadTrails(scene: UnitScene, clock: number) {
    const { state } = this;
    const { trails } = scene;
    trails.build(scene.motion, clock);
    const length = trails.segments * TRAIL_STRIDE;
    for (let i = 0; i < trails.segments; i++) {
      const o = i * TRAIL_STRIDE + 6;
      trails.data[o] = scene.kinds[(trails.data[o] as number) * 4] as number;
    }
    if (state.segments.byteLength < length * 4) {
      state.segments.destroy();
      state.segments = this.context.device.createBuffer({ byteLength: trails.data.byteLength });
      state.trail.setAttributes({ segments: state.segments });
    }
    if (length > 0) state.segments.write(trails.data.subarray(0, length));
    state.trail.setInstanceCount(trails.segments);
  }
}
