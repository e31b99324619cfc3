import { z } from 'zod';
import { zAreaCode } from './area.ts';
import type { AreaCode, EpochMs } from './brand.ts';
import type { Priority } from './centre.ts';
import { text, zId } from './fields.ts';
import { type IncidentSource, type IncidentState, incidentSources, incidentStates } from './incident.ts';
import { type IncidentSet, incidentSetNames } from './incident-sets.ts';
import { formRefusal, zInstant } from './report.ts';

/** How a list of incidents can be ordered; ties go by the order of the reports. */
export const incidentSorts = ['reportedAt', 'deadline', 'priority', 'state', 'endedAt'] as const;
export type IncidentSort = (typeof incidentSorts)[number];
export type SortOrder = 'asc' | 'desc';
/** Newest first, else the most pressing first; what has no deadline or end comes last either way. */
export const usualOrder: Readonly<Record<IncidentSort, SortOrder>> = {
  reportedAt: 'desc',
  deadline: 'asc',
  priority: 'asc',
  state: 'asc',
  endedAt: 'desc',
};
export const LIST_MAX = 500;
const LIST_DEFAULT = 50;

/**
 * 事件查询: what a list, a board, an export, an indicator and a saved view are asked with. Fields that are absent narrow nothing; several
 * values of one field are alternatives. `area` means the place and everything below it; `from` (inclusive) and `to` (exclusive) are the
 * time of the report; `q` is looked for in title, ticket number and id; `set` is one of the sets that indicators count.
 */
export interface IncidentQuery {
  readonly state?: readonly IncidentState[];
  readonly priority?: readonly Priority[];
  readonly category?: readonly string[];
  /** groups of categories as the centre names them, e.g. 综治 */
  readonly group?: readonly string[];
  readonly source?: readonly IncidentSource[];
  /** `''` = none: reports of the source itself */
  readonly channel?: readonly string[];
  /** `''` = none */
  readonly department?: readonly string[];
  readonly area?: AreaCode;
  /** longitude and latitude (WGS-84, degrees), and within how many metres of it */
  readonly near?: readonly [lng: number, lat: number, metres: number];
  readonly unit?: string;
  readonly from?: EpochMs;
  readonly to?: EpochMs;
  /** its clock for handling has passed its end, ended or not */
  readonly overdue?: boolean;
  readonly open?: boolean;
  readonly q?: string;
  readonly set?: IncidentSet;
  readonly sort: IncidentSort;
  readonly order: SortOrder;
  readonly limit: number;
  /** where the next page begins: `next` of the page before */
  readonly cursor?: string;
}

type Raw = string | readonly string[] | undefined;
const parts = (raw: Raw, split: boolean): string[] =>
  (raw === undefined ? [] : typeof raw === 'string' ? [raw] : raw).flatMap((s) => (split ? s.split(',') : [s])).filter((s) => s !== '');

/** Several values: the parameter repeated, or (codes only) values separated by commas. No value = no condition. */
const many = <T extends z.ZodType<unknown, string>>(item: T, split = true, max = 100) =>
  z
    .union([z.string(), z.array(z.string())])
    .optional()
    .transform((raw) => {
      const list = [...new Set(parts(raw, split))];
      return list.length ? list : undefined;
    })
    .pipe(z.array(item).max(max).optional());
/** One value; of a repeated parameter the last. An empty one is as good as none. */
const one = <T extends z.ZodType<unknown, string | undefined>>(item: T) =>
  z
    .union([z.string(), z.array(z.string())])
    .optional()
    .transform((raw) => parts(raw, false).at(-1))
    .pipe(item);
const yesNo = z.enum(['true', 'false'], 'true or false').transform((s) => s === 'true');
/** Stands for 'none' in a query string, where an empty value is no value. */
const NONE = '~';
const orNone = <T extends z.ZodType<string, string>>(item: T) => z.union([z.literal(NONE).transform(() => ''), item]);
const code = z.string().regex(/^[a-z0-9-]{1,40}$/, '1-40 small letters, digits or hyphens');
const zPriorityText = z.enum(['1', '2', '3', '4'], '1, 2, 3 or 4').transform((s) => Number(s) as Priority);

const NEAR_MAX_M = 5000;
const zNear = z
  .string()
  .regex(/^-?\d{1,3}(\.\d{1,10})?,-?\d{1,2}(\.\d{1,10})?,\d{1,4}$/, `longitude,latitude,metres (at most ${NEAR_MAX_M})`)
  .transform((s) => s.split(',').map(Number) as [number, number, number])
  .pipe(z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90), z.number().min(1).max(NEAR_MAX_M)]));

/** The fields as they stand in a query string. */
export const incidentQueryFields = {
  state: many(z.enum(incidentStates)).describe('states, separated by commas'),
  priority: many(zPriorityText).describe('1 to 4, separated by commas'),
  category: many(code).describe('codes of categories, separated by commas'),
  group: many(text(20), false).describe('groups of categories; repeat the parameter for several'),
  source: many(z.enum(incidentSources)).describe('sources, separated by commas'),
  channel: many(orNone(text(40)), false).describe('channels within a source, ~ for none; repeat the parameter for several'),
  department: many(orNone(code)).describe('codes of departments, separated by commas; ~ for none'),
  area: one(zAreaCode.optional()).describe('this place and everything below it'),
  near: one(zNear.optional()).describe('longitude,latitude,metres: within that far of the place'),
  unit: one(zId.optional()).describe('unit that leads'),
  from: one(zInstant.optional()).describe('reported at or after'),
  to: one(zInstant.optional()).describe('reported before'),
  overdue: one(yesNo.optional()).describe('true = the time for handling ran out (or did, before it was handled)'),
  open: one(yesNo.optional()).describe('true = not ended'),
  q: one(text(80).optional()).describe('looked for in title, ticket number and id'),
  set: one(z.enum(incidentSetNames).optional()).describe('one of the sets that indicators count'),
  sort: one(z.enum(incidentSorts).optional()),
  order: one(z.enum(['asc', 'desc']).optional()).describe('absent = as usual for the sort'),
  limit: one(
    z
      .string()
      .regex(/^\d{1,4}$/, 'a whole number')
      .transform(Number)
      .pipe(z.number().min(1).max(LIST_MAX))
      .optional(),
  ),
  cursor: one(z.string().max(200).optional()).describe('`next` of the page before'),
} as const;

/** Only what was given, and the order and length of the list. */
export function completeQuery(read: z.output<z.ZodObject<typeof incidentQueryFields>>): IncidentQuery {
  const given = Object.fromEntries(
    Object.keys(incidentQueryFields).flatMap((key) => (read[key as never] === undefined ? [] : [[key, read[key as never]]])),
  );
  const sort = read.sort ?? 'reportedAt';
  return { ...given, sort, order: read.order ?? usualOrder[sort], limit: read.limit ?? LIST_DEFAULT };
}

const zIncidentQuery = z.object(incidentQueryFields);

export type ReadQuery =
  | { readonly ok: true; readonly query: IncidentQuery }
  | { readonly ok: false; readonly field: string; readonly rule: string };

/** Read a query string; other parameters are left alone. A wrong value is named by its field and the rule it breaks. */
export function parseIncidentQuery(from: URLSearchParams | Readonly<Record<string, string | readonly string[] | undefined>>): ReadQuery {
  const raw: Record<string, unknown> = {};
  for (const key of Object.keys(incidentQueryFields)) {
    const values = from instanceof URLSearchParams ? from.getAll(key) : from[key];
    if (values !== undefined && values.length > 0) raw[key] = typeof values === 'string' ? values : [...values];
  }
  const read = zIncidentQuery.safeParse(raw);
  if (read.success) return { ok: true, query: completeQuery(read.data) };
  const { field, rule } = formRefusal(read.error, 'query');
  return { ok: false, field, rule };
}

/** The query as a query string, shortest form: what is as usual is left out. `parseIncidentQuery` reads it back to an equal query. */
export function formatIncidentQuery(query: Partial<IncidentQuery>): URLSearchParams {
  const out = new URLSearchParams();
  const sort = query.sort ?? 'reportedAt';
  for (const key of Object.keys(incidentQueryFields) as (keyof IncidentQuery)[]) {
    const value = query[key];
    if (value === undefined) continue;
    if (key === 'group' || key === 'channel') for (const v of value as readonly string[]) out.append(key, v || NONE);
    else if (Array.isArray(value)) value.length && out.set(key, value.map((v) => (v === '' ? NONE : v)).join(','));
    else if (key === 'from' || key === 'to') out.set(key, new Date(value as number).toISOString());
    else if (key === 'sort' && value === 'reportedAt') continue;
    else if (key === 'order' && value === usualOrder[sort]) continue;
    else if (key === 'limit' && value === LIST_DEFAULT) continue;
    else if (value !== '') out.set(key, String(value));
  }
  return out;
}
