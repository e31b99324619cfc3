import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bd09ToGcj02, crsNames, fromWgs84, gcj02ToBd09, gcj02ToWgs84, toWgs84, wgs84ToGcj02 } from '../../geo/crs.ts';
import { bearing, distanceM } from '../../geo/distance.ts';

/** 肖家河, the three datums of one point (domain facts, worked out from public data). */
const WGS: [number, number] = [104.029893, 30.614368];
const GCJ: [number, number] = [104.032304, 30.611853];
const BD: [number, number] = [104.03873, 30.618143];

describe('crs', () => {
  it('agrees with the known point of 肖家河 in all three datums', () => {
    for (const [got, want] of [
      [wgs84ToGcj02(WGS), GCJ],
      [gcj02ToBd09(GCJ), BD],
      [fromWgs84(WGS, 'bd09'), BD],
      [gcj02ToWgs84(GCJ), WGS],
      [toWgs84(BD, 'bd09'), WGS],
    ] as const) {
      expect(Math.abs(got[0] - want[0])).toBeLessThan(1.1e-6);
      expect(Math.abs(got[1] - want[1])).toBeLessThan(1.1e-6);
    }
    const east = distanceM(WGS, [GCJ[0], WGS[1]]);
    const south = distanceM(WGS, [WGS[0], GCJ[1]]);
    expect(Math.round(east)).toBe(231);
    expect(Math.round(south)).toBeGreaterThanOrEqual(279);
    expect(Math.round(south)).toBeLessThanOrEqual(280);
    expect(bearing(WGS, GCJ)).toBeGreaterThan(90);
  });

  it('is its own inverse to better than 1e-9 degrees anywhere in China', () => {
    const china = fc.tuple(fc.double({ min: 73.5, max: 135, noNaN: true }), fc.double({ min: 18, max: 53.5, noNaN: true }));
    fc.assert(
      fc.property(china, fc.constantFrom(...crsNames), (at, crs) => {
        const back = toWgs84(fromWgs84(at, crs), crs);
        expect(Math.abs(back[0] - at[0])).toBeLessThan(1e-9);
        expect(Math.abs(back[1] - at[1])).toBeLessThan(1e-9);
        const gcj = bd09ToGcj02(gcj02ToBd09(at));
        expect(Math.hypot(gcj[0] - at[0], gcj[1] - at[1])).toBeLessThan(1e-9);
      }),
      { numRuns: 2000 },
    );
  });

  it('does not shift GCJ-02 outside China', () => {
    for (const at of [
      [-0.1276, 51.5072],
      [-71.06, 42.36],
      [151.2, -33.87],
    ] as const) {
      expect(wgs84ToGcj02(at)).toEqual(at);
      expect(gcj02ToWgs84(at)).toEqual(at);
    }
  });
});
