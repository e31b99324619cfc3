import { randomBytes } from 'node:crypto';
import { Refused } from '../refused.ts';
import { FIRST_ANSWER_MS, locationOf, textOf, type Upstream } from './upstream.ts';
import type { View } from './views.ts';

export const SDP = 'application/sdp';
export const SDP_FRAGMENT = 'application/trickle-ice-sdpfrag';
export const MAX_SDP = 64 * 1024;
const MAX_SESSIONS = 8;

/**
 * The talk before a WebRTC stream (WHEP, draft-ietf-wish-whep): offer and answer go through us, so the browser signs in with us alone
 * and never learns the media server's address from HTTP. The pictures themselves go straight from the media server's ICE candidates to
 * the browser: a proxy of HTTP cannot carry them. What a view opened ends with it.
 */
export interface Whep {
  /** @returns the answer, and the name of the session for what follows, where the media server gave it one */
  offer(view: View, sdp: string): Promise<{ readonly answer: string; readonly session: string | null }>;
  candidate(view: View, session: string, fragment: string): Promise<string>;
  end(view: View, session: string): Promise<void>;
  /** End every session of a view; a media server that does not answer any more is not waited for. */
  endAll(view: View): void;
}

export function openWhep(upstream: Upstream): Whep {
  const partsOf = (view: View) => {
    if (!view.whep) throw new Refused(409, 'centre.media.whep', 'the media server has no address for WHEP');
    return view.whep;
  };
  const sessionOf = (view: View, name: string): URL => {
    const address = partsOf(view).sessions.get(name);
    if (!address) throw new Refused(404, 'session', 'this view has no such session');
    return address;
  };
  const nowhere = () => false;
  const drop = (address: URL) => upstream.ask(address, { method: 'DELETE', ms: FIRST_ANSWER_MS, within: nowhere });

  return {
    async offer(view, sdp) {
      const { address, sessions } = partsOf(view);
      if (sessions.size >= MAX_SESSIONS) throw new Refused(429, 'view', `at most ${MAX_SESSIONS} sessions of a view`);
      const ms = FIRST_ANSWER_MS;
      const answer = await upstream.ask(address, { method: 'POST', headers: { 'content-type': SDP }, body: sdp, ms, within: nowhere });
      const text = await textOf(answer, MAX_SDP, ms);
      if (!text.startsWith('v=0')) throw new Refused(502, 'camera', 'the media server answers something that is no SDP');
      const location = locationOf(answer, address);
      if (location?.origin !== address.origin) return { answer: text, session: null };
      const session = randomBytes(12).toString('base64url');
      sessions.set(session, location);
      return { answer: text, session };
    },
    async candidate(view, session, fragment) {
      const address = sessionOf(view, session);
      const headers = { 'content-type': SDP_FRAGMENT };
      const ms = FIRST_ANSWER_MS;
      return textOf(await upstream.ask(address, { method: 'PATCH', headers, body: fragment, ms, within: nowhere }), MAX_SDP, ms);
    },
    async end(view, session) {
      const address = sessionOf(view, session);
      view.whep?.sessions.delete(session);
      void (await drop(address)).body?.cancel();
    },
    endAll(view) {
      for (const address of view.whep?.sessions.values() ?? [])
        drop(address)
          .then((a) => a.body?.cancel())
          .catch(() => {});
      view.whep?.sessions.clear();
    },
  };
}
