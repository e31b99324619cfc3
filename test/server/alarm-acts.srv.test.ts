import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, WHOLE_CENTRE } from '../../model/access.ts';
import { alarmId } from '../../model/alarm.ts';
import { areaCode, epochMs } from '../../model/brand.ts';
import type { Fact } from '../../model/ledger.ts';
import { openAlarmCommands } from '../../server/alarm-commands.ts';
import { openLedger } from '../../server/ledger/open-ledger.ts';
import { leaves, setUp } from '../support/facts.ts';
import { fixtureBoundaries, fixtureCentre, fixtureRegistry, LEAVES, middleOf } from '../support/fixture-street.ts';
import { freshStore } from '../support/postgres.ts';
import { loadFixture, startServer, type TestServer } from '../support/server.ts';

const T0 = Date.parse('2026-11-20T08:00:00+08:00');
const desk: Actor = { id: 'desk', role: 'supervisor', area: WHOLE_CENTRE };
const west: Actor = { id: 'west', role: 'operator', area: areaCode('510107062007') };

const raised = (n: number): Fact => ({
  kind: 'alarm.raised',
  body: {
    alarm: alarmId(`s-${n}`, 'high'),
    sensor: `s-${n}`,
    rule: 'high',
    priority: 2,
    value: 9,
    limit: 5,
    at: epochMs(T0),
    lngLat: [104, 30],
    area: leaves[n % leaves.length]!,
  },
});

async function house(alarms: number) {
  const { store } = await freshStore();
  const clock = { at: T0 };
  const ledger = await openLedger(store, { now: () => clock.at });
  await ledger.append('op', () => setUp);
  for (let n = 0; n < alarms; n += 500)
    await ledger.append('rule', () => Array.from({ length: Math.min(500, alarms - n) }, (_, i) => raised(n + i)));
  return { ledger, clock, commands: openAlarmCommands(ledger, () => clock.at) };
}
const ids = (n: number, from = 0) => Array.from({ length: n }, (_, i) => alarmId(`s-${from + i}`, 'high'));

describe('acts on many alarms', () => {
  test('a group of 500 is acknowledged in one append', async () => {
    const { ledger, commands } = await house(500);
    const groups: number[] = [];
    ledger.follow((entries) => groups.push(entries.length));
    const before = ledger.world.seq;
    const results = await commands.act(desk, ids(500), { act: 'acknowledge', note: '同一停电' });
    expect(groups).toEqual([500]);
    expect(results.map((r) => r.ok && r.seq)).toEqual(Array.from({ length: 500 }, (_, i) => before + 1 + i));
    expect([...ledger.world.alarms.values()].every((a) => a.state === 'acked' && a.ackedBy?.actor === 'desk')).toBe(true);
  });

  test('each is decided for itself: what is refused says why and holds up no other', async () => {
    const { ledger, commands } = await house(4);
    await commands.act(desk, ids(1), { act: 'acknowledge' });
    const results = await commands.act(desk, [...ids(2), 'nobody/high', ...ids(1, 3)], { act: 'acknowledge' });
    expect(results).toEqual([
      { alarm: 's-0/high', ok: false, error: { field: 'alarm', rule: 'already acknowledged' } },
      { alarm: 's-1/high', ok: true, seq: expect.any(Number) },
      { alarm: 'nobody/high', ok: false, error: { field: 'alarm', rule: expect.stringContaining('no such sensor') } },
      { alarm: 's-3/high', ok: true, seq: expect.any(Number) },
    ]);
    expect([...ledger.world.alarms.values()].map((a) => a.state)).toEqual(['acked', 'acked', 'unack', 'acked']);
  });

  test('of two who race for the same alarms each is done once', async () => {
    const { ledger, commands } = await house(50);
    const [one, two] = await Promise.all([desk, { ...desk, id: 'other' }].map((who) => commands.act(who, ids(50), { act: 'acknowledge' })));
    for (let i = 0; i < 50; i++) expect([one![i]!.ok, two![i]!.ok].filter(Boolean)).toHaveLength(1);
    expect((await ledger.read(0, 5000)).filter((e) => e.kind === 'alarm.acknowledged')).toHaveLength(50);
  });

  test('an operator of one community acts there only, and takes nothing out of service', async () => {
    const { ledger, commands } = await house(leaves.length);
    const results = await commands.act(west, ids(leaves.length), { act: 'shelve', kind: 'timed', minutes: 30, reason: '施工' });
    for (const [n, r] of results.entries()) {
      expect(r.ok).toBe(leaves[n]!.startsWith(west.area));
      if (!r.ok) expect(r.error).toMatchObject({ field: 'actor', rule: expect.stringContaining('outside') });
    }
    expect(await commands.act(west, ids(1), { act: 'remove', reason: '更换' })).toMatchObject([{ ok: false, error: { field: 'actor' } }]);
    expect([...ledger.world.alarms.values()].filter((a) => a.shelf?.by === 'west')).toHaveLength(3);
  });
});

describe('over HTTP', () => {
  let server: TestServer;
  const acts = (body: object) => server.post('/api/v1/alarms/acts', body);
  const alarm = async (id = 's-0001/high') =>
    (await server.get('/api/v1/world')).json.alarms.find((a: { id: string }) => a.id === id) ?? null;
  let clock = Date.now() - 60_000;
  async function reading(value: number) {
    clock += 1000;
    const { status } = await server.post('/api/v1/reports', {
      reports: [{ kind: 'reading', sensor: 's-0001', at: new Date(clock).toISOString(), value }],
    });
    expect(status).toBe(200);
  }
  beforeAll(async () => {
    server = await startServer();
    await loadFixture(server);
  });
  afterAll(() => server.destroy());

  test('shelve, comment, out of service and back: the world says what hides an alarm and until when', async () => {
    await reading(25);
    const alarms = ['s-0001/high'];
    expect((await acts({ alarms, act: 'note', text: '已电话核实' })).json.results).toMatchObject([{ ok: true }]);
    expect((await acts({ alarms, act: 'shelve', kind: 'timed', minutes: 481, reason: '检修' })).json.results).toMatchObject([
      { ok: false, error: { field: 'minutes', rule: 'at most 480 by its rule' } },
    ]);
    const before = Date.now();
    await acts({ alarms, act: 'shelve', kind: 'timed', minutes: 30, reason: '检修' });
    const shelved = await alarm();
    expect(shelved).toMatchObject({
      state: 'shelved',
      active: true,
      acked: false,
      raised: 1,
      notes: 1,
      shelf: { kind: 'timed', reason: '检修' },
    });
    expect(Date.parse(shelved.shelf.until)).toBeGreaterThanOrEqual(before + 30 * 60_000);
    await reading(10);
    expect(await alarm()).toMatchObject({ state: 'shelved', active: false });
    await acts({ alarms, act: 'remove', reason: '更换探头' });
    expect(await alarm()).toMatchObject({ state: 'out-of-service', outOfService: { reason: '更换探头' } });
    await acts({ alarms, act: 'return' });
    await acts({ alarms, act: 'unshelve' });
    expect(await alarm()).toMatchObject({ state: 'rtn-unack', shelf: null, outOfService: null });
    await acts({ alarms, act: 'acknowledge' });
    expect(await alarm()).toBeNull();
    const { entries } = (await server.get('/api/v1/ledger?subject=s-0001/high')).json;
    expect(entries.map((e: { kind: string }) => e.kind.slice(6))).toEqual([
      'raised',
      'noted',
      'shelved',
      'cleared',
      'removed',
      'returned',
      'unshelved',
      'acknowledged',
    ]);
  });

  test('an alarm in its normal state can be shelved before it is raised', async () => {
    expect((await acts({ alarms: ['s-0001/high'], act: 'shelve', kind: 'timed', minutes: 5, reason: '演练' })).json.results[0].ok).toBe(
      true,
    );
    await reading(30);
    expect(await alarm()).toMatchObject({ state: 'shelved', active: true, area: LEAVES[1], lngLat: middleOf(1) });
    await acts({ alarms: ['s-0001/high'], act: 'unshelve' });
    expect(await alarm()).toMatchObject({ state: 'unack' });
  });

  test('a form that is wrong is refused by its field, and nothing happens', async () => {
    const { seq } = (await server.get('/api/v1/world')).json;
    const refused = async (body: object) => {
      const { status, json } = await acts(body);
      return [status, json.error?.field];
    };
    expect(await refused({ alarms: [], act: 'acknowledge' })).toEqual([400, 'alarms']);
    expect(await refused({ alarms: ['a/b', 'a/b'], act: 'acknowledge' })).toEqual([400, 'alarms']);
    expect(await refused({ alarms: Array.from({ length: 1001 }, (_, i) => `s-${i}/high`), act: 'acknowledge' })).toEqual([400, 'alarms']);
    expect(await refused({ alarms: ['s-0001/high'], act: 'silence' })).toEqual([400, 'act']);
    expect(await refused({ alarms: ['s-0001/high'], act: 'shelve', kind: 'timed', minutes: 5, reason: ' ' })).toEqual([400, 'reason']);
    expect(await refused({ alarms: ['s-0001/high'], act: 'note' })).toEqual([400, 'text']);
    expect((await acts({ alarms: ['s-0001/high'], act: 'shelve', kind: 'timed', reason: '检修' })).json.results).toMatchObject([
      { ok: false, error: { field: 'minutes' } },
    ]);
    expect((await server.get('/api/v1/world')).json.seq).toBe(seq);
  });

  test('imported facts of alarms are held to the same rules', async () => {
    const other = await startServer();
    try {
      const at0 = '?at=2026-01-01T00:00:00%2B08:00';
      await other.admin(`/api/v1/centre${at0}`, fixtureCentre);
      await other.admin(`/api/v1/boundaries${at0}`, { geojson: fixtureBoundaries, validFrom: '2026-01-01T00:00:00+08:00' });
      await other.admin(`/api/v1/registry${at0}`, fixtureRegistry);
      const id = 's-0001/high';
      const source = { alarm: id, sensor: 's-0001', rule: 'high', priority: 1, lngLat: middleOf(1), area: LEAVES[1] };
      const minute = (n: number) => `2026-02-01T08:${String(n).padStart(2, '0')}:00+08:00`;
      const ms = (n: number) => Date.parse(minute(n));
      const up = { ...source, value: 30, limit: 20, at: ms(0) };
      const shelf = (until: number) => ({ kind: 'timed', until, reason: '检修', by: 'op' });
      const put = async (n: number, kind: string, body: object) => {
        const { status, json } = await other.admin('/api/v1/history', { facts: [{ at: minute(n), kind: `alarm.${kind}`, body }] });
        return status === 200 ? 'taken' : json.error.field.replace('facts.0.', '');
      };
      expect(await put(0, 'raised', { ...up, alarm: 's-0001/low', rule: 'low' })).toBe('body.rule'); // gas has no such rule
      expect(await put(0, 'raised', { ...up, alarm: 's-0001/other' })).toBe('body.alarm');
      expect(await put(0, 'raised', { ...up, sensor: 's-9999' })).toBe('body.sensor');
      expect(await put(0, 'cleared', { alarm: id, value: 1, at: ms(0) })).toBe('body.alarm');
      expect(await put(0, 'raised', up)).toBe('taken');
      expect(await put(1, 'raised', up)).toBe('body.alarm'); // active already
      expect(await put(1, 'raised', { ...up, again: true })).toBe('body.alarm'); // not acknowledged
      expect(await put(1, 'reset', { alarm: id })).toBe('body.alarm');
      expect(await put(1, 'suppressed', { ...source, by: 'high-high' })).toBe('body.by');
      expect(await put(1, 'unsuppressed', { alarm: id })).toBe('body.alarm');
      expect(await put(2, 'shelved', { ...source, shelf: shelf(ms(2)) })).toBe('body.shelf.until');
      expect(await put(2, 'shelved', { ...source, shelf: shelf(ms(2) + 9 * 3_600_000) })).toBe('body.shelf.until');
      expect(await put(2, 'shelved', { ...source, shelf: shelf(ms(32)) })).toBe('taken');
      expect(await put(3, 'unshelved', { alarm: id })).toBe('taken');
      expect(await put(3, 'unshelved', { alarm: id })).toBe('body.alarm');
      expect(await put(4, 'acknowledged', { alarm: id })).toBe('taken');
      expect(await put(5, 'raised', { ...up, again: true })).toBe('taken');
      expect(await put(6, 'noted', { alarm: id, text: '已知' })).toBe('taken');
      expect(await put(7, 'cleared', { alarm: id, value: 1, at: ms(7) })).toBe('taken');
      expect(await put(8, 'acknowledged', { alarm: id })).toBe('taken');
      expect((await other.get('/api/v1/world')).json.alarms).toEqual([]);
    } finally {
      await other.destroy();
    }
  });
});
