import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latToY, lngToX, mercatorCubic, metresPerPixel, WORLD } from '../../../web/map/mercator.ts';
import { scaleBar } from '../../../web/map/scale-bar.ts';
import { type Fixes, GLIDE_MAX, MotionBuffer } from '../../../web/map/units/motion.ts';
import { pickUnit } from '../../../web/map/units/pick.ts';
import { Trails } from '../../../web/map/units/trails.ts';

const ORIGIN: [number, number] = [1_040_300_000, 306_145_000];
interface Writable extends Fixes {
  version: number;
  unitCount: number;
}
function fixes(n: number): Writable {
  return {
    version: 0,
    unitCount: n,
    lng: new Int32Array(n).fill(ORIGIN[0]),
    lat: new Int32Array(n).fill(ORIGIN[1]),
    heading: new Float32Array(n),
    at: new Float64Array(n),
    status: new Uint8Array(n),
  };
}
const buffer = () => new MotionBuffer(ORIGIN, 0, 0);
function report(f: Writable, i: number, dx: number, dy: number, at: number) {
  f.lng[i] = ORIGIN[0] + dx;
  f.lat[i] = ORIGIN[1] + dy;
  f.at[i] = at;
  f.version++;
}

describe('motion between reports', () => {
  it('sets a unit down where it is first seen, then glides to the next report in the time between them', () => {
    const m = buffer();
    const f = fixes(1);
    report(f, 0, 100, 0, 1_000);
    m.pull(f, 0, true);
    expect(m.moving(0)).toBe(false);
    expect(m.offsetOf(0, 0)[0]).toBe(100);
    report(f, 0, 200, 0, 1_800);
    m.pull(f, 1_000, true);
    expect(m.offsetOf(0, 1_000)[0]).toBeCloseTo(100);
    expect(m.offsetOf(0, 1_400)[0]).toBeCloseTo(150, 0);
    expect(m.offsetOf(0, 1_800)[0]).toBeCloseTo(200);
    expect(m.moving(1_799)).toBe(true);
    expect(m.moving(1_801)).toBe(false);
  });
  it('never jumps: a report that comes mid-glide starts from where the unit is drawn', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -2000, max: 2000 }), fc.integer({ min: 50, max: 900 })), { minLength: 2, maxLength: 12 }),
        (steps) => {
          const m = buffer();
          const f = fixes(1);
          report(f, 0, 0, 0, 1);
          m.pull(f, 0, true);
          let now = 0;
          for (const [x, wait] of steps) {
            now += wait;
            const before = m.offsetOf(0, now)[0];
            report(f, 0, x, 0, 1 + now);
            m.pull(f, now, true);
            expect(Math.abs(m.offsetOf(0, now)[0] - before)).toBeLessThan(0.5);
          }
          expect(m.offsetOf(0, now + GLIDE_MAX)[0]).toBeCloseTo((steps.at(-1) as [number, number])[0], 1);
        },
      ),
    );
  });
  it('jumps at once without glide, and over a distance nobody walks', () => {
    const m = buffer();
    const f = fixes(1);
    report(f, 0, 0, 0, 1);
    m.pull(f, 0, false);
    report(f, 0, 500, 0, 1_001);
    m.pull(f, 1_000, false);
    expect(m.offsetOf(0, 1_000)[0]).toBe(500);
    expect(m.moving(1_000)).toBe(false);
    report(f, 0, 90_000, 0, 2_001);
    m.pull(f, 2_000, true);
    expect(m.offsetOf(0, 2_000)[0]).toBe(90_000);
  });
  it('does nothing when the store has nothing new', () => {
    const m = buffer();
    const f = fixes(3);
    report(f, 1, 5, 5, 9);
    expect(m.pull(f, 0, true)).toBe(true);
    expect(m.pull(f, 10, true)).toBe(false);
    expect(m.lngLatOf(0, 10)).toBeUndefined();
    expect(m.lngLatOf(1, 10)).toEqual([104.0300005, 30.6145005]);
  });
  it('asks for a frame only as often as half a pixel is covered', () => {
    const m = buffer();
    const f = fixes(1);
    report(f, 0, 0, 0, 1);
    m.pull(f, 0, true);
    report(f, 0, 1_000, 0, 1_001);
    m.pull(f, 1_000, true);
    expect(m.frameInterval(0.005)).toBeCloseTo(100);
    expect(m.frameInterval(10)).toBe(16);
  });
});

describe('trails', () => {
  it('follow the way a unit came, newest first, fading from .56', () => {
    const m = buffer();
    const f = fixes(1);
    const t = new Trails(0.86);
    for (let k = 0; k <= 4; k++) {
      report(f, 0, 0, k * 2_000, 1 + k * 1_000);
      m.pull(f, k * 1_000, false);
      t.sample(m, k * 1_000);
    }
    t.build(m, 4_000);
    expect(t.segments).toBe(5);
    expect(t.data[1]).toBe(8_000);
    expect(t.data[7 + 1]).toBe(8_000);
    expect(t.data[7 + 3]).toBe(6_000);
    expect(t.data[4]).toBeCloseTo(0.56);
    expect(t.data[7 * 4 + 5]).toBeGreaterThan(0.05);
  });
});

describe('picking', () => {
  const view = { lng: 104.03, lat: 30.6145, zoom: 15, width: 1000, height: 800 };
  it('finds the unit drawn at a screen point, and nobody where nobody is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 980 }), fc.integer({ min: 20, max: 780 }), (x, y) => {
        const scale = 2 ** view.zoom;
        const lng = view.lng + (((x - 500) / scale) * 360) / WORLD;
        const wy = latToY(view.lat) - (y - 400) / scale;
        const lat = (Math.atan(Math.exp((wy / WORLD - 0.5) * 2 * Math.PI)) * 360) / Math.PI - 90;
        const m = buffer();
        const f = fixes(2);
        report(f, 1, Math.round(lng * 1e7) - ORIGIN[0], Math.round(lat * 1e7) - ORIGIN[1], 1);
        m.pull(f, 0, false);
        const kinds = new Uint8Array([0, 0, 0, 0, 0, 0, 0, 1]);
        expect(pickUnit(m, kinds, view, x, y, 2, 0)).toBe(1);
        expect(pickUnit(m, kinds, view, x + 15, y, 10, 0)).toBe(-1);
      }),
    );
  });
});

describe('projection', () => {
  it('of small offsets by a cubic agrees with Mercator to a centimetre within half a degree', () => {
    const lat0 = 30.6145;
    const [k1, k2, k3] = mercatorCubic(lat0);
    const perMetre = WORLD / 40_075_016.686 / Math.cos((lat0 * Math.PI) / 180);
    for (let d = -0.5; d <= 0.5; d += 0.05) {
      const cubic = d * (k1 + d * (k2 + d * k3));
      expect(Math.abs(cubic - (latToY(lat0 + d) - latToY(lat0)))).toBeLessThan(0.01 * perMetre);
    }
  });
  it('puts the meridians evenly and gives a scale bar of a round length that fits', () => {
    expect(lngToX(180) - lngToX(-180)).toBe(WORLD);
    fc.assert(
      fc.property(fc.double({ min: 10, max: 20, noNaN: true }), (zoom) => {
        const { px, label } = scaleBar(30.6, zoom, 150);
        expect(px).toBeLessThanOrEqual(150.001);
        expect(px).toBeGreaterThan(50);
        const metres = label.endsWith('km') ? Number.parseFloat(label) * 1000 : Number.parseFloat(label);
        expect(px * metresPerPixel(30.6, zoom)).toBeCloseTo(metres, 6);
      }),
    );
  });
});
