import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LEAVES, middleOf, STREET, WEST } from '../support/fixture-street.ts';
import { addAccount, loadFixture, startServer, type TestServer, until } from '../support/server.ts';

/** Every way in which an incident comes in, each end to end through its own door. */
let server: TestServer;
const password = 'a long enough one';
const as = (name: string) => ({ authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` });
const desk = as('desk');
const names = /王晓燕|李雷|13900002222|02862596110/;

beforeAll(async () => {
  server = await startServer();
  await loadFixture(server);
  for (const [name, role, area] of [
    ['desk', 'operator', ''],
    ['u-0001', 'worker', WEST],
    ['screen', 'screen', ''],
  ] as const) {
    await addAccount(server, { name, role, area, password });
  }
  await until(async () => (await server.get('/api/v1/session')).status === 401);
});
afterAll(() => server?.destroy());

const iso = (ms = 0) => new Date(Date.now() + ms).toISOString();
const incident = (more: object) => ({ kind: 'incident', at: iso(), lngLat: middleOf(0), category: 'manhole', title: '井盖松动', ...more });
const report = async (one: object, by = desk) => (await server.post('/api/v1/reports', { reports: [one] }, by)).json.results[0];
const held = async (id: string) => (await server.get('/api/v1/world', desk)).json.incidents.find((i: { id: string }) => i.id === id);
const entries = async (query: string, by = desk) => (await server.get(`/api/v1/ledger?${query}`, by)).json.entries;
const reported = async (id: string) => (await entries(`subject=${id}&kind=incident.reported`))[0].body;
const step = async (id: string, body: object, by = desk) => {
  const answer = await server.post(`/api/v1/incidents/${id}/steps`, body, by);
  expect([body, answer.status]).toEqual([body, 200]);
};

test('the local hotline: call, ticket, dispatch, answer, revisit, and the caller known again (S098)', async () => {
  const due = iso(3 * 86_400_000);
  const caller = { name: '王晓燕', tel: '139 0000 2222' };
  const ticket = incident({ source: 'street-line', channel: '62596110', ref: 'SL-0001', due, caller, title: '路灯不亮' });
  const taken = await report(ticket);
  expect(taken).toEqual({ ok: true, id: expect.any(String), area: LEAVES[0] });
  const { id } = taken;
  const body = await reported(id);
  expect(body).toMatchObject({
    source: 'street-line',
    channel: '62596110',
    ref: 'SL-0001',
    deadline: Date.parse(due),
    reporter: expect.any(String),
  });
  expect(body.handleClock).toMatchObject({ by: 'source', due: Date.parse(due) });

  // the same ticket again, by another program and with another time: the same incident
  expect(await report({ ...ticket, at: iso(1000), title: '路灯仍不亮' })).toEqual({ ...taken, known: true });
  expect((await entries('kind=incident.reported')).filter((e: { body: { ref?: string } }) => e.body.ref === 'SL-0001')).toHaveLength(1);
  // 12345 counts its tickets by itself; a police number is no source of ours
  const other = await report(incident({ source: 'hotline', ref: 'SL-0001', caller: { name: '李雷', tel: '+86 13900002222' } }));
  expect(other.id).not.toBe(id);
  expect((await reported(other.id)).reporter).toBe(body.reporter);
  expect(await report(incident({ source: '96110' }))).toMatchObject({ ok: false, error: { field: 'source' } });

  for (const s of [
    { step: 'file' },
    { step: 'dispatch', unit: 'u-0001' },
    { step: 'accept' },
    { step: 'arrive' },
    { step: 'handle', result: '已更换灯具' },
    { step: 'verify' },
    { step: 'close', answer: '路灯已修复' },
    { step: 'rate', solved: true, satisfaction: 'satisfied' },
  ]) {
    await step(id, s);
  }
  // the answers feed: what the hotline system reads, from where it stopped
  const feed = await entries('kind=incident.answered&after=0');
  expect(feed).toMatchObject([{ kind: 'incident.answered', body: { incident: id, text: '路灯已修复' } }]);
  expect(await entries(`kind=incident.answered&after=${feed[0].seq}`)).toEqual([]);
  const history = (await entries(`subject=${id}`)).map((e: { kind: string }) => e.kind.replace('incident.', ''));
  expect(history).toEqual(['reported', 'filed', 'dispatched', 'accepted', 'arrived', 'handled', 'verified', 'closed', 'answered', 'rated']);
  expect((await entries(`subject=${id}&kind=incident.rated`))[0].body).toMatchObject({ solved: true, satisfaction: 'satisfied' });

  // the person: masked for those who may read people, nowhere else at all
  const people = await server.get(`/api/v1/people?ids=${body.reporter},p-0001`, desk);
  expect(people.json.people).toEqual([
    { id: 'p-0001', name: '张三', telTail: '1234' },
    { id: body.reporter, name: '李*', telTail: '2222', caller: true },
  ]);
  expect((await server.get(`/api/v1/people?ids=${body.reporter}`, as('screen'))).status).toBe(403);
  const contact = (incident: string, by = desk) => server.post(`/api/v1/people/${body.reporter}/contact`, { incident }, by);
  expect((await contact(id, as('u-0001'))).status).toBe(403);
  expect((await contact(id, as('screen'))).status).toBe(403);
  expect((await contact('i-nobody')).status).toBe(404);
  expect(await entries(`subject=${body.reporter}`)).toEqual([]);
  const told = await contact(id);
  expect(told).toMatchObject({ status: 200, json: { id: body.reporter, name: '李雷', tel: '13900002222' } });
  expect(await entries(`subject=${body.reporter}`)).toMatchObject([
    { seq: told.json.seq, actor: 'desk', kind: 'person.read', body: { person: body.reporter, incident: id } },
  ]);
  expect(JSON.stringify(await entries('limit=5000'))).not.toMatch(names);
  expect(JSON.stringify((await server.get('/api/v1/world', desk)).json)).not.toMatch(names);
  expect(server.output()).not.toMatch(names);
});

test('a caller known from before is registered as one: masked, and known again by the number', async () => {
  const people = [{ id: 'c-1', name: '韩梅梅', tel: '137-0000-3333', kind: 'caller' }];
  expect((await server.admin('/api/v1/registry', { people })).status).toBe(200);
  const { id } = await report(incident({ source: 'resident', caller: { name: '韩梅梅', tel: '+8613700003333' } }));
  expect((await reported(id)).reporter).toBe('c-1');
  expect((await server.get('/api/v1/people?ids=c-1', desk)).json.people).toEqual([
    { id: 'c-1', name: '韩*梅', telTail: '3333', caller: true },
  ]);
  const again = await server.admin('/api/v1/registry', { people: [{ ...people[0], id: 'c-2' }] });
  expect(again).toMatchObject({ status: 409, json: { error: { field: 'people' } } });
});

test('12345: a ticket with a deadline of its own, or with none; without one the category has its say', async () => {
  const none = await report(incident({ source: 'hotline', ref: 'T-1', due: null }));
  expect((await reported(none.id)).deadline).toBeNull();
  const free = await report(incident({ source: 'hotline', ref: 'T-2' }));
  expect((await reported(free.id)).deadline).toBeGreaterThan(Date.now());
  expect(await report(incident({ source: 'hotline', ref: 'T-3', due: 'soon' }))).toMatchObject({ ok: false, error: { field: 'due' } });
});

test('operator and resident: a priority of one’s own, a caller without a number, one who stays unnamed', async () => {
  const urgent = await report(incident({ source: 'operator', priority: 1, caller: { name: '李雷' } }));
  expect(await held(urgent.id)).toMatchObject({ priority: 1, source: 'operator' });
  const unnamed = await report(incident({ source: 'resident', channel: '天府市民云', caller: { tel: '(028) 62596110', anonymous: true } }));
  const { reporter, channel } = await reported(unnamed.id);
  expect(channel).toBe('天府市民云');
  const shown = (await server.get(`/api/v1/people?ids=${reporter}`, desk)).json.people;
  expect(shown).toEqual([{ id: reporter, name: '', telTail: '6110', caller: true, anonymous: true }]);
  const nobody = await report(incident({ source: 'resident', caller: { anonymous: true } }));
  expect((await reported(nobody.id)).reporter).toBeUndefined();
  for (const [more, field] of [
    [{ caller: { tel: '139' } }, 'caller.name'],
    [{ caller: { name: '李雷', tel: 'x' } }, 'caller.tel'],
    [{ caller: { name: '李\n雷' } }, 'caller.name'],
    [{ reporter: 'p-0001' }, 'reporter'],
    [{ priority: 9 }, 'priority'],
  ] as const) {
    expect(await report(incident(more))).toMatchObject({ ok: false, error: { field, rule: expect.any(String) } });
  }
  expect(server.output()).not.toMatch(names);
});

test('a grid worker reports in the own area, names a caller, and gives neither priority nor deadline', async () => {
  const own = await report(incident({ source: 'worker', caller: { name: '李雷', tel: '13900002222' } }), as('u-0001'));
  expect(await held(own.id)).toMatchObject({ source: 'worker', area: LEAVES[0] });
  expect((await entries(`subject=${own.id}`))[0].actor).toBe('u-0001');
  expect(await report(incident({ source: 'worker', priority: 1 }), as('u-0001'))).toMatchObject({ error: { field: 'priority' } });
  expect(await report(incident({ source: 'worker', due: null }), as('u-0001'))).toMatchObject({ error: { field: 'due' } });
  expect(await report(incident({ source: 'worker', lngLat: middleOf(3) }), as('u-0001'))).toMatchObject({ error: { field: 'actor' } });
});

test('an incident made of an alarm: the alarm and the reading that raised it stand on it; once, and of an alarm there is', async () => {
  const t = Date.now();
  const reading = (ms: number, value: number) => ({ kind: 'reading', sensor: 's-0001', at: new Date(t + ms).toISOString(), value });
  for (const r of [reading(0, 31.5), reading(1, 80)]) await report(r);
  const made = incident({ source: 'sensor', alarm: 's-0001/high', title: '燃气超限', lngLat: middleOf(1) });
  expect(await report({ ...made, alarm: 's-0001/low' })).toMatchObject({ ok: false, error: { field: 'alarm' } });
  expect(await report({ ...made, source: 'operator' })).toMatchObject({ ok: false, error: { field: 'source' } });
  const { id } = await report(made);
  expect(await reported(id)).toMatchObject({ alarm: 's-0001/high', reading: { sensor: 's-0001', value: 31.5, limit: 20, at: t } });
  expect(await report(made)).toMatchObject({ ok: false, error: { field: 'alarm', rule: expect.stringContaining(id) } });
});

test('over MQTT a box reports incidents as before; it names nobody and ranks nothing, and what it may not say is counted', async () => {
  const client = await connectAsync(server.mqttUrl);
  const counted = async () => (await server.get('/api/v1/sources', desk)).json.doors.find((d: { door: string }) => d.door === 'mqtt');
  const say = async (more: object) => {
    const { kind: _, ...fields } = incident({ source: 'camera', ...more }) as { kind: string };
    await client.publishAsync(`genglou/${STREET}/incident`, JSON.stringify(fields), { qos: 1 });
  };
  await say({ title: '摄像机看到' });
  for (const more of [{ caller: { name: '李雷' } }, { priority: 1 }, { due: iso(1000) }]) await say(more);
  const door = await until(async () => {
    const d = await counted();
    return d.accepted + d.refused >= 4 && d;
  });
  expect([door.accepted, door.refusals]).toEqual([1, { 'not-allowed': 3 }]);
  await client.endAsync();
  const all = (await server.get('/api/v1/world', desk)).json.incidents;
  expect(all.filter((i: { title: string }) => i.title === '摄像机看到')).toHaveLength(1);
});

test('a ticket that was answered stays one incident after a restart', async () => {
  const ticket = incident({ source: 'hotline', ref: 'T-9', caller: { name: '李雷' } });
  const first = await report(ticket);
  const { dataDir } = server;
  await server.stop();
  server = await startServer({ dataDir });
  expect(await report(ticket)).toEqual({ ...first, known: true });
});
