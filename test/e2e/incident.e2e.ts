import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { IncidentState } from '../../model/incident.ts';
import { violations } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';
import { incidentNow, openWall, report, stateOf } from './wall-page.ts';

/** How long a condition may take on a busy machine; without it a poll gives up after a second. */
const slow = { timeout: 60_000 };

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser({ map: false });
});
afterAll(() => browser?.close());

const openDossier = async (id: string) => {
  const opened = await openWall(browser, { path: `/wall?sel=incident:${id}`, map: false });
  await opened.page.locator('.dossier .st6').waitFor();
  return opened;
};
/** The command button is ready for the step after `state`: the screen has heard of it and nothing is under way. */
const ready = (page: Page, state: string) =>
  page.waitForFunction((word) => {
    const button = document.querySelector('.act .row1 button.primary');
    return button?.getAttribute('aria-disabled') === 'false' && document.querySelector('.dh .m')?.textContent?.includes(word);
  }, state);
const take = (id: string, step: string, form: object = {}) =>
  fetch(`${inject('url')}/api/v1/incidents/${encodeURIComponent(id)}/steps`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ step, ...form }),
  });

test('one incident is taken from its report to the caller’s verdict by keyboard alone', async () => {
  const id = await report('小区门口积水');
  const { page, context } = await openDossier(id);
  const way: [shown: string, key: string, next: IncidentState][] = [
    ['待立案', 'n', 'filed'],
    ['待派遣', 'd', 'dispatched'],
    ['待接单', 'n', 'accepted'],
    ['途中', 'n', 'arrived'],
    ['处置中', 'n', 'handled'],
    ['待核查', 'n', 'verified'],
    ['待结案', 'n', 'closed'],
  ];
  for (const [shown, key, next] of way) {
    await ready(page, shown);
    await page.keyboard.press(key);
    await expect.poll(() => stateOf(id), slow).toBe(next);
  }
  const sent = (await incidentNow(id)).marks.find((m) => m.step === 'dispatch');
  expect(sent?.unit).toBeTruthy();

  await ready(page, '已结案');
  await page.keyboard.press('n'); // the verdict must be said: its form opens with the focus in it
  const form = page.locator('.stepform');
  await form.waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => form.getByRole('alert').textContent(), slow).toContain('是否解决');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await incidentNow(id)).verdict, slow).toMatchObject({ solved: true, satisfaction: 'satisfied' });
  await page.locator('.verdict', { hasText: '已解决' }).waitFor();

  await page.keyboard.press('Escape');
  await expect.poll(() => page.locator('.with-dossier').count(), slow).toBe(0);
  await context.close();
});

test('a dispatch can be taken back for five seconds', async () => {
  const id = await report('楼道灯不亮');
  await take(id, 'file');
  const { page, context } = await openDossier(id);
  await ready(page, '待派遣');
  await page.keyboard.press('d');
  await page.locator('.act .row1 button', { hasText: '撤销' }).waitFor();
  await page.keyboard.press('Enter');
  await ready(page, '待派遣');
  expect(await stateOf(id)).toBe('filed');
  await context.close();
});

test('whoever sends another than the first on the list says why, and the ledger keeps it', async () => {
  const id = await report('路面塌陷');
  await take(id, 'file');
  const { page, context } = await openDossier(id);
  await ready(page, '待派遣');
  const rows = page.locator('.forces .fo button');
  await expect.poll(() => rows.count(), slow).toBeGreaterThan(1);
  await rows.nth(1).click();
  await page.keyboard.press('d');
  const form = page.locator('.stepform');
  await form.waitFor();
  await form.locator('[name="reason"]').fill('离得更近，刚办完附近一件');
  await page.keyboard.press('Enter');
  await expect.poll(() => stateOf(id), slow).toBe('dispatched');
  await page.locator('.log', { hasText: '离得更近，刚办完附近一件' }).waitFor();
  await context.close();
});

test('a refused step says what happened instead', async () => {
  const id = await report('井盖松动');
  const { page, context } = await openDossier(id);
  await ready(page, '待立案');
  // another operator declines it while this screen's request is on its way
  await page.route('**/steps', async (route) => {
    await take(id, 'decline', { reason: '不属本辖区' });
    await route.continue();
  });
  await page.keyboard.press('n');
  await expect.poll(() => page.locator('.act .why[role="status"]').textContent(), slow).toContain('未执行');
  expect(await page.locator('.act .why[role="status"]').textContent()).toContain('不予立案');
  expect(await stateOf(id)).toBe('declined');
  await context.close();
});

test('a whistle calls a department, which is urged and recorded as checked in', async () => {
  const id = await report('燃气味');
  const { page, context } = await openDossier(id);
  await ready(page, '待立案');
  await page.keyboard.press('w');
  const form = page.locator('.stepform');
  await form.locator('input[type="text"]').fill('气味不散，请到场检测');
  // one department and no other, whichever the category proposes
  const boxes = form.locator('input[type="checkbox"]');
  for (const box of await boxes.all()) await box.setChecked(false);
  await boxes.first().check();
  await form.locator('button[type="submit"]').click();
  const call = page.locator('.whistle .wh li');
  await call.getByRole('button', { name: '催办' }).click();
  await call.getByText('已催 1 次').waitFor();
  await call.getByRole('button', { name: '报到' }).click();
  await call.getByText('已报到').waitFor();
  expect((await incidentNow(id)).whistles[0]?.calls[0]?.arrivedAt).not.toBeNull();
  await context.close();
});

test('axe finds nothing in a dossier, nor in its menu and forms', async () => {
  const id = await report('垃圾满溢');
  await take(id, 'file');
  const { page, context } = await openDossier(id);
  await ready(page, '待派遣');
  expect(await violations(page, '.page')).toEqual([]);
  await page.keyboard.press('o');
  await page.locator('.stepmenu').waitFor();
  expect(await violations(page, '.page')).toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('s');
  await page.locator('.stepform').waitFor();
  expect(await violations(page, '.page')).toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('w');
  await page.locator('.stepform').waitFor();
  expect(await violations(page, '.page')).toEqual([]);
  await context.close();
});
