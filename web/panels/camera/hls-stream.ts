import Hls, { type ErrorData, type HlsConfig } from 'hls.js';
import workerUrl from 'hls.js/dist/hls.worker.js?url';
import { ANSWER_MS, type Play, type Playing, StreamError } from './stream.ts';

const MIME = 'application/vnd.apple.mpegurl';
/** A delay beyond this is a clock that is wrong, not a picture that is late. */
const MAX_DELAY_S = 600;

/** The first playlist is asked for once: the server has waited its five seconds, and says so. */
const config: Partial<HlsConfig> = {
  workerPath: workerUrl,
  lowLatencyMode: true,
  backBufferLength: 10,
  maxBufferLength: 15,
  manifestLoadPolicy: {
    default: { maxTimeToFirstByteMs: ANSWER_MS + 2000, maxLoadTimeMs: ANSWER_MS + 4000, timeoutRetry: null, errorRetry: null },
  },
};

/** HLS by hls.js; by the browser itself where it has no Media Source Extensions (iPhone). */
export const playHls: Play = (video, address, lost, signal) => (Hls.isSupported() ? byLibrary : byBrowser)(video, address, lost, signal);

const byLibrary: Play = (video, address, lost, signal) => {
  const hls = new Hls(config);
  const playing: Playing = { delayS: () => delayOf(hls), stop: () => hls.destroy() };
  return new Promise((resolve, reject) => {
    let begun = false;
    signal.addEventListener('abort', () => !begun && playing.stop());
    hls.on(Hls.Events.ERROR, (_, data) => {
      if (!data.fatal) return;
      if (data.type === Hls.ErrorTypes.MEDIA_ERROR && data.details === Hls.ErrorDetails.BUFFER_STALLED_ERROR) return;
      playing.stop();
      if (begun) lost(errorOf(data));
      else reject(errorOf(data));
    });
    video.addEventListener(
      'timeupdate',
      () => {
        begun = true;
        resolve(playing);
      },
      { once: true, signal },
    );
    hls.loadSource(address);
    hls.attachMedia(video);
    void video.play().catch(() => {}); // a paused page plays when it is shown
  });
};

/** With the camera's own times where the playlist carries them; else how far behind the playlist's end. */
function delayOf(hls: Hls): number | null {
  const shown = hls.playingDate?.getTime();
  const delay = shown === undefined ? Number.NaN : (Date.now() - shown) / 1000;
  if (delay >= 0 && delay < MAX_DELAY_S) return delay;
  return hls.latency > 0 ? hls.latency : null;
}

function errorOf({ details, response, error }: ErrorData): StreamError {
  if (response?.code === 504 || details === Hls.ErrorDetails.MANIFEST_LOAD_TIMEOUT) return new StreamError('silent');
  if (details === Hls.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR || details === Hls.ErrorDetails.BUFFER_ADD_CODEC_ERROR) {
    return new StreamError('unplayable');
  }
  return new StreamError('failed', response?.code ? `HTTP ${response.code}` : error.message || details);
}

const byBrowser: Play = (video, address, lost, signal) => {
  if (!video.canPlayType(MIME)) throw new StreamError('unplayable');
  const stop = () => {
    video.removeAttribute('src');
    video.load();
  };
  return new Promise((resolve, reject) => {
    let begun = false;
    const end = (error: StreamError) => (begun ? lost(error) : reject(error));
    const timer = setTimeout(() => !begun && end(new StreamError('silent')), ANSWER_MS + 2000);
    video.addEventListener('error', () => end(new StreamError('failed', video.error?.message ?? '')), { signal });
    video.addEventListener(
      'timeupdate',
      () => {
        begun = true;
        clearTimeout(timer);
        resolve({ delayS: () => null, stop });
      },
      { once: true, signal },
    );
    video.src = address;
    void video.play().catch(() => {});
  });
};
