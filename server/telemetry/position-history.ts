/** Fixes of one unit in order of device time, struct of arrays: `at` epoch ms, lng/lat 1e-7 degrees, heading degrees, speed m/s. */
export interface FixColumns {
  readonly length: number;
  readonly at: Float64Array;
  readonly lng: Int32Array;
  readonly lat: Int32Array;
  readonly heading: Float32Array;
  readonly speed: Float32Array;
}

/** The cold form of positions: where units were, over weeks, by their own clocks. */
export interface PositionHistory {
  /** Fixes of these units (ix of the world) with from <= at < to; a unit without any is left out. What is still buffered counts too. */
  read(units: readonly number[], from: number, to: number): Promise<ReadonlyMap<number, FixColumns>>;
  /** The last fix of every known unit at or before `at`, at most a day old. */
  before(at: number): Promise<ReadonlyMap<number, FixColumns>>;
}
