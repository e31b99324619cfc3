import { expect, test } from 'vitest';
import { Door, Doors } from '../../server/ingest/doors.ts';
import { readMessage } from '../../server/ingest/topic.ts';

test('a door counts what it took, what it refused and why, and the newest device time', () => {
  const now = 1_000_000_000_000;
  const door = new Door('http', () => now);
  expect(door.status()).toMatchObject({ accepted: 0, refused: 0, rate: 0, lastAt: null, dataAt: null, refusals: {}, state: 'open' });
  door.accept(now - 5000);
  door.accept(now - 9000);
  door.accept();
  door.refuse('form');
  door.refuse('future');
  door.refuse('form');
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
  doors.open('mqtt').refuse('form');
  expect(doors.status().map((d) => [d.door, d.refused])).toEqual([
    ['http', 0],
    ['mqtt', 1],
  ]);
  expect(doors.get('mqtt')?.name).toBe('mqtt');
  expect(doors.get('fax')).toBeUndefined();
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
