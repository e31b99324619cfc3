import { type Positions, type Readings, STATUS_PAST } from '../../model/frame.ts';
import { MAX_IX } from '../../model/latest.ts';

/**
 * Telemetry on a screen: the latest fix of every unit and the latest value of every sensor, indexed by `ix`, in plain
 * typed arrays outside React. Readers pull (a layer while it draws, a panel once a second); `subscribe` only says that
 * something changed. lng/lat are 1e-7 degrees (Int32), heading degrees clockwise from north, speed m/s, times epoch ms;
 * `at` = 0 means never seen.
 */
export class LatestStore {
  /** raised by one with every frame */
  version = 0;
  /** raised by one when all was forgotten: what is drawn next stands somewhere else, it has not moved there */
  era = 0;
  /** film seconds in a second: how fast what is shown goes by */
  pace = 1;
  /** time of the newest frame, epoch ms by the server's clock; 0 = none yet */
  frameAt = 0;
  /** one above the highest unit ix seen */
  unitCount = 0;
  lng = new Int32Array(64);
  lat = new Int32Array(64);
  heading = new Float32Array(64);
  speed = new Float32Array(64);
  at = new Float64Array(64);
  status = new Uint8Array(64);
  /** the fix before this one, for motion between reports */
  fromLng = new Int32Array(64);
  fromLat = new Int32Array(64);
  fromAt = new Float64Array(64);

  sensorCount = 0;
  value = new Float32Array(64);
  valueAt = new Float64Array(64);
  sensorStatus = new Uint8Array(64);

  private readonly listeners = new Set<() => void>();

  /** Called after every applied frame, at most a few times a second. Returns the unsubscribe function. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Only web/link.ts writes, and of a moment of the past web/replay/. A fix older than the one known is passed over.
   * @throws RangeError for an ix of MAX_IX or more
   */
  positions(p: Positions) {
    const top = p.length ? (p.ix[p.length - 1] as number) + 1 : 0;
    if (top > MAX_IX) throw new RangeError(`latest: ix ${top - 1}, at most ${MAX_IX - 1}`);
    if (top > this.lng.length) this.growUnits(top);
    if (top > this.unitCount) this.unitCount = top;
    for (let i = 0; i < p.length; i++) {
      const ix = p.ix[i] as number;
      const at = p.at[i] as number;
      const before = this.at[ix] as number;
      if (at < before || (p.status[i] as number) & STATUS_PAST) continue; // handed in late: of the track, not where it is
      if (at > before) {
        const first = before === 0;
        this.fromLng[ix] = first ? (p.lng[i] as number) : (this.lng[ix] as number);
        this.fromLat[ix] = first ? (p.lat[i] as number) : (this.lat[ix] as number);
        this.fromAt[ix] = first ? at : before;
      }
      this.lng[ix] = p.lng[i] as number;
      this.lat[ix] = p.lat[i] as number;
      this.heading[ix] = p.heading[i] as number;
      this.speed[ix] = p.speed[i] as number;
      this.at[ix] = at;
      this.status[ix] = p.status[i] as number;
    }
  }

  readings(r: Readings) {
    const top = r.length ? (r.ix[r.length - 1] as number) + 1 : 0;
    if (top > MAX_IX) throw new RangeError(`latest: ix ${top - 1}, at most ${MAX_IX - 1}`);
    if (top > this.value.length) this.growSensors(top);
    if (top > this.sensorCount) this.sensorCount = top;
    for (let i = 0; i < r.length; i++) {
      const ix = r.ix[i] as number;
      if ((r.at[i] as number) < (this.valueAt[ix] as number)) continue;
      this.value[ix] = r.value[i] as number;
      this.valueAt[ix] = r.at[i] as number;
      this.sensorStatus[ix] = r.status[i] as number;
    }
  }

  frame(at: number) {
    this.version += 1;
    if (at > this.frameAt) this.frameAt = at;
    for (const listener of this.listeners) listener();
  }

  /** Before a snapshot: what is not in it is unknown again. */
  clear() {
    this.at.fill(0);
    this.valueAt.fill(0);
    this.fromAt.fill(0);
    this.unitCount = 0;
    this.sensorCount = 0;
    this.frameAt = 0;
    this.era += 1;
  }

  /** The same as another holds now, in memory of its own. */
  copy(from: LatestStore) {
    this.clear();
    for (const key of ['lng', 'lat', 'fromLng', 'fromLat'] as const) this[key] = from[key].slice();
    for (const key of ['heading', 'speed', 'value'] as const) this[key] = from[key].slice();
    for (const key of ['at', 'fromAt', 'valueAt'] as const) this[key] = from[key].slice();
    for (const key of ['status', 'sensorStatus'] as const) this[key] = from[key].slice();
    this.unitCount = from.unitCount;
    this.sensorCount = from.sensorCount;
    this.frame(from.frameAt);
  }

  private growUnits(n: number) {
    const size = Math.max(n, this.lng.length * 2);
    this.lng = grown(this.lng, new Int32Array(size));
    this.lat = grown(this.lat, new Int32Array(size));
    this.heading = grown(this.heading, new Float32Array(size));
    this.speed = grown(this.speed, new Float32Array(size));
    this.at = grown(this.at, new Float64Array(size));
    this.status = grown(this.status, new Uint8Array(size));
    this.fromLng = grown(this.fromLng, new Int32Array(size));
    this.fromLat = grown(this.fromLat, new Int32Array(size));
    this.fromAt = grown(this.fromAt, new Float64Array(size));
  }

  private growSensors(n: number) {
    const size = Math.max(n, this.value.length * 2);
    this.value = grown(this.value, new Float32Array(size));
    this.valueAt = grown(this.valueAt, new Float64Array(size));
    this.sensorStatus = grown(this.sensorStatus, new Uint8Array(size));
  }
}

function grown<T extends { set: (from: T) => void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
