import type { AlarmRule } from '../model/alarm-rule.ts';
import { sosRule } from '../model/alarm-rules.ts';
import type { AreaCode } from '../model/brand.ts';
import type { CentreInput } from '../model/centre.ts';
import { between, type Rng, rngFor } from './rng.ts';
import type { PastFact } from './story.ts';
import { dist, type Pt } from './street/plane.ts';
import type { Court, Street } from './street/street.ts';

type Patrolled = Required<Pick<CentreInput, 'shifts' | 'patrol'>>;

/** 班次 and what a visit is here: devices of the demonstration speak every second or two, so a stay is told by its length. */
export const demoPatrol: Patrolled = {
  shifts: [
    { code: 'day', name: { zh: '白班', en: 'Day' }, hours: [{ from: '07:00', to: '19:00' }] },
    { code: 'night', name: { zh: '夜班', en: 'Night' }, hours: [{ from: '19:00', to: '07:00' }] },
  ],
  patrol: { dwellS: 45, fixes: 60, absentMinutes: 120 },
};

/** 求救 is a call for help like those of the buttons at home, and handled as one. */
export const demoSosRule: AlarmRule = { ...sosRule, incident: 'sos' };

/** Most of the force has no fixed hours, so that the demonstration lives day and night; of the grid workers every fourth has. */
export function shiftOf(role: string, n: number): { shift?: string } {
  if (role !== 'grid' && role !== 'volunteer') return {};
  return n % 8 === 3 ? { shift: 'day' } : n % 8 === 7 ? { shift: 'night' } : {};
}

/** Windows of 二巡查, hours of the centre's day; which share of the stops is made, and how often the order is another. */
const windows = [
  { key: 'am', name: '上午巡查', from: 8, to: 12, made: 0.69 },
  { key: 'pm', name: '下午巡查', from: 14, to: 18, made: 0.84 },
] as const;
const OUT_OF_ORDER = 0.15;
const hhmm = (hour: number) => `${String(hour).padStart(2, '0')}:00`;

export interface DemoRound {
  readonly id: string;
  readonly name: string;
  readonly area: string;
  readonly from: string;
  readonly to: string;
  readonly stops: readonly string[];
}

/** Two rounds a day for each general grid, through its micro-grids and the dedicated grids that lie nearest to it. */
export function rounds(street: Street): DemoRound[] {
  const byCode = new Map(street.courts.map((c) => [c.code, c]));
  const grids = street.areas.filter((a) => a.level === 'grid');
  const courtsOf = new Map(
    grids.map((g) => [g.code, street.areas.flatMap((a) => (a.parent === g.code ? (byCode.get(a.code) ?? []) : []))] as const),
  );
  for (const d of street.areas.filter((a) => a.level === 'dedicated')) {
    const court = byCode.get(d.code);
    const near = grids.filter((g) => g.parent === d.parent);
    if (!court || near.length === 0) continue;
    const away = (code: string) => Math.min(...(courtsOf.get(code) ?? []).map((c) => dist(c.heart, court.heart)));
    const nearest = near.reduce((best, g) => (away(g.code) < away(best.code) ? g : best));
    courtsOf.get(nearest.code)!.push(court);
  }
  return grids.flatMap((g) => {
    const stops = inTurn(courtsOf.get(g.code) ?? []).map((c) => c.code);
    if (stops.length === 0) return [];
    return windows.map(({ key, name, from, to }) => ({
      id: `rd-${g.code}-${key}`,
      name: `${g.name}${name}`,
      area: g.code,
      from: hhmm(from),
      to: hhmm(to),
      stops,
    }));
  });
}

/** From the westernmost on, each time to the nearest that is left. */
function inTurn(courts: readonly Court[]): Court[] {
  const left = [...courts].sort((a, b) => a.heart[0] - b.heart[0]);
  const out: Court[] = [];
  for (let at: Pt | undefined = left[0]?.heart; left.length > 0; ) {
    const from: Pt = at!;
    const i = left.reduce((best, c, n) => (dist(c.heart, from) < dist(left[best]!.heart, from) ? n : best), 0);
    const [next] = left.splice(i, 1);
    out.push(next!);
    at = next!.heart;
  }
  return out;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export interface VisitParts {
  readonly street: Street;
  readonly units: readonly { readonly id: string; readonly role: string; readonly area: string; readonly shift?: string }[];
  readonly now: number;
}

/** Rounds of one day as they were walked, up to `now`: visits, and what each window came to when it was over. */
export function walkedRounds({ street, units, now }: VisitParts, all: readonly DemoRound[], start: number): PastFact[] {
  const out: PastFact[] = [];
  const workers = units.filter((u) => u.role === 'grid' && u.shift !== 'night');
  const day = new Date(start + 12 * HOUR).toISOString().slice(0, 10);
  for (const round of all) {
    const window = windows.find((w) => hhmm(w.from) === round.from)!;
    const r = rngFor(street.seed, `round ${round.id} ${day}`);
    const own = workers.filter((u) => u.area === round.area);
    const near = own.length ? own : workers.filter((u) => round.area.startsWith(u.area.slice(0, 12)));
    const unit = (near.length ? near : workers)[Math.floor(r() * (near.length || workers.length))]!.id;
    const stops = round.stops.map((area, i) => ({ area, i }));
    if (stops.length > 2 && r() < OUT_OF_ORDER) [stops[0], stops[2]] = [stops[2]!, stops[0]!];
    const from = start + window.from * HOUR;
    const to = start + window.to * HOUR;
    const visited = walk(
      stops.map((s) => s.area),
      window.made,
      from,
      to,
      r,
    ).map((s) => ({ area: s.area, unit, at: s.at, since: s.since }));
    for (const v of visited) {
      if (v.at + 500 > now) continue;
      const fixes = Math.max(1, Math.round((v.at - v.since) / 1500));
      out.push({ at: v.at + 500, kind: 'area.visited', body: { area: v.area, unit: v.unit, at: v.at, since: v.since, fixes } });
    }
    if (to + MINUTE > now) continue;
    const made = new Set(visited.map((v) => v.area));
    const places = visited.map((v) => round.stops.indexOf(v.area));
    out.push({
      at: to + MINUTE,
      kind: 'round.closed',
      body: {
        round: round.id,
        day,
        area: round.area as AreaCode,
        visited: visited.map(({ area, unit: by, at }) => ({ area, unit: by, at })),
        missed: round.stops.filter((s) => !made.has(s)),
        inOrder: places.every((p, i) => i === 0 || places[i - 1]! < p),
      },
    });
  }
  return out;
}

/** Stop after stop, evenly within the window, some left out. */
function walk(stops: readonly string[], share: number, from: number, to: number, r: Rng) {
  const begin = from + between(r, 4, 30) * MINUTE;
  const step = (to - 5 * MINUTE - begin) / stops.length;
  return stops.flatMap((area, i) => {
    const at = Math.round(begin + (i + between(r, 0.2, 0.8)) * step);
    return r() < share ? [{ area, at, since: at - Math.round(between(r, 46, 90) * 1000) }] : [];
  });
}
