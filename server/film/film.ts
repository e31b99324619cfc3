import type { Actor } from '../../model/access.ts';
import { encodeMoment, encodeReel, type FilmSource, MOST_REEL_MS, type ReelFrame } from '../../model/film.ts';
import type { Latest } from '../../model/latest.ts';
import type { Entry } from '../../model/ledger.ts';
import { type World, worldToJson } from '../../model/world.ts';
import { filterFrame } from '../api/frame-scope.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { entryOf } from '../ledger/rows.ts';
import type { Places } from '../places.ts';
import { Refused } from '../refused.ts';
import type { Store } from '../store/store.ts';
import { type Scope, scopedEntries, scopedWorld, scopeOf } from '../stream/scope.ts';
import type { FilmStore } from '../telemetry/film-store.ts';
import { latestAt } from '../telemetry/reader.ts';
import { slices } from '../telemetry/slices.ts';
import { inTurn } from './in-turn.ts';
import { type ColdPast, rebuiltFrames, rebuiltTable } from './rebuilt.ts';
import { frameOfTable } from './table.ts';

/** What may be shown of the past, epoch ms: its oldest moment, the oldest of which frames were kept, now. */
export interface FilmSpan {
  readonly from: number;
  readonly filmFrom: number;
  readonly to: number;
}

/** The past as a screen is given it: a moment as at joining, a reel as while watching. Bytes of model/film.ts, cut to what the reader may see. */
export interface Film {
  span(): Promise<FilmSpan>;
  /** @throws Refused 400 beyond the span, 503 when too many ask at once */
  moment(actor: Actor, at: number): Promise<Uint8Array>;
  /** What moved at a moment, of the whole centre; `world` is that of the moment. */
  table(at: number, world: World): Promise<Latest>;
  /** @throws Refused 400 when it is longer than MOST_REEL_MS or ends in the future, 503 when too many ask at once */
  reel(actor: Actor, from: number, to: number): Promise<Uint8Array>;
}

interface Parts extends ColdPast {
  readonly ledger: Pick<Ledger, 'world' | 'worldAt'>;
  readonly store: Pick<Store, 'readEntries'>;
  readonly film: FilmStore;
  readonly places: Pick<Places, 'of'>;
  readonly now: () => number;
}

const PAGE = 500;
/** Two who scrub are served side by side; the live lane has its turn between any two pages of work. */
const AT_ONCE = 2;
const WAITING = 64;
/** What is a few seconds old no longer changes: frames are written within a second or two. */
const SETTLED_MS = 10_000;
const KEEP = 24;
const KEEP_MS = 60_000;
/** So soon after new boundaries were published a frame may have been cut by those before. */
const REKEY_MS = 5_000;

/**
 * Rights are those of now, places those of then: whoever is held to an area sees what lay in it by the boundaries of that moment.
 * Before there were any, everything lay outside of it.
 */
export function scopeThen(actor: Actor, then: World, now: World): Scope {
  const scope = scopeOf(actor, then);
  if (!scope.whole || then.areas.size > 0 || scopeOf(actor, now).whole) return scope;
  return { whole: false, sees: () => false, segments: new Set(), name: `${scope.name} nothing` };
}

export function openFilm({ ledger, store, film, places, positions, readings, now }: Parts): Film {
  const answers = inTurn<Uint8Array>({ atOnce: AT_ONCE, waiting: WAITING, keep: KEEP, keepMs: KEEP_MS, now });
  const once = inTurn<Uint8Array>({ atOnce: AT_ONCE, waiting: WAITING, keep: 0, keepMs: 0, now });
  const turn = (to: number) => (now() - to > SETTLED_MS ? answers : once);
  const who = (actor: Actor) => scopeOf(actor, ledger.world).name;
  let first: number | null = null;

  /** When the first entry was written: it never changes. */
  async function beginning(): Promise<number> {
    first ??= (await store.readEntries({ limit: 1 }))[0]?.at ?? null;
    return first ?? now();
  }
  /** From when on frames are kept; nothing at all before the first keyframe. */
  const filmFrom = async () => (await film.begin()) ?? Number.POSITIVE_INFINITY;

  async function mustBeShowable(at: number, field: string) {
    if (at > now()) throw new Refused(400, field, 'in the future');
    if (at < (await beginning())) throw new Refused(400, field, 'before the first entry of the ledger');
  }

  async function entriesIn(from: number, to: number): Promise<Entry[]> {
    const out: Entry[] = [];
    for (let after = 0; ; ) {
      const rows = await store.readEntries({ from: from + 1, to: to + 1, after, upTo: ledger.world.seq, limit: PAGE });
      out.push(...rows.map(entryOf));
      if (rows.length < PAGE) return out;
      after = rows.at(-1)!.seq;
    }
  }

  const tableOf = (source: FilmSource, at: number, world: World) =>
    source === 'film' ? latestAt(film, at) : rebuiltTable({ positions, readings }, world, at);

  async function moment(actor: Actor, at: number) {
    const [world, begin] = await Promise.all([ledger.worldAt(at), filmFrom()]);
    const source: FilmSource = at >= begin ? 'film' : 'rebuilt';
    const table = await tableOf(source, at, world);
    const scope = scopeThen(actor, world, ledger.world);
    const frame = frameOfTable(table, world, await places.of(world), scope.segments, at);
    return encodeMoment({ at, source, world: worldToJson(scopedWorld(world, scope)), frame });
  }

  /** Frames of (from, to] to the letter, cut to these segments. */
  async function framesIn(from: number, to: number, segments: ReadonlySet<number> | null): Promise<ReelFrame[]> {
    const slice = slices();
    const out: ReelFrame[] = [];
    for (const { at, bytes } of await film.framesBetween(from + 1, to + 1)) {
      out.push({ at, bytes: segments ? filterFrame(bytes, segments) : bytes });
      if (segments) await slice();
    }
    return out;
  }

  async function reel(actor: Actor, from: number, to: number) {
    const earlier = await ledger.worldAt(from - REKEY_MS);
    const before = await ledger.worldAt(from);
    const [after, entries, begin] = await Promise.all([ledger.worldAt(to), entriesIn(from, to), filmFrom()]);
    const scope = scopeThen(actor, before, ledger.world);
    const { segments } = scope;
    const source: FilmSource = from >= begin ? 'film' : 'rebuilt';
    const readable =
      segments && earlier.areas !== before.areas && earlier.boundaries?.hash !== before.boundaries?.hash
        ? null
        : scopedEntries(entries, scope, before, after);
    if (readable === null) return encodeReel({ from, to, source, cut: true, entries: [], frames: [] });
    const frames: ReelFrame[] = [];
    if (from < begin) {
      const worlds = { before, after };
      frames.push(...(await rebuiltFrames({ positions, readings }, worlds, await places.of(before), segments, from, Math.min(to, begin))));
      const key = begin <= to ? await film.keyframeBefore(begin) : null;
      if (key) frames.push({ at: key.at, bytes: segments ? filterFrame(key.bytes, segments) : key.bytes });
    }
    if (to > begin) frames.push(...(await framesIn(Math.max(from, begin), to, segments)));
    return encodeReel({ from, to, source, cut: false, entries: readable, frames });
  }

  return {
    async span() {
      const to = now();
      return { from: Math.min(await beginning(), to), filmFrom: Math.min(await filmFrom(), to), to };
    },
    table: async (at, world) => tableOf(at >= (await filmFrom()) ? 'film' : 'rebuilt', at, world),
    async moment(actor, at) {
      await mustBeShowable(at, 'at');
      return turn(at)(`moment ${who(actor)} ${at}`, () => moment(actor, at));
    },
    async reel(actor, from, to) {
      await mustBeShowable(from, 'from');
      await mustBeShowable(to, 'to');
      if (to <= from) throw new Refused(400, 'to', 'later than from');
      if (to - from > MOST_REEL_MS) throw new Refused(400, 'to', `at most ${MOST_REEL_MS / 60_000} minutes after from`);
      return turn(to)(`reel ${who(actor)} ${from} ${to}`, () => reel(actor, from, to));
    },
  };
}
