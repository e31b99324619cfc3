import type { LngLat } from '../../../model/brand.ts';

/** What the buffer reads: struct of arrays as in store/latest.ts. lng/lat are 1e-7 degrees, `at` epoch ms with 0 = never seen. */
export interface Fixes {
  readonly version: number;
  /** another one: what is known now does not follow what was known */
  readonly era?: number;
  /** film seconds in a second; absent = 1 */
  readonly pace?: number;
  readonly unitCount: number;
  readonly lng: Int32Array;
  readonly lat: Int32Array;
  readonly heading: Float32Array;
  readonly at: Float64Array;
  readonly status: Uint8Array;
}

/** Floats per unit in `data`: from (2), to (2), t0, t1, heading, seen. */
export const STRIDE = 8;
const T0 = 4;
const T1 = 5;
const HEADING = 6;
const SEEN = 7;

/** A fix is glided to in the time since the fix before it, within these bounds (ms). */
export const GLIDE_MIN = 240;
export const GLIDE_MAX = 1000;
/** A jump farther than this (1e-7 degrees, about 300 m) is not a walk: the unit is set down there. */
const LEAP = 30_000;

/**
 * Fixes made ready for the vertex shader: where each unit was drawn when its newest fix came in, where it goes, and when.
 * Positions are float32 offsets from `origin` in 1e-7 degrees (exact within 1.6 degrees of it), times are seconds after
 * `epoch` on the drawing clock. Not a copy of history: a newer fix starts from where the unit stands on the screen.
 */
export class MotionBuffer {
  data = new Float32Array(64 * STRIDE);
  count = 0;
  /** goes up whenever `data` changed */
  version = 0;
  /** drawing-clock ms after which nothing moves */
  restsAt = 0;
  /** fastest glide under way, in 1e-7 degrees per ms */
  private topSpeed = 0;
  private taken = new Float64Array(64);
  private seenVersion = -1;
  private seenEra: number | undefined;

  constructor(
    /** 1e-7 degrees */
    readonly origin: readonly [lng: number, lat: number],
    /** drawing-clock ms of `t0 = 0`, and fix time (epoch ms) of `seen = 0` */
    readonly epoch: number,
    readonly fixEpoch: number,
  ) {}

  /**
   * Take over what is new. `now`: drawing clock, ms. `glide` false: units are set down at once.
   * Returns whether anything changed.
   */
  pull(fixes: Fixes, now: number, glide: boolean): boolean {
    const other = this.isOther(fixes);
    if (other) this.forget(fixes.era);
    if (fixes.version === this.seenVersion && fixes.unitCount === this.count) return false;
    this.seenVersion = fixes.version;
    if (fixes.unitCount > this.taken.length) this.grow(fixes.unitCount);
    const { data, taken } = this;
    const t = (now - this.epoch) / 1000;
    if (now >= this.restsAt) this.topSpeed = 0;
    let changed = other || fixes.unitCount !== this.count;
    this.count = fixes.unitCount;
    const [lng0, lat0] = this.origin;
    for (let i = 0; i < this.count; i++) {
      const at = fixes.at[i] as number;
      const before = taken[i] as number;
      if (at === before) continue;
      changed = true;
      taken[i] = at;
      const o = i * STRIDE;
      const x = (fixes.lng[i] as number) - lng0;
      const y = (fixes.lat[i] as number) - lat0;
      const t1 = data[o + T1] as number;
      const f = t1 > (data[o + T0] as number) ? Math.min(1, (t - (data[o + T0] as number)) / (t1 - (data[o + T0] as number))) : 1;
      const fromX = (data[o] as number) + ((data[o + 2] as number) - (data[o] as number)) * f;
      const fromY = (data[o + 1] as number) + ((data[o + 3] as number) - (data[o + 1] as number)) * f;
      const far = Math.abs(x - fromX) > LEAP || Math.abs(y - fromY) > LEAP;
      const still = !glide || before === 0 || far || (x === fromX && y === fromY);
      const ms = Math.min(GLIDE_MAX, Math.max(GLIDE_MIN, (at - before) / (fixes.pace ?? 1)));
      data[o] = still ? x : fromX;
      data[o + 1] = still ? y : fromY;
      data[o + 2] = x;
      data[o + 3] = y;
      data[o + T0] = t;
      data[o + T1] = still ? t : t + ms / 1000;
      data[o + HEADING] = fixes.heading[i] as number;
      data[o + SEEN] = at === 0 ? -1e9 : (at - this.fixEpoch) / 1000;
      if (!still) {
        if (now + ms > this.restsAt) this.restsAt = now + ms;
        const speed = Math.hypot(x - fromX, y - fromY) / ms;
        if (speed > this.topSpeed) this.topSpeed = speed;
      }
    }
    if (changed) this.version++;
    return changed;
  }

  /** Whether what is to be pulled does not follow what was. */
  isOther(fixes: Fixes) {
    return fixes.era !== this.seenEra || this.seenVersion === -1;
  }

  /** Whatever comes next is set down where it stands: after a seek, or from another source. */
  forget(era?: number) {
    this.seenEra = era;
    this.seenVersion = -1;
    this.taken.fill(0);
    this.data.fill(0);
    for (let i = 0; i < this.taken.length; i++) this.data[i * STRIDE + SEEN] = -1e9;
    this.restsAt = 0;
    this.version++;
  }

  moving(now: number) {
    return now < this.restsAt;
  }

  /**
   * How long (ms) until the fastest unit has moved half a pixel: drawing sooner shows nothing new. `pixelsPerE7`: screen
   * pixels per 1e-7 degree. At least one frame (16), at most 250.
   */
  frameInterval(pixelsPerE7: number): number {
    const pxPerMs = this.topSpeed * pixelsPerE7;
    return pxPerMs > 0 ? Math.min(250, Math.max(16, 0.5 / pxPerMs)) : 250;
  }

  /** Where a unit is drawn at `now`, 1e-7 degrees from the origin. */
  offsetOf(i: number, now: number): readonly [number, number] {
    const o = i * STRIDE;
    const d = this.data;
    const t = (now - this.epoch) / 1000;
    const span = (d[o + T1] as number) - (d[o + T0] as number);
    const f = span > 0 ? Math.min(1, Math.max(0, (t - (d[o + T0] as number)) / span)) : 1;
    return [
      (d[o] as number) + ((d[o + 2] as number) - (d[o] as number)) * f,
      (d[o + 1] as number) + ((d[o + 3] as number) - (d[o + 1] as number)) * f,
    ];
  }

  /** Undefined when the unit was never seen. */
  lngLatOf(i: number, now: number): LngLat | undefined {
    if (i < 0 || i >= this.count || (this.taken[i] as number) === 0) return undefined;
    const [x, y] = this.offsetOf(i, now);
    return [(this.origin[0] + x) / 1e7, (this.origin[1] + y) / 1e7];
  }

  private grow(n: number) {
    const size = Math.max(n, this.taken.length * 2);
    const data = new Float32Array(size * STRIDE);
    data.set(this.data);
    this.data = data;
    const taken = new Float64Array(size);
    taken.set(this.taken);
    this.taken = taken;
  }
}
