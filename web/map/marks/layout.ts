import type { AreaCode, LngLat } from '../../../model/brand.ts';
import type { DeviceMark } from '../layers/alarms.ts';
import type { IncidentMark } from '../layers/incidents.ts';
import { type Cluster, cluster, type Marker } from './cluster.ts';
import { type DeviceSpot, type Fan, layoutDevices, spotRect } from './devices.ts';
import { around, RADIUS, type Rect, textWidth } from './geometry.ts';
import { type PlacedLabel, placeLabels, placeName } from './placement.ts';

/** Markers of one kind nearer than this share one mark, in u. */
export const CLUSTER_U = 28;
/** Labels on one screen; on a small one fewer, one for each LABEL_ROOM square u. */
export const MAX_LABELS = 6;
const LABEL_ROOM = 90_000;
const LABEL_H = 48;
const NAME_H = 44;
/** Device marks that names and labels keep off; more would cost more than they show. */
const MOST_OBSTACLES = 100;

export interface NameWish {
  readonly code: AreaCode;
  readonly name: string;
  readonly note: string;
  readonly inside: readonly LngLat[];
}
export interface LayoutInput {
  readonly incidents: readonly IncidentMark[];
  readonly names: readonly NameWish[];
  /** sensors that are not in order */
  readonly devices: readonly DeviceMark[];
  readonly fan: Fan | null;
  /** screen px of panels lying on the map */
  readonly keepOut: readonly Rect[];
  readonly project: (at: LngLat) => readonly [x: number, y: number];
  readonly width: number;
  readonly height: number;
  readonly u: number;
  /** second line of an incident's label, e.g. “剩 18:12” */
  readonly time: (i: IncidentMark) => string;
}
export interface PlacedMark extends Marker {
  readonly mark: IncidentMark;
}
export interface Layout {
  readonly clusters: readonly Cluster<PlacedMark>[];
  readonly devices: readonly DeviceSpot[];
  readonly labels: readonly (PlacedLabel & { readonly mark: IncidentMark; readonly time: string })[];
  readonly names: readonly { readonly wish: NameWish; readonly at: LngLat }[];
}

/** Where everything goes on this screen: incidents clustered, the labels that matter most, names; none of them covers another. */
export function layoutMarks(input: LayoutInput): Layout {
  const { u } = input;
  const margin = 40 * u;
  const onScreen = ([x, y]: readonly [number, number]) =>
    x > -margin && y > -margin && x < input.width + margin && y < input.height + margin;
  const placed: PlacedMark[] = [];
  for (const mark of input.incidents) {
    const p = input.project(mark.lngLat);
    if (onScreen(p)) placed.push({ id: mark.id, x: p[0], y: p[1], rank: mark.rank, mark });
  }
  const clusters = cluster(placed, CLUSTER_U * u);
  const radius = (c: Cluster<PlacedMark>) => (RADIUS[c.head.mark.priority] + 4) * u;
  const discs = clusters.map((c) => around(c.head.x, c.head.y, radius(c)));
  const inside = (p: PlacedMark) => p.x >= 0 && p.y >= 0 && p.x <= input.width && p.y <= input.height;
  const wishes = clusters
    .filter((c) => c.head.mark.labelled && inside(c.head))
    .slice(0, Math.min(MAX_LABELS, Math.max(1, Math.floor((input.width * input.height) / (u * u * LABEL_ROOM)))))
    .map((c) => {
      const { mark } = c.head;
      const w = Math.max(textWidth(mark.title, 18), textWidth(input.time(mark), 18)) + 23;
      return { id: mark.id, x: c.head.x, y: c.head.y, r: radius(c), w: w * u, h: LABEL_H * u, first: mark.first };
    });
  const bounds: Rect = { x: 4 * u, y: 4 * u, w: input.width - 8 * u, h: input.height - 8 * u };
  const byId = new Map(clusters.map((c) => [c.head.id, c.head.mark]));
  const devices = layoutDevices({ ...input, discs: clusters.map((c) => ({ x: c.head.x, y: c.head.y, r: radius(c) })) });
  // a flood leaves no place free: names then stand over what is least
  const taken: Rect[] = [...discs, ...devices.slice(0, MOST_OBSTACLES).map((d) => spotRect(d, input.project, u))];
  const closed: Rect[] = [...input.keepOut];
  const label = (list: typeof wishes) =>
    placeLabels(list, taken, closed, bounds, 8 * u).map((l) => {
      closed.push(l.rect);
      const mark = byId.get(l.id) as IncidentMark;
      return { ...l, mark, time: input.time(mark) };
    });
  // emergencies and what was chosen before the names of places, names before every other label
  const first = label(wishes.filter((w) => w.first));
  const names: { wish: NameWish; at: LngLat }[] = [];
  for (const wish of input.names) {
    const points = wish.inside
      .map((at) => ({ at, p: input.project(at) }))
      .filter(({ p }) => p[0] > 0 && p[1] > 0 && p[0] < input.width && p[1] < input.height);
    const w = (textWidth(wish.name, 21 * 1.22) + 10) * u;
    const found = placeName(
      points.map(({ p }) => p),
      Math.max(w, (textWidth(wish.note, 16) + 6) * u),
      NAME_H * u,
      taken,
      closed,
    );
    if (!found) continue;
    closed.push(found.rect);
    const at = points.find(({ p }) => p[0] === found.x && p[1] === found.y)?.at as LngLat;
    names.push({ wish, at });
  }
  const labels = [...first, ...label(wishes.filter((w) => !w.first))];
  return { clusters, devices, labels, names };
}
