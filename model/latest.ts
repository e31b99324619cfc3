import { type Frame, type Positions, type Readings, STATUS_PAST } from './frame.ts';

/**
 * The latest table: what is known last of every unit and sensor, struct of arrays keyed by the dense number `ix` that the
 * world gives at registration. The server keeps one, every screen keeps one, and a time machine fills one as of T.
 * lng/lat are 1e-7 degrees, heading degrees clockwise from north, speed m/s, `at` device time in epoch ms; NaN = never heard.
 */
export interface UnitTable {
  /** every known ix is below it */
  length: number;
  lng: Int32Array;
  lat: Int32Array;
  heading: Float32Array;
  speed: Float32Array;
  at: Float64Array;
  status: Uint8Array;
}
export interface SensorTable {
  length: number;
  value: Float32Array;
  at: Float64Array;
  status: Uint8Array;
}
export interface Latest {
  readonly units: UnitTable;
  readonly sensors: SensorTable;
}

export const latest = (): Latest => ({
  units: {
    length: 0,
    lng: new Int32Array(0),
    lat: new Int32Array(0),
    heading: new Float32Array(0),
    speed: new Float32Array(0),
    at: new Float64Array(0),
    status: new Uint8Array(0),
  },
  sensors: { length: 0, value: new Float32Array(0), at: new Float64Array(0), status: new Uint8Array(0) },
});

export const isKnown = (table: { readonly length: number; readonly at: Float64Array }, ix: number) =>
  ix < table.length && !Number.isNaN(table.at[ix]);

/** A frame from a broken or hostile source may name any 32-bit ix; a table never grows beyond this. */
export const MAX_IX = 4_000_000;

type Column = Int32Array | Float32Array | Float64Array | Uint8Array;
function lengthen<C extends Column>(column: C, capacity: number): C {
  const next = new (column.constructor as new (n: number) => C)(capacity);
  next.set(column);
  return next;
}
/**
 * Make room for `ix`. Columns may be replaced: hold the table, not its columns.
 * @throws RangeError beyond MAX_IX
 */
export function reserve(table: UnitTable | SensorTable, ix: number) {
  if (ix < table.length) return;
  if (ix >= MAX_IX) throw new RangeError(`latest: ix ${ix}, at most ${MAX_IX - 1}`);
  const had = table.at.length;
  if (ix >= had) {
    const capacity = Math.max(64, ix + 1, Math.ceil(had * 1.5));
    const columns = table as unknown as Record<string, Column | number>;
    for (const name of Object.keys(columns)) {
      const column = columns[name];
      if (typeof column === 'object') columns[name] = lengthen(column, capacity);
    }
    table.at.fill(Number.NaN, had);
  }
  table.length = ix + 1;
}

function takePositions(t: UnitTable, p: Positions, onlyNewer: boolean) {
  if (p.length === 0) return;
  reserve(t, p.ix[p.length - 1] as number);
  for (let i = 0; i < p.length; i++) {
    const ix = p.ix[i] as number;
    const status = p.status[i] as number;
    t.status[ix] = status & ~STATUS_PAST;
    if (onlyNewer && (status & STATUS_PAST || (p.at[i] as number) <= (t.at[ix] as number))) continue;
    t.lng[ix] = p.lng[i] as number;
    t.lat[ix] = p.lat[i] as number;
    t.heading[ix] = p.heading[i] as number;
    t.speed[ix] = p.speed[i] as number;
    t.at[ix] = p.at[i] as number;
  }
}
function takeReadings(t: SensorTable, r: Readings, onlyNewer: boolean) {
  if (r.length === 0) return;
  reserve(t, r.ix[r.length - 1] as number);
  for (let i = 0; i < r.length; i++) {
    const ix = r.ix[i] as number;
    t.status[ix] = r.status[i] as number;
    if (onlyNewer && (r.at[i] as number) <= (t.at[ix] as number)) continue;
    t.value[ix] = r.value[i] as number;
    t.at[ix] = r.at[i] as number;
  }
}

/** A frame from the stream: all it says is the latest, so the last frame wins. */
export function applyFrame(table: Latest, frame: Frame) {
  for (const s of frame.segments) {
    takePositions(table.units, s.positions, false);
    takeReadings(table.sensors, s.readings, false);
  }
}

/**
 * A frame at rest: it also holds history that came late, so a value moves only to a newer device time, as it did live,
 * and never to one that was declared late.
 * All records of one ix in a frame carry the status that was its last: whichever is taken last, it is right.
 */
export function replayFrame(table: Latest, frame: Frame) {
  for (const s of frame.segments) {
    takePositions(table.units, s.positions, true);
    takeReadings(table.sensors, s.readings, true);
  }
}
