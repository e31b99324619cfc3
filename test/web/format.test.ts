import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atCentre, duration, metres, signed, span } from '../../web/design/format.ts';

describe('durations', () => {
  it('are written as the guide asks', () => {
    expect(duration(18 * 60_000 + 12_000)).toBe('18:12');
    expect(duration(72 * 60_000 + 8000)).toBe('1:12:08');
    expect(duration(-(6 * 60_000 + 12_000))).toBe('\u221206:12');
    expect(duration(-400)).toBe('00:00');
  });
  it('say the whole seconds of any span', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e10 }), (ms) => {
        const parts = duration(ms).split(':').map(Number);
        expect(parts.reduce((n, p) => n * 60 + p, 0)).toBe(Math.floor(ms / 1000));
      }),
    );
  });
});

it('a signed number never shows minus zero', () => {
  expect(signed(-0.04, 1)).toBe('0.0');
  expect(signed(-0.4, 1)).toBe('\u22120.4');
  expect(signed(8)).toBe('+8');
});

it('spans and distances take the one largest unit', () => {
  expect(span(400)).toEqual({ key: 's', n: '0.4' });
  expect(span(4 * 60_000)).toEqual({ key: 'min', n: '4' });
  expect(span(2 * 3_600_000)).toEqual({ key: 'h', n: '2' });
  expect(metres(184)).toEqual({ key: 'm', n: '180' });
  expect(metres(1240)).toEqual({ key: 'km', n: '1.2' });
});

it("the clock is the centre's, whatever the screen's own zone", () => {
  const at = atCentre(Date.UTC(2026, 10, 17, 16, 0, 5), 480);
  expect([at.month, at.day, at.hms, at.weekday]).toEqual([11, 18, '00:00:05', 3]);
});
