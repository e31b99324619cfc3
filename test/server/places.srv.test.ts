import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { distanceM, lengthM } from '../../geo/distance.ts';
import { EAST, LEAVES, middleOf, OUTSIDE, STREET, WEST } from '../support/fixture-street.ts';
import { addAccount, loadFixture, startServer, type TestServer, until } from '../support/server.ts';

let server: TestServer;
const [west, east] = [104, 104.01];
const road = (name: string, coordinates: number[][]) => ({
  type: 'Feature',
  properties: { layer: 'road', class: 'minor', name },
  geometry: { type: 'LineString', coordinates },
});
/** One road along the whole street, a lane north from its middle, a facility. */
const basemap = (poi: string) => ({
  type: 'FeatureCollection',
  features: [
    road('试验正街', [
      [west, 30.6015],
      [east, 30.6015],
    ]),
    road('试验一巷', [
      [104.005, 30.6],
      [104.005, 30.604],
    ]),
    { type: 'Feature', properties: { layer: 'poi', name: poi, kind: 'market' }, geometry: { type: 'Point', coordinates: middleOf(3) } },
  ],
});
const permits = [
  {
    id: 'permit-1',
    name: '便民缝纫点',
    category: 'manhole',
    lngLat: middleOf(1),
    radiusM: 30,
    weekdays: [0, 1, 2, 3, 4, 5, 6],
    hours: { from: '00:00', to: '24:00' },
    validFrom: '2026-01-01',
    validTo: '2099-12-31',
  },
];
const must = async (path: string, body: unknown) => {
  const { status, json } = await server.admin(path, body);
  expect([status, json]).toEqual([200, expect.anything()]);
  return json;
};
const iso = () => new Date().toISOString();
const report = async (more: object) => {
  const { json } = await server.post('/api/v1/reports', {
    reports: [{ kind: 'incident', at: iso(), category: 'manhole', title: '正街井盖松动', lngLat: middleOf(2), ...more }],
  });
  expect(json.results[0]).toMatchObject({ ok: true });
  return json.results[0].id as string;
};
const search = async (q: string) => (await server.get(`/api/v1/search?q=${encodeURIComponent(q)}`)).json.places;

beforeAll(async () => {
  server = await startServer();
  await loadFixture(server);
});
afterAll(() => server?.destroy());

describe('who should go', () => {
  it('by straight lines, which say so, until there is a basemap; by its roads from then on', async () => {
    // equally far: one moment for both fixes, or the fresher of them stands first
    const at = iso();
    await server.post('/api/v1/reports', {
      reports: [
        { kind: 'position', unit: 'u-0001', at, lngLat: middleOf(0) },
        { kind: 'position', unit: 'u-0002', at, lngLat: middleOf(4) },
      ],
    });
    const id = await report({});
    const ask = async () => (await server.get(`/api/v1/incidents/${id}/candidates`)).json.candidates;
    const before = await ask();
    expect(before.map((c: { unit: string; by: string }) => [c.unit, c.by])).toEqual([
      ['u-0001', 'straight'],
      ['u-0002', 'straight'],
    ]);
    await must('/api/v1/basemap', { geojson: basemap('老市场') });
    const [first, second] = await ask();
    for (const c of [first, second]) {
      expect(c).toMatchObject({ by: 'road', free: true, onDuty: true, crew: false });
      expect(c.metres).toBeGreaterThanOrEqual(Math.floor(distanceM(c.path[0], c.path.at(-1))));
      expect(Math.abs(c.metres - lengthM(c.path))).toBeLessThan(2);
      expect(c.path.at(-1)).toEqual(middleOf(2));
      expect(c.reasons.map((r: { key: string }) => r.key)).toEqual(expect.arrayContaining(['walk', 'on-duty', 'free', 'fix']));
    }
    expect(first.minutes).toBeLessThanOrEqual(second.minutes);

    // whoever was sent stands last, with the way still ahead
    await server.post(`/api/v1/incidents/${id}/steps`, { step: 'file' });
    await server.post(`/api/v1/incidents/${id}/steps`, { step: 'dispatch', unit: first.unit });
    const after = await ask();
    expect(after.map((c: { unit: string; crew: boolean; rank: number }) => [c.unit, c.crew, c.rank])).toEqual([
      [second.unit, false, 1],
      [first.unit, true, 2],
    ]);
    expect((await server.get('/api/v1/incidents/i-none/candidates')).status).toBe(404);
  });
});

describe('where is it', () => {
  it('areas, streets and facilities, by characters and pinyin; a new basemap is searched at once', async () => {
    expect(await search('sysc')).toEqual([
      { kind: 'area', name: '试验商场', lngLat: expect.anything(), area: LEAVES[4], label: '试验商场' },
    ]);
    const [street] = await search('shiyanzhengjie');
    expect(street).toMatchObject({ kind: 'street', name: '试验正街', area: expect.stringContaining(STREET) });
    expect((await search('西 01-02'))[0]).toMatchObject({ kind: 'area', area: LEAVES[1], label: '西 01-02' });
    expect((await search('老市场'))[0]).toMatchObject({ kind: 'poi', area: LEAVES[3], label: '东 01-01' });
    await must('/api/v1/basemap', { geojson: basemap('新市场') });
    expect(await search('老市场')).toEqual([]);
    expect((await search('xinshichang'))[0]).toMatchObject({ kind: 'poi', name: '新市场', lngLat: middleOf(3) });
    expect((await server.get('/api/v1/search?q=a&limit=21')).status).toBe(400);
  });
});

describe('who answers', () => {
  it('for any point: its duties from the leaf up; outside the street nobody, and it says so', async () => {
    const who = async ([lng, lat]: readonly number[], more = '') =>
      (await server.get(`/api/v1/areas/who?lng=${lng}&lat=${lat}${more}`)).json;
    const here = await who(middleOf(0), '&category=manhole');
    expect(here.path.map((a: { code: string }) => a.code)).toEqual([STREET, WEST, `${WEST}001`, LEAVES[0]]);
    expect(here.answers).toEqual([{ post: 'micro-worker', person: 'p-0001', area: LEAVES[0], level: 'micro' }]);
    expect(here.vacant.map((v: { post: string }) => v.post)).toEqual(['grid-worker', 'community-lead']);
    expect(here.department).toBeNull();
    expect(await who(OUTSIDE)).toEqual({ path: [], answers: [], vacant: [], department: null });
  });
});

describe('is it a repetition', () => {
  it('open incidents near in place, time and kind are offered, with reasons', async () => {
    const [lng, lat] = middleOf(3);
    const id = await report({ lngLat: [lng, lat], title: '市场门口井盖松动' });
    const ask = async (more: string) => (await server.get(`/api/v1/incidents/similar?lng=${lng}&lat=${lat}${more}`)).json.similar;
    const [same] = await ask(`&category=manhole&title=${encodeURIComponent('市场门口井盖松了')}`);
    expect(same).toMatchObject({ incident: id, metres: 0, minutes: 0, place: '东 01-01', state: 'reported' });
    expect(same.score).toBeGreaterThan(0.9);
    expect(same.reasons.map((r: { key: string }) => r.key)).toEqual(['near', 'within', 'same-category', 'title']);
    expect(await ask(`&category=manhole&except=${id}`)).toEqual([]);
    expect(await ask(`&category=manhole&at=${encodeURIComponent(new Date(Date.now() - 4 * 86_400_000).toISOString())}`)).toEqual([]);
  });
});

describe('is it permitted', () => {
  it('a stall is registered; a report it covers is marked and taken like any other', async () => {
    expect(await must('/api/v1/registry', { permits })).toMatchObject({ permits: 1 });
    const body = async (id: string) => (await server.get(`/api/v1/ledger?subject=${id}`)).json.entries[0].body;
    expect(await body(await report({ lngLat: middleOf(1) }))).toMatchObject({ permit: 'permit-1' });
    expect((await body(await report({ lngLat: middleOf(2) }))).permit).toBeUndefined();
    const [entry] = (await server.get('/api/v1/ledger?kind=permits.registered')).json.entries;
    expect(entry.body.permits[0]).toMatchObject({ id: 'permit-1', area: LEAVES[1] });
    const wrong = (more: object) => server.admin('/api/v1/registry', { permits: [{ ...permits[0], ...more }] });
    expect((await wrong({ category: 'nonsense' })).json.error.field).toBe('permits.0.category');
    expect((await wrong({ area: '999' })).json.error.field).toBe('permits.0.area');
    expect((await wrong({ validTo: '2025-01-01' })).json.error).toEqual({ field: 'permits.0.validTo', rule: 'not earlier than validFrom' });
  });
});

it('an account of one community is told of its own place only', async () => {
  const id = await report({ lngLat: middleOf(0) });
  await addAccount(server, { name: 'east', role: 'operator', area: EAST, password: 'a long enough one' });
  await until(async () => (await server.get('/api/v1/session')).status === 401);
  const headers = { authorization: `Basic ${Buffer.from('east:a long enough one').toString('base64')}` };
  const [lng, lat] = middleOf(0);
  expect((await server.get(`/api/v1/areas/who?lng=${lng}&lat=${lat}`, headers)).json.answers).toEqual([]);
  expect((await server.get(`/api/v1/incidents/${id}/candidates`, headers)).status).toBe(403);
  const similar = await server.get(`/api/v1/incidents/similar?lng=${lng}&lat=${lat}&category=manhole`, headers);
  expect(similar.json.similar).toEqual([]);
  expect((await server.get('/api/v1/search?q=xicun', headers)).status).toBe(200);
  expect(server.output()).not.toContain('finder');
});
