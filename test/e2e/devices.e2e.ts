import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { violations } from '../support/axe.ts';
import { openBrowser, openPage, type Viewport, viewports } from '../support/browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser({ map: false });
});
afterAll(() => browser?.close());

const PATIENT = { timeout: 120_000 };
const api = async (path: string) => (await fetch(`${inject('url')}${path}`)).json();
async function openDevices(viewport: Viewport = viewports.wall) {
  const opened = await openPage(browser, { viewport });
  opened.page.setDefaultTimeout(120_000);
  await opened.page.goto(`${inject('url')}/patrol?view=devices`);
  await opened.page.locator('#devices-title').waitFor();
  return opened;
}
/** A fix of a phone with OsmAnd, an hour ago and `s` seconds. */
const HOUR_AGO = Date.now() - 3_600_000;
const report = async (device: string, s: number) => {
  const place = `lat=30.6145&lon=${(104.03 + s / 100_000).toFixed(6)}`;
  const answer = await fetch(`${inject('url')}/api/v1/osmand?id=${device}&${place}&timestamp=${HOUR_AGO + s * 1000}`);
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
};

test('a phone nobody knows waits on the page, is bound there, and what it reported is the track of its unit', async () => {
  const phone = `phone-${Date.now() % 1e6}`;
  for (let i = 0; i < 4; i++) await report(phone, 10 * i);
  const { page, context, errors } = await openDevices();
  const row = page.locator('[data-waiting]', { hasText: phone });
  await row.waitFor();
  expect(await row.textContent()).toMatch(/OsmAnd.*上报 4 条/);
  await row.getByRole('button', { name: `绑定 ${phone}` }).click();
  await expect.poll(() => row.locator('.dv-fixes tbody tr').count(), PATIENT).toBe(4);
  expect(await violations(page, '.page')).toEqual([]);

  const form = row.getByRole('form', { name: `绑定设备 ${phone}` });
  await form.getByRole('searchbox').fill('没有这样的力量');
  await form.getByText('没有符合的力量').waitFor();
  await form.getByRole('searchbox').fill('');
  const choice = form.getByRole('radio').first();
  const unit = (await choice.getAttribute('value'))!;
  await choice.check();
  await form.getByRole('button', { name: /^绑定到/ }).click();
  await page.getByRole('status').filter({ hasText: '4 条上报归入其轨迹' }).waitFor();
  const bound = page.locator(`[data-bound="${unit}"]`);
  await bound.waitFor();
  expect(await bound.textContent()).toContain(phone);
  await expect.poll(() => row.count(), PATIENT).toBe(0);

  const { tracks } = await api(`/api/v1/tracks?units=${unit}&from=${HOUR_AGO - 1000}&to=${HOUR_AGO + 60_000}`);
  const at: number[] = tracks.find((t: { unit: string }) => t.unit === unit).at;
  for (let i = 0; i < 4; i++) expect(at).toContain(HOUR_AGO + 10_000 * i);
  const told = JSON.stringify(await api(`/api/v1/ledger?kind=device.bound&subject=${unit}&limit=10`));
  expect(told).toContain('device.bound');
  expect(told).not.toContain(phone);

  // what it says now and cannot be true stands in quarantine, by reason
  await fetch(`${inject('url')}/api/v1/osmand?id=${phone}&lat=0&lon=0`);
  const flawed = page.locator(`[data-flawed="${unit} zero"]`);
  await flawed.waitFor();
  await flawed.getByRole('button').click();
  await flawed.getByText('0.000000, 0.000000').first().waitFor();
  expect(await violations(page, '.page')).toEqual([]);

  await bound.getByRole('button', { name: /^解绑/ }).click();
  await page.getByRole('status').filter({ hasText: '已解绑' }).waitFor();
  await expect.poll(() => bound.count(), PATIENT).toBe(0);
  expect(errors).toEqual([]);
  await context.close();
});

test('a table that is wrong is told by line and column and binds nothing; on a telephone nothing is cut off', async () => {
  const { page, context, errors } = await openDevices(viewports.phone);
  const table = '入口,设备号,力量编号\nnmea,353451048729261,nobody\nfax,1,nobody-2\n';
  await page.getByLabel('选择 CSV 文件').setInputFiles({ name: '设备.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
  await page.getByRole('button', { name: '绑定表中设备' }).click();
  const alert = page.getByRole('alert');
  await alert.getByText('2 处不对，都未绑定').waitFor();
  expect(await alert.textContent()).toMatch(/第 2 行 unit.*not registered.*第 3 行 door/);
  expect(JSON.stringify(await api('/api/v1/devices'))).not.toContain('353451048729261');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide).toBeLessThanOrEqual(0);
  expect(await violations(page, '.page')).toEqual([]);
  expect(errors.filter((e) => !e.includes('422'))).toEqual([]);
  await context.close();
});
