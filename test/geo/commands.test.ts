import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { geoCommand } from '../../geo/commands.ts';
import { chengduLevels } from '../../model/area.ts';
import { zCentre } from '../../model/centre.ts';

const dir = mkdtempSync(join(tmpdir(), 'geo-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const square = (code: string, x: number, parent: string | null, width = 1) => ({
  type: 'Feature',
  properties: { id: code, name: `区${code}`, kind: parent ? 'community' : 'street', up: parent },
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [x, 0],
        [x + width, 0],
        [x + width, 1],
        [x, 1],
        [x, 0],
      ].map(([i, j]) => [104 + i! / 100, 30.6 + j! / 100]),
    ],
  },
});
const file = (name: string, content: unknown) => {
  const path = join(dir, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};
const STREET = '510107062';
const good = file('good.geojson', {
  type: 'FeatureCollection',
  features: [square(STREET, 0, null, 2), square(`${STREET}001`, 0, STREET), square(`${STREET}002`, 1, STREET)],
});
const bad = file('bad.geojson', { type: 'FeatureCollection', features: [square(STREET, 0, null, 2), square(`${STREET}001`, 0, STREET)] });
const mapping = ['--code-property', 'id', '--level-property', 'kind', '--parent-property', 'up'];
const token = file('admin.token', 'secret-token\n');

/** A centre that answers as the API says and remembers what it was sent. */
const asked: { url: string; authorization: string | undefined; body: string }[] = [];
let status = 200;
/** the centre the server already has; null = an empty start */
let standing: string | null = STREET;
const centre = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  asked.push({ url: request.url!, authorization: request.headers.authorization, body });
  const found = request.url!.startsWith('/api/v1/areas/locate')
    ? { path: [{ code: STREET, level: 'street', name: '街' }] }
    : request.url === '/api/v1/session'
      ? { centre: standing }
      : { version: 3, hash: 'ab'.repeat(32), areas: 3 };
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify(status === 200 ? found : { error: { field: 'at', rule: 'too early' } }));
});
beforeAll(() => new Promise<void>((done) => void centre.listen(0, '127.0.0.1', done)));
afterAll(() => new Promise((done) => centre.close(done)));
const url = () => `http://127.0.0.1:${(centre.address() as AddressInfo).port}`;

async function geo(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await geoCommand(args, { env: {}, fetch, out: (l) => out.push(l), err: (l) => err.push(l) });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('npm run geo', () => {
  it('import sends sound boundaries to the centre in our own property names, with the admin token', async () => {
    asked.length = 0;
    const run = await geo('import', good, ...mapping, '--url', url(), '--token-file', token, '--valid-from', '2026-11-22T00:00:00+08:00');
    expect(run).toMatchObject({ code: 0, err: '' });
    expect(run.out).toContain('错误 0');
    expect(run.out).toContain('version 3');
    expect(asked.map((a) => a.url)).toEqual(['/api/v1/session', '/api/v1/boundaries']);
    expect(asked[1]).toMatchObject({ authorization: 'Bearer secret-token' });
    const body = JSON.parse(asked[1]!.body);
    expect(body.validFrom).toBe('2026-11-21T16:00:00.000Z');
    expect(body.geojson.features[1].properties).toEqual({
      code: `${STREET}001`,
      name: `区${STREET}001`,
      level: 'community',
      parent: STREET,
      households: 0,
      people: 0,
    });
  });

  it('import into a server without a centre sets one up first, named after the outermost area', async () => {
    asked.length = 0;
    standing = null;
    const run = await geo('import', good, ...mapping, '--url', url(), '--token-file', token);
    standing = STREET;
    expect(run).toMatchObject({ code: 0, err: '' });
    expect(asked.map((a) => a.url)).toEqual(['/api/v1/session', '/api/v1/centre', '/api/v1/boundaries']);
    expect(zCentre.parse(JSON.parse(asked[1]!.body))).toMatchObject({ code: STREET, levels: chengduLevels });
  });

  it('import of faulty boundaries exits with 1 and asks the centre for nothing', async () => {
    asked.length = 0;
    const run = await geo('import', bad, ...mapping, '--url', url(), '--token-file', token);
    expect(run.code).toBe(1);
    expect(run.out).toMatch(/错误 {2}gap .*没有下级区域.* @ 104\.01/);
    expect(run.err).toContain('nothing was changed');
    expect(asked).toEqual([]);
  });

  it('check and --dry-run send nothing', async () => {
    asked.length = 0;
    expect((await geo('check', good, ...mapping)).code).toBe(0);
    expect((await geo('import', good, ...mapping, '--dry-run', '--lang', 'en')).out).toContain('0 errors');
    expect((await geo('check', bad, ...mapping)).code).toBe(1);
    expect(asked).toEqual([]);
  });

  it('a refusal of the centre is told and exits with 1', async () => {
    status = 422;
    const run = await geo('import', good, ...mapping, '--url', url(), '--token-file', token);
    status = 200;
    expect(run.code).toBe(1);
    expect(run.err).toContain('too early');
  });

  it('locate answers from a file or from the centre', async () => {
    const run = await geo('locate', '104.005', '30.605', '--file', good, ...mapping);
    expect(run.out.split('\n')).toEqual([`${STREET}  street  区${STREET}`, `${STREET}001  community  区${STREET}001`]);
    expect((await geo('locate', '-70', '-30.605', '--file', good, ...mapping)).code).toBe(1);
    expect((await geo('locate', '104.005', '30.605', '--url', url())).out).toBe(`${STREET}  street  街`);
  });

  it('says what is wrong with a command line, in one line', async () => {
    const rows: [string[], string][] = [
      [['fly'], 'no such command'],
      [['check'], 'FILE'],
      [['check', join(dir, 'none')], 'cannot be read'],
      [['check', token], 'not JSON'],
      [['check', good, '--crs', 'utm'], '--crs utm'],
      [['import', good, ...mapping, '--token-file', join(dir, 'none')], 'no admin token'],
      [['import', good, ...mapping, '--token-file', token, '--valid-from', 'soon'], '--valid-from soon'],
      [['import', good, ...mapping, '--token-file', token, '--url', 'http://127.0.0.1:1'], 'no centre answers'],
      [['locate', '30.6', '104'], 'LNG LAT'],
      [['synth'], '--city'],
      [['synth', '--city', '--seed', 'x'], '--seed x'],
      [['check', good, '--bogus'], '--bogus'],
    ];
    for (const [args, text] of rows) {
      const run = await geo(...args);
      expect(run.code).toBe(1);
      expect(run.err).toContain(text);
      expect(run.err.startsWith('geo: ')).toBe(true);
    }
    expect((await geo('--help')).code).toBe(0);
    expect((await geo('--help')).out).toContain('--code-property');
  });

  it('synth writes GeoJSON', async () => {
    const out = join(dir, 'streets.geojson');
    expect((await geo('synth', '--city', '--only', 'street', '--out', out)).code).toBe(0);
    const streets = JSON.parse(readFileSync(out, 'utf8'));
    expect(streets.features).toHaveLength(261);
    expect((await geo('check', out)).out).toContain('错误 0');
  });
});
