import { useCallback, useEffect, useRef, useState } from 'react';
import { useApp, useView } from '../../app-context.ts';
import { shownNow } from '../../store/server-store.ts';
import { MUTE_MS } from '../../store/view-store.ts';
import { nextTurn, opened, type SoundMemory, soundNow, type Voices, voicesOf } from './sound-rule.ts';

/** 三短音 / 一声: frequency in Hz, start and length in seconds. */
const tones = {
  p1: [0, 0.22, 0.44].map((start) => ({ hz: 880, start, length: 0.12 })),
  p2: [{ hz: 587, start: 0, length: 0.35 }],
} as const;
/** A click or key that let sound through for the first time does not also mute it, ms. */
const WOKEN_MS = 1000;

/**
 * The loudspeaker of this screen: what sounds and when is decided by sound-rule.ts. Browsers allow no sound before the first click or
 * key: until then this says `blocked`, and any click turns it on.
 */
export function useSound(): { state: 'on' | 'muted' | 'blocked'; toggle: () => void } {
  // what must be heard is of now, whatever is shown
  const {
    view,
    live: { server },
  } = useApp();
  const context = useRef<AudioContext | null>(null);
  const wokenAt = useRef(Number.NEGATIVE_INFINITY);
  const [running, setRunning] = useState(false);
  const mutedUntil = useView((s) => s.mutedUntil);
  const muted = mutedUntil > Date.now();

  useEffect(() => {
    const wake = () => {
      context.current ??= new AudioContext();
      if (context.current.state === 'running') return;
      wokenAt.current = performance.now();
      void context.current.resume().then(() => setRunning(context.current?.state === 'running'));
    };
    window.addEventListener('pointerdown', wake);
    window.addEventListener('keydown', wake);
    return () => {
      window.removeEventListener('pointerdown', wake);
      window.removeEventListener('keydown', wake);
      void context.current?.close();
      context.current = null;
    };
  }, []);

  // the mute ends by itself
  useEffect(() => {
    if (!muted) return;
    const timer = setTimeout(() => view.setState({ mutedUntil: 0 }), Math.max(0, mutedUntil - Date.now()));
    return () => clearTimeout(timer);
  }, [muted, mutedUntil, view]);

  const memory = useRef<SoundMemory | null>(null);
  useEffect(() => {
    const silent = muted || !running;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let known: Voices = { p1: [], p2: [] };
    const turn = () => {
      const now = Date.now();
      memory.current ??= opened(known);
      const out = soundNow(memory.current, known, now, silent);
      memory.current = out.memory;
      if (out.sound && context.current) play(context.current, tones[out.sound]);
      clearTimeout(timer);
      const next = nextTurn(out.memory, known, now);
      if (next !== null && !silent) timer = setTimeout(turn, next);
    };
    const look = () => {
      const s = server.getState();
      if (!s.loaded) return;
      known = voicesOf(s.world, shownNow(s));
      turn();
    };
    look();
    const stop = server.subscribe((now, before) => {
      if (now.world.alarms !== before.world.alarms || now.world.incidents !== before.world.incidents || now.loaded !== before.loaded)
        look();
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [server, running, muted]);

  const toggle = useCallback(() => {
    if (performance.now() - wokenAt.current < WOKEN_MS) return;
    view.setState({ mutedUntil: view.getState().mutedUntil > Date.now() ? 0 : Date.now() + MUTE_MS });
  }, [view]);
  return { state: muted ? 'muted' : running ? 'on' : 'blocked', toggle };
}

function play(context: AudioContext, list: readonly { readonly hz: number; readonly start: number; readonly length: number }[]) {
  for (const tone of list) {
    const osc = context.createOscillator();
    const gain = context.createGain();
    const at = context.currentTime + tone.start;
    osc.frequency.value = tone.hz;
    gain.gain.setValueAtTime(0.0001, at);
    gain.gain.exponentialRampToValueAtTime(0.25, at + 0.015);
    gain.gain.setValueAtTime(0.25, at + tone.length - 0.03);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + tone.length);
    osc.connect(gain).connect(context.destination);
    osc.start(at);
    osc.stop(at + tone.length + 0.02);
  }
}
