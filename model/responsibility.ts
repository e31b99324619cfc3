import type { Area } from './area.ts';
import type { AreaCode } from './brand.ts';
import { categoryOf, type Department, departmentOf } from './centre.ts';
import { treeOf, type World } from './world.ts';

/**
 * 责任: who answers for a place. Posts are keys of duties (责任公示牌), held by people on areas of any level.
 * 微网格员 · 网格员 · 社区书记 · 社区民警 · 消防 · 律师 · 医生, and 三包 at three scales: 党员包楼 · 部门包区 · 领导包社.
 */
export const posts = [
  'micro-worker',
  'member-building',
  'grid-worker',
  'department-grid',
  'community-lead',
  'leader-community',
  'police',
  'fire',
  'lawyer',
  'doctor',
] as const;

/** What somebody must hold, by level of the tree; where nobody does, the place says so. */
const due: Readonly<Record<string, readonly string[]>> = {
  micro: ['micro-worker'],
  dedicated: ['grid-worker'],
  grid: ['grid-worker'],
  community: ['community-lead'],
};

export interface Duty {
  readonly post: string;
  /** vault id */
  readonly person: string;
}
export interface Answerer extends Duty {
  readonly area: AreaCode;
  /** key of the area's level */
  readonly level: string;
}
export interface Responsibility {
  /** the areas that hold the place, outermost first; empty outside every area */
  readonly path: readonly Pick<Area, 'code' | 'name' | 'level'>[];
  /** nearest first: from the leaf up to the street */
  readonly answers: readonly Answerer[];
  /** posts nobody holds although somebody should */
  readonly vacant: readonly Omit<Answerer, 'person'>[];
  /** of the category (责任部门); null = not asked for, or none is configured */
  readonly department: Department | null;
}

const order = (post: string) => {
  const at = (posts as readonly string[]).indexOf(post);
  return at < 0 ? posts.length : at;
};
const byPost = (a: Duty, b: Duty) => order(a.post) - order(b.post) || (a.post < b.post ? -1 : a.post > b.post ? 1 : 0);

const indexes = new WeakMap<World['duties'], ReadonlyMap<string, readonly Duty[]>>();
/** Duties by area; built once per register. */
function dutiesOf(duties: World['duties']): ReadonlyMap<string, readonly Duty[]> {
  const known = indexes.get(duties);
  if (known) return known;
  const index = new Map<string, Duty[]>();
  for (const [key, person] of duties) {
    const cut = key.lastIndexOf(' ');
    const area = key.slice(0, cut);
    const list = index.get(area);
    if (list) list.push({ post: key.slice(cut + 1), person });
    else index.set(area, [{ post: key.slice(cut + 1), person }]);
  }
  for (const list of index.values()) list.sort(byPost);
  indexes.set(duties, index);
  return index;
}

type Places = Pick<World, 'areas' | 'duties' | 'centre'>;

/** Who answers for a place, and for a category of matter there. `area`: any area of the tree, or null = outside every one. */
export function whoAnswers(world: Places, area: AreaCode | null, category?: string): Responsibility {
  const path = area === null ? [] : treeOf(world).path(area);
  const duties = dutiesOf(world.duties);
  const answers: Answerer[] = [];
  const vacant: Omit<Answerer, 'person'>[] = [];
  for (const { code, level } of [...path].reverse()) {
    const held = duties.get(code) ?? [];
    answers.push(...held.map((d) => ({ ...d, area: code, level })));
    for (const post of due[level] ?? []) if (!held.some((d) => d.post === post)) vacant.push({ post, area: code, level });
  }
  const department = category === undefined ? undefined : categoryOf(world.centre, category).department;
  return {
    path: path.map(({ code, name, level }) => ({ code, name, level })),
    answers,
    vacant,
    department: (department && departmentOf(world.centre, department)) || null,
  };
}
