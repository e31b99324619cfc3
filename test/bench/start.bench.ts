import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { openBrowser, openPage, waitForMap } from '../support/browser.ts';
import { startDemo } from '../support/demo.ts';

export const title = 'start: from the command to the first full wall, on an empty data directory and on one that is there';

/** Seconds from `npm start` to the address, and from there to a wall with queue, figures and map drawn (software GL). */
async function once(browser: Browser, dataDir: string): Promise<{ address: number; wall: number }> {
  const from = performance.now();
  const demo = await startDemo([], { dataDir });
  const address = (performance.now() - from) / 1000;
  const { page, context } = await openPage(browser);
  await page.goto(`${demo.url}/wall`);
  await page.locator('[data-row]').first().waitFor();
  await waitForMap(page);
  const wall = (performance.now() - from) / 1000;
  await context.close();
  await demo.stop();
  return { address, wall };
}

export async function run(print: (line: string) => void): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'genglou-bench-start-'));
  const browser = await openBrowser();
  try {
    const cold = await once(browser, dataDir);
    print(
      `cold (database made, demonstration street loaded): address after ${cold.address.toFixed(1)} s, full wall after ${cold.wall.toFixed(1)} s`,
    );
    const warm = await once(browser, dataDir);
    print(`again on the same data: address after ${warm.address.toFixed(1)} s, full wall after ${warm.wall.toFixed(1)} s`);
    print(`ratio cold to warm: address ${(cold.address / warm.address).toFixed(1)}, full wall ${(cold.wall / warm.wall).toFixed(1)}`);
  } finally {
    await browser.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await run((line) => console.log(line));
