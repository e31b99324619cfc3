import type { Pool } from 'pg';
import type { AreaCode } from '../../model/brand.ts';
import { run } from './sql.ts';

/** What a moment of the past is found by: an entry with its place and, of a report or an alarm, how grave it is. */
export interface Happening {
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly subject: string;
  readonly area: AreaCode | null;
}
export interface Mark {
  readonly at: number;
  readonly priority: 1 | 2;
  readonly kind: 'incident' | 'alarm';
  readonly id: string;
  readonly area: AreaCode | null;
}

export interface Happenings {
  /** Entries of these kinds after (at, seq) or before it, the nearest first. `grave`: of alarms only those of priority 1 and 2. */
  near(asked: {
    readonly at: number;
    /** tells those of one moment apart: only later ones (earlier, going back) */
    readonly seq: number;
    readonly dir: 'next' | 'prev';
    readonly kinds: readonly string[];
    readonly grave: boolean;
    readonly limit: number;
  }): Promise<Happening[]>;
  /** incidents and alarms reported per bin of [from, to) and place */
  density(from: number, to: number, binMs: number): Promise<{ readonly bin: number; readonly area: AreaCode | null; readonly n: number }[]>;
  /** those of priority 1 and 2 in [from, to), the gravest and newest first */
  marks(from: number, to: number, limit: number): Promise<Mark[]>;
}

/** A step of an incident or an alarm names no place: that of the incident, that at which the alarm was raised last. */
const AREA = `coalesce(l.body::jsonb ->> 'area', CASE
  WHEN l.kind LIKE 'incident.%' THEN (SELECT i.area FROM incidents i WHERE i.id = l.subject)
  WHEN l.kind LIKE 'alarm.%' THEN (SELECT r.body::jsonb ->> 'area' FROM ledger r
    WHERE r.subject = l.subject AND r.kind = 'alarm.raised' AND r.seq < l.seq ORDER BY r.seq DESC LIMIT 1) END)`;
const REPORTED = `l.kind IN ('incident.reported', 'alarm.raised') AND l.body::jsonb ->> 'again' IS NULL`;

export function happenings(pool: Pool): Happenings {
  return {
    near({ at, seq, dir, kinds, grave, limit }) {
      const [than, order] = dir === 'next' ? ['>', 'ASC'] : ['<', 'DESC'];
      return run<Happening & Record<string, unknown>>(
        pool,
        `SELECT l.seq, l.at, l.kind, l.subject, ${AREA} AS area FROM ledger l
         WHERE (l.at, l.seq) ${than} ($1::bigint, $2::bigint) AND l.kind = ANY($3::text[]) AND l.subject IS NOT NULL
           AND (NOT $4::boolean OR l.kind <> 'alarm.raised'
             OR ((l.body::jsonb ->> 'priority')::int <= 2 AND l.body::jsonb ->> 'again' IS NULL))
         ORDER BY l.at ${order}, l.seq ${order} LIMIT $5`,
        [at, seq, kinds, grave, limit],
      );
    },
    density: (from, to, binMs) =>
      run(
        pool,
        `SELECT ((l.at - $1) / $3)::int AS bin, l.body::jsonb ->> 'area' AS area, count(*)::int AS n FROM ledger l
         WHERE l.at >= $1 AND l.at < $2 AND ${REPORTED} GROUP BY 1, 2`,
        [from, to, binMs],
      ),
    marks: (from, to, limit) =>
      run<Mark & Record<string, unknown>>(
        pool,
        `SELECT l.at, (l.body::jsonb ->> 'priority')::int AS priority, split_part(l.kind, '.', 1) AS kind, l.subject AS id,
           l.body::jsonb ->> 'area' AS area FROM ledger l
         WHERE l.at >= $1 AND l.at < $2 AND ${REPORTED} AND (l.body::jsonb ->> 'priority')::int <= 2
         ORDER BY 2, l.at DESC LIMIT $3`,
        [from, to, limit],
      ),
  };
}
