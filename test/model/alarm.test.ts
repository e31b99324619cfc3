import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AlarmEvent, alarmAfter, alarmId, type Condition, calm, partsOfAlarm, stateOf } from '../../model/alarm.ts';
import { priorityOf, type ValueTest, valueHolds } from '../../model/alarm-rule.ts';
import { epochMs } from '../../model/brand.ts';

/** Run values through a test as the engine does: what holds is active until it does not. */
function play(test: ValueTest, values: readonly number[]) {
  let was = false;
  return values.map((value) => {
    was = valueHolds(test, value, was);
    return was;
  });
}
const arbValues = fc.array(fc.double({ min: -20, max: 120, noNaN: true }), { maxLength: 60 });

it('raises at the limit and clears only beyond the deadband', () => {
  expect(play({ is: 'high', limit: 20, deadband: 2 }, [19.9, 20, 25, 18.5, 18, 17.9, 20])).toEqual([
    false,
    true,
    true,
    true,
    true,
    false,
    true,
  ]);
  expect(play({ is: 'low', limit: 5, deadband: 1 }, [5.1, 5, 6, 6.1])).toEqual([false, true, true, false]);
  expect(play({ is: 'state', values: [1, 3] }, [0, 1, 2, 3])).toEqual([false, true, false, true]);
});

it('is always in alarm beyond a limit, never in alarm well within, and between the two as it was', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 10 }), arbValues, (limit, deadband, values) => {
      let before = { high: false, low: false };
      for (const value of values) {
        const high = valueHolds({ is: 'high', limit, deadband }, value, before.high);
        const low = valueHolds({ is: 'low', limit, deadband }, value, before.low);
        expect(high).toBe(value >= limit ? true : value < limit - deadband ? false : before.high);
        expect(low).toBe(value <= limit ? true : value > limit + deadband ? false : before.low);
        before = { high, low };
      }
    }),
  );
});

it('does not chatter: a value that wavers by less than the deadband raises once', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 8.01, max: 11.99, noNaN: true }), { minLength: 1, maxLength: 100 }), (values) => {
      expect(play({ is: 'high', limit: 10, deadband: 2 }, [10, ...values])).not.toContain(false);
    }),
  );
});

it('has one id per source and rule, taken apart again also where the source has slashes', () => {
  expect(alarmId('s-1', 'high')).not.toBe(alarmId('s-1', 'low'));
  expect(partsOfAlarm(alarmId('shed/1/temp', 'high-high'))).toEqual({ sensor: 'shed/1/temp', rule: 'high-high' });
});

it('a severe consequence with little time is P1, a minor one with much time P4', () => {
  expect([priorityOf('severe', 5), priorityOf('major', 30), priorityOf('minor', 10), priorityOf('minor', 120)]).toEqual([1, 2, 3, 4]);
});

const shelf = { kind: 'timed' as const, until: epochMs(1), reason: '检修', by: 'op' };
const arbEvent: fc.Arbitrary<AlarmEvent> = fc.oneof(
  fc.constantFrom<AlarmEvent>(
    { do: 'raise' },
    { do: 'raise', again: true },
    { do: 'acknowledge' },
    { do: 'reset' },
    { do: 'unshelve' },
    { do: 'suppress', by: 'high-high' },
    { do: 'unsuppress' },
    { do: 'remove', reason: '检修', by: 'op' },
    { do: 'return' },
    { do: 'shelve', shelf },
    { do: 'shelve', shelf: { ...shelf, kind: 'one-shot' } },
  ),
  fc.boolean().map((latch): AlarmEvent => ({ do: 'clear', latch })),
);

it('what hides an alarm never changes what is so: uncovered, it is in the state it would have been in', () => {
  fc.assert(
    fc.property(fc.array(arbEvent, { maxLength: 40 }), (events) => {
      const covers = new Set(['shelve', 'unshelve', 'suppress', 'unsuppress', 'remove', 'return']);
      const run = (list: readonly AlarmEvent[]) => list.reduce<Condition>((c, e) => alarmAfter(c, e), calm);
      const { active, acked, latched } = run(events);
      const plain = run(events.filter((e) => !covers.has(e.do)));
      expect({ active, acked, latched }).toEqual({ active: plain.active, acked: plain.acked, latched: plain.latched });
      expect(stateOf({ ...calm, active, acked, latched })).toBe(stateOf(plain));
    }),
  );
});
