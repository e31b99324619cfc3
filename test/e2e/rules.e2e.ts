import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, openPage, viewports } from '../support/browser.ts';
import { fixtureCentre } from '../support/fixture-street.ts';
import { loadFixture, startServer, type TestServer } from '../support/server.ts';

/** How long a condition may take on a busy machine. */
const slow = { timeout: 60_000 };

let server: TestServer;
let browser: Browser;
const HOUR_MS = 3_600_000;
/** ten readings of three hours ago, a minute apart; two spells at or above 12, none at 20 */
const values = [3, 13, 14, 13, 3, 3, 15, 16, 3, 3];
const began = Math.floor((Date.now() - 3 * HOUR_MS) / 1000) * 1000;

beforeAll(async () => {
  server = await startServer();
  await loadFixture(server);
  const sensorKinds = fixtureCentre.sensorKinds.map((k) => ({ ...k, range: { min: 0, max: 100 } }));
  expect((await server.admin('/api/v1/centre', { ...fixtureCentre, sensorKinds })).status).toBe(200);
  const reports = values.map((value, i) => ({ kind: 'reading', sensor: 's-0001', at: new Date(began + i * 60_000).toISOString(), value }));
  expect((await server.post('/api/v1/reports', { reports })).json.accepted).toBe(values.length);
  browser = await openBrowser({ map: false });
});
afterAll(async () => {
  await browser?.close();
  await server?.destroy();
});

async function open(search: string) {
  const opened = await openPage(browser, { viewport: viewports.wall });
  await opened.page.goto(`${server.url}/sensing?view=rules${search}`);
  await opened.page.locator('#rules-title').waitFor();
  return opened;
}
const box = (page: Page, field: string) => page.locator(`[data-field="${field}"]`);
const save = (page: Page) => page.locator('.ru-save');
const rulesSet = async () => (await server.get('/api/v1/ledger?kind=rule.set&limit=100')).json.entries as { body: object }[];

test('a changed limit is tried before it is saved; the list and the ledger have it with its trial', async () => {
  const { page, context, errors } = await open('');
  await page.locator('.ru-list').getByRole('button', { name: '打开规则燃气超限' }).click();
  expect(await save(page).isDisabled()).toBe(true);
  await box(page, 'test.limit').locator('input').fill('12');
  await save(page).getByText('先试算再保存').waitFor();
  expect(await save(page).isDisabled()).toBe(true);

  await page.getByRole('button', { name: '按近 7 日试算' }).click();
  const result = page.locator('.ru-result');
  await result.getByRole('status').filter({ hasText: '应报 2 次' }).waitFor();
  await result.getByText(/设备 1 台 · 读数 10 条/).waitFor();
  await result.getByText(/只有 3 .*不足 7 日/).waitFor();
  expect(await result.locator('.ru-times li').count()).toBe(2);
  expect(await result.locator('.ru-times li').allTextContents()).toEqual([
    expect.stringMatching(/最值 1[46] %LEL/),
    expect.stringMatching(/最值 1[46] %LEL/),
  ]);

  // another limit than the one tried asks for another trial
  await box(page, 'test.limit').locator('input').fill('11');
  await save(page).getByText('先试算再保存').waitFor();
  await box(page, 'test.limit').locator('input').fill('12');
  await expect.poll(() => save(page).isEnabled(), slow).toBe(true);
  await save(page).click();
  await page.getByText('已保存规则燃气超限').waitFor();
  await page.locator('.ru-chosen', { hasText: '≥ 12 %LEL' }).waitFor();
  expect((await rulesSet()).at(-1)).toMatchObject({
    actor: 'demo-operator',
    body: { rule: { kind: 'gas', code: 'high', test: { is: 'high', limit: 12 } }, trial: { raised: 2 } },
  });
  await page.getByText(/上次设置时试算：.*应报 2 次/).waitFor();

  // what the trial names opens as the device it is
  await result.locator('.ru-by button').first().click();
  await page.locator('#device-title', { hasText: '燃气一' }).waitFor();
  expect(new URL(page.url()).searchParams.get('sel')).toBe('sensor:s-0001');
  expect(errors).toEqual([]);
  await context.close();
});

test('what a rule breaks is told at its field, by the page and by the server', async () => {
  const { page, context } = await open('&rule=gas/high');
  const limit = box(page, 'test.limit');
  await limit.locator('input').fill('250');
  await limit.getByText('within the range of gas: 0 to 100').waitFor();
  await save(page).getByText('还有 1 处要改').waitFor();
  expect(await save(page).isDisabled()).toBe(true);

  // a page that knows an older range than the server: the sentence is the server's own
  const before = (await rulesSet()).length;
  await page.route('**/api/v1/alarm-rules', (route, request) => {
    if (request.method() !== 'POST') return route.continue();
    const body = request.postDataJSON();
    return route.continue({ postData: JSON.stringify({ ...body, rule: { ...body.rule, test: { ...body.rule.test, limit: 300 } } }) });
  });
  await limit.locator('input').fill('30');
  await page.getByRole('button', { name: '按近 7 日试算' }).click();
  await page.locator('.ru-would', { hasText: '应报 0 次' }).waitFor();
  await save(page).click();
  await page.getByRole('alert').filter({ hasText: '未保存' }).waitFor();
  await limit.getByText('within the range of gas: 0 to 100').waitFor();
  expect(await limit.locator('input').getAttribute('aria-invalid')).toBe('true');
  expect(await rulesSet()).toHaveLength(before);
  await context.close();
});
