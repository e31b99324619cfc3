import { z } from 'zod';
import type { AreaCode } from './brand.ts';

/**
 * The tree of places a centre answers for: 街道 street > 社区 community > 一般网格 general grid > 微网格 micro-grid,
 * plus 专属网格 dedicated grids (a mall, a school, a hospital) which hang below their community as leaves.
 * Other cities name and stack the levels otherwise, so the levels are the centre's configuration and the tree is generic.
 */
export const zAreaCode = z
  .string()
  .regex(/^[0-9A-Za-z-]{2,32}$/, 'an area code is 2-32 letters, digits or hyphens')
  .transform((s) => s as AreaCode);

const zBilingual = z.object({ zh: z.string().min(1).max(80), en: z.string().min(1).max(120) });

/** One level of the tree, outermost first. `digits` is the length of a code at this level, 0 = any. */
export const zLevel = z.object({ key: z.string().min(1).max(24), name: zBilingual, digits: z.number().int().min(0).max(32) });
export type Level = z.infer<typeof zLevel>;

/** Chengdu: 9-digit street, 12-digit community (national statistical codes), then three-digit serials. */
export const chengduLevels: readonly Level[] = [
  { key: 'street', name: { zh: '街道', en: 'Subdistrict' }, digits: 9 },
  { key: 'community', name: { zh: '社区', en: 'Community' }, digits: 12 },
  { key: 'grid', name: { zh: '一般网格', en: 'General grid' }, digits: 15 },
  { key: 'micro', name: { zh: '微网格', en: 'Micro-grid' }, digits: 18 },
];
/** Level key of 专属网格: a leaf that may hang below any level, and is not divided further. */
export const DEDICATED = 'dedicated';

export const zArea = z.object({
  code: zAreaCode,
  name: z.string().min(1).max(80),
  /** key of a level of the centre, or `dedicated` */
  level: z.string().min(1).max(24),
  parent: zAreaCode.nullable(),
  /** number of households (户); 0 where nobody lives */
  households: z.number().int().min(0).default(0),
  /** number of residents (人) */
  people: z.number().int().min(0).default(0),
});
export type Area = z.infer<typeof zArea>;

export interface AreaTree {
  readonly byCode: ReadonlyMap<AreaCode, Area>;
  readonly root: Area | undefined;
  readonly children: (code: AreaCode | null) => readonly Area[];
  /** From the root to the area itself; empty when the code is unknown. */
  readonly path: (code: AreaCode) => readonly Area[];
  readonly isWithin: (code: AreaCode, ancestor: AreaCode) => boolean;
  /** The ancestor (or self) at a level, e.g. the community of a micro-grid. */
  readonly at: (code: AreaCode, level: string) => Area | undefined;
  /** Places that are not divided further: 微网格 and 专属网格. Sorted by code. */
  readonly leaves: readonly Area[];
}

/** Index a list of areas. Unknown parents are tolerated here (import refuses them); a cycle ends at 16 steps. */
export function areaTree(areas: ReadonlyMap<AreaCode, Area>): AreaTree {
  const kids = new Map<AreaCode | null, Area[]>();
  for (const area of areas.values()) {
    const list = kids.get(area.parent);
    if (list) list.push(area);
    else kids.set(area.parent, [area]);
  }
  for (const list of kids.values()) list.sort((a, b) => (a.code < b.code ? -1 : 1));
  const path = (code: AreaCode): Area[] => {
    const out: Area[] = [];
    for (let at = areas.get(code); at && out.length < 16; at = at.parent ? areas.get(at.parent) : undefined) out.unshift(at);
    return out;
  };
  return {
    byCode: areas,
    root: kids.get(null)?.[0],
    children: (code) => kids.get(code) ?? [],
    path,
    isWithin: (code, ancestor) => path(code).some((a) => a.code === ancestor),
    at: (code, level) => path(code).find((a) => a.level === level),
    leaves: [...areas.values()].filter((a) => !kids.has(a.code)).sort((a, b) => (a.code < b.code ? -1 : 1)),
  };
}

/** “正街 03-07” = community + last two digits of the grid and of the micro-grid; a dedicated grid shows its own name. */
export function areaLabel(tree: AreaTree, code: AreaCode): string {
  const path = tree.path(code);
  const last = path.at(-1);
  if (!last) return code;
  if (last.level === DEDICATED) return last.name;
  const community = path.find((a) => a.level === 'community');
  if (!community || last === community) return shortName(last.name);
  const serials = path.slice(path.indexOf(community) + 1).map((a) => a.code.slice(-2));
  return `${shortName(community.name)} ${serials.join('-')}`;
}

/** 正街社区 -> 正街, 肖家河街道 stays whole. */
export const shortName = (name: string) => name.replace(/(?<=.)社区$/u, '');
