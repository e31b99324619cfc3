import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { KpiAnswer, KpiFigure } from '../../model/incident-kpi.ts';
import type { IncidentCounts, IncidentList } from '../../model/incident-list.ts';
import { violations } from '../support/axe.ts';
import { openBrowser, openPage, viewports } from '../support/browser.ts';
import { report, stateOf } from './wall-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser({ map: false });
});
afterAll(() => browser?.close());

const get = async <T>(path: string) => (await (await fetch(`${inject('url')}/api/v1/${path}`)).json()) as T;

/** Scene 事件 with its list, or another of its ways to show the query, answered. */
async function openScene(search: string, title = '#list-title') {
  const opened = await openPage(browser, { viewport: viewports.wall });
  await opened.page.goto(`${inject('url')}/incidents${search}`);
  await opened.page.locator(title).waitFor();
  return opened;
}
const shown = (page: Page) => page.locator('.ev [data-row]').evaluateAll((rows) => rows.map((r) => (r as HTMLElement).dataset.row));
const choice = (page: Page, name: string) => page.locator('.filters label', { hasText: new RegExp(`^${name}`) }).locator('select');
const ids = (list: IncidentList) => list.rows.map((r) => r.id);
const PATIENT = { timeout: 30_000 };
const DAY = 86_400_000;
/** what ended before yesterday does not change while a test looks at it */
const past = `to=${encodeURIComponent(new Date(Math.floor(Date.now() / DAY) * DAY - 2 * DAY).toISOString())}&open=false`;

test('a link and the controls give the rows that the server lists, in its order, and back undoes a filter', async () => {
  const { page, context, errors } = await openScene(`?${past}&priority=1`);
  await expect.poll(() => shown(page), PATIENT).toEqual(ids(await get<IncidentList>(`incidents?${past}&priority=1&limit=100`)));
  expect((await shown(page)).length).toBeGreaterThan(0);

  await choice(page, '等级').selectOption('2');
  const two = await get<IncidentList>(`incidents?${past}&priority=2&limit=100`);
  await expect.poll(() => shown(page), PATIENT).toEqual(ids(two));
  expect(new URL(page.url()).searchParams.get('priority')).toBe('2');

  const area = two.rows.find((r) => r.area)?.area?.slice(0, 12);
  await choice(page, '社区').selectOption(area!);
  const there = await get<IncidentList>(`incidents?${past}&priority=2&area=${area}&limit=100`);
  expect(there.total).toBeLessThan(two.total);
  await expect.poll(() => shown(page), PATIENT).toEqual(ids(there));

  await page.evaluate(() => history.back());
  await expect.poll(() => shown(page), PATIENT).toEqual(ids(two));
  expect(errors).toEqual([]);
  await context.close();
});

test('the file holds what the list counts', async () => {
  const { page, context } = await openScene(`?${past}&priority=1`);
  const href = await page.getByRole('link', { name: 'CSV' }).getAttribute('href');
  const lines = (await (await fetch(`${inject('url')}${href}`)).text()).trimEnd().split('\r\n').slice(1);
  const list = await get<IncidentList>(`incidents?${past}&priority=1&limit=500`);
  expect(lines.length).toBe(list.total);
  expect(lines.map((l) => l.split(',')[0])).toEqual(ids(list).slice(0, lines.length));
  await context.close();
});

test('the board has a column for each state, with the counts of the server', async () => {
  const { page, context } = await openScene(`?${past}&view=board`, '#board-title');
  const counts = await get<IncidentCounts>(`incidents/counts?${past}&by=state`);
  const want = Object.fromEntries(counts.rows.filter((r) => r.n > 0).map((r) => [r.key, r.n]));
  await expect
    .poll(
      () =>
        page
          .locator('[data-state]')
          .evaluateAll((all) =>
            Object.fromEntries(
              all.map((c) => [(c as HTMLElement).dataset.state, Number(c.querySelector<HTMLElement>('[data-count]')?.dataset.count)]),
            ),
          ),
      PATIENT,
    )
    .toEqual(want);
  await context.close();
});

test('a figure opens to exactly the records it was counted from', async () => {
  const span = past.replace('&open=false', '');
  const { page, context } = await openScene(`?${span}&view=kpi`, '#kpis-title');
  const { figures } = await get<KpiAnswer>(`kpis?${span}`);
  const rework = figures.find((f) => f.id === 'rework-rate') as KpiFigure;
  await page.locator('[data-kpi="rework-rate"] > button').click();
  const open = page.locator('[data-kpi="rework-rate"] [data-records]').first();
  expect(Number(await open.getAttribute('data-records'))).toBe(rework.numerator.n);
  await open.click();
  await page.locator('#list-title').waitFor();
  await expect.poll(() => page.locator('.listp .ph .n').textContent(), PATIENT).toBe(String(rework.numerator.n));
  await context.close();
});

test('two fields make an incident: the place by the initials of its pinyin, and what', async () => {
  const { page, context } = await openScene('?open=true');
  await page.keyboard.press('i');
  const place = page.getByRole('combobox', { name: '位置' });
  await place.fill('zjsq');
  await page.getByRole('listbox', { name: '找到的位置' }).getByRole('option').first().waitFor();
  await place.press('Enter');
  const title = `东门井盖位移 ${Date.now() % 100000}`;
  await page.getByLabel('事由').fill(title);
  await page.getByRole('heading', { name: '此处由谁负责' }).waitFor();
  await page.getByLabel('事由').press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await expect.poll(async () => (await get<IncidentList>(`incidents?q=${encodeURIComponent(title)}`)).total, PATIENT).toBe(1);
  const made = (await get<IncidentList>(`incidents?q=${encodeURIComponent(title)}`)).rows[0]!;
  expect(made.source).toBe('operator');
  await expect.poll(async () => (await shown(page)).includes(made.id), PATIENT).toBe(true);
  await context.close();
});

test('two are suspended by keyboard: chosen, shown what will happen, confirmed, told', async () => {
  const mark = `批量${Date.now() % 1_000_000}`;
  const made = [await report(`${mark} 甲`), await report(`${mark} 乙`, [104.033, 30.618])];
  for (const id of made)
    await fetch(`${inject('url')}/api/v1/incidents/${id}/steps`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ step: 'file' }),
    });
  const { page, context } = await openScene(`?q=${encodeURIComponent(mark)}`);
  await expect.poll(async () => (await shown(page)).sort(), PATIENT).toEqual([...made].sort());
  for (let n = 0; n < 2; n++) {
    await page.keyboard.press('j');
    await page.keyboard.press(' ');
  }
  expect(await page.locator('.ev tr.pick').count()).toBe(2);
  await page.getByRole('button', { name: '挂账' }).press('Enter');
  await page.getByRole('dialog').getByLabel('理由').fill('待市政排期');
  await page.getByRole('button', { name: '查看将发生什么' }).press('Enter');
  await expect.poll(() => page.locator('[data-bulk="ok"]').count(), PATIENT).toBe(2);
  expect(await Promise.all(made.map(stateOf))).toEqual(['filed', 'filed']);
  await page.getByRole('button', { name: /确认/ }).press('Enter');
  await page.getByRole('heading', { name: '批量办理结果' }).waitFor();
  expect(await Promise.all(made.map(stateOf))).toEqual(['suspended', 'suspended']);
  await context.close();
});

test('axe finds nothing on the scene, whichever way it is shown', async () => {
  for (const [search, title] of [
    ['?open=true', '#list-title'],
    ['?open=true&view=board', '#board-title'],
    ['?view=stuck', '#stuck-title'],
    ['?view=kpi', '#kpis-title'],
  ] as const) {
    const { page, context } = await openScene(search, title);
    await page.locator('.ev [data-row], [data-state] [data-row], [data-step], [data-kpi]').first().waitFor();
    expect(await violations(page), search).toEqual([]);
    await context.close();
  }
});
