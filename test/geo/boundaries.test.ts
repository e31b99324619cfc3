import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBoundaries } from '../../geo/boundaries/check.ts';
import type { AreaFeature } from '../../geo/cells.ts';
import { areaM2 } from '../../geo/distance.ts';
import { chengduLevels } from '../../model/area.ts';
import { partitionsOf } from './partition.ts';

const STREET = '510107062';
const X0 = 104.02;
const Y0 = 30.6;

interface Spec {
  code: string;
  ring: readonly (readonly [number, number])[];
  parent?: string | null;
  level?: string;
}
/** Ring corners in steps of 1e-4 degrees (some 10 m) from a corner of Chengdu. */
const feature = ({ code, ring, parent = null, level = 'street' }: Spec) => ({
  type: 'Feature',
  properties: { code, name: `区${code}`, level, parent },
  geometry: { type: 'Polygon', coordinates: [[...ring, ring[0]!].map(([x, y]) => [X0 + x * 1e-4, Y0 + y * 1e-4])] },
});
const box = (x: number, y: number, w: number, h: number) =>
  [
    [x, y],
    [x + w, y],
    [x + w, y + h],
    [x, y + h],
  ] as const;
const street = feature({ code: STREET, ring: box(0, 0, 40, 20) });
const west = feature({ code: `${STREET}001`, ring: box(0, 0, 20, 20), parent: STREET, level: 'community' });
const east = feature({ code: `${STREET}002`, ring: box(20, 0, 20, 20), parent: STREET, level: 'community' });
const check = (...features: unknown[]) => checkBoundaries({ type: 'FeatureCollection', features }, chengduLevels);
const kinds = (report: ReturnType<typeof check>) => report.findings.map((f) => f.kind);
/** Square metres of one step by one step here. */
const STEP_M2 = areaM2(feature({ code: 'x', ring: box(0, 0, 40, 20) }).geometry as never) / 800;
const steps = (m2: number | null) => (m2 ?? 0) / STEP_M2;

const toFeature = ({ code, geometry }: AreaFeature) => ({
  type: 'Feature',
  properties: { code, name: code, level: 'community', parent: 'P1' },
  geometry,
});

describe('boundaries that make up their parent', () => {
  it('have no finding', () => {
    const report = check(street, west, east);
    expect(report).toMatchObject({ ok: true, findings: [], total: { errors: 0, warnings: 0 } });
    expect(report.areas.map((a) => a.code)).toEqual([STREET, `${STREET}001`, `${STREET}002`]);
    expect(report.areas[1]).toEqual({
      code: `${STREET}001`,
      name: `区${STREET}001`,
      level: 'community',
      parent: STREET,
      households: 0,
      people: 0,
    });
  });

  it('may meet a neighbour between its corners, in any order and winding, with holes and several parts', () => {
    fc.assert(
      fc.property(partitionsOf(100), fc.integer({ min: 0 }), ({ features, width, height }, pick) => {
        const corner = (x: number, y: number) => [104 + (x * 100) / 1e7, 30.6 + (y * 100) / 1e7];
        const parent = {
          type: 'Feature',
          properties: { code: 'P1', name: 'P1', level: 'street', parent: null },
          geometry: {
            type: 'Polygon',
            coordinates: [[corner(0, 0), corner(width, 0), corner(width, height), corner(0, height), corner(0, 0)]],
          },
        };
        const topology = (list: readonly AreaFeature[]) =>
          check(parent, ...list.map(toFeature)).findings.filter((f) => f.kind !== 'code-format');
        expect(topology(features)).toEqual([]);

        // Take one away: what is missing is exactly that one.
        if (features.length < 2) return;
        const gone = features[pick % features.length]!;
        const gaps = topology(features.filter((f) => f !== gone));
        expect(gaps.every((f) => f.kind === 'gap')).toBe(true);
        expect(gaps.reduce((sum, f) => sum + f.measure!, 0) / areaM2(gone.geometry)).toBeCloseTo(1, 6);

        // Give one twice under another code: what overlaps is exactly that one.
        const twice = topology([...features, { ...gone, code: 'Z9' }]);
        expect(twice.every((f) => f.kind === 'overlap' && f.codes.includes('Z9'))).toBe(true);
        expect(twice.reduce((sum, f) => sum + f.measure!, 0) / areaM2(gone.geometry)).toBeCloseTo(1, 6);
      }),
      { numRuns: 150 },
    );
  });
});

describe('topology findings', () => {
  it('a gap is measured, placed inside itself and names its neighbours', () => {
    const report = check(street, west, feature({ code: `${STREET}002`, ring: box(22, 0, 18, 20), parent: STREET, level: 'community' }));
    expect(kinds(report)).toEqual(['gap']);
    const [gap] = report.findings;
    expect(report.ok).toBe(false);
    expect(steps(gap!.measure)).toBeCloseTo(40, 3);
    expect(gap!.codes).toEqual([`${STREET}001`, `${STREET}002`]);
    expect(gap!.lngLat![0]).toBeGreaterThan(X0 + 20e-4);
    expect(gap!.lngLat![0]).toBeLessThan(X0 + 22e-4);
    expect(gap!.message.zh).toContain('没有下级区域');
  });

  it('an overlap of areas that share no corner is measured at their crossings', () => {
    const report = check(
      street,
      west,
      feature({
        code: `${STREET}002`,
        ring: [
          [20, 0],
          [40, 0],
          [40, 20],
          [20, 20],
          [16, 10],
        ],
        parent: STREET,
        level: 'community',
      }),
    );
    expect(kinds(report)).toEqual(['overlap']);
    expect(steps(report.findings[0]!.measure)).toBeCloseTo(40, 3);
    expect(report.findings[0]!.codes).toEqual([`${STREET}001`, `${STREET}002`]);
  });

  it('a child beyond its parent is told from an overlap', () => {
    const report = check(street, west, feature({ code: `${STREET}002`, ring: box(20, 0, 25, 20), parent: STREET, level: 'community' }));
    expect(kinds(report)).toEqual(['outside-parent']);
    expect(steps(report.findings[0]!.measure)).toBeCloseTo(100, 3);
    expect(report.findings[0]!.codes).toContain(`${STREET}002`);
  });

  it('a crossing shift gives a gap on one side, an overlap on the other and a piece outside', () => {
    const shifted = [
      [21, -1],
      [41, -1],
      [41, 19],
      [21, 19],
    ] as const;
    const report = check(street, west, feature({ code: `${STREET}002`, ring: shifted, parent: STREET, level: 'community' }));
    expect(kinds(report).sort()).toEqual(['gap', 'outside-parent']);
    const sum = (kind: string) => report.findings.filter((f) => f.kind === kind).reduce((s, f) => s + steps(f.measure), 0);
    expect(sum('gap')).toBeCloseTo(20 + 19, 3);
    expect(sum('outside-parent')).toBeCloseTo(20 + 19, 3);
  });

  it('a lone child in the middle leaves the rest of the parent as the gap', () => {
    const report = check(street, feature({ code: `${STREET}001`, ring: box(5, 5, 10, 10), parent: STREET, level: 'community' }));
    expect(kinds(report)).toEqual(['gap']);
    expect(steps(report.findings[0]!.measure)).toBeCloseTo(700, 3);
  });

  it('a strip of centimetres is a sliver: a warning', () => {
    const thin = feature({
      code: `${STREET}002`,
      ring: [
        [20.01, 0],
        [40, 0],
        [40, 20],
        [20, 20],
      ],
      parent: STREET,
      level: 'community',
    });
    const report = check(street, west, thin);
    expect(report.findings.map((f) => [f.kind, f.severity])).toEqual([['sliver', 'warning']]);
    expect(report.ok).toBe(true);
    expect(steps(report.findings[0]!.measure)).toBeCloseTo(0.1, 3);
  });

  it('one unit of 1e-7 degree is not overlooked', () => {
    const report = check(
      street,
      west,
      feature({
        code: `${STREET}002`,
        ring: [
          [20, 0],
          [40, 0],
          [40, 20],
          [20, 20],
          [20.001, 10],
        ],
        parent: STREET,
        level: 'community',
      }),
    );
    expect(kinds(report)).toEqual(['sliver']);
  });

  it('a border that crosses itself, as a figure of eight or in a curl, is an error; its family waits', () => {
    const eight = feature({
      code: `${STREET}002`,
      ring: [
        [20, 0],
        [40, 20],
        [40, 0],
        [20, 20],
      ],
      parent: STREET,
      level: 'community',
    });
    expect(kinds(check(street, west, eight))).toEqual(['self-intersection']);
    const curl = feature({
      code: STREET,
      ring: [
        [0, 0],
        [20, 0],
        [20, 20],
        [5, 20],
        [5, 5],
        [10, 5],
        [10, 15],
        [0, 15],
      ],
    });
    expect(kinds(check(curl))).toEqual(['self-intersection']);
    const touching = feature({
      code: STREET,
      ring: [
        [0, 0],
        [10, 10],
        [20, 20],
        [20, 0],
        [10, 10],
        [0, 20],
      ],
    });
    expect(kinds(check(touching))).toEqual(['self-intersection']);
    const spike = feature({
      code: STREET,
      ring: [
        [0, 0],
        [20, 0],
        [20, 20],
        [30, 30],
        [20, 20],
        [0, 20],
      ],
    });
    const [finding] = check(spike).findings;
    expect(finding).toMatchObject({ kind: 'self-intersection' });
    expect(finding!.message.zh).toContain('往返');
  });

  it('a ring that touches itself in a corner is sound', () => {
    const pinched = feature({
      code: STREET,
      ring: [
        [0, 0],
        [20, 0],
        [20, 20],
        [10, 10],
        [15, 18],
        [5, 18],
        [10, 10],
        [0, 20],
      ],
    });
    expect(kinds(check(pinched))).toEqual([]);
  });

  it('holes must lie inside and parts apart', () => {
    const ring = (x: number, y: number, w: number, h: number) =>
      [...box(x, y, w, h), [x, y] as const].map(([i, j]) => [X0 + i * 1e-4, Y0 + j * 1e-4]);
    const shape = (geometry: unknown) => ({
      type: 'Feature',
      properties: { code: STREET, name: '街', level: 'street', parent: null },
      geometry,
    });
    expect(kinds(check(shape({ type: 'Polygon', coordinates: [ring(0, 0, 20, 20), ring(5, 5, 5, 5)] })))).toEqual([]);
    expect(kinds(check(shape({ type: 'Polygon', coordinates: [ring(0, 0, 20, 20), ring(15, 5, 10, 5)] })))).toEqual(['self-intersection']);
    expect(kinds(check(shape({ type: 'Polygon', coordinates: [ring(0, 0, 20, 20), ring(25, 5, 10, 5)] })))).toEqual(['self-intersection']);
    expect(kinds(check(shape({ type: 'MultiPolygon', coordinates: [[ring(0, 0, 10, 10)], [ring(15, 0, 5, 5)]] })))).toEqual([]);
    expect(kinds(check(shape({ type: 'MultiPolygon', coordinates: [[ring(0, 0, 10, 10)], [ring(5, 5, 10, 10)]] })))).toEqual([
      'self-intersection',
    ]);
  });
});

describe('tree findings', () => {
  it('name duplicate codes, orphans, unknown and inverted levels, and circles', () => {
    expect(kinds(check(street, street))).toContain('duplicate-code');
    expect(kinds(check(feature({ code: '510107063', ring: box(0, 0, 1, 1), parent: '510107' })))).toEqual(['orphan']);
    expect(kinds(check(feature({ code: '510107063', ring: box(0, 0, 1, 1), level: 'village' })))).toEqual(['level']);
    const inverted = check(
      feature({ code: '510107063', ring: box(0, 0, 1, 1), level: 'street', parent: '510107063001' }),
      feature({ code: '510107063001', ring: box(0, 0, 1, 1), level: 'community' }),
    );
    expect(kinds(inverted)).toEqual(['level']);
    const circle = check(
      feature({ code: '510107063', ring: box(0, 0, 1, 1), parent: '510107064' }),
      feature({ code: '510107064', ring: box(0, 0, 1, 1), parent: '510107063' }),
    );
    expect(kinds(circle)).toContain('cycle');
    expect(circle.ok).toBe(false);
  });

  it('let several streets stand side by side, with a warning, but not on each other', () => {
    const other = feature({ code: '510107063', ring: box(40, 0, 10, 20) });
    const report = check(street, other);
    expect(report.findings.map((f) => [f.kind, f.severity, f.measure])).toEqual([['several-roots', 'warning', 2]]);
    expect(kinds(check(street, feature({ code: '510107063', ring: box(35, 0, 10, 20) })))).toEqual(['overlap', 'several-roots']);
    const around = {
      ...street,
      geometry: {
        type: 'Polygon',
        coordinates: [
          ...street.geometry.coordinates,
          [...box(10, 5, 10, 10), [10, 5] as const].map(([x, y]) => [X0 + x * 1e-4, Y0 + y * 1e-4]),
        ],
      },
    };
    const enclosing = check(around, feature({ code: '510107063', ring: box(10, 5, 5, 10) }));
    expect(kinds(enclosing)).toEqual(['enclosed-gap', 'several-roots']);
    expect(steps(enclosing.findings[0]!.measure)).toBeCloseTo(50, 3);
  });
});

describe('reading', () => {
  const polygon = {
    type: 'Polygon',
    coordinates: [
      [
        [104, 30],
        [104.01, 30],
        [104.01, 30.01],
        [104, 30],
      ],
    ],
  };
  const texts = (input: unknown, options = {}) => checkBoundaries(input, chengduLevels, options).findings.map((f) => f.message.en);

  it('names the feature, the field and the rule', () => {
    const bad = [
      { type: 'Feature', properties: { name: 'x', level: 'street' }, geometry: polygon },
      { type: 'Feature', properties: { code: 'a b', name: 'x', level: 'street' }, geometry: polygon },
      { type: 'Feature', properties: { code: 'ab', name: 'x', level: 'street' }, geometry: { type: 'Point', coordinates: [1, 2] } },
      {
        type: 'Feature',
        properties: { code: 'ab', name: 'x', level: 'street' },
        geometry: {
          type: 'Polygon',
          coordinates: [
            [
              [104, 30],
              [104.01, 30],
              [104.01, 30.01],
              [104, 30.01],
            ],
          ],
        },
      },
      {
        type: 'Feature',
        properties: { code: 'ab', name: 'x', level: 'street' },
        geometry: {
          type: 'Polygon',
          coordinates: [
            [
              [30, 104],
              [30, 104.1],
              [30.1, 104],
              [30, 104],
            ],
          ],
        },
      },
      { type: 'Feature', properties: { code: 'ab', name: 'x', level: 'street', households: -1 }, geometry: polygon },
      { type: 'Feature', properties: { code: 'ab', name: 'x' }, geometry: polygon },
      7,
    ];
    const report = checkBoundaries({ type: 'FeatureCollection', features: bad }, chengduLevels);
    expect(report.ok).toBe(false);
    expect(report.areas).toEqual([]);
    const all = report.findings.map((f) => f.message.en).join('\n');
    expect(all).toMatch(/features\[0\]\.properties\.code .*missing/);
    expect(all).toMatch(/features\[1\]\.properties\.code .*letters, digits or hyphens/);
    expect(all).toMatch(/features\[2\]\.geometry\.type/);
    expect(all).toMatch(/features\[3\]\.geometry\.coordinates\[0\] .*not closed/);
    expect(all).toMatch(/features\[4\]\.geometry\.coordinates\[0\]\[0\] .*\[longitude, latitude\]/);
    expect(all).toMatch(/features\[5\]\.properties\.households/);
    expect(all).toMatch(/features\[6\]\.properties\.level .*missing/);
    expect(all).toMatch(/features\[7\]/);
    for (const input of [null, 'text', {}, { type: 'FeatureCollection' }, { type: 'FeatureCollection', features: [] }])
      expect(texts(input).length).toBeGreaterThan(0);
  });

  it('takes other property names, a level for all, and another datum', () => {
    const input = {
      type: 'FeatureCollection',
      features: [{ type: 'Feature', properties: { id: 510107062, mc: '肖家河街道', hs: '12' }, geometry: polygon }],
    };
    const report = checkBoundaries(input, chengduLevels, {
      crs: 'gcj02',
      level: 'street',
      properties: { code: 'id', name: 'mc', households: 'hs' },
    });
    expect(report.findings).toEqual([]);
    expect(report.areas[0]).toMatchObject({ code: '510107062', name: '肖家河街道', level: 'street', households: 12 });
    const [lng, lat] = (report.collection.features[0]!.geometry.coordinates as number[][][])[0]![0]!;
    expect(lng).toBeCloseTo(103.9976, 3);
    expect(lat).toBeCloseTo(30.0025, 3);
    expect(Number.isInteger(Math.round(lng! * 1e9) / 100)).toBe(true);
  });
});

const real = new URL('../../../shared/data/osm-chengdu-gaoxin/streets.geojson', import.meta.url);
describe.skipIf(!existsSync(real))('four real streets (../shared/data/osm-chengdu-gaoxin, skipped where absent)', () => {
  const input = () => JSON.parse(readFileSync(real, 'utf8'));
  const options = { level: 'street', properties: { code: 'osm_relation' } };

  it('lie side by side without a fault, in each datum', () => {
    for (const crs of ['wgs84', 'gcj02', 'bd09'] as const) {
      const report = checkBoundaries(input(), chengduLevels, { ...options, crs });
      expect(report.ok).toBe(true);
      expect([...new Set(kinds(report))].sort()).toEqual(['code-format', 'several-roots']);
    }
  });

  it('have the surface that the file says', () => {
    const report = checkBoundaries(input(), chengduLevels, options);
    const stated = new Map<string, number>(
      input().features.map((f: { properties: { osm_relation: number; area_km2: number } }) => [
        String(f.properties.osm_relation),
        f.properties.area_km2,
      ]),
    );
    for (const f of report.collection.features)
      expect(Math.abs(areaM2(f.geometry) / 1e6 - stated.get(f.properties.code)!)).toBeLessThan(0.1);
  });

  it('show a moved corner', () => {
    const moved = input();
    const [one, two] = moved.features.map((f: { geometry: { coordinates: number[][][] } }) => f.geometry.coordinates[0]!);
    const shared = one.filter(
      (p: number[], i: number) => i > 0 && i < one.length - 1 && two.some((q: number[]) => q[0] === p[0] && q[1] === p[1]),
    );
    shared[1][0] += 0.001;
    expect(kinds(checkBoundaries(moved, chengduLevels, options))).toContain('overlap');
  });
});
