import { asMeasured, everyReading } from '../../model/frame.ts';
import { CHUNK_MS, decodeReadings, encodeReadings, noSeries, type Series } from '../../model/reading-chunk.ts';
import { type ColdForm, type ColdKind, type ColdParts, openColdForm } from './cold-form.ts';
import { ColumnLog } from './column-log.ts';

/** What the sensors read over weeks; values in the unit of the kind. */
export type ColdReadings = ColdForm<Series>;

export const readingLog = () => new ColumnLog({ value: Float32Array });
const kind: ColdKind<Series> = {
  name: 'readings',
  spanMs: CHUNK_MS,
  none: noSeries,
  log: readingLog,
  encode: encodeReadings,
  decode: decodeReadings,
  // memory keeps float32; seven digits are what a device said
  asSaid: ({ at, value }) => ({ at, value: value.map(asMeasured) }),
  inFrame: everyReading,
};
export const openColdReadings = (parts: ColdParts): Promise<ColdReadings> => openColdForm(kind, parts);
