import { alarmId } from '../model/alarm.ts';
import { categoryOf, dayKey, dayStart, zCentre } from '../model/centre.ts';
import { demoCentre } from './centre.ts';
import type { DemoSensor } from './devices.ts';
import { communityShare, drawCourt, drawMatter, drawPlace, drawUnit, matterOf, notes, onTimeShare, rhythm, rhythmSum } from './matters.ts';
import type { DemoUnit } from './people.ts';
import { between, intBetween, normal, pick, type Rng, rngFor, shuffle, weighted } from './rng.ts';
import { communities } from './street/plan.ts';
import type { Street } from './street/street.ts';

/** A fact as the history door takes it, with its time as epoch milliseconds. */
export interface PastFact {
  readonly at: number;
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
}
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
const centre = zCentre.parse(demoCentre);
export const HISTORY_DAYS = 31;

/** A month of believable days up to `now`, ascending in time; the day of `now` ends with a full desk of open matters. */
export function history(parts: HistoryParts): PastFact[] {
  const { street, now } = parts;
  const days = parts.days ?? HISTORY_DAYS;
  const today = dayStart(now, centre.utcOffsetMinutes);
  const out: PastFact[] = [];
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
      const facts = incident(parts, r, `i-${key.replaceAll('-', '')}-${String(n + 1).padStart(3, '0')}`, community, at, late);
      if (facts.at(-1)!.at <= now) out.push(...facts);
    }
    alarms(parts, r, start, Math.min(start + DAY, now - 90 * MINUTE), out);
    if (start >= today - 6 * DAY) visits(parts, rngFor(street.seed, `visits ${key}`), start, now, out);
  }
  desk(parts, rngFor(street.seed, 'desk'), out);
  // equal times keep the order of their making: an incident is reported before it is filed
  return out.map((f) => ({ ...f, at: Math.round(f.at) })).sort((a, b) => a.at - b.at);
}

function momentOfDay(r: Rng): number {
  let left = r() * rhythmSum;
  let hour = 0;
  while (hour < 23 && left >= rhythm[hour]!) left -= rhythm[hour++]!;
  return Math.round((hour + Math.min(0.9999, left / rhythm[hour]!)) * 60 * MINUTE);
}

/** One matter from report to close. */
function incident({ street, units }: HistoryParts, r: Rng, id: string, community: string, at: number, late: boolean): PastFact[] {
  const matter = drawMatter(r);
  const court = drawCourt(street, community, r);
  const { priority, limitMinutes = 240 } = categoryOf(centre, matter.category);
  const limit = limitMinutes * MINUTE;
  const filed = at + between(r, 15, 150) * 1000;
  const response = Math.max(1.2, 6.6 + normal(r) * 2.4) * (priority === 1 ? 0.35 : 1);
  const dispatched = Math.max(at + response * MINUTE, filed + 5000);
  const share = late
    ? between(r, 1.05, 1.5)
    : Math.min(0.93, between(r, 0.12, priority === 4 ? 0.34 : 0.6) + (limitMinutes <= 30 ? 0.3 : 0));
  const handled = Math.max(at + limit * share, dispatched + 3 * MINUTE);
  const verified = handled + between(r, 4, 26) * MINUTE;
  const closed = verified + between(r, 1, 9) * MINUTE;
  const note = (list: readonly string[]) => (r() < 0.7 ? { note: pick(r, list) } : {});
  const body = { incident: id };
  return [
    {
      at,
      kind: 'incident.reported',
      body: {
        incident: id,
        title: `${court.name}${pick(r, matter.titles)}`,
        category: matter.category,
        priority,
        source: weighted(r, matter.sources),
        at: Math.round(at - between(r, 1, 40) * 1000),
        lngLat: drawPlace(court, r),
        area: court.code,
        deadline: Math.round(at + limit),
      },
    },
    { at: filed, kind: 'incident.filed', body: { ...body, ...note(notes.file) } },
    { at: dispatched, kind: 'incident.dispatched', body: { ...body, unit: drawUnit(units, matter, community, r).id } },
    { at: handled, kind: 'incident.handled', body: { ...body, ...note(notes.handle) } },
    { at: verified, kind: 'incident.verified', body: { ...body, ...note(notes.verify) } },
    { at: closed, kind: 'incident.closed', body },
  ];
}

/** What a sensor in alarm reads: beyond its limit by a believable part. */
export function beyondLimit(kind: string, r: Rng): { value: number; limit: number; rule: 'high' | 'low'; priority: number } {
  const k = centre.sensorKinds.find((x) => x.code === kind);
  if (!k) throw new RangeError(`no sensor kind ${kind}`);
  const rule = k.high !== undefined ? 'high' : 'low';
  const limit = k.high ?? k.low!;
  const raw = rule === 'high' ? limit * between(r, 1.02, 1.35) : limit * between(r, 0.86, 0.98);
  return { value: Number((k.unit === '%' ? Math.min(100, raw) : raw).toPrecision(3)), limit, rule, priority: k.priority };
}

function raise(s: DemoSensor, at: number, r: Rng): PastFact {
  const { rule, value, limit, priority } = beyondLimit(s.kind, r);
  return {
    at,
    kind: 'alarm.raised',
    body: {
      alarm: alarmId(s.id, rule),
      sensor: s.id,
      rule,
      priority,
      value,
      limit,
      at: Math.round(at - 800),
      lngLat: s.lngLat,
      area: s.area,
    },
  };
}

/** Some fifty alarms a day, each acknowledged and cleared before `until`. */
function alarms({ sensors }: HistoryParts, r: Rng, start: number, until: number, out: PastFact[]) {
  const used = new Set<string>();
  const count = intBetween(r, 48, 64);
  for (let n = 0; n < count; n++) {
    const s = pick(r, sensors);
    const at = start + momentOfDay(r);
    const acked = at + between(r, 0.4, 6) * MINUTE;
    const cleared = acked + between(r, 4, 30) * MINUTE;
    const value = Number((beyondLimit(s.kind, r).limit * (s.kind === 'lamp' ? 1.12 : 0.5)).toPrecision(3));
    if (cleared > until || used.has(s.id)) continue;
    used.add(s.id);
    const up = raise(s, at, r);
    const alarm = up.body.alarm;
    out.push(
      up,
      { at: acked, kind: 'alarm.acknowledged', body: { alarm } },
      { at: cleared, kind: 'alarm.cleared', body: { alarm, value, at: Math.round(cleared - 700) } },
    );
  }
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

type OpenState = 'reported' | 'filed' | 'dispatched' | 'handled' | 'verified';
interface OnDesk {
  readonly community: number;
  readonly category: string;
  readonly state: OpenState;
  /** minutes since the report */
  readonly age: number;
}
/** What lies on the desk when the demonstration opens: 4 to dispatch, 14 in hand, 5 to verify; one overdue, one gas alarm with 18 minutes left. */
const onDesk: readonly OnDesk[] = [
  { community: 0, category: 'fire-lane', state: 'dispatched', age: 126.2 },
  { community: 2, category: 'gas-over', state: 'dispatched', age: 11.8 },
  { community: 5, category: 'lift-trapped', state: 'dispatched', age: 8.3 },
  { community: 1, category: 'noise', state: 'handled', age: 206 },
  { community: 0, category: 'manhole', state: 'dispatched', age: 192.6 },
  { community: 4, category: 'dispute', state: 'dispatched', age: 47.9 },
  { community: 0, category: 'ebike-charging', state: 'dispatched', age: 154 },
  { community: 2, category: 'fire-lane', state: 'dispatched', age: 16.4 },
  { community: 0, category: 'rubbish', state: 'dispatched', age: 120 },
  { community: 2, category: 'order', state: 'dispatched', age: 96 },
  { community: 1, category: 'order', state: 'dispatched', age: 71 },
  { community: 6, category: 'noise', state: 'dispatched', age: 58 },
  { community: 3, category: 'leak', state: 'dispatched', age: 39 },
  { community: 0, category: 'order', state: 'dispatched', age: 27 },
  { community: 2, category: 'fumes', state: 'dispatched', age: 144 },
  { community: 2, category: 'bikes', state: 'handled', age: 232 },
  { community: 6, category: 'signboard', state: 'handled', age: 288 },
  { community: 3, category: 'road', state: 'verified', age: 301 },
  { community: 5, category: 'bikes', state: 'handled', age: 175 },
  { community: 0, category: 'other', state: 'filed', age: 5.1 },
  { community: 1, category: 'rubbish', state: 'filed', age: 3.6 },
  { community: 4, category: 'lamp', state: 'reported', age: 1.7 },
  { community: 4, category: 'order', state: 'reported', age: 0.8 },
];
const steps: readonly OpenState[] = ['reported', 'filed', 'dispatched', 'handled', 'verified'];

function desk(parts: HistoryParts, r: Rng, out: PastFact[]) {
  const { street, sensors, units, now } = parts;
  const gasAlarm = sensors.find((s) => s.kind === 'gas' && s.area.startsWith(communities[2].code))!;
  const used = new Set([gasAlarm.id]);
  onDesk.forEach((d, i) => {
    const community = communities[d.community]!.code;
    const matter = matterOf(d.category);
    const isGas = d.category === 'gas-over';
    const court = isGas ? street.courts.find((c) => c.code === gasAlarm.area)! : drawCourt(street, community, r);
    const { priority, limitMinutes = 240 } = categoryOf(centre, d.category);
    const at = Math.round(now - d.age * MINUTE);
    const id = `i-desk-${Math.round(now / 1000)}-${String(i + 1).padStart(2, '0')}`;
    const span = now - at;
    const marks = [0, Math.min(40_000, span * 0.1), Math.min(6.4 * MINUTE, span * 0.3), span * 0.86, span * 0.95];
    const last = steps.indexOf(d.state);
    out.push({
      at,
      kind: 'incident.reported',
      body: {
        incident: id,
        title: isGas ? `${gasAlarm.name}可燃气体超限` : `${court.name}${pick(r, matter.titles)}`,
        category: d.category,
        priority,
        source: weighted(r, matter.sources),
        at: at - 4000,
        lngLat: isGas ? gasAlarm.lngLat : drawPlace(court, r),
        area: court.code,
        deadline: at + limitMinutes * MINUTE,
        ...(isGas ? { alarm: alarmId(gasAlarm.id, 'high') } : {}),
      },
    });
    for (let k = 1; k <= last; k++) {
      const state = steps[k]!;
      const unit = state === 'dispatched' ? { unit: drawUnit(units, matter, community, r).id } : {};
      out.push({ at: at + marks[k]!, kind: `incident.${state}`, body: { incident: id, ...unit } });
    }
  });
  // fourteen alarms: five nobody has taken yet, six in hand, three gone but unseen
  const kinds = ['smoke', 'water-level', 'charging', 'noise', 'manhole', 'smoke', 'lamp', 'bin', 'lift', 'noise', 'noise', 'gas', 'bin'];
  const list = kinds.map((kind) => {
    const s = pick(
      r,
      sensors.filter((x) => x.kind === kind && !used.has(x.id)),
    );
    used.add(s.id);
    return s;
  });
  const gasUp = now - 12.1 * MINUTE;
  out.push(raise(gasAlarm, gasUp, r), { at: gasUp + 35_000, kind: 'alarm.acknowledged', body: { alarm: alarmId(gasAlarm.id, 'high') } });
  list.forEach((s, i) => {
    const at = now - (i < 5 ? [0.6, 2.05, 3.4, 6.2, 9.5][i]! : between(r, 12, 70)) * MINUTE;
    const up = raise(s, at, r);
    const alarm = up.body.alarm;
    out.push(up);
    if (i >= 5 && i < 10) out.push({ at: at + between(r, 0.5, 4) * MINUTE, kind: 'alarm.acknowledged', body: { alarm } });
    if (i >= 10) {
      const { limit } = beyondLimit(s.kind, r);
      const gone = at + between(r, 4, 9) * MINUTE;
      out.push({
        at: gone,
        kind: 'alarm.cleared',
        body: { alarm, value: Number((limit * 0.6).toPrecision(3)), at: Math.round(gone - 600) },
      });
    }
  });
}
