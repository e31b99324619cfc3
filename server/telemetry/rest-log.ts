import { encodeFrame, encodeSegment, positions, REST_AGE_MS, readings, STATUS_PAST } from '../../model/frame.ts';

interface Fix {
  readonly key: number;
  readonly ix: number;
  readonly lng: number;
  readonly lat: number;
  readonly heading: number;
  readonly speed: number;
  readonly at: number;
  readonly status: number;
  /** handed in late: it never moves the marker */
  readonly past?: boolean | undefined;
}
interface Reading {
  readonly key: number;
  readonly ix: number;
  readonly value: number;
  readonly at: number;
  readonly status: number;
}

/**
 * By key, and within a key by ix. Records of one ix may lie under several keys (history of another place), so their order of
 * receipt is lost: each takes the status that was the last of them all.
 */
function group<R extends { key: number; ix: number; status: number }>(records: readonly R[]): Map<number, R[]> {
  const out = new Map<number, R[]>();
  const last = new Map(records.map((r) => [r.ix, r.status]));
  const settled = records.map((r) => ({ ...r, status: last.get(r.ix) ?? r.status }));
  for (const r of settled.sort((a, b) => a.key - b.key || a.ix - b.ix)) {
    const list = out.get(r.key);
    if (list) list.push(r);
    else out.set(r.key, [r]);
  }
  return out;
}

/** Everything received since the last frame at rest, history too. */
export class RestLog {
  private fixes: Fix[] = [];
  private readings: Reading[] = [];
  private newest = 0;

  get size() {
    return this.fixes.length + this.readings.length;
  }
  fix(f: Fix) {
    this.fixes.push(f);
    if (f.at > this.newest) this.newest = f.at;
  }
  reading(r: Reading) {
    this.readings.push(r);
    if (r.at > this.newest) this.newest = r.at;
  }

  /** The boundaries changed: the segment of each record is that of its place now. */
  rekey(ofPlace: (lng: number, lat: number) => number, ofSensor: (ix: number) => number) {
    this.fixes = this.fixes.map((f) => ({ ...f, key: ofPlace(f.lng, f.lat) }));
    this.readings = this.readings.map((r) => ({ ...r, key: ofSensor(r.ix) }));
  }

  /**
   * One frame of it all; the log is empty afterwards. The frame's own time is `now`, or the newest device time where a
   * device's clock is ahead, so that every age is exact.
   */
  take(now: number): Uint8Array {
    const at = Math.max(now, this.newest);
    const fixes = group(this.fixes);
    const values = group(this.readings);
    this.fixes = [];
    this.readings = [];
    this.newest = 0;
    const segments: Uint8Array[] = [];
    for (const key of [...new Set([...fixes.keys(), ...values.keys()])].sort((a, b) => a - b)) {
      const fs = fixes.get(key) ?? [];
      const vs = values.get(key) ?? [];
      const p = positions(fs.length);
      const r = readings(vs.length);
      for (const f of fs) {
        const i = p.length++;
        p.ix[i] = f.ix;
        p.lng[i] = f.lng;
        p.lat[i] = f.lat;
        p.heading[i] = f.heading;
        p.speed[i] = f.speed;
        p.at[i] = f.at;
        p.status[i] = f.past ? f.status | STATUS_PAST : f.status;
      }
      for (const v of vs) {
        const i = r.length++;
        r.ix[i] = v.ix;
        r.value[i] = v.value;
        r.at[i] = v.at;
        r.status[i] = v.status;
      }
      segments.push(encodeSegment(key, at, p, r, REST_AGE_MS));
    }
    return encodeFrame(at, segments, REST_AGE_MS);
  }
}
