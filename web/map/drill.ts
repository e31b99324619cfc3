import type { AreaTree } from '../../model/area.ts';
import type { AreaCode } from '../../model/brand.ts';

/**
 * The area a click drills into: of those that hold the point, the outermost that is not already shown or passed through.
 * From the street a click opens a community, from there a grid, then a micro-grid; beside the shown place it opens the
 * neighbour on the level below what both lie in. Undefined: the point lies in nothing deeper than what is shown.
 */
export function drillTarget(tree: AreaTree, shown: AreaCode, under: readonly AreaCode[]): AreaCode | undefined {
  const deepest = [...under].sort((a, b) => tree.path(b).length - tree.path(a).length || (a < b ? -1 : 1))[0];
  if (deepest === undefined) return undefined;
  const passed = new Set(tree.path(shown).map((a) => a.code));
  return tree.path(deepest).find((a) => !passed.has(a.code))?.code;
}
