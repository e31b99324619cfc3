import { Refused } from '../refused.ts';

/** So long a camera has to hand out its first playlist or its answer to an offer. */
export const FIRST_ANSWER_MS = 5000;
const MAX_HOPS = 3;

/** Requests to the centre's media server, in our own name. */
export interface Upstream {
  /**
   * @param within addresses a redirect may lead to; none other is ever asked
   * @throws Refused 504 when nothing came in `ms`, 502 when it cannot be reached, refuses us or sends us elsewhere, 404 when it has no such stream
   */
  ask(address: URL, options: Ask): Promise<Response>;
}
export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** for the whole answer, its body included */
  readonly ms: number;
  readonly within: (address: URL) => boolean;
}

/** @param login user:password, sent as HTTP Basic to the media server alone */
export function openUpstream(login: string | null): Upstream {
  const own: Record<string, string> = login === null ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` };

  async function ask(first: URL, { method = 'GET', headers = {}, body, ms, within }: Ask): Promise<Response> {
    const signal = AbortSignal.timeout(ms);
    let address = first;
    for (let hop = 0; hop <= MAX_HOPS; hop++) {
      const answer = await fetch(address, {
        method,
        headers: { ...headers, ...own },
        ...(body === undefined ? {} : { body }),
        redirect: 'manual',
        signal,
      }).catch((error) => {
        throw unanswered(error, ms);
      });
      if (answer.status < 300 || answer.status === 304) return answer;
      void answer.body?.cancel();
      if (answer.status >= 400) throw refusalOf(answer.status);
      const next = locationOf(answer, address);
      if (!next || !within(next) || method !== 'GET') throw new Refused(502, 'camera', 'the media server sends us elsewhere');
      address = next;
    }
    throw new Refused(502, 'camera', 'the media server sends us in circles');
  }
  return { ask };
}

/** The address an answer names, absolute; null when it names none. */
export function locationOf(answer: Response, asked: URL): URL | null {
  const location = answer.headers.get('location');
  return location !== null && URL.canParse(location, asked) ? new URL(location, asked) : null;
}

/** Text of an answer of at most `max` bytes. @throws Refused 502 when it is larger, 504 when it does not come to an end in time */
export async function textOf(answer: Response, max: number, ms: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytesOf(answer, max, ms)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Bytes of an answer as they come, at most `max` of them. Whoever stops reading ends the request. */
export async function* bytesOf(answer: Response, max: number, ms: number): AsyncGenerator<Uint8Array> {
  let taken = 0;
  try {
    for await (const chunk of answer.body ?? []) {
      taken += chunk.length;
      if (taken > max) throw new Refused(502, 'camera', `the media server sends more than ${max} bytes`);
      yield chunk;
    }
  } catch (error) {
    throw error instanceof Refused ? error : unanswered(error, ms);
  }
}

/** What the network said is not passed on: it names our media server. */
function unanswered(error: unknown, ms: number): Refused {
  const late = (error as Error).name === 'TimeoutError';
  return late
    ? new Refused(504, 'camera', `did not answer within ${ms / 1000} s`)
    : new Refused(502, 'camera', 'the media server cannot be reached');
}

function refusalOf(status: number): Refused {
  if (status === 404) return new Refused(404, 'stream', 'the media server has no stream of this camera now');
  if (status === 401 || status === 403) return new Refused(502, 'camera', 'the media server refuses our login (MEDIA_LOGIN)');
  return new Refused(502, 'camera', `the media server answers ${status}`);
}
