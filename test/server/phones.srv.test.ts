import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main as adminCli } from '../../server/admin.ts';
import { middleOf } from '../support/fixture-street.ts';
import { envOf, freePort, loadFixture, startServer, type TestServer, until } from '../support/server.ts';

let server: TestServer;
let nmeaPort: number;
const units = ['u-0003', 'u-0004', 'u-0005', 'u-0006', 'u-0007'];
beforeAll(async () => {
  nmeaPort = await freePort();
  server = await startServer({ env: { NMEA_PORT: String(nmeaPort) } });
  await loadFixture(server);
  await server.admin('/api/v1/registry', { units: units.map((id) => ({ id, name: id, role: 'grid' })) });
});
afterAll(() => server?.destroy());

const [lng, lat] = middleOf(1);
const second = () => Math.floor(Date.now() / 1000);
const asAdmin = () => ({ authorization: `Bearer ${server.adminToken}` });
const devices = async () => (await server.get('/api/v1/devices', asAdmin())).json;
const bind = async (door: string, device: string, unit: string) => {
  const { status, json } = await server.admin('/api/v1/devices/bind', { devices: [{ door, device, unit }] });
  expect([status, json.error]).toEqual([200, undefined]);
};
/** The unit's fixes of these last minutes, as the server keeps them. */
async function trackOf(unit: string, least: number) {
  return until(async () => {
    const now = Date.now();
    const { json } = await server.get(`/api/v1/tracks?units=${unit}&from=${now - 600_000}&to=${now + 1000}`, asAdmin());
    const track = json.tracks?.find((t: { unit: string }) => t.unit === unit);
    return track && track.at.length >= least && track;
  });
}
const form = { 'content-type': 'application/x-www-form-urlencoded' };

describe('apps', () => {
  test('OsmAnd tells m/s, Traccar Client knots in fields and m/s in JSON; each moves its unit', async () => {
    for (const [i, id] of ['osmand-1', 'traccar-1', 'traccar-2'].entries()) await bind('osmand', id, units[i]!);
    const t = second();
    const place = `lat=${lat}&lon=${lng}`;
    expect((await server.get(`/api/v1/osmand?id=osmand-1&${place}&timestamp=${t}&hdop=3&altitude=500&speed=5&bearing=45`)).status).toBe(
      200,
    );
    const fields = `id=traccar-1&timestamp=${t}&${place}&speed=10&bearing=90&altitude=500&accuracy=5&batt=80`;
    expect((await server.post(`/api/v1/traccar?${fields}`, '', form)).json).toEqual({ ok: true });
    const coords = { latitude: lat, longitude: lng, speed: 5, heading: 90, accuracy: 5 };
    const json = { device_id: 'traccar-2', location: { timestamp: new Date(t * 1000).toISOString(), coords } };
    expect((await server.post('/api/v1/traccar', json)).json).toEqual({ ok: true });
    const speeds = await Promise.all(units.slice(0, 3).map(async (u) => (await trackOf(u, 1)).speed[0]));
    expect(speeds).toEqual([5, 5.1, 5]); // 10 knots; frames keep tenths of m/s
  });

  test('times are seconds, milliseconds, ISO or without a zone UTC; fields may come as a form', async () => {
    const t = second() - 100;
    const iso = (s: number) => new Date(s * 1000).toISOString();
    const times = [
      t,
      (t + 1) * 1000,
      iso(t + 2),
      iso(t + 3)
        .replace('T', ' ')
        .slice(0, 19),
    ];
    for (const at of times) {
      const body = new URLSearchParams({ deviceid: 'clock', location: `${lat},${lng}`, timestamp: String(at) });
      expect((await server.post('/api/v1/osmand', body.toString(), form)).json).toEqual({ ok: true, waiting: true });
    }
    const { waiting } = await devices();
    const { id } = waiting.find((w: { device: string }) => w.device === 'clock');
    const { json } = await server.get(`/api/v1/devices/waiting/${id}/fixes`);
    expect(json.fixes.map((f: { at: number }) => f.at / 1000 - t)).toEqual([3, 2, 1, 0]);
  });

  test('OwnTracks is known by its topic or its headers, answered with an empty list, and only its location counts', async () => {
    await bind('owntracks', 'li/phone', 'u-0006');
    const t = second();
    const location = { _type: 'location', lat, lon: lng, tst: t, vel: 36, cog: 180, tid: 'lp', acc: 8, batt: 70 };
    const topic = 'owntracks/li/phone';
    expect((await server.post('/api/v1/owntracks', { ...location, topic })).json).toEqual([]);
    const headers = { 'X-Limit-U': 'li', 'X-Limit-D': 'phone' };
    expect((await server.post('/api/v1/owntracks', { ...location, tst: t + 1 }, headers)).json).toEqual([]);
    for (const other of [{ _type: 'transition', topic, lat: 0, lon: 0, tst: t }, { _type: 'status' }, ''])
      expect([(await server.post('/api/v1/owntracks', other)).status, other]).toEqual([200, other]);
    const track = await trackOf('u-0006', 2);
    expect([track.at.length, track.speed[0]]).toEqual([2, 10]);
    expect((await devices()).waiting.some((w: { door: string }) => w.door === 'owntracks')).toBe(false);
    const encrypted = await server.post('/api/v1/owntracks', { _type: 'encrypted', data: 'x' });
    expect([encrypted.status, encrypted.json.error.field]).toEqual([400, '_type']);
  });

  test('what is not of the form is answered with field and rule and counted at its door, without the number', async () => {
    const refused = async (query: string, field: string) => {
      const { status, json } = await server.get(`/api/v1/osmand?${query}`);
      expect([query, status, json.error.field]).toEqual([query, 400, field]);
    };
    const place = `lat=${lat}&lon=${lng}`;
    await refused(`${place}`, 'id');
    await refused(`id=13800138002&lat=91&lon=0`, 'lat');
    await refused(`id=13800138002&lat=x&lon=0`, 'lat');
    await refused(`id=13800138002&${place}&timestamp=yesterday`, 'timestamp');
    await refused(`id=13800138002&${place}&timestamp=${second() + 3600}`, 'at');
    expect((await server.post('/api/v1/traccar', '{"device_id"', { 'content-type': 'application/json' })).status).toBe(400);
    expect((await server.post('/api/v1/owntracks', '[')).status).toBe(400);
    const { json } = await server.get('/api/v1/doors/refusals?door=osmand');
    expect(json.refusals.map((r: { reason: string }) => r.reason)).toEqual(['form', 'future', 'form', 'form', 'form', 'form']);
    expect(JSON.stringify(json)).not.toContain('13800138002');
    // a phone without a fix is there, and nowhere
    expect((await server.get(`/api/v1/osmand?id=no-fix&valid=false`)).status).toBe(200);
    expect((await devices()).waiting).toContainEqual(expect.objectContaining({ device: 'no-fix', reports: 0 }));
  });
});

describe('NMEA 0183', () => {
  const sentence = (body: string) => {
    let sum = 0;
    for (const ch of body) sum ^= ch.charCodeAt(0);
    return `$${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}`;
  };
  const two = (n: number) => String(n).padStart(2, '0');
  const rmc = (s: number) => {
    const d = new Date(s * 1000);
    const time = [d.getUTCHours(), d.getUTCMinutes(), d.getUTCSeconds()].map(two).join('');
    const date = [d.getUTCDate(), d.getUTCMonth() + 1, d.getUTCFullYear() % 100].map(two).join('');
    return sentence(`GNRMC,${time},A,3036.1200,N,10400.1800,E,1.0,90.0,${date},,,A`);
  };
  const overTcp = (lines: readonly string[]) =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(nmeaPort, '127.0.0.1', () => socket.end(`${lines.join('\r\n')}\r\n`));
      socket.once('close', () => resolve());
      socket.once('error', reject);
      socket.resume();
    });

  test('over TCP a line $PGID says who it is; its fixes wait, are bound, and move the unit', async () => {
    const t = second() - 20;
    await overTcp([sentence('PGID,353451048729261'), rmc(t), rmc(t + 1), '$GPRMC,garbage*00', rmc(t + 2)]);
    const isHere = async () => (await devices()).waiting.find((w: { device: string }) => w.device === '353451048729261');
    await until(async () => (await isHere())?.reports === 3);
    await bind('nmea', '353451048729261', 'u-0007');
    await overTcp([sentence('PGID,353451048729261'), rmc(t + 10)]);
    const track = await trackOf('u-0007', 4);
    expect(track.at.map((at: number) => at / 1000 - t)).toEqual([0, 1, 2, 10]);
    const { json } = await server.get('/api/v1/doors/refusals?door=nmea');
    expect(json.refusals).toMatchObject([{ reason: 'checksum', rule: expect.stringContaining('XOR') }]);
  });

  test('over UDP the source address says who it is', async () => {
    const udp = createSocket('udp4');
    const t = second() - 5;
    const send = (text: string) => new Promise<void>((go) => udp.send(text, nmeaPort, '127.0.0.1', () => go()));
    await until(async () => {
      await send(`${rmc(t)}\r\n${rmc(t + 1)}\r\n`); // a datagram may be lost
      const { waiting } = await devices();
      return waiting.some((w: { door: string; device: string; reports: number }) => w.device === '127.0.0.1' && w.reports >= 2);
    });
    udp.close();
  });

  test('who only talks is cut off', async () => {
    await overTcp([...Array(60)].map(() => 'GET / HTTP/1.1'));
    const { json } = await server.get('/api/v1/doors/refusals?door=nmea');
    expect(json.refusals[0]).toMatchObject({ reason: 'peer', field: 'connection' });
  });
});

test('with accounts, a phone reports as an account of role device, by HTTP Basic or in the query, and may do nothing else', async () => {
  const env = envOf(server);
  await adminCli(
    ['create', '--name', 'phones', '--role', 'device'],
    env,
    () => {},
    async () => 'correct horse',
  );
  const path = `/api/v1/osmand?id=osmand-1&lat=${lat}&lon=${lng}&timestamp=${second()}`;
  await until(async () => (await server.get(path)).status === 401);
  expect((await server.get(`${path}&token=phones:wrong`)).status).toBe(401);
  expect((await server.get(`${path}&token=${encodeURIComponent('phones:correct horse')}`)).status).toBe(200);
  const basic = { authorization: `Basic ${Buffer.from('phones:correct horse').toString('base64')}` };
  expect((await server.post('/api/v1/owntracks', { _type: 'status' }, basic)).status).toBe(200);
  expect((await server.get('/api/v1/devices', basic)).status).toBe(403);
  expect((await server.get('/api/v1/devices?token=phones:correct%20horse')).status).toBe(401);
  const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' };
  expect((await server.get(`${path}&token=${encodeURIComponent('phones:correct horse')}`, foreign)).status).toBe(403);
  // whoever may only watch sees masked numbers
  await adminCli(
    ['create', '--name', 'boss', '--role', 'leader'],
    env,
    () => {},
    async () => 'correct horse',
  );
  const boss = { authorization: `Basic ${Buffer.from('boss:correct horse').toString('base64')}` };
  const { json } = await server.get('/api/v1/devices', boss);
  expect(json.mayBind).toBe(false);
  expect(JSON.stringify(json)).not.toContain('353451048729261');
  expect(JSON.stringify(json)).toContain('353****9261');
  const one = { devices: [{ door: 'osmand', device: 'x', unit: 'u-0001' }] };
  expect((await server.post('/api/v1/devices/bind', one, boss)).status).toBe(403);
  expect((await server.get('/api/v1/devices/waiting/d-1/fixes', boss)).status).toBe(403);
  expect((await server.get('/api/v1/devices/quarantine?unit=u-0003', boss)).status).toBe(403);
});
