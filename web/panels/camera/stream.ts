import type { OpenView } from '../../cameras-api.ts';

/**
 * What a live picture is doing. `delayS`: seconds the picture is behind the camera, as far as the stream tells; null = it does not.
 * `silent`: the camera did not answer in time; `unplayable`: this browser has no decoder for it.
 */
export type StreamState =
  | { readonly is: 'connecting' }
  | { readonly is: 'live'; readonly via: 'whep' | 'hls'; readonly delayS: number | null }
  | { readonly is: 'silent' }
  | { readonly is: 'unplayable' }
  | { readonly is: 'failed'; readonly rule: string };

/** Why a stream could not be played; `later`: it had pictures before. */
export class StreamError extends Error {
  readonly kind: 'silent' | 'unplayable' | 'failed';
  constructor(kind: StreamError['kind'], rule = '') {
    super(rule);
    this.kind = kind;
  }
}
/** A stream that plays. `delayS` is asked once a second. */
export interface Playing {
  readonly delayS: () => Promise<number | null> | number | null;
  readonly stop: () => void;
}
/** @param lost called when pictures stop for good after they had come @throws StreamError when none come at all */
export type Play = (video: HTMLVideoElement, address: string, lost: (error: StreamError) => void, signal: AbortSignal) => Promise<Playing>;

/** As long as the server gives a camera (server/cameras/upstream). */
export const ANSWER_MS = 5000;
/** After pictures have been lost a camera is asked again by itself. */
const AGAIN_MS = 5000;

/**
 * Play a view: WHEP where it is offered, for its delay is a fraction of HLS's; else, or when it fails, HLS. The code of each comes
 * when it is first needed. @returns stop, which closes everything
 */
export function playView(video: HTMLVideoElement, view: OpenView, say: (state: StreamState) => void): () => void {
  const stopped = new AbortController();
  const { signal } = stopped;
  let playing: Playing | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function start() {
    let failure: StreamError = new StreamError('failed', 'no stream');
    for (const via of ['whep', 'hls'] as const) {
      const address = view[via];
      if (!address) continue;
      try {
        const play: Play = via === 'whep' ? (await import('./whep-stream.ts')).playWhep : (await import('./hls-stream.ts')).playHls;
        if (signal.aborted) return;
        const begun = await play(video, address, again, signal);
        if (signal.aborted) return begun.stop();
        playing = begun;
        return void tell(begun, via);
      } catch (error) {
        if (signal.aborted) return;
        failure = error instanceof StreamError ? error : new StreamError('failed', error instanceof Error ? error.message : String(error));
      }
    }
    say(failure.kind === 'failed' ? { is: 'failed', rule: failure.message } : { is: failure.kind });
  }
  async function tell(of: Playing, via: 'whep' | 'hls') {
    const delayS = await of.delayS();
    if (signal.aborted || playing !== of) return;
    say({ is: 'live', via, delayS });
    timer = setTimeout(() => void tell(of, via), 1000);
  }
  function again(error: StreamError) {
    if (signal.aborted) return;
    clearTimeout(timer);
    playing?.stop();
    playing = null;
    say(error.kind === 'failed' ? { is: 'failed', rule: error.message } : { is: error.kind });
    timer = setTimeout(() => void start(), AGAIN_MS);
  }

  say({ is: 'connecting' });
  void start();
  return () => {
    stopped.abort();
    clearTimeout(timer);
    playing?.stop();
    playing = null;
  };
}
