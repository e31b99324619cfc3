import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AreaCode, areaCode, epochMs } from '../../model/brand.ts';
import { zCentre } from '../../model/centre.ts';
import type { AreaVisits, RoundState } from '../../model/patrol-plan.ts';
import { closesAt, closingFact, daysToClose, makesStop, nextClosing, roundProgress, roundsNow, windowOf } from '../../model/rounds.ts';
import { isVisit } from '../../model/visit.ts';
import { emptyWorld, type World } from '../../model/world.ts';
import { centre } from '../support/facts.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MIDNIGHT = Date.parse('2026-11-18T00:00:00+08:00'); // a Wednesday
const [A, B, C] = ['510107062007001001', '510107062007001002', '510107062007901'].map((c) => areaCode(c)) as [AreaCode, AreaCode, AreaCode];
const morning: RoundState = {
  id: 'r-am',
  name: '上午',
  area: areaCode('510107062007001'),
  days: [1, 2, 3, 4, 5, 6, 7],
  from: '08:00',
  to: '12:00',
  stops: [A, B, C],
  ordered: false,
  since: epochMs(MIDNIGHT - 30 * DAY),
  last: { round: 'r-am', day: '2026-11-17', area: areaCode('510107062007001'), visited: [], missed: [A, B, C], inOrder: true },
};
const visitsOf = (list: readonly (readonly [AreaCode, number, string?])[]): Map<AreaCode, AreaVisits> => {
  const out = new Map<AreaCode, AreaVisits>();
  for (const [area, at, unit = 'u-1'] of [...list].sort((x, y) => x[1] - y[1])) {
    const today = [...(out.get(area)?.today ?? []), { unit, at: epochMs(at) }];
    out.set(area, { unit, at: epochMs(at), leftAt: null, today });
  }
  return out;
};
const world = (visits: readonly (readonly [AreaCode, number, string?])[], ...rounds: RoundState[]): World => ({
  ...emptyWorld,
  centre: zCentre.parse({ ...centre, patrol: { repeatMinutes: 30 } }),
  rounds: new Map((rounds.length ? rounds : [morning]).map((r) => [r.id, r])),
  visits: visitsOf(visits),
});
const at = (hour: number) => MIDNIGHT + hour * HOUR;

describe('a round', () => {
  it('counts the first visit of each stop within its window, the end of the window not included', () => {
    const w = world([
      [A, at(7.9)],
      [A, at(8)],
      [A, at(9), 'u-2'],
      [B, at(12)],
      [C, at(11.99)],
    ]);
    const p = roundProgress(w, morning, '2026-11-18', at(13));
    expect(p.visited).toEqual([
      { area: A, unit: 'u-1', at: at(8) },
      { area: C, unit: 'u-1', at: at(11.99) },
    ]);
    expect([p.missed, p.state, p.next, p.inOrder]).toEqual([[B], 'over', null, true]);
    expect(closingFact(w, morning, '2026-11-18').body).toMatchObject({ visited: p.visited, missed: [B], day: '2026-11-18', inOrder: true });
  });

  it('expects the stop behind the last one made, and knows when the order was another', () => {
    const one = roundProgress(world([[B, at(9)]]), morning, '2026-11-18', at(10));
    expect([one.next, one.state, one.inOrder]).toEqual([C, 'running', true]);
    const back = roundProgress(
      world([
        [B, at(9)],
        [A, at(9.5)],
      ]),
      morning,
      '2026-11-18',
      at(10),
    );
    expect([back.next, back.inOrder]).toEqual([C, false]);
    expect(roundProgress(world([]), morning, '2026-11-18', at(7)).state).toBe('ahead');
  });

  it('that names its units is made by them only', () => {
    const own = { ...morning, units: ['u-9'] };
    const w = world([[A, at(9)]], own);
    expect(roundProgress(w, own, '2026-11-18', at(10)).visited).toEqual([]);
    expect(makesStop(w, 'u-9', A, at(9.5))).toBe(true);
    expect(makesStop(w, 'u-1', A, at(9.5))).toBe(false);
  });

  it('runs on its weekdays; those of today are in order of their windows', () => {
    const evening = { ...morning, id: 'r-pm', from: '14:00', to: '18:00', last: null };
    const weekend = { ...morning, id: 'r-we', days: [6, 7] };
    expect(roundsNow(world([], evening, morning, weekend), at(10)).map((p) => p.round.id)).toEqual(['r-am', 'r-pm']);
  });
});

describe('closing', () => {
  it('is due a minute after the window, at midnight for one that ends there, once a day', () => {
    expect(nextClosing(world([]), morning)).toBe(at(12) + 60_000);
    const late = { ...morning, from: '20:00', to: '24:00' };
    expect(closesAt(late, windowOf(late, '2026-11-18', 480))).toBe(at(24));
    expect(daysToClose(world([]), morning, at(12) + 59_999)).toEqual([]);
    expect(daysToClose(world([]), morning, at(12) + 60_000)).toEqual(['2026-11-18']);
  });

  it('after days without the server tells each window once, none from before it was registered, at most a week back', () => {
    expect(daysToClose(world([]), morning, at(48 + 13))).toEqual(['2026-11-18', '2026-11-19', '2026-11-20']);
    const fresh = { ...morning, last: null, since: epochMs(at(24 + 13)) };
    expect(daysToClose(world([]), fresh, at(48 + 13))).toEqual(['2026-11-20']);
    expect(nextClosing(world([]), fresh)).toBe(at(48 + 12) + 60_000);
    expect(daysToClose(world([]), morning, at(40 * 24 + 13))).toHaveLength(8);
  });

  it('once every day told is closed, nothing is due and the next moment lies ahead: the clock neither misses nor spins', () => {
    const draw = fc.record({
      now: fc.integer({ min: 0, max: 20 * 24 * 60 }).map((m) => MIDNIGHT + m * 60_000),
      since: fc.integer({ min: -20 * 24, max: 20 * 24 }).map((h) => epochMs(MIDNIGHT + h * HOUR)),
      days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      from: fc.integer({ min: 0, max: 22 }),
      length: fc.integer({ min: 1, max: 8 }),
    });
    const two = (h: number) => `${String(Math.min(h, 24)).padStart(2, '0')}:00`;
    fc.assert(
      fc.property(draw, ({ now, since, days, from, length }) => {
        let round: RoundState = { ...morning, days, since, last: null, from: two(from), to: two(from + length) };
        const w = world([]);
        const due = daysToClose(w, round, now);
        expect(due).toEqual([...new Set(due)].sort());
        if (nextClosing(w, round) <= now) expect(due.length).toBeGreaterThan(0);
        for (const day of due) {
          expect(windowOf(round, day, 480).to).toBeLessThanOrEqual(now);
          round = { ...round, last: closingFact(w, round, day).body };
        }
        expect(daysToClose(w, round, now)).toEqual([]);
        expect(nextClosing(w, round)).toBeGreaterThan(now);
      }),
    );
  });
});

describe('a visit', () => {
  it('of the same place is written down again after half an hour, at once where a round that is open lacks it', () => {
    const w = world([[A, at(7.9)]]);
    expect(isVisit(w, 'u-1', A, at(7.95))).toBe(false);
    expect(isVisit(w, 'u-1', A, at(8.01))).toBe(true);
    expect(isVisit(world([[A, at(8.01)]]), 'u-2', A, at(8.3))).toBe(false);
    expect(isVisit(world([[A, at(8.01)]]), 'u-2', A, at(8.51))).toBe(true);
  });

  it('handed in late counts for a round that is open, and not for one that is closed', () => {
    const w = world([[A, at(13)]]);
    expect(isVisit(w, 'u-1', A, at(9))).toBe(true);
    const closed = { ...morning, last: { ...morning.last!, day: '2026-11-18' } };
    expect(isVisit(world([[A, at(13)]], closed), 'u-1', A, at(9))).toBe(false);
    expect(isVisit(w, 'u-1', A, at(7))).toBe(false);
  });
});
