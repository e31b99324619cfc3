import type { Pool } from 'pg';
import type { EntryPart } from './entries.ts';
import { run } from './sql.ts';
import type { Account, FrameRow, KnownPerson, Store } from './store.ts';

type RecordPart = Omit<Store, keyof EntryPart | 'close'>;

const TABLES = [
  'ledger',
  'snapshots',
  'frames',
  'keyframes',
  'film_reels',
  'reading_chunks',
  'position_chunks',
  'blobs',
  'vault',
  'accounts',
  'answers',
  'incidents',
  'incident_docs',
  'incident_stays',
  'views',
];
const view = (b: Buffer) => new Uint8Array(b.buffer, b.byteOffset, b.byteLength);
const buffer = (b: Uint8Array) => Buffer.from(b.buffer, b.byteOffset, b.byteLength);

/** Everything that is not the ledger: frames, blobs, the vault, accounts, kept answers. */
export function recordStore(pool: Pool): RecordPart {
  const putFrameInto = (table: 'frames' | 'keyframes') => async (row: FrameRow) => {
    await run(pool, `INSERT INTO ${table} (at, bytes) VALUES ($1, $2) ON CONFLICT (at) DO UPDATE SET bytes = EXCLUDED.bytes`, [
      row.at,
      buffer(row.bytes),
    ]);
  };
  const frames = (rows: { at: number; bytes: Buffer }[]): FrameRow[] => rows.map((r) => ({ at: r.at, bytes: view(r.bytes) }));

  return {
    putFrame: putFrameInto('frames'),
    putKeyframe: putFrameInto('keyframes'),
    async framesBetween(from, to) {
      return frames(
        await run(pool, 'SELECT at, bytes FROM frames WHERE at >= $1 AND at < $2 ORDER BY at', [Math.ceil(from), Math.ceil(to)]),
      );
    },
    async keyframeBefore(ms) {
      const rows = await run<{ at: number; bytes: Buffer }>(
        pool,
        'SELECT at, bytes FROM keyframes WHERE at <= $1 ORDER BY at DESC LIMIT 1',
        [Math.floor(ms)],
      );
      return frames(rows)[0] ?? null;
    },

    async putBlob(hash, type, bytes) {
      await run(pool, 'INSERT INTO blobs (hash, type, bytes) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING', [
        hash,
        type,
        buffer(bytes),
      ]);
    },
    async getBlob(hash) {
      const rows = await run<{ type: string; bytes: Buffer }>(pool, 'SELECT type, bytes FROM blobs WHERE hash = $1', [hash]);
      return rows[0] ? { type: rows[0].type, bytes: view(rows[0].bytes) } : null;
    },

    async putPeople(people) {
      const byId = [...new Map(people.map((p) => [p.id, p])).values()]; // one statement may not touch a row twice
      if (byId.length === 0) return;
      await run(
        pool,
        `INSERT INTO vault (id, name, tel, kind) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
         ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, tel = EXCLUDED.tel WHERE vault.kind = EXCLUDED.kind`,
        [byId.map((p) => p.id), byId.map((p) => p.name), byId.map((p) => p.tel), byId.map((p) => p.kind ?? 'staff')],
      );
    },
    async getPeople(ids) {
      return run<KnownPerson & Record<string, unknown>>(
        pool,
        'SELECT id, name, tel, kind, anonymous FROM vault WHERE id = ANY($1::text[]) ORDER BY id',
        [ids],
      );
    },
    async putCaller({ id, name, tel, anonymous }) {
      const known = tel === null ? '(id)' : "(tel, anonymous) WHERE kind = 'caller' AND tel IS NOT NULL";
      const rows = await run<{ id: string }>(
        pool,
        `INSERT INTO vault (id, name, tel, kind, anonymous) VALUES ($1, $2, $3, 'caller', $4)
         ON CONFLICT ${known} DO UPDATE SET name = coalesce(nullif(EXCLUDED.name, ''), vault.name) RETURNING id`,
        [id, name, tel, anonymous],
      );
      return rows[0]!.id;
    },

    async putAccount(a) {
      await run(
        pool,
        `INSERT INTO accounts (name, role, area, password_hash) VALUES ($1, $2, $3, $4)
         ON CONFLICT (name) DO UPDATE SET role = EXCLUDED.role, area = EXCLUDED.area, password_hash = EXCLUDED.password_hash`,
        [a.name, a.role, a.area, a.passwordHash],
      );
    },
    async getAccount(name) {
      const rows = await run<Account & Record<string, unknown>>(
        pool,
        'SELECT name, role, area, password_hash AS "passwordHash" FROM accounts WHERE name = $1',
        [name],
      );
      return rows[0] ?? null;
    },
    async countAccounts() {
      return (await run<{ n: number }>(pool, 'SELECT count(*)::int AS n FROM accounts'))[0]?.n ?? 0;
    },

    async getAnswer(key) {
      const rows = await run<{ fingerprint: string; status: number; json: string }>(
        pool,
        `SELECT fingerprint, status, json FROM answers WHERE key = $1 AND kept_at > now() - interval '24 hours'`,
        [key],
      );
      return rows[0] ?? null;
    },
    /** The first answer under a key stays; outdated ones are let go of on the way. */
    async putAnswer(key, fingerprint, status, json) {
      await run(pool, `DELETE FROM answers WHERE kept_at <= now() - interval '24 hours'`);
      await run(pool, 'INSERT INTO answers (key, fingerprint, status, json) VALUES ($1, $2, $3, $4) ON CONFLICT (key) DO NOTHING', [
        key,
        fingerprint,
        status,
        json,
      ]);
    },

    async sizes() {
      const rows = await run<{ name: string; bytes: number }>(
        pool,
        'SELECT name, pg_total_relation_size(name::regclass) AS bytes FROM unnest($1::text[]) AS name',
        [TABLES],
      );
      return Object.fromEntries(rows.map((r) => [r.name, r.bytes]));
    },
  };
}
