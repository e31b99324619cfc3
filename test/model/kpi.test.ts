import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chengduLevels } from '../../model/area.ts';
import { areaCode, epochMs, seq } from '../../model/brand.ts';
import { zCentre } from '../../model/centre.ts';
import { fold } from '../../model/fold/fold.ts';
import { type Incident, isOpen, remaining } from '../../model/incident.ts';
import { type FigureId, figures, monthStart, offTarget, type TelemetrySummary, visitSchedule } from '../../model/kpi.ts';
import { categoryRows, communityRows, densityStrip, openQueue, sourceHours } from '../../model/kpi-series.ts';
import type { Entry, Fact } from '../../model/ledger.ts';
import { emptyWorld, type World } from '../../model/world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** 2026-11-18 14:00 in Chengdu */
const NOW = Date.UTC(2026, 10, 18, 6);
const street = areaCode('510107062');
const communities = ['510107062001', '510107062002'].map(areaCode);
const leaves = communities.flatMap((c) => ['001001', '001002', '001003'].map((s) => areaCode(c + s)));

const centre = zCentre.parse({
  code: street,
  name: { zh: '街道', en: 'Street' },
  levels: [...chengduLevels],
  utcOffsetMinutes: 480,
  categories: [{ code: 'noise', name: { zh: '噪声', en: 'Noise' }, priority: 3, limitMinutes: 60 }],
  sensorKinds: [],
});
const area = (code: string, level: string, parent: string | null) => ({
  code: areaCode(code),
  name: code,
  level,
  parent: parent === null ? null : areaCode(parent),
  households: 50,
  people: 120,
});
const areas = [
  area(street, 'street', null),
  ...communities.flatMap((c) => [area(c, 'community', street), area(`${c}001`, 'grid', c)]),
  ...leaves.map((l) => area(l, 'micro', l.slice(0, 15))),
];

/** Number facts in order of time into entries; hashes are of no concern here. */
function ledger(facts: readonly { at: number; fact: Fact }[]): Entry[] {
  return [...facts]
    .sort((a, b) => a.at - b.at)
    .map(({ at, fact }, i) => ({ ...fact, seq: seq(i + 1), at: epochMs(at), actor: 'test', prev: '', hash: `${i + 1}` }) as Entry);
}
const base: { at: number; fact: Fact }[] = [
  { at: NOW - 40 * DAY, fact: { kind: 'centre.configured', body: centre } },
  { at: NOW - 40 * DAY, fact: { kind: 'boundaries.published', body: { version: 1, hash: '0'.repeat(64), validFrom: epochMs(0), areas } } },
];

interface Case {
  readonly reported: number;
  readonly leaf: number;
  readonly priority: 1 | 2 | 3 | 4;
  readonly source: Incident['source'];
  /** ms after the report of each of dispatched, handled, closed that happened */
  readonly steps: readonly number[];
}
const caseOf = fc.record({
  reported: fc.integer({ min: NOW - 30 * DAY, max: NOW }),
  leaf: fc.integer({ min: 0, max: leaves.length - 1 }),
  priority: fc.constantFrom(1, 2, 3, 4) as fc.Arbitrary<1 | 2 | 3 | 4>,
  source: fc.constantFrom('patrol', 'resident', 'hotline', 'sensor', 'camera', 'operator', 'other') as fc.Arbitrary<Incident['source']>,
  steps: fc.array(fc.integer({ min: 1, max: 3 * HOUR }), { maxLength: 3 }),
});

const kinds = ['incident.dispatched', 'incident.handled', 'incident.closed'] as const;
/** Events not later than NOW, and the world they lead to. */
function worldOf(cases: readonly Case[], visited: readonly number[] = []): World {
  const facts = [...base];
  cases.forEach((c, n) => {
    const incident = `i-${n}`;
    facts.push({
      at: c.reported,
      fact: {
        kind: 'incident.reported',
        body: {
          incident,
          title: 't',
          category: 'noise',
          priority: c.priority,
          source: c.source,
          at: epochMs(c.reported),
          lngLat: [104, 30],
          area: leaves[c.leaf]!,
          deadline: epochMs(c.reported + HOUR),
        },
      },
    });
    let at = c.reported;
    c.steps.forEach((after, k) => {
      at += after;
      if (at <= NOW) facts.push({ at, fact: { kind: kinds[k]!, body: k === 0 ? { incident, unit: 'u-1' } : { incident } } as Fact });
    });
  });
  for (const leaf of visited)
    facts.push({ at: NOW - HOUR, fact: { kind: 'area.visited', body: { area: leaves[leaf]!, unit: 'u-1', at: epochMs(NOW - HOUR) } } });
  return fold(emptyWorld, ledger(facts));
}
const silent: TelemetrySummary = { unitsOnDuty: [], sensorsOnline: 0, sensorsOffline: [], positionsAt: 0, readingsAt: 0 };
const figure = (world: World, id: FigureId, telemetry = silent) => figures(world, telemetry, NOW).find((f) => f.id === id)!;
const midnight = NOW - 14 * HOUR;

describe('the six figures', () => {
  it('count nothing in an empty world, and never as a false zero per cent', () => {
    for (const f of figures(emptyWorld, silent, NOW)) {
      expect(f.records.kind === 'ledger' || f.records.ids.length === 0).toBe(true);
      if (f.unit.zh === '%') expect(f.value).toBeNull();
    }
  });

  it("count today's incidents against yesterday up to the same time, and name them", () => {
    fc.assert(
      fc.property(fc.array(caseOf, { maxLength: 30 }), (cases) => {
        const f = figure(worldOf(cases), 'reported-today');
        const today = cases.filter((c) => c.reported >= midnight).length;
        const before = cases.filter((c) => c.reported >= midnight - DAY && c.reported <= NOW - DAY).length;
        expect([f.value, f.comparison?.difference]).toEqual([today, today - before]);
        expect(f.records.kind === 'incident' && f.records.ids.length).toBe(today);
        expect(f.spark.reduce((a, b) => a + b, 0)).toBe(today);
      }),
    );
  });

  it("rate this month's closed cases by whether they were handled in time", () => {
    fc.assert(
      fc.property(fc.array(caseOf, { maxLength: 30 }), (cases) => {
        const f = figure(worldOf(cases), 'on-time-rate');
        const from = monthStart(NOW, 480);
        const closed = cases
          .filter((c) => c.steps.length === 3)
          .map((c) => ({ handled: c.steps[0]! + c.steps[1]!, at: c.reported + c.steps.reduce((a, b) => a + b, 0) }));
        const month = closed.filter((c) => c.at >= from && c.at <= NOW);
        const onTime = month.filter((c) => c.handled <= HOUR).length;
        expect([f.numerator, f.denominator]).toEqual([onTime, month.length]);
        expect(f.value).toBe(month.length ? (100 * onTime) / month.length : null);
        expect(f.value === null || (f.value >= 0 && f.value <= 100)).toBe(true);
      }),
    );
  });

  it("take the mean response over today's dispatches", () => {
    fc.assert(
      fc.property(fc.array(caseOf, { maxLength: 30 }), (cases) => {
        const f = figure(worldOf(cases), 'mean-response');
        const today = cases
          .filter((c) => c.steps.length > 0)
          .filter((c) => c.reported + c.steps[0]! >= midnight && c.reported + c.steps[0]! <= NOW);
        if (today.length === 0) expect(f.value).toBeNull();
        else expect(f.value).toBeCloseTo(today.reduce((n, c) => n + c.steps[0]!, 0) / today.length / 60_000, 9);
      }),
    );
  });

  it('cover the leaves visited today against an even schedule', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: leaves.length - 1 })), (visited) => {
        const f = figure(worldOf([], visited), 'visit-coverage');
        expect([f.numerator, f.denominator, f.target]).toEqual([visited.length, leaves.length, 50]);
        expect(f.spark.at(-1)).toBe(visited.length);
      }),
    );
    expect([visitSchedule(midnight + 7 * HOUR, 480), visitSchedule(midnight + 22 * HOUR, 480)]).toEqual([0, 100]);
  });

  it('call a figure off its target only on the bad side', () => {
    const f = { comparison: null, target: 95, direction: 'up' as const };
    expect([96, 94, 90].map((value) => offTarget({ ...f, value }))).toEqual([null, 3, 2]);
    expect([6, 9, 13].map((value) => offTarget({ ...f, value, target: 8, direction: 'down' }))).toEqual([null, 3, 2]);
    expect(offTarget({ ...f, value: null })).toBeNull();
  });
});

describe('the series', () => {
  it('agree with the figures they stand beside', () => {
    fc.assert(
      fc.property(fc.array(caseOf, { maxLength: 30 }), (cases) => {
        const world = worldOf(cases);
        const reported = figure(world, 'reported-today').value;
        const hours = sourceHours(world, NOW);
        expect(Object.values(hours.totals).reduce((a, b) => a + b, 0)).toBe(reported);
        expect(
          Object.values(hours.today)
            .flat()
            .reduce((a, b) => a + b, 0),
        ).toBe(reported);
        expect(categoryRows(world, NOW).reduce((n, r) => n + r.count, 0)).toBe(reported);
        const rows = communityRows(world, NOW);
        expect(rows.reduce((n, r) => n + r.reportedToday, 0)).toBe(reported);
        expect(rows.reduce((n, r) => n + r.closedMonth, 0)).toBe(figure(world, 'on-time-rate').denominator);
        expect(rows.reduce((n, r) => n + r.open, 0)).toBe(openQueue(world, NOW).length);
        const rates = rows.map((r) => r.onTimeRate ?? -1);
        expect(rates).toEqual([...rates].sort((a, b) => b - a));
      }),
    );
  });

  it('the strip holds every incident of its 24 hours once, the last bin up to now', () => {
    fc.assert(
      fc.property(fc.array(caseOf, { maxLength: 30 }), (cases) => {
        const strip = densityStrip(worldOf(cases), NOW);
        const within = cases.filter((c) => c.reported >= strip.from);
        expect(strip.counts.reduce((a, b) => a + b, 0)).toBe(within.length);
        const placeOf = (priority: number, at: number) => `${priority} ${Math.floor((at - strip.from) / strip.binMs)}`;
        const places = new Set(within.filter((c) => c.priority <= 2).map((c) => placeOf(c.priority, c.reported)));
        expect(strip.marks.map((m) => placeOf(m.priority, m.reportedAt)).sort()).toEqual([...places].sort());
        expect(strip.marks.map((m) => m.reportedAt)).toEqual(strip.marks.map((m) => m.reportedAt).sort((a, b) => a - b));
        expect(strip.to - strip.from).toBe(DAY);
        expect(strip.to > NOW && strip.to - NOW <= strip.binMs).toBe(true);
      }),
    );
  });

  it('the queue goes by remaining time, stopped clocks among the running, and leaves out nothing open', () => {
    fc.assert(
      fc.property(fc.array(caseOf, { maxLength: 30 }), (cases) => {
        const world = worldOf(cases);
        const queue = openQueue(world, NOW);
        expect(new Set(queue.map((i) => i.id))).toEqual(new Set([...world.incidents.values()].filter(isOpen).map((i) => i.id)));
        const keys = queue.map((i) => [remaining(i, NOW)!, i.priority] as const); // each of them has a limit
        for (const [k, [left, priority]] of keys.entries()) {
          const [before, rank] = keys[k - 1] ?? [Number.NEGATIVE_INFINITY, 1];
          expect(before < left || (before === left && rank <= priority)).toBe(true);
        }
      }),
    );
  });
});
