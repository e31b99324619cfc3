import { expect, test } from 'vitest';
import type { Refusal } from '../../model/report.ts';
import { Door, Doors, KEPT_REFUSALS } from '../../server/ingest/doors.ts';
import { readMessage } from '../../server/ingest/topic.ts';

const refuse = (door: Door, reason: Refusal['reason'], payload = '', device?: string) =>
  door.refuse({ field: 'f', rule: 'r', reason }, { where: 'topic', payload, device });

test('a door counts what it took, what it refused and why, and the newest device time', () => {
  const now = 1_000_000_000_000;
  const door = new Door('http', () => now);
  expect(door.status()).toMatchObject({ accepted: 0, refused: 0, rate: 0, lastAt: null, dataAt: null, refusals: {}, state: 'open' });
  door.accept(now - 5000);
  door.accept(now - 9000);
  door.accept();
  refuse(door, 'form');
  refuse(door, 'future');
  refuse(door, 'form');
  expect(door.status()).toMatchObject({ accepted: 3, refused: 3, lastAt: now, dataAt: now - 5000, refusals: { form: 2, future: 1 } });
});

test('the rate is that of the last minute, however long nobody looked', () => {
  let now = 1_000_000_000_000;
  const door = new Door('mqtt', () => now);
  for (let s = 0; s < 120; s++) {
    now += 1000;
    for (let i = 0; i < 5; i++) door.accept(now);
  }
  expect(door.status().rate).toBe(5);
  now += 30_000;
  expect(door.status().rate).toBe(2.5);
  now += 3_600_000;
  expect(door.status()).toMatchObject({ rate: 0, accepted: 600 });
});

test('doors are told apart by name', () => {
  const doors = new Doors(Date.now);
  doors.open('http');
  refuse(doors.open('mqtt'), 'form');
  expect(doors.status().map((d) => [d.door, d.refused])).toEqual([
    ['http', 0],
    ['mqtt', 1],
  ]);
  expect(doors.get('mqtt')?.name).toBe('mqtt');
  expect(doors.get('fax')).toBeUndefined();
});

test('the last refusals can be looked at, newest first, without telephone numbers and callers', () => {
  let now = 0;
  const door = new Door('mqtt', () => ++now);
  for (let i = 0; i < KEPT_REFUSALS + 5; i++) refuse(door, i % 2 ? 'unknown-id' : 'form', `message ${i}`, `d-${i}`);
  const kept = door.refused();
  expect(kept).toHaveLength(KEPT_REFUSALS);
  expect(kept[0]).toEqual({
    at: KEPT_REFUSALS + 5,
    door: 'mqtt',
    where: 'topic',
    mapping: null,
    field: 'f',
    rule: 'r',
    reason: 'form',
    payload: `message ${KEPT_REFUSALS + 4}`,
    device: null,
  });
  expect(kept[1]?.device).toBe(`d-${KEPT_REFUSALS + 3}`);
  const shown = (payload: string) => {
    refuse(door, 'form', payload);
    return door.refused()[0]!.payload;
  };
  expect(shown('{"tel":"13800001234","alt":"+86 138-0000-1234 x","at":"2026-11-22 08:00:00","v":1234567890}')).toBe(
    '{"tel":"***","alt":"*** x","at":"2026-11-22 08:00:00","v":1234567890}',
  );
  expect(shown('{"kind":"incident","caller":{"name":"张三","tel":"8765 4321"}}')).toBe('{"kind":"incident",…');
  expect(shown(`${'x'.repeat(195)}13800001234`)).not.toMatch(/138/);
  expect(shown('x'.repeat(1000))).toHaveLength(201);
});

const read = (topic: string, payload: string, street: string | null = '510107062') => readMessage(topic, Buffer.from(payload), street);

test('a topic gives kind and id, the payload the fields', () => {
  expect(read('genglou/510107062/unit/u-0001/position', '{"speed":1,"unit":"u-9","kind":"reading"}')).toEqual({
    say: 'report',
    report: { speed: 1, unit: 'u-0001', kind: 'position' },
  });
  expect(read('genglou/510107062/sensor/a/b/reading', '{"value":1}')).toMatchObject({ report: { kind: 'reading', sensor: 'a/b' } });
  expect(read('genglou/510107062/incident', '{}')).toEqual({ say: 'report', report: { kind: 'incident' } });
});

test('state is said in words or in JSON; an empty one was erased', () => {
  const state = (payload: string) => read('genglou/510107062/camera/c-1/state', payload);
  expect(state('online')).toEqual({ say: 'state', state: { kind: 'state', of: 'camera', id: 'c-1', online: true } });
  expect(state('{"online":false}')).toMatchObject({ state: { online: false } });
  expect(state('{"state":"offline"}')).toMatchObject({ state: { online: false } });
  expect(state('')).toEqual({ say: 'nothing' });
  expect(state('perhaps')).toMatchObject({ say: 'refused', refusal: { reason: 'form' } });
});

test('what is not a topic or payload of ours is refused with a reason', () => {
  const reason = (topic: string, payload = '{}') => {
    const m = read(topic, payload);
    return m.say === 'refused' ? `${m.refusal.field} ${m.refusal.reason}` : m.say;
  };
  expect(reason('other/510107062/incident')).toBe('topic form');
  expect(reason('genglou/110101001/incident')).toBe('topic place');
  expect(reason('genglou/510107062/unit/position')).toBe('topic form');
  expect(reason('genglou/510107062/sensor/s/position')).toBe('topic form');
  expect(reason('genglou/510107062/incident', '[]')).toBe('payload form');
  expect(reason('genglou/510107062/incident', 'null')).toBe('payload form');
  expect(reason('genglou/510107062/incident', `{"title":"${'x'.repeat(20_000)}"}`)).toBe('payload too-large');
});

test('a gateway tells what it carries, and whether it is there', () => {
  const gateway = (what: string, payload: string) => read(`genglou/510107062/gateway/g-1/${what}`, payload);
  expect(gateway('devices', '["s-1","d-2"]')).toEqual({
    say: 'carried',
    gateway: 'g-1',
    carried: { sensors: ['s-1', 'd-2'], units: [], cameras: [], devices: ['s-1', 'd-2'] },
  });
  expect(gateway('devices', '{"cameras":["c-1"]}')).toMatchObject({ carried: { cameras: ['c-1'], sensors: [] } });
  expect(gateway('devices', JSON.stringify(Array.from({ length: 4000 }, (_, i) => `sensor-${i}`)))).toMatchObject({ say: 'carried' });
  expect(gateway('devices', '["a b"]')).toMatchObject({ say: 'refused' });
  expect(gateway('devices', '{"phones":[]}')).toMatchObject({ say: 'refused' });
  expect(gateway('state', '{"online":false}')).toEqual({ say: 'gateway', gateway: 'g-1', online: false });
});
