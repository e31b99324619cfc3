import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyZip, pdf, photo, wav } from '../support/files.ts';
import { EAST, middleOf, WEST } from '../support/fixture-street.ts';
import { addAccount, loadFixture, startServer, type TestServer, until } from '../support/server.ts';

let server: TestServer;
const password = 'a long enough one';
const as = (name: string) => ({ authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` });
const desk = as('desk');

beforeAll(async () => {
  server = await startServer();
  await loadFixture(server);
  const accounts = [
    ['desk', 'operator', ''],
    ['east', 'operator', EAST],
    ['lead', 'leader', ''],
    ['u-0001', 'worker', WEST],
    ['u-0002', 'worker', ''],
    ['water', 'department', ''],
  ] as const;
  for (const [name, role, area] of accounts) {
    await addAccount(server, { name, role, area, password });
  }
  await until(async () => (await server.get('/api/v1/session')).status === 401);
});
afterAll(() => server?.destroy());

async function newIncident(leaf = 0, by = desk): Promise<string> {
  const report = { kind: 'incident', at: new Date().toISOString(), lngLat: middleOf(leaf), category: 'other', title: '试验' };
  const { json } = await server.post('/api/v1/reports', { reports: [report] }, by);
  expect(json.results[0].ok).toBe(true);
  return json.results[0].id;
}
const post = async (id: string, body: Uint8Array | ReadableStream, headers: Record<string, string> = desk) => {
  const response = await fetch(`${server.url}/api/v1/incidents/${id}/attachments`, {
    method: 'POST',
    headers,
    body: body as BodyInit,
    duplex: 'half',
  } as RequestInit);
  return { status: response.status, json: await response.json() };
};
const get = async (hash: string, headers: Record<string, string> = desk) => {
  const response = await fetch(`${server.url}/api/v1/attachments/${hash}`, { headers });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
};
/** Asked as a browser asks that has it; fetch() would add "no-cache". */
const conditional = (hash: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    const headers = { ...desk, 'if-none-match': `"${hash}"` };
    request(`${server.url}/api/v1/attachments/${hash}`, { headers }, (answer) => resolve(answer.resume().statusCode))
      .on('error', reject)
      .end();
  });
/** EXIF tag 0x8825, little-endian: where the GPS data lie. */
const GPS_POINTER = Buffer.from([0x25, 0x88]);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const refused = (answer: { status: number; json: { error: { field: string; rule: string } } }) => ({
  status: answer.status,
  field: answer.json.error.field,
});
const dir = () => join(server.dataDir, 'attachments');
const fileOf = (hash: string) => join(dir(), hash.slice(0, 2), hash.slice(2));

test('a photo is shown upright and without place or device; its original stays as it was', async () => {
  const id = await newIncident();
  const bytes = await photo({ width: 4000, height: 3000, orientation: 6 });
  const before = await sharp(bytes).metadata();
  expect(before.orientation).toBe(6);
  expect(before.exif?.includes('Testphone')).toBe(true);
  expect(before.exif?.includes(GPS_POINTER)).toBe(true);

  const { status, json } = await post(id, bytes, {
    ...desk,
    'content-type': 'image/jpeg',
    'x-file-name': encodeURIComponent('现场 1.jpg'),
  });
  expect(status).toBe(200);
  const { attachment } = json;
  expect(attachment).toMatchObject({
    kind: 'photo',
    type: 'image/jpeg',
    bytes: bytes.length,
    hash: sha256(bytes),
    name: '现场 1.jpg',
    actor: 'desk',
  });

  const shown = await get(attachment.shown);
  expect(shown.status).toBe(200);
  const header = (name: string) => shown.headers.get(name);
  expect(header('content-type')).toBe('image/jpeg');
  expect(header('cache-control')).toBe('private, max-age=31536000, immutable');
  expect(header('x-content-type-options')).toBe('nosniff');
  expect(header('content-security-policy')).toBe("default-src 'none'; sandbox");
  expect(header('content-disposition')).toBe(`inline; filename*=UTF-8''${encodeURIComponent('现场 1.jpg')}`);
  const data = await sharp(shown.bytes).metadata();
  expect(data).toMatchObject({ format: 'jpeg', width: 1920, height: 2560 });
  expect([data.exif, data.orientation, data.iptc, data.xmp]).toEqual([undefined, undefined, undefined, undefined]);
  expect(shown.bytes.includes('Testphone')).toBe(false);
  // red was above; turned a quarter clockwise it is on the right
  const pixel = async (left: number) => [...(await sharp(shown.bytes).extract({ left, top: 1280, width: 1, height: 1 }).raw().toBuffer())];
  const [red, blue] = [await pixel(1900), await pixel(20)];
  expect(red[0]).toBeGreaterThan(200);
  expect(blue[2]).toBeGreaterThan(200);

  const thumb = await sharp((await get(attachment.thumb)).bytes).metadata();
  expect([thumb.width, thumb.height, thumb.exif]).toEqual([240, 320, undefined]);

  const original = await get(`${attachment.hash}/original`);
  expect(original.bytes.equals(bytes)).toBe(true);
  expect(original.headers.get('cache-control')).toBe('private, no-store');
  expect(original.headers.get('content-disposition')).toMatch(/^attachment;/);
  expect((await get(attachment.hash)).status).toBe(404);
  expect((await get(`${attachment.shown}/original`)).status).toBe(404);

  const entries = (await server.get(`/api/v1/ledger?subject=${id}&kind=incident.attached`, desk)).json.entries;
  expect(entries).toMatchObject([{ seq: json.seq, actor: 'desk', body: { incident: id, hash: attachment.hash, shown: attachment.shown } }]);
  expect(readFileSync(fileOf(attachment.hash)).equals(bytes)).toBe(true);
  expect(await conditional(attachment.shown)).toBe(304);
});

test('PNG and WebP are shown as JPEG; small pictures are not made larger', async () => {
  const id = await newIncident();
  for (const form of ['png', 'webp'] as const) {
    const { status, json } = await post(id, await photo({ width: 200, height: 100 }, form), { ...desk, 'content-type': `image/${form}` });
    expect([status, json.attachment.type]).toEqual([200, `image/${form}`]);
    const { format, width, height, exif } = await sharp((await get(json.attachment.shown)).bytes).metadata();
    expect([format, width, height, exif]).toEqual(['jpeg', 200, 100, undefined]);
  }
});

test('a recording is played in parts, a PDF is saved; each is shown as it is', async () => {
  const id = await newIncident();
  const sound = (await post(id, wav(), { ...desk, 'content-type': 'audio/x-wav', 'x-file-name': 'call.html' })).json.attachment;
  expect(sound).toMatchObject({ kind: 'audio', type: 'audio/wav', shown: sound.hash, thumb: null });
  const part = await get(sound.shown, { ...desk, range: 'bytes=0-3' });
  expect([part.status, part.bytes.toString('latin1'), part.headers.get('content-type')]).toEqual([206, 'RIFF', 'audio/wav']);
  // a name that promises a page does not become one
  expect(part.headers.get('content-disposition')).toBe("inline; filename*=UTF-8''call.html.wav");

  const paper = (await post(id, pdf(), { ...desk, 'content-type': 'application/octet-stream' })).json.attachment;
  expect(paper).toMatchObject({ kind: 'pdf', type: 'application/pdf', shown: paper.hash, thumb: null, name: '' });
  const saved = await get(paper.shown);
  expect(saved.bytes.equals(pdf())).toBe(true);
  expect(saved.headers.get('content-disposition')).toBe(`attachment; filename*=UTF-8''${paper.hash.slice(0, 12)}.pdf`);
});

test('a file is what it holds: other types, false claims and files with two faces are refused', async () => {
  const id = await newIncident();
  const jpeg = await photo({ width: 40, height: 30 });
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
  const html = Buffer.from('<!doctype html><script>alert(1)</script>');
  const comment = Buffer.from('<html><script>alert(1)</script>');
  const inside = Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xfe, 0, comment.length + 2]), comment, jpeg.subarray(2)]);
  const cases: [string, Uint8Array, string | undefined, string][] = [
    ['svg', svg, 'image/svg+xml', 'body'],
    ['svg as jpeg', svg, 'image/jpeg', 'body'],
    ['html', html, 'text/html', 'body'],
    ['json', Buffer.from('{"a":1}'), 'application/json', 'body'],
    ['gif', Buffer.from('GIF89a\x01\x00\x01\x00\x00\x00\x00;', 'latin1'), 'image/gif', 'body'],
    ['zip', emptyZip(), undefined, 'body'],
    ['a jpeg that says png', jpeg, 'image/png', 'Content-Type'],
    ['a jpeg that says html', jpeg, 'text/html', 'Content-Type'],
    ['a jpeg with an archive behind', Buffer.concat([jpeg, emptyZip()]), 'image/jpeg', 'body'],
    ['a jpeg with a page inside', inside, 'image/jpeg', 'body'],
    ['a jpeg with a pdf inside', Buffer.from(inside.toString('latin1').replace('<html>', '%PDF-1'), 'latin1'), 'image/jpeg', 'body'],
    ['a pdf with an archive behind', Buffer.concat([pdf(), emptyZip()]), 'application/pdf', 'body'],
    ['half a jpeg', jpeg.subarray(0, jpeg.length / 2), 'image/jpeg', 'body'],
  ];
  for (const [what, bytes, type, field] of cases) {
    const answer = await post(id, bytes, { ...desk, ...(type ? { 'content-type': type } : {}) });
    expect({ what, ...refused(answer) }).toEqual({ what, status: 415, field });
    expect(existsSync(fileOf(sha256(bytes)))).toBe(false);
  }
  expect(refused(await post(id, Buffer.alloc(0)))).toEqual({ status: 400, field: 'body' });
  expect(refused(await post(id, jpeg, { ...desk, 'x-file-name': '%zz' }))).toEqual({ status: 400, field: 'X-File-Name' });
  expect(readdirSync(join(dir(), 'arriving'))).toEqual([]);
});

test('too many bytes, told before or found out on the way, and too many pixels are refused', async () => {
  const id = await newIncident();
  const big = Buffer.alloc(20 * 1024 * 1024 + 1);
  pdf().copy(big);
  expect(await post(id, big)).toEqual({ status: 413, json: { error: { field: 'body', rule: 'larger than 20971520 bytes' } } });
  let sent = 0;
  const stream = new ReadableStream({
    pull(c) {
      sent += 1;
      if (sent > 21) c.close();
      else c.enqueue(new Uint8Array(1024 * 1024));
    },
  });
  expect(refused(await post(id, stream))).toEqual({ status: 413, field: 'body' });
  const bomb = await sharp({ create: { width: 9000, height: 8000, channels: 3, background: '#ffffff' } })
    .png()
    .toBuffer();
  expect(bomb.length).toBeLessThan(1024 * 1024);
  expect(refused(await post(id, bomb))).toEqual({ status: 413, field: 'body' });
  expect(readdirSync(join(dir(), 'arriving'))).toEqual([]);
  const exact = big.subarray(0, 20 * 1024 * 1024);
  expect((await post(id, exact)).status).toBe(200);
});

test('the same file again is the attachment it already is; on another incident it is one more entry and one file', async () => {
  const [one, two] = [await newIncident(), await newIncident()];
  const bytes = await photo({ width: 50, height: 40 });
  const both = await Promise.all([post(one, bytes), post(one, bytes)]);
  const third = await post(one, bytes);
  expect(both.map((a) => a.status)).toEqual([200, 200]);
  expect(both[1]!.json.attachment).toEqual(both[0]!.json.attachment);
  expect(third.json.attachment).toEqual(both[0]!.json.attachment);
  const other = await post(two, bytes);
  expect(other.json.attachment).toMatchObject({ hash: third.json.attachment.hash, shown: third.json.attachment.shown });
  expect(other.json.seq).toBeGreaterThan(both[0]!.json.seq);
  const attached = async (id: string) =>
    (await server.get(`/api/v1/ledger?subject=${id}&kind=incident.attached`, desk)).json.entries.length;
  expect([await attached(one), await attached(two)]).toEqual([1, 1]);
});

test('who may attach, look and read originals: by place, by role, and each unit on its own incidents', async () => {
  const west = await newIncident(0);
  const bytes = await photo({ width: 61, height: 40 });
  expect(refused(await post('i-nobody', bytes))).toEqual({ status: 404, field: 'incident' });
  expect(refused(await post(west, bytes, as('east')))).toEqual({ status: 403, field: 'actor' });
  expect(refused(await post(west, bytes, as('lead')))).toEqual({ status: 403, field: 'actor' });
  expect(refused(await post(west, bytes, as('u-0001')))).toEqual({ status: 403, field: 'actor' });
  expect((await post(west, bytes, {})).status).toBe(401);
  expect(existsSync(fileOf(sha256(bytes)))).toBe(false);

  for (const step of [{ step: 'file' }, { step: 'dispatch', unit: 'u-0001' }]) {
    expect((await server.post(`/api/v1/incidents/${west}/steps`, step, desk)).status).toBe(200);
  }
  const { attachment } = (await post(west, bytes, as('u-0001'))).json;
  expect(attachment).toMatchObject({ actor: 'u-0001' });
  const status = async (path: string, who: string) => (await get(path, as(who))).status;
  const looks = ['desk', 'lead', 'u-0001', 'u-0002', 'water', 'east'].map((who) => status(attachment.shown, who));
  expect(await Promise.all(looks)).toEqual([200, 200, 200, 200, 200, 403]);
  const reads = ['desk', 'lead', 'u-0001', 'u-0002', 'water', 'east'].map((who) => status(`${attachment.hash}/original`, who));
  expect(await Promise.all(reads)).toEqual([200, 403, 200, 403, 403, 403]);
  expect(await status('0'.repeat(64), 'desk')).toBe(404);

  // a worker's own report, before anybody was sent
  const own = await newIncident(1, as('u-0001'));
  expect((await post(own, await photo({ width: 62, height: 40 }), as('u-0001'))).status).toBe(200);

  // the same photo on an incident of the east: now the east may see it
  const east = await newIncident(3);
  expect((await post(east, bytes)).status).toBe(200);
  expect(await status(attachment.shown, 'east')).toBe(200);
});

test('an upload that breaks off leaves nothing and does not hold up the next', async () => {
  const id = await newIncident();
  const stop = new AbortController();
  const broken = fetch(`${server.url}/api/v1/incidents/${id}/attachments`, {
    method: 'POST',
    headers: desk,
    signal: stop.signal,
    duplex: 'half',
    body: new ReadableStream({
      async pull(c) {
        c.enqueue(new Uint8Array(64 * 1024));
        await new Promise((later) => setTimeout(later, 5));
      },
    }),
  } as RequestInit).catch(() => 'broken');
  await until(() => readdirSync(join(dir(), 'arriving')).some((f) => statSync(join(dir(), 'arriving', f)).size > 0));
  stop.abort();
  expect(await broken).toBe('broken');
  await until(() => readdirSync(join(dir(), 'arriving')).length === 0);
  expect((await post(id, await photo({ width: 63, height: 40 }))).status).toBe(200);
});
