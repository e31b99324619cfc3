import type { MapTrails } from '../../map-contract.ts';
import { FAR, NEAR, TRAIL_STRIDE } from './trails.ts';

/** Stretches drawn at most, newest of each way first: what one buffer of 1.7 MB holds. */
export const MOST_STRETCHES = 60_000;

/**
 * 轨迹 of the last while behind units, in the form the trail shader draws: segment after segment, offsets from `origin` in 1e-7 degrees,
 * opacity by age at both ends. A way breaks where its unit was silent: nobody knows how it came across.
 */
export class Traces {
  data = new Float32Array(0);
  segments = 0;
  /** goes up whenever `data` changed */
  version = 0;
  private of: MapTrails | null = null;
  private builtAt = Number.NaN;

  constructor(private readonly origin: readonly [lng: number, lat: number]) {}

  set(of: MapTrails | null): boolean {
    if (of === this.of) return false;
    this.of = of;
    this.builtAt = Number.NaN;
    return true;
  }

  /** @param now epoch ms of the moment shown. @param roleOf role code of a unit, for the ink of its way */
  build(now: number, stepMs: number, roleOf: (unit: string) => number) {
    const at = Math.floor(now / stepMs) * stepMs;
    if (at === this.builtAt) return;
    this.builtAt = at;
    this.version += 1;
    this.segments = 0;
    const { of } = this;
    if (!of) return;
    const room = Math.min(
      MOST_STRETCHES,
      of.trails.reduce((n, t) => n + Math.max(0, t.at.length - 1), 0),
    );
    if (this.data.length < room * TRAIL_STRIDE) this.data = new Float32Array(room * TRAIL_STRIDE);
    const [lng0, lat0] = this.origin;
    const opacity = (fixAt: number) => NEAR + (FAR - NEAR) * Math.min(1, Math.max(0, (now - fixAt) / of.spanMs));
    for (const trail of of.trails) {
      const role = roleOf(trail.unit);
      const begins = new Set(trail.legs);
      for (let i = trail.at.length - 1; i > 0 && this.segments < MOST_STRETCHES; i--) {
        if (begins.has(i) || trail.at[i]! < now - of.spanMs || trail.at[i]! > now + stepMs) continue;
        this.data.set(
          [
            trail.lng[i]! - lng0,
            trail.lat[i]! - lat0,
            trail.lng[i - 1]! - lng0,
            trail.lat[i - 1]! - lat0,
            opacity(trail.at[i]!),
            opacity(trail.at[i - 1]!),
            role,
          ],
          this.segments * TRAIL_STRIDE,
        );
        this.segments += 1;
      }
    }
  }
}
