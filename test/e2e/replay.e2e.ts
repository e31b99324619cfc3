import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { openBrowser, openPage, viewports, waitForMap } from '../support/browser.ts';
import { openWall, report } from './wall-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

interface Then {
  readonly seq: number;
  readonly incidents: readonly { readonly id: string }[];
}
const ask = async <T>(path: string): Promise<T> => (await (await fetch(inject('url') + path)).json()) as T;
const isoOf = (ms: number) => new Date(ms).toISOString().replace('Z', '%2B00:00');
/** Every page of the past stands on the moment it was asked for. */
const shown = (page: Page) => page.locator('html.tm-on:not(.tm-seeking) .tm-when').waitFor({ state: 'attached' });
const label = (page: Page) => page.locator('.tm-label').innerText();
const openCount = async (page: Page) => Number(await page.locator('#queue-title + .n').innerText());

/** Open incidents at a moment, by the ledger's own word: all that was reported before and had not ended. */
async function openAt(at: number): Promise<number> {
  const { total } = await ask<{ total: number }>(`/api/v1/incidents?open=true&limit=1&asOf=${at}`);
  return total;
}

test('the wall goes back to a moment: figures, queue, units and alarms are of then, nothing can be commanded, and live comes back at once', async () => {
  const before = Date.now() - 3 * 86_400_000;
  const { page, context, strayRequests, errors } = await openWall(browser, { path: `/wall?t=${isoOf(before)}` });
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
  const acknowledge = page.locator('.alarms .ack');
  for (const button of await acknowledge.all()) expect(await button.isDisabled()).toBe(true);
  await page.locator('[data-row]').first().click();
  await page.locator('.dossier .act .primary').waitFor();
  expect(await page.locator('.dossier .act .primary').isDisabled()).toBe(true);
  expect(await page.locator('.dossier .act .primary').innerText()).toContain('回放中，不能下达');
  await page.locator('.tm-bar .tm-live').waitFor();
  await page.keyboard.press('i');
  expect(await page.locator('.notice').innerText()).toContain('回放中，不能下达');
  // live is back at once, and went on meanwhile: no snapshot, no reload
  const asked: string[] = [];
  page.on('request', (r) => asked.push(new URL(r.url()).pathname));
  await page.keyboard.press('l');
  await page.locator('html:not(.tm-on)').waitFor({ state: 'attached' });
  expect(await page.title()).not.toContain('回放');
  expect(page.url()).not.toContain('t=');
  await page.keyboard.press('Escape');
  await page.waitForFunction(async () => {
    const { total } = (await (await fetch('/api/v1/incidents?open=true&limit=1')).json()) as { total: number };
    return Number(document.querySelector('#queue-title + .n')?.textContent) === total;
  });
  expect(asked.filter((path) => /^\/(stream|api\/v1\/film\/(moment|reel))/.test(path))).toEqual([]);
  expect(strayRequests).toEqual([]);
  expect(errors).toEqual([]);
  await context.close();
});

test('it plays at 60 times, stops, steps to an event, and the address opens the same moment on another screen', async () => {
  const from = Date.now() - 2 * 86_400_000;
  const { page, context } = await openWall(browser, { path: `/wall?t=${isoOf(from)}`, map: false });
  await shown(page);
  const first = await label(page);
  await page.getByRole('button', { name: '×60' }).first().click();
  await page.keyboard.press(' ');
  await page.waitForFunction((before) => {
    const now = document.querySelector('.tm-label')?.textContent ?? '';
    return now.includes('×60') && !now.startsWith(before.trim());
  }, first);
  // six minutes of film take six seconds: several reels follow each other
  await page.waitForFunction(
    (then) => {
      const t = new URLSearchParams(location.search).get('t');
      return t !== null && Date.parse(t) > then + 6 * 60_000;
    },
    from,
    { timeout: 60_000 },
  );
  await page.keyboard.press(' ');
  await page.waitForFunction(() => !document.querySelector('.tm-label')?.textContent?.includes('×'));
  const stood = await label(page);
  await page.keyboard.press('Shift+ArrowRight');
  await page.waitForFunction((before) => document.querySelector('.tm-label')?.textContent !== before, stood);
  await shown(page);
  await page.locator('.tm-said[role=status]').first().waitFor();
  const event = await label(page);
  const there = new URL(page.url()).search;
  const other = await openPage(browser, { viewport: viewports.wall });
  await other.page.goto(`${inject('url')}/wall${there}`);
  await shown(other.page);
  expect(await label(other.page)).toBe(event);
  expect(await other.page.locator('#queue-title + .n').innerText()).toBe(await page.locator('#queue-title + .n').innerText());
  // ten minutes back by the arrow
  await other.page.keyboard.press('ArrowLeft');
  await other.page.waitForFunction((before) => document.querySelector('.tm-label')?.textContent !== before, event);
  await other.context.close();
  await context.close();
});

test('a click on the strip goes there, a hand over it sees what was there first', async () => {
  const { page, context } = await openWall(browser);
  const box = (await page.locator('.tm-slider').boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2);
  await page.waitForFunction(() => /在办 \d+ · 告警 \d+ · 在岗 \d+/.test(document.querySelector('.tm-tip')?.textContent ?? ''));
  const pointed = (await page.locator('.tm-tip b').innerText()).trim();
  await page.mouse.down();
  await page.mouse.up();
  await shown(page);
  expect(await label(page)).toContain(pointed);
  await context.close();
});

test('every scene shows the moment; what the server only knows of now says so', async () => {
  const at = Date.now() - 86_400_000;
  const { page, context } = await openPage(browser, { viewport: viewports.wall });
  for (const path of ['/incidents', '/patrol', '/sensing']) {
    await page.goto(`${inject('url')}${path}?t=${isoOf(at)}`);
    await shown(page);
    await page.locator('.tm-bar .tm-live').waitFor();
    expect(await page.title()).toMatch(/^回放/);
  }
  await page.goto(`${inject('url')}/sensing?view=rules&t=${isoOf(at)}`);
  await shown(page);
  await page.getByText('回放中不可用').first().waitFor();
  await context.close();
});

test('axe finds no violation in the past', async () => {
  const { page, context } = await openWall(browser, { path: `/wall?t=${isoOf(Date.now() - 86_400_000)}` });
  await shown(page);
  await page.locator('.tm .tm-open:not(.tm-clip)').click();
  await page.locator('.tm-sheet').waitFor();
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { violations } = await (
      window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
    ).axe.run();
    return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`);
  });
  expect(found).toEqual([]);
  await context.close();
});

test('a phone has label, keys and the way back', async () => {
  const { page, context } = await openPage(browser, { viewport: viewports.phone });
  await page.goto(`${inject('url')}/wall?t=${isoOf(Date.now() - 86_400_000)}`);
  await shown(page);
  await waitForMap(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.locator('.tm-bar .tm-live').click();
  await page.locator('html:not(.tm-on)').waitFor({ state: 'attached' });
  await context.close();
});
