import { decodeFrame, encodeFrame, encodeSegment, REST_AGE_MS } from '../../model/frame.ts';

/** A frame at rest with only these segments in it. */
export function filterFrame(bytes: Uint8Array, keys: ReadonlySet<number>): Uint8Array {
  const { at, segments } = decodeFrame(bytes, keys);
  return encodeFrame(
    at,
    segments.map((s) => encodeSegment(s.key, at, s.positions, s.readings, REST_AGE_MS)),
    REST_AGE_MS,
  );
}
