import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDoorkeeper, originAllowed } from '../../server/auth/actor.ts';
import { openAdminToken } from '../../server/auth/admin-token.ts';
import { isLoopback } from '../../server/auth/loopback.ts';
import { hashPassword, verifyPassword } from '../../server/auth/password.ts';
import type { Account } from '../../server/store/store.ts';

const keeper = (accounts: Account[] = [], host = '127.0.0.1') =>
  openDoorkeeper({
    store: { countAccounts: async () => accounts.length, getAccount: async (name) => accounts.find((a) => a.name === name) ?? null },
    adminToken: 'the-token-of-this-test-0123456789',
    host,
  });
const local = { host: 'localhost:8080' };
const basic = (pair: string) => ({ ...local, authorization: `Basic ${Buffer.from(pair).toString('base64')}` });

test('a password is kept as a salted hash that only it opens', async () => {
  const [a, b] = [await hashPassword('correct horse'), await hashPassword('correct horse')];
  expect(a).not.toBe(b);
  expect(a).not.toContain('correct');
  expect(await verifyPassword('correct horse', a)).toBe(true);
  expect(await verifyPassword('correct horsf', a)).toBe(false);
  expect(await verifyPassword('correct horse', 'plain')).toBe(false);
});

test('the demonstration signs in a visitor of this machine, nobody else', async () => {
  const k = await keeper();
  expect(k.isDemo()).toBe(true);
  expect(await k.actorOf(local, '127.0.0.1')).toMatchObject({ id: 'demo-operator', role: 'supervisor' });
  expect(await k.actorOf(local, '::ffff:127.0.0.1')).not.toBeNull();
  expect(await k.actorOf(local, '192.0.2.7')).toBeNull();
  expect(await k.actorOf(local, undefined)).toBeNull();
  expect(await k.actorOf({ host: 'rebound.example' }, '127.0.0.1')).toBeNull();
  expect(await k.actorOf({}, '127.0.0.1')).toBeNull();
  expect(await k.actorOf({ ...local, authorization: 'Bearer wrong' }, '127.0.0.1')).toBeNull();
});

test('token and account each open with their own credentials', async () => {
  const accounts = [{ name: 'li', role: 'leader', area: '510107062001', passwordHash: await hashPassword('li opens this') }];
  const k = await keeper(accounts);
  expect(k.isDemo()).toBe(false);
  expect(await k.actorOf(local, '127.0.0.1')).toBeNull();
  expect(await k.actorOf({ ...local, authorization: 'Bearer the-token-of-this-test-0123456789' }, '192.0.2.7')).toMatchObject({
    role: 'admin',
  });
  for (let again = 0; again < 2; again++) {
    expect(await k.actorOf(basic('li:li opens this'), '192.0.2.7')).toEqual({ id: 'li', role: 'leader', area: '510107062001' });
    expect(await k.actorOf(basic('li:li opens that'), '192.0.2.7')).toBeNull();
  }
  expect(await k.actorOf(basic('wang:li opens this'), '192.0.2.7')).toBeNull();
  expect(await k.actorOf(basic('no colon'), '192.0.2.7')).toBeNull();
  accounts[0] = { ...accounts[0]!, passwordHash: await hashPassword('a new one now') };
  expect(await k.actorOf(basic('li:li opens this'), '192.0.2.7')).toBeNull();
});

test('an address reachable from outside without an account is refused', async () => {
  await expect(keeper([], '0.0.0.0')).rejects.toThrow('npm run admin -- create');
  await expect(keeper([], 'example.org')).rejects.toThrow();
  for (const host of ['localhost', '127.0.0.1', '127.8.8.8', '::1', '[::1]']) expect(isLoopback(host)).toBe(true);
  for (const host of ['127.0.0.1.example.org', '0.0.0.0', '10.0.0.1', '::', '']) expect(isLoopback(host)).toBe(false);
});

test('only our own pages are of our origin', () => {
  const ok = (origin: string | undefined, host: string | undefined, more = {}) => originAllowed({ origin, host, ...more });
  expect(ok('http://localhost:8080', 'localhost:8080')).toBe(true);
  expect(ok('https://wall.example', 'wall.example')).toBe(true);
  expect(ok(undefined, 'localhost:8080')).toBe(true);
  expect(ok('http://localhost:9999', 'localhost:8080')).toBe(false);
  expect(ok('http://evil.example', 'localhost:8080')).toBe(false);
  expect(ok('null', 'localhost:8080')).toBe(false);
  expect(ok('http://localhost', undefined)).toBe(false);
  expect(ok(undefined, 'localhost:8080', { 'sec-fetch-site': 'cross-site' })).toBe(false);
});

test('the admin token is made once, kept, and taken back into its owner’s hands', () => {
  const dir = mkdtempSync(join(tmpdir(), 'genglou-token-'));
  try {
    const token = openAdminToken(dir);
    expect(token.length).toBeGreaterThanOrEqual(32);
    writeFileSync(join(dir, 'admin.token'), token, { mode: 0o644 });
    expect(openAdminToken(dir)).toBe(token);
    expect(statSync(join(dir, 'admin.token')).mode & 0o777).toBe(0o600);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
