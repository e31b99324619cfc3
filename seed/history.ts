import { alarmId } from '../model/alarm.ts';
import { limitOf, priorityOfRule } from '../model/alarm-rule.ts';
import { areaLabel } from '../model/area.ts';
import type { AreaCode, EpochMs } from '../model/brand.ts';
import { dayKey, dayStart } from '../model/centre.ts';
import { treeOf } from '../model/world.ts';
import type { Turn } from './alarm-times.ts';
import { AlarmTeller } from './alarms.ts';
import { cares, pastVisits } from './cares.ts';
import { Watched } from './causes.ts';
import { demoParsed as centre } from './centre.ts';
import type { DemoSensor } from './devices.ts';
import { excursionsOf, QUIET_BEFORE_MS } from './excursions.ts';
import { shedOpened } from './facilities.ts';
import type { Cast, MadeOfAlarm } from './life/life.ts';
import { tellLife } from './lives.ts';
import { communityShare, onTimeShare, rhythm, rhythmSum } from './matters.ts';
import { openingAlarms, openingDesk } from './opening-desk.ts';
import { rounds, walkedRounds } from './patrol.ts';
import { callers, type DemoUnit } from './people.ts';
import { quietOf } from './quiet.ts';
import { normal, pick, type Rng, rngFor, weighted } from './rng.ts';
import { groundOf, type PastFact } from './story.ts';
import { HUAPAI } from './street/names.ts';
import { communities } from './street/plan.ts';
import { dist } from './street/plane.ts';
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
  const watched = new Watched(street, parts.sensors);
  const teller = new AlarmTeller(watched, quietOf(street));
  openingAlarms({ watched, now }, rngFor(street.seed, 'alarms on the desk'), teller);
  const lives: PastFact[] = [];
  const cast: Cast = {
    street,
    units: parts.units,
    callers: callers(street).map((p) => p.id),
    ground: groundOf(street, parts.units),
    near: hangingCables(street, shedOpened(now)),
  };
  const order: Record<string, number> = Object.fromEntries(communities.map((c, i) => [c.code, i * 0.13]));
  const patrolled = rounds(street);
  const first = today - (days - 1) * DAY;
  for (let start = first; start <= today; start += DAY) {
    const key = dayKey(start + DAY / 2, centre.utcOffsetMinutes);
    const r = rngFor(street.seed, `day ${key}`);
    const weekend = [0, 6].includes(new Date(`${key}T12:00:00Z`).getUTCDay());
    const count = Math.round((weekend ? 128 : 144) + normal(r) * 6);
    let told = 0;
    const tell = (at: number, community: string, made?: MadeOfAlarm) => {
      // evenly spread misses: the month's share comes out as meant
      order[community] = (order[community]! + 0.6180339887) % 1;
      const late = order[community]! >= onTimeShare[community]!;
      const id = `i-${key.replaceAll('-', '')}-${String(++told).padStart(3, '0')}`;
      lives.push(...endedBy(tellLife(cast, r, { id, community, at, late, ...(made ? { made } : {}) }), now));
    };
    for (let n = 0; n < count; n++) {
      const community = weighted(
        r,
        communities.map((c) => [c.code as string, communityShare[c.code]!] as const),
      );
      tell(start + momentOfDay(r), community);
    }
    const desk = rngFor(street.seed, `alarms ${key}`);
    for (const e of excursionsOf(watched, street.seed, start)) {
      for (const turn of teller.excursion(e, desk, now - QUIET_BEFORE_MS)) {
        const made = madeBy(street, cast, turn);
        if (made) tell(turn.at, made.court.community, made);
      }
    }
    if (start >= today - 4 * DAY) lives.push(...walkedRounds(parts, patrolled, start));
  }
  openingDesk({ watched, now }, cast, rngFor(street.seed, 'desk'), lives);
  if (days >= HISTORY_DAYS) lives.push(...pastVisits(cares(parts), parts));
  // equal times keep the order of their making: an alarm is raised before its incident is reported, that before it is filed
  return [...teller.facts(), ...lives].map((f) => ({ ...f, at: Math.round(f.at) })).sort((a, b) => a.at - b.at);
}

/** The incident that the rules make of a P1 alarm in the moment it is raised. */
function madeBy(street: Street, cast: Cast, { sensor, rule, at, active, value }: Turn): MadeOfAlarm | null {
  if (!active || rule.incident === null || priorityOfRule(rule) !== 1) return null;
  const first = { value, at: at as EpochMs };
  return {
    category: rule.incident,
    title: `${rule.name.zh} ${areaLabel(treeOf(cast.ground), sensor.area as AreaCode)}`,
    court: street.courts.find((c) => c.code === sensor.area)!,
    lngLat: sensor.lngLat,
    alarm: { id: alarmId(sensor.id, rule.code), sensor: sensor.id, limit: limitOf(rule.test), first },
  };
}

/** Metres around the shed of 花牌佳苑 within which cables hung from windows until it was opened. */
const AROUND_SHED = 150;
/** 飞线: before the shed was opened, half of the hanging cables of its community and more were found around it; since then one in sixteen. */
function hangingCables(street: Street, opened: number): NonNullable<Cast['near']> {
  const shed = street.courts.find((c) => c.name === HUAPAI)!;
  const around = street.courts.filter((c) => c.community === shed.community && dist(c.heart, shed.heart) < AROUND_SHED - 45);
  const away = street.courts.filter((c) => c.community === shed.community && dist(c.heart, shed.heart) > AROUND_SHED + 60);
  return (category, community, at, r) => {
    if (category !== 'ebike-charging' || community !== shed.community) return null;
    if (r() < (at < opened ? 0.5 : 0.06)) return pick(r, around);
    return at < opened ? null : pick(r, away);
  };
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
