import type { IncomingHttpHeaders } from 'node:http';
import type { AreaTree } from '../model/area.ts';
import type { AreaCode } from '../model/brand.ts';
import type { Centre } from '../model/centre.ts';
import { Refused } from './refused.ts';

/** The smallest place that holds all of these; null where there is none. */
export function smallestAround(tree: AreaTree, areas: readonly (AreaCode | null)[]): AreaCode | null {
  const [first, ...rest] = new Set(areas);
  if (first === undefined || first === null || rest.includes(null)) return null;
  const up = [...tree.path(first)].reverse();
  return up.find((place) => rest.every((a) => a !== null && tree.isWithin(a, place.code)))?.code ?? null;
}

/** `-as-of-20261118T142608` by the centre's own clock: a file of the past says so in its name. Empty for one of now. @param asOf epoch ms */
export function nameAsOf(asOf: number | undefined, centre: Centre | null): string {
  if (asOf === undefined) return '';
  const local = new Date(asOf + (centre?.utcOffsetMinutes ?? 0) * 60_000).toISOString();
  return `-as-of-${local.slice(0, 19).replace(/[-:]/g, '')}`;
}

/**
 * An export is answered to a GET, so that a link can save it, yet it is written into the ledger: a page of another site must not make us
 * write. @throws Refused 403
 */
export function ownPageOnly(headers: IncomingHttpHeaders) {
  if (headers['sec-fetch-site'] === 'cross-site')
    throw new Refused(403, 'origin', 'exports asked for by pages of another site are refused');
}
