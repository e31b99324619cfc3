import type { AreaCode } from '../../model/brand.ts';
import { segmentKeys } from '../../model/wire.ts';
import { treeOf, type World } from '../../model/world.ts';

/** Which segment of a frame a place belongs to, for one set of areas. */
export interface SegmentIndex {
  /** key of each community */
  readonly keys: ReadonlyMap<AreaCode, number>;
  /** key of the community that holds a place; 0 = outside every community */
  readonly keyOf: (area: AreaCode | null) => number;
}

const known = new WeakMap<World['areas'], SegmentIndex>();

/** Built once per set of areas. */
export function segmentIndex(world: Pick<World, 'areas'>): SegmentIndex {
  let index = known.get(world.areas);
  if (!index) {
    const tree = treeOf(world);
    const keys = segmentKeys([...world.areas.values()].filter((a) => a.level === 'community').map((a) => a.code));
    const found = new Map<AreaCode, number>();
    index = {
      keys,
      keyOf: (area) => {
        if (area === null) return 0;
        let key = found.get(area);
        if (key === undefined) {
          const community = tree.at(area, 'community');
          key = community ? (keys.get(community.code) ?? 0) : 0;
          if (world.areas.has(area)) found.set(area, key);
        }
        return key;
      },
    };
    known.set(world.areas, index);
  }
  return index;
}
