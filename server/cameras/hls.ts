import { Refused } from '../refused.ts';
import { isBelow } from './media.ts';
import { ELSEWHERE } from './names.ts';
import { isPlaylist, rewritePlaylist } from './playlist.ts';
import { bytesOf, FIRST_ANSWER_MS, textOf, type Upstream } from './upstream.ts';
import type { View } from './views.ts';

export const PLAYLIST = 'application/vnd.apple.mpegurl';
/** A server may hold a low-latency playlist back until its next part is there: three target durations. */
const RELOAD_MS = 20_000;
const PART_MS = 60_000;
const MAX_PLAYLIST = 1024 * 1024;
const MAX_PART = 64 * 1024 * 1024;
/** What parts of a stream may be called; anything else is passed on as bytes without a meaning. */
const PART_TYPE = /^(?:video|audio)\/[\w.+-]{1,60}$|^text\/vtt$/;

/** What is asked of a low-latency playlist (draft-pantos-hls-rfc8216bis, 6.2.5). */
export interface Directives {
  readonly _HLS_msn?: string | undefined;
  readonly _HLS_part?: string | undefined;
  readonly _HLS_skip?: string | undefined;
}
export interface Passed {
  readonly status: number;
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly chunks: AsyncIterable<Uint8Array>;
}
export type HlsAnswer = { readonly playlist: string } | Passed;

/** The stream of a view over HLS, as if it were ours. */
export interface Hls {
  /** @throws Refused */
  first(view: View): Promise<{ readonly playlist: string }>;
  /** What a playlist named. @throws Refused */
  named(view: View, name: string, directives: Directives, range: string | undefined): Promise<HlsAnswer>;
}

export function openHls(upstream: Upstream): Hls {
  function partsOf(view: View) {
    if (!view.hls) throw new Refused(409, 'centre.media.hls', 'the media server has no address for HLS');
    return view.hls;
  }

  async function rewritten(view: View, answer: Response, asked: URL, ms: number): Promise<{ playlist: string }> {
    const text = await textOf(answer, MAX_PLAYLIST, ms);
    if (!isPlaylist(text)) throw new Refused(502, 'camera', 'the media server answers something that is no HLS playlist');
    const from = answer.url && URL.canParse(answer.url) ? new URL(answer.url) : asked;
    return { playlist: rewritePlaylist(text, from, partsOf(view).names.nameOf) };
  }

  return {
    async first(view) {
      const { address } = partsOf(view);
      const within = (to: URL) => isBelow(address, to);
      return rewritten(view, await upstream.ask(address, { ms: FIRST_ANSWER_MS, within }), address, FIRST_ANSWER_MS);
    },

    async named(view, name, directives, range) {
      const { address: base, names } = partsOf(view);
      if (name === ELSEWHERE) throw new Refused(403, 'name', "the playlist names an address outside the stream's own folder");
      const address = names.addressOf(name);
      if (!address) throw new Refused(403, 'name', 'no playlist of this view names it');
      for (const [key, value] of Object.entries(directives)) {
        if (value !== undefined) address.search += `${address.search ? '&' : '?'}${key}=${value}`;
      }
      const within = (to: URL) => isBelow(base, to);
      const list = address.pathname.endsWith('.m3u8');
      const ms = list ? RELOAD_MS : PART_MS;
      const answer = await upstream.ask(address, { ms, within, headers: range && !list ? { range } : {} });
      const said = answer.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
      if (list || said.endsWith('mpegurl')) return rewritten(view, answer, address, ms);
      const place = answer.headers.get('content-range');
      const headers: Record<string, string> = place ? { 'Content-Range': place } : {};
      return {
        status: answer.status,
        type: PART_TYPE.test(said) ? said : 'application/octet-stream',
        headers,
        chunks: bytesOf(answer, MAX_PART, ms),
      };
    },
  };
}
