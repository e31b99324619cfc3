import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { violations } from '../support/axe.ts';
import { openBrowser, openPage, viewports, waitForMap } from '../support/browser.ts';
import { openWall, report } from './wall-page.ts';

// what is shown of the past is the same with and without a map; that the map comes up in it is looked at once, on the smallest screen
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser({ map: false });
});
afterAll(() => browser?.close());

interface Then {
  readonly seq: number;
  readonly incidents: readonly { readonly id: string }[];
}
const ask = async <T>(path: string): Promise<T> => (await (await fetch(inject('url') + path)).json()) as T;
const isoOf = (ms: number) => new Date(ms).toISOString().replace('Z', '%2B00:00');
const openThe = async (path: string) => {
  const opened = await openWall(browser, { path, map: false });
  opened.page.setDefaultTimeout(60_000);
  return opened;
};
/** Every page of the past stands on the moment it was asked for. */
const shown = (page: Page) => page.locator('html.tm-on:not(.tm-seeking) .tm-when').waitFor({ state: 'attached' });
const label = (page: Page) => page.locator('.tm-label').innerText();
const openCount = async (page: Page) => Number(await page.locator('#queue-title + .n').innerText());
const momentOf = (page: Page) => Date.parse(new URL(page.url()).searchParams.get('t') ?? '');

/** Open incidents at a moment, by the ledger's own word: all that was reported before and had not ended. */
async function openAt(at: number): Promise<number> {
  const { total } = await ask<{ total: number }>(`/api/v1/incidents?open=true&limit=1&asOf=${at}`);
  return total;
}

test('the wall goes back to a moment: figures, queue and alarms are of then, nothing can be commanded, and live comes back at once', async () => {
  const before = Math.floor(Date.now() / 1000) * 1000 - 3 * 86_400_000;
  const { page, context, strayRequests, errors } = await openThe(`/wall?t=${isoOf(before)}`);
  await shown(page);
  // a frame, a label, the title
  expect(await page.locator('.tm-frame').count()).toBe(1);
  expect(await label(page)).toMatch(/^回放 \d\d-\d\d \d\d:\d\d:\d\d/);
  expect(await page.title()).toMatch(/^回放 \d\d-\d\d \d\d:\d\d:\d\d · 态势/);
  expect(await openCount(page)).toBe(await openAt(before));
  // what is reported now is not in it, though the live stream has brought it to this very page
  const id = await report('回放期间上报的护栏倒伏');
  await page.waitForFunction(async (incident) => {
    const world = (await (await fetch('/api/v1/world')).json()) as Then;
    return world.incidents.some((i) => i.id === incident);
  }, id);
  expect(await page.locator(`[data-row="${id}"]`).count()).toBe(0);
  // nothing can be done
  for (const button of await page.locator('.alarms .ack').all()) expect(await button.isDisabled()).toBe(true);
  await page.locator('[data-row]').first().click();
  await page.locator('.dossier .act .primary').waitFor();
  expect(await page.locator('.dossier .act .primary').isDisabled()).toBe(true);
  expect(await page.locator('.dossier .act .primary').innerText()).toContain('回放中，不能下达');
  await page.locator('.tm-bar .tm-live').waitFor();
  await page.keyboard.press('i');
  expect(await page.locator('.notice').innerText()).toContain('回放中，不能下达');
  await page.keyboard.press('Escape');
  await page.locator('.dossier').waitFor({ state: 'detached' });

  // the next event is named and opened beside its moment; back undoes the whole step, Escape only what it opened
  const stepped = async () => {
    await page.keyboard.press('Shift+ArrowRight');
    await page.waitForFunction(() => /[?&]sel=(incident|alarm):/.test(location.search));
    await shown(page);
    await page.locator('.dossier h1, .dossier h2, .detail h2').first().waitFor();
    await page.locator('.tm-said[role=status]').first().waitFor();
    expect(momentOf(page)).toBeGreaterThan(before);
    return page.url();
  };
  const event = await stepped();
  await page.goBack();
  await page.locator('.dossier, .detail').waitFor({ state: 'detached' });
  await shown(page);
  expect(momentOf(page)).toBe(before);
  expect(await stepped()).toBe(event);
  await page.keyboard.press('Escape');
  await page.locator('.dossier, .detail').waitFor({ state: 'detached' });
  expect(page.url()).not.toContain('sel=');
  const there = momentOf(page);

  // every scene shows the moment; what the server knows of then is of then, files too, and what only is known of now says so
  let titled = await page.title();
  const scene = async (name: string) => {
    await page.locator('.scenes').getByRole('button', { name }).click();
    await page.locator('.scenes [aria-current]', { hasText: name }).waitFor();
    // the page names itself when it is there; the moment stands before whatever it says
    await page.waitForFunction((was) => document.title !== was && document.title.startsWith('回放 '), titled);
    titled = await page.title();
    expect(momentOf(page)).toBe(there);
    await shown(page);
  };
  await scene('事件');
  expect(await page.locator('a[download]').first().getAttribute('href')).toMatch(new RegExp(`^/api/v1/incidents\\.csv\\?.*asOf=${there}$`));
  await scene('感知');
  await page.goto(`${inject('url')}/patrol?view=devices&t=${isoOf(there)}`);
  await shown(page);
  await page.locator('#dv-bound').waitFor();
  expect(await page.getByText('回放中不可用').count()).toBe(2);
  await page.locator('.tm-bar .tm-open').click();
  await page.locator('.tm-sheet').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  titled = await page.title();
  await scene('态势');
  expect(await violations(page)).toEqual([]);

  // live is back at once, and went on meanwhile: no snapshot, no reload
  const asked: string[] = [];
  page.on('request', (r) => asked.push(new URL(r.url()).pathname));
  await page.keyboard.press('l');
  await page.locator('html:not(.tm-on)').waitFor({ state: 'attached' });
  expect(await page.title()).not.toContain('回放');
  expect(page.url()).not.toContain('t=');
  await page.waitForFunction(async () => {
    const { total } = (await (await fetch('/api/v1/incidents?open=true&limit=1')).json()) as { total: number };
    return Number(document.querySelector('#queue-title + .n')?.textContent) === total;
  });
  expect(asked.filter((path) => /^\/(stream|api\/v1\/film\/(moment|reel))/.test(path))).toEqual([]);
  expect(strayRequests).toEqual([]);
  expect(errors).toEqual([]);
  await context.close();
});

test('a hand over the strip sees what was there and goes there; it plays at 60 times, stops, and the address opens the same moment elsewhere', async () => {
  const { page, context } = await openThe('/wall');
  const box = (await page.locator('.tm-slider').boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2);
  await page.waitForFunction(() => /在办 \d+ · 告警 \d+ · 在岗 \d+/.test(document.querySelector('.tm-tip')?.textContent ?? ''));
  const pointed = (await page.locator('.tm-tip b').innerText()).trim();
  await page.mouse.down();
  await page.mouse.up();
  await shown(page);
  const first = await label(page);
  expect(first).toContain(pointed);
  const from = momentOf(page);
  await page.getByRole('button', { name: '×60' }).first().click();
  await page.keyboard.press(' ');
  await page.waitForFunction((before) => {
    const now = document.querySelector('.tm-label')?.textContent ?? '';
    return now.includes('×60') && !now.startsWith(before.trim());
  }, first);
  // six minutes of film take six seconds: several reels follow each other
  await page.waitForFunction((then) => {
    const t = new URLSearchParams(location.search).get('t');
    return t !== null && Date.parse(t) > then + 6 * 60_000;
  }, from);
  await page.keyboard.press(' ');
  await page.waitForFunction(() => !document.querySelector('.tm-label')?.textContent?.includes('×'));
  await shown(page);
  const stood = await label(page);
  const other = await context.newPage();
  await other.goto(inject('url') + new URL(page.url()).pathname + new URL(page.url()).search);
  await shown(other);
  expect(await label(other)).toBe(stood);
  expect(await other.locator('#queue-title + .n').innerText()).toBe(await page.locator('#queue-title + .n').innerText());
  // ten minutes back by the arrow
  await other.keyboard.press('ArrowLeft');
  await other.waitForFunction((before) => document.querySelector('.tm-label')?.textContent?.trim() !== before.trim(), stood);
  await context.close();
});

test('a phone has the map of then, label, keys and the way back', async () => {
  const withMap = await openBrowser();
  try {
    const { page, strayRequests, errors } = await openPage(withMap, { viewport: viewports.phone });
    await page.goto(`${inject('url')}/wall?t=${isoOf(Date.now() - 86_400_000)}`);
    await shown(page);
    await waitForMap(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.locator('.tm-bar .tm-live').click();
    await page.locator('html:not(.tm-on)').waitFor({ state: 'attached' });
    expect([strayRequests, errors]).toEqual([[], []]);
  } finally {
    await withMap.close();
  }
});
