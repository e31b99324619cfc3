import { encodeSegment, positions, readings } from '../../model/frame.ts';
import { isKnown, type Latest } from '../../model/latest.ts';

/** ix of what is known, ascending. */
export function knownIx(table: { readonly length: number; readonly at: Float64Array }): Uint32Array {
  const out = new Uint32Array(table.length);
  let n = 0;
  for (let ix = 0; ix < table.length; ix++) if (isKnown(table, ix)) out[n++] = ix;
  return out.subarray(0, n);
}

function byKey(ixs: Uint32Array, keys: readonly number[], only: ReadonlySet<number> | null): Map<number, number[]> {
  const out = new Map<number, number[]>();
  for (const ix of ixs) {
    const key = keys[ix] ?? 0;
    if (only && !only.has(key)) continue;
    const list = out.get(key);
    if (list) list.push(ix);
    else out.set(key, [ix]);
  }
  return out;
}

export interface Gathering {
  readonly latest: Latest;
  /** segment key by ix */
  readonly unitKeys: readonly number[];
  readonly sensorKeys: readonly number[];
  /** ascending ix */
  readonly units: Uint32Array;
  readonly sensors: Uint32Array;
  readonly at: number;
  readonly ageMs: number;
  /** null = every segment */
  readonly only: ReadonlySet<number> | null;
}

/** Encode the newest values of these units and sensors, one segment per community, in ascending order of key. */
export function encodeLatest(g: Gathering): Map<number, Uint8Array> {
  const units = byKey(g.units, g.unitKeys, g.only);
  const sensors = byKey(g.sensors, g.sensorKeys, g.only);
  const out = new Map<number, Uint8Array>();
  for (const key of [...new Set([...units.keys(), ...sensors.keys()])].sort((a, b) => a - b)) {
    const u = units.get(key) ?? [];
    const s = sensors.get(key) ?? [];
    const p = positions(u.length);
    const r = readings(s.length);
    const ut = g.latest.units;
    const st = g.latest.sensors;
    for (const ix of u) {
      const i = p.length++;
      p.ix[i] = ix;
      p.lng[i] = ut.lng[ix] as number;
      p.lat[i] = ut.lat[ix] as number;
      p.heading[i] = ut.heading[ix] as number;
      p.speed[i] = ut.speed[ix] as number;
      p.at[i] = ut.at[ix] as number;
      p.status[i] = ut.status[ix] as number;
    }
    for (const ix of s) {
      const i = r.length++;
      r.ix[i] = ix;
      r.value[i] = st.value[ix] as number;
      r.at[i] = st.at[ix] as number;
      r.status[i] = st.status[ix] as number;
    }
    out.set(key, encodeSegment(key, g.at, p, r, g.ageMs));
  }
  return out;
}
