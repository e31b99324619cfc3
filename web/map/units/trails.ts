import type { MotionBuffer } from './motion.ts';

/** A trail keeps a point every STEP of way, at most POINTS of them: 150 m. Units: 1e-7 degrees of latitude (1.11 cm). */
const STEP = 1_800;
const POINTS = 8;
/** With more units than this a trail is clutter, and costs. */
export const TRAIL_UNITS = 400;
/** Floats per segment in `data`: from (2), to (2), opacity at both ends, unit. */
export const TRAIL_STRIDE = 7;
/** Opacity of a way at the unit, and where it ends (GUIDE §5). */
export const NEAR = 0.56;
export const FAR = 0.06;

/**
 * 拖尾: the way each unit came, sampled by distance and fading from .56 to .06. `data` holds one segment after another,
 * offsets from the buffer's origin in 1e-7 degrees.
 */
export class Trails {
  data = new Float32Array(0);
  segments = 0;
  private readonly ways = new Map<number, number[]>();

  /** `kx`: how much shorter a degree of longitude is here than one of latitude. */
  constructor(private readonly kx: number) {}

  clear() {
    this.ways.clear();
  }

  /** Remember where the units stand now; call when fixes came in. */
  sample(motion: MotionBuffer, now: number) {
    if (motion.count > TRAIL_UNITS) {
      this.ways.clear();
      return;
    }
    for (let i = 0; i < motion.count; i++) {
      if (!motion.lngLatOf(i, now)) continue;
      const [x, y] = motion.offsetOf(i, now);
      const way = this.ways.get(i);
      if (!way) {
        this.ways.set(i, [x, y]);
        continue;
      }
      const d = Math.hypot((x - (way[0] as number)) * this.kx, y - (way[1] as number));
      if (d < STEP) continue;
      if (d > STEP * POINTS) way.length = 0;
      way.unshift(x, y);
      if (way.length > POINTS * 2) way.length = POINTS * 2;
    }
  }

  /** Segments from where each unit is drawn at `now` back along its way. */
  build(motion: MotionBuffer, now: number) {
    const room = this.ways.size * POINTS * TRAIL_STRIDE;
    if (this.data.length < room) this.data = new Float32Array(room);
    let n = 0;
    for (const [i, way] of this.ways) {
      let [x, y] = motion.offsetOf(i, now);
      const steps = way.length / 2;
      for (let k = 0; k < steps; k++) {
        const nx = way[k * 2] as number;
        const ny = way[k * 2 + 1] as number;
        const o = n * TRAIL_STRIDE;
        this.data[o] = x;
        this.data[o + 1] = y;
        this.data[o + 2] = nx;
        this.data[o + 3] = ny;
        this.data[o + 4] = NEAR + ((FAR - NEAR) * k) / POINTS;
        this.data[o + 5] = NEAR + ((FAR - NEAR) * (k + 1)) / POINTS;
        this.data[o + 6] = i;
        x = nx;
        y = ny;
        n++;
      }
    }
    this.segments = n;
  }
}
