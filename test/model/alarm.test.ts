import fc from 'fast-check';
import { expect, it } from 'vitest';
import { alarmId, judgeReading } from '../../model/alarm.ts';
import { type SensorKind, zSensorKind } from '../../model/centre.ts';

const kind = (limits: Partial<SensorKind>): SensorKind =>
  zSensorKind.parse({
    code: 'gas',
    name: { zh: '气', en: 'Gas' },
    alarm: { zh: '超', en: 'High' },
    unit: '%',
    priority: 2,
    intervalS: 60,
    ...limits,
  });

/** Run readings through the rule as the engine does: what is raised is active until it is cleared. */
function play(k: SensorKind, values: readonly number[]) {
  const active = { high: false, low: false };
  return values.map((value) => {
    const events = judgeReading(k, value, { ...active });
    for (const e of events) active[e.rule] = e.kind === 'raised';
    return { value, events, ...active };
  });
}
const arbKind = fc
  .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 10 }))
  .map(([low, span, deadband]) => kind({ low, high: low + span, deadband }));
const arbValues = fc.array(fc.double({ min: -20, max: 120, noNaN: true }), { maxLength: 60 });

it('raises at the limit and clears only beyond the deadband', () => {
  const told = play(kind({ high: 20, deadband: 2 }), [19.9, 20, 25, 18.5, 18, 17.9, 20]).map((r) => r.events.map((e) => e.kind).join());
  expect(told).toEqual(['', 'raised', '', '', '', 'cleared', 'raised']);
  const low = play(kind({ low: 5, deadband: 1 }), [5.1, 5, 6, 6.1]).map((r) => r.events.map((e) => e.kind).join());
  expect(low).toEqual(['', 'raised', '', 'cleared']);
  expect(judgeReading(kind({ high: 20 }), 21, { high: false, low: false })).toEqual([{ kind: 'raised', rule: 'high', limit: 20 }]);
});

it('is always in alarm beyond a limit, never in alarm well within, and between the two as it was', () => {
  fc.assert(
    fc.property(arbKind, arbValues, (k, values) => {
      let before = { high: false, low: false };
      for (const r of play(k, values)) {
        expect(r.high).toBe(r.value >= k.high! ? true : r.value < k.high! - k.deadband ? false : before.high);
        expect(r.low).toBe(r.value <= k.low! ? true : r.value > k.low! + k.deadband ? false : before.low);
        before = r;
      }
    }),
  );
});

it('raises and clears by turns, each only when it changes something', () => {
  fc.assert(
    fc.property(arbKind, arbValues, (k, values) => {
      for (const rule of ['high', 'low'] as const) {
        const kinds = play(k, values).flatMap((r) => r.events.filter((e) => e.rule === rule).map((e) => e.kind));
        kinds.forEach((told, i) => {
          expect(told).toBe(i % 2 ? 'cleared' : 'raised');
        });
      }
    }),
  );
});

it('does not chatter: a value that wavers by less than the deadband raises once', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 8.01, max: 11.99, noNaN: true }), { minLength: 1, maxLength: 100 }), (values) => {
      const raised = play(kind({ high: 10, deadband: 2 }), [10, ...values]).flatMap((r) => r.events);
      expect(raised).toHaveLength(1);
    }),
  );
});

it('says nothing where there are no limits, and has one id per source and rule', () => {
  fc.assert(
    fc.property(arbValues, (values) => {
      expect(play(kind({}), values).flatMap((r) => r.events)).toEqual([]);
    }),
  );
  expect(alarmId('s-1', 'high')).not.toBe(alarmId('s-1', 'low'));
});
