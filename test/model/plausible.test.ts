import fc from 'fast-check';
import { expect, test } from 'vitest';
import { destination, distanceM } from '../../geo/distance.ts';
import type { LngLat } from '../../model/brand.ts';
import { ACCURACY_M, ANCHOR_FIXES, type Doubt, FAR_M, type Fix, type Judgement, judgeFix } from '../../model/plausible.ts';

const AT = Date.parse('2026-11-22T04:00:00Z');
const HOME: LngLat = [104.06, 30.64];
const limits = { maxSpeed: 45, extent: [104, 30.6, 104.1, 30.7] as const };
const fix = (s: number, east = 0, from = HOME): Fix => ({ at: AT + s * 1000, lngLat: destination(from, 90, east) });

/** Judge a sequence as the engine does: what is live is believed from then on. */
function walk(fixes: readonly Fix[], last: Fix | null = null) {
  let doubt: Doubt | null = null;
  const told: Judgement[] = [];
  for (const f of fixes) {
    const j = judgeFix(last, doubt, f, limits);
    told.push(j);
    if (j.is === 'live') last = f;
    doubt = j.is === 'implausible' ? j.doubt : j.is === 'live' ? null : doubt;
  }
  return { told: told.map((j) => (j.is === 'implausible' ? j.reason : j.is)), last };
}

test('a receiver without a fix (0, 0) and places far from the centre are not believed, first fix or not', () => {
  const cases: readonly (readonly [LngLat, string])[] = [
    [[0, 0], 'zero'],
    [[0.002, -0.004], 'zero'],
    [[0.02, 0], 'far'],
    [[116.4, 39.9], 'far'],
    [[104.06, -30.64], 'far'],
    [[-179.9, 30.6], 'far'],
  ];
  for (const [lngLat, reason] of cases) {
    for (const last of [null, fix(0)]) expect(judgeFix(last, null, { at: AT + 9e6, lngLat }, limits)).toMatchObject({ reason });
  }
  expect(judgeFix(null, null, { at: AT, lngLat: [116.4, 39.9] }, { ...limits, extent: null }).is).toBe('live');
});

test('a unit may be up to 200 km from the box around the areas', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 400_000, noNaN: true }), fc.constantFrom(0, 90, 180, 270), (metres, course) => {
      fc.pre(Math.abs(metres - FAR_M) > 2500); // distances on the plane: within 1 %
      const [west, south, east, north] = limits.extent;
      const edge: LngLat = [course === 90 ? east : course === 270 ? west : 104.05, course === 0 ? north : course === 180 ? south : 30.65];
      const flawed = judgeFix(null, null, { at: AT, lngLat: destination(edge, course, metres) }, limits).is === 'implausible';
      expect(flawed).toBe(metres > FAR_M);
    }),
  );
});

test('the same time is a duplicate, an older one reordered; handed in late it is history however far away', () => {
  expect(judgeFix(fix(10), null, fix(10, 5), limits)).toEqual({ is: 'duplicate' });
  expect(judgeFix(fix(10), null, fix(9, 5), limits)).toEqual({ is: 'history', reordered: true });
  expect(judgeFix(fix(10), null, fix(9, 5000), limits)).toMatchObject({ is: 'implausible', reason: 'jump' });
  expect(judgeFix(fix(10), null, fix(9, 5000), limits, true)).toEqual({ is: 'history', reordered: false });
  expect(judgeFix(fix(10), null, fix(99, 5000), limits, true)).toEqual({ is: 'history', reordered: false });
});

test('nobody who moves at the speed that is allowed is doubted, however exact the receiver and whole the seconds', () => {
  const steps = fc.array(
    fc.record({
      s: fc.double({ min: 0.2, max: 600, noNaN: true }),
      course: fc.nat(359),
      speed: fc.double({ min: 0, max: 44.5, noNaN: true }),
    }),
    { minLength: 1, maxLength: 60 },
  );
  const noise = fc.array(fc.record({ course: fc.nat(359), off: fc.double({ min: 0, max: ACCURACY_M - 1, noNaN: true }) }), {
    minLength: 61,
    maxLength: 61,
  });
  fc.assert(
    fc.property(steps, noise, (path, errors) => {
      let place = HOME;
      let ms = 0;
      const fixes: Fix[] = [];
      for (const [i, { s, course, speed }] of path.entries()) {
        place = destination(place, course, s * speed);
        ms += s * 1000;
        const at = AT + Math.floor(ms / 1000) * 1000; // devices tell whole seconds
        if (distanceM(place, HOME) > 100_000) break;
        if (fixes.at(-1)?.at === at) continue;
        fixes.push({ at, lngLat: destination(place, errors[i]!.course, errors[i]!.off) });
      }
      expect(walk(fixes).told.every((is) => is === 'live')).toBe(true);
    }),
  );
});

test('one wild fix between true ones is kept apart and nothing else is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2000, max: 150_000 }), fc.integer({ min: 1, max: 20 }), fc.nat(359), (metres, every, course) => {
      fc.pre(metres > 45 * (every + 1) + 4 * ACCURACY_M);
      const wild = { at: AT + 2 * every * 1000, lngLat: destination(HOME, course, metres) };
      const { told } = walk([fix(0), fix(every, 3), wild, fix(3 * every, 6), fix(4 * every, 9)]);
      expect(told).toEqual(['live', 'live', metres > FAR_M ? 'far' : 'jump', 'live', 'live']);
    }),
  );
});

test(`${ANCHOR_FIXES} fixes that follow from each other at a new place are believed; fixes that jump about never are`, () => {
  const there = (s: number, east = 0) => fix(s, east, destination(HOME, 0, 20_000));
  expect(walk([fix(0), there(10), there(20, 100), there(30, 200), there(40, 300)]).told).toEqual(['live', 'jump', 'jump', 'live', 'live']);
  expect(walk([fix(0), there(10), fix(12), there(20), fix(22), there(30), fix(32)]).told.filter((x) => x === 'jump')).toHaveLength(3);
  expect(walk([fix(0), there(10), fix(12, 9000), there(14), fix(16, 9000), there(18)]).told.slice(1)).toEqual(Array(5).fill('jump'));
  // the same fix again and again, or an older one, is no second witness
  expect(walk([fix(0), there(10), there(10), there(9), there(10)]).told.slice(1)).toEqual(Array(4).fill('jump'));
});

test('after a silence long enough to have got there a far place is believed at once', () => {
  expect(judgeFix(fix(0), null, fix(3600, 100_000), limits).is).toBe('live');
  expect(judgeFix(fix(0), null, fix(36, 100_000), limits).is).toBe('implausible');
});

test('whatever comes, what is believed is never zero island, never older, and the judge never throws', () => {
  const any = fc.array(
    fc.record({
      at: fc.integer({ min: AT, max: AT + 100_000 }),
      lngLat: fc.tuple(fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: -90, max: 90, noNaN: true })),
    }),
  );
  fc.assert(
    fc.property(any, (fixes) => {
      let last: Fix | null = null;
      let doubt: Doubt | null = null;
      for (const f of fixes) {
        const j: Judgement = judgeFix(last, doubt, f, { maxSpeed: 45, extent: null });
        if (j.is === 'live') {
          expect(f.at).toBeGreaterThan(last?.at ?? 0);
          expect(Math.hypot(...f.lngLat)).toBeGreaterThan(0.01 - 1e-9);
          last = f;
          doubt = null;
        } else if (j.is === 'implausible') doubt = j.doubt;
      }
    }),
  );
});
