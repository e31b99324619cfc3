import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixtureRegistry, middleOf, WEST } from '../support/fixture-street.ts';
import { addAccount, loadFixture, startServer, type TestServer, until } from '../support/server.ts';

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

test('a long curve keeps its ends and its peak in the points asked for, each of them a reading', async () => {
  const t = Date.now() - 150_000;
  const values = Array.from({ length: 4000 }, (_, i): [number, number] => [t + 1 + i * 25, i === 777 ? 19.5 : 4 + (i % 7) / 10]);
  for (let i = 0; i < values.length; i += 1000) await send(values.slice(i, i + 1000).map(([at, v]) => read(at, v)));
  const span = { from: iso(t + 1), to: iso(t + 100_000) };
  const { json } = await until(async () => {
    const answer = await curve(span);
    return answer.json.total === 4000 && answer;
  });
  const said = new Map(values.map(([at, v]) => [at, Number(v.toPrecision(7))]));
  for (const points of [600, 50, 3]) {
    const asked = (await curve({ ...span, points: String(points) })).json.points as [number, number][];
    expect(asked).toHaveLength(points);
    expect([asked[0], asked.at(-1)]).toEqual([values[0], [values.at(-1)![0], said.get(values.at(-1)![0])]]);
    expect(asked.every(([at, v]) => said.get(at) === v)).toBe(true);
    expect(asked.map(([at]) => at)).toEqual([...asked.map(([at]) => at)].sort((a, b) => a - b));
    expect(asked).toContainEqual([t + 1 + 777 * 25, 19.5]);
  }
  expect(json.points).toHaveLength(600);
});

test("every reading as a file: the centre's own time, the value, the unit", async () => {
  const t = Date.parse('2026-11-10T23:59:58Z'); // over a border of spans, days ago
  const said = [0, 1000, 2000, 3000, 4500].map((ms, i): [number, number] => [t + ms, 1.25 + i / 10]);
  await send(said.map(([at, v]) => read(at, v)));
  const rows = await until(async () => {
    const { json, status } = await server.get(`/api/v1/sensors/s-0001/readings.csv?from=${iso(t)}&to=${iso(t + 4500)}`);
    expect(status).toBe(200);
    const lines = (json as string).split('\r\n');
    return lines.length === 7 && lines;
  });
  expect(rows).toEqual([
    'time,value,unit', // its byte order mark is taken off by whoever reads the answer as text
    '2026-11-11T07:59:58.000+08:00,1.25,%LEL',
    '2026-11-11T07:59:59.000+08:00,1.35,%LEL',
    '2026-11-11T08:00:00.000+08:00,1.45,%LEL',
    '2026-11-11T08:00:01.000+08:00,1.55,%LEL',
    '2026-11-11T08:00:02.500+08:00,1.65,%LEL',
    '',
  ]);
  const { json } = await curve({ from: iso(t), to: iso(t + 4500) });
  expect(json).toMatchObject({ total: 5, points: said.map(([at, v]) => [at, Number(v.toPrecision(7))]) });
});

test('a sensor that is moved to another community keeps its curve', async () => {
  const before = (await curve({})).json.total;
  expect(before).toBeGreaterThan(0);
  // the sensor is moved to the other community: its older frames lie in another segment
  const [sensor] = fixtureRegistry.sensors;
  expect((await server.admin('/api/v1/registry', { sensors: [{ ...sensor, lngLat: middleOf(3) }] })).status).toBe(200);
  expect((await curve({})).json.total).toBe(before);
});

test('a server that is killed has lost no reading when it is back: what was not written is taken from the frames', async () => {
  const t = Date.now() - 20_000;
  const said = Array.from({ length: 10 }, (_, i): [number, number] => [t + i * 1000, 2 + i / 10]);
  await send(said.map(([at, v]) => read(at, v)));
  const sent = Date.now();
  // at rest as a frame: the second is over
  await until(async () => {
    const { json } = await server.get(`/api/v1/frames?from=${iso(t)}&to=${iso(Date.now() + 1000)}`);
    return json.frames.some((f: { at: number }) => f.at >= sent);
  });
  const day = { from: iso(t - 86_400_000), to: iso(t + 60_000) };
  const before = (await curve(day)).json;
  await server.stop('SIGKILL');
  server = await startServer({ dataDir: server.dataDir });
  const { json } = await until(async () => {
    const answer = await curve(day);
    return answer.json.total >= before.total && answer;
  });
  expect(json.total).toBe(before.total);
  expect((await curve({ from: iso(t), to: iso(t + 9000) })).json.points).toEqual(said.map(([at, v]) => [at, Number(v.toPrecision(7))]));
});

test('what cannot be asked is refused with its rule', async () => {
  const t = Date.now();
  expect(await curve({}, 's-none')).toMatchObject({ status: 404, json: { error: { field: 'id' } } });
  expect(await curve({ from: iso(t), to: iso(t - 1) })).toMatchObject({ status: 400, json: { error: { field: 'to' } } });
  const days = 86_400_000;
  expect(await curve({ from: iso(t - 35 * days - 1), to: iso(t) })).toMatchObject({ status: 400, json: { error: { field: 'to' } } });
  expect((await curve({ from: iso(t - 35 * days), to: iso(t) })).status).toBe(200);
  for (const points of ['2', '5001', 'many'])
    expect(await curve({ points })).toMatchObject({ status: 400, json: { error: { field: 'points' } } });
  expect(await server.get('/api/v1/sensors/s-none/readings.csv')).toMatchObject({ status: 404, json: { error: { field: 'id' } } });
  expect(await curve({ from: 'yesterday' })).toMatchObject({ status: 400, json: { error: { field: 'from' } } });
  await addAccount(server, { name: 'west', role: 'operator', area: WEST, password: 'a long enough password' });
  const west = { authorization: `Basic ${Buffer.from('west:a long enough password').toString('base64')}` };
  await until(async () => (await curve({}, 's-0001', west)).status !== 401);
  expect(await curve({}, 's-0001', west)).toMatchObject({ status: 403, json: { error: { field: 'actor' } } });
  expect(await server.get('/api/v1/sensors/s-0001/readings.csv', west)).toMatchObject({ status: 403, json: { error: { field: 'actor' } } });
});
