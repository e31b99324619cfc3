import mqtt from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixtureCentre, LEAVES, middleOf, STREET } from '../support/fixture-street.ts';
import { loadFixture, startServer, type TestServer, until } from '../support/server.ts';

let server: TestServer;
const gas = fixtureCentre.sensorKinds[0]!;
const lift = { ...gas, code: 'lift', high: undefined, range: { min: 0, max: 100 }, unit: 'mm', intervalS: 1 };
const sensor = (id: string, kind = 'gas', more: object = {}) => ({ id, kind, name: id, lngLat: middleOf(1), area: null, ...more });
const iso = (ms: number) => new Date(ms).toISOString();
const reading = (id: string, value: number, at = Date.now()) => ({ kind: 'reading', sensor: id, at: iso(at), value });
const report = (...reports: object[]) => server.post('/api/v1/reports', { reports });
const kindsOf = async (alarm: string) =>
  (await server.get(`/api/v1/ledger?subject=${encodeURIComponent(alarm)}`)).json.entries.map((e: { kind: string }) => e.kind.slice(6));
const world = async () => (await server.get('/api/v1/world')).json;
const setRule = async (code: string, test: object, more: object = {}) => {
  const name = { zh: `升降机${code}`, en: code };
  const { status, json } = await server.admin('/api/v1/alarm-rules', { rule: { kind: 'lift', code, name, test, priority: 2, ...more } });
  expect([status, json.error]).toEqual([200, undefined]);
};

beforeAll(async () => {
  server = await startServer();
  await loadFixture(server);
  await server.admin('/api/v1/centre', { ...fixtureCentre, sensorKinds: [gas, lift] });
  const sensors = ['g-1', 'g-2', 'g-3', 'g-4', 'g-5'].map((id) => sensor(id));
  const lifts = ['lift-1', 'lift-2', 'lift-3', 'lift-4'].map((id) => sensor(id, 'lift', { device: `d-${id}` }));
  const load = sensor('load-1', 'gas', { device: 'd-lift-4' });
  await server.admin('/api/v1/registry', { sensors: [...sensors, ...lifts, load] });
  await setRule('lost', { is: 'no-data', intervals: 2 });
  await report(reading('lift-3', 1)); // and from here on it is silent: the last test looks at it
});
afterAll(() => server.destroy());

test('one reading makes a P1 alarm and, by its rule, an incident in the same append; the reading again makes neither', async () => {
  await setRule('trapped', { is: 'state', values: [99] }, { priority: 1, incident: 'manhole' });
  const message = reading('lift-1', 99);
  await report(message);
  const raised = (await server.get('/api/v1/ledger?subject=lift-1/trapped')).json.entries;
  expect(raised).toHaveLength(1);
  const [incident] = (await world()).incidents.filter((i: { alarm: string }) => i.alarm === 'lift-1/trapped');
  expect(incident).toMatchObject({ source: 'sensor', title: '升降机trapped 西 01-02', area: LEAVES[1], priority: 1, state: 'reported' });
  const [entry] = (await server.get(`/api/v1/ledger?subject=${incident.id}`)).json.entries;
  expect([entry.seq, entry.kind]).toEqual([raised[0].seq + 1, 'incident.reported']);
  expect(entry.body.reading).toMatchObject({ sensor: 'lift-1', value: 99 });
  await Promise.all(Array.from({ length: 5 }, () => report(message)));
  await report(reading('lift-1', 1), reading('lift-1', 99, Date.now() + 5));
  expect((await world()).incidents.filter((i: { alarm: string }) => i.alarm === 'lift-1/trapped')).toHaveLength(1);
});

test('a message sent by two doors at once, again and again, also after a restart, is one alarm', async () => {
  const at = Date.now();
  const publish = async () => {
    const client = await mqtt.connectAsync(server.mqttUrl, { reconnectPeriod: 0 });
    await client.publishAsync(`genglou/${STREET}/sensor/g-1/reading`, JSON.stringify({ at: iso(at), value: 33 }), { qos: 1 });
    await client.endAsync();
  };
  await Promise.all([publish(), publish(), ...Array.from({ length: 20 }, () => report(reading('g-1', 33, at)))]);
  expect(await kindsOf('g-1/high')).toEqual(['raised']);
  const { dataDir } = server;
  await server.stop();
  server = await startServer({ dataDir });
  await Promise.all([publish(), publish(), report(reading('g-1', 33, at), reading('g-1', 35, at + 1))]);
  expect(await kindsOf('g-1/high')).toEqual(['raised']);
  await report(reading('g-1', 1, at + 2));
  expect(await kindsOf('g-1/high')).toEqual(['raised', 'cleared']);
});

test('killed at any moment between reading and answer: sent again, the message is one alarm and one incident', async () => {
  await setRule('flood', { is: 'high', limit: 50 }, { priority: 1, incident: 'manhole' });
  for (const [round, wait] of [0, 3, 8].entries()) {
    const value = 60 + round;
    const messages = [reading('g-2', 30), reading('lift-2', value)];
    const answer = report(...messages).catch(() => 'cut off');
    await new Promise((go) => setTimeout(go, wait));
    const { dataDir } = server;
    await server.stop('SIGKILL');
    await answer;
    server = await startServer({ dataDir });
    await report(...messages);
    await until(async () => (await kindsOf('lift-2/flood')).length > 2 * round);
    expect((await kindsOf('g-2/high')).filter((k: string) => k === 'raised')).toHaveLength(round + 1);
    expect((await kindsOf('lift-2/flood')).filter((k: string) => k === 'raised')).toHaveLength(round + 1);
    expect((await world()).incidents.filter((i: { alarm: string }) => i.alarm === 'lift-2/flood')).toHaveLength(1);
    await report(reading('g-2', 1), reading('lift-2', 1));
    expect((await kindsOf('lift-2/flood')).filter((k: string) => k === 'cleared')).toHaveLength(round + 1);
  }
});

test('a value its kind cannot measure is refused, counted, and stays out of telemetry', async () => {
  const refused = async () =>
    (await server.get('/api/v1/sources')).json.doors.find((d: { door: string }) => d.door === 'http').refusals.range ?? 0;
  const before = await refused();
  const { json } = await report(reading('lift-4', 40), reading('lift-4', 100.5, Date.now() + 1), reading('lift-4', -1, Date.now() + 2));
  expect(json.results.map((r: { ok: boolean }) => r.ok)).toEqual([true, false, false]);
  expect(json.results[1].error).toEqual({ field: 'value', rule: 'a sensor of kind lift measures 0 to 100 mm' });
  expect((await refused()) - before).toBe(2);
  expect((await world()).sensors.find((s: { id: string }) => s.id === 'lift-4').value).toBe(40);
});

test('a delay ends and a changed rule takes hold without another reading; two sensors of a device make one alarm', async () => {
  await setRule('stuck', { is: 'high', limit: 30 }, { onDelayS: 1 });
  await report(reading('lift-4', 41));
  await until(async () => (await kindsOf('lift-4/stuck')).length === 1);
  await setRule('stuck', { is: 'high', limit: 50 });
  await until(async () => (await kindsOf('lift-4/stuck')).length === 2);
  await setRule('crushed', { is: 'both', here: { is: 'high', limit: 30 }, kind: 'gas', there: { is: 'high', limit: 5 } });
  await report(reading('load-1', 6));
  await until(async () => (await kindsOf('lift-4/crushed')).length === 1);
  await report(reading('load-1', 1));
  await until(async () => (await kindsOf('lift-4/crushed')).length === 2);
  expect(await kindsOf('lift-4/stuck')).toEqual(['raised', 'cleared']);
});

test('a sensor that falls silent raises its no-data alarm, then counts as offline; its next reading ends both', async () => {
  const s = async () => (await world()).sensors.find((x: { id: string }) => x.id === 'lift-3');
  await until(async () => (await kindsOf('lift-3/lost')).at(-1) === 'raised');
  await until(async () => (await s()).online === false);
  const metrics = (await server.get('/metrics')).json as string;
  expect(Number(/genglou_sensors_silent (\d+)/.exec(metrics)?.[1])).toBeGreaterThan(0);
  expect(metrics).toMatch(/genglou_readings_judged_total \d+/);
  await report(reading('lift-3', 1));
  expect((await kindsOf('lift-3/lost')).at(-1)).toBe('cleared');
  expect((await s()).online).toBe(true);
});
