import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonPath, readPath } from '../../model/json-path.ts';
import { type Mapper, openMapper } from '../../model/map-message.ts';
import { mistakeLine, readMappings } from '../../model/mapping.ts';
import { matchTopic, topicPattern } from '../../model/topic-pattern.ts';

const example = (name: string) => JSON.parse(readFileSync(new URL(`../../docs/examples/${name}.json`, import.meta.url), 'utf8'));
function mapperOf(json: unknown): Mapper {
  const read = readMappings(json);
  if ('mistakes' in read) throw new Error(read.mistakes.map(mistakeLine).join('\n'));
  return openMapper(read.mappings);
}
const mistakes = (json: unknown) => {
  const read = readMappings(json);
  return 'mistakes' in read ? read.mistakes.map(mistakeLine) : [];
};
const say = (m: Mapper, topic: string, message: unknown) => m.map(topic, JSON.stringify(message));
const one = (reading: object, more: object = {}) => ({
  mappings: [{ name: 'm', topic: 'bus/{device}', readings: [{ sensor: '{device}', value: 'v', ...reading }], ...more }],
});

describe('a path', () => {
  const read = (path: string, value: unknown, element?: unknown) => {
    const p = jsonPath(path);
    if (typeof p === 'string') throw new Error(p);
    return readPath(p, value, element);
  };
  it('reads names, places in a list and quoted names', () => {
    const message = { a: { b: [1, { 'c d': 2 }] }, 'x.y': 3 };
    expect(read('a.b[0]', message)).toBe(1);
    expect(read("$.a.b[1]['c d']", message)).toBe(2);
    expect(read('["x.y"]', message)).toBe(3);
    expect(read('@.e', message, { e: 4 })).toBe(4);
    expect(read('$', message)).toBe(message);
    expect(read('a.b.c', message)).toBeUndefined();
  });
  it('never finds what objects inherit', () => {
    for (const path of ['constructor', '__proto__', 'a.toString', 'a.length', 'a[0].constructor.name'])
      expect(read(path, { a: [{}] })).toSatisfy((v) => v === undefined || v === 1);
    expect(read('a.length', { a: 'text' })).toBeUndefined();
  });
  it.each(['', '.a', 'a..b', 'a[', 'a[x]', 'a[-1]', 'a b', 'a[0]b', '$$', "['a", 'a.$'])('%j is none, and says where', (text) => {
    expect(jsonPath(text)).toBeTypeOf('string');
  });
  it('finds every value of any JSON by its quoted path', () => {
    const name = fc.string({ maxLength: 8 }).filter((s) => !/["']/.test(s));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 6 }), fc.jsonValue(), (keys, leaf) => {
        const message = keys.reduceRight<unknown>((inner, key) => Object.fromEntries([[key, inner]]), leaf);
        expect(read(keys.map((k) => `["${k}"]`).join(''), message)).toBe(keys.reduce((m, k) => (m as Record<string, unknown>)[k], message));
      }),
    );
  });
});

describe('a topic', () => {
  const match = (pattern: string, topic: string) => {
    const levels = topicPattern(pattern);
    if (typeof levels === 'string') throw new Error(levels);
    const found = matchTopic(levels, topic);
    return found && Object.fromEntries(found);
  };
  it('matches level by level; + is one, # is the rest, a placeholder is one with a name', () => {
    expect(match('z/{device}', 'z/a')).toEqual({ device: 'a' });
    expect(match('z/{device}', 'z/a/b')).toBeNull();
    expect(match('z/{device}', 'z')).toBeNull();
    expect(match('a/+/{x}/#', 'a/b/c/d/e')).toEqual({ x: 'c' });
    expect(match('a/#', 'a')).toEqual({}); // as MQTT has it: the parent level is included
  });
  it.each(['a/#/b', 'a/b+', 'a/{x}y', '{x}/{x}', '', 'a/{1}'])('%j is none', (text) => {
    expect(topicPattern(text)).toBeTypeOf('string');
  });
});

describe('zigbee2mqtt, as its example maps it', () => {
  const z = mapperOf(example('mapping-zigbee2mqtt'));
  it('gives a reading for each thing measured', () => {
    const message = { temperature: 21.5, humidity: 40, battery: 97, linkquality: 120, occupancy: true, contact: false, water_leak: null };
    const mapped = say(z, 'zigbee2mqtt/z-1', message);
    expect(mapped).toMatchObject({ say: 'readings', mapping: 'zigbee2mqtt', refused: [] });
    expect(mapped.say === 'readings' && mapped.readings.map((r) => [r.sensor, r.value])).toEqual([
      ['z-1-temperature', 21.5],
      ['z-1-humidity', 40],
      ['z-1-contact', 1],
      ['z-1-occupancy', 1],
      ['z-1-battery', 97],
    ]);
  });
  it('a name that is no id has another', () => {
    const mapped = say(z, 'zigbee2mqtt/客厅温湿度', { temperature: 20 });
    expect(mapped).toMatchObject({ readings: [{ sensor: 'z-living-room-temperature', at: null }] });
    expect(say(z, 'zigbee2mqtt/厨房', { temperature: 20 })).toMatchObject({
      readings: [],
      refused: [{ field: 'readings.0.sensor', rule: expect.stringContaining('厨房-temperature') }],
    });
  });
  it('availability is of the device, in either form; its own chatter is passed over', () => {
    for (const payload of ['offline', '{"state":"offline"}'])
      expect(z.map('zigbee2mqtt/z-1/availability', payload)).toMatchObject({ say: 'online', device: 'z-1', online: false });
    expect(z.map('zigbee2mqtt/z-1/availability', 'maybe')).toMatchObject({ say: 'refused', refusal: { field: 'online' } });
    expect(z.map('zigbee2mqtt/z-1/availability', '').say).toBe('ignored');
    expect(z.map('zigbee2mqtt/bridge/devices', '[]').say).toBe('ignored');
    expect(z.map('genglou/1/incident', '{}').say).toBe('others');
    expect(z.filters).toEqual(['zigbee2mqtt/+', 'zigbee2mqtt/+/availability']);
  });
  it('a message of which nothing is known says what was looked for', () => {
    expect(say(z, 'zigbee2mqtt/z-1', { linkquality: 3 })).toMatchObject({
      say: 'refused',
      mapping: 'zigbee2mqtt',
      refusal: { field: 'readings', rule: expect.stringContaining('temperature') },
    });
    expect(z.map('zigbee2mqtt/z-1', 'no json')).toMatchObject({ say: 'refused', refusal: { field: 'payload', rule: 'JSON' } });
  });
});

describe("a vendor's flat JSON, as its example maps it", () => {
  const v = mapperOf(example('mapping-vendor'));
  const data = [
    { dev: 's1', type: 'power', p: '2200' },
    { dev: 's1', type: 'temp', t: 651 },
    { dev: 's1', type: 'port', port: 3, state: 'charging' },
    { dev: 's1', type: 'port', port: 4, state: 'burning' },
  ];
  it('reads each element of the list, scaled, at the device time', () => {
    const mapped = say(v, 'vendor/p1/up/g1', { cmd: 'report', ts: '2026-11-22 09:00:00', data });
    const at = Date.parse('2026-11-22T01:00:00Z');
    expect(mapped).toMatchObject({
      readings: [
        { sensor: 's1-load', kind: 'shed-load', value: 2.2, at },
        { sensor: 's1-temperature', value: expect.closeTo(25.1), at },
        { sensor: 's1-socket-3', value: 1, at: null },
      ],
      refused: [{ field: 'readings.2.value', rule: 'a number, or one of idle, charging, fault' }],
    });
  });
  it('takes only the messages it is meant for', () => {
    expect(say(v, 'vendor/p1/up/g1', { cmd: 'heartbeat' })).toMatchObject({ say: 'refused', mapping: null, refusal: { field: 'when' } });
    expect(say(v, 'vendor/p1/up/g1', { cmd: 'report', data: 7 })).toMatchObject({ say: 'refused', refusal: { field: 'each' } });
  });
});

describe('a value', () => {
  const value = (reading: object, v: unknown) => {
    const mapped = say(mapperOf(one(reading)), 'bus/a', { v });
    return mapped.say === 'readings' ? (mapped.readings[0]?.value ?? mapped.refused[0]?.field) : mapped.say;
  };
  it('is a number, a number as text, or true and false; anything else is refused, never guessed', () => {
    expect([3, '3.5', ' -2e1 ', true, false].map((v) => value({}, v))).toEqual([3, 3.5, -20, 1, 0]);
    expect(['', '3,5', '0x10', 'NaN', 'Infinity', {}, [3]].map((v) => value({}, v))).toEqual(Array(7).fill('readings.0.value'));
    expect(value({ scale: 1e300 }, 1e300)).toBe('readings.0.value');
    expect(value({ map: { on: 1 } }, true)).toBe('readings.0.value');
    expect(value({ map: { on: 1 } }, 'constructor')).toBe('readings.0.value');
  });
  it('has its time by unit', () => {
    const at = (time: object, t: unknown) => {
      const mapped = say(mapperOf(one({ time: { path: 't', ...time } })), 'bus/a', { v: 1, t });
      return mapped.say === 'readings' && (mapped.readings[0]?.at ?? mapped.refused[0]?.field);
    };
    expect(at({ unit: 's' }, 1_700_000_000)).toBe(1_700_000_000_000);
    expect(at({ unit: 'ms' }, '1700000000000')).toBe(1_700_000_000_000);
    expect(at({ unit: 'iso' }, '2023-11-14T22:13:20Z')).toBe(1_700_000_000_000);
    expect(at({ unit: 'iso', offset: '+08:00' }, '2023-11-15 06:13:20')).toBe(1_700_000_000_000);
    expect(at({ unit: 'iso' }, '2023-11-15 06:13:20')).toBe('readings.0.time');
    expect([at({ unit: 's' }, null), at({ unit: 'ms' }, -1), at({ unit: 'iso' }, 'now')]).toEqual(Array(3).fill('readings.0.time'));
  });
});

describe('a file of mappings', () => {
  it('names every mistake by entry and field', () => {
    const wrong = {
      mappings: [
        { name: 'a', topic: 'genglou/x', readings: [{ sensor: '{dev}', value: 'a..b' }] },
        { name: 'b', topic: 'bus/{x}', readings: [{ sensor: 'x', value: 'v', skale: 2 }] },
        { topic: 'bus/#/x', readings: [] },
      ],
    };
    const lines = mistakes(wrong);
    expect(lines).toEqual([
      expect.stringMatching(/^a: topic: .*genglou/),
      expect.stringMatching(/^a: readings\.0\.value: not a path at character 2/),
      'b: readings.0: no such field: skale',
      expect.stringMatching(/^mappings\[2\]: name: /),
      expect.stringMatching(/^mappings\[2\]: topic: # stands at the end/),
      expect.stringMatching(/^mappings\[2\]: readings: /),
    ]);
    expect(mistakes({ mappings: 3 })).toEqual([expect.stringMatching(/^mappings: /)]);
  });
  it('and what only shows when it is read as a whole', () => {
    expect(mistakes(one({ sensor: '{device}-{gate}' }))).toEqual([
      'm: readings.0.sensor: {gate} is no placeholder of the topic bus/{device}',
    ]);
    expect(mistakes(one({ sensor: '{@.id}' }))).toEqual([expect.stringContaining('m: readings.0.sensor: ')]);
    expect(mistakes({ mappings: [...one({}).mappings, ...one({}).mappings] })).toEqual(
      Array(2).fill('m: name: m is the name of two mappings').slice(1),
    );
  });
});

it('no message whatever makes a mapper fail', () => {
  const mappers = ['mapping-zigbee2mqtt', 'mapping-vendor'].map((name) => mapperOf(example(name)));
  const topic = fc.constantFrom('zigbee2mqtt/a', 'zigbee2mqtt/a/availability', 'vendor/p/up/g', 'vendor/p/lwt/g', 'x');
  const payload = fc.oneof(
    fc.json(),
    fc.string(),
    fc.json().map((j) => `{"cmd":"report","data":[${j}],"temperature":${j}}`),
  );
  fc.assert(
    fc.property(topic, payload, (t, p) => {
      for (const m of mappers) {
        const mapped = m.map(t, p);
        if (mapped.say === 'readings') for (const r of mapped.readings) expect(Number.isFinite(r.value)).toBe(true);
        if (mapped.say === 'refused') expect(mapped.refusal.rule).not.toBe('');
      }
    }),
  );
});
