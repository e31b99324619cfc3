import { EARTH_RADIUS_M } from '../../geo/distance.ts';
import { endStates, incidentStates } from '../../model/incident.ts';
import type { IncidentFacts } from '../../model/incident-facts.ts';
import type { IncidentQuery, IncidentSort } from '../../model/incident-query.ts';
import { type AnyField, type IncidentSet, incidentSets, type Test } from '../../model/incident-sets.ts';

/** SQL over the table `incidents`, always called `i`, made from the conditions the model states as data. */

/** The facts of an incident as columns; the type follows from what the fact is. */
export const factColumns: Readonly<Record<keyof IncidentFacts, 'text' | 'bigint' | 'integer' | 'boolean'>> = {
  state: 'text',
  happenedAt: 'bigint',
  reportedAt: 'bigint',
  fileDue: 'bigint',
  filedAt: 'bigint',
  dispatchDue: 'bigint',
  dispatchedAt: 'bigint',
  acceptedAt: 'bigint',
  arrivedAt: 'bigint',
  respondedAt: 'bigint',
  firstHandledAt: 'bigint',
  handledAt: 'bigint',
  verifiedAt: 'bigint',
  endedAt: 'bigint',
  deadline: 'bigint',
  pausedAt: 'bigint',
  clockStop: 'bigint',
  reworks: 'integer',
  returns: 'integer',
  reopened: 'integer',
  extensions: 'integer',
  suspensions: 'integer',
  escalations: 'integer',
  solved: 'boolean',
  satisfaction: 'text',
  agreement: 'text',
  kept: 'boolean',
  calls: 'integer',
  callsAnswered: 'integer',
  callsArrived: 'integer',
  callsInTime: 'integer',
  whistleOpen: 'boolean',
  traced: 'boolean',
  traceable: 'boolean',
};
/** `reportedAt` -> `reported_at` */
export const columnOf = (field: AnyField) => field.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
const literal = (v: string | boolean) => (typeof v === 'boolean' ? String(v) : `'${v.replaceAll("'", "''")}'`);

/** A condition as SQL. True exactly where `holds` is; false or NULL elsewhere. `now`: SQL of the moment asked for. */
export function sqlOf(test: Test, now: string): string {
  if ('all' in test) return test.all.length ? `(${test.all.map((t) => sqlOf(t, now)).join(' AND ')})` : 'true';
  if ('any' in test) return test.any.length ? `(${test.any.map((t) => sqlOf(t, now)).join(' OR ')})` : 'false';
  if ('not' in test) return 'known' in test.not ? `i.${columnOf(test.not.known)} IS NULL` : `(${sqlOf(test.not, now)}) IS NOT TRUE`;
  if ('known' in test) return `i.${columnOf(test.known)} IS NOT NULL`;
  const column = `i.${columnOf(test.field)}`;
  if ('in' in test) return `${column} IN (${test.in.map(literal).join(', ')})`;
  if ('over' in test) return `${column} > ${Number(test.over)}`;
  return `${column} ${test.orAt ? '<=' : '<'} ${test.before === 'now' ? now : `i.${columnOf(test.before)}`}`;
}
export const setSql = (set: IncidentSet, now: string) => sqlOf(incidentSets[set], now);

/** What is asked for, with the places an actor may see. */
export interface IncidentFilter {
  readonly query: Partial<IncidentQuery>;
  /** codes of the categories of the groups asked for; null = no group was asked for */
  readonly categories: readonly string[] | null;
  /** leaves and places that may be shown; null = everywhere, outside every area too */
  readonly areas: readonly string[] | null;
  /** the moment clocks are read at, epoch ms */
  readonly now: number;
}

/** Parameters of a statement, in order of their use. */
export class Params {
  readonly values: unknown[] = [];
  /** @returns the parameter's place, with its type */
  add(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}

/** The condition of a filter; `now` is the moment asked for, a number in the text because not every statement needs it. */
export function filterSql(filter: IncidentFilter, params: Params): { where: string; now: string } {
  const { query: q } = filter;
  const now = `${Math.floor(filter.now)}::bigint`;
  const parts: string[] = [];
  const anyOf = (column: string, list: readonly unknown[] | null | undefined, type = 'text') => {
    if (list) parts.push(`i.${column} = ANY(${params.add([...list], `${type}[]`)})`);
  };
  anyOf('state', q.state);
  if (q.state?.length && !q.state.some((s) => endStates.has(s))) parts.push('i.ended_at IS NULL'); // follows, and has an index
  anyOf('priority', q.priority, 'smallint');
  anyOf('category', q.category);
  anyOf('category', filter.categories);
  anyOf('source', q.source);
  anyOf('channel', q.channel);
  if (q.department?.includes('')) parts.push(`(i.department IS NULL OR i.department = ANY(${params.add([...q.department], 'text[]')}))`);
  else anyOf('department', q.department);
  anyOf('area', filter.areas);
  if (q.near) {
    const [lng, lat, metres] = q.near.map((n) => params.add(n, 'double precision')) as [string, string, string];
    parts.push(nearSql(lng, lat, metres));
  }
  if (q.unit !== undefined) parts.push(`i.unit = ${params.add(q.unit, 'text')}`);
  if (q.from !== undefined) parts.push(`i.reported_at >= ${params.add(q.from, 'bigint')}`);
  if (q.to !== undefined) parts.push(`i.reported_at < ${params.add(q.to, 'bigint')}`);
  const is = (set: IncidentSet, yes: boolean) => parts.push(sqlOf(yes ? incidentSets[set] : { not: incidentSets[set] }, now));
  if (q.overdue !== undefined) is('overdue', q.overdue);
  if (q.open !== undefined) is('open', q.open);
  if (q.set !== undefined) is(q.set, true);
  if (q.q !== undefined && q.q.trim() !== '') parts.push(`strpos(i.search, ${params.add(q.q.trim().toLowerCase(), 'text')}) > 0`);
  return { where: parts.length ? parts.join(' AND ') : 'true', now };
}

/** Within `metres` of a place, by the formula of geo/distance; the band of latitudes before it is what an index can tell. All three are SQL. */
export function nearSql(lng: string, lat: string, metres: string): string {
  const half = (a: string, b: string) => `power(sin(radians(${a} - ${b}) / 2), 2)`;
  const h = `(${half('i.lat', lat)} + cos(radians(${lat})) * cos(radians(i.lat)) * ${half('i.lng', lng)})`;
  const band = `(${metres} / 111000)`;
  return `i.lat BETWEEN ${lat} - ${band} AND ${lat} + ${band} AND ${2 * EARTH_RADIUS_M} * asin(least(1, sqrt${h})) <= ${metres}`;
}

const LAST = { asc: Number.MAX_SAFE_INTEGER, desc: -1 } as const;
const sorts: Record<IncidentSort, (order: 'asc' | 'desc') => string> = {
  reportedAt: () => 'i.reported_at',
  deadline: (order) => `coalesce(i.deadline, ${LAST[order]})`,
  priority: () => 'i.priority::bigint',
  state: () => `array_position(ARRAY[${incidentStates.map(literal).join(', ')}], i.state)::bigint`,
  endedAt: (order) => `coalesce(i.ended_at, ${LAST[order]})`,
};
export const sortSql = (sort: IncidentSort, order: 'asc' | 'desc') => sorts[sort](order);
