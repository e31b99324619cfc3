import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaCode } from '../../model/brand.ts';
import { type Address, formatAddress, parseAddress } from '../../web/store/address.ts';

const id = fc.stringMatching(/^[0-9A-Za-z._:/-]{1,40}$/);
const selection = fc.oneof(
  fc.constant(null),
  fc.record({ kind: fc.constantFrom('incident' as const, 'alarm' as const, 'unit' as const, 'sensor' as const, 'camera' as const), id }),
  fc.record({ kind: fc.constant('area' as const), id: fc.stringMatching(/^[0-9A-Za-z-]{2,32}$/).map(areaCode) }),
);
const camera = fc.oneof(
  fc.constant(null),
  fc.record({
    zoom: fc.integer({ min: 0, max: 2400 }).map((n) => n / 100),
    lng: fc.integer({ min: -18_000_000, max: 18_000_000 }).map((n) => n / 1e5),
    lat: fc.integer({ min: -9_000_000, max: 9_000_000 }).map((n) => n / 1e5),
  }),
);
const area = fc.oneof(fc.constant(null), fc.stringMatching(/^[0-9A-Za-z-]{2,32}$/).map(areaCode));

describe('the address', () => {
  it('gives back the view it was made from', () => {
    fc.assert(
      fc.property(fc.record({ area, selection, camera }), (a) => {
        const back = parseAddress(formatAddress(a as Address));
        expect(back.area).toBe(a.area);
        expect(back.selection).toEqual(a.selection);
        if (a.camera === null) expect(back.camera).toBeNull();
        else {
          expect(back.camera?.zoom).toBeCloseTo(a.camera.zoom, 2);
          expect(back.camera?.lng).toBeCloseTo(a.camera.lng, 5);
          expect(back.camera?.lat).toBeCloseTo(a.camera.lat, 5);
        }
      }),
    );
  });
  it('reads anything else as absent', () => {
    const none = { area: null, selection: null, camera: null };
    expect(parseAddress('')).toEqual(none);
    expect(parseAddress('?at=<script>&sel=house:1&z=1,2')).toEqual(none);
    expect(parseAddress('?sel=incident:&z=99,0,0')).toEqual(none);
    expect(parseAddress('?z=,,')).toEqual(none);
    fc.assert(
      fc.property(fc.string(), (s) => {
        expect(Object.keys(parseAddress(`?${s}`)).sort()).toEqual(['area', 'camera', 'selection']);
      }),
    );
  });
});
