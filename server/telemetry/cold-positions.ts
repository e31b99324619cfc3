import { everyPosition } from '../../model/frame.ts';
import { decodeFixes, encodeFixes, type Fixes, keptHeading, keptSpeed, noFixes, POSITION_SPAN_MS } from '../../model/position-chunk.ts';
import { type ColdForm, type ColdKind, type ColdParts, openColdForm } from './cold-form.ts';
import { ColumnLog } from './column-log.ts';
import { lastBefore } from './last-before.ts';
import type { FixColumns, PositionHistory } from './position-history.ts';

/** Where the units were over weeks. */
export interface ColdPositions extends ColdForm<Fixes>, PositionHistory {}

export const fixLog = () => new ColumnLog({ lng: Int32Array, lat: Int32Array, heading: Float32Array, speed: Float32Array });
const kind: ColdKind<Fixes> = {
  name: 'positions',
  spanMs: POSITION_SPAN_MS,
  none: noFixes,
  log: fixLog,
  encode: encodeFixes,
  decode: decodeFixes,
  // as a frame and a chunk keep them
  asSaid: (f) => ({
    ...f,
    heading: f.heading.map((h) => (keptHeading(h) * 360) / 256),
    speed: f.speed.map((s) => keptSpeed(s) / 10),
  }),
  inFrame: everyPosition,
};

/** @param units how many units are registered: they are numbered from 0 */
export async function openColdPositions(parts: ColdParts & { readonly units: () => number }): Promise<ColdPositions> {
  const cold = await openColdForm(kind, parts);
  return {
    ...cold,
    async read(units, from, to) {
      const out = new Map<number, FixColumns>();
      if (to <= from) return out;
      for (const [ix, spans] of await cold.spans(units, from, to - 1)) {
        const some = [...spans.values()].filter((f) => f.at.length > 0);
        if (some.length > 0) out.set(ix, columnsOf(some));
      }
      return out;
    },
    async before(at) {
      const known = Array.from({ length: parts.units() }, (_, ix) => ix);
      return new Map([...(await lastBefore(cold, known, at))].map(([ix, fixes]) => [ix, columnsOf([fixes])]));
    },
  };
}

function columnsOf(parts: readonly Fixes[]): FixColumns {
  const length = parts.reduce((n, p) => n + p.at.length, 0);
  const out = {
    length,
    at: new Float64Array(length),
    lng: new Int32Array(length),
    lat: new Int32Array(length),
    heading: new Float32Array(length),
    speed: new Float32Array(length),
  };
  let n = 0;
  for (const p of parts) {
    for (const name of ['at', 'lng', 'lat', 'heading', 'speed'] as const) out[name].set(p[name], n);
    n += p.at.length;
  }
  return out;
}
