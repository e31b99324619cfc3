import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EAST, middleOf, STREET, WEST } from '../support/fixture-street.ts';
import { type MediaServer, mediaServer } from '../support/media-server.ts';
import { addAccount, loadFixture, startServer, type TestServer, until } from '../support/server.ts';

const LOGIN = 'genglou:very-secret';
const PASSWORD = 'correct horse battery';
const M3U8 = 'application/vnd.apple.mpegurl';
const basic = (name: string, password = PASSWORD) => ({ authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` });
const alice = basic('alice');
const bob = basic('bob');

let server: TestServer;
let media: MediaServer;
let foreign: MediaServer;

const playlist = (text: string) => (_: unknown, res: import('node:http').ServerResponse) =>
  res.writeHead(200, { 'content-type': M3U8 }).end(text);

beforeAll(async () => {
  foreign = await mediaServer({ 'GET /cam-1/secret.m3u8': playlist('#EXTM3U\n') });
  media = await mediaServer({
    'GET /cam-1/index.m3u8': (req, res) => {
      // as MediaMTX does: a look at cookies first, then a session in the query
      if (req.url?.includes('check=1')) playlist('#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlive.m3u8?session=s1\n')(req, res);
      else res.writeHead(302, { location: '/cam-1/index.m3u8?check=1', 'set-cookie': 'check=1' }).end();
    },
    'GET /cam-1/live.m3u8': playlist(
      [
        '#EXTM3U',
        '#EXT-X-TARGETDURATION:2',
        '#EXT-X-MAP:URI="init.mp4"',
        `#EXT-X-PART:DURATION=0.5,URI="/cam-1/part.mp4"`,
        '#EXTINF:2,',
        'seg.ts',
        '#EXTINF:2,',
        '../cam-2/seg.ts',
        '#EXTINF:2,',
        'http://192.0.2.1/seg.ts',
        '#EXT-X-CONTENT-STEERING:SERVER-URI="http://192.0.2.1/steer"',
        '',
      ].join('\n'),
    ),
    'GET /cam-1/init.mp4': (_, res) => res.writeHead(200, { 'content-type': 'video/mp4' }).end('INIT'),
    'GET /cam-1/seg.ts': (req, res) =>
      req.headers.range
        ? res.writeHead(206, { 'content-type': 'video/mp2t', 'content-range': 'bytes 0-2/7' }).end('SEG')
        : res.writeHead(200, { 'content-type': 'text/html' }).end('SEGMENT'),
    'GET /cam-2/seg.ts': (_, res) => res.end('ANOTHER CAMERA'),
    'GET /away/index.m3u8': (_, res) => res.writeHead(302, { location: `${foreign.url}/cam-1/secret.m3u8` }).end(),
    'GET /page/index.m3u8': (_, res) => res.writeHead(200, { 'content-type': M3U8 }).end('<html>'),
    'GET /silent/index.m3u8': () => {},
    'POST /cam-1/whep': (_, res, body) =>
      res.writeHead(201, { 'content-type': 'application/sdp', location: '/cam-1/whep/the-session' }).end(`v=0\r\nanswer to ${body}`),
    'PATCH /cam-1/whep/the-session': (_, res) => res.writeHead(204).end(),
    'DELETE /cam-1/whep/the-session': (_, res) => res.writeHead(200).end(),
  });
  server = await startServer({ env: { MEDIA_LOGIN: LOGIN } });
  await loadFixture(server);
  const camera = (id: string, leaf: number, more: object = {}) => ({ id, name: `相机 ${id}`, lngLat: middleOf(leaf), ...more });
  const registered = await server.admin('/api/v1/registry', {
    cameras: [
      camera('c-1', 0, { stream: 'cam-1', bearing: 90 }),
      camera('c-away', 0, { stream: 'away' }),
      camera('c-page', 0, { stream: 'page' }),
      camera('c-silent', 1, { stream: 'silent', bearing: 90 }),
      camera('c-none', 0),
    ],
  });
  expect(registered.status).toBe(200);
  await addAccount(server, { name: 'alice', role: 'operator', area: WEST, password: PASSWORD });
  await addAccount(server, { name: 'bob', role: 'supervisor', password: PASSWORD });
  await addAccount(server, { name: 'screen', role: 'screen', password: PASSWORD });
}, 60_000);
afterAll(async () => {
  await server?.destroy();
  await media?.close();
  await foreign?.close();
});

const addresses = () => ({ hls: `${media.url}/{stream}/index.m3u8`, whep: `${media.url}/{stream}/whep` });
const open = (camera: string, who: Record<string, string>, body: object = {}) => server.post(`/api/v1/cameras/${camera}/views`, body, who);
const viewed = async (who = bob) => (await server.get('/api/v1/ledger?kind=camera.viewed', who)).json.entries;
/** addresses in a playlist, as a player would resolve them */
const listed = (text: string, at: string): string[] =>
  [...text.matchAll(/^(?!#)\S+$|URI="([^"]*)"/gm)].map((m) => new URL(m[1] ?? m[0], server.url + at).href.slice(server.url.length));

describe('before a media server is configured', () => {
  it('a view is refused in words, and nobody is recorded as having looked', async () => {
    expect(await open('c-1', alice)).toMatchObject({ status: 409, json: { error: { field: 'centre.media' } } });
    expect(await viewed()).toEqual([]);
  });
  it('an administrator names its addresses alone, without a login; the rest of the centre stays as it is', async () => {
    const before = (await server.get('/api/v1/centre', bob)).json.centre;
    expect((await server.post('/api/v1/centre/media', addresses(), bob)).status).toBe(403);
    const login = await server.admin('/api/v1/centre/media', { hls: 'http://user:password@127.0.0.1/{stream}/index.m3u8' });
    expect(login).toMatchObject({ status: 400, json: { error: { field: 'hls' } } });
    expect((await server.admin('/api/v1/centre/media', addresses())).status).toBe(200);
    expect((await server.get('/api/v1/centre', bob)).json.centre).toEqual({ ...before, media: addresses() });
    const { seq } = (await server.get('/healthz')).json;
    expect((await server.admin('/api/v1/centre/media', addresses())).json.seq).toBe(seq); // the same again is no entry
  });
});

describe('the catalogue', () => {
  it('tells place and state, with its time, and who has never said', async () => {
    const client = await mqtt.connectAsync(server.mqttUrl);
    await client.publishAsync(`genglou/${STREET}/camera/c-1/state`, JSON.stringify({ online: true }), { qos: 1 });
    await client.publishAsync(`genglou/${STREET}/camera/c-none/state`, 'offline', { qos: 1 });
    await client.endAsync();
    const json = await until(async () => {
      const { json } = await server.get('/api/v1/cameras', bob);
      return json.counts.offline === 1 && json;
    });
    expect(json.counts).toEqual({ total: 6, online: 1, offline: 1, unknown: 4 });
    const row = (id: string) => json.cameras.find((c: { id: string }) => c.id === id);
    expect(row('c-1')).toMatchObject({ place: '西 01-01', online: true, since: expect.any(Number), bearing: 90 });
    expect(row('c-1').heard).toBeGreaterThanOrEqual(row('c-1').since);
    expect(row('c-silent')).toMatchObject({ online: null, since: null });
  });
  it('of a moment of the past holds what was registered then, with states that have lasted since, and no guess at others', async () => {
    const { cameras } = (await server.get('/api/v1/cameras', bob)).json;
    const { since } = cameras.find((c: { id: string }) => c.id === 'c-1');
    const then = async (ms: number) => (await server.get(`/api/v1/cameras?asOf=${ms}`, bob)).json;
    const after = await then(since);
    expect(after.at).toBe(since);
    const row = (list: { cameras: { id: string }[] }) => list.cameras.find((c) => c.id === 'c-1');
    expect(row(after)).toMatchObject({ online: true, since, heard: null });
    const before = await then(since - 1);
    expect(row(before)).toMatchObject({ online: null, since: null, heard: null });
    const registered = (await server.get('/api/v1/ledger?kind=cameras.registered', bob)).json.entries.at(-1).at;
    expect((await then(registered)).counts).toEqual({ total: 6, online: 0, offline: 0, unknown: 6 });
    expect((await then(registered - 1)).cameras.map((c: { id: string }) => c.id)).toEqual(['c-0001']);
    expect(await server.get(`/api/v1/cameras?asOf=${Date.now() + 60_000}`, bob)).toMatchObject({
      status: 400,
      json: { error: { field: 'asOf' } },
    });
  });
  it('is limited to an area and to what the account may see', async () => {
    const ids = (json: { cameras: { id: string }[] }) => json.cameras.map((c) => c.id).sort();
    expect(ids((await server.get(`/api/v1/cameras?area=${EAST}`, bob)).json)).toEqual(['c-0001']);
    expect(ids((await server.get('/api/v1/cameras', alice)).json)).not.toContain('c-0001');
    expect((await server.get('/api/v1/cameras?area=nowhere', bob)).status).toBe(400);
  });
  it('begins, near a point, with the cameras that look there', async () => {
    const [lng, lat] = middleOf(1);
    // c-silent stands 100 m west of the point and looks east; others are as near or nearer and are not known to
    const near = `${lng + 0.001},${lat}`;
    const { json } = await server.get(`/api/v1/cameras?near=${near}&limit=2`, bob);
    expect(json.cameras).toHaveLength(2);
    expect(json.cameras[0]).toMatchObject({ id: 'c-silent', towards: true });
    expect(json.cameras[0].metres).toBeCloseTo(95.7, 0);
  });
});

describe('a view', () => {
  it('is an entry that says who, which and on account of what, and gives addresses on this server alone', async () => {
    const { json } = await open('c-1', alice, { alarm: 's-0001/high' });
    expect(json).toMatchObject({ hls: `/api/v1/views/${json.view}/hls/index.m3u8`, whep: `/api/v1/views/${json.view}/whep` });
    expect(json.until).toBeGreaterThan(Date.now());
    const entry = (await viewed()).at(-1);
    expect(entry).toMatchObject({ actor: 'alice', body: { camera: 'c-1', alarm: 's-0001/high', area: `${WEST}001001` } });
    expect((await server.get('/api/v1/ledger?subject=c-1', bob)).json.entries).toContainEqual(entry);
  });
  it('names only reasons that there are', async () => {
    expect(await open('c-1', alice, { incident: 'i-9' })).toMatchObject({ status: 400, json: { error: { field: 'incident' } } });
    expect(await open('c-1', alice, { alarm: 's-9/high' })).toMatchObject({ status: 400, json: { error: { field: 'alarm' } } });
    expect(await open('c-9', alice)).toMatchObject({ status: 404, json: { error: { field: 'id' } } });
  });
  it('is for whoever may look through the camera: not a screen, not outside one’s area, and not the administrator', async () => {
    const before = (await viewed()).length;
    expect((await open('c-0001', alice)).status).toBe(403);
    expect((await open('c-1', basic('screen'))).status).toBe(403);
    expect((await server.admin('/api/v1/cameras/c-1/views', {})).status).toBe(403);
    expect(await viewed()).toHaveLength(before);
  });
  it('is useless to everybody else', async () => {
    const { hls, whep, view } = (await open('c-1', alice)).json;
    expect((await server.get(hls, bob)).status).toBe(403);
    expect((await server.get(hls)).status).toBe(401);
    const offer = await fetch(server.url + whep, { method: 'POST', headers: { ...bob, 'content-type': 'application/sdp' }, body: 'v=0' });
    expect(offer.status).toBe(403);
    expect((await open('c-1', bob, { renew: view })).status).toBe(403);
    expect((await server.get(hls, alice)).status).toBe(200);
  });
  it('goes on when its account renews it, which is an entry again', async () => {
    const first = (await open('c-1', alice)).json;
    const before = (await viewed()).length;
    const again = (await open('c-1', alice, { renew: first.view })).json;
    expect(again).toMatchObject({ view: first.view, hls: first.hls });
    expect(again.until).toBeGreaterThanOrEqual(first.until);
    expect(await viewed()).toHaveLength(before + 1);
    expect((await open('c-page', alice, { renew: first.view })).status).toBe(400);
    expect((await open('c-1', alice, { renew: 'x' })).status).toBe(404);
  });

  it('ends when its account says so, and only then before its time', async () => {
    const { hls, view } = (await open('c-1', alice)).json;
    const end = (headers: Record<string, string>) => fetch(`${server.url}/api/v1/views/${view}`, { method: 'DELETE', headers });
    expect((await end(bob)).status).toBe(403);
    expect((await server.get(hls, alice)).status).toBe(200);
    expect((await end(alice)).status).toBe(200);
    expect(await server.get(hls, alice)).toMatchObject({ status: 404, json: { error: { field: 'view' } } });
  });
});

describe('HLS', () => {
  it('plays through us: redirects of the media server are followed, every address in its playlists becomes one of ours', async () => {
    const { hls } = (await open('c-1', alice)).json;
    const first = await server.get(hls, alice);
    expect(first.headers.get('content-type')).toContain(M3U8);
    const [live] = listed(first.json, hls);
    const second = await server.get(live!, alice);
    expect(media.asked).toContain('GET /cam-1/live.m3u8?session=s1');
    expect(second.json).not.toMatch(/127\.0\.0\.1|192\.0\.2\.1|cam-1|STEERING/);
    const [init, part, segment, other, elsewhere] = listed(second.json, live!);
    expect((await server.get(init!, alice)).json).toBe('INIT');
    expect((await server.get(part!, alice)).status).toBe(404); // the media server has none
    const whole = await fetch(server.url + segment, { headers: alice });
    expect(await whole.text()).toBe('SEGMENT');
    expect(whole.headers.get('content-type')).toBe('application/octet-stream'); // whatever it says it is, it is no page of ours
    const range = await fetch(server.url + segment, { headers: { ...alice, range: 'bytes=0-2' } });
    expect([range.status, range.headers.get('content-range'), await range.text()]).toEqual([206, 'bytes 0-2/7', 'SEG']);
    expect((await server.get(other!, alice)).status).toBe(403);
    expect((await server.get(elsewhere!, alice)).status).toBe(403);
    expect(media.asked.some((a) => a.includes('cam-2'))).toBe(false);
  });
  it('passes a low-latency playlist’s own questions on, and no others', async () => {
    const { hls } = (await open('c-1', alice)).json;
    const [live] = listed((await server.get(hls, alice)).json, hls);
    expect((await server.get(`${live}?_HLS_msn=7&_HLS_part=1&src=other`, alice)).status).toBe(200);
    expect(media.asked.at(-1)).toBe('GET /cam-1/live.m3u8?session=s1&_HLS_msn=7&_HLS_part=1');
  });
  it('hands out nothing that no playlist of this very view named', async () => {
    const { hls, view } = (await open('c-1', alice)).json;
    const [live] = listed((await server.get(hls, alice)).json, hls);
    const other = (await open('c-1', alice)).json;
    const before = media.asked.length;
    const name = live!.split('/').at(-1)!;
    const path = (p: string) => name.slice(0, 22) + Buffer.from(p).toString('base64url');
    for (const made of ['seg.ts', path('/cam-2/seg.ts'), path('//192.0.2.1/x'), '..%2F..%2Fcam-2%2Fseg.ts', '%E4%B8%AD'.repeat(9)]) {
      expect((await server.get(`/api/v1/views/${view}/hls/${made}`, alice)).status).toBe(403);
    }
    expect((await server.get(`/api/v1/views/${other.view}/hls/${name}`, alice)).status).toBe(403);
    expect(media.asked.length).toBe(before);
  });
  it('follows no redirect to another server, and takes nothing for a playlist that is none', async () => {
    const answerOf = async (camera: string) => server.get((await open(camera, alice)).json.hls, alice);
    expect(await answerOf('c-away')).toMatchObject({ status: 502, json: { error: { rule: expect.stringContaining('elsewhere') } } });
    expect(foreign.asked).toEqual([]);
    expect(await answerOf('c-page')).toMatchObject({ status: 502, json: { error: { rule: expect.stringContaining('no HLS playlist') } } });
    expect(await answerOf('c-none')).toMatchObject({ status: 404, json: { error: { field: 'stream' } } });
  });
  it('says of a camera that does not answer that it does not', async () => {
    const { hls } = (await open('c-silent', alice)).json;
    const answer = await server.get(hls, alice);
    expect(answer).toMatchObject({ status: 504, json: { error: { field: 'camera', rule: 'did not answer within 5 s' } } });
  });
});

describe('WHEP', () => {
  const send = (method: string, path: string, type: string, body?: string) =>
    fetch(server.url + path, { method, headers: { ...alice, 'content-type': type }, ...(body ? { body } : {}) });

  it('takes offer, candidates and end to the media server; the session has a name of ours', async () => {
    const { whep } = (await open('c-1', alice)).json;
    const answer = await send('POST', whep, 'application/sdp', 'v=0 offer');
    expect(answer.status).toBe(201);
    expect(await answer.text()).toBe('v=0\r\nanswer to v=0 offer');
    const session = answer.headers.get('location')!;
    expect(session).toMatch(new RegExp(`^${whep}/[\\w-]{16}$`));
    expect((await send('PATCH', session, 'application/trickle-ice-sdpfrag', 'a=candidate')).status).toBe(200);
    expect((await send('DELETE', `${whep}/made-up`, '')).status).toBe(404);
    expect((await send('DELETE', session, '')).status).toBe(200);
    expect(media.asked.slice(-2)).toEqual(['PATCH /cam-1/whep/the-session', 'DELETE /cam-1/whep/the-session']);
    expect((await send('DELETE', session, '')).status).toBe(404);
  });
  it('takes no orders from a page of another origin', async () => {
    const { whep } = (await open('c-1', alice)).json;
    for (const method of ['POST', 'PATCH', 'DELETE']) {
      const path = method === 'POST' ? whep : `${whep}/x`;
      const answer = await fetch(server.url + path, { method, headers: { ...alice, origin: 'http://evil.test' } });
      expect(await answer.json()).toMatchObject({ error: { field: 'origin' } });
    }
  });
});

it('signs in to the media server, and keeps the login to itself', async () => {
  expect(new Set(media.logins)).toEqual(new Set([`Basic ${Buffer.from(LOGIN).toString('base64')}`]));
  expect(server.output()).not.toContain('very-secret');
  expect(server.output()).not.toContain(Buffer.from(LOGIN).toString('base64'));
});

it('knows after a restart which cameras were online, since when; views have ended', async () => {
  const { hls } = (await open('c-1', alice)).json;
  const before = (await server.get('/api/v1/cameras', bob)).json;
  await server.stop();
  server = await startServer({ dataDir: server.dataDir, env: { MEDIA_LOGIN: LOGIN } });
  const after = (await server.get('/api/v1/cameras', bob)).json;
  expect(after.cameras).toEqual(before.cameras);
  expect(after.counts.online).toBe(1);
  expect(await server.get(hls, alice)).toMatchObject({ status: 404, json: { error: { field: 'view' } } });
});

it('ends what a view opened at the media server when the server stops', async () => {
  const { whep } = (await open('c-1', alice)).json;
  await fetch(server.url + whep, { method: 'POST', headers: { ...alice, 'content-type': 'application/sdp' }, body: 'v=0' });
  const before = media.asked.length;
  await server.stop();
  await until(() => media.asked.slice(before).includes('DELETE /cam-1/whep/the-session'));
});
