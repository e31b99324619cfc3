import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as tcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LEAVES, middleOf, STREET } from '../support/fixture-street.ts';
import { freePort, loadFixture, startServer, type TestServer, until } from '../support/server.ts';

const has = (program: string) => spawnSync(program, ['-h']).error === undefined;
const iso = (aheadMs = 0) => new Date(Date.now() + aheadMs).toISOString();
/** Device times of positions, half a minute apart: nobody is in another micro-grid at once. */
let moved = 0;
const then = () => {
  moved += 30_000;
  return iso(moved);
};
const topic = (rest: string) => `genglou/${STREET}/${rest}`;
const incident = (title: string) => JSON.stringify({ at: iso(), lngLat: middleOf(0), category: 'other', title, source: 'hotline' });

const door = async (s: TestServer) => (await s.get('/api/v1/sources')).json.doors.find((d: { door: string }) => d.door === 'mqtt');
const unit = async (s: TestServer, id = 'u-0001') => (await s.get('/api/v1/world')).json.units.find((u: { id: string }) => u.id === id);
const titled = async (s: TestServer, title: string) =>
  (await s.get('/api/v1/world')).json.incidents.filter((i: { title: string }) => i.title === title);

/** What both kinds of broker must do. `publisher` connects as a device would. */
function behaves(server: () => TestServer, url: () => string, protocolVersion: 4 | 5) {
  const device = (options: mqtt.IClientOptions = {}) => mqtt.connectAsync(url(), { protocolVersion, reconnectPeriod: 0, ...options });

  test('a position, a reading and an incident arrive', async () => {
    const client = await device();
    await client.publishAsync(topic('unit/u-0001/position'), JSON.stringify({ at: then(), lngLat: middleOf(2), heading: 90, speed: 1.2 }), {
      qos: 1,
    });
    await client.publishAsync(topic('sensor/s-0001/reading'), JSON.stringify({ at: iso(), value: 4.5 }));
    await client.publishAsync(topic('incident'), incident(`v${protocolVersion} 报告`), { qos: 1 });
    await client.endAsync();
    await until(async () => (await unit(server()))?.area === LEAVES[2]);
    await until(async () => (await server().get('/api/v1/world')).json.sensors[0].value === 4.5);
    const [found] = await until(async () => {
      const list = await titled(server(), `v${protocolVersion} 报告`);
      return list.length > 0 && list;
    });
    expect(found).toMatchObject({ area: LEAVES[0], source: 'hotline', state: 'reported' });
  });

  test('bad messages are counted by reason and disturb nobody', async () => {
    const before = await door(server());
    const client = await device();
    await client.publishAsync(topic('unit/u-0001/position'), 'not json', { qos: 1 });
    await client.publishAsync(topic('unit/u-0001/position'), Buffer.from([0xff, 0xfe, 0]), { qos: 1 });
    await client.publishAsync(topic('unit/u-0001/nonsense'), '{}', { qos: 1 });
    await client.publishAsync(topic('unit/u-4711/position'), JSON.stringify({ at: iso(), lngLat: middleOf(0) }), { qos: 1 });
    await client.publishAsync(topic('sensor/s-0001/reading'), JSON.stringify({ at: iso(400_000), value: 1 }), { qos: 1 });
    await client.publishAsync('genglou/999999999/incident', incident('别的街道'), { qos: 1 });
    await client.publishAsync(topic('unit/u-0001/state'), '{"online": 3}', { qos: 1 });
    await client.endAsync();
    const refusals = await until(async () => {
      const after = await door(server());
      if (after.refused - before.refused < 7) return false;
      return Object.fromEntries(
        Object.entries(after.refusals as Record<string, number>).map(([k, n]) => [k, n - (before.refusals[k] ?? 0)]),
      );
    });
    expect(refusals).toMatchObject({ form: 4, 'unknown-id': 1, future: 1, place: 1 });
    expect((await server().get('/healthz')).status).toBe(200);
  });

  test('retained state and the last will say online and offline', async () => {
    const will = { topic: topic('unit/u-0001/state'), payload: Buffer.from('offline'), qos: 1 as const, retain: true };
    const client = await device({ will });
    await client.publishAsync(topic('unit/u-0001/position'), JSON.stringify({ at: then(), lngLat: middleOf(1) }), { qos: 1 });
    await client.publishAsync(topic('unit/u-0001/state'), '{"online":true}', { qos: 1, retain: true });
    await until(async () => (await unit(server())).online === true);
    client.stream.destroy(); // the device loses its network: no DISCONNECT is sent
    await until(async () => (await unit(server())).online === false);
    expect((await unit(server())).area).toBe(LEAVES[1]);
    client.end(true);
  });
}

describe('the broker in our process', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
    await loadFixture(server);
  });
  afterAll(() => server?.destroy());
  describe('MQTT 3.1.1', () =>
    behaves(
      () => server,
      () => server.mqttUrl,
      4,
    ));

  describe('MQTT 5', () =>
    behaves(
      () => server,
      () => server.mqttUrl,
      5,
    ));

  test('MQTT 5: subscribe, receive, unsubscribe, and a leaving that asks for the last will', async () => {
    const will = { topic: topic('unit/u-0002/state'), payload: Buffer.from('offline'), qos: 1 as const, retain: false };
    const client = await mqtt.connectAsync(server.mqttUrl, { protocolVersion: 5, reconnectPeriod: 0, clientId: '', will });
    await client.subscribeAsync('genglou/#', { qos: 1 });
    const heard = new Set<string>();
    client.on('message', (t) => heard.add(t));
    const position = { at: iso(), lngLat: middleOf(0) };
    await client.publishAsync(topic('unit/u-0002/position'), JSON.stringify(position), {
      qos: 2,
      properties: { contentType: 'application/json' },
    });
    await until(() => heard.has(topic('unit/u-0002/position')));
    expect(heard).toContain(topic('unit/u-0001/state')); // retained from before
    await client.unsubscribeAsync(['genglou/#', 'other/#']);
    expect((await unit(server, 'u-0002')).online).toBe(true);
    await client.endAsync(false, { reasonCode: 4 });
    await until(async () => (await unit(server, 'u-0002')).online === false);
  });

  test('an acknowledged incident is in the ledger, and the same message sent again is the same incident', async () => {
    const client = await mqtt.connectAsync(server.mqttUrl, { protocolVersion: 4 });
    const payload = incident('确认即入账');
    await client.publishAsync(topic('incident'), payload, { qos: 1 });
    expect(await titled(server, '确认即入账')).toHaveLength(1); // no waiting: the acknowledgement came after
    await client.publishAsync(topic('incident'), payload, { qos: 1, dup: true });
    expect(await titled(server, '确认即入账')).toHaveLength(1);
    await client.endAsync();
  });

  test('garbage on the port cuts off whoever sent it, nobody else', async () => {
    const good = await mqtt.connectAsync(server.mqttUrl, { protocolVersion: 4, reconnectPeriod: 0 });
    await new Promise<void>((resolve) => {
      const socket = tcp(server.mqttPort, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\n\r\n'));
      socket.on('error', () => {});
      socket.on('data', () => {});
      socket.once('close', () => resolve());
    });
    await good.publishAsync(topic('incident'), incident('照常'), { qos: 1 });
    expect(await titled(server, '照常')).toHaveLength(1);
    await good.endAsync();
  });

  test.skipIf(!has('mosquitto_pub'))('mosquitto_pub works as the README says (skipped without mosquitto-clients)', async () => {
    const message = JSON.stringify({ at: then(), lngLat: middleOf(3), heading: 90, speed: 1.2 });
    const args = ['-h', '127.0.0.1', '-p', String(server.mqttPort), '-q', '1', '-t', topic('unit/u-0002/position'), '-m', message];
    expect(spawnSync('mosquitto_pub', args).status).toBe(0);
    expect(spawnSync('mosquitto_pub', ['-V', 'mqttv5', ...args]).status).toBe(0);
    expect(spawnSync('mosquitto_pub', ['-V', 'mqttv31', ...args]).status).toBe(0);
    expect((await unit(server, 'u-0002')).area).toBe(LEAVES[3]);
  });
});

describe.skipIf(!has('mosquitto'))('a broker of others by MQTT_URL (skipped without the mosquitto broker)', () => {
  let server: TestServer;
  let url = '';
  let folder = '';
  let broker: ReturnType<typeof spawn>;
  const startBroker = async (port: number) => {
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
  };
  let port = 0;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'genglou-mosquitto-'));
    port = await freePort();
    writeFileSync(join(folder, 'mosquitto.conf'), `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
    await startBroker(port);
    url = `mqtt://127.0.0.1:${port}`;
    server = await startServer({ env: { MQTT_URL: url } });
    await loadFixture(server);
    await server.admin('/api/v1/registry', { units: [{ id: 'u-0003', name: '网格员三', role: 'grid', area: null }] });
    await until(async () => (await door(server)).state === 'open');
  });
  afterAll(async () => {
    await server?.destroy();
    broker?.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  describe('MQTT 5', () =>
    behaves(
      () => server,
      () => url,
      5,
    ));

  test.skipIf(!has('mosquitto_sub'))(
    'a text reaches the device of a unit through it, which says so (skipped without mosquitto-clients)',
    async () => {
      const at = ['-h', '127.0.0.1', '-p', String(port), '-q', '1'];
      const send = (text: string) => server.post('/api/v1/units/u-0003/messages', { text });
      const publish = (rest: string, body: object) =>
        expect(spawnSync('mosquitto_pub', [...at, '-t', topic(`unit/u-0003/${rest}`), '-m', JSON.stringify(body)]).status).toBe(0);
      expect((await send('没有设备')).status).toBe(409);
      publish('position', { at: then(), lngLat: middleOf(1) });
      await until(async () => (await unit(server, 'u-0003'))?.area === LEAVES[1]);
      const refused = (await door(server)).refused;

      const device = spawn('mosquitto_sub', [...at, '-i', 'u-0003', '-t', topic('unit/u-0003/message')]);
      let heard = '';
      device.stdout.on('data', (d) => {
        heard += d;
      });
      try {
        // until a word of our own comes back it has not subscribed yet
        await until(() => {
          publish('message', { text: '试音' });
          return heard.includes('试音');
        });
        for (const [text, ok, result] of [
          ['请到西门集合', true, 'delivered'],
          ['拒收这一条', false, 'refused'],
        ] as const) {
          const answer = send(text);
          const [, line] = await until(() => new RegExp(`^(\\{.*${text}.*\\})$`, 'm').exec(heard) ?? false);
          const { message } = JSON.parse(line!);
          publish('answer', ok ? { message } : { message, ok });
          expect((await answer).json).toMatchObject({ message, door: 'mqtt', result });
        }
        const { entries } = (await server.get('/api/v1/ledger?subject=u-0003&kind=unit.messaged,unit.message-answered')).json;
        expect(entries.map((e: { body: { text?: string; result?: string } }) => e.body.text ?? e.body.result)).toEqual([
          ...['请到西门集合', 'delivered'],
          ...['拒收这一条', 'refused'],
        ]);
        // what the server published itself came back to it, and is no refusal
        expect((await door(server)).refused).toEqual(refused);
      } finally {
        device.kill();
      }
    },
  );

  test('a text while the broker is away is told as unreachable at once, and never delivered afterwards', async () => {
    broker.kill('SIGKILL');
    await until(async () => (await door(server)).state === 'failed');
    expect((await server.post('/api/v1/units/u-0003/messages', { text: '过时的话' })).json).toMatchObject({ result: 'unreachable' });
    await startBroker(port);
    await until(async () => (await door(server)).state === 'open');
    const texts: string[] = [];
    const client = await mqtt.connectAsync(url);
    client.on('message', (_, payload) => texts.push(payload.toString()));
    await client.subscribeAsync(topic('unit/u-0003/message'));
    await client.publishAsync(topic('unit/u-0003/position'), JSON.stringify({ at: then(), lngLat: middleOf(1) }), { qos: 1 });
    const answer = server.post('/api/v1/units/u-0003/messages', { text: '新的话' });
    const message = JSON.parse(await until(() => texts.find((x) => x.includes('新的话')) ?? false)).message;
    await client.publishAsync(topic('unit/u-0003/answer'), JSON.stringify({ message }), { qos: 1 });
    expect((await answer).json.result).toBe('delivered');
    expect(texts.filter((x) => x.includes('过时'))).toEqual([]);
    await client.endAsync();
  });

  test('after the broker was away the subscription is there again', async () => {
    broker.kill('SIGKILL');
    await until(async () => (await door(server)).state === 'failed');
    await startBroker(port);
    await until(async () => (await door(server)).state === 'open');
    const client = await mqtt.connectAsync(url);
    await client.publishAsync(topic('incident'), incident('重连之后'), { qos: 1 });
    await client.endAsync();
    await until(async () => (await titled(server, '重连之后')).length === 1);
  });
});
