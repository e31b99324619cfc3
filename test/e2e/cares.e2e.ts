import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violations } from '../support/axe.ts';
import { openBrowser, openPage, type Viewport, viewports } from '../support/browser.ts';
import { fixtureCentre, LEAVES, middleOf } from '../support/fixture-street.ts';
import { loadFixture, startServer, type TestServer, until } from '../support/server.ts';

/** How long a condition may take on a busy machine. */
const slow = { timeout: 60_000 };
const DAY = 86_400_000;
const text = (zh: string) => ({ zh, en: zh });
const today = () => Math.floor((Date.now() + 8 * 3_600_000) / DAY) * DAY - 8 * 3_600_000;
const ago = (days: number) => today() - days * DAY + 3_600_000;
const careKinds = [
  {
    code: 'elderly',
    name: text('独居老人'),
    everyDays: 7,
    category: 'care-late',
    results: [
      { code: 'ok', name: text('平安') },
      { code: 'unwell', name: text('身体不适'), bad: true },
    ],
  },
  { code: 'gas', name: text('用气安全'), everyDays: 30, results: [{ code: 'ok', name: text('无隐患') }] },
];

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
  server = await startServer();
  await loadFixture(server);
  const must = async (path: string, body: unknown) => expect((await server.admin(path, body)).status).toBe(200);
  const late = { code: 'care-late', name: text('走访逾期'), priority: 4, limitMinutes: 600 };
  await must('/api/v1/centre', { ...fixtureCentre, categories: [...fixtureCentre.categories, late], careKinds });
  const names = ['张玉芳', '李建国', '王秀英', '赵宁'];
  await must('/api/v1/registry', {
    people: names.map((name, i) => ({ id: `v-${i}`, name, tel: `1400000111${i}`, kind: 'caller' })),
    cares: [
      { id: 'k-late', person: 'v-0', kind: 'elderly', area: LEAVES[0], lngLat: middleOf(0), unit: 'u-0001', since: ago(9) },
      { id: 'k-due', person: 'v-1', kind: 'elderly', area: LEAVES[1], lngLat: middleOf(1), unit: 'u-0001', since: ago(7) },
      { id: 'k-gas', person: 'v-2', kind: 'gas', area: LEAVES[2], lngLat: middleOf(2), since: ago(30) },
      { id: 'k-far', person: 'v-3', kind: 'gas', area: LEAVES[3], since: ago(2) },
    ],
  });
  await until(async () => (await server.get('/api/v1/ledger?kind=care.overdue')).json.entries.length > 0);
  browser = await openBrowser({ map: false });
});
afterAll(async () => {
  await browser?.close();
  await server?.destroy();
});

async function open(search = '', viewport: Viewport = viewports.wall) {
  const opened = await openPage(browser, { viewport });
  await opened.page.goto(`${server.url}/patrol?view=cares${search}`);
  await opened.page.locator('#cares-title').waitFor();
  return opened;
}
const listed = (page: Page) => page.locator('tr[data-care]').evaluateAll((rows) => rows.map((r) => (r as HTMLElement).dataset.care));
const focusedCare = (page: Page) => page.evaluate(() => (document.activeElement as HTMLElement).dataset.careRow ?? null);
const entries = async (query: string) => (await server.get(`/api/v1/ledger?${query}`)).json.entries;

test('who waits is listed by state and kind, masked; filters stand in the address', async () => {
  const { page, context, errors } = await open();
  await expect.poll(() => listed(page), slow).toEqual(['k-late', 'k-due', 'k-gas']);
  await expect.poll(() => page.locator('.cr-who b').allTextContents(), slow).toEqual(['张*芳', '李*国', '王*英']);
  expect(await page.content()).not.toMatch(/张玉芳|1400000111/);
  await page.locator('[data-care-state="all"]').click();
  await expect.poll(() => listed(page), slow).toEqual(['k-late', 'k-due', 'k-gas', 'k-far']);
  await page.getByLabel('类别').selectOption('gas');
  await expect.poll(() => listed(page), slow).toEqual(['k-gas', 'k-far']);
  await page.reload();
  await expect.poll(() => listed(page), slow).toEqual(['k-gas', 'k-far']);
  expect(errors).toEqual([]);
  await context.close();
});

test('a visit is recorded by the keys alone; list, figure and ledger have it', async () => {
  const { page, context, errors } = await open();
  await expect.poll(() => listed(page), slow).toContain('k-due');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect.poll(() => focusedCare(page), slow).toBe('k-due');
  await page.keyboard.press('Enter');
  const form = page.getByRole('form', { name: '登记走访' });
  await form.waitFor();
  await form.getByLabel('平安').focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.type('精神状态良好');
  await form.getByRole('button', { name: '登记走访' }).focus();
  await page.keyboard.press('Enter');
  // it stays open to be read; closed, it has left the list of those who wait
  await expect.poll(() => form.getByRole('status').textContent(), slow).toMatch(/已登记 \d/);
  const [visited] = await entries('subject=k-due');
  expect(visited).toMatchObject({ kind: 'care.visited', body: { result: 'ok', note: '精神状态良好', unit: 'u-0001' } });
  await expect.poll(() => page.locator('.cr-history li[data-kind="care.visited"]').textContent(), slow).toContain('精神状态良好');
  await page.getByRole('button', { name: '收起' }).click();
  await expect.poll(() => listed(page), slow).toEqual(['k-late', 'k-gas']);
  await page.locator('[data-care-state="done-today"]').click();
  await expect.poll(() => listed(page), slow).toEqual(['k-due']);
  await expect.poll(() => page.locator('[data-figure="elderly"]').textContent(), slow).toContain('1 / 2 人');
  await page.locator('[data-figure="elderly"] .cr-missed').click();
  await expect.poll(() => listed(page), slow).toEqual(['k-late']);
  expect(errors).toEqual([]);
  await context.close();
});

test('an overdue row leads to its incident; a name is shown on request and the ledger knows', async () => {
  const { page, context, errors } = await open('&care=k-late');
  const detail = page.locator('.cr-detail');
  await detail.getByRole('button', { name: '查看姓名与电话' }).click();
  await expect.poll(() => detail.locator('a[href^="tel:"]').getAttribute('href'), slow).toBe('tel:14000001110');
  expect(await entries('kind=person.read')).toMatchObject([{ body: { person: 'v-0', care: 'k-late' } }]);
  await detail.locator('.cr-incident').click();
  await page.locator('.dossier, .right').first().waitFor();
  await expect.poll(() => new URL(page.url()).searchParams.get('sel'), slow).toMatch(/^incident:i-/);
  expect(errors).toEqual([]);
  await context.close();
});

test('on a telephone it fits, targets are large enough for a thumb, a bad result registers an incident; no axe violations', async () => {
  const { page, context, errors } = await open('&care=k-late', viewports.phone);
  const form = page.getByRole('form', { name: '登记走访' });
  await form.waitFor();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBe(viewports.phone.width);
  const small = await page
    .locator('.cr-form button, .cr-form label:has(input[type="radio"]), .cr-form select, .cr-row button, .cr-states button')
    .evaluateAll((all) => all.map((el) => el.getBoundingClientRect()).filter((r) => r.width > 0 && (r.height < 48 || r.width < 48)).length);
  expect(small).toBe(0);
  expect(await violations(page, '.page')).toEqual([]);
  await form.getByText('身体不适').click();
  expect(await form.getByLabel(/同时登记事件/).isChecked()).toBe(true);
  await form.getByRole('button', { name: '登记走访' }).click();
  await expect.poll(async () => (await entries('subject=k-late&kind=care.visited')).length, slow).toBe(1);
  const [visited] = await entries('subject=k-late&kind=care.visited');
  expect(visited.body.incident).toMatch(/^i-/);
  await form.getByRole('button', { name: '已登记事件，打开' }).waitFor();
  expect(errors).toEqual([]);
  await context.close();
});
