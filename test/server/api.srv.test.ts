import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixtureBoundaries, fixtureRegistry, LEAVES, middleOf, STREET, WEST } from '../support/fixture-street.ts';
import { addAccount, loadFixture, startServer, type TestServer, until } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  await loadFixture(server);
});
afterAll(() => server?.destroy());

const iso = (ms = 0) => new Date(Date.now() + ms).toISOString();
async function newIncident(leaf = 0): Promise<string> {
  const report = { kind: 'incident', at: iso(), lngLat: middleOf(leaf), category: 'other', title: '试验' };
  return (await server.post('/api/v1/reports', { reports: [report] })).json.results[0].id;
}
const step = (id: string, body: object, headers?: Record<string, string>) => server.post(`/api/v1/incidents/${id}/steps`, body, headers);
const seqNow = async () => (await server.get('/api/v1/world')).json.seq as number;

test('an incident walks from report to close, and its history tells every step', async () => {
  const id = await newIncident();
  const steps = [
    { step: 'file' },
    { step: 'dispatch', unit: 'u-0001', note: '就近' },
    { step: 'handle' },
    { step: 'verify' },
    { step: 'close' },
  ];
  const states = [];
  for (const s of steps) {
    const { status, json } = await step(id, s);
    expect(status).toBe(200);
    states.push(json.state);
  }
  expect(states).toEqual(['filed', 'dispatched', 'handled', 'verified', 'closed']);
  const { entries } = (await server.get(`/api/v1/ledger?subject=${id}`)).json;
  expect(entries.map((e: { kind: string }) => e.kind)).toEqual(['reported', ...states, 'answered'].map((s) => `incident.${s}`));
  expect(entries[2]).toMatchObject({ actor: 'demo-operator', body: { incident: id, unit: 'u-0001', note: '就近' } });
  const filed = await server.get(`/api/v1/ledger?kind=incident.filed,incident.closed&after=${entries[0].seq}&limit=1`);
  expect(filed.json.entries).toEqual([entries[1]]);
});

test('of two operators racing for one step one wins, the other is told the state', async () => {
  const id = await newIncident();
  const answers = await Promise.all([step(id, { step: 'file' }), step(id, { step: 'file' })]);
  expect(answers.map((a) => a.status).sort()).toEqual([200, 409]);
  const lost = answers.find((a) => a.status === 409);
  expect(lost?.json).toEqual({
    error: {
      field: 'step',
      rule: expect.stringContaining('filed'),
      state: 'filed',
      last: { step: 'file', at: expect.any(Number), actor: 'demo-operator' },
    },
  });
});

test('impossible steps are refused and change nothing', async () => {
  const id = await newIncident();
  const before = await seqNow();
  expect(await step(id, { step: 'close' })).toMatchObject({ status: 409, json: { error: { field: 'step', state: 'reported' } } });
  expect(await step(id, { step: 'jump' })).toMatchObject({ status: 400, json: { error: { field: 'step' } } });
  expect(await step('i-nobody', { step: 'file' })).toMatchObject({ status: 404, json: { error: { field: 'incident' } } });
  expect(await seqNow()).toBe(before);
  await step(id, { step: 'file' });
  expect(await step(id, { step: 'dispatch' })).toMatchObject({ status: 400, json: { error: { field: 'unit' } } });
  expect(await step(id, { step: 'dispatch', unit: 'u-4711' })).toMatchObject({ status: 400, json: { error: { field: 'unit' } } });
  const asAdmin = await step(id, { step: 'dispatch', unit: 'u-0001' }, { authorization: `Bearer ${server.adminToken}` });
  expect(asAdmin).toMatchObject({ status: 403, json: { error: { field: 'actor' } } });
});

test('an operator may not set up the centre; a wrong token is nobody', async () => {
  for (const path of ['centre', 'boundaries', 'basemap', 'registry', 'history']) {
    const body = { geojson: fixtureBoundaries, validFrom: iso(), facts: [], reports: [], units: [] };
    const { status } = await server.post(
      `/api/v1/${path}`,
      path === 'basemap' ? { geojson: { type: 'FeatureCollection', features: [] } } : body,
    );
    expect([path, status]).toEqual([path, path === 'centre' ? 400 : 403]);
  }
  expect((await server.get('/api/v1/world', { authorization: 'Bearer wrong' })).status).toBe(401);
  expect((await server.get('/api/v1/world', { authorization: 'Basic eDp5' })).status).toBe(401);
});

test('locate names the path from the street to the micro-grid; a shared border belongs to the lower code', async () => {
  const at = (lng: number, lat: number) => server.get(`/api/v1/areas/locate?lng=${lng}&lat=${lat}`);
  const { json } = await at(...middleOf(2));
  expect(json.path.map((a: { code: string }) => a.code)).toEqual([STREET, WEST, `${WEST}001`, LEAVES[2]]);
  expect((await at(104.002, 30.602)).json.path.at(-1).code).toBe(LEAVES[0]);
  expect((await at(105, 30)).status).toBe(404);
  expect(await server.get('/api/v1/areas/locate?lng=abc&lat=30')).toMatchObject({ status: 400, json: { error: { field: 'lng' } } });
});

test('boundaries with errors are refused with a report and change nothing', async () => {
  const seq = await seqNow();
  const features = structuredClone(fixtureBoundaries.features).filter((f) => f.properties.code !== LEAVES[1]);
  const answer = await server.admin('/api/v1/boundaries', { geojson: { type: 'FeatureCollection', features }, validFrom: iso() });
  expect(answer.status).toBe(422);
  expect(answer.json.error.field).toBe('geojson');
  expect(answer.json.report.findings.map((f: { kind: string }) => f.kind)).toContain('gap');
  expect(await seqNow()).toBe(seq);
  expect((await server.get(`/api/v1/areas/locate?lng=${middleOf(1)[0]}&lat=30.602`)).json.path.at(-1).code).toBe(LEAVES[1]);
});

test('new boundaries are in force for the next report', async () => {
  const features = structuredClone(fixtureBoundaries.features);
  const renamed = features.find((f) => f.properties.code === LEAVES[0]);
  if (!renamed) throw new Error('the fixture has this leaf');
  renamed.properties.code = `${WEST}001009` as typeof renamed.properties.code;
  const published = await server.admin('/api/v1/boundaries', { geojson: { type: 'FeatureCollection', features }, validFrom: iso() });
  expect(published).toMatchObject({ status: 200, json: { version: 2, areas: 10 } });
  const report = { kind: 'position', unit: 'u-0001', at: iso(), lngLat: middleOf(0) };
  const [result] = (await server.post('/api/v1/reports', { reports: [report] })).json.results;
  expect(result.area).toBe(`${WEST}001009`);
  const again = await server.admin('/api/v1/boundaries', { geojson: fixtureBoundaries, validFrom: iso() });
  expect(again.json.version).toBe(3);
  const same = await server.admin('/api/v1/boundaries', { geojson: fixtureBoundaries, validFrom: iso() });
  expect(same.json).toMatchObject({ version: 3, hash: again.json.hash });
  const blob = await server.get(`/api/v1/blobs/${again.json.hash}`, { 'accept-encoding': 'gzip, br' });
  expect(blob.headers.get('cache-control')).toContain('immutable');
  expect(blob.headers.get('content-encoding')).toBe('br');
  expect(blob.json.features).toHaveLength(10);
  expect((await server.get(`/api/v1/blobs/${'0'.repeat(64)}`)).status).toBe(404);
});

test('people are read from the vault, masked, and are not in the ledger', async () => {
  const { json } = await server.get('/api/v1/people?ids=p-0001,p-none');
  expect(json.people).toEqual([{ id: 'p-0001', name: '张三', telTail: '1234' }]);
  const all = (await server.get('/api/v1/ledger?limit=5000')).json.entries;
  expect(JSON.stringify(all)).not.toMatch(/张三|13800001234/);
  expect(JSON.stringify(all)).toContain('p-0001');
});

test('registration refuses places and kinds that nobody knows', async () => {
  const bad = (list: object) => server.admin('/api/v1/registry', list);
  expect(await bad({ units: [{ ...fixtureRegistry.units[0], area: '999' }] })).toMatchObject({
    status: 400,
    json: { error: { field: 'units.0.area' } },
  });
  expect(await bad({ sensors: [{ ...fixtureRegistry.sensors[0], kind: 'x' }] })).toMatchObject({
    status: 400,
    json: { error: { field: 'sensors.0.kind' } },
  });
  const [sensor] = fixtureRegistry.sensors;
  const facility = { id: 'f-1', kind: 'charging-shed', name: '充电棚一', lngLat: middleOf(0), capacity: 12 };
  const stop = (name: string, facility?: string) => ({ name, lngLat: middleOf(2), ...(facility ? { facility } : {}) });
  const refused = async (list: object) => (await bad(list)).json.error.field;
  expect(await refused({ sensors: [{ ...sensor, facility: 'f-1' }] })).toBe('sensors.0.facility');
  expect(await refused({ cameras: [{ ...fixtureRegistry.cameras[0], facility: 'f-1' }] })).toBe('cameras.0.facility');
  expect(await refused({ tours: [{ id: 't-1', name: '环线', stops: [stop('甲'), stop('乙', 'f-1')] }] })).toBe('tours.0.stops.1.facility');
  expect(await refused({ facilities: [{ ...facility, area: '999' }] })).toBe('facilities.0.area');
  expect(await refused({ facilities: [{ ...facility, capacity: 0 }] })).toBe('facilities.0.capacity');
  expect(await refused({ tours: [{ id: 't-1', name: '环线', stops: [stop('甲')] }] })).toBe('tours.0.stops');
});

test('facilities, what names them, and a tour past them are registered in one request', async () => {
  const answer = await server.admin('/api/v1/registry', {
    facilities: [{ id: 'f-1', kind: 'charging-shed', name: '充电棚一', lngLat: middleOf(0), capacity: 12 }],
    sensors: [{ ...fixtureRegistry.sensors[0], facility: 'f-1' }],
    tours: [{ id: 't-1', name: '环线', stops: [0, 1].map((i) => ({ name: `第${i}站`, lngLat: middleOf(i), facility: 'f-1' })) }],
  });
  expect(answer).toMatchObject({ status: 200, json: { facilities: 1, sensors: 1, tours: 1, units: 0 } });
  const { entries } = (await server.get('/api/v1/ledger?kind=facilities.registered,tours.registered')).json;
  expect(entries.map((e: { kind: string }) => e.kind)).toEqual(['facilities.registered', 'tours.registered']);
  expect(entries[0].body.facilities[0]).toMatchObject({ id: 'f-1', area: LEAVES[0], hours: [], offers: [] });
  expect(await server.admin('/api/v1/registry', { sensors: [{ ...fixtureRegistry.sensors[0], facility: 'f-1' }] })).toMatchObject({
    status: 200,
  });
});

test('history keeps its own times and the same rules', async () => {
  const start = Date.parse((await server.get('/api/v1/world')).json.at);
  await until(async () => Date.now() > start + 50);
  const body = {
    incident: 'i-past',
    title: '旧事',
    category: 'other',
    priority: 3,
    source: 'resident',
    at: start,
    lngLat: middleOf(0),
    area: LEAVES[0],
    deadline: start + 1,
  };
  const facts = [
    { at: new Date(start + 10).toISOString(), kind: 'incident.reported', body },
    { at: new Date(start + 20).toISOString(), kind: 'incident.filed', body: { incident: 'i-past' } },
  ];
  expect(await server.admin('/api/v1/history', { facts })).toMatchObject({ status: 200, json: { taken: 2 } });
  const { entries } = (await server.get('/api/v1/ledger?subject=i-past')).json;
  expect(entries.map((e: { at: number; actor: string }) => [e.at, e.actor])).toEqual([
    [start + 10, 'import'],
    [start + 20, 'import'],
  ]);
  const later = { at: new Date(start + 30).toISOString() };
  const broken = [
    { ...later, kind: 'incident.dispatched', body: { incident: 'i-past', unit: 'u-0001' } },
    { ...later, kind: 'incident.closed', body: { incident: 'i-past' } },
    { ...later, kind: 'incident.handled', body: { incident: 'i-past' } },
  ];
  const answer = await server.admin('/api/v1/history', { facts: broken });
  expect(answer).toMatchObject({ status: 409, json: { error: { field: 'facts.1.kind', taken: 1 } } });
  expect((await server.get('/api/v1/ledger?subject=i-past')).json.entries).toHaveLength(3);
  const older = [{ at: new Date(start).toISOString(), kind: 'incident.handled', body: { incident: 'i-past' } }];
  expect(await server.admin('/api/v1/history', { facts: older })).toMatchObject({ status: 409, json: { error: { field: 'facts.0.at' } } });
  const setup = [{ ...later, kind: 'centre.configured', body: {} }];
  expect(await server.admin('/api/v1/history', { facts: setup })).toMatchObject({
    status: 400,
    json: { error: { field: 'facts.0.kind' } },
  });
});

test('the world as of T is the world that was live at T, units and sensors too', async () => {
  const fix = (leaf: number) => ({ kind: 'position', unit: 'u-0002', at: iso(), lngLat: middleOf(leaf) });
  await server.post('/api/v1/reports', { reports: [fix(1), { kind: 'reading', sensor: 's-0001', at: iso(), value: 7 }] });
  const id = await newIncident(1);
  const said = iso();
  // frames are at rest a second later; T is a moment after them and before what follows, whatever the clocks of the house wrote until then
  await until(async () => (await server.get(`/api/v1/frames?from=${said}&to=${iso()}`)).json.frames.length > 0);
  const live = (await server.get('/api/v1/world')).json;
  const t = live.at;
  await until(() => Date.now() > Date.parse(t) + 5);
  await step(id, { step: 'file' });
  await server.post('/api/v1/reports', { reports: [fix(3)] });
  const then = (await server.get(`/api/v1/world?at=${t}`)).json;
  const timeless = (list: object[]) => list.map((x) => ({ ...x, ageMs: 0 }));
  expect(then.seq).toBe(live.seq);
  for (const list of ['incidents', 'alarms', 'units', 'sensors'])
    expect([list, timeless(then[list])]).toEqual([list, timeless(live[list])]);
  expect((await server.get(`/api/v1/world?at=${iso(60_000)}`)).status).toBe(400);
  expect((await server.get(`/api/v1/frames?from=${iso(-700_000)}&to=${iso()}`)).status).toBe(400);
});

test('pages may load from here only, and unknown paths get the one form of error', async () => {
  const wall = await server.get('/wall');
  const policy = wall.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("worker-src 'self' blob:");
  const sources = policy.split(/[; ]+/).filter((s) => /[.:]/.test(s) && !['blob:', 'data:'].includes(s));
  expect(sources.every((s) => s.includes(new URL(server.url).host))).toBe(true);
  expect((await server.get('/')).headers.get('location')).toBe('/wall');
  expect(await server.get('/api/v1/nothing')).toMatchObject({ status: 404, json: { error: { field: 'path' } } });
  expect(await server.get('/assets/..%2f..%2fpackage.json')).toMatchObject({ status: 404 });
});

test('a scoped account sees and does what lies in its area', async () => {
  const inWest = await newIncident(0);
  const inEast = await newIncident(3);
  await addAccount(server, { name: 'west', role: 'operator', area: WEST, password: 'a long enough password' });
  const basic = { authorization: `Basic ${Buffer.from('west:a long enough password').toString('base64')}` };
  const seen = (await server.get('/api/v1/world', basic)).json;
  const ids = seen.incidents.map((i: { id: string }) => i.id);
  expect([ids.includes(inWest), ids.includes(inEast)]).toEqual([true, false]);
  expect(seen.sensors).toHaveLength(1);
  expect((await step(inEast, { step: 'file' }, basic)).status).toBe(403);
  expect((await step(inWest, { step: 'file' }, basic)).status).toBe(200);
  expect(
    (await server.get('/api/v1/ledger?kind=incident.reported', basic)).json.entries.every((e: { body: { area: string } }) =>
      e.body.area.startsWith(WEST),
    ),
  ).toBe(true);
  const wrong = { authorization: `Basic ${Buffer.from('west:another password').toString('base64')}` };
  expect((await server.get('/api/v1/world', wrong)).status).toBe(401);
  // the first account ends the demonstration
  await until(async () => (await server.get('/api/v1/session')).status === 401);
  expect((await server.get('/healthz')).status).toBe(200);
});
