import { type Area, chengduLevels, DEDICATED } from '../../model/area.ts';
import { areaCode } from '../../model/brand.ts';
import type { CentreInput } from '../../model/centre.ts';

/**
 * A street small enough to know by heart: two communities side by side, one grid each, three micro-grids in the first and a
 * micro-grid and a dedicated grid in the second. Each leaf is 0.002° wide; the whole from 104.000 to 104.010, 30.600 to 30.604.
 */
export const STREET = '510107062';
export const WEST = `${STREET}001`;
export const EAST = `${STREET}002`;
const X0 = 104;
const [Y0, Y1] = [30.6, 30.604];
const STEP = 0.002;

export const LEAVES = [`${WEST}001001`, `${WEST}001002`, `${WEST}001003`, `${EAST}001001`, `${EAST}901`] as const;
const at = (i: number) => Number((X0 + i * STEP).toFixed(7));
/** The middle of leaf 0 … 4, [lng, lat]. */
export const middleOf = (leaf: number): [number, number] => [Number((at(leaf) + STEP / 2).toFixed(7)), (Y0 + Y1) / 2];
export const OUTSIDE: [number, number] = [104.5, 30.9];

function area(code: string, name: string, level: string, parent: string | null, from: number, to: number) {
  const xs = Array.from({ length: to - from + 1 }, (_, i) => at(from + i));
  const ring = [...xs.map((x) => [x, Y0]), ...xs.reverse().map((x) => [x, Y1]), [at(from), Y0]];
  const properties: Area = {
    code: areaCode(code),
    name,
    level,
    parent: parent === null ? null : areaCode(parent),
    households: level === 'micro' ? 60 : 0,
    people: level === 'micro' ? 150 : 0,
  };
  return { type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [ring] } };
}

export const fixtureBoundaries = {
  type: 'FeatureCollection',
  features: [
    area(STREET, '试验街道', 'street', null, 0, 5),
    area(WEST, '西社区', 'community', STREET, 0, 3),
    area(EAST, '东社区', 'community', STREET, 3, 5),
    area(`${WEST}001`, '西一般网格', 'grid', WEST, 0, 3),
    area(`${EAST}001`, '东一般网格', 'grid', EAST, 3, 4),
    area(LEAVES[0], '微网格一', 'micro', `${WEST}001`, 0, 1),
    area(LEAVES[1], '微网格二', 'micro', `${WEST}001`, 1, 2),
    area(LEAVES[2], '微网格三', 'micro', `${WEST}001`, 2, 3),
    area(LEAVES[3], '微网格四', 'micro', `${EAST}001`, 3, 4),
    area(LEAVES[4], '试验商场', DEDICATED, EAST, 4, 5),
  ],
};

export const fixtureCentre: CentreInput = {
  code: areaCode(STREET),
  name: { zh: '试验街道', en: 'Trial Street' },
  boundaryNote: '试验边界',
  levels: [...chengduLevels],
  utcOffsetMinutes: 480,
  categories: [{ code: 'manhole', name: { zh: '井盖', en: 'Manhole' }, priority: 2, limitMinutes: 60 }],
  sensorKinds: [
    {
      code: 'gas',
      name: { zh: '燃气', en: 'Gas' },
      alarm: { zh: '燃气超限', en: 'Gas high' },
      unit: '%LEL',
      high: 20,
      deadband: 2,
      priority: 1,
      intervalS: 60,
    },
  ],
};

export const fixtureRegistry = {
  units: [
    { id: 'u-0001', name: '网格员一', role: 'grid', area: LEAVES[0], person: 'p-0001' },
    { id: 'u-0002', name: '巡逻二', role: 'police', area: null },
  ],
  sensors: [{ id: 's-0001', kind: 'gas', name: '燃气一', lngLat: middleOf(1), area: null }],
  cameras: [{ id: 'c-0001', name: '路口一', lngLat: middleOf(3), area: null }],
  duties: [{ area: LEAVES[0], post: 'micro-worker', person: 'p-0001' }],
  people: [{ id: 'p-0001', name: '张三', tel: '13800001234' }],
};
