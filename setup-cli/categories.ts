import { type Category, type Centre, limitsOf, zCategory } from '../model/centre.ts';
import { type Limit, type LimitUnit, zLimit } from '../model/worktime.ts';
import type { Problem, Row } from './table.ts';

/** Columns of the codes of GB/T 47678.5 that must be there; `limitColumns` and the others may be. */
export const codeColumns = ['kind', 'class_name', 'code', 'name'] as const;
export const limitColumns = ['kind', 'code'] as const;

const kinds: Readonly<Record<string, 'component' | 'matter'>> = {
  管理部件: 'component',
  component: 'component',
  管理事项: 'matter',
  matter: 'matter',
};
const units: Readonly<Record<string, LimitUnit>> = {
  紧急工作时: 'urgent-hour',
  'urgent-hour': 'urgent-hour',
  工作时: 'work-hour',
  'work-hour': 'work-hour',
  工作日: 'work-day',
  'work-day': 'work-day',
};
const UNIT_NAMES = '紧急工作时 urgent-hour, 工作时 work-hour, 工作日 work-day';

/** `4 工作时`, `1 work-day`; `无`, `none` or `-` = no limit (null); empty = not said (undefined). A string says what is wrong. */
export function readLimit(text: string): Limit | null | undefined | string {
  if (text === '') return undefined;
  if (text === '无' || text === 'none' || text === '-') return null;
  const [, n, unit] = /^(\d+(?:\.\d+)?)\s*(\S+)$/.exec(text) ?? [];
  if (!n || !units[unit!]) return `a number and a unit (${UNIT_NAMES}), or 无 / none`;
  const limit = zLimit.safeParse({ n: Number(n), unit: units[unit!] });
  return limit.success ? limit.data : (limit.error.issues[0]?.message ?? 'not a limit');
}

/** The centre's code of a national one: `gb-c-01001` for 管理部件, `gb-m-01001` for 管理事项 (the same digits exist under both). */
export const categoryCode = (kind: 'component' | 'matter', code: string) => `gb-${kind === 'component' ? 'c' : 'm'}-${code}`;

type Change = Partial<Pick<Category, 'priority' | 'department' | 'group' | 'limits'>>;

/**
 * The centre's categories after an import. Those of the file are added, or replace their namesakes; the rest stay, the centre's own before
 * all others. What a column does not say, a category that is already there keeps; a new one has priority 3 and no limits.
 * @param limits a second table, by kind and code, with any of the columns priority, department, group, file, dispatch, handle, handle_from
 * @returns the categories, or every line that is wrong with its rule
 */
export function importCategories(
  centre: Pick<Centre, 'categories' | 'departments'>,
  codes: readonly Row[],
  limits: readonly Row[] = [],
): { readonly categories: Category[]; readonly read: number } | { readonly codes: Problem[]; readonly limits: Problem[] } {
  const wrong = { codes: [] as Problem[], limits: [] as Problem[] };
  const keep = new Map(centre.categories.map((c) => [c.code, c]));
  const departments = new Set(centre.departments.map((d) => d.code));

  const readCode = (row: Row, into: Problem[], seen: Set<string>): { kind: 'component' | 'matter'; code: string; key: string } | null => {
    const { kind: said = '', code = '' } = row.values;
    const kind = kinds[said];
    if (!kind) into.push({ line: row.line, field: 'kind', rule: `${said || 'empty'}: one of 管理部件 component, 管理事项 matter` });
    if (!/^\d{5}$/.test(code)) into.push({ line: row.line, field: 'code', rule: `${code || 'empty'}: five digits` });
    if (!kind || !/^\d{5}$/.test(code)) return null;
    const key = categoryCode(kind, code);
    if (seen.has(key)) into.push({ line: row.line, field: 'code', rule: `${said} ${code} stands here for the second time` });
    seen.add(key);
    return { kind, code, key };
  };

  const changesOf = (row: Row, into: Problem[], before: Category | undefined): Change => {
    const { values, line } = row;
    const change: Change = {};
    if (values.priority) {
      const n = Number(values.priority);
      if (![1, 2, 3, 4].includes(n)) into.push({ line, field: 'priority', rule: `${values.priority}: 1, 2, 3 or 4` });
      else change.priority = n as Category['priority'];
    }
    if (values.department) {
      if (!departments.has(values.department))
        into.push({ line, field: 'department', rule: `the centre has no department ${values.department}` });
      else change.department = values.department;
    }
    if (values.group) change.group = values.group;
    const set: Partial<NonNullable<Category['limits']>> = {};
    for (const name of ['file', 'dispatch', 'handle'] as const) {
      const limit = readLimit(values[name] ?? '');
      if (typeof limit === 'string') into.push({ line, field: name, rule: `${values[name]}: ${limit}` });
      else if (limit !== undefined) set[name] = limit;
    }
    if (values.handle_from) {
      if (values.handle_from !== 'report' && values.handle_from !== 'dispatch')
        into.push({ line, field: 'handle_from', rule: `${values.handle_from}: report or dispatch` });
      else set.handleFrom = values.handle_from;
    }
    if (Object.keys(set).length) change.limits = { ...limitsOf(before ?? {}), ...set };
    return change;
  };

  const made = new Map<string, Category>();
  const seen = new Set<string>();
  for (const row of codes) {
    const id = readCode(row, wrong.codes, seen);
    if (!id) continue;
    const { name = '', name_en = '', class_name = '' } = row.values;
    const before = keep.get(id.key);
    const draft = {
      priority: 3,
      ...before,
      ...changesOf(row, wrong.codes, before),
      code: id.key,
      name: { zh: name, en: name_en || before?.name.en || name },
      national: { kind: id.kind, code: id.code, class: class_name },
    };
    const category = zCategory.safeParse(draft);
    if (category.success) made.set(id.key, category.data);
    else {
      const { path, message } = category.error.issues[0]!;
      wrong.codes.push({ line: row.line, field: columnOf(path), rule: message });
    }
  }
  const seenLimits = new Set<string>();
  for (const row of limits) {
    const id = readCode(row, wrong.limits, seenLimits);
    const before = id && (made.get(id.key) ?? keep.get(id.key));
    if (!id) continue;
    if (!before) wrong.limits.push({ line: row.line, field: 'code', rule: `neither the codes nor the centre have ${id.kind} ${id.code}` });
    const change = changesOf(row, wrong.limits, before ?? undefined);
    if (before) made.set(id.key, { ...before, ...change });
  }
  if (wrong.codes.length || wrong.limits.length) return wrong;
  for (const [code, category] of made) keep.set(code, category);
  return { categories: [...keep.values()], read: made.size };
}

const columnOf = (path: readonly PropertyKey[]) => {
  const [first, second] = path.map(String);
  if (first === 'national') return second === 'class' ? 'class_name' : 'code';
  return first === 'name' ? (second === 'en' ? 'name_en' : 'name') : (first ?? 'row');
};
