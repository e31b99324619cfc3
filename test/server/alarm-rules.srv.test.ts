import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Role, roles, WHOLE_CENTRE } from '../../model/access.ts';
import { zAlarmRule } from '../../model/alarm-rule.ts';
import { areaCode, epochMs } from '../../model/brand.ts';
import { zCentre } from '../../model/centre.ts';
import { openAlarmRules } from '../../server/alarm-rules.ts';
import { worldAsOf } from '../../server/as-of.ts';
import { openLedger } from '../../server/ledger/open-ledger.ts';
import { centre, setUp } from '../support/facts.ts';
import { fixtureCentre, fixtureRegistry, middleOf, WEST } from '../support/fixture-street.ts';
import { freshStore } from '../support/postgres.ts';
import { loadFixture, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
const kinds = fixtureCentre.sensorKinds.map((k) => ({ ...k, range: { min: 0, max: 100 } }));
const door = {
  code: 'door',
  name: { zh: '门磁', en: 'Door' },
  alarm: { zh: '门未关', en: 'Door open' },
  unit: '',
  states: [0, 1].map((value) => ({ value, name: { zh: `${value}`, en: `${value}` } })),
  priority: 3,
  intervalS: 60,
};
const rule = (more: object = {}) => ({
  kind: 'gas',
  code: 'high-high',
  name: { zh: '燃气严重超限', en: 'Gas very high' },
  test: { is: 'high', limit: 50, deadband: 5 },
  consequence: 'severe',
  respondMinutes: 5,
  ...more,
});
const set = (more: object = {}, beside: object = {}) => server.admin('/api/v1/alarm-rules', { rule: rule(more), ...beside });
const list = async () =>
  (await server.get('/api/v1/alarm-rules')).json.rules as { rule: { kind: string; code: string }; [k: string]: unknown }[];
const row = async (key: string) => (await list()).find((r) => `${r.rule.kind}/${r.rule.code}` === key);
let clock = Date.now() - 60_000;
async function reading(value: number) {
  clock += 1000;
  await server.post('/api/v1/reports', { reports: [{ kind: 'reading', sensor: 's-0001', at: new Date(clock).toISOString(), value }] });
}

beforeAll(async () => {
  server = await startServer();
  await loadFixture(server);
  await server.admin('/api/v1/centre', { ...fixtureCentre, sensorKinds: [...kinds, door] });
  const sensors = [...fixtureRegistry.sensors, { id: 'd-0001', kind: 'door', name: '门一', lngLat: middleOf(0), area: null }];
  await server.admin('/api/v1/registry', { sensors });
});
afterAll(() => server.destroy());

test('the limits of a kind, and SOS of a unit, are rules nobody has set', async () => {
  expect(await list()).toMatchObject([
    { rule: { kind: 'gas', code: 'high' }, simple: true, sensors: 1, standing: 0, setAt: null, setBy: null },
    { rule: { kind: 'unit', code: 'sos' }, simple: true, standing: 0, setAt: null, setBy: null },
  ]);
});

test('a rule that is set holds from the next reading on; the list says who set it when, with its trial and what stands', async () => {
  const before = Date.now();
  const trial = { from: before - 86_400_000, to: before, raised: 3 };
  const { status, json } = await set({}, { trial });
  expect(status).toBe(200);
  expect(await row('gas/high-high')).toMatchObject({ simple: false, sensors: 1, standing: 0, trial });
  const { entries } = (await server.get('/api/v1/ledger?subject=gas/high-high')).json;
  expect(entries).toMatchObject([{ seq: json.seq, kind: 'rule.set', body: { trial, rule: { code: 'high-high', shelveMaxMinutes: 480 } } }]);
  await reading(60);
  expect(await row('gas/high-high')).toMatchObject({ standing: 1, setAt: entries[0].at, setBy: entries[0].actor });
  expect((await row('gas/high-high'))!.setAt).toBeGreaterThanOrEqual(before);
  const { alarms } = (await server.get('/api/v1/world')).json;
  expect(alarms.map((a: { id: string; priority: number }) => [a.id, a.priority]).sort()).toEqual([
    ['s-0001/high', 1],
    ['s-0001/high-high', 1],
  ]);
  await reading(1);
});

test('the same rule again changes nothing; a rule of the code of a limit stands in its place', async () => {
  const { seq } = (await set()).json;
  expect((await set()).json.seq).toBe(seq);
  expect((await set({ code: 'high', test: { is: 'high', limit: 30 }, priority: 2 })).status).toBe(200);
  expect((await list()).filter((r) => r.rule.code === 'high')).toMatchObject([{ simple: false, rule: { test: { limit: 30 } } }]);
});

test('a rule that could not work is refused by its field, and not set', async () => {
  const { seq } = (await server.get('/api/v1/world')).json;
  const refused = async (more: object, beside: object = {}) => {
    const { status, json } = await set(more, beside);
    return `${status} ${json.error?.field}`;
  };
  const over = (o: object) => refused({ overrides: [o] });
  expect(await refused({ kind: 'radar' })).toBe('400 rule.kind');
  expect(await refused({ code: 'High!' })).toBe('400 rule.code');
  expect(await refused({ consequence: undefined })).toBe('400 rule.priority');
  expect(await refused({ test: { is: 'high', limit: 101 } })).toBe('400 rule.test.limit');
  expect(await refused({ test: { is: 'high', limit: 50, deadband: 50 } })).toBe('400 rule.test.deadband');
  expect(await refused({ test: { is: 'low', limit: 60, deadband: 50 } })).toBe('400 rule.test.deadband');
  expect(await refused({ test: { is: 'rate', limit: 30, windowS: 600 } })).toBe('400 rule.test.limit'); // 300 over a range of 100
  expect(await refused({ kind: 'door', test: { is: 'state', values: [2] } })).toBe('400 rule.test.values');
  const both = (there: object, kind = 'door') => refused({ test: { is: 'both', here: { is: 'high', limit: 10 }, kind, there } });
  expect(await both({ is: 'state', values: [1] }, 'radar')).toBe('400 rule.test.kind');
  expect(await both({ is: 'state', values: [7] })).toBe('400 rule.test.there.values');
  expect(await refused({ suppressedWhile: 'nothing' })).toBe('400 rule.suppressedWhile');
  expect(await refused({ suppressedWhile: 'high-high' })).toBe('400 rule.suppressedWhile');
  expect(await refused({ incident: 'flying-saucer' })).toBe('400 rule.incident');
  expect(await refused({ hours: [{ from: '22:00', to: '25:00' }] })).toBe('400 rule.hours.0.to');
  expect(await over({ sensor: 's-9999', limit: 40 })).toBe('400 rule.overrides.0.sensor');
  expect(await over({ sensor: 'd-0001', limit: 40 })).toBe('400 rule.overrides.0.sensor');
  expect(await over({ sensor: 's-0001' })).toBe('400 rule.overrides.0.sensor');
  expect(await over({ area: '999', limit: 40 })).toBe('400 rule.overrides.0.area');
  expect(await over({ sensor: 's-0001', limit: 140 })).toBe('400 rule.overrides.0.limit');
  expect(await over({ sensor: 's-0001', limit: 4 })).toBe('400 rule.overrides.0.limit'); // with the deadband of the rule it would not clear
  expect(await over({ sensor: 's-0001', area: WEST, limit: 40 })).toBe('400 rule.overrides.0.sensor');
  expect(await refused({ overrides: [40, 41].map((limit) => ({ area: WEST, limit })) })).toBe('400 rule.overrides.1.area');
  expect(await refused({}, { trial: { from: 5, to: 5, raised: 0 } })).toBe('400 trial.to');
  expect(await refused({}, { trial: { from: 5, to: Date.now() + 86_400_000, raised: 0 } })).toBe('400 trial.to');
  expect((await server.get('/api/v1/world')).json.seq).toBe(seq);
});

test('suppression makes no circle over several rules', async () => {
  expect((await set({ code: 'a', suppressedWhile: 'high-high' })).status).toBe(200);
  expect((await set({ code: 'b', suppressedWhile: 'a' })).status).toBe(200);
  const { status, json } = await set({ suppressedWhile: 'b' });
  expect([status, json.error.field, json.error.rule]).toEqual([
    400,
    'rule.suppressedWhile',
    expect.stringContaining('high-high > b > a > high-high'),
  ]);
});

test('an override of a device goes before that of its area, and a disabled one raises nothing', async () => {
  const overrides = [
    { area: WEST, limit: 80 },
    { sensor: 's-0001', enabled: false },
  ];
  for (const code of ['a', 'b', 'high-high', 'high'])
    await set({ code, overrides, suppressedWhile: null, test: { is: 'high', limit: 50 } });
  const standing = async () => (await server.get('/api/v1/world')).json.alarms.filter((a: { active: boolean }) => a.active).length;
  await reading(99);
  expect(await standing()).toBe(0);
  await set({ overrides: overrides.slice(0, 1), test: { is: 'high', limit: 50 } });
  await reading(79);
  expect(await standing()).toBe(0);
  await reading(80);
  expect(await standing()).toBe(1);
});

test('a rule is recorded as of a past moment only in order', async () => {
  const past = await server.admin('/api/v1/alarm-rules?at=2026-01-01T00:00:00%2B08:00', { rule: rule({ code: 'later' }) });
  expect([past.status, past.json.error.field]).toEqual([409, 'at']);
});

test('rules are for the whole centre: who may edit them in one community only, or not at all, is refused', async () => {
  const { store } = await freshStore();
  const ledger = await openLedger(store);
  await ledger.append('op', () => [
    { kind: 'centre.configured', body: zCentre.parse({ ...centre, sensorKinds: kinds }) },
    ...setUp.slice(1),
  ]);
  const rules = openAlarmRules({ ledger, store, asOf: worldAsOf({ ledger, now: Date.now }), now: Date.now });
  const as = (role: Role, area = WHOLE_CENTRE) => rules.set({ id: role, role, area }, zAlarmRule.parse(rule()), undefined);
  for (const role of roles.filter((r) => r !== 'supervisor' && r !== 'admin'))
    await expect(as(role), role).rejects.toMatchObject({ status: 403, field: 'actor' });
  await expect(as('supervisor', areaCode('510107062007'))).rejects.toMatchObject({ status: 403, field: 'actor' });
  expect(ledger.world.rules.size).toBe(0);
  await as('supervisor');
  expect(ledger.world.rules.size).toBe(1);
  expect((await rules.list({ id: 'o', role: 'operator', area: WHOLE_CENTRE })).rules).toMatchObject([
    { simple: true },
    { setBy: 'supervisor' },
    { rule: { kind: 'unit' }, simple: true },
  ]);
});

test('as of a moment of the past the rules of then are told, who had set them, and nothing set later', async () => {
  let now = Date.parse('2026-11-01T08:00:00+08:00');
  const { store } = await freshStore();
  const ledger = await openLedger(store, { now: () => now });
  const configured = zCentre.parse({ ...centre, sensorKinds: kinds });
  await ledger.append('op', () => [{ kind: 'centre.configured', body: configured }, ...setUp.slice(1)]);
  const rules = openAlarmRules({ ledger, store, asOf: worldAsOf({ ledger, now: () => now }), now: () => now });
  const told = async (asOf?: number) => {
    const all = await rules.list({ id: 'o', role: 'operator', area: WHOLE_CENTRE }, asOf === undefined ? undefined : epochMs(asOf));
    const row = all.rules.find((r) => r.rule.code === 'high-high');
    return row && [row.rule.test, row.setBy, row.setAt];
  };
  const settings: { at: number; row: unknown }[] = [{ at: now, row: undefined }];
  for (const [n, by] of ['li', 'wang', 'zhao'].entries()) {
    now += 60_000;
    const test = { is: 'high', limit: 50 + n, deadband: 5 };
    await rules.set({ id: by, role: 'supervisor', area: WHOLE_CENTRE }, zAlarmRule.parse(rule({ test })), undefined);
    settings.push({ at: now, row: [expect.objectContaining(test), by, now] });
  }
  now += 60_000;
  expect(await told()).toEqual(settings.at(-1)!.row);
  for (const { at, row } of settings) for (const later of [0, 59_999]) expect(await told(at + later)).toEqual(row);
  await expect(told(now + 1)).rejects.toMatchObject({ status: 400, field: 'asOf' });
});
