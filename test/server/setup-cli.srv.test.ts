import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { setupCommand } from '../../setup-cli/commands.ts';
import { fixtureCentre, middleOf } from '../support/fixture-street.ts';
import { loadFixture, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
const dir = mkdtempSync(join(tmpdir(), 'genglou-setup-'));
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await server.destroy();
});

const file = (name: string, text: string) => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};
async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const io = { env: { DATA_DIR: server.dataDir }, fetch, out: (l: string) => out.push(l), err: (l: string) => err.push(l) };
  const code = await setupCommand([...args, '--url', server.url], io);
  return { code, out, err };
}
const centre = async () => (await server.get('/api/v1/centre')).json;
const codes = file(
  'codes.tsv',
  'kind\tclass_code\tclass_name\tcode\tname\n管理部件\t01\t公用设施\t01001\t供水井盖\n管理事项\t01\t市容环境\t01001\t私搭乱建\n',
);

it('an empty server has no centre to import into, and says so', async () => {
  expect((await server.get('/api/v1/centre')).status).toBe(404);
  expect(await run('categories', 'import', codes)).toMatchObject({ code: 1, err: [expect.stringContaining('no centre is set up yet')] });
});

it('national categories and a calendar come in through the door, beside what the centre has', async () => {
  await loadFixture(server);
  expect(await run('categories', 'import', codes)).toMatchObject({ code: 0, err: [] });
  expect((await centre()).centre.categories.map((c: { code: string }) => c.code)).toEqual(['manhole', 'gb-c-01001', 'gb-m-01001']);
  const dates = file('dates.csv', 'date,kind,name\n2026-10-01,holiday,国庆节\n2026-10-10,workday,国庆节\n');
  expect(await run('calendar', 'import', dates, '--weekend', '0,6', '--hours', '08:30-12:00,13:30-17:30')).toMatchObject({ code: 0 });
  const after = await centre();
  expect(after.centre).toMatchObject({
    code: fixtureCentre.code,
    boundaryNote: fixtureCentre.boundaryNote,
    calendar: { hours: [{ from: '08:30' }, { to: '17:30' }], holidays: [{ date: '2026-10-01' }], workdays: [{ date: '2026-10-10' }] },
  });
  expect(after.centre.calendar.version).not.toBe('default');
  expect(after.centre.categories).toHaveLength(3);
});

it('a limit imported for a category is the clock of its next incident', async () => {
  const limits = file('limits.csv', 'kind,code,file,handle\n管理事项,01001,10 紧急工作时,2 工作日\n');
  expect(await run('categories', 'import', codes, '--limits', limits)).toMatchObject({ code: 0 });
  const report = { kind: 'incident', at: new Date().toISOString(), lngLat: middleOf(0), category: 'gb-m-01001', title: '私搭乱建' };
  const { json } = await server.post('/api/v1/reports', { reports: [report] });
  const { entries } = (await server.get(`/api/v1/ledger?subject=${json.results[0].id}&kind=incident.reported`)).json;
  const { version } = (await centre()).centre.calendar;
  expect(entries[0].body).toMatchObject({
    fileClock: { n: 10, unit: 'urgent-hour', by: 'category', calendar: version },
    handleClock: { n: 2, unit: 'work-day', by: 'category', calendar: version },
  });
});

it('one wrong line, and nothing is imported', async () => {
  const before = await centre();
  const bad = file('bad.tsv', 'kind\tclass_name\tcode\tname\n管理部件\t设施\t01002\t井盖\n管理部件\t设施\t1002\t井盖\n');
  expect(await run('categories', 'import', bad)).toEqual({
    code: 1,
    out: [],
    err: [`${bad}:3: code: 1002: five digits`, expect.stringContaining('nothing was imported')],
  });
  const dates = file('bad.csv', 'date,kind\n2026-10-32,holiday\n');
  expect((await run('calendar', 'import', dates)).err[0]).toContain(':2: date: 2026-10-32');
  expect(await centre()).toEqual(before);
  expect((await run('calendar', 'import')).code).toBe(1);
  expect((await run('calendars', 'import', codes)).err[0]).toContain('calendars: categories, calendar, register, mapping or replay-boston');
});

const real = '../shared/data/gbt47678-5/codes.tsv';
it.skipIf(!existsSync(real))(`the published codes (${real}) make 403 categories`, async () => {
  expect(await run('categories', 'import', real)).toMatchObject({ code: 0, out: [expect.stringContaining('403')] });
  const { categories } = (await centre()).centre;
  expect(categories.filter((c: { code: string }) => c.code.startsWith('gb-'))).toHaveLength(403);
  // the limit given before is still there
  expect(categories.find((c: { code: string }) => c.code === 'gb-m-01001').limits.handle).toEqual({ n: 2, unit: 'work-day' });
});
