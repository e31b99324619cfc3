import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Area, areaLabel, areaTree, DEDICATED, shortName, zArea, zAreaCode } from '../../model/area.ts';
import { areaCode } from '../../model/brand.ts';
import { areas } from '../support/facts.ts';

const treeOf = (list: readonly Area[]) => areaTree(new Map(list.map((a) => [a.code, a])));
/** A random tree: each area hangs below an earlier one; codes say nothing about who is below whom. */
const arbAreas = fc.array(fc.nat(), { minLength: 1, maxLength: 40 }).map((parents) =>
  parents.map((p, i): Area => {
    const code = (n: number) => areaCode(`A${(n * 7919) % 1000}-${n}`);
    return zArea.parse({ code: code(i), name: `n${i}`, level: `l${i % 4}`, parent: i === 0 ? null : code(p % Math.min(i, 5)) });
  }),
);

describe('the tree of areas', () => {
  it('leads from the root to every area, and "is within" says the same as the path', () => {
    fc.assert(
      fc.property(arbAreas, (list) => {
        const tree = treeOf(list);
        expect(tree.root).toBe(list[0]);
        for (const a of list) {
          const path = tree.path(a.code);
          expect(path[0]).toBe(list[0]);
          expect(path.at(-1)).toBe(a);
          path.slice(1).forEach((p, i) => {
            expect(p.parent).toBe(path[i]!.code);
          });
          for (const b of list) expect(tree.isWithin(a.code, b.code)).toBe(path.includes(b));
        }
      }),
    );
  });
  it('has as leaves exactly what is not divided further, in order of code; children add up to the whole', () => {
    fc.assert(
      fc.property(arbAreas, (list) => {
        const tree = treeOf(list);
        const codes = tree.leaves.map((a) => a.code);
        expect(codes).toEqual([...codes].sort());
        expect(new Set(codes)).toEqual(new Set(list.filter((a) => !list.some((b) => b.parent === a.code)).map((a) => a.code)));
        expect([null, ...list.map((a) => a.code)].flatMap((c) => tree.children(c))).toHaveLength(list.length);
      }),
    );
  });
  it('answers for what it does not know, and ends in a cycle', () => {
    const tree = treeOf(areas);
    const none = areaCode('nowhere');
    expect([tree.path(none), tree.children(none), tree.at(none, 'micro'), tree.isWithin(none, areas[0]!.code)]).toEqual([
      [],
      [],
      undefined,
      false,
    ]);
    expect(areaTree(new Map()).root).toBeUndefined();
    const [a, b] = [areaCode('AA'), areaCode('BB')];
    const looped = treeOf([
      zArea.parse({ code: a, name: 'a', level: 'x', parent: b }),
      zArea.parse({ code: b, name: 'b', level: 'x', parent: a }),
    ]);
    expect(looped.path(a).length).toBeLessThanOrEqual(16);
    expect(looped.isWithin(a, b)).toBe(true);
  });
  it('finds the ancestor at a level, or the area itself', () => {
    const tree = treeOf(areas);
    const micro = areaCode('510107062007001001');
    expect(['street', 'community', 'grid', 'micro'].map((level) => tree.at(micro, level)?.code)).toEqual([
      '510107062',
      '510107062007',
      '510107062007001',
      '510107062007001001',
    ]);
    expect(tree.at(areaCode('510107062'), 'community')).toBeUndefined();
  });
});

describe('names', () => {
  it('are short for people: community, then the last two digits of grid and micro-grid', () => {
    const named = areas.map((a) =>
      a.code === '510107062007' ? { ...a, name: '正街社区' } : a.level === DEDICATED ? { ...a, name: '万象城' } : a,
    );
    const label = (code: string) => areaLabel(treeOf(named), areaCode(code));
    expect(label('510107062007001002')).toBe('正街 01-02');
    expect(label('510107062007001')).toBe('正街 01');
    expect(label('510107062007')).toBe('正街');
    expect(label('510107062007901')).toBe('万象城');
    expect(label('999')).toBe('999');
  });
  it.each([
    ['正街社区', '正街'],
    ['肖家河街道', '肖家河街道'],
    ['社区', '社区'],
  ])('%s is %s', (name, short) => {
    expect(shortName(name)).toBe(short);
  });
  it.each(['', 'x', '51 01', '51/01', '成都', 'a'.repeat(33)])('refuses the code "%s"', (code) => {
    expect(zAreaCode.safeParse(code).success).toBe(false);
  });
});
