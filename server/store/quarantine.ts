import type { Pool } from 'pg';
import { run } from './sql.ts';

/** A fix that was not believed: [lng, lat] degrees, `at` device time, `receivedAt` ours, epoch ms. */
export interface QuarantinedFix {
  readonly unit: string;
  readonly reason: string;
  readonly at: number;
  readonly lng: number;
  readonly lat: number;
  readonly receivedAt: number;
}
/** How many flawed fixes of a kind a unit has sent, also those no longer kept; `lastAt` by the server's clock. */
export interface FlawCount {
  readonly unit: string;
  readonly reason: string;
  readonly n: number;
  readonly lastAt: number;
}
export interface QuarantineStore {
  /** Fixes, and counts to be added to what is counted already: both or neither. */
  add(fixes: readonly QuarantinedFix[], counts: readonly FlawCount[]): Promise<void>;
  counts(): Promise<FlawCount[]>;
  /** newest first */
  fixesOf(unit: string, reason: string | null, limit: number): Promise<QuarantinedFix[]>;
  /** Keep the newest of each unit and of all, and none received before `ms`. */
  trim(perUnit: number, total: number, ms: number): Promise<void>;
}

export function quarantineStore(pool: Pool): QuarantineStore {
  return {
    async add(fixes, counts) {
      const column = (key: keyof QuarantinedFix) => fixes.map((f) => f[key]);
      await run(
        pool,
        `WITH kept AS (
           INSERT INTO position_quarantine (unit, reason, at, lng, lat, received_at)
           SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::float8[], $5::float8[], $6::bigint[]))
         INSERT INTO position_flaws AS f (unit, reason, n, last_at)
         SELECT * FROM unnest($7::text[], $8::text[], $9::bigint[], $10::bigint[])
         ON CONFLICT (unit, reason) DO UPDATE SET n = f.n + EXCLUDED.n, last_at = EXCLUDED.last_at`,
        [
          ...(['unit', 'reason', 'at', 'lng', 'lat', 'receivedAt'] as const).map(column),
          ...(['unit', 'reason', 'n', 'lastAt'] as const).map((key) => counts.map((c) => c[key])),
        ],
      );
    },
    counts: () =>
      run<FlawCount & Record<string, unknown>>(
        pool,
        'SELECT unit, reason, n, last_at AS "lastAt" FROM position_flaws ORDER BY last_at DESC, unit, reason',
      ),
    fixesOf: (unit, reason, limit) =>
      run<QuarantinedFix & Record<string, unknown>>(
        pool,
        `SELECT unit, reason, at, lng, lat, received_at AS "receivedAt" FROM position_quarantine
         WHERE unit = $1 AND ($2::text IS NULL OR reason = $2) ORDER BY n DESC LIMIT $3`,
        [unit, reason, limit],
      ),
    async trim(perUnit, total, ms) {
      await run(pool, 'DELETE FROM position_quarantine WHERE received_at < $1', [ms]);
      await run(
        pool,
        `DELETE FROM position_quarantine WHERE n IN (
           SELECT n FROM (SELECT n, row_number() OVER (PARTITION BY unit ORDER BY n DESC) AS place FROM position_quarantine) AS q
           WHERE place > $1)`,
        [perUnit],
      );
      await run(pool, 'DELETE FROM position_quarantine WHERE n <= (SELECT n FROM position_quarantine ORDER BY n DESC OFFSET $1 LIMIT 1)', [
        total,
      ]);
    },
  };
}
