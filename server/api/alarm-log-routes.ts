import { z } from 'zod';
import type { Actor } from '../../model/access.ts';
import { alarmStates, partsOfAlarm } from '../../model/alarm.ts';
import { alarmLog, type Occurrence } from '../../model/alarm-log.ts';
import { kindOfSource } from '../../model/alarm-source.ts';
import { zAreaCode } from '../../model/area.ts';
import type { AreaCode, EpochMs } from '../../model/brand.ts';
import { zInstant } from '../../model/report.ts';
import { alarmEntries } from '../alarm-entries.ts';
import type { WorldAsOf } from '../as-of.ts';
import { askedSpan } from '../asked-span.ts';
import { nameAsOf } from '../exported.ts';
import { askedPlaces } from '../incident-scope.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Refused } from '../refused.ts';
import type { Store } from '../store/store.ts';
import { alarmCsv } from './alarm-csv.ts';
import { count, csv, zAsOf } from './forms.ts';
import { type Route, route } from './route.ts';

interface Parts {
  readonly ledger: Pick<Ledger, 'worldAt'>;
  readonly store: Pick<Store, 'readEntries'>;
  readonly asOf: WorldAsOf;
}

const DAY_MS = 86_400_000;
const MAX_DAYS = 92;
const fields = {
  from: zInstant.optional().describe('absent = 24 hours before `to`'),
  to: zInstant.optional().describe('absent = now, or the moment of `asOf`, which it never passes'),
  asOf: zAsOf,
  area: zAreaCode.optional().describe('this place and everything below it'),
  kind: csv(100).optional().describe('kinds of sensor, separated by commas'),
  sensor: csv(100).optional().describe('ids of sensors, separated by commas'),
  rule: csv(100).optional().describe('codes of rules, separated by commas'),
  priority: csv(4)
    .pipe(z.array(z.enum(['1', '2', '3', '4'], '1 to 4, separated by commas')))
    .optional(),
  state: csv(alarmStates.length)
    .pipe(z.array(z.enum(alarmStates)))
    .optional()
    .describe('of the alarm at the end of the time, separated by commas; `normal` for what is over'),
};
const zQuery = z.object(fields);
type Query = z.output<typeof zQuery>;

/** What happened to alarms: each time a condition was active, with who acknowledged it and when it cleared. */
export function alarmLogRoutes({ ledger, store, asOf }: Parts): Route[] {
  const common = { method: 'get', tag: 'watching' } as const;
  const description = `One row for each time an alarm's condition was active, the newest first, those too that were standing at \`from\`. At most ${MAX_DAYS} days; everybody is answered for the own area.`;

  async function ask(actor: Actor, q: Query) {
    const { at, world } = await asOf(q.asOf);
    const { from, to } = askedSpan(q, { now: at + 1, usualMs: DAY_MS, maxDays: MAX_DAYS });
    const { areas } = askedPlaces(actor, world, q.area);
    const before = await ledger.worldAt(from - 1);
    const log = alarmLog(before.alarms);
    for await (const entry of alarmEntries(store, { from, to, after: before.seq, upTo: world.seq })) log.take(entry);
    return { from, to, at, world, rows: log.rows().filter(filterOf(q, areas, (id) => kindOfSource(world, id))) };
  }

  /** When a row cleared that had done so before the log begins: its own history tells. */
  async function completed(row: Occurrence, from: number, upTo: number): Promise<Occurrence> {
    if (row.active || row.clearedAt !== null) return row;
    let clearedAt: EpochMs | null = null;
    for await (const e of alarmEntries(store, { from: row.raisedAt, to: from, after: 0, upTo, subject: row.alarm }))
      if (e.kind === 'alarm.cleared') clearedAt = e.at;
    return { ...row, clearedAt };
  }

  return [
    route({
      ...common,
      path: '/api/v1/alarms/log',
      summary: 'The log of alarms: when each was raised, acknowledged and cleared',
      description,
      query: z.object({ ...fields, limit: count(1000, 100), cursor: z.string().max(400).optional() }),
      answers: {
        200: {
          what: 'rows of model/alarm-log.ts, how many there are in all, and the cursor of the next page; moments in epoch ms',
          json: z.object({
            seq: z.number().int(),
            at: z.number(),
            from: z.number(),
            to: z.number(),
            total: z.number().int(),
            rows: z.array(z.looseObject({ alarm: z.string(), raisedAt: z.number() })),
            next: z.string().nullable(),
          }),
        },
      },
      async handle({ actor, query: { limit, cursor, ...q } }) {
        const start = cursor === undefined ? null : readCursor(cursor);
        const { from, to, at, world, rows } = await ask(actor, q);
        const first = start ? firstAfter(rows, start) : 0;
        const page = rows.slice(first, first + limit);
        const next = first + limit < rows.length && page.length ? writeCursor(rows, first + limit - 1) : null;
        const shown = await Promise.all(page.map((row) => completed(row, from, world.seq)));
        return { json: { seq: world.seq, at, from, to, total: rows.length, rows: shown, next } };
      },
    }),
    route({
      ...common,
      path: '/api/v1/alarms/log.csv',
      summary: 'The same as a file: UTF-8, one line a time that an alarm was active',
      description,
      query: zQuery,
      answers: { 200: { what: 'the file', type: 'text/csv' } },
      async handle({ actor, query }) {
        const { from, at, world, rows } = await ask(actor, query);
        async function* lines() {
          for (const row of rows) yield await completed(row, from, world.seq);
        }
        const named = nameAsOf(query.asOf, world.centre) || `-${new Date(at).toISOString().slice(0, 10)}`;
        const name = `alarms${named}.csv`;
        return { stream: { type: 'text/csv; charset=utf-8', name, chunks: alarmCsv(lines(), world) } };
      },
    }),
  ];
}

function filterOf(q: Query, areas: readonly AreaCode[] | null, kindOf: (sensor: string) => string | undefined) {
  const places = areas && new Set(areas);
  const among = (asked: readonly string[] | undefined, value: string | undefined) =>
    asked === undefined || (value !== undefined && asked.includes(value));
  return (r: Occurrence) =>
    (places === null || (r.area !== null && places.has(r.area))) &&
    among(q.kind, kindOf(r.sensor)) &&
    among(q.sensor, r.sensor) &&
    among(q.rule, partsOfAlarm(r.alarm).rule) &&
    among(q.priority, String(r.priority)) &&
    among(q.state, r.state);
}

/** The last row of a page: when it was raised, its alarm, and how many of that alarm and moment came before it. */
const zCursor = z.tuple([z.number().int(), z.string(), z.number().int()]);
type Cursor = z.output<typeof zCursor>;
const sameAs = (r: Occurrence, [raisedAt, alarm]: Cursor) => r.raisedAt === raisedAt && r.alarm === alarm;
function writeCursor(rows: readonly Occurrence[], last: number): string {
  const { raisedAt, alarm } = rows[last]!;
  let n = 0;
  while (last - n > 0 && sameAs(rows[last - n - 1]!, [raisedAt, alarm, 0])) n++;
  return Buffer.from(JSON.stringify([raisedAt, alarm, n] satisfies Cursor)).toString('base64url');
}
/** @throws Refused 400 when it is none of ours */
function readCursor(text: string): Cursor {
  try {
    return zCursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    throw new Refused(400, 'cursor', 'not the `next` of a page of this log');
  }
}
/** The first row behind the cursor's, whether or not that one is still among them. */
function firstAfter(rows: readonly Occurrence[], cursor: Cursor): number {
  const [raisedAt, alarm, n] = cursor;
  const at = rows.findIndex((r) => r.raisedAt < raisedAt || (r.raisedAt === raisedAt && r.alarm >= alarm));
  if (at < 0) return rows.length;
  return sameAs(rows[at]!, cursor) ? at + n + 1 : at;
}
