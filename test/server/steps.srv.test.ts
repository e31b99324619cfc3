import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixtureCentre, middleOf } from '../support/fixture-street.ts';
import { loadFixture, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  await loadFixture(server);
  const departments = ['urban', 'fire'].map((code) => ({ code, name: { zh: code, en: code } }));
  expect((await server.admin('/api/v1/centre', { ...fixtureCentre, departments })).status).toBe(200);
});
afterAll(() => server?.destroy());

async function newIncident(more: object = {}): Promise<string> {
  const report = { kind: 'incident', at: new Date().toISOString(), lngLat: middleOf(0), category: 'other', title: '试验', ...more };
  return (await server.post('/api/v1/reports', { reports: [report] })).json.results[0].id;
}
const post = (path: string, body: object) => server.post(`/api/v1/incidents/${path}`, body);

test('of two operators racing for one step, fifty times, exactly one wins and the other is told what happened', async () => {
  for (let round = 0; round < 50; round++) {
    const id = await newIncident();
    const tries = [{ step: 'file' }, round % 2 ? { step: 'decline', reason: '不属受理范围' } : { step: 'file' }];
    const answers = await Promise.all(
      (round % 4 < 2 ? tries : tries.reverse()).map(async (t) => ({ t, ...(await post(`${id}/steps`, t)) })),
    );
    const won = answers.filter((a) => a.status === 200);
    const lost = answers.filter((a) => a.status === 409);
    expect([won.length, lost.length]).toEqual([1, 1]);
    const { state } = won[0]!.json;
    expect(lost[0]!.json.error).toMatchObject({
      field: 'step',
      rule: `${lost[0]!.t.step} is possible from reported; the incident is ${state}`,
      state,
      last: { step: won[0]!.t.step, at: expect.any(Number), actor: 'demo-operator' },
    });
  }
});

test('a dispute is mediated, agreed and revisited; what it does not know is refused', async () => {
  const quarrel = { code: 'quarrel', name: { zh: '纠纷', en: 'Quarrel' }, priority: 3, flow: 'dispute' };
  const departments = ['urban', 'fire'].map((code) => ({ code, name: { zh: code, en: code } }));
  await server.admin('/api/v1/centre', { ...fixtureCentre, categories: [...fixtureCentre.categories, quarrel], departments });
  const id = await newIncident({ category: 'quarrel' });
  const states = [];
  for (const form of [
    { step: 'file' },
    { step: 'dispatch', unit: 'u-0001', suggested: 'u-0001' },
    { step: 'accept' },
    { step: 'mediate', note: '双方到场' },
    { step: 'agree', outcome: 'agreed' },
    { step: 'revisit', kept: true },
    { step: 'close', answer: '已达成协议' },
    { step: 'rate', solved: true, satisfaction: 'satisfied' },
  ]) {
    const { status, json } = await post(`${id}/steps`, form);
    expect([form.step, status]).toEqual([form.step, 200]);
    states.push(json.state);
  }
  expect(states).toEqual(['filed', 'dispatched', 'accepted', 'arrived', 'handled', 'verified', 'closed', 'closed']);
  expect(await post(`${id}/steps`, { step: 'handle' })).toMatchObject({
    status: 409,
    json: { error: { rule: expect.stringContaining('ordinary') } },
  });
  expect(await post(`${id}/steps`, { step: 'suspend', reason: 'r' })).toMatchObject({
    status: 400,
    json: { error: { field: 'reviewAt' } },
  });
});

test('another unit than the first on the list is sent with a reason only', async () => {
  const id = await newIncident();
  await post(`${id}/steps`, { step: 'file' });
  const choose = (more: object) => post(`${id}/steps`, { step: 'dispatch', unit: 'u-0002', suggested: 'u-0001', ...more });
  expect(await choose({})).toMatchObject({ status: 400, json: { error: { field: 'reason' } } });
  expect(await choose({ reason: ' ' })).toMatchObject({ status: 400, json: { error: { field: 'reason' } } });
  expect(await choose({ reason: '熟悉现场' })).toMatchObject({ status: 200 });
  const { entries } = (await server.get(`/api/v1/ledger?subject=${id}`)).json;
  expect(entries.at(-1).body).toMatchObject({ unit: 'u-0002', suggested: 'u-0001', reason: '熟悉现场' });
});

test('a whistle is blown, answered, released and rated', async () => {
  const id = await newIncident();
  const form = { kind: 'urgent', grounds: 'joint', text: '请到场', departments: ['urban', 'fire'] };
  expect(await post(`${id}/whistles`, { ...form, departments: ['moon'] })).toMatchObject({
    status: 400,
    json: { error: { field: 'departments.0' } },
  });
  expect(await post(`${id}/whistles`, form)).toMatchObject({ status: 200, json: { ok: true, whistle: 1 } });
  const act = (a: object) => post(`${id}/whistles/acts`, { whistle: 1, department: 'urban', ...a });
  const race = await Promise.all([act({ act: 'answer' }), act({ act: 'answer' })]);
  expect(race.map((a) => a.status).sort()).toEqual([200, 409]);
  for (const a of [{ act: 'arrive' }, { act: 'release' }, { act: 'rate', rating: 5 }])
    expect([a.act, (await act(a)).status]).toEqual([a.act, 200]);
  expect(await act({ act: 'rate', rating: 6 })).toMatchObject({ status: 400, json: { error: { field: 'rating' } } });
  expect(await act({ act: 'urge', whistle: 7 })).toMatchObject({ status: 404, json: { error: { field: 'whistle' } } });
});

test('many are filed at once after a preview that changes nothing', async () => {
  const incidents = [await newIncident(), await newIncident(), 'i-nobody'];
  const bulk = (more: object) => server.post('/api/v1/incidents/bulk', { incidents, step: 'file', ...more });
  const before = (await server.get('/api/v1/world')).json.seq;
  const { results } = (await bulk({ preview: true })).json;
  expect(results.map((r: { ok: boolean; state?: string }) => [r.ok, r.state])).toEqual([
    [true, 'filed'],
    [true, 'filed'],
    [false, undefined],
  ]);
  expect((await server.get('/api/v1/world')).json.seq).toBe(before);
  expect((await bulk({})).json.results.map((r: { ok: boolean }) => r.ok)).toEqual([true, true, false]);
  expect((await bulk({})).json.results[0]).toMatchObject({ ok: false, error: { field: 'step', state: 'filed', last: { step: 'file' } } });
  expect(await bulk({ incidents: ['i-1', 'i-1'] })).toMatchObject({ status: 400, json: { error: { field: 'incidents' } } });
});

test('history takes whole incidents of any length, held to the same rules, with the clocks it does not tell computed', async () => {
  const start = Date.parse((await server.get('/api/v1/world')).json.at);
  const fact = (k: number, kind: string, body: object = {}) => ({
    at: new Date(start + k).toISOString(),
    kind,
    body: { incident: 'i-past', ...body },
  });
  const reported = {
    title: '旧事',
    category: 'other',
    priority: 3,
    source: 'resident',
    at: start,
    lngLat: middleOf(0),
    area: null,
    deadline: start + 1000,
  };
  while (Date.now() < start + 50) await new Promise((turn) => setTimeout(turn, 10));
  const facts = [
    fact(1, 'incident.reported', reported),
    fact(2, 'incident.filed'),
    fact(3, 'incident.whistle-blown', { kind: 'daily', grounds: 'joint', text: 't', departments: ['urban'], whistle: 1, due: start + 5 }),
    fact(4, 'incident.whistle-answered', { whistle: 1, department: 'urban' }),
    fact(5, 'incident.dispatched', { unit: 'u-0001' }),
    fact(6, 'incident.extension-asked', { reason: 'r', more: { n: 1, unit: 'urgent-hour' } }),
    fact(8, 'incident.extension-granted'),
    fact(9, 'incident.warned', { clock: 'handle', share: 'warn' }),
    fact(10, 'incident.escalated', { level: 'above', area: null, byRule: true }),
    fact(11, 'incident.handled'),
    fact(12, 'incident.verified'),
    fact(13, 'incident.closed'),
    fact(14, 'incident.answered', { text: '已办结' }),
  ];
  expect(await server.admin('/api/v1/history', { facts })).toMatchObject({ status: 200, json: { taken: facts.length } });
  const { entries } = (await server.get('/api/v1/ledger?subject=i-past')).json;
  const granted = entries.find((e: { kind: string }) => e.kind === 'incident.extension-granted');
  expect(granted.body.handleClock).toMatchObject({ due: start + 1002 + 3_600_000, by: 'extension' });
  const refused = async (f: object) => {
    const { status, json } = await server.admin('/api/v1/history', { facts: [f] });
    return [status, json.error?.field];
  };
  expect(await refused(fact(15, 'incident.whistle-blown', { ...facts[2]!.body, whistle: 2 }))).toEqual([409, 'facts.0.body.incident']);
  expect(await refused(fact(15, 'incident.whistle-urged', { whistle: 3, department: 'urban' }))).toEqual([409, 'facts.0.body.whistle']);
  expect(await refused(fact(15, 'incident.warned', { clock: 'file', share: 'due' }))).toEqual([409, 'facts.0.body.clock']);
  expect(await refused(fact(15, 'incident.recalled', { seq: 1, as: {} }))).toEqual([409, 'facts.0.kind']);
  expect(await refused(fact(15, 'incident.handled'))).toEqual([409, 'facts.0.kind']);
});

test('the API document shows what each step must bring', async () => {
  const document = (await server.get('/api/v1/openapi.json')).json;
  const schema = document.paths['/api/v1/incidents/{id}/steps'].post.requestBody.content['application/json'].schema;
  const forms = Object.fromEntries(schema.oneOf.map((f: { properties: { step: { const: string } } }) => [f.properties.step.const, f]));
  expect(Object.keys(forms)).toHaveLength(28);
  expect(forms.suspend.required.sort()).toEqual(['reason', 'reviewAt', 'step']);
  expect(Object.keys(forms.dispatch.properties).sort()).toEqual(['department', 'note', 'reason', 'step', 'suggested', 'unit']);
});
