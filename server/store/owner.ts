import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientBase } from 'pg';

/**
 * Who may append to the ledger of a database: the process whose connection holds this advisory lock. The server gives it
 * back when that connection ends, however the process ended, so a stale lock cannot exist.
 */
export const OWNER_LOCK = 7_306_001;

export async function takeLock(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1::bigint) AS taken', [OWNER_LOCK]);
  return rows[0]?.taken === true;
}

/** Ask until it is free, or `ms` have passed. */
export async function takeLockWithin(client: ClientBase, ms: number): Promise<boolean> {
  const giveUp = Date.now() + ms;
  for (;;) {
    if (await takeLock(client)) return true;
    if (Date.now() >= giveUp) return false;
    await sleep(50);
  }
}

export async function lockIsHeld(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = $1::bigint::oid
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS held`,
    [OWNER_LOCK],
  );
  return rows[0]?.held === true;
}
