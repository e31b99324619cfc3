import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GRACE_MS, openFiles } from '../../server/attachments/files.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'genglou-files-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const T0 = Date.parse('2026-11-22T04:00:00Z');
async function* pieces(...parts: string[]) {
  for (const p of parts) yield Buffer.from(p);
}
/** A store of files whose clock the test moves. */
async function files() {
  const clock = { now: Date.now() };
  const opened = await openFiles(root, () => clock.now);
  const path = (hash: string) => join(opened.pathOf(hash).root, opened.pathOf(hash).path);
  return { ...opened, clock, at: path };
}
const nobody = async () => [];

test('a file lies under its hash when it is kept, and nowhere before', async () => {
  const f = await files();
  const arrived = await f.receive(pieces('ab', 'cd'), 4);
  expect(arrived).toMatchObject({ bytes: 4, hash: '88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589' });
  expect(existsSync(f.at(arrived.hash))).toBe(false);
  await f.keep(arrived);
  expect(readFileSync(f.at(arrived.hash), 'utf8')).toBe('abcd');
  expect(f.pathOf(arrived.hash).path).toBe(join('88', arrived.hash.slice(2)));
  expect(readdirSync(join(root, 'arriving'))).toEqual([]);
  await f.keep(await f.receive(pieces('abcd'), 4));
  expect(readdirSync(join(root, '88'))).toHaveLength(1);
});

test('too much, nothing, and a sender who breaks off leave nothing behind', async () => {
  const f = await files();
  async function* broken() {
    yield Buffer.from('ab');
    throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
  }
  await expect(f.receive(pieces('ab', 'cde'), 4)).rejects.toMatchObject({ status: 413, rule: 'larger than 4 bytes' });
  await expect(f.receive(pieces(), 4)).rejects.toMatchObject({ status: 400 });
  await expect(f.receive(broken(), 4)).rejects.toMatchObject({ status: 400, rule: 'the sender broke off' });
  expect(readdirSync(join(root, 'arriving'))).toEqual([]);
});

test('a sweep takes what is old and named by nobody, and nothing else', async () => {
  const f = await files();
  const [named, leftover] = [await f.put(Buffer.from('named')), await f.put(Buffer.from('leftover'))];
  const arriving = join(root, 'arriving', 'cut-off');
  writeFileSync(arriving, 'half');
  writeFileSync(join(root, 'swept-by-nobody.txt'), 'of somebody else');
  const ask = async (hashes: readonly string[]) => hashes.filter((h) => h === named);
  expect(await f.sweep(ask)).toBe(0); // within the grace time
  f.clock.now += GRACE_MS + 60_000;
  expect(await f.sweep(ask)).toBe(2);
  expect([existsSync(f.at(named)), existsSync(f.at(leftover)), existsSync(arriving)]).toEqual([true, false, false]);
  expect(existsSync(join(root, 'swept-by-nobody.txt'))).toBe(true);
});

test('a leftover that is sent anew while the ledger is asked about it stays', async () => {
  const f = await files();
  const hash = await f.put(Buffer.from('again'));
  const old = new Date(T0 - 10 * GRACE_MS);
  utimesSync(f.at(hash), old, old);
  const gone = await f.sweep(async () => {
    await f.put(Buffer.from('again'));
    return nobody();
  });
  expect(gone).toBe(0);
  expect(existsSync(f.at(hash))).toBe(true);
});
