import type { Actor } from '../../model/access.ts';
import { WHOLE_CENTRE } from '../../model/access.ts';
import { shortName } from '../../model/area.ts';
import type { AreaCode } from '../../model/brand.ts';
import { CLIP_VERSION, type Clip } from '../../model/clip.ts';
import { masker } from '../../model/clip-mask.ts';
import { apply } from '../../model/fold/fold.ts';
import type { Entry } from '../../model/ledger.ts';
import { everyIncident, treeOf, type World } from '../../model/world.ts';
import { mustBeAllowed } from '../commands.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { entryOf } from '../ledger/rows.ts';
import type { Places } from '../places.ts';
import { Refused } from '../refused.ts';
import type { Store } from '../store/store.ts';
import type { PositionHistory } from '../telemetry/position-history.ts';
import { type AreaFile, type GroundFile, groundWithin, placesWithin } from './ground.ts';
import { happenings } from './happenings.ts';
import { unitsWithin, WITHIN_METRES } from './units.ts';

const HOUR_MS = 3_600_000;
const MOST_HOURS = 24;
const MOST_ENTRIES = 100_000;
const PAGE = 1000;
const PEOPLE_AT_ONCE = 500;

export interface ClipAsked {
  readonly from: number;
  readonly to: number;
  readonly area?: AreaCode | undefined;
}
export interface ClipParts {
  readonly ledger: Pick<Ledger, 'world' | 'worldAt'>;
  readonly store: Pick<Store, 'readEntries' | 'getBlob' | 'getPeople'>;
  readonly places: Pick<Places, 'of'>;
  readonly history: PositionHistory;
  readonly now: () => number;
}

/**
 * A piece of the past without the people in it (decision 023). Units are cut to the place by the boundaries of its beginning.
 * @throws Refused 400 for a time or place that cannot be, 403 with the rule, 413 when too much happened
 */
export async function makeClip({ ledger, store, places, history, now }: ClipParts, actor: Actor, asked: ClipAsked): Promise<Clip> {
  const { from, to } = asked;
  if (to <= from) throw new Refused(400, 'to', 'later than from');
  if (to > now()) throw new Refused(400, 'to', 'in the future');
  if (to - from > MOST_HOURS * HOUR_MS) throw new Refused(400, 'to', `at most ${MOST_HOURS} hours after from`);
  const [first, last] = [await ledger.worldAt(from), await ledger.worldAt(to)];
  const area = asked.area ?? (actor.area === WHOLE_CENTRE ? treeOf(last).root?.code : actor.area);
  // a place that came to be meanwhile is shown as it was at its end, not refused
  const known = area !== undefined && treeOf(first).byCode.has(area) ? first : last;
  const tree = treeOf(known);
  if (area === undefined || !tree.byCode.has(area)) throw new Refused(400, 'area', 'no such place in the boundaries of that time');
  mustBeAllowed(actor, 'export-history', area, ledger.world);

  const entries = await entriesBetween(store, first.seq, to);
  const file = async <F>(hash: string | undefined): Promise<F> => {
    const blob = hash === undefined ? null : await store.getBlob(hash);
    return blob ? (JSON.parse(Buffer.from(blob.bytes).toString('utf8')) as F) : ({ features: [] } as F);
  };
  const areas = async (world: World) => placesWithin(await file<AreaFile>(world.boundaries?.hash), treeOf(world), area);
  const began = await areas(known);

  const mask = masker(await namesOf(store, [first, ledger.world], entries));
  const happened = happenings({ area, mask, middle: began.middle, athome: homesOf([first, ledger.world], entries) });
  happened.begin(first, from);
  const versions = [{ from, areas: began.areas }];
  let world = first;
  for (const entry of entries) {
    world = apply(world, entry);
    happened.entry(entry, world);
    if (entry.kind === 'boundaries.published' && known === first) versions.push({ from: entry.at, areas: (await areas(world)).areas });
  }
  const units = await unitsWithin([...world.units.values()], history, { from, to: to + 1 }, await places.of(known), { tree, area });
  return {
    version: CLIP_VERSION,
    from,
    to,
    madeAt: now(),
    centre: world.centre?.name ?? { zh: '', en: '' },
    boundaryNote: world.centre?.boundaryNote ?? '',
    utcOffsetMinutes: world.centre?.utcOffsetMinutes ?? 0,
    area: { code: area, name: shortName(tree.byCode.get(area)!.name) },
    places: versions,
    ground: groundWithin(await file<GroundFile>(world.basemap?.hash), began.box),
    within: WITHIN_METRES,
    units,
    incidents: happened.incidents,
    alarms: happened.alarms,
    events: happened.events,
  };
}

async function entriesBetween(store: ClipParts['store'], after: number, to: number): Promise<Entry[]> {
  const out: Entry[] = [];
  for (let seq = after; ; ) {
    const rows = await store.readEntries({ after: seq, to: to + 1, limit: PAGE });
    out.push(...rows.map(entryOf));
    if (out.length > MOST_ENTRIES) throw new Refused(413, 'to', `more than ${MOST_ENTRIES} entries of the ledger: ask for less time`);
    if (rows.length < PAGE) return out;
    seq = rows.at(-1)!.seq;
  }
}

/** Names of everybody the clip's time can speak of: staff, people looked after, callers. */
async function namesOf(store: ClipParts['store'], worlds: readonly World[], entries: readonly Entry[]): Promise<string[]> {
  const ids = new Set<string>();
  const add = (id: string | null | undefined) => id != null && ids.add(id);
  for (const world of worlds) {
    for (const u of world.units.values()) add(u.person);
    for (const s of world.sensors.values()) add(s.person);
    for (const c of world.cares.values()) add(c.person);
    for (const person of world.duties.values()) add(person);
    for (const i of everyIncident(world)) add(i.reporter);
  }
  for (const e of entries) if (e.kind === 'incident.reported') add(e.body.reporter);
  const names: string[] = [];
  const all = [...ids];
  for (let i = 0; i < all.length; i += PEOPLE_AT_ONCE)
    names.push(...(await store.getPeople(all.slice(i, i + PEOPLE_AT_ONCE))).map((p) => p.name));
  return names;
}

/** Incidents made of a visit to somebody, or of one that was not made: they stand at a home. */
function homesOf(worlds: readonly World[], entries: readonly Entry[]): Set<string> {
  const homes = new Set<string>();
  for (const world of worlds) for (const c of world.cares.values()) if (c.overdue?.incident) homes.add(c.overdue.incident);
  for (const e of entries) if ((e.kind === 'care.overdue' || e.kind === 'care.visited') && e.body.incident) homes.add(e.body.incident);
  return homes;
}
