import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, openPage, viewports } from '../support/browser.ts';
import { BEYOND_P1, beyond, floodSensor, loadFloodStreet, measure } from '../support/flood.ts';
import { startServer, type TestServer, until } from '../support/server.ts';

/** A server of its own: a flood of alarms is nothing for the street the other tests look at. */
const FLOOD = 5000;
const P1 = 's-0001';
let server: TestServer;
let browser: Browser;
beforeAll(async () => {
  server = await startServer();
  await loadFloodStreet(server, FLOOD);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.destroy();
});

const open = async (path = '/wall') => {
  const opened = await openPage(browser, { viewport: viewports.wall });
  await opened.page.goto(server.url + path);
  await opened.page.locator('#alarms-title').waitFor();
  return opened;
};
const alarm = (id: string) => `${id}/high`;
const row = (page: Page, id: string) => page.locator(`[data-alarm="${alarm(id)}"]`);
const state = (page: Page, id: string) =>
  page.locator(`[data-state]`, { has: page.locator(`[data-alarm="${alarm(id)}"]`) }).getAttribute('data-state', { timeout: 1000 });
const written = async (subject: string): Promise<string[]> => {
  const { json } = await server.get(`/api/v1/ledger?subject=${encodeURIComponent(subject)}&limit=100`);
  return (json.entries as { kind: string }[]).map((e) => e.kind);
};
const standing = async () => ((await server.get('/api/v1/alarms/log?limit=1')).json as { total: number }).total;

test('an alarm is reached and acknowledged by keys alone, and the ledger has it', async () => {
  const { page, context, errors } = await open();
  await measure(server, [floodSensor(0)], () => 3);
  await row(page, floodSensor(0)).waitFor();
  await page.keyboard.press('j');
  await page.waitForFunction((id) => (document.activeElement as HTMLElement | null)?.dataset.alarm === id, alarm(floodSensor(0)));
  await page.keyboard.press('a');
  await expect.poll(() => state(page, floodSensor(0))).toBe('acked');
  expect(await written(alarm(floodSensor(0)))).toContain('alarm.acknowledged');
  expect(errors).toEqual([]);
  await context.close();
});

test('a shelved alarm leaves the panel but not the eye, and comes back when it clears', async () => {
  const { page, context } = await open();
  const id = floodSensor(2);
  await measure(server, [id], () => 3);
  await row(page, id).focus();
  await page.keyboard.press('s');
  const sheet = page.getByRole('dialog');
  await sheet.locator('[name="kind"]').selectOption('one-shot');
  await sheet.locator('[name="reason"]').fill('厨房油烟，物业已到场');
  await page.keyboard.press('Enter');
  await sheet.waitFor({ state: 'detached' });
  await expect.poll(() => row(page, id).count()).toBe(0);
  // the foot of the panel names what is hidden and opens it
  await page.getByRole('button', { name: '搁置 1' }).click();
  await row(page, id).waitFor();
  expect(await state(page, id)).toBe('shelved');
  expect(new URL(page.url()).searchParams.get('state')).toBe('shelved');
  await page.goto(`${server.url}/wall`);
  await page.locator('#alarms-title').waitFor();
  await measure(server, [id], () => 0.2);
  await row(page, id).waitFor();
  expect(await state(page, id)).toBe('rtn-unack');
  await row(page, id).click();
  await page.locator('[data-kind="alarm.shelved"]', { hasText: '厨房油烟' }).waitFor();
  await context.close();
});

test('a comment and a refusal are told where they belong', async () => {
  const { page, context } = await open('/sensing?view=alarms');
  const id = floodSensor(0);
  await row(page, id).click();
  await page.locator('.detail').waitFor();
  await page.keyboard.press('n');
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('button', { name: /备注 1 条/ }).click();
  await sheet.getByRole('alert').waitFor();
  await sheet.locator('[name="reason"]').fill('已电话询问物业');
  await page.keyboard.press('Enter');
  await page.locator('[data-kind="alarm.noted"]', { hasText: '已电话询问物业' }).waitFor();
  await context.close();
});

test('in a flood of 5,000 the P1 is on the wall, groups are few, none is lost, and a group is acknowledged at once', async () => {
  const { page, context, errors } = await open();
  const before = await standing();
  const ids = Array.from({ length: FLOOD - 10 }, (_, i) => i + 10);
  const began = performance.now();
  const half = ids.length / 2;
  await measure(server, ids.slice(0, half).map(floodSensor), (id) => beyond(Number(id.slice(2))));
  const sent = performance.now();
  await measure(server, [P1], () => BEYOND_P1);
  const rest = measure(server, ids.slice(half).map(floodSensor), (id) => beyond(Number(id.slice(2))));
  await row(page, P1).waitFor();
  const seen = performance.now();
  await rest;
  const done = performance.now();
  console.log(
    `flood: ${ids.length + 1} alarms in ${((done - began) / 1000).toFixed(1)} s; the P1 in it on screen ${Math.round(seen - sent)} ms after its reading was sent`,
  );
  await page.getByRole('heading', { name: /告警洪泛 · 10 分钟 [\d,]+ 条/ }).waitFor();
  expect(await page.locator('.al > li').first().locator('[data-alarm]').getAttribute('data-alarm')).toBe(alarm(P1));
  // the ledger holds every one of them
  await until(async () => (await standing()) === before + ids.length + 1);

  const groups = page.locator('.al [data-alarm-group]');
  await groups.first().waitFor();
  const key = await groups.first().getAttribute('data-alarm-group');
  const group = page.locator(`.al > li[data-group="${key}"]`);
  await group.locator('[data-alarm-group]').focus();
  await page.keyboard.press('a');
  await expect.poll(() => group.locator('.tag').count(), { timeout: 60_000 }).toBe(0);

  // Shift A: everything listed, the P1 with it; the notice says how many
  await page.keyboard.press('Shift+A');
  await page
    .getByRole('status')
    .filter({ hasText: /已确认 \d+ 条告警/ })
    .waitFor();
  await expect.poll(() => state(page, P1), { timeout: 60_000 }).toBe('acked');

  await page.goto(`${server.url}/sensing?view=alarms&by=now`);
  const list = page.locator('.alr-grid');
  await list.waitFor();
  expect(Number(await list.getAttribute('aria-rowcount'))).toBeGreaterThan(FLOOD - 10);
  expect(await list.locator('tbody tr').count()).toBeLessThan(80);
  expect(errors).toEqual([]);
  await context.close();
});
