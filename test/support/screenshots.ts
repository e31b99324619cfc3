import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, openPage, screenshot, viewports, waitForMap } from './browser.ts';
import { startDemo } from './demo.ts';

/**
 * `npm run screenshots [folder]`: start the product with its demonstration street and photograph the real wall at every size it is
 * judged at, the scene of all incidents, and a dossier. The README's picture (`docs/wall-1920.png`) is made by `npm run screenshots -- docs --readme`.
 * `URL=http://…` photographs a running server instead of starting one.
 */
const readme = process.argv.includes('--readme');
const folder = process.argv.slice(2).find((a) => !a.startsWith('--')) ?? '.tmp/screenshots';
mkdirSync(folder, { recursive: true });
const demo = process.env.URL ? null : await startDemo();
const url = process.env.URL ?? demo!.url;
const browser = await openBrowser();
try {
  const sizes = readme ? ({ wall: viewports.wall } as const) : viewports;
  for (const [name, viewport] of Object.entries(sizes)) {
    const { page, context, errors, strayRequests } = await openPage(browser, { viewport });
    await page.goto(`${url}/wall`);
    await page.locator('[data-row]').first().waitFor();
    await waitForMap(page);
    const file = join(folder, readme ? 'wall-1920.png' : `wall-${viewport.width}x${viewport.height}.png`);
    await screenshot(page, file);
    console.log(
      file,
      errors.length ? `errors: ${errors.join(' | ')}` : '',
      strayRequests.length ? `stray: ${strayRequests.join(' ')}` : '',
    );
    if (name === 'wall' && !readme) {
      await page.locator('[data-row]').nth(1).click();
      await page.locator('.with-dossier').waitFor();
      await waitForMap(page);
      await screenshot(page, join(folder, 'incident-1920x1080.png'));
    }
    if (!readme) {
      await page.goto(`${url}/incidents`);
      await page.locator('[data-row]').first().waitFor();
      await waitForMap(page);
      await screenshot(page, join(folder, `incidents-${viewport.width}x${viewport.height}.png`));
    }
    await context.close();
  }
} finally {
  await browser.close();
  await demo?.stop();
}
