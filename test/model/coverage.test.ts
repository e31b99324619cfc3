import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaCode, epochMs } from '../../model/brand.ts';
import { zCentre } from '../../model/centre.ts';
import { coverage, coverageFigures, type Position } from '../../model/coverage.ts';
import type { RoundState } from '../../model/patrol-plan.ts';
import { roundsNow } from '../../model/rounds.ts';
import { emptyWorld, treeOf, type World } from '../../model/world.ts';
import { areas, centre, leaves } from '../support/facts.ts';

const MIDNIGHT = Date.parse('2026-11-18T00:00:00+08:00');
const HOUR = 3_600_000;
const at = (hour: number) => MIDNIGHT + hour * HOUR;
const [A, B, C, D, MALL] = leaves as readonly string[] as [string, string, string, string, string];
const round = (id: string, from: string, to: string): RoundState => ({
  id,
  name: id,
  area: areaCode('510107062007001'),
  days: [1, 2, 3, 4, 5, 6, 7],
  from,
  to,
  stops: [areaCode(A), areaCode(B)],
  ordered: false,
  since: epochMs(0),
  last: null,
});
const visited = (list: readonly [string, number, (number | null)?][]): World['visits'] =>
  new Map(
    list.map(([area, t, leftAt = null]) => [
      areaCode(area),
      { unit: 'u-1', at: epochMs(t), leftAt: leftAt as never, today: [{ unit: 'u-1', at: epochMs(t) }] },
    ]),
  );
const world = (visits: World['visits'], more: Partial<World> = {}): World => ({
  ...emptyWorld,
  areas: new Map(areas.map((a) => [a.code, a])),
  centre: zCentre.parse({ ...centre, patrol: { absentMinutes: 60 } }),
  rounds: new Map([round('am', '08:00', '12:00'), round('pm', '14:00', '18:00')].map((r) => [r.id, r])),
  visits,
  ...more,
});
const fix = (area: string, t: number, online = true): Position => ({ unit: 'u-1', area: areaCode(area), at: t, online });
const of = (list: ReturnType<typeof coverage>, code: string) => list.find((l) => l.area.code === code)!;

describe('a leaf area', () => {
  it('is present where a unit on line stands, absent where nobody was for the time of the centre', () => {
    const w = world(
      visited([
        [A, at(9), at(9.1)],
        [B, at(11.5)],
        [C, at(9)],
      ]),
    );
    const list = coverage(w, [fix(C, at(11.99)), { ...fix(D, at(11.5), false), unit: 'u-2' }], at(12));
    expect([A, B, C, D, MALL].map((c) => of(list, c).absent)).toEqual([true, false, false, false, true]);
    expect(of(list, C)).toMatchObject({ present: ['u-1'], notVisitedMs: 0, lastSeen: at(12) });
    expect(of(list, A).notVisitedMs).toBe(at(12) - at(9.1));
    expect(of(list, MALL)).toMatchObject({ notVisitedMs: null, lastSeen: null, last: null });
  });

  it('is not kept by a unit that is at home there: off shift nobody is present', () => {
    const shifts = [{ code: 'day', name: { zh: '白班', en: 'Day' }, hours: [{ from: '07:00', to: '11:30' }] }];
    const unit = (id: string, ix: number, shift?: string) => ({ id, ix, name: id, role: 'grid' as const, area: null, shift });
    const units = new Map([unit('u-1', 0, 'day'), unit('u-2', 1)].map((u) => [u.id, u]));
    const w = world(new Map(), { units, centre: zCentre.parse({ ...centre, shifts, patrol: { absentMinutes: 60 } }) });
    const list = coverage(w, [fix(A, at(11.99)), { ...fix(B, at(11.99)), unit: 'u-2' }, fix(C, at(11.4), false)], at(12));
    expect([A, B, C].map((c) => of(list, c).lastSeen)).toEqual([null, at(12), at(11.4)]);
    expect([A, B].map((c) => of(list, c).present)).toEqual([[], ['u-2']]);
  });

  it('was not visited today by a visit of yesterday, nor by one that lies ahead of the moment shown', () => {
    const list = coverage(
      world(
        visited([
          [A, at(-1)],
          [B, at(13)],
        ]),
      ),
      [],
      at(12),
    );
    expect([of(list, A).today, of(list, B).today]).toEqual([[], []]);
  });

  it('is unmanned where neither it nor its general grid is anybody’s; a duty for the community mans none', () => {
    const duties = new Map([
      [`${A} micro-worker`, 'p-1'],
      ['510107062008 community-lead', 'p-2'],
    ]);
    const unit = { id: 'u-9', ix: 0, name: 'x', role: 'grid' as const, area: areaCode('510107062008001') };
    const list = coverage(world(new Map(), { duties, units: new Map([[unit.id, unit]]) }), [], at(12));
    expect([A, B, C, D, MALL].map((c) => of(list, c).unmanned)).toEqual([false, true, false, false, true]);
  });
});

describe('the figures', () => {
  const w = world(
    visited([
      [A, at(9)],
      [C, at(10)],
      [MALL, at(-30)],
    ]),
  );
  const figures = (now: number) => {
    const rounds = roundsNow(w, now);
    return new Map(coverageFigures(w, coverage(w, [], now, rounds), rounds, now).map((f) => [f.id, f]));
  };

  it('say how much was visited, which rounds were made, and open to the places behind', () => {
    const f = figures(at(13));
    expect(f.get('coverage-today')).toMatchObject({ value: 40, numerator: 2, denominator: 5, records: { ids: [C, A] } });
    expect(f.get('rounds-made')).toMatchObject({ value: 50, numerator: 1, denominator: 2, records: { ids: [B] } });
    expect(f.get('rounds-twice')).toMatchObject({ value: 0, denominator: 2 });
    expect(f.get('not-visited')).toMatchObject({ value: 3, records: { kind: 'area' } });
    expect(f.get('unmanned')).toMatchObject({ value: 5 });
    expect(f.get('absence')!.records).toMatchObject({ ids: [B, D, MALL, A, C] });
    expect(f.get('rounds-made')!.comparison).toEqual({ kind: 'target', difference: -50 });
  });

  it('have no share of rounds before the first has begun', () => {
    expect(figures(at(7)).get('rounds-made')!.value).toBeNull();
  });
});

it('whatever was visited and wherever units are: figures are counts of leaves, and agree with each other', () => {
  const places = fc.constantFrom(...leaves);
  const draw = fc.record({
    now: fc.integer({ min: 0, max: 24 * 60 }).map((m) => MIDNIGHT + m * 60_000),
    visits: fc.array(
      fc.tuple(
        places,
        fc.integer({ min: -48 * 60, max: 24 * 60 }).map((m) => MIDNIGHT + m * 60_000),
      ),
    ),
    fixes: fc.array(
      fc.tuple(
        places,
        fc.integer({ min: -60, max: 24 * 60 }).map((m) => MIDNIGHT + m * 60_000),
        fc.boolean(),
      ),
    ),
  });
  fc.assert(
    fc.property(draw, ({ now, visits, fixes }) => {
      const w = world(visited(visits.map(([a, t]) => [a, t])));
      const rounds = roundsNow(w, now);
      const list = coverage(
        w,
        fixes.map(([a, t, online]) => fix(a, t, online)),
        now,
        rounds,
      );
      expect(list).toHaveLength(treeOf(w).leaves.length);
      const f = new Map(coverageFigures(w, list, rounds, now).map((x) => [x.id, x]));
      for (const x of f.values()) if (x.denominator) expect(x.numerator).toBeLessThanOrEqual(x.denominator);
      expect(f.get('absence')!.numerator).toBe(list.filter((l) => l.absent).length);
      for (const l of list) if (l.present.length) expect([l.absent, l.lastSeen]).toEqual([false, now]);
      for (const l of list) if (l.lastSeen !== null) expect(l.lastSeen).toBeLessThanOrEqual(now);
      for (const l of list) expect(l.rounds.made).toBeLessThanOrEqual(l.rounds.all);
    }),
  );
});
