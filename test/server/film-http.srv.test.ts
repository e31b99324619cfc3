import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeMoment, decodeReel } from '../../model/film.ts';
import { decodeFrame, STATUS_ONLINE } from '../../model/frame.ts';
import { latest, replayFrame } from '../../model/latest.ts';
import { fixtureBoundaries, fixtureCentre, fixtureRegistry, LEAVES, middleOf, WEST } from '../support/fixture-street.ts';
import { addAccount, startServer, type TestServer, tempDataDir, until } from '../support/server.ts';

let server: TestServer;
const dataDir = tempDataDir();
const HOUR = 3_600_000;
const made: { id: string; at: number }[] = [];
const iso = (ms: number) => new Date(ms).toISOString();
let began = 0;
/** whole seconds, an hour before the server's first frame */
let past = 0;

beforeAll(async () => {
  server = await startServer({ dataDir });
  past = Math.floor(Date.now() / 1000) * 1000 - HOUR;
  const at = `?at=${encodeURIComponent(iso(past - HOUR))}`;
  const { status } = await server.admin(`/api/v1/centre${at}`, fixtureCentre);
  expect(status).toBe(200);
  expect(
    (await server.admin(`/api/v1/boundaries${at}`, { geojson: fixtureBoundaries, validFrom: '2026-01-01T00:00:00+08:00' })).status,
  ).toBe(200);
  expect((await server.admin(`/api/v1/registry${at}`, fixtureRegistry)).status).toBe(200);
  began = Date.now();
  for (const n of [0, 3, 1]) {
    const report = { kind: 'incident', at: iso(Date.now()), lngLat: middleOf(n), category: 'manhole', title: `井盖 ${n}` };
    const { json } = await server.post('/api/v1/reports', { reports: [report] });
    made.push({ id: json.results[0].id, at: (await entryOf(json.results[0].id)).at });
    await new Promise((r) => setTimeout(r, 20));
  }
});
afterAll(() => server?.destroy());
const entryOf = async (subject: string) =>
  (await server.get(`/api/v1/ledger?subject=${encodeURIComponent(subject)}&kind=incident.reported`)).json.entries[0];
const moment = async (at: number, headers: Record<string, string> = {}) => {
  const r = await fetch(`${server.url}/api/v1/film/moment?at=${at}`, { headers });
  expect(r.status).toBe(200);
  return decodeMoment(new Uint8Array(await r.arrayBuffer()));
};
const reel = async (from: number, to: number) =>
  decodeReel(new Uint8Array(await (await fetch(`${server.url}/api/v1/film/reel?from=${from}&to=${to}`)).arrayBuffer()));
const fixesOf = (bytes: Uint8Array) =>
  decodeFrame(bytes).segments.flatMap(({ positions: p }) =>
    Array.from({ length: p.length }, (_, i) => ({
      ix: p.ix[i],
      at: p.at[i]!,
      lng: p.lng[i],
      online: (p.status[i]! & STATUS_ONLINE) !== 0,
    })),
  );

test('before the film, a moment is rebuilt from what the devices said of that time, and plays on to the next', async () => {
  const fixes = [0, 40, 100, 160].map((s, n) => {
    const [lng, lat] = middleOf(0);
    return {
      kind: 'position',
      unit: 'u-0001',
      at: iso(past + s * 1000),
      lngLat: [lng + n * 1e-4, lat],
      heading: 90,
      speed: 1.4,
      past: true,
    };
  });
  const readings = [10, 130].map((s) => ({ kind: 'reading', sensor: 's-0001', at: iso(past + s * 1000), value: s / 10 }));
  const { json } = await server.post('/api/v1/reports', { reports: [...fixes, ...readings] });
  expect(json.results.map((r: { ok: boolean }) => r.ok)).toEqual(Array(6).fill(true));
  const span = (await server.get('/api/v1/film')).json;
  expect(span.from).toBe(past - HOUR);
  expect(span.filmFrom).toBeGreaterThan(past + 200_000);

  const first = await moment(past + 50_000);
  expect(first.source).toBe('rebuilt');
  expect(fixesOf(first.frame)).toMatchObject([{ at: past + 40_000, online: true }]);
  expect(fixesOf((await moment(past - 1000)).frame)).toEqual([]);
  // silent for long: where it was, off line
  expect(fixesOf((await moment(past + 160_000 + 16 * 60_000)).frame)).toMatchObject([{ at: past + 160_000, online: false }]);

  for (const [from, to] of [
    [past - 5000, past + 20_000],
    [past + 50_000, past + 150_000],
    [past + 110_000, past + 110_000 + 9 * 60_000],
    [past + 160_000 + 10 * 60_000, past + 160_000 + 18 * 60_000],
  ] as const) {
    const table = latest();
    replayFrame(table, decodeFrame((await moment(from)).frame));
    const between = await reel(from, to);
    expect(between).toMatchObject({ source: 'rebuilt', cut: false });
    for (const f of between.frames) {
      expect(f.at > from && f.at <= to).toBe(true);
      replayFrame(table, decodeFrame(f.bytes));
    }
    const then = latest();
    replayFrame(then, decodeFrame((await moment(to)).frame));
    for (const [a, b] of [
      [table.units, then.units],
      [table.sensors, then.sensors],
    ] as const)
      for (const name of ['at', 'status'] as const) expect([...a[name].slice(0, a.length)]).toEqual([...b[name].slice(0, b.length)]);
    expect([...table.units.lng.slice(0, table.units.length)]).toEqual([...then.units.lng.slice(0, then.units.length)]);
  }
});

test('what lies beyond the past is refused by field', async () => {
  const ask = (path: string) => server.get(`/api/v1/film/${path}`);
  for (const [path, field] of [
    [`moment?at=${Date.now() + HOUR}`, 'at'],
    [`moment?at=${past - 2 * HOUR}`, 'at'],
    ['moment?at=yesterday', 'at'],
    [`reel?from=${past}&to=${past}`, 'to'],
    [`reel?from=${past}&to=${past + HOUR}`, 'to'],
    [`density?from=${past}&to=${past}`, 'to'],
  ] as const)
    expect(await ask(path)).toMatchObject({ status: 400, json: { error: { field } } });
});

test('the next and the last event, and how much happened when', async () => {
  const event = async (query: string) => (await server.get(`/api/v1/film/event?${query}`)).json;
  const [a, b, c] = made as [(typeof made)[0], (typeof made)[0], (typeof made)[0]];
  expect(await event(`at=${began - 1}&dir=next`)).toMatchObject({ at: a.at, kind: 'incident.reported', subject: a.id });
  expect(await event(`at=${a.at}&dir=next`)).toMatchObject({ subject: b.id });
  expect(await event(`at=${c.at}&dir=prev`)).toMatchObject({ subject: b.id });
  expect(await event(`at=${a.at}&dir=prev`)).toBeNull();
  expect(await event(`at=${c.at}&dir=next&kinds=incident.closed`)).toBeNull();
  const to = Date.now() + 1;
  const { counts, marks, binMs } = (await server.get(`/api/v1/film/density?from=${began}&to=${to}&bins=10`)).json;
  expect(counts).toHaveLength(10);
  expect(counts.reduce((n: number, k: number) => n + k, 0)).toBe(3);
  expect(counts[Math.floor((a.at - began) / binMs)]).toBeGreaterThan(0);
  expect(new Set(marks.map((m: { id: string }) => m.id))).toEqual(new Set(made.map((m) => m.id)));
});

test('lists, board and figures as of a moment are those that were answered then', async () => {
  const ask = async (path: string) => (await server.get(path)).json;
  const paths = (more: string) => [
    `/api/v1/incidents?limit=50${more}`,
    `/api/v1/incidents?open=true&sort=state${more}`,
    `/api/v1/incidents/counts?by=state${more}`,
    `/api/v1/incidents/stuck?by=step${more}`,
    `/api/v1/incidents/channels?${more}`,
    `/api/v1/kpis?${more}`,
    `/api/v1/incidents/${encodeURIComponent(made[0]!.id)}?${more}`,
    `/api/v1/facilities?${more}`,
    `/api/v1/areas/who?lng=${middleOf(0)[0]}&lat=${middleOf(0)[1]}${more}`,
  ];
  const stills: { at: number; answers: unknown[] }[] = [];
  const still = async (after: number) => {
    const live = await Promise.all(paths(`&after=${after}`).map(ask));
    // clocks run on while ten questions are asked: as of one moment they are compared
    stills.push({ at: Date.now(), answers: live });
    await new Promise((r) => setTimeout(r, 30));
  };
  const id = made[0]!.id;
  await still((await server.get('/api/v1/world')).json.seq);
  const steps = [
    { step: 'file' },
    { step: 'dispatch', unit: 'u-0001' },
    { step: 'accept' },
    { step: 'arrive' },
    { step: 'handle', result: '已处理' },
  ];
  for (const step of steps) {
    const { status, json } = await server.post(`/api/v1/incidents/${encodeURIComponent(id)}/steps`, step);
    expect([step.step, status, json]).toEqual([step.step, 200, expect.anything()]);
    await still(json.seq);
  }
  const declined = await server.post(`/api/v1/incidents/${encodeURIComponent(made[1]!.id)}/steps`, { step: 'decline', reason: '重复' });
  await still(declined.json.seq);
  /** ages and what is left of a limit go with the clock: at most the second that lies between the two questions */
  const timeless = (v: unknown): unknown =>
    JSON.parse(JSON.stringify(v, (key, x) => (['at', 'leftMs', 'medianMs', 'p90Ms', 'fixAgeMs', 'minutes'].includes(key) ? undefined : x)));
  // who stood where is rebuilt here, so that somebody may go who was not known live
  const go = await server.get(`/api/v1/incidents/${encodeURIComponent(made[1]!.id)}/candidates?asOf=${stills[0]!.at}`);
  expect(go.json).toMatchObject({ at: iso(stills[0]!.at), candidates: [{ unit: 'u-0001' }] });
  for (const { at, answers } of [...stills].reverse()) {
    const then = await Promise.all(paths(`&asOf=${at}`).map(ask));
    for (const [i, answer] of then.entries()) expect([paths('')[i], timeless(answer)]).toEqual([paths('')[i], timeless(answers[i])]);
  }
  // more moments at once than there are connections for: each is answered as itself
  const [list, counts] = [0, 2];
  const together = stills.flatMap((s) => [list, counts].map(async (i) => [s.answers[i], await ask(paths(`&asOf=${s.at}`)[i]!)] as const));
  for (const [live, then] of await Promise.all(together)) expect(timeless(then)).toEqual(timeless(live));
  expect(await server.get(`/api/v1/incidents?asOf=${Date.now() + HOUR}`)).toMatchObject({
    status: 400,
    json: { error: { field: 'asOf' } },
  });
});

test('a file asked for as of a moment holds nothing later, whatever end it names, and its name says the moment', async () => {
  const at = past + 100_000;
  const local = new Date(at + 8 * HOUR).toISOString().slice(0, 19).replace(/[-:]/g, '');
  const span = `from=${encodeURIComponent(iso(past))}&to=${encodeURIComponent(iso(past + HOUR))}`;
  const file = async (path: string) => {
    const { status, headers, json } = await server.get(path);
    expect(status).toBe(200);
    return {
      name: /filename="([^"]+)"/.exec(headers.get('content-disposition') ?? '')?.[1] ?? '',
      text: typeof json === 'string' ? json : JSON.stringify(json),
    };
  };
  for (const path of ['tracks.gpx', 'tracks.geojson', 'tracks.csv', 'sensors/s-0001/readings.csv']) {
    const of = path.startsWith('tracks') ? `/api/v1/${path}?units=u-0001&${span}` : `/api/v1/${path}?${span}`;
    const [all, then] = [await file(of), await file(`${of}&asOf=${at}`)];
    // the fix at 160 s and the reading at 130 s came after it
    const late = path.startsWith('tracks') ? iso(past + 160_000) : new Date(past + 130_000 + 8 * HOUR).toISOString().slice(0, 19);
    const early = path.startsWith('tracks') ? iso(past + 40_000) : new Date(past + 10_000 + 8 * HOUR).toISOString().slice(0, 19);
    expect([path, all.text.includes(late), then.text.includes(late), then.text.includes(early)]).toEqual([path, true, false, true]);
    expect(all.name).not.toContain('as-of');
    expect(then.name).toContain(`-as-of-${local}.`);
  }
  const incidents = await file(`/api/v1/incidents.csv?asOf=${made[0]!.at}`);
  expect(incidents.text.trimEnd().split('\r\n')).toHaveLength(2);
  expect(incidents.text).toContain('井盖 0');
  expect(incidents.name).toMatch(/^incidents-as-of-\d{8}T\d{6}\.csv$/);
  expect(await server.get(`/api/v1/tracks.csv?units=u-0001&asOf=${Date.now() + HOUR}`)).toMatchObject({
    status: 400,
    json: { error: { field: 'asOf' } },
  });
});

test('bookmarks: of the past, shared by place, removed by who made them or configures the centre; an account of one community has its own', async () => {
  const put = await server.post('/api/v1/bookmarks', { at: past, name: ' 早高峰 ' });
  expect(put).toMatchObject({ status: 200, json: { at: past, name: '早高峰', area: null } });
  expect(await server.post('/api/v1/bookmarks', { at: Date.now() + HOUR, name: 'x' })).toMatchObject({
    status: 400,
    json: { error: { field: 'at' } },
  });
  expect(await server.post('/api/v1/bookmarks', { at: past, name: 'x', area: '999' })).toMatchObject({
    json: { error: { field: 'area' } },
  });
  expect((await server.get('/api/v1/bookmarks')).json.bookmarks).toEqual([put.json]);

  const password = randomBytes(9).toString('base64url');
  await addAccount(server, { name: 'west', role: 'operator', area: WEST, password });
  const west = { authorization: `Basic ${Buffer.from(`west:${password}`).toString('base64')}` };
  const delAs = async (id: string, headers: Record<string, string>) =>
    (await fetch(`${server.url}/api/v1/bookmarks/${id}`, { method: 'DELETE', headers })).status;
  const admin = { authorization: `Bearer ${server.adminToken}` };
  const seen = await until(async () => {
    const answer = await server.get('/api/v1/bookmarks', west);
    return answer.status === 200 && answer.json.bookmarks;
  });
  expect(seen).toEqual([]);
  const own = await server.post('/api/v1/bookmarks', { at: past, name: '西' }, west);
  expect(own.json).toMatchObject({ area: WEST, by: 'west' });
  expect((await server.post('/api/v1/bookmarks', { at: past, name: '全', area: null }, west)).status).toBe(403);
  expect(await delAs(put.json.id, west)).toBe(404);
  expect(await delAs(put.json.id, admin)).toBe(200);
  expect(await delAs(own.json.id, west)).toBe(200);
  expect((await server.get('/api/v1/bookmarks', admin)).json.bookmarks).toEqual([]);

  // the past of one community: its own incidents, nobody else's
  const shown = await until(async () => {
    const m = await moment(Date.now() - 1, west);
    return m.world.incidents.length + m.world.ended.length > 0 && m;
  });
  const ids = [...shown.world.incidents, ...shown.world.ended].map(([id]) => id);
  expect(new Set(ids)).toEqual(new Set([made[0]!.id, made[2]!.id]));
  expect(LEAVES[3].startsWith(WEST)).toBe(false);
  const { counts } = (await server.get(`/api/v1/film/density?from=${began}&to=${Date.now()}&bins=4`, west)).json;
  expect(counts.reduce((n: number, k: number) => n + k, 0)).toBe(2);
  expect((await server.get(`/api/v1/film/event?at=${made[0]!.at}&dir=next`, west)).json).toMatchObject({ subject: made[2]!.id });
});
