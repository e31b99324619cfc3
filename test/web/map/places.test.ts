import { describe, expect, it } from 'vitest';
import { type Area, areaTree, zArea } from '../../../model/area.ts';
import { type AreaCode, areaCode } from '../../../model/brand.ts';
import { emptyWorld } from '../../../model/world.ts';
import { borders } from '../../../web/map/borders.ts';
import { buildingShapes } from '../../../web/map/buildings.ts';
import { densityClasses, densityLevel, densityOf } from '../../../web/map/density.ts';
import { drillTarget } from '../../../web/map/drill.ts';
import { sensorFeatures } from '../../../web/map/layers/devices.ts';
import { contains, placesOf } from '../../../web/map/places.ts';
import { rgb } from '../../../web/map/tokens.ts';
import { wayNames } from '../../../web/map/way-names.ts';
import { duration } from '../../../web/map/words.ts';
import type { Basemap, Boundaries } from '../../../web/map-contract.ts';

const square = (code: string, level: string, parent: string | null, x0: number, x1: number): Boundaries['features'][number] => ({
  type: 'Feature',
  properties: { code, name: code, level, parent, households: 200, people: 0 },
  geometry: {
    type: 'Polygon',
    coordinates: [
      x1 - x0 > 1
        ? [
            [x0, 0],
            [(x0 + x1) / 2, 0],
            [x1, 0],
            [x1, 1],
            [(x0 + x1) / 2, 1],
            [x0, 1],
            [x0, 0],
          ]
        : [
            [x0, 0],
            [x1, 0],
            [x1, 1],
            [x0, 1],
            [x0, 0],
          ],
    ],
  },
});
const boundaries: Boundaries = {
  type: 'FeatureCollection',
  features: [
    square('10', 'street', null, 0, 2),
    square('1001', 'community', '10', 0, 2),
    square('100101', 'grid', '1001', 0, 1),
    square('100102', 'grid', '1001', 1, 2),
  ],
};
const areas = new Map(boundaries.features.map((f) => zArea.parse(f.properties)).map((a): [AreaCode, Area] => [a.code, a]));

describe('borders', () => {
  it('draw every stretch once, as the outermost level that uses it', () => {
    const out = borders(boundaries);
    const length = (level: string) =>
      out.features
        .filter((f) => f.properties.level === level)
        .flatMap((f) =>
          f.geometry.coordinates
            .slice(1)
            .map((b, i) =>
              Math.hypot(
                (b[0] as number) - (f.geometry.coordinates[i]?.[0] as number),
                (b[1] as number) - (f.geometry.coordinates[i]?.[1] as number),
              ),
            ),
        )
        .reduce((a, b) => a + b, 0);
    expect(length('street')).toBe(6);
    expect(length('community')).toBe(0);
    expect(length('grid')).toBe(1);
  });
});

describe('names', () => {
  it('stand inside their area', () => {
    for (const f of boundaries.features) {
      const place = placesOf(boundaries).get(areaCode(f.properties.code));
      expect(place?.inside.length).toBeGreaterThan(0);
      for (const [x, y] of place?.inside ?? [])
        expect(contains((f.geometry as unknown as { coordinates: [number, number][][] }).coordinates, x, y)).toBe(true);
    }
  });
  it('of a road in pieces run along the whole of it', () => {
    const piece = (a: number, b: number): Basemap['features'][number] => ({
      type: 'Feature',
      properties: { layer: 'road', class: 'main', name: '永丰路' },
      geometry: {
        type: 'LineString',
        coordinates: [
          [a, 0.5],
          [b, 0.5],
        ],
      },
    });
    const out = wayNames({ type: 'FeatureCollection', features: [piece(0.2, 1), piece(1, 1.8)] }, borders(boundaries));
    expect(out.features).toHaveLength(1);
    expect(out.features[0]?.geometry.coordinates).toHaveLength(3);
    expect(out.features[0]?.properties).toEqual({ name: '永丰路', class: 'main', edge: false });
  });
});

describe('buildings', () => {
  it('lift the roof north by the part of the height asked for', () => {
    const base: Basemap = {
      type: 'FeatureCollection',
      features: [
        {
          type: 'Feature',
          properties: { layer: 'building', floors: 10 },
          geometry: {
            type: 'Polygon',
            coordinates: [
              [
                [104, 30],
                [104.001, 30],
                [104, 30.001],
                [104, 30],
              ],
            ],
          },
        },
      ],
    };
    const { roofs, walls } = buildingShapes(base, 0.16);
    const roof = roofs.features[0]?.geometry as unknown as { coordinates: [number, number][][][] };
    expect(((roof.coordinates[0]?.[0]?.[0]?.[1] as number) - 30) * 111_320).toBeCloseTo(10 * 3 * 0.16, 6);
    expect(walls.features).toHaveLength(1);
  });
});

describe('density', () => {
  it('counts open incidents per hundred households of the grid', () => {
    const incident = (id: string, area: string) => [id, { id, area: areaCode(area), state: 'filed' }] as const;
    const incidents = new Map([incident('a', '100101'), incident('b', '100101')]);
    const ended = new Map([incident('c', '100102')]);
    const world = { ...emptyWorld, areas, incidents: incidents as never, ended: ended as never };
    const d = densityOf(world);
    expect(d.value.get(areaCode('100101'))).toBe(1);
    expect(d.level.get(areaCode('100102'))).toBe(1);
    expect(d.level.get(areaCode('100101'))).toBe(5);
  });
  it('has five classes that rise with the value', () => {
    const { breaks, top } = densityClasses([0, 0.2, 0.5, 0.9, 1.9]);
    expect(top).toBe(2);
    expect([0, 0.3, 0.5, 0.9, 1.3, 1.7, 9].map((v) => densityLevel(v, breaks))).toEqual([1, 1, 2, 3, 4, 5, 5]);
  });
});

describe('a click on the map', () => {
  const tree = areaTree(areas);
  const under = ['100101', '10', '1001'].map(areaCode);
  it('drills one level at a time and goes over to a neighbour on the same level', () => {
    expect(drillTarget(tree, areaCode('10'), under)).toBe('1001');
    expect(drillTarget(tree, areaCode('1001'), under)).toBe('100101');
    expect(drillTarget(tree, areaCode('100102'), under)).toBe('100101');
    expect(drillTarget(tree, areaCode('100101'), under)).toBeUndefined();
    expect(drillTarget(tree, areaCode('10'), [])).toBeUndefined();
  });
});

describe('sensors', () => {
  it('show whether they are offline; what is abnormal is drawn over them', () => {
    const sensor = (id: string, ix: number) => ({ id, ix, kind: 'gas', name: id, lngLat: [0, 0] as const, area: null });
    const out = sensorFeatures([sensor('a', 0), sensor('b', 1)], (ix) => ix === 1);
    expect(out.features.map((f) => f.properties.icon)).toEqual(['normal', 'offline']);
  });
});

describe('small things', () => {
  it('durations below and above an hour', () => {
    expect([duration(1_092_000), duration(-372_000), duration(4_328_000)]).toEqual(['18:12', '06:12', '1:12:08']);
  });
  it('colours are #rrggbb and anything else is refused by name', () => {
    expect(rgb('#FF0000')).toEqual([1, 0, 0]);
    expect(() => rgb('red')).toThrow('red');
  });
});
