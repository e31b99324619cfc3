import type { z } from 'zod';
import type { LngLat } from '../model/brand.ts';
import { dayStart } from '../model/centre.ts';
import type { FacilityKind, zFacility, zTour } from '../model/facility.ts';
import { communityCentre, governanceHall, type HoursInput, happyHome, hours, type OfferInput, r29 } from './facility-offers.ts';
import { between, intBetween, type Rng, rngFor, shuffle } from './rng.ts';
import { HUAPAI } from './street/names.ts';
import { communities } from './street/plan.ts';
import { add, centroid, type Pt, toLngLat } from './street/plane.ts';
import type { Court, Street } from './street/street.ts';
import { route, walkGraph } from './street/walk.ts';

export type DemoFacility = Omit<z.input<typeof zFacility>, 'area' | 'lngLat'> & { readonly area: string; readonly lngLat: LngLat };
type Stop = { readonly name: string; readonly lngLat: LngLat; readonly facility: string; readonly note: string };
export type DemoTour = Omit<z.input<typeof zTour>, 'stops' | 'path'> & {
  readonly stops: readonly Stop[];
  readonly path: readonly LngLat[];
};

/** 充电棚 and car parks of the street. */
export const SHEDS = 40;
export const CAR_PARKS = 22;
/** 花牌佳苑: its shed is new (S037), its car park has a little over 200 bays (S038). */
export const HUAPAI_SHED = 'f-shed-01';
const DAY = 86_400_000;

/**
 * When the shed of 花牌佳苑 was opened: a Thursday ten to sixteen days before `now`, so that the month tells of a before and an after,
 * and a load that goes on next day mostly tells of the same.
 * @param now epoch ms @returns epoch ms, 09:00 of the street
 */
export function shedOpened(now: number): number {
  const day = Math.floor((dayStart(now, 480) + 8 * 3_600_000) / DAY) - 10;
  return (Math.floor(day / 7) * 7 * 24 + 1) * 3_600_000;
}

interface Spec {
  readonly kind: FacilityKind;
  readonly name: string;
  readonly court: Court;
  readonly at?: Pt;
  readonly hours?: HoursInput;
  readonly capacity?: number;
  readonly offers?: readonly OfferInput[];
  readonly since?: number;
}
const facility = (id: string, { kind, name, court, at = court.heart, ...more }: Spec): DemoFacility => ({
  id,
  kind,
  name,
  lngLat: toLngLat(at),
  area: court.code,
  ...(more.hours ? { hours: more.hours } : {}),
  ...(more.capacity ? { capacity: more.capacity } : {}),
  ...(more.offers ? { offers: [...more.offers] } : {}),
  ...(more.since === undefined ? {} : { since: more.since }),
});
const two = (n: number) => String(n).padStart(2, '0');

/** The house of a court that has shops in it, else its heart. */
function shopOf(court: Court): Pt {
  const house = court.houses.find((h) => h.use === 'shop');
  return house ? centroid(house.ring) : court.heart;
}

/** @param now epoch ms; when it is loaded. @throws RangeError where the street has not the places the facilities need. */
export function facilities(street: Street, now: number): DemoFacility[] {
  const r = rngFor(street.seed, 'facilities');
  const homes = street.courts.filter((c) => c.kind === 'homes' && c.kerb.length > 2);
  const huapai = named(street, HUAPAI);
  const others = shuffle(
    r,
    homes.filter((c) => c !== huapai),
  );
  const near = (c: Court): Pt => add(c.heart, [between(r, -9, 9), between(r, -9, 9)]);
  const old = Date.parse('2025-03-01T09:00:00+08:00');
  const sheds = [huapai, ...others.slice(0, SHEDS - 1)].map((court, i) =>
    facility(i === 0 ? HUAPAI_SHED : `f-shed-${two(i + 1)}`, {
      kind: 'charging-shed',
      name: `${court.name}智能充电棚`,
      court,
      at: near(court),
      capacity: i === 0 ? 36 : 10 + 2 * intBetween(r, 0, 8),
      since: i === 0 ? shedOpened(now) : old + Math.floor(between(r, 0, 400)) * DAY,
    }),
  );
  return [...sheds, ...carParks(street, huapai, others, r, near), ...services(street, homes, huapai), ...stops(street, homes)];
}

function named(street: Street, name: string): Court {
  const court = street.courts.find((c) => c.name === name);
  if (!court) throw new RangeError(`no court ${name}`);
  return court;
}

function carParks(street: Street, huapai: Court, others: readonly Court[], r: Rng, near: (c: Court) => Pt): DemoFacility[] {
  const busy = street.courts.filter((c) => ['mall', 'office', 'hospital', 'market'].includes(c.kind));
  const bays: Readonly<Record<string, number>> = { mall: 620, office: 380, hospital: 240, market: 96 };
  return [huapai, ...busy, ...others.slice(-60)].slice(0, CAR_PARKS).map((court, i) =>
    facility(`f-park-${two(i + 1)}`, {
      kind: 'parking',
      name: `${court.name}停车场`,
      court,
      at: near(court),
      capacity: i === 0 ? 216 : (bays[court.kind] ?? 60 + 10 * intBetween(r, 0, 14)),
      ...(court.kind === 'mall' ? { hours: [{ from: '09:00', to: '24:00' }] } : {}),
    }),
  );
}

const districtHall = '区治理中心';
function services(street: Street, homes: readonly Court[], huapai: Court): DemoFacility[] {
  const withShops = (n: number, k: number): Court => {
    const list = homes.filter((c) => c.community === communities[n]!.code && c.houses.some((h) => h.use === 'shop') && c !== huapai);
    return list[k % list.length]!;
  };
  const shop = (id: string, n: number, k: number, spec: Omit<Spec, 'court'>) => {
    const court = withShops(n, k);
    return facility(id, { ...spec, court, at: shopOf(court) });
  };
  const centres = communities.map((c, n) =>
    shop(`f-centre-${n + 1}`, n, 1, {
      kind: 'service-centre',
      name: `${c.name}社区党群服务中心`,
      hours: hours.office,
      offers: communityCentre,
    }),
  );
  const dedicated = street.courts.filter((c) => c.kind !== 'homes');
  const open: Readonly<Record<string, HoursInput>> = { park: hours.park, market: hours.market };
  const places = dedicated
    .filter((c) => open[c.kind])
    .map((court, i) => facility(`f-place-${two(i + 1)}`, { kind: 'other', name: court.name, court, hours: open[court.kind]! }));
  return [
    shop('f-r29', 4, 3, { kind: 'self-service', name: 'R29 24 小时自助服务', offers: r29 }),
    shop('f-hall', 5, 4, { kind: 'self-service', name: `${districtHall}自助服务厅`, offers: governanceHall }),
    shop('f-hongmei', 2, 5, { kind: 'service-centre', name: '红梅·幸福家', hours: hours.daily, capacity: 320, offers: happyHome }),
    ...centres,
    ...places,
    shop('f-night-clinic', 5, 6, { kind: 'other', name: '新盛夜间医疗站', hours: hours.nightClinic }),
    shop('f-riders', 3, 2, { kind: 'other', name: '科园骑手驿站', hours: hours.riders, capacity: 24 }),
    shop('f-night-market', 0, 6, { kind: 'other', name: '永丰夜集', hours: hours.nightMarket }),
    shop('f-police-post', 6, 3, { kind: 'other', name: '新光警务室' }),
  ];
}

/** Places of the 5G ring that are no facility otherwise. */
function stops(street: Street, homes: readonly Court[]): DemoFacility[] {
  const dedicated = (name: string) => named(street, name);
  const homeIn = (n: number, k: number) => homes.filter((c) => c.community === communities[n]!.code)[k]!;
  return [
    facility('f-stop-longquan', { kind: 'stop', name: '龙泉 5G 智慧小区', court: homeIn(1, 12) }),
    facility('f-stop-heyuan', { kind: 'stop', name: '和苑 5G 智慧小区', court: homeIn(5, 18) }),
    facility('f-stop-school', { kind: 'stop', name: '5G 智慧学校', court: dedicated('高新科园小学'), hours: hours.school }),
    facility('f-stop-mall', { kind: 'stop', name: '5G 智慧商圈', court: dedicated('新光天街'), hours: hours.mall }),
  ];
}

/** 5G 示范环线 (S079): its stops in order, and the way between them along the street's own ways, back to where it began. */
export function tours(street: Street, list: readonly DemoFacility[]): DemoTour[] {
  const of = (id: string) => list.find((f) => f.id === id)!;
  const ring = [
    ['f-hall', districtHall, '自助服务厅与一网统管大屏'],
    ['f-stop-longquan', '龙泉', '门禁、消防与独居照护同网'],
    [HUAPAI_SHED, HUAPAI, '智能充电棚与停车场'],
    ['f-hongmei', '红梅·幸福家', '五大功能，二十余项服务'],
    ['f-stop-school', '5G 智慧学校', '校门与周边 200 米'],
    ['f-stop-mall', '5G 智慧商圈', '人流与消防联动'],
    ['f-stop-heyuan', '和苑', '老旧小区改造后的物联'],
  ] as const;
  const graph = walkGraph(street);
  const nodes = ring.map(([id]) => graph.court.get(of(id).area)!);
  const path = nodes.flatMap((from, i) => {
    const way = route(graph, from, nodes[(i + 1) % nodes.length]!);
    return i === 0 ? way : way.slice(1);
  });
  return [
    {
      id: 't-5g',
      name: '5G 示范环线',
      stops: ring.map(([id, name, note]) => ({ name, lngLat: of(id).lngLat, facility: id, note })),
      path: path.map((n) => toLngLat(graph.at[n]!)),
    },
  ];
}
