import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Alarm } from '../../model/alarm.ts';
import { alarmTally } from '../../model/alarm-performance.ts';
import type { AlarmFigureId, AlarmReport } from '../../model/alarm-report.ts';
import { verdictOf } from '../../model/alarm-report-figures.ts';
import type { Priority } from '../../model/centre.ts';
import { noSurge, type Surge } from '../../model/flood.ts';
import { fold } from '../../model/fold/fold.ts';
import type { AlarmEntry, Fact } from '../../model/ledger.ts';
import { emptyWorld, type World } from '../../model/world.ts';
import { fixtureCentre } from '../support/fixture-street.ts';

const centre = {
  ...(fixtureCentre as unknown as NonNullable<World['centre']>),
  utcOffsetMinutes: 480,
  alarms: { operators: 1, floodStart: 10, floodEnd: 5 },
};
const at = (local: string) => Date.parse(`2026-11-${local}+08:00`);
const world: World = { ...emptyWorld, centre };

/** Entries as the ledger would have them, in the order of their times. */
function log(facts: readonly (readonly [ms: number, fact: unknown, actor?: string])[]): AlarmEntry[] {
  const sorted = facts.map((f, i) => [...f, i] as const).sort((a, b) => a[0] - b[0] || (a.at(-1) as number) - (b.at(-1) as number));
  return sorted.map(
    ([ms, fact, actor], i) =>
      ({ ...(fact as Fact), seq: i + 1, at: ms, actor: typeof actor === 'string' ? actor : 'x', prev: '', hash: '' }) as AlarmEntry,
  );
}
const source = (alarm: string, priority: Priority) => ({
  alarm: `${alarm}/high`,
  sensor: alarm,
  rule: 'high',
  priority,
  lngLat: [104, 30],
  area: null,
});
const raised = (alarm: string, priority: Priority = 3, more = {}) => ({
  kind: 'alarm.raised',
  body: { ...source(alarm, priority), value: 9, limit: 5, at: 0, ...more },
});
const cleared = (alarm: string) => ({ kind: 'alarm.cleared', body: { alarm: `${alarm}/high`, value: 1, at: 0 } });
const acked = (alarm: string) => ({ kind: 'alarm.acknowledged', body: { alarm: `${alarm}/high` } });
const shelved = (alarm: string, until: number) => ({
  kind: 'alarm.shelved',
  body: { ...source(alarm, 3), shelf: { kind: 'timed', until, reason: 'painting', by: 'op-1' } },
});
const unshelved = (alarm: string) => ({ kind: 'alarm.unshelved', body: { alarm: `${alarm}/high` } });
const removed = (alarm: string) => ({ kind: 'alarm.removed', body: { ...source(alarm, 3), reason: 'to be replaced' } });

const alarmsOf = (w: World): { alarms: ReadonlyMap<string, Alarm>; surge: Surge } => ({ alarms: w.alarms, surge: w.surge });
/** What the log says of a span, told from its beginning. */
function reportOf(entries: readonly AlarmEntry[], from: number, to: number): AlarmReport {
  const before = fold(
    world,
    entries.filter((e) => e.at < from),
  );
  const tally = alarmTally(alarmsOf(before), { from, to }, centre);
  for (const e of entries) if (e.at >= from && e.at < to) tally.take(e);
  return tally.report({ seq: entries.length, at: to });
}
const figure = (r: AlarmReport, id: AlarmFigureId) => r.figures.find((f) => f.id === id)!;

/** Two days of one operator, each answer worked out by hand below. */
const tens = Array.from({ length: 12 }, (_, i) => i);
const day = (d: number, time: string) => at(`${d}T${time}`);
const known = log([
  // c: standing since two days before, acknowledged then, clears at noon of the first day: stale on the first day
  [day(16, '06:00:00'), raised('c', 2)],
  [day(16, '06:10:00'), acked('c')],
  [day(18, '12:00:00'), cleared('c')],
  // a: on and off four times within a minute, put before the operator twice; acknowledged after five minutes
  [day(18, '08:00:00'), raised('a')],
  [day(18, '08:00:20'), cleared('a')],
  [day(18, '08:00:40'), raised('a')],
  [day(18, '08:00:59'), cleared('a')],
  [day(18, '08:05:00'), acked('a')],
  // b: on and off twice, far apart: no chattering
  [day(18, '08:10:00'), raised('b', 1)],
  [day(18, '08:11:00'), acked('b')],
  [day(18, '08:30:00'), cleared('b')],
  // d: acknowledged after ten minutes, stays on: stale from 09:00 of the second day
  [day(18, '09:00:00'), raised('d', 4)],
  [day(18, '09:10:00'), acked('d')],
  // e: raised while it is shelved, g: while it is out of service: nobody was asked
  [day(18, '10:00:00'), shelved('e', day(18, '14:00:00')), 'op-1'],
  [day(18, '10:30:00'), raised('e')],
  [day(18, '10:40:00'), cleared('e')],
  [day(18, '14:00:00'), unshelved('e')],
  [day(18, '15:00:00'), removed('g'), 'op-2'],
  [day(18, '15:30:00'), raised('g')],
  // twelve within two minutes of the second day: a flood from the eleventh, 03:01:40, until fewer than five are left, when the eighth
  // (03:01:10) is ten minutes old. Acknowledged at 03:20, but for the last
  ...tens.map((i) => [day(19, '03:00:00') + i * 10_000, raised(`f${i + 1}`)] as const),
  ...tens.slice(0, 11).map((i) => [day(19, '03:20:00'), acked(`f${i + 1}`)] as const),
  ...tens.map((i) => [day(19, '03:30:00'), cleared(`f${i + 1}`)] as const),
]);

describe('a log of two days whose answers were worked out by hand', () => {
  const r = reportOf(known, day(18, '00:00:00'), day(20, '00:00:00'));
  const is = (id: AlarmFigureId, value: number, n: number) => {
    const f = figure(r, id);
    expect([f.value, f.n]).toEqual([expect.closeTo(value, 9), n]);
    return f;
  };

  test('sixteen were announced: those raised while shelved or out of service were not', () => {
    expect(r.announced).toBe(16);
    expect(is('per-10-min', 16 / 288, 16).verdict).toBe('met');
    expect(is('per-day', 8, 16).verdict).toBe('met');
    is('worst-day', 12, 2);
    expect(r.days).toEqual([
      { day: '2026-11-18', from: day(18, '00:00:00'), announced: 4, stale: 1 },
      { day: '2026-11-19', from: day(19, '00:00:00'), announced: 12, stale: 1 },
    ]);
  });
  test('one period of 288 was above ten, the flood took nine and a half minutes', () => {
    expect(r.periods).toMatchObject({ from: day(18, '00:00:00'), stepMs: 600_000, busyAbove: 10 });
    expect(r.periods.counts.map((n, i) => [i, n]).filter(([, n]) => n)).toEqual([
      [48, 2],
      [49, 1],
      [54, 1],
      [162, 12],
    ]);
    expect(is('worst-10-min', 12, 288).verdict).toBe('missed');
    expect(is('busy-periods', 100 / 288, 288).verdict).toBe('met');
    expect(r.floods).toEqual([{ from: day(19, '03:01:40'), until: day(19, '03:11:10'), announced: 2, peak: 12 }]);
    is('flood-time', (100 * 570) / 172_800, 1);
  });
  test('the ten most frequent made eleven of the sixteen', () => {
    expect(r.top).toHaveLength(10);
    expect(r.top[0]).toEqual({ alarm: 'a/high', sensor: 'a', rule: 'high', priority: 3, area: null, announced: 2, share: 12.5 });
    expect(is('top-10-share', 68.75, 16).verdict).toBe('missed');
  });
  test('one chattered with four changes, another was on and off too slowly for it', () => {
    expect(r.chattering).toEqual([
      { alarm: 'a/high', sensor: 'a', rule: 'high', priority: 3, area: null, spells: 1, changes: 4, lastAt: day(18, '08:00:59') },
    ]);
    expect(is('chattering', 1, 16).verdict).toBe('missed');
  });
  test('one was stale on each day: c until noon of the first, d from nine of the second', () => {
    expect(r.stale.map(({ alarm, since, until }) => [alarm, since, until])).toEqual([
      ['c/high', day(16, '06:00:00'), day(18, '12:00:00')],
      ['d/high', day(18, '09:00:00'), null],
    ]);
    expect(is('stale', 1, 2).verdict).toBe('met');
  });
  test('priorities: one P1, no P2, fifteen below', () => {
    expect(r.priorities.map((p) => p.announced)).toEqual([1, 0, 14, 1]);
    expect(is('priority-high', 6.25, 16).verdict).toBe('met');
    expect(is('priority-medium', 0, 16).verdict).toBe('near');
    expect(is('priority-low', 93.75, 16).verdict).toBe('near');
  });
  test('times to acknowledge, and what waits', () => {
    is('ack-median', 18 + 50 / 60, 14); // 1, 5, 10 minutes, then 18:20 to 20:00 in steps of ten seconds: the seventh of fourteen
    is('ack-p90', 19 + 50 / 60, 14); // the thirteenth
    is('unacknowledged', 1, 16);
    expect(r.unacknowledged.map((w) => [w.alarm, w.since])).toEqual([['f12/high', day(19, '03:01:50')]]);
  });
  test('what was shelved and what is out of service, by whom and why', () => {
    is('shelved', 0, 1);
    expect(r.shelved).toMatchObject([
      { alarm: 'e/high', since: day(18, '10:00:00'), until: day(18, '14:00:00'), reason: 'painting', by: 'op-1' },
    ]);
    is('out-of-service', 1, 1);
    expect(r.outOfService).toMatchObject([{ alarm: 'g/high', since: day(18, '15:00:00'), until: null, by: 'op-2' }]);
  });
  test('two operators bear half each, and the same is no flood for them', () => {
    const two = { ...centre, alarms: { ...centre.alarms, operators: 2 } };
    const tally = alarmTally({ alarms: new Map(), surge: noSurge }, { from: day(18, '00:00:00'), to: day(20, '00:00:00') }, two);
    for (const e of known) if (e.at >= day(18, '00:00:00')) tally.take(e);
    const halved = tally.report({ seq: 1, at: 1 });
    expect(figure(halved, 'per-day').value).toBe(4);
    expect(figure(halved, 'worst-10-min')).toMatchObject({ value: 6, verdict: 'met' });
    expect(halved.floods).toEqual([]);
    expect(figure(halved, 'busy-periods').value).toBe(0);
  });
});

test('a span in which nothing happened has no shares and no times, but noughts where nought is the count', () => {
  const r = reportOf([], day(18, '00:00:00'), day(18, '01:00:00'));
  const values = Object.fromEntries(r.figures.map((f) => [f.id, f.value]));
  expect(values).toMatchObject({
    'per-day': 0,
    'worst-10-min': 0,
    'top-10-share': null,
    'priority-high': null,
    'ack-median': null,
    stale: 0,
  });
  expect(figure(r, 'ack-median').verdict).toBeNull();
});

test('an alarm that asks again after it was acknowledged is announced again, and a shelf that ends on an active alarm announces it', () => {
  const t = day(18, '08:00:00');
  const entries = log([
    [t, raised('a')],
    [t + 60_000, acked('a')],
    [t + 3_600_000, raised('a', 3, { again: true })],
    [t + 3_600_000 + 90_000, acked('a')],
    [t + 7_200_000, shelved('b', t + 9_000_000)],
    [t + 7_300_000, raised('b')],
    [t + 9_000_000, unshelved('b')],
  ]);
  const r = reportOf(entries, t, t + 10_000_000);
  expect(r.announced).toBe(3);
  expect(r.unacknowledged.map((w) => [w.alarm, w.since])).toEqual([['b/high', t + 9_000_000]]);
  expect(figure(r, 'ack-p90')).toMatchObject({ value: 1.5, n: 2 });
});

test('a target is met, nearly met or missed', () => {
  const source = { zh: '', en: '' };
  const most = { is: 'at-most', value: 150, limit: 300, source } as const;
  expect([150, 151, 300, 301].map((v) => verdictOf(v, most))).toEqual(['met', 'near', 'near', 'missed']);
  expect([0.99, 1].map((v) => verdictOf(v, { is: 'below', value: 1, source }))).toEqual(['met', 'missed']);
  expect([70, 69, 60, 59].map((v) => verdictOf(v, { is: 'about', value: 80, source }))).toEqual(['met', 'near', 'near', 'missed']);
});

test('cutting a span in two at a border of ten minutes changes no count', () => {
  const t0 = day(18, '23:00:00'); // over a midnight
  const step = fc.record({
    s: fc.integer({ min: 0, max: 7199 }),
    who: fc.constantFrom('a', 'b', 'c', ...tens.map((i) => `n${i}`)),
    what: fc.constantFrom('raise', 'raise', 'raise', 'clear', 'ack', 'shelve', 'unshelve'),
  });
  const facts = {
    raise: (w: string) => raised(w),
    clear: cleared,
    ack: acked,
    shelve: (w: string) => shelved(w, t0 * 2),
    unshelve: unshelved,
  };
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 1, max: 11 }), (steps, cut) => {
      const entries = log(steps.map(({ s, who, what }) => [t0 + s * 1000, facts[what as keyof typeof facts](who)] as const));
      const [mid, end] = [t0 + cut * 600_000, t0 + 7_200_000];
      const whole = reportOf(entries, t0, end);
      const [first, second] = [reportOf(entries, t0, mid), reportOf(entries, mid, end)];
      expect(first.announced + second.announced).toBe(whole.announced);
      expect([...first.periods.counts, ...second.periods.counts]).toEqual(whole.periods.counts);
      expect(first.priorities.map((p, i) => p.announced + second.priorities[i]!.announced)).toEqual(
        whole.priorities.map((p) => p.announced),
      );
      const flooded = (r: AlarmReport) => (figure(r, 'flood-time').value! * (r.to - r.from)) / 100;
      expect(flooded(first) + flooded(second)).toBeCloseTo(flooded(whole), 3);
      const days = (r: AlarmReport) => r.days.reduce((n, d) => n + d.announced, 0);
      expect(days(whole)).toBe(whole.announced);
      expect(whole.periods.counts.reduce((a, b) => a + b, 0)).toBe(whole.announced);
      // what is hidden at the end is hidden at the end of the second part too
      const still = (r: AlarmReport) =>
        r.shelved
          .filter((x) => x.until === null)
          .map((x) => x.alarm)
          .sort();
      expect(still(second)).toEqual(still(whole));
    }),
  );
});
