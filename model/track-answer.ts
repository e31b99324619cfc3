import type { Fixes, Passage, TrackFigures } from './track.ts';

/** What GET /api/v1/tracks answers. Columns are of equal length, in order of device time. */
export interface TrackRow {
  readonly unit: string;
  readonly ix: number;
  /** of every fix of the time asked for; the columns below may hold fewer */
  readonly figures: TrackFigures;
  /** metres by which a unit that goes evenly between these fixes is anywhere from where it was; 0 = all fixes are here */
  readonly within: number;
  /** positions in the columns at which a leg begins: no line is drawn to them */
  readonly legs: readonly number[];
  /** epoch ms */
  readonly at: readonly number[];
  /** degrees, WGS-84 */
  readonly lng: readonly number[];
  readonly lat: readonly number[];
  /** m/s, as the device said */
  readonly speed: readonly number[];
  /** degrees clockwise from north */
  readonly heading: readonly number[];
  readonly passages?: readonly Passage[];
}
export interface TrackAnswer {
  /** epoch ms; `to` is exclusive and never later than now */
  readonly from: number;
  readonly to: number;
  readonly tracks: readonly TrackRow[];
  /** units asked for that sent nothing in that time */
  readonly silent: readonly string[];
  /** units asked for that this reader may not watch */
  readonly withheld: readonly string[];
}

/** The columns as the rules of track.ts take them. */
export function fixesOf(row: Pick<TrackRow, 'at' | 'lng' | 'lat' | 'speed' | 'heading'>): Fixes {
  return {
    length: row.at.length,
    at: Float64Array.from(row.at),
    lng: Int32Array.from(row.lng, (d) => Math.round(d * 1e7)),
    lat: Int32Array.from(row.lat, (d) => Math.round(d * 1e7)),
    heading: Float32Array.from(row.heading),
    speed: Float32Array.from(row.speed),
  };
}
