import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as tcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixtureCentre, middleOf, STREET } from '../support/fixture-street.ts';
import { addAccount, freePort, loadFixture, run, startServer, type TestServer, tempDataDir, until } from '../support/server.ts';

const example = (name: string) => fileURLToPath(new URL(`../../docs/examples/${name}`, import.meta.url));
const ZIGBEE = example('mapping-zigbee2mqtt.json');
const has = (program: string) => spawnSync(program, ['-h']).error === undefined;
const topic = (rest: string) => `genglou/${STREET}/${rest}`;

const [gas] = fixtureCentre.sensorKinds;
const sensor = (id: string, kind: string, more: object = {}) => ({ id, kind, name: id, lngLat: middleOf(1), ...more });

async function prepare(server: TestServer) {
  await loadFixture(server);
  const kinds = ['temperature', 'contact'].map((code) => ({ ...gas, code, name: { zh: code, en: code }, high: undefined, unit: '' }));
  const centre = { ...fixtureCentre, sensorKinds: [gas, ...kinds] };
  expect((await server.admin('/api/v1/centre', centre)).status).toBe(200);
  const sensors = [
    sensor('z-1-temperature', 'temperature', { device: 'z-1' }),
    sensor('z-1-contact', 'contact', { device: 'z-1' }),
    sensor('z-living-room-temperature', 'temperature'),
    sensor('g-gas-1', 'gas'),
    sensor('g-gas-2', 'gas'),
    sensor('shed-load', 'temperature', { device: 'shed-1' }),
  ];
  expect((await server.admin('/api/v1/registry', { sensors })).status).toBe(200);
}
const door = async (s: TestServer) => (await s.get('/api/v1/sources')).json.doors.find((d: { door: string }) => d.door === 'mqtt');
const sensorAt = async (s: TestServer, id: string) => (await s.get('/api/v1/world')).json.sensors.find((x: { id: string }) => x.id === id);
const asAdmin = (s: TestServer) => ({ authorization: `Bearer ${s.adminToken}` });
const refusals = async (s: TestServer, query = '') => (await s.get(`/api/v1/doors/refusals${query}`, asAdmin(s))).json;

/** What both kinds of broker must do. */
function behaves(server: () => TestServer, url: () => string) {
  const publish = async (messages: readonly (readonly [string, unknown])[]) => {
    const client = await mqtt.connectAsync(url(), { reconnectPeriod: 0 });
    for (const [t, m] of messages) await client.publishAsync(t, typeof m === 'string' ? m : JSON.stringify(m), { qos: 1 });
    await client.endAsync();
  };

  test('a message of several measurements is a reading for each sensor that is registered', async () => {
    await publish([
      ['zigbee2mqtt/z-1', { temperature: 21.5, contact: false, linkquality: 7 }],
      ['zigbee2mqtt/客厅温湿度', { temperature: 19 }],
    ]);
    await until(async () => (await sensorAt(server(), 'z-living-room-temperature'))?.value === 19);
    expect((await sensorAt(server(), 'z-1-temperature')).value).toBe(21.5);
    expect((await sensorAt(server(), 'z-1-contact')).value).toBe(1);
  });

  test('availability takes every sensor of the device off line and back', async () => {
    const online = async () => Promise.all(['z-1-temperature', 'z-1-contact'].map(async (id) => (await sensorAt(server(), id)).online));
    await publish([['zigbee2mqtt/z-1/availability', { state: 'offline' }]]);
    await until(async () => !(await online()).includes(true));
    expect((await sensorAt(server(), 'z-living-room-temperature')).online).toBe(true);
    await publish([['zigbee2mqtt/z-1/availability', 'online']]);
    await until(async () => !(await online()).includes(false));
  });

  test('what cannot be taken is counted and told, with the id of the unknown device and no telephone number', async () => {
    const before = await door(server());
    await publish([
      ['zigbee2mqtt/z-7', { temperature: 20, tel: '138-0000-1234' }],
      ['zigbee2mqtt/z-1', 'no json'],
      ['zigbee2mqtt/z-1', { linkquality: 1 }],
      ['zigbee2mqtt/z-9/availability', 'offline'],
      ['zigbee2mqtt/bridge/devices', '[]'],
      [topic('sensor/s-4711/reading'), { at: new Date().toISOString(), value: 1 }],
    ]);
    const after = await until(async () => {
      const now = await door(server());
      return now.refused - before.refused >= 5 && now;
    });
    expect(after.refused - before.refused).toBe(5); // the bridge's own chatter is none of them
    const told = await refusals(server(), '?door=mqtt');
    expect(told.refusals).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          where: 'zigbee2mqtt/z-7',
          mapping: 'zigbee2mqtt',
          device: 'z-7-temperature',
          reason: 'unknown-id',
          payload: '{"temperature":20,"tel":"***"}',
        }),
        expect.objectContaining({ where: 'zigbee2mqtt/z-1', mapping: 'zigbee2mqtt', field: 'payload', rule: 'JSON', payload: 'no json' }),
        expect.objectContaining({ where: 'zigbee2mqtt/z-1', field: 'readings', rule: expect.stringContaining('water_leak') }),
        expect.objectContaining({ where: 'zigbee2mqtt/z-9/availability', device: 'z-9' }),
        expect.objectContaining({ where: topic('sensor/s-4711/reading'), mapping: null, device: 's-4711' }),
      ]),
    );
    expect(told.unknown.map((u: { device: string }) => u.device)).toEqual(expect.arrayContaining(['z-7-temperature', 'z-9', 's-4711']));
  });

  test("a gateway's last will takes off line what it announced, and it brings back no more than that", async () => {
    const at = () => new Date().toISOString();
    const ids = ['g-gas-1', 'g-gas-2', 'shed-load'];
    const online = async () => Promise.all(ids.map(async (id) => (await sensorAt(server(), id))?.online));
    const will = { topic: topic('gateway/g-1/state'), payload: Buffer.from('{"online":false}'), qos: 1 as const, retain: true };
    const gateway = await mqtt.connectAsync(url(), { reconnectPeriod: 0, will });
    const say = (t: string, m: unknown) => gateway.publishAsync(topic(t), JSON.stringify(m), { qos: 1, retain: true });
    await say('gateway/g-1/devices', ['g-gas-1', 'g-gas-2', 'shed-1', 'nobody-1']);
    await say('gateway/g-1/state', { online: true });
    for (const id of ids) await say(`sensor/${id}/reading`, { at: at(), value: 1 });
    await say('sensor/g-gas-2/state', { online: false });
    await until(async () => String(await online()) === 'true,false,true');
    gateway.stream.destroy(); // cut: no DISCONNECT is sent
    await until(async () => String(await online()) === 'false,false,false');
    const again = await mqtt.connectAsync(url(), { reconnectPeriod: 0 });
    await again.publishAsync(topic('gateway/g-1/state'), '{"online":true}', { qos: 1, retain: true });
    await until(async () => String(await online()) === 'true,false,true');
    await again.endAsync();
    gateway.end(true);
    expect((await refusals(server())).unknown).toContainEqual(expect.objectContaining({ device: 'nobody-1' }));
  });
}

describe('the broker in our process', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ env: { MAPPINGS: ZIGBEE } });
    await prepare(server);
  });
  afterAll(() => server?.destroy());
  behaves(
    () => server,
    () => server.mqttUrl,
  );

  test('what HTTP refuses is told too, without who called', async () => {
    const caller = { name: '张三', tel: '13800001234' };
    const at = new Date().toISOString();
    const reports = [
      { kind: 'reading', sensor: 's-none', at, value: 1 },
      { kind: 'incident', at, lngLat: middleOf(0), category: 'nothing', title: '试', caller },
    ];
    expect((await server.post('/api/v1/reports', { reports })).json.accepted).toBe(0);
    expect((await server.post('/api/v1/reports', 'no json')).status).toBe(400);
    const { refusals: list } = await refusals(server, '?door=http');
    expect(list).toHaveLength(3);
    expect(list).toContainEqual(expect.objectContaining({ device: 's-none', where: 'POST /api/v1/reports', reason: 'unknown-id' }));
    expect(list).toContainEqual(expect.objectContaining({ rule: expect.stringContaining('nothing'), device: null }));
    expect(JSON.stringify(list)).not.toMatch(/张三|1380000/);
  });

  test('a device is registered from the list, and its next message is a reading', async () => {
    expect((await server.admin('/api/v1/registry', { sensors: [sensor('z-7-temperature', 'temperature')] })).status).toBe(200);
    const client = await mqtt.connectAsync(server.mqttUrl);
    await client.publishAsync('zigbee2mqtt/z-7', '{"temperature":22}', { qos: 1 });
    await client.endAsync();
    expect((await sensorAt(server, 'z-7-temperature')).value).toBe(22);
  });

  test('a topic that is neither ours nor of a mapping is refused', async () => {
    const client = await mqtt.connectAsync(server.mqttUrl);
    await client.publishAsync('other/bus', '{}', { qos: 1 });
    await client.endAsync();
    expect((await refusals(server)).refusals[0]).toMatchObject({ where: 'other/bus', mapping: null, field: 'topic' });
  });

  test('the list is for supervisors and administrators', async () => {
    await addAccount(server, { name: 'desk', role: 'operator', area: STREET, password: 'a long enough password' });
    const basic = { authorization: `Basic ${Buffer.from('desk:a long enough password').toString('base64')}` };
    expect(await server.get('/api/v1/doors/refusals', basic)).toMatchObject({ status: 403, json: { error: { field: 'actor' } } });
    expect((await server.get('/api/v1/doors/refusals', asAdmin(server))).status).toBe(200);
  });
});

describe.skipIf(!has('mosquitto'))('a broker of others by MQTT_URL (skipped without the mosquitto broker)', () => {
  let server: TestServer;
  let broker: ReturnType<typeof spawn>;
  let url = '';
  const folder = mkdtempSync(join(tmpdir(), 'genglou-mosquitto-'));
  beforeAll(async () => {
    const port = await freePort();
    writeFileSync(join(folder, 'mosquitto.conf'), `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
    broker = spawn('mosquitto', ['-c', join(folder, 'mosquitto.conf')], { stdio: 'ignore' });
    await until(
      () =>
        new Promise<boolean>((resolve) => {
          const probe = tcp(port, '127.0.0.1', () => {
            probe.destroy();
            resolve(true);
          });
          probe.once('error', () => resolve(false));
        }),
    );
    url = `mqtt://127.0.0.1:${port}`;
    server = await startServer({ env: { MQTT_URL: url, MAPPINGS: ZIGBEE } });
    await prepare(server);
    await until(async () => (await door(server)).state === 'open');
  });
  afterAll(async () => {
    await server?.destroy();
    broker?.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  behaves(
    () => server,
    () => url,
  );
});

test('a file that cannot be used ends the start with every mistake by entry and field', async () => {
  const dataDir = tempDataDir();
  const file = join(dataDir, 'wrong.json');
  const start = async (text: string) => {
    writeFileSync(file, text);
    const [port, mqttPort] = [await freePort(), await freePort()];
    const env = { PORT: String(port), MQTT_PORT: String(mqttPort), JT808_PORT: '0', DATA_DIR: dataDir, MAPPINGS: file };
    return run('server/main.ts', [], env).ended;
  };
  const wrong = { mappings: [{ name: 'bus', topic: 'a/#/b', readings: [{ sensor: '{x}', value: 'v..w' }] }] };
  const { code, output } = await start(JSON.stringify(wrong));
  expect(code).toBe(1);
  expect(output).toContain(`MAPPINGS=${file} cannot be used:\n  bus: topic: # stands at the end\n  bus: readings.0.value: `);
  expect((await start('{')).output).toMatch(/MAPPINGS=.*: not JSON/);
  rmSync(dataDir, { recursive: true, force: true });
});
