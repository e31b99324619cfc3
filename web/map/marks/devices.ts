import type { LngLat } from '../../../model/brand.ts';
import type { DeviceMark } from '../layers/alarms.ts';
import { cluster, type Marker } from './cluster.ts';
import { around, type Rect, shapePath } from './geometry.ts';

/** Where a device mark, or several that share one, stands: `offset` in u from its place on the screen. */
export interface DeviceSpot {
  readonly key: string;
  readonly at: LngLat;
  readonly offset: readonly [dx: number, dy: number];
  readonly head: DeviceMark;
  /** head included, the worst first */
  readonly members: readonly DeviceMark[];
  /** part of a fan: a line leads back to where it stands */
  readonly fanned: boolean;
}
/** A cluster opened where it stands, because no zoom parts its members. */
export interface Fan {
  readonly at: LngLat;
  /** ids of the sensors in it */
  readonly ids: ReadonlySet<string>;
}
export interface DeviceInput {
  readonly devices: readonly DeviceMark[];
  /** incidents as they are drawn, px: a mark keeps beside the one it lies under */
  readonly discs: readonly { readonly x: number; readonly y: number; readonly r: number }[];
  readonly project: (at: LngLat) => readonly [x: number, y: number];
  readonly width: number;
  readonly height: number;
  readonly u: number;
  readonly fan: Fan | null;
}

/** Side of the square of an abnormal sensor (GUIDE §5), and how near to each other two share one, in u. */
const SIDE = 16.4;
export const DEVICE_CLUSTER_U = 28;
const FIRST_RING = 34;
const RING_STEP = 24;
const SPACING = 24;

/** Places of a fan about (0, 0), in u: rings of marks that do not touch, the worst on the innermost, beginning at 12 o'clock. */
export function fanPlaces(n: number): [number, number][] {
  const out: [number, number][] = [];
  for (let ring = 0; out.length < n; ring++) {
    const r = FIRST_RING + ring * RING_STEP;
    const room = Math.floor((2 * Math.PI * r) / SPACING);
    const here = Math.min(room, n - out.length);
    for (let i = 0; i < here; i++) {
      const a = (i / here) * 2 * Math.PI;
      out.push([r * Math.sin(a), -r * Math.cos(a)]);
    }
  }
  return out;
}

interface Placed extends Marker {
  readonly mark: DeviceMark;
}
/** Abnormal sensors of this screen: those nearer than 28 u share a mark; those of an opened fan stand around its place. */
export function layoutDevices(input: DeviceInput): DeviceSpot[] {
  const { u, fan } = input;
  const margin = 20 * u;
  const placed: Placed[] = [];
  const fanned: DeviceMark[] = [];
  for (const mark of input.devices) {
    if (fan?.ids.has(mark.id)) {
      fanned.push(mark);
      continue;
    }
    const [x, y] = input.project(mark.lngLat);
    if (x > -margin && y > -margin && x < input.width + margin && y < input.height + margin)
      placed.push({ id: mark.id, x, y, rank: mark.rank, mark });
  }
  const spots = cluster(placed, DEVICE_CLUSTER_U * u).map(({ head, members }): DeviceSpot => {
    const disc = input.discs.find((d) => Math.hypot(d.x - head.x, d.y - head.y) < d.r + (SIDE / 2) * u);
    return {
      key: head.id,
      at: head.mark.lngLat,
      offset: disc ? beside(disc, head, input.discs, u) : [0, 0],
      head: head.mark,
      members: members.map((m) => m.mark),
      fanned: false,
    };
  });
  if (!fan) return spots;
  fanned.sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1));
  const places = fanPlaces(fanned.length);
  return [
    ...spots,
    ...fanned.map((mark, i): DeviceSpot => ({ key: mark.id, at: fan.at, offset: places[i]!, head: mark, members: [mark], fanned: true })),
  ];
}

type Disc = DeviceInput['discs'][number];
/** Out from under an incident's disc: to the first corner of it where no other disc lies, the lower left before all. */
function beside(disc: Disc, p: { x: number; y: number }, discs: readonly Disc[], u: number): [number, number] {
  const d = (disc.r / u + SIDE / 2) * Math.SQRT1_2 + 1;
  const corners = [
    [-d, d],
    [d, d],
    [-d, -d],
    [d, -d],
  ] as const;
  const free = ([dx, dy]: readonly [number, number]) =>
    discs.every((o) => o === disc || Math.hypot(o.x - disc.x - dx * u, o.y - disc.y - dy * u) > o.r + (SIDE / 2) * u);
  const [dx, dy] = corners.find(free) ?? corners[0];
  return [(disc.x - p.x) / u + dx, (disc.y - p.y) / u + dy];
}

/** Screen px a spot takes, for labels to keep off. */
export function spotRect(spot: DeviceSpot, project: DeviceInput['project'], u: number): Rect {
  const [x, y] = project(spot.at);
  return around(x + spot.offset[0] * u, y + spot.offset[1] * u, (SIDE / 2 + 1) * u);
}

/** What counts on a mark: alarms, not sensors. */
export const alarmsOf = (spot: Pick<DeviceSpot, 'members'>) => spot.members.reduce((n, m) => n + m.n, 0);

/** 激活 14u 框 + 实心, 已恢复未确认 10u 空框, 搁置等减淡; the core has the shape of the priority. In u about (0, 0). */
export function deviceHtml(spot: DeviceSpot, raised: { readonly chosen: string | null; readonly hover: string | null }): string {
  const { head } = spot;
  const p = head.priority;
  const returned = head.look === 'returned';
  const side = returned ? 10 : 14;
  const [dx, dy] = spot.offset;
  const n = alarmsOf(spot);
  const r1 = (v: number) => Math.round(v * 10) / 10;
  const text = n > 999 ? '999+' : String(n);
  const w = 9 + 8 * text.length;
  const count =
    n > 1
      ? `<g transform="translate(9 -9)"><rect class="many" x="-8.5" y="-8.5" width="${w}" height="17" rx="8.5"/><text class="mn" x="${w / 2 - 8.5}" y="5">${text}</text></g>`
      : '';
  const ring = (cls: string) => `<rect class="${cls}" x="-12" y="-12" width="24" height="24"/>`;
  const has = (id: string | null) => id !== null && spot.members.some((m) => m.id === id);
  return (
    (spot.fanned ? `<path class="fan-line" d="M${r1(-dx)} ${r1(-dy)}L0 0"/>` : '') +
    (spot.members.some((m) => m.urgent) ? '<rect class="flash" x="-11" y="-11" width="22" height="22"/>' : '') +
    `<g class="${head.look === 'hidden' ? 'device faded' : 'device'}">` +
    `<rect class="frame s${p}" x="${-side / 2}" y="${-side / 2}" width="${side}" height="${side}" stroke-width="${returned ? 1.8 : 2.4}"/>` +
    (returned ? '' : `<path class="f${p} shape" d="${shapePath(p, 9)}"/>`) +
    `</g>${has(raised.chosen) ? ring('chosen') : has(raised.hover) ? ring('hover') : ''}${count}`
  );
}
