import type { AreaCode, EpochMs, LngLat } from '../../model/brand.ts';

export interface UnitLatest {
  readonly id: string;
  readonly ix: number;
  readonly lngLat: LngLat;
  readonly heading: number;
  readonly speed: number;
  /** device time of the fix */
  readonly at: EpochMs;
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
  /** `ix` is the unit's dense number in the world; `area` the leaf found by locate. */
  position(fix: {
    id: string;
    ix: number;
    lngLat: LngLat;
    heading: number;
    speed: number;
    at: EpochMs;
    receivedAt: EpochMs;
    area: AreaCode | null;
  }): Recency;
  reading(r: { id: string; ix: number; value: number; at: EpochMs; receivedAt: EpochMs; area: AreaCode | null; alarm: boolean }): Recency;
  /** Retained state or last will of a device. */
  state(kind: 'unit' | 'sensor', id: string, online: boolean): void;

  units(): Iterable<UnitLatest>;
  sensors(): Iterable<SensorLatest>;
  unit(id: string): UnitLatest | undefined;

  /** Stop the clock, write the last frame and keyframe. */
  close(): Promise<void>;
}
