import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { basemap, boundaries } from '../../seed/street/geojson.ts';
import { communities } from '../../seed/street/plan.ts';
import { contains, type Pt } from '../../seed/street/plane.ts';
import { buildStreet, type StreetArea } from '../../seed/street/street.ts';
import { street } from './world.ts';

const { mesh } = street;
const leaves = street.areas.filter((a) => a.level === 'micro' || a.level === 'dedicated');
/** Twice the area of a ring in lattice units (1e-7 degrees squared), exact. */
function twice(ring: readonly number[]): bigint {
  let s = 0n;
  for (let i = 0; i < ring.length; i++) {
    const [a, b] = mesh.units[ring[i]!]!;
    const [c, d] = mesh.units[ring[(i + 1) % ring.length]!]!;
    s += BigInt(a) * BigInt(d) - BigInt(c) * BigInt(b);
  }
  return s;
}
const size = (a: StreetArea) => a.rings.reduce((s, r) => s + twice(r), 0n);
const edgesOf = (a: StreetArea) => a.rings.flatMap((r) => r.map((c, i) => `${c} ${r[(i + 1) % r.length]}`));
const childrenOf = (code: string) => street.areas.filter((a) => a.parent === code);

describe('the boundaries of the demonstration street', () => {
  it('leave no gap and no overlap: every side of a leaf is one neighbour’s opposite side or the street’s outline', () => {
    const sides = new Map<string, number>();
    for (const leaf of leaves) for (const e of edgesOf(leaf)) sides.set(e, (sides.get(e) ?? 0) + 1);
    expect([...sides.values()].filter((n) => n !== 1)).toEqual([]);
    const outline = new Set(edgesOf(street.areas[0]!));
    const alone = [...sides.keys()].filter((e) => !sides.has(e.split(' ').reverse().join(' ')));
    expect(new Set(alone)).toEqual(outline);
  });

  it('add up exactly: each area is as large as its children together, at every level', () => {
    for (const parent of street.areas.filter((a) => a.level !== 'micro' && a.level !== 'dedicated')) {
      const sum = childrenOf(parent.code).reduce((s, c) => s + size(c), 0n);
      expect([parent.code, sum]).toEqual([parent.code, size(parent)]);
    }
    expect(leaves.every((l) => size(l) > 0n)).toBe(true);
  });

  it('are rings that do not cross themselves', () => {
    const side = (o: readonly [number, number], a: readonly [number, number], b: readonly [number, number]) =>
      Math.sign((a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]));
    for (const a of leaves) {
      for (const ring of a.rings) {
        const p = ring.map((c) => mesh.units[c]!);
        const n = p.length;
        for (let i = 0; i < n; i++) {
          for (let j = i + 2; j < n; j++) {
            if (i === 0 && j === n - 1) continue;
            const [q, r, s, t] = [p[i]!, p[(i + 1) % n]!, p[j]!, p[(j + 1) % n]!];
            const crossed = side(q, r, s) * side(q, r, t) <= 0 && side(s, t, q) * side(s, t, r) <= 0;
            expect(`${a.code} ${crossed}`).toBe(`${a.code} false`);
          }
        }
      }
    }
  });

  it('keep children within their parents', () => {
    for (const child of street.areas) {
      if (child.parent === null) continue;
      const parent = street.areas.find((a) => a.code === child.parent)!;
      for (const f of child.faces) expect(parent.faces.has(f)).toBe(true);
    }
  });

  it('name seven communities with their real codes, 42 general grids and 386 micro-grids of 30 to 100 households', () => {
    const count = (level: string) => street.areas.filter((a) => a.level === level).length;
    expect([count('community'), count('grid'), count('micro')]).toEqual([7, 42, 386]);
    expect(count('dedicated')).toBeGreaterThan(10);
    expect(new Set(street.areas.map((a) => a.code)).size).toBe(street.areas.length);
    for (const a of street.areas) {
      const digits = { street: 9, community: 12, grid: 15, micro: 18, dedicated: 15 }[a.level];
      expect(a.code).toHaveLength(digits);
      if (a.level === 'micro') expect(a.households >= 30 && a.households <= 100).toBe(true);
    }
  });

  it('sum households and people up the tree, and households over the buildings of each micro-grid', () => {
    for (const parent of street.areas.filter((a) => a.level !== 'micro' && a.level !== 'dedicated')) {
      expect(childrenOf(parent.code).reduce((s, c) => s + c.households, 0)).toBe(parent.households);
      expect(childrenOf(parent.code).reduce((s, c) => s + c.people, 0)).toBe(parent.people);
    }
    for (const c of street.courts) {
      const area = street.areas.find((a) => a.code === c.code)!;
      expect(c.houses.reduce((s, h) => s + h.households, 0)).toBe(area.households);
    }
  });

  const codes = '../shared/data/cn-division/chengdu-communities.csv';
  it.skipIf(!existsSync(codes))('agree with the published list of communities', () => {
    const rows = readFileSync(codes, 'utf8')
      .split('\n')
      .filter((l) => l.includes(',510107062,'));
    const published = rows.map((l) => l.split(',')[0]!.concat(' ', l.split('"')[1]!.replace('社区居委会', '')));
    expect(communities.map((c) => `${c.code} ${c.name}`).sort()).toEqual(published.sort());
  });
});

describe('what stands in the street', () => {
  it('stands inside its own micro-grid', () => {
    for (const c of street.courts) {
      const ring = mesh.points(c.face);
      for (const h of c.houses) {
        const mid = h.ring.reduce((s, p): Pt => [s[0] + p[0] / h.ring.length, s[1] + p[1] / h.ring.length], [0, 0] as Pt);
        expect(`${c.code} ${contains(ring, mid)}`).toBe(`${c.code} true`);
      }
      expect(contains(ring, c.heart)).toBe(true);
    }
  });

  it('is the same to the byte for the same seed, and another for another', () => {
    const digest = (seed: number) => {
      const s = buildStreet(seed);
      return createHash('sha256')
        .update(JSON.stringify([boundaries(s), basemap(s)]))
        .digest('hex');
    };
    const first = digest(1);
    expect(digest(1)).toBe(first);
    expect(digest(2)).not.toBe(first);
  });
});
