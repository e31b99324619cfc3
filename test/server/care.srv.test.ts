import { afterAll, beforeAll, expect, it } from 'vitest';
import { EAST, fixtureCentre, LEAVES, middleOf, WEST } from '../support/fixture-street.ts';
import { addAccount, loadFixture, startServer, type TestServer, tempDataDir, until } from '../support/server.ts';

const DAY = 86_400_000;
const text = (zh: string) => ({ zh, en: zh });
const careKinds = [
  {
    code: 'elderly',
    name: text('独居老人'),
    everyDays: 7,
    category: 'care-late',
    results: [
      { code: 'ok', name: text('平安') },
      { code: 'unwell', name: text('身体不适'), bad: true, category: 'manhole' },
    ],
  },
  { code: 'quiet', name: text('不立案'), everyDays: 7, results: [{ code: 'ok', name: text('平安') }] },
];
const category = { code: 'care-late', name: text('走访逾期'), priority: 4, limitMinutes: 600 };
const today = () => Math.floor((Date.now() + 8 * 3_600_000) / DAY) * DAY - 8 * 3_600_000;
const ago = (days: number) => today() - days * DAY + 3_600_000;

/** 甲 is overdue since yesterday, 乙 too and has no point of its own, 丙 is due today, 丁 lies in the other community and is due in days */
const registry = () => ({
  people: [
    { id: 'v-1', name: '张玉芳', tel: '14000001111', kind: 'caller' },
    { id: 'v-2', name: '李建国', tel: '14000002222', kind: 'caller' },
    { id: 'v-3', name: '王秀', tel: '14000003333', kind: 'caller' },
    { id: 'v-4', name: '赵宁', tel: null, kind: 'caller' },
  ],
  cares: [
    { id: 'k-1', person: 'v-1', kind: 'elderly', area: LEAVES[0], lngLat: middleOf(0), unit: 'u-0001', since: ago(8) },
    { id: 'k-2', person: 'v-2', kind: 'quiet', area: LEAVES[1], since: ago(9) },
    { id: 'k-3', person: 'v-3', kind: 'elderly', area: LEAVES[2], since: ago(7) },
    { id: 'k-4', person: 'v-4', kind: 'elderly', area: LEAVES[3], since: ago(2) },
  ],
});

let server: TestServer;
const dataDir = tempDataDir();
const as = (name: string) => ({ authorization: `Basic ${Buffer.from(`${name}:${name} opens this door`).toString('base64')}` });
const accounts = [
  ['chen', 'supervisor', ''],
  ['li', 'leader', ''],
  ['u-0001', 'worker', WEST],
  ['dong', 'operator', EAST],
  ['wall', 'screen', ''],
] as const;
type Row = {
  id: string;
  state: string;
  person: { name: string; telTail: string | null } | null;
  overdue: { incident: string | null } | null;
};
const cares = async (who = 'chen', query = '') =>
  (await server.get(`/api/v1/cares${query}`, as(who))).json as { rows: Row[]; total: number };
const row = async (id: string, who = 'chen') => (await cares(who)).rows.find((r) => r.id === id);
const entries = async (query: string) => (await server.get(`/api/v1/ledger?${query}`, as('chen'))).json.entries as Entry[];
type Entry = { seq: number; kind: string; actor: string; body: Record<string, unknown> };
const visit = (id: string, body: object, who = 'chen') => server.post(`/api/v1/cares/${id}/visits`, body, as(who));

beforeAll(async () => {
  server = await startServer({ dataDir });
  await loadFixture(server);
  for (const [name, role, area] of accounts) {
    await addAccount(server, { name, role, area, password: `${name} opens this door` });
  }
  const centre = { ...fixtureCentre, categories: [...fixtureCentre.categories, category], careKinds };
  expect((await server.admin('/api/v1/centre', centre)).status).toBe(200);
});
afterAll(() => server?.destroy());

it('a register is held to kinds, places, units and to people whose names are masked', async () => {
  const { people, cares: list } = registry();
  const refused = async (change: object, more: object[] = people) =>
    (await server.admin('/api/v1/registry', { people: more, cares: [{ ...list[0], ...change }] })).json.error;
  expect(await refused({ kind: 'nobody' })).toMatchObject({ field: 'cares.0.kind' });
  expect(await refused({ area: '510107062999' })).toMatchObject({ field: 'cares.0.area' });
  expect(await refused({ unit: 'u-none' })).toMatchObject({ field: 'cares.0.unit' });
  expect(await refused({ person: 'v-none' })).toMatchObject({ field: 'cares.0.person' });
  expect(await refused({ person: 'p-0001' })).toMatchObject({ field: 'cares.0.person', rule: expect.stringContaining('caller') });
  expect((await cares()).total).toBe(0);
});

it('what is overdue is told once, with an incident of its kind in the same append, that names nobody', async () => {
  expect((await server.admin('/api/v1/registry', registry())).status).toBe(200);
  const told = await until(async () => {
    const found = await entries('kind=care.overdue');
    return found.length >= 2 ? found : undefined;
  });
  const of = (id: string) => told.find((e) => e.body.care === id)!;
  expect(told.map((e) => e.body.care).sort()).toEqual(['k-1', 'k-2']);
  expect(of('k-2').body.incident).toBeUndefined(); // its kind has no category
  const incident = of('k-1').body.incident as string;
  const [reported] = await entries(`subject=${incident}&kind=incident.reported`);
  expect(reported).toMatchObject({ seq: of('k-1').seq - 1, actor: 'clock' });
  expect(reported!.body).toMatchObject({ category: 'care-late', area: LEAVES[0], source: 'patrol', lngLat: middleOf(0) });
  expect(JSON.stringify(await entries('limit=1000'))).not.toMatch(/张玉芳|李建国|1400000/);
  expect((await cares()).rows.map((r) => [r.id, r.state])).toEqual([
    ['k-2', 'overdue'],
    ['k-1', 'overdue'],
    ['k-3', 'due-today'],
    ['k-4', 'not-yet'],
  ]);
  expect((await row('k-1'))!.overdue).toMatchObject({ incident });
});

it('is not told again after a stop or a kill', async () => {
  const before = await entries('kind=care.overdue');
  await server.stop();
  server = await startServer({ dataDir });
  await server.stop('SIGKILL');
  server = await startServer({ dataDir });
  // somebody else becomes overdue: when that is told, so would the others have been
  const { cares: list } = registry();
  const person = { id: 'v-5', name: '孙美', tel: null, kind: 'caller' };
  const fifth = { ...list[0], id: 'k-5', person: 'v-5', area: LEAVES[3], lngLat: undefined };
  expect((await server.admin('/api/v1/registry', { people: [person], cares: [fifth] })).status).toBe(200);
  const after = await until(async () => {
    const found = await entries('kind=care.overdue');
    return found.some((e) => e.body.care === 'k-5') ? found : undefined;
  });
  expect(after.slice(0, before.length)).toEqual(before);
  expect(after.length).toBe(before.length + 1);
  // without a point of its own the incident lies within the place
  const [reported] = await entries(`subject=${after.at(-1)!.body.incident}&kind=incident.reported`);
  const [lng, lat] = reported!.body.lngLat as [number, number];
  expect(Math.hypot(lng - middleOf(3)[0], lat - middleOf(3)[1])).toBeLessThan(0.001);
});

it('a name is masked for whoever visits or reads, absent on a screen; each sees its own places', async () => {
  for (const who of ['chen', 'li', 'u-0001']) expect((await row('k-1', who))!.person).toEqual({ name: '张*芳', telTail: '1111' });
  expect((await row('k-1', 'wall'))!.person).toBeNull();
  expect((await cares('u-0001')).rows.map((r) => r.id).sort()).toEqual(['k-1', 'k-2', 'k-3']);
  expect((await cares('dong')).rows.map((r) => r.id).sort()).toEqual(['k-4', 'k-5']);
  expect((await cares('chen', '?state=due-today,not-yet&kind=elderly')).rows.map((r) => r.id)).toEqual(['k-3', 'k-4']);
  expect((await cares('chen', `?q=${encodeURIComponent('张*')}`)).rows.map((r) => r.id)).toEqual(['k-1']);
  expect((await cares('chen', `?q=${encodeURIComponent('张玉')}`)).rows).toEqual([]);
});

it('a whole name is read by the desk only, each reading an entry', async () => {
  const reveal = (who: string, id = 'k-1') => server.post(`/api/v1/cares/${id}/reveal`, {}, as(who));
  for (const who of ['li', 'u-0001', 'wall', 'dong']) expect((await reveal(who)).status).toBe(403);
  expect(await entries('kind=person.read')).toEqual([]);
  expect((await reveal('chen')).json).toMatchObject({ name: '张玉芳', tel: '14000001111' });
  expect(await entries('kind=person.read')).toMatchObject([{ actor: 'chen', body: { person: 'v-1', care: 'k-1' } }]);
  expect((await reveal('chen', 'k-none')).status).toBe(404);
});

let seenAt = '';
it('a worker hands in its own visits in its own place; others may not', async () => {
  expect((await visit('k-4', { result: 'ok' }, 'u-0001')).status).toBe(403);
  expect((await visit('k-1', { result: 'ok', unit: 'u-0002' }, 'u-0001')).json.error).toMatchObject({ field: 'unit' });
  for (const who of ['li', 'wall', 'dong']) expect((await visit('k-1', { result: 'ok' }, who)).status).toBe(403);
  seenAt = new Date().toISOString();
  const { status, json } = await visit('k-3', { result: 'ok', note: '精神好', at: seenAt }, 'u-0001');
  expect([status, json.known, json.incident]).toEqual([200, false, null]);
  expect((await entries('subject=k-3'))[0]).toMatchObject({
    kind: 'care.visited',
    actor: 'u-0001',
    body: { unit: 'u-0001', note: '精神好' },
  });
  expect((await row('k-3'))!.state).toBe('done-today');
});

it('handed in twice is one visit; what cannot be is refused by field', async () => {
  expect((await visit('k-3', { result: 'ok', at: seenAt }, 'u-0001')).json.known).toBe(true);
  expect((await entries('subject=k-3')).length).toBe(1);
  const field = async (body: object) => (await visit('k-3', body)).json.error?.field;
  expect(await field({ result: 'fine' })).toBe('result');
  expect(await field({ result: 'ok', unit: 'u-none' })).toBe('unit');
  expect(await field({ result: 'ok', at: new Date(Date.now() + 3_600_000).toISOString() })).toBe('at');
  expect(await field({ result: 'ok', at: new Date(ago(30)).toISOString() })).toBe('at');
  expect(await field({ result: 'ok', note: '王秀在家' })).toBe('note');
  expect(await field({ result: 'ok', note: '电话 140-0000 3333' })).toBe('note');
  expect((await visit('k-none', { result: 'ok' })).status).toBe(404);
  expect((await entries('subject=k-3')).length).toBe(1);
});

it('a visit clears what was overdue and tells the desk; the incident is the desk’s to close', async () => {
  const incident = (await row('k-1'))!.overdue!.incident!;
  expect((await visit('k-1', { result: 'ok' })).status).toBe(200);
  expect(await row('k-1')).toMatchObject({ state: 'done-today', overdue: null });
  const [note] = await entries(`subject=${incident}&kind=incident.noted`);
  expect(note!.body.note).toContain('平安');
  expect((await entries(`subject=${incident}&kind=incident.closed`)).length).toBe(0);
});

it('a bad result registers an incident with the visit, of the result’s own category, unless that is not wanted', async () => {
  const { json } = await visit('k-4', { result: 'unwell', note: '头晕' }, 'dong');
  const [reported] = await entries(`subject=${json.incident}&kind=incident.reported`);
  expect(reported!.body).toMatchObject({ category: 'manhole', area: LEAVES[3] });
  expect((await entries('subject=k-4')).at(-1)!.body.incident).toBe(json.incident);
  expect((await visit('k-5', { result: 'unwell', raise: false })).json.incident).toBeNull();
});

it('figures count persons, as of any moment, with the records behind them', async () => {
  const figures = async (query: string) => (await server.get(`/api/v1/cares/figures?${query}`, as('li'))).json.figures;
  const [elderly] = await figures('days=3');
  expect(elderly.records.missed.sort()).toEqual(['k-1', 'k-5']);
  expect(elderly.records.visited.sort()).toEqual(['k-3', 'k-4']);
  expect([elderly.value, elderly.numerator, elderly.denominator]).toEqual([50, 2, 4]);
  const visited = (await entries('kind=care.visited'))[0]! as unknown as { at: number };
  const [before] = await figures(`days=3&asOf=${visited.at - 1}`);
  expect(before.records.visited).toEqual([]);
  const [west] = await figures(`days=3&area=${WEST}`);
  expect(west.records.missed).toEqual(['k-1']);
});

it('a table registers people to be visited: names go to the vault', async () => {
  const table = `编号,类型,区划,关联人,姓名,电话,责任力量,间隔天数,起始日期\nk-9,elderly,${LEAVES[0]},v-9,钱多多,14000009999,u-0001,14,2026-01-05\n`;
  const headers = { 'content-type': 'text/csv', authorization: `Bearer ${server.adminToken}` };
  const post = async (body: string) => {
    const r = await fetch(`${server.url}/api/v1/registry/cares.csv`, { method: 'POST', headers, body });
    return { status: r.status, json: await r.json() };
  };
  expect((await post(table.replace('elderly', 'elder'))).json.mistakes).toMatchObject([{ line: 2, column: 'kind' }]);
  expect(await post(table)).toMatchObject({ status: 200, json: { rows: 1 } });
  expect((await row('k-9'))!.person).toEqual({ name: '钱*多', telTail: '9999' });
  const registered = (await entries('kind=cares.registered')).at(-1)!.body.cares as { everyDays: number }[];
  expect(registered[0]).toMatchObject({ everyDays: 14, unit: 'u-0001', since: Date.parse('2026-01-05T00:00:00+08:00') });
  expect(JSON.stringify(registered)).not.toContain('钱');
});
