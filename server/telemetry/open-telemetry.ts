import type { AreaCode, EpochMs, LngLat } from '../../model/brand.ts';
import { encodeFrame, REST_AGE_MS, STATUS_ALARM, STATUS_ONLINE, STATUS_SOS, WIRE_AGE_MS } from '../../model/frame.ts';
import { isKnown, latest as newLatest, reserve, type SensorTable, type UnitTable } from '../../model/latest.ts';
import { TICK_MS } from '../../model/wire.ts';
import type { World } from '../../model/world.ts';
import type { Store } from '../store/store.ts';
import { BitSet } from './bit-set.ts';
import { FrameWriter, type Log } from './frame-writer.ts';
import { type FrameSource, hotReader, latestAt } from './reader.ts';
import { RestLog } from './rest-log.ts';
import { segmentIndex } from './segment-index.ts';
import { encodeLatest, knownIx } from './segments.ts';
import type { LiveTelemetry, SensorLatest, Tick, UnitLatest } from './telemetry.ts';

const REST_MS = 1000;
const KEYFRAME_MS = 60_000;
/** A burst of history does not wait for the second to end. */
const MAX_REST_RECORDS = 65_536;

export type Every = (ms: number, run: () => void) => () => void;
export const everyInterval: Every = (ms, run) => {
  const timer = setInterval(run, ms);
  return () => clearInterval(timer);
};

export interface TelemetryOptions {
  readonly store: Pick<Store, 'putFrame' | 'putKeyframe'>;
  /** the film at rest */
  readonly film: FrameSource;
  readonly world: () => Pick<World, 'areas' | 'units' | 'sensors'>;
  /** the leaf that holds a place; asked for restored units and after new boundaries */
  readonly locate: (lngLat: LngLat) => AreaCode | null;
  readonly now: () => number;
  readonly log: Log;
  /** told of every reading taken, live or late: the cold form */
  readonly keep?: (ix: number, at: number, value: number) => void;
  /** told of every fix taken, live or late: lng/lat 1e-7 degrees, heading degrees, speed m/s */
  readonly keepFix?: (ix: number, at: number, lng: number, lat: number, heading: number, speed: number) => void;
  /** the clock's ticks; a test passes its own */
  readonly every?: Every;
}

/** What belongs to an ix beside the columns of the latest table. */
class Roll {
  readonly ids: string[] = [];
  readonly byId = new Map<string, number>();
  readonly areas: (AreaCode | null)[] = [];
  readonly keys: number[] = [];
  readonly receivedAt: number[] = [];
  readonly dirty = new BitSet();

  set(ix: number, id: string, area: AreaCode | null, key: number, receivedAt: number) {
    if (this.ids[ix] !== id) {
      this.ids[ix] = id;
      this.byId.set(id, ix);
    }
    this.areas[ix] = area;
    this.keys[ix] = key;
    this.receivedAt[ix] = receivedAt;
    this.dirty.add(ix);
  }
}

/** Restore the latest table from rest, then keep it. See docs/life-of-a-frame.md. */
export async function openTelemetry(options: TelemetryOptions): Promise<LiveTelemetry> {
  const { store, world, locate, now, log } = options;
  const every = options.every ?? everyInterval;
  const table = newLatest();
  const unitRoll = new Roll();
  const sensorRoll = new Roll();
  const rest = new RestLog();
  const { film, keep = () => {}, keepFix = () => {} } = options;
  const writer = new FrameWriter(store, log);
  const listeners = new Set<(tick: Tick) => void>();
  let areas = world().areas;
  let rekeyed = false;
  let tickNo = 0;
  let live = 0;
  let history = 0;
  let lastRow = 0;

  const keyOf = (area: AreaCode | null) => segmentIndex({ areas }).keyOf(area);
  const lngLatOf = (u: UnitTable, ix: number): LngLat => [(u.lng[ix] as number) / 1e7, (u.lat[ix] as number) / 1e7];

  function logFix(ix: number, key: number) {
    const u = table.units;
    rest.fix({
      key,
      ix,
      lng: u.lng[ix] as number,
      lat: u.lat[ix] as number,
      heading: u.heading[ix] as number,
      speed: u.speed[ix] as number,
      at: u.at[ix] as number,
      status: u.status[ix] as number,
    });
  }
  function logReading(ix: number, key: number) {
    const s = table.sensors;
    rest.reading({ key, ix, value: s.value[ix] as number, at: s.at[ix] as number, status: s.status[ix] as number });
  }

  /** New boundaries: a place may lie in another community now, and keys count from the new list. */
  function rekey() {
    areas = world().areas;
    rekeyed = true;
    for (const ix of knownIx(table.units)) {
      unitRoll.areas[ix] = locate(lngLatOf(table.units, ix));
      unitRoll.keys[ix] = keyOf(unitRoll.areas[ix] ?? null);
      unitRoll.dirty.add(ix);
    }
    for (const ix of knownIx(table.sensors)) {
      const sensor = world().sensors.get(sensorRoll.ids[ix] ?? '');
      sensorRoll.areas[ix] = sensor ? (sensor.area ?? locate(sensor.lngLat)) : null;
      sensorRoll.keys[ix] = keyOf(sensorRoll.areas[ix] ?? null);
      sensorRoll.dirty.add(ix);
    }
    // film from here on is cut by the new communities, whatever it was told under the old ones
    rest.rekey(
      (lng, lat) => keyOf(locate([lng / 1e7, lat / 1e7])),
      (ix) => sensorRoll.keys[ix] ?? 0,
    );
    writeKeyframe();
  }

  /** Rows are named by their time: two in one millisecond get two. */
  const rowTime = () => {
    lastRow = Math.max(now(), lastRow + 1);
    return lastRow;
  };
  function writeRest() {
    if (rest.size > 0) writer.put('frame', { at: rowTime(), bytes: rest.take(lastRow) });
  }
  function newestAt(at: number): number {
    let newest = at;
    for (const column of [table.units, table.sensors])
      for (let ix = 0; ix < column.length; ix++) if ((column.at[ix] as number) > newest) newest = column.at[ix] as number;
    return newest;
  }
  function gather(at: number, ageMs: number, only: ReadonlySet<number> | null, units?: Uint32Array, sensors?: Uint32Array) {
    return encodeLatest({
      latest: table,
      unitKeys: unitRoll.keys,
      sensorKeys: sensorRoll.keys,
      units: units ?? knownIx(table.units),
      sensors: sensors ?? knownIx(table.sensors),
      at,
      ageMs,
      only,
    });
  }
  function writeKeyframe() {
    writeRest();
    if (table.units.length + table.sensors.length === 0) return;
    const at = rowTime();
    const frameAt = newestAt(at);
    writer.put('keyframe', { at, bytes: encodeFrame(frameAt, [...gather(frameAt, REST_AGE_MS, null).values()], REST_AGE_MS) });
  }

  function tick() {
    if (world().areas !== areas) rekey();
    const units = unitRoll.dirty.take();
    const sensors = sensorRoll.dirty.take();
    tickNo += 1;
    const at = now();
    const t: Tick = { no: tickNo, at, segments: gather(at, WIRE_AGE_MS, null, units, sensors), units, sensors, rekeyed };
    rekeyed = false;
    for (const listener of listeners) listener(t);
  }

  function restoreUnit(ix: number, id: string, u: UnitTable, seenAt: number) {
    if (!isKnown(u, ix)) return;
    const area = locate(lngLatOf(u, ix));
    unitRoll.set(ix, id, area, keyOf(area), seenAt);
  }
  function restoreSensor(ix: number, id: string, s: SensorTable, area: AreaCode | null, seenAt: number) {
    if (isKnown(s, ix)) sensorRoll.set(ix, id, area, keyOf(area), seenAt);
  }
  async function restore() {
    const restored = await latestAt(film, now(), (row) => {
      lastRow = Math.max(lastRow, row.at);
    });
    Object.assign(table.units, restored.units);
    Object.assign(table.sensors, restored.sensors);
    const w = world();
    for (const u of w.units.values()) restoreUnit(u.ix, u.id, table.units, table.units.at[u.ix] as number);
    for (const s of w.sensors.values()) restoreSensor(s.ix, s.id, table.sensors, s.area, table.sensors.at[s.ix] as number);
    // what is not registered in this ledger (a restored backup) is not ours to show
    for (const ix of knownIx(table.units)) if (unitRoll.ids[ix] === undefined) table.units.at[ix] = Number.NaN;
    for (const ix of knownIx(table.sensors)) if (sensorRoll.ids[ix] === undefined) table.sensors.at[ix] = Number.NaN;
  }
  await restore();

  const stops = [every(TICK_MS, tick), every(REST_MS, writeRest), every(KEYFRAME_MS, writeKeyframe)];

  const unitAt = (ix: number): UnitLatest => ({
    id: unitRoll.ids[ix] as string,
    ix,
    lngLat: lngLatOf(table.units, ix),
    heading: table.units.heading[ix] as number,
    speed: table.units.speed[ix] as number,
    at: table.units.at[ix] as EpochMs,
    receivedAt: unitRoll.receivedAt[ix] as EpochMs,
    area: unitRoll.areas[ix] ?? null,
    online: ((table.units.status[ix] as number) & STATUS_ONLINE) !== 0,
  });
  const sensorAt = (ix: number): SensorLatest => ({
    id: sensorRoll.ids[ix] as string,
    ix,
    value: table.sensors.value[ix] as number,
    at: table.sensors.at[ix] as EpochMs,
    receivedAt: sensorRoll.receivedAt[ix] as EpochMs,
    online: ((table.sensors.status[ix] as number) & STATUS_ONLINE) !== 0,
  });

  return {
    position(fix) {
      const { units } = table;
      reserve(units, fix.ix);
      const lng = Math.round(fix.lngLat[0] * 1e7);
      const lat = Math.round(fix.lngLat[1] * 1e7);
      const key = keyOf(fix.area);
      const status = units.status[fix.ix] as number;
      if (fix.past || fix.at <= (units.at[fix.ix] as number)) {
        history += 1;
        // device and time are a fix's identity: the one we have is not written twice
        if (fix.at === units.at[fix.ix]) return 'history';
        const { past } = fix;
        rest.fix({ key, ix: fix.ix, lng, lat, heading: fix.heading, speed: fix.speed, at: fix.at, status, past });
        keepFix(fix.ix, fix.at, lng, lat, fix.heading, fix.speed);
        if (rest.size >= MAX_REST_RECORDS) writeRest();
        return 'history';
      }
      live += 1;
      units.lng[fix.ix] = lng;
      units.lat[fix.ix] = lat;
      units.heading[fix.ix] = fix.heading;
      units.speed[fix.ix] = fix.speed;
      units.at[fix.ix] = fix.at;
      units.status[fix.ix] = withSos(status, fix.sos) | STATUS_ONLINE;
      unitRoll.set(fix.ix, fix.id, fix.area, key, fix.receivedAt);
      logFix(fix.ix, key);
      keepFix(fix.ix, fix.at, lng, lat, fix.heading, fix.speed);
      if (rest.size >= MAX_REST_RECORDS) writeRest();
      return 'live';
    },
    sos(id, pressed) {
      const ix = unitRoll.byId.get(id);
      if (ix === undefined) return;
      const before = table.units.status[ix] as number;
      table.units.status[ix] = withSos(before, pressed);
      if (table.units.status[ix] === before) return;
      unitRoll.dirty.add(ix);
      logFix(ix, unitRoll.keys[ix] as number);
    },
    reading(r) {
      const { sensors } = table;
      reserve(sensors, r.ix);
      const key = keyOf(r.area);
      if (r.at <= (sensors.at[r.ix] as number)) {
        history += 1;
        if (r.at === sensors.at[r.ix]) return 'history';
        rest.reading({ key, ix: r.ix, value: r.value, at: r.at, status: sensors.status[r.ix] as number });
        keep(r.ix, r.at, r.value);
        if (rest.size >= MAX_REST_RECORDS) writeRest();
        return 'history';
      }
      live += 1;
      sensors.value[r.ix] = r.value;
      sensors.at[r.ix] = r.at;
      if (!r.past) sensors.status[r.ix] = STATUS_ONLINE | (r.alarm ? STATUS_ALARM : 0);
      sensorRoll.set(r.ix, r.id, r.area, key, r.receivedAt);
      logReading(r.ix, key);
      keep(r.ix, r.at, r.value);
      if (rest.size >= MAX_REST_RECORDS) writeRest();
      return 'live';
    },
    state(kind, id, online) {
      const roll = kind === 'unit' ? unitRoll : sensorRoll;
      const { status } = kind === 'unit' ? table.units : table.sensors;
      const ix = roll.byId.get(id);
      if (ix === undefined) return;
      const before = status[ix] as number;
      const after = online ? before | STATUS_ONLINE : before & ~STATUS_ONLINE;
      if (after === before) return;
      status[ix] = after;
      roll.dirty.add(ix);
      if (kind === 'unit') logFix(ix, roll.keys[ix] as number);
      else logReading(ix, roll.keys[ix] as number);
    },
    *units() {
      for (const ix of knownIx(table.units)) yield unitAt(ix);
    },
    *sensors() {
      for (const ix of knownIx(table.sensors)) yield sensorAt(ix);
    },
    unit(id) {
      const ix = unitRoll.byId.get(id);
      return ix === undefined ? undefined : unitAt(ix);
    },
    get tickNo() {
      return tickNo;
    },
    latest: table,
    onTick(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    frameOf(keys, units, sensors) {
      const at = now();
      return encodeFrame(at, [...gather(at, WIRE_AGE_MS, keys, units, sensors).values()], WIRE_AGE_MS);
    },
    reader: hotReader(film),
    relocate: rekey,
    stats: () => ({
      units: unitRoll.byId.size,
      sensors: sensorRoll.byId.size,
      live,
      history,
      framesWritten: writer.written,
      writeFailures: writer.failures,
      framesLost: writer.lost,
      queued: writer.queued,
    }),
    async close() {
      for (const stop of stops) stop();
      writeKeyframe();
      await writer.close();
    },
  };
}

const withSos = (status: number, pressed: boolean | undefined) =>
  pressed === undefined ? status : pressed ? status | STATUS_SOS : status & ~STATUS_SOS;
