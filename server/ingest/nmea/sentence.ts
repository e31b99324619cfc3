import type { LngLat } from '../../../model/brand.ts';
import { KNOT } from '../phones/phone-fix.ts';

/** NMEA 0183: the sentences from which a receiver's position can be told. */
export interface NmeaFix {
  readonly sentence: 'RMC' | 'GGA';
  /** [lng, lat] degrees, WGS-84 */
  readonly lngLat: LngLat;
  /** milliseconds of the UTC day; GGA tells no date */
  readonly dayMs: number;
  /** start of the UTC day, epoch ms; RMC only */
  readonly day: number | null;
  /** m/s; RMC only */
  readonly speed: number | null;
  /** degrees clockwise from true north; RMC only, empty when standing */
  readonly heading: number | null;
}
export type NmeaRead =
  | { readonly ok: true; readonly fix: NmeaFix }
  /** `$PGID,…`: the device that speaks from now on */
  | { readonly ok: true; readonly fix: null; readonly device: string }
  /** a right sentence that tells no position: another kind, or no fix yet */
  | { readonly ok: true; readonly fix: null; readonly device?: never }
  | { readonly ok: false; readonly reason: 'form' | 'checksum' | 'field'; readonly rule: string };

const no = (reason: 'form' | 'checksum' | 'field', rule: string): NmeaRead => ({ ok: false, reason, rule });

/** ddmm.mmmm and a hemisphere -> degrees; NaN for what is neither. */
function degrees(text: string, hemisphere: string, wide: 2 | 3): number {
  const m = new RegExp(`^(\\d{${wide}})(\\d{2}(?:\\.\\d+)?)$`).exec(text);
  const sign = { N: 1, E: 1, S: -1, W: -1 }[hemisphere];
  if (!m || sign === undefined || Number(m[2]) >= 60) return Number.NaN;
  return sign * (Number(m[1]) + Number(m[2]) / 60);
}
function timeOfDay(text: string): number {
  const m = /^(\d{2})(\d{2})(\d{2}(?:\.\d+)?)$/.exec(text);
  if (!m || Number(m[1]) > 23 || Number(m[2]) > 59 || Number(m[3]) >= 61) return Number.NaN;
  return Math.round((Number(m[1]) * 3600 + Number(m[2]) * 60 + Number(m[3])) * 1000);
}
/** ddmmyy; years 80-99 are of the last century, as receivers count. */
function dayOf(text: string): number {
  const m = /^(\d{2})(\d{2})(\d{2})$/.exec(text);
  if (!m) return Number.NaN;
  const year = Number(m[3]) + (Number(m[3]) < 80 ? 2000 : 1900);
  const at = Date.UTC(year, Number(m[2]) - 1, Number(m[1]));
  return new Date(at).getUTCDate() === Number(m[1]) ? at : Number.NaN;
}

/** @param line one sentence without its end of line */
export function readNmea(line: string): NmeaRead {
  const m = /^[$!]([A-Z0-9]{2,8}(?:,[\x20-\x7e]*?)?)\*([0-9A-Fa-f]{2})$/.exec(line);
  if (!m) return no('form', '$, fields, *, two hexadecimal digits');
  let sum = 0;
  for (const ch of m[1]!) sum ^= ch.charCodeAt(0);
  if (sum !== Number.parseInt(m[2]!, 16)) return no('checksum', 'XOR of everything between $ and *');
  const [address, ...f] = m[1]!.split(',');
  if (address === 'PGID') return { ok: true, fix: null, device: f.join(',') };
  const kind = address!.slice(-3);
  if (kind !== 'RMC' && kind !== 'GGA') return { ok: true, fix: null };
  const rmc = kind === 'RMC';
  if (rmc ? f[1] !== 'A' : !/^[1-9]$/.test(f[5] ?? '') || f[5] === '6') return { ok: true, fix: null };
  const lat = rmc ? degrees(f[2]!, f[3]!, 2) : degrees(f[1]!, f[2]!, 2);
  const lng = rmc ? degrees(f[4]!, f[5]!, 3) : degrees(f[3]!, f[4]!, 3);
  if (!(Math.abs(lat) <= 90 && Math.abs(lng) <= 180)) return no('field', 'latitude ddmm.m,N|S and longitude dddmm.m,E|W');
  const dayMs = timeOfDay(f[0]!);
  if (Number.isNaN(dayMs)) return no('field', 'time hhmmss.s');
  const day = rmc ? dayOf(f[8] ?? '') : null;
  if (day !== null && Number.isNaN(day)) return no('field', 'date ddmmyy');
  const number = (text: string | undefined) => (text && Number.isFinite(Number(text)) ? Number(text) : null);
  const knots = rmc ? number(f[6]) : null;
  const heading = rmc ? number(f[7]) : null;
  return {
    ok: true,
    fix: {
      sentence: kind,
      lngLat: [lng, lat],
      dayMs,
      day,
      speed: knots === null ? null : knots * KNOT,
      heading: heading === null ? null : heading % 360,
    },
  };
}
