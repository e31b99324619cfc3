import type { Actor } from '../../model/access.ts';
import { encodeMoment, encodeReel, MOST_REEL_MS, type ReelFrame } from '../../model/film.ts';
import type { Entry } from '../../model/ledger.ts';
import { type World, worldToJson } from '../../model/world.ts';
import { filterFrame } from '../api/frame-scope.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { entryOf } from '../ledger/rows.ts';
import type { Places } from '../places.ts';
import { Refused } from '../refused.ts';
import type { Store } from '../store/store.ts';
import { type Scope, scopedEntries, scopedWorld, scopeOf } from '../stream/scope.ts';
import type { TelemetryReader } from '../telemetry/telemetry.ts';
import { inTurn } from './in-turn.ts';
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
  /** @throws Refused 400 beyond the span */
  moment(actor: Actor, at: number): Promise<Uint8Array>;
  /** @throws Refused 400 when it is longer than MOST_REEL_MS or ends in the future */
  reel(actor: Actor, from: number, to: number): Promise<Uint8Array>;
}

interface Parts {
  readonly ledger: Pick<Ledger, 'world' | 'worldAt'>;
  readonly store: Pick<Store, 'readEntries'>;
  readonly reader: TelemetryReader;
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

/**
 * Rights are those of now, places those of then: whoever is held to an area sees what lay in it by the boundaries of that moment.
 * Before there were any, everything lay outside of it.
 */
export function scopeThen(actor: Actor, then: World, now: World): Scope {
  const scope = scopeOf(actor, then);
  if (!scope.whole || then.areas.size > 0 || scopeOf(actor, now).whole) return scope;
  return { whole: false, sees: () => false, segments: new Set(), name: `${scope.name} nothing` };
}

export function openFilm({ ledger, store, reader, places, now }: Parts): Film {
  const answers = inTurn<Uint8Array>({ atOnce: AT_ONCE, waiting: WAITING, keep: KEEP, keepMs: KEEP_MS, now });
  const once = inTurn<Uint8Array>({ atOnce: AT_ONCE, waiting: WAITING, keep: 0, keepMs: 0, now });
  const turn = (to: number) => (now() - to > SETTLED_MS ? answers : once);
  const who = (actor: Actor) => scopeOf(actor, ledger.world).name;

  function mustBePast(at: number, field: string) {
    if (at > now()) throw new Refused(400, field, 'in the future');
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

  async function moment(actor: Actor, at: number) {
    const [world, table] = await Promise.all([ledger.worldAt(at), reader.at(at)]);
    const scope = scopeThen(actor, world, ledger.world);
    const frame = frameOfTable(table, world, await places.of(world), scope.segments, at);
    return encodeMoment({ at, source: 'film', world: worldToJson(scopedWorld(world, scope)), frame });
  }

  async function reel(actor: Actor, from: number, to: number) {
    const before = await ledger.worldAt(from);
    const [after, { frames }, entries] = await Promise.all([ledger.worldAt(to), reader.film(from + 1, to), entriesIn(from, to)]);
    const scope = scopeThen(actor, before, ledger.world);
    const readable = scopedEntries(entries, scope, before, after);
    const { segments } = scope;
    const shown: ReelFrame[] =
      readable === null
        ? []
        : frames
            .filter((f) => f.at > from && f.at <= to)
            .map(({ at, bytes }) => ({ at, bytes: segments ? filterFrame(bytes, segments) : bytes }));
    return encodeReel({ from, to, source: 'film', cut: readable === null, entries: readable ?? [], frames: shown });
  }

  return {
    async span() {
      const to = now();
      const [first] = await store.readEntries({ limit: 1 });
      const from = Math.min(first?.at ?? to, to);
      return { from, filmFrom: from, to };
    },
    async moment(actor, at) {
      mustBePast(at, 'at');
      return turn(at)(`moment ${who(actor)} ${at}`, () => moment(actor, at));
    },
    async reel(actor, from, to) {
      mustBePast(to, 'to');
      if (to <= from) throw new Refused(400, 'to', 'later than from');
      if (to - from > MOST_REEL_MS) throw new Refused(400, 'to', `at most ${MOST_REEL_MS / 60_000} minutes after from`);
      return turn(to)(`reel ${who(actor)} ${from} ${to}`, () => reel(actor, from, to));
    },
  };
}
