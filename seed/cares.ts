import type { z } from 'zod';
import type { LngLat } from '../model/brand.ts';
import { dayStart } from '../model/centre.ts';
import type { zCare } from '../model/patrol-plan.ts';
import { careKinds } from './care-kinds.ts';
import { demoParsed as centre } from './centre.ts';
import type { DemoSensor } from './devices.ts';
import { type DemoPerson, type DemoUnit, elders, person } from './people.ts';
import { between, pick, type Rng, rngFor, weighted } from './rng.ts';
import type { PastFact } from './story.ts';
import { centroid, toLngLat } from './street/plane.ts';
import type { Street } from './street/street.ts';

type CareInput = z.input<typeof zCare>;
export interface DemoCare extends Omit<CareInput, 'lngLat'> {
  readonly lngLat: LngLat;
}
export interface Parts {
  readonly street: Street;
  readonly sensors: readonly DemoSensor[];
  readonly units: readonly DemoUnit[];
  /** epoch ms */
  readonly now: number;
}

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** How many of each kind beside the elders, who are those whom sensors look after. */
const strength: Readonly<Record<string, number>> = { hardship: 36, disabled: 32, newcomer: 40, quarrel: 18, gas: 54 };
/** Nobody has been to these yet: kind, which one, days since the day they were due. Three are overdue, two in their grace, three due today. */
const waiting: readonly (readonly [kind: string, n: number, days: number])[] = [
  ['elderly', 7, 1],
  ['disabled', 3, 3],
  ['gas', 11, 4],
  ['hardship', 5, 1],
  ['newcomer', 9, 2],
  ['quarrel', 4, 0],
  ['disabled', 9, 0],
  ['gas', 20, 0],
];
/** The beginning of the day on which a waiting one was visited last. */
function lastDay(kind: string, n: number, everyDays: number, today: number): number | null {
  const waits = waiting.find(([k, i]) => k === kind && i === n);
  return waits ? today - (everyDays + waits[2]) * DAY : null;
}
const BEFORE_DAYS = 31;
const two = (n: number) => String(n).padStart(3, '0');

/** Persons who are to be visited beside the elders; known to the vault only, invented like everyone here. */
export function cared(street: Street): DemoPerson[] {
  const r = rngFor(street.seed, 'cared for');
  const n = Object.values(strength).reduce((a, b) => a + b, 0);
  return Array.from({ length: n }, (_, i) => person(`w-${two(i + 1)}`, r, 7400 + i));
}

/** 走访对象 with where they live (to the building) and which grid worker answers for them. */
export function cares({ street, sensors, units, now }: Parts): DemoCare[] {
  const r = rngFor(street.seed, 'cares');
  const today = dayStart(now, centre.utcOffsetMinutes);
  const begin = today - BEFORE_DAYS * DAY;
  const workers = units.filter((u) => u.role === 'grid');
  const answers = (area: string) =>
    (workers.find((u) => area.startsWith(u.area)) ?? workers.find((u) => u.area.slice(0, 12) === area.slice(0, 12)))?.id;
  const care = (kind: string, n: number, who: string, area: string, lngLat: LngLat): DemoCare => {
    const unit = answers(area);
    const { everyDays } = careKinds.find((k) => k.code === kind)!;
    // so that the first visit of each is made after the day on which all are registered
    const drawn = begin - Math.floor(r() * (everyDays - 2)) * DAY;
    const last = lastDay(kind, n, everyDays, today);
    const since = (last !== null && last <= begin ? last : drawn) + 10 * HOUR;
    return { id: `k-${kind}-${two(n)}`, person: who, kind, area, lngLat, since, ...(unit ? { unit } : {}) };
  };
  const homeOf = new Map(sensors.flatMap((s) => (s.person ? [[s.person, s] as const] : [])));
  const homes = street.courts.filter((c) => c.kind === 'homes').flatMap((c) => c.houses.map((h) => ({ c, h })));
  const draw = () => {
    const { c, h } = weighted(
      r,
      homes.map((x) => [x, x.h.households] as const),
    );
    return { area: c.code, lngLat: toLngLat(centroid(h.ring)) };
  };
  const out = elders(street).map((p, i) => {
    const home = homeOf.get(p.id) ?? draw();
    return care('elderly', i + 1, p.id, home.area ?? draw().area, home.lngLat);
  });
  const people = cared(street);
  let next = 0;
  for (const [kind, n] of Object.entries(strength)) {
    for (let i = 1; i <= n; i++) {
      const { area, lngLat } = draw();
      out.push(care(kind, i, people[next++]!.id, area, lngLat));
    }
  }
  return out;
}

const notes = ['精神状态良好', '家中整洁，用电正常', '提醒按时服药', '近期子女常来看望', '已提醒出门关火', '反映楼道灯偏暗'] as const;

/** A month of visits up to `now`, as the workers handed them in. The same days tell the same, whenever they are told. */
export function pastVisits(list: readonly DemoCare[], { street, units, now }: Omit<Parts, 'sensors'>): PastFact[] {
  const today = dayStart(now, centre.utcOffsetMinutes);
  const patrol = units.filter((u) => u.role === 'grid');
  return list.flatMap((c) => {
    const r = rngFor(street.seed, `visits to ${c.id}`);
    const [kind, n] = [c.kind, Number(c.id.split('-').at(-1))];
    const { everyDays, graceDays = 0 } = careKinds.find((k) => k.code === kind)!;
    const last = lastDay(kind, n, everyDays, today);
    const first = dayStart(c.since, centre.utcOffsetMinutes);
    const days = daysOf(r, first, everyDays, graceDays, today);
    const made = last === null ? days : [...days.filter((d) => d < last), ...(last > first ? [last] : [])];
    return made.flatMap((day): PastFact[] => {
      const at = Math.round(day + momentOf(r));
      const result = r() < 0.04 && kind !== 'elderly' ? 'absent' : 'ok';
      const note = result === 'ok' && r() < 0.2 ? { note: pick(r, notes) } : {};
      const unit = r() < 0.9 ? c.unit : pick(r, patrol).id;
      if (at < c.since || at > now) return [];
      const body = {
        care: c.id,
        area: c.area,
        at: at - Math.round(between(r, 20_000, 400_000)),
        result,
        ...(unit ? { unit } : {}),
        ...note,
      };
      return [{ at, kind: 'care.visited', body: { ...body, at: Math.max(body.at, c.since) } }];
    });
  });
}

/** Days (their beginnings) on which one person was visited: mostly the day it is due or one or two before, seldom within the grace. */
function daysOf(r: Rng, since: number, everyDays: number, graceDays: number, today: number): number[] {
  const out: number[] = [];
  let day = since;
  for (;;) {
    const late = graceDays > 0 && r() < 0.04 ? 1 : 0;
    const early = weighted(r, [
      [0, 5],
      [1, 3],
      [2, 2],
    ] as const);
    day += (everyDays + (late || -Math.min(early, everyDays - 1))) * DAY;
    if (day > today) return out;
    out.push(day);
  }
}
/** Milliseconds into a day: doors are knocked at in the morning and late in the afternoon. */
const momentOf = (r: Rng) => (r() < 0.55 ? between(r, 8.6, 11.8) : between(r, 14.5, 19.2)) * HOUR;
