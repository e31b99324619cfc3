import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { AlarmReport } from '../../model/alarm-report.ts';
import { violations } from '../support/axe.ts';
import { openBrowser, openPage, viewports } from '../support/browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser({ map: false });
});
afterAll(() => browser?.close());

const PATIENT = { timeout: 120_000 };
async function openScene(search: string, title = '#matrix-title') {
  const opened = await openPage(browser, { viewport: viewports.wall });
  opened.page.setDefaultTimeout(120_000);
  await opened.page.goto(`${inject('url')}/sensing${search}`);
  await opened.page.locator(title).first().waitFor();
  return opened;
}
const devices = (page: Page) => page.locator('[data-device]');
const count = async (page: Page, of: string) => Number(await page.locator(of).first().textContent());
const where = (page: Page) => new URL(page.url());
/** Pixels of the chart that something was drawn on. */
const drawn = (page: Page, canvas: string) =>
  page
    .locator(canvas)
    .first()
    .evaluate((el) => {
      const c = el as HTMLCanvasElement;
      const { data } = c.getContext('2d')!.getImageData(0, 0, c.width, c.height);
      let n = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i]! > 0) n++;
      return n;
    });

test('a cell of the matrix opens to its devices, a device to its history, and the browser goes back step by step', async () => {
  const { page, context, errors } = await openScene('');
  const row = page.locator('.dm-table tr.dm-kind').first();
  const cell = row.locator('.dm-cell').nth(1);
  const [online, n] = (await cell.locator('.dm-n').textContent())!.split('/').map(Number);
  expect(online).toBeLessThanOrEqual(n!);
  await cell.click();
  await devices(page).first().waitFor();
  expect(await count(page, '#matrix-title + .n')).toBe(n);
  expect(where(page).searchParams.get('kind')).toBeTruthy();
  expect(where(page).searchParams.get('cell')).toBeTruthy();
  const troubles = await devices(page).evaluateAll((all) => all.map((r) => (r as HTMLElement).dataset.trouble!));
  const order = ['offline', 'never', 'silent', 'alarm', 'none'];
  expect(troubles).toEqual([...troubles].sort((a, b) => order.indexOf(a) - order.indexOf(b)));

  const last = devices(page).last();
  const id = (await last.getAttribute('data-device'))!;
  await last.getByRole('button').click();
  await page.locator('#device-title').waitFor();
  expect(where(page).searchParams.get('sel')).toBe(`sensor:${id}`);
  await expect.poll(() => page.locator('.dm-told').textContent(), PATIENT).toMatch(/读数 [1-9]/);
  await expect.poll(() => drawn(page, '.dm-chart canvas'), PATIENT).toBeGreaterThan(500);
  await page.getByRole('button', { name: '1 时' }).click();
  await expect.poll(() => where(page).searchParams.get('dspan')).toBe('1h');

  const back = () => page.evaluate(() => history.back());
  await back();
  await expect.poll(() => where(page).searchParams.get('dspan')).toBeNull();
  await back();
  await page.locator('#device-title').waitFor({ state: 'detached' });
  expect(await devices(page).count()).toBeGreaterThan(0);
  await back();
  await page.locator('.dm-table').waitFor();
  expect(where(page).search).toBe('');
  expect(errors).toEqual([]);
  await context.close();
});

test('key 4 opens the scene from the wall, the list moves by J and opens by Enter, Escape goes up', async () => {
  const { page, context } = await openPage(browser, { viewport: viewports.wall });
  page.setDefaultTimeout(120_000);
  await page.goto(`${inject('url')}/wall`);
  await page.locator('#queue-title').waitFor();
  await page.keyboard.press('4');
  await page.locator('.dm-table').waitFor();
  expect(where(page).pathname).toBe('/sensing');
  await page.locator('.dm-table tr.dm-all .dm-cell').first().press('Enter');
  await devices(page).first().waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.locator('#device-title').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('#device-title').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await page.locator('.dm-table').waitFor();
  await context.close();
});

test('of thousands of rows only those in sight are in the page, and the place narrows them', async () => {
  const { page, context } = await openScene('?list=all');
  await devices(page).first().waitFor();
  const all = await count(page, '#matrix-title + .n');
  expect(all).toBeGreaterThan(500);
  expect(await devices(page).count()).toBeLessThan(80);
  const place = page.locator('.sx-head select');
  const area = (await place.locator('option').nth(1).getAttribute('value'))!;
  await place.selectOption(area);
  await expect.poll(() => count(page, '#matrix-title + .n'), PATIENT).toBeLessThan(all);
  expect(where(page).searchParams.get('at')).toBe(area);
  await context.close();
});

test('the report shows the figures of the server with target and verdict, each a way to its records', async () => {
  const { page, context, errors } = await openScene('?view=report&period=30d', '#report-title');
  await page.locator('[data-figure]').first().waitFor();
  const report = (await (await fetch(`${inject('url')}/api/v1/alarms/report`)).json()) as AlarmReport;
  const shown = await page.locator('[data-figure]').evaluateAll((rows) => rows.map((r) => (r as HTMLElement).dataset.figure));
  expect(shown).toEqual(report.figures.map((f) => f.id));
  expect(await count(page, '#report-title + .n')).toBeGreaterThanOrEqual(report.announced);
  const figure = (id: string) => page.locator(`[data-figure="${id}"]`);
  expect(await figure('per-day').locator('.isa-c-target').textContent()).toBe('≤ 150，上限 300');
  expect(Number(await figure('per-day').locator('.isa-c-value b').textContent())).toBeGreaterThan(0);
  await figure('top-10-share')
    .getByRole('button', { name: /看明细/ })
    .click();
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('isa-top');
  await page.locator('#isa-top li button').first().click();
  await page.locator('#alarms-title').waitFor();
  expect(where(page).searchParams.get('view')).toBe('alarms');
  expect(where(page).searchParams.get('sensor')).toBeTruthy();
  expect(errors).toEqual([]);
  await context.close();
});

test('axe finds nothing on the matrix, its list, a device and the report', async () => {
  const { page: first, context: c } = await openScene('?list=all');
  const id = await devices(first).last().getAttribute('data-device');
  await c.close();
  for (const [search, ready] of [
    ['', '.dm-table'],
    ['?list=all', '[data-device]'],
    [`?list=all&sel=sensor:${id}`, '#history-title'],
    ['?view=report', '[data-figure]'],
  ] as const) {
    const { page, context } = await openScene(search, ready);
    expect(await violations(page), search).toEqual([]);
    await context.close();
  }
});
