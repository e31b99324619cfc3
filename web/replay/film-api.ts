import type { AreaCode } from '../../model/brand.ts';
import { decodeMoment, decodeReel, type Moment, type Reel } from '../../model/film.ts';
import { ApiError, getNow, refusalOf, sendNow } from '../http.ts';

/** What a time machine asks the server. Moments are epoch ms. Everything throws `ApiError` for an answer that is none. */
export interface FilmApi {
  readonly span: (signal?: AbortSignal) => Promise<FilmSpan>;
  readonly moment: (at: number, signal?: AbortSignal) => Promise<Moment>;
  /** (from, to], at most MOST_REEL_MS */
  readonly reel: (from: number, to: number, signal?: AbortSignal) => Promise<Reel>;
}
/** `from`: the oldest moment that can be shown; `filmFrom`: the oldest of which the frames themselves are kept. */
export interface FilmSpan {
  readonly from: number;
  readonly filmFrom: number;
  readonly to: number;
}
export interface Density {
  readonly from: number;
  readonly to: number;
  readonly binMs: number;
  /** incidents and alarms reported in each bin */
  readonly counts: readonly number[];
  readonly marks: readonly { readonly at: number; readonly priority: 1 | 2; readonly kind: 'incident' | 'alarm'; readonly id: string }[];
}
/** What happened next or before: `subject` is an incident's, an alarm's or a whistle's id. */
export interface FilmEvent {
  readonly at: number;
  readonly seq: number;
  readonly kind: string;
  readonly subject: string;
}
export interface Bookmark {
  readonly id: string;
  readonly at: number;
  readonly name: string;
  readonly area: AreaCode | null;
  readonly by: string;
  readonly madeAt: number;
}

/** A server that has too many moments to make at once is asked again so often, ms apart. */
const TURNS = 6;
const TURN_MS = 700;

async function bytes(path: string, signal?: AbortSignal, turns = TURNS): Promise<Uint8Array> {
  const r = await fetch(path, { signal: signal ?? null });
  if (r.ok) return new Uint8Array(await r.arrayBuffer());
  if (r.status === 503 && turns > 1) {
    await new Promise((done) => setTimeout(done, TURN_MS));
    signal?.throwIfAborted();
    return bytes(path, signal, turns - 1);
  }
  const { field = '', rule } = await refusalOf(r);
  throw new ApiError(r.status, field, rule);
}

export const filmApi: FilmApi = {
  span: (signal) => getNow<FilmSpan>('/api/v1/film', {}, signal),
  moment: async (at, signal) => decodeMoment(await bytes(`/api/v1/film/moment?at=${at}`, signal)),
  reel: async (from, to, signal) => decodeReel(await bytes(`/api/v1/film/reel?from=${from}&to=${to}`, signal)),
};
export const fetchDensity = (from: number, to: number, bins: number, signal?: AbortSignal) =>
  getNow<Density>('/api/v1/film/density', { from, to, bins }, signal);
/** @param seq of the event one stands at, where one does: others may be of the same millisecond */
export const fetchEvent = (at: number, seq: number | undefined, dir: 'next' | 'prev', signal?: AbortSignal) =>
  getNow<FilmEvent | null>('/api/v1/film/event', { at, seq, dir }, signal);

const marks = '/api/v1/bookmarks';
export const fetchBookmarks = async (signal?: AbortSignal) =>
  (await getNow<{ bookmarks: readonly Bookmark[] }>(marks, {}, signal)).bookmarks;
/** A bookmark is of the past and made now: the one thing that is written while the past is shown. */
export const saveBookmark = (at: number, name: string, area: AreaCode | null) => sendNow('POST', marks, { at, name, area });
export const removeBookmark = (id: string) => sendNow('DELETE', `${marks}/${encodeURIComponent(id)}`);
