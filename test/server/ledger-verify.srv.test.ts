import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { epochMs } from '../../model/brand.ts';
import type { Decision } from '../../model/incident-step.ts';
import type { Fact } from '../../model/ledger.ts';
import { decideWhistle, decideWhistleAct } from '../../model/whistle-step.ts';
import { emptyWorld } from '../../model/world.ts';
import { main } from '../../server/ledger/cli.ts';
import { HEAD_FILE } from '../../server/ledger/head-file.ts';
import { openLedger } from '../../server/ledger/open-ledger.ts';
import { hashOf } from '../../server/ledger/rows.ts';
import { openStore } from '../../server/store/postgres.ts';
import { drawnAct, lawful } from '../support/facts.ts';
import { freshDir, freshStore } from '../support/postgres.ts';
import { Walked } from '../support/walk.ts';

/** A ledger of 30 entries, closed (so with a snapshot and a head file), and a way to meddle with its rows behind its back. */
async function closedLedger(facts?: readonly Fact[]) {
  const fresh = await freshStore();
  const dataDir = freshDir();
  const ledger = await openLedger(fresh.store, { headFile: join(dataDir, HEAD_FILE) });
  const reports = Array.from({ length: 30 }, (_, i) =>
    lawful(emptyWorld, { pick: 0, a: i, b: i, gapMs: 0 }, epochMs(1_700_000_000_000), i),
  );
  for (const { kind, body } of facts ?? reports) await ledger.append('op', () => [{ kind, body } as Fact]);
  await ledger.close();
  const meddle = async (...statements: string[]) => {
    await fresh.store.pool.query('ALTER TABLE ledger DISABLE TRIGGER ALL');
    for (const sql of statements) await fresh.store.pool.query(sql);
    await fresh.store.pool.query('ALTER TABLE ledger ENABLE ALWAYS TRIGGER ledger_append_only');
  };
  const verify = async (...args: string[]) => {
    const lines: string[] = [];
    const code = await main(['verify', ...args], { DATABASE_URL: fresh.url, DATA_DIR: dataDir }, (line) => lines.push(line));
    return { code, text: lines.join('\n') };
  };
  return { ...fresh, ledger, meddle, verify, dataDir };
}

/** The same with the whole history of one incident: every kind of step, a whistle, a file, between entries of others. */
async function oneHistory() {
  const walked = new Walked();
  walked.report('i-0', { category: 'quarrel' });
  walked.report('i-1');
  const append = (decision: Decision) => decision.ok && walked.append(decision.facts);
  append(decideWhistle(walked.world, 'i-0', { kind: 'urgent', grounds: 'joint', text: '请到场', departments: ['urban'] }, null, walked.at));
  for (const act of ['urge', 'answer', 'arrive', 'release', 'rate'] as const)
    append(decideWhistleAct(walked.world, 'i-0', drawnAct(act, 1, 'urban'), null));
  const hash = 'a'.repeat(64);
  const file = { hash, kind: 'photo' as const, type: 'image/jpeg', bytes: 9, name: '现场.jpg', shown: hash, thumb: null };
  walked.append([{ kind: 'incident.attached', body: { incident: 'i-0', ...file } }]);
  walked.walk('i-0', 'file', 'dispatch', 'ask-extension', 'grant-extension', 'reinforce', 'join', 'suspend', 'resume', 'dispatch');
  walked.walk('i-1', 'file', 'dispatch');
  walked.walk('i-0', 'accept', 'mediate', 'agree', 'rework', 'escalate', 'arrive', 'note', 'agree', 'revisit', 'close', 'rate', 'reopen');
  walked.walk('i-1', 'handle');
  const fresh = await closedLedger(walked.entries);
  const history = (await fresh.store.readEntries({ subject: 'i-0', limit: 100 })).slice(0, -1);
  return { ...fresh, history };
}

describe('npm run ledger -- verify', () => {
  it('finds nothing wrong with an honest ledger, also beside its running owner', async () => {
    const { verify, ledger } = await closedLedger();
    const { code, text } = await verify();
    expect(text).toContain('all 30 entries are in order');
    expect(text).toContain(`head 30:${ledger.world.head}`);
    expect(code).toBe(0);
  });

  it.each([
    ['an edited body', [`UPDATE ledger SET body = replace(body, '事件 11', '事件 12') WHERE seq = 12`], /entry 12 was changed/],
    ['an edited actor', [`UPDATE ledger SET actor = 'x' WHERE seq = 7`], /entry 7 was changed/],
    ['an edited time', ['UPDATE ledger SET at = at + 1 WHERE seq = 3'], /entry 3 was changed/],
    ['an edited subject', [`UPDATE ledger SET subject = 'i-9' WHERE seq = 2`], /entry 2 was changed: its subject/],
    ['a deleted entry', ['DELETE FROM ledger WHERE seq = 20'], /entry 20 is missing: entry 21 follows entry 19/],
    ['a deleted beginning', ['DELETE FROM ledger WHERE seq < 4'], /entry 1 is missing/],
    [
      'two entries that changed places',
      [
        'UPDATE ledger SET seq = 1000 WHERE seq = 9',
        'UPDATE ledger SET seq = 9 WHERE seq = 10',
        'UPDATE ledger SET seq = 10 WHERE seq = 1000',
      ],
      /entry 9 was changed/,
    ],
    ['a ledger cut short', ['DELETE FROM ledger WHERE seq > 25'], /entries 26 to 30 are missing at the end: the head file knows entry 30/],
    ['a ledger cut short by one', ['DELETE FROM ledger WHERE seq = 30', 'DELETE FROM snapshots'], /entry 30 is missing at the end/],
    ['an emptied ledger', ['TRUNCATE ledger'], /entries 1 to 30 are missing at the end/],
  ])('names %s', async (_, statements, message) => {
    const { verify, meddle } = await closedLedger();
    await meddle(...statements);
    const { code, text } = await verify();
    expect(text).toMatch(message);
    expect(code).toBe(1);
  });

  it('sees a cut by the snapshot when the head file is gone, and a whole rewrite by either', async () => {
    const { verify, meddle, dataDir, store } = await closedLedger();
    const rows = await store.readEntries({ limit: 100 });
    // a careful forger changes entry 5 and recomputes every hash after it
    let prev = rows[3]!.hash;
    const changes = rows.slice(4).map((row) => {
      const body = row.body.replace('事件 4"', '假的"');
      const hash = hashOf({ ...row, prev }, body);
      const sql = `UPDATE ledger SET body = '${body}', prev = '\\x${prev}', hash = '\\x${hash}' WHERE seq = ${row.seq}`;
      prev = hash;
      return sql;
    });
    await meddle(...changes);
    expect((await verify()).text).toMatch(/entry 30 is not the one the head file knows: the ledger was rewritten/);
    writeFileSync(join(dataDir, HEAD_FILE), `30:${prev}\n`);
    expect((await verify()).text).toMatch(/entry 30 is not the one a snapshot knows/);
    await store.pool.query('DELETE FROM snapshots');
    expect((await verify()).code).toBe(0); // both kept with the ledger, both forged: only a head kept elsewhere helps
    const kept = await verify('--head', `29:${rows[28]!.hash}`);
    expect(kept.text).toMatch(/entry 29 is not the one --head knows/);
    expect(kept.code).toBe(1);
  });

  it('names the first wrong row whichever entry of an incident’s history is edited, deleted, moved or cut off', async () => {
    const { store, meddle, verify, history } = await oneHistory();
    const copy = async () => {
      await meddle('DELETE FROM ledger', 'INSERT INTO ledger SELECT * FROM kept');
      expect((await verify()).code).toBe(0);
    };
    await store.pool.query('CREATE TABLE kept AS SELECT * FROM ledger');
    expect(new Set(history.map((r) => r.kind)).size).toBeGreaterThan(20);
    for (const [n, { seq, body }] of history.entries()) {
      // one edit a row, in turn; every third row is also deleted or moved
      const edits = [
        `UPDATE ledger SET body = '${body.replace(/}$/, ',"zz":1}').replaceAll("'", "''")}' WHERE seq = ${seq}`,
        `UPDATE ledger SET actor = 'somebody' WHERE seq = ${seq}`,
        `UPDATE ledger SET at = at - 1 WHERE seq = ${seq}`,
        `UPDATE ledger SET kind = 'incident.nothing' WHERE seq = ${seq}`,
      ];
      await meddle(edits[n % edits.length]!);
      const edited = await verify();
      expect([edited.code, edited.text]).toEqual([1, expect.stringContaining(`WRONG: entry ${seq} was changed`)]);
      expect(edited.text).toContain(`last good entry ${seq - 1}:`);
      if (n % 3 === 0) {
        await copy();
        await meddle(`DELETE FROM ledger WHERE seq = ${seq}`);
        expect((await verify()).text).toContain(`entry ${seq} is missing: entry ${seq + 1} follows entry ${seq - 1}`);
        await copy();
        const swap = [`SET seq = 0 - seq WHERE seq IN (${seq}, ${seq + 1})`, `SET seq = ${2 * seq + 1} + seq WHERE seq < 0`];
        await meddle('ALTER TABLE ledger DROP CONSTRAINT IF EXISTS ledger_seq_check', ...swap.map((sql) => `UPDATE ledger ${sql}`));
        expect((await verify()).text).toContain(`WRONG: entry ${seq} was changed`);
        await copy();
        await meddle(`DELETE FROM ledger WHERE seq > ${seq}`);
        expect((await verify()).text).toMatch(new RegExp(`WRONG: entr(y|ies) ${seq + 1} .*missing at the end: the head file knows entry`));
      }
      await copy();
    }
  });

  it('explains itself when it cannot look', async () => {
    const lines: string[] = [];
    const run = (args: string[], env: Record<string, string>) => main(args, env, (line) => lines.push(line));
    expect(await run(['verify', '--head', 'nonsense'], {})).toBe(2);
    expect(lines.pop()).toMatch(/--head: must be SEQ:HASH/);
    expect(await run(['burn'], {})).toBe(2);
    expect(lines.pop()).toMatch(/usage/);
    expect(await run(['verify'], { DATABASE_URL: 'postgresql://me:secret@127.0.0.1:1/none' })).toBe(2);
    expect(lines.pop()).toMatch(/cannot be reached/);
    expect(lines.join()).not.toContain('secret');
  });

  it('reads an embedded database, whether its server runs or not', async () => {
    const dataDir = freshDir();
    mkdirSync(dataDir, { recursive: true });
    const store = await openStore({ dataDir, databaseUrl: null }, { embedded: { fsync: false } });
    const ledger = await openLedger(store, { headFile: join(dataDir, HEAD_FILE) });
    await ledger.append('op', () => [lawful(emptyWorld, { pick: 0, a: 1, b: 1, gapMs: 0 }, epochMs(1_700_000_000_000), 1)]);
    const lines: string[] = [];
    expect(await main(['verify'], { DATA_DIR: dataDir }, (line) => lines.push(line))).toBe(0);
    await ledger.close();
    await store.close();
    expect(await main(['verify'], { DATA_DIR: dataDir }, (line) => lines.push(line))).toBe(0);
    expect(lines.filter((line) => line === 'all 1 entries are in order')).toHaveLength(2);
  });
});
