import type { Pool } from 'pg';
import { change, run } from './sql.ts';

export type BindingState = 'binding' | 'bound' | 'releasing';
/** `id`: opaque, what the ledger knows the device by. Epoch ms by the server's clock. */
export interface Binding {
  readonly door: string;
  readonly device: string;
  readonly unit: string;
  readonly id: string;
  readonly boundAt: number;
  readonly boundBy: string;
  readonly lastAt: number | null;
  readonly state: BindingState;
}
export interface WaitingDevice {
  readonly door: string;
  readonly device: string;
  readonly id: string;
  readonly firstAt: number;
  readonly lastAt: number;
  /** it last said that its SOS button is pressed; null = it is not */
  readonly sosAt: number | null;
  readonly reports: number;
  readonly dropped: number;
}
/** A kept fix. `device`: the waiting device's opaque id; `at` device time, `receivedAt` ours, epoch ms. */
export interface WaitingFix {
  readonly device: string;
  readonly at: number;
  readonly lng: number;
  readonly lat: number;
  readonly heading: number;
  readonly speed: number;
  readonly receivedAt: number;
}

export interface DeviceStore {
  bindings(): Promise<Binding[]>;
  /** All or none. @throws StoreError 23505 when one of the devices or units is bound already */
  putBindings(bindings: readonly Binding[]): Promise<void>;
  setState(ids: readonly string[], state: BindingState): Promise<void>;
  dropBindings(ids: readonly string[]): Promise<void>;
  /** when bound devices were last heard, by opaque id */
  putHeard(heard: ReadonlyMap<string, number>): Promise<void>;

  /** `kept`: how many fixes of it there are */
  waiting(): Promise<(WaitingDevice & { readonly kept: number })[]>;
  putWaiting(devices: readonly WaitingDevice[]): Promise<void>;
  dropWaiting(ids: readonly string[]): Promise<void>;
  /** Device and time are a fix's identity: the same again is not kept twice. @returns how many of each device are new */
  addFixes(fixes: readonly WaitingFix[]): Promise<ReadonlyMap<string, number>>;
  /** In order of device time. */
  fixesOf(id: string): Promise<WaitingFix[]>;
  newestFixesOf(id: string, limit: number): Promise<WaitingFix[]>;
  dropFixes(id: string, upToAt: number): Promise<void>;
  /** Keep the newest of a device. @returns how many were let go of */
  keepNewest(id: string, limit: number): Promise<number>;
  /** Let go of the fixes received first: all before `ms`, and more until at most `limit` are left. @returns how many of each device */
  dropOldest(ms: number, limit: number): Promise<ReadonlyMap<string, number>>;
}

const BINDING = `door, device, unit, id, bound_at AS "boundAt", bound_by AS "boundBy", last_at AS "lastAt", state`;
const WAITING = `door, device, id, first_at AS "firstAt", last_at AS "lastAt", sos_at AS "sosAt", reports, dropped`;
const FIX = `device, at, lng, lat, heading, speed, received_at AS "receivedAt"`;
const counted = (rows: { device: string; n: number }[]) => new Map(rows.map((r) => [r.device, r.n]));
type Rows<T> = (T & Record<string, unknown>)[];

export function deviceStore(pool: Pool): DeviceStore {
  return {
    bindings: () => run<Binding & Record<string, unknown>>(pool, `SELECT ${BINDING} FROM device_bindings ORDER BY bound_at, id`),
    async putBindings(bindings) {
      const column = (key: keyof Binding) => bindings.map((b) => b[key]);
      await run(
        pool,
        `INSERT INTO device_bindings (door, device, unit, id, bound_at, bound_by, state)
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[])`,
        (['door', 'device', 'unit', 'id', 'boundAt', 'boundBy', 'state'] as const).map(column),
      );
    },
    async setState(ids, state) {
      await run(pool, 'UPDATE device_bindings SET state = $2 WHERE id = ANY($1::text[])', [ids, state]);
    },
    async dropBindings(ids) {
      await run(pool, 'DELETE FROM device_bindings WHERE id = ANY($1::text[])', [ids]);
    },
    async putHeard(heard) {
      await run(
        pool,
        `UPDATE device_bindings AS b SET last_at = t.at FROM unnest($1::text[], $2::bigint[]) AS t (id, at) WHERE b.id = t.id`,
        [[...heard.keys()], [...heard.values()]],
      );
    },

    waiting: () =>
      run<Rows<WaitingDevice & { kept: number }>[number]>(
        pool,
        `SELECT ${WAITING}, (SELECT count(*)::int FROM waiting_reports r WHERE r.device = w.id) AS kept FROM waiting_devices w`,
      ),
    async putWaiting(devices) {
      const column = (key: keyof WaitingDevice) => devices.map((d) => d[key]);
      await run(
        pool,
        `INSERT INTO waiting_devices (door, device, id, first_at, last_at, sos_at, reports, dropped)
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])
         ON CONFLICT (door, device) DO UPDATE
         SET last_at = EXCLUDED.last_at, sos_at = EXCLUDED.sos_at, reports = EXCLUDED.reports, dropped = EXCLUDED.dropped`,
        (['door', 'device', 'id', 'firstAt', 'lastAt', 'sosAt', 'reports', 'dropped'] as const).map(column),
      );
    },
    async dropWaiting(ids) {
      await run(pool, 'DELETE FROM waiting_devices WHERE id = ANY($1::text[])', [ids]);
    },
    async addFixes(fixes) {
      const column = (key: keyof WaitingFix) => fixes.map((f) => f[key]);
      return counted(
        await run<{ device: string; n: number }>(
          pool,
          `WITH added AS (
             INSERT INTO waiting_reports (device, at, lng, lat, heading, speed, received_at)
             SELECT * FROM unnest($1::text[], $2::bigint[], $3::float8[], $4::float8[], $5::real[], $6::real[], $7::bigint[])
             ON CONFLICT DO NOTHING RETURNING device)
           SELECT device, count(*)::int AS n FROM added GROUP BY device`,
          (['device', 'at', 'lng', 'lat', 'heading', 'speed', 'receivedAt'] as const).map(column),
        ),
      );
    },
    fixesOf: (id) => run<Rows<WaitingFix>[number]>(pool, `SELECT ${FIX} FROM waiting_reports WHERE device = $1 ORDER BY at`, [id]),
    newestFixesOf: (id, limit) =>
      run<Rows<WaitingFix>[number]>(pool, `SELECT ${FIX} FROM waiting_reports WHERE device = $1 ORDER BY at DESC LIMIT $2`, [id, limit]),
    async dropFixes(id, upToAt) {
      await run(pool, 'DELETE FROM waiting_reports WHERE device = $1 AND at <= $2', [id, upToAt]);
    },
    keepNewest: (id, limit) =>
      change(
        pool,
        `DELETE FROM waiting_reports WHERE device = $1
         AND at <= (SELECT at FROM waiting_reports WHERE device = $1 ORDER BY at DESC OFFSET $2 LIMIT 1)`,
        [id, limit],
      ),
    async dropOldest(ms, limit) {
      return counted(
        await run<{ device: string; n: number }>(
          pool,
          `WITH gone AS (
             DELETE FROM waiting_reports WHERE received_at < $1
             OR received_at <= (SELECT received_at FROM waiting_reports ORDER BY received_at DESC OFFSET $2 LIMIT 1) RETURNING device)
           SELECT device, count(*)::int AS n FROM gone GROUP BY device`,
          [ms, limit],
        ),
      );
    },
  };
}
