import type { Browser, Page } from 'playwright-core';
import { inject } from 'vitest';
import type { Incident, IncidentState } from '../../model/incident.ts';
import { openPage, type Viewport, viewports, waitForMap } from '../support/browser.ts';

/** A wall that shows its queue and, unless told otherwise, its map. */
export async function openWall(browser: Browser, options: { path?: string; viewport?: Viewport; map?: boolean } = {}) {
  const opened = await openPage(browser, { viewport: options.viewport ?? viewports.wall });
  await opened.page.goto(`${inject('url')}${options.path ?? '/wall'}`);
  await opened.page.locator('#queue-title').waitFor();
  if (options.map !== false) await waitForMap(opened.page);
  return opened;
}

/** Report an incident through the HTTP door, as a hotline would. Returns its id. */
export async function report(title: string, lngLat: readonly [number, number] = [104.03, 30.6145], category = 'other'): Promise<string> {
  const answer = await fetch(`${inject('url')}/api/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reports: [{ kind: 'incident', at: new Date().toISOString(), lngLat, category, title, source: 'hotline' }] }),
  });
  const { results } = (await answer.json()) as { results: { ok: boolean; id: string }[] };
  if (!results[0]?.ok) throw new Error(JSON.stringify(results));
  return results[0].id;
}

/** The incident as the server has it, open or ended. */
export async function incidentNow(id: string): Promise<Incident> {
  const answer = await fetch(`${inject('url')}/api/v1/incidents/${encodeURIComponent(id)}`);
  if (!answer.ok) throw new Error(`incident ${id}: HTTP ${answer.status}`);
  return ((await answer.json()) as { incident: Incident }).incident;
}
export const stateOf = async (id: string): Promise<IncidentState> => (await incidentNow(id)).state;

/** Select an incident as a link in a message would. */
export const showIncident = (page: Page, id: string) => page.goto(`${inject('url')}/wall?sel=incident:${id}`);
