import type { Category, Centre } from '../../../model/centre.ts';
import { OTHER_CATEGORY } from '../../../model/centre.ts';
import { titleLikeness } from '../../../model/duplicates.ts';

/** Less alike than this says nothing about the kind. */
const ALIKE_FROM = 0.5;

/** 类别 by name: the longest name that stands in the title, else the one most like it, else 其他. */
export function guessCategory(centre: Centre | null, title: string): Category {
  const said = title.toLowerCase();
  const all = centre?.categories ?? [];
  const named = all
    .filter((c) => said.includes(c.name.zh) || (c.name.en.length > 3 && said.includes(c.name.en.toLowerCase())))
    .sort((a, b) => b.name.zh.length - a.name.zh.length)[0];
  if (named) return named;
  let best: { category: Category; like: number } | null = null;
  for (const category of all) {
    const like = titleLikeness(title, category.name.zh) ?? 0;
    if (like >= ALIKE_FROM && like > (best?.like ?? 0)) best = { category, like };
  }
  return best?.category ?? OTHER_CATEGORY;
}
