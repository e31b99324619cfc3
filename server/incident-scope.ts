import { type Actor, may } from '../model/access.ts';
import type { AreaTree } from '../model/area.ts';
import type { AreaCode } from '../model/brand.ts';
import { treeOf, type World } from '../model/world.ts';
import { Refused } from './refused.ts';

/** Which places a question of an actor covers. */
export interface AskedPlaces {
  /** every place below, by code; null = everywhere, outside every area too */
  readonly areas: readonly AreaCode[] | null;
  /** what each of them is counted under: the place directly below the one asked for, or that one itself */
  readonly under: ReadonlyMap<string, string>;
}

/**
 * The place asked for, cut to what the actor may see (`may`, as the stream's scope). An actor of one community who asks for the street is
 * answered for the community; who asks for another community is answered with nothing.
 * @throws Refused 400 when the boundaries have no such place
 */
export function askedPlaces(actor: Actor, world: World, area: AreaCode | undefined): AskedPlaces {
  const tree = treeOf(world);
  if (area !== undefined && !tree.byCode.has(area)) throw new Refused(400, 'area', `no area ${area} in the boundaries`);
  const whole = may(actor, 'watch', null, tree).ok;
  if (whole && area === undefined) {
    const roots = tree.children(null);
    return { areas: null, under: underOf(tree, roots.length === 1 ? roots[0]!.code : null) };
  }
  const base = whole || (area !== undefined && tree.isWithin(area, actor.area)) ? area! : actor.area;
  const reaches = area === undefined || tree.isWithin(base, area);
  const under = underOf(tree, base);
  const areas = reaches ? ([...under.keys()] as AreaCode[]).filter((code) => may(actor, 'watch', code, tree).ok) : [];
  return { areas, under };
}

/** Every place below `base` (null = all) and `base` itself -> its ancestor directly below `base`, or `base`. */
function underOf(tree: AreaTree, base: AreaCode | null): Map<string, string> {
  const out = new Map<string, string>();
  const visit = (code: AreaCode, key: AreaCode) => {
    out.set(code, key);
    for (const child of tree.children(code)) visit(child.code, key);
  };
  if (base !== null && tree.byCode.has(base)) out.set(base, base);
  for (const child of tree.children(base)) visit(child.code, child.code);
  return out;
}
