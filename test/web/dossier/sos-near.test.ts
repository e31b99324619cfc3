import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LngLat } from '../../../model/brand.ts';
import type { Entry } from '../../../model/ledger.ts';
import { alarmEvents, distancesAt, nearestCurve, placeAt, type Way } from '../../../web/panels/sos-near.ts';

const PLACE: LngLat = [104, 30.6];
/** metres north of the place, as degrees of latitude */
const north = (metres: number) => 30.6 + metres / 111_195;
const way = (unit: string, fixes: readonly (readonly [s: number, metres: number])[], legs: number[] = []): Way => ({
  unit,
  at: fixes.map(([s]) => s * 1000),
  lng: fixes.map(() => 104),
  lat: fixes.map(([, m]) => north(m)),
  legs,
});

describe('who was near a call for help', () => {
  it('goes evenly between two fixes of a leg, and is nowhere between legs after a minute', () => {
    const w = way(
      'u',
      [
        [0, 100],
        [100, 300],
        [1000, 50],
        [1100, 0],
      ],
      [2],
    );
    const metres = (s: number) => distancesAt([w], PLACE, s * 1000).map((d) => Math.round(d.metres));
    expect([metres(50), metres(100), metres(150), metres(400), metres(1000), metres(1050)]).toEqual([[200], [300], [300], [], [50], [25]]);
    expect([placeAt(w, -1), placeAt(w, 1_161_000)]).toEqual([null, null]);
  });

  it('the curve is the nearest of all at each moment, and says nothing where nobody is known', () => {
    const far = way('far', [
      [0, 900],
      [600, 900],
    ]);
    const comes = way('comes', [
      [0, 1000],
      [600, 0],
    ]);
    const curve = nearestCurve([far, comes], PLACE, 0, 600_000);
    expect(curve[0]).toEqual([0, 900]);
    expect(curve.at(-1)).toEqual([600_000, 0]);
    for (const [at, metres] of curve) expect(metres).toBe(Math.round(distancesAt([far, comes], PLACE, at)[0]!.metres));
    expect(nearestCurve([], PLACE, 0, 600_000)).toEqual([]);
    fc.assert(
      fc.property(fc.integer({ min: 60_000, max: 6 * 3_600_000 }), (span) => {
        expect(
          nearestCurve(
            [
              way('u', [
                [0, 10],
                [30_000, 10],
              ]),
            ],
            PLACE,
            0,
            span,
          ).length,
        ).toBeLessThanOrEqual(241);
      }),
    );
  });

  it('the button, its acknowledgement and its release stand at their own times', () => {
    const entry = (kind: string, at: number, body: object) => ({ kind, at, body }) as unknown as Entry;
    const entries = [
      entry('alarm.raised', 1010, { at: 1000 }),
      entry('alarm.acknowledged', 5000, { at: 1 }),
      entry('alarm.commented', 6000, {}),
      entry('alarm.cleared', 9010, { at: 9000 }),
    ];
    expect(alarmEvents(entries, 0, 8000).map((e) => [e.kind === 'alarm' && e.turn, e.at])).toEqual([
      ['raised', 1000],
      ['acknowledged', 5000],
    ]);
    expect(alarmEvents(entries, 2000, 9500).map((e) => e.at)).toEqual([5000, 9000]);
  });
});
