import { afterAll, beforeAll, expect, test } from 'vitest';
import { EAST, fixtureRegistry, middleOf } from '../support/fixture-street.ts';
import { loadFixture, run, startServer, type TestServer, until } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  await loadFixture(server);
});
afterAll(() => server?.destroy());

const iso = (ms: number) => new Date(ms).toISOString();
const read = (at: number, value: number, sensor = 's-0001') => ({ kind: 'reading', sensor, at: iso(at), value });
const curve = (query: object, id = 's-0001', headers?: Record<string, string>) =>
  server.get(`/api/v1/sensors/${id}/readings?${new URLSearchParams(query as Record<string, string>)}`, headers);
async function send(reports: object[]) {
  expect((await server.post('/api/v1/reports', { reports })).json.accepted).toBe(reports.length);
}

test('the readings between two moments are those that were sent in, whenever and in whatever order they came', async () => {
  const t = Date.now() - 200_000;
  const sent = Array.from({ length: 20 }, (_, i): [number, number] => [t + i * 1000, i === 13 ? 17.25 : 3.1 + i / 10]);
  await send(sent.slice(10).map(([at, v]) => read(at, v)));
  await send(sent.slice(0, 10).map(([at, v]) => read(at, v))); // late: history
  await send([read(t + 19_000, 3.1 + 1.9), { kind: 'position', unit: 'u-0001', at: iso(t), lngLat: middleOf(1) }]); // said again
  const { json } = await until(async () => {
    const answer = await curve({ from: iso(t), to: iso(t + 19_000) });
    return answer.json.total === 20 && answer;
  });
  expect(json).toMatchObject({ sensor: 's-0001', kind: 'gas', from: t, to: t + 19_000, total: 20 });
  expect(json.points).toEqual(sent.map(([at, v]) => [at, Number(v.toPrecision(7))]));
  const part = (await curve({ from: iso(t + 500), to: iso(t + 2000) })).json.points;
  expect(part.map(([at]: [number, number]) => at - t)).toEqual([1000, 2000]);
  expect((await curve({})).json.total).toBe(20);
});

test('a long curve keeps its peak in at most 600 points', async () => {
  const t = Date.now() - 150_000;
  const values = Array.from({ length: 2000 }, (_, i) => read(t + 1 + i * 50, i === 777 ? 19.5 : 4 + (i % 7) / 10));
  for (let i = 0; i < values.length; i += 1000) await send(values.slice(i, i + 1000));
  const { json } = await until(async () => {
    const answer = await curve({ from: iso(t + 1), to: iso(t + 100_000) });
    return answer.json.total === 2000 && answer;
  });
  expect(json.points.length).toBeLessThanOrEqual(600);
  expect(json.points.length).toBeGreaterThan(400);
  expect(json.points).toContainEqual([t + 1 + 777 * 50, 19.5]);
});

test('a sensor that is moved to another community keeps its curve', async () => {
  const before = (await curve({})).json.total;
  expect(before).toBeGreaterThan(0);
  // the sensor is moved to the other community: its older frames lie in another segment
  const [sensor] = fixtureRegistry.sensors;
  expect((await server.admin('/api/v1/registry', { sensors: [{ ...sensor, lngLat: middleOf(3) }] })).status).toBe(200);
  expect((await curve({})).json.total).toBe(before);
});

test('what cannot be asked is refused with its rule', async () => {
  const t = Date.now();
  expect(await curve({}, 's-none')).toMatchObject({ status: 404, json: { error: { field: 'id' } } });
  expect(await curve({ from: iso(t), to: iso(t - 1) })).toMatchObject({ status: 400, json: { error: { field: 'to' } } });
  expect(await curve({ from: iso(t - 6 * 3_600_000 - 1), to: iso(t) })).toMatchObject({ status: 400, json: { error: { field: 'to' } } });
  expect(await curve({ from: 'yesterday' })).toMatchObject({ status: 400, json: { error: { field: 'from' } } });
  const args = ['create', '--name', 'west', '--role', 'operator', '--area', EAST.replace(/2$/, '1')];
  expect(await run('server/admin.ts', args, { DATA_DIR: server.dataDir }, 'a long enough password\n').ended).toMatchObject({ code: 0 });
  const west = { authorization: `Basic ${Buffer.from('west:a long enough password').toString('base64')}` };
  await until(async () => (await curve({}, 's-0001', west)).status !== 401);
  expect(await curve({}, 's-0001', west)).toMatchObject({ status: 403, json: { error: { field: 'actor' } } });
});
