import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, openPage } from '../support/browser.ts';
import { type Demo, startDemo } from '../support/demo.ts';

let browser: Browser;
let demo: Demo;
beforeAll(async () => {
  [browser, demo] = await Promise.all([openBrowser({ map: false }), startDemo()]);
});
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

test('a wall that loses its server says so around the whole screen, keeps what it knew, and comes back by itself', async () => {
  const { page, context } = await openPage(browser);
  // a relay between the browser and the server that can be cut: routed in the page's own network stack
  let cut = false;
  const open = new Set<{ close(): Promise<void> }>();
  await page.routeWebSocket(/\/stream\//, async (ws) => {
    if (cut) {
      await ws.close();
      return;
    }
    const server = ws.connectToServer();
    open.add(ws);
    ws.onMessage((m) => server.send(m));
    server.onMessage((m) => ws.send(m));
  });
  await page.goto(`${demo.url}/wall`);
  await page.locator('[data-row]').first().waitFor();
  const shown = await page.locator('[data-row]').count();
  expect(await page.locator('.cutoff').count()).toBe(0);

  cut = true;
  for (const ws of open) await ws.close();
  await page.locator('.cutoff.hard').waitFor();
  expect(await page.getByRole('alert').textContent()).toContain('连接中断');
  expect(await page.locator('.top').textContent()).toMatch(/断线|重连/);
  expect(await page.locator('[data-row]').count()).toBe(shown);

  cut = false;
  await page.locator('.cutoff').waitFor({ state: 'detached' });
  await context.close();
});
