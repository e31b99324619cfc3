import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { paramsAsOf } from '../../model/as-of.ts';
import { alarmLogCsv } from '../../web/alarms-api.ts';
import { createCommands } from '../../web/commands.ts';
import { addressOf, type SavedFile, showPast } from '../../web/http.ts';
import { incidentsCsv } from '../../web/incidents-api.ts';
import { createReplay, type Told } from '../../web/replay/replay.ts';
import { readingsCsv } from '../../web/sensing-api.ts';
import { createClock } from '../../web/store/clock.ts';
import { LatestStore } from '../../web/store/latest.ts';
import { createServerStore } from '../../web/store/server-store.ts';
import { createViewStore, type ShownMoment } from '../../web/store/view-store.ts';
import { fakeFilm } from './replay-support.ts';

const NOW = 3 * 3_600_000;
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

function set(moment: ShownMoment | null = null) {
  const film = fakeFilm();
  const server = createServerStore();
  const view = createViewStore({ moment });
  const told: Told[] = [];
  const live = { server, latest: new LatestStore(), clock: createClock(server), commands: createCommands() };
  const replay = createReplay({ live, view, film: film.api, tell: (t) => told.push(t), refused: () => 'past' });
  return { ...film, live, view, replay, told };
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

it('an address with a moment opens it, playing where it says so, and follows what is shown', async () => {
  const s = set({ at: 1_000_000, play: 8, offset: 480 });
  await pass(0);
  expect(s.replay.state.getState()).toMatchObject({ on: true, playing: true, speed: 8, phase: 'shown' });
  await pass(7000);
  const moved = s.view.getState().moment;
  expect(moved).toMatchObject({ play: 8, offset: 480 });
  expect(moved?.at).toBeGreaterThan(1_000_000);
  expect(moved?.at).toBeLessThanOrEqual(1_056_000);
  s.replay.toggle();
  expect(s.view.getState().moment).toMatchObject({ at: 1_056_000, play: null });
});

it('back and forward of the browser enter and leave the past', async () => {
  const s = set();
  s.view.setState({ moment: { at: 2_000_000, play: null, offset: 0 } });
  await pass(0);
  expect(s.replay.state.getState()).toMatchObject({ on: true, at: 2_000_000, playing: false });
  expect(s.replay.parts.clock.shown()).toBe(2_000_000);
  s.view.setState({ moment: null });
  expect(s.replay.state.getState().on).toBe(false);
  s.replay.seek(3_000_000);
  expect(s.view.getState().moment).toMatchObject({ at: 3_000_000, play: null });
  s.replay.live();
  expect(s.view.getState().moment).toBeNull();
});

it('steps from what is shown, and from now into the past only', async () => {
  const s = set();
  s.replay.step(600_000);
  expect(s.replay.state.getState().on).toBe(false);
  s.replay.step(-600_000);
  await pass(0);
  expect(s.replay.state.getState()).toMatchObject({ on: true, at: NOW - 600_000 });
  s.replay.step(-600_000);
  await pass(0);
  expect(s.replay.at()).toBe(NOW - 1_200_000);
});

it('a step to an event goes to its moment and opens what it is about, in one change of the address', async () => {
  const s = set();
  const changes: string[] = [];
  s.view.subscribe(({ moment, selection }) => changes.push(`${moment?.at} ${selection?.kind}:${selection?.id}`));
  const answers = [
    { at: 3_000_000, seq: 9, kind: 'alarm.raised', subject: 's-1/high' },
    { at: 2_000_000, seq: 7, kind: 'incident.whistle-blown', subject: 'i-7' },
    null,
  ];
  const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => Response.json(answers.shift() ?? null));
  s.replay.toEvent('prev');
  await pass(0);
  s.replay.toEvent('prev');
  await pass(0);
  expect(changes).toEqual(['3000000 alarm:s-1/high', '2000000 incident:i-7']);
  expect(s.replay.state.getState()).toMatchObject({ on: true, at: 2_000_000, playing: false, event: { seq: 7 } });
  // the browser's back: what was shown before, at the moment before
  s.view.setState({ moment: { at: 3_000_000, play: null, offset: 0 }, selection: { kind: 'alarm', id: 's-1/high' } });
  await pass(0);
  expect(s.replay.at()).toBe(3_000_000);
  s.replay.toEvent('prev');
  await pass(0);
  expect(s.told).toEqual([{ what: 'noEvent', dir: 'prev' }]);
  expect(s.view.getState().selection).toEqual({ kind: 'alarm', id: 's-1/high' });
  fetched.mockRestore();
});

it('refuses every command of the past and answers its questions', async () => {
  const fetched = vi.spyOn(globalThis, 'fetch').mockResolvedValue(Response.json({ entries: [] }));
  const { commands } = set().replay.parts;
  for (const [name, command] of Object.entries(commands)) {
    if (['ledger', 'people', 'incident', 'candidates', 'similar', 'who'].includes(name)) continue;
    expect([name, await (command as () => Promise<unknown>)()]).toEqual([name, { ok: false, status: 0, rule: 'past' }]);
  }
  expect(fetched).not.toHaveBeenCalled();
  expect(await commands.ledger({ subject: 'x' })).toEqual([]);
  fetched.mockRestore();
});

it('asks as of the moment, ends a period there, and knows what only has an answer of now', () => {
  expect(paramsAsOf('/api/v1/incidents', { open: 'true' }, 5)).toEqual({ open: 'true', asOf: 5 });
  expect(paramsAsOf('/api/v1/incidents/i-1/candidates', {}, 5)).toEqual({ asOf: 5 });
  expect(paramsAsOf('/api/v1/people', { ids: 'a' }, 5)).toEqual({ ids: 'a' });
  expect(paramsAsOf('/api/v1/ledger', {}, 5)).toEqual({ to: '1970-01-01T00:00:00.005Z' });
  expect(paramsAsOf('/api/v1/ledger', { to: '1970-01-01T00:00:00.002Z' }, 5)).toEqual({ to: '1970-01-01T00:00:00.002Z' });
  expect(paramsAsOf('/api/v1/tracks', { to: 9 }, 5)).toEqual({ to: 5 });
  for (const path of ['alarm-rules', 'devices', 'cameras', 'alarms/log']) expect(paramsAsOf(`/api/v1/${path}`, {}, 5)).toEqual({ asOf: 5 });
  expect(paramsAsOf('/api/v1/devices/waiting/w-1/fixes', {}, 5)).toBeNull();
  expect(paramsAsOf('/api/v1/views/v-1', {}, 5)).toBeNull();
});

it('links to files as of the moment shown, never to now under a frame of the past', () => {
  let at: number | null = null;
  showPast({ at: () => at, unavailable: () => '', refused: () => '' });
  const files: SavedFile[] = [
    incidentsCsv({ open: true }),
    alarmLogCsv({ sensor: 's-1' }),
    readingsCsv('s-1', 1, 9),
    ...['gpx', 'geojson', 'csv'].map((f) => ({ path: `/api/v1/tracks.${f}`, params: { units: 'u-1', from: 1, to: 9 } })),
  ];
  for (const file of files) expect(addressOf(file)).not.toContain('asOf');
  at = 5;
  for (const file of files) expect(addressOf(file)).toMatch(/^\/api\/v1\/[\w./-]+\?.*\basOf=5$/);
  expect(addressOf({ path: '/api/v1/some-table.csv', params: {} })).toBeNull();
  at = null;
});
