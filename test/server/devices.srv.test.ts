import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LEAVES, middleOf } from '../support/fixture-street.ts';
import { loadFixture, startServer, type TestServer, until } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  await loadFixture(server);
  await server.admin('/api/v1/registry', { units: [3, 4, 5, 6].map((n) => ({ id: `u-000${n}`, name: `力量${n}`, role: 'grid' })) });
});
afterAll(() => server?.destroy());

const SIM = '13800138001';
const second = () => Math.floor(Date.now() / 1000);
const osmand = (id: string, leaf: number, timestamp: number, more = '') => {
  const [lng, lat] = middleOf(leaf);
  return server.get(`/api/v1/osmand?id=${id}&lat=${lat}&lon=${lng}&timestamp=${timestamp}${more}`);
};
const devices = async () => (await server.get('/api/v1/devices')).json;
const bind = (...list: { door: string; device: string; unit: string }[]) => server.post('/api/v1/devices/bind', { devices: list });
const tracksOf = async (unit: string, from: number, to: number) => {
  const { json } = await server.get(`/api/v1/tracks?units=${unit}&from=${from}&to=${to}`);
  return json.tracks.find((t: { unit: string }) => t.unit === unit)?.at ?? [];
};
const ledgerText = async () => JSON.stringify((await server.get('/api/v1/ledger?limit=5000')).json);

describe('a phone nobody knows', () => {
  test('waits with what it reports, and once it is bound all of it is the history of its unit', async () => {
    const end = second() - 3600; // an hour ago: its past, not where it is
    for (let i = 0; i < 5; i++) expect((await osmand(SIM, 0, end + 10 * i)).json).toEqual({ ok: true, waiting: true });
    await osmand(SIM, 0, end); // once more: a fix is known by its time
    const { waiting } = await devices();
    expect(waiting).toMatchObject([{ door: 'osmand', device: SIM, reports: 6, dropped: 0 }]);
    const { json } = await server.get(`/api/v1/devices/waiting/${waiting[0].id}/fixes?limit=3`);
    expect(json.fixes.map((f: { at: number }) => f.at)).toEqual([40, 30, 20].map((s) => (end + s) * 1000));

    const answer = await bind({ door: 'osmand', device: SIM, unit: 'u-0003' });
    expect(answer.json.bound).toMatchObject([{ unit: 'u-0003', handed: 5, refused: 0 }]);
    expect((await devices()).waiting).toEqual([]);
    const found = await until(async () => {
      const at = await tracksOf('u-0003', (end - 60) * 1000, (end + 60) * 1000);
      return at.length === 5 && at;
    });
    expect(found).toEqual([0, 10, 20, 30, 40].map((s) => (end + s) * 1000));
  });

  test('reports live for its unit from then on, and the ledger knows it by an opaque id only', async () => {
    expect((await osmand(SIM, 1, second(), '&speed=1.5&bearing=90')).json).toEqual({ ok: true });
    const { bound } = await devices();
    expect(bound).toMatchObject([{ door: 'osmand', device: SIM, unit: 'u-0003', boundBy: 'demo-operator' }]);
    expect(bound[0].lastAt).toBeGreaterThan(Date.now() - 60_000);
    const text = await ledgerText();
    expect(text).toContain('device.bound');
    expect(text).toContain(bound[0].id);
    expect(text).not.toContain(SIM);
    expect(server.output()).not.toContain(SIM);
  });

  test('whose newest kept fix is recent stands where it is as soon as it is bound', async () => {
    const now = second();
    await osmand('fresh-1', 2, now - 60);
    await osmand('fresh-1', 2, now - 5);
    await bind({ door: 'osmand', device: 'fresh-1', unit: 'u-0004' });
    // a fix of the very time the unit was last seen at comes twice; of its past it would only be late
    await osmand('fresh-1', 2, now - 5);
    const { quarantined } = await devices();
    expect(quarantined).toContainEqual(expect.objectContaining({ unit: 'u-0004', reason: 'duplicate', n: 1 }));
    await until(async () => (await tracksOf('u-0004', (now - 70) * 1000, (now + 1) * 1000)).length === 2);
  });
});

describe('bindings', () => {
  test('are all or none, and each reason not to is told by field', async () => {
    const refused = async (field: string, rule: RegExp, ...list: Parameters<typeof bind>) => {
      const { status, json } = await bind(...list);
      expect([status, json.error.field]).toEqual([409, field]);
      expect(json.error.rule).toMatch(rule);
    };
    const fresh = { door: 'owntracks', device: 'li/phone', unit: 'u-0005' };
    await refused('devices.1.unit', /not registered/, fresh, { door: 'osmand', device: 'x', unit: 'u-9999' });
    await refused('devices.1.device', /bound to unit u-0003: release/, fresh, { door: 'osmand', device: SIM, unit: 'u-0006' });
    await refused('devices.0.device', /bound to unit u-0003 already/, { door: 'osmand', device: SIM, unit: 'u-0003' });
    await refused('devices.0.unit', /has a device at door osmand/, { door: 'osmand', device: 'another', unit: 'u-0003' });
    await refused('devices.1.device', /the same device as number 1/, fresh, { ...fresh, unit: 'u-0006' });
    await refused('devices.1.unit', /the same unit as number 1/, fresh, { ...fresh, device: 'wang/phone' });
    expect((await bind({ door: 'fax', device: 'x', unit: 'u-0005' })).status).toBe(400);
    expect((await bind({ door: 'osmand', device: 'a b', unit: 'u-0005' })).json.error.field).toBe('devices.0.device');
    expect((await devices()).bound.map((b: { unit: string }) => b.unit).sort()).toEqual(['u-0003', 'u-0004']);
  });

  test('a terminal of JT/T 808 is the same with and without the zeros in front', async () => {
    await bind({ door: 'jt808', device: '013900139000', unit: 'u-0006' });
    const { json } = await bind({ door: 'jt808', device: '13900139000', unit: 'u-0006' });
    expect(json.error.rule).toContain('bound to unit u-0006 already');
  });

  test('come from a table: every mistake by line and column, and then nothing is bound', async () => {
    const csv = (text: string, query = '') => server.post(`/api/v1/devices.csv${query}`, text, { 'content-type': 'text/csv' });
    const wrong = await csv('入口,设备号,力量编号\nnmea,a,u-0005\nfax,b,u-0006\nosmand,a b,u-0006\nnmea,a,u-9999\nosmand,c,u-0003\n');
    expect(wrong.status).toBe(422);
    const told = wrong.json.mistakes.map((m: { line: number; column: string }) => `${m.line} ${m.column}`);
    expect(told).toEqual(['3 door', '4 device', '5 unit', '5 device', '6 unit']);
    expect(wrong.json.mistakes[3].rule).toBe('the same device as line 2');
    expect((await csv('door,device,unit\n')).json.error.rule).toContain('no rows');
    const right = 'door,device,unit\nnmea,353451048729261,u-0005\n';
    expect((await csv(right, '?dry=1')).json).toEqual({ rows: 1, handed: 0 });
    expect((await csv(right)).json).toEqual({ rows: 1, handed: 0 });
    expect((await csv(right)).json.mistakes).toMatchObject([{ line: 2, column: 'device', rule: 'bound to unit u-0005 already' }]);
    expect(JSON.stringify((await csv(right)).json)).not.toContain('353451048729261');
  });

  test('once released, a device waits again; what is not bound cannot be released', async () => {
    const one = { devices: [{ door: 'jt808', device: '13900139000' }] };
    expect((await server.post('/api/v1/devices/release', one)).json).toEqual({ units: ['u-0006'] });
    expect((await server.post('/api/v1/devices/release', one)).status).toBe(409);
    await server.post('/api/v1/devices/release', { devices: [{ door: 'osmand', device: 'fresh-1' }] });
    expect((await osmand('fresh-1', 2, second())).json.waiting).toBe(true);
  });

  test('of a moment of the past are told by the ledger; the number of what is released since is kept nowhere', async () => {
    const entries = (await server.get('/api/v1/ledger?kind=device.bound,device.released')).json.entries;
    const at = (kind: string, unit: string) =>
      entries.find((e: { kind: string; body: { unit: string } }) => e.kind === kind && e.body.unit === unit).at;
    const then = async (ms: number) => (await server.get(`/api/v1/devices?asOf=${ms}`)).json;
    const bound = at('device.bound', 'u-0006');
    const list = await then(bound);
    expect(list).toMatchObject({ waiting: null, quarantined: null });
    const row = (unit: string) => list.bound.find((b: { unit: string }) => b.unit === unit);
    expect(row('u-0006')).toMatchObject({ door: 'jt808', device: null, boundAt: bound, boundBy: 'demo-operator', lastAt: null });
    expect(row('u-0003')).toMatchObject({ door: 'osmand', device: SIM, lastAt: null });
    expect((await then(at('device.bound', 'u-0003') - 1)).bound).toEqual([]);
    const units = (answer: { bound: { unit: string }[] }) => answer.bound.map((b) => b.unit).sort();
    expect(units(await then(at('device.released', 'u-0006') - 1))).toContain('u-0006');
    expect(units(await then(Date.now()))).toEqual(units(await devices()));
  });

  test('and who waits are there after a restart, with everything kept', async () => {
    const before = await devices();
    const dataDir = server.dataDir;
    await server.stop();
    server = await startServer({ dataDir });
    const after = await devices();
    const still = (list: { id: string }[]) => list.map((x) => x.id).sort();
    expect(still(after.bound)).toEqual(still(before.bound));
    expect(after.waiting).toEqual(before.waiting);
  });
});

describe('what cannot be true', () => {
  test('is answered as taken to a phone, counted as refused at the door, and stands in quarantine', async () => {
    const now = second();
    expect((await osmand(SIM, 1, now)).status).toBe(200);
    expect((await server.get(`/api/v1/osmand?id=${SIM}&lat=0&lon=0&timestamp=${now + 1}`)).status).toBe(200);
    expect((await server.get(`/api/v1/osmand?id=${SIM}&lat=31.2&lon=104.05&timestamp=${now + 2}`)).status).toBe(200);
    await osmand(SIM, 1, now); // twice
    await osmand(SIM, 1, now - 1); // out of order
    const { quarantined } = await devices();
    const told = Object.fromEntries(quarantined.map((q: { reason: string; n: number }) => [q.reason, q.n]));
    expect(told).toMatchObject({ zero: 1, jump: 1, duplicate: 1, reordered: 1 });
    const { json } = await server.get('/api/v1/devices/quarantine?unit=u-0003&reason=jump');
    expect(json.fixes).toMatchObject([{ at: (now + 2) * 1000, lng: 104.05, lat: 31.2, reason: 'jump' }]);
    const { json: sources } = await server.get('/api/v1/doors/refusals?door=osmand');
    expect(sources.refusals.map((r: { reason: string }) => r.reason)).toEqual(['implausible', 'implausible']);
    await until(async () => Date.now() > (now + 3) * 1000); // tracks are of the past
    expect(await tracksOf('u-0003', (now + 1) * 1000, (now + 3) * 1000)).toEqual([]);
  });

  test('over the plain door is refused with field and rule', async () => {
    const at = new Date().toISOString();
    const reports = [{ kind: 'position', unit: 'u-0005', at, lngLat: [0.001, 0.001] }];
    const { json } = await server.post('/api/v1/reports', { reports });
    expect(json.results).toMatchObject([{ ok: false, error: { field: 'lngLat', rule: expect.stringContaining('no fix') } }]);
  });

  test('but SOS is heard: the alarm is raised where the unit was last believed to be', async () => {
    await osmand(SIM, 1, second() + 10);
    await server.get(`/api/v1/traccar?id=${SIM}&lat=0&lon=0&timestamp=${second() + 11}&alarm=sos`);
    const raised = await until(async () => {
      const { json } = await server.get('/api/v1/ledger?kind=alarm.raised&limit=100');
      return json.entries.find((e: { body: unknown }) => /sos/.test(JSON.stringify(e.body)) && /u-0003/.test(JSON.stringify(e.body)));
    });
    expect(raised.body.area).toBe(LEAVES[1]);
  });
});
