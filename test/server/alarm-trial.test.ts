import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeOf } from '../../model/alarm-judge.ts';
import type { AlarmRule } from '../../model/alarm-rule.ts';
import { SensorTrial } from '../../model/alarm-trial.ts';
import type { Series } from '../../model/reading-chunk.ts';
import { bareKind, room, rule, SECOND, sensor, T0 } from './watch-room.ts';

/** [seconds after T0, sensor, value] */
type Said = readonly (readonly [s: number, id: 'a' | 'b', value: number])[];
const UNTIL = T0 + 3600 * SECOND;
const OFFSET = 480;

const seriesOf = (said: Said, id: 'a' | 'b'): Series => {
  const own = said.filter(([, who]) => who === id);
  return { at: own.map(([s]) => T0 + s * SECOND), value: own.map(([, , v]) => v) };
};
/** [raised, cleared] in seconds after T0 by the live watch, to which every reading is told at its time. */
async function live(r: ReturnType<typeof rule>, said: Said) {
  const sensors = [sensor('a', 'gas', { device: 'd' }), sensor('b', 'load', { device: 'd' })];
  const watch = await room(sensors, ['gas', 'load'].map(bareKind));
  watch.setRule(r);
  for (const [s, id, value] of said) {
    await watch.pass(T0 + s * SECOND);
    await watch.read(id, value);
  }
  await watch.pass(UNTIL);
  await watch.close();
  expect(watch.errors).toEqual([]);
  return watch.entries.filter((e) => e.kind === 'alarm.raised' || e.kind === 'alarm.cleared').map((e) => [e.kind, (e.at - T0) / SECOND]);
}
function tried(r: ReturnType<typeof rule>, said: Said, cuts: readonly number[] = []) {
  const trial = new SensorTrial(judgeOf((r.body as { rule: AlarmRule }).rule, OFFSET), 60 * SECOND, T0);
  const part = (s: Series, from: number, to: number) => {
    const kept = s.at.flatMap((at, i) => (at >= from && at < to ? [i] : []));
    return { at: kept.map((i) => s.at[i]!), value: kept.map((i) => s.value[i]!) };
  };
  const borders = [T0, ...[...cuts].sort((a, b) => a - b).map((s) => T0 + s * SECOND), UNTIL];
  for (let i = 1; i < borders.length; i++) {
    const of = (id: 'a' | 'b') => part(seriesOf(said, id), borders[i - 1]!, borders[i]!);
    trial.take(of('a'), [{ kind: 'load', series: of('b') }]);
  }
  trial.end(UNTIL);
  return trial.spells;
}

const tests: readonly [name: string, test: object, more?: object][] = [
  ['high with a deadband', { is: 'high', limit: 20, deadband: 3 }],
  ['low with delays', { is: 'low', limit: 12, deadband: 1 }, { onDelayS: 45, offDelayS: 90 }],
  ['states with an off-delay', { is: 'state', values: [14, 15, 21] }, { offDelayS: 30 }],
  ['rate of change', { is: 'rate', limit: 5, windowS: 180, direction: 'either' }],
  ['rate rising with a delay', { is: 'rate', limit: 3, windowS: 120 }, { onDelayS: 60 }],
  ['no data', { is: 'no-data', intervals: 4 }],
  ['no data with a delay', { is: 'no-data', intervals: 3 }, { onDelayS: 20 }],
  [
    'two sensors of one device',
    { is: 'both', here: { is: 'high', limit: 18, deadband: 2 }, kind: 'load', there: { is: 'low', limit: 16 } },
  ],
  [
    'two sensors with delays',
    { is: 'both', here: { is: 'high', limit: 15 }, kind: 'load', there: { is: 'high', limit: 15 } },
    { onDelayS: 30, offDelayS: 30 },
  ],
  ['high at night and for ten minutes of the morning', { is: 'high', limit: 15 }, { hours: [{ from: '09:20', to: '09:30' }] }],
];

/** Readings some long gaps apart. Each has milliseconds of its own, so that no delay ends at the very moment of another reading. */
const said: fc.Arbitrary<Said> = fc
  .array(
    fc.tuple(
      fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 2, max: 120 }) }, { weight: 1, arbitrary: fc.integer({ min: 300, max: 900 }) }),
      fc.constantFrom('a' as const, 'a' as const, 'b' as const),
      fc.integer({ min: 8, max: 25 }),
    ),
    { minLength: 3, maxLength: 40 },
  )
  .map((list) => {
    let at = 1;
    const timed = list.map(([gap, id, value], i): Said[number] => {
      at += gap;
      return [at + (i + 1) / 64, id, value];
    });
    return timed.filter(([s]) => s < 3600);
  });

test.each(tests)('a rule tried over what was recorded raises what the live watch raised: %s', async (_, is, more = {}) => {
  let raised = 0;
  const r = rule('tried', is, more);
  await fc.assert(
    fc.asyncProperty(said, async (list) => {
      const spells = tried(r, list);
      // the live watch looks at its clock once a second: what begins by mere time and is over before it looks, it does not see
      fc.pre(spells.every((s) => s.clearedAt === null || s.clearedAt - s.raisedAt > 1.1 * SECOND));
      const told = await live(r, list);
      const expected = spells.flatMap((s) => [
        ['alarm.raised', (s.raisedAt - T0) / SECOND],
        ...(s.clearedAt === null ? [] : [['alarm.cleared', (s.clearedAt - T0) / SECOND]]),
      ]);
      expect(told.map(([kind]) => kind)).toEqual(expected.map(([kind]) => kind));
      for (const [i, [, at]] of told.entries()) expect(Math.abs(Number(at) - Number(expected[i]![1]))).toBeLessThanOrEqual(1.1);
      raised += spells.length;
    }),
    { numRuns: 25 },
  );
  expect(raised).toBeGreaterThan(5); // or it compared nothing with nothing
});

test('in whatever pieces the past is told, the answer is the same', () => {
  fc.assert(
    fc.property(
      said,
      fc.array(fc.integer({ min: 1, max: 3599 }), { maxLength: 5 }),
      fc.constantFrom(...tests),
      (list, cuts, [, is, more]) => {
        const r = rule('tried', is, more ?? {});
        expect(tried(r, list, cuts)).toEqual(tried(r, list));
      },
    ),
  );
});

test('the peak is the figure farthest beyond the limit', () => {
  const list: Said = [
    [10, 'a', 10],
    [70, 'a', 21],
    [130, 'a', 24],
    [190, 'a', 22],
    [250, 'a', 5],
    [310, 'a', 8],
  ];
  expect(tried(rule('x', { is: 'high', limit: 20 }), list)).toEqual([
    { raisedAt: T0 + 70 * SECOND, clearedAt: T0 + 250 * SECOND, peak: 24 },
  ]);
  expect(tried(rule('x', { is: 'low', limit: 9 }), list)).toEqual([{ raisedAt: T0 + 250 * SECOND, clearedAt: null, peak: 5 }]);
});
