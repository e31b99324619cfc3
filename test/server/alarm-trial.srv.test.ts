import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Trial } from '../../server/alarm-trial.ts';
import { EAST, fixtureCentre, fixtureRegistry, middleOf, WEST } from '../support/fixture-street.ts';
import { loadFixture, run, startServer, type TestServer, until } from '../support/server.ts';

let server: TestServer;
const ids = ['t-1', 't-2', 't-3', 't-4'];
const [gas] = fixtureRegistry.sensors;
const begin = Math.floor((Date.now() - 3 * 3_600_000) / 1000) * 1000;
const iso = (ms: number) => new Date(ms).toISOString();
/** limit 15 for the west, 12 for t-4 in the east, none of it for t-2; a minute's delay */
const rule = {
  kind: 'gas',
  code: 'tried',
  name: { zh: '试运行', en: 'Tried' },
  test: { is: 'high', limit: 15, deadband: 1.5 },
  onDelayS: 60,
  offDelayS: 30,
  priority: 2,
  overrides: [
    { area: EAST, limit: 17.3 },
    { sensor: 't-4', limit: 12 },
    { sensor: 't-2', enabled: false },
  ],
};
const tried = (body: object, headers?: Record<string, string>) => server.post('/api/v1/alarm-rules/try', body, headers);

beforeAll(async () => {
  server = await startServer();
  await loadFixture(server);
  // no limit of the kind itself: what is raised is raised by the rule that is tried
  const kinds = fixtureCentre.sensorKinds.map(({ high: _, ...kind }) => kind);
  expect((await server.admin('/api/v1/centre', { ...fixtureCentre, sensorKinds: kinds })).status).toBe(200);
  const sensors = ids.map((id, i) => ({ ...gas, id, lngLat: middleOf(i < 2 ? i : 3) }));
  expect((await server.admin('/api/v1/registry', { sensors })).status).toBe(200);
});
afterAll(() => server?.destroy());

test('a rule tried over recorded readings raises what the live engine raised on the same readings', async () => {
  expect((await server.admin('/api/v1/alarm-rules', { rule })).status).toBe(200);
  // a wave with a period of its own for each sensor, a reading every 20 seconds for an hour; at the end quiet, so that no delay is pending
  const said = ids.map((sensor, k) =>
    Array.from({ length: 180 }, (_, i) => ({
      kind: 'reading',
      sensor,
      at: iso(begin + i * 20_000 + k),
      value: i > 174 ? 5 : Math.round(100 * (12 + 8 * Math.sin(i / (4 + 3 * k)))) / 100,
    })),
  );
  for (const reports of said) expect((await server.post('/api/v1/reports', { reports })).json.accepted).toBe(180);
  const entries = async (kind: string) =>
    (await server.get(`/api/v1/ledger?kind=${kind}&limit=1000`)).json.entries as { body: { sensor: string; alarm: string; at: number } }[];
  const raised = await until(async () => {
    const list = await entries('alarm.raised');
    return list.length > 8 && list;
  });
  const { status, json } = (await tried({ rule })) as { status: number; json: Trial };
  expect(status).toBe(200);
  expect(json).toMatchObject({ coveredFrom: begin, sensors: 4, readings: 3 * 180, raised: raised.length });
  // the ledger names the reading that an alarm rests on, the trial the end of the delay after it: the last reading before
  const restsOn = (r: Trial['rows'][number]) => {
    const times = said[ids.indexOf(r.sensor)]!.map((s) => Date.parse(s.at));
    return [r.sensor, times.findLast((at) => at <= r.raisedAt)];
  };
  const sorted = (list: unknown[][]) => list.map(String).sort();
  expect(sorted(json.rows.map(restsOn))).toEqual(sorted(raised.map((e) => [e.body.sensor, e.body.at])));
  expect(new Set(json.rows.map((r) => r.sensor))).toEqual(new Set(['t-1', 't-3', 't-4']));
  expect(json.rows.filter((r) => r.clearedAt !== null)).toHaveLength((await entries('alarm.cleared')).length);
  for (const r of json.rows) expect(r.peak).toBeGreaterThanOrEqual(r.sensor === 't-4' ? 12 : r.sensor === 't-3' ? 17.3 : 15);
  expect(json.bySensor.reduce((n, s) => n + s.raised, 0)).toBe(json.raised);
  expect(json.bySensor.map((s) => s.raised)).toEqual(json.bySensor.map((s) => s.raised).sort((a, b) => b - a));
});

test('trying writes nothing, and counts only what is raised within the time asked for', async () => {
  const whole = (await tried({ rule })).json as Trial;
  const half = begin + 1_800_000;
  const seq = (await server.get('/api/v1/world')).json.seq;
  const parts = [
    (await tried({ rule, from: iso(begin - 1000), to: iso(half) })).json as Trial,
    (await tried({ rule, from: iso(half) })).json as Trial,
  ];
  expect(parts[0]!.raised + parts[1]!.raised).toBe(whole.raised);
  expect(parts[0]!.readings + parts[1]!.readings).toBe(whole.readings);
  expect(parts[1]!.coveredFrom).toBe(half);
  const another = { ...rule, code: 'never-set', test: { is: 'rate', limit: 4, windowS: 120 }, overrides: [] };
  expect((await tried({ rule: another })).json.raised).toBeGreaterThan(0);
  expect((await server.get('/api/v1/world')).json.seq).toBe(seq);
  expect((await tried({ rule, to: iso(begin - 86_400_000) })).json).toMatchObject({ coveredFrom: null, readings: 0, raised: 0, rows: [] });
});

test('a sensor slower than its kind is not silent because its past begins, but is when it stops for long', async () => {
  const t = begin - 20 * 3_600_000;
  // every half hour, where the kind is expected every minute; then nothing for five hours
  const hours = [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 9, 9.5, 10];
  const reports = hours.map((h) => ({ kind: 'reading', sensor: 's-0001', at: iso(t + h * 3_600_000), value: 1 }));
  expect((await server.post('/api/v1/reports', { reports })).json.accepted).toBe(hours.length);
  const silent = { ...rule, code: 'silent', test: { is: 'no-data', intervals: 5 }, onDelayS: 0, offDelayS: 0, overrides: [] };
  const { json } = await tried({ rule: silent, from: iso(t - 60_000), to: iso(t + 10.2 * 3_600_000) });
  expect(json.rows.map((r: Trial['rows'][number]) => [r.sensor, Math.round((r.raisedAt - t) / 60_000), r.clearedAt])).toEqual([
    ['s-0001', (4 + 2.5) * 60, t + 9 * 3_600_000],
  ]);
});

test('what cannot be tried is refused by its field', async () => {
  const refusal = async (body: object, field: string, rule: string | RegExp) =>
    expect(await tried(body)).toMatchObject({ status: 400, json: { error: { field, rule: expect.stringMatching(rule) } } });
  await refusal({ rule: { ...rule, kind: 'unheard-of' } }, 'rule.kind', 'no sensor kind');
  await refusal({ rule: { ...rule, test: { is: 'high' } } }, 'rule.test.limit', '');
  await refusal({ rule, from: iso(Date.now() + 60_000) }, 'from', 'earlier than to');
  await refusal({ rule, from: iso(Date.now() - 40 * 86_400_000) }, 'from', 'at most 35 days');
  const many = Array.from({ length: 3000 }, (_, i) => ({ ...gas, id: `many-${i}` }));
  for (const part of [many.slice(0, 1500), many.slice(1500)])
    expect((await server.admin('/api/v1/registry', { sensors: part })).status).toBe(200);
  await refusal({ rule, from: iso(Date.now() - 34.9 * 86_400_000) }, 'from', 'too much to try at once');
  const answers = await Promise.all(Array.from({ length: 8 }, () => tried({ rule })));
  const statuses = answers.map((a) => a.status).sort();
  expect(statuses).toEqual([200, 200, 200, 200, 429, 429, 429, 429]);
});

test('who watches one community may not try a rule of all', async () => {
  const args = ['create', '--name', 'west', '--role', 'supervisor', '--area', WEST];
  expect(await run('server/admin.ts', args, { DATA_DIR: server.dataDir }, 'a long enough password\n').ended).toMatchObject({ code: 0 });
  const headers = { authorization: `Basic ${Buffer.from('west:a long enough password').toString('base64')}` };
  const answer = await until(async () => {
    const a = await tried({ rule }, headers);
    return a.status !== 401 && a;
  });
  expect(answer).toMatchObject({ status: 403, json: { error: { field: 'actor' } } });
});
