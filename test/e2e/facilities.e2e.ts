import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, openPage, viewports, waitForMap } from '../support/browser.ts';
import { fixtureCentre, middleOf } from '../support/fixture-street.ts';
import { loadFixture, startServer, type TestServer } from '../support/server.ts';

/** How long a condition may take on a busy machine. */
const slow = { timeout: 60_000 };

let server: TestServer;
let browser: Browser;
const DAY_MS = 86_400_000;
const text = (zh: string) => ({ zh, en: zh });
/** 1 = Monday … 7 = Sunday three days from now: shut today, whatever the hour and however long the test takes */
const otherDay = new Date(Date.now() + 8 * 3_600_000 + 3 * DAY_MS).getUTCDay() || 7;
const shut = [{ days: [otherDay], from: '09:00', to: '17:00' }];
const [shedLng, shedLat] = middleOf(0);

beforeAll(async () => {
  server = await startServer();
  await loadFixture(server);
  const must = async (path: string, body: unknown) => {
    const { status, json } = await server.admin(path, body);
    expect([status, json]).toEqual([200, expect.anything()]);
  };
  const categories = [{ code: 'cable', name: text('飞线充电'), priority: 3, limitMinutes: 60, near: 'charging-shed' }];
  await must('/api/v1/centre', { ...fixtureCentre, categories });
  await must('/api/v1/registry', {
    facilities: [
      { id: 'shed', kind: 'charging-shed', name: '充电棚', lngLat: [shedLng, shedLat], capacity: 12, since: Date.now() - 10 * DAY_MS },
      { id: 'r29', kind: 'self-service', name: 'R29', lngLat: middleOf(3), offers: [{ name: text('自助洗衣'), tab: 'life' }] },
      {
        id: 'home',
        kind: 'service-centre',
        name: '幸福家',
        lngLat: middleOf(2),
        hours: shut,
        offers: [
          { name: text('餐厅'), tab: 'elderly', floor: '1F' },
          { name: text('健康小屋'), tab: 'health', floor: '3F' },
          { name: text('平安工作站'), tab: 'safety', floor: '2F', hours: [] },
        ],
      },
    ],
    tours: [
      {
        id: 'tour',
        name: '示范环线',
        stops: [
          { name: '甲站', lngLat: [shedLng, shedLat], facility: 'shed' },
          { name: '乙站', lngLat: middleOf(2), facility: 'home' },
          { name: '丙站', lngLat: middleOf(3), facility: 'r29' },
        ],
      },
    ],
  });
  const near = (metres: number) => [shedLng, shedLat + metres / 111_195];
  const reports = [near(20), near(-100), near(160)].map((lngLat) => ({
    kind: 'incident',
    at: new Date().toISOString(),
    category: 'cable',
    title: '飞线',
    lngLat,
  }));
  expect((await server.post('/api/v1/reports', { reports })).json.accepted).toBe(3);
  browser = await openBrowser({ map: false });
});
afterAll(async () => {
  await browser?.close();
  await server?.destroy();
});

async function open(search = '', by = browser) {
  const opened = await openPage(by, { viewport: viewports.wall });
  await opened.page.goto(`${server.url}/sensing?view=facilities${search}`);
  await opened.page.locator('#facilities-title').waitFor();
  return opened;
}
const listed = (page: Page) =>
  page.locator('tr[data-facility]').evaluateAll((rows) => rows.map((r) => (r as HTMLElement).dataset.facility));

test('此刻开放 leaves what is open now, and stands in the address', async () => {
  const { page, context, errors } = await open();
  await expect.poll(() => listed(page), slow).toEqual(['shed', 'r29', 'home']);
  await page.getByRole('button', { name: '此刻开放' }).click();
  await expect.poll(() => listed(page), slow).toEqual(['shed', 'r29']);
  expect(new URL(page.url()).searchParams.get('open')).toBe('now');
  await page.reload();
  await expect.poll(() => listed(page), slow).toEqual(['shed', 'r29']);
  expect(errors).toEqual([]);
  await context.close();
});

test('the matrix has each offer under its function with its floor; the place opens to its directory from the top down', async () => {
  const { page, context } = await open('&show=matrix');
  const row = page.locator('.fc-matrix tr[data-facility="home"]');
  await row.waitFor();
  const functions = await page.locator('.fc-matrix thead th').allTextContents();
  expect(functions.slice(1)).toEqual(['健康', '教育', '养老', '平安', '生活']);
  const cell = (name: string) => row.locator('td').nth(functions.indexOf(name) - 1);
  expect(await cell('健康').textContent()).toMatch(/3F.*健康小屋.*已关/);
  expect(await cell('平安').textContent()).toMatch(/2F.*平安工作站.*24 小时/);
  expect(await cell('教育').textContent()).toBe('');
  expect(await page.locator('.fc-matrix tr[data-facility="shed"]').count()).toBe(0);
  await row.getByRole('button', { name: '幸福家' }).click();
  await page.locator('.fc-floors').waitFor();
  expect(await page.locator('.fc-floors > li > b').allTextContents()).toEqual(['3F', '2F', '1F']);
  await context.close();
});

test('a count opens the list of exactly what it counts', async () => {
  const { page, context, errors } = await open();
  const count = page.locator('tr[data-facility="shed"] [data-records]').last();
  await expect.poll(() => count.getAttribute('data-records'), slow).toBe('2');
  await count.click();
  await page.waitForURL(/\/incidents/);
  const asked = new URL(page.url()).searchParams;
  expect(asked.get('near')?.split(',').map(Number)).toEqual([shedLng, shedLat, 150]);
  expect(asked.get('category')).toBe('cable');
  await expect.poll(() => page.locator('[data-row]').count(), slow).toBe(2);
  await page.locator('.told', { hasText: '充电棚 周边 150 米' }).waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

test('a tour is drawn on the map with its stops', async () => {
  const withMap = await openBrowser();
  const { page } = await open('&show=tours', withMap);
  await waitForMap(page);
  expect(await page.locator('.routes path').count()).toBe(0);
  await page.getByRole('button', { name: '在地图上看' }).click();
  await expect.poll(() => page.locator('.routes path').count(), slow).toBe(3);
  await expect.poll(() => page.locator('.routes path').first().getAttribute('d'), slow).toMatch(/^M.*L/);
  const labels = await page.locator('.route-labels').textContent();
  for (const stop of ['1 甲站', '2 乙站', '3 丙站']) expect(labels).toContain(stop);
  await page.getByRole('button', { name: '从地图撤下' }).click();
  await expect.poll(() => page.locator('.routes path').count(), slow).toBe(0);
  await withMap.close();
});
