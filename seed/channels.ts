import type { Category } from '../model/centre.ts';
import type { IncidentSource } from '../model/incident.ts';
import { intBetween, type Rng, weighted } from './rng.ts';
import { communities } from './street/plan.ts';
import { CITY_LINE, groupsOf, platforms, STREET_LINE } from './words.ts';

const HOUR = 3_600_000;

/** Channel and number of a ticket, where a report came by one. */
export function channelOf(source: IncidentSource, community: string, at: number, r: Rng): { channel?: string; ref?: string } {
  const day = new Date(at + 8 * HOUR).toISOString().slice(2, 10).replaceAll('-', '');
  if (source === 'hotline') return { channel: CITY_LINE, ref: `CD${day}${String(intBetween(r, 1, 99_999)).padStart(5, '0')}` };
  if (source === 'street-line') return { channel: STREET_LINE, ref: `JX${day}-${String(intBetween(r, 1, 99)).padStart(2, '0')}` };
  if (source !== 'resident') return {};
  const n = communities.findIndex((c) => c.code === community);
  const groups = groupsOf(n, communities[n]!.name);
  return {
    channel: weighted<string>(r, [[platforms[0], 4], [platforms[1], 2], ...groups.map((g) => [g, 5 / groups.length] as const)]),
  };
}
export const isCall = (source: IncidentSource) => source === 'hotline' || source === 'street-line' || source === 'resident';

/** Departments a whistle of a category calls, the one that answers for it first. */
export function calledFor(category: Pick<Category, 'department' | 'group'>): string[] {
  const group: Readonly<Record<string, readonly string[]>> = {
    安全: ['emergency', 'fire-rescue', 'market', 'power'],
    综治: ['police', 'justice', 'housing'],
    城管: ['law', 'market', 'ecology', 'sanitation'],
    民生: ['housing', 'water', 'civil', 'power'],
  };
  const list = [category.department ?? 'emergency', ...(group[category.group ?? ''] ?? ['emergency', 'police'])];
  return [...new Set(list)];
}
