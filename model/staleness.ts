/**
 * 失联: when a sensor counts as silent. Each has a rhythm of its own: the median of its last eight intervals, or what its kind is
 * expected to keep until three are known. The median, not the mean: one long gap must not make the next one look usual.
 */
export const SILENT_INTERVALS = 5;
/** A rhythm quicker than this counts as this: five times it, half a minute, is what a radio takes to find its network again. */
export const SHORTEST_INTERVAL_MS = 6_000;
const KEPT = 8;
const ENOUGH = 3;
/** An interval is kept as the logarithm of its milliseconds: 16 bits reach from 1 ms to centuries, to within 0.03 %. */
const LOG_STEPS = 1_500;
const pack = (ms: number) => Math.round(Math.log2(1 + Math.max(0, ms)) * LOG_STEPS);
const unpack = (packed: number) => 2 ** (packed / LOG_STEPS) - 1;

const SILENT_BIT = 0x80;

/**
 * The rhythm and the silence of many sensors, by their dense number `ix`: 37 bytes each (8 heard, 8 next wake-up, 16 eight intervals,
 * 4 the rhythm they come to, 1 how many and whether silent). Times are epoch ms of whoever listens, intervals those of the sensor's clock:
 * a batch handed in at once is not a quick rhythm, a clock that is wrong is not silence.
 */
export class Staleness {
  private heardAt = new Float64Array(0);
  private wakeAt = new Float64Array(0);
  private rhythm = new Float32Array(0);
  private kept = new Uint16Array(0);
  private state = new Uint8Array(0);
  private readonly sorted = new Uint16Array(KEPT);
  private silentCount = 0;

  /** Sensors counted as silent. */
  get silent() {
    return this.silentCount;
  }

  reserve(count: number) {
    const had = this.state.length;
    if (count <= had) return;
    const capacity = Math.max(64, count, Math.ceil(had * 1.25));
    const grown = <A extends Float64Array | Float32Array | Uint16Array | Uint8Array>(from: A, to: A): A => {
      to.set(from);
      return to;
    };
    this.heardAt = grown(this.heardAt, new Float64Array(capacity).fill(Number.NaN, had));
    this.wakeAt = grown(this.wakeAt, new Float64Array(capacity).fill(Number.POSITIVE_INFINITY, had));
    this.rhythm = grown(this.rhythm, new Float32Array(capacity));
    this.kept = grown(this.kept, new Uint16Array(capacity * KEPT));
    this.state = grown(this.state, new Uint8Array(capacity));
  }

  /**
   * A sensor has said something; it is not silent.
   * @param at when it was heard, epoch ms
   * @param intervalMs since its reading before, by its own clock; null = not known (the first, or after a restart)
   * @param usualMs what its kind is expected to keep
   */
  heard(ix: number, at: number, intervalMs: number | null, usualMs: number) {
    this.reserve(ix + 1);
    const before = this.state[ix]!;
    if (before & SILENT_BIT) this.silentCount -= 1;
    let n = before & ~SILENT_BIT;
    if (intervalMs !== null) {
      this.kept[ix * KEPT + (n % KEPT)] = pack(intervalMs);
      n = n + 1 < 2 * KEPT ? n + 1 : KEPT; // a ring: how many, and where the next one goes
    }
    this.state[ix] = n;
    this.heardAt[ix] = at;
    this.rhythm[ix] = Math.max(SHORTEST_INTERVAL_MS, n >= ENOUGH ? this.median(ix, Math.min(n, KEPT)) : usualMs);
  }

  private median(ix: number, n: number): number {
    const { sorted, kept } = this;
    for (let i = 0; i < n; i++) {
      const x = kept[ix * KEPT + i]!;
      let at = i;
      for (; at > 0 && sorted[at - 1]! > x; at--) sorted[at] = sorted[at - 1]!;
      sorted[at] = x;
    }
    const upper = sorted[n >> 1]!;
    return n % 2 ? unpack(upper) : (unpack(sorted[(n >> 1) - 1]!) + unpack(upper)) / 2;
  }

  /** It is another device now (its kind changed): what was learnt of its rhythm is forgotten. */
  forget(ix: number) {
    if (ix >= this.state.length) return;
    if (this.state[ix]! & SILENT_BIT) this.silentCount -= 1;
    this.state[ix] = 0;
    this.heardAt[ix] = Number.NaN;
    this.wakeAt[ix] = Number.POSITIVE_INFINITY;
  }

  /** epoch ms; NaN = never */
  lastHeard = (ix: number): number => this.heardAt[ix] ?? Number.NaN;
  /** Its rhythm, milliseconds. */
  intervalMs = (ix: number): number => this.rhythm[ix]!;
  /** How many of its intervals have passed in silence; 0 where it was never heard: nobody waits for it yet. */
  silentIntervals(ix: number, now: number): number {
    const at = this.heardAt[ix];
    return at === undefined || Number.isNaN(at) ? 0 : Math.max(0, now - at) / this.rhythm[ix]!;
  }
  isSilent = (ix: number): boolean => ((this.state[ix] ?? 0) & SILENT_BIT) !== 0;
  /** Count it as silent from now on, until it is heard. */
  markSilent(ix: number) {
    if (this.state[ix]! & SILENT_BIT) return;
    this.state[ix]! |= SILENT_BIT;
    this.silentCount += 1;
  }

  /** Ask to be told by `due` when so many of its intervals have passed in silence. */
  wake(ix: number, intervals: number) {
    this.wakeAt[ix] = this.heardAt[ix]! + intervals * this.rhythm[ix]! + 1; // past the moment, not on it
  }
  /** As `wake`, for the first of these (ascending) that has not passed yet. */
  wakeNext(ix: number, intervals: readonly number[], now: number) {
    const passed = this.silentIntervals(ix, now);
    const next = intervals.find((n) => n > passed);
    if (next === undefined) this.wakeAt[ix] = Number.POSITIVE_INFINITY;
    else this.wake(ix, next);
  }
  wakeAtMoment(ix: number, at: number) {
    this.wakeAt[ix] = at;
  }
  /** Those whose moment has come, each once. One pass over a column: about a millisecond for a million. */
  due(now: number): number[] {
    const { wakeAt } = this;
    const out: number[] = [];
    for (let ix = 0; ix < wakeAt.length; ix++) {
      if (wakeAt[ix]! > now) continue;
      wakeAt[ix] = Number.POSITIVE_INFINITY;
      out.push(ix);
    }
    return out;
  }
}
