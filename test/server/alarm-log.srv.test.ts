import { expect, test } from 'vitest';
import { type Actor, WHOLE_CENTRE } from '../../model/access.ts';
import { alarmId } from '../../model/alarm.ts';
import type { Occurrence } from '../../model/alarm-log.ts';
import { areaCode, epochMs } from '../../model/brand.ts';
import type { Fact } from '../../model/ledger.ts';
import { alarmLogRoutes } from '../../server/api/alarm-log-routes.ts';
import { worldAsOf } from '../../server/as-of.ts';
import { openLedger } from '../../server/ledger/open-ledger.ts';
import { Refused } from '../../server/refused.ts';
import { leaves, setUp } from '../support/facts.ts';
import { freshStore } from '../support/postgres.ts';

const T0 = Date.parse('2026-11-01T08:00:00+08:00');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const desk: Actor = { id: 'desk', role: 'supervisor', area: WHOLE_CENTRE };
const west: Actor = { id: 'west', role: 'operator', area: areaCode('510107062007') };
const sensors = Array.from({ length: 10 }, (_, n) => ({
  id: `s-${n}`,
  kind: n % 2 ? 'gas' : 'smoke',
  name: n === 3 ? '=1+1' : `探头 ${n}`,
  lngLat: [104, 30] as const,
  area: leaves[n % leaves.length]!,
}));

const raise = (n: number, at: number, rule = 'high'): Fact => {
  const { id, area } = sensors[n]!;
  const priority = ((n % 4) + 1) as 1;
  return {
    kind: 'alarm.raised',
    body: { alarm: alarmId(id, rule), sensor: id, rule, priority, value: 9, limit: 5, at: epochMs(at), lngLat: [104, 30], area },
  };
};
const ack = (n: number): Fact => ({ kind: 'alarm.acknowledged', body: { alarm: alarmId(`s-${n}`, 'high') } });
const clear = (n: number, at: number): Fact => ({
  kind: 'alarm.cleared',
  body: { alarm: alarmId(`s-${n}`, 'high'), value: 1, at: epochMs(at) },
});

/** A ledger with these facts, each recorded at its hour after T0, and the log as its routes answer. */
async function house(facts: readonly (readonly [hour: number, fact: Fact])[], nowHour: number) {
  const { store } = await freshStore();
  const ledger = await openLedger(store, { now: () => T0 + nowHour * HOUR });
  const begun: Fact[] = [...setUp, { kind: 'sensors.registered', body: { sensors } }];
  await ledger.append('import', () => begun, T0 - HOUR);
  for (const [hour, fact] of facts) await ledger.append('desk', () => [fact], T0 + hour * HOUR);
  const [json, csv] = alarmLogRoutes({ ledger, store, asOf: worldAsOf({ ledger, now: () => T0 + nowHour * HOUR }) });
  const ask = async (query: Record<string, string>, actor: Actor = desk, route = json!) => {
    const read = route.query!.safeParse(query);
    if (!read.success) throw new Refused(400, read.error.issues[0]!.path.join('.'), read.error.issues[0]!.message);
    return route.handle({ actor, query: read.data, params: undefined, body: undefined, headers: {}, content: undefined as never });
  };
  const log = async (query: Record<string, string> = {}, actor = desk) =>
    (await ask(query, actor)).json as { from: number; to: number; total: number; rows: Occurrence[]; next: string | null };
  const file = async (query: Record<string, string> = {}, actor = desk) => {
    let text = '';
    for await (const part of (await ask(query, actor, csv!)).stream!.chunks) text += part;
    return text;
  };
  return { log, file, name: async (query: Record<string, string>) => (await ask(query, desk, csv!)).stream!.name };
}
const iso = (hour: number) => new Date(T0 + hour * HOUR).toISOString();
const at = (hour: number) => T0 + hour * HOUR;

test('tells when each was raised, acknowledged by whom, and cleared; what stood at its beginning too', async () => {
  const { log } = await house(
    [
      [1, raise(1, at(1))],
      [2, raise(2, at(2))],
      [3, clear(2, at(3))],
      [4, ack(1)],
      [30, ack(2)],
      [31, raise(3, at(31))],
      [40, clear(1, at(40))],
    ],
    48,
  );
  const { rows, from, to, total, next } = await log();
  expect([from, to, total, next]).toEqual([at(24) + 1, at(48) + 1, 3, null]);
  expect(rows).toMatchObject([
    { alarm: 's-3/high', raisedAt: at(31), clearedAt: null, ackedAt: null, active: true, state: 'unack' },
    { alarm: 's-2/high', raisedAt: at(2), clearedAt: at(3), ackedAt: at(30), ackedBy: 'desk', active: false, state: 'normal' },
    { alarm: 's-1/high', raisedAt: at(1), clearedAt: at(40), ackedAt: at(4), state: 'normal' },
  ]);
  expect((await log({ from: iso(0), to: iso(20) })).rows.map((r) => [r.alarm, r.state])).toEqual([
    ['s-2/high', 'rtn-unack'],
    ['s-1/high', 'acked'],
  ]);
});

test('pages follow one another without gap or repetition, also over rows of one moment', async () => {
  const facts = Array.from({ length: 40 }, (_, i) => [1 + Math.floor(i / 8), raise(i % 8, at(1), `r-${Math.floor(i / 8)}`)] as const);
  const { log } = await house(facts, 20);
  const all = (await log({ limit: '1000' })).rows;
  expect(all).toHaveLength(40);
  const paged: Occurrence[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Awaited<ReturnType<typeof log>> = await log({ limit: '7', ...(cursor ? { cursor } : {}) });
    expect(page.total).toBe(40);
    paged.push(...page.rows);
    cursor = page.next;
  }
  expect(paged).toEqual(all);
});

test('is narrowed by place, kind, sensor, rule, priority and state, and to what the asker may see', async () => {
  const facts = [...sensors.keys()].map((n) => [1 + n, raise(n, at(1 + n), n < 5 ? 'high' : 'low')] as const);
  const { log } = await house([...facts, [20, ack(1)]], 22);
  const of = async (query: Record<string, string>, actor = desk) =>
    (await log(query, actor)).rows.map((r) => Number(r.sensor.slice(2))).sort();
  expect(await of({})).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(await of({ area: leaves[0]! })).toEqual([0, 5]);
  expect(await of({ kind: 'gas' })).toEqual([1, 3, 5, 7, 9]);
  expect(await of({ kind: 'gas', rule: 'low' })).toEqual([5, 7, 9]);
  expect(await of({ sensor: 's-1,s-2' })).toEqual([1, 2]);
  expect(await of({ priority: '1,2' })).toEqual([0, 1, 4, 5, 8, 9]);
  expect(await of({ state: 'acked' })).toEqual([1]);
  const theirs = sensors.filter((s) => s.area.startsWith('510107062007')).map((s) => Number(s.id.slice(2)));
  expect(await of({}, west)).toEqual(theirs);
  expect(await of({ area: '510107062008' }, west)).toEqual([]);
});

test('refuses what cannot be asked, by its field', async () => {
  const { log } = await house([], 24 * 200);
  const refused = async (query: Record<string, string>) => {
    const error = await log(query).then(
      () => null,
      (e: unknown) => e,
    );
    return error instanceof Refused ? error.field : error;
  };
  expect(await refused({ from: iso(5), to: iso(5) })).toBe('from');
  expect(await refused({ from: iso(0), to: iso(24 * 93) })).toBe('from');
  expect(await refused({ area: '999999' })).toBe('area');
  expect(await refused({ priority: '5' })).toBe('priority.0');
  expect(await refused({ state: 'asleep' })).toBe('state.0');
  expect(await refused({ cursor: 'zzz' })).toBe('cursor');
  expect(await refused({ limit: '1001' })).toBe('limit');
});

test('the file has a line a row, times by the clock of the centre, and no formula of anybody', async () => {
  const { file } = await house(
    [
      [1, raise(3, at(1))],
      [2, ack(3)],
      [3, clear(3, at(3))],
    ],
    5,
  );
  const text = await file();
  expect(text.startsWith('\ufeff告警,名称,等级,')).toBe(true);
  const [head, row, end] = text.slice(1).split('\r\n');
  const cells = Object.fromEntries(head!.split(',').map((name, i) => [name, row!.split(',')[i]]));
  expect(cells).toMatchObject({
    告警: 's-3/high',
    等级: 'P4',
    设备名称: "'=1+1",
    发生: '2026-11-01 09:00:00',
    确认: '2026-11-01 10:00:00',
    确认人: 'desk',
    确认用时秒: '3600',
    恢复: '2026-11-01 11:00:00',
    持续秒: '7200',
    状态: '正常',
  });
  expect(end).toBe('');
});

test('as of a moment of the past it ends there, also as a file, whose name says so', async () => {
  const facts = [
    [1, raise(1, at(1))],
    [3, ack(1)],
    [5, clear(1, at(5))],
    [6, raise(2, at(6))],
  ] as const;
  const { log, file, name } = await house(facts, 10);
  const asOf = String(at(4));
  expect((await log({ asOf, to: iso(9) })).rows).toMatchObject([{ alarm: 's-1/high', active: true, state: 'acked', clearedAt: null }]);
  expect((await log({ asOf: String(at(2)) })).rows).toMatchObject([{ alarm: 's-1/high', state: 'unack', ackedAt: null }]);
  const text = await file({ asOf, to: iso(9) });
  expect(text.split('\r\n')).toHaveLength(3);
  expect(text).toContain('s-1/high');
  expect(text).not.toContain('13:00:00'); // when it cleared
  expect(await name({ asOf })).toBe('alarms-as-of-20261101T120000.csv');
  expect(await name({})).toBe('alarms-2026-11-01.csv');
});

test('a month of a busy street is one answer', async () => {
  const facts: (readonly [number, Fact])[] = [];
  for (let h = 0; h < 24 * 29; h++) facts.push([h, h % 2 ? clear(0, at(h)) : raise(0, at(h))]);
  const { log } = await house(facts, 24 * 30);
  const { total, rows, next } = await log({ from: new Date(T0 - DAY).toISOString(), limit: '5' });
  expect(total).toBe(348);
  expect(rows.map((r) => r.raisedAt)).toEqual([694, 692, 690, 688, 686].map(at));
  expect(next).not.toBeNull();
});
