import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AlarmFigure, AlarmReport } from '../../model/alarm-report.ts';
import { fixtureRegistry, middleOf, WEST } from '../support/fixture-street.ts';
import { loadFixture, run, startServer, type TestServer, until } from '../support/server.ts';

let server: TestServer;
const [gas] = fixtureRegistry.sensors;
const west = { ...gas, id: 's-west', lngLat: middleOf(0) };
const east = { ...gas, id: 's-east', lngLat: middleOf(3) };

beforeAll(async () => {
  server = await startServer();
  await loadFixture(server);
  expect((await server.admin('/api/v1/registry', { sensors: [west, east] })).status).toBe(200);
});
afterAll(() => server?.destroy());

const report = (query = '', headers?: Record<string, string>) => server.get(`/api/v1/alarms/report?${query}`, headers);
const figure = (r: AlarmReport, id: AlarmFigure['id']) => r.figures.find((f) => f.id === id)!;
let told = 0;
async function read(sensor: string, value: number) {
  told += 1;
  const at = new Date(Date.now() - 60_000 + told * 100).toISOString();
  expect((await server.post('/api/v1/reports', { reports: [{ kind: 'reading', sensor, at, value }] })).json.accepted).toBe(1);
}

test('what was raised, acknowledged and shelved a moment ago is in the report, with targets and the alarms behind each figure', async () => {
  await read('s-west', 50);
  await read('s-east', 50);
  await read('s-east', 1);
  await read('s-east', 50);
  const rows = await until(async () => {
    const { json } = (await report()) as { json: AlarmReport };
    return json.announced === 3 && json;
  });
  expect(rows.top.map((t) => [t.sensor, t.announced])).toEqual([
    ['s-east', 2],
    ['s-west', 1],
  ]);
  expect(rows.chattering).toMatchObject([{ sensor: 's-east', changes: 3 }]);
  expect(figure(rows, 'per-day')).toMatchObject({ value: 3 / 7, target: { is: 'at-most', value: 150, limit: 300 }, verdict: 'met', n: 3 });
  expect(rows.unacknowledged.map((w) => w.sensor).sort()).toEqual(['s-east', 's-west']);
  expect(rows.periods.counts.reduce((a, b) => a + b, 0)).toBe(3);

  const alarms = rows.unacknowledged.filter((w) => w.sensor === 's-west').map((w) => w.alarm);
  expect((await server.post('/api/v1/alarms/acts', { act: 'acknowledge', alarms })).status).toBe(200);
  const shelve = { act: 'shelve', kind: 'timed', minutes: 30, reason: '检修', alarms };
  expect((await server.post('/api/v1/alarms/acts', shelve)).json.results[0].ok).toBe(true);
  const { json } = await report();
  expect(figure(json, 'ack-median').n).toBe(1);
  expect(figure(json, 'shelved').value).toBe(1);
  expect(json.shelved).toMatchObject([{ alarm: alarms[0], reason: '检修', until: null }]);
  expect(json.seq).toBeGreaterThan(rows.seq);
});

test('a report that begins later starts from what stood then', async () => {
  const from = encodeURIComponent(new Date().toISOString());
  await until(async () => {
    const { json } = await report(`from=${from}`);
    return json.announced === 0 && json.unacknowledged?.length === 1 && json.shelved.length === 1 && json.shelved[0].since === null;
  });
});

test.each([
  ['from=2126-11-22T00:00:00Z', 'from'],
  ['from=2026-01-01T00:00:00Z&to=2026-11-21T00:00:00Z', 'from'],
  ['to=yesterday', 'to'],
])('%s is refused by field', async (query, field) => {
  expect(await report(query)).toMatchObject({ status: 400, json: { error: { field } } });
});

test('who watches one community is told of that one only', async () => {
  const args = ['create', '--name', 'west', '--role', 'operator', '--area', WEST];
  expect(await run('server/admin.ts', args, { DATA_DIR: server.dataDir }, 'a long enough password\n').ended).toMatchObject({ code: 0 });
  const headers = { authorization: `Basic ${Buffer.from('west:a long enough password').toString('base64')}` };
  const { json } = await until(async () => {
    const answer = await report('', headers);
    return answer.status === 200 && answer;
  });
  expect(json.top.map((t: { sensor: string }) => t.sensor)).toEqual(['s-west']);
  expect(json.announced).toBe(1);
});
