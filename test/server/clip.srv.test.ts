import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Clip, changeAt, unpackLine } from '../../model/clip.ts';
import { EAST, fixtureRegistry, LEAVES, middleOf, WEST } from '../support/fixture-street.ts';
import { addAccount, loadFixture, startServer, type TestServer, until } from '../support/server.ts';

const VIEWER = 'dist/clip-viewer.js';
const hadViewer = existsSync(VIEWER);
let server: TestServer;
const as = (name: string) => ({ authorization: `Basic ${Buffer.from(`${name}:${name} opens this door`).toString('base64')}` });
const iso = (ms: number) => new Date(ms).toISOString();
const T = Math.floor(Date.now() / 1000) * 1000;
const caller = { name: '赵小兰', tel: '13912345678' };
let incident = '';
let to = 0;

beforeAll(async () => {
  if (!hadViewer) {
    mkdirSync('dist', { recursive: true });
    writeFileSync(VIEWER, '(()=>{})();\n');
  }
  server = await startServer();
  await loadFixture(server);
  const lives = {
    id: 's-0002',
    kind: 'gas',
    name: '孙大爷家燃气',
    lngLat: [middleOf(0)[0] + 0.0003, middleOf(0)[1] + 0.001],
    area: LEAVES[0],
    person: 'p-0002',
  };
  await server.admin('/api/v1/registry', {
    ...fixtureRegistry,
    sensors: [...fixtureRegistry.sensors, lives],
    people: [...fixtureRegistry.people, { id: 'p-0002', name: '孙大爷', tel: '02885551234' }],
  });
  const accounts = [
    ['chen', 'supervisor', ''],
    ['ning', 'operator', WEST],
    ['li', 'leader', ''],
  ] as const;
  for (const [name, role, area] of accounts) {
    await addAccount(server, { name, role, area, password: `${name} opens this door` });
  }
  await until(async () => (await server.get('/api/v1/session')).status === 401);
  const walk = (unit: string, leaf: number, at: number) => ({ kind: 'position', unit, at: iso(at), lngLat: middleOf(leaf) });
  const reports = [
    ...Array.from({ length: 30 }, (_, i) => walk('u-0001', i < 20 ? 0 : 4, i < 20 ? T - 600_000 + i * 10_000 : T - 300_000 + i * 10_000)),
    walk('u-0002', 3, T - 60_000),
    { kind: 'incident', at: iso(T), lngLat: middleOf(0), category: 'manhole', title: '赵小兰反映井盖缺失，电话 139 1234 5678', caller },
    { kind: 'incident', at: iso(T), lngLat: middleOf(3), category: 'other', title: '东社区的事' },
    { kind: 'reading', sensor: 's-0002', at: iso(T), value: 25 },
    { kind: 'incident', at: iso(T), lngLat: middleOf(1), category: 'manhole', title: '西门外井盖破损', source: 'patrol' },
    { kind: 'incident', at: iso(T), lngLat: middleOf(1), category: 'manhole', title: '欧阳婆婆家门口井盖', source: 'patrol' },
    { kind: 'incident', at: iso(T), lngLat: middleOf(1), category: 'manhole', title: '井盖松动影响出行', source: 'hotline' },
  ];
  const { json } = await server.post('/api/v1/reports', { reports }, as('chen'));
  expect(json.accepted).toBe(reports.length);
  incident = json.results[31].id;
  const step = await server.post(
    `/api/v1/incidents/${incident}/steps`,
    { step: 'note', note: '孙大爷说钥匙在 13800001234 处' },
    as('chen'),
  );
  expect([step.status, step.json]).toMatchObject([200, {}]);
  await until(async () => (await server.get('/api/v1/world', as('chen'))).json.alarms.length === 1);
  await until(
    async () => (await server.get(`/api/v1/tracks?units=u-0001&from=${T - 700_000}`, as('chen'))).json.tracks?.[0]?.at.length === 30,
  );
  to = Date.now();
});
afterAll(async () => {
  await server?.destroy();
  if (!hadViewer) rmSync(VIEWER, { force: true });
});

const ask = (query: Record<string, string> = {}, who = 'chen', headers = {}) =>
  server.get(
    `/api/v1/film/clip?${new URLSearchParams({ from: String(T - 700_000), to: String(to), area: WEST, format: 'json', ...query })}`,
    {
      ...as(who),
      ...headers,
    },
  );
const clipOf = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).json as Clip;

test('holds the incidents, alarms, units and boundaries of the place, as they changed', async () => {
  const clip = await clipOf();
  expect(clip.area).toEqual({ code: WEST, name: '西' });
  expect(clip.places[0]!.areas.map((a) => a.code).sort()).toEqual([WEST, `${WEST}001`, ...LEAVES.slice(0, 3)].sort());
  expect(clip.incidents.map((i) => i.category.zh)).toEqual(['井盖', '井盖', '井盖', '井盖']);
  expect(changeAt(clip.incidents[0]!.changes, to)![1]).toBe('reported');
  expect(changeAt(clip.incidents[0]!.changes, T - 60_000)).toBeUndefined();
  expect(clip.alarms).toHaveLength(1);
  expect(clip.events.map((e) => e.kind).sort()).toEqual(['alarm.raised', ...Array(4).fill('incident.reported')]);
});

test('units are a role and a number, and only while they were within the place', async () => {
  const clip = await clipOf();
  expect(clip.units.map((u) => [u.role, u.no])).toEqual([['grid', 1]]);
  const [leg] = clip.units[0]!.legs;
  const end = leg!.at.reduce((sum, dt) => sum + dt, 0);
  expect(end).toBe(T - 600_000 + 19 * 10_000);
  expect(unpackLine(leg!.line)[0]![0]).toBeCloseTo(middleOf(0)[0], 5);
  const east = await clipOf({ area: EAST });
  expect(east.units.map((u) => u.role).sort()).toEqual(['grid', 'police']);
});

test('nothing of the vault leaves: no name, no number, no id, no note, and a home stands mid micro-grid', async () => {
  for (const format of ['json', 'html']) {
    const { json } = await ask({ format });
    const text = typeof json === 'string' ? json : JSON.stringify(json);
    for (const secret of [
      '赵小兰',
      '张三',
      '孙大爷',
      '网格员一',
      '巡逻二',
      'u-0001',
      'u-0002',
      'p-0001',
      'p-0002',
      's-0002',
      incident,
      '钥匙',
      '欧阳',
      '影响出行',
      '反映',
      '13912345678',
      '1234 5678',
      '02885551234',
    ])
      expect([secret, text.includes(secret)]).toEqual([secret, false]);
  }
  const clip = await clipOf();
  // what a patrol wrote stays; what a caller said, what names a neighbour nobody registered, and what came by the hotline is its category
  expect(clip.incidents.map((i) => i.title).sort()).toEqual(['井盖', '井盖', '井盖', '西门外井盖破损']);
  expect(clip.alarms[0]).toMatchObject({ coarse: true });
  expect(clip.alarms[0]!.at[1]).toBeCloseTo(30.602, 3);
});

test('the page is one file with a policy that lets nothing in, and data that cannot end its element', async () => {
  const { status, json, headers } = await ask({ format: 'html' });
  const page = json as string;
  expect([status, headers.get('content-disposition')]).toEqual([200, expect.stringMatching(/^attachment; filename="clip-.+\.html"$/)]);
  expect(page).toMatch(
    /http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'"/,
  );
  expect(page.match(/<\/script>/g)).toHaveLength(2);
  expect(page).not.toMatch(/<(script|link|img|iframe)[^>]+(src|href)=/);
  const data = /<script type="application\/json" id="clip">(.*?)<\/script>/s.exec(page)![1]!;
  expect(JSON.parse(data).incidents).toHaveLength(4);
  expect(data).not.toContain('<');
});

test('is for who may, has limits, and every one taken is in the ledger with its size', async () => {
  const day = 86_400_000;
  for (const [query, who, status, field] of [
    [{}, 'li', 403, 'actor'],
    [{ area: EAST }, 'ning', 403, 'actor'],
    [{ from: String(to) }, 'chen', 400, 'to'],
    [{ to: String(Date.now() + day) }, 'chen', 400, 'to'],
    [{ from: String(to - day - 60_000) }, 'chen', 400, 'to'],
    [{ area: '999999' }, 'chen', 400, 'area'],
  ] as const) {
    const answer = await ask(query, who);
    expect([answer.status, answer.json.error?.field]).toEqual([status, field]);
  }
  expect((await ask({}, 'chen', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  const entries = async () => (await server.get('/api/v1/ledger?kind=history.exported', as('chen'))).json.entries;
  const before = (await entries()).length;
  const { json } = await ask({}, 'ning');
  const [entry, ...more] = (await entries()).slice(before);
  expect(more).toEqual([]);
  expect(entry).toMatchObject({ actor: 'ning', body: { what: 'clip', format: 'json', area: WEST, from: T - 700_000, to } });
  expect(entry.body.bytes).toBe(Buffer.byteLength(`${JSON.stringify(json)}\n`));
});
