import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPlayer, EDGE_MS } from '../../web/replay/player.ts';
import { LatestStore } from '../../web/store/latest.ts';
import { createServerStore } from '../../web/store/server-store.ts';
import { fakeFilm } from './replay-support.ts';

/** The server's clock when a case begins: three hours of film lie before it. */
const NOW = 3 * 3_600_000;

function set(everyMs?: number) {
  const film = fakeFilm(everyMs);
  const server = createServerStore();
  server.setState({ past: true });
  const latest = new LatestStore();
  const live = { server: createServerStore(), latest: new LatestStore() };
  const ticks: number[] = [];
  const told: string[] = [];
  const player = createPlayer({
    film: film.api,
    server,
    latest,
    live,
    now: () => Date.now(),
    onTick: (at) => ticks.push(at),
    tell: (what) => told.push(what),
  });
  return { ...film, player, server, latest, live, ticks, told, state: player.state.getState };
}
/** Real time goes by; what was asked for comes. */
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a moment', () => {
  it('shows world and positions as of then, in place of what is live', async () => {
    const s = set();
    s.player.seek(1_005_000, false);
    expect(s.state()).toMatchObject({ on: true, at: 1_005_000, phase: 'seeking' });
    await pass(0);
    expect(s.state()).toMatchObject({ on: true, at: 1_005_000, phase: 'shown', playing: false });
    expect(s.server.getState()).toMatchObject({ past: true, phase: 'live', loaded: true, frozenAt: 1_005_000, world: { seq: 100 } });
    expect([s.latest.lng[0], s.latest.at[0], s.latest.frameAt]).toEqual([1005, 1_005_000, 1_005_000]);
    expect(s.ticks.at(-1)).toBe(1_005_000);
    await pass(5000);
    expect(s.state().at).toBe(1_005_000);
  });
  it('begins with the live picture, faded, until the one asked for is here', async () => {
    const s = set();
    s.film.hold = true;
    s.live.server.setState({ loaded: true, phase: 'live', attempts: 3 });
    s.player.seek(1_000_000, false);
    await pass(0);
    expect(s.server.getState()).toMatchObject({ past: true, loaded: true, phase: 'stale', frozenAt: NOW, attempts: 0 });
    s.let();
    await pass(0);
    expect(s.server.getState()).toMatchObject({ phase: 'live', frozenAt: 1_000_000 });
  });
  it('gives up what is under way when another is asked for', async () => {
    const s = set();
    s.film.hold = true;
    s.player.seek(1_000_000, false);
    await pass(0);
    s.player.seek(2_000_000, false);
    await pass(0);
    expect(s.asked.map((a) => [a.from, a.signal?.aborted])).toEqual([
      [1_000_000, true],
      [2_000_000, false],
    ]);
    s.let();
    await pass(0);
    expect(s.server.getState().world.seq).toBe(200);
    expect(s.state()).toMatchObject({ at: 2_000_000, phase: 'shown', error: null });
  });
  it('before the oldest is the oldest, after now is live', async () => {
    const s = set();
    s.player.measure();
    await pass(0);
    s.player.seek(5);
    await pass(0);
    expect(s.state().at).toBe(60_000);
    expect(s.told).toEqual(['oldest']);
    s.player.seek(NOW + 1);
    expect(s.state().on).toBe(false);
  });
  it('that cannot be had says so, and comes when it is asked for again', async () => {
    const s = set();
    s.film.fails = 1;
    s.player.seek(1_000_000, true);
    await pass(2000);
    expect(s.state()).toMatchObject({ on: true, phase: 'failed', error: 'no film', at: 1_000_000 });
    s.player.retry();
    await pass(0);
    expect(s.state()).toMatchObject({ phase: 'shown', error: null, playing: true });
  });
});

describe('playing', () => {
  it.each([1, 8, 60] as const)('at %i times shows every entry and frame when its time has come, and never before', async (speed) => {
    const s = set();
    s.player.setSpeed(speed);
    s.player.seek(1_000_000, true);
    await pass(0);
    for (let step = 0; step < 40; step++) {
      await pass(250);
      const shown = s.server.getState().frozenAt as number;
      expect(shown).toBe(1_000_000 + (step + 1) * 250 * speed);
      expect(s.server.getState().world.seq).toBe(Math.floor(shown / 10_000));
      expect(s.latest.frameAt).toBe(Math.floor(shown / 1000) * 1000);
      expect(s.latest.lng[0]).toBe(Math.floor(shown / 1000));
    }
    expect(s.latest.pace).toBe(speed);
  });
  it('fetches ahead, each stretch once, none longer than a server gives', async () => {
    const s = set();
    s.player.setSpeed(60);
    s.player.seek(1_000_000, true);
    await pass(20_000);
    const reels = s.asked.filter((a) => a.what === 'reel');
    expect(reels.length).toBeGreaterThan(2);
    reels.forEach((r, i) => {
      expect(r.from).toBe(i === 0 ? 1_000_000 : reels[i - 1]!.to);
      expect(r.to - r.from).toBeLessThanOrEqual(600_000);
    });
  });
  it('stands while it is paused and goes on from there', async () => {
    const s = set();
    s.player.seek(1_000_000, true);
    await pass(3000);
    s.player.pause();
    await pass(60_000);
    expect(s.server.getState().frozenAt).toBe(1_003_000);
    s.player.play();
    await pass(2000);
    expect(s.server.getState().frozenAt).toBe(1_005_000);
  });
  it('waits for film that is late, and goes on from where it stood', async () => {
    const s = set();
    s.player.seek(1_000_000, true);
    await pass(0);
    s.film.hold = true;
    s.player.seek(1_200_000, true);
    s.let();
    await pass(5000);
    expect(s.state()).toMatchObject({ phase: 'waiting', at: 1_200_000 });
    s.film.hold = false;
    s.let();
    await pass(1000);
    expect(s.state().phase).toBe('shown');
    expect(s.server.getState().frozenAt).toBe(1_201_000);
  });
  it('after film that cannot be had shows what it has, stops there, and goes on when asked again', async () => {
    const s = set();
    s.player.seek(1_000_000, true);
    await pass(0);
    s.film.fails = 1;
    await pass(100_000);
    expect(s.state()).toMatchObject({ phase: 'failed', error: 'no film' });
    const stood = s.server.getState().frozenAt as number;
    expect(stood).toBeGreaterThan(1_000_000);
    await pass(10_000);
    expect(s.server.getState().frozenAt).toBe(stood);
    s.player.retry();
    await pass(2000);
    expect(s.server.getState().frozenAt as number).toBeGreaterThan(stood);
  });
  it('takes a whole picture where a reel was cut', async () => {
    const s = set();
    s.film.cuts = 1_015_000;
    s.player.seek(1_000_000, true);
    await pass(29_000);
    expect(s.server.getState().world.seq).toBe(100);
    await pass(1000);
    expect(s.server.getState().world.seq).toBe(103);
    await pass(10_000);
    expect(s.server.getState().world.seq).toBe(104);
    expect(s.asked.filter((a) => a.what === 'moment').map((a) => a.from)).toEqual([1_000_000, 1_030_000]);
  });
  it('begins again from a whole picture where an entry does not follow', async () => {
    const s = set();
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    s.player.seek(1_000_000, true);
    s.film.gap = true;
    await pass(0);
    s.film.gap = false;
    await pass(21_000);
    expect(warn).toHaveBeenCalledOnce();
    expect(s.server.getState().world.seq).toBe(102);
    expect(s.asked.filter((a) => a.what === 'moment').map((a) => a.from)).toEqual([1_000_000, 1_020_000]);
    warn.mockRestore();
  });
  it('that reaches now is live again, and says so', async () => {
    const s = set();
    s.player.setSpeed(60);
    s.player.seek(NOW - 120_000, true);
    await pass(4000);
    expect(s.state()).toMatchObject({ on: false, playing: false });
    expect(s.told).toEqual(['caughtUp']);
    for (const a of s.asked) expect(a.to).toBeLessThanOrEqual(Date.now() - EDGE_MS);
  });
});

describe('back to live', () => {
  it('is at once: what is under way is dropped, the past is forgotten', async () => {
    const s = set();
    s.player.seek(1_000_000, true);
    await pass(3000);
    s.film.hold = true;
    s.player.seek(2_000_000, true);
    s.player.live();
    expect(s.state()).toMatchObject({ on: false, playing: false });
    s.let();
    await pass(10_000);
    expect(s.state().on).toBe(false);
    expect(s.server.getState().loaded).toBe(false);
    expect(s.latest.unitCount).toBe(0);
  });
});
