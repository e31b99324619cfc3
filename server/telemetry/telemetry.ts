import type { AreaCode, EpochMs, LngLat } from '../../model/brand.ts';
import type { Latest } from '../../model/latest.ts';
import type { FrameRow } from '../store/store.ts';

export interface UnitLatest {
  readonly id: string;
  readonly ix: number;
  readonly lngLat: LngLat;
  readonly heading: number;
  readonly speed: number;
  /** device time of the fix */
  readonly at: EpochMs;
  /** after a restart: the device time, for frames do not hold it */
  readonly receivedAt: EpochMs;
  readonly area: AreaCode | null;
  readonly online: boolean;
}
export interface SensorLatest {
  readonly id: string;
  readonly ix: number;
  readonly value: number;
  readonly at: EpochMs;
  readonly receivedAt: EpochMs;
  readonly online: boolean;
}

/** `live`: newer than what was known, the marker moves. `history`: older or equal, kept in the frames, moves nothing. */
export type Recency = 'live' | 'history';

/**
 * The telemetry lane of one centre: latest table in memory, dirty bits per tick, one frame a second and a keyframe a
 * minute at rest. Segments are per community (`segmentKeys` in model/wire.ts).
 */
export interface Telemetry {
  /**
   * `ix` is the unit's dense number in the world; `area` the leaf found by locate. `past`: history even where it is newer than what is known.
   * `sos`: the button is pressed or released; absent = the device says nothing of it.
   */
  position(fix: {
    id: string;
    ix: number;
    lngLat: LngLat;
    heading: number;
    speed: number;
    at: EpochMs;
    receivedAt: EpochMs;
    area: AreaCode | null;
    past?: boolean | undefined;
    sos?: boolean | undefined;
  }): Recency;
  /** The SOS button of a unit, said without a fix that could be believed. */
  sos(id: string, pressed: boolean): void;
  /** `past`: newer than what is known, yet history handed in late: no sign that the sensor is online. */
  reading(r: {
    id: string;
    ix: number;
    value: number;
    at: EpochMs;
    receivedAt: EpochMs;
    area: AreaCode | null;
    alarm: boolean;
    past?: boolean;
  }): Recency;
  /** Retained state or last will of a device. Nothing is kept of a device that has never sent a fix or a reading. */
  state(kind: 'unit' | 'sensor', id: string, online: boolean): void;

  units(): Iterable<UnitLatest>;
  sensors(): Iterable<SensorLatest>;
  unit(id: string): UnitLatest | undefined;

  /** Stop the clock, write the last frame and keyframe. */
  close(): Promise<void>;
}

/** What changed in one tick of the wire. */
export interface Tick {
  /** 1, 2, 3 … */
  readonly no: number;
  readonly at: number;
  /** encoded once, by segment key; only communities in which something changed */
  readonly segments: ReadonlyMap<number, Uint8Array>;
  /** ix of the units and sensors in those segments, ascending */
  readonly units: Uint32Array;
  readonly sensors: Uint32Array;
  /** the boundaries changed: keys name other communities than before, screens need everything anew */
  readonly rekeyed: boolean;
}

/** What the stream needs of the lane. */
export interface TelemetryFeed {
  /** number of the last tick; 0 before the first */
  readonly tickNo: number;
  readonly latest: Latest;
  onTick(listener: (tick: Tick) => void): () => void;
  /** A wire frame of the newest values of these units and sensors (absent: all that are known) within these segments (null: all). */
  frameOf(keys: ReadonlySet<number> | null, units?: Uint32Array, sensors?: Uint32Array): Uint8Array;
}

/** Telemetry as of a moment, from rest. What one sensor read over weeks is in the cold form (cold-readings.ts). */
export interface TelemetryReader {
  /** The latest table as of the last frame written at or before `ms`: at most a second behind what was live then. */
  at(ms: number): Promise<Latest>;
  /** The newest keyframe at or before `from`, and the frames after it up to and including `to`, ascending. */
  film(from: number, to: number): Promise<{ readonly keyframe: FrameRow | null; readonly frames: readonly FrameRow[] }>;
}

export interface TelemetryStats {
  readonly units: number;
  readonly sensors: number;
  readonly live: number;
  readonly history: number;
  readonly framesWritten: number;
  /** writes that failed and were tried again */
  readonly writeFailures: number;
  /** frames given up because the queue was full */
  readonly framesLost: number;
  readonly queued: number;
}

export interface LiveTelemetry extends Telemetry, TelemetryFeed {
  readonly reader: TelemetryReader;
  stats(): TelemetryStats;
  /** Ask `locate` again for every unit: to be called when an index of new boundaries is ready. */
  relocate(): void;
}
