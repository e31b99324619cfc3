import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser, openPage, waitForMap } from '../../support/browser.ts';
import { serveMapPage } from '../../support/map-page/serve.ts';

interface MapPage {
  view: { area: string; selection: { kind: string; id: string } | null };
  drill: (area: string) => void;
}
let served: Awaited<ReturnType<typeof serveMapPage>>;
let browser: Browser;
const size = { width: 700, height: 600 };

beforeAll(async () => {
  served = await serveMapPage();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

it('draws the street without a request that leaves the origin, and a click drills into a community', async () => {
  const { page, context, strayRequests, errors } = await openPage(browser, { viewport: size });
  await page.goto(`${served.url}?u=1&still=1`);
  await waitForMap(page);
  expect(await page.locator('.map-marks-name .cn').allTextContents()).toContain('新盛');
  expect(await page.locator('.map-marks-mark > g').count()).toBeGreaterThan(10);
  expect(await page.locator('.map-scale').innerText()).toContain('演示边界');
  const name = await page.locator('.map-marks-name > g', { hasText: '新盛' }).first().boundingBox();
  if (!name) throw new Error('the name is not on the screen');
  await page.mouse.click(name.x + name.width / 2, name.y + name.height / 2);
  await page.waitForFunction(
    () => (window as unknown as MapPage).view.area !== '510107062' || (window as unknown as MapPage).view.selection,
  );
  const view = await page.evaluate(() => (window as unknown as MapPage).view);
  if (!view.selection) expect(view.area).toMatch(/^510107062\d{3}$/);
  expect(strayRequests).toEqual([]);
  expect(errors).toEqual([]);
  await context.close();
});

it('comes back after both WebGL contexts were lost', async () => {
  const { page, context } = await openPage(browser, { viewport: size });
  await page.goto(`${served.url}?u=1&still=1`);
  await waitForMap(page);
  await page.evaluate(() => {
    for (const canvas of document.querySelectorAll('canvas')) {
      const lose = canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context');
      lose?.loseContext();
      setTimeout(() => lose?.restoreContext(), 50);
    }
  });
  await page.waitForFunction(() => document.querySelector('[data-map-state]')?.getAttribute('data-map-state') === 'loading');
  await waitForMap(page);
  const alive = await page.evaluate(() => [...document.querySelectorAll('canvas')].map((c) => c.getContext('webgl2')?.isContextLost()));
  expect(alive).toEqual([false, false]);
  await context.close();
});
