import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Calendar, type Limit, type LimitUnit, limitUnits, workTime, zCalendar, zLimit } from '../../model/worktime.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const day0 = Date.parse('2026-09-14T00:00:00Z'); // a Monday

const clockOf = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const dateOf = (n: number) => new Date(day0 + n * DAY).toISOString().slice(0, 10);

/** Calendars of all sorts: 1-3 sessions that may touch each other and midnight, any weekend, holidays and 调休 among 40 days. */
const arbCalendar = fc
  .record({
    cuts: fc.uniqueArray(fc.integer({ min: 0, max: 1440 }), { minLength: 2, maxLength: 6 }),
    touching: fc.boolean(),
    weekend: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { maxLength: 5 }),
    holidays: fc.uniqueArray(fc.nat(39), { maxLength: 8 }),
    workdays: fc.uniqueArray(fc.nat(39), { maxLength: 4 }),
  })
  .map(({ cuts, touching, weekend, holidays, workdays }): Calendar => {
    cuts.sort((a, b) => a - b);
    const hours = touching
      ? cuts.slice(1).map((to, i) => ({ from: clockOf(cuts[i]!), to: clockOf(to) }))
      : cuts.flatMap((from, i) => (i % 2 === 0 && i + 1 < cuts.length ? [{ from: clockOf(from), to: clockOf(cuts[i + 1]!) }] : []));
    return zCalendar.parse({
      hours,
      weekend,
      holidays: holidays.map((n) => ({ date: dateOf(n) })),
      workdays: workdays.map((n) => ({ date: dateOf(n) })),
    });
  });
const arbOffset = fc.constantFrom(0, 480, -240, 345, 840);
/** a whole minute within the days that have holidays */
const arbMinute = fc.integer({ min: 0, max: 20 * 1440 }).map((n) => day0 + n * MINUTE);
const arbMoment = fc.integer({ min: -5 * DAY, max: 30 * DAY }).map((n) => day0 + n);
const officeUnit = fc.constantFrom<LimitUnit>('work-hour', 'work-day');

/** The oracle knows no arithmetic: it looks at one minute after another, by the text of its date and time. */
function inOffice(c: Calendar, offset: number, minute: number): boolean {
  const local = new Date(minute + offset * MINUTE);
  const date = local.toISOString().slice(0, 10);
  const time = local.toISOString().slice(11, 16);
  const off = c.weekend.includes(local.getUTCDay()) || c.holidays.some((d) => d.date === date);
  if (off && !c.workdays.some((d) => d.date === date)) return false;
  return c.hours.some((s) => s.from <= time && time < s.to);
}
function walk(c: Calendar, offset: number, from: number, minutes: number): number {
  let at = from;
  for (let left = minutes; left > 0; at += MINUTE) if (inOffice(c, offset, at)) left -= 1;
  return at;
}
function walkBack(c: Calendar, offset: number, from: number, minutes: number): number {
  let at = from;
  for (let left = minutes; left > 0; at -= MINUTE) if (inOffice(c, offset, at - MINUTE)) left -= 1;
  return at;
}
/** A deadline is the end of an office minute: the moment just before it is in office hours. */
const endsInOffice = (c: Calendar, offset: number, at: number) => inOffice(c, offset, Math.ceil(at / MINUTE) * MINUTE - MINUTE);

describe('office time', () => {
  it('is what counting it minute by minute gives, forwards and backwards', () => {
    fc.assert(
      fc.property(arbCalendar, arbOffset, arbMinute, fc.integer({ min: 1, max: 600 }), (c, offset, from, minutes) => {
        const work = workTime(c, offset);
        expect(work.advance(from, minutes * MINUTE, 'work-hour')).toBe(walk(c, offset, from, minutes));
        expect(work.advance(from, -minutes * MINUTE, 'work-hour')).toBe(walkBack(c, offset, from, minutes));
      }),
      { numRuns: 40 },
    );
  });
  it('between two moments is the number of office minutes between them', () => {
    fc.assert(
      fc.property(arbCalendar, arbOffset, arbMinute, fc.integer({ min: -3000, max: 3000 }), (c, offset, from, minutes) => {
        const to = from + minutes * MINUTE;
        let counted = 0;
        for (let at = Math.min(from, to); at < Math.max(from, to); at += MINUTE) if (inOffice(c, offset, at)) counted += 1;
        const work = workTime(c, offset);
        expect(work.between(from, to, 'work-hour')).toBe(Math.sign(minutes) * counted * MINUTE + 0);
        expect(work.between(from, to, 'urgent-hour')).toBe(to - from);
      }),
      { numRuns: 40 },
    );
  });
  it('adds up: a and then b is a + b, to the millisecond', () => {
    const ms = fc.integer({ min: 0, max: 40 * HOUR });
    fc.assert(
      fc.property(arbCalendar, arbOffset, arbMoment, ms, ms, fc.constantFrom(...limitUnits), (c, offset, from, a, b, unit) => {
        const { advance, between } = workTime(c, offset);
        expect(advance(advance(from, a, unit), b, unit)).toBe(advance(from, a + b, unit));
        expect(advance(advance(from, -a, unit), -b, unit)).toBe(advance(from, -a - b, unit));
        const [p, q] = [advance(from, a, unit), advance(from, a + b, unit)];
        expect(between(from, p, unit) + between(p, q, unit)).toBe(between(from, q, unit));
        expect(between(q, from, unit)).toBe(-between(from, q, unit) + 0);
      }),
    );
  });
  it('never runs backwards: later begun or longer ends no earlier', () => {
    const later = fc.integer({ min: 0, max: 3 * DAY });
    fc.assert(
      fc.property(arbCalendar, arbOffset, arbMoment, later, fc.integer({ min: 1, max: 60 * HOUR }), (c, offset, from, gap, ms) => {
        const { advance, after: ends, between } = workTime(c, offset);
        for (const unit of limitUnits) {
          expect(advance(from + gap, ms, unit)).toBeGreaterThanOrEqual(advance(from, ms, unit));
          expect(advance(from, ms + gap, unit)).toBeGreaterThanOrEqual(advance(from, ms, unit));
          expect(advance(from, ms, unit)).toBeGreaterThan(from);
          expect(between(from, from + gap, unit)).toBeGreaterThanOrEqual(0);
          const n = Math.ceil(ms / DAY);
          expect(ends(from + gap, { n, unit })).toBeGreaterThanOrEqual(ends(from, { n, unit }));
        }
      }),
    );
  });
});

describe('a limit', () => {
  const hours = fc.oneof(fc.integer({ min: 1, max: 80 }), fc.double({ min: 0.001, max: 80, noNaN: true }));
  it('in hours lasts exactly that long, in the time its unit counts', () => {
    fc.assert(
      fc.property(arbCalendar, arbOffset, arbMoment, hours, (c, offset, from, n) => {
        const { after, between } = workTime(c, offset);
        for (const unit of ['urgent-hour', 'work-hour'] as const)
          expect(between(from, after(from, { n, unit }), unit)).toBe(Math.max(1, Math.round(n * HOUR)));
      }),
    );
  });
  it('in work-hours and work-days ends in office hours, wherever it began', () => {
    fc.assert(
      fc.property(arbCalendar, arbOffset, arbMoment, fc.integer({ min: 1, max: 25 }), officeUnit, (c, offset, from, n, unit) => {
        const due = workTime(c, offset).after(from, { n, unit });
        expect(due).toBeGreaterThan(from);
        expect(endsInOffice(c, offset, due)).toBe(true);
      }),
    );
  });
  it('in work-days ends with the office hours of the n-th working day after the day it began', () => {
    fc.assert(
      fc.property(arbCalendar, arbOffset, arbMinute, fc.integer({ min: 1, max: 12 }), (c, offset, from, n) => {
        const work = workTime(c, offset);
        const due = work.after(from, { n, unit: 'work-day' });
        const lastMinute = new Date(due - MINUTE + offset * MINUTE);
        const first = new Date(from + offset * MINUTE).toISOString().slice(0, 10);
        let working = 0;
        for (let at = Date.parse(`${first}T00:00:00Z`) + DAY; at <= lastMinute.getTime(); at += DAY)
          if (work.isWorkday(new Date(at).toISOString().slice(0, 10))) working += 1;
        expect(working).toBe(n);
        expect(clockOf((lastMinute.getUTCHours() * 60 + lastMinute.getUTCMinutes() + 1) % 1440).replace('00:00', '24:00')).toBe(
          c.hours.at(-1)!.to.replace('00:00', '24:00'),
        );
      }),
    );
  });
  it('needs a length, and a whole one in days', () => {
    for (const wrong of [
      { n: 0, unit: 'work-hour' },
      { n: -1, unit: 'urgent-hour' },
      { n: 1.5, unit: 'work-day' },
      { n: 1, unit: 'day' },
    ])
      expect(zLimit.safeParse(wrong).success).toBe(false);
  });
});

/**
 * 2025 as the State Council announced it: National Day 2025 (with Mid-Autumn) 1-8 October, worked on Sunday 28 September
 * and Saturday 11 October (国办发明电〔2024〕12号); Spring Festival 2025 28 January - 4 February, worked on 26 January and 8 February.
 */
const china = workTime(
  zCalendar.parse({
    version: '2025',
    hours: [
      { from: '09:00', to: '12:00' },
      { from: '13:00', to: '17:00' },
    ],
    holidays: [
      ...Array.from({ length: 8 }, (_, i) => ({ date: `2025-10-0${i + 1}`, name: '国庆节' })),
      ...['01-28', '01-29', '01-30', '01-31', '02-01', '02-02', '02-03', '02-04'].map((d) => ({ date: `2025-${d}`, name: '春节' })),
    ],
    workdays: ['2025-09-28', '2025-10-11', '2025-01-26', '2025-02-08'].map((date) => ({ date, name: '调休' })),
  }),
  480,
);
const at = (text: string) => Date.parse(`${text}+08:00`);
const said = (ms: number) => new Date(ms + 8 * HOUR).toISOString().slice(0, 16);
const due = (from: string, n: number, unit: LimitUnit) => said(china.after(at(from), { n, unit } as Limit));

describe('the National Day of 2025 in an office from 9 to 12 and 13 to 17', () => {
  it('does not count the holiday, and counts the days worked for it', () => {
    expect(due('2025-09-30T16:00', 4, 'work-hour')).toBe('2025-10-09T12:00');
    expect(due('2025-09-30T16:00', 3, 'work-day')).toBe('2025-10-11T17:00'); // 9, 10 and the Saturday worked
    expect(due('2025-09-26T10:00', 1, 'work-day')).toBe('2025-09-28T17:00'); // the Sunday worked
    expect(due('2025-09-26T10:00', 4, 'work-day')).toBe('2025-10-09T17:00'); // 28, 29, 30, 9
    expect(due('2025-10-03T23:30', 2, 'work-hour')).toBe('2025-10-09T11:00');
    expect(due('2025-10-10T17:00', 1, 'work-hour')).toBe('2025-10-11T10:00');
    expect(due('2025-10-12T08:00', 1, 'work-hour')).toBe('2025-10-13T10:00'); // an ordinary Sunday
  });
  it('runs 紧急工作时 through all of it', () => {
    expect(due('2025-09-30T23:30', 2, 'urgent-hour')).toBe('2025-10-01T01:30');
  });
  it('counts from the edges of a session', () => {
    expect(due('2025-10-09T12:00', 1, 'work-hour')).toBe('2025-10-09T14:00');
    expect(due('2025-10-09T12:30', 1, 'work-hour')).toBe('2025-10-09T14:00');
    expect(due('2025-10-09T08:59', 3, 'work-hour')).toBe('2025-10-09T12:00');
    expect(due('2025-10-09T09:00', 7, 'work-hour')).toBe('2025-10-09T17:00');
    expect(due('2025-10-09T17:00', 7, 'work-hour')).toBe('2025-10-10T17:00');
    expect(due('2025-10-09T00:00', 1, 'work-day')).toBe('2025-10-10T17:00');
    expect(due('2025-10-09T23:59', 1, 'work-day')).toBe('2025-10-10T17:00');
  });
  it('passes Spring Festival likewise', () => {
    expect(due('2025-01-24T17:30', 2, 'work-day')).toBe('2025-01-27T17:00'); // Sunday 26 worked, Monday 27
    expect(due('2025-01-27T16:00', 5, 'work-day')).toBe('2025-02-10T17:00'); // 5, 6, 7, Saturday 8 worked, 10
    expect(china.between(at('2025-01-27T17:00'), at('2025-02-05T09:00'), 'work-hour')).toBe(0);
  });
});

describe('an office that never sleeps', () => {
  const always = workTime(zCalendar.parse({ hours: [{ from: '00:00', to: '24:00' }], weekend: [] }), 480);
  it('counts as a clock does, through midnight and 24:00', () => {
    fc.assert(
      fc.property(arbMoment, fc.integer({ min: -30 * HOUR, max: 30 * HOUR }), (from, ms) => {
        expect(always.advance(from, ms, 'work-hour')).toBe(from + ms);
        expect(always.between(from, from + ms, 'work-hour')).toBe(ms);
      }),
    );
    expect(said(always.after(at('2025-10-09T10:00'), { n: 1, unit: 'work-day' }))).toBe('2025-10-11T00:00');
  });
});

it('finds the working day of the emptiest calendar that can be written', () => {
  const sundays = Array.from({ length: 2000 }, (_, i) => ({
    date: new Date(Date.parse('2026-01-04') + i * 7 * DAY).toISOString().slice(0, 10),
  }));
  const idle = workTime(zCalendar.parse({ weekend: [1, 2, 3, 4, 5, 6], holidays: sundays }), 0);
  const found = idle.after(Date.parse('2026-01-01T00:00Z'), { n: 1, unit: 'work-hour' });
  expect(found).toBe(Date.parse(`${sundays.at(-1)!.date}T10:00Z`) + 7 * DAY);
});
it('refuses a calendar that overlaps itself or has no office hours', () => {
  const hours = (...list: [string, string][]) => zCalendar.safeParse({ hours: list.map(([from, to]) => ({ from, to })) }).success;
  expect([hours(['09:00', '12:00'], ['11:00', '13:00']), hours(['09:00', '09:00']), hours(), hours(['09:00', '24:30'])]).toEqual(
    Array(4).fill(false),
  );
  expect(hours(['00:00', '06:00'], ['06:00', '12:00'], ['22:00', '24:00'])).toBe(true);
  expect(zCalendar.safeParse({ weekend: [0, 1, 2, 3, 4, 5, 6] }).success).toBe(false);
});
