import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, openPage } from '../support/browser.ts';
import { middleOf } from '../support/fixture-street.ts';
import { hasFfmpeg, type LiveStream, liveStream } from '../support/live-stream.ts';
import { type MediaServer, mediaServer } from '../support/media-server.ts';
import { loadFixture, startServer, type TestServer } from '../support/server.ts';

if (!hasFfmpeg) console.warn('camera.e2e.ts: no ffmpeg on the PATH, live HLS pictures are NOT tested here (apt-get install ffmpeg)');

/** How long a condition may take on a busy machine. */
const slow = { timeout: 90_000 };

let server: TestServer;
let media: MediaServer;
let stream: LiveStream | null = null;
let browser: Browser;
/** A page that plays the media server's side of WebRTC. */
let peer: Page;

beforeAll(async () => {
  // the peer's addresses as they are: nobody here resolves the names a browser hides them behind
  browser = await openBrowser({
    map: false,
    args: ['--disable-features=WebRtcHideLocalIpsWithMdns', '--allow-loopback-in-peer-connection'],
  });
  server = await startServer();
  await loadFixture(server);
  peer = (await openPage(browser)).page;
  await peer.goto(`${server.url}/healthz`);
  const h264 = await peer.evaluate(() => MediaSource.isTypeSupported('video/mp4; codecs="avc1.42E01E"'));
  if (!h264) console.warn('camera.e2e.ts: this browser has no H.264 decoder, the live picture is tested as VP9');
  if (hasFfmpeg) stream = liveStream(h264 ? 'h264' : 'vp9');
  media = await mediaServer(
    {
      'GET /silent/index.m3u8': () => {},
      'POST /rtc/whep': (_, res, offer) => {
        answerOf(offer).then((sdp) => res.writeHead(201, { 'content-type': 'application/sdp', location: '/rtc/whep/1' }).end(sdp));
      },
      'DELETE /rtc/whep/1': (_, res) => res.end(),
    },
    (req, res) => {
      const file = req.url?.startsWith('/live/') ? stream?.file(req.url) : null;
      if (file)
        res.writeHead(200, { 'content-type': req.url?.endsWith('.m3u8') ? 'application/vnd.apple.mpegurl' : 'video/mp2t' }).end(file);
      else res.writeHead(404).end();
    },
  );
  const camera = (id: string, leaf: number, more: object) => ({ id, name: `相机 ${id}`, lngLat: middleOf(leaf), ...more });
  const cameras = [
    camera('c-live', 0, { stream: 'live', bearing: 90 }),
    camera('c-silent', 1, { stream: 'silent' }),
    camera('c-rtc', 2, { stream: 'rtc' }),
  ];
  expect((await server.admin('/api/v1/registry', { cameras })).status).toBe(200);
});
afterAll(async () => {
  await browser?.close();
  await stream?.stop();
  await media?.close();
  await server?.destroy();
});

const configure = async (what: 'hls' | 'whep') => {
  const body = what === 'hls' ? { hls: `${media.url}/{stream}/index.m3u8` } : { whep: `${media.url}/{stream}/whep` };
  expect((await server.admin('/api/v1/centre/media', body)).status).toBe(200);
};
const viewings = async () => (await server.get('/api/v1/ledger?kind=camera.viewed')).json.entries;

/** The wall with something selected; every address the page asks is kept. */
async function open(path: string) {
  const opened = await openPage(browser);
  const asked: string[] = [];
  opened.page.on('request', (r) => asked.push(r.url()));
  opened.page.setDefaultTimeout(slow.timeout);
  await opened.page.goto(server.url + path);
  return { ...opened, asked };
}
const picture = (page: Page, camera: string) => page.locator(`.cm-live[data-camera="${camera}"]`);
const shownS = (page: Page, camera: string) =>
  picture(page, camera)
    .locator('video')
    .evaluate((v) => (v as HTMLVideoElement).currentTime);
async function moves(page: Page, camera: string) {
  await picture(page, camera).and(page.locator('[data-state="live"]')).waitFor();
  const before = await shownS(page, camera);
  await expect.poll(() => shownS(page, camera), slow).toBeGreaterThan(before + 1);
  const size = await picture(page, camera)
    .locator('video')
    .evaluate((v) => (v as HTMLVideoElement).videoWidth);
  expect(size).toBeGreaterThan(0);
}

/** The peer's answer to an offer: a moving picture of its own. */
const answerOf = (offer: string) =>
  peer.evaluate(async (sdp) => {
    const canvas = document.createElement('canvas');
    const draw = canvas.getContext('2d') as CanvasRenderingContext2D;
    let n = 0;
    setInterval(() => {
      n += 1;
      draw.fillStyle = `hsl(${n % 360} 90% 50%)`;
      draw.fillRect(0, 0, canvas.width, canvas.height);
    }, 40);
    const pc = new RTCPeerConnection();
    for (const track of canvas.captureStream(25).getTracks()) pc.addTrack(track);
    await pc.setRemoteDescription({ type: 'offer', sdp });
    await pc.setLocalDescription(await pc.createAnswer());
    while (pc.iceGatheringState !== 'complete')
      await new Promise((done) => pc.addEventListener('icegatheringstatechange', done, { once: true }));
    return pc.localDescription?.sdp ?? '';
  }, offer);

test('without a media server the screen says so, and offers no picture', async () => {
  const { page, context, errors } = await open('/wall?sel=camera:c-live');
  await page.getByText('未配置视频服务').waitFor();
  expect(await page.getByRole('button', { name: /调阅/ }).count()).toBe(0);
  expect(errors).toEqual([]);
  await context.close();
});

test.skipIf(!hasFfmpeg)('a live picture moves, through our server alone, and who looked is in the ledger and on the tab', async () => {
  await configure('hls');
  const { page, context, asked, strayRequests } = await open('/wall?sel=camera:c-live');
  await page.getByRole('button', { name: '调阅 相机 c-live' }).click();
  await moves(page, 'c-live');
  await picture(page, 'c-live').getByText(/实时/).waitFor();
  expect((await viewings()).at(-1)).toMatchObject({ actor: 'demo-operator', body: { camera: 'c-live' } });
  expect(new Set(asked.filter((a) => !a.startsWith('blob:')).map((a) => new URL(a).origin))).toEqual(new Set([server.url]));
  expect(strayRequests).toEqual([]);

  const list = new URL(asked.find((a) => a.endsWith('/hls/index.m3u8')) ?? '').pathname;
  expect((await server.get(list)).status).toBe(200);
  await page.getByRole('button', { name: '全部关闭' }).click();
  await picture(page, 'c-live').waitFor({ state: 'detached' });
  await expect.poll(async () => (await server.get(list)).status, slow).toBe(404); // the view has ended with it
  await context.close();

  const tab = await open('/sensing?view=cameras');
  const record = tab.page.locator('.cm-viewings tbody tr').first();
  await record.waitFor();
  expect(await record.textContent()).toMatch(/demo-operator.*相机 c-live/);
  await tab.context.close();
});

test('a camera that does not answer is said not to, and can be asked again', async () => {
  await configure('hls');
  const { page, context } = await open('/wall?sel=camera:c-silent');
  await page.getByRole('button', { name: '调阅 相机 c-silent' }).click();
  await picture(page, 'c-silent').getByText('摄像机 5 秒内无应答').waitFor();
  const entries = (await viewings()).length;
  const before = media.asked.length;
  await picture(page, 'c-silent').getByRole('button', { name: '重试' }).click();
  await expect.poll(() => media.asked.length, slow).toBeGreaterThan(before);
  expect(await viewings()).toHaveLength(entries); // the same view goes on
  await context.close();
});

test('beside an incident, the cameras that look there come first and open on its account', async () => {
  await configure('hls');
  const [lng, lat] = middleOf(0);
  const report = {
    kind: 'incident',
    at: new Date().toISOString(),
    lngLat: [lng + 0.0005, lat],
    category: 'manhole',
    title: '井盖',
    source: 'hotline',
  };
  const { json } = await server.post('/api/v1/reports', { reports: [report] });
  const { id } = json.results[0];
  const { page, context } = await open(`/wall?sel=incident:${id}`);
  const first = page.locator('.near-cameras li').first();
  await first.getByText('朝向此处').waitFor();
  await first.getByRole('button', { name: '调阅 相机 c-live' }).click();
  await picture(page, 'c-live').waitFor();
  await expect.poll(async () => (await viewings()).at(-1)?.body, slow).toMatchObject({ camera: 'c-live', incident: id });
  await context.close();
});

test('a WebRTC picture moves: the offer goes through us, and closing it ends its session at the media server', async () => {
  await configure('whep');
  const { page, context, asked } = await open('/wall?sel=camera:c-rtc');
  await page.getByRole('button', { name: '调阅 相机 c-rtc' }).click();
  await moves(page, 'c-rtc');
  expect(asked.some((a) => /\/api\/v1\/views\/[\w-]+\/whep$/.test(a))).toBe(true);
  expect(asked.some((a) => a.startsWith(media.url))).toBe(false);
  await page.getByRole('button', { name: '关闭 相机 c-rtc' }).click();
  await expect.poll(() => media.asked, slow).toContain('DELETE /rtc/whep/1');
  await context.close();
});
