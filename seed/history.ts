import { dayKey, dayStart } from '../model/centre.ts';
import { alarmsOf } from './alarms.ts';
import { demoParsed as centre } from './centre.ts';
import type { DemoSensor } from './devices.ts';
import { type Cast, tellLife } from './lives.ts';
import { communityShare, onTimeShare, rhythm, rhythmSum } from './matters.ts';
import { openingDesk } from './opening-desk.ts';
import { callers, type DemoUnit } from './people.ts';
import { normal, pick, type Rng, rngFor, shuffle, weighted } from './rng.ts';
import { groundOf, type PastFact } from './story.ts';
import { communities } from './street/plan.ts';
import type { Street } from './street/street.ts';

export interface HistoryParts {
  readonly street: Street;
  readonly sensors: readonly DemoSensor[];
  readonly units: readonly DemoUnit[];
  /** epoch ms; nothing is later */
  readonly now: number;
  readonly days?: number;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
export const HISTORY_DAYS = 31;

/** A month of believable days up to `now`, ascending in time; the day of `now` ends with a full desk of open matters. */
export function history(parts: HistoryParts): PastFact[] {
  const { street, now } = parts;
  const days = parts.days ?? HISTORY_DAYS;
  const today = dayStart(now, centre.utcOffsetMinutes);
  const out: PastFact[] = [];
  const cast: Cast = { street, units: parts.units, callers: callers(street).map((p) => p.id), ground: groundOf(street, parts.units) };
  const order: Record<string, number> = Object.fromEntries(communities.map((c, i) => [c.code, i * 0.13]));
  const first = today - (days - 1) * DAY;
  for (let start = first; start <= today; start += DAY) {
    const key = dayKey(start + DAY / 2, centre.utcOffsetMinutes);
    const r = rngFor(street.seed, `day ${key}`);
    const weekend = [0, 6].includes(new Date(`${key}T12:00:00Z`).getUTCDay());
    const count = Math.round((weekend ? 128 : 144) + normal(r) * 6);
    for (let n = 0; n < count; n++) {
      const community = weighted(
        r,
        communities.map((c) => [c.code as string, communityShare[c.code]!] as const),
      );
      const at = start + momentOfDay(r);
      // evenly spread misses: the month's share comes out as meant
      order[community] = (order[community]! + 0.6180339887) % 1;
      const late = order[community]! >= onTimeShare[community]!;
      const id = `i-${key.replaceAll('-', '')}-${String(n + 1).padStart(3, '0')}`;
      out.push(...endedBy(tellLife(cast, r, { id, community, at, late }), now));
    }
    out.push(...alarmsOf(parts.sensors, r, () => start + momentOfDay(r), Math.min(start + DAY, now - 90 * MINUTE)));
    if (start >= today - 6 * DAY) visits(parts, rngFor(street.seed, `visits ${key}`), start, now, out);
  }
  openingDesk(parts, cast, rngFor(street.seed, 'desk'), out);
  // equal times keep the order of their making: an incident is reported before it is filed
  return out.map((f) => ({ ...f, at: Math.round(f.at) })).sort((a, b) => a.at - b.at);
}

function momentOfDay(r: Rng): number {
  let left = r() * rhythmSum;
  let hour = 0;
  while (hour < 23 && left >= rhythm[hour]!) left -= rhythm[hour++]!;
  return Math.round((hour + Math.min(0.9999, left / rhythm[hour]!)) * 60 * MINUTE);
}

/**
 * What of a life has happened by `now`: nothing of a matter that would still be open (the desk has matters of its own), all but the
 * last words of one that has ended.
 */
function endedBy(facts: readonly PastFact[], now: number): readonly PastFact[] {
  if (facts.at(-1)!.at <= now) return facts;
  const told = facts.filter((f) => f.at <= now);
  const again = told.findIndex((f) => f.kind === 'incident.reopened');
  if (!told.some((f) => f.kind === 'incident.closed')) return [];
  return again < 0 ? told : told.slice(0, again);
}

/** Rounds begin at seven; by half past two about 71 % of the micro-grids have been seen, by the evening nearly all. */
export function coverage(dayFraction: number): number {
  const h = dayFraction * 24;
  if (h < 7) return 0.02 * h;
  return Math.min(0.96, 0.14 + ((h - 7) / 7.43) * 0.57);
}

function visits({ street, units }: HistoryParts, r: Rng, start: number, now: number, out: PastFact[]) {
  const courts = shuffle(r, street.courts);
  const patrol = units.filter((u) => u.role === 'grid');
  courts.forEach((c, i) => {
    const rank = (i + r()) / courts.length;
    let lo = 0;
    let hi = 1;
    for (let k = 0; k < 30; k++) {
      const mid = (lo + hi) / 2;
      if (coverage(mid) < rank) lo = mid;
      else hi = mid;
    }
    const at = start + hi * DAY;
    if (coverage(1) < rank || at > now) return;
    const near = patrol.filter((u) => u.area.startsWith(c.community));
    out.push({ at, kind: 'area.visited', body: { area: c.code, unit: pick(r, near.length ? near : patrol).id, at: Math.round(at - 500) } });
  });
}
