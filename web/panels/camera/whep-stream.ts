import { refusalOf } from '../../http.ts';
import { ANSWER_MS, type Play, StreamError } from './stream.ts';

/** Candidates of our own are waited for so long: on one street's network they are there at once. */
const GATHER_MS = 1500;

/**
 * WebRTC by WHEP: our server carries the offer to the media server, the pictures come straight from there. No STUN server is asked: the
 * media server is in our own network or has an address that can be reached.
 */
export const playWhep: Play = async (video, address, lost, signal) => {
  const pc = new RTCPeerConnection();
  let session: string | null = null;
  let begun = false;
  const stop = () => {
    pc.close();
    video.srcObject = null;
    if (session) void fetch(session, { method: 'DELETE', keepalive: true }).catch(() => {});
    session = null;
  };
  try {
    pc.addTransceiver('video', { direction: 'recvonly' });
    await pc.setLocalDescription(await pc.createOffer());
    await gathered(pc);
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp' },
      body: pc.localDescription?.sdp ?? '',
      signal,
    });
    if (!answer.ok) throw answer.status === 504 ? new StreamError('silent') : new StreamError('failed', (await refusalOf(answer)).rule);
    session = answer.headers.get('location');
    const playing = pictures(pc, video, signal);
    await pc.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
    await playing;
    begun = true;
    pc.addEventListener('connectionstatechange', () => {
      if (begun && pc.connectionState === 'failed') lost(new StreamError('failed', 'WebRTC: connection lost'));
    });
    return { delayS: () => delayOf(pc), stop };
  } catch (error) {
    stop();
    throw error;
  }
};

const gathered = (pc: RTCPeerConnection) =>
  new Promise<void>((resolve) => {
    if (pc.iceGatheringState === 'complete') return resolve();
    const timer = setTimeout(resolve, GATHER_MS);
    pc.addEventListener('icegatheringstatechange', () => {
      if (pc.iceGatheringState !== 'complete') return;
      clearTimeout(timer);
      resolve();
    });
  });

/** Until a picture is shown. @throws StreamError when none comes in time */
function pictures(pc: RTCPeerConnection, video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new StreamError('silent')), ANSWER_MS);
    pc.addEventListener('track', ({ track, streams }) => {
      video.srcObject = streams[0] ?? new MediaStream([track]);
      void video.play().catch(() => {});
    });
    video.addEventListener(
      'timeupdate',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true, signal },
    );
    pc.addEventListener('connectionstatechange', () => {
      if (pc.connectionState !== 'failed') return;
      clearTimeout(timer);
      reject(new StreamError('failed', 'WebRTC: no way to the media server'));
    });
  });
}

/** Half the way there and back, and what waits to be shown (W3C webrtc-stats: jitterBufferDelay / jitterBufferEmittedCount), seconds. */
async function delayOf(pc: RTCPeerConnection): Promise<number | null> {
  let way = 0;
  let waits: number | null = null;
  for (const s of (await pc.getStats()).values()) {
    if (s.type === 'candidate-pair' && s.nominated && s.currentRoundTripTime !== undefined) way = s.currentRoundTripTime / 2;
    if (s.type === 'inbound-rtp' && s.kind === 'video' && s.jitterBufferEmittedCount > 0)
      waits = s.jitterBufferDelay / s.jitterBufferEmittedCount;
  }
  return waits === null ? null : way + waits;
}
