import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { unitStates } from '../../model/patrol.ts';
import { violations } from '../support/axe.ts';
import { openBrowser, openPage, viewports, waitForMap } from '../support/browser.ts';

// One page for all of it, walked as a visitor walks it: a map takes seconds to draw in software, and here it is drawn once.
let browser: Browser;
let context: BrowserContext;
let page: Page;
let errors: string[];
beforeAll(async () => {
  browser = await openBrowser();
  ({ page, context, errors } = await openPage(browser, { viewport: viewports.wall }));
  page.setDefaultTimeout(120_000);
});
afterEach(() => expect(errors.splice(0)).toEqual([]));
afterAll(async () => {
  await context?.close();
  await browser?.close();
});

const PATIENT = { timeout: 120_000 };
const tab = (name: string) => page.locator('.sx-head nav').getByRole('button', { name, exact: true }).click();
const where = () => new URL(page.url());
const units = () => page.locator('tr[data-unit]');
const number = async (of: string) => Number((await page.locator(of).first().textContent())!.replaceAll(',', ''));
const canvas = () => page.locator('.map-root .maplibregl-canvas');
const shaded = () => page.locator('.map-root').getAttribute('data-shaded').then(Number);

test('key 3 opens the scene; each status is a way to the units of it, and the list is sorted by urgency', async () => {
  await page.goto(`${inject('url')}/incidents`);
  await page.locator('#list-title').waitFor();
  await page.keyboard.press('3');
  await units().first().waitFor();
  expect(where().pathname).toBe('/patrol');
  const rank = (await units().evaluateAll((rows) => rows.map((r) => (r as HTMLElement).dataset.state!))).map((s) =>
    (unitStates as readonly string[]).indexOf(s),
  );
  expect(rank.length).toBeGreaterThan(5);
  expect(rank).toEqual([...rank].sort((a, b) => a - b));

  const some = page.locator('[data-unit-state]:not(.pt-zero)').last();
  const state = (await some.getAttribute('data-unit-state'))!;
  await some.click();
  await expect.poll(() => where().searchParams.get('state'), PATIENT).toBe(state);
  await expect
    .poll(async () => {
      const rows = await units().evaluateAll((all) => all.map((r) => (r as HTMLElement).dataset.state));
      const told = await number(`[data-unit-state="${state}"] b`);
      return told === (await number('#units-title + .n')) && rows.length > 0 && rows.every((s) => s === state);
    }, PATIENT)
    .toBe(true);
  await page.evaluate(() => history.back());
  await expect.poll(() => where().searchParams.get('state'), PATIENT).toBeNull();
  await page.locator('.pt-filters select').first().selectOption('police');
  await expect.poll(() => where().searchParams.get('role'), PATIENT).toBe('police');
  await expect
    .poll(
      () =>
        units()
          .locator('.pt-role')
          .evaluateAll((all) => all.length > 0 && all.every((e) => e.textContent === '警')),
      PATIENT,
    )
    .toBe(true);
});

test('J and Enter open a unit; it is followed until the visitor moves the map, and its way of the last while is drawn', async () => {
  await tab('力量');
  await waitForMap(page);
  await units().first().waitFor();
  await page.keyboard.press('j');
  await expect.poll(() => page.evaluate(() => (document.activeElement as HTMLElement).dataset.row), PATIENT).toBeTruthy();
  const moving = page.locator('tr[data-state="moving"] button[data-row], tr[data-state="standing"] button[data-row]').first();
  await moving.waitFor();
  const id = (await moving.getAttribute('data-row'))!;
  await moving.focus();
  await page.keyboard.press('Enter');
  await page.locator('#unit-title').waitFor();
  expect(where().searchParams.get('sel')).toBe(`unit:${id}`);
  expect(await page.locator('#unit-visits-title').count()).toBe(1);
  expect(await violations(page)).toEqual([]);
  await page.locator('[data-act="follow"]').click();
  await expect.poll(() => page.locator('.pt-following').count(), PATIENT).toBe(1);

  await page.locator('[data-act="follow"]').click();
  await expect.poll(() => page.locator('.pt-following').count(), PATIENT).toBe(0);
  await waitForMap(page);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const answer = page.waitForResponse((r) => r.url().includes('/api/v1/tracks?'));
  await page.locator('[data-trail="60"]').click();
  const { tracks } = (await (await answer).json()) as { tracks: { unit: string; at: number[] }[] };
  expect(tracks.map((t) => t.unit)).toEqual([id]);
  expect(tracks[0]!.at.length).toBeGreaterThan(1);
  await expect.poll(() => page.locator('.map-root').getAttribute('data-stretches').then(Number), PATIENT).toBeGreaterThan(0);

  await page.locator('[data-act="follow"]').click();
  const box = (await canvas().boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 90, y + 60, { steps: 5 });
  await page.mouse.up();
  await expect.poll(() => page.locator('.pt-following').count(), PATIENT).toBe(0);
  await page.keyboard.press('Escape');
  await expect.poll(() => where().searchParams.get('sel'), PATIENT).toBeNull();
});

test('measuring gives metres of each stretch and of all, by mouse and by keyboard, and Escape ends it and nothing else', async () => {
  await tab('覆盖');
  await page.locator('#coverage-title').waitFor();
  await waitForMap(page);
  await page.locator('[data-tool="measure"]').click();
  const box = (await canvas().boundingBox())!;
  const at = (fx: number, fy: number) => page.mouse.click(box.x + box.width * fx, box.y + box.height * fy);
  await at(0.3, 0.4);
  await at(0.6, 0.4);
  const total = page.locator('[data-measured]');
  await expect.poll(async () => Number(await total.getAttribute('data-measured')), PATIENT).toBeGreaterThan(20);
  const one = Number(await total.getAttribute('data-measured'));
  expect(await total.textContent()).toMatch(/\d (m|km)，1 段/);
  await at(0.3, 0.4);
  await expect.poll(async () => Math.abs(Number(await total.getAttribute('data-measured')) - 2 * one), PATIENT).toBeLessThan(3);
  expect(await page.locator('.map-measure text').count()).toBe(3);
  await page.keyboard.press('Backspace');
  await expect.poll(async () => Number(await total.getAttribute('data-measured')), PATIENT).toBe(one);
  await canvas().focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => total.textContent(), PATIENT).toContain('2 段');
  await page.keyboard.press('Escape');
  await expect.poll(() => page.locator('.pt-measured').count(), PATIENT).toBe(0);
  expect(where().searchParams.get('view')).toBe('coverage');
});

test('coverage: figures, list and map agree, a micro-grid opens to the visits behind it', async () => {
  await tab('覆盖');
  await page.locator('.pt-filters select').first().selectOption('leaf');
  const leaves = page.locator('tr[data-leaf]');
  await leaves.first().waitFor();
  const values = await leaves.evaluateAll((rows) => rows.map((r) => Number((r as HTMLElement).dataset.visits)));
  expect(values).toEqual([...values].sort((a, b) => a - b));
  const all = await number('#coverage-title + .n');
  expect(await violations(page)).toEqual([]);
  const card = page.locator('[data-figure="coverage-today"]');
  await card.click();
  const sheet = page.getByRole('dialog');
  await sheet.waitFor();
  await expect
    .poll(async () => {
      const [, , n, of] = await sheet.locator('.facts dd').allTextContents();
      return [Number(of), Number(n) <= Number(of), await sheet.locator('.records li').count()];
    }, PATIENT)
    .toEqual([all, true, expect.any(Number)]);
  const facts = await sheet.locator('.facts dd').allTextContents();
  expect(Number(facts[0]!.split(' ')[0])).toBeCloseTo((100 * Number(facts[2])) / all, 0);
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });

  await waitForMap(page);
  for (const measure of ['rounds', 'unvisited', 'absence', 'unmanned']) {
    await page.locator(`[data-measure="${measure}"]`).click();
    await expect.poll(() => where().searchParams.get('measure'), PATIENT).toBe(measure);
    await expect.poll(shaded, PATIENT).toBe(all);
  }
  await page.locator('[data-measure="unvisited"]').click();
  await page.locator('[aria-sort] >> text=上次到访').waitFor();
  await page.locator('.pt-rows').evaluate((e) => e.scrollTo(0, e.scrollHeight));
  const visited = leaves.filter({ has: page.locator('.pt-l-last .fig') }).last();
  await visited.locator('.pt-link').click();
  await page.locator('#area-visits-title').waitFor();
  await expect.poll(() => page.locator('[data-visit]').count(), PATIENT).toBeGreaterThan(0);
});

test('rounds: stops of today in their order, and those of past days with what was missed', async () => {
  await tab('巡查');
  await page.locator('#rounds-title').waitFor();
  const round = page.locator('[data-round]').first();
  await round.waitFor();
  const stops = Number(await round.getAttribute('data-stops'));
  const made = Number(await round.getAttribute('data-made'));
  await round.getByRole('button').first().click();
  await expect.poll(() => round.locator('[data-stop]').count(), PATIENT).toBe(stops);
  expect(await round.locator('[data-stop-state="made"]').count()).toBeGreaterThanOrEqual(made);
  await waitForMap(page);
  await expect.poll(shaded, PATIENT).toBe(stops);

  expect(await violations(page)).toEqual([]);

  await page.locator('[data-show="past"]').click();
  const closed = page.locator('[data-closed]');
  await closed.first().waitFor();
  await page.locator('.pt-check input').check();
  await expect
    .poll(() => closed.evaluateAll((rows) => rows.length > 0 && rows.every((r) => Number((r as HTMLElement).dataset.missed) > 0)), PATIENT)
    .toBe(true);
  const first = closed.first();
  const missed = Number(await first.getAttribute('data-missed'));
  await first.getByRole('button').click();
  await expect.poll(() => page.locator('[data-stop-state="missed"]').count(), PATIENT).toBe(missed);
});
