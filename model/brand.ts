/** Nominal types for values that are easily swapped. A brand costs nothing at run time. */
declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

/** Code of a place in the tree, e.g. `510107062007` (新盛社区). Codes nest by prefix only in the default format: use `isWithin`. */
export type AreaCode = Branded<string, 'AreaCode'>;
/** Position of an entry in a centre's ledger: 1, 2, 3 … without gaps. */
export type Seq = Branded<number, 'Seq'>;
/** A moment: milliseconds since 1970-01-01T00:00Z. Durations are plain `number` (milliseconds). */
export type EpochMs = Branded<number, 'EpochMs'>;

export const areaCode = (code: string) => code as AreaCode;
export const seq = (n: number) => n as Seq;
export const epochMs = (ms: number) => ms as EpochMs;

/** [longitude, latitude], degrees, WGS-84. CGCS2000 is treated as equal for display (decimetres). */
export type LngLat = readonly [lng: number, lat: number];

/** Chinese first, English second. */
export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}
