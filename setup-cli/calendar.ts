import { type Calendar, zCalendar } from '../model/worktime.ts';
import type { Problem, Row } from './table.ts';

export const calendarColumns = ['date', 'kind'] as const;
const kinds: Readonly<Record<string, 'holidays' | 'workdays'>> = {
  holiday: 'holidays',
  放假: 'holidays',
  节假日: 'holidays',
  workday: 'workdays',
  调休: 'workdays',
  补班: 'workdays',
};

export interface CalendarFlags {
  /** `09:00-12:00,13:00-17:00` */
  readonly hours?: string | undefined;
  /** `0,6`, 0 = Sunday; `none` */
  readonly weekend?: string | undefined;
  readonly version?: string | undefined;
}

/**
 * The centre's calendar after an import. The file speaks for the years it has dates of; dates of other years stay. Hours and weekend
 * change only where a flag says so. The version is always a new one: it stands on every deadline counted with it.
 * @param today `2026-11-22`, names the version where no flag does
 */
export function importCalendar(
  before: Calendar,
  rows: readonly Row[],
  flags: CalendarFlags,
  today: string,
): { readonly calendar: Calendar } | { readonly problems: Problem[] } {
  const problems: Problem[] = [];
  const lists = { holidays: [] as Calendar['holidays'], workdays: [] as Calendar['workdays'] };
  const seen = new Map<string, number>();
  for (const { line, values } of rows) {
    const { date = '', kind = '', name = '' } = values;
    const list = kinds[kind];
    if (!list) problems.push({ line, field: 'kind', rule: `${kind || 'empty'}: holiday or workday (放假, 调休)` });
    if (!isDate(date)) problems.push({ line, field: 'date', rule: `${date || 'empty'}: a date such as 2026-10-01` });
    if (name.length > 40) problems.push({ line, field: 'name', rule: 'at most 40 characters' });
    const first = seen.get(date);
    if (first !== undefined) problems.push({ line, field: 'date', rule: `${date} stands in line ${first} already` });
    seen.set(date, line);
    if (list) lists[list].push({ date, ...(name ? { name } : {}) });
  }
  if (problems.length) return { problems };
  const years = new Set([...seen.keys()].map((d) => d.slice(0, 4)));
  const merged = (list: 'holidays' | 'workdays') =>
    [...before[list].filter((d) => !years.has(d.date.slice(0, 4))), ...lists[list]].sort((a, b) => (a.date < b.date ? -1 : 1));
  const calendar = zCalendar.safeParse({
    version: flags.version ?? freshVersion(before.version, today),
    hours: flags.hours === undefined ? before.hours : hoursOf(flags.hours),
    weekend: flags.weekend === undefined ? before.weekend : weekendOf(flags.weekend),
    holidays: merged('holidays'),
    workdays: merged('workdays'),
  });
  if (!calendar.success) {
    const { path, message } = calendar.error.issues[0]!;
    throw new Error(`--${String(path[0] ?? 'calendar')}: ${message}`);
  }
  if (calendar.data.version === before.version) throw new Error(`--version ${before.version}: the calendar now in force has this name`);
  return { calendar: calendar.data };
}

/** A real day: JavaScript would read 2026-02-30 as the second of March. */
const isDate = (text: string) => {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
};

function freshVersion(before: string, today: string): string {
  if (before !== today && !before.startsWith(`${today}-`)) return today;
  const n = Number(before.slice(today.length + 1));
  return `${today}-${Number.isInteger(n) && n > 1 ? n + 1 : 2}`;
}

const hoursOf = (text: string) =>
  text.split(',').map((session) => {
    const [from, to] = session.split('-').map((t) => t.trim());
    return { from, to };
  });
const weekendOf = (text: string) =>
  text === 'none' || text === '' ? [] : text.split(',').map((d) => (/^\s*\d\s*$/.test(d) ? Number(d) : Number.NaN));
