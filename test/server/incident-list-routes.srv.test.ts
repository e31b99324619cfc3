import { afterAll, beforeAll, expect, test } from 'vitest';
import { type KpiFigure, kpiIds } from '../../model/incident-kpi.ts';
import { LEAVES, middleOf, STREET, WEST } from '../support/fixture-street.ts';
import { loadFixture, run, startServer, type TestServer, tempDataDir } from '../support/server.ts';

let server: TestServer;
const dataDir = tempDataDir();
const made: string[] = [];
const titles = ['=HYPERLINK("x")', '井盖, "破损"\n第二行', '占道', '噪音'];

beforeAll(async () => {
  server = await startServer({ dataDir });
  await loadFixture(server);
  for (const [n, title] of titles.entries()) {
    const at = new Date(Date.now() - 60_000).toISOString();
    const report = { kind: 'incident', at, lngLat: middleOf(n % LEAVES.length), category: 'other', title: title.replace('\n', ' ') };
    const channel = n === 2 ? { source: 'resident', channel: '天府市民云' } : { source: 'hotline', ref: `T-${n}` };
    const { json } = await server.post('/api/v1/reports', { reports: [{ ...report, ...channel }] });
    made.push(json.results[0].id);
  }
});
afterAll(() => server?.destroy());
const list = async (query: string) => (await server.get(`/api/v1/incidents?${query}`)).json;

test('who has just taken a step sees it in the list: the answer waits for the entry it names', async () => {
  for (const step of ['file', 'decline']) {
    const id = step === 'file' ? made[0] : made[3];
    const body = step === 'file' ? { step } : { step, reason: '重复' };
    const { json } = await server.post(`/api/v1/incidents/${id}/steps`, body);
    const answer = await list(`q=${id}&after=${json.seq}`);
    expect(answer.seq).toBeGreaterThanOrEqual(json.seq);
    expect(answer.rows).toMatchObject([{ id, state: json.state, open: step === 'file', leftMs: expect.anything() }]);
    const one = await server.get(`/api/v1/incidents/${id}?after=${json.seq}`);
    expect(one.json).toMatchObject({ incident: { id, state: json.state }, place: expect.any(String) });
  }
  const ahead = await server.get('/api/v1/incidents?after=999999');
  expect(ahead).toMatchObject({ status: 400, json: { error: { field: 'after', rule: expect.stringContaining('ends at entry') } } });
});

test('pages follow one another by their cursor, which belongs to its order', async () => {
  const first = await list('limit=3&sort=priority');
  expect([first.total, first.rows.length]).toEqual([4, 3]);
  const second = await list(`limit=3&sort=priority&cursor=${first.next}`);
  expect(second).toMatchObject({ total: 4, next: null, rows: [expect.anything()] });
  expect(new Set([...first.rows, ...second.rows].map((r: { id: string }) => r.id)).size).toBe(4);
  for (const cursor of [first.next, 'xyz']) {
    const wrong = await server.get(`/api/v1/incidents?cursor=${cursor}`);
    expect(wrong).toMatchObject({ status: 400, json: { error: { field: 'cursor' } } });
  }
});

test.each([
  ['state=lost', 'state.0'],
  ['area=nowhere', 'area'],
  ['from=2026-11-22T00:00:00Z&to=2026-11-21T00:00:00Z', 'to'],
  ['set=everything', 'set'],
])('%s is refused by field', async (query, field) => {
  expect(await server.get(`/api/v1/incidents?${query}`)).toMatchObject({ status: 400, json: { error: { field } } });
});

test('the file is of all rows, safe in a spreadsheet and of the form of RFC 4180', async () => {
  const seq = (await server.get('/api/v1/world')).json.seq;
  const response = await fetch(`${server.url}/api/v1/incidents.csv?sort=reportedAt&order=asc&after=${seq}`);
  expect(response.headers.get('content-type')).toMatch(/^text\/csv; charset=utf-8/);
  expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="incidents-[\d-]+\.csv"$/);
  const bytes = new Uint8Array(await response.arrayBuffer());
  expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const text = new TextDecoder().decode(bytes);
  const lines = text.split('\r\n');
  expect(lines).toHaveLength(1 + titles.length + 1);
  expect(lines.at(-1)).toBe('');
  expect(lines[0]).toContain('编号,当日序号,标题');
  expect(lines[1]).toContain(`"'=HYPERLINK(""x"")"`);
  expect(lines[2]).toContain('"井盖, ""破损"" 第二行"');
  expect(lines[4]).toContain(',不予立案,');
});

test('the board counts by place below the one asked for, and each count opens to as many rows', async () => {
  const { json } = await server.get(`/api/v1/incidents/counts?by=area&area=${STREET}`);
  expect(json.total).toBe(4);
  for (const { key, n } of json.rows) expect([key, (await list(`area=${key}`)).total]).toEqual([key, n]);
  expect(json.rows.map((r: { key: string }) => r.key)).toContain(WEST);
  const channels = (await server.get('/api/v1/incidents/channels')).json.rows;
  expect(channels).toContainEqual(expect.objectContaining({ source: 'resident', channel: '天府市民云', n: 1, responded: 0 }));
  const stuck = (await server.get('/api/v1/incidents/stuck?by=step')).json.rows;
  expect(stuck.find((r: { step: string }) => r.step === 'reported')).toMatchObject({ n: 4, running: 2 });
  expect((await server.get('/api/v1/incidents/stuck?running=false')).json.rows).toMatchObject([{ step: 'reported', n: 2, running: 0 }]);
});

test('a figure opens to the records it was counted from', async () => {
  const { json } = await server.get(`/api/v1/kpis?area=${STREET}`);
  expect(json.figures.map((f: KpiFigure) => f.id)).toEqual(kpiIds);
  const filing = json.figures.find((f: KpiFigure) => f.id === 'filing-rate') as KpiFigure;
  expect(filing).toMatchObject({ value: 25, numerator: { n: 1 }, denominator: { n: 4 } });
  expect((await list(filing.numerator.records)).rows.map((r: { id: string }) => r.id)).toEqual([made[0]]);
});

test('views are kept by account, in their shortest form, and checked when they are saved', async () => {
  const save = (name: string, query: string) => server.post('/api/v1/views', { name, query });
  expect((await server.get('/api/v1/views')).json).toEqual({ views: [] });
  expect((await save('超期', 'overdue=true&open=true&limit=50&cursor=x')).json).toEqual({
    views: [{ name: '超期', query: 'overdue=true&open=true' }],
  });
  expect((await save('超期', 'overdue=true')).json.views).toEqual([{ name: '超期', query: 'overdue=true' }]);
  expect(await save('坏', 'state=lost')).toMatchObject({ status: 400, json: { error: { field: 'query.state.0' } } });
  expect(await save(' ', '')).toMatchObject({ status: 400, json: { error: { field: 'name' } } });
  const asAdmin = await server.get('/api/v1/views', { authorization: `Bearer ${server.adminToken}` });
  expect(asAdmin.json).toEqual({ views: [] });
  expect((await server.post('/api/v1/views/remove', { name: '超期' })).json).toEqual({ views: [] });
  expect((await server.post('/api/v1/views/remove', { name: '超期' })).status).toBe(404);
});

test('an account of one community sees nothing of another, by list, file, figure or id; reindex changes nothing', async () => {
  const before = (await list('')).rows;
  await server.stop();
  const env = { DATA_DIR: dataDir };
  const created = await run(
    'server/admin.ts',
    ['create', '--name', 'west', '--role', 'operator', '--area', WEST],
    env,
    'long-enough-1\nlong-enough-1\n',
  ).ended;
  expect(created).toMatchObject({ code: 0 });
  const anew = await run('server/ledger/cli.ts', ['reindex'], env).ended;
  expect([anew.code, anew.output]).toEqual([0, expect.stringContaining('folded anew')]);
  server = await startServer({ dataDir });
  const all = { authorization: `Bearer ${server.adminToken}` };
  const west = { authorization: `Basic ${Buffer.from('west:long-enough-1').toString('base64')}` };
  const rowsFor = async (headers: Record<string, string>, query = '') =>
    (await server.get(`/api/v1/incidents?${query}`, headers)).json.rows as { id: string; area: string }[];
  const shown = await rowsFor(all);
  expect(shown.map((r) => r.id)).toEqual(before.map((r: { id: string }) => r.id));
  const own = await rowsFor(west);
  const others = shown.filter((r) => !own.some((o) => o.id === r.id));
  expect(own.length).toBeGreaterThan(0);
  expect(others.length).toBeGreaterThan(0);
  for (const r of own) expect(r.area.startsWith(WEST)).toBe(true);
  for (const r of others) expect(r.area.startsWith(WEST)).toBe(false);
  expect(await rowsFor(west, `area=${STREET}`)).toHaveLength(own.length);
  const file = (await server.get('/api/v1/incidents.csv', west)).json as string;
  const [mine, theirs] = [own[0]!.id, others[0]!.id];
  expect([file.includes(mine), file.includes(theirs)]).toEqual([true, false]);
  expect((await server.get('/api/v1/kpis', west)).json.figures[0].denominator.n).toBe(own.length);
  expect((await server.get(`/api/v1/incidents/${mine}`, west)).status).toBe(200);
  expect((await server.get(`/api/v1/incidents/${theirs}`, west)).status).toBe(404);
});
