import { afterAll, beforeAll, expect, test } from 'vitest';
import { LEAVES, middleOf, OUTSIDE } from '../support/fixture-street.ts';
import { loadFixture, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.destroy());

const iso = (aheadMs = 0) => new Date(Date.now() + aheadMs).toISOString();
const reports = (list: unknown[], headers?: Record<string, string>) => server.post('/api/v1/reports', { reports: list }, headers);
const incident = (more: object = {}) => ({
  kind: 'incident',
  at: iso(),
  lngLat: middleOf(0),
  category: 'manhole',
  title: '井盖松动',
  ...more,
});
const door = async () => (await server.get('/api/v1/sources')).json.doors.find((d: { door: string }) => d.door === 'http');
const world = async () => (await server.get('/api/v1/world')).json;

test('before a centre is set up reports are refused clearly', async () => {
  const { status, json } = await reports([incident()]);
  expect(status).toBe(200);
  expect(json).toEqual({ accepted: 0, results: [{ ok: false, error: { field: 'centre', rule: 'no centre is set up yet' } }] });
  expect((await server.get('/api/v1/session')).json).toMatchObject({ demo: true, centre: null, actor: { id: 'demo-operator' } });
  await loadFixture(server);
});

test('good reports are taken beside bad ones, each with its own answer', async () => {
  const { status, json } = await reports([
    { kind: 'position', unit: 'u-0001', at: iso(), lngLat: middleOf(0), heading: 90, speed: 1.2 },
    { kind: 'position', unit: 'u-9999', at: iso(), lngLat: middleOf(0) },
    incident({ lngLat: middleOf(4) }),
    incident({ lngLat: [200, 30] }),
    incident({ category: 'nonsense' }),
    incident({ lngLat: OUTSIDE, category: 'other' }),
    { kind: 'reading', sensor: 's-0001', at: iso(), value: 3 },
    'not a report',
    { kind: 'position', unit: 'u-0001', at: '2026-11-22T08:00:00', lngLat: middleOf(0) },
  ]);
  expect(status).toBe(200);
  expect(json.accepted).toBe(4);
  const [position, unknown, inMall, globe, category, outside, reading, text, noOffset] = json.results;
  expect(position).toEqual({ ok: true, id: 'u-0001', area: LEAVES[0] });
  expect(unknown).toEqual({ ok: false, error: { field: 'unit', rule: 'unit u-9999 is not registered' } });
  expect(inMall).toMatchObject({ ok: true, area: LEAVES[4] });
  expect(globe.error.field).toBe('lngLat.0');
  expect(category.error.field).toBe('category');
  expect(outside).toMatchObject({ ok: true, area: null });
  expect(reading).toEqual({ ok: true, id: 's-0001', area: LEAVES[1] });
  expect(text.ok).toBe(false);
  expect(noOffset.error).toMatchObject({ field: 'at', rule: expect.stringContaining('offset') });

  const w = await world();
  expect(w.incidents.map((i: { id: string }) => i.id)).toEqual([inMall.id, outside.id]);
  const [first] = w.incidents;
  expect(first).toMatchObject({ area: LEAVES[4], place: '试验商场', priority: 2, state: 'reported' });
  expect(Date.parse(first.deadline) - Date.parse(first.reportedAt)).toBeGreaterThan(59 * 60_000);
  expect(Date.parse(first.deadline) - Date.parse(first.reportedAt)).toBeLessThanOrEqual(60 * 60_000);
  const unit = w.units.find((u: { id: string }) => u.id === 'u-0001');
  expect(unit).toMatchObject({ area: LEAVES[0], place: '西 01-01', online: true, lngLat: middleOf(0) });
  expect(unit.ageMs).toBeGreaterThanOrEqual(0);
});

test('the body is refused as a whole only when it is not of the form', async () => {
  for (const [body, field] of [
    ['{', 'body'],
    [[], 'body'],
    [{}, 'reports'],
    [{ reports: 3 }, 'reports'],
    [{ reports: Array.from({ length: 1001 }, () => 0) }, 'reports'],
  ] as const) {
    const { status, json } = await server.post('/api/v1/reports', body);
    expect({ status, field: json.error.field }).toEqual({ status: 400, field });
    expect(json.error.rule).toEqual(expect.any(String));
  }
  const { status, json } = await server.post('/api/v1/reports', { reports: [], padding: 'x'.repeat(1_100_000) });
  expect(status).toBe(413);
  expect(json.error).toEqual({ field: 'body', rule: 'larger than 1048576 bytes' });
});

test('every refusal is counted by door and reason, also on /metrics', async () => {
  const before = await door();
  await reports([incident({ at: iso(6 * 60_000) }), { kind: 'reading', sensor: 's-nope', at: iso(), value: 1 }, {}]);
  await server.post('/api/v1/reports', '{');
  const after = await door();
  const grown = (reason: string) => (after.refusals[reason] ?? 0) - (before.refusals[reason] ?? 0);
  expect([grown('future'), grown('unknown-id'), grown('form')]).toEqual([1, 1, 2]);
  expect(after.refused - before.refused).toBe(4);
  expect(after.accepted).toBe(before.accepted);
  const { json: text } = await server.get('/metrics');
  expect(text).toContain(`genglou_reports_refused_total{door="http",reason="future"} ${after.refusals.future}`);
  expect(text).toContain(`genglou_reports_accepted_total{door="http"} ${after.accepted}`);
  expect(text).toMatch(/genglou_ledger_seq \d+/);
});

test('an Idempotency-Key gives one answer and one incident, and is refused for another body', async () => {
  const body = [incident({ title: '只报一次' })];
  const key = { 'idempotency-key': 'k-1' };
  const [a, b] = await Promise.all([reports(body, key), reports(body, key)]);
  const c = await reports(body, key);
  expect(a.status).toBe(200);
  expect(b.json).toEqual(a.json);
  expect(c.json).toEqual(a.json);
  expect((await world()).incidents.filter((i: { title: string }) => i.title === '只报一次')).toHaveLength(1);
  const other = await reports([incident({ title: '另一件' })], key);
  expect(other.status).toBe(409);
  expect(other.json.error.field).toBe('Idempotency-Key');
});

test('a device time more than five minutes ahead is refused; an old one never moves a live marker', async () => {
  const at = Date.now();
  const position = (ms: number, leaf: number) => ({
    kind: 'position',
    unit: 'u-0002',
    at: new Date(ms).toISOString(),
    lngLat: middleOf(leaf),
  });
  const { json } = await reports([position(at, 2), position(at - 60_000, 3), position(at + 5 * 60_000 + 30_000, 3)]);
  expect(json.results[0]).toMatchObject({ ok: true, area: LEAVES[2] });
  expect(json.results[1]).toMatchObject({ ok: true, area: LEAVES[3] });
  expect(json.results[2]).toMatchObject({ ok: false, error: { field: 'at' } });
  const unit = (await world()).units.find((u: { id: string }) => u.id === 'u-0002');
  expect(unit).toMatchObject({ area: LEAVES[2], at: new Date(at).toISOString() });
});

test('an alarm is raised once, not by a replay and not by history, and clears beyond the deadband', async () => {
  const t = Date.now();
  const reading = (ms: number, value: number) => ({ kind: 'reading', sensor: 's-0001', at: new Date(t + ms).toISOString(), value });
  const kinds = async () => (await server.get('/api/v1/ledger?subject=s-0001/high')).json.entries.map((e: { kind: string }) => e.kind);
  await reports([reading(0, 25)]);
  await reports([reading(0, 25), reading(1, 30), reading(-5000, 99)]);
  expect(await kinds()).toEqual(['alarm.raised']);
  await reports([reading(2, 19)]);
  expect(await kinds()).toEqual(['alarm.raised']);
  await reports([reading(3, 17), reading(4, 40), reading(5, 10)]);
  expect(await kinds()).toEqual(['alarm.raised', 'alarm.cleared', 'alarm.raised', 'alarm.cleared']);
  expect((await world()).alarms).toMatchObject([{ id: 's-0001/high', state: 'rtn-unack', priority: 1, area: LEAVES[1] }]);
  const acknowledge = async () => (await server.post('/api/v1/alarms/acts', { alarms: ['s-0001/high'], act: 'acknowledge' })).json.results;
  expect(await acknowledge()).toMatchObject([{ alarm: 's-0001/high', ok: true }]);
  expect((await world()).alarms).toEqual([]);
  expect(await acknowledge()).toMatchObject([{ ok: false, error: { field: 'alarm', rule: expect.stringContaining('normal state') } }]);
});

test('a leaf area is visited once a day', async () => {
  const visits = async () => (await server.get(`/api/v1/ledger?subject=${LEAVES[3]}`)).json.entries.length;
  const fixes = Array.from({ length: 20 }, (_, i) => ({ kind: 'position', unit: 'u-0002', at: iso(1000 + i), lngLat: middleOf(3) }));
  await reports(fixes);
  expect(await visits()).toBe(1);
});

test('a page of another origin may not post, ours may', async () => {
  const post = (headers: Record<string, string>) => reports([incident()], headers).then((a) => a.status);
  expect(await post({ origin: 'http://evil.example' })).toBe(403);
  expect(await post({ origin: 'null' })).toBe(403);
  expect(await post({ origin: server.url })).toBe(200);
});
