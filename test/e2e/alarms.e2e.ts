import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, openPage, viewports } from '../support/browser.ts';
import { BEYOND_P1, beyond, floodSensor, loadFloodStreet, measure } from '../support/flood.ts';
import { startServer, type TestServer, until } from '../support/server.ts';

/** A server of its own: a flood of alarms is nothing for the street the other tests look at. One page, without a map: none of it looks at one. */
const FLOOD = 5000;
/** of the flood's street, kept for after it: some of every group */
const LATE = 30;
const P1 = 's-0001';
let server: TestServer;
let browser: Browser;
let page: Page;
let errors: string[];
beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), openBrowser({ map: false })]);
  await loadFloodStreet(server, FLOOD + LATE);
  ({ page, errors } = await openPage(browser, { viewport: viewports.wall }));
});
afterAll(async () => {
  await browser?.close();
  await server?.destroy();
});

const show = async (path = '/wall') => {
  await page.goto(server.url + path);
  await page.locator('#alarms-title').waitFor();
};
const alarm = (id: string) => `${id}/high`;
const row = (id: string) => page.locator(`[data-alarm="${alarm(id)}"]`);
const state = (id: string) =>
  page.locator(`[data-state]`, { has: page.locator(`[data-alarm="${alarm(id)}"]`) }).getAttribute('data-state', { timeout: 1000 });
const written = async (subject: string): Promise<string[]> => {
  const { json } = await server.get(`/api/v1/ledger?subject=${encodeURIComponent(subject)}&limit=100`);
  return (json.entries as { kind: string }[]).map((e) => e.kind);
};
/** alarms not in their normal state: none of them is hidden in the flood */
const shown = async () => ((await server.get('/api/v1/world')).json as { alarms: unknown[] }).alarms.length;
const taken = async () => ((await server.get('/api/v1/alarms/log?limit=1')).json as { total: number }).total;

test('an alarm is reached and acknowledged by keys alone, and the ledger has it', async () => {
  await show();
  await measure(server, [floodSensor(0)], () => 3);
  await row(floodSensor(0)).waitFor();
  await page.keyboard.press('j');
  await page.waitForFunction((id) => (document.activeElement as HTMLElement | null)?.dataset.alarm === id, alarm(floodSensor(0)));
  await page.keyboard.press('a');
  await expect.poll(() => state(floodSensor(0))).toBe('acked');
  expect(await written(alarm(floodSensor(0)))).toContain('alarm.acknowledged');
  expect(errors).toEqual([]);
});

test('a shelved alarm leaves the panel but not the eye, and comes back when it clears', async () => {
  await show();
  const id = floodSensor(2);
  await measure(server, [id], () => 3);
  await row(id).focus();
  await page.keyboard.press('s');
  const sheet = page.getByRole('dialog');
  await sheet.locator('[name="kind"]').selectOption('one-shot');
  await sheet.locator('[name="reason"]').fill('厨房油烟，物业已到场');
  await page.keyboard.press('Enter');
  await sheet.waitFor({ state: 'detached' });
  await expect.poll(() => row(id).count()).toBe(0);
  // the foot of the panel names what is hidden and opens it
  await page.getByRole('button', { name: '搁置 1' }).click();
  await row(id).waitFor();
  expect(await state(id)).toBe('shelved');
  expect(new URL(page.url()).searchParams.get('state')).toBe('shelved');
  await show();
  await measure(server, [id], () => 0.2);
  await row(id).waitFor();
  expect(await state(id)).toBe('rtn-unack');
  await row(id).click();
  await page.locator('[data-kind="alarm.shelved"]', { hasText: '厨房油烟' }).waitFor();
});

test('a comment and a refusal are told where they belong', async () => {
  await show('/sensing?view=alarms');
  const id = floodSensor(0);
  await row(id).click();
  await page.locator('.detail').waitFor();
  await page.keyboard.press('n');
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('button', { name: /备注 1 条/ }).click();
  await sheet.getByRole('alert').waitFor();
  await sheet.locator('[name="reason"]').fill('已电话询问物业');
  await page.keyboard.press('Enter');
  await page.locator('[data-kind="alarm.noted"]', { hasText: '已电话询问物业' }).waitFor();
});

test('in a flood of 5,000 the P1 is on the wall, groups are few and none is lost', async () => {
  await show();
  const before = await taken();
  const ids = Array.from({ length: FLOOD - 10 }, (_, i) => i + 10);
  const began = performance.now();
  const half = ids.length / 2;
  await measure(server, ids.slice(0, half).map(floodSensor), (id) => beyond(Number(id.slice(2))));
  const sent = performance.now();
  await measure(server, [P1], () => BEYOND_P1);
  const rest = measure(server, ids.slice(half).map(floodSensor), (id) => beyond(Number(id.slice(2))));
  await row(P1).waitFor();
  const seen = performance.now();
  await rest;
  const done = performance.now();
  console.log(
    `flood: ${ids.length + 1} alarms in ${((done - began) / 1000).toFixed(1)} s; the P1 in it on screen ${Math.round(seen - sent)} ms after its reading was sent`,
  );
  // the ledger holds every one of them, and the screen comes to hold them too
  await until(async () => (await taken()) === before + ids.length + 1);
  await page.getByRole('heading', { name: /告警洪泛 · 10 分钟 [\d,]+ 条/ }).waitFor();
  await page.locator('.alr-since', { hasText: `${(await shown()).toLocaleString('en-US')} 条归为` }).waitFor();
  expect(await page.locator('.al > li').first().locator('[data-alarm]').getAttribute('data-alarm')).toBe(alarm(P1));
  expect(await page.locator('.al > li').count()).toBeLessThan(5);
});

test('a group that grows while it is acknowledged: who pressed is told how many came since, keeps the row, and one more press has them', async () => {
  const key = await page.locator('.al [data-alarm-group]').last().getAttribute('data-alarm-group');
  const group = page.locator(`.al > li[data-group="${key}"]`);
  const members = () => group.locator('.m .fig').innerText();
  const before = await members();
  const late = Array.from({ length: LATE }, (_, i) => floodSensor(FLOOD + i));
  // between the press and the answer more of every group come in, and the order of the groups changes
  let grown = false;
  await page.route('**/api/v1/alarms/acts', async (route) => {
    if (!grown) {
      grown = true;
      await measure(server, late, (id) => beyond(Number(id.slice(2))));
      await expect.poll(members, { timeout: 60_000 }).not.toBe(before);
    }
    await route.continue();
  });
  await group.locator('[data-alarm-group]').focus();
  await page.keyboard.press('a');
  const notice = page.getByRole('status').filter({ hasText: /已确认 \d+ 条告警；其后又来 \d+ 条，未确认/ });
  await notice.waitFor();
  await page.unroute('**/api/v1/alarms/acts');
  const [, came] = /其后又来 (\d+) 条/.exec(await notice.innerText())!;
  await expect.poll(() => group.locator('.tag').allInnerTexts(), { timeout: 60_000 }).toEqual([`未确认 ${came}`]);
  const focused = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.alarmGroup);
  expect(await focused()).toBe(key);
  await page.keyboard.press('a');
  await expect.poll(() => group.locator('.tag').count(), { timeout: 60_000 }).toBe(0);
  expect(await focused()).toBe(key);
});

test('everything listed is acknowledged at once, the P1 with it; the list holds thousands and draws the few in sight', async () => {
  await page.keyboard.press('Shift+A');
  await page
    .getByRole('status')
    .filter({ hasText: /已确认 \d+ 条告警/ })
    .waitFor();
  await expect.poll(() => state(P1), { timeout: 60_000 }).toBe('acked');
  await page.goto(`${server.url}/sensing?view=alarms&by=now`);
  const list = page.locator('.alr-grid');
  await list.waitFor();
  expect(Number(await list.getAttribute('aria-rowcount'))).toBeGreaterThan(FLOOD - 10);
  expect(await list.locator('tbody tr').count()).toBeLessThan(80);
  expect(errors).toEqual([]);
});
