import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TrackAnswer } from '../../model/track-answer.ts';
import { EAST, LEAVES, middleOf, STREET, WEST } from '../support/fixture-street.ts';
import { addAccount, loadFixture, startServer, type TestServer, until } from '../support/server.ts';

let server: TestServer;
const as = (name: string) => ({ authorization: `Basic ${Buffer.from(`${name}:${name} opens this door`).toString('base64')}` });
const iso = (ms: number) => new Date(ms).toISOString();
const T = Math.floor(Date.now() / 1000) * 1000 - 40 * 60_000;
const WALK = 60;
/** 5 m east each 10 s through the first micro-grid, a stay of four minutes, a silence of three, and on */
const [X, Y] = middleOf(0);
const fixAt = (i: number) => ({
  at: T + i * 10_000 + (i > 84 ? 180_000 : 0),
  lng: X + (Math.min(i, WALK) + Math.max(0, i - 84)) * 5.2e-5,
  lat: Y,
});
const N = 100;

beforeAll(async () => {
  server = await startServer();
  await loadFixture(server);
  const accounts = [
    ['chen', 'supervisor', ''],
    ['ning', 'operator', WEST],
    ['dong', 'operator', EAST],
    ['li', 'leader', ''],
  ] as const;
  const body = Array.from({ length: N }, (_, i) => fixAt(i)).map((f) => ({
    kind: 'position',
    unit: 'u-0001',
    at: iso(f.at),
    lngLat: [f.lng, f.lat],
    heading: 90,
    speed: 0.5,
  }));
  const two = { kind: 'position', unit: 'u-0002', at: iso(T + 60_000), lngLat: middleOf(4) };
  expect((await server.post('/api/v1/reports', { reports: [...body, two] })).json.accepted).toBe(N + 1);
  for (const [name, role, area] of accounts) {
    await addAccount(server, { name, role, area, password: `${name} opens this door` });
  }
  await until(async () => (await tracks({ units: 'u-0001', points: '50000' })).json.tracks?.[0]?.at.length === N);
});
afterAll(() => server?.destroy());

const span = { from: String(T), to: String(T + 30 * 60_000) };
const tracks = (query: Record<string, string>, who = 'chen') =>
  server.get(`/api/v1/tracks?${new URLSearchParams({ ...span, ...query })}`, as(who)) as Promise<{
    status: number;
    json: TrackAnswer & { error?: { field: string; rule: string } };
  }>;
const file = (format: string, query: Record<string, string>, who = 'chen', headers = {}) =>
  server.get(`/api/v1/tracks.${format}?${new URLSearchParams({ ...span, ...query })}`, { ...as(who), ...headers });

test('a track is the fixes that were sent, with its stay, its silence and its metres', async () => {
  const { json } = await tracks({ units: 'u-0001', points: '50000', passages: 'true' });
  const [row] = json.tracks;
  expect(row!.at).toEqual(Array.from({ length: N }, (_, i) => fixAt(i).at));
  expect(row!.lng[7]).toBeCloseTo(fixAt(7).lng, 6);
  expect(row!.within).toBe(0);
  expect(row!.legs).toEqual([0, 85]);
  expect(row!.figures.gaps).toEqual([{ from: fixAt(84).at, to: fixAt(85).at }]);
  expect(row!.figures.stops).toHaveLength(1);
  expect(row!.figures.stops[0]!.to).toBe(fixAt(84).at);
  expect(row!.figures.metres).toBeGreaterThan(60 * 4.5);
  expect(row!.figures.metres).toBeLessThan(80 * 5.5);
  expect(row!.passages!.map((p) => p.area)).toEqual([LEAVES[0], LEAVES[1], LEAVES[2]]);
});

test('fewer points are asked for: each is a fix, legs keep their ends, and how far off it is stands beside', async () => {
  const { json } = await tracks({ units: 'u-0001', points: '8' });
  const [row] = json.tracks;
  expect(row!.at.length).toBeLessThanOrEqual(8);
  const sent = new Set(Array.from({ length: N }, (_, i) => fixAt(i).at));
  expect(row!.at.every((at) => sent.has(at))).toBe(true);
  expect(row!.legs).toHaveLength(2);
  expect(row!.figures.fixes).toBe(N);
  expect(row!.within).toBeLessThan(5);
});

test('units of another area are left out and named, units that sent nothing are named, unknown ones refused', async () => {
  const west = (await tracks({ units: 'u-0001,u-0002' }, 'ning')).json;
  expect([west.tracks.map((t) => t.unit), west.withheld]).toEqual([['u-0001'], ['u-0002']]);
  const early = (await tracks({ units: 'u-0001', from: String(T - 3_600_000), to: String(T) })).json;
  expect(early).toMatchObject({ tracks: [], silent: ['u-0001'], withheld: [] });
  const unknown = await tracks({ units: 'u-9999' });
  expect([unknown.status, unknown.json.error!.field]).toEqual([404, 'units']);
});

test('a question has limits, and says which', async () => {
  const day = 86_400_000;
  for (const [query, field] of [
    [{ units: Array.from({ length: 51 }, (_, i) => `u-${i}`).join() }, 'units'],
    [{ units: '' }, 'units'],
    [{ units: 'u-0001', from: String(T - 32 * day) }, 'from'],
    [{ units: 'u-0001,u-0002,u-0003', from: String(T - 30 * day) }, 'from'],
    [{ units: 'u-0001', from: 'yesterday' }, 'from'],
    [{ units: 'u-0001', from: String(T), to: String(T) }, 'from'],
  ] as const) {
    const { status, json } = await tracks(query);
    expect([status, json.error?.field, field]).toEqual([400, field, field]);
  }
});

test('GPX 1.1: a track a unit, a segment a leg, a time for every fix', async () => {
  const { status, json, headers } = await file('gpx', { units: 'u-0001,u-0002' });
  expect(status).toBe(200);
  expect(headers.get('content-disposition')).toMatch(/^attachment; filename="tracks-\d{8}T\d{4}Z-\d{8}T\d{4}Z\.gpx"$/);
  const point = '<trkpt lat="-?[0-9.]+" lon="-?[0-9.]+"><time>[0-9T:.-]+Z</time></trkpt>\\n';
  const track = `<trk><name>[^<]+</name><src>[^<]+</src><type>[a-z]+</type>\\n(<trkseg>\\n(${point})+</trkseg>\\n)+</trk>\\n`;
  expect(json).toMatch(
    new RegExp(
      `^<\\?xml version="1.0" encoding="UTF-8"\\?>\\n<gpx version="1.1" creator="Genglou" xmlns="http://www.topografix.com/GPX/1/1"><metadata><time>[^<]+</time></metadata>\\n(${track}){2}</gpx>\\n$`,
    ),
  );
  expect((json as string).match(/<trkseg>/g)).toHaveLength(3);
  expect((json as string).match(/<trkpt/g)).toHaveLength(N + 1);
  expect(json).toContain(`<time>${iso(fixAt(42).at)}</time>`);
});

test('GeoJSON: a line a leg with its times; CSV: a line a fix', async () => {
  const { json } = await file('geojson', { units: 'u-0001' });
  const lines = (typeof json === 'string' ? JSON.parse(json) : json).features;
  expect(lines.map((f: { geometry: { coordinates: unknown[] } }) => f.geometry.coordinates.length)).toEqual([85, 15]);
  expect(lines[1].properties.coordinateProperties.times[0]).toBe(iso(fixAt(85).at));
  const csv = ((await file('csv', { units: 'u-0001' })).json as string).trimEnd().split('\r\n');
  expect(csv).toHaveLength(N + 1);
  expect(csv[0]!.replace('\ufeff', '')).toBe('unit,name,role,leg,time,lng,lat,speed_mps,heading_deg');
  expect(csv[1]).toBe(`u-0001,网格员一,grid,1,${iso(T)},${fixAt(0).lng},${Y},0.5,90`);
});

test('an export is for who may, is written down before it is sent, and is not for pages of others', async () => {
  const audited = async () => (await server.get('/api/v1/ledger?kind=history.exported', as('chen'))).json.entries;
  const before = (await audited()).length;
  for (const [who, units, rule] of [
    ['li', 'u-0001', /role leader may not export-history/],
    ['dong', 'u-0001', /outside the actor's area/],
    ['ning', 'u-0001,u-0002', /outside the actor's area/],
  ] as const) {
    const { status, json } = await file('gpx', { units }, who);
    expect([status, json.error.field]).toEqual([403, 'actor']);
    expect(json.error.rule).toMatch(rule);
  }
  expect((await file('gpx', { units: 'u-0001' }, 'chen', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await file('csv', { units: 'u-0001' }, 'ning')).status).toBe(200);
  const entries = (await audited()).slice(before);
  expect(entries).toHaveLength(1);
  expect(entries[0]).toMatchObject({
    actor: 'ning',
    body: { what: 'tracks', format: 'csv', area: LEAVES[0], from: T, to: T + 30 * 60_000, units: ['u-0001'] },
  });
  expect(STREET).not.toBe(entries[0].body.area);
});
