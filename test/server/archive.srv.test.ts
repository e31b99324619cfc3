import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { Incident } from '../../model/incident.ts';
import { factsOf } from '../../model/incident-facts.ts';
import { staysOf } from '../../model/incident-history.ts';
import { type Reported, repeats } from '../../model/incident-kpi.ts';
import { ARCHIVE_FORMAT, openArchive, reindex } from '../../server/archive.ts';
import { columnOf, factColumns } from '../../server/store/incident-sql.ts';
import type { PgStore } from '../../server/store/postgres.ts';
import { arbDraw } from '../support/facts.ts';
import { openPast } from '../support/past.ts';
import { freshStore } from '../support/postgres.ts';
import { loadFixture, startServer, tempDataDir } from '../support/server.ts';

const draws = (n: number) => fc.array(arbDraw, { minLength: n, maxLength: n });
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value));
const failures: unknown[] = [];
afterEach(() => expect(failures).toEqual([]));
const open = (store: PgStore, ledger: Parameters<typeof openArchive>[0]['ledger']) =>
  openArchive({ ledger, store, incidents: store.incidents, onError: (e) => failures.push(e) });

async function tables(store: PgStore) {
  const [docs, rows, stays, mark] = await Promise.all([
    store.pool.query('SELECT id, doc FROM incident_docs ORDER BY id'),
    store.pool.query('SELECT * FROM incidents ORDER BY id'),
    store.pool.query('SELECT * FROM incident_stays ORDER BY incident, n'),
    store.pool.query('SELECT * FROM incident_mark'),
  ]);
  return { docs: docs.rows.map((r) => JSON.parse(r.doc) as Incident), rows: rows.rows, stays: stays.rows, mark: mark.rows };
}
type Tables = Awaited<ReturnType<typeof tables>>;

/** The tables hold exactly these incidents, and what follows from them. */
function expectFolded({ docs, rows, stays }: Tables, held: ReadonlyMap<string, Incident>) {
  const all = [...held.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  expect(docs).toEqual(plain(all));
  expect(rows.map((r) => r.id)).toEqual(all.map((i) => i.id));
  const byReport = [...rows].sort((a, b) => a.first - b.first).map((r) => held.get(r.id)!);
  all.forEach((i, k) => {
    const row = rows[k];
    const facts = factsOf(i);
    for (const field of Object.keys(factColumns) as (keyof typeof facts)[])
      expect([i.id, field, row[columnOf(field)]]).toEqual([i.id, field, facts[field]]);
    const said = (x: Incident): Reported => x;
    const earlier = byReport.slice(0, byReport.indexOf(i)).map(said);
    expect([i.id, row.repeat_of]).toEqual([i.id, repeats(i, earlier, i.into === null ? null : (held.get(i.into) ?? null))]);
  });
  expect(stays.map(({ incident, came_at, left_at, n: _, ...s }) => ({ incident, ...s, from: came_at, to: left_at }))).toEqual(
    all.flatMap((i) => staysOf(i).map((s) => ({ incident: i.id, ...s }))),
  );
}

describe('the read model', () => {
  test('equals the fold of the ledger after random facts, also when it was stopped in between, and when it is made anew', async () => {
    let repeated = 0;
    await fc.assert(
      fc.asyncProperty(draws(60), draws(60), draws(60), async (first, missed, last) => {
        const { store, drop } = await freshStore();
        const past = await openPast(store);
        const before = await open(store, past.ledger);
        await past.grow(first);
        await before.close();
        await past.grow(missed);
        const after = await open(store, past.ledger);
        await past.grow(last);
        expect(await after.reached(past.ledger.world.seq, 60_000)).toBe(true);
        await after.close();
        const followed = await tables(store);
        expectFolded(followed, past.held);
        expect(followed.mark).toMatchObject([{ seq: past.ledger.world.seq, head: past.ledger.world.head, day: past.ledger.world.day }]);
        repeated += followed.rows.filter((r) => r.repeat_of !== null).length;

        expect(await reindex(store, store.incidents, past.ledger.world.seq)).toBe(past.ledger.world.seq);
        expect(await tables(store)).toEqual(followed);
        await past.ledger.close();
        await store.close();
        await drop();
      }),
      { numRuns: 5, endOnFailure: true },
    );
    expect(repeated).toBeGreaterThan(0); // the draws do repeat complaints
  });

  test('of another format or another ledger it is made anew at the start', async () => {
    const { store } = await freshStore();
    const past = await openPast(store);
    await past.grow(fc.sample(draws(80), { numRuns: 1, seed: 7 })[0]!);
    const seq = past.ledger.world.seq;
    for (const spoil of [`format = ${ARCHIVE_FORMAT + 1}`, `head = '${'f'.repeat(64)}'`, 'seq = seq + 1000']) {
      const first = await open(store, past.ledger);
      expect(await first.reached(seq, 60_000)).toBe(true);
      await first.close();
      const good = await tables(store);
      await store.pool.query(`UPDATE incident_mark SET ${spoil}`);
      await store.pool.query(`UPDATE incidents SET title = 'spoilt'`);
      const second = await open(store, past.ledger);
      expect(await second.reached(seq, 60_000)).toBe(true);
      await second.close();
      expect(await tables(store)).toEqual(good);
    }
    expectFolded(await tables(store), past.held);
    await past.ledger.close();
  });

  test('is never ahead of the ledger, and two who fold do not both write', async () => {
    const { store } = await freshStore();
    const past = await openPast(store);
    const errors: unknown[] = [];
    const parts = { ledger: past.ledger, store, incidents: store.incidents, onError: (e: unknown) => errors.push(e) };
    const [a, b] = [await openArchive(parts), await openArchive(parts)];
    for (const d of fc.sample(draws(60), { numRuns: 1, seed: 3 })[0]!) {
      await past.grow([d]);
      const { rows } = await store.pool.query('SELECT m.seq AS m, (SELECT max(seq) FROM ledger) AS l FROM incident_mark m');
      expect(rows[0].m).toBeLessThanOrEqual(rows[0].l);
    }
    await a.close();
    expect(await b.reached(past.ledger.world.seq, 60_000)).toBe(true);
    expect(errors.map(String)).toContainEqual(expect.stringContaining('another process folds it'));
    await b.close();
    expectFolded(await tables(store), past.held);
    await past.ledger.close();
  });

  test('goes on after a kill in the middle of an import', async () => {
    const dataDir = tempDataDir();
    let server = await startServer({ dataDir });
    const earlier = encodeURIComponent(new Date(Date.now() - 7_200_000).toISOString());
    await loadFixture({ admin: (path, body) => server.admin(`${path}?at=${earlier}`, body) });
    const at = (n: number) => new Date(Date.now() - 3_600_000 + n).toISOString();
    const facts = Array.from({ length: 1500 }, (_, n) => {
      const incident = `old-${Math.floor(n / 3)}`;
      const body = {
        incident,
        title: `旧案 ${n}`,
        category: 'other',
        priority: 3,
        source: 'hotline',
        at: Date.now() - 4_000_000,
        lngLat: [104.001, 30.601],
        area: null,
        deadline: null,
      };
      if (n % 3 === 0) return { at: at(n), kind: 'incident.reported', body };
      return { at: at(n), kind: n % 3 === 1 ? 'incident.filed' : 'incident.voided', body: { incident, reason: '试验' } };
    });
    let answered = false;
    const importing = server.admin('/api/v1/history', { facts }).then(
      ({ status, json }) => {
        answered = true;
        expect([status, json]).toEqual([200, expect.anything()]);
      },
      () => null,
    );
    await new Promise<void>((resolve) => {
      const look = async () => {
        const world = await server.get('/api/v1/world').catch(() => null);
        if (answered || !world || world.json.seq > 200) resolve();
        else setTimeout(look, 5);
      };
      void look();
    });
    await server.stop('SIGKILL');
    await importing;
    server = await startServer({ dataDir });
    const seq = (await server.get('/api/v1/world')).json.seq as number;
    expect(seq).toBeGreaterThan(200);
    const list = await server.get(`/api/v1/incidents?after=${seq}&limit=1`);
    expect(list.json.seq).toBe(seq);
    const count = async (kind: string) => (await server.get(`/api/v1/ledger?kind=${kind}&limit=5000`)).json.entries.length as number;
    const [reported, filed, voided] = [await count('incident.reported'), await count('incident.filed'), await count('incident.voided')];
    expect(list.json.total).toBe(reported);
    const states = (await server.get('/api/v1/incidents/counts?by=state')).json.rows as { key: string; n: number }[];
    expect(Object.fromEntries(states.map((s) => [s.key, s.n]))).toEqual(
      Object.fromEntries(Object.entries({ reported: reported - filed, filed: filed - voided, void: voided }).filter(([, n]) => n > 0)),
    );
    await server.destroy();
  });
});
