import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TrackAnswer } from '../../model/track-answer.ts';
import { violations } from '../support/axe.ts';
import { openBrowser, openPage, viewports, waitForMap } from '../support/browser.ts';
import { middleOf, STREET } from '../support/fixture-street.ts';
import { loadFixture, startServer, type TestServer, until } from '../support/server.ts';

const slow = { timeout: 60_000 };
let server: TestServer;
let browser: Browser;
const folder = mkdtempSync(join(tmpdir(), 'genglou-clip-'));
const iso = (ms: number) => new Date(ms).toISOString();
const T = Math.floor(Date.now() / 60_000) * 60_000 - 40 * 60_000;
const N = 120;
/** the first walks 50 m, stands five minutes and walks on; the second walks all the time */
const [X, Y] = middleOf(0);
const walked = (unit: string, i: number) => (unit === 'u-0002' ? i : i < 20 ? i : i < 52 ? 20 : i - 32);

beforeAll(async () => {
  server = await startServer();
  await loadFixture(server);
  const reports = ['u-0001', 'u-0002'].flatMap((unit, n) =>
    Array.from({ length: N }, (_, i) => ({
      kind: 'position',
      unit,
      at: iso(T + i * 10_000),
      lngLat: [X + walked(unit, i) * 3e-5, Y + n * 0.0004],
      speed: 0.3,
    })),
  );
  for (let i = 0; i < reports.length; i += N)
    expect((await server.post('/api/v1/reports', { reports: reports.slice(i, i + N) })).json.accepted).toBe(N);
  await until(async () => {
    const { json } = (await server.get(`/api/v1/tracks?units=u-0001,u-0002&from=${T}`)) as { json: TrackAnswer };
    return json.tracks.length === 2 && json.tracks.every((t) => t.figures.fixes === N);
  });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.destroy();
  rmSync(folder, { recursive: true, force: true });
});

test('two units replayed together: their figures, a stay to jump to, the fixes behind them, a file', async () => {
  const { page, errors } = await openPage(browser, { viewport: viewports.wall });
  await page.goto(`${server.url}/patrol?view=tracks`);
  for (const name of ['网格员一', '巡逻二']) await page.getByRole('checkbox', { name }).check(slow);
  const row = (name: string) => page.locator('.tk-list tbody tr').filter({ hasText: name });
  await row('巡逻二').waitFor(slow);
  await waitForMap(page);
  expect(new URL(page.url()).searchParams.get('units')?.split(',').sort()).toEqual(['u-0001', 'u-0002']);
  expect(await row('网格员一').locator('td').nth(4).textContent()).toMatch(/^1 · /);
  expect(await row('巡逻二').locator('td').nth(4).textContent()).toMatch(/^0 · /);

  await row('网格员一').getByRole('button').first().click();
  const stay = page.locator('.tk-stay');
  await stay.waitFor(slow);
  const before = await page.locator('.tk-at').textContent();
  await stay.click();
  await page.waitForFunction((was) => document.querySelector('.tk-at')?.textContent !== was, before, slow);
  await page.waitForFunction(() => document.querySelectorAll('.tk-marks .tk-head').length === 2, undefined, slow);
  const places = () => page.locator('.tk-marks .tk-head').evaluateAll((all) => all.map((e) => e.getAttribute('transform')));
  const stood = await places();

  await page.getByRole('button', { name: '速度 300 倍' }).click();
  await page.getByRole('button', { name: '播放' }).click();
  await page.waitForFunction(
    (was) => [...document.querySelectorAll('.tk-marks .tk-head')].some((e, i) => e.getAttribute('transform') !== was[i]),
    stood,
    slow,
  );

  await row('网格员一')
    .getByRole('button', { name: `${N} 条定位` })
    .click();
  await page.locator('.tk-scroll .tk-fix').first().waitFor(slow);
  const saved = page.waitForEvent('download', slow);
  await page.getByRole('link', { name: 'GPX' }).click();
  const file = await (await saved).path();
  expect(readFileSync(file, 'utf8').match(/<trkpt/g)).toHaveLength(2 * N);
  expect(errors).toEqual([]);
  await page.context().close();
});

test('a clip plays from the disk with the network cut: the incident appears at its moment, nothing is asked of anybody', async () => {
  const report = { kind: 'incident', at: iso(Date.now()), lngLat: middleOf(1), category: 'manhole', title: '井盖缺失' };
  const { json } = await server.post('/api/v1/reports', { reports: [report] });
  const [entry] = await until(async () => {
    const { entries } = (await server.get(`/api/v1/ledger?kind=incident.reported&subject=${json.results[0].id}`)).json;
    return entries.length === 1 && entries;
  });
  const to = entry.at + 1;
  await until(() => Date.now() > to);
  const clip = await server.get(`/api/v1/film/clip?from=${T}&to=${to}&area=${STREET}`);
  expect(clip.status).toBe(200);
  const path = join(folder, 'clip.html');
  writeFileSync(path, clip.json as string);

  const context = await browser.newContext({ offline: true, locale: 'zh-CN', viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (e) => errors.push(e.message));
  page.on('console', (m) => m.type() === 'error' && errors.push(m.text()));
  const requests: string[] = [];
  page.on('request', (r) => requests.push(r.url()));
  const url = pathToFileURL(path).href;
  await page.goto(url);
  const said = page.getByRole('img');
  const scrub = page.getByRole('slider', { name: '时刻' });
  await scrub.waitFor(slow);
  expect(await said.getAttribute('aria-label')).toContain('力量 2 · 在办事件 0');
  await page.getByRole('button', { name: '下一件' }).click();
  expect(await said.getAttribute('aria-label')).toContain('在办事件 1');
  expect(await page.locator('.cl-side').textContent()).toContain('◆ 紧急 井盖 西 01-02');

  await scrub.evaluate((e: HTMLInputElement) => {
    e.value = '0';
    e.dispatchEvent(new Event('input', { bubbles: true }));
  });
  expect(await said.getAttribute('aria-label')).toContain('在办事件 0');
  const pixels = () => page.locator('canvas').evaluate((c: HTMLCanvasElement) => c.toDataURL().length);
  expect(await pixels()).toBeGreaterThan(2000);
  const before = await page.locator('.when').textContent();
  await page.getByRole('button', { name: '速度 60×' }).click();
  await page.getByRole('button', { name: '播放' }).click();
  await page.waitForFunction((was) => document.querySelector('.when')?.textContent !== was, before, slow);
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'At this moment' }).waitFor(slow);

  expect(await violations(page)).toEqual([]);
  expect(requests.filter((r) => r !== url)).toEqual([]);
  expect(errors).toEqual([]);
  await context.close();
});
