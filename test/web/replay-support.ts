import { epochMs, seq } from '../../model/brand.ts';
import { decodeMoment, decodeReel, encodeMoment, encodeReel, type Moment, type Reel } from '../../model/film.ts';
import { fold } from '../../model/fold/fold.ts';
import { encodeFrame, encodeSegment, positions, REST_AGE_MS, readings } from '../../model/frame.ts';
import type { Entry } from '../../model/ledger.ts';
import { emptyWorld, worldToJson } from '../../model/world.ts';
import type { FilmApi } from '../../web/replay/film-api.ts';

/** An entry that means nothing but its number. */
export const entry = (n: number, at: number): Entry => ({
  seq: seq(n),
  at: epochMs(at),
  actor: 't',
  prev: `h${n - 1}`,
  hash: `h${n}`,
  kind: 'alarm.acknowledged',
  body: { alarm: 'none' },
});
/** One unit, whose longitude is the second it was seen. */
export function frameAt(at: number): Uint8Array {
  const p = positions(1);
  p.length = 1;
  p.ix[0] = 0;
  p.lng[0] = Math.floor(at / 1000);
  p.at[0] = at;
  return encodeFrame(at, [encodeSegment(1, at, p, readings(0), REST_AGE_MS)], REST_AGE_MS);
}

export interface Asked {
  readonly what: 'moment' | 'reel';
  readonly from: number;
  readonly to: number;
  readonly signal: AbortSignal | undefined;
}
/**
 * A film of an entry every `everyMs` and a frame every second, from 0 on, that goes through the real codec. `hold`: answers wait until
 * `let()`; `fails`: the next answers are errors; `cuts`: reels over this time are cut.
 */
export function fakeFilm(everyMs = 10_000) {
  const asked: Asked[] = [];
  const film = { hold: false, fails: 0, cuts: Number.NaN, gap: false };
  let waiting: (() => void)[] = [];
  const entries = (from: number, to: number) => {
    const out: Entry[] = [];
    for (let n = Math.floor(from / everyMs) + 1; n * everyMs <= to; n++) out.push(entry(n, n * everyMs));
    return out;
  };
  const answer = async <T>(a: Asked, value: () => T): Promise<T> => {
    asked.push(a);
    if (film.hold) await new Promise<void>((done) => waiting.push(done));
    if (a.signal?.aborted) throw new DOMException('aborted', 'AbortError');
    if (film.fails > 0) {
      film.fails -= 1;
      throw new Error('no film');
    }
    return value();
  };
  const moment = (at: number): Moment => ({
    at,
    source: 'film',
    world: worldToJson(fold(emptyWorld, entries(0, at))),
    frame: frameAt(at),
  });
  const reel = (from: number, to: number): Reel => ({
    from,
    to,
    source: 'film',
    cut: from < film.cuts && film.cuts <= to,
    entries: from < film.cuts && film.cuts <= to ? [] : entries(from, to).slice(film.gap ? 1 : 0),
    frames: Array.from({ length: Math.floor(to / 1000) - Math.floor(from / 1000) }, (_, i) => (Math.floor(from / 1000) + 1 + i) * 1000).map(
      (at) => ({ at, bytes: frameAt(at) }),
    ),
  });
  const api: FilmApi = {
    span: async () => ({ from: 60_000, filmFrom: 60_000, to: 0 }),
    moment: (at, signal) => answer({ what: 'moment', from: at, to: at, signal }, () => decodeMoment(encodeMoment(moment(at)))),
    reel: (from, to, signal) => answer({ what: 'reel', from, to, signal }, () => decodeReel(encodeReel(reel(from, to)))),
  };
  return {
    api,
    asked,
    film,
    let: () => {
      const all = waiting;
      waiting = [];
      for (const go of all) go();
    },
  };
}
