import { dayKey, dayStart, floodRule } from '../centre.ts';
import { surgeAfter } from '../flood.ts';
import { type Entry, type EntryKind, subjectOf } from '../ledger.ts';
import type { World } from '../world.ts';
import { alarms } from './alarms.ts';
import { Draft, type Reducer, type Reducers } from './draft.ts';
import { incidents } from './incidents.ts';
import { patrols } from './patrols.ts';
import { registered } from './registered.ts';

const reducers: Reducers = {
  ...registered,
  ...incidents,
  ...alarms,
  ...patrols,
  withheld: (d, b, entry) => {
    if (b.numbered) d.now.numbered += 1;
    if (b.announced) d.now.surge = surgeAfter(d.now.surge, entry.at, floodRule(d.now.centre));
  },
  // of these the world keeps nothing: they are facts for who reads the ledger
  'unit.messaged': () => {},
  'unit.message-answered': () => {},
  'device.bound': () => {},
  'device.released': () => {},
  'history.exported': () => {},
  'camera.viewed': () => {},
  'person.read': () => {},
};

const TALLY_DAYS = 62;

/** A new day: number incidents from 1 again, let go of what the wall no longer compares with. */
function turnDay(d: Draft, at: number, day: string, about: string | null) {
  const offset = d.now.centre?.utcOffsetMinutes ?? 0;
  d.now.day = day;
  d.now.numbered = 0;
  const yesterday = dayStart(at, offset) - 86_400_000;
  const gone = [...d.now.ended.values()].filter((i) => i.reportedAt < yesterday && (i.closedAt ?? 0) < yesterday && i.id !== about);
  if (gone.length) for (const i of gone) d.write('ended').delete(i.id);
  const oldest = dayKey(at - TALLY_DAYS * 86_400_000, offset);
  const stale = [...d.now.tallies.values()].filter((t) => t.day < oldest);
  if (stale.length) for (const t of stale) d.write('tallies').delete(`${t.day} ${t.community}`);
}

/**
 * Fold entries into a world. Pure: the argument is untouched, and any split of the same entries into batches gives an equal world.
 * @throws RangeError when an entry is not the next one: a gap or a repetition is never applied.
 */
export function fold(world: World, entries: Iterable<Entry>): World {
  const d = new Draft(world);
  for (const entry of entries) {
    if (entry.seq !== d.now.seq + 1) throw new RangeError(`ledger entry ${entry.seq} does not follow ${d.now.seq}`);
    const day = dayKey(entry.at, d.now.centre?.utcOffsetMinutes ?? 0);
    if (day !== d.now.day) turnDay(d, entry.at, day, subjectOf(entry)); // what this very entry speaks of was held when it was decided
    (reducers[entry.kind] as Reducer<EntryKind>)(d, entry.body as never, entry);
    d.now.seq = entry.seq;
    d.now.at = entry.at;
    d.now.head = entry.hash;
  }
  return d.now;
}
export const apply = (world: World, entry: Entry): World => fold(world, [entry]);
