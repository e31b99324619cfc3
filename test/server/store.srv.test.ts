import { describe, expect, it } from 'vitest';
import { type EpochMs, epochMs, type Seq, seq } from '../../model/brand.ts';
import { type Fact, GENESIS } from '../../model/ledger.ts';
import { seal } from '../../server/ledger/rows.ts';
import { DataDirBusyError, SeqTakenError, StoreError, StoreUnavailableError } from '../../server/store/errors.ts';
import { migrate, readMigrations } from '../../server/store/migrate.ts';
import { openStore, type PgStore } from '../../server/store/postgres.ts';
import type { EntryRow } from '../../server/store/store.ts';
import { debianPostgres, freshDatabase, freshStore } from '../support/postgres.ts';

const T0 = 1_760_000_000_000;
/** n rows that follow each other, one second apart. */
function rows(from: number, n: number, prev = GENESIS): EntryRow[] {
  const out: EntryRow[] = [];
  for (let i = 0; i < n; i++) {
    const fact: Fact =
      i % 2
        ? { kind: 'incident.filed', body: { incident: `i-${i % 4}` } }
        : { kind: 'alarm.cleared', body: { alarm: `s-${i % 3}/high`, value: i, at: epochMs(T0) } };
    const at = (T0 + (from + i) * 1000) as EpochMs;
    const sealed = seal(fact, { prev: out.at(-1)?.hash ?? prev, seq: (from + i) as Seq, at, actor: 'op' });
    out.push(sealed.row);
  }
  return out;
}
const seqs = (list: readonly { seq: number }[]) => list.map((r) => Number(r.seq));

const servers = [
  { name: 'the PostgreSQL of npm', on: {}, skip: '' },
  {
    name: "Debian's PostgreSQL 15",
    on: debianPostgres && { binaries: debianPostgres },
    skip: ' (skipped: /usr/lib/postgresql/15/bin is not here)',
  },
];

for (const { name, on, skip } of servers)
  describe.skipIf(!on)(`the store on ${name}${on ? '' : skip}`, () => {
    const open = async () => (await freshStore(on!)).store;
    const filled = async (n: number) => {
      const store = await open();
      await store.appendEntries(rows(1, n));
      return store;
    };

    it('gives entries back to the letter', async () => {
      const store = await open();
      const group = rows(1, 5);
      await store.appendEntries(group);
      expect(await store.readEntries({ limit: 10 })).toEqual(group);
      expect(await store.lastEntry()).toEqual(group[4]);
      expect(await (await open()).lastEntry()).toBeNull();
    });

    it('takes any text JSON can hold, and an entry without subject alone; refuses what it could not give back', async () => {
      const store = await open();
      const [a, b, c] = rows(1, 3) as [EntryRow, EntryRow, EntryRow];
      const odd = [
        { ...a, subject: null },
        { ...b, body: JSON.stringify({ note: '"\\ {},\'\n\u001f\u2028 楼 🏮' }) },
      ];
      await store.appendEntries(odd.slice(0, 1));
      await store.appendEntries(odd.slice(1));
      expect(await store.readEntries({ limit: 10 })).toEqual(odd);
      await expect(store.appendEntries([{ ...c, body: 'x\u001fy' }])).rejects.toThrow(/entry 3: body: contains a separator/);
      await expect(store.appendEntries([{ ...c, hash: 'ab' }])).rejects.toThrow(/entry 3: hash: is not 64/);
      await expect(store.appendEntries([{ ...c, prev: 'z'.repeat(64) }])).rejects.toThrow(/prev: is not hexadecimal/);
      expect(await store.readEntries({ limit: 10 })).toEqual(odd);
    });

    it('finds entries by seq, subject, kind and time', async () => {
      const store = await filled(12);
      const find = async (q: object) => seqs(await store.readEntries({ limit: 100, ...q }));
      expect(await find({ after: 9 })).toEqual([10, 11, 12]);
      expect(await find({ after: 3, upTo: 5 })).toEqual([4, 5]);
      expect(await find({ limit: 2 })).toEqual([1, 2]);
      expect(await find({ subject: 'i-1' })).toEqual([2, 6, 10]);
      expect(await find({ kinds: ['alarm.cleared'], upTo: 5 })).toEqual([1, 3, 5]);
      expect(await find({ kinds: [] })).toEqual([]);
      expect(await find({ from: T0 + 3000, to: T0 + 6000 })).toEqual([3, 4, 5]);
      expect(await store.seqAt(T0 + 999)).toBe(0);
      expect(await store.seqAt(T0 + 1000)).toBe(1);
      expect(await store.seqAt(T0 + 4999)).toBe(4);
      expect(await store.seqAt(T0 + 1e9)).toBe(12);
    });

    it('writes nothing of a group whose seq is taken or leaves a gap', async () => {
      const store = await filled(4);
      await expect(store.appendEntries(rows(4, 2))).rejects.toThrow(SeqTakenError);
      await expect(store.appendEntries(rows(6, 2))).rejects.toThrow(SeqTakenError);
      const [a, b] = rows(5, 2);
      await expect(store.appendEntries([a!, { ...b!, seq: seq(7) }])).rejects.toThrow(SeqTakenError);
      expect(seqs(await store.readEntries({ limit: 100 }))).toEqual([1, 2, 3, 4]);
      await store.appendEntries([]);
    });

    it('lets exactly one of two racing appends of the same seq through', async () => {
      const store = await filled(1);
      const results = await Promise.allSettled(Array.from({ length: 8 }, () => store.appendEntries(rows(2, 3))));
      expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
      expect(seqs(await store.readEntries({ limit: 100 }))).toEqual([1, 2, 3, 4]);
    });

    it.each([
      ['UPDATE', `UPDATE ledger SET body = '{}' WHERE seq = 1`],
      ['an UPDATE of nothing', 'UPDATE ledger SET at = 1 WHERE seq = 999'],
      ['DELETE', 'DELETE FROM ledger'],
      ['TRUNCATE', 'TRUNCATE ledger'],
      ['TRUNCATE … CASCADE', 'TRUNCATE ledger CASCADE'],
      ['an upsert', `INSERT INTO ledger SELECT * FROM ledger WHERE seq = 1 ON CONFLICT (seq) DO UPDATE SET body = '{}'`],
      ['MERGE', `MERGE INTO ledger l USING (SELECT 1 AS seq) s ON l.seq = s.seq WHEN MATCHED THEN UPDATE SET body = '{}'`],
      ['a session that calls itself a replica', `SET session_replication_role = replica; DELETE FROM ledger`],
    ])('the database itself refuses %s on the ledger, also from its owner', async (_, sql) => {
      const store = await filled(3);
      const client = await store.pool.connect();
      const { rows: who } = await client.query(`SELECT tableowner = current_user AS owner FROM pg_tables WHERE tablename = 'ledger'`);
      expect(who[0].owner).toBe(true);
      await expect(client.query(sql)).rejects.toThrow(/the ledger is append-only/);
      client.release(true);
      expect(await store.readEntries({ limit: 10 })).toEqual(rows(1, 3));
    });

    it('keeps snapshots, newest at or before a seq', async () => {
      const store = await open();
      expect(await store.latestSnapshot()).toBeNull();
      await store.putSnapshot(10, T0, '{"a":"十"}');
      await store.putSnapshot(20, T0 + 1, '{"a":20}');
      await store.putSnapshot(20, T0 + 2, '{"a":21}');
      expect(await store.latestSnapshot()).toEqual({ seq: 20, at: T0 + 2, json: '{"a":21}' });
      expect(await store.latestSnapshot(19)).toEqual({ seq: 10, at: T0, json: '{"a":"十"}' });
      expect(await store.latestSnapshot(9)).toBeNull();
    });

    it('keeps frames and keyframes', async () => {
      const store = await open();
      const bytes = (n: number) => Uint8Array.from([0, 255, n]);
      for (let s = 0; s < 10; s++) await store.putFrame({ at: T0 + s * 1000, bytes: bytes(s) });
      for (const s of [0, 4, 8]) await store.putKeyframe({ at: T0 + s * 1000, bytes: bytes(s) });
      expect(await store.framesBetween(T0 + 2000, T0 + 4000)).toEqual([
        { at: T0 + 2000, bytes: bytes(2) },
        { at: T0 + 3000, bytes: bytes(3) },
      ]);
      expect((await store.keyframeBefore(T0 + 7999))?.at).toBe(T0 + 4000);
      expect(await store.keyframeBefore(T0 - 1)).toBeNull();
    });

    it('keeps blobs, people, accounts and answers', async () => {
      const store = await open();
      const big = new Uint8Array(3_000_000).map((_, i) => i * 31);
      await store.putBlob('h', 'application/geo+json', big);
      await store.putBlob('h', 'other', Uint8Array.of(1));
      const kept = await store.getBlob('h');
      expect(kept?.type).toBe('application/geo+json');
      expect(Buffer.compare(kept!.bytes, big)).toBe(0);
      expect(await store.getBlob('none')).toBeNull();

      await store.putPeople([
        { id: 'p-1', name: '王芳', tel: '13800000000' },
        { id: 'p-2', name: '李', tel: null },
        { id: 'p-1', name: '王芳芳', tel: null },
      ]);
      await store.putPeople([]);
      expect(await store.getPeople(['p-2', 'p-1', 'p-9'])).toEqual([
        { id: 'p-1', name: '王芳芳', tel: null, kind: 'staff', anonymous: false },
        { id: 'p-2', name: '李', tel: null, kind: 'staff', anonymous: false },
      ]);

      const account = { name: 'a', role: 'operator', area: '51', passwordHash: 'x' };
      expect(await store.countAccounts()).toBe(0);
      await store.putAccount(account);
      await store.putAccount({ ...account, role: 'leader' });
      expect(await store.getAccount('a')).toEqual({ ...account, role: 'leader' });
      expect(await store.getAccount('b')).toBeNull();
      expect(await store.countAccounts()).toBe(1);

      await store.putAnswer('k', 'f', 200, '{"ok":true}');
      await store.putAnswer('k', 'other', 500, '{}');
      expect(await store.getAnswer('k')).toEqual({ fingerprint: 'f', status: 200, json: '{"ok":true}' });
      await store.pool.query(`UPDATE answers SET kept_at = now() - interval '25 hours'`);
      expect(await store.getAnswer('k')).toBeNull();
      await store.putAnswer('k', 'g', 201, '{}');
      expect((await store.getAnswer('k'))?.fingerprint).toBe('g');
    });

    it('knows its sizes on disk', async () => {
      const sizes = await (await filled(3)).sizes();
      expect(Object.keys(sizes)).toContain('ledger');
      expect(sizes.ledger).toBeGreaterThan(0);
    });

    it('shows nothing of what was written in its errors', async () => {
      const store = await open();
      const secret = '王芳13800000000';
      const refused = await store.putPeople([{ id: 'p-1', name: `${secret}\u0000`, tel: secret }]).catch((e: unknown) => e as Error);
      expect(refused).toBeInstanceOf(StoreError);
      expect(JSON.stringify(refused) + String(refused) + (refused as Error).stack).not.toContain(secret);
      const cut = await store
        .putFrame({ at: 'not a number 王芳13800000000' as unknown as number, bytes: new Uint8Array() })
        .catch((e: Error) => e);
      expect(String(cut)).not.toContain(secret);
      expect(String(cut)).toMatch(/invalid input syntax/);
    });

    it('has one owner; the next may have it when that one is gone; readers may come along', async () => {
      const { url, store } = await freshStore(on!);
      const at = { dataDir: '', databaseUrl: url };
      await expect(openStore(at)).rejects.toThrow(DataDirBusyError);
      const reader = await openStore(at, { own: false });
      await expect(reader.appendEntries(rows(1, 1))).rejects.toThrow(/for reading only/);
      expect(await reader.lastEntry()).toBeNull();
      await reader.close();
      await store.close();
      await (await openStore(at)).close();
    });

    it('says so, once, when its connection is cut', async () => {
      const lost: Error[] = [];
      const { store } = await freshStore({ ...on, onLost: (e) => lost.push(e) });
      await store.pool.query(`SELECT pg_terminate_backend(l.pid) FROM pg_locks l WHERE l.locktype = 'advisory'
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
      await expect.poll(() => lost.length).toBe(1);
      await expect(store.appendEntries(rows(1, 1))).rejects.toThrow(/connection to the database was lost/);
    });

    it('knows a caller again by the telephone number, apart from the same number given anonymously and from staff', async () => {
      const store = await open();
      await store.putPeople([{ id: 'p-1', name: '张三', tel: '138' }]);
      const call = (id: string, name: string, tel: string | null, anonymous = false) => store.putCaller({ id, name, tel, anonymous });
      expect(await call('r-1', '李四', '138')).toBe('r-1');
      expect(await call('r-2', '李四四', '138')).toBe('r-1');
      expect(await call('r-3', '', '138')).toBe('r-1');
      expect(await call('r-4', '李四', '138', true)).toBe('r-4');
      expect(await call('r-5', '李四', null)).toBe('r-5');
      expect(await call('r-6', '李四', null)).toBe('r-6');
      expect(await call('r-6', '李四', null)).toBe('r-6');
      // a registration never overwrites a caller
      await store.putPeople([{ id: 'r-1', name: '冒名', tel: null }]);
      expect(await store.getPeople(['p-1', 'r-1', 'r-2', 'r-4'])).toEqual([
        { id: 'p-1', name: '张三', tel: '138', kind: 'staff', anonymous: false },
        { id: 'r-1', name: '李四四', tel: '138', kind: 'caller', anonymous: false },
        { id: 'r-4', name: '李四', tel: '138', kind: 'caller', anonymous: true },
      ]);
    });

    it('finds the entries that name a file, as original, shown version or thumbnail', async () => {
      const store = await open();
      const h = (n: number) => n.toString(16).repeat(64);
      const file = (incident: string, hash: string, shown: string, thumb: string | null): Fact => ({
        kind: 'incident.attached',
        body: { incident, hash, kind: thumb ? 'photo' : 'pdf', type: 'x/y', bytes: 1, name: 'x', shown, thumb },
      });
      const facts = [file('i-1', h(1), h(2), h(3)), file('i-2', h(4), h(4), null), file('i-3', h(1), h(2), h(3))];
      const group: EntryRow[] = [];
      for (const [i, fact] of facts.entries()) {
        const sealed = seal(fact, { prev: group.at(-1)?.hash ?? GENESIS, seq: seq(i + 1), at: epochMs(T0), actor: 'op' });
        group.push(sealed.row);
      }
      await store.appendEntries(group);
      for (const n of [1, 2, 3]) expect(seqs(await store.attachedAs(h(n)))).toEqual([1, 3]);
      expect(seqs(await store.attachedAs(h(4)))).toEqual([2]);
      expect(await store.attachedAs(h(5))).toEqual([]);
      expect((await store.attachedHashes([h(3), h(4), h(5)])).sort()).toEqual([h(3), h(4)]);
      expect(await store.attachedHashes([])).toEqual([]);
    });

    it('applies each migration once, two starting servers after one another, and notices an edited or unknown one', async () => {
      const { url } = await freshDatabase(on?.binaries);
      const clients = (await Promise.all([1, 2].map(() => openStore({ dataDir: '', databaseUrl: url }, { own: false })))) as PgStore[];
      const [one, two] = await Promise.all(clients.map((c) => c.pool.connect()));
      const known = readMigrations();
      const done = await Promise.all([migrate(one!), migrate(two!)]);
      expect(done.sort()).toEqual([0, known.length]);
      const edited = known.map((m) => ({ ...m, checksum: '0' }));
      await expect(migrate(one!, edited)).rejects.toThrow(/001-ledger\.sql was edited after it was applied/);
      await expect(migrate(one!, known.slice(0, 1))).rejects.toThrow(/does not know: use a newer one/);
      // a migration that fails leaves nothing behind
      const bad = { number: known.length + 1, name: '999-bad.sql', sql: 'CREATE TABLE half (n int); SELECT 1/0', checksum: 'b' };
      await expect(migrate(one!, [...known, bad])).rejects.toThrow(/division by zero/);
      expect((await one!.query(`SELECT to_regclass('half') AS t`)).rows[0].t).toBeNull();
      one!.release();
      two!.release();
      for (const c of clients) await c.close();
    });
  });

describe('DATABASE_URL', () => {
  it('that leads nowhere is explained without its password', async () => {
    const failed = await openStore({ dataDir: '', databaseUrl: 'postgresql://me:S3CRET@127.0.0.1:1/none' }).catch((e: Error) => e);
    expect(failed).toBeInstanceOf(StoreUnavailableError);
    expect(String(failed)).toMatch(/cannot be reached \(ECONNREFUSED\)/);
    expect(String(failed)).not.toContain('S3CRET');
  });
});
