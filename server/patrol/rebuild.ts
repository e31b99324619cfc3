import { type AreaCode, areaCode, type LngLat } from '../../model/brand.ts';
import { type PatrolSettings, patrolSettings } from '../../model/centre.ts';
import { everyPosition, STATUS_PAST } from '../../model/frame.ts';
import { isKnown, type Latest } from '../../model/latest.ts';
import type { Fact } from '../../model/ledger.ts';
import { isLongEnough, type Stay } from '../../model/visit.ts';
import type { Unit, World } from '../../model/world.ts';
import { listenedUntil } from '../alarms/watch.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Places } from '../places.ts';
import type { EntryRow, Store } from '../store/store.ts';
import type { FilmStore } from '../telemetry/film-store.ts';
import { slices } from '../telemetry/slices.ts';
import { type Duty, dutyAt, isOn, Memories, turned } from './memories.ts';
import { leftFact } from './patrol-facts.ts';

/** The film is read so far back: rhythms need eight fixes, a stay that is no visit yet is rarely older. Of an older one the ledger knows. */
const FILM_MS = 20 * 60_000;
/** A centre that asks for a longer stay has its film read farther back, at most so far. */
const MOST_FILM_MS = 90 * 60_000;
/** Visits told of so far back are known with their beginning and their fixes; of older ones the world knows when they were made. */
const VISITS_MS = 2 * 3_600_000;
/** Heard there again within it, a unit has been there all the time; after it the stay ended when it was last heard. */
export const BRIDGED_MS = 30 * 60_000;
const PAGE_MS = 60_000;

/** A fix as the film keeps it, in order of receipt. `past`: declared as handed in late; `at` device time, epoch ms. */
export interface KeptFix {
  readonly at: number;
  readonly receivedAt: number;
  readonly lngLat: LngLat;
  readonly past: boolean;
}
/** A visit that was told of and whose end was not. */
interface OpenVisit extends Stay {
  readonly unit: string;
  /** the fix that made it a visit */
  readonly at: number;
}
export interface Rebuilt {
  readonly memories: Memories;
  /** ends of stays that nobody could tell: they are told at the start */
  readonly ended: readonly Fact[];
}
/** What of an entry matters here. */
export type ToldEntry = Pick<EntryRow, 'at' | 'kind'> & { readonly body: { readonly unit: string } & Partial<OpenVisit> };

/**
 * What the watch had in its memory when the process before ended: the same fixes go through the same trackers, the ledger says where silence
 * came in between and which visits are told and not left. Fixes first, entries in between by their time, then `settle`.
 */
export class Rebuild {
  readonly memories = new Memories();
  private readonly ended = new Map<string, Stay>();
  private readonly open = new Map<string, OpenVisit>();
  private readonly settings: PatrolSettings;
  private duty: Duty;

  constructor(
    private readonly world: World,
    private readonly locate: Places['locate'],
    /** until when the process before listened, epoch ms */
    private readonly listened: number,
  ) {
    this.settings = patrolSettings(world.centre);
    this.duty = dutyAt(world, listened);
  }

  fix(unit: Unit, { at, receivedAt, lngLat, past }: KeptFix) {
    const m = this.memories.of(unit);
    if (at === m.at) return; // its state was written once more
    const area = this.locate(lngLat);
    const lasts = (s: Stay) => isLongEnough(this.settings, s);
    if (past || at < m.at) {
      if (at <= m.pastAt) return;
      m.pastAt = at;
      if (isOn(dutyAt(this.world, at), unit)) m.past.fix(area, at, lasts);
      else m.past.end();
      return;
    }
    if (Math.abs(receivedAt - this.duty.at) >= 1000) this.duty = dutyAt(this.world, receivedAt);
    const onDuty = isOn(this.duty, unit);
    if (at - m.at > BRIDGED_MS) this.end(unit, m.stay.end());
    this.memories.heard(unit, { at, receivedAt });
    this.end(unit, onDuty ? m.stay.fix(area, at, lasts) : m.stay.end());
    turned(m, this.world, unit, { at, area }, onDuty);
  }

  entry({ kind, body }: ToldEntry) {
    const unit = this.world.units.get(body.unit);
    if (!unit) return;
    if (kind === 'unit.silent' || kind === 'unit.doubted') this.end(unit, this.memories.of(unit).stay.end());
    else if (kind === 'area.left') this.open.delete(keyOf(unit, body.area!));
    else if (kind === 'area.visited') {
      const { area, at, since = at, fixes = 1 } = body as OpenVisit;
      this.open.set(keyOf(unit, area), { unit: unit.id, area, at, since, fixes, last: at });
    }
  }

  private end(unit: Unit, stay: Stay | null) {
    if (stay) this.ended.set(keyOf(unit, stay.area), stay);
  }

  /** Which stays are visits already, and which have ended since. */
  settle({ units }: Latest, now: number): Rebuilt {
    const { world, memories } = this;
    const left: Fact[] = [];
    for (const [area, { unit, at, leftAt }] of world.visits) {
      const key = keyOf({ id: unit }, area);
      if (leftAt === null && !this.open.has(key)) this.open.set(key, { unit, area, at, since: at, fixes: 1, last: at });
    }
    for (const [key, visit] of this.open) {
      const unit = world.units.get(visit.unit);
      if (!unit) continue;
      const ended = this.ended.get(key);
      if (ended && ended.last >= visit.at) left.push(leftFact(unit, { ...ended, since: Math.min(ended.since, visit.since) }));
      else this.goOn(unit, visit, isKnown(units, unit.ix) ? placeOf(units, unit.ix, this.locate) : null);
    }
    for (const [id, { stay, at }] of memories) {
      const unit = world.units.get(id);
      if (!unit || !stay.now) continue;
      const heard = memories.staleness.lastHeard(unit.ix);
      if (now - (Number.isNaN(heard) ? Math.min(at, this.listened) : heard) <= BRIDGED_MS) continue;
      const over = stay.end();
      if (over?.told) left.push(leftFact(unit, over));
    }
    return { memories, ended: left };
  }

  /** The unit is in the stay of this visit still, as far as anybody knows. */
  private goOn(unit: Unit, visit: OpenVisit, last: { readonly at: number; readonly area: AreaCode | null } | null) {
    const m = this.memories.of(unit);
    const stay = m.stay.now;
    if (stay?.area === visit.area) {
      // the film may begin in the midst of it, or lack its last second
      const fixes = stay.since > visit.at ? visit.fixes + stay.fixes : Math.max(visit.fixes, stay.fixes);
      const since = Math.min(stay.since, visit.since);
      m.stay.restore({ area: visit.area, since, last: Math.max(stay.last, visit.at), fixes, told: true });
      return;
    }
    if (stay?.told) return;
    if (visit.at > m.at && last?.area === visit.area && last.at >= visit.at)
      m.stay.restore({ ...visit, last: last.at, told: true }); // it was not heard while the film runs
    else if (Number.isFinite(m.at) && visit.at > m.at) m.stay.restore({ ...visit, told: true }); // the film lacks the last second
    m.at = Math.max(m.at, last?.at ?? m.at);
  }
}

const keyOf = ({ id }: Pick<Unit, 'id'>, area: string) => `${id} ${area}`;
const placeOf = (u: Latest['units'], ix: number, locate: Places['locate']) => ({
  at: u.at[ix]!,
  area: locate([u.lng[ix]! / 1e7, u.lat[ix]! / 1e7]),
});

interface Parts {
  readonly film: Pick<FilmStore, 'framesBetween'>;
  readonly store: Pick<Store, 'readEntries'>;
  readonly ledger: Pick<Ledger, 'world'>;
  readonly places: Pick<Places, 'locate'>;
  readonly latest: Latest;
  readonly now: () => number;
}

/** To be awaited before a door is opened. */
export async function rebuildPatrol({ film, store, ledger, places, latest, now }: Parts): Promise<Rebuilt> {
  const { world } = ledger;
  const at = now();
  const listened = listenedUntil(latest, world, at);
  const rebuild = new Rebuild(world, places.locate, listened);
  const unitAt: Unit[] = [];
  for (const unit of world.units.values()) unitAt[unit.ix] = unit;
  rebuild.memories.staleness.reserve(unitAt.length);
  const told = await visitsSince(store, listened - VISITS_MS);
  const long = Math.min(MOST_FILM_MS, Math.max(FILM_MS, 1.5 * patrolSettings(world.centre).dwellS * 1000));
  const slice = slices();
  let next = 0;
  const entriesUntil = (ms: number) => {
    while (next < told.length && told[next]!.at <= ms) rebuild.entry(told[next++]!);
  };
  for (let from = listened - long; unitAt.length > 0 && from <= at; from += PAGE_MS) {
    for (const row of await film.framesBetween(from, Math.min(from + PAGE_MS, at + 1))) {
      entriesUntil(row.at);
      everyPosition(row.bytes, (ix, fixAt, lng, lat, _heading, _speed, status) => {
        const unit = unitAt[ix];
        if (unit) rebuild.fix(unit, { at: fixAt, receivedAt: row.at, lngLat: [lng / 1e7, lat / 1e7], past: (status & STATUS_PAST) !== 0 });
      });
      await slice();
    }
  }
  entriesUntil(Number.POSITIVE_INFINITY);
  return rebuild.settle(latest, at);
}

const PAGE = 5000;
async function visitsSince(store: Pick<Store, 'readEntries'>, from: number): Promise<ToldEntry[]> {
  const out: ToldEntry[] = [];
  for (let after = 0; ; ) {
    const kinds = ['area.visited', 'area.left', 'unit.silent', 'unit.doubted'];
    const rows = await store.readEntries({ kinds, from, after, limit: PAGE });
    for (const { at, kind, body } of rows) {
      const read = JSON.parse(body);
      out.push({ at, kind, body: read.area ? { ...read, area: areaCode(read.area) } : read });
    }
    if (rows.length < PAGE) return out;
    after = rows.at(-1)!.seq;
  }
}
