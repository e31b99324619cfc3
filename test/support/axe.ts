import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe holds against the page as it is, or against the part of it that a selector names: a line for each rule, with the elements. */
export async function violations(page: Page, part = 'html'): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate((of) => (window as unknown as { axe: typeof axe }).axe.run(of), part);
  return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`);
}
