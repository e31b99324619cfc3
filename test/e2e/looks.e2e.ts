import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { openBrowser, openPage, viewports } from '../support/browser.ts';
import { type Fault, faultsOfLooks } from '../support/looks.ts';

// Nothing here looks at the map, and one test looks at what stands in its place.
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser({ map: false });
});
afterAll(() => browser?.close());

/** Address of a scene, and the heading that says it is there. */
const scenes = [
  ['/wall', 'queue'],
  ['/incidents', 'list'],
  ['/incidents?view=board', 'board'],
  ['/patrol', 'units'],
  ['/patrol?view=coverage', 'coverage'],
  ['/patrol?view=rounds', 'rounds'],
  ['/patrol?view=cares', 'cares'],
  ['/patrol?view=tracks', 'tracks'],
  ['/patrol?view=devices', 'devices'],
  ['/sensing', 'matrix'],
  ['/sensing?view=alarms', 'alarms'],
  ['/sensing?view=rules', 'rules'],
  ['/sensing?view=report', 'report'],
  ['/sensing?view=facilities', 'facilities'],
  ['/sensing?view=cameras', 'cameras'],
] as const;

/** Go there as a link of the page does, without loading the page again. */
async function show(page: Page, [path, id]: (typeof scenes)[number]) {
  await page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
  await page.locator(`#${id}-title`).waitFor();
  // a panel says how old its data is as soon as it has any
  await page.waitForFunction(
    (title) => /\d/.test(document.getElementById(title)?.closest('.panel')?.querySelector('.ph .age')?.textContent ?? ''),
    `${id}-title`,
  );
}

/** The page in the other language and the other theme, by its own buttons. */
async function turn(page: Page, to: 'en' | 'zh') {
  await page.getByRole('button', { name: to === 'en' ? '浅色' : 'Dark', exact: true }).click();
  await page.getByRole('button', { name: to === 'en' ? 'English' : '中文', exact: true }).click();
  await page.waitForFunction((lang) => document.documentElement.lang.startsWith(lang), to);
}

test.each(Object.entries(viewports))(
  '%s: no scene runs over, is too small or too faint to read, in both languages and themes',
  async (_, viewport) => {
    const { page, context } = await openPage(browser, { viewport });
    page.setDefaultTimeout(120_000);
    await page.goto(`${inject('url')}/wall`);
    await page.locator('#queue-title').waitFor();
    const found: Record<string, Fault[]> = {};
    let language: 'zh' | 'en' = 'zh';
    for (const scene of scenes) {
      await show(page, scene);
      for (const _ of ['as it is', 'turned']) {
        const faults = await page.evaluate(faultsOfLooks, viewport.width < 1440);
        if (faults.length) found[`${scene[0]} ${language}`] = faults;
        if (_ === 'turned') break;
        language = language === 'zh' ? 'en' : 'zh';
        await turn(page, language);
      }
    }
    expect(found).toEqual({});
    await context.close();
  },
);

test('without WebGL 2 the map says so in its place, in the language of the page, and the rest works', async () => {
  const { page, context } = await openPage(browser);
  await page.goto(`${inject('url')}/wall`);
  await page.getByText('本机浏览器不支持 WebGL 2，地图无法显示；其余功能照常').waitFor();
  await page.getByRole('button', { name: 'English', exact: true }).click();
  await page.getByText('This browser has no WebGL 2, so the map cannot be shown; all else works').waitFor();
  await page.locator('[data-row]').first().click();
  await page.locator('.with-dossier').waitFor();
  await context.close();
});
