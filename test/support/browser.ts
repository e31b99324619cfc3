import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { browserArgs, findBrowser, maplessArgs } from './chromium.ts';

/** Viewports the wall is judged at, CSS pixels at device pixel ratio 1. */
export const viewports = {
  wall: { width: 1920, height: 1080 },
  wall4k: { width: 3840, height: 2160 },
  wall3: { width: 5760, height: 1080 },
  tablet: { width: 1180, height: 820 },
  phone: { width: 390, height: 844 },
} as const;
export type ViewportName = keyof typeof viewports;
export interface Viewport {
  readonly width: number;
  readonly height: number;
}

/**
 * A headless browser with WebGL 2 in software. Close it when done. `args` come after ours. `map: false` for what does not look
 * at the map: a map drawn in software keeps a processor busy as long as its page is open.
 */
export async function openBrowser(options: { args?: readonly string[]; only?: 'npm'; map?: boolean } = {}): Promise<Browser> {
  const found = await findBrowser(options.only);
  const env: Record<string, string> = {};
  for (const [key, value] of Object.entries({ ...process.env, ...found.env })) if (value !== undefined) env[key] = value;
  const args = options.map === false ? maplessArgs : browserArgs;
  return chromium.launch({ executablePath: found.executablePath, args: [...args, ...(options.args ?? [])], env });
}

/**
 * A fresh page. Reduced motion is the default: nothing interpolates, so software GL keeps up and pictures are repeatable.
 * Every request that leaves `allow` (default: loopback) is recorded in `strayRequests` and refused.
 */
export async function openPage(
  browser: Browser,
  options: { viewport?: Viewport; motion?: boolean; theme?: 'dark' | 'light'; locale?: string } = {},
): Promise<{ page: Page; context: BrowserContext; strayRequests: string[]; errors: string[] }> {
  const context = await browser.newContext({
    viewport: options.viewport ?? viewports.wall,
    deviceScaleFactor: 1,
    reducedMotion: options.motion ? 'no-preference' : 'reduce',
    colorScheme: options.theme ?? 'dark',
    locale: options.locale ?? 'zh-CN',
    timezoneId: 'Asia/Shanghai',
  });
  const strayRequests: string[] = [];
  await context.route(
    (url) => !['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname),
    (route) => {
      strayRequests.push(route.request().url());
      return route.abort();
    },
  );
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return { page, context, strayRequests, errors };
}

/** The map says so itself when basemap, fonts and layers have been drawn; `error` fails at once. */
export async function waitForMap(page: Page, timeoutMs = 120_000): Promise<void> {
  const state = await page.waitForFunction(
    () => {
      const now = document.querySelector('[data-map-state]')?.getAttribute('data-map-state');
      return now === 'idle' || now === 'error' ? now : null;
    },
    undefined,
    { timeout: timeoutMs },
  );
  if ((await state.jsonValue()) === 'error') {
    const why = await page.evaluate(() => document.querySelector('[data-map-state]')?.getAttribute('data-map-error') ?? '');
    throw new Error(`the map reports an error: ${why}`);
  }
}

/** A PNG of the page at its viewport, after the fonts in use have loaded. */
export async function screenshot(page: Page, path?: string): Promise<Buffer> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  return page.screenshot({ ...(path ? { path } : {}), animations: 'disabled', timeout: 120_000 });
}
