import type { AreaCode } from '../../model/brand.ts';
import { treeOf, type World } from '../../model/world.ts';

/** 事件密度: open incidents per 100 households of a general grid (件/百户). Five classes of equal width; class 1 holds zero. */
export interface Density {
  /** upper bound of the lower four classes, per 100 households; the fifth is open */
  readonly breaks: readonly [number, number, number, number];
  /** the value the legend ends with: “n 以上” */
  readonly top: number;
  /** grid -> per 100 households */
  readonly value: ReadonlyMap<AreaCode, number>;
  /** grid -> 1 … 5 */
  readonly level: ReadonlyMap<AreaCode, number>;
}

const steps = [0.1, 0.2, 0.4, 0.8, 1, 2, 4, 8, 10, 20, 40, 80, 100];

/** Classes of the values: the scale ends at the first of a few round numbers that most values do not exceed. */
export function densityClasses(values: Iterable<number>): Pick<Density, 'breaks' | 'top'> {
  const sorted = [...values].filter((v) => v > 0).sort((a, b) => a - b);
  const high = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.9))] ?? 0;
  const top = steps.find((s) => s >= high) ?? 100;
  const step = top / 5;
  return { breaks: [step, 2 * step, 3 * step, 4 * step], top };
}

/** 1 for nothing or less than the first break, 5 from the last. */
export function densityLevel(value: number, breaks: Density['breaks']): number {
  return 1 + breaks.filter((b) => value >= b).length;
}

/** A grid without households (a park, a mall) has no density and stays in class 1. */
export function densityOf(world: Pick<World, 'areas' | 'incidents'>, level = 'grid'): Density {
  const tree = treeOf(world);
  const count = new Map<AreaCode, number>();
  for (const i of world.incidents.values()) {
    if (i.area === null) continue;
    const grid = tree.at(i.area, level)?.code;
    if (grid !== undefined) count.set(grid, (count.get(grid) ?? 0) + 1);
  }
  const value = new Map<AreaCode, number>();
  for (const a of world.areas.values())
    if (a.level === level) value.set(a.code, a.households > 0 ? ((count.get(a.code) ?? 0) / a.households) * 100 : 0);
  const classes = densityClasses(value.values());
  return { ...classes, value, level: new Map([...value].map(([code, v]) => [code, densityLevel(v, classes.breaks)])) };
}
