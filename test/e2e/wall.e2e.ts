import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { violations } from '../support/axe.ts';
import { openBrowser, openPage, viewports, waitForMap } from '../support/browser.ts';
import { openWall, report } from './wall-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser({ map: false });
});
afterAll(() => browser?.close());

test('the wall draws its map, fonts and figures, no request leaves the origin, axe finds no violation, and any point of the map answers who', async () => {
  // one page for what needs the map: it takes seconds to draw in software
  const withMap = await openBrowser();
  const { page, strayRequests, errors } = await openPage(withMap);
  const foreign: string[] = [];
  const own = new URL(inject('url')).host;
  page.on('request', (r) => {
    if (/^https?:/.test(r.url()) && new URL(r.url()).host !== own) foreign.push(r.url());
  });
  await page.goto(`${inject('url')}/wall`);
  await waitForMap(page);
  expect(await page.locator('[data-map-state] canvas').count()).toBeGreaterThanOrEqual(2);
  await page.waitForFunction(() => document.fonts.check('400 16px "Noto Sans SC Variable"', '更楼街道'));
  expect(await violations(page)).toEqual([]);

  await page.locator('.map-root canvas').first().focus();
  await page.keyboard.press('Shift+F10');
  const card = page.getByRole('dialog', { name: '此处由谁负责' });
  await card.locator('.posts li').first().waitFor();
  await page.keyboard.press('Escape');
  await card.waitFor({ state: 'detached' });
  await page.locator('.map-root').click({ button: 'right', position: { x: 400, y: 300 } });
  await card.waitFor();
  expect(strayRequests).toEqual([]);
  expect(foreign).toEqual([]);
  expect(errors).toEqual([]);
  await withMap.close();
});

test('axe finds no violation on an open dossier', async () => {
  const { page, context } = await openWall(browser, { map: false });
  await page.locator('[data-row]').first().click();
  await page.locator('.with-dossier').waitFor();
  expect(await violations(page)).toEqual([]);
  await context.close();
});

test('a reported incident reaches an open wall by itself, and its place is in the address', async () => {
  const { page, context } = await openWall(browser, { map: false });
  const id = await report('路口护栏倒伏', [104.031, 30.613]);
  await page.waitForFunction(async (incident) => {
    const world = (await (await fetch('/api/v1/world')).json()) as { incidents: { id: string }[] };
    return world.incidents.some((i) => i.id === incident);
  }, id);
  await page.evaluate((incident) => {
    history.pushState(null, '', `/wall?sel=incident:${incident}`);
    dispatchEvent(new PopStateEvent('popstate'));
  }, id);
  await page.getByText('路口护栏倒伏').first().waitFor();
  expect(new URL(page.url()).search).toContain(`sel=incident:${id}`);
  await context.close();
});

test('every figure opens its formula and the records behind it', async () => {
  const { page, context } = await openWall(browser, { map: false });
  const figures = page.locator('.kp .k button, .kp button.k');
  const n = await figures.count();
  expect(n).toBe(6);
  for (let i = 0; i < n; i++) {
    await figures.nth(i).click();
    const sheet = page.getByRole('dialog');
    await sheet.waitFor();
    expect(await sheet.locator('dl.facts dd').count()).toBeGreaterThanOrEqual(4);
    await sheet.locator('.rh').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  }
  await context.close();
});

test('a link to a micro-grid opens there, and Escape climbs the tree back to the street', async () => {
  const { path } = (await (await fetch(`${inject('url')}/api/v1/areas/locate?lng=104.0245317&lat=30.6203712`)).json()) as {
    path: { code: string; level: string }[];
  };
  expect(path.map((p) => p.level)).toEqual(['street', 'community', 'grid', 'micro']);
  const { page, context } = await openWall(browser, { path: `/wall?at=${path[3]?.code}`, map: false });
  for (const expected of [path[2]?.code, path[1]?.code, null]) {
    await page.keyboard.press('Escape');
    await expect.poll(() => new URL(page.url()).searchParams.get('at')).toBe(expected);
  }
  await context.close();
});

test('English is one switch away and remembered', async () => {
  const { page, context } = await openWall(browser, { map: false });
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Open queue' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Open queue' }).waitFor();
  await context.close();
});

test.each(Object.entries(viewports))('%s: nothing is cut off sideways and no text is too small', async (name, viewport) => {
  const { page, context } = await openWall(browser, { viewport, map: false });
  const found = await page.evaluate(() => {
    const small: string[] = [];
    for (const el of document.querySelectorAll<HTMLElement>('body *')) {
      const own = [...el.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.textContent?.trim());
      if (
        !own ||
        !el.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true }) ||
        el.closest('[data-map-state], .skip, [aria-hidden="true"]')
      )
        continue;
      if (Number.parseFloat(getComputedStyle(el).fontSize) < 12) small.push(`${el.className}: ${el.textContent?.slice(0, 20)}`);
    }
    return { small, overflow: document.documentElement.scrollWidth - innerWidth };
  });
  expect(found, name).toEqual({ small: [], overflow: 0 });
  await context.close();
});
