import { type Centre, categoryOf } from './centre.ts';
import type { Incident } from './incident.ts';

/** Characters of a free title that fit a label on the map. */
export const SHORT_TITLE = 12;

type Named = Pick<Incident, 'title' | 'category'>;
type Language = 'zh' | 'en';

/**
 * A title such as “新盛新公寓电梯困人” says where and what; a row has places of its own for both. What: the name of the
 * category; where: the rest of the title. A title of another form, and the category `other`, stays whole.
 */
export function headline(i: Named, centre: Centre | null, language: Language): { what: string; where: string | null } {
  const category = categoryOf(centre, i.category);
  const at = category.code === 'other' ? -1 : i.title.indexOf(category.name.zh);
  if (at < 0) return { what: i.title, where: null };
  const where = (i.title.slice(0, at) + i.title.slice(at + category.name.zh.length)).trim();
  return { what: category.name[language], where: where || null };
}

/** The name on the map, where the place is plain to see: the category's, or for `other` the title, cut to SHORT_TITLE characters. */
export function shortTitle(i: Named, centre: Centre | null, language: Language): string {
  const category = categoryOf(centre, i.category);
  if (category.code !== 'other') return category.name[language];
  const characters = [...i.title];
  return characters.length <= SHORT_TITLE ? i.title : `${characters.slice(0, SHORT_TITLE - 1).join('')}…`;
}
