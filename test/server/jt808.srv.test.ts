import { existsSync } from 'node:fs';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Told, writeBatch, writeLocation } from '../../model/jt808/location.ts';
import * as say from '../../model/jt808/messages.ts';
import { writeMessage } from '../../model/jt808/wire.ts';
import { LEAVES, middleOf, STREET } from '../support/fixture-street.ts';
import { freePort, loadFixture, startServer, type TestServer, until } from '../support/server.ts';
import { testTerminal } from '../support/terminal.ts';

const PHONE = '13900000001';
const WAITING = '13900000002';
const OF_MQTT = 'u-0001';
const OF_808 = 'u-0002';
const location = (agoS: number, leaf: number, more: Partial<Told> = {}) =>
  writeLocation({ lngLat: middleOf(leaf), speed: 5, heading: 45, at: Date.now() - agoS * 1000, ...more });

let server: TestServer;
let port: number;
const dial = (phone = PHONE, version: 'old' | 2019 = 'old') => testTerminal(port, phone, version);
const unit = async (id = OF_808) => (await server.get('/api/v1/world')).json.units.find((u: { id: string }) => u.id === id);
const door = async () => (await server.get('/api/v1/sources')).json.doors.find((d: { door: string }) => d.door === 'jt808');
const entries = async (kind: string) => (await server.get(`/api/v1/ledger?kind=${kind}&limit=100`)).json.entries;

beforeAll(async () => {
  port = await freePort();
  server = await startServer({ env: { JT808_PORT: String(port) } });
  await loadFixture(server);
  const bound = await server.admin('/api/v1/devices/bind', { devices: [{ door: 'jt808', device: `0${PHONE}`, unit: OF_808 }] });
  if (bound.status !== 200) throw new Error(JSON.stringify(bound.json));
});
afterAll(() => server?.destroy());

test.each(['old', 2019] as const)(
  'a terminal (%s) registers, authenticates and reports: its unit moves and is on line, then off line',
  async (version) => {
    const [ago, heading] = version === 2019 ? [10, 46] : [20, 45];
    const t = await dial(PHONE, version);
    expect(await t.enter()).toBe(0);
    expect(await t.ask(say.HEARTBEAT)).toBe(0);
    expect(await t.ask(say.LOCATION, location(ago, 0, { heading }))).toBe(0);
    const u = await until(async () => {
      const u = await unit();
      return u?.heading === heading && u;
    });
    expect(u).toMatchObject({ area: LEAVES[0], online: true });
    t.socket.destroy();
    await until(async () => (await unit()).online === false);
  },
);

test('back-fill is kept and never moves the marker; a batch of type 0 does', async () => {
  const t = await dial();
  await t.enter();
  expect(await t.ask(say.LOCATION, location(6, 0))).toBe(0);
  const before = await unit();
  expect(await t.ask(say.BATCH, writeBatch(true, [location(90, 2), location(60, 2), location(2, 2)]))).toBe(0);
  expect((await unit()).lngLat).toEqual(before.lngLat);
  expect(await t.ask(say.BATCH, writeBatch(false, [location(4, 0), location(1, 0, { heading: 181 })]))).toBe(0);
  await until(async () => (await unit()).heading === 181);
  t.socket.destroy();
});

test('SOS is answered as an alarm and raises one; released it ends', async () => {
  const t = await dial();
  await t.enter();
  expect(await t.ask(say.LOCATION, location(0, 0, { sos: true }))).toBe(4);
  const ours = async () =>
    (await server.get('/api/v1/world')).json.alarms.find((a: { id: string; sensor?: string }) => a.id.includes(OF_808));
  const alarm = await until(ours);
  expect(alarm.active).toBe(true);
  const second = () => Math.floor(Date.now() / 1000);
  const then = second();
  await until(() => second() > then); // the wire holds whole seconds, and a fix of the same moment is a repetition
  expect(await t.ask(say.LOCATION, location(0, 0))).toBe(0);
  await until(async () => (await ours())?.active !== true);
  t.socket.destroy();
});

test('wrong check bytes, unknown messages and times to come are refused and counted by reason; the connection goes on', async () => {
  const before = (await door()).refusals;
  const t = await dial();
  await t.enter();
  const spoilt = writeMessage({ id: say.LOCATION, version: 'old', phone: PHONE, seq: 9, body: location(0, 0) });
  spoilt[20] = spoilt[20]! ^ 1;
  t.raw(spoilt);
  expect(await t.ask(0x0900, Uint8Array.of(1))).toBe(3);
  expect(await t.ask(say.LOCATION, location(-900, 0))).toBe(2);
  expect(await t.ask(say.HEARTBEAT)).toBe(0);
  t.socket.destroy();
  const after = (await door()).refusals;
  for (const reason of ['checksum', 'unsupported', 'future']) expect((after[reason] ?? 0) - (before[reason] ?? 0), reason).toBe(1);
  const { json } = await server.get('/api/v1/doors/refusals', { authorization: `Bearer ${server.adminToken}` });
  const ours = json.refusals.filter((r: { door: string }) => r.door === 'jt808');
  expect(ours.map((r: { reason: string }) => r.reason)).toEqual(expect.arrayContaining(['checksum', 'unsupported', 'future']));
  expect(JSON.stringify(ours)).not.toContain('1390000');
});

test('what nobody has bound waits and is not shown; bound, it is its unit', async () => {
  const t = await dial(WAITING);
  await t.enter();
  expect(await t.ask(say.LOCATION, location(0, 4))).toBe(0);
  const devices = async () => (await server.get('/api/v1/devices', { authorization: `Bearer ${server.adminToken}` })).json;
  const waits = (await devices()).waiting.find((d: { device: string }) => d.device === WAITING);
  expect(waits).toMatchObject({ door: 'jt808', reports: 1 });
  expect(await unit(OF_MQTT)).not.toMatchObject({ area: LEAVES[4] });
  t.socket.destroy();
});

test('a bound terminal that has not authenticated reports nothing', async () => {
  const t = await dial();
  const before = (await unit()).at;
  expect(await t.ask(say.LOCATION, location(0, 3))).toBe(1);
  expect((await unit()).at).toBe(before);
  t.socket.destroy();
});

describe('a message to a unit', () => {
  test('by JT/T 808: shown, refused, or nobody there; both ends are entries', async () => {
    const path = `/api/v1/units/${OF_808}/messages`;
    expect((await server.post(path, { text: '在吗' })).json.result).toBe('unreachable');
    const t = await dial(PHONE, 2019);
    await t.enter();
    for (const [result, is] of [
      [0, 'delivered'],
      [3, 'refused'],
    ] as const) {
      const sent = server.post(path, { text: '请到 3 栋门口' });
      const m = await t.next(say.TEXT);
      expect(new TextDecoder('gbk').decode(say.readText(m.body, 2019))).toBe('请到 3 栋门口');
      t.send(say.TERMINAL_ACK, say.writeAck({ seq: m.seq, id: say.TEXT, result }));
      expect((await sent).json).toMatchObject({ door: 'jt808', result: is });
    }
    expect((await server.post(path, { text: '好😀' })).json.error).toMatchObject({ field: 'text', rule: expect.stringContaining('GBK') });
    t.socket.destroy();
    const sent = await entries('unit.messaged');
    const answered = await entries('unit.message-answered');
    expect(sent.map((e: { body: { text: string } }) => e.body.text)).toEqual(['在吗', '请到 3 栋门口', '请到 3 栋门口']);
    expect(answered.map((e: { body: { result: string } }) => e.body.result)).toEqual(['unreachable', 'delivered', 'refused']);
    expect(answered[1].body.message).toBe(sent[1].body.message);
  });

  test('by MQTT: the unit says itself that it has shown it; a unit nobody has heard cannot be written to', async () => {
    const path = `/api/v1/units/${OF_MQTT}/messages`;
    expect(await server.post(path, { text: '在吗' })).toMatchObject({ status: 409, json: { error: { field: 'id' } } });
    const client = await mqtt.connectAsync(server.mqttUrl);
    const topic = (what: string) => `genglou/${STREET}/unit/${OF_MQTT}/${what}`;
    await client.subscribeAsync(topic('message'), { qos: 1 });
    await client.publishAsync(topic('position'), JSON.stringify({ at: new Date().toISOString(), lngLat: middleOf(0) }), { qos: 1 });
    client.on('message', (_topic, payload) => {
      const { message, text } = JSON.parse(payload.toString());
      client.publish(topic('answer'), JSON.stringify({ message, ...(text === '拒收' ? { ok: false } : {}) }), { qos: 1 });
    });
    expect((await server.post(path, { text: '请回电' })).json).toMatchObject({ door: 'mqtt', result: 'delivered' });
    expect((await server.post(path, { text: '拒收' })).json).toMatchObject({ door: 'mqtt', result: 'refused' });
    await client.publishAsync(topic('answer'), JSON.stringify({ message: 'm-made-up' }), { qos: 1 });
    await until(async () => (await server.get('/api/v1/sources')).json.doors.find((d: { door: string }) => d.door === 'mqtt').refused > 0);
    await client.endAsync();
  });

  test('is for those who may; the form is held', async () => {
    const path = `/api/v1/units/${OF_808}/messages`;
    expect((await server.admin(path, { text: '在吗' })).status).toBe(403);
    expect((await server.post('/api/v1/units/u-9/messages', { text: '在吗' })).status).toBe(404);
    for (const text of ['', '  ', '长'.repeat(201)]) expect((await server.post(path, { text })).json.error.field).toBe('text');
  });
});

test('who carries a unit, to call: told to the desk, and written down', async () => {
  const { status, json } = await server.get(`/api/v1/units/${OF_MQTT}/contact`);
  expect([status, json]).toEqual([200, { name: '张三', tel: '13800001234' }]);
  expect((await entries('person.read')).at(-1).body).toEqual({ person: 'p-0001', unit: OF_MQTT });
  expect((await server.get(`/api/v1/units/${OF_808}/contact`)).json.error).toMatchObject({ field: 'person' });
  const asAdmin = await server.get(`/api/v1/units/${OF_MQTT}/contact`, { authorization: `Bearer ${server.adminToken}` });
  expect(asAdmin.status).toBe(403);
});

test('the code outlives a restart of the terminal, the key lies in the data directory, and no number is in what the server wrote', async () => {
  const t = await dial();
  const code = await t.register();
  t.socket.destroy();
  const again = await dial();
  expect(await again.ask(say.AUTHENTICATE, say.writeAuthentication(code, 'old'))).toBe(0);
  again.socket.destroy();
  expect(existsSync(join(server.dataDir, 'jt808.key'))).toBe(true);
  expect(server.output()).not.toMatch(/1390000000/);
});
