import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Hours, hoursChangeAfter, isWithinHours } from '../../model/hours.ts';

const MINUTE = 60_000;
const DAY_MINUTES = 1440;
const WEEK_MINUTES = 7 * DAY_MINUTES;

/** Minute by minute: each minute of the week is open if a span that begins on some day reaches it. Monday 00:00 is minute 0. */
function naive(hours: Hours): Uint8Array {
  const week = new Uint8Array(WEEK_MINUTES);
  if (hours.length === 0) return week.fill(1);
  for (const { days, from, to } of hours) {
    for (const day of days) {
      const [fromHour, fromMinute, toHour, toMinute] = `${from}:${to}`.split(':').map(Number) as [number, number, number, number];
      const last = (toHour * 60 + toMinute) % DAY_MINUTES;
      let minute = (day - 1) * DAY_MINUTES + fromHour * 60 + fromMinute;
      do {
        week[minute % WEEK_MINUTES] = 1;
        minute += 1;
      } while (minute % DAY_MINUTES !== last);
    }
  }
  return week;
}
/** By the calendar of the JavaScript engine, not by arithmetic of our own. */
function minuteOfWeek(at: number, offset: number): number {
  const d = new Date(at + offset * MINUTE);
  return ((d.getUTCDay() + 6) % 7) * DAY_MINUTES + d.getUTCHours() * 60 + d.getUTCMinutes();
}

const two = (n: number) => String(n).padStart(2, '0');
const time = fc.integer({ min: 0, max: DAY_MINUTES - 1 }).map((m) => `${two(Math.floor(m / 60))}:${two(m % 60)}`);
const span = fc.record({
  days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
  from: time,
  to: fc.oneof({ weight: 9, arbitrary: time }, { weight: 1, arbitrary: fc.constant('24:00') }),
});
const hours = fc.array(span, { maxLength: 4 });
const moment = fc.integer({ min: Date.parse('2026-01-01T00:00:00Z'), max: Date.parse('2027-12-31T00:00:00Z') });
const offset = fc.constantFrom(480, 0, -210, 345, 840, -840);

describe('hours of a week', () => {
  it('are open exactly in the minutes a naive count says, whatever they cross', () => {
    fc.assert(
      fc.property(hours, moment, offset, (h, at, o) => {
        expect(isWithinHours(h, at, o)).toBe(naive(h)[minuteOfWeek(at, o)] === 1);
      }),
      { numRuns: 400 },
    );
  });

  it('change next when the naive count does, to the minute; never where it never does', () => {
    fc.assert(
      fc.property(hours, moment, offset, (h, at, o) => {
        const week = naive(h);
        const begin = minuteOfWeek(at, o);
        let ahead = 1;
        while (ahead <= WEEK_MINUTES && week[(begin + ahead) % WEEK_MINUTES] === week[begin]) ahead += 1;
        const expected = ahead > WEEK_MINUTES ? null : Math.floor(at / MINUTE) * MINUTE + ahead * MINUTE;
        expect(hoursChangeAfter(h, at, o)).toBe(expected);
      }),
      { numRuns: 400 },
    );
  });

  it('across midnight belong to the day they begin on', () => {
    const night: Hours = [{ days: [5], from: '22:00', to: '06:00' }];
    const at = (text: string) => Date.parse(`${text}+08:00`);
    expect(isWithinHours(night, at('2026-11-20T23:59:00'), 480)).toBe(true); // a Friday
    expect(isWithinHours(night, at('2026-11-21T05:59:59'), 480)).toBe(true);
    expect(isWithinHours(night, at('2026-11-21T06:00:00'), 480)).toBe(false);
    expect(isWithinHours(night, at('2026-11-20T05:00:00'), 480)).toBe(false);
    expect(hoursChangeAfter(night, at('2026-11-21T00:30:30'), 480)).toBe(at('2026-11-21T06:00:00'));
  });
});
