import { areaTree } from '../../model/area.ts';
import { type Incident, type IncidentSource, isOpen, transitions } from '../../model/incident.ts';
import { beginIncident, stepIncident } from '../../model/incident-fold.ts';
import type { Entry } from '../../model/ledger.ts';
import { metresBetween } from '../../model/metres.ts';
import { channelOf, isCall } from '../channels.ts';
import { communityShare, drawCourt, drawMatter, drawPlace, drawUnit, matterOf, rhythm, rhythmSum } from '../matters.ts';
import type { DemoPerson, DemoUnit } from '../people.ts';
import { between, pick, type Rng, rngFor, weighted } from '../rng.ts';
import { communities } from '../street/plan.ts';
import type { Street } from '../street/street.ts';
import { AlarmDesk, type AlarmMove } from './alarm-desk.ts';
import { type Around, HANDS_OFF_MS, type Matter, type Move, rating, turnOf } from './turns.ts';

export interface Report {
  readonly do: 'report';
  readonly category: string;
  readonly title: string;
  readonly source: IncidentSource;
  readonly lngLat: readonly [number, number];
  readonly channel?: string;
  readonly ref?: string;
  readonly caller?: { readonly name: string; readonly tel: string };
}
export type Action = Move | Report | AlarmMove;
type There = Around['there'];

/** Open matters the desk is kept at. */
export const OPEN_LOW = 20;
export const OPEN_HIGH = 25;
const PER_DAY = 144;
const noAreas = areaTree(new Map());
/** A second report is one of the same title and kind this near, in metres. */
const SAME_PLACE = 60;

interface Options {
  readonly street: Street;
  readonly units: readonly DemoUnit[];
  readonly callers: readonly DemoPerson[];
  readonly seed: number;
  /** the street's minutes per minute of ours */
  readonly speed?: number;
  /** open matters it does not go below; OPEN_LOW unless it is to finish */
  readonly keep?: number;
}

/**
 * The residents who report, the operators who follow up, the workers and departments who are sent. Decides only; what really happened
 * comes back entry by entry through `take`. The same seed, calls and entries give the same decisions.
 */
export class Desk {
  readonly matters = new Map<string, Matter>();
  readonly alarms: AlarmDesk;
  private readonly closed = new Map<string, Matter>();
  private readonly r: Rng;
  private readonly options: Options;

  constructor(options: Options) {
    this.options = options;
    this.r = rngFor(options.seed, 'desk of the day');
    this.alarms = new AlarmDesk(options.seed);
  }

  open(): number {
    return this.matters.size;
  }

  knows(incident: string): boolean {
    return this.matters.has(incident) || this.closed.has(incident);
  }

  /** What falls due in the `ms` up to `now`, the street's time; `hour` of the day. */
  advance(now: number, ms: number, hour: number, there: There): Action[] {
    const out: Action[] = [];
    const open = this.open();
    const perHour = (PER_DAY * (rhythm[Math.floor(hour) % 24] ?? 1)) / rhythmSum;
    const haste = open < OPEN_LOW ? 4 : open >= OPEN_HIGH ? 0 : 1;
    if (this.r() < (Math.max(perHour, 3) * haste * ms) / 3_600_000) out.push(this.report(now));
    let left = open;
    const around = { now, seed: this.options.seed, crowded: open > OPEN_HIGH, there, original: (i: Incident) => this.original(i) };
    for (const m of this.matters.values()) {
      const move = turnOf(m, { ...around, mayClose: left > (this.options.keep ?? OPEN_LOW) });
      if (!move) continue;
      if (move.do === 'step' && (move.form.step === 'close' || move.form.step === 'merge' || move.form.step === 'decline')) left -= 1;
      out.push(move);
    }
    for (const m of this.closed.values()) {
      const move = rating(m, around);
      if (move !== null) this.closed.delete(m.incident.id);
      if (move) out.push(move);
    }
    out.push(...this.alarms.advance(now));
    return out;
  }

  /** Who would be sent where the server names no candidates. */
  someone(incident: string): string {
    const { seed, units } = this.options;
    const i = this.matters.get(incident)?.incident;
    const r = rngFor(seed, `${incident} someone ${i?.marks.length}`);
    const busy = new Set([...this.matters.values()].flatMap((m) => m.incident.crew.map((c) => c.unit)));
    const free = units.filter((u) => !busy.has(u.id));
    return drawUnit(free.length ? free : units, matterOf(i?.category ?? 'other'), i?.area?.slice(0, 12) ?? communities[0].code, r).id;
  }

  private report(now: number): Report {
    const r = this.r;
    const again = r() < 0.04 ? this.again(r) : null;
    const community = weighted(
      r,
      communities.map((c) => [c.code as string, communityShare[c.code]!] as const),
    );
    const matter = drawMatter(r);
    const court = drawCourt(this.options.street, again?.area?.slice(0, 12) ?? community, r);
    const lngLat = drawPlace(court, r);
    const source = again ? pick(r, ['resident', 'hotline', 'street-line'] as const) : weighted(r, matter.sources);
    const who = isCall(source) && this.options.callers.length && r() < 0.6 ? pick(r, this.options.callers) : null;
    return {
      do: 'report',
      category: again?.category ?? matter.category,
      title: again?.title ?? `${court.name}${pick(r, matter.titles)}`,
      source,
      lngLat: again ? [again.lngLat[0] + between(r, -1.5e-4, 1.5e-4), again.lngLat[1] + between(r, -1.5e-4, 1.5e-4)] : lngLat,
      ...channelOf(source, again?.area?.slice(0, 12) ?? community, now, r),
      ...(who ? { caller: { name: who.name, tel: who.tel } } : {}),
    };
  }

  /** Something that people may well report a second time. */
  private again(r: Rng): Incident | null {
    const list = [...this.matters.values()].map((m) => m.incident).filter((i) => i.priority > 1 && i.merged.length === 0);
    const standing = list.filter((i) => (i.state === 'dispatched' || i.state === 'accepted' || i.state === 'arrived') && i.area !== null);
    return standing.length ? pick(r, standing) : null;
  }

  private original(i: Incident): string | null {
    for (const { incident: o } of this.matters.values()) {
      if (o.id === i.id || o.reportedAt > i.reportedAt || o.category !== i.category || o.title !== i.title) continue;
      if (o.state !== 'reported' && metresBetween(o.lngLat, i.lngLat) < SAME_PLACE) return o.id;
    }
    return null;
  }

  /**
   * One entry of the ledger, at the street's `now`. `own`: written for an action of ours; anyone else's step is a visitor's, who is then
   * left alone with the matter for a while.
   */
  take(entry: Entry, now: number, own: boolean) {
    if (entry.kind.startsWith('alarm.')) return this.alarms.take(entry, now);
    if (!entry.kind.startsWith('incident.')) return;
    const { incident: id } = entry.body as { incident: string };
    if (entry.kind === 'incident.reported') {
      const matter = this.learn([entry], now, entry.at);
      if (matter && !own && !byRule(entry)) this.leave(id, entry.kind, now);
      return;
    }
    if (entry.kind === 'incident.recalled') return;
    const before = this.matters.get(id) ?? this.closed.get(id);
    if (!before) return;
    const state = before.incident.state;
    before.incident = stepIncident(before.incident, entry);
    if (entry.kind === 'incident.merged') this.addMerged((entry.body as { into: string }).into, id);
    if (before.incident.state !== state) {
      before.since = now;
      before.done.clear();
    }
    this.put(before, entry.at, now);
    if (!own && !byRule(entry)) this.leave(id, entry.kind, now);
  }

  /** A matter from all its entries, oldest first. `wall`: our own time, epoch ms, at the street's `now`. */
  learn(entries: readonly Entry[], now: number, wall: number): Matter | null {
    let incident: Incident | null = null;
    for (const e of entries) {
      if (e.kind === 'incident.reported') incident = beginIncident(e.body, e, 0, noAreas);
      else if (incident) incident = stepIncident(incident, e);
    }
    if (!incident) return null;
    const unheld = { deskHeld: 0, workHeld: 0, restUntil: 0 };
    const matter: Matter = { incident, since: now, due: null, deadline: null, ...unheld, seen: new Map(), done: new Set() };
    this.put(matter, wall, now);
    return matter;
  }

  private addMerged(into: string, id: string) {
    const m = this.matters.get(into);
    if (m && !m.incident.merged.includes(id)) m.incident = { ...m.incident, merged: [...m.incident.merged, id] };
  }

  /** Keep it where it now belongs, its deadline on the street's own clock, and when things about it were first seen. */
  private put(m: Matter, wall: number, now: number) {
    const i = m.incident;
    this.matters.delete(i.id);
    this.closed.delete(i.id);
    if (isOpen(i)) this.matters.set(i.id, m);
    else if (i.state === 'closed') this.closed.set(i.id, m);
    if (m.due !== i.deadline) {
      m.due = i.deadline;
      m.deadline = i.deadline === null ? null : now + (i.deadline - wall);
    }
    const mark = (what: string, is: boolean) => {
      if (!is) m.seen.delete(what);
      else if (!m.seen.has(what)) m.seen.set(what, now);
    };
    mark('help', i.helpAskedAt !== null);
    mark('extension', i.extension !== null);
    for (const w of i.whistles) {
      mark(`whistle ${w.no}`, true);
      for (const c of w.calls) {
        mark(`answered ${w.no} ${c.department}`, c.answeredAt !== null);
        mark(`urged ${w.no} ${c.department}`, c.urgedAt.length > 0);
      }
    }
  }

  /** An action was refused or lost: not at once again. */
  rest(incident: string, now: number) {
    const m = this.matters.get(incident);
    if (m) m.restUntil = now + 20_000 * (this.options.speed ?? 1);
  }

  /** A visitor did this: the matter is the visitor's for a while. */
  leave(incident: string, kind: string, now: number) {
    const m = this.matters.get(incident) ?? this.closed.get(incident);
    if (!m) return;
    const until = now + HANDS_OFF_MS * (this.options.speed ?? 1);
    const work =
      transitions.find((t) => t.kind === kind)?.right === 'work' ||
      kind === 'incident.whistle-answered' ||
      kind === 'incident.whistle-arrived';
    m.deskHeld = until;
    if (work) m.workHeld = until;
  }

  /** Where units are wanted: unit -> area of the matter it was sent to and has not done yet. */
  wanted(): Map<string, { area: string; there: boolean }> {
    const out = new Map<string, { area: string; there: boolean }>();
    for (const { incident: i } of this.matters.values()) {
      if (i.area === null || (i.state !== 'dispatched' && i.state !== 'accepted' && i.state !== 'arrived')) continue;
      for (const c of i.crew) out.set(c.unit, { area: i.area, there: c.arrivedAt !== null });
    }
    return out;
  }
}

/** Who writes what alarms come to when a delay runs out, not with a reading. */
const ALARM_CLOCK = 'clock';
/** What a rule of the house wrote, and what follows from another entry by itself. */
const byRule = (e: Entry) =>
  (e.kind === 'incident.reported' && e.body.reading !== undefined && (e.actor === e.body.reading.sensor || e.actor === ALARM_CLOCK)) ||
  e.kind === 'incident.warned' ||
  e.kind === 'incident.answered' ||
  (e.kind === 'incident.escalated' && e.body.byRule === true);
