/** 0x0200 位置信息汇报 and 0x0704 定位数据批量上传. Byte layouts: STANDARDS "JT/T 808". */
export interface Location {
  /** bit 0 紧急报警 (SOS) … see STANDARDS */
  readonly alarm: number;
  readonly status: number;
  /** the terminal has a fix (status bit 1) */
  readonly fixed: boolean;
  /** [lng, lat] degrees as sent: WGS-84 unless the terminal was set to shift them (status bit 5) */
  readonly lngLat: readonly [number, number];
  readonly shifted: boolean;
  /** metres */
  readonly altitude: number;
  /** m/s */
  readonly speed: number;
  /** degrees clockwise from north */
  readonly heading: number;
  /** epoch ms; the wire has Beijing time */
  readonly at: number;
  readonly extras: ReadonlyMap<number, Uint8Array>;
}
export type LocationRead = { readonly ok: true; readonly location: Location } | { readonly ok: false; readonly rule: string };

const BEIJING_MS = 8 * 3_600_000;
export const ALARM_SOS = 1;
/** without its extras */
const LOCATION_BYTES = 28;
const FIXED = 0x02;
const SOUTH = 0x04;
const WEST = 0x08;
const SHIFTED = 0x20;

const two = (b: number) => (b >> 4 > 9 || (b & 15) > 9 ? Number.NaN : (b >> 4) * 10 + (b & 15));
const toBcd = (n: number) => (Math.floor(n / 10) << 4) | (n % 10);
/** BCD[6] YYMMDDhhmmss, Beijing time. @returns NaN for what is no date */
export function readTime(b: Uint8Array): number {
  const [y, mo, d, h, mi, s] = Array.from(b.subarray(0, 6), two) as [number, number, number, number, number, number];
  if (!(mo >= 1 && mo <= 12 && d >= 1 && d <= 31 && h < 24 && mi < 60 && s < 60)) return Number.NaN;
  const at = Date.UTC(2000 + y, mo - 1, d, h, mi, s);
  return new Date(at).getUTCDate() === d ? at - BEIJING_MS : Number.NaN;
}

export function readLocation(body: Uint8Array): LocationRead {
  if (body.length < LOCATION_BYTES) return { ok: false, rule: `a location has at least ${LOCATION_BYTES} bytes, ${body.length} came` };
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const status = view.getUint32(4);
  const lat = (view.getUint32(8) / 1e6) * (status & SOUTH ? -1 : 1);
  const lng = (view.getUint32(12) / 1e6) * (status & WEST ? -1 : 1);
  if (Math.abs(lat) > 90 || Math.abs(lng) > 180) return { ok: false, rule: 'latitude at most 90, longitude at most 180 degrees' };
  const at = readTime(body.subarray(22, 28));
  if (Number.isNaN(at)) return { ok: false, rule: 'time: BCD YYMMDDhhmmss' };
  const extras = new Map<number, Uint8Array>();
  for (let i = LOCATION_BYTES; i + 2 <= body.length; ) {
    const length = body[i + 1]!;
    if (i + 2 + length > body.length) break; // vendors append what is no TLV; the position before it is right
    extras.set(body[i]!, body.subarray(i + 2, i + 2 + length));
    i += 2 + length;
  }
  return {
    ok: true,
    location: {
      alarm: view.getUint32(0),
      status,
      fixed: (status & FIXED) !== 0,
      lngLat: [lng, lat],
      shifted: (status & SHIFTED) !== 0,
      altitude: view.getInt16(16),
      speed: view.getUint16(18) / 36,
      heading: view.getUint16(20) % 360,
      at,
      extras,
    },
  };
}

/** What a terminal says of its place. Body of 0x0200, without extras. `fixed` absent = yes. */
export interface Told {
  readonly lngLat: readonly [number, number];
  /** m/s */
  readonly speed: number;
  /** degrees clockwise from north */
  readonly heading: number;
  /** epoch ms; the wire holds whole seconds */
  readonly at: number;
  readonly fixed?: boolean;
  readonly sos?: boolean;
}
export function writeLocation({ lngLat: [lng, lat], speed, heading, at, fixed = true, sos = false }: Told): Uint8Array {
  const body = new Uint8Array(LOCATION_BYTES);
  const view = new DataView(body.buffer);
  view.setUint32(0, sos ? ALARM_SOS : 0);
  view.setUint32(4, (fixed ? FIXED : 0) | (lat < 0 ? SOUTH : 0) | (lng < 0 ? WEST : 0));
  view.setUint32(8, Math.round(Math.abs(lat) * 1e6));
  view.setUint32(12, Math.round(Math.abs(lng) * 1e6));
  view.setUint16(18, Math.min(0xffff, Math.round(speed * 36)));
  view.setUint16(20, Math.round(heading) % 360);
  const t = new Date(at + BEIJING_MS);
  const parts = [t.getUTCFullYear() % 100, t.getUTCMonth() + 1, t.getUTCDate(), t.getUTCHours(), t.getUTCMinutes(), t.getUTCSeconds()];
  body.set(parts.map(toBcd), 22);
  return body;
}

/** 0x0704: several locations. `backfill`: from a blind area (type 1), history that moves no live marker. null = not of this form. */
export function readBatch(body: Uint8Array): { backfill: boolean; count: number; locations: LocationRead[] } | null {
  if (body.length < 3) return null;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const count = view.getUint16(0);
  const locations: LocationRead[] = [];
  let i = 3;
  for (let k = 0; k < count; k++) {
    if (i + 2 > body.length) return null;
    const length = view.getUint16(i);
    if (i + 2 + length > body.length) return null;
    locations.push(readLocation(body.subarray(i + 2, i + 2 + length)));
    i += 2 + length;
  }
  return i === body.length ? { backfill: body[2] === 1, count, locations } : null;
}

/** Body of 0x0704. @param locations bodies of 0x0200 */
export function writeBatch(backfill: boolean, locations: readonly Uint8Array[]): Uint8Array {
  const body = new Uint8Array(3 + locations.reduce((n, l) => n + 2 + l.length, 0));
  const view = new DataView(body.buffer);
  view.setUint16(0, locations.length);
  body[2] = backfill ? 1 : 0;
  let i = 3;
  for (const l of locations) {
    view.setUint16(i, l.length);
    body.set(l, i + 2);
    i += 2 + l.length;
  }
  return body;
}
