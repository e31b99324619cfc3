import type { Sensor } from '../../model/world.ts';

const SLICE = 2_000;

/**
 * Sensors that are to be judged again though they said nothing: their rules or hours changed, or the server has just started. Taken a
 * slice at a time, so that a million of them hold nobody up.
 */
export class Review {
  /** null = all kinds */
  private kinds: ReadonlySet<string> | null = new Set();
  private cursor = Number.POSITIVE_INFINITY;
  private readonly single = new Set<number>();

  get isDone() {
    return this.cursor === Number.POSITIVE_INFINITY && this.single.size === 0;
  }
  /** null = every kind. One that is under way begins anew with these as well. */
  add(kinds: ReadonlySet<string> | null) {
    const running = this.cursor !== Number.POSITIVE_INFINITY;
    this.kinds = kinds === null || (running && this.kinds === null) ? null : new Set([...(running ? this.kinds! : []), ...kinds]);
    this.cursor = 0;
  }
  addOne(ix: number) {
    this.single.add(ix);
  }

  slice(sensors: readonly (Sensor | undefined)[], look: (sensor: Sensor) => void) {
    let left = SLICE;
    for (const ix of this.single) {
      if (left-- === 0) return;
      this.single.delete(ix);
      const sensor = sensors[ix];
      if (sensor) look(sensor);
    }
    for (; this.cursor < sensors.length && left > 0; this.cursor++, left--) {
      const sensor = sensors[this.cursor];
      if (sensor && (this.kinds === null || this.kinds.has(sensor.kind))) look(sensor);
    }
    if (this.cursor >= sensors.length) this.cursor = Number.POSITIVE_INFINITY;
  }
}
