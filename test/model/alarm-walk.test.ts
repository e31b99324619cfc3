import fc from 'fast-check';
import { expect, it } from 'vitest';
import { alarmId, alarmStates, stateOf } from '../../model/alarm.ts';
import { type AlarmActForm, alarmActs } from '../../model/alarm-forms.ts';
import { zAlarmRule } from '../../model/alarm-rule.ts';
import { type AlarmDecision, clearedFacts, decideAlarm, raisedFacts } from '../../model/alarm-step.ts';
import { areaCode, epochMs } from '../../model/brand.ts';
import { fold } from '../../model/fold/fold.ts';
import type { Entry, Fact } from '../../model/ledger.ts';
import { emptyWorld, type World, worldDigest } from '../../model/world.ts';
import { alarmClockFacts } from '../../server/alarms/alarm-clock.ts';
import { chain, leaves, setUp } from '../support/facts.ts';

const T0 = Date.parse('2026-11-20T08:00:00+08:00');
const MINUTE = 60_000;
const name = { zh: '燃气超限', en: 'Gas' };
const rule = (code: string, more: object) =>
  zAlarmRule.parse({ kind: 'gas', code, name, test: { is: 'high', limit: 5 }, priority: 2, ...more });
const rules = [rule('high', { suppressedWhile: 'high-high', shelveMaxMinutes: 30 }), rule('high-high', { latch: true, priority: 1 })];
const sensors = [0, 1, 2].map((n) => ({ id: `s-${n}`, kind: 'gas', name: `燃气 ${n}`, lngLat: [104, 30] as const, area: leaves[n]! }));
const begun: Fact[] = [
  ...setUp,
  { kind: 'sensors.registered', body: { sensors } },
  ...rules.map((r): Fact => ({ kind: 'rule.set', body: { rule: r } })),
];

interface Draw {
  readonly sensor: number;
  readonly rule: number;
  readonly what: number;
  readonly minutes: number;
  readonly gapMinutes: number;
}
const arbDraw: fc.Arbitrary<Draw> = fc.record({
  sensor: fc.nat(2),
  rule: fc.nat(1),
  what: fc.nat(13),
  minutes: fc.integer({ min: 1, max: 40 }),
  gapMinutes: fc.nat(20),
});
const factsOf = (d: AlarmDecision): readonly Fact[] => (d.ok ? d.facts : []);

/** What may happen next; none where the rules forbid it. */
function happens(world: World, d: Draw, now: number): readonly Fact[] {
  const sensor = sensors[d.sensor]!;
  const r = rules[d.rule]!;
  const id = alarmId(sensor.id, r.code);
  const judged = { sensor: { id: sensor.id, lngLat: sensor.lngLat }, area: sensor.area, value: d.minutes, at: epochMs(now) };
  const reason = '检修';
  const forms: Record<(typeof alarmActs)[number], AlarmActForm> = {
    acknowledge: { act: 'acknowledge' },
    reset: { act: 'reset' },
    shelve: { act: 'shelve', kind: d.what % 2 ? 'timed' : 'one-shot', minutes: d.minutes, reason },
    unshelve: { act: 'unshelve' },
    remove: { act: 'remove', reason },
    return: { act: 'return' },
    note: { act: 'note', text: '已知' },
  };
  switch (d.what) {
    case 0:
    case 1:
      return raisedFacts(world, r, judged);
    case 2:
    case 3:
      return clearedFacts(world, r, judged);
    case 4:
      return raisedFacts(world, r, judged, true);
    case 5:
      return alarmClockFacts(world, [...world.alarms.keys()], now);
    case 6: {
      const alarm = world.alarms.get(alarmId(sensor.id, 'high'));
      if (alarm?.suppressedBy) return [{ kind: 'alarm.unsuppressed', body: { alarm: alarm.id } }];
      if (!world.alarms.get(alarmId(sensor.id, 'high-high'))?.active) return [];
      const { area, lngLat } = sensor;
      const source = { alarm: alarmId(sensor.id, 'high'), sensor: sensor.id, rule: 'high', priority: 2 as const, area, lngLat };
      return [{ kind: 'alarm.suppressed', body: { ...source, by: 'high-high' } }];
    }
    default:
      return factsOf(decideAlarm(world, id, forms[alarmActs[d.what - 7]!], null, now));
  }
}

/** A walk through everything the rules allow; looks at each world on the way. */
function walk(draws: readonly Draw[], look: (world: World) => void): Entry[] {
  const all = begun.map((fact) => ({ fact, at: T0 }));
  let entries = chain(all);
  let world = fold(emptyWorld, entries);
  let now = T0;
  for (const d of draws) {
    now += d.gapMinutes * MINUTE;
    for (const fact of happens(world, d, now)) {
      all.push({ fact, at: now });
      entries = chain(all);
      world = fold(world, [entries.at(-1)!]);
      look(world);
    }
  }
  return entries;
}

it('whatever the rules allow in whatever order: no illegal state, gone if and only if normal, equal in any batches', () => {
  const seen = new Set<string>(['normal']);
  const behind = new Set<string>();
  fc.assert(
    fc.property(fc.array(arbDraw, { minLength: 20, maxLength: 60 }), fc.array(fc.nat(9), { maxLength: 12 }), (draws, cuts) => {
      const entries = walk(draws, (world) => {
        for (const a of world.alarms.values()) {
          seen.add(a.state);
          behind.add(`${a.state} over ${stateOf({ ...a, shelf: null, suppressedBy: null, outOfService: null })}`);
          expect(alarmStates).toContain(a.state);
          expect(a.state).toBe(stateOf(a));
          expect(a.state).not.toBe('normal'); // it leaves the world when it is
          expect(a.active && a.latched).toBe(false);
          expect(a.id).toBe(alarmId(a.sensor, a.rule));
          expect(a.raised > 0 || !a.active).toBe(true);
          if (a.ackedBy) expect(a.ackedBy.at).toBeGreaterThanOrEqual(a.raisedAt);
        }
        // one alarm per source and rule: the map itself, and no more than there are pairs
        expect(world.alarms.size).toBeLessThanOrEqual(sensors.length * rules.length);
      });
      const whole = fold(emptyWorld, entries);
      let parts = emptyWorld;
      let at = 0;
      for (const n of [...cuts, entries.length]) {
        parts = fold(parts, entries.slice(at, at + n));
        at += n;
      }
      expect(worldDigest(parts)).toBe(worldDigest(whole));
    }),
    { numRuns: 120, seed: 18_2 },
  );
  expect([...seen].sort()).toEqual([...alarmStates].sort());
  for (const hidden of ['shelved', 'suppressed', 'out-of-service'])
    for (const state of ['unack', 'acked', 'normal']) expect(behind).toContain(`${hidden} over ${state}`);
});

it('a repeated message or a second server makes no second alarm', () => {
  const world = fold(emptyWorld, chain(begun.map((fact) => ({ fact, at: T0 }))));
  const judged = { sensor: sensors[0]!, area: areaCode(leaves[0]!), value: 9, at: epochMs(T0) };
  const [raised] = raisedFacts(world, rules[0]!, judged);
  const after = fold(world, [{ ...chain([{ fact: raised!, at: T0 }])[0]!, seq: world.seq + 1 } as Entry]);
  expect(raisedFacts(after, rules[0]!, judged)).toEqual([]);
  expect(raisedFacts(after, rules[0]!, judged, true)).toEqual([]); // not acknowledged: nothing to ask again
  expect(clearedFacts(world, rules[0]!, judged)).toEqual([]);
  expect(after.alarms.size).toBe(1);
});
