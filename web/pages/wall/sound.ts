import { useCallback, useEffect, useRef, useState } from 'react';
import { useApp, useServer, useView } from '../../app-context.ts';
import { MUTE_MS } from '../../store/view-store.ts';

/** 三短音 / 一声: frequency in Hz, start and length in seconds. */
const P1 = [0, 0.22, 0.44].map((start) => ({ hz: 880, start, length: 0.12 }));
const P2 = [{ hz: 587, start: 0, length: 0.35 }];
export const REPEAT_MS = 10_000;

/**
 * P1 sounds three short tones every ten seconds until it is acknowledged (an alarm) or filed (an incident); a new P2 sounds
 * once. Nothing else sounds. Browsers allow no sound before the first click or key: until then this says `blocked`.
 */
export function useSound(): { state: 'on' | 'muted' | 'blocked'; toggle: () => void } {
  const { view, server } = useApp();
  const context = useRef<AudioContext | null>(null);
  const [running, setRunning] = useState(false);
  const mutedUntil = useView((s) => s.mutedUntil);
  const muted = mutedUntil > Date.now();
  const p1 = useServer(
    (s) =>
      [...s.world.alarms.values()].some((a) => a.priority === 1 && a.state === 'unack') ||
      [...s.world.incidents.values()].some((i) => i.priority === 1 && i.state === 'reported'),
  );

  useEffect(() => {
    const wake = () => {
      context.current ??= new AudioContext();
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

  const play = useCallback(
    (tones: typeof P1) => {
      const ctx = context.current;
      if (ctx?.state !== 'running' || view.getState().mutedUntil > Date.now()) return;
      for (const tone of tones) {
        const osc = ctx.createOscillator();
        const gain = ctx.createGain();
        const at = ctx.currentTime + tone.start;
        osc.frequency.value = tone.hz;
        gain.gain.setValueAtTime(0.0001, at);
        gain.gain.exponentialRampToValueAtTime(0.25, at + 0.015);
        gain.gain.setValueAtTime(0.25, at + tone.length - 0.03);
        gain.gain.exponentialRampToValueAtTime(0.0001, at + tone.length);
        osc.connect(gain).connect(ctx.destination);
        osc.start(at);
        osc.stop(at + tone.length + 0.02);
      }
    },
    [view],
  );

  useEffect(() => {
    if (!p1 || !running) return;
    play(P1);
    const timer = setInterval(() => play(P1), REPEAT_MS);
    return () => clearInterval(timer);
  }, [p1, running, play]);

  useEffect(
    () =>
      server.subscribe((now, before) => {
        if (!before.loaded || now.world === before.world) return;
        const fresh =
          [...now.world.alarms.values()].some(
            (a) => a.priority === 2 && a.state === 'unack' && before.world.alarms.get(a.id)?.state !== 'unack',
          ) || [...now.world.incidents.values()].some((i) => i.priority === 2 && !i.alarm && !before.world.incidents.has(i.id));
        if (fresh) play(P2);
      }),
    [server, play],
  );

  const toggle = useCallback(() => {
    view.setState({ mutedUntil: view.getState().mutedUntil > Date.now() ? 0 : Date.now() + MUTE_MS });
  }, [view]);
  return { state: muted ? 'muted' : running ? 'on' : 'blocked', toggle };
}
