import { describe, expect, it } from 'vitest';
import { checkBoundaries } from '../../geo/boundaries/check.ts';
import { boundaryCollection } from '../../geo/boundaries/read.ts';
import { CITY_COUNTS, synthCity } from '../../geo/synth-city.ts';
import { chengduLevels } from '../../model/area.ts';

const small = { street: 3, community: 14, grid: 60, micro: 520 };

describe('the synthetic city', () => {
  it('is a tree without gap or overlap at every level', () => {
    for (const seed of [1, 2, 77]) {
      const features = [...synthCity({ seed, counts: small }).all()];
      const report = checkBoundaries(boundaryCollection(features), chengduLevels);
      expect(report.findings.map((f) => f.kind)).toEqual(['several-roots']);
      for (const level of ['street', 'community', 'grid', 'micro'] as const)
        expect(report.areas.filter((a) => a.level === level)).toHaveLength(small[level]);
      const parents = new Set(report.areas.map((a) => a.parent));
      for (const area of report.areas) if (area.level !== 'micro') expect(parents.has(area.code)).toBe(true);
    }
  });

  it('is the same for the same seed, another for another', () => {
    const text = (seed: number) => JSON.stringify([...synthCity({ seed, counts: small }).features('micro')]);
    expect(text(5)).toBe(text(5));
    expect(text(5)).not.toBe(text(6));
  });

  it('has exactly the micro-grids, grids, communities and streets of Chengdu', () => {
    const city = synthCity();
    for (const [level, count] of Object.entries(CITY_COUNTS)) {
      const codes = new Set<string>();
      for (const { code } of city.features(level as keyof typeof CITY_COUNTS)) codes.add(code);
      expect(codes.size).toBe(count);
    }
    expect(CITY_COUNTS).toEqual({ street: 261, community: 3047, grid: 14_020, micro: 126_449 });
  });

  it('refuses fewer parts than wholes', () => {
    expect(() => synthCity({ counts: { ...small, grid: 5 } })).toThrow(/counts\.grid/);
  });
});
