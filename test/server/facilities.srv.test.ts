import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixtureCentre, LEAVES, middleOf, WEST } from '../support/fixture-street.ts';
import { addAccount, loadFixture, startServer, type TestServer, until } from '../support/server.ts';

let server: TestServer;
const DAY = 86_400_000;
const [lng, lat] = middleOf(0);
/** metres east of the middle of leaf 0 */
const east = (metres: number): [number, number] => [lng + metres / (111_195 * Math.cos((lat * Math.PI) / 180)), lat];
const opened = Math.floor((Date.now() - 10 * DAY) / 60_000) * 60_000;
const text = (zh: string) => ({ zh, en: zh });
const [gas] = fixtureCentre.sensorKinds;

const must = async (path: string, body: unknown) => {
  const { status, json } = await server.admin(path, body);
  expect([status, json]).toEqual([200, expect.anything()]);
};
const ask = async (query = '', headers = {}) => (await server.get(`/api/v1/facilities${query}`, headers)).json;
const row = async (id: string, query = '') => (await ask(query)).rows.find((r: { id: string }) => r.id === id);
const ids = async (query: string) => (await ask(query)).rows.map((r: { id: string }) => r.id);
const read = async (values: Readonly<Record<string, number>>) => {
  const at = new Date().toISOString();
  const reports = Object.entries(values).map(([sensor, value]) => ({ kind: 'reading', sensor, at, value }));
  expect((await server.post('/api/v1/reports', { reports })).json.accepted).toBe(reports.length);
};

beforeAll(async () => {
  server = await startServer();
  await loadFixture(server);
  await must('/api/v1/centre', {
    ...fixtureCentre,
    categories: [
      { code: 'cable', name: text('飞线充电'), priority: 3, limitMinutes: 60, near: 'charging-shed' },
      { code: 'bikes', name: text('乱停'), priority: 4, limitMinutes: 60, near: 'parking' },
    ],
    sensorKinds: [
      gas,
      { ...gas, code: 'sockets', measures: 'occupied', high: undefined, unit: '个', name: text('插座') },
      { ...gas, code: 'bays', measures: 'occupied', high: undefined, unit: '个', name: text('车位') },
      { ...gas, code: 'temp', high: 60, unit: '℃', name: text('温度') },
      { ...gas, code: 'machine', high: undefined, low: 0.5, deadband: 0, unit: '', name: text('自助机') },
    ],
  });
  const facilities = [
    { id: 'shed', kind: 'charging-shed', name: '充电棚', lngLat: [lng, lat], capacity: 12, since: opened },
    { id: 'park', kind: 'parking', name: '停车场', lngLat: middleOf(2), capacity: 200 },
    {
      id: 'r29',
      kind: 'self-service',
      name: 'R29',
      lngLat: middleOf(3),
      offers: [
        { name: text('自助洗衣'), tab: 'life', device: 'd-wash' },
        { name: text('证照自助机'), tab: 'life', device: 'd-kiosk' },
      ],
    },
    { id: 'night', kind: 'other', name: '夜集', lngLat: middleOf(1), hours: [{ days: [5], from: '18:00', to: '02:00' }] },
  ];
  const at = (facility: string) => ({ lngLat: facilities.find((f) => f.id === facility)!.lngLat, facility });
  const sensors = [
    { id: 'k-1', kind: 'sockets', name: '插座', ...at('shed') },
    { id: 'k-2', kind: 'temp', name: '温度', ...at('shed') },
    { id: 'k-3', kind: 'bays', name: '车位', ...at('park') },
    { id: 'k-4', kind: 'machine', name: '洗衣机', device: 'd-wash', ...at('r29') },
    { id: 'k-5', kind: 'machine', name: '证照机', device: 'd-kiosk', ...at('r29') },
  ];
  await must('/api/v1/registry', { facilities, sensors });
});
afterAll(() => server?.destroy());

test('a shed: sockets taken, what else it measures, its alarms; each with its time', async () => {
  await read({ 'k-1': 9, 'k-2': 31.5 });
  expect(await row('shed')).toMatchObject({
    kind: 'charging-shed',
    area: LEAVES[0],
    always: true,
    open: true,
    changesAt: null,
    capacity: 12,
    since: opened,
    occupied: { value: 9, share: 75, online: true, at: expect.any(Number) },
    readings: [{ sensor: 'k-2', kind: 'temp', value: 31.5, unit: '℃', at: expect.any(Number) }],
    alarms: [],
  });
  await read({ 'k-2': 71 });
  const hot = await until(async () => {
    const r = await row('shed');
    return r.alarms.length > 0 && r;
  });
  expect(hot.alarms).toMatchObject([{ sensor: 'k-2', rule: 'high', state: 'unack' }]);
});

test('incidents near it: 飞线 after its opening, and the list behind the number', async () => {
  const report = async (category: string, lngLat: [number, number]) => {
    const reports = [{ kind: 'incident', at: new Date().toISOString(), category, title: '报告', lngLat }];
    expect((await server.post('/api/v1/reports', { reports })).json.accepted).toBe(1);
  };
  await report('cable', east(20));
  await report('cable', east(149));
  await report('cable', east(152));
  await report('bikes', east(20));
  // nothing was recorded before today: the span begins with the first report, and there is no before
  expect((await row('shed')).incidents).toMatchObject([{ period: 'after', categories: ['cable'], near: [lng, lat, 150], count: 2 }]);
  const { categories, near, from, to } = (await row('shed')).incidents[0];
  const query = new URLSearchParams({
    category: categories.join(','),
    near: near.join(','),
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
  });
  expect((await server.get(`/api/v1/incidents?${query}`)).json.total).toBe(2);
  expect((await server.get('/api/v1/incidents?near=104,30')).json.error.field).toBe('near');
});

test('a car park: bays taken of those there are', async () => {
  await read({ 'k-3': 150 });
  expect(await row('park')).toMatchObject({
    occupied: { value: 150, share: 75 },
    incidents: [{ period: 'month', categories: ['bikes'], count: 0 }],
  });
});

test('machines: up, down with since when, and up again since when', async () => {
  const machines = async () => (await row('r29')).offers.map((o: { machine: object | null }) => o.machine);
  expect(await machines()).toEqual([null, null]);
  await read({ 'k-4': 1, 'k-5': 1 });
  expect(await machines()).toMatchObject([{ device: 'd-wash', up: true, since: null }, { up: true }]);
  await read({ 'k-4': 0 });
  const [wash] = await until(async () => {
    const list = await machines();
    return list[0].up === false && list;
  });
  expect(wash).toMatchObject({ why: 'alarm', since: expect.any(Number) });
  await read({ 'k-4': 1 });
  const [again] = await until(async () => {
    const list = await machines();
    return list[0].up && list;
  });
  expect(again.since).toBeGreaterThanOrEqual(wash.since);
});

test('filters: kind, place, tab, open at a moment across midnight, and names', async () => {
  expect(await ids('?kind=parking')).toEqual(['park']);
  expect(await ids(`?area=${WEST}`)).toEqual(['shed', 'park', 'night']);
  expect(await ids('?tab=life')).toEqual(['r29']);
  expect(await ids(`?q=${encodeURIComponent('洗衣')}`)).toEqual(['r29']);
  const open = async (text: string) => (await ids(`?open=${encodeURIComponent(text)}`)).includes('night');
  expect(await open('2026-11-20T17:59:00+08:00')).toBe(false); // a Friday
  expect(await open('2026-11-20T18:00:00+08:00')).toBe(true);
  expect(await open('2026-11-21T01:59:00+08:00')).toBe(true);
  expect(await open('2026-11-21T02:00:00+08:00')).toBe(false);
  expect((await row('night', `?open=${encodeURIComponent('2026-11-21T01:00:00+08:00')}`)).changesAt).toBe(
    Date.parse('2026-11-21T02:00:00+08:00'),
  );
  expect((await server.get('/api/v1/facilities?open=soon')).json.error.field).toBe('open');
  expect((await ask('?open=now')).rows.length).toBeGreaterThanOrEqual(3);
});

test('a watcher of one community sees its facilities only', async () => {
  await addAccount(server, { name: 'west', role: 'operator', area: WEST, password: 'a long enough password' });
  const basic = { authorization: `Basic ${Buffer.from('west:a long enough password').toString('base64')}` };
  expect((await ask('', basic)).rows.map((r: { id: string }) => r.id)).toEqual(['shed', 'park', 'night']);
});
