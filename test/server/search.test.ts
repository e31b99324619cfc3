import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { areaCode } from '../../model/brand.ts';
import type { BoundaryFeature } from '../../server/boundary-form.ts';
import { namedAreas, namedFeatures } from '../../server/finder/place-names.ts';
import { find as findIn, type Named, plain, rowsOf } from '../../server/finder/search.ts';
import { fixtureBoundaries, LEAVES, middleOf } from '../support/fixture-street.ts';

const names = [
  ['正街社区', 0, '正街'],
  ['微网格七', 4, '正街 03-07'],
  ['微网格十七', 4, '正街 03-17'],
  ['新盛社区', 0, '新盛'],
  ['肖家河正街', 1],
  ['正街菜市场', 2],
  ['紫荆东路', 1],
  ['长益路', 1],
  ['绿地公园', 2],
  ['重庆路', 1],
  ['高升桥路 46 号院', 3],
  ['高升桥路 46 号院1栋', 5],
  ['高升桥路 146 号院', 3],
  ['永丰站 A 口', 2],
  ['新盛 公园', 2],
] as const;
const buildSearch = <T extends Named>(places: readonly T[]) => {
  const rows = rowsOf(places);
  return { find: (q: string, limit: number) => findIn([rows], q, limit) };
};
const index = buildSearch(names.map(([name, weight, also]) => ({ name, weight, ...(also ? { also } : {}) })));
const find = (q: string, limit = 20) => index.find(q, limit).map((p) => p.name);

describe('places by name', () => {
  it('are found by characters, full pinyin, initials and mixtures', () => {
    expect(find('正街')).toEqual(['正街社区', '正街菜市场', '微网格七', '微网格十七', '肖家河正街']);
    expect(find('zjsq')[0]).toBe('正街社区');
    expect(find('zhengjie').slice(0, 2)).toEqual(['正街社区', '正街菜市场']);
    expect(find('zhengjie')).toContain('肖家河正街');
    expect(find('正jie社')).toEqual(['正街社区']);
    expect(find('xjhzj')).toEqual(['肖家河正街']);
    expect(find('zhengjsq')).toEqual(['正街社区']);
    expect(find('ZJ')).toContain('紫荆东路');
    expect(find('永丰站a口')).toEqual(['永丰站 A 口']);
  });

  it('by the label of a micro-grid, with or without its marks', () => {
    for (const q of ['正街 03-07', '正街03-07', '正街0307', 'zj0307', 'zhengjie 03-07', '０３－０７'])
      expect(find(q)).toEqual(['微网格七']);
    expect(find('46号院')).toEqual(['高升桥路 46 号院', '高升桥路 46 号院1栋', '高升桥路 146 号院']);
  });

  it('however a character may be read, ü as v or u', () => {
    expect(find('changyilu')).toEqual(['长益路']);
    expect(find('zhangyilu')).toEqual(['长益路']);
    expect(find('chongqing')).toEqual(['重庆路']);
    expect(find('zhongqing')).toEqual(['重庆路']);
    expect(find('lvdi')).toEqual(['绿地公园']);
    expect(find('ludi')).toEqual(['绿地公园']);
  });

  it('while the last reading is still being typed', () => {
    for (const q of ['zhengj', 'zhengji', 'zhen', 'zhe']) expect(find(q)).toContain('正街社区');
    expect(find('zhengx')).toEqual([]);
  });

  it('word by word, in any order', () => {
    expect(find('公园 新盛')).toEqual(['新盛 公园']);
    expect(find('公园新盛')).toEqual([]);
  });

  it('not at all without a query, and never more than asked for', () => {
    expect(find('  ')).toEqual([]);
    expect(find('-')).toEqual([]);
    expect(find('z', 2)).toHaveLength(2);
    expect(find('z', 2)).toEqual(find('z', 20).slice(0, 2));
  });

  it('every name by itself, first or before all but its equals; any part of it too', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(9), fc.integer({ min: 1, max: 9 }), ([name], from, length) => {
        expect(plain(find(name)[0]!)).toBe(plain(name));
        const part = [...plain(name)].slice(from, from + length).join('');
        fc.pre(part !== '');
        expect(find(part)).toContain(name);
      }),
    );
  });

  it('a name of one character over and over is no trap, nor is a name without end', () => {
    const trap = buildSearch([
      { name: '行'.repeat(60), weight: 0 },
      { name: '东'.repeat(5000), weight: 0 },
    ]);
    expect(trap.find(`${'h'.repeat(59)}q`, 5)).toEqual([]);
    expect(trap.find('h'.repeat(60), 5)).toHaveLength(1);
    expect(trap.find('dddongdd', 5)).toHaveLength(1);
  });

  it('with any text at all no query fails', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (q) => {
        expect(find(q).length).toBeLessThanOrEqual(20);
      }),
    );
  });
});

describe('names of a centre', () => {
  it('areas are called by name and by label; their point lies inside', () => {
    const areas = namedAreas(fixtureBoundaries.features as unknown as BoundaryFeature[]);
    const search = buildSearch(areas);
    expect(search.find('西 01-02', 1)[0]?.area).toBe(areaCode(LEAVES[1]));
    expect(search.find('sysc', 5).map((a) => a.area)).toEqual([areaCode(LEAVES[4])]);
    const [lng, lat] = search.find('西 01-02', 1)[0]!.at();
    expect(lng).toBeCloseTo(middleOf(1)[0], 4);
    expect(lat).toBeCloseTo(middleOf(1)[1], 4);
  });

  const feature = (type: string, coordinates: unknown, properties: object) => ({
    type: 'Feature',
    properties,
    geometry: { type, coordinates },
  });
  const square = (lng: number, lat: number) => [
    [
      [lng, lat],
      [lng + 2e-4, lat],
      [lng + 2e-4, lat + 2e-4],
      [lng, lat + 2e-4],
      [lng, lat],
    ],
  ];

  it('a street in pieces is one, a court is named once for its buildings, a marked park once; far apart they are two', () => {
    const found = namedFeatures({
      type: 'FeatureCollection',
      features: [
        feature(
          'LineString',
          [
            [104, 30.6],
            [104.001, 30.6],
          ],
          { layer: 'road', name: '正街' },
        ),
        feature(
          'LineString',
          [
            [104.001, 30.6],
            [104.002, 30.6],
          ],
          { layer: 'road', name: '正街' },
        ),
        feature(
          'LineString',
          [
            [104.3, 30.6],
            [104.301, 30.6],
          ],
          { layer: 'road', name: '正街' },
        ),
        feature(
          'LineString',
          [
            [104, 30.6],
            [104.001, 30.6],
          ],
          { layer: 'road', name: '' },
        ),
        feature('Polygon', square(104, 30.6), { layer: 'building', name: '竹苑1栋' }),
        feature('Polygon', square(104.001, 30.6), { layer: 'building', name: '竹苑 12 号楼' }),
        feature('Polygon', square(104.002, 30.6), { layer: 'park', name: '新北公园' }),
        feature('Point', [104.0021, 30.6001], { layer: 'poi', name: '新北公园', kind: 'park' }),
        feature('Point', [104, 30.6], { layer: 'poi', name: '竹苑', kind: 'court' }),
        feature('Polygon', square(104.001, 30.6), { layer: 'water', name: '肖家河' }),
        feature(
          'LineString',
          [
            [104.2, 30.6],
            [104.1, 30.6],
            [104, 30.6],
          ],
          { layer: 'river', name: '肖家河' },
        ),
        feature('Polygon', square(104.002, 30.6), { layer: 'block', kind: 'homes' }),
      ],
    });
    expect(found.map((f) => `${f.kind} ${f.name}`).sort()).toEqual([
      'building 竹苑 12 号楼',
      'building 竹苑1栋',
      'poi 新北公园',
      'poi 竹苑',
      'poi 肖家河',
      'street 正街',
      'street 正街',
    ]);
    expect(found.find((f) => f.name === '新北公园')!.at()).toEqual([104.0021, 30.6001]);
    expect(found.filter((f) => f.kind === 'street').map((f) => f.at()[0])).toEqual([104.001, 104.3]);
    expect(namedFeatures(null)).toEqual([]);
  });

  const real = '../shared/data/osm-chengdu-roads/roads.geojson';
  test.skipIf(!existsSync(real))(`real streets of Chengdu in ${real} (skipped where that file is absent)`, () => {
    const search = buildSearch(namedFeatures(JSON.parse(readFileSync(real, 'utf8'))));
    expect(search.find('znzj', 3).map((s) => s.name)).toContain('棕南正街');
    expect(search.find('zongnanzhengjie', 1)[0]?.name).toBe('棕南正街');
    const [lng, lat] = search.find('棕南正街', 1)[0]!.at();
    expect(lng).toBeGreaterThan(104.07);
    expect(lat).toBeGreaterThan(30.62);
  });
});
