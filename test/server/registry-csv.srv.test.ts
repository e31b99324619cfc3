import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hoursFromText } from '../../model/hours-text.ts';
import { setupCommand } from '../../setup-cli/commands.ts';
import { LEAVES, middleOf } from '../support/fixture-street.ts';
import { loadFixture, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
const dir = mkdtempSync(join(tmpdir(), 'genglou-csv-'));
beforeAll(async () => {
  server = await startServer();
  await loadFixture(server);
});
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await server?.destroy();
});

async function post(list: string, body: string | Uint8Array, query = '', authorization = `Bearer ${server.adminToken}`) {
  const response = await fetch(`${server.url}/api/v1/registry/${list}.csv${query}`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', authorization },
    body: body as string,
  });
  return { status: response.status, json: await response.json() };
}
const [lng, lat] = middleOf(0);
const world = async () => (await server.get('/api/v1/world')).json;
const facilities = async () => (await server.get('/api/v1/ledger?kind=facilities.registered')).json.entries;

it('a table of facilities, then one of sensors that stand in them, with mark and Chinese headers', async () => {
  const table = `id,kind,name,lng,lat,hours,capacity,since,offers
shed-1,charging-shed,一号充电棚,${lng},${lat},,12,2026-03-01,
home-1,service-centre,幸福家,${lng},${lat},1-5 08:30-17:30; 6 09:00-12:00,,,"1F|餐厅|Canteen|life; 3F|健康小屋||health|dev-1"
`;
  expect(await post('facilities', table)).toMatchObject({ status: 200, json: { rows: 2, seq: expect.any(Number) } });
  const [shed, home] = (await facilities())[0].body.facilities;
  expect(shed).toMatchObject({ id: 'shed-1', area: LEAVES[0], hours: [], capacity: 12, since: Date.parse('2026-03-01T00:00:00+08:00') });
  expect(home.hours).toEqual([
    { days: [1, 2, 3, 4, 5], from: '08:30', to: '17:30' },
    { days: [6], from: '09:00', to: '12:00' },
  ]);
  expect(home.offers).toEqual([
    { name: { zh: '餐厅', en: 'Canteen' }, floor: '1F', tab: 'life' },
    { name: { zh: '健康小屋', en: '健康小屋' }, floor: '3F', tab: 'health', device: 'dev-1' },
  ]);
  const sensors = `\uFEFF编号,类型,名称,经度,纬度,设备,设施\r\nshed-1-gas,gas,"棚内, 燃气",${lng},${lat},shed-1,shed-1\r\n`;
  expect(await post('sensors', sensors)).toMatchObject({ status: 200, json: { rows: 1 } });
  expect((await world()).sensors).toContainEqual(expect.objectContaining({ id: 'shed-1-gas', name: '棚内, 燃气', area: LEAVES[0] }));
});

it('one wrong line, and nothing is registered: every mistake is told by line and column', async () => {
  const before = await world();
  const table = `id,kind,name,lng,lat,facility,area
ok-1,gas,好的,${lng},${lat},,
s 1,gas,空格,${lng},${lat},,
s-2,smoke,未知类型,${lng},${lat},,
s-3,gas,,${lng},abc,,
"s-4",gas,"两
行",${lng},91,nowhere,999
s-5,gas,没有设施,${lng},${lat},nowhere,
ok-1,gas,又一次,${lng},${lat},,
s-6,gas,多了,${lng},${lat},,,,x
`;
  const { status, json } = await post('sensors', table);
  expect(status).toBe(422);
  expect(json.error).toMatchObject({ field: 'line 3, id' });
  expect(json.mistakes.map((m: { line: number; column: string }) => `${m.line} ${m.column}`)).toEqual([
    '3 id',
    '4 kind',
    '5 name',
    '5 lat',
    '7 lat',
    '8 facility',
    '9 id',
    '10 ',
  ]);
  expect(json.total).toBe(8);
  expect((await world()).seq).toBe(before.seq);
});

it('header mistakes, GBK, an empty table, and somebody who may not', async () => {
  const first = async (body: string | Uint8Array, list = 'cameras') => {
    const { status, json } = await post(list, body);
    return [status, json.mistakes[0].line, json.mistakes[0].column, json.mistakes[0].rule];
  };
  expect(await first(`id,name,lng,lat,colour\nc-1,a,${lng},${lat},red\n`)).toEqual([422, 1, 'colour', expect.stringContaining('bearing')]);
  expect(await first(`id,name,lng\nc-1,a,${lng}\n`)).toEqual([422, 1, 'lat', expect.stringContaining('纬度')]);
  const gbk = Buffer.concat([Buffer.from('id,name,lng,lat\nc-1,'), Buffer.from([0xc2, 0xb7, 0xbf, 0xda]), Buffer.from(`,${lng},${lat}\n`)]);
  expect(await first(gbk)).toEqual([422, 1, '', expect.stringContaining('UTF-8')]);
  expect(await first('')).toEqual([422, 1, '', 'the table is empty']);
  expect(await first('id,name,lng,lat\n')).toEqual([422, 1, '', 'no rows below the header']);
  expect(await first('id,name,lng,lat\n"c-1,a')).toEqual([422, expect.any(Number), '', expect.any(String)]);
  expect(await first(`id,kind,name,lng,lat,hours\nf,other,a,${lng},${lat},morning\n`, 'facilities')).toEqual([
    422,
    2,
    'hours',
    expect.stringContaining('1-5 08:30-17:30'),
  ]);
  expect(await first(`id,kind,name,lng,lat\nf,pub,a,${lng},${lat}\n`, 'facilities')).toEqual([
    422,
    2,
    'kind',
    expect.stringContaining('parking'),
  ]);
  expect((await post('cameras', 'x', '', '')).status).toBe(403);
});

it('more mistakes than are told are counted; a dry run registers nothing', async () => {
  const rows = Array.from({ length: 150 }, (_, i) => `c-${i},a,${lng},200`).join('\n');
  const { json } = await post('cameras', `id,name,lng,lat\n${rows}\n`);
  expect([json.total, json.mistakes.length]).toEqual([150, 100]);
  const { seq } = await world();
  expect(await post('cameras', `id,name,lng,lat,bearing\nc-9,路口,${lng},${lat},270\n`, '?dry=1')).toEqual({
    status: 200,
    json: { rows: 1, seq: null },
  });
  expect((await world()).seq).toBe(seq);
});

it('npm run register does it from the command line, and names lines', async () => {
  const run = async (...args: string[]) => {
    const out: string[] = [];
    const io = { env: { DATA_DIR: server.dataDir }, fetch, out: (l: string) => out.push(l), err: (l: string) => out.push(l) };
    const code = await setupCommand(['register', ...args, '--url', server.url], io);
    return { code, out: out.join('\n') };
  };
  const file = join(dir, 'cameras.csv');
  writeFileSync(file, `id,name,lng,lat\nc-7,路口七,${lng},${lat}\n`);
  expect(await run('cameras', file, '--dry')).toMatchObject({ code: 0, out: expect.stringContaining('1') });
  const { seq } = await world();
  expect(await run('cameras', file)).toMatchObject({ code: 0 });
  expect((await world()).seq).toBe(seq + 1);
  writeFileSync(file, `id,name,lng,lat\nc-7,路口七,${lng},\n`);
  expect(await run('cameras', file)).toMatchObject({ code: 1, out: expect.stringContaining(`${file}:2: lat: `) });
  expect(await run('people', file)).toMatchObject({ code: 1, out: expect.stringContaining('sensors, cameras, facilities') });
});

it('npm run mapping tries a file without a centre', async () => {
  const run = async (...args: string[]) => {
    const out: string[] = [];
    const io = { env: {}, fetch, out: (l: string) => out.push(l), err: (l: string) => out.push(l) };
    const code = await setupCommand(['mapping', 'check', ...args], io);
    return { code, out: out.join('\n') };
  };
  const file = 'docs/examples/mapping-zigbee2mqtt.json';
  expect(await run(file)).toMatchObject({ code: 0, out: expect.stringContaining('zigbee2mqtt/+') });
  const tried = await run(file, '--topic', 'zigbee2mqtt/z-1', '--message', '{"temperature":21,"contact":"x"}');
  expect(tried).toMatchObject({ code: 1, out: expect.stringContaining('z-1-temperature = 21') });
  expect(tried.out).toContain('readings.6.value');
  expect(await run(file, '--topic', 'elsewhere', '--message', '{}')).toMatchObject({ code: 1 });
  writeFileSync(join(dir, 'm.json'), '{"mappings":[{"name":"a","topic":"b/#/c","readings":[]}]}');
  expect(await run(join(dir, 'm.json'))).toMatchObject({ code: 1, out: expect.stringContaining('a: topic: # stands at the end') });
});

it('hours are written as people write them', () => {
  expect(hoursFromText('22:00-06:00')).toEqual([{ days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '06:00' }]);
  expect(hoursFromText('6-1,3 08:00-24:00')).toEqual([{ days: [1, 3, 6, 7], from: '08:00', to: '24:00' }]);
  expect(hoursFromText('全天')).toEqual([]);
  for (const text of ['', ';', '8:00-9:00', '08:00', '1-8 08:00-09:00', '08:00-25:00']) expect(hoursFromText(text)).toBeTypeOf('string');
});
