import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMs } from '../../model/brand.ts';
import { type Centre, zCentre } from '../../model/centre.ts';
import { extendClock, givenClock, resumeClock, startClock, workTimeOf } from '../../model/clock.ts';
import { type Limit, limitUnits } from '../../model/worktime.ts';
import { centre as base } from '../support/facts.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const centre: Centre = zCentre.parse({
  ...base,
  calendar: {
    version: '2025-2',
    holidays: Array.from({ length: 8 }, (_, i) => ({ date: `2025-10-0${i + 1}` })),
    workdays: [{ date: '2025-09-28' }, { date: '2025-10-11' }],
  },
});
const work = workTimeOf(centre);
const at = (text: string) => Date.parse(`${text}+08:00`);
const said = (ms: number) => new Date(ms + 8 * HOUR).toISOString().slice(0, 16);

const arbFrom = fc.integer({ min: 0, max: 25 * DAY }).map((ms) => at('2025-09-22T00:00') + ms);
const arbLimit = fc.record({ n: fc.integer({ min: 1, max: 12 }), unit: fc.constantFrom(...limitUnits) });
const arbGap = fc.integer({ min: 0, max: 10 * DAY });

describe('a clock that starts', () => {
  it('keeps its basis, warns when three quarters of its time are used, and never after its end', () => {
    fc.assert(
      fc.property(arbFrom, arbLimit, (from, limit) => {
        const clock = startClock(centre, limit, from)!;
        expect(clock).toMatchObject({ from, ...limit, due: work.after(from, limit), calendar: '2025-2', by: 'category' });
        const total = work.between(from, clock.due, limit.unit);
        expect(work.between(from, clock.warn, limit.unit)).toBe(Math.round(total * 0.75));
        expect(clock.warn).toBeLessThanOrEqual(clock.due);
        expect(clock.warn).toBeGreaterThan(from);
      }),
    );
  });
  it('does not start without a limit', () => {
    expect(startClock(centre, null, 0)).toBeNull();
  });
  it('counts round the clock in a world without a centre', () => {
    expect(startClock(null, { n: 2, unit: 'urgent-hour' }, 0)).toMatchObject({ due: 2 * HOUR, warn: 1.5 * HOUR });
  });
  it('takes the deadline of its source, also one that has passed', () => {
    expect(givenClock(centre, epochMs(at('2025-10-10T12:00')), at('2025-10-10T08:00'))).toMatchObject({
      due: at('2025-10-10T12:00'),
      warn: at('2025-10-10T11:00'),
      n: null,
      by: 'source',
    });
    expect(givenClock(centre, epochMs(5), 9)).toMatchObject({ due: 5, warn: 5 });
  });
});

describe('a clock that stood still', () => {
  it('has as much time left as when it stopped, to its end and to its warning', () => {
    fc.assert(
      fc.property(arbFrom, arbLimit, arbGap, arbGap, (from, limit, ran, stood) => {
        const clock = startClock(centre, limit, from)!;
        const [pausedAt, now] = [from + ran, from + ran + stood];
        const after = resumeClock(centre, clock, pausedAt, now);
        const left = (c: typeof clock, t: number) => work.between(t, c.due, limit.unit);
        if (pausedAt < clock.due) {
          expect(left(after, now)).toBe(left(clock, pausedAt));
          expect(after.by).toBe('pause');
          expect(after.due).toBeGreaterThanOrEqual(clock.due);
          if (pausedAt < clock.warn) expect(work.between(now, after.warn, limit.unit)).toBe(work.between(pausedAt, clock.warn, limit.unit));
          else expect(after.warn).toBe(clock.warn);
        } else expect(after).toEqual(clock); // missed before the pause: it stays where it was missed
        expect(after.warn).toBeLessThanOrEqual(after.due);
      }),
    );
  });
  it('is the same however often it stood still, if it ran as long in between', () => {
    fc.assert(
      fc.property(arbFrom, arbLimit, arbGap, arbGap, arbGap, (from, limit, ran, first, second) => {
        const clock = startClock(centre, limit, from)!;
        const pausedAt = from + ran;
        const once = resumeClock(centre, clock, pausedAt, pausedAt + first + second);
        const mid = pausedAt + first;
        const twice = resumeClock(centre, resumeClock(centre, clock, pausedAt, mid), mid, mid + second);
        expect(twice.due).toBe(once.due);
      }),
    );
  });
  it('goes on after the holiday in the hours it counts', () => {
    const clock = startClock(centre, { n: 4, unit: 'work-hour' }, at('2025-09-30T09:00'))!; // due 14:00, warns at 12:00
    expect([said(clock.warn), said(clock.due)]).toEqual(['2025-09-30T12:00', '2025-09-30T14:00']);
    const after = resumeClock(centre, clock, at('2025-09-30T11:00'), at('2025-10-06T20:00'));
    expect([said(after.warn), said(after.due)]).toEqual(['2025-10-09T10:00', '2025-10-09T11:00']);
  });
});

describe('a clock that is extended', () => {
  it('gains exactly what was granted at its end, and keeps its warning before it', () => {
    fc.assert(
      fc.property(
        arbFrom,
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom(...limitUnits),
        (from, n, more, unit) => {
          const clock = startClock(centre, { n, unit }, from)!;
          const after = extendClock(centre, clock, { n: more, unit });
          expect(after.by).toBe('extension');
          if (unit !== 'work-day') expect(work.between(clock.due, after.due, unit)).toBe(more * HOUR);
          expect(after.due).toBeGreaterThan(clock.due);
          const total = work.between(from, after.due, unit);
          expect(Math.abs(work.between(from, after.warn, unit) - total * 0.75)).toBeLessThanOrEqual(2);
        },
      ),
    );
  });
  it('does not take the pause before it for time that was used', () => {
    const limit: Limit = { n: 4, unit: 'urgent-hour' };
    const clock = startClock(centre, limit, at('2025-09-22T08:00'))!;
    const paused = resumeClock(centre, clock, at('2025-09-22T10:00'), at('2025-09-24T10:00')); // due 24th 12:00
    const after = extendClock(centre, paused, { n: 4, unit: 'urgent-hour' });
    expect([said(after.warn), said(after.due)]).toEqual(['2025-09-24T14:00', '2025-09-24T16:00']);
  });
  it('by days ends with the n-th working day after its last, also in an office open until 24:00', () => {
    const always = zCentre.parse({ ...base, calendar: { hours: [{ from: '00:00', to: '24:00' }], weekend: [] } });
    const clock = startClock(always, { n: 1, unit: 'work-day' }, at('2025-10-09T10:00'))!;
    const after = extendClock(always, clock, { n: 2, unit: 'work-day' });
    expect([said(clock.due), said(after.due)]).toEqual(['2025-10-11T00:00', '2025-10-13T00:00']);
  });
});
